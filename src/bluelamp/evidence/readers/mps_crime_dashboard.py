"""The Metropolitan Police's monthly crime dashboard: only rows that are not zero, several crime
types in one file or one alone, boroughs and wards ("Safer Neighbourhood Teams") stacked."""

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

UNKNOWN_WARD, FORMER_WARD = "outside:ward-unknown", "outside:ward-former"
OTHER_FORCE_WARD = "outside:ward-other-force"
WARDS = "Safer Neighbourhood Teams"


def read(file: Recognised, places: Places) -> Reading:
    """Counts by month, borough or ward, crime type (scope), subtype, offences or outcomes."""
    refusals: list[Refusal] = []
    rows = _typed(file.rows, refusals)
    wards = {a.code: a.parent or "" for a in places.gazetteer if a.kind == "ward" and not a.outside}
    parents = places.parents()
    borough_rows = rows.filter(pl.col("level") == "Borough")
    borough_rows = _boroughs(borough_rows, places, refusals).with_columns(level=pl.lit("borough"))
    borough_rows = borough_rows.with_columns(
        within=pl.col("area").replace_strict(parents, default=places.force)
    )
    ward_rows = rows.filter(pl.col("level") == WARDS).with_columns(level=pl.lit("ward"))
    ward_rows = ward_rows.with_columns(area=_ward(list(wards))).with_columns(
        within=pl.col("area").replace_strict(wards, default=places.force)
    )
    placed = pl.concat([borough_rows.select(ward_rows.columns), ward_rows])
    months = placed["month"].unique().sort().to_list()
    covered = months_between(Month.parse(months[0]), Month.parse(months[-1])) if months else []
    return Reading(
        finish(placed),
        in_order(refusals),
        tuple(str(month) for month in covered),
    )


def _typed(rows: pl.DataFrame, refusals: list[Refusal]) -> pl.DataFrame:
    rows = rows.with_columns(month=pl.col("month").str.slice(0, 7), n=whole_number("count"))
    rows = refuse(
        rows,
        ~pl.col("level").is_in(["Borough", WARDS]),
        pl.format("'{}' is neither Borough nor {}", pl.col("level").fill_null(""), pl.lit(WARDS)),
        refusals,
    )
    rows = refuse(
        rows,
        pl.any_horizontal(pl.col("scope", "category", "flag").is_null()),
        "the row does not say what it counts",
        refusals,
    )
    rows = refuse_cell(
        rows,
        ~pl.col("month").str.contains(r"^\d{4}-(0[1-9]|1[0-2])$"),
        "month",
        "a month",
        refusals,
    )
    rows = refuse_cell(
        rows, pl.col("n").is_null(), "count", "a count (a whole number, 0 or more)", refusals
    )
    # Twins that differ only in case ("violence with injury") are one subtype.
    return rows.with_columns(
        count=pl.col("n"),
        scope=pl.col("scope").str.strip_chars().str.to_uppercase(),
        category=pl.col("category").str.strip_chars().str.to_uppercase(),
        flag=pl.col("flag").str.strip_chars().str.to_uppercase(),
        area_code=pl.col("area_code").str.strip_chars(),
    )


def _boroughs(rows: pl.DataFrame, places: Places, refusals: list[Refusal]) -> pl.DataFrame:
    """Boroughs by name; the publisher's own bins beside them are named places outside."""
    by_place = places.code_of("place", places.boroughs)
    by_name = places.code_of("area_name", places.boroughs)
    # Within "Other / NK" the area's own name is the finer one (airport, another force).
    rows = rows.with_columns(
        area=pl.when(by_place.str.starts_with("E09"))
        .then(by_place)
        .otherwise(pl.coalesce(by_name, by_place))
    )
    return refuse_unplaced(rows, places, refusals, code="area", name="place")


def _ward(codes: list[str]) -> pl.Expr:
    code = pl.col("area_code")
    return (
        pl.when(code.is_in(codes))
        .then(code)
        .when(code.str.starts_with("E05"))
        .then(pl.lit(FORMER_WARD))
        .when(code == "NON ATHENA FORCE")
        .then(pl.lit(OTHER_FORCE_WARD))
        .otherwise(pl.lit(UNKNOWN_WARD))
    )
