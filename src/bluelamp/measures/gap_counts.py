"""The events of a gap, added up from the tallies: area by group by kind by stage, of a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluelamp.figures import Withheld
from bluelamp.measures import counting
from bluelamp.measures.compute import Context
from bluelamp.measures.counting import AREA_NOT_LISTED, Grid, source_level
from bluelamp.measures.definition import Selection
from bluelamp.measures.gap import Benchmark, Gap
from bluelamp.measures.residents import residents
from bluelamp.periods import Month

MONTHS = 12
NO_TWELVE_MONTHS = "there are no twelve complete months one after another"
NOTHING_RECEIVED = "nothing of it was published by this date"


@dataclass(frozen=True)
class Window:
    """Twelve complete months; of `checked` of them the publisher's total is still being checked."""

    first: Month
    last: Month
    checked: int = 0


@dataclass(frozen=True)
class GapCounts:
    """What was counted at one level.

    events    (areas, groups + 1, kinds + 1, stages): the last group is of people whose group nobody
              wrote down, the last kind of events whose kind nobody did. Each stage is part of the
              one before.
    reasons   (areas): '' or why nothing can be said of the area.
    strange   codes of the attribute that no group has, with how often; they count as unknown.
    receipts  of the files that the months come from.
    """

    areas: tuple[str, ...]
    kinds: tuple[str, ...]
    events: NDArray[np.float64]
    reasons: NDArray[np.object_]
    strange: tuple[tuple[str, int], ...]
    receipts: tuple[str, ...]


def newest_year(gap: Gap, context: Context) -> Window | Withheld:
    """The newest twelve months in a row that are complete for the office's own force, or why there
    are none, or why nothing may be compared in them."""
    grid = _grid(gap, context, "force")
    if grid is None or context.force not in grid.areas:
        return Withheld(NOTHING_RECEIVED)
    row = grid.areas.index(context.force)
    known = grid.state[row] == ""
    for end in range(len(known), MONTHS - 1, -1):
        if known[end - MONTHS : end].all():
            months = grid.months[end - MONTHS : end]
            if words := _broken(gap, context, months):
                return Withheld(words)
            checked = int(grid.aside[row, end - MONTHS : end].sum())
            return Window(months[0], months[-1], checked)
    return Withheld(NO_TWELVE_MONTHS)


def _broken(gap: Gap, context: Context, months: Sequence[Month]) -> str:
    """Where the groups are told apart in a new way inside the window, the words for it."""
    group = f"{gap.attribute}={gap.groups[0].codes[0]}"
    for declared in context.sources[gap.source].breaks:
        inside = months[0] < Month.parse(declared.month) <= months[-1]
        # What was searched for and what came of it are told apart too; their breaks name no group.
        concerns = declared.concerns("force", (Selection(group=(group,)),))
        if inside and concerns and gap.attribute in declared.groups and not declared.comparable:
            return f"from {Month.parse(declared.month).words} on there is {declared.words}"
    return ""


def count_gap(gap: Gap, context: Context, level: str, window: Window) -> GapCounts | None:
    """The events of a level in the window; None where the source has nothing at that level."""
    grid = _grid(gap, context, level)
    if grid is None:
        return None
    areas = tuple(a for a in grid.areas if a == context.force) if level == "force" else grid.areas
    areas = tuple(area for area in areas if not area.startswith("outside:"))
    rows = _rows(gap, context, level, window)
    kinds = tuple(sorted(set(rows["kind"]) - {code.upper() for code in gap.kinds.unknown}))
    return GapCounts(
        areas,
        kinds,
        _cube(rows, areas, (*kinds, ""), gap),
        _reasons(grid, areas, window),
        _strange(rows, gap),
        _receipts(grid, window),
    )


def residents_of(
    benchmark: Benchmark, group: str, context: Context, level: str, counts: GapCounts, last: Month
) -> tuple[NDArray[np.float64], NDArray[np.object_], tuple[str, ...]]:
    """Residents of a group in each area, or NaN with the reason; the receipts they come from."""
    if benchmark.base is None:
        raise ValueError(f"'{benchmark.id}' counts no residents; read the gap with read_gaps")
    found = residents(
        context.known,
        benchmark.base,
        level,
        counts.areas,
        (last,),
        benchmark.among[group],
    )
    return found.people[:, 0], found.reasons[:, 0], found.receipts


