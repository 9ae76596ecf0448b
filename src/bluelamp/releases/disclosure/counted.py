"""What the measures of a controlled source count, told apart into parts that share no row.

All assaults and those with a knife are two things counted; what an attacker can subtract is the
part of the first that is not the second. So rows are sorted by which things they are counted in,
and each thing is a sum of parts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluelamp.evidence.source import Source
from bluelamp.measures import counting
from bluelamp.measures.compute import Context
from bluelamp.measures.definition import Measure, Selection
from bluelamp.measures.series import MORE_THAN_ALL, NONE_AT_ALL, Series
from bluelamp.periods import Month

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
COUNTS_KNOWN = ("", MORE_THAN_ALL, NONE_AT_ALL)


class DoesNotAddUp(ValueError):
    """A measure's own count is not the sum of the rows that it selects."""


@dataclass(frozen=True)
class Level:
    """One level of a source.

    counts  (parts, areas, months) whole numbers; nought where nothing is known.
    known   by thing (areas, months): whether a measure gives the count.
    """

    areas: tuple[str, ...]
    counts: Floats
    known: Mapping[str, Flags]


@dataclass(frozen=True)
class Account:
    """All that the measures of one source count.

    parts     names of the parts; a thing of one part has its name.
    made_of   the parts of each thing.
    shares    pairs of things of which one is published as a share of the other.
    levels    `force`, `borough`, `ward`: those that a measure has.
    monthly   False where each month of the file stands for a period of its own.
    """

    source: Source
    months: tuple[Month, ...]
    parts: tuple[str, ...]
    made_of: Mapping[str, tuple[str, ...]]
    shares: frozenset[tuple[str, str]]
    levels: Mapping[str, Level]

    @property
    def monthly(self) -> bool:
        return self.source.monthly


def named(selections: Iterable[Selection]) -> str:
    """What selections count, as one text that is the same however they are written."""
    each = [
        {key: sorted(map(str.upper, values)) for key, values in asdict(selection).items() if values}
        for selection in selections
    ]
    return json.dumps(sorted(each, key=json.dumps), sort_keys=True)


def selected_by(
    measure: Measure, measures: Mapping[str, Measure]
) -> tuple[tuple[Selection, ...], ...]:
    """What it counts, and for a share then what it is a share of."""
    if measure.kind == "rate":
        return (measures[str(measure.rate_of)].numerator,)
    return (measure.numerator, measure.denominator)[: 2 if measure.kind == "share" else 1]


def things_of(measure: Measure, measures: Mapping[str, Measure]) -> tuple[str, ...]:
    return tuple(named(selections) for selections in selected_by(measure, measures))


def account_of(source: Source, series: Iterable[Series], context: Context) -> Account | None:
    """The account of all `series` of a source; None where there is none.

    Raises DoesNotAddUp where a series is not the sum of its parts: then nothing is protected.
    """
    made = list(series)
    if not made:
        return None
    things = {
        named(selections): selections
        for one in made
        for selections in selected_by(one.measure, context.measures)
    }
    found = {
        level: _rows_of(context, source, level, things)
        for level in dict.fromkeys(one.level for one in made)
    }
    indexes = [month.index for grid, _ in found.values() for month in grid.months]
    months = tuple(Month.from_index(i) for i in range(min(indexes), max(indexes) + 1))
    kinds = sorted({kind for _, by_kind in found.values() for kind in by_kind})
    order = list(things)
    # A thing that no row is counted in has a part all the same: of noughts.
    kinds += [(name,) for name in order if not any(name in kind for kind in kinds)]
    alone = {
        name: [kind for kind in kinds if name in kind] for name in order
    }  # fmt: skip
    called = {
        kind: min((n for n in kind if alone[n] == [kind]), default="only in " + " and ".join(kind))
        for kind in kinds
    }
    made_of = {name: tuple(called[kind] for kind in alone[name]) for name in order}
    levels = {}
    for level, (grid, by_kind) in found.items():
        counts = np.zeros((len(kinds), len(grid.areas), len(months)))
        start = grid.months[0].index - months[0].index
        for number, kind in enumerate(kinds):
            if kind in by_kind:
                counts[number, :, start : start + len(grid.months)] = by_kind[kind]
        of_level = [one for one in made if one.level == level]
        known = _known(of_level, grid.areas, months, things, context)
        levels[level] = Level(grid.areas, counts, known)
    parts = tuple(called[kind] for kind in kinds)
    shares = frozenset(
        (pair[0], pair[1])
        for one in made
        if len(pair := things_of(one.measure, context.measures)) > 1
    )
    account = Account(source, months, parts, made_of, shares, levels)
    for one in made:
        _check_sum(one, account, context)
    return account


