"""The family of noise models a series is judged under, with what we believe of each beforehand.

Twenty-four or sixty months cannot tell how a series is autocorrelated, or how spiky its season is.
So we do not estimate one noise model and trust it: every judgement is averaged over a small
family, each member weighed by how well it explains the series (its restricted likelihood) and by
the prior below. The level and the first two yearly harmonics are fitted freely and belong to no
member.

A member's covariance between months i and j, in units of the noise variance, is

    correlation^|i-j|  +  irregularity^2 * R(i) . R(j)  +  drift^2 * LINGERING^|i-j|

where R are the third to sixth yearly harmonics; the member for rolling figures has a triangle in
place of the first term. For a series by itself autocorrelation is either none or 0.3 and more: a
weak one in between is covered by averaging the two, and giving it weight of its own only blurs the
choice that two years of months can barely make. Many series of one kind can make it, and learn its
weight together (`pooling`). The weights were tuned on seeds of their own, not those of the
benchmarks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

FREE_HARMONICS = (1, 2)
LEFT_HARMONICS = (3, 4, 5, 6)

# How much of a slow drift is left a month later: half of it is gone after about 14 months.
LINGERING = 0.95

# A rolling twelve-month figure shares eleven of its twelve months with the one before. A series
# that is explained best so holds too little separate evidence to judge, and is not.
ROLLING_MONTHS = 12
ROLLING = 11 / 12


@dataclass(frozen=True)
class NoiseModel:
    """One way the months of a series may hang together; `log_prior` is its logarithmic weight."""

    correlation: float
    irregularity: float
    drift: float
    log_prior: float

    def covariance(self, months: NDArray[np.int64]) -> NDArray[np.float64]:
        """(n, n) covariance of months counted from any January, in units of the noise variance."""
        apart = np.abs(months[:, None] - months[None, :])
        season = harmonics(months, LEFT_HARMONICS)
        if self.correlation == ROLLING:
            # The last term stands for rounding, and keeps the matrix well away from singular.
            linked = np.maximum(1 - apart / ROLLING_MONTHS, 0) + 1e-3 * np.eye(len(months))
        else:
            linked = self.correlation**apart
        return linked + self.irregularity**2 * season @ season.T + self.drift**2 * LINGERING**apart


def harmonics(months: NDArray[np.int64], orders: tuple[int, ...]) -> NDArray[np.float64]:
    """(n, 2 or fewer per order) yearly waves; the sixth has no sine, which is 0 in every month."""
    columns = []
    for order in orders:
        angle = 2 * np.pi * order * months / 12
        columns.append(np.cos(angle))
        if order < 6:
            columns.append(np.sin(angle))
    return np.column_stack(columns)


def free_terms(months: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n, 5): the level and the two yearly harmonics that every member leaves free."""
    return np.column_stack([np.ones(len(months)), harmonics(months, FREE_HARMONICS)])


def family(
    correlations: dict[float, float],
    irregularities: dict[float, float],
    drifts: dict[float, float],
) -> tuple[NoiseModel, ...]:
    """Every combination, with weights multiplied; one of weight 0 is there to be learnt."""
    return tuple(
        NoiseModel(c, s, d, float(np.log(cw * sw * dw)) if cw else -np.inf)
        for (c, cw), (s, sw), (d, dw) in product(
            correlations.items(), irregularities.items(), drifts.items()
        )
    )


# With two years the months can barely say how they are linked, and moderate links are allowed for;
# with five they can say more, and strong links get their chance.
CORRELATIONS_OF_TWO_YEARS = {
    0.0: 0.45,
    0.1: 0.0,
    0.2: 0.0,
    0.3: 0.25,
    0.4: 0.20,
    0.5: 0.06,
    0.6: 0.025,
    0.7: 0.015,
    ROLLING: 0.04,
}
CORRELATIONS_OF_FIVE_YEARS = {
    0.0: 0.50,
    0.1: 0.0,
    0.2: 0.0,
    0.3: 0.15,
    0.4: 0.17,
    0.5: 0.10,
    0.6: 0.05,
    0.7: 0.03,
    ROLLING: 0.04,
}
IRREGULARITIES = {0.0: 0.60, 0.4: 0.25, 1.2: 0.15}

# A series that starts with 24 months has 35 at the end of its year. So what was tuned for two years
# holds until nearly then, what was tuned for five from 60 on, and in between one passes into the
# other.
TWO_YEARS_UNTIL, FIVE_YEARS_FROM = 33, 60


def nearness_to_five_years(baseline_months: NDArray[np.int64] | int) -> NDArray[np.float64]:
    """0 for a baseline of about two years, 1 from five years on, in between by the month."""
    gone = np.asarray(baseline_months) - TWO_YEARS_UNTIL
    return np.clip(gone / (FIVE_YEARS_FROM - TWO_YEARS_UNTIL), 0, 1)


@lru_cache(maxsize=128)
def watch_family(baseline_months: int) -> tuple[NoiseModel, ...]:
    """The family for watch, given how many months of the baseline are known.

    Watch asks about twelve months beside as many as sixty: a drift is a change it should report.
    """
    share = float(nearness_to_five_years(baseline_months))
    correlations = {
        link: (1 - share) * weight + share * CORRELATIONS_OF_FIVE_YEARS[link]
        for link, weight in CORRELATIONS_OF_TWO_YEARS.items()
    }
    return family(correlations, IRREGULARITIES, {0.0: 1.0})


# An edition lasts years, over which a slow drift could look like its work.
_EDITION = family(
    CORRELATIONS_OF_FIVE_YEARS, {0.0: 0.7, 0.8: 0.3}, {0.0: 0.55, 0.35: 0.30, 0.8: 0.15}
)


def edition_family(baseline_months: int) -> tuple[NoiseModel, ...]:
    """The family for edition, the same whatever the baseline."""
    return _EDITION
