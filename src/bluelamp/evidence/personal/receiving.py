"""Takes in a file of records about people: identifiers dropped or hashed, the rest sealed, counts
for the ordinary store. Of its bytes nothing is written anywhere, and no word is repeated."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from bluelamp.evidence.coverage import coverage
from bluelamp.evidence.desk import Desk
from bluelamp.evidence.opening import CannotOpen, Table
from bluelamp.evidence.personal.access_log import whoever
from bluelamp.evidence.personal.kept import Access, Kept, PersonalStore, last_day
from bluelamp.evidence.personal.keys import Keys, keeps_people
from bluelamp.evidence.personal.problem import PersonalProblem
from bluelamp.evidence.publication import infer
from bluelamp.evidence.reading import TALLY_SCHEMA
from bluelamp.evidence.receipt import Receipt, Refusal
from bluelamp.evidence.recognise import Recognised, WrongColumns
from bluelamp.evidence.refused_months import refused_by_month
from bluelamp.evidence.source import Source
from bluelamp.evidence.store import Store, write_parquet
from bluelamp.evidence.templates import (
    Filled,
    check_rows,
    filled_columns,
    reading_of,
    templates,
    without_contents,
)

REFUSALS_KEPT = 200
BEGINNING = 4096  # bytes in which a table names its columns
KEYS = [name for name in TALLY_SCHEMA if name not in ("count", "value")]


class AboutPeople(Exception):
    """The file holds, or nearly holds, records about people, so it goes another way than others.
    `fault` says why it cannot be read, where it cannot."""

    def __init__(
        self,
        source: Source | None,
        *,
        table: Table | None = None,
        file: Recognised | None = None,
        fault: str = "",
    ) -> None:
        self.source, self.table, self.file, self.fault = source, table, file, fault
        super().__init__(fault)


def fault_about_people(
    error: CannotOpen | WrongColumns, data: bytes, sources: Mapping[str, Source]
) -> AboutPeople | None:
    """The fault of a file that cannot be read, where its bytes may be about people: it is nearly
    one of their templates; it names their columns; or it cannot be opened to see, in an office that
    keeps such records. Else None."""
    if isinstance(error, WrongColumns):
        if error.source.sensitivity != "personal":
            return None
        return AboutPeople(error.source, fault=str(without_contents(error)))
    start = data[:BEGINNING].decode("utf-8", errors="replace").casefold()
    for source in templates(sources).values():
        named = sum(column.name in start for column in source.columns)
        if source.sensitivity == "personal" and 2 * named >= len(source.columns):
            return AboutPeople(source, fault=str(error))
    return AboutPeople(None, fault=str(error)) if keeps_people() else None


@dataclass(frozen=True)
class _Parts:
    """What is made of a file before any of it is written."""

    receipt: Receipt
    rows: pl.DataFrame
    tally: pl.DataFrame
    covered: pl.DataFrame


def receive_people(store: Store, desk: Desk, found: AboutPeople, blank: Receipt) -> Receipt:
    """Keep the records sealed and their counts in the store; the caller signs the receipt.

    Raises PersonalProblem where there are no keys, where the file was erased before, or where
    something unforeseen happened: of that only the kind and place are told. In each case nothing
    of the file is kept.
    """
    receipt = replace(blank, name=_name(found.source), container="", personal=True)
    if found.fault or found.file is None or found.table is None:
        return _refused(receipt, found.source, found.fault)
    personal = PersonalStore(store)
    personal.tidy()
    _check_not_ended(personal, receipt.sha256)
    try:
        parts = _read(desk, personal.keys, found.table, found.file, receipt)
    except PersonalProblem:
        raise
    # A library's message can quote the cell at fault, so no part of it goes any further.
    except (Exception, pl.exceptions.PanicException) as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        words = f"{type(error).__name__} in {Path(where.filename).name}, line {where.lineno}"
    else:
        if parts.receipt.counts:
            _keep(store, personal, found.file.source, parts)
        return parts.receipt
    raise PersonalProblem(
        f"something went wrong that should not ({words}); nothing of the file was kept"
    )


def _name(source: Source | None) -> str:
    """What a receipt calls the file: its own name could be somebody's."""
    return f"records of {source.id}" if source else "a file that may hold records about people"


