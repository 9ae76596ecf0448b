"""The audit: what a determined reader can work out of a table with cells left out.

It knows nothing of how the cells were chosen, so it checks `suppression`, any rival, or a table
that another office has published. Source: Fischetti & Salazar (2001); Hundepool et al. (2012), 4.3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bluelamp.statistics.disclosure.attacker import WHOLE, Room, extremes, whole_reach
from bluelamp.statistics.disclosure.attempts import too_near, too_near_in_whole_numbers
from bluelamp.statistics.disclosure.cuts import Need
from bluelamp.statistics.disclosure.tables import Flags, Floats, Table


@dataclass(frozen=True)
class Intervals:
    """(n,) the least and greatest value of each cell in any table that agrees with what is seen."""

    low: Floats
    high: Floats

    @property
    def width(self) -> Floats:
        return self.high - self.low


def intervals(table: Table, suppressed: ArrayLike, *, whole: bool = False) -> Intervals:
    """What can be worked out of a table whose `suppressed` cells (n,) are left out.

    The attacker has every other cell, every relation, every published denominator and every
    earlier release that the table speaks of. With `whole` it also uses that counts are whole
    numbers (an integer programme for each cell: for small tables). A cell that is published exactly
    has its value twice. Raises ValueError for another shape, or where cells of one decision are
    treated differently.
    """
    left_out = _checked(table, suppressed)
    room = Room.of(table).at(left_out.astype(float))
    low, high = table.values.copy(), table.values.copy()
    cells = np.flatnonzero((room[0] > 0) | (room[1] > 0))
    for batch in extremes(table, room, cells):
        for found in batch:
            if found.upwards:
                high[found.cell] += found.reach
            else:
                low[found.cell] -= found.reach
    if whole:
        _sharpen(table, room, low, high)
    return Intervals(low, high)


def _checked(table: Table, suppressed: ArrayLike) -> Flags:
    flags = np.asarray(suppressed, dtype=bool)
    if flags.shape != (table.size,):
        raise ValueError(f"say of each of the {table.size} cells whether it is left out")
    _, number = np.unique(table.decision, return_inverse=True)
    share = np.bincount(number, flags) / np.bincount(number)
    if ((share > 0) & (share < 1)).any():
        raise ValueError("cells of one decision are published together or left out together")
    return flags


def _sharpen(table: Table, room: tuple[Floats, Floats], low: Floats, high: Floats) -> None:
    """Narrow the intervals of counts, in place, to what whole numbers allow."""
    for cell in np.flatnonzero(table.counted & (low < high)).tolist():
        for upwards in (True, False):
            end = (high if upwards else low)[cell]
            if np.isfinite(end):
                reach = np.floor(abs(end - table.values[cell]) + WHOLE)
                moved = whole_reach(table, room, cell, upwards, reach)[cell]
                (high if upwards else low)[cell] = table.values[cell] + moved


def breaches(
    table: Table, suppressed: ArrayLike, width: ArrayLike, *, whole: bool = False
) -> Flags:
    """(n,) True where a count that is left out can be put into less than `width`.

    width: one number, or (n,). Raises ValueError as `intervals` does.
    """
    left_out = _checked(table, suppressed)
    room = Room.of(table).at(left_out.astype(float))
    asked = np.where(left_out & table.counted, np.broadcast_to(width, (table.size,)), 0.0)
    need = Need(asked, np.zeros(table.size))
    found = np.zeros(table.size, dtype=bool)
    found[[up.cell for up, _ in too_near(table, room, need)]] = True
    if whole:
        rest = Need(np.where(found, 0.0, asked), need.above)
        found[too_near_in_whole_numbers(table, room, rest)] = True
    return found
