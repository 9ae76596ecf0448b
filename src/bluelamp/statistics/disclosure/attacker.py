"""The attacker: from all that is published, between what does a cell that is left out lie?

Two linear programmes for each cell, its least and its greatest value in any table that agrees with
what is seen. Many cells are asked about in one call of the solver, as blocks side by side.
Everything is measured as a departure from the true table, where all relations come to nought.
Source: Fischetti & Salazar (2001), section 2, "attacker subproblems"; Hundepool et al. (2012), 4.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp
from scipy.sparse.csgraph import connected_components

from bluelamp.statistics.disclosure.tables import Flags, Floats, Numbers, Table

BLOCK_VARIABLES = 2_000
"""How many unknowns go to the solver in one call."""
WHOLE = 1e-5
"""How near to a whole number a solution lies that is one."""
PRICE_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Room:
    """How far each cell may move while a given choice is published: (n,) each, nought or more.

    With x the choice (1 left out, 0 published) a cell may rise by shown_up + more_up * x and fall
    by shown_down + more_down * x.
    """

    shown_up: Floats
    more_up: Floats
    shown_down: Floats
    more_down: Floats

    @classmethod
    def of(cls, table: Table) -> Room:
        shown_up = np.maximum(table.shown_high - table.values, 0)
        shown_down = np.maximum(table.values - table.shown_low, 0)
        up, down = table.high - table.values, table.values - table.low
        # What is known beforehand may be sharper than the published form.
        shown_up, shown_down = np.minimum(shown_up, up), np.minimum(shown_down, down)
        return cls(shown_up, _less(up, shown_up), shown_down, _less(down, shown_down))

    def at(self, choice: Floats) -> tuple[Floats, Floats]:
        """(n,) the greatest fall and the greatest rise of each cell under a choice (n,)."""
        return (
            self.shown_down + _times(self.more_down, choice),
            self.shown_up + _times(self.more_up, choice),
        )


def _less(whole: Floats, part: Floats) -> Floats:
    """whole - part where both may be endless: nothing remains of the same endlessness."""
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(np.maximum(whole - part, 0), nan=0.0, posinf=np.inf)


def _times(room: Floats, choice: Floats) -> Floats:
    """room * choice, where endless room that is not chosen is none."""
    return np.where(choice > 0, room * np.where(choice > 0, choice, 1.0), 0.0)


@dataclass(frozen=True)
class Extreme:
    """The farthest that `cell` gets in one direction, and what holds it there.

    reach       how far; infinity where nothing holds it.
    columns     (k,) the cells that moved, and `moved` (k,) by how much: one table that agrees with
                all that is published.
    rows        (r,) the relations that took part, and `row_prices` (r,) their dual values.
    """

    cell: int
    upwards: bool
    reach: float
    columns: Numbers
    moved: Floats
    rows: Numbers
    row_prices: Floats

    def prices(self, table: Table) -> tuple[Floats, Floats]:
        """(n,) and (n,): what a unit of room to fall, or to rise, of each cell would add.

        Under every choice, the cell's reach is at most
        sum(fall price * room to fall + rise price * room to rise): duality of linear programmes.
        """
        cost = np.zeros(table.size)
        cost[self.cell] = -1.0 if self.upwards else 1.0
        cost -= table.relations[self.rows].T @ self.row_prices
        cost[np.abs(cost) < PRICE_TOLERANCE] = 0
        return np.maximum(cost, 0), np.maximum(-cost, 0)


@dataclass(frozen=True)
class _Part:
    """Cells that may move and are tied to each other, with the relations that tie them."""

    columns: Numbers
    rows: Numbers
    matrix: sparse.csr_array


def extremes(
    table: Table, room: tuple[Floats, Floats], cells: Numbers, enough: Floats | None = None
) -> Iterator[list[Extreme]]:
    """How far each of `cells` can go, upwards and downwards, a batch at a time.

    room: (n,) falls and (n,) rises that are allowed. enough: (n,) how far is far enough to stop
    looking; no end where it is not given. Raises RuntimeError where the solver fails.
    """
    if enough is None:
        enough = np.full(table.size, np.inf)
    falls, rises = room
    part_at = _parts(table, np.flatnonzero((falls > 0) | (rises > 0)))
    batch: list[tuple[int, bool, _Part]] = []
    size = 0
    for cell in cells.tolist():
        part = part_at.get(cell)
        if part is None:  # it is published exactly: it stays where it is
            nothing = np.zeros(0, dtype=np.int64)
            yield [
                Extreme(cell, up, 0.0, nothing, np.zeros(0), nothing, np.zeros(0))
                for up in (True, False)
            ]
            continue
        batch += [(cell, True, part), (cell, False, part)]
        size += 2 * part.columns.size
        if size >= BLOCK_VARIABLES:
            yield _solve(falls, rises, enough, batch)
            batch, size = [], 0
    if batch:
        yield _solve(falls, rises, enough, batch)


def _parts(table: Table, free: Numbers) -> dict[int, _Part]:
    """For each free cell the part in which it lies: no relation joins two parts."""
    here = sparse.csc_array(table.relations[:, free])
    number = joined_parts(here)
    found: dict[int, _Part] = {}
    order = np.argsort(number, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(number[order])) + 1):
        matrix = sparse.csr_array(here[:, members])
        rows = np.flatnonzero(np.diff(matrix.indptr))
        part = _Part(free[members], rows, sparse.csr_array(matrix[rows]))
        found |= dict.fromkeys(free[members].tolist(), part)
    return found


def joined_parts(relations: Any) -> Numbers:
    """(k,) the number of the part of each of k cells, where relations (m, k) join them."""
    ties = sparse.csr_array(abs(relations))
    _, number = connected_components(ties.T @ ties, directed=False)
    return number.astype(np.int64)


def _solve(
    falls: Floats, rises: Floats, enough: Floats, batch: list[tuple[int, bool, _Part]]
) -> list[Extreme]:
    """One linear programme whose blocks are the questions of the batch."""
    columns = np.concatenate([part.columns for _, _, part in batch])
    asked = np.repeat([cell for cell, _, _ in batch], [part.columns.size for _, _, part in batch])
    signs = np.repeat(
        [-1.0 if upwards else 1.0 for _, upwards, _ in batch],
        [part.columns.size for _, _, part in batch],
    )
    endless = far(falls, rises)
    bounds = np.column_stack([-np.minimum(falls, endless), np.minimum(rises, endless)])[columns]
    own = columns == asked
    bounds[own] = np.clip(bounds[own], -enough[asked[own], None], enough[asked[own], None])
    matrix = sparse.block_diag([part.matrix for _, _, part in batch], format="csr")
    found = linprog(
        np.where(own, signs, 0.0),
        A_eq=matrix if matrix.shape[0] else None,
        b_eq=np.zeros(matrix.shape[0]) if matrix.shape[0] else None,
        bounds=bounds,
        method="highs",
    )
    if found.status != 0:
        raise RuntimeError(f"the attacker's linear programme was not solved: {found.message}")
    # A price on the stand-in for endlessness says that nothing true holds the cell.
    held = ((found.lower.marginals != 0) & np.isinf(falls[columns])) | (
        (found.upper.marginals != 0) & np.isinf(rises[columns])
    )
    return _answers(found, held, batch)


def far(falls: Floats, rises: Floats) -> float:
    """A stand-in for infinity that the solver can still reckon with."""
    finite = np.concatenate([falls[np.isfinite(falls)], rises[np.isfinite(rises)]])
    return min(1e9, 1e3 * (1.0 + float(finite.sum())))


def _answers(
    found: OptimizeResult, held: Flags, batch: list[tuple[int, bool, _Part]]
) -> list[Extreme]:
    answers, column, row = [], 0, 0
    for cell, upwards, part in batch:
        here = slice(column, column + part.columns.size)
        moved = found.x[here]
        reach = abs(float(moved[np.flatnonzero(part.columns == cell)[0]]))
        prices = found.eqlin.marginals[row : row + part.rows.size]
        answers.append(
            Extreme(
                cell, upwards, np.inf if held[here].any() else reach,
                part.columns, moved, part.rows, prices,
            )
        )  # fmt: skip
        column, row = here.stop, row + part.rows.size
    return answers


def whole_reach(
    table: Table, room: tuple[Floats, Floats], cell: int, upwards: bool, enough: float
) -> Floats:
    """(n,) departures of a table of whole counts that moves `cell` by `enough`, or as it can.

    The attacker who also knows that counts are whole numbers: an integer programme, so asked only
    where the linear one leaves a doubt. Raises RuntimeError where the solver fails.
    """
    falls, rises = room
    endless = far(falls, rises)
    low, high = -np.minimum(falls, endless), np.minimum(rises, endless)
    counted = table.counted
    low[counted] = np.ceil(low[counted] - WHOLE)
    high[counted] = np.floor(high[counted] + WHOLE)
    if upwards:
        high[cell] = min(high[cell], enough)
    else:
        low[cell] = max(low[cell], -enough)
    free = np.flatnonzero(low < high)
    here = sparse.csr_array(table.relations[:, free])
    rows = np.flatnonzero(np.diff(here.indptr))
    goal = np.where(free == cell, -1.0 if upwards else 1.0, 0.0)
    constraints = [LinearConstraint(here[rows], 0, 0)] if rows.size else []
    found = milp(
        goal, integrality=counted[free].astype(int), bounds=Bounds(low[free], high[free]),
        constraints=constraints, options={"mip_rel_gap": 0},
    )  # fmt: skip
    if found.status != 0:
        raise RuntimeError(f"the attacker's integer programme was not solved: {found.message}")
    moved = np.zeros(table.size)
    moved[free] = np.where(counted[free], np.round(found.x), found.x)
    return moved
