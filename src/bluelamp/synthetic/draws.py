"""How a month's count comes about when nothing has changed.

    expected = level x days in the month x season
    rate     = expected x London's shock x the category's shock x the place's own drift
    count    = negative binomial round the rate

London's shock is slow (an autoregression) and shared by every category; the category's is shared
by every place; the place's own drift is mildly autocorrelated. All three have mean one, so that
the expected count is what the planted truths are measured against.

Together they give London's total an autocorrelation of about .3 from month to month, within the
.4 that the method of findings is tried against; a borough's single measure has hardly any.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bluelamp.periods import Month

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MEAN_MONTH_DAYS = 365.25 / 12

LONDON_SHOCK = (0.5, 0.008)  # autocorrelation from month to month, standard deviation of the log
CATEGORY_SHOCK = (0.2, 0.025)
LOCAL_DRIFT = (0.3, 0.040)
DISPERSION = 1.3  # variance of a count divided by its mean, over and above the shocks


def stream(seed: int, name: str) -> np.random.Generator:
    """Chance of its own for each thing drawn, so that one more file changes no other."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def calendar_shape(months: Sequence[Month], peak: float, swing: float) -> Floats:
    """Days and season: 1.0 on average, highest in calendar month `peak` by the share `swing`."""
    days = np.array([month.days for month in months]) / MEAN_MONTH_DAYS
    phase = 2 * np.pi * (np.array([month.month for month in months]) - peak) / 12
    return np.asarray(days * (1 + swing * np.cos(phase)), dtype=np.float64)


def shocks(rng: np.random.Generator, shape: tuple[int, ...], nature: tuple[float, float]) -> Floats:
    """First-order autoregressions along the last axis, as factors with mean one.

    nature   (autocorrelation, standard deviation) of the logarithm.
    """
    phi, sd = nature
    innovations = rng.normal(0.0, sd, shape)
    log = np.empty(shape)
    log[..., 0] = innovations[..., 0]
    for t in range(1, shape[-1]):
        log[..., t] = phi * log[..., t - 1] + np.sqrt(1 - phi**2) * innovations[..., t]
    return np.asarray(np.exp(log - sd**2 / 2), dtype=np.float64)


def counts(rng: np.random.Generator, rate: Floats, dispersion: float = DISPERSION) -> Counts:
    """Over-dispersed counts with these means: Poisson draws of gamma-distributed rates."""
    spread = dispersion - 1.0
    mixed = rng.gamma(np.maximum(rate, 1e-12) / spread, spread)
    return rng.poisson(mixed).astype(np.int64)


def noisy_counts(rng: np.random.Generator, expected: Floats, london: Floats) -> Counts:
    """Counts of category x area x month round `expected` (same shape); `london` is month."""
    category = shocks(rng, (expected.shape[0], 1, expected.shape[2]), CATEGORY_SHOCK)
    local = shocks(rng, expected.shape, LOCAL_DRIFT)
    return counts(rng, expected * london * category * local)


def shared_out(rng: np.random.Generator, totals: Counts, weights: Floats) -> Counts:
    """Each total dealt out at random by weight: an array of totals.shape + (len(weights),)."""
    return rng.multinomial(totals, weights / weights.sum()).astype(np.int64)
