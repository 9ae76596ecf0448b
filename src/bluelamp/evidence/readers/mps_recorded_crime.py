"""The Metropolitan Police's recorded crime tables: a row per crime group and place, a column per
month. Borough tables name the borough; ward tables also give the ward's code; tables of small
areas (LSOAs) give both as codes."""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.reading import (
    FileRefused,
    Places,
    Reading,
    finish,
    in_order,
    refuse,
    refuse_unplaced,
    whole_number,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised
from bluelamp.periods import Month, NotAPeriod

BEFORE_2024, SINCE_2024 = "groups until 2024", "groups since 2024"


def read(file: Recognised, places: Places) -> Reading:
    """Long rows, one per place, group and month. Raises FileRefused for a month that is none."""
    months = _months(file.months)
    refusals: list[Refusal] = []
    rows = file.rows
    level = next((name for name in ("lsoa", "ward") if name in rows.columns), "borough")
    rows = _place(rows, level, places, refusals)
    rows = _counts(rows, list(months), refusals)
    rows = _once(rows, level, refusals)
    system = BEFORE_2024 if _in_title_case(rows) else SINCE_2024
    rows = rows.with_columns(
        pl.col("category", "subcategory").str.strip_chars().str.to_uppercase(),
        listing=pl.col("line") == pl.col("line").min().over("area"),
        empty=pl.sum_horizontal(list(months)) == 0,
    )
    long = rows.unpivot(
        on=list(months),
        index=["line", "area", "within", "category", "subcategory", "listing", "empty"],
        variable_name="month",
        value_name="count",
    )
    if level != "borough":
        # Most cells are nought: one row of an area is enough to list it, and one cell of a row.
        first = pl.col("empty") & (pl.col("month") == next(iter(months)))
        long = long.filter((pl.col("count") > 0) | pl.col("listing") | first)
    long = long.with_columns(pl.col("month").replace_strict(months, return_dtype=pl.String))
    return Reading(
        finish(long, level=level, scope="all"),
        in_order(refusals),
        tuple(months.values()),
        system,
    )


def _months(columns: tuple[str, ...]) -> dict[str, str]:
    if not columns:
        raise FileRefused(
            "there is no month column; months are written 202306. "
            "Download the file again, or add its shape as a source"
        )
    months: dict[str, str] = {}
    for column in columns:
        try:
            months[column] = str(Month.parse(column))
        except NotAPeriod as error:
            raise FileRefused(
                f"the column '{column}' is not a month; months are written 202306"
            ) from error
    return months


def _place(rows: pl.DataFrame, level: str, places: Places, refusals: list[Refusal]) -> pl.DataFrame:
    rows = refuse(
        rows,
        pl.any_horizontal(pl.col("category", "subcategory").is_null()),
        "the row does not say which crime it counts",
        refusals,
    )
    if level == "lsoa":
        return _small_areas(rows, places, refusals)
    named = rows.with_columns(code=places.code_of("borough", places.boroughs))
    named = refuse_unplaced(named, places, refusals, code="code", name="borough")
    parents = places.parents()
    if level == "borough":
        return named.with_columns(
            area=pl.col("code"),
            within=pl.col("code").replace_strict(parents, default=places.force),
        )
    wards = {a.code: a.parent or "" for a in places.gazetteer if a.kind == "ward"}
    ward = pl.col("ward").str.strip_chars()
    named = refuse(
        named,
        ~ward.is_in(list(wards)),
        pl.format(
            "'{}' is not a ward of the 2025 edition; the row cannot be placed", ward.fill_null("")
        ),
        refusals,
    )
    # The file lists Heathrow Villages under two boroughs; the ward's own borough holds it.
    return named.with_columns(area=ward, within=ward.replace_strict(wards))


def _small_areas(rows: pl.DataFrame, places: Places, refusals: list[Refusal]) -> pl.DataFrame:
    codes = [area.code for area in places.gazetteer.of_kind("borough")]
    lsoa, borough = pl.col("lsoa").str.strip_chars(), pl.col("borough").str.strip_chars()
    rows = refuse(
        rows,
        ~lsoa.str.contains(r"^E01\d{6}$"),
        pl.format("'{}' is not the code of a small area (E01000006)", lsoa.fill_null("")),
        refusals,
    )
    rows = refuse(
        rows,
        ~borough.is_in(codes),
        pl.format("'{}' is not the code of a London borough", borough.fill_null("")),
        refusals,
    )
    return rows.with_columns(area=lsoa, within=borough, code=borough)


def _counts(rows: pl.DataFrame, months: list[str], refusals: list[Refusal]) -> pl.DataFrame:
    numbers = rows.with_columns(whole_number(month).alias(f"{month}_n") for month in months)
    bad = [pl.col(f"{month}_n").is_null() for month in months]
    first_bad = pl.coalesce(
        pl.when(condition).then(
            pl.format(
                "'{}' in {} is not a count of crimes (a whole number, 0 or more)",
                pl.col(month).fill_null(""),
                pl.lit(month),
            )
        )
        for month, condition in zip(months, bad, strict=True)
    )
    good = refuse(numbers, pl.any_horizontal(bad), first_bad, refusals)
    return good.drop(months).rename({f"{m}_n": m for m in months})


def _once(rows: pl.DataFrame, level: str, refusals: list[Refusal]) -> pl.DataFrame:
    """A place and group that stands twice: which is right cannot be told, so neither counts."""
    key = [
        pl.col(name).str.strip_chars().str.to_uppercase() for name in ("category", "subcategory")
    ]
    key += [pl.col("code"), *([pl.col("area")] if level != "borough" else [])]
    return refuse(
        rows,
        pl.len().over(key) > 1,
        pl.format(
            "{} / {} stands twice (first on line {}); which is right cannot be told, "
            "so neither is counted",
            pl.col("borough"),
            pl.col("subcategory"),
            pl.col("line").min().over(key),
        ),
        refusals,
    )


def _in_title_case(rows: pl.DataFrame) -> bool:
    return rows.height > 0 and not rows["category"].str.to_uppercase().eq(rows["category"]).all()
