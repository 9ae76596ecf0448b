"""Charts for what is counted: shares (p), rates (u) and plain counts (c).

They hold chance alone accountable for every month. Where the months vary more than chance, as
crimes do, they alarm far too often (counts of about 20 with a common extra spread: 16 months in
100); `laney` is for those. Source: Montgomery (2009), chapter 7.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .limits import SIGMAS, Flags, Floats, Limits, baseline_months, counts, mean_of


def p_chart(count: ArrayLike, of: ArrayLike, *, baseline: ArrayLike | None = None) -> Limits:
    """The share `count` / `of`, both (..., months), with limits cut off at 0 and 1.

    The centre is all of the baseline's count over all it was counted of. Raises ValueError where a
    count is below 0 or more than what it is counted of, and for a baseline that does not fit.
    """
    n, size = shares_of(count, of)
    centre = pooled(n, size, baseline_months(n.shape, baseline))
    deviation = np.sqrt(centre * (1 - centre) / size)
    return between(n / size, centre, deviation, most=1.0)


def u_chart(
    count: ArrayLike, exposure: ArrayLike, *, baseline: ArrayLike | None = None, per: float = 1.0
) -> Limits:
    """The rate `count` / `exposure`, both (..., months), for every `per` of exposure.

    Raises ValueError where a count is below 0, and for a baseline that does not fit.
    """
    n, size = rates_of(count, exposure)
    centre = pooled(n, size, baseline_months(n.shape, baseline))
    return scaled(between(n / size, centre, np.sqrt(centre / size)), per)


def c_chart(count: ArrayLike, *, baseline: ArrayLike | None = None) -> Limits:
    """Counts (..., months) of months that are all alike in size. ValueError as for `u_chart`."""
    n = counts(count)
    centre = mean_of(n, baseline_months(n.shape, baseline))
    return between(n, centre, np.sqrt(centre))


def shares_of(count: ArrayLike, of: ArrayLike) -> tuple[Floats, Floats]:
    """Count and what it is counted of, of one shape; ValueError where no share can be."""
    n, size = rates_of(count, of)
    if np.any(n > size):
        raise ValueError("a count is larger than what it is counted of; a share is at most 1")
    return n, size


def rates_of(count: ArrayLike, exposure: ArrayLike) -> tuple[Floats, Floats]:
    """Count and exposure, of one shape, NaN in both where either is not known or exposure is 0."""
    n, size = np.broadcast_arrays(counts(count), counts(exposure, "size"))
    known = np.isfinite(n) & (size > 0)
    return np.where(known, n, np.nan), np.where(known, size, np.nan)


def pooled(count: Floats, size: Floats, base: Flags) -> Floats:
    """(..., 1): the baseline's count over its size."""
    return mean_of(count, base) / mean_of(size, base)


def between(value: Floats, centre: Floats, deviation: Floats, most: float = np.inf) -> Limits:
    """Three deviations either side of the centre, never below 0 nor above `most`."""
    reach = SIGMAS * deviation
    wide = np.broadcast_to(centre, value.shape)
    lower, upper = np.maximum(wide - reach, 0.0), np.minimum(wide + reach, most)
    return Limits(value, wide, lower, upper)


def scaled(chart: Limits, per: float) -> Limits:
    """The same chart for every `per` of exposure."""
    return Limits(chart.value * per, chart.centre * per, chart.lower * per, chart.upper * per)
