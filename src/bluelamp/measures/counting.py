"""Definition + evidence -> counts on a grid of areas and months, or the reason why there is none.

Absence is read as the source says it must be: a missing row is a zero, a zero where the table lists
the area, or unknown. Months that no publication covers, and partial months, have a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluelamp.evidence.known import KIND, Known
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
    cells    for each row of the source (`Known.coded`) the number of its cell, area by area; null
             for a row that lies on none.
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
    cells: pl.Series

    @cached_property
    def listed(self) -> NDArray[np.bool_]:
        """Whether the publisher's file has any row of the area in the month: (areas, months)."""
        return _added_up(self, self.cells.drop_nulls()) > 0


def source_level(source: Source, level: str) -> str | None:
    """The level of the source's rows that answer for `level`, or None where it has none."""
    if level == "force":
        return None if source.force_from == "none" else source.force_from
    return level if level in source.levels else None


def matches(selections: Sequence[Selection], spelt: Mapping[str, Sequence[str]]) -> pl.Expr:
    """Rows that any of the selections takes (see Selection).

    `spelt` has, by column, the texts that the rows hold: capitals are told from small letters in
    those few, and in no row.
    """

    def meant(column: str, values: Sequence[str]) -> list[str]:
        wanted = {value.upper() for value in values}
        return [text for text in spelt[column] if text.upper() in wanted]

    def one(selection: Selection) -> pl.Expr:
        parts = [
            pl.col(column).is_in(meant(column, values))
            for column in KIND
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
    rows = known.coded(source.id, at).select(place=_place(source, level), month="month")
    cells, systems = _cells(rows, areas, months), _systems(units, months)
    return Grid(level, areas, months, state, aside, receipts, systems, own, cells)


def _place(source: Source, level: str) -> str:
    """The column of the source's rows that names the areas of a level."""
    return "within" if level == "force" and source_level(source, level) != "force" else "area"


def _cells(rows: pl.DataFrame, areas: tuple[str, ...], months: tuple[Month, ...]) -> pl.Series:
    """Grid.cells of rows with a `place` and a `month`."""

    def number(column: str, names: list[str]) -> pl.Expr:
        return pl.col(column).cast(pl.Enum(names), strict=False).to_physical().cast(pl.Int64)

    area, month = number("place", list(areas)), number("month", [str(month) for month in months])
    return rows.select(cell=area * len(months) + month)["cell"]


def _areas(
    known: Known, source: Source, level: str, at: str, gazetteer: Gazetteer, force: str
) -> tuple[str, ...]:
    seen = set(known.coded(source.id, at)["area"].unique().cast(pl.String))
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
    values = _gather(known, source, grid, selections, "count")
    reasons = grid.state.copy()
    empty = np.isnan(values) & (reasons == "")
    if source.absent_means == "zero":
        values[empty] = 0.0
    elif source.absent_means == "zero if the area is listed":
        values[empty & grid.listed] = 0.0
        reasons[empty & ~grid.listed] = AREA_NOT_LISTED
    else:
        reasons[empty] = NO_FIGURE
    values[reasons != ""] = np.nan
    return values, reasons


def published(
    known: Known, source: Source, grid: Grid, selections: Sequence[Selection]
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Published proportions and reasons, both (areas, months)."""
    values = _gather(known, source, grid, selections, "value")
    reasons = grid.state.copy()
    reasons[np.isnan(values) & (reasons == "")] = NO_FIGURE
    values[reasons != ""] = np.nan
    return values, reasons


def _gather(
    known: Known, source: Source, grid: Grid, selections: Sequence[Selection], column: str
) -> NDArray[np.float64]:
    """Sums onto the grid; NaN where there is no row."""
    at = str(source_level(source, grid.level))
    wanted = matches(selections, known.spelt(source.id, at))
    rows = known.coded(source.id, at).with_columns(cell=grid.cells).lazy()
    taken = rows.filter(wanted).select("cell", column).drop_nulls().collect()
    there, total = _added_up(grid, taken["cell"]), _added_up(grid, taken["cell"], taken[column])
    return np.where(there > 0, total, np.nan)


def _added_up(
    grid: Grid, cells: pl.Series, amounts: pl.Series | None = None
) -> NDArray[np.float64]:
    """How many rows lie on each cell, or what they amount to together: (areas, months)."""
    shape = len(grid.areas), len(grid.months)
    weights = None if amounts is None else amounts.cast(pl.Float64).to_numpy()
    total = np.bincount(cells.to_numpy(), weights, minlength=shape[0] * shape[1])
    return total.reshape(shape).astype(float)
