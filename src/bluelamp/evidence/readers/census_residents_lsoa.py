"""Census 2021 residents by LSOA, put into wards by the look-up of definitions/areas/lookups.

Where the file has a column for each of the five broad ethnic groups, they are counted too, in a
scope of their own: they are the same people again, and are never added to the residents.
"""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.reading import Places, Reading, finish, in_order, refuse, whole_number
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised

CENSUS_MONTH = "2021-03"
LOOKUP = "lsoa21-ward"
ETHNICITY = "ethnicity="


def read(file: Recognised, places: Places) -> Reading:
    """Residents by ward of the 2025 edition; a row per LSOA (and group), `count` is people."""
    refusals: list[Refusal] = []
    ward_of = places.lookups[LOOKUP]
    groups = [name for name in file.rows.columns if name.startswith(ETHNICITY)]
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
    for name, number in (("residents", pl.col("n")), *((g, whole_number(g)) for g in groups)):
        rows = refuse(
            rows,
            number.is_null(),
            pl.format("'{}' is not a number of people", pl.col(name).fill_null("")),
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
    everyone = finish(rows, month=CENSUS_MONTH, level="ward", scope="all", category="RESIDENTS")
    return Reading(
        pl.concat([everyone, _by_ethnicity(rows, groups)]), in_order(refusals), (CENSUS_MONTH,)
    )


def _by_ethnicity(rows: pl.DataFrame, groups: list[str]) -> pl.DataFrame:
    wide = rows.select("line", "area", "within", *(whole_number(g).alias(g) for g in groups))
    long = wide.unpivot(
        groups, index=["line", "area", "within"], variable_name="group", value_name="count"
    )
    return finish(
        long,
        month=CENSUS_MONTH,
        level="ward",
        scope="ethnicity",
        category="RESIDENTS BY ETHNICITY",
    )
