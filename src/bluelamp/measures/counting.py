"""Definition + evidence -> counts on a grid of areas and months, or the reason why there is none.

Absence is read as the source says it must be: a missing row is a zero, a zero where the table lists
the area, or unknown. Months that no publication covers, and partial months, have a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluelamp.evidence.known import Known
from bluelamp.evidence.source import Source
from bluelamp.measures.definition import Selection
from bluelamp.periods import Month, months_between
from bluelamp.places import Gazetteer

NOT_PUBLISHED = "not published for this month"
SELDOM_PUBLISHED = "published once a quarter or less often"
AREA_NOT_LISTED = "the publisher's file does not list this area"
NO_FIGURE = "no figure was published for this area and month"


@dataclass(frozen=True)
class Grid:
    """Areas x contiguous months at one level of a source, and what is known of each month.

    state    object array (areas, months): '' where the month is known, else the reason.
    aside    bool (areas, months): shown but never tested: "being checked" or exceptional.
    receipts per month; systems per month ('' where the source has only one).
    own_receipts   per area and month, where each area comes in files of its own.
    """

    level: str
    areas: tuple[str, ...]
    months: tuple[Month, ...]
    state: NDArray[np.object_]
    aside: NDArray[np.bool_]
    receipts: tuple[tuple[str, ...], ...]
    systems: tuple[str, ...]
    own_receipts: Mapping[str, tuple[tuple[str, ...], ...]]


def source_level(source: Source, level: str) -> str | None:
    """The level of the source's rows that answer for `level`, or None where it has none."""
    if level == "force":
        return None if source.force_from == "none" else source.force_from
    return level if level in source.levels else None


def matches(selections: Sequence[Selection]) -> pl.Expr:
    """Rows that any of the selections takes (see Selection)."""

    def one(selection: Selection) -> pl.Expr:
        parts = [
            pl.col(column).str.to_uppercase().is_in([value.upper() for value in values])
            for column in ("scope", "category", "subcategory", "flag", "group")
            if (values := getattr(selection, column))
        ]
        return reduce(and_, parts, pl.lit(value=True))

    return reduce(or_, (one(selection) for selection in selections))


def make_grid(
    known: Known,
    source: Source,
    level: str,
    scopes: frozenset[str],
    gazetteer: Gazetteer,
    force: str,
) -> Grid | None:
    """The grid of one source at `level` for the scopes a measure needs; None without any month."""
    at = source_level(source, level)
    if at is None:
        return None
    units = known.months(source.id, at)
    if scopes:
        units = units.filter(pl.col("scope").str.to_uppercase().is_in(list(scopes)))
    if units.is_empty():
        return None
    first, last = str(units["month"].min()), str(units["month"].max())
    months = tuple(months_between(Month.parse(first), Month.parse(last)))
    areas = _areas(known, source, level, at, gazetteer, force)
    state, aside = _states(units, source, scopes, areas, months)
    receipts, own = _receipts(units, areas, months)
    return Grid(level, areas, months, state, aside, receipts, _systems(units, months), own)


def _areas(
    known: Known, source: Source, level: str, at: str, gazetteer: Gazetteer, force: str
) -> tuple[str, ...]:
    seen = set(known.listed(source.id, at)["area"].unique())
    if level == "force":
        return tuple(sorted(seen)) if at == "force" else (force,)
    outside = sorted(code for code in seen if code.startswith("outside:"))
    boroughs = {area.code for area in gazetteer.of_kind("borough") if area.parent == force}
    if level == "borough":
        return (*sorted(boroughs), *outside)
    wards = [area.code for area in gazetteer.of_kind("ward") if area.parent in boroughs]
    return (*sorted(wards), *outside)


def _by_area(units: pl.DataFrame, areas: tuple[str, ...]) -> bool:
    """True where a scope is an area: its publications cover that area alone."""
    return set(units["scope"].unique()) <= set(areas)


