"""Mid-year estimates of residents: a row per borough and year. The month is June of the year."""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.reading import (
    Places,
    Reading,
    finish,
    in_order,
    refuse,
    refuse_cell,
    whole_number,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised


def read(file: Recognised, places: Places) -> Reading:
    """Residents by borough; `count` is people."""
    refusals: list[Refusal] = []
    boroughs = [area.code for area in places.gazetteer.of_kind("borough")]
    rows = file.rows.with_columns(
        area=pl.col("borough").str.strip_chars(),
        n=whole_number("residents"),
        y=pl.col("year").cast(pl.Int64, strict=False),
    )
    rows = refuse_cell(
        rows, ~pl.col("area").is_in(boroughs), "area", "the code of a borough", refusals
    )
    rows = refuse_cell(
        rows,
        pl.col("y").is_null() | ~pl.col("y").is_between(1801, 2200),
        "year",
        "a year",
        refusals,
    )
    rows = refuse_cell(rows, pl.col("n").is_null(), "residents", "a number of people", refusals)
    rows = refuse(
        rows,
        pl.len().over("area", "y") > 1,
        pl.format("{} stands twice for {}; neither is taken", pl.col("area"), pl.col("y")),
        refusals,
    )
    rows = rows.with_columns(
        month=pl.format("{}-06", "y"),
        count=pl.col("n"),
        within=pl.col("area").replace_strict(places.parents(), default=places.force),
    )
    return Reading(
        finish(rows, level="borough", scope="all", category="RESIDENTS"),
        in_order(refusals),
        tuple(rows["month"].unique().sort().to_list()),
    )
