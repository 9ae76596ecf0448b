"""Shewhart's charts for single values: the values (I) and the steps between them (MR).

Source: Montgomery (2009), "Introduction to Statistical Quality Control", section 6.4. `xmr` draws
the same chart with the constants and rules of NHS *Making Data Count*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .limits import SIGMAS, Limits, baseline_months, mean_of, moving_ranges, series

# The mean distance of two normal values, in standard deviations (Montgomery's d2 for two).
MEAN_RANGE_OF_TWO = 1.128

# The upper limit of moving ranges, in mean moving ranges (D4 for two).
LARGEST_RANGE = 3.267


def i_chart(values: ArrayLike, *, baseline: ArrayLike | None = None) -> Limits:
    """The mean of the baseline, and three standard deviations either side.

    `values` (..., months); `baseline` flags (..., months), all months unless told. The standard
    deviation is the mean moving range over 1.128. NaN limits where no two neighbouring months of
    the baseline are known. Raises ValueError for a baseline that does not fit.
    """
    value = series(values)
    base = baseline_months(value.shape, baseline)
    ranges = moving_ranges(value, base)
    deviation = mean_of(ranges, base) / MEAN_RANGE_OF_TWO
    centre = np.broadcast_to(mean_of(value, base), value.shape)
    return Limits(value, centre, centre - SIGMAS * deviation, centre + SIGMAS * deviation)


def mr_chart(values: ArrayLike, *, baseline: ArrayLike | None = None) -> Limits:
    """The moving ranges of `values` (..., months), their mean, 0 and 3.267 times the mean.

    The first month has no range. The baseline counts a month's range with that month.
    """
    value = series(values)
    base = baseline_months(value.shape, baseline)
    ranges = moving_ranges(value, np.ones(value.shape, dtype=bool))
    centre = np.broadcast_to(mean_of(ranges, base), value.shape)
    return Limits(ranges, centre, np.zeros(value.shape), LARGEST_RANGE * centre)