def _rows_of(
    context: Context, source: Source, level: str, things: Mapping[str, tuple[Selection, ...]]
) -> tuple[counting.Grid, dict[tuple[str, ...], Floats]]:
    """The grid of a level, and counts (areas, months) by the things that the rows count in."""
    grid = counting.make_grid(
        context.known, source, level, frozenset(), context.gazetteer, context.force
    )
    if grid is None:
        raise DoesNotAddUp(f"'{source.title}' has figures by {level} and no rows of it")
    at = str(counting.source_level(source, level))
    spelt, order = context.known.spelt(source.id, at), sorted(things)
    rows = context.known.coded(source.id, at).with_columns(cell=grid.cells)
    flags = [counting.matches(things[name], spelt).alias(str(i)) for i, name in enumerate(order)]
    names = [str(i) for i in range(len(order))]
    summed = (
        rows.with_columns(flags)
        .filter(pl.col("cell").is_not_null(), pl.col("count").is_not_null())
        .group_by(*names, "cell")
        .agg(pl.col("count").cast(pl.Float64).sum())
        .sort(*names, "cell")
    )
    found: dict[tuple[str, ...], Floats] = {}
    shape = len(grid.areas), len(grid.months)
    for row in summed.iter_rows(named=True):
        kind = tuple(name for i, name in enumerate(order) if row[str(i)])
        if kind:
            found.setdefault(kind, np.zeros(shape)).ravel()[row["cell"]] += row["count"]
    return grid, found


def _known(
    made: Iterable[Series], areas: tuple[str, ...], months: tuple[Month, ...],
    things: Iterable[str], context: Context,
) -> dict[str, Flags]:  # fmt: skip
    found = {name: np.zeros((len(areas), len(months)), dtype=bool) for name in things}
    for one in made:
        there = np.isin(one.reasons, COUNTS_KNOWN)
        rows, columns = _places(one, areas, months)
        for name in things_of(one.measure, context.measures):
            found[name][np.ix_(rows, columns)] |= there
    return found


def _places(
    series: Series, areas: tuple[str, ...], months: tuple[Month, ...]
) -> tuple[list[int], list[int]]:
    row = {area: i for i, area in enumerate(areas)}
    return [row[a] for a in series.areas], [m.index - months[0].index for m in series.months]


def _check_sum(series: Series, account: Account, context: Context) -> None:
    level = account.levels[series.level]
    where = np.ix_(*_places(series, level.areas, account.months))
    there = np.isin(series.reasons, COUNTS_KNOWN)
    arrays = [series.numerator]
    if series.measure.kind == "share" and series.denominator is not None:
        arrays.append(series.denominator)
    for name, array in zip(things_of(series.measure, context.measures), arrays, strict=True):
        places = [account.parts.index(part) for part in account.made_of[name]]
        total = level.counts[places].sum(axis=0)[where]
        if (np.abs(total - array)[there] > 1e-6).any():
            raise DoesNotAddUp(
                f"'{series.measure.title}' by {series.level} is not the sum of the rows it "
                "selects, so its small counts cannot be protected; take the measure out"
            )
