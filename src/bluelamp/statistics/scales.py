"""The scale on which a series is judged, and the way back to the unit people read.

| kind | judged as | noise in the unit of `values` |
|---|---|---|
| count | rate ** power, power 1 (scatter as Poisson) down to 0.75 | D x mean |
| share | arcsine of the square root of the share, weighed by its denominator | D x p (1 - p) / n |
| mean  | as it is, weighed by its standard errors where they differ | D x weight |

The power makes scattered, lop-sided counts nearly symmetrical and leaves plain Poisson counts
alone, where a change of the mean shows best. The arcsine is Anscombe's, with 3/8 added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Kind = Literal["count", "share", "mean"]

# The power of counts whose variance is far above their mean; found by `benchmarks/calibrate.py`.
POWER_OF_SCATTERED = 0.75


@dataclass(frozen=True)
class Scale:
    """A batch of series made ready to judge. Arrays are (S, T) unless said otherwise.

    `ready`: values on the scale of judgement. `precision`: square root of each month's weight.
    `rate`: counts per usual exposure, shares or means, in the unit of expected values before
    exposure. `exposure`: relative exposure (mean 1) of counts, denominators of shares, else 1.
    `power`: (S, 1), counts only. `scatter`: (S,) variance over Poisson's, from month to month.
    """

    kind: Kind
    ready: Floats
    precision: Floats
    rate: Floats
    exposure: Floats
    power: Floats
    scatter: Floats

    def back(self, fitted: Floats) -> Floats:
        """From the scale of judgement to `rate`."""
        if self.kind == "count":
            return np.maximum(fitted, 0) ** (1 / self.power)
        if self.kind == "share":
            return np.sin(np.clip(fitted, 0, np.pi / 2)) ** 2
        return fitted

    def slope(self, rate: Floats) -> Floats:
        """How much `rate` moves per unit of the scale of judgement, at that rate."""
        if self.kind == "count":
            return np.maximum(rate, 0) ** (1 - self.power) / self.power
        if self.kind == "share":
            return 2 * np.sqrt(np.clip(rate * (1 - rate), 0, None))
        return np.ones_like(rate)

    def variance(self, rate: Floats) -> Floats:
        """Variance of one month's figure were it not scattered, in the unit of `values` squared."""
        if self.kind == "count":
            return np.maximum(rate, 0) * self.exposure
        if self.kind == "share":
            return np.clip(rate * (1 - rate), 0, None) / self.exposure
        return 1 / self.precision**2


def scatter_between_months(rate: Floats, exposure: Floats) -> Floats:
    """(S,) variance over the Poisson variance, from differences between months that follow.

    Half the mean squared difference, over the mean: neither a step nor a season moves it much.
    """
    difference = np.diff(rate, axis=1) ** 2 / (1 / exposure[:, 1:] + 1 / exposure[:, :-1])
    pairs = np.isfinite(difference)
    spread = np.where(pairs, difference, 0).sum(axis=1) / np.maximum(pairs.sum(axis=1), 1)
    seen = np.isfinite(rate)
    mean = np.where(seen, rate, 0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return np.maximum(spread / np.maximum(mean, 1e-12), 1)


def _precision_of_means(means: Floats, errors: Floats) -> Floats:
    """(S, T) square root of each month's weight, from (S, T) standard errors; 1 where missing.

    A month's variance is its standard error's square and, beside that, what the true mean varies
    by: half the mean squared difference of successive months, less the mean of the squares.
    """
    squares = errors**2
    known = np.isfinite(squares)
    usual = np.where(known, squares, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    difference = np.diff(means, axis=1) ** 2 / 2
    pairs = np.isfinite(difference)
    seen = np.where(pairs, difference, 0).sum(axis=1) / np.maximum(pairs.sum(axis=1), 1)
    beside = np.maximum(seen - usual, 0)
    variance = np.where(known, squares + beside[:, None], (usual + beside)[:, None])
    middle = (usual + beside)[:, None]
    relative = middle / np.where(variance > 0, variance, 1)
    # Two digits, as for shares: series with like weights are worked together.
    return np.where(known, np.maximum(np.round(np.sqrt(relative), 2), 0.01), 1.0)


def prepare(values: Floats, exposure: Floats, kind: Kind) -> Scale:
    """Put (S, T) values, NaN where missing, on their scale; `exposure` is positive where seen.

    For means it holds their standard errors, or 1 throughout where those are not known.
    """
    seen = np.isfinite(values)
    flat = np.ones_like(values)
    power = np.ones((len(values), 1))
    scatter = np.ones(len(values))
    if kind == "mean":
        precision = _precision_of_means(values, np.where(seen, exposure, np.nan))
        return Scale(kind, values, precision, values, flat, power, scatter)
    usual = np.where(seen, exposure, 0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    relative = exposure / np.where(usual > 0, usual, 1)[:, None]
    if kind == "share":
        with np.errstate(invalid="ignore", divide="ignore"):
            ready = np.arcsin(np.sqrt((values + 0.375) / (exposure + 0.75)))
            rate = values / exposure
        # Two digits of weight are plenty, and let series with like denominators be worked together.
        precision = np.where(seen, np.round(np.sqrt(relative), 2), 1.0)
        return Scale(kind, ready, np.maximum(precision, 0.01), rate, exposure, power, scatter)
    rate = values / relative
    scatter = scatter_between_months(rate, np.where(seen, relative, np.nan))
    power = (POWER_OF_SCATTERED + (1 - POWER_OF_SCATTERED) / scatter)[:, None]
    return Scale(kind, rate**power, flat, rate, relative, power, scatter)


def range_of_one(
    kind: Kind, expected: Floats, variance: Floats, confidence: float
) -> tuple[Floats, Floats]:
    """The range in which one month's figure should lie, given its mean and variance.

    Counts follow a gamma of that mean and variance (Wilson and Hilferty's cube), half a count
    wider at both ends because counts are whole; shares and means are taken as normal, shares held
    between 0 and 1.
    """
    z = float(special.ndtri((1 + confidence) / 2))
    if kind == "count":
        spread = variance / np.maximum(9 * expected**2, 1e-12)
        lower = expected * np.maximum(1 - spread - z * np.sqrt(spread), 0) ** 3 - 0.5
        upper = expected * (1 - spread + z * np.sqrt(spread)) ** 3 + 0.5
        # The cube is meant for rates above about one in two; below, keep to the plain spread.
        plain = expected + z * np.sqrt(variance) + 0.5
        return np.maximum(lower, 0), np.where(spread < 0.3, upper, np.maximum(upper, plain))
    lower, upper = expected - z * np.sqrt(variance), expected + z * np.sqrt(variance)
    return (np.clip(lower, 0, 1), np.clip(upper, 0, 1)) if kind == "share" else (lower, upper)


def small_number_p(early: Floats, late: Floats, share: Floats, scatter: Floats) -> Floats:
    """Two-sided mid-p of `late` out of `early + late` events when a `share` of them is due late.

    The exact conditional test of two Poisson counts; where counts scatter more than Poisson's both
    are divided by `scatter`, and the binomial tail is read between whole numbers.
    """
    late, early = late / scatter, early / scatter
    at_least = np.where(late > 0, special.betainc(np.maximum(late, 1e-9), early + 1, share), 1.0)
    above = special.betainc(late + 1, np.maximum(early, 1e-9), share)
    above = np.where(early > 0, above, 0.0)
    upper = (at_least + above) / 2
    return np.clip(2 * np.minimum(upper, 1 - upper), 0, 1)
