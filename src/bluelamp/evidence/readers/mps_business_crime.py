"""The Metropolitan Police's two tables of business crime: offences, and outcomes, by day and
borough; only combinations of which there was one or more."""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.absent_days import absent_days
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

POSITIVE = {"Y": "POSITIVE OUTCOME", "N": "OTHER OUTCOME"}


def read(file: Recognised, places: Places) -> Reading:
    """Counts by month, borough, section (category) and group of crime (subcategory).

    In the table of outcomes `flag` says whether the police count the outcome as positive; the
    outcome's own words are kept beside it.
    """
    refusals: list[Refusal] = []
    day = pl.col("date").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    rows = file.rows.with_columns(
        day=day, n=whole_number("count"), area=places.code_of("borough", places.boroughs)
    )
    rows = refuse_cell(
        rows, pl.col("day").is_null(), "date", "a day; days are written 2024-05-17", refusals
    )
    rows = refuse_cell(rows, pl.col("n").is_null(), "count", "a count", refusals)
    rows = refuse(
        rows,
        pl.any_horizontal(pl.col("category", "subcategory").is_null()),
        "the row does not say which crime it counts",
        refusals,
    )
    outcomes = "positive" in rows.columns
    if outcomes:
        rows = refuse(
            rows,
            ~pl.col("positive").is_in(list(POSITIVE)),
            pl.format(
                "'{}' does not say whether the outcome is positive (Y or N)",
                pl.col("positive").fill_null(""),
            ),
            refusals,
        )
    rows = refuse_unplaced(rows, places, refusals, code="area", name="borough")
    flag = pl.col("positive").replace_strict(POSITIVE) if outcomes else pl.lit("")
    rows = rows.with_columns(
        month=pl.col("day").dt.strftime("%Y-%m"),
        count=pl.col("n"),
        within=pl.col("area").replace_strict(places.parents(), default=places.force),
        category=pl.col("category").str.strip_chars().str.to_uppercase(),
        subcategory=pl.col("subcategory").str.strip_chars().str.to_uppercase(),
        flag=flag,
    )
    beside = ["day", *(["outcome"] if outcomes else [])]
    return Reading(
        finish(rows, level="borough", scope="all").hstack(rows.select(beside)),
        in_order(refusals),
        tuple(rows["month"].unique().sort().to_list()),
        partial=absent_days(rows["day"]),
    )
