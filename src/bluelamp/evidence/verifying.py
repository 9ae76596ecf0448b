"""Checks a store from end to end: every hash, every receipt, every table; and says what to do."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from bluelamp.evidence import engine
from bluelamp.evidence.desk import Desk
from bluelamp.evidence.keeping import keep, kinds_of, make_reading
from bluelamp.evidence.opening import CannotOpen
from bluelamp.evidence.personal.checking import check_records, folders_with
from bluelamp.evidence.reading import FileRefused
from bluelamp.evidence.receipt import Receipt, reading_key
from bluelamp.evidence.recognise import NotRecognised, WrongColumns
from bluelamp.evidence.store import ENDINGS, Store, StoreProblem

Progress = Callable[[int, int, str], None]
TABLES = ("typed", "tally", "coverage", "quarantine")
FROM_A_BACKUP = "bring the store back from a backup (bluelamp store restore FROM)"


@dataclass(frozen=True)
class Fault:
    """What is wrong, where (a path inside the store), and what to do."""

    where: str
    what: str
    remedy: str


@dataclass
class Verified:
    """What was looked at and what was found.

    faults    something received is damaged, missing or does not agree.
    orphans   files without a receipt, and what a killed writer left: harmless.
    people    files of records about people, checked as they are, sealed.
    otherwise files that today's definitions read otherwise than when they were received: no
              fault; `store release-refused` reads those with refusals again.
    """

    receipts: int = 0
    files: int = 0
    bytes: int = 0
    read_again: int = 0
    people: int = 0
    faults: list[Fault] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)


def verify(
    store: Store, desk: Desk, *, deep: bool = False, progress: Progress | None = None
) -> Verified:
    """Look at everything that was received. Readers and a writer may go on meanwhile.

    `deep` adds up every tally again from its typed rows, reads every kept file again, and compares
    rows, tally and coverage with what is kept.
    """
    found = Verified()
    found.faults += _pack_faults(store)
    if found.faults:  # what is in a damaged pack would be missing a second time
        return found
    found.orphans += [str(path.relative_to(store.root)) for path in store.unfinished()]
    receipts = _readable_receipts(store, found)
    expected = _expected(desk, receipts)
    _find_orphans(store, expected, found)
    # Of records about people the store has no bytes.
    hashes = sorted({receipt.sha256 for receipt in receipts if not receipt.personal})
    total = len(hashes) + len(receipts)
    for number, sha256 in enumerate(hashes):
        if progress:
            progress(number, total, "bytes")
        _check_bytes(store, sha256, receipts, found)
    for number, receipt in enumerate(receipts, len(hashes)):
        if progress:
            progress(number, total, receipt.name)
        whole = _check_tables(store, desk, receipt, found, deep=deep)
        if deep and whole:
            _check_reading(store, desk, receipt, found)
    for folder in folders_with(store.root):
        kept, faults = check_records(folder)
        found.people += len(kept)
        found.faults += [Fault(*fault) for fault in faults]
    if progress:
        progress(total, total, "")
    return found


def _pack_faults(store: Store) -> Iterator[Fault]:
    for kind in ENDINGS:
        for path in store.packs.paths(kind):
            where = str(path.relative_to(store.root))
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            if path.stem != f"{kind}-{digest}":
                yield Fault(where, "its bytes are not those that it was named for", FROM_A_BACKUP)


def _readable_receipts(store: Store, found: Verified) -> list[Receipt]:
    receipts = []
    for key in store.keys("receipts"):
        where = f"receipts/{key}.json"
        try:
            receipt = Receipt.from_dict(json.loads(store.read("receipts", key)))
        except (ValueError, TypeError, KeyError, StoreProblem) as error:
            found.faults.append(Fault(where, f"it cannot be read ({error})", FROM_A_BACKUP))
            continue
        if receipt.key != key:
            found.faults.append(Fault(where, f"it is the receipt of {receipt.key}", FROM_A_BACKUP))
            continue
        receipts.append(receipt)
    found.receipts = len(receipts)
    known = {receipt.key for receipt in receipts}
    for receipt in receipts:
        before = reading_key(receipt.sha256, receipt.reading - 1)
        if receipt.reading > 1 and before not in known:
            found.faults.append(
                Fault(f"receipts/{before}.json", "it is missing: a later reading is there",
                      FROM_A_BACKUP)
            )  # fmt: skip
    return receipts


def _expected(desk: Desk, receipts: list[Receipt]) -> set[tuple[str, str]]:
    """Every file (kind, key) that some receipt stands for."""
    expected = {("receipts", receipt.key) for receipt in receipts}
    for receipt in receipts:
        expected |= set() if receipt.personal else {("files", receipt.sha256)}
        expected |= {(kind, receipt.key) for kind in TABLES}
    return expected


def _find_orphans(store: Store, expected: set[tuple[str, str]], found: Verified) -> None:
    for kind in ENDINGS:
        for key in store.keys(kind):
            found.files += 1
            if (kind, key) not in expected and kind != "receipts":
                found.orphans.append(str(store.path(kind, key).relative_to(store.root)))


def _check_bytes(store: Store, sha256: str, receipts: list[Receipt], found: Verified) -> None:
    receipt = next(r for r in receipts if r.sha256 == sha256)
    where = str(store.file(sha256).relative_to(store.root))
    again = f"receive '{receipt.name}' again (bluelamp receive), or {FROM_A_BACKUP}"
    data = store.find("files", sha256)
    if data is None:
        found.faults.append(Fault(where, f"the bytes of '{receipt.name}' are missing", again))
        return
    found.bytes += len(data)
    if hashlib.sha256(data).hexdigest() != sha256:
        found.faults.append(
            Fault(where, f"the bytes of '{receipt.name}' are not those that were received",
                  f"delete it, then {again}")
        )  # fmt: skip
    elif len(data) != receipt.size:
        found.faults.append(
            Fault(f"receipts/{receipt.key}.json", f"it says {receipt.size:,} bytes and there are "
                  f"{len(data):,}", FROM_A_BACKUP)
        )  # fmt: skip


def _check_tables(
    store: Store, desk: Desk, receipt: Receipt, found: Verified, *, deep: bool
) -> bool:
    """Whether every table of a receipt is there, can be read, and agrees with the others."""
    before = len(found.faults)
    frames: dict[str, pl.DataFrame] = {}
    needed = kinds_of(receipt, desk.sources.get(receipt.source))
    for kind in TABLES:
        where = f"{kind}/{receipt.key}{ENDINGS[kind]}"
        remedy = f"delete it, then receive '{receipt.name}' again, or {FROM_A_BACKUP}"
        data = store.find(kind, receipt.key)
        if data is None:
            if kind in needed:
                words = f"it is missing: the receipt of '{receipt.name}' stands for it"
                found.faults.append(Fault(where, words, remedy.removeprefix("delete it, then ")))
            continue
        try:
            frames[kind] = pl.read_parquet(io.BytesIO(data))
        except Exception as error:  # whatever a damaged Parquet file makes of its reader
            words = f"it cannot be read ({str(error).splitlines()[0] if str(error) else error!r})"
            found.faults.append(Fault(where, words, remedy))
            continue
    found.faults += _disagreements(receipt, frames, deep=deep)
    return len(found.faults) == before


def _disagreements(
    receipt: Receipt, frames: dict[str, pl.DataFrame], *, deep: bool
) -> Iterator[Fault]:
    key = receipt.key
    remedy = f"delete it, then receive '{receipt.name}' again, or {FROM_A_BACKUP}"
    if "typed" in frames and "tally" in frames:
        same = _same_sum if deep else _same_total
        if not same(frames["typed"], frames["tally"]):
            yield Fault(f"tally/{key}.parquet", "it is not the sum of its typed rows", remedy)
    if "quarantine" in frames:
        lines = frames["quarantine"].filter(pl.col("line") > 0)["line"].n_unique()
        if lines != receipt.rows_refused:
            words = f"it holds {lines:,} lines; {receipt.rows_refused:,} were refused"
            yield Fault(f"quarantine/{key}.parquet", words, remedy)
    if receipt.rows_read != receipt.rows_kept + receipt.rows_refused:
        words = "the rows that were read are not those kept and those refused together"
        yield Fault(f"receipts/{key}.json", words, FROM_A_BACKUP)


def _same_total(typed: pl.DataFrame, tally: pl.DataFrame) -> bool:
    """Whether counts add up to the same; quick, and blind to a number moved between two rows."""
    return bool(typed["count"].sum() == tally["count"].sum())


def _same_sum(typed: pl.DataFrame, tally: pl.DataFrame) -> bool:
    return _tallied(typed).equals(_as_tally(tally))


def _tallied(typed: pl.DataFrame) -> pl.DataFrame:
    """The tally of typed rows by other means than the engine's: a plain group by."""
    keys = [name for name in engine.KEYS if name in typed.columns]
    return (
        typed.group_by(keys)
        .agg(count=pl.col("count").sum(), value=pl.col("value").max())
        .select(*keys, count=pl.col("count").cast(pl.Int64), value="value")
        .sort(keys)
    )


