"""The published way to widen a funnel by the usual differences between areas (the named reference).

Each area's ratio is put on a scale where chance has a known size, and becomes z = (y - target) / s.
The most extreme are pulled in (Winsorised) or left out (truncated); the mean square of what is left
is phi, and what of it chance does not explain is tau2, the variance between areas, which is added
to that of chance. Sources: Spiegelhalter (2005, 2012); NHS England's SHMI; the CQC; the numbers
agree with FunnelPlotR. Pulling in the extremes makes tau2 too small: about 2% of areas that do not
differ from the rest are flagged at limits that promise 0.2%. `outliers` is what Blue Lamp uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Scale = Literal["root", "log"]
SHARE = 0.1
"""Of the areas, how many at each end are pulled in or left out."""


@dataclass(frozen=True)
class Dispersion:
    """`phi` (...), the mean square of z, and `tau2` (...), the variance between areas: both over
    the last axis of what they were made from."""

    phi: Floats
    tau2: Floats


def standardised(
    observed: ArrayLike, expected: ArrayLike, scale: Scale = "root"
) -> tuple[Floats, Floats]:
    """y (distance from the target) and s (its size by chance) of observed over expected events.

    `root`: the square root of the ratio, as the CQC has it; `log`: its logarithm, as SHMI has it,
    which has no value for an area without events (NaN). Shapes broadcast.
    """
    o, e = np.broadcast_arrays(np.asarray(observed, dtype=float), np.asarray(expected, dtype=float))
    o, e = np.where(o >= 0, o, np.nan), np.where(e > 0, e, np.nan)
    if scale == "root":
        return np.sqrt(o / e) - 1, 1 / (2 * np.sqrt(e)) + 0 * o
    some = np.where(o > 0, o, np.nan)
    return np.log(some / e), 1 / np.sqrt(e) + 0 * some


def standardised_share(
    numerator: ArrayLike, denominator: ArrayLike, target: float
) -> tuple[Floats, Floats]:
    """y and s of shares, by the arcsine of their square root. NaN where there is no share."""
    x, n = np.broadcast_arrays(
        np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    )
    valid = (n > 0) & (x >= 0) & (x <= n)
    x, n = np.where(valid, x, np.nan), np.where(valid, n, np.nan)
    return np.arcsin(np.sqrt(x / n)) - np.arcsin(np.sqrt(target)), 1 / (2 * np.sqrt(n))


def winsorised(z: ArrayLike, share: float = SHARE) -> Floats:
    """z with the `share` at each end pulled in to the quantile there (R's seventh kind)."""
    return np.clip(z, *_ends(z, share))


def truncated(z: ArrayLike, share: float = SHARE) -> Floats:
    """z with NaN in place of the `share` at each end."""
    low, high = _ends(z, share)
    value = np.asarray(z, dtype=float)
    return np.where((value >= low) & (value <= high), value, np.nan)


def _ends(z: ArrayLike, share: float) -> tuple[Floats, Floats]:
    if not 0 <= share < 0.5:
        raise ValueError(f"share is {share}; less than a half of the areas lies at each end")
    value = np.asarray(z, dtype=float)
    low, high = np.nanquantile(value, [share, 1 - share], axis=-1, keepdims=True)
    return low, high


def dispersion(z: ArrayLike, s: ArrayLike) -> Dispersion:
    """phi and tau2 of areas (..., areas) from z (Winsorised or not) and s. NaN takes no part."""
    value, size = np.broadcast_arrays(np.asarray(z, dtype=float), np.asarray(s, dtype=float))
    known = ~np.isnan(value) & ~np.isnan(size)
    n = known.sum(axis=-1)
    total = np.where(known, value**2, 0.0).sum(axis=-1)
    weight = np.where(known, 1 / np.where(known, size, 1.0) ** 2, 0.0)
    sums = weight.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (total - (n - 1)) / (sums - (weight**2).sum(axis=-1) / sums)
        phi = np.where(n > 0, total / n, np.nan)
    return Dispersion(phi, np.where(n > 1, np.maximum(between, 0.0), np.nan))


def additive_score(y: ArrayLike, s: ArrayLike, tau2: ArrayLike) -> Floats:
    """How many widened standard deviations each area lies from the target (..., areas).

    `tau2` (...), one for each set of areas. An area is outside the limits of confidence c where the
    score is beyond the normal quantile of c.
    """
    between = np.asarray(tau2, dtype=float)[..., np.newaxis]
    return np.asarray(
        np.asarray(y, dtype=float) / np.sqrt(np.asarray(s, dtype=float) ** 2 + between)
    )


def normal_limit(confidence: float) -> float:
    """The score beyond which an area is flagged: 3.09 for 0.998."""
    return float(special.ndtri((1 + confidence) / 2))
