"""What every good choice must satisfy: one inequality for each way an attacker could succeed.

With x = 1 for a decision to leave out and 0 to publish, the room of a cell to move is linear in x,
and duality bounds an attacker's reach by sum(price * room). So a cell is protected in every choice
only if, for each set of prices that proves a bound, that sum is as large as what the cell needs.
Source: Fischetti & Salazar (2000), "Models and algorithms for optimizing cell suppression in
tabular data with linear constraints": capacity, bridgeless and cover inequalities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bluelamp.statistics.disclosure.attacker import Extreme, Room
from bluelamp.statistics.disclosure.tables import Flags, Floats, Numbers, Table

NOTHING = 1e-7


@dataclass(frozen=True)
class Need:
    """(n,) how wide a cell's interval must be, and how far above its value, if it is left out."""

    width: Floats
    above: Floats

    @property
    def any(self) -> Flags:
        return (self.width > 0) | (self.above > 0)


@dataclass(frozen=True)
class Cut:
    """sum(weights * x[decisions]) >= x[owner]: to leave `owner` out, leave out enough of these."""

    owner: int
    decisions: Numbers
    weights: Floats

    def missed_by(self, choice: Floats) -> float:
        return float(choice[self.owner] - self.weights @ choice[self.decisions])


@dataclass(frozen=True)
class Maker:
    """Makes cuts for one table. decision (n,) runs from 0 without gaps."""

    table: Table
    room: Room
    need: Need
    decision: Numbers

    def cut(
        self, cell: int, cells: Numbers, fall_price: Floats, rise_price: Floats, needed: float
    ) -> Cut | None:
        """The cut of one proof. cells (k,) may repeat; prices (k,). None where it asks nothing."""
        room = self.room
        shown = _worth(fall_price, room.shown_down[cells]) + _worth(
            rise_price, room.shown_up[cells]
        )
        more = _worth(fall_price, room.more_down[cells]) + _worth(rise_price, room.more_up[cells])
        decisions, at = np.unique(self.decision[cells], return_inverse=True)
        weights = np.bincount(at, more)
        owner = int(self.decision[cell])
        own = decisions == owner
        left = needed - float(shown.sum()) - float(weights[own].sum())
        if left <= NOTHING:
            return None
        # More than all that is left to ask cannot be given by one cell.
        weights = np.minimum(weights / left, 1.0)
        useful = ~own & (weights > NOTHING)
        return Cut(owner, decisions[useful], weights[useful])

    def of_extremes(self, found: list[Extreme], cell: int) -> Iterator[Cut]:
        """The cuts that the attacker's own answers prove, for one cell: upwards, then downwards."""
        up, down = (e.prices(self.table) for e in found)
        needs = (
            (float(self.need.width[cell]), up[0] + down[0], up[1] + down[1]),
            (float(self.need.above[cell]), up[0], up[1]),
        )
        for needed, fall_price, rise_price in needs:
            cells = np.flatnonzero((fall_price > 0) | (rise_price > 0))
            cut = self.cut(cell, cells, fall_price[cells], rise_price[cells], needed)
            if cut is not None:
                yield cut

    def opening(self, sensitive: Flags) -> Iterator[Cut]:
        """Cuts that a single relation proves: a cell moves only as far as its fellows let it."""
        relations = self.table.relations
        for row in range(relations.shape[0]):
            span = slice(relations.indptr[row], relations.indptr[row + 1])
            cells, factors = relations.indices[span], relations.data[span]
            for at in np.flatnonzero(self.need.any[cells]):
                yield from self._of_row(int(at), cells, factors, bool(sensitive[cells[at]]))

    def _of_row(self, at: int, cells: Numbers, factors: Floats, sensitive: bool) -> Iterator[Cut]:
        cell, others = int(cells[at]), np.delete(cells, at)
        ratio = np.delete(factors, at) / factors[at]
        along, against = np.maximum(ratio, 0), np.maximum(-ratio, 0)
        one, none = np.ones(1), np.zeros(1)
        width = float(self.need.width[cell])
        # Both ways through the relation; or one way through it and the other to its own end.
        proofs = [(others, along + against, along + against, width)]
        if sensitive:
            with_own = np.append(others, cell)
            proofs += [
                (with_own, np.append(along, one), np.append(against, none), width),
                (with_own, np.append(against, none), np.append(along, one), width),
                (others, along, against, float(self.need.above[cell])),
            ]
        for proof in proofs:
            cut = self.cut(cell, *proof)
            if cut is not None:
                yield cut

    def none_better(self, cell: int, suppressed: Flags) -> Cut:
        """That `cell` is not safe in this choice, so a good one leaves out something else too.

        suppressed (decisions,). For attackers who use whole numbers, where duality proves nothing.
        """
        others = np.flatnonzero(~suppressed)
        return Cut(int(self.decision[cell]), others, np.ones(others.size))


def _worth(price: Floats, room: Floats) -> Floats:
    """price * room, where endless room that has no price is worth nothing."""
    return np.where(price > 0, price * np.where(price > 0, room, 0.0), 0.0)
