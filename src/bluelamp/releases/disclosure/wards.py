"""Counts of wards, rounded: each part by quarter, always in the same way; all else is their sums.

The key of a cell is drawn from its name under the secret of the store, so that asking again, in
another table or the next release, gives nothing new. Where what is published of a borough would
narrow a small count of one of its wards, nothing is published of them for that year.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from bluelamp.periods import Month, Period
from bluelamp.places import Gazetteer
from bluelamp.releases.disclosure import words
from bluelamp.releases.disclosure.counted import Account, Flags
from bluelamp.releases.disclosure.ledger import Kept
from bluelamp.releases.disclosure.tables import three
from bluelamp.statistics.disclosure.audit import breaches
from bluelamp.statistics.disclosure.rounding import randomly_rounded
from bluelamp.statistics.disclosure.tables import Axis, Key, Table, cross


@dataclass(frozen=True)
class Rounded:
    """shown   by (part, ward, quarter); of wards of which nothing is published there is none."""

    shown: Mapping[tuple[str, str, str], float]

    def total(self, parts: tuple[str, ...], ward: str, period: Period) -> float | None:
        """The sum of rounded counts, or None where the period is not made of whole quarters or
        some of it is not shown."""
        quarters = quarters_of(period)
        cells = [(part, ward, quarter) for part in parts for quarter in quarters]
        if not cells or any(cell not in self.shown for cell in cells):
            return None
        return float(sum(self.shown[cell] for cell in cells))


def quarters_of(period: Period) -> tuple[str, ...]:
    """The quarters that a period is made of; () where it is not made of whole ones."""
    if period.kind == "month" or period.last.month % 3:
        return ()
    return tuple(str(Period("quarter", m)) for m in period.months if m.month % 3 == 0)


def rounded_wards(
    account: Account, kept: tuple[Kept, ...], gazetteer: Gazetteer, secret: bytes
) -> Rounded:
    """What is published of an account's wards; `kept` is what is left out of its boroughs."""
    level, protection = account.levels.get("ward"), words.protection_of(account.source)
    if level is None or not protection.ward_base or not account.monthly:
        return Rounded({})
    quarters, counts = _quarters(account, level.counts)
    keys = _cell_keys(secret, account, level.areas, quarters)
    shown = randomly_rounded(counts, protection.ward_base, keys)
    cells: dict[tuple[str, str, str], float] = {}
    for rows in _by_borough(level.areas, gazetteer):
        borough = _borough(gazetteer, level.areas[rows[0]])
        for year, columns in _by_year(quarters):
            where = np.ix_(range(len(account.parts)), rows, columns)
            names = tuple(quarters[j] for j in columns)
            wards = tuple(level.areas[i] for i in rows)
            case = _Case(account, borough, wards, year, names, counts[where], shown[where])
            if not case.gives_away(kept, account.levels.get("borough") is not None):
                cells |= case.cells()
    return Rounded(cells)


