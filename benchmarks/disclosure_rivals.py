"""Rivals of least-cost suppression, an attacker of no shared code, and the slow truth."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space
from scipy.optimize import linprog

from bluelamp.statistics.disclosure.tables import Table

Flags = NDArray[np.bool_]
SLACK = 1e-6
STILL = 1e-12


def next_smallest(table: Table, sensitive: Flags) -> Flags:
    """What is done by hand: where a sum has one cell left out, leave out its next smallest too."""
    suppressed = sensitive.copy()
    rows = [np.flatnonzero(row) for row in table.relations.toarray()]
    changed = True
    while changed:
        changed = False
        for row in rows:
            shown = row[~suppressed[row] & table.counted[row]]
            if suppressed[row].sum() == 1 and shown.size:
                suppressed[shown[table.values[shown].argmin()]] = True
                changed = True
    return suppressed


def gauss(table: Table, sensitive: Flags, order: NDArray[np.int64] | None = None) -> Flags:
    """Publish one cell after the other as long as no sensitive one can be calculated exactly.

    Langsrud (2024), "Secondary cell suppression by Gaussian elimination". In the order of the table
    where none is given, totals first. It looks at exact disclosure only, not at intervals.
    """
    relations = table.relations.toarray()
    if order is None:
        # A cell is a total of every relation in which it has the sign of one.
        totals = (relations < 0).sum(axis=0)
        order = np.argsort(-totals, kind="stable")
    suppressed = np.ones(table.size, dtype=bool)
    # The ways in which the cells can move together; publishing a cell takes its own away.
    ways = null_space(relations)
    for cell in order[~sensitive[order]].tolist():
        own = ways[cell]
        size = float(own @ own)
        left = ways - np.outer(ways @ own, own) / size if size > STILL else ways
        if (np.square(left[sensitive]).sum(axis=1) > STILL).all():
            suppressed[cell] = False
            ways = left
    return suppressed


def attack(
    table: Table, suppressed: Flags, asked: Flags
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(n,) and (n,): between what each cell asked about lies. A plain linear programme each end."""
    low = np.where(suppressed, table.low, np.maximum(table.low, table.shown_low))
    high = np.where(suppressed, table.high, np.minimum(table.high, table.shown_high))
    # What is known exactly is put in as a number; what is not is the attacker's unknown.
    unknown = np.flatnonzero(low < high)
    relations = table.relations.toarray()
    matrix = relations[:, unknown]
    rows = np.flatnonzero(np.abs(matrix).sum(axis=1))
    right = matrix @ table.values[unknown]
    least, most = table.values.copy(), table.values.copy()
    for at, cell in enumerate(unknown.tolist()):
        for sign, ends in ((1.0, least), (-1.0, most)) if asked[cell] else ():
            goal = np.zeros(unknown.size)
            goal[at] = sign
            found = linprog(
                goal,
                A_eq=matrix[rows],
                b_eq=right[rows],
                bounds=np.column_stack([low[unknown], high[unknown]]),
            )
            # 3: without end. A cell that has no upper end is as wide as anybody may ask.
            ends[cell] = sign * found.fun if found.status == 0 else -sign * np.inf
    return least, most


def breached(table: Table, suppressed: Flags, asked: Flags, width: float) -> int:
    """How many of the counts asked about an attacker puts into less than `width`."""
    least, most = attack(table, suppressed, asked)
    return int((asked & (most - least < width - SLACK)).sum())


def fewest_by_trying(table: Table, sensitive: Flags, width: float) -> int:
    """The least number of cells that must be left out: every choice is tried, smallest first."""
    others = np.flatnonzero(~sensitive)
    rows = [np.flatnonzero(row) for row in table.relations.toarray()]
    for further in range(others.size + 1):
        for chosen in combinations(others.tolist(), further):
            suppressed = sensitive.copy()
            suppressed[list(chosen)] = True
            # Alone in a sum a cell is found by subtraction: no need to ask the attacker.
            alone = any(suppressed[row].sum() == 1 for row in rows)
            if not alone and breached(table, suppressed, suppressed, width) == 0:
                return int(suppressed.sum())
    raise ValueError("nothing protects this table")
