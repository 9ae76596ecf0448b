"""Gaps between two groups of people: how many times as often, how much more, and how sure.

A group has `a` events among `people_a`; the group it is compared with has `b` among `people_b`.
People are either residents (*rates*: the same person may be counted more than once) or those who
came to the stage before (*shares*: of 200 searched, 40 arrested). Everything takes numbers or
arrays that broadcast together, and is NaN where there is nothing to compare: nobody in a group, no
event in the group compared with, a missing count. None of it says why a gap is there.

Sources: log intervals, Altman (1991) as in the Ministry of Justice's relative rate index; mid-P,
Berry & Armitage (1995); score interval of a ratio of shares, Koopman (1984); differences, Newcombe
(1998) and, for rates, the same square-and-add with Poisson limits (Zou & Donner, 2008).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from bluelamp.statistics.intervals import poisson_interval, wilson

Floats = NDArray[np.float64]

# Below this many events in either group, or without them, the log interval is replaced.
FEW = 5
# Ratios are looked for between e to the power of minus and plus this; steps of halving it.
FARTHEST, HALVINGS = 30.0, 60


@dataclass(frozen=True)
class Estimate:
    """Arrays of one shape: the value and the ends of its interval, NaN where there is none."""

    value: Floats
    lower: Floats
    upper: Floats


def rate_ratio(
    a: ArrayLike, people_a: ArrayLike, b: ArrayLike, people_b: ArrayLike, confidence: float = 0.95
) -> Estimate:
    """(a / people_a) / (b / people_b), events being independent (Poisson).

    The log of it has the standard error sqrt(1/a + 1/b); below FEW events in either group the mid-P
    interval stands in its place. Raises ValueError for a confidence outside 0 to 1.
    """
    a, people_a, b, people_b = _compared(a, people_a, b, people_b)
    ratio = (a / people_a) / (b / people_b)
    with np.errstate(divide="ignore"):
        ends = _wald(ratio, np.sqrt(1 / a + 1 / b), confidence)
    few = (a < FEW) | (b < FEW)
    lower, upper = _mid_p(a[few], b[few], confidence)
    scale = people_b[few] / people_a[few]
    return _with_few(ratio, ends, few, (lower * scale, upper * scale))


def relative_rate_index(
    a: ArrayLike, of_a: ArrayLike, b: ArrayLike, of_b: ArrayLike, confidence: float = 0.95
) -> Estimate:
    """(a / of_a) / (b / of_b) between two stages: a of the of_a who came to the stage before.

    The log of it has the standard error sqrt(1/a - 1/of_a + 1/b - 1/of_b). Where fewer than FEW of
    either group have, or have not, come to the later stage the score interval stands in its place.
    NaN where more come out of a stage than went in.
    """
    a, of_a, b, of_b = _compared(a, of_a, b, of_b)
    possible = (a <= of_a) & (b <= of_b)
    a, b = np.where(possible, a, np.nan), np.where(possible, b, np.nan)
    ratio = (a / of_a) / (b / of_b)
    with np.errstate(divide="ignore"):
        error = np.sqrt(np.maximum(1 / a - 1 / of_a + 1 / b - 1 / of_b, 0))
    few = np.minimum.reduce([a, b, of_a - a, of_b - b]) < FEW
    score = _score(a[few], of_a[few], b[few], of_b[few], confidence)
    return _with_few(ratio, _wald(ratio, error, confidence), few, score)


def rate_difference(
    a: ArrayLike, people_a: ArrayLike, b: ArrayLike, people_b: ArrayLike, confidence: float = 0.95
) -> Estimate:
    """a / people_a - b / people_b, each rate with its Poisson limits (`poisson_interval`)."""
    a, people_a, b, people_b = _some(a, people_a, b, people_b)
    limits = [
        tuple(end / people for end in poisson_interval(events, confidence))
        for events, people in ((a, people_a), (b, people_b))
    ]
    return _square_and_add(a / people_a, b / people_b, *limits)


def share_difference(
    a: ArrayLike, of_a: ArrayLike, b: ArrayLike, of_b: ArrayLike, confidence: float = 0.95
) -> Estimate:
    """a / of_a - b / of_b as proportions, by Newcombe's method 10 (Wilson limits)."""
    a, of_a, b, of_b = _some(a, of_a, b, of_b)
    limits = [wilson(events, people, confidence) for events, people in ((a, of_a), (b, of_b))]
    return _square_and_add(a / of_a, b / of_b, *limits)


def excess(difference: Estimate, people_a: ArrayLike) -> Estimate:
    """How many fewer events the group would have at the other's rate: the difference x people.

    `people_a` is taken as known. Negative where the group has fewer events than at that rate.
    """
    people = np.asarray(people_a, dtype=float)
    return Estimate(
        *(end * people for end in (difference.value, difference.lower, difference.upper))
    )


def rate_bounds(
    a: ArrayLike, people_a: ArrayLike, b: ArrayLike, people_b: ArrayLike, unknown: ArrayLike
) -> tuple[Floats, Floats]:
    """The least and the greatest rate ratio, whoever the `unknown` events belong to.

    Least: all of them to the group compared with; greatest: all to the group itself.
    """
    a, people_a, b, people_b = _compared(a, people_a, b, people_b)
    unknown = np.asarray(unknown, dtype=float)
    scale = people_b / people_a
    return a / (b + unknown) * scale, (a + unknown) / b * scale