def _quarters(account: Account, counts: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    there, first = set(account.months), account.months[0].index
    ends = [m for m in account.months if m.month % 3 == 0 and m - 2 in there]
    columns = [[m.index - first - back for back in (2, 1, 0)] for m in ends]
    summed = [counts[:, :, each].sum(axis=2) for each in columns]
    empty = np.zeros((*counts.shape[:2], 0))
    return tuple(str(Period("quarter", m)) for m in ends), np.stack(summed, 2) if summed else empty


def _cell_keys(
    secret: bytes, account: Account, areas: tuple[str, ...], quarters: tuple[str, ...]
) -> np.ndarray:
    """(parts, areas, quarters) numbers below 2**32."""

    def key(*names: str) -> int:
        name = "\0".join((account.source.id, *names)).encode()
        return int.from_bytes(hmac.digest(secret, name, hashlib.sha256)[:4], "big")

    found = [[[key(p, a, q) for q in quarters] for a in areas] for p in account.parts]
    shape = len(account.parts), len(areas), len(quarters)
    return np.array(found, dtype=np.uint64).reshape(shape)


def _borough(gazetteer: Gazetteer, ward: str) -> str:
    return "" if ward.startswith("outside:") else gazetteer[ward].parent or ""


def _by_borough(areas: tuple[str, ...], gazetteer: Gazetteer) -> Iterator[list[int]]:
    found: dict[str, list[int]] = {}
    for row, area in enumerate(areas):
        found.setdefault(_borough(gazetteer, area), []).append(row)
    yield from found.values()


def _by_year(quarters: tuple[str, ...]) -> Iterator[tuple[str, list[int]]]:
    found: dict[str, list[int]] = {}
    for column, quarter in enumerate(quarters):
        year = str(Period.containing("fy", Month.parse(str(Period.parse(quarter).last))))
        found.setdefault(year, []).append(column)
    yield from found.items()


@dataclass(frozen=True)
class _Case:
    """The wards of one borough in one financial year: counts and shown (parts, wards, quarters)."""

    account: Account
    borough: str
    wards: tuple[str, ...]
    year: str
    quarters: tuple[str, ...]
    counts: np.ndarray
    shown: np.ndarray

    def cells(self) -> dict[tuple[str, str, str], float]:
        return {
            (part, ward, quarter): float(self.shown[p, w, q])
            for p, part in enumerate(self.account.parts)
            for w, ward in enumerate(self.wards)
            for q, quarter in enumerate(self.quarters)
        }

    def gives_away(self, kept: tuple[Kept, ...], has_boroughs: bool) -> bool:
        """Whether the borough's own figures narrow a small count below what rounding leaves, or
        the wards' narrow one of the borough that is left out."""
        protection = words.protection_of(self.account.source)
        of_year = next((each for each in kept if each.year == self.year), None)
        if not has_boroughs or of_year is None:
            return False
        totals = {self.year: self.quarters} if len(self.quarters) == 4 else {}
        made_of = {t: parts for t, parts in self.account.made_of.items() if len(parts) > 1}
        axes = [
            Axis(self.account.parts, made_of),
            Axis(self.wards, {self.borough: self.wards}),
            Axis(self.quarters, totals),
        ]
        table = cross(self.counts, axes)
        own = dict(zip(of_year.table.keys, of_year.table.values.tolist(), strict=True))
        if any(
            own[key] != value
            for key, value in zip(table.keys, table.values.tolist(), strict=True)
            if key in own
        ):
            return False  # the borough is no sum of its wards, so one does not tell of the other
        return bool(self._breaches(table, of_year, protection.ward_base, protection.apart).any())

    def _breaches(self, table: Table, of_year: Kept, base: int, apart: int) -> Flags:
        """(n,) what an attacker narrows who has the rounded wards and the borough's figures."""
        published = {
            key for key, out in zip(of_year.table.keys, of_year.suppressed, strict=True) if not out
        }
        left_out = np.array([key not in published for key in table.keys])
        low, high = table.low.copy(), table.high.copy()
        width = np.zeros(table.size)
        finest = set(self.account.parts)
        for cell, (part, area, period) in enumerate(map(three, table.keys)):
            if area == self.borough:
                width[cell] = apart if _is_small(of_year, (part, area, period)) else 0
            elif part in finest and period in self.quarters:
                at = (
                    self.account.parts.index(part),
                    self.wards.index(area),
                    self.quarters.index(period),
                )
                low[cell] = max(0.0, self.shown[at] - base + 1)
                high[cell] = self.shown[at] + base - 1
                small = 0 < self.counts[at] < words.protection_of(self.account.source).threshold
                width[cell] = base - 1 if small else 0
        return breaches(replace(table, low=low, high=high), left_out, width)


def _is_small(of_year: Kept, key: Key) -> bool:
    """Whether it is left out for what it holds, or to protect another."""
    place = of_year.table.place.get(key)
    return place is not None and bool(of_year.suppressed[place] & ~of_year.hidden[place])
