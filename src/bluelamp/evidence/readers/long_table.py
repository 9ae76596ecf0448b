"""A plain table of statistics: rows that say when, where and of what, and columns of numbers.

The source's `table` says how it is laid out (`evidence/shape.py`); its columns bear these names:

    date span year quarter month   when, as `table.dated` says
    area area_name                 where: a code, a name, or both (the name where the code is none)
    scope category subcategory flag   what is counted, in the words of the tally
    any that `table.groups` lists  of whom: age, ethnicity, sex
    any that `table.cells` lists   numbers: each cell becomes a row of the tally
    any other                      kept beside them (a standard error, the number asked)

National tables tell of every force, so no row is refused for lying outside the office's territory.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import polars as pl

from bluelamp.evidence.dating import last_month
from bluelamp.evidence.numbers import finite, without_thousands
from bluelamp.evidence.reading import (
    MOST,
    TALLY_SCHEMA,
    FileRefused,
    Places,
    Reading,
    finish,
    in_order,
    refuse,
    whole_number,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised
from bluelamp.evidence.shape import AREAS, DATES, DESCRIBES, Cell, TableShape
from bluelamp.places import name_key

LEVEL_OF = {
    "K": "country", "E92": "country", "W92": "country", "S92": "country", "N92": "country",
    "E12": "country", "E13": "country",  # regions of England, and inner and outer London
    "E23": "force", "W15": "force",
    "E09": "borough", "E05": "ward", "E01": "lsoa", "W01": "lsoa",
}  # fmt: skip
# Areas that a row may be about although no file of definitions/areas lists them.
UNLISTED = r"K\d{8}|[EWSN]92\d{6}|E1[23]\d{6}|[EW]01\d{6}"
KEY = ["month", "area", "scope", "category", "subcategory", "flag", "group"]


def read(file: Recognised, places: Places) -> Reading:
    """Rows of the tally's shape, one per row and cell. Raises FileRefused without a `table`."""
    shape = file.source.table
    if shape is None or not shape.cells:
        raise FileRefused(f"definitions/sources/{file.source.id}.yaml has no table with cells")
    refusals: list[Refusal] = []
    kinds: list[str] = [kind for kind in ("force", "borough") if kind in file.source.levels]
    rows = _dated(file.rows, shape, refusals)
    rows = _placed(rows, shape, places, kinds, refusals)
    rows = _described(rows, refusals)
    rows = _numbers(rows, shape, refusals)
    long = pl.concat([_of_cell(rows, cell, shape) for cell in shape.cells])
    long = _each_once(long, shape, refusals)
    beside = _beside(file, shape)
    return Reading(
        finish(long).hstack(long.select(beside)),
        in_order(refusals),
        tuple(long["month"].unique().sort().to_list()),
    )


def _dated(rows: pl.DataFrame, shape: TableShape, refusals: list[Refusal]) -> pl.DataFrame:
    columns = [name for name in DATES if name in rows.columns]
    texts = rows.select(pl.col(columns).fill_null("")).unique() if columns else pl.DataFrame()
    dates = pl.DataFrame(
        [{**cells, "_month": last_month(cells, shape)} for cells in texts.iter_rows(named=True)]
        or [{"_month": last_month({}, shape)}],
        schema={**dict.fromkeys(columns, pl.String), "_month": pl.String},
    )
    filled = rows.with_columns(pl.col(columns).fill_null(""))
    joined = (
        filled.join(dates, on=columns, how="left", maintain_order="left")
        if columns
        else filled.join(dates, how="cross")
    )
    joined = joined.with_columns(_words=_together(columns))
    words = pl.format(
        "'{}' is not a period as this table writes them ({})", "_words", pl.lit(shape.dated)
    )
    return refuse(joined, pl.col("_month").is_null(), words, refusals)


def _together(columns: Sequence[str]) -> pl.Expr:
    texts = [pl.col(name).cast(pl.String).fill_null("") for name in columns]
    return pl.concat_str(texts, separator=" ").str.strip_chars() if texts else pl.lit("")


