"""Spreadsheets (.ods, .xlsx): one table, wherever in the workbook it begins.

A workbook has title rows, notes and hidden lists beside its table. The table begins at the first
row, of the first sheet, that is a header some source knows. Publishers put a year on each sheet:
further sheets with the very same header are read as more of the same table, and lines are then
counted on from sheet to sheet. A further sheet with another known header is a table of its own;
as one file is one table, such a workbook is refused with words, so that nothing is lost unseen.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bluelamp.evidence.opening.compressed import DAMAGED_ZIP
from bluelamp.evidence.opening.table import CannotOpen, Table, distinct, text_table
from bluelamp.evidence.receipt import Refusal

# A header stands below a title, a note and a date, not below a page of text.
ROWS_LOOKED_AT = 40
SECONDS = 300
DAMAGED = "the workbook is damaged or was cut off; download it again from its publisher"
Rows = list[list[str]]
Knows = Callable[[tuple[str, ...]], bool]


@dataclass(frozen=True)
class Sheet:
    """A sheet and where its header stands (counted from 0)."""

    name: str
    rows: Rows
    at: int

    @property
    def header(self) -> tuple[str, ...]:
        return _header(self.rows[self.at])


def is_workbook(data: bytes) -> bool:
    return data[:4] == b"PK\x03\x04"


def open_workbook(data: bytes, knows: Knows, most: int) -> Table:
    """The table of an .ods or .xlsx file; raises CannotOpen. `knows`: see `open_table`."""
    _check_size(data, most)
    sheets = [(name, rows) for name, rows in _cells(data) if rows]
    known = [sheet for name, rows in sheets if (sheet := _begins(name, rows, knows))]
    if not known:  # the likeliest header, so that the words can say what stands there
        known = [_likeliest(name, rows) for name, rows in sheets][:1]
    if not known:
        raise CannotOpen("the workbook has no sheet with anything on it")
    others = sorted({sheet.name for sheet in known if sheet.header != known[0].header})
    if others:
        raise CannotOpen(
            f"the workbook has more than one table: '{known[0].name}' and '{', '.join(others)}' "
            "have different columns; save each sheet as a CSV of its own"
        )
    return _stacked(known)


def _check_size(data: bytes, most: int) -> None:
    """Read every part of the zip through, so that a lie about its size is found here."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            size = sum(info.file_size for info in archive.infolist())
            if size > most:
                raise CannotOpen(
                    f"the workbook unpacks to {size / (1 << 20):,.0f} MB, more than the "
                    f"{most / (1 << 20):,.0f} MB that are read; save its table as CSV"
                )
            if not names & {"content.xml", "xl/workbook.xml"}:
                raise CannotOpen(
                    "this is a zip, not a spreadsheet; if it holds tables, give it a name that "
                    "ends in .zip"
                )
            damaged = archive.testzip()
    except CannotOpen:
        raise
    except DAMAGED_ZIP as error:
        raise CannotOpen(DAMAGED) from error
    if damaged:
        raise CannotOpen(DAMAGED)


def _cells(data: bytes) -> list[tuple[str, Rows]]:
    script = Path(__file__).with_name("workbook_cells.py")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(script)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotOpen(
            f"the workbook could not be read within {SECONDS} seconds; save its table as CSV"
        ) from error
    if done.returncode:
        message = done.stderr.decode(errors="replace")
        if done.returncode < 0 or "Memory" in message or "memory" in message:
            raise CannotOpen(
                "the workbook claims more cells than fit into memory; save its table as CSV"
            )
        raise CannotOpen(DAMAGED)
    return [(name, rows) for name, rows in json.loads(done.stdout)]


def _header(row: list[str]) -> tuple[str, ...]:
    names = [" ".join(cell.split()) for cell in row]
    while names and not names[-1]:
        names.pop()
    return distinct(names)


def _begins(name: str, rows: Rows, knows: Knows) -> Sheet | None:
    for at, row in enumerate(rows[:ROWS_LOOKED_AT]):
        if sum(bool(cell.strip()) for cell in row) > 1 and knows(_header(row)):
            return Sheet(name, rows, at)
    return None


def _likeliest(name: str, rows: Rows) -> Sheet:
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:ROWS_LOOKED_AT]]
    return Sheet(name, rows, filled.index(max(filled)))


def _stacked(sheets: list[Sheet]) -> Table:
    header = sheets[0].header
    width = len(header)
    lines: list[int] = []
    records: list[list[str | None]] = []
    refusals: list[Refusal] = []
    before = 0
    for sheet in sheets:
        for line, row in enumerate(sheet.rows[sheet.at + 1 :], before + sheet.at + 2):
            if not any(cell.strip() for cell in row):
                continue
            if any(cell.strip() for cell in row[width:]):
                refusals.append(
                    Refusal(
                        line,
                        f"row {line - before} of the sheet '{sheet.name}' goes on beyond the "
                        f"{width} columns of the header",
                    )
                )
                continue
            filled = row[:width] + [""] * (width - len(row))
            lines.append(line)
            records.append([cell if cell != "" else None for cell in filled])
        before += len(sheet.rows)
    return text_table(header, lines, records, refusals, "workbook")
