"""Rounding counts to a base, usually 5: plainly, at random, or so that tables still add up.

Sources: Hundepool et al. (2012), 5.4; Cox (1987), "A constructive procedure for unbiased controlled
rounding"; Salazar-Gonzalez (2006), "Controlled rounding and cell perturbation", for the integer
programme.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import Bounds, LinearConstraint, milp

from bluelamp.statistics.disclosure.perturbing import KEYS
from bluelamp.statistics.disclosure.tables import Floats, Numbers, Table


def _counts(values: ArrayLike, base: int) -> Numbers:
    counts = np.asarray(values)
    if base < 2:
        raise ValueError(f"rounding to a base of {base} hides nothing: give 2 or more")
    if (counts < 0).any() or (counts != np.round(counts)).any():
        raise ValueError("counts are whole numbers, nought or more")
    return counts.astype(np.int64)


def rounded(counts: ArrayLike, base: int) -> Numbers:
    """Each count as the nearest multiple of the base, half of it upwards; any shape.

    Raises ValueError for a base below 2 or what is no count.
    """
    whole = _counts(counts, base)
    return np.asarray((2 * whole + base) // (2 * base) * base)


def randomly_rounded(counts: ArrayLike, base: int, keys: ArrayLike) -> Numbers:
    """Each count as the multiple below or above it: on average over keys, neither too high nor low.

    A count that is r above a multiple goes up with the chance r / base. counts of any shape; keys
    of that shape, whole numbers below 2**32 from `cell_keys`, so that the same group is always
    rounded the same way. A multiple of the base stays. Raises ValueError otherwise.
    """
    whole = _counts(counts, base)
    drawn = np.asarray(keys, dtype=np.float64) / KEYS
    if drawn.shape != whole.shape:
        raise ValueError("give one cell key for each count")
    above = whole % base
    return np.asarray(whole - above + base * (drawn * base < above))


def controlled_rounding(table: Table, base: int) -> Floats:
    """(n,) multiples of the base, next to each count, under which every relation still holds.

    Of all such tables the one whose counts moved least in sum. Raises ValueError for what is no
    count, and where no such table exists: that can be so where several tables are linked.
    """
    whole = _counts(table.values, base)
    if not table.counted.all():
        raise ValueError(
            "only counts can be rounded so: leave rates out and work them out afterwards"
        )
    steps, above = whole // base, whole % base
    # Each count is base * (steps + up): a multiple stays, any other goes down or up.
    missing = -(table.relations @ steps.astype(float))
    found = milp(
        base - 2.0 * above,
        integrality=np.ones(table.size),
        bounds=Bounds(0, (above > 0).astype(float)),
        constraints=[LinearConstraint(table.relations, missing, missing)],
    )
    if found.x is None:
        raise ValueError(
            f"no multiples of {base} next to the counts add up in all the linked tables: round the "
            "finest counts and add those"
        )
    return np.asarray(base * (steps + np.round(found.x)), dtype=float)
