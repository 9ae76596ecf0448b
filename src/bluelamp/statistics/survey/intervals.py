"""Intervals for proportions of a sample: numbers or arrays that broadcast together.

`effective` is how many people drawn at random would tell as much as the sample does: p (1 - p) over
the variance of the design. `freedom` is the design's degrees of freedom. Every function returns
`(lower, upper)`, NaN where an argument is NaN. Sources: Wilson (1927); Korn and Graubard (1998),
*Survey Methodology* 24; Brown, Cai and DasGupta (2001), *Statistical Science* 16, for the beta
interval; Newcombe (1998), *Statistics in Medicine* 17, for differences.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Ends = tuple[Floats, Floats]

FEW = 10
"""With fewer people who said so, or who did not, the linearised variance is itself too unsure."""


def wilson(
    share: ArrayLike, effective: ArrayLike, freedom: ArrayLike = np.inf, confidence: float = 0.95
) -> Ends:
    """Wilson's score interval with an effective number of people and Student's quantile."""
    p, n, free = np.broadcast_arrays(_share(share), _positive(effective), _positive(freedom))
    t = quantile(free, confidence)
    middle = (p + t**2 / (2 * n)) / (1 + t**2 / n)
    reach = t / (1 + t**2 / n) * np.sqrt(p * (1 - p) / n + t**2 / (4 * n**2))
    return np.clip(middle - reach, 0, 1), np.clip(middle + reach, 0, 1)


def korn_graubard(
    share: ArrayLike,
    people: ArrayLike,
    effective: ArrayLike,
    freedom: ArrayLike,
    confidence: float = 0.95,
) -> Ends:
    """Clopper and Pearson's interval of the effective number, shrunk for few degrees of freedom."""
    p, n = _share(share), _shrunk(people, effective, freedom, confidence)
    return _beta(p, n, (0, 1), (1, 0), confidence)


def beta(
    share: ArrayLike, effective: ArrayLike, freedom: ArrayLike = np.inf, confidence: float = 0.95
) -> Ends:
    """Jeffreys' interval: half a person more on either side; 0 and 1 are ends of their own."""
    p, n, _ = np.broadcast_arrays(_share(share), _positive(effective), _positive(freedom))
    n = n * (quantile(np.inf, confidence) / quantile(freedom, confidence)) ** 2
    return _beta(p, n, (0.5, 0.5), (0.5, 0.5), confidence)


def logit(
    share: ArrayLike, error: ArrayLike, freedom: ArrayLike = np.inf, confidence: float = 0.95
) -> Ends:
    """Student's interval on the log odds, and back; NaN for shares of 0 and 1."""
    p, e, free = np.broadcast_arrays(_share(share), np.asarray(error, float), _positive(freedom))
    inside = (p > 0) & (p < 1)
    p = np.where(inside, p, np.nan)
    reach = quantile(free, confidence) * e / (p * (1 - p))
    return special.expit(special.logit(p) - reach), special.expit(special.logit(p) + reach)


def proportion_interval(
    share: ArrayLike,
    *,
    people: ArrayLike,
    said: ArrayLike,
    effective: ArrayLike,
    kish: ArrayLike,
    freedom: ArrayLike,
    clustered: bool = False,
    confidence: float = 0.95,
) -> Ends:
    """The interval that is printed beside a proportion estimated from a sample.

    Wilson's, with the effective number and Student's quantile. Where fewer than ten people said so,
    or did not, their few weights leave the linearised variance itself too unsure: then the number
    of people over the Kish effect of all weights takes its place, in the beta interval, which is as
    narrow as Wilson's and holds its 95%. In a clustered sample that would forget the clusters, and
    Korn and Graubard's wider interval is given (docs/methods/surveys.md has both as measured).

    people, said   unweighted: how many answered, and how many of them said so.
    effective      NaN of a sample in which all or none said so.
    """
    p, n, x, eff, k, free = np.broadcast_arrays(
        _share(share), _positive(people), np.asarray(said, float), np.asarray(effective, float),
        _positive(kish), _positive(freedom),
    )  # fmt: skip
    few = np.minimum(x, n - x) < FEW
    known = np.where(np.isfinite(eff) & (eff > 0), eff, n / k)
    usual = wilson(p, known, free, confidence)
    rare = (
        korn_graubard(p, n, np.minimum(known, n), free, confidence)
        if clustered
        else beta(p, n / k, free, confidence)
    )
    return np.where(few, rare[0], usual[0]), np.where(few, rare[1], usual[1])


def newcombe(
    first: ArrayLike,
    first_effective: ArrayLike,
    second: ArrayLike,
    second_effective: ArrayLike,
    freedom: ArrayLike = np.inf,
    confidence: float = 0.95,
) -> Ends:
    """Newcombe's hybrid score interval of first - second, two proportions of different people."""
    p, q = _share(first), _share(second)
    low1, high1 = wilson(p, first_effective, freedom, confidence)
    low2, high2 = wilson(q, second_effective, freedom, confidence)
    gap = p - q
    lower = gap - np.hypot(p - low1, high2 - q)
    upper = gap + np.hypot(high1 - p, q - low2)
    return np.clip(lower, -1, 1), np.clip(upper, -1, 1)


def margin(
    share: ArrayLike, people: ArrayLike, design_effect: ArrayLike = 1.0, confidence: float = 0.95
) -> Floats:
    """How far a percentage published without its number of people may lie from what all would say.

    people, design_effect   stated by the publisher or assumed; z standard errors of the proportion.
    """
    p, n, effect = _share(share), _positive(people), _positive(design_effect)
    return np.asarray(quantile(np.inf, confidence) * np.sqrt(p * (1 - p) * effect / n))


def quantile(freedom: ArrayLike, confidence: float = 0.95) -> Floats:
    """Student's two-sided quantile; the normal's for infinite `freedom`.

    Raises ValueError for a confidence that is not between 0 and 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    free = np.asarray(freedom, dtype=float)
    finite = np.where(np.isfinite(free), free, 1.0)
    student = special.stdtrit(finite, (1 + confidence) / 2)
    return np.asarray(np.where(np.isposinf(free), special.ndtri((1 + confidence) / 2), student))


def _shrunk(
    people: ArrayLike, effective: ArrayLike, freedom: ArrayLike, confidence: float
) -> Floats:
    n, eff, free = np.broadcast_arrays(_positive(people), _positive(effective), _positive(freedom))
    return eff * (quantile(np.maximum(n - 1, 1), confidence) / quantile(free, confidence)) ** 2


def _beta(
    p: Floats, n: Floats, low: tuple[float, float], high: tuple[float, float], confidence: float
) -> Ends:
    p, n = np.broadcast_arrays(p, n)
    x, tail = p * n, (1 - confidence) / 2
    some, not_all = np.where(x > 0, x, 1.0), np.where(x < n, n - x, 1.0)
    lower = special.betaincinv(some + low[0], n - some + low[1], tail)
    upper = special.betaincinv(n - not_all + high[0], not_all + high[1], 1 - tail)
    nothing = x * 0  # NaN where either is not known
    # Of less than one effective person half a person more would leave the estimate outside.
    lower, upper = np.minimum(lower, p), np.maximum(upper, p)
    return np.where(x > 0, lower, nothing), np.where(x < n, upper, 1 + nothing)


def _share(value: ArrayLike) -> Floats:
    share = np.asarray(value, dtype=float)
    return np.where((share >= 0) & (share <= 1), share, np.nan)


def _positive(value: ArrayLike) -> Floats:
    number = np.asarray(value, dtype=float)
    return np.where(number > 0, number, np.nan)
