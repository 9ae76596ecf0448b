"""The table of chances behind the cell-key method: by how much a count is moved, and how often.

Sources: Thompson, Broadfoot & Elazar (2013), "Methodology for the automatic confidentialisation of
statistical outputs from remote servers at the Australian Bureau of Statistics"; Marley & Leaver
(2011), "A method for confidentialising user-defined tables" (the chances of greatest entropy);
Giessing & Tent (2019), and the R package ptable, for the form of the file.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
from scipy.optimize import root

from bluelamp.statistics.disclosure.tables import Flags, Floats

SUMS_TO = 1e-6


@dataclass(frozen=True)
class PTable:
    """chances (rows, 2 * largest + 1): row i is for a count of i, the last for all above.

    Column c moves the count by c - largest. Raises ValueError where a row does not add up to 1, a
    chance lies outside 0 to 1, nought may move, or a count may fall below nought.
    """

    chances: Floats

    def __post_init__(self) -> None:
        chances = self.chances
        if chances.ndim != 2 or chances.shape[1] % 2 == 0:
            raise ValueError("a p-table has a column for each move from -largest to +largest")
        if (chances < 0).any() or (np.abs(chances.sum(axis=1) - 1) > SUMS_TO).any():
            raise ValueError(
                "each row of a p-table holds chances, nought or more, that add up to 1"
            )
        if chances[0, self.largest] < 1:
            raise ValueError("a p-table keeps nought as nought: an empty group stays empty")
        if self._below_nought()[chances > 0].any():
            raise ValueError("a p-table never makes a count negative")

    def _below_nought(self) -> Flags:
        return np.arange(len(self.chances))[:, None] + self.moves < 0

    @property
    def largest(self) -> int:
        """The farthest that a count is ever moved."""
        return self.chances.shape[1] // 2

    @property
    def moves(self) -> Floats:
        """(2 * largest + 1,) the moves, from down to up."""
        return np.arange(-self.largest, self.largest + 1, dtype=float)

    @property
    def mean(self) -> Floats:
        """(rows,) the average move: nought where the table is unbiased."""
        return self.chances @ self.moves

    @property
    def variance(self) -> Floats:
        """(rows,) the variance of the move."""
        return np.asarray(self.chances @ self.moves**2 - self.mean**2)

    def outcomes(self) -> list[set[int]]:
        """What a count of each row may be shown as."""
        return [
            {int(i + move) for move, chance in zip(self.moves, row, strict=True) if chance > 0}
            for i, row in enumerate(self.chances)
        ]


def read_p_table(text: str) -> PTable:
    """A p-table from the file of tau-Argus or ptable: columns i, j and p, with `;` between.

    i is the count, j what it is shown as, p the chance. The move is j - i: the files' own column
    of moves is not read, since a published one has a slip in it. Raises ValueError for other text.
    """
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    name = next((name for name in ("p", "p_ij") if rows and name in rows[0]), None)
    if name is None or not {"i", "j"} <= rows[0].keys():
        raise ValueError("a p-table's first line names the columns i, j and p, with ; between")
    entries = [(int(row["i"]), int(row["j"]), float(row[name])) for row in rows]
    largest = max(abs(j - i) for i, j, _ in entries)
    chances = np.zeros((max(i for i, _, _ in entries) + 1, 2 * largest + 1))
    for i, j, chance in entries:
        chances[i, j - i + largest] += chance
    return PTable(chances)


def p_table(*, largest: int, variance: float, never: int = 0, stay: float | None = None) -> PTable:
    """The p-table that gives away least: of all with these properties, the one of greatest entropy.

    largest: no count moves farther; variance: of the move, in every row but nought; never: counts
    from 1 to this are never shown; stay: the chance that a count above `never` is shown as it is.
    The average move is nought and chances fall as one goes away from the true count. Raises
    ValueError where no such table exists: a variance of more than a small count can bear, say.
    """
    if largest < 1 or variance <= 0 or never < 0:
        raise ValueError("give a largest move of 1 or more and a variance above nought")
    moves = np.arange(-largest, largest + 1)
    chances = np.zeros((largest + never + 2, moves.size))
    chances[0, largest] = 1
    for i in range(1, len(chances)):
        shown = i + moves
        allowed = (shown >= 0) & ((shown == 0) | (shown > never))
        fixed = stay if i > never else None
        try:
            chances[i, allowed] = _greatest_entropy(moves[allowed].astype(float), variance, fixed)
        except ValueError as fault:
            raise ValueError(f"no chances for a count of {i}: {fault}") from None
    return PTable(chances)


def _greatest_entropy(moves: Floats, variance: float, stay: float | None) -> Floats:
    """(moves,) chances of mean 0 and the given variance that fall away from no move at all.

    Neighbours that would stand in the wrong order share their chance: pooling adjacent violators.
    """
    pool = np.arange(moves.size)
    fixed = moves == 0 if stay is not None else np.zeros(moves.size, dtype=bool)
    while True:
        chances = _solve(moves, variance, pool, fixed, stay or 0.0)
        order = np.arange(moves.size - 1)
        down = moves[1:] <= 0
        wrong = np.where(down, chances[:-1] > chances[1:], chances[1:] > chances[:-1])
        wrong &= (pool[:-1] != pool[1:]) & ~fixed[:-1] & ~fixed[1:]
        # Nought may stand apart from the rest, so it is compared with nothing.
        wrong &= np.diff(moves) == 1
        excess = np.where(wrong, np.abs(np.diff(chances)), 0)
        if excess.max() <= 1e-12:
            return chances
        at = int(order[excess.argmax()])
        pool[pool == pool[at + 1]] = pool[at]


def _solve(
    moves: Floats, variance: float, pool: np.ndarray, fixed: np.ndarray, stay: float
) -> Floats:
    """Chances whose logarithm is linear in the move and its square, on average over each pool."""
    free = ~fixed
    features = np.column_stack([moves, moves**2])
    for members in (pool == number for number in np.unique(pool)):
        features[members] = features[members].mean(axis=0)
    target = np.array([0.0, variance]) / (1 - stay)

    def chances_of(slopes: Floats) -> Floats:
        height = features[free] @ slopes
        raised = np.exp(height - height.max())
        return np.asarray(raised / raised.sum())

    def miss(slopes: Floats) -> Floats:
        return np.asarray(chances_of(slopes) @ features[free] - target)

    found = root(miss, np.array([0.0, -0.5 / variance]), tol=1e-14)
    if np.abs(miss(found.x)).max() > 1e-8:
        raise ValueError(f"moves {moves.astype(int).tolist()} cannot have the variance {variance}")
    chances = np.full(moves.size, stay)
    chances[free] = (1 - stay) * chances_of(found.x)
    return chances
