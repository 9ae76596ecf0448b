"""Census 2021 residents by LSOA, put into wards by the look-up of definitions/areas/lookups."""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.reading import Places, Reading, finish, in_order, refuse, whole_number
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised

CENSUS_MONTH = "2021-03"
LOOKUP = "lsoa21-ward"


def read(file: Recognised, places: Places) -> Reading:
    """Residents by ward of the 2025 edition; a row per LSOA, `count` is people."""
    refusals: list[Refusal] = []
    ward_of = places.lookups[LOOKUP]
    rows = file.rows.with_columns(
        area=pl.col("lsoa").replace_strict(ward_of, default=None, return_dtype=pl.String),
        n=whole_number("residents"),
    )
    rows = refuse(
        rows,
        pl.col("area").is_null(),
        pl.format(
            "the LSOA '{}' is not in the look-up {}", pl.col("lsoa").fill_null(""), pl.lit(LOOKUP)
        ),
        refusals,
    )
    rows = refuse(
        rows,
        pl.col("n").is_null(),
        pl.format("'{}' is not a number of people", pl.col("residents").fill_null("")),
        refusals,
    )
    rows = refuse(
        rows,
        pl.len().over("lsoa") > 1,
        pl.format("{} stands twice; neither is taken", pl.col("lsoa")),
        refusals,
    )
    rows = rows.with_columns(
        count=pl.col("n"),
        within=pl.col("area").replace_strict(places.parents(), default=places.force),
    )
    return Reading(
        finish(rows, month=CENSUS_MONTH, level="ward", scope="all", category="RESIDENTS"),
        in_order(refusals),
        (CENSUS_MONTH,),
    )
