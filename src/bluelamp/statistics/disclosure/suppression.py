"""Secondary suppression at least cost: which further cells to leave out so that none is found.

The model. Each decision x is 1 (leave out) or 0 (publish). Minimise the cost of what is left out,
so that for every sensitive cell, and every other count left out with it, the interval that an
attacker can work out is at least as wide as asked. Nobody can list the attacker's ways at once, so
they are found one by one: solve, let the attacker try, turn each success into an inequality that
forbids it (`cuts`), and solve again until no attack succeeds. First with x between 0 and 1, where
this is cheap, then with whole x. The last answer meets every condition and is the least of a
problem with fewer conditions, so it is the least of all.

Source: Fischetti & Salazar (2000, 2001), the exact method behind the "optimal" of tau-Argus and
sdcTable. Parts of a table that share no relation are solved one by one. The amount of work is
bounded in rounds and nodes, never in seconds, so the answer does not depend on the machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike

from bluelamp.statistics.disclosure.attacker import Room
from bluelamp.statistics.disclosure.attempts import too_near, too_near_in_whole_numbers
from bluelamp.statistics.disclosure.cuts import Maker, Need
from bluelamp.statistics.disclosure.programme import Programme
from bluelamp.statistics.disclosure.tables import (
    Flags,
    Floats,
    Numbers,
    Table,
    connected_parts,
    part_of,
)

ROUNDS = 200
"""Rounds of solving and attacking, each kind, before we say that we cannot."""
NODES = 20_000
"""Nodes of one integer programme."""
MISSED = 1e-4
"""By how much a choice between 0 and 1 must miss a cut for the cut to be worth having."""


class CannotProtect(ValueError):
    """No choice protects the cells named, or none was found in the work allowed."""


@dataclass(frozen=True)
class Suppression:
    """What to leave out of a table.

    suppressed  (n,) True for a cell that is not published: the sensitive ones and the secondary.
    cost        the sum of the costs of what is left out.
    least       no choice that meets the conditions costs less than this.
    rounds      how often the attacker was asked.
    """

    suppressed: Flags
    cost: float
    least: float
    rounds: int

    @property
    def proven(self) -> bool:
        """Whether the cost is shown to be the least possible."""
        return self.cost <= self.least + 1e-6 * max(1.0, abs(self.least))


def protect(
    table: Table,
    sensitive: ArrayLike,
    width: ArrayLike,
    *,
    above: ArrayLike = 0.0,
    cost: ArrayLike = 1.0,
    published: ArrayLike = False,
    hidden: ArrayLike = False,
    every: bool = True,
    whole: bool = True,
) -> Suppression:
    """The cheapest choice that leaves every cell left out an interval as wide as asked.

    sensitive  (n,) cells that a primary rule forbids to publish.
    width      how wide the interval of a cell left out must be: one number or (n,).
    above      how far above its own value a sensitive cell's upper end must lie (see `p_percent`):
               one number or (n,).
    cost       of leaving a cell out: one number or (n,), more than nought. 1 leaves out the fewest.
    published  (n,) cells that must be published, such as national totals.
    hidden     (n,) cells that nobody publishes and that need no protection of their own.
    every      whether other counts left out need the width too, or only the sensitive ones.
    whole      whether the attacker uses that counts are whole numbers.

    Flags and numbers may be one for all. Raises ValueError for other shapes or a cost of nought,
    and CannotProtect, naming cells, where nothing protects them: a cell that an earlier release
    gave away, or a total that is too small for what it holds.
    """
    task = _Task.of(table, sensitive, width, above, cost, published, hidden, every, whole)
    suppressed = task.always.copy()
    least, rounds = 0.0, 0
    for cells in connected_parts(table):
        part = task.part(cells)
        if part.sensitive.any():
            found = _solve(part)
            suppressed[cells] = found.suppressed
            least, rounds = least + found.least, max(rounds, found.rounds)
        else:
            least += float(part.cost[part.always].sum())
    return Suppression(suppressed, float(task.cost[suppressed].sum()), least, rounds)


@dataclass(frozen=True)
class _Task:
    """What is asked, with one entry for each cell. `always`: left out in every choice."""

    table: Table
    sensitive: Flags
    need: Need
    cost: Floats
    never: Flags
    always: Flags
    whole: bool

    @classmethod
    def of(
        cls, table: Table, sensitive: ArrayLike, width: ArrayLike, above: ArrayLike,
        cost: ArrayLike, published: ArrayLike, hidden: ArrayLike, every: bool, whole: bool,
    ) -> _Task:  # fmt: skip
        def entries(given: ArrayLike, kind: type) -> np.ndarray:
            return np.broadcast_to(np.asarray(given, dtype=kind), (table.size,)).copy()

        flags, unseen = entries(sensitive, bool), entries(hidden, bool)
        costs, never = entries(cost, float), entries(published, bool)
        costs[unseen] = 0
        if (costs[~unseen] <= 0).any():
            raise ValueError("leaving a cell out must cost something: give costs above nought")
        if (never & (flags | unseen)).any():
            cell = table.keys[int((never & (flags | unseen)).argmax())]
            raise ValueError(f"{cell!r} is to be published and to be left out: choose one")
        asked = (flags | (every & ~unseen)) & table.counted
        need = Need(np.where(asked, entries(width, float), 0.0),
                    np.where(flags, entries(above, float), 0.0))  # fmt: skip
        return cls(table, flags, need, costs, never, flags | unseen, whole)

    def part(self, cells: Numbers) -> _Task:
        return replace(
            self,
            table=part_of(self.table, cells),
            sensitive=self.sensitive[cells],
            need=Need(self.need.width[cells], self.need.above[cells]),
            cost=self.cost[cells],
            never=self.never[cells],
            always=self.always[cells],
        )


def _solve(task: _Task) -> Suppression:
    """The answer for one connected part."""
    table = task.table
    decisions, number = np.unique(table.decision, return_inverse=True)
    maker = Maker(table, Room.of(table), task.need, number)
    programme = Programme(
        cost=np.bincount(number, task.cost, minlength=decisions.size).astype(float),
        least=np.bincount(number, task.always) > 0,
        most=np.bincount(number, task.never) == 0,
        nodes=NODES,
    )
    _refuse(task, "is published already, and tied to cells that must be left out",
            task.always & task.never)  # fmt: skip
    for cut in maker.opening(task.sensitive):
        programme.add(cut)
    _relax(task, maker, programme)
    for rounds in range(1, ROUNDS + 1):
        choice, least = programme.solve(whole=True)
        if choice is None:
            _impossible(task, maker)
        if not _attack(task, maker, programme, choice):
            return Suppression(choice[number] > 0.5, float(programme.cost @ choice), least, rounds)
    raise CannotProtect(
        f"after {ROUNDS} rounds the attacker still finds cells near {table.keys[0]!r}: "
        "solve a smaller part of the table, such as one year"
    )


def _relax(task: _Task, maker: Maker, programme: Programme) -> None:
    """Add cuts while choices between 0 and 1 can be shown to fail: this is cheap."""
    # Room without end would make every small share of a cell a way out.
    enough = max(float(task.need.width.max()), float(task.need.above.max()))
    room = replace(
        maker.room,
        more_up=np.minimum(maker.room.more_up, enough),
        more_down=np.minimum(maker.room.more_down, enough),
    )
    for _ in range(ROUNDS):
        choice, _least = programme.solve(whole=False)
        if choice is None:
            _impossible(task, maker)
        share = choice[maker.decision]
        asked = np.where(task.sensitive | (share > 0.1), share, 0.0)
        need = Need(task.need.width * asked, task.need.above * asked)
        found = 0
        for up, down in too_near(task.table, room.at(share), need):
            cuts = maker.of_extremes([up, down], up.cell)
            found += sum(programme.add(cut) for cut in cuts if cut.missed_by(choice) > MISSED)
        if not found:
            return


def _attack(task: _Task, maker: Maker, programme: Programme, choice: Floats) -> int:
    """Let the attacker try a whole choice; add a cut for each success. How many succeeded."""
    suppressed = choice[maker.decision] > 0.5
    need = Need(
        np.where(suppressed, task.need.width, 0.0), np.where(suppressed, task.need.above, 0.0)
    )
    room = maker.room.at(suppressed.astype(float))
    successes = 0
    for up, down in too_near(task.table, room, need):
        cuts = [cut for cut in maker.of_extremes([up, down], up.cell) if cut.missed_by(choice) > 0]
        # Rounding may leave a proof that asks nothing; that this choice fails stays true.
        for cut in cuts or [maker.none_better(up.cell, choice > 0.5)]:
            programme.add(cut)
        successes += 1
    if not successes and task.whole:
        for cell in too_near_in_whole_numbers(task.table, room, need).tolist():
            programme.add(maker.none_better(cell, choice > 0.5))
            successes += 1
    return successes


def _impossible(task: _Task, maker: Maker) -> NoReturn:
    """Say which cells are not safe even where all that may be left out is."""
    most = np.bincount(maker.decision, task.never) == 0
    room = maker.room.at(most[maker.decision].astype(float))
    need = Need(
        np.where(task.sensitive, task.need.width, 0.0), np.where(task.sensitive, task.need.above, 0)
    )
    unsafe = np.zeros(task.table.size, dtype=bool)
    unsafe[[up.cell for up, _ in too_near(task.table, room, need)]] = True
    _refuse(task, "can be worked out whatever else is left out of the table", unsafe)
    raise CannotProtect(
        f"no choice of cells protects {task.table.keys[int(task.sensitive.argmax())]!r} and those "
        "tied to it: leave out the cells that must now be published, or publish coarser periods"
    )


def _refuse(task: _Task, why: str, cells: Flags) -> None:
    if cells.any():
        named = [task.table.keys[i] for i in np.flatnonzero(cells)[:5]]
        raise CannotProtect(f"{int(cells.sum())} cell(s) {why}: {named}")
