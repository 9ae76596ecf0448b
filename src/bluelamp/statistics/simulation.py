"""Series whose truth is known, for tests and benchmarks.

Every row of the table of unchanged series is here by name, each with the standard deviation of its
monthly noise, so that a step of "1 SD" means the same in every row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bluelamp.statistics.scales import Kind

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, Floats, int], Floats]


@dataclass(frozen=True)
class Row:
    """One kind of series: `draw(rng, shift, series)` gives (series, months) for a shift (months,).

    The shift is in standard deviations of the monthly noise; 0 throughout is an unchanged series.
    """

    name: str
    kind: Kind
    draw: Draw

    def unchanged(self, rng: np.random.Generator, series: int, months: int) -> Floats:
        """(series, months) without any change."""
        return self.draw(rng, np.zeros(months), series)

    def stepped(
        self, rng: np.random.Generator, series: int, months: int, at: int, size: float
    ) -> Floats:
        """(series, months) with a lasting step of `size` standard deviations from column `at`."""
        shift = np.where(np.arange(months) >= at, size, 0.0)
        return self.draw(rng, shift, series)


def autoregressive(
    rng: np.random.Generator, series: int, months: int, correlation: float
) -> Floats:
    """(series, months) of stationary AR(1) noise with variance 1."""
    noise = rng.normal(size=(series, months))
    for month in range(1, months):
        noise[:, month] = (
            correlation * noise[:, month - 1] + np.sqrt(1 - correlation**2) * noise[:, month]
        )
    return noise


def _normal(rng: np.random.Generator, shift: Floats, series: int) -> Floats:
    return rng.normal(size=(series, len(shift))) + shift


def _poisson(mean: float) -> Draw:
    def draw(rng: np.random.Generator, shift: Floats, series: int) -> Floats:
        means = np.maximum(mean + np.sqrt(mean) * shift, 0)
        return rng.poisson(means, size=(series, len(shift))).astype(float)

    return draw


def _negative_binomial(mean: float, size: float) -> Draw:
    def draw(rng: np.random.Generator, shift: Floats, series: int) -> Floats:
        means = np.maximum(mean + np.sqrt(mean + mean**2 / size) * shift, 1e-9)
        chance = size / (size + means)
        return rng.negative_binomial(size, chance, size=(series, len(shift))).astype(float)

    return draw


def _autoregressive(correlation: float) -> Draw:
    def draw(rng: np.random.Generator, shift: Floats, series: int) -> Floats:
        return autoregressive(rng, series, len(shift), correlation) + shift

    return draw


def _mixed(rng: np.random.Generator, shift: Floats, series: int) -> Floats:
    linked = autoregressive(rng, series, len(shift), 0.4)
    return np.where(np.arange(series)[:, None] % 2, linked, _normal(rng, 0 * shift, series)) + shift


def _seasonal(rng: np.random.Generator, shift: Floats, series: int) -> Floats:
    # Each series has its peak in a month of its own: nothing may depend on when a year begins.
    peak = rng.uniform(0, 2 * np.pi, size=(series, 1))
    return _normal(rng, shift, series) + np.sin(2 * np.pi * np.arange(len(shift)) / 12 + peak)


def rolling_mean(months: Floats, length: int = 12) -> Floats:
    """(series, months - length + 1) means of each run of `length` months."""
    total = np.cumsum(np.pad(months, ((0, 0), (1, 0))), axis=1)
    return (total[:, length:] - total[:, :-length]) / length


def _rolling(rng: np.random.Generator, shift: Floats, series: int) -> Floats:
    longer = np.concatenate([np.full(11, shift[0]), shift])
    return rolling_mean(_normal(rng, longer, series))


NORMAL = Row("normal", "mean", _normal)
POISSON_2 = Row("Poisson 2", "count", _poisson(2))
NEGATIVE_BINOMIAL = Row("negative binomial 5, k 2", "count", _negative_binomial(5, 2))
AR_2 = Row("AR(1) .2", "mean", _autoregressive(0.2))
AR_4 = Row("AR(1) .4", "mean", _autoregressive(0.4))
SEASONAL = Row("seasonal, amplitude 1 SD", "mean", _seasonal)
ROLLING = Row("rolling 12-month mean", "mean", _rolling)
# Every second series is linked and the others are not: what a group says is true of none of them.
MIXED = Row("mixed, normal and AR(1) .4", "mean", _mixed)

TABLE = (NORMAL, POISSON_2, NEGATIVE_BINOMIAL, AR_2, AR_4, SEASONAL, ROLLING)
