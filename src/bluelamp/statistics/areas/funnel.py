"""Limits of funnel plots, as English public health draws them: chance alone about one level.

Every function takes numbers or arrays that broadcast together; NaN where an argument is no count
or no size. Sources: Spiegelhalter (2005), Statistics in Medicine 24:1185; the limits agree with
FunnelPlotR (observed over expected) and with PHEindicatormethods (proportions, ratios, rates).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from bluelamp.statistics.intervals import Ends, exact_poisson

Floats = NDArray[np.float64]

INNER, OUTER = 0.95, 0.998
"""The two pairs of limits that funnels show, often called two and three sigma."""


@dataclass(frozen=True)
class Sizes:
    """How large an area must be for its number of events to lie on the limits of a funnel.

    `lower`, `upper`: the size (expected events, or people) at which the events touch the lower and
    the upper limit; `lower_level`, `upper_level`: the ratio or rate that they then are.
    """

    lower: Floats
    upper: Floats
    lower_level: Floats
    upper_level: Floats


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    return (1 - confidence) / 2


def ratio_limits(expected: ArrayLike, confidence: float = INNER) -> Ends:
    """Exact Poisson limits of observed over expected events, if chance alone parts them.

    `expected` events, above 0. Raises ValueError for a `confidence` outside 0 to 1.
    """
    tail = _tail(confidence)
    given = np.asarray(expected, dtype=float)
    events = np.where(given > 0, given, np.nan)
    lower = special.chdtri(2 * events, 1 - tail) / 2
    upper = special.chdtri(2 * (events + 1), tail) / 2
    return lower / events, upper / events


def proportion_limits(
    population: ArrayLike, baseline: ArrayLike, confidence: float = INNER
) -> Ends:
    """Normal limits of a share, cut at 0 and 1, for a baseline between 0 and 1.

    PHEindicatormethods draws these; below about five expected cases on either side they are rough.
    """
    z = -special.ndtri(_tail(confidence))
    people, share = np.broadcast_arrays(
        np.asarray(population, dtype=float), np.asarray(baseline, dtype=float)
    )
    valid = (people > 0) & (share >= 0) & (share <= 1)
    people, share = np.where(valid, people, np.nan), np.where(valid, share, np.nan)
    reach = z * np.sqrt(share * (1 - share) / people)
    return np.clip(share - reach, 0, 1), np.clip(share + reach, 0, 1)


def ratio_sizes(events: ArrayLike, confidence: float = INNER, per: float = 1) -> Sizes:
    """The expected events at which so many `events` lie on a limit, and their ratio times `per`."""
    fewest, most = exact_poisson(events, confidence)
    count = np.asarray(events, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return Sizes(most, fewest, per * count / most, per * count / fewest)


def rate_sizes(
    events: ArrayLike,
    baseline: float,
    confidence: float = INNER,
    *,
    per: float = 1_000,
    years: float = 1,
) -> Sizes:
    """The people at whom so many `events` in `years` lie on a limit about a `baseline` rate.

    `baseline` and the levels are yearly rates per `per` people. Raises ValueError where the
    baseline or the years are not above 0.
    """
    if baseline <= 0 or years <= 0:
        raise ValueError(f"a rate of {baseline} over {years} years has no funnel; both must be > 0")
    of_ratio = ratio_sizes(events, confidence)
    people = per / baseline / years
    return Sizes(
        of_ratio.lower * people,
        of_ratio.upper * people,
        of_ratio.lower_level * baseline,
        of_ratio.upper_level * baseline,
    )
