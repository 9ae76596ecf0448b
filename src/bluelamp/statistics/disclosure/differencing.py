"""Successive releases as one table, so that subtracting one from the other gives nothing away.

A rolling twelve months less the one before it is a month less a month; a borough's total less last
quarter's release of it is what was added since. An attacker keeps old releases, so what they showed
is known for good, and what they left out must stay hidden in the new one.
Source: Hundepool et al. (2012), 4.6 (linked tables), 6.2 (differencing).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from bluelamp.statistics.disclosure.tables import (
    TOLERANCE,
    Flags,
    Key,
    Table,
    linked,
)  # fmt: skip


@dataclass(frozen=True)
class Release:
    """What was put out: its table, and (n,) what was left out of it and what was sensitive then."""

    table: Table
    suppressed: Flags
    sensitive: Flags


@dataclass(frozen=True)
class AsPublished:
    """The key of a cell as an earlier release had it, where the cell has been revised since."""

    key: Key
    release: int


@dataclass(frozen=True)
class Revision:
    """The key of the difference between a cell and what an earlier release had."""

    key: Key
    release: int


@dataclass(frozen=True)
class Successive:
    """The new table with all that earlier releases make known; (n,) flags for its cells.

    table       the cells of the new table first, in their order.
    hidden      cells of earlier releases that no release can show any more: give to `protect`.
    sensitive   cells that were sensitive in an earlier release: they stay so.
    given_away  cells that an earlier release has shown exactly: nothing protects them now.
    """

    table: Table
    hidden: Flags
    sensitive: Flags
    given_away: Flags


def successive(now: Table, earlier: Sequence[Release], *, revision: float = np.inf) -> Successive:
    """The new table joined to the releases before it.

    A cell with the same key and value is the same cell. A revised one becomes two cells, and
    `revision` is how far apart an attacker may take them to be for certain, in units of the cell:
    infinity where that is not known. Raises ValueError where a release's flags do not fit its table
    or `revision` is below the largest revision made.
    """
    value = dict(zip(now.keys, now.values.tolist(), strict=True))
    tables, hidden, sensitive = [now], set[Key](), set[Key]()
    for number, release in enumerate(earlier):
        old, revised = _renamed(release, number, value)
        tables.append(old)
        tables += [_tie(key, number, value[key], then, revision) for key, then in revised.items()]
        hidden |= {Revision(key, number) for key in revised}
        hidden |= {old.keys[i] for i in np.flatnonzero(release.suppressed)} - set(now.keys)
        sensitive |= {old.keys[i] for i in np.flatnonzero(release.sensitive)}
        value |= dict(zip(old.keys, old.values.tolist(), strict=True))
    table = linked(tables)
    flags = table.where(sorted(sensitive, key=table.place.__getitem__))
    known = table.counted & (table.high - table.low <= TOLERANCE)
    unseen = table.where(sorted(hidden, key=table.place.__getitem__)) & ~known
    return Successive(table, unseen, flags & ~known, known)


def _renamed(
    release: Release, number: int, value: dict[Key, float]
) -> tuple[Table, dict[Key, float]]:
    """The earlier table with what it showed as known, and {key: value then} of what was revised."""
    table = release.table
    for flags in (release.suppressed, release.sensitive):
        if flags.shape != (table.size,):
            raise ValueError(f"release {number}: give flags for each of its {table.size} cells")
    then = dict(zip(table.keys, table.values.tolist(), strict=True))
    revised = {
        key: old for key, old in then.items()
        if key in value and abs(value[key] - old) > TOLERANCE
    }  # fmt: skip
    keys = tuple(AsPublished(key, number) if key in revised else key for key in table.keys)
    shown = ~release.suppressed
    return replace(
        table,
        keys=keys,
        low=np.where(shown, np.maximum(table.low, table.shown_low), table.low),
        high=np.where(shown, np.minimum(table.high, table.shown_high), table.high),
    ), revised


def _tie(key: Key, number: int, value: float, then: float, revision: float) -> Table:
    """That the cell now is the cell then and a revision of at most so much."""
    change = value - then
    if abs(change) > revision:
        raise ValueError(
            f"{key!r} was revised by {change:g}, and revisions are said to be {revision:g} at most"
        )
    keys = (key, AsPublished(key, number), Revision(key, number))
    # It says nothing of how its cells are shown: the tables that they come from do.
    endless = np.full(3, np.inf)
    bounds = np.array([np.inf, np.inf, revision])
    return Table(
        keys=keys,
        values=np.array([value, then, change]),
        relations=sparse.csr_array([[1.0, -1.0, -1.0]]),
        low=-bounds,
        high=bounds,
        shown_low=-endless,
        shown_high=endless,
        decision=np.arange(3),
        counted=np.ones(3, dtype=bool),
    )
