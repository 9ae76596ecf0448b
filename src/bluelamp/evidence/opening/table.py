"""What every kind of file becomes when it is opened: a table of text, with the line of each row."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from bluelamp.evidence.receipt import Refusal

# The largest file of any publisher known here unpacks to about 200 MB. What unpacks to more than
# this is no table of crimes, or was made to fill the memory of whoever opens it.
MOST_BYTES = 1 << 29
# A Parquet file of 150 KB can say the same thing 20 million times. So many cells fill 2 GB.
MOST_CELLS = 100_000_000


class CannotOpen(ValueError):
    """The bytes are no table that can be read; the message says what to do."""


@dataclass(frozen=True)
class Table:
    """A file opened: `rows` has the file's own columns, all text, plus `line`.

    line   where the row stood. CSV and spreadsheets: the line or row of the file (the header
           stands on one too); JSON, GeoJSON and Parquet: the number of the record, from 1.
    kind   csv, parquet, workbook, json or geojson.
    """

    header: tuple[str, ...]
    rows: pl.DataFrame
    refusals: tuple[Refusal, ...]
    kind: str


def distinct(header: Iterable[str]) -> tuple[str, ...]:
    """Number repeated names ("a", "a (2)") so that a file with twins can still be recognised."""
    names = {"line": None}  # is ours; a dict keeps the order and finds a name at once
    for name in header:
        spellings = (name if n == 1 else f"{name} ({n})" for n in itertools.count(1))
        names[next(spelling for spelling in spellings if spelling not in names)] = None
    return tuple(names)[1:]


def text_table(
    header: tuple[str, ...],
    lines: Sequence[int],
    records: Sequence[Sequence[str | None]],
    refusals: Sequence[Refusal],
    kind: str,
) -> Table:
    """A table from records of as many cells as the header has names."""
    columns = list(zip(*records, strict=True)) if records else [()] * len(header)
    frame = pl.DataFrame(
        {
            name: pl.Series(name, cells, pl.String)
            for name, cells in zip(header, columns, strict=True)
        }
    ).with_columns(pl.Series("line", lines, pl.UInt32))
    return Table(header, frame, tuple(refusals), kind)
