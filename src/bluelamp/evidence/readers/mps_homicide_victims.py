"""The Metropolitan Police's list of homicide victims: a row per victim, no zero rows."""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.reading import (
    Places,
    Reading,
    finish,
    in_order,
    refuse,
    refuse_cell,
    refuse_unplaced,
    whole_number,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised
from bluelamp.periods import Month, months_between

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def read(file: Recognised, places: Places) -> Reading:
    """Victims by month of recording, borough, offence type, age group and domestic abuse or not."""
    return people_by_month(
        file,
        places,
        "victims",
        category=pl.col("category").str.strip_chars().str.to_uppercase(),
        subcategory=pl.col("subcategory").str.strip_chars(),
        flag=pl.col("flag").str.strip_chars().str.to_uppercase(),
    )


def people_by_month(file: Recognised, places: Places, people: str, **told: pl.Expr) -> Reading:
    """Rows of the police's lists of people by month and borough: `told` says what else they tell,
    `people` what they are called in a refusal."""
    refusals: list[Refusal] = []
    rows = file.rows.with_columns(
        _month=month_named("month"),
        n=whole_number("count"),
        area=places.code_of("borough", places.boroughs),
    )
    rows = refuse_cell(
        rows, pl.col("_month").is_null(), "month", "a month; months are written Jan-03", refusals
    )
    rows = refuse(
        rows,
        pl.col("n").is_null(),
        pl.format("'{}' is not a number of {}", pl.col("count").fill_null(""), pl.lit(people)),
        refusals,
    )
    rows = refuse_unplaced(rows, places, refusals, code="area", name="borough")
    rows = rows.with_columns(
        month=pl.col("_month"),
        count=pl.col("n"),
        within=pl.col("area").replace_strict(places.parents(), default=places.force),
        **told,
    )
    months = rows["month"].unique().sort().to_list()
    covered = months_between(Month.parse(months[0]), Month.parse(months[-1])) if months else []
    return Reading(
        finish(rows, level="borough", scope="all"),
        in_order(refusals),
        tuple(str(month) for month in covered),
    )


def month_named(column: str) -> pl.Expr:
    """2003-01 for "Jan-03" or "Jan-2003" in a text column, null for anything else.

    "Jan-03" is January 2003: the police's lists begin in 2003 and never give days.
    """
    text = pl.col(column).str.strip_chars()
    number = {name: f"{i:02}" for i, name in enumerate(MONTHS, 1)}
    written = pl.concat_str(
        pl.lit("20"),
        text.str.slice(-2),
        pl.lit("-"),
        text.str.slice(0, 3).replace_strict(number, default=None),
    )
    return pl.when(text.str.contains(r"^[A-Z][a-z]{2}-(20)?\d{2}$")).then(written)
