"""Will a year's total end at or below a level? The chance, from the months known so far.

A count a day is put on the square-root scale, where chance scatters it alike at every height, and
is modelled as

    level + two yearly harmonics + noise

The level wanders from month to month, with a slope that wears off; the noise hangs together from
month to month and has spikes of its own in the year. How much a series wanders cannot be read from
some years of months, so the answer is averaged over a family of such models, each weighed by its
restricted likelihood and a prior (as `statistics.noise` does for judgements). Given a member, what
is still to come has Student's t, worked out and not simulated (generalised least squares and its
best linear predictor: Harvey 1989, *Forecasting, structural time series models and the Kalman
filter*). A slow simulation and a plain Kalman filter hold it in the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from bluelamp.statistics.change import days_of_months
from bluelamp.statistics.contrast import alike
from bluelamp.statistics.noise import LEFT_HARMONICS, free_terms, harmonics

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

YEAR = 12
SHORTEST_HISTORY = 24
LONGEST_HISTORY = 96
FEWEST_EVENTS = 10
# How much of a slope is left a month later: half of it is gone after nearly three years. A fall
# that went on for ever would end at nothing, and what London recorded from 2012 on was forecast
# worse with slopes that last longer.
SLOPE_LEFT = 0.98
# No series is ever certain: the figures are revised, and no member of the family is the truth.
SUREST = 0.999

TOO_FEW_MONTHS = "too few months"
TOO_FEW_EVENTS = "too few events"


@dataclass(frozen=True)
class Path:
    """One way for a series to go on, in units of the standard deviation of its monthly noise.

    wander        how far the level steps from one month to the next;
    slope         how large its lasting slope is, a month;
    correlation   of one month's noise with the next;
    irregularity  the size of the spikes that the two smooth waves of the year leave out;
    log_prior     logarithm of what we believe of it beforehand.
    """

    wander: float
    slope: float
    correlation: float
    irregularity: float
    log_prior: float

    def covariance(self, months: Ints) -> Floats:
        """(n, n) between months counted from any January, the level being 0 before the first."""
        place = months - months[0]
        apart = np.abs(place[:, None] - place[None, :])
        season = harmonics(months, LEFT_HARMONICS)
        every = np.arange(place[-1] + 1)
        steps = self.wander**2 * np.eye(len(every))
        steps += self.slope**2 * SLOPE_LEFT ** np.abs(every[:, None] - every[None, :])
        level = np.cumsum(np.cumsum(steps, axis=0), axis=1)[np.ix_(place, place)]
        return level + self.correlation**apart + self.irregularity**2 * season @ season.T


def _family(
    wander: dict[float, float],
    slope: dict[float, float],
    correlation: dict[float, float],
    irregularity: dict[float, float],
) -> tuple[Path, ...]:
    """Every combination, with weights multiplied."""
    return tuple(
        Path(w, s, c, i, float(np.log(of_w * of_s * of_c * of_i)))
        for (w, of_w), (s, of_s), (c, of_c), (i, of_i) in product(
            wander.items(), slope.items(), correlation.items(), irregularity.items()
        )
    )


FAMILY = _family(
    wander={0.0: 0.15, 0.06: 0.20, 0.15: 0.25, 0.35: 0.25, 0.8: 0.15},
    slope={0.0: 0.60, 0.02: 0.20, 0.06: 0.20},
    correlation={0.0: 0.50, 0.3: 0.30, 0.6: 0.20},
    irregularity={0.0: 0.60, 0.8: 0.40},
)


@dataclass(frozen=True)
class Forecast:
    """What may be said beforehand of the last twelve months of S series.

    chance     (S,) that their total meets the goal, to three decimals, from 0.001 to 0.999; NaN
               where none can be worked out: `reason` then says why in a word or two.
    expected   (S,) the total expected, the months already known counted as they are; NaN likewise.
    reason     (S,) '' where worked out.
    """

    chance: Floats
    expected: Floats
    reason: NDArray[np.object_]


def chance_of_year(
    values: ArrayLike,
    *,
    first_month: tuple[int, int],
    known: int,
    goal: ArrayLike,
    at_most: ArrayLike,
) -> Forecast:
    """The chance that the last twelve columns add up to at most, or at least, a goal.

    values (S, T)   monthly counts, NaN where a month is not known or may not be used. The last
                    twelve columns are the year in question.
    first_month     (year, month) of the first column.
    known           columns from this one on have not happened yet: whatever they hold is not used.
    goal (S,)       the total of the year; at_most (S,) or one for all: True where a total up to it
                    meets it, False where a total from it on does.

    Months of the year that are known count as they are; all others are forecast from at most the
    96 months before `known`. Withheld: fewer than 24 of them known, or fewer than ten events in
    them. Raises ValueError for arrays that do not fit together.
    """
    table = np.array(values, dtype=float)
    goals = np.asarray(goal, dtype=float)
    _check(table, goals, known)
    below = np.broadcast_to(np.asarray(at_most, dtype=bool), goals.shape)
    table[:, known:] = np.nan
    year = table[:, -YEAR:]
    counted = np.nansum(year, axis=1)
    table[:, : max(0, known - LONGEST_HISTORY)] = np.nan
    seen = np.isfinite(table)
    reason = np.full(len(table), "", dtype=object)
    reason[np.nansum(table, axis=1) < FEWEST_EVENTS] = TOO_FEW_EVENTS
    reason[seen.sum(axis=1) < SHORTEST_HISTORY] = TOO_FEW_MONTHS
    chance, expected = (np.full(len(table), np.nan) for _ in range(2))
    days = days_of_months(first_month, table.shape[1])
    months = first_month[1] - 1 + np.arange(table.shape[1])
    for rows in _of_one_pattern(seen, reason):
        have = seen[rows[0]]
        missing = ~have[-YEAR:]
        if not missing.any():
            under, over = counted[rows] <= goals[rows], counted[rows] >= goals[rows]
            chance[rows], expected[rows] = np.where(below[rows], under, over), counted[rows]
            continue
        wanted = months[-YEAR:][missing]
        ahead = _ahead(months[have].tobytes(), wanted.tobytes())
        rates = np.sqrt(table[np.ix_(rows, have)] / days[have])
        left = goals[rows] - counted[rows]
        # Half an event either way: totals are whole, and what they are compared with is smooth.
        edge = np.where(below[rows], np.floor(left) + 0.5, np.ceil(left) - 0.5)
        at_or_below, more = _total(rates, ahead, days[-YEAR:][missing], edge)
        chance[rows] = np.where(below[rows], at_or_below, 1 - at_or_below)
        expected[rows] = counted[rows] + more
    return Forecast(np.round(np.clip(chance, 1 - SUREST, SUREST), 3), expected, reason)


def _check(table: Floats, goals: Floats, known: int) -> None:
    if table.ndim != 2 or table.shape[1] < YEAR:
        raise ValueError(f"values have shape {table.shape}; give (series, 12 months or more)")
    if goals.shape != table.shape[:1]:
        raise ValueError(f"{len(table)} series have {goals.size} goals; give each its own")
    if not 0 <= known <= table.shape[1]:
        raise ValueError(f"known is {known}, but there are {table.shape[1]} months")
    if np.any(table < 0):
        raise ValueError("a count cannot be negative; mark a month that is wrong as NaN")


def _of_one_pattern(seen: NDArray[np.bool_], reason: NDArray[np.object_]) -> Iterator[Ints]:
    """Rows that are judged and know the same months, together."""
    ready = np.flatnonzero(reason == "")
    if len(ready):
        yield from (ready[rows] for rows in alike(seen[ready]))


@dataclass(frozen=True)
class _Ahead:
    """The family made ready for n known months and k wanted ones. First axis: its G members.

    predictor (G, k, n)  turns known months into what is expected of the wanted ones.
    spread (G, k, k)     covariance of the wanted about that, in units of the noise variance.
    residual (G, n, n)   series' . residual . series is the weighted sum of squares left over.
    constant (G,)        logarithm of prior and determinants.
    freedom              degrees of freedom of Student's t.
    """

    predictor: Floats
    spread: Floats
    residual: Floats
    constant: Floats
    freedom: int


@lru_cache(maxsize=64)
def _ahead(known: bytes, wanted: bytes) -> _Ahead:
    """Kept, because the areas and the measures of a release mostly know the same months."""
    have, want = (np.frombuffer(text, dtype=np.int64) for text in (known, wanted))
    # The family's level starts at the first month given, so months must come in order.
    months = np.concatenate([have, want])
    order = np.argsort(months, kind="stable")
    back = np.argsort(order)
    parts = [_of_member(path, months[order], back, len(have)) for path in FAMILY]
    predictor, spread, residual, constant = (np.array(part) for part in zip(*parts, strict=True))
    return _Ahead(predictor, spread, residual, constant, len(have) - free_terms(have).shape[1])


def _of_member(
    path: Path, months: Ints, back: Ints, n: int
) -> tuple[Floats, Floats, Floats, float]:
    whole = path.covariance(months)[np.ix_(back, back)]
    free = free_terms(months)[back]
    inverse = np.linalg.inv(whole[:n, :n])
    gram = free[:n].T @ inverse @ free[:n]
    fit = np.linalg.solve(gram, free[:n].T @ inverse)
    residual = inverse - inverse @ free[:n] @ fit
    link = whole[n:, :n] @ inverse
    surplus = free[n:] - link @ free[:n]
    spread = whole[n:, n:] - link @ whole[:n, n:] + surplus @ np.linalg.solve(gram, surplus.T)
    logs = float(np.linalg.slogdet(whole[:n, :n])[1] + np.linalg.slogdet(gram)[1])
    predictor: Floats = link + surplus @ fit
    return predictor, np.asarray(spread), np.asarray(residual), path.log_prior - 0.5 * logs


def _total(rates: Floats, ahead: _Ahead, days: Floats, edge: Floats) -> tuple[Floats, Floats]:
    """(S,) the chance that the wanted months add up to `edge` or less, and their expected total.

    rates (S, n) on the square-root scale; days (k,) of the wanted months. A total of squares is
    given the distribution of one square with the same mean and variance.
    """
    left = np.einsum("sn,gnm,sm->gs", rates, ahead.residual, rates)
    left = np.maximum(left, 1e-12 * np.sum(rates**2, axis=1))
    weights = ahead.constant[:, None] - ahead.freedom / 2 * np.log(left)
    weights = np.exp(weights - weights.max(axis=0))
    weights /= weights.sum(axis=0)
    middle = np.einsum("gkn,sn->gsk", ahead.predictor, rates)
    heavy = ahead.freedom / (ahead.freedom - 2)
    unit = left / ahead.freedom * heavy
    scaled = ahead.spread * days[:, None] ** 0.5 * days**0.5
    middle = middle * days**0.5
    mean = np.sum(middle**2, axis=2) + unit * np.trace(scaled, axis1=1, axis2=2)[:, None]
    variance = 2 * unit**2 * np.sum(scaled**2, axis=(1, 2))[:, None]
    variance += 4 * unit * np.einsum("gsk,gkl,gsl->gs", middle, scaled, middle)
    square = mean - np.sqrt(np.maximum(mean**2 - variance / 2, 0))
    centre = np.sqrt(np.maximum(mean - square, 0))
    scale = np.sqrt(square / heavy)
    root = np.sqrt(np.maximum(edge, 0))
    below = special.stdtr(ahead.freedom, (root - centre) / scale)
    below -= special.stdtr(ahead.freedom, (-root - centre) / scale)
    below = np.where(edge < 0, 0.0, below)
    return np.sum(weights * below, axis=0), np.sum(weights * mean, axis=0)
