"""The tables that a release puts out of one controlled source, one for each financial year.

Areas by quarter and year with the total of the force; the force by month too. Calendar years and
rolling years are no cells: they are given only where all that they are made of is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy import sparse

from bluelamp.periods import Month, Period
from bluelamp.releases.disclosure.counted import Account, Flags, Floats, Level
from bluelamp.statistics.disclosure.tables import Axis, Key, Table, cross, linked, table_of

ELSEWHERE = "elsewhere"
"""What the force has and no borough: nobody publishes it, and anybody can subtract."""


@dataclass(frozen=True)
class YearTable:
    """One table; its keys are (thing or part, area, period).

    hidden  (n,) cells that no figure gives.
    """

    source: str
    year: str
    table: Table
    hidden: Flags


@dataclass(frozen=True)
class _Span:
    """Periods of a year table: of all areas, and what is told of the force alone besides."""

    year: str
    labels: Mapping[str, tuple[Month, ...]]
    totals: Mapping[str, tuple[str, ...]]
    months: tuple[Month, ...]


def year_tables(account: Account, force: str) -> Iterator[YearTable]:
    """The tables of an account, in order of time. `force` is the code of the force."""
    for span in _years(account.months) if account.monthly else _single(account):
        tables = list(_tables(account, span, force))
        if tables:
            table = linked([*tables, *_rests(account, tables)])
            known = _known_cells(account, span, force)
            hidden = np.array([key not in known for key in table.keys])
            yield YearTable(account.source.id, span.year, table, hidden)


def _years(months: tuple[Month, ...]) -> Iterator[_Span]:
    there = set(months)
    for year in dict.fromkeys(str(Period.containing("fy", month)) for month in months):
        whole = Period.parse(year)
        quarters = {
            str(Period("quarter", month)): tuple(Period("quarter", month).months)
            for month in whole.months
            if month.month % 3 == 0 and set(Period("quarter", month).months) <= there
        }
        totals = {year: tuple(quarters)} if len(quarters) == 4 else {}
        yield _Span(year, quarters, totals, tuple(m for m in whole.months if m in there))


def _single(account: Account) -> Iterator[_Span]:
    told = np.any(
        [flags.any(axis=0) for level in account.levels.values() for flags in level.known.values()],
        axis=0,
    )
    for month, known in zip(account.months, told, strict=True):
        if known:
            name = str(Period("r12", month))
            yield _Span(name, {name: (month,)}, {}, ())


def _tables(account: Account, span: _Span, force: str) -> Iterator[Table]:
    things = Axis(
        account.parts, {name: parts for name, parts in account.made_of.items() if len(parts) > 1}
    )
    whole, areas = account.levels.get("force"), account.levels.get("borough")
    periods = Axis(tuple(span.labels), span.totals)
    if areas and span.labels:
        counts = _by_period(account, areas, span)
        names: tuple[str, ...] = areas.areas
        totals = {}
        rest = None if whole is None else _by_period(account, whole, span) - counts.sum(1)[:, None]
        if rest is not None and (rest >= 0).all():  # else the force is no sum of its boroughs
            totals = {force: (*names, ELSEWHERE)}
            names, counts = totals[force], np.concatenate([counts, rest], axis=1)
        yield cross(counts, [things, Axis(names, totals), periods])
    if whole:
        if not span.months:
            yield cross(_by_period(account, whole, span), [things, Axis((force,)), periods])
            return
        first = account.months[0].index
        monthly = whole.counts[:, :, [month.index - first for month in span.months]]
        quarters = {name: tuple(map(str, months)) for name, months in span.labels.items()}
        labels = Axis(tuple(map(str, span.months)), {**quarters, **span.totals})
        yield cross(monthly, [things, Axis((force,)), labels])


def _by_period(account: Account, level: Level, span: _Span) -> Floats:
    """(parts, areas, periods) of the finest periods of all areas."""
    first = account.months[0].index
    columns = [[month.index - first for month in months] for months in span.labels.values()]
    return np.stack([level.counts[:, :, each].sum(axis=2) for each in columns], axis=2)


def _rests(account: Account, tables: list[Table]) -> Iterator[Table]:
    """What a whole has beyond its share, where the two are different rows (outcomes and offences):
    38 outcomes of 40 offences tell of 2."""
    values = {
        key: value
        for table in tables
        for key, value in zip(table.keys, table.values.tolist(), strict=True)
    }
    for top, bottom in sorted(account.shares):
        if set(account.made_of[top]) <= set(account.made_of[bottom]):
            continue  # the rest is a part of the table
        pairs = [three(key)[1:] for key in values if three(key)[0] == top]
        usable = [pair for pair in pairs if values[(bottom, *pair)] >= values[(top, *pair)]]
        keys: list[Key] = []
        found: list[float] = []
        for pair in usable:
            one, whole = values[(top, *pair)], values[(bottom, *pair)]
            keys += [(top, *pair), (f"{bottom} without {top}", *pair), (bottom, *pair)]
            found += [one, whole - one, whole]
        if keys:
            relation = sparse.kron(sparse.eye_array(len(usable)), np.array([[1.0, 1.0, -1.0]]))
            yield table_of(keys, found, relation)


def three(key: Key) -> tuple[str, str, str]:
    """Thing or part, area and period of a cell."""
    return cast("tuple[str, str, str]", key)


def _known_cells(account: Account, span: _Span, force: str) -> set[Key]:
    """The keys of all cells that a figure gives, were nothing left out."""
    first = account.months[0].index
    periods = dict(span.labels)
    for total, parts in span.totals.items():
        periods[total] = tuple(month for part in parts for month in span.labels[part])
    found: set[Key] = set()
    for name in ("force", "borough"):
        level = account.levels.get(name)
        if level is None:
            continue
        single = {str(month): (month,) for month in span.months} if name == "force" else {}
        for period, months in {**periods, **single}.items():
            columns = [month.index - first for month in months]
            for thing, known in level.known.items():
                there: list[bool] = np.all(known[:, columns], axis=1).tolist()
                found |= {
                    (thing, force if name == "force" else area, period)
                    for area, ok in zip(level.areas, there, strict=True)
                    if ok
                }
    return found