def _as_tally(tally: pl.DataFrame) -> pl.DataFrame:
    """Where a key has only values, the engine leaves the count null and Polars makes it 0."""
    keys = [name for name in engine.KEYS if name in tally.columns]
    return tally.select(*keys, pl.col("count").fill_null(0), "value").sort(keys)


def _check_reading(store: Store, desk: Desk, receipt: Receipt, found: Verified) -> None:
    """Read the bytes again; where definitions are those of the receipt, all must be the same."""
    if not receipt.counts or receipt.personal or receipt.source not in desk.sources:
        return
    data = store.read("files", receipt.sha256)
    found.read_again += 1
    try:
        made = make_reading(desk, data, receipt, "")
    except (CannotOpen, NotRecognised, WrongColumns, FileRefused) as error:
        differences = [f"it is refused: {error}"]
    except Exception as error:  # a reader at fault must not hide what else is wrong
        differences = [f"its reader fails: {error!r}"]
    else:
        with tempfile.TemporaryDirectory() as folder:
            fresh = Store(Path(folder))
            keep(fresh, desk, data, made)
            differences = _differences(store, fresh, receipt, made.receipt)
    if not differences:
        return
    if receipt.definitions == desk.fingerprint(receipt.source):
        words = f"a fresh reading of '{receipt.name}' differs: {'; '.join(differences)}"
        remedy = (
            f"delete typed/{receipt.key}.parquet, then receive '{receipt.name}' again: it is read "
            "anew; if this version of Blue Lamp reads it otherwise, that becomes a later reading"
        )
        found.faults.append(Fault(f"typed/{receipt.key}.parquet", words, remedy))
    else:
        found.otherwise.append(f"{receipt.name}: {'; '.join(differences)}")


def _differences(store: Store, fresh: Store, receipt: Receipt, again: Receipt) -> list[str]:
    words = [
        f"{name.replace('_', ' ')} {was:,}, now {now:,}"
        for name in ("rows_read", "rows_kept", "rows_refused")
        if (was := getattr(receipt, name)) != (now := getattr(again, name))
    ]
    for kind in ("typed", "tally", "coverage"):
        was, now = store.find(kind, receipt.key), fresh.find(kind, receipt.key)
        if (was is None) != (now is None):
            words.append(f"{kind} was {'not ' if was is None else ''}made")
        elif was is not None and now is not None and was != now:
            before, after = (pl.read_parquet(io.BytesIO(data)) for data in (was, now))
            if not before.equals(after):
                words.append(f"{kind} has other rows")
    return words
