"""The Metropolitan Police's list of people charged or summonsed for a homicide: a row per person,
no zero rows."""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.readers.mps_homicide_victims import month_named
from bluelamp.evidence.reading import (
    Places,
    Reading,
    finish,
    groups,
    in_order,
    refuse,
    refuse_unplaced,
    whole_number,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised
from bluelamp.periods import Month, months_between


def read(file: Recognised, places: Places) -> Reading:
    """People by month of the proceedings, borough, offence type, what came of it, and groups."""
    refusals: list[Refusal] = []
    rows = file.rows.with_columns(
        _month=month_named("month"),
        n=whole_number("count"),
        area=places.code_of("borough", places.boroughs),
    )
    rows = refuse(
        rows,
        pl.col("_month").is_null(),
        pl.format("'{}' is not a month; months are written Jan-03", pl.col("month").fill_null("")),
        refusals,
    )
    rows = refuse(
        rows,
        pl.col("n").is_null(),
        pl.format("'{}' is not a number of people", pl.col("count").fill_null("")),
        refusals,
    )
    rows = refuse_unplaced(rows, places, refusals, code="area", name="borough")
    rows = rows.with_columns(
        month=pl.col("_month"),
        count=pl.col("n"),
        within=pl.col("area").replace_strict(places.parents(), default=places.force),
        category=pl.col("category").str.strip_chars().str.to_uppercase(),
        flag=pl.col("flag").str.strip_chars().str.to_uppercase(),
        group=groups(age="age", ethnicity="ethnicity", sex="sex"),
    )
    months = rows["month"].unique().sort().to_list()
    covered = months_between(Month.parse(months[0]), Month.parse(months[-1])) if months else []
    return Reading(
        finish(rows, level="borough", scope="all"),
        in_order(refusals),
        tuple(str(month) for month in covered),
    )
