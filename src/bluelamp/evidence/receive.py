"""The front door: every file comes in here, is kept, read, typed, tallied and given a receipt.

A receipt is of a *reading*: of bytes, by definitions. Bytes that were read whole are not read
again. Where rows were refused and a definition that matters has changed since, the file is read
again; if the reading comes to something else it is kept beside the earlier one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from bluelamp.evidence.behind import Behind
from bluelamp.evidence.desk import Desk
from bluelamp.evidence.keeping import Made, keep, kinds_of, make_reading
from bluelamp.evidence.opening import CannotOpen
from bluelamp.evidence.opening.compressed import DAMAGED_ZIP
from bluelamp.evidence.personal.keys import keeps_people
from bluelamp.evidence.personal.problem import PersonalProblem
from bluelamp.evidence.personal.receiving import AboutPeople, receive_people
from bluelamp.evidence.publication import latest_month_named
from bluelamp.evidence.reading import FileRefused
from bluelamp.evidence.receipt import Receipt, Refusal, only_latest
from bluelamp.evidence.recognise import NotRecognised, WrongColumns
from bluelamp.evidence.store import Store
from bluelamp.evidence.walking import TABLES, Found, walk

__all__ = ["Desk", "Outcome", "Progress", "receive", "release_refused"]

Progress = Callable[[int, int, str], None]
RECEIVING = "receiving files into the store"


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `again` is True where its bytes had been received before and
    nothing new came of them.

    status: kept, partly refused, refused, not read, not found.
    note: what should be known although nothing is wrong, or ''.
    """

    name: str
    container: str
    status: str
    reason: str
    receipt: Receipt | None
    again: bool = False
    named: bool = False
    note: str = ""

    @property
    def is_fault(self) -> bool:
        """True where the call must not end well: refused, or a named file that nothing reads."""
        return self.status in ("refused", "partly refused", "not found") or (
            self.status == "not read" and self.named
        )


def receive(
    store: Store,
    desk: Desk,
    paths: Sequence[Path],
    *,
    on: date,
    published: date | None = None,
    progress: Progress | None = None,
    wait: float = 0.0,
    say: Callable[[str], None] | None = None,
) -> list[Outcome]:
    """Receive every file under `paths`; one outcome per file, and one file's fault stops no other.

    `on` is the day of receipt; `published` the day of publication of all of them (else inferred
    by each source's rule). Receiving the same bytes again changes nothing, unless they had
    refusals that a changed definition now takes back. Raises StoreProblem where another process is
    writing and does not end within `wait` seconds; `say` is told while waiting.
    """
    found = list(walk(list(paths)))
    beside: dict[str, list[str]] = {}
    for file in found:
        beside.setdefault(_beside_key(file), []).append(file.name)
    outcomes: list[Outcome] = []
    with store.writing(RECEIVING, wait=wait, say=say), Behind() as behind:
        for number, file in enumerate(found):
            if progress:
                progress(number, len(found), file.name)
            latest = latest_month_named(beside[_beside_key(file)])
            outcomes.append(_receive_one(store, desk, behind, file, on, published, latest))
        if progress:
            progress(len(found), len(found), "")
    return outcomes


def release_refused(
    store: Store,
    desk: Desk,
    *,
    on: date,
    source: str | None = None,
    progress: Progress | None = None,
    wait: float = 0.0,
    say: Callable[[str], None] | None = None,
) -> list[Outcome]:
    """Read again every kept file that had refusals (of one source, if given), by the definitions
    and readers of today; `on` is the day of the reading. One outcome per file.

    A file of which the same comes as before stays as it is. Raises StoreProblem as `receive` does.
    """
    outcomes: list[Outcome] = []
    doing = "reading refused files again in the store"
    with store.writing(doing, wait=wait, say=say), Behind() as behind:
        refused = [
            receipt
            for receipt in only_latest(store.receipts()).values()
            if receipt.refusals
            and not receipt.personal
            and (source is None or receipt.source == source)
        ]
        for number, receipt in enumerate(refused):
            if progress:
                progress(number, len(refused), receipt.name)
            data = store.read("files", receipt.sha256)
            as_found = Outcome(receipt.name, receipt.container, "", "", None)
            blank = _next(receipt, on, None)
            outcomes.append(_read(store, desk, behind, data, as_found, receipt, blank, None, ""))
        if progress:
            progress(len(refused), len(refused), "")
    return outcomes


