"""How much the worst will improve next year although nothing changes.

Areas are called the worst because their rate is high, and part of why it is high is luck, which
does not come again. Whoever says that the worst have improved must first take off this allowance:
the change that the shrunken rates lead one to expect (`shrinkage`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluelamp.statistics.areas.shrinkage import shrunken

Floats = NDArray[np.float64]


def highest(events: ArrayLike, exposure: ArrayLike, share: float = 0.1) -> NDArray[np.bool_]:
    """The areas with the highest rates: at least one, `share` of those known (..., areas).

    Raises ValueError for a share outside 0 to 1. Of areas with one rate the first is taken.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share is {share}; give a share of the areas, such as 0.1")
    o, e = np.broadcast_arrays(np.asarray(events, dtype=float), np.asarray(exposure, dtype=float))
    known = (o >= 0) & (e > 0)
    rate = np.where(known, o / np.where(known, e, 1.0), -np.inf)
    place = np.argsort(np.argsort(-rate, axis=-1, kind="stable"), axis=-1)
    wanted = np.maximum(np.rint(share * known.sum(axis=-1, keepdims=True)), 1)
    return np.asarray((place < wanted) & known)


def expected_change(events: ArrayLike, exposure: ArrayLike, chosen: ArrayLike) -> Floats:
    """The change of the chosen areas' events next year if no area changes, as a share (...).

    -0.11 is a fall of 11%. `chosen` (..., areas) marks the areas that were picked for this year's
    rate; areas that are not known count for nothing. NaN where the chosen had no events.
    """
    found = shrunken(events, exposure)
    taken = np.asarray(chosen, dtype=bool) & ~np.isnan(found.rate)
    next_year = np.where(taken, found.rate * found.exposure, 0.0).sum(axis=-1)
    this_year = np.where(taken, found.events, 0.0).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(this_year > 0, next_year / this_year - 1, np.nan))


def change_beyond(
    before: ArrayLike, after: ArrayLike, exposure: ArrayLike, chosen: ArrayLike
) -> Floats:
    """What is left of the chosen areas' change when the allowance is taken off, as a share (...).

    The allowance is multiplied out and not subtracted: a fall of a half, of which luck explains a
    fifth, leaves 0.5 / 0.8 - 1 = -0.375. NaN where it cannot be formed.
    """
    o, later, taken = np.broadcast_arrays(
        np.asarray(before, dtype=float), np.asarray(after, dtype=float), np.asarray(chosen, bool)
    )
    both = taken & (o >= 0) & (later >= 0)
    allowed = expected_change(before, exposure, both)
    was = np.where(both, o, 0.0).sum(axis=-1)
    now = np.where(both, later, 0.0).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(now / was / (1 + allowed) - 1)