def _grid(gap: Gap, context: Context, level: str) -> Grid | None:
    """Of the office's own force only: another force's months say nothing about its boroughs."""
    source = context.sources[gap.source]
    scopes = frozenset({context.force.upper()}) if source.scope == "scope" else frozenset[str]()
    key = (source.id, level, scopes)
    if key not in context.grids:
        context.grids[key] = counting.make_grid(
            context.known, source, level, scopes, context.gazetteer, context.force
        )
    return context.grids[key]


def _rows(gap: Gap, context: Context, level: str, window: Window) -> pl.DataFrame:
    """Rows that the gap counts: area, code, kind, stage (the last that was reached) and count."""
    source = context.sources[gap.source]
    at = str(source_level(source, level))
    spelt = context.known.spelt(source.id, at)
    inside = (
        pl.col("month")
        .cast(pl.String)
        .is_between(pl.lit(str(window.first)), pl.lit(str(window.last)))
    )
    rows = context.known.coded(source.id, at).filter(inside & counting.matches(gap.counted, spelt))
    if source.scope == "scope":
        rows = rows.filter(pl.col("scope").cast(pl.String) == context.force)
    reached = pl.lit(0)
    so_far = pl.lit(value=True)
    for stage in gap.stages[1:]:
        so_far = so_far & counting.matches(stage.taken, spelt)
        reached = reached + so_far.cast(pl.Int32)
    code = pl.col("group").cast(pl.String).str.extract(rf"(?:^|; ){gap.attribute}=([^;]*)")
    place = "within" if level == "force" and at != "force" else "area"
    return (
        rows.select(
            area=pl.col(place).cast(pl.String),
            code=code.fill_null("").str.strip_chars(),
            kind=pl.col(gap.kinds.column).cast(pl.String).str.to_uppercase(),
            stage=reached,
            count=pl.col("count"),
        )
        .group_by("area", "code", "kind", "stage")
        .agg(pl.col("count").sum())
        .sort("area", "code", "kind", "stage")
    )


def _group_of(gap: Gap) -> dict[str, int]:
    """Which group each code (in capitals) belongs to; unknown codes to the one past the last."""
    found = {
        code.upper(): number for number, group in enumerate(gap.groups) for code in group.codes
    }
    return found | {code.upper(): len(gap.groups) for code in (*gap.unknown, "")}


def _cube(
    rows: pl.DataFrame, areas: Sequence[str], kinds: Sequence[str], gap: Gap
) -> NDArray[np.float64]:
    """GapCounts.events; the last of `kinds` is of those that are of no known kind."""
    events = np.zeros((len(areas), len(gap.groups) + 1, len(kinds), len(gap.stages)))
    at = {area: i for i, area in enumerate(areas)}
    of = {kind: i for i, kind in enumerate(kinds)}
    belongs = _group_of(gap)
    for row in rows.iter_rows(named=True):
        if row["area"] in at:
            group = belongs.get(row["code"].upper(), len(gap.groups))
            kind = of.get(row["kind"], len(kinds) - 1)
            # Who came to a stage came to each before it.
            events[at[row["area"]], group, kind, : row["stage"] + 1] += row["count"]
    return events


def _strange(rows: pl.DataFrame, gap: Gap) -> tuple[tuple[str, int], ...]:
    known = list(_group_of(gap))
    odd = rows.filter(~pl.col("code").str.to_uppercase().is_in(known))
    return tuple(odd.group_by("code").agg(pl.col("count").sum()).sort("code").iter_rows())


def _reasons(grid: Grid, areas: Sequence[str], window: Window) -> NDArray[np.object_]:
    """Why nothing can be said of an area: a month of it is missing, or not listed."""
    months = [j for j, m in enumerate(grid.months) if window.first <= m <= window.last]
    reasons = np.full(len(areas), "", dtype=object)
    for i, area in enumerate(areas):
        row = grid.areas.index(area)
        missing = [grid.state[row, j] for j in months if grid.state[row, j]]
        if missing:
            reasons[i] = missing[0]
        elif len(months) < MONTHS:
            reasons[i] = counting.NOT_PUBLISHED
        elif not grid.listed[row, months].all():
            reasons[i] = AREA_NOT_LISTED
    return reasons


def _receipts(grid: Grid, window: Window) -> tuple[str, ...]:
    taken = zip(grid.months, grid.receipts, strict=True)
    inside = [names for month, names in taken if window.first <= month <= window.last]
    return tuple(sorted({name for names in inside for name in names}))
