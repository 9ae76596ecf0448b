"""Between which ranks an area lies, and which pairs of areas cannot be told apart.

A league table ranks estimates; the truth may be in another order. Levels are drawn many times from
what is known of each area, ranked each time, and the middle of the ranks is the interval
(Goldstein & Spiegelhalter 1996, JRSS A 159:385). Rank 1 is the highest level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

DRAWS = 4_000
SEED = 19_960_385  # fixed: the same figures always give the same ranks
ENOUGH = 0.95


@dataclass(frozen=True)
class Ranks:
    """Rank intervals of areas (areas,), 1 for the highest, NaN where unknown; and pairs.

    lower, upper   the ranks between which an area lies with the confidence asked for
    higher         (areas, areas): the chance that the row's area is above the column's; NaN on the
                   diagonal and for areas that are not known
    """

    lower: Floats
    upper: Floats
    higher: Floats

    def tied(self, enough: float = ENOUGH) -> NDArray[np.bool_]:
        """(areas, areas): pairs of which neither is above the other with the chance asked for."""
        with np.errstate(invalid="ignore"):
            told = (self.higher >= enough) | (self.higher <= 1 - enough)
        return ~told & ~np.isnan(self.higher)


def rank_intervals(draws: ArrayLike, confidence: float = 0.95) -> Ranks:
    """Ranks from drawn levels (draws, areas); an area with a NaN among its draws is not known.

    Raises ValueError where `draws` is not two-dimensional or confidence lies outside 0 to 1.
    """
    drawn = np.asarray(draws, dtype=float)
    if drawn.ndim != 2 or not drawn.shape[0]:
        raise ValueError(f"draws has the shape {drawn.shape}; give rows of drawn levels of areas")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a number between 0 and 1, such as 0.95")
    known = ~np.isnan(drawn).any(axis=0)
    areas = drawn.shape[1]
    lower, upper = np.full(areas, np.nan), np.full(areas, np.nan)
    higher = np.full((areas, areas), np.nan)
    if known.any():
        some = drawn[:, known]
        # Equal levels share the mean of their ranks, rounded towards the middle of the list.
        above = np.array([(some > some[:, [i]]).sum(axis=1) for i in range(some.shape[1])])
        level = np.array([(some == some[:, [i]]).sum(axis=1) for i in range(some.shape[1])])
        tail = (1 - confidence) / 2
        lower[known] = np.quantile(above + 1, tail, axis=1, method="inverted_cdf")
        upper[known] = np.quantile(above + level, 1 - tail, axis=1, method="inverted_cdf")
        wins = np.array([(some[:, [i]] > some).mean(axis=0) for i in range(some.shape[1])])
        ties = np.array([(some[:, [i]] == some).mean(axis=0) for i in range(some.shape[1])])
        chance = wins + ties / 2
        np.fill_diagonal(chance, np.nan)
        higher[np.ix_(known, known)] = chance
    return Ranks(lower, upper, higher)


def draws_of_rates(events: ArrayLike, exposure: ArrayLike, count: int = DRAWS) -> Floats:
    """(count, areas) drawn true rates of areas, each from its own events alone.

    Gamma with half an event more than were seen (Jeffreys' law for a Poisson rate). Rates are not
    drawn towards the mean here: that is right for guessing a level and wrong for a rank, because it
    brings areas of different size to different distances from it. NaN for areas that are not known.
    """
    o, e = np.broadcast_arrays(np.asarray(events, dtype=float), np.asarray(exposure, dtype=float))
    known = (o >= 0) & (e > 0)
    chance = np.random.default_rng(SEED)
    drawn = chance.standard_gamma(np.where(known, o, 1.0) + 0.5, (count, *o.shape))
    return np.where(known, drawn / np.where(known, e, 1.0), np.nan)
