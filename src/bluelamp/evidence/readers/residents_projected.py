"""Residents by area and year where one table holds estimates and projections: `flag` says which.

Boroughs stand beside larger areas (London, Inner and Outer London), which are at the level of the
country: they are never added to the boroughs that they are made of.
"""

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

LEVELS = {"E09": "borough", "E12": "country", "E13": "country", "E05": "ward"}
ONLY_SERIES = "GLA Population Projections"


def read(file: Recognised, places: Places) -> Reading:
    """Residents at the level that each code is of; the month is June of the year."""
    refusals: list[Refusal] = []
    rows = file.rows.with_columns(
        area=pl.col("area").str.strip_chars(),
        y=whole_number("year"),
        count=whole_number("residents"),
        flag=pl.col("series") if "series" in file.rows.columns else pl.lit(ONLY_SERIES),
        level=pl.col("area")
        .str.slice(0, 3)
        .replace_strict(LEVELS, default=None, return_dtype=pl.String),
    )
    rows = refuse(
        rows,
        pl.col("level").is_null() | ~pl.col("area").str.contains(r"^E\d{8}$"),
        pl.format("'{}' is no code of a borough, ward or region", pl.col("area").fill_null("")),
        refusals,
    )
    rows = refuse_cell(rows, ~pl.col("y").is_between(1801, 2200), "year", "a year", refusals)
    rows = refuse_cell(rows, pl.col("count").is_null(), "residents", "a number of people", refusals)
    rows = refuse(
        rows, pl.col("flag").is_null(), "the row does not say which series it is of", refusals
    )
    rows = refuse(
        rows,
        pl.len().over("area", "y", "flag") > 1,
        pl.format("{} stands twice for {}; neither is taken", pl.col("area"), pl.col("y")),
        refusals,
    )
    inside = (
        pl.col("borough").map_elements(
            lambda name: places.boroughs.get(name.casefold(), ""), return_dtype=pl.String
        )
        if "borough" in rows.columns
        else pl.col("area").replace_strict(places.parents(), default="", return_dtype=pl.String)
    )
    rows = rows.with_columns(month=pl.format("{}-06", "y"), within=inside)
    return Reading(
        finish(rows, scope="all", category="RESIDENTS"),
        in_order(refusals),
        tuple(rows["month"].unique().sort().to_list()),
    )