def share_bounds(
    a: ArrayLike,
    of_a: ArrayLike,
    b: ArrayLike,
    of_b: ArrayLike,
    unknown: ArrayLike,
    of_unknown: ArrayLike,
) -> tuple[Floats, Floats]:
    """The least and the greatest relative rate index: `unknown` of `of_unknown` people of a group
    that nobody wrote down came to the later stage.

    It is greatest where those who came to it all belong to the group and those who did not all to
    the other, and least the other way round. (All to one group would not be the extreme.)
    """
    a, of_a, b, of_b = _compared(a, of_a, b, of_b)
    came = np.asarray(unknown, dtype=float)
    stayed = np.asarray(of_unknown, dtype=float) - came
    least = (a / (of_a + stayed)) / ((b + came) / (of_b + came))
    greatest = ((a + came) / (of_a + came)) / (b / (of_b + stayed))
    return least, greatest


def product(stages: Sequence[Estimate]) -> Estimate:
    """The ratios of successive stages multiplied: the gap from the first stage to the last.

    The distances of each stage's ends on the log scale are squared and added, so that log intervals
    give exactly the interval of the whole way. NaN where a stage has no ratio or a ratio of none.
    """
    value = np.prod([stage.value for stage in stages], axis=0)
    value = np.where(value > 0, value, np.nan)

    def reach(end: Callable[[Estimate], Floats]) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = [np.log(end(stage)) - np.log(stage.value) for stage in stages]
            return np.sqrt(np.sum(np.square(logs), axis=0))

    lower = value * np.exp(-reach(lambda stage: stage.lower))
    return Estimate(value, lower, value * np.exp(reach(lambda stage: stage.upper)))


# --- the pieces -----------------------------------------------------------------------------------


def _some(*numbers: ArrayLike) -> tuple[Floats, ...]:
    """Events and people of two groups as arrays of one shape; NaN for what is no count, and for the
    events where there are no people."""
    arrays = np.broadcast_arrays(*(np.asarray(each, dtype=float) for each in numbers))
    counts = [np.where(each >= 0, each, np.nan) for each in arrays]
    people = [np.where(each > 0, each, np.nan) for each in counts[1::2]]
    return counts[0], people[0], counts[2], people[1]


def _compared(*numbers: ArrayLike) -> tuple[Floats, ...]:
    """As `_some`, and NaN where the group compared with has no event: no ratio can be formed."""
    a, people_a, b, people_b = _some(*numbers)
    return a, people_a, np.where(b > 0, b, np.nan), people_b


def normal_quantile(confidence: float) -> float:
    """How many standard errors an interval reaches to each side; ValueError outside 0 to 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    return float(-special.ndtri((1 - confidence) / 2))


def _wald(ratio: Floats, error: Floats, confidence: float) -> tuple[Floats, Floats]:
    reach = np.exp(normal_quantile(confidence) * np.where(np.isfinite(error), error, np.nan))
    return ratio / reach, ratio * reach


def _with_few(
    ratio: Floats,
    usual: tuple[Floats, Floats],
    few: NDArray[np.bool_],
    ends: tuple[Floats, Floats],
) -> Estimate:
    lower, upper = (np.array(end) for end in usual)
    lower[few], upper[few] = ends
    return Estimate(ratio, lower, upper)


def _square_and_add(p: Floats, q: Floats, *limits: tuple[Floats, ...]) -> Estimate:
    (low_p, high_p), (low_q, high_q) = limits
    gap = p - q
    return Estimate(
        gap,
        gap - np.sqrt((p - low_p) ** 2 + (high_q - q) ** 2),
        gap + np.sqrt((high_p - p) ** 2 + (q - low_q) ** 2),
    )


def _halved(falls: Callable[[Floats], Floats], level: float, shape: tuple[int, ...]) -> Floats:
    """Where a function that falls along its argument's log crosses `level`, found by halving."""
    low, high = np.full(shape, -FARTHEST), np.full(shape, FARTHEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = falls(np.exp(middle)) > level
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray(np.exp((low + high) / 2))


def _mid_p(a: Floats, b: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Mid-P interval of the ratio of two Poisson means, given a + b; 0 below where a is none."""
    tail = (1 - confidence) / 2

    def at_most(ratio: Floats) -> Floats:
        """P(X < a) + P(X = a) / 2 where the means have this ratio."""
        p = ratio / (1 + ratio)
        more = special.betainc(a + 1, b, p)
        as_many = np.where(a > 0, special.betainc(np.where(a > 0, a, 1.0), b + 1, p), 1.0)
        return np.asarray(1 - (more + as_many) / 2)

    upper = _halved(at_most, tail, a.shape)
    lower = np.where(a > 0, _halved(at_most, 1 - tail, a.shape), 0.0)
    known = np.isfinite(a + b)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def _score(
    a: Floats, of_a: Floats, b: Floats, of_b: Floats, confidence: float
) -> tuple[Floats, Floats]:
    """Koopman's score interval of a ratio of shares; 0 below where a is none."""
    z = normal_quantile(confidence)

    def statistic(ratio: Floats) -> Floats:
        """How many standard errors the shares seen lie from this ratio, at the likeliest shares
        that have it."""
        square, linear = (of_a + of_b) * ratio, -(of_a * ratio + a + of_b + b * ratio)
        root = np.sqrt(np.maximum(linear**2 - 4 * square * (a + b), 0))
        # The form of the root that loses no digits where the ratio is very small.
        q = np.clip(2 * (a + b) / (-linear + root), 0, 1)
        p = np.clip(ratio * q, 0, 1)
        variance = p * (1 - p) / of_a + ratio**2 * q * (1 - q) / of_b
        with np.errstate(divide="ignore", invalid="ignore"):
            gap = (a / of_a - ratio * b / of_b) / np.sqrt(variance)
        return np.asarray(np.nan_to_num(gap, nan=0.0, posinf=np.inf, neginf=-np.inf))

    lower = np.where(a > 0, _halved(statistic, z, a.shape), 0.0)
    upper = _halved(statistic, -z, a.shape)
    known = np.isfinite(a + of_a + b + of_b)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)
