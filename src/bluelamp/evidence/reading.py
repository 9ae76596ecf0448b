"""What every reader hands over: rows in one shape, and the lines it refused.

A tally row is a count (or a published value) for a month, the finest area the file knows, and what
is counted. Readers turn a publisher's columns into these; nothing else knows a publisher's columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import polars as pl

from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised
from bluelamp.places import Gazetteer, name_key

# The columns of every typed file, in order. A reader may add columns of its own behind them.
TALLY_SCHEMA = {
    "month": pl.String,  # 2023-06
    "level": pl.String,  # one of LEVELS
    "area": pl.String,  # GSS code, or outside:<name>
    "within": pl.String,  # the area that holds it: a borough's force, a ward's borough
    "scope": pl.String,  # what a publication replaces: 'all', a crime type, a force
    "category": pl.String,
    "subcategory": pl.String,
    "flag": pl.String,
    "group": pl.String,  # of people: "ethnicity=Black; age=18-24"; '' where a file tells of none
    "count": pl.Int64,  # null for published values
    "value": pl.Float64,  # a published proportion, null for counts
}

LEVELS = ("country", "force", "borough", "ward", "lsoa")

# No month and area has more of anything; a greater number is a fault, and sums stay exact below it.
MOST = 1_000_000_000
# Words put together from a cell that is empty are none: a line that was cut short, most often.
CUT_SHORT = "the row lacks a cell that it must have; the line may have been cut short"

# Each refused row is kept with its reason, and a million fill half a gigabyte. A file with more for
# one reason is refused whole: its bytes are kept.
MOST_REFUSED = 1_000_000


class FileRefused(ValueError):
    """Nothing of the file can be used; the message says what to do."""


@dataclass(frozen=True)
class Reading:
    """rows: TALLY_SCHEMA columns plus `line`; refusals in line order.

    months   the months the file covers, even where a month has no row.
    system   the publisher's category system, where it has had several.
    partial  month -> why the file's own structure shows that it is not all there.
    notes    what a person should know of this file, kept in its receipt ("30 rows stand twice").
    """

    rows: pl.DataFrame
    refusals: tuple[Refusal, ...]
    months: tuple[str, ...] = ()
    system: str = ""
    partial: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Places:
    """What readers may know of places: the areas, the office's forces, the look-ups."""

    gazetteer: Gazetteer
    force: str
    territory: tuple[str, ...]
    lookups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def boroughs(self) -> dict[str, str]:
        return self.gazetteer.spellings("borough")

    @cached_property
    def forces(self) -> dict[str, str]:
        return self.gazetteer.spellings("force")

    def code_of(self, column: str, names: Mapping[str, str]) -> pl.Expr:
        """An expression: the code for each name of a text column, or null where none is listed."""

        def codes(texts: pl.Series) -> pl.Series:
            # A column holds few names many times over: each is looked up once.
            found = {text: names.get(name_key(text)) for text in texts.unique().drop_nulls()}
            return texts.replace_strict(found, default=None, return_dtype=pl.String)

        return pl.col(column).map_batches(codes, return_dtype=pl.String, is_elementwise=True)

    def parents(self) -> dict[str, str]:
        return {area.code: area.parent or "" for area in self.gazetteer}

    def suggest_borough(self, name: str) -> str:
        try:
            self.gazetteer.named(name, "borough")
        except KeyError as error:
            return str(error)
        return ""


class Reader(Protocol):
    """A module of `evidence/readers/`: found by the name that a source gives as `reader`."""

    def read(self, file: Recognised, places: Places) -> Reading: ...


def refuse(
    rows: pl.DataFrame, bad: pl.Expr, words: pl.Expr | str, refusals: list[Refusal]
) -> pl.DataFrame:
    """Take the rows for which `bad` holds out, noting line and words of each; keep the rest.

    Raises FileRefused where they are more than MOST_REFUSED.
    """
    reason = words if isinstance(words, pl.Expr) else pl.lit(words)
    out_of_it = rows.with_columns(_bad=bad.fill_null(value=True))["_bad"]
    if not out_of_it.any():
        return rows
    # In one piece: Polars panics when it puts words together from a column in many.
    out = (
        rows.filter(out_of_it).rechunk().select("line", reason.fill_null(CUT_SHORT).alias("reason"))
    )
    if out.height > MOST_REFUSED:
        raise FileRefused(
            f"{out.height:,} rows cannot be used, the first on line {out['line'][0]}: "
            f"{out['reason'][0]}; it is another table or damaged: download it again, or split it "
            "by year"
        )
    refusals.extend(Refusal(int(line), str(text)) for line, text in out.iter_rows())
    return rows.filter(~out_of_it)


def refuse_cell(
    rows: pl.DataFrame, bad: pl.Expr, column: str, what: str, refusals: list[Refusal]
) -> pl.DataFrame:
    """Take the rows for which `bad` holds out, because the text in `column` is not `what`."""
    words = pl.format("'{}' is not {}", pl.col(column).fill_null(""), pl.lit(what))
    return refuse(rows, bad, words, refusals)


def whole_number(column: str) -> pl.Expr:
    """The whole number in a text column ("7", or "7.0" as Parquet may have it), or null."""
    number = pl.col(column).str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    return pl.when(number.is_between(0, MOST)).then(number)


def refuse_unplaced(
    rows: pl.DataFrame, places: Places, refusals: list[Refusal], *, code: str, name: str
) -> pl.DataFrame:
    """Take out the rows whose column `code` found no borough for the name in column `name`."""
    words = (
        pl.col(name)
        .map_elements(places.suggest_borough, return_dtype=pl.String, skip_nulls=True)
        .fill_null("the row names no borough")
    )
    return refuse(rows, pl.col(code).is_null(), words, refusals)


def groups(**columns: str) -> pl.Expr:
    """The tally's `group` of text columns: "age=15 to 19; ethnicity=Black; sex=Male"."""
    return pl.concat_str(
        [
            pl.format(
                "{}={}",
                pl.lit(key),
                pl.col(columns[key]).str.strip_chars().replace("", None).fill_null("Not recorded"),
            )
            for key in sorted(columns)
        ],
        separator="; ",
    )


def in_order(refusals: list[Refusal]) -> tuple[Refusal, ...]:
    """Refusals in the order of their lines."""
    return tuple(sorted(refusals, key=lambda refusal: refusal.line))


def finish(rows: pl.DataFrame, **constants: str | None) -> pl.DataFrame:
    """Bring rows into TALLY_SCHEMA's columns and order (plus `line`), filling what is constant."""
    have = set(rows.columns)
    columns: list[pl.Expr] = []
    for name, dtype in TALLY_SCHEMA.items():
        cells = (pl.col(name) if name in have else pl.lit(constants.get(name))).cast(dtype)
        columns.append((cells.fill_null("") if dtype == pl.String else cells).alias(name))
    return rows.select("line", *columns)
