"""Anhoej's runs rules: a change shown by order alone, with no limits.

Too long a run on one side of the median, or too few crossings of it, is unlikely by chance.
Sources: Anhoej & Olesen (2014), "Run charts revisited", PLoS ONE 9(11); the longest run after
Schilling (2012), the crossings after Chen (2010). Of 100 unchanged series of two years about 3
break a rule; where each month keeps 0.4 of the one before, 24 do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from .limits import baseline_months, compare, median_of, series

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Runs:
    """For each series (...): what was counted, and what chance would allow.

    `useful` values are known and not on the centre line. `longest` run on one side, at most
    `longest_allowed`; `crossings` of the line, at least `crossings_needed`. `signal` says that one
    of the two is broken. A series with nothing useful has no signal.
    """

    useful: Whole
    longest: Whole
    longest_allowed: Whole
    crossings: Whole
    crossings_needed: Whole
    signal: NDArray[np.bool_]


def anhoej(values: ArrayLike, centre: ArrayLike | None = None) -> Runs:
    """Runs of `values` (..., months) about `centre` (broadcast to them), or about their median.

    Months not known and values on the line are passed over, as the rules have it: they neither
    lengthen a run nor break it.
    """
    value = series(values)
    if centre is None:
        centre = median_of(value, baseline_months(value.shape, None))
    middle = np.asarray(centre, dtype=float)
    useful, longest, crossings = _count(compare(value, middle))
    # Where nothing is useful the formulas have no value, and nothing is compared with theirs.
    some = np.maximum(useful, 1)
    allowed = np.round(np.log2(some)).astype(np.int64) + 3
    needed = stats.binom.ppf(0.05, some - 1, 0.5).astype(np.int64)
    needed = np.maximum(needed, 0)  # scipy's quantile of no throws at all is -1
    signal = (useful > 0) & ((longest > allowed) | (crossings < needed))
    return Runs(useful, longest, allowed, crossings, needed, signal)


def _count(side: NDArray[np.int8]) -> tuple[Whole, Whole, Whole]:
    """Useful values, longest run and crossings of the sides (..., months)."""
    shape = side.shape[:-1]
    useful, longest, crossings, run = (np.zeros(shape, dtype=np.int64) for _ in range(4))
    before = np.zeros(shape, dtype=np.int8)
    for month in range(side.shape[-1]):
        now = side[..., month]
        counts = now != 0
        same = counts & (now == before)
        crossings += counts & (now == -before)
        run = np.where(same, run + 1, np.where(counts, 1, run))
        useful += counts
        longest = np.maximum(longest, np.where(counts, run, 0))
        before = np.where(counts, now, before)
    return useful, longest, crossings
