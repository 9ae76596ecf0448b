"""The people (or households) that rates are formed with, for each area and month, or why none.

Which source, level and base, `definitions/denominators` says. The number of the month's own year is
used, or the last one before it. A year is never filled from another base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluelamp.evidence.known import Known
from bluelamp.measures.denominators import Counted, Denominator
from bluelamp.periods import Month


@dataclass(frozen=True)
class Residents:
    """People per area and month (areas, months), NaN with a reason; their base; receipts used."""

    people: NDArray[np.float64]
    reasons: NDArray[np.object_]
    base: str
    receipts: tuple[str, ...]


def residents(
    known: Known,
    denominator: Denominator,
    level: str,
    areas: tuple[str, ...],
    months: tuple[Month, ...],
    groups: Sequence[str] = (),
) -> Residents:
    """Those whom a rate is formed with, for each area and month of a grid.

    `groups` restricts it to groups of people ("ethnicity=Black"); without, everyone is counted.
    """
    part = denominator.at(level)
    people = np.full((len(areas), len(months)), np.nan)
    reasons = np.full(people.shape, nobody(denominator), dtype=object)
    if part is None:
        reasons[:] = not_at(denominator, level)
        return Residents(people, reasons, denominator.base, ())
    rows = _rows(known, part, groups)
    if rows.is_empty():
        reasons[:] = none_received(denominator)
        return Residents(people, reasons, denominator.base, ())
    years = [month.year for month in months]
    people = _in_each_year(rows, areas, years)
    outside = np.array([why_not_in(denominator, year) for year in years], dtype=object)
    reasons = np.where(np.isnan(people), nobody(denominator), outside)
    reasons[(people == 0) & (outside == "")] = nobody(denominator)
    people[reasons != ""] = np.nan
    receipts = tuple(sorted(set(rows["receipt"].unique())))
    return Residents(people, reasons, denominator.base, receipts)


def _rows(known: Known, part: Counted, groups: Sequence[str]) -> pl.DataFrame:
    rows = known.tally(part.source, part.rows)
    wanted = pl.col("category").str.to_uppercase() == part.category.upper()
    if part.flag:
        wanted &= pl.col("flag") == part.flag
    if groups:
        wanted &= pl.col("group").is_in(list(groups))
    rows = rows.filter(wanted)
    if part.level != part.rows:
        rows = rows.with_columns(area=pl.col("within"))
    return rows


def _in_each_year(
    rows: pl.DataFrame, areas: Sequence[str], years: Sequence[int]
) -> NDArray[np.float64]:
    """People by area and year: the number of the year, or of the last before it that has one; the
    first, for years before a census. NaN where an area has none at all."""
    counted = (
        rows.group_by("area", "month")
        .agg(people=pl.col("count").sum().cast(pl.Float64))
        .with_columns(year=pl.col("month").str.head(4).cast(pl.Int64))
        .sort("month")
        .unique(["area", "year"], keep="last")  # of several in one year the last
    )
    every_year = pl.DataFrame({"year": sorted({*years, *counted["year"]})})
    by_area = (
        pl.DataFrame({"area": areas}, schema={"area": pl.String})
        .join(every_year, how="cross", maintain_order="left_right")
        .join(counted, on=["area", "year"], how="left", maintain_order="left")
        .select(pl.col("people").forward_fill().backward_fill().over("area"))
    )
    people = by_area["people"].to_numpy().reshape(len(areas), every_year.height)
    return people[:, np.searchsorted(every_year["year"].to_numpy(), years)]


def why_not_in(denominator: Denominator, year: int) -> str:
    """'' or why there is no rate in this year."""
    if year < denominator.first_year:
        return (
            f"{denominator.things} on the {denominator.base} base begin in "
            f"{denominator.first_year}, so there is no rate before"
        )
    if denominator.last_year is not None and year > denominator.last_year:
        return (
            f"{denominator.things} on the {denominator.base} base end in "
            f"{denominator.last_year}, so there is no rate after"
        )
    return ""


def nobody(denominator: Denominator) -> str:
    return f"no {denominator.things} are counted for this place, so a rate cannot be formed"


def none_received(denominator: Denominator) -> str:
    return f"no file with {denominator.things} was received that was published by this date"


def not_at(denominator: Denominator, level: str) -> str:
    return f"{denominator.things} on the {denominator.base} base are not known by {level}"
