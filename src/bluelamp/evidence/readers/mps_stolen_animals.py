"""The Metropolitan Police's list of stolen animals: a row per theft, no zero rows."""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.readers.mps_homicide_victims import month_named
from bluelamp.evidence.reading import (
    Places,
    Reading,
    finish,
    in_order,
    refuse_cell,
    refuse_unplaced,
    whole_number,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised
from bluelamp.periods import Month, months_between


def read(file: Recognised, places: Places) -> Reading:
    """Animals by month, borough, kind of animal, kind of offence, and whether it was found again.

    A row that does not say how many is kept without a number, and its month is not complete.
    """
    refusals: list[Refusal] = []
    rows = file.rows.with_columns(
        _month=month_named("month"),
        n=whole_number("count"),
        area=places.code_of("borough", places.boroughs),
    )
    rows = refuse_cell(
        rows, pl.col("_month").is_null(), "month", "a month; months are written Jan-2010", refusals
    )
    rows = refuse_cell(
        rows,
        pl.col("n").is_null() & pl.col("count").is_not_null(),
        "count",
        "a number of animals",
        refusals,
    )
    rows = refuse_unplaced(rows, places, refusals, code="area", name="borough")
    rows = rows.with_columns(
        month=pl.col("_month"),
        count=pl.col("n"),
        within=pl.col("area").replace_strict(places.parents(), default=places.force),
        category=pl.col("animal").str.strip_chars().fill_null("Not recorded").str.to_uppercase(),
        subcategory=pl.col("offence").str.strip_chars().str.to_uppercase(),
        flag=pl.col("recovered").str.strip_chars().str.to_uppercase(),
    )
    months = rows["month"].unique().sort().to_list()
    covered = months_between(Month.parse(months[0]), Month.parse(months[-1])) if months else []
    uncounted = rows.filter(pl.col("count").is_null()).group_by("month").len()
    return Reading(
        finish(rows, level="borough", scope="all"),
        in_order(refusals),
        tuple(str(month) for month in covered),
        partial={
            month: f"{n} of its rows do not say how many animals were stolen"
            if n > 1
            else "one of its rows does not say how many animals were stolen"
            for month, n in uncounted.iter_rows()
        },
    )
