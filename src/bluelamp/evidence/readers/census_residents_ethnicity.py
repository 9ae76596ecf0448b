"""Census 2021 residents of each borough by ethnic group: a row per borough and detailed group."""

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

CENSUS_MONTH = "2021-03"
CATEGORY = "RESIDENTS BY ETHNICITY"
# The census's five broad groups, in the words that other sources use for them.
BROAD = {
    "Asian, Asian British or Asian Welsh": "Asian",
    "Black, Black British, Black Welsh, Caribbean or African": "Black",
    "Mixed or Multiple ethnic groups": "Mixed",
    "Other ethnic group": "Other",
    "White": "White",
}


def read(file: Recognised, places: Places) -> Reading:
    """`group` is the broad group ("ethnicity=Black"), `subcategory` the detailed one."""
    refusals: list[Refusal] = []
    parts = pl.col("ethnic_group").str.split_exact(": ", 1)
    rows = file.rows.with_columns(
        area=pl.col("borough").str.strip_chars(),
        broad=parts.struct[0].replace_strict(BROAD, default=None, return_dtype=pl.String),
        subcategory=parts.struct[1],
        n=whole_number("residents"),
    )
    rows = refuse_cell(
        rows,
        ~pl.col("area").is_in([area.code for area in places.gazetteer.of_kind("borough")]),
        "area",
        "the code of a borough",
        refusals,
    )
    rows = refuse(
        rows,
        pl.col("broad").is_null() | pl.col("subcategory").is_null(),
        pl.format("'{}' is no ethnic group of Census 2021", pl.col("ethnic_group").fill_null("")),
        refusals,
    )
    rows = refuse_cell(rows, pl.col("n").is_null(), "residents", "a number of people", refusals)
    rows = refuse(
        rows,
        pl.len().over("area", "ethnic_group") > 1,
        pl.format("{} has '{}' twice; neither is taken", "area", "ethnic_group"),
        refusals,
    )
    rows = rows.with_columns(
        count=pl.col("n"),
        group=pl.format("ethnicity={}", "broad"),
        within=pl.col("area").replace_strict(places.parents(), default=places.force),
    )
    return Reading(
        finish(rows, month=CENSUS_MONTH, level="borough", scope="all", category=CATEGORY),
        in_order(refusals),
        (CENSUS_MONTH,),
    )
