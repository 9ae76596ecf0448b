"""The rate of false discoveries among everything that was tested (Benjamini & Hochberg 1995)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """q-values of the same shape: of what has q <= 0.05, at most 5% is false on average.

    A NaN was not tested: it stays NaN and does not count among the tests. Raises ValueError where
    a p-value lies outside 0 to 1.
    """
    p = np.asarray(p_values, dtype=float)
    q = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    values = p[tested]
    if values.size == 0:
        return q
    if values.min() < 0 or values.max() > 1:
        raise ValueError("a p-value lies between 0 and 1; look at how these were computed")
    order = np.argsort(values, kind="stable")
    scaled = values[order] * values.size / np.arange(1, values.size + 1)
    # From the largest down, no q-value may exceed the one of a larger p-value.
    settled = np.minimum.accumulate(scaled[::-1])[::-1]
    found = np.empty_like(values)
    found[order] = settled
    q[tested] = found
    return q
