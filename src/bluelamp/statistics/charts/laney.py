"""Laney's p' and u' charts: shares and rates that vary more, or less, than chance.

Each month's distance from the centre is put in units of its own chance deviation, and the limits
are widened by the spread of those distances. Source: Laney (2002), "Improved control charts for
attributes", Quality Engineering 14(4). On counts that vary by chance alone they alarm somewhat more
often than p and u do (10 months in 1,000 beside 4), since the spread is itself estimated.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .attributes import between, pooled, rates_of, scaled, shares_of
from .individuals import MEAN_RANGE_OF_TWO
from .limits import Flags, Floats, Limits, baseline_months, mean_of, moving_ranges


def p_prime_chart(count: ArrayLike, of: ArrayLike, *, baseline: ArrayLike | None = None) -> Limits:
    """As `attributes.p_chart`, with limits widened by `spread`; (..., months)."""
    n, size = shares_of(count, of)
    base = baseline_months(n.shape, baseline)
    centre = pooled(n, size, base)
    deviation = np.sqrt(centre * (1 - centre) / size)
    return between(n / size, centre, deviation * spread(n / size, centre, deviation, base), 1.0)


def u_prime_chart(
    count: ArrayLike, exposure: ArrayLike, *, baseline: ArrayLike | None = None, per: float = 1.0
) -> Limits:
    """As `attributes.u_chart`, with limits widened by `spread`; (..., months)."""
    n, size = rates_of(count, exposure)
    base = baseline_months(n.shape, baseline)
    centre = pooled(n, size, base)
    deviation = np.sqrt(centre / size)
    widened = deviation * spread(n / size, centre, deviation, base)
    return scaled(between(n / size, centre, widened), per)


def spread(value: Floats, centre: Floats, deviation: Floats, base: Flags) -> Floats:
    """(..., 1): Laney's sigma-z, the mean moving range of the baseline's z-scores over 1.128.

    1 where the months vary by chance alone. NaN where no two neighbouring months are known.
    """
    steady = deviation == 0  # all or none in every month: there is no spread to speak of
    z = np.divide(value - centre, deviation, out=np.zeros(value.shape), where=~steady)
    return mean_of(moving_ranges(z, base), base) / MEAN_RANGE_OF_TWO
