"""Rates drawn towards the mean of all areas, as far as chance made them (Marshall 1991).

An area with few people has a rate that chance moves far; the best guess at its level lies between
its own rate and that of all. Source: Marshall (1991), Applied Statistics 40:283, the global
estimator. It takes the variance between areas as known, and where chance is most of what is seen it
often finds none at all: an interval made of it would be far too short. So the interval weighs every
variance by how well it explains the counts (gamma levels, hence negative binomial counts; flat over
the coefficient of variation) and adds the error of the mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shrunken:
    """Rates per unit of `exposure`, (..., areas); NaN for areas that are not known.

    rate       the shrunken rate
    own        how much of it is the area's own rate: 0 (all alike) to 1 (chance plays no part)
    mean       the rate of all areas together (..., 1)
    variance   between the areas' true rates (..., 1); 0 where chance explains all differences
    exposure   the areas' sizes, as given
    events     the areas' events, as given
    """

    rate: Floats
    own: Floats
    mean: Floats
    variance: Floats
    exposure: Floats
    events: Floats

    def interval(self, confidence: float = 0.95) -> tuple[Floats, Floats]:
        """Where the true rates lie (..., areas): quantiles of a gamma law with the mean and the
        variance that the weighed laws have. Raises ValueError for a confidence outside 0 to 1."""
        tail = (1 - confidence) / 2
        if not 0 < tail < 0.5:
            raise ValueError(f"confidence is {confidence}; give a number between 0 and 1")
        centre, variance = _weighed(self)
        with np.errstate(divide="ignore", invalid="ignore"):
            shape, size = centre**2 / variance, centre / variance
            lower, upper = (special.gammaincinv(shape, q) / size for q in (tail, 1 - tail))
        none = self.mean + 0 * self.rate == 0
        return np.where(none, 0.0, lower), np.where(none, 0.0, upper)


_VARIATIONS = np.linspace(0.01, 1.5, 40)
"""Coefficients of variation between areas that are weighed: from none to wild."""


def _weighed(found: Shrunken) -> tuple[Floats, Floats]:
    """Mean and variance of each true rate over all coefficients of variation (..., areas)."""
    known = ~np.isnan(found.rate)
    mean = np.where(found.mean > 0, found.mean, 1.0)[..., np.newaxis]
    events = np.where(known, found.events, 0.0)[..., np.newaxis]
    expected = np.where(known, found.exposure, 0.0)[..., np.newaxis] * mean
    shape = 1 / _VARIATIONS**2
    log = (
        special.gammaln(events + shape)
        - special.gammaln(shape)
        - (events + shape) * np.log1p(expected / shape)
        + events * np.log(np.where(expected > 0, expected, 1.0) / shape)
    )
    of_set = log.sum(axis=-2, keepdims=True)
    weight = np.exp(of_set - of_set.max(axis=-1, keepdims=True))
    weight /= weight.sum(axis=-1, keepdims=True)
    centre = (shape + events) / (shape + expected)
    own = expected / (shape + expected)
    # The mean of all is an estimate too, and counts as far as an area is drawn to it.
    known_by = (expected / (1 + expected / shape)).sum(axis=-2, keepdims=True)
    error = (1 - own) ** 2 / np.maximum(known_by, 1e-300)
    each = centre / (shape + expected) + error
    middle = (weight * centre).sum(axis=-1)
    spread = (weight * (each + (centre - middle[..., np.newaxis]) ** 2)).sum(axis=-1)
    scale = mean[..., 0]
    return np.where(known, middle * scale, np.nan), np.where(known, spread * scale**2, np.nan)


def shrunken(events: ArrayLike, exposure: ArrayLike) -> Shrunken:
    """Marshall's global empirical Bayes rates. `events` and `exposure` (..., areas), broadcast.

    Areas whose events or exposure are not known, negative or (exposure) nought take no part.
    """
    o, e = np.broadcast_arrays(np.asarray(events, dtype=float), np.asarray(exposure, dtype=float))
    known = (o >= 0) & (e > 0)
    n = known.sum(axis=-1, keepdims=True)
    count, size = np.where(known, o, 0.0), np.where(known, e, 0.0)
    total = size.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = count.sum(axis=-1, keepdims=True) / total
        raw = np.where(known, o / np.where(known, e, 1.0), np.nan)
        spread = np.nansum(size * (raw - mean) ** 2, axis=-1, keepdims=True) / total
        variance = np.maximum(spread - mean / (total / n), 0.0)
        chance = mean / np.where(known, e, np.nan)
        own = np.where(known, np.where(variance > 0, variance / (variance + chance), 0.0), np.nan)
    nan = np.where(known, 0.0, np.nan)
    return Shrunken(mean + own * (raw - mean) + nan, own, mean, variance, e + nan, o + nan)
