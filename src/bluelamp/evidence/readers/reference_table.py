"""A table in which things are looked up: kept as it is, with its numbers made numbers.

A column is one of numbers where every cell of it is a number or one of the marks that the source's
`table.blanks` lists; a mark becomes no value. The row's name (`table.key`) must be there, and once;
two rows that are the same in every cell are one (the City of London as a ward and as a borough).
"""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.dating import last_month
from bluelamp.evidence.numbers import finite, without_thousands
from bluelamp.evidence.reading import FileRefused, Places, Reading, in_order, refuse
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised
from bluelamp.evidence.shape import DATES, TableShape


def read(file: Recognised, places: Places) -> Reading:
    """The source's columns, Float64 or text, and `line`. Raises FileRefused without a `table`."""
    shape = file.source.table
    if shape is None or not shape.key:
        raise FileRefused(f"definitions/sources/{file.source.id}.yaml has no table with a key")
    refusals: list[Refusal] = []
    key = [pl.col(name).str.strip_chars() for name in shape.key]
    rows = file.rows.with_columns(key)
    nameless = pl.any_horizontal((pl.col(name).fill_null("") == "") for name in shape.key)
    words = f"the row has nothing in {' or '.join(shape.key)}, so what it is about is unknown"
    rows = refuse(rows, nameless, words, refusals)
    cells = [name for name in rows.columns if name != "line"]
    named = rows.height
    rows = rows.unique(cells, keep="first", maintain_order=True)
    again = named - rows.height
    rows = rows.with_columns(_name=pl.concat_str(list(shape.key), separator=", "))
    twice = pl.len().over(list(shape.key)) > 1
    rows = refuse(rows, twice, pl.format("{} stands twice; neither is taken", "_name"), refusals)
    typed = rows.select("line", *(_typed(rows, name, shape) for name in cells))
    return Reading(
        typed,
        in_order(refusals),
        _months(rows, shape),
        notes=(f"{again:,} rows stand twice, the same in every cell, and are one",)
        if again
        else (),
    )


def _typed(rows: pl.DataFrame, name: str, shape: TableShape) -> pl.Expr:
    text = pl.col(name).str.strip_chars()
    if name in shape.key:  # a code such as 104 or 00AA is a name, not a number
        return text
    given = pl.when(~text.is_in(["", *shape.blanks])).then(text)
    number = finite(without_thousands(given))
    strange = rows.select((given.is_not_null() & number.is_null()).any()).item()
    return given.alias(name) if strange else number.alias(name)


def _months(rows: pl.DataFrame, shape: TableShape) -> tuple[str, ...]:
    columns = [name for name in DATES if name in rows.columns]
    cells = rows.select(pl.col(columns).fill_null("")).unique().to_dicts() if columns else [{}]
    if shape.dated == "nowhere":
        return (shape.month,) if shape.month else ()
    return tuple(sorted({month for each in cells if (month := last_month(each, shape))}))
