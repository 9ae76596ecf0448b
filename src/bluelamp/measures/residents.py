"""Residents that rates are formed with: which series, which year, and why there are none.

Boroughs (and the force, as their sum) use mid-year estimates rebased on Census 2021, of the
calendar year of the month; wards use Census 2021 itself. Before the first estimate there are no
residents on this base (London in 2019 differs by 72,000 between bases), so there is no rate. After
the last estimate its year is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluelamp.evidence.known import Known
from bluelamp.periods import Month

BOROUGH_SOURCE, WARD_SOURCE = "ons-residents-borough", "census-2021-residents-lsoa"
FIRST_YEAR = 2019
TOO_EARLY = f"residents on the Census 2021 base begin in {FIRST_YEAR}, so there is no rate before"
NOBODY = "no residents are counted for this place, so a rate cannot be formed"
NO_RESIDENTS = "no population file was received that was published by this date"


@dataclass(frozen=True)
class Residents:
    """People per area and month (areas, months), NaN with a reason, and the receipts used."""

    people: NDArray[np.float64]
    reasons: NDArray[np.object_]
    receipts: tuple[str, ...]


def residents(
    known: Known, level: str, areas: tuple[str, ...], months: tuple[Month, ...], force: str
) -> Residents:
    """Residents for each area and month of a grid."""
    source = WARD_SOURCE if level == "ward" else BOROUGH_SOURCE
    rows = known.tally(source, "ward" if level == "ward" else "borough")
    people = np.full((len(areas), len(months)), np.nan)
    reasons = np.full(people.shape, NOBODY, dtype=object)
    if rows.is_empty():
        reasons[:] = NO_RESIDENTS
        return Residents(people, reasons, ())
    if level == "force":
        rows = rows.with_columns(area=pl.col("within"))
    totals = rows.group_by("area", "month").agg(n=pl.col("count").sum()).sort("month")
    by_area: dict[str, dict[int, float]] = {}
    for row in totals.iter_rows(named=True):
        by_area.setdefault(row["area"], {})[int(row["month"][:4])] = float(row["n"])
    for i, area in enumerate(areas):
        years = by_area.get(area)
        if not years:
            continue
        known_years = sorted(years)
        for j, month in enumerate(months):
            if month.year < FIRST_YEAR:
                reasons[i, j] = TOO_EARLY
                continue
            at_or_before = [year for year in known_years if year <= month.year]
            number = years[at_or_before[-1] if at_or_before else known_years[0]]
            if number:
                people[i, j], reasons[i, j] = number, ""
    return Residents(people, reasons, tuple(sorted(set(rows["receipt"].unique()))))
