"""The I' chart: single values that rest on unequal numbers.

A mean of 400 answers varies less than one of 50. Each step between neighbouring months is put in
units of what their sizes would lead one to expect, and limits are narrower where more was counted.
Source: Taylor (2017), "Normalized Individuals Control Chart"; as `qic.ip` of qicharts2 draws it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .limits import SIGMAS, Limits, baseline_months, counts, mean_of, moving_ranges, series


def i_prime_chart(
    values: ArrayLike, size: ArrayLike, *, baseline: ArrayLike | None = None
) -> Limits:
    """Values (..., months) that each rest on `size` (..., months), more than 0.

    The centre is the mean of the baseline weighed by size; the limits stand three deviations
    either side and are not cut off. NaN where a size is not known or 0. Raises ValueError for a
    size below 0 and a baseline that does not fit.
    """
    value, number = np.broadcast_arrays(series(values), counts(size, "size"))
    known = np.isfinite(value) & (number > 0)
    value, number = np.where(known, value, np.nan), np.where(known, number, np.nan)
    base = baseline_months(value.shape, baseline)
    centre = mean_of(value * number, base) / mean_of(number, base)
    expected = np.full(value.shape, np.nan)
    expected[..., 1:] = np.sqrt(1 / number[..., :-1] + 1 / number[..., 1:])
    # A normal value lies sqrt(2 / pi) deviations from its mean, on average.
    steps = np.sqrt(np.pi / 2) * moving_ranges(value, base) / expected
    deviation = mean_of(steps, base) / np.sqrt(number)
    wide = np.broadcast_to(centre, value.shape)
    return Limits(value, wide, wide - SIGMAS * deviation, wide + SIGMAS * deviation)