def _placed(
    rows: pl.DataFrame,
    shape: TableShape,
    places: Places,
    kinds: list[str],
    refusals: list[Refusal],
) -> pl.DataFrame:
    columns = [name for name in AREAS if name in rows.columns]
    named = {name_key(name): code for name, code in shape.named.items()}
    for kind in kinds:
        named = {**places.gazetteer.spellings(kind), **named}

    def code(cells: dict[str, Any]) -> str | None:
        given = [str(cells[name] or "").strip() for name in columns]
        codes = [text for text in given if _is_code(text, places)]
        names = [named[name_key(text)] for text in given if name_key(text) in named]
        return next(iter([*codes, *names]), None if columns else shape.about)

    if not columns:
        level, within = _level_and_within(shape.about, places)
        return rows.with_columns(
            area=pl.lit(shape.about), level=pl.lit(level), within=pl.lit(within)
        )
    found = []
    for cells in rows.select(columns).unique().iter_rows(named=True):
        area = code(cells)
        level, within = _level_and_within(area or "", places)
        found.append({**cells, "_area": area, "level": level, "within": within})
    texts = ("_area", "level", "within")
    areas = pl.DataFrame(found, schema={**dict.fromkeys((*columns, *texts), pl.String)})
    joined = rows.join(areas, on=columns, how="left", nulls_equal=True, maintain_order="left")
    joined = joined.with_columns(_words=_together(columns))
    words = pl.format(
        "'{}' is no {} that definitions/areas lists; if it is one, add it there as a spelling",
        "_words",
        pl.lit(" or ".join(kinds) or "area"),
    )
    joined = refuse(joined, pl.col("_area").is_null(), words, refusals)
    return joined.drop(columns).rename({"_area": "area"})


def _is_code(text: str, places: Places) -> bool:
    return text in places.gazetteer or re.fullmatch(UNLISTED, text) is not None


def _level_and_within(area: str, places: Places) -> tuple[str, str]:
    """The level of an area, by its code, and what it lies in (an area without a parent: itself)."""
    if area in places.gazetteer:
        found = places.gazetteer[area]
        return found.kind, found.parent or area
    level = next((level for start, level in LEVEL_OF.items() if area.startswith(start)), "")
    return level, "" if level == "lsoa" else area


def _described(rows: pl.DataFrame, refusals: list[Refusal]) -> pl.DataFrame:
    described = [name for name in DESCRIBES if name in rows.columns]
    rows = rows.with_columns(
        pl.col(name).str.strip_chars().str.replace_all(r"\s+", " ").str.to_uppercase()
        for name in described
    )
    if "category" not in described:
        return rows
    nameless = pl.col("category").is_null() | (pl.col("category") == "")
    return refuse(rows, nameless, "the row does not say what it counts", refusals)


def _numbers(rows: pl.DataFrame, shape: TableShape, refusals: list[Refusal]) -> pl.DataFrame:
    """Add `_n0`, `_n1`...: the number in each cell, null where the publisher gives none."""
    for i, cell in enumerate(shape.cells):
        text = without_thousands(pl.col(cell.column).str.strip_chars())
        rows = rows.with_columns(text.alias("_text"))
        number = finite(pl.col("_text")) if cell.holds == "value" else whole_number("_text")
        blank = pl.col("_text").is_null() | pl.col("_text").is_in(["", *shape.blanks])
        rows = rows.with_columns(number.alias(f"_n{i}"), _blank=blank)
        kind = "a number" if cell.holds == "value" else "a count (a whole number, 0 or more)"
        words = pl.format("'{}' is not {}", pl.col("_text").fill_null(""), pl.lit(kind))
        rows = refuse(rows, pl.col(f"_n{i}").is_null() & ~pl.col("_blank"), words, refusals)
    return rows


def _of_cell(rows: pl.DataFrame, cell: Cell, shape: TableShape) -> pl.DataFrame:
    """The rows of one column of numbers, with what the cell itself tells."""
    i = shape.cells.index(cell)
    told = {name: getattr(cell, name) for name in DESCRIBES}
    filled = {
        name: pl.lit(text) if text or name not in rows.columns else pl.col(name)
        for name, text in told.items()
    }
    if not cell.scope and "scope" not in rows.columns:
        filled["scope"] = _whole_years(rows)
    number = pl.col(f"_n{i}")
    return rows.with_columns(
        **filled,
        group=_group(cell, shape),
        month=pl.col("_month"),
        count=number.cast(pl.Int64) if cell.holds == "count" else pl.lit(None, pl.Int64),
        value=number.cast(pl.Float64) if cell.holds == "value" else pl.lit(None, pl.Float64),
        _cell=pl.lit(cell.column),
        _holds=pl.lit(cell.holds),
        _weight=_people(cell.weight) if cell.weight else pl.lit(None, pl.Float64),
    )