def _beside_key(file: Found) -> str:
    """Files of one zip, or of one folder, were published together."""
    return str(file.path if file.member else file.path.parent)


def _receive_one(
    store: Store,
    desk: Desk,
    behind: Behind,
    file: Found,
    on: date,
    published: date | None,
    latest: str,
) -> Outcome:
    outcome = Outcome(file.name, file.container, "not read", "", None, named=file.named)
    if file.problem:
        if not file.path.exists():
            return replace(outcome, status="not found", reason=file.problem)
        _keep_damaged(store, file, on)
        return replace(outcome, status="refused", reason=file.problem)
    if Path(file.name).suffix.casefold() not in TABLES:
        words = "it is not a table (a CSV, Parquet, .ods, .xlsx, JSON or GeoJSON file)"
        return replace(outcome, reason=words)
    try:
        data = file.read()
    except DAMAGED_ZIP as error:
        words = f"it cannot be read ({error}); download it again from its publisher"
        return replace(outcome, status="refused", reason=words)
    sha256 = hashlib.sha256(data).hexdigest()
    behind.catch_up(sha256)  # the same bytes may stand twice among the files
    known = store.receipt(sha256)
    if known and not _to_be_read_again(store, desk, known):
        return _as_before(outcome, known, published)
    blank = (
        _next(known, on, published) if known else _blank(outcome, sha256, len(data), on, published)
    )
    return _read(store, desk, behind, data, outcome, known, blank, published, latest)


def _to_be_read_again(store: Store, desk: Desk, known: Receipt) -> bool:
    """Whether another reading may come to something else, or a part of the kept one is lost."""
    if not known.counts:
        return True
    if known.personal:  # its bytes are kept nowhere, so only lost counts can be mended
        return not all(store.holds(kind, known.key) for kind in kinds_of(known, None))
    if known.refusals and known.definitions != desk.fingerprint(known.source):
        return True
    kinds = kinds_of(known, desk.sources.get(known.source))
    return not all(store.holds(kind, _key(kind, known)) for kind in kinds)


def _key(kind: str, receipt: Receipt) -> str:
    return receipt.sha256 if kind == "files" else receipt.key


def _as_before(outcome: Outcome, known: Receipt, published: date | None = None) -> Outcome:
    note = ""
    if known.counts and published and published.isoformat() != known.published_on:
        note = (
            f"it was received before, as published on {known.published_on}; that stands, and "
            f"--published {published} changes nothing"
        )
    return replace(
        outcome, status=known.status, reason=_words(known), receipt=known, again=True, note=note
    )


def _read(
    store: Store,
    desk: Desk,
    behind: Behind,
    data: bytes,
    outcome: Outcome,
    known: Receipt | None,
    blank: Receipt,
    published: date | None,
    latest: str,
) -> Outcome:
    """Read the bytes and keep what came of it, unless it is what came of them before."""
    made: Made | None = None
    try:
        made = make_reading(desk, data, blank, latest)
        receipt = made.receipt
    except NotRecognised as error:
        return replace(outcome, reason=str(error))
    except AboutPeople as people:
        return _of_people(store, desk, people, outcome, known, blank)
    except (CannotOpen, WrongColumns, FileRefused) as error:
        receipt = _refused(blank, error)
    if known and _same(store, known, receipt, made):
        if made:  # under the earlier key: whatever is lost of it
            _mend(store, desk, data, replace(made, receipt=known))
        store.keep_bytes(known.sha256, data)
        return _as_before(outcome, known, published)
    behind.do(receipt.sha256, partial(_keep_and_sign, store, desk, data, made, receipt))
    return replace(
        outcome,
        status=receipt.status,
        reason=_words(receipt),
        receipt=receipt,
        note=_of_reading(known, receipt),
    )


def _keep_and_sign(
    store: Store, desk: Desk, data: bytes, made: Made | None, receipt: Receipt
) -> None:
    if made:
        keep(store, desk, data, made)
    else:
        store.keep_bytes(receipt.sha256, data)
    store.sign(receipt)


def _of_people(
    store: Store,
    desk: Desk,
    people: AboutPeople,
    outcome: Outcome,
    known: Receipt | None,
    blank: Receipt,
) -> Outcome:
    """Hand records about people over: no byte of them goes into the store."""
    mended = known if known and known.counts else None  # its counts were lost
    try:
        receipt = receive_people(store, desk, people, mended or blank)
    except PersonalProblem as error:
        return replace(outcome, status="refused", reason=str(error))
    if known and (mended or not receipt.counts):  # or refused again
        return replace(_as_before(outcome, known), reason=_words(receipt))
    store.sign(receipt)
    return replace(outcome, status=receipt.status, reason=_words(receipt), receipt=receipt)


