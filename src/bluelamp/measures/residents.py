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
    by_area = _by_area_and_year(rows)
    outside = [why_not_in(denominator, month.year) for month in months]
    for i, area in enumerate(areas):
        years = by_area.get(area)
        if not years:
            continue
        for j, month in enumerate(months):
            number = _of_year(years, month.year)
            if outside[j]:
                reasons[i, j] = outside[j]
            elif number:
                people[i, j], reasons[i, j] = number, ""
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


def _by_area_and_year(rows: pl.DataFrame) -> dict[str, dict[int, float]]:
    totals = rows.group_by("area", "month").agg(n=pl.col("count").sum()).sort("month")
    found: dict[str, dict[int, float]] = {}
    for row in totals.iter_rows(named=True):
        found.setdefault(row["area"], {})[int(row["month"][:4])] = float(row["n"])
    return found


def _of_year(years: dict[int, float], year: int) -> float:
    """The number of the year or the last before it; the first, for months before a census."""
    before = [known for known in years if known <= year]
    return years[max(before) if before else min(years)]


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
