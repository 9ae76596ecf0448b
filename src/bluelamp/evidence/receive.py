"""The front door: every file comes in here, is kept, read, typed, tallied and given a receipt."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import cast

import polars as pl

from bluelamp.definitions import read_gazetteer, read_office
from bluelamp.evidence import engine
from bluelamp.evidence.coverage import coverage
from bluelamp.evidence.opening import CannotOpen, Table, open_table
from bluelamp.evidence.publication import infer, latest_month_named
from bluelamp.evidence.reading import LEVELS, TALLY_SCHEMA, FileRefused, Places, Reader, Reading
from bluelamp.evidence.receipt import Receipt, Refusal
from bluelamp.evidence.recognise import NotRecognised, Recognised, WrongColumns, recognise
from bluelamp.evidence.source import Source, read_sources
from bluelamp.evidence.store import Store, write_parquet
from bluelamp.evidence.walking import DAMAGED_ZIP, TABLES, Found, walk

REFUSALS_KEPT = 200
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `again` is True where its bytes had been received before.

    status: kept, partly refused, refused, not read, not found.
    """

    name: str
    container: str
    status: str
    reason: str
    receipt: Receipt | None
    again: bool = False
    named: bool = False

    @property
    def is_fault(self) -> bool:
        """True where the call must not end well: refused, or a named file that nothing reads."""
        return self.status in ("refused", "partly refused", "not found") or (
            self.status == "not read" and self.named
        )


@dataclass(frozen=True)
class Desk:
    """What receiving needs to know: sources and places, read once from the definitions."""

    definitions: Path

    @cached_property
    def sources(self) -> dict[str, Source]:
        return read_sources(self.definitions)

    @cached_property
    def places(self) -> Places:
        office = read_office(self.definitions)
        lookups = {
            path.stem: dict(pl.read_csv(path, infer_schema=False).iter_rows())
            for path in sorted((self.definitions / "areas" / "lookups").glob("*.csv"))
        }
        return Places(read_gazetteer(self.definitions), office.force, office.territory, lookups)

    @cached_property
    def separators(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(s for source in self.sources.values() for s in source.separators)
        )

    def knows(self, header: tuple[str, ...]) -> bool:
        """Whether a table with these columns would be recognised."""
        rows = pl.DataFrame(schema={"line": pl.UInt32, **dict.fromkeys(header, pl.String)})
        try:
            recognise(Table(header, rows, (), ""), self.sources)
        except (NotRecognised, WrongColumns):
            return False
        return True

    def reader(self, source: Source) -> Reader:
        """The module `evidence/readers/<source.reader>.py`; raises ModuleNotFoundError."""
        return cast(Reader, importlib.import_module(f"bluelamp.evidence.readers.{source.reader}"))


