"""Mid-year estimates of residents by age: a row per area and year, a column per age or band."""

from __future__ import annotations

from functools import reduce

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

# Bands that keep apart children, those of secondary-school age, and young adults under 25.
BANDS = {"0-9": (0, 9), "10-17": (10, 17), "18-24": (18, 24), "25-44": (25, 44),
         "45-64": (45, 64), "65+": (65, 90)}  # fmt: skip
CATEGORY = "RESIDENTS BY AGE"
CODES = {
    "borough": r"^(E0[6-9]|W06)\d{6}$",
    "ward": r"^[EW]05\d{6}$",
    "lsoa": r"^[EW]01\d{6}$",
}


def read(file: Recognised, places: Places) -> Reading:
    """Residents by band, at the finest level that the file names; `group` is "age=10-17"."""
    refusals: list[Refusal] = []
    level = next(name for name in ("lsoa", "ward", "borough") if name in file.rows.columns)
    rows = refuse(
        file.rows.with_columns(area=pl.col(level).str.strip_chars(), y=whole_number("year")),
        ~pl.col("area").str.contains(CODES[level]),
        pl.format("'{}' is not the code of a {}", pl.col("area").fill_null(""), pl.lit(level)),
        refusals,
    )
    rows = refuse_cell(rows, ~pl.col("y").is_between(1801, 2200), "year", "a year", refusals)
    rows = refuse(
        rows,
        pl.len().over("area", "y") > 1,
        pl.format("{} stands twice for {}; neither is taken", pl.col("area"), pl.col("y")),
        refusals,
    )
    ages = [name for name in rows.columns if name.startswith("age ")]
    rows = rows.with_columns(whole_number(name).alias(name) for name in ages).with_columns(
        n=whole_number("total"), all_ages=_added(ages)
    )
    rows = refuse(
        rows,
        pl.col("all_ages") != pl.col("n"),
        pl.format(
            "the ages of {} do not add to its total of '{}'",
            pl.col("area"),
            pl.col("total").fill_null(""),
        ),
        refusals,
    )
    bands = {f"age={band}": _added(_ages_in(band, ages)) for band in BANDS}
    within = (
        pl.col("borough")
        if level == "ward" and "borough" in rows.columns
        else pl.col("area").replace_strict(places.parents(), default="", return_dtype=pl.String)
    )
    long = rows.select(
        "line", "area", month=pl.format("{}-06", "y"), within=within, **bands
    ).unpivot(index=["line", "area", "month", "within"], variable_name="group", value_name="count")
    return Reading(
        finish(long, level=level, scope="all", category=CATEGORY),
        in_order(refusals),
        tuple(long["month"].unique().sort().to_list()),
    )


def _added(names: list[str]) -> pl.Expr:
    """The sum; null (and so refused) where one of them is no number."""
    return reduce(lambda total, name: total + pl.col(name), names, pl.lit(0))


def _ages_in(band: str, ages: list[str]) -> list[str]:
    """Columns of a band: its own, or those of its single years (of which "age 90+" is one)."""
    if f"age {band}" in ages:
        return [f"age {band}"]
    low, high = BANDS[band]
    return [a for a in ages if low <= int(a.removeprefix("age ").removesuffix("+")) <= high]
