"""The Metropolitan Police's custody table: how detentions ended, by month, without place."""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.reading import (
    Places,
    Reading,
    finish,
    groups,
    in_order,
    refuse,
    refuse_cell,
    whole_number,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised


def read(file: Recognised, places: Places) -> Reading:
    """Offences by month of disposal, group of offences (category) and disposal (subcategory)."""
    refusals: list[Refusal] = []
    year, number = whole_number("year"), whole_number("month_number")
    dated = year.is_between(2000, 2100) & number.is_between(1, 12)
    rows = file.rows.with_columns(
        month=pl.when(dated).then(pl.format("{}-{}", year, number.cast(pl.String).str.zfill(2))),
        n=whole_number("count"),
    )
    rows = refuse(
        rows,
        pl.col("month").is_null(),
        pl.format(
            "'{}' and '{}' are not a year and the number of a month",
            pl.col("year").fill_null(""),
            pl.col("month_number").fill_null(""),
        ),
        refusals,
    )
    rows = refuse_cell(rows, pl.col("n").is_null(), "count", "a count of offences", refusals)
    rows = refuse(
        rows,
        pl.any_horizontal(pl.col("category", "subcategory").is_null()),
        "the row does not say which offence or which disposal it counts",
        refusals,
    )
    names = [pl.col(c).str.strip_chars().str.to_uppercase() for c in ("category", "subcategory")]
    rows = rows.with_columns(
        *names, count=pl.col("n"), group=groups(age="age", ethnicity="ethnicity", sex="sex")
    )
    key = ["month", "category", "subcategory", "group"]
    rows = refuse(
        rows,
        pl.len().over(key) > 1,
        pl.format(
            "{} / {} stands twice for this month and group of people; which is right cannot be "
            "told, so neither is counted",
            pl.col("category"),
            pl.col("subcategory"),
        ),
        refusals,
    )
    return Reading(
        finish(rows, level="force", area=places.force, within=places.force, scope="all"),
        in_order(refusals),
        tuple(rows["month"].unique().sort().to_list()),
    )
