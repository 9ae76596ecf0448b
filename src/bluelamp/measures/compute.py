"""The series of a measure: one per level, from the evidence as known on a date."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from bluelamp.evidence.geography.lookups import Lookups
from bluelamp.evidence.known import Known
from bluelamp.evidence.source import Source
from bluelamp.measures import counting
from bluelamp.measures.carried import carried_to_wards
from bluelamp.measures.counting import Grid
from bluelamp.measures.definition import Measure
from bluelamp.measures.residents import residents
from bluelamp.measures.series import MORE_THAN_ALL, NONE_AT_ALL, Break, Series
from bluelamp.periods import Month
from bluelamp.places import Gazetteer


@dataclass(frozen=True)
class Context:
    """What measures are worked out from: evidence as known on a date, sources, measures, areas, and
    the look-ups between editions of areas, without which none is carried over."""

    known: Known
    sources: Mapping[str, Source]
    measures: Mapping[str, Measure]
    gazetteer: Gazetteer
    force: str
    lookups: Lookups | None = None

    @cached_property
    def grids(self) -> dict[tuple[str, str, frozenset[str]], Grid | None]:
        """Those made so far, by source, level and scopes: many measures share one."""
        return {}

    @cached_property
    def worked_out(self) -> dict[tuple[Measure, str], Series | None]:
        """The series made so far: a rate is formed of another measure's."""
        return {}


class Custom(Protocol):
    """A module of `measures/custom/`, the named way out: `kind: custom:<module>`."""

    def series(self, measure: Measure, level: str, context: Context) -> Series | None: ...


def series_of(measure: Measure, context: Context) -> list[Series]:
    """One Series per level that the evidence has anything of, in the order force, borough, ward."""
    levels = [level for level in ("force", "borough", "ward") if level in measure.levels]
    made = [_series(measure, level, context) for level in levels]
    return [series for series in made if series is not None]


def _series(measure: Measure, level: str, context: Context) -> Series | None:
    if (measure, level) not in context.worked_out:
        context.worked_out[measure, level] = _work_out(measure, level, context)
    return context.worked_out[measure, level]


def _work_out(measure: Measure, level: str, context: Context) -> Series | None:
    if measure.kind.startswith("custom:"):
        name = measure.kind.removeprefix("custom:")
        module = importlib.import_module(f"bluelamp.measures.custom.{name}")
        return cast(Custom, module).series(measure, level, context)
    if level == "ward" and measure.ward_join:

        def make(plain: Measure, known: Known) -> Series | None:
            return _series(plain, level, replace(context, known=known))

        absent = context.sources[measure.source].absent_means
        return carried_to_wards(measure, context.known, absent, context.lookups, make)
    if measure.kind == "rate":
        return _rate(measure, level, context)
    grid = _grid(measure, level, context)
    if grid is None:
        return None
    source = context.sources[measure.source]
    if measure.kind == "published":
        values, reasons = counting.published(context.known, source, grid, measure.numerator)
        return _made(measure, grid, source, np.full_like(values, np.nan), None, values, reasons)
    numerator, reasons = counting.count(context.known, source, grid, measure.numerator)
    if measure.kind == "count":
        return _made(measure, grid, source, numerator, None, numerator, reasons)
    denominator, more = counting.count(context.known, source, grid, measure.denominator)
    reasons = np.where(reasons == "", more, reasons)
    value, reasons = share(numerator, denominator, reasons)
    return _made(measure, grid, source, numerator, denominator, value, reasons)


def share(
    numerator: NDArray[np.float64], denominator: NDArray[np.float64], reasons: NDArray[np.object_]
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Proportion and reasons: none where nothing stands below the line, or less than above it."""
    reasons = reasons.copy()
    reasons[(reasons == "") & (denominator == 0)] = NONE_AT_ALL
    reasons[(reasons == "") & (numerator > denominator)] = MORE_THAN_ALL
    value = np.full_like(numerator, np.nan)
    np.divide(numerator, denominator, out=value, where=reasons == "")
    return value, reasons


def _rate(measure: Measure, level: str, context: Context) -> Series | None:
    base = _series(context.measures[str(measure.rate_of)], level, context)
    if base is None:
        return None
    if measure.base is None:
        raise ValueError(
            f"'{measure.id}' is a rate of no known denominator; read it with read_measures"
        )
    people = residents(
        context.known, measure.base, level, base.areas, base.months, measure.of_group
    )
    reasons = np.where(base.reasons == "", people.reasons, base.reasons)
    value = np.where(reasons == "", base.numerator / people.people * measure.per, np.nan)
    receipts = tuple(tuple(sorted({*month, *people.receipts})) for month in base.receipts)
    return Series(
        measure,
        level,
        base.areas,
        base.months,
        base.numerator,
        people.people,
        value,
        reasons,
        base.being_checked,
        receipts,
        base.breaks,
    )


def _grid(measure: Measure, level: str, context: Context) -> Grid | None:
    selections = (*measure.numerator, *measure.denominator)
    scopes = frozenset(scope.upper() for selection in selections for scope in selection.scope)
    source = context.sources[measure.source]
    if measure.kind == "published" and source.scope == "scope" and not scopes:
        # A survey's scope is its question.
        scopes = frozenset(c.upper() for selection in selections for c in selection.category)
    which = (source.id, level, scopes)
    if which not in context.grids:
        context.grids[which] = counting.make_grid(
            context.known, source, level, scopes, context.gazetteer, context.force
        )
    return context.grids[which]


def _made(
    measure: Measure,
    grid: Grid,
    source: Source,
    numerator: NDArray[np.float64],
    denominator: NDArray[np.float64] | None,
    value: NDArray[np.float64],
    reasons: NDArray[np.object_],
) -> Series:
    return Series(
        measure,
        grid.level,
        grid.areas,
        grid.months,
        numerator,
        denominator,
        value,
        reasons,
        grid.aside,
        grid.receipts,
        _breaks(measure, grid, source),
        monthly=source.monthly,
        own_receipts=grid.own_receipts,
        sample=source.sample if measure.kind == "published" else None,
    )


def _breaks(measure: Measure, grid: Grid, source: Source) -> tuple[Break, ...]:
    """Breaks that the source declares, and changes of categories that the measure cannot bridge."""
    taken = (*measure.numerator, *measure.denominator)
    told = [b for b in source.breaks if not b.comparable and b.concerns(grid.level, taken)]
    found = [Break(Month.parse(b.month), b.words) for b in told]
    if not measure.across_category_systems:
        pairs = zip(grid.systems, grid.systems[1:], grid.months[1:], strict=False)
        found += [
            Break(month, f"the publisher changed its {after}")
            for before, after, month in pairs
            if before and after and before != after
        ]
    inside = [b for b in found if grid.months[0] < b.month <= grid.months[-1]]
    return tuple(sorted(inside, key=lambda b: b.month))