def receive(
    store: Store,
    desk: Desk,
    paths: Sequence[Path],
    *,
    on: date,
    published: date | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Receive every file under `paths`; one outcome per file, and one file's fault stops no other.

    `on` is the day of receipt; `published` the day of publication of all of them (else inferred
    by each source's rule). Receiving the same bytes again changes nothing. Raises StoreProblem
    where another process is writing.
    """
    found = list(walk(list(paths)))
    beside: dict[str, list[str]] = {}
    for file in found:
        beside.setdefault(_beside_key(file), []).append(file.name)
    outcomes: list[Outcome] = []
    with store.writing():
        for number, file in enumerate(found):
            if progress:
                progress(number, len(found), file.name)
            latest = latest_month_named(beside[_beside_key(file)])
            outcomes.append(_receive_one(store, desk, file, on, published, latest))
        if progress:
            progress(len(found), len(found), "")
    return outcomes


def _beside_key(file: Found) -> str:
    """Files of one zip, or of one folder, were published together."""
    return str(file.path if file.member else file.path.parent)


def _receive_one(
    store: Store, desk: Desk, file: Found, on: date, published: date | None, latest: str
) -> Outcome:
    if file.problem:
        status = "refused" if file.path.exists() else "not found"
        if status == "refused":
            _keep_damaged(store, file, on)
        return Outcome(file.name, file.container, status, file.problem, None, named=file.named)
    if Path(file.name).suffix.casefold() not in TABLES:
        return Outcome(
            file.name,
            file.container,
            "not read",
            "it is not a table (a CSV, Parquet, .ods, .xlsx, JSON or GeoJSON file)",
            None,
            named=file.named,
        )
    try:
        data = file.read()
    except (OSError, *DAMAGED_ZIP) as error:
        return Outcome(
            file.name,
            file.container,
            "refused",
            f"it cannot be read ({error}); download it again from its publisher",
            None,
            named=file.named,
        )
    sha256 = hashlib.sha256(data).hexdigest()
    known = store.receipt(sha256)
    if known and known.status in ("kept", "partly refused"):
        return Outcome(
            file.name,
            file.container,
            known.status,
            _words(known),
            known,
            again=True,
            named=file.named,
        )
    blank = _blank(file, data, on, published)
    try:
        receipt = _read_and_keep(store, desk, data, blank, published, latest)
    except NotRecognised as error:
        return Outcome(file.name, file.container, "not read", str(error), None, named=file.named)
    except (CannotOpen, WrongColumns, FileRefused) as error:
        source = error.source if isinstance(error, WrongColumns) else None
        receipt = replace(
            blank,
            refusals=(Refusal(0, str(error)),),
            rows_refused=0,
            source=source.id if source else "",
            publisher=source.publisher if source else "",
            licence=source.licence if source else "",
        )
        store.keep_bytes(sha256, data)
    store.sign(receipt)
    return Outcome(
        file.name, file.container, receipt.status, _words(receipt), receipt, named=file.named
    )


def _blank(file: Found, data: bytes, on: date, published: date | None = None) -> Receipt:
    """The receipt of a file of which nothing is known yet but its bytes: refused until read."""
    return Receipt(
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        name=file.name,
        container=file.container,
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
        synthetic="synthetic" in f"{file.container}/{file.name}".casefold(),
    )


def _keep_damaged(store: Store, file: Found, on: date) -> None:
    data = file.path.read_bytes()
    receipt = replace(_blank(file, data, on), refusals=(Refusal(0, file.problem),))
    store.keep_bytes(receipt.sha256, data)
    store.sign(receipt)


def _read_and_keep(
    store: Store, desk: Desk, data: bytes, blank: Receipt, published: date | None, latest: str
) -> Receipt:
    """Bytes, typed rows, and tally and coverage of counts; the caller signs.

    Raises what readers raise.
    """
    table = open_table(data, desk.separators, desk.knows)
    file = recognise(table, desk.sources)
    reading = desk.reader(file.source).read(file, desk.places)
    refusals = tuple(sorted((*table.refusals, *reading.refusals), key=lambda r: r.line))
    receipt = _filled(blank, table, file, reading, refusals)
    if receipt.rows_read == 0:
        raise FileRefused(
            "there is no row under the header; download the file again from its publisher"
        )
    if receipt.rows_kept == 0:
        store.keep_bytes(blank.sha256, data)
        return replace(receipt, status="refused")
    if not published:
        try:
            inferred = infer(file.source, reading.months, file.rows, latest)
        except ValueError as error:
            raise FileRefused(str(error)) from error
        receipt = replace(receipt, published_on=inferred.isoformat(), published_inferred=True)
    _keep_tables(store, desk, data, file, reading, receipt)
    return receipt


def _keep_tables(
    store: Store, desk: Desk, data: bytes, file: Recognised, reading: Reading, receipt: Receipt
) -> None:
    if file.source.holds == "reference":
        store.keep_bytes(receipt.sha256, data)
        write_parquet(store.typed(receipt.sha256), reading.rows)
        return
    check_rows(reading.rows)
    store.keep_bytes(receipt.sha256, data)
    write_parquet(store.typed(receipt.sha256), reading.rows)
    counts = engine.tally(store.typed(receipt.sha256))
    write_parquet(store.tally(receipt.sha256), counts)
    expected = [
        area.code
        for area in desk.places.gazetteer.of_kind("borough")
        if area.parent == desk.places.force
    ]
    write_parquet(
        store.coverage(receipt.sha256),
        coverage(counts, file.source, reading.months, expected, receipt.rows_refused),
    )


def check_rows(rows: pl.DataFrame) -> None:
    """The last check before rows are kept: Pandera holds them to the tally's schema.

    Raises pandera.errors.SchemaError: a reader is at fault, not a file.
    """
    import pandera.polars as pa

    pa.DataFrameSchema(
        {
            **{
                name: pa.Column(dtype, nullable=name in ("count", "value"))
                for name, dtype in TALLY_SCHEMA.items()
            },
            "month": pa.Column(pl.String, pa.Check.str_matches(r"^\d{4}-(0[1-9]|1[0-2])$")),
            "level": pa.Column(pl.String, pa.Check.isin(LEVELS)),
            "count": pa.Column(pl.Int64, pa.Check.ge(0), nullable=True),
        }
    ).validate(rows)


def _filled(
    blank: Receipt, table: Table, file: Recognised, reading: Reading, refusals: tuple[Refusal, ...]
) -> Receipt:
    opened_badly = len(table.refusals)
    read = table.rows.height + opened_badly
    refused = len({refusal.line for refusal in refusals})
    months = sorted(reading.months)
    status = "kept" if not refused else "partly refused"
    return replace(
        blank,
        status=status,
        source=file.source.id,
        publisher=file.source.publisher,
        licence=file.source.licence,
        rows_read=read,
        rows_kept=read - refused,
        rows_refused=refused,
        first_month=months[0] if months else "",
        last_month=months[-1] if months else "",
        system=reading.system,
        refusals=refusals[:REFUSALS_KEPT],
    )


def _words(receipt: Receipt) -> str:
    if not receipt.refusals:
        return ""
    first = receipt.refusals[0]
    where = f"line {first.line}: " if first.line else ""
    more = receipt.rows_refused - 1
    return f"{where}{first.reason}" + (f" (and {more:,} more)" if more > 0 else "")
