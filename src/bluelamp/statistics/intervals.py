"""Confidence intervals for counts and shares, as used in English public health statistics.

Every function takes numbers or arrays that broadcast together and returns a pair of arrays
`(lower, upper)`. Where an argument is NaN, negative or otherwise no count, both ends are NaN: a
missing month stays missing. Sources: Byar's approximation, Breslow & Day (1987) equation 2.13;
exact limits, Garwood (1936); shares, Wilson (1927). The numbers agree with PHEindicatormethods.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]

# Below this many events Byar's approximation drifts, and the exact limits are used instead. The
# English public health outcomes framework draws the line at the same place.
EXACT_BELOW = 10


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    return (1 - confidence) / 2


def _normal_quantile(confidence: float) -> float:
    return float(-special.ndtri(_tail(confidence)))


def _counts(count: ArrayLike) -> NDArray[np.float64]:
    """Counts as floats, with NaN in place of whatever cannot be a count."""
    value = np.asarray(count, dtype=float)
    return np.where(value >= 0, value, np.nan)


def byar(count: ArrayLike, confidence: float = 0.95) -> Ends:
    """Byar's approximate interval for the mean of a Poisson count, in events.

    Of no events the lower end is 0. Raises ValueError where `confidence` is not between 0 and 1.
    """
    z = _normal_quantile(confidence)
    n = _counts(count)
    some = np.where(n > 0, n, 1.0)
    lower = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    more = n + 1
    upper = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    # `n * 0` is 0 for a count and NaN for a missing one.
    return np.where(n > 0, np.maximum(lower, 0.0), n * 0), upper


def exact_poisson(count: ArrayLike, confidence: float = 0.95) -> Ends:
    """Garwood's exact interval for the mean of a Poisson count, in events."""
    tail = _tail(confidence)
    n = _counts(count)
    lower = special.chdtri(2 * np.where(n > 0, n, 1.0), 1 - tail) / 2
    upper = special.chdtri(2 * n + 2, tail) / 2
    return np.where(n > 0, lower, n * 0), upper


def poisson_interval(count: ArrayLike, confidence: float = 0.95) -> Ends:
    """The interval printed beside a count: exact below ten events, Byar's from ten on."""
    n = _counts(count)
    few = n < EXACT_BELOW
    # The exact limits take far longer, and are asked for only where they are used.
    lower, upper = (np.array(end) for end in byar(n, confidence))
    lower[few], upper[few] = exact_poisson(n[few], confidence)
    return lower, upper


def wilson(numerator: ArrayLike, denominator: ArrayLike, confidence: float = 0.95) -> Ends:
    """Wilson's score interval for a share, as proportions between 0 and 1.

    NaN where the denominator is 0, or the numerator lies outside 0 to the denominator.
    """
    z = _normal_quantile(confidence)
    x, n = np.broadcast_arrays(_counts(numerator), _counts(denominator))
    valid = (n > 0) & (x <= n)
    x, n = np.where(valid, x, np.nan), np.where(valid, n, np.nan)
    middle = 2 * x + z**2
    reach = z * np.sqrt(z**2 + 4 * x * (1 - x / n))
    width = 2 * (n + z**2)
    # Rounding must not carry a share of none below 0 or of all above 1.
    return np.clip((middle - reach) / width, 0, 1), np.clip((middle + reach) / width, 0, 1)