def _of_reading(known: Receipt | None, receipt: Receipt) -> str:
    if known is None:
        return receipt.remark
    words = (
        f"read again: of {receipt.rows_read:,} rows {receipt.rows_kept:,} are kept now, "
        f"{known.rows_kept:,} before"
    )
    return f"{words}; {receipt.remark}" if receipt.remark else words


def _blank(
    outcome: Outcome, sha256: str, size: int, on: date, published: date | None = None
) -> Receipt:
    """The receipt of a file of which nothing is known yet but its bytes: refused until read."""
    return Receipt(
        sha256=sha256,
        size=size,
        name=outcome.name,
        container=outcome.container,
        status="refused",
        source="",
        publisher="",
        licence="",
        received_on=on.isoformat(),
        published_on=published.isoformat() if published else "",
        published_inferred=False,
        rows_read=0,
        rows_kept=0,
        rows_refused=0,
        synthetic="synthetic" in f"{outcome.container}/{outcome.name}".casefold(),
    )


def _next(known: Receipt, on: date, published: date | None) -> Receipt:
    """The blank receipt of another reading. Name, day of receipt and, once rows were kept, the day
    of publication are those of the bytes, and stay."""
    given = published.isoformat() if published and not known.counts else ""
    stays = known.counts or (bool(known.published_on) and not known.published_inferred)
    return Receipt(
        sha256=known.sha256,
        size=known.size,
        name=known.name,
        container=known.container,
        status="refused",
        source="",
        publisher="",
        licence="",
        received_on=known.received_on,
        published_on=given or (known.published_on if stays else ""),
        published_inferred=known.published_inferred and not given,
        rows_read=0,
        rows_kept=0,
        rows_refused=0,
        synthetic=known.synthetic,
        reading=known.reading + 1,
        read_on=on.isoformat(),
        remark=known.remark if known.counts else "",
    )


def _refused(blank: Receipt, error: Exception) -> Receipt:
    source = error.source if isinstance(error, WrongColumns) else None
    return replace(
        blank,
        refusals=(Refusal(0, str(error)),),
        source=source.id if source else "",
        publisher=source.publisher if source else "",
        licence=source.licence if source else "",
    )


def _same(store: Store, known: Receipt, receipt: Receipt, made: Made | None) -> bool:
    """Whether a reading came to what the one before it had come to."""
    as_known = replace(
        receipt,
        definitions=known.definitions,
        reading=known.reading,
        read_on=known.read_on,
        remark=known.remark,
    )
    if as_known.to_dict() != known.to_dict():
        return False
    if made is None or made.rows is None or not store.holds("typed", known.key):
        return True
    return store.rows("typed", known.key).collect().equals(made.rows)


def _mend(store: Store, desk: Desk, data: bytes, made: Made) -> None:
    """Write the files of a reading again where one of them is lost (a store of format 1 had no
    quarantine)."""
    kinds = kinds_of(made.receipt, made.source)
    if made.quarantine.height:
        kinds = (*kinds, "quarantine")
    if not all(store.holds(kind, _key(kind, made.receipt)) for kind in kinds):
        keep(store, desk, data, made)


def _keep_damaged(store: Store, file: Found, on: date) -> None:
    data = file.path.read_bytes()
    outcome = Outcome(file.name, file.container, "refused", file.problem, None)
    sha256 = hashlib.sha256(data).hexdigest()
    blank = _blank(outcome, sha256, len(data), on)
    receipt = replace(blank, refusals=(Refusal(0, file.problem),))
    if keeps_people():  # it cannot be opened to see whether it is about people
        receipt = replace(receipt, name="a damaged zip", container="", personal=True)
    else:
        store.keep_bytes(receipt.sha256, data)
    if store.receipt(receipt.sha256) is None:
        store.sign(receipt)


def _words(receipt: Receipt) -> str:
    if not receipt.refusals:
        return ""
    first = receipt.refusals[0]
    where = f"line {first.line}: " if first.line else ""
    more = receipt.rows_refused - 1
    return f"{where}{first.reason}" + (f" (and {more:,} more)" if more > 0 else "")
