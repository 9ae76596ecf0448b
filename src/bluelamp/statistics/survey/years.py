"""A survey's figure for twelve months against earlier ones that share nobody with it.

Surveys are published as rolling years, a few months apart; figures that overlap are never compared.
The newest figure is set against the mean of two to five earlier years. What lies between them by
chance is the draw of the people asked, which their number and the design effect tell, and the
year-to-year wobble of opinion itself, which only the earlier years can tell, and two of them
hardly. So the p-value is averaged over a family of wobbles (`FAMILY`): none, years that scatter
about a level, a level that wanders; each weighs prior times restricted likelihood of those years.
`benchmarks/survey_years.py` prints how often an unchanged survey is called changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

YEAR = 12

FEWEST_YEARS = 2

CHANCE = (1e-8, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.3, 1.0)
YEAR_OF_LOOKS = {
    12: (1e-7, 8e-5, 6e-4, 4.5e-3, 1.3e-2, 3.9e-2, 8e-2, 0.2, 0.42, 0.9, 1.0),
    4: (4e-8, 4e-5, 4e-4, 3.2e-3, 9e-3, 2.8e-2, 5.8e-2, 0.14, 0.29, 0.75, 1.0),
    1: CHANCE,
}
"""How often the smallest p-value of a year of looks at an unchanged survey is as small as the entry
of `CHANCE` above it, by the number of looks: the greatest over kinds and sizes of survey, as
simulated by `benchmarks/survey_years.py` with other seeds, rounded up."""


@dataclass(frozen=True)
class Wobble:
    """One way in which the share itself may move while nothing has changed.

    size       standard deviation in proportion, where half of the people say so (elsewhere less, as
               the standard error of a draw is): of a year about its level, or of a level that
               wanders, over twelve months.
    wanders    whether it is the level that moves.
    prior      its weight before the earlier years are looked at.
    """

    size: float
    wanders: bool
    prior: float


FAMILY = (
    Wobble(0.0, False, 0.20),
    Wobble(0.005, False, 0.10),
    Wobble(0.01, False, 0.10),
    Wobble(0.02, False, 0.07),
    Wobble(0.04, False, 0.03),
    Wobble(0.005, True, 0.10),
    Wobble(0.01, True, 0.20),
    Wobble(0.02, True, 0.15),
    Wobble(0.04, True, 0.05),
)


@dataclass(frozen=True)
class YearsCompared:
    """What can be said of S surveys; arrays are (S,), proportions 0-1, NaN where not compared.

    observed, expected   mean of the later years, and of the earlier.
    effect, lower, upper   observed less expected, with the 95% interval that goes with the p-value.
    reach                how far the two may lie apart, 95 times in 100, had nothing changed.
    p_value              of this one look; `year_p_value` of a year of looks.
    years                earlier years compared with.
    """

    observed: Floats
    expected: Floats
    effect: Floats
    lower: Floats
    upper: Floats
    reach: Floats
    p_value: Floats
    year_p_value: Floats
    years: Ints


def compare_years(
    later: ArrayLike,
    earlier: ArrayLike,
    *,
    later_ends: ArrayLike,
    earlier_ends: ArrayLike,
    effective: ArrayLike,
    rounded_to: float = 0.0,
    looks: int = 12,
) -> YearsCompared:
    """The mean of the later years against that of the earlier, survey by survey.

    later (S, M), earlier (S, K)   proportions for twelve months each, NaN where there is none.
    later_ends (M,), earlier_ends (K,)   the number of each figure's last month. Raises ValueError
                  for figures that share a month, and for proportions outside 0 to 1.
    effective     people asked for one figure over the design effect, a number or (S,).
    rounded_to    the step to which figures are published (0.01); its chance adds to theirs.
    looks         how often in a year the question is put anew: 12, 4, or 1 (then the p-value of the
                  year is that of the look).

    Not compared: fewer than two earlier years, or none of the later ones.
    """
    new, old = np.asarray(later, dtype=float), np.asarray(earlier, dtype=float)
    ends = np.concatenate([np.asarray(earlier_ends), np.asarray(later_ends)]).astype(np.int64)
    _check(new, old, ends)
    asked = np.broadcast_to(np.asarray(effective, dtype=float), (len(new),))
    if np.any(~(asked > 0)):
        raise ValueError("the effective number of people asked must be above 0")
    values = np.concatenate([old, new], axis=1)
    known = np.isfinite(values)
    enough = (known[:, : old.shape[1]].sum(axis=1) >= FEWEST_YEARS) & known[:, old.shape[1] :].any(
        axis=1
    )
    found = {name: np.full(len(new), np.nan) for name in ("seen", "due", "reach", "p")}
    for rows, columns in _alike(known, enough):
        part = _Part(values[np.ix_(rows, columns)], ends[columns], columns < old.shape[1])
        found["seen"][rows], found["due"][rows] = part.later_mean, part.earlier_mean
        weights, errors = part.family(asked[rows], rounded_to)
        gap = np.abs(part.later_mean - part.earlier_mean)
        found["p"][rows] = _two_sided(gap, weights, errors)
        found["reach"][rows] = _reach(weights, errors)
    effect = found["seen"] - found["due"]
    return YearsCompared(
        observed=found["seen"],
        expected=found["due"],
        effect=effect,
        lower=effect - found["reach"],
        upper=effect + found["reach"],
        reach=found["reach"],
        p_value=found["p"],
        year_p_value=year_of_looks(found["p"], looks),
        years=known[:, : old.shape[1]].sum(axis=1).astype(np.int64),
    )


def year_of_looks(p_value: Floats, looks: int) -> Floats:
    """The p-value of a year of so many looks at a rolling figure, for that of one of them.

    Raises ValueError for a number of looks that was not simulated (YEAR_OF_LOOKS).
    """
    if looks not in YEAR_OF_LOOKS:
        raise ValueError(f"{looks} looks a year were not simulated; choose from 1, 4 and 12")
    log = np.log(np.maximum(p_value, CHANCE[0]))
    return np.asarray(np.exp(np.interp(log, np.log(CHANCE), np.log(YEAR_OF_LOOKS[looks]))))


def _check(new: Floats, old: Floats, ends: Ints) -> None:
    if new.ndim != 2 or old.ndim != 2 or len(new) != len(old):
        raise ValueError(f"later {new.shape} and earlier {old.shape}; give (S, M) and (S, K)")
    if len(ends) != new.shape[1] + old.shape[1]:
        raise ValueError("give the last month of each figure")
    if len(ends) > 1 and np.diff(np.sort(ends)).min() < YEAR:
        raise ValueError("two of the figures share months, and so people; give years apart")
    both = np.concatenate([new, old], axis=1)
    if np.any((both < 0) | (both > 1)):
        raise ValueError("a figure lies outside 0 to 1; give proportions")


@dataclass(frozen=True)
class _Part:
    """Surveys that know the same figures: values (R, N), ends (N,); before (N,), the earlier."""

    values: Floats
    ends: Ints
    before: NDArray[np.bool_]

    @property
    def later_mean(self) -> Floats:
        return np.asarray(self.values[:, ~self.before].mean(axis=1))

    @property
    def earlier_mean(self) -> Floats:
        return np.asarray(self.values[:, self.before].mean(axis=1))

    def family(self, asked: Floats, rounded_to: float) -> tuple[Floats, Floats]:
        """(G, R) the weight of each wobble, and the standard error of the difference under it."""
        usual = np.clip((self.later_mean + self.earlier_mean) / 2, 0.5 / asked, 1 - 0.5 / asked)
        spread = usual * (1 - usual)
        draw = spread / asked + rounded_to**2 / 12
        sign = np.where(self.before, -1 / self.before.sum(), 1 / (~self.before).sum())
        weights, errors = np.empty((2, len(FAMILY), len(asked)))
        for g, wobble in enumerate(FAMILY):
            shape = _moves(tuple(self.ends.tolist()), wobble.wanders)
            size = wobble.size**2 * 4 * spread
            cov = draw[:, None, None] * np.eye(len(sign)) + size[:, None, None] * shape
            errors[g] = np.sqrt(np.einsum("i,rij,j->r", sign, cov, sign))
            among = cov[:, self.before][:, :, self.before]
            weights[g] = np.log(wobble.prior) + _likelihood(self.values[:, self.before], among)
        weights = np.exp(weights - weights.max(axis=0))
        return weights / weights.sum(axis=0), errors


def _likelihood(values: Floats, cov: Floats) -> Floats:
    """(R,) the restricted log likelihood of (R, K) values about a level that nobody knows."""
    inverse = np.linalg.inv(cov)
    level = inverse.sum(axis=(1, 2))
    mean = np.einsum("rij,rj->r", inverse, values) / level
    left = values - mean[:, None]
    fit = np.einsum("ri,rij,rj->r", left, inverse, left)
    return np.asarray(-0.5 * (np.linalg.slogdet(cov)[1] + np.log(level) + fit))


@lru_cache(maxsize=1_024)
def _moves(ends: tuple[int, ...], wanders: bool) -> Floats:
    """(N, N) covariance of the years' own movement, of size 1: independent years, or the means over
    twelve months of a level that takes a step each month."""
    if not wanders:
        return np.eye(len(ends))
    first = min(ends) - YEAR + 1
    months = np.arange(max(ends) - first + 1)
    over = (
        np.array([(months > end - first - YEAR) & (months <= end - first) for end in ends]) / YEAR
    )
    return np.asarray(over @ np.minimum.outer(months + 1, months + 1) @ over.T / YEAR)


def _two_sided(gap: Floats, weights: Floats, errors: Floats) -> Floats:
    return np.asarray(np.sum(weights * 2 * special.ndtr(-gap / errors), axis=0))


def _reach(weights: Floats, errors: Floats) -> Floats:
    """The gap that the family exceeds 5 times in 100, by halving."""
    low, high = np.zeros(errors.shape[1]), 10 * errors.max(axis=0)
    for _ in range(60):
        middle = (low + high) / 2
        beyond = _two_sided(middle, weights, errors) > 0.05
        low, high = np.where(beyond, middle, low), np.where(beyond, high, middle)
    return high


def _alike(known: NDArray[np.bool_], enough: NDArray[np.bool_]) -> Iterator[tuple[Ints, Ints]]:
    """Rows that know the same columns, and those columns."""
    kept = np.flatnonzero(enough)
    if kept.size:
        patterns, of = np.unique(known[kept], axis=0, return_inverse=True)
        for number, pattern in enumerate(patterns):
            yield kept[of.reshape(-1) == number], np.flatnonzero(pattern)