def _people(column: str) -> pl.Expr:
    """How many people a mean is of; null where no number of people can be so large."""
    number = finite(pl.col(column))
    return pl.when(number <= MOST).then(number)


def _whole_years(rows: pl.DataFrame) -> pl.Expr:
    """A year and its last quarter end in the same month: the scope keeps them apart."""
    if "quarter" not in rows.columns:
        return pl.lit("all")
    whole = pl.col("quarter").str.starts_with("All")
    return pl.when(whole).then(pl.lit("YEAR")).otherwise(pl.lit("QUARTER"))


def _group(cell: Cell, shape: TableShape) -> pl.Expr:
    """ "age=18-24; sex=Male": keys in alphabetical order, nothing where the row tells of all."""
    parts: dict[str, pl.Expr] = {}
    if cell.group:
        parts[cell.group.split("=")[0]] = pl.lit(cell.group)
    for name in shape.groups:
        text = pl.col(name).str.strip_chars().str.replace_all(";", ",", literal=True)
        told = text.replace(dict(shape.recoded)) if shape.recoded else text
        of_some = ~text.is_in(["", *shape.everyone])
        parts[name] = pl.when(of_some).then(pl.concat_str(pl.lit(f"{name}="), told))
    if not parts:
        return pl.lit("")
    return pl.concat_str([parts[name] for name in sorted(parts)], separator="; ", ignore_nulls=True)


def _each_once(long: pl.DataFrame, shape: TableShape, refusals: list[Refusal]) -> pl.DataFrame:
    """Two rows that say the same of the same thing cannot both be right."""
    if shape.repeats == "numbered":
        nth = pl.int_range(pl.len()).over(KEY) + 1
        numbered = pl.format("{} ({})", pl.col("category"), nth)
        return long.with_columns(
            category=pl.when(nth > 1).then(numbered).otherwise(pl.col("category"))
        )
    # A count may stand in several rows that differ in a column that is kept beside; a value not.
    beside = [
        name
        for name in long.columns
        if name not in TALLY_SCHEMA and name not in ("line", "_text", "_blank", "_words")
        and name not in {cell.column for cell in shape.cells}
        and not name.startswith("_n")
    ]  # fmt: skip
    # Where the publisher gives no number, rows may say so as often as they like.
    weighed = pl.col("_weight").fill_null(0) > 0
    # Where means have weights, rows may be parts of one group: their counts are added.
    parts = weighed | ((pl.col("_holds") == "count") & any(cell.weight for cell in shape.cells))
    given = pl.coalesce("count", "value").is_not_null() & ~parts
    counted = given.sum().over([*KEY, *beside])
    times = pl.when(pl.col("_holds") == "count").then(counted).otherwise(given.sum().over(KEY))
    twice = given & (times > 1)
    long = long.with_columns(_words=_together(["category", "group"]))
    words = pl.format(
        "the row says '{}' of {} for {} once more; which is right cannot be told",
        "_words",
        pl.col("area"),
        pl.col("month"),
    )
    long = long.with_columns(
        value=pl.when(weighed).then(_put_together()).otherwise(pl.col("value"))
    )
    bad: list[Refusal] = []
    refuse(long, twice, words, bad)
    refusals.extend({refusal.line: refusal for refusal in bad}.values())
    return long.filter(~pl.col("line").is_in([refusal.line for refusal in bad]))


def _put_together() -> pl.Expr:
    """The mean of a group whose parts stand in several rows: each part counts by its people."""
    weight = pl.when(pl.col("value").is_not_null()).then(pl.col("_weight"))
    # Shares of the people first: a mean times its people may be more than a number can hold.
    return (pl.col("value") * (weight / weight.sum().over(KEY))).sum().over(KEY)


def _beside(file: Recognised, shape: TableShape) -> list[str]:
    used = {*DATES, *AREAS, *DESCRIBES, *shape.groups, *(cell.column for cell in shape.cells)}
    own = [column.name for column in file.source.columns]
    return [name for name in own if name not in used and name in file.rows.columns]
