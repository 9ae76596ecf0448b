"""Charts for several measurements a month: their mean (x-bar) and their spread (s).

Source: Montgomery (2009), section 6.3. With groups of one size the spread is the mean of the
groups' deviations; with unequal ones it is pooled, and limits follow each group's size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from .limits import SIGMAS, Floats, Limits, baseline_months, counts, mean_of, series


def x_bar_chart(
    mean: ArrayLike, deviation: ArrayLike, size: ArrayLike, *, baseline: ArrayLike | None = None
) -> Limits:
    """Means of the measurements of each month; all arrays (..., months).

    `deviation` is the sample standard deviation of the month's measurements (NaN of fewer than
    two), `size` how many there are. Limits are NaN in months of fewer than two. Raises ValueError
    for a size below 0 and a baseline that does not fit.
    """
    value, spread, number = _groups(mean, deviation, size)
    base = baseline_months(value.shape, baseline)
    known = base & np.isfinite(value)
    centre = mean_of(value * number, known) / mean_of(number, known)
    reach = SIGMAS * _typical(spread, number, base) / (_c4(number) * np.sqrt(number))
    wide = np.broadcast_to(centre, value.shape)
    return Limits(value, wide, wide - reach, wide + reach)


def s_chart(deviation: ArrayLike, size: ArrayLike, *, baseline: ArrayLike | None = None) -> Limits:
    """Deviations of the measurements of each month, with limits never below 0; as `x_bar_chart`."""
    spread, _, number = _groups(deviation, deviation, size)
    base = baseline_months(spread.shape, baseline)
    centre = np.broadcast_to(_typical(spread, number, base), spread.shape)
    reach = SIGMAS * centre * np.sqrt(1 - _c4(number) ** 2) / _c4(number)
    return Limits(spread, centre, np.maximum(centre - reach, 0.0), centre + reach)


def _groups(
    value: ArrayLike, deviation: ArrayLike, size: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    first, second, number = np.broadcast_arrays(
        series(value), series(deviation, "deviation"), counts(size, "size")
    )
    return first, second, number


def _typical(spread: Floats, size: Floats, base: np.ndarray) -> Floats:
    """(..., 1): the mean deviation where groups have one size, else the pooled one."""
    known = base & np.isfinite(spread) & (size > 1)
    sizes = np.where(known, size, np.nan)
    least = np.min(np.where(known, size, np.inf), axis=-1, keepdims=True)
    most = np.max(np.where(known, size, -np.inf), axis=-1, keepdims=True)
    pooled = mean_of((sizes - 1) * spread**2, known) / mean_of(sizes - 1, known)
    return np.where(least == most, mean_of(spread, known), np.sqrt(pooled))


def _c4(size: Floats) -> Floats:
    """What a sample deviation is of the true one, on average; NaN below two measurements."""
    n = np.where(size > 1, size, np.nan)
    return np.sqrt(2 / (n - 1)) * np.exp(gammaln(n / 2) - gammaln((n - 1) / 2))
