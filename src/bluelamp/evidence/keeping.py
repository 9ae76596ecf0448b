"""Makes a reading of a file's bytes, and keeps it: typed rows, tally, coverage, quarantine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from bluelamp.evidence.coverage import coverage
from bluelamp.evidence.desk import Desk
from bluelamp.evidence.opening import CannotOpen, Table, open_table
from bluelamp.evidence.personal.receiving import AboutPeople, fault_about_people
from bluelamp.evidence.publication import infer
from bluelamp.evidence.quarantine import refused_rows
from bluelamp.evidence.reading import FileRefused, Reading
from bluelamp.evidence.receipt import Receipt, Refusal
from bluelamp.evidence.recognise import Recognised, WrongColumns
from bluelamp.evidence.refused_months import refused_by_month
from bluelamp.evidence.row_check import check_rows
from bluelamp.evidence.source import Source
from bluelamp.evidence.store import Store, write_parquet

REFUSALS_KEPT = 200


@dataclass(frozen=True)
class Made:
    """A reading, not kept yet.

    rows        typed rows, or None where the file had none that can be used.
    months      those the file covers.
    quarantine  the refused rows (QUARANTINE_SCHEMA).
    refused     month -> how many of the refused rows are of it, or may be.
    partial     month -> why the reader saw that it is not all there.
    """

    receipt: Receipt
    source: Source
    rows: pl.DataFrame | None
    months: tuple[str, ...]
    quarantine: pl.DataFrame
    refused: Mapping[str, int] = field(default_factory=dict)
    partial: Mapping[str, str] = field(default_factory=dict)


def make_reading(desk: Desk, data: bytes, blank: Receipt, latest: str) -> Made:
    """Open, recognise and read the bytes. `blank` is the receipt so far: a date of publication in
    it stands, else the source's rule infers one. `latest` is the last month named by the files
    published with it, or ''.

    Raises CannotOpen, NotRecognised, WrongColumns, FileRefused, AboutPeople.
    """
    table, file = _recognised(desk, data)
    file = replace(file, name=blank.name)
    reading = desk.reader(file.source).read(file, desk.places)
    refusals = tuple(sorted((*table.refusals, *reading.refusals), key=lambda r: r.line))
    receipt = replace(
        _filled(blank, table, file, reading, refusals),
        definitions=desk.fingerprint(file.source.id),
    )
    if receipt.rows_read == 0:
        raise FileRefused(
            "there is no row under the header; download the file again from its publisher"
        )
    quarantine = refused_rows(table, data, refusals, file.source)
    if receipt.rows_kept == 0:
        return Made(replace(receipt, status="refused"), file.source, None, (), quarantine)
    if not receipt.published_on:
        receipt = _inferred(receipt, file, reading, latest)
    refused: Mapping[str, int] = {}
    if file.source.holds == "counts":
        lines = {refusal.line for refusal in refusals}
        refused = refused_by_month(file, reading.rows, reading.months, lines)
    return Made(
        receipt, file.source, reading.rows, reading.months, quarantine, refused, reading.partial
    )


def _recognised(desk: Desk, data: bytes) -> tuple[Table, Recognised]:
    try:
        table = open_table(data, desk.separators, desk.knows)
        file = desk.recognise(table)
    except (CannotOpen, WrongColumns) as error:
        people = fault_about_people(error, data, desk.sources)
        raise (people or error) from None
    if file.source.sensitivity == "personal":
        raise AboutPeople(file.source, table=table, file=file)
    return table, file


def keep(store: Store, desk: Desk, data: bytes, made: Made) -> None:
    """Write everything of a reading but its receipt, which the caller signs last.

    Raises pandera.errors.SchemaError where a reader broke its word, EngineProblem.
    """
    receipt, key = made.receipt, made.receipt.key
    store.keep_bytes(receipt.sha256, data)
    if made.quarantine.height:
        write_parquet(store.path("quarantine", key), made.quarantine)
    if made.rows is None:
        return
    if made.source.holds == "counts":
        check_rows(made.rows)
    write_parquet(store.typed(key), made.rows)
    if made.source.holds == "reference":
        return
    counts = desk.engine.tally([store.typed(key)])
    write_parquet(store.tally(key), counts)
    expected = [
        area.code
        for area in desk.places.gazetteer.of_kind("borough")
        if area.parent == desk.places.force
    ]
    write_parquet(
        store.coverage(key),
        coverage(counts, made.source, made.months, expected, made.refused, made.partial),
    )


def kinds_of(receipt: Receipt, source: Source | None) -> tuple[str, ...]:
    """The kinds of files that the store must have for a receipt; `source` is its source, or None
    where the definitions no longer have it."""
    if receipt.personal:
        return ("tally", "coverage") if receipt.counts else ()
    kinds = ["files"]
    if receipt.counts:
        kinds.append("typed")
        if source is not None and source.holds == "counts":
            kinds += ["tally", "coverage"]
    if receipt.rows_refused and receipt.definitions:  # format 1 kept no rows that it refused
        kinds.append("quarantine")
    return tuple(kinds)


def _inferred(receipt: Receipt, file: Recognised, reading: Reading, latest: str) -> Receipt:
    """With the date of publication that the source's rule gives, or the day of receipt where the
    rule gives a later one: nothing is received before it is published."""
    try:
        day = infer(file.source, reading.months, file.rows, latest)
    except ValueError as error:
        raise FileRefused(str(error)) from error
    received = date.fromisoformat(receipt.received_on)
    remark = (
        f"by the rule of its source it would be published on {day}, after the day it was received; "
        f"{received} stands instead: give the day of publication with --published if you know it"
        if day > received
        else ""
    )
    return replace(
        receipt,
        published_on=min(day, received).isoformat(),
        published_inferred=True,
        remark=remark,
    )


def _filled(
    blank: Receipt, table: Table, file: Recognised, reading: Reading, refusals: tuple[Refusal, ...]
) -> Receipt:
    read = table.rows.height + len(table.refusals)
    refused = len({refusal.line for refusal in refusals})
    months = sorted(reading.months)
    return replace(
        blank,
        status="kept" if not refused else "partly refused",
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
        notes=reading.notes,
    )
