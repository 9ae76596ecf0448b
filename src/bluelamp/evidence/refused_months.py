"""Of which months the refused rows of a file are: for them, only those months are partial.

No reader need know of it. A refused row is of the month of the rows that were kept with the same
date in them; where there is none such, its own date is read. A row of which neither tells the month
(the line could not even be cut, its date is none, or the table has a column for every month) may be
of any, and makes all of them partial.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from bluelamp.evidence.dating import last_month, month_written
from bluelamp.evidence.recognise import Recognised

# What a source calls the columns that say when (docs/how-to/add-a-source.md).
WHEN = ("date", "span", "year", "quarter", "month", "month_number")

Cells = tuple[str | None, ...]


def refused_by_month(
    file: Recognised, kept: pl.DataFrame, months: Sequence[str], lines: Collection[int]
) -> dict[str, int]:
    """How many of the refused `lines` are of each of the `months` that the file covers, or may be;
    months without any are left out.

    `kept` are the rows that the reader made of the others: `line` and `month` are looked at.
    """
    if not lines:
        return {}
    dates = _dates(file, lines)
    known = _as_kept(file, kept, set(dates.values()))
    of_lines = {line: known.get(cells) or _as_read(file, cells) for line, cells in dates.items()}
    of_any = sum(not of_lines.get(line) for line in set(lines))
    counts = Counter(month for found in of_lines.values() for month in found)
    return {month: n for month in months if (n := counts[month] + of_any)}


def _when(file: Recognised) -> list[str]:
    """The columns of the file that say when."""
    return [
        column.name
        for column in file.source.columns
        if (column.name in WHEN or (column.fill and column.fill.becomes == "month"))
        and column.name in file.rows.columns
    ]


def _dated(file: Recognised) -> pl.DataFrame:
    """The line of each row, and its cells that say when."""
    return file.rows.select(pl.col("line").cast(pl.Int64), *_when(file))


def _dates(file: Recognised, lines: Collection[int]) -> dict[int, Cells]:
    rows = _dated(file).filter(pl.col("line").is_in(list(lines)))
    return {line: cells for line, *rest in rows.iter_rows() if any(cells := tuple(rest))}


def _as_kept(
    file: Recognised, kept: pl.DataFrame, wanted: Collection[Cells]
) -> Mapping[Cells, set[str]]:
    """The months that rows with these very cells were kept under."""
    if not wanted:
        return {}
    dated = _dated(file)
    cells = pl.DataFrame(list(wanted), schema=dated.drop("line").schema, orient="row")
    same = dated.join(cells, on=cells.columns, how="semi", nulls_equal=True)
    months = kept.select(pl.col("line").cast(pl.Int64), "month").unique()
    found: dict[Cells, set[str]] = {}
    for *date, month in same.join(months, on="line").drop("line").unique().iter_rows():
        found.setdefault(tuple(date), set()).add(month)
    return found


def _as_read(file: Recognised, cells: Cells) -> set[str]:
    """The month that the cells name by themselves, if they do."""
    texts = {name: text or "" for name, text in zip(_when(file), cells, strict=True)}
    if file.source.table:
        month = last_month(texts, file.source.table)
    else:
        month = month_written(next(iter(texts.values()))) if len(texts) == 1 else None
    return {month} if month else set()