def _states(
    units: pl.DataFrame,
    source: Source,
    scopes: frozenset[str],
    areas: tuple[str, ...],
    months: tuple[Month, ...],
) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Grid.state and Grid.aside."""
    column = {str(month): j for j, month in enumerate(months)}
    row = {area: i for i, area in enumerate(areas)}
    by_area = _by_area(units, areas)
    seen = np.zeros((len(areas), len(months)), dtype=np.int64)
    state = np.full(seen.shape, "", dtype=object)
    exceptional = [any(e.holds(str(m)) for e in source.exceptional) for m in months]
    aside = np.tile(np.array(exceptional), (len(areas), 1))
    for unit in units.iter_rows(named=True):
        j = column[unit["month"]]
        i: int | slice = row[unit["scope"]] if by_area else slice(None)
        seen[i, j] += 1
        if unit["state"] == "partial":
            state[i, j] = f"the publisher's file is incomplete for this month ({unit['note']})"
        elif unit["state"] == "being checked":
            aside[i, j] = True
    # A scope that was never received is absent too.
    needed = 1 if by_area else len(scopes or units["scope"].unique())
    absent = NOT_PUBLISHED if source.monthly else SELDOM_PUBLISHED
    state[(seen < needed) & (state == "")] = absent
    return state, aside


def _receipts(
    units: pl.DataFrame, areas: tuple[str, ...], months: tuple[Month, ...]
) -> tuple[tuple[tuple[str, ...], ...], dict[str, tuple[tuple[str, ...], ...]]]:
    """Grid.receipts and Grid.own_receipts."""
    found: dict[tuple[str, str], set[str]] = {}
    for unit in units.iter_rows(named=True):
        for scope in ("", unit["scope"]):
            found.setdefault((scope, unit["month"]), set()).add(unit["receipt"])

    def of(scope: str) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(sorted(found.get((scope, str(month)), ()))) for month in months)

    return of(""), {area: of(area) for area in areas} if _by_area(units, areas) else {}


def _systems(units: pl.DataFrame, months: tuple[Month, ...]) -> tuple[str, ...]:
    system = dict(units.select("month", "system").iter_rows())
    return tuple(system.get(str(month), "") for month in months)


def count(
    known: Known, source: Source, grid: Grid, selections: Sequence[Selection]
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Counts and reasons, both (areas, months); NaN exactly where there is a reason."""
    values, listed = _gather(known, source, grid, matches(selections), "count")
    reasons = grid.state.copy()
    empty = np.isnan(values) & (reasons == "")
    if source.absent_means == "zero":
        values[empty] = 0.0
    elif source.absent_means == "zero if the area is listed":
        values[empty & listed] = 0.0
        reasons[empty & ~listed] = AREA_NOT_LISTED
    else:
        reasons[empty] = NO_FIGURE
    values[reasons != ""] = np.nan
    return values, reasons


def published(
    known: Known, source: Source, grid: Grid, selections: Sequence[Selection]
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Published proportions and reasons, both (areas, months)."""
    values, _ = _gather(known, source, grid, matches(selections), "value")
    reasons = grid.state.copy()
    reasons[np.isnan(values) & (reasons == "")] = NO_FIGURE
    values[reasons != ""] = np.nan
    return values, reasons


def _gather(
    known: Known, source: Source, grid: Grid, wanted: pl.Expr, column: str
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Sums onto the grid (NaN where no row), and whether the area has any row in the month."""
    at = str(source_level(source, grid.level))
    kinds, rows = known.by_kind(source.id, at)
    place = "within" if grid.level == "force" and at != "force" else "area"
    asked = pl.col("kind").is_in(kinds.filter(wanted)["kind"].implode())
    sums = (
        rows.filter(asked & pl.col(column).is_not_null())
        .group_by(pl.col(place).alias("place"), "month")
        .agg(pl.col(column).sum().cast(pl.Float64))
    )
    values = np.full((len(grid.areas), len(grid.months)), np.nan)
    listed = np.zeros(values.shape, dtype=bool)
    i, j, inside = _positions(grid, sums)
    values[i, j] = sums[column].to_numpy()[inside]
    i, j, _ = _positions(grid, known.listed(source.id, at, place).rename({place: "place"}))
    listed[i, j] = True
    return values, listed


def _positions(
    grid: Grid, frame: pl.DataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Row and column on the grid of each line that lies on it, and which lines those are."""
    row = {area: i for i, area in enumerate(grid.areas)}
    column = {str(month): j for j, month in enumerate(grid.months)}
    positions = frame.select(
        i=pl.col("place").replace_strict(row, default=-1, return_dtype=pl.Int64),
        j=pl.col("month").replace_strict(column, default=-1, return_dtype=pl.Int64),
    )
    i, j = positions["i"].to_numpy(), positions["j"].to_numpy()
    inside = (i >= 0) & (j >= 0)
    return i[inside], j[inside], inside
