"""Which cells does the attacker get too near to? Asked of thousands of cells at once.

Two linear programmes a cell answer that, but most cells are safe, and two tables that differ enough
in a cell prove it. So first the solver is asked for pairs of tables that clear as many cells as can
be cleared together, and only the few that no pair has cleared are asked about alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from bluelamp.statistics.disclosure.attacker import (
    WHOLE,
    Extreme,
    extremes,
    far,
    joined_parts,
    whole_reach,
)  # fmt: skip
from bluelamp.statistics.disclosure.cuts import Need
from bluelamp.statistics.disclosure.tables import Flags, Floats, Numbers, Table

ROUNDING = 1e-6
"""What a solver's answer may miss by, in units of the cell."""
PAIRS = 60
"""Pairs of tables asked for at most; each further one clears fewer cells."""
FEW = 3
"""A pair that clears fewer cells than this was the last."""
PAIR_NODES = 20
"""Nodes of the integer programme for one pair; any pair that it has by then will do."""


def too_near(
    table: Table, room: tuple[Floats, Floats], need: Need
) -> Iterator[tuple[Extreme, Extreme]]:
    """For each cell that can be put nearer than it needs: how far it gets upwards and downwards.

    room: (n,) falls and (n,) rises that are allowed; need: nought for cells that need nothing.
    Raises RuntimeError where the solver fails.
    """
    open_ = need.any.copy()
    open_[cleared(table, room, np.where(need.above > 0, 0.0, need.width), whole=False)] = False
    enough = np.maximum(need.width, need.above)
    for batch in extremes(table, room, np.flatnonzero(open_), enough):
        for up, down in zip(batch[::2], batch[1::2], strict=True):
            width, above = need.width[up.cell], need.above[up.cell]
            if up.reach + down.reach < width - ROUNDING or up.reach < above - ROUNDING:
                yield up, down


def cleared(table: Table, room: tuple[Floats, Floats], width: Floats, *, whole: bool) -> Flags:
    """(n,) True for cells that two possible tables put at least `width` (n,) apart.

    With `whole` only tables of whole counts are taken for possible. False proves nothing.
    """
    falls, rises = room
    free = np.flatnonzero((falls > 0) | (rises > 0))
    done = width <= 0
    if not free.size:
        return done
    part = joined_parts(table.relations[:, free])
    lowest, highest = np.zeros(table.size), np.zeros(table.size)
    integer = False
    for _ in range(PAIRS):
        asked = np.flatnonzero(~done[free])
        if not asked.size:
            break
        pair = _pair(table, (falls[free], rises[free]), free, asked, width[free[asked]], integer)
        for moved in pair:
            possible = _whole_parts(moved, part, table.counted[free]) if whole else True
            kept = np.where(possible, moved, 0.0)
            lowest[free] = np.minimum(lowest[free], kept)
            highest[free] = np.maximum(highest[free], kept)
        new = (highest - lowest >= width - ROUNDING) & ~done
        done |= new
        if new.sum() < FEW:
            # Linear programmes of linked tables seldom end in whole numbers by themselves.
            if integer or not whole:
                break
            integer = True
    return done


def _pair(
    table: Table, room: tuple[Floats, Floats], free: Numbers, asked: Numbers, width: Floats,
    integer: bool,
) -> tuple[Floats, Floats]:  # fmt: skip
    """(free,) and (free,): departures of two tables, as far apart in the cells asked as they can.

    asked (k,) places in `free`; nothing is gained by setting a cell farther apart than its `width`.
    """
    here = sparse.csr_array(table.relations[:, free])
    here = sparse.csr_array(here[np.flatnonzero(np.diff(here.indptr))])
    k, n = asked.size, free.size
    pick = sparse.csr_array((np.ones(k), (np.arange(k), asked)), shape=(k, n))
    endless = far(*room)
    low, high = -np.minimum(room[0], endless), np.minimum(room[1], endless)
    counted = table.counted[free] & integer
    low[counted], high[counted] = np.ceil(low[counted] - WHOLE), np.floor(high[counted] + WHOLE)
    balanced = sparse.block_diag([here, here, sparse.csr_array((0, k))], format="csr")
    apart = sparse.hstack([-pick, pick, sparse.eye_array(k)], format="csr")
    found = milp(
        np.concatenate([np.zeros(2 * n), -1.0 / width]),
        integrality=np.concatenate([counted, counted, np.zeros(k)]),
        bounds=Bounds(np.concatenate([low, low, np.zeros(k)]), np.concatenate([high, high, width])),
        constraints=[LinearConstraint(balanced, 0, 0), LinearConstraint(apart, -np.inf, 0)],
        options={"node_limit": PAIR_NODES},
    )
    if found.x is None:  # out of work: nothing is shown
        return np.zeros(n), np.zeros(n)
    pair = np.where(
        counted, np.round(found.x[: 2 * n].reshape(2, n)), found.x[: 2 * n].reshape(2, n)
    )
    return pair[0], pair[1]


def _whole_parts(moved: Floats, part: Numbers, counted: Flags) -> Flags:
    """(free,) True in the parts whose counts all moved by whole numbers."""
    broken = counted & (np.abs(moved - np.round(moved)) > WHOLE)
    return np.asarray(np.bincount(part, broken, minlength=part.max() + 1)[part] == 0)


def too_near_in_whole_numbers(table: Table, room: tuple[Floats, Floats], need: Need) -> Numbers:
    """The counts that an attacker who knows them to be whole numbers puts nearer than they need.

    room (n,) and (n,), need as in `too_near`, which must have found nothing. An integer programme
    for each cell that no pair of whole tables clears. Raises RuntimeError where the solver fails.
    """
    asked = need.any & table.counted
    width = np.where(asked, np.ceil(need.width - ROUNDING), 0.0)
    above = np.where(asked, np.ceil(need.above - ROUNDING), 0.0)
    open_ = (~cleared(table, room, width, whole=True) & asked) | (above > 0)
    found = []
    for cell in np.flatnonzero(open_).tolist():
        up = whole_reach(table, room, cell, True, max(width[cell], above[cell]))[cell]
        down = (
            0.0 if up >= width[cell] else -whole_reach(table, room, cell, False, width[cell])[cell]
        )
        if up + down < width[cell] - ROUNDING or up < above[cell] - ROUNDING:
            found.append(cell)
    return np.array(found, dtype=np.int64)
