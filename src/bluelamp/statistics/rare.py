"""Rare events: fewer than ten in all the months looked at.

Such a series is judged, with the exact conditional test of two Poisson counts, under two cautions.
Events of one incident come together (three killed at once), and ten events cannot
show how strongly they do; so months *with any* are tested as well as events, and the weaker
evidence counts. And where no outcome could have been called a change, the series is refused: to
say "no clear change" of it would suggest that one could have been seen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bluelamp.statistics.scales import small_number_p

Floats = NDArray[np.float64]

RARE = 10
SIGNIFICANT = 0.05


def rarer(table: Floats, exposure: Floats, share: bool) -> tuple[Floats, Floats]:
    """(S, T) events and what they are over, 0 where missing; of a share the rarer outcome."""
    seen = np.isfinite(table)
    over, events = np.where(seen, exposure, 0.0), np.where(seen, table, 0.0)
    if share:
        common = events.sum(axis=1) * 2 > over.sum(axis=1)
        events = np.where(common[:, None], over - events, events)
    return events, over


def exact_p(events: Floats, over: Floats, steps: NDArray[np.bool_], scatter: Floats) -> Floats:
    """(S, K) mid-p of the exact conditional test for each of the steps (K, T); scatter (S,)."""
    late, due = events @ steps.T, over @ steps.T
    early, whole = events.sum(axis=1)[:, None] - late, over.sum(axis=1)[:, None]
    return small_number_p(early, late, due / np.where(whole > 0, whole, 1), scatter[:, None])


def could_tell(
    events: Floats,
    over: Floats,
    steps: NDArray[np.bool_],
    p_value: Callable[[Floats, NDArray[np.int64]], Floats],
) -> NDArray[np.bool_]:
    """(S,) whether any outcome with as many months with any could have been called a change.

    Tried are the two that tell most: all of them in the last known months, and all in the first.
    `p_value` turns (S, K) p-values of the steps, and row numbers, into the p-value of the series.
    """
    months = np.sum(events > 0, axis=1)[:, None]
    seen = over > 0
    rows = np.arange(len(events))
    found = np.zeros(len(events), dtype=bool)
    for order in (slice(None, None, -1), slice(None)):
        counted = np.cumsum(seen[:, order], axis=1)[:, order]
        outcome = (seen & (counted <= months)).astype(float)
        p = p_value(exact_p(outcome, over, steps, np.ones(len(events))), rows)
        found |= p <= SIGNIFICANT
    return found & (months[:, 0] > 0)