def _refused(receipt: Receipt, source: Source | None, words: str) -> Receipt:
    return replace(
        receipt,
        status="refused",
        refusals=(Refusal(0, words),),
        source=source.id if source else "",
        publisher=source.publisher if source else "",
        licence=source.licence if source else "",
    )


def _check_not_ended(personal: PersonalStore, sha256: str) -> None:
    for one in personal.kept():
        if one.sha256 == sha256 and one.state != "held":
            raise PersonalProblem(
                f"this very file was {one.state} on {one.ended_on}, and is not taken in again"
            )
        if one.sha256 == sha256 and one.erased_rows:
            raise PersonalProblem(
                "people were erased from this file, and it would bring them back; take its counts "
                "from a backup of the store"
            )


def _read(desk: Desk, keys: Keys, table: Table, file: Recognised, receipt: Receipt) -> _Parts:
    source = file.source
    filled = check_rows(source, file.rows, desk.places)
    refusals = tuple(sorted((*table.refusals, *filled.refusals), key=lambda r: r.line))
    read = table.rows.height + len(table.refusals)
    empty = pl.DataFrame()
    receipt = replace(
        receipt,
        source=source.id,
        publisher=source.publisher,
        licence=source.licence,
        definitions=desk.fingerprint(source.id),
        rows_read=read,
        rows_kept=len(filled.rows),
        rows_refused=read - len(filled.rows),
        refusals=refusals[:REFUSALS_KEPT],
    )
    if not filled.rows:
        words = "there is no row under the line of column names"
        refusals = refusals[:REFUSALS_KEPT] or (Refusal(0, words),)
        return _Parts(replace(receipt, status="refused", refusals=refusals), empty, empty, empty)
    reading = reading_of(filled, desk.places)
    months = reading.months
    receipt = replace(
        receipt,
        status="partly refused" if refusals else "kept",
        first_month=months[0],
        last_month=months[-1],
    )
    if not receipt.published_on:
        day = min(infer(source, months, empty, "").isoformat(), receipt.received_on)
        receipt = replace(receipt, published_on=day, published_inferred=True)
    tally = reading.rows.group_by(KEYS).agg(pl.col("count").sum(), pl.col("value").max())
    tally = tally.select(*TALLY_SCHEMA).sort(KEYS)
    lines = {refusal.line for refusal in refusals}
    refused = refused_by_month(file, reading.rows, months, lines)
    covered = coverage(tally, source, months, [], refused)
    return _Parts(receipt, _without_identifiers(filled, keys), tally, covered)


def _without_identifiers(filled: Filled, keys: Keys) -> pl.DataFrame:
    """The rows as they are kept: what tells people apart is gone, or a keyed hash of it."""
    columns: dict[str, list[object]] = {}
    for column, fill in filled_columns(filled.source):
        if fill.identifier == "drop":
            continue
        values = [row[column.name] for row in filled.rows]
        if fill.identifier == "hash":
            values = [None if v is None else keys.hash(column.name, str(v)) for v in values]
        columns[column.name] = values
    return pl.DataFrame(columns)


def _keep(store: Store, personal: PersonalStore, source: Source, parts: _Parts) -> None:
    receipt = parts.receipt
    received = date.fromisoformat(receipt.received_on)
    hashed = [c.name for c, fill in filled_columns(source) if fill.identifier == "hash"]
    kept = Kept(
        sha256=receipt.sha256,
        source=source.id,
        received_on=receipt.received_on,
        keep_until=last_day(received, source.retain_months).isoformat(),
        rows=parts.rows.height,
        hashed=tuple(hashed),
        key="",
    )
    personal.log_receipt(Access(whoever(), "received", received), receipt.sha256)
    personal.seal(kept, parts.rows)
    write_parquet(store.tally(receipt.key), parts.tally)
    write_parquet(store.coverage(receipt.key), parts.covered)
