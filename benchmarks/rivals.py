"""The rivals: a tuned CUSUM, and Making Data Count's chart with its four rules."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SLACK = 0.5  # of a standard deviation: best against a step of 1 SD


def cusum(figures: Floats, baseline: int) -> Floats:
    """(series, months after the baseline) the greater of the upper and lower cumulative sum.

    Mean and standard deviation are those of the first `baseline` months, as a user would have them.
    """
    known = figures[:, :baseline]
    spread = np.maximum(known.std(axis=1, ddof=1, keepdims=True), 1e-9)
    score = (figures[:, baseline:] - known.mean(axis=1, keepdims=True)) / spread
    above, below = np.zeros(len(score)), np.zeros(len(score))
    highest = np.empty_like(score)
    for month in range(score.shape[1]):
        above = np.maximum(0, above + score[:, month] - SLACK)
        below = np.maximum(0, below - score[:, month] - SLACK)
        highest[:, month] = np.maximum(above, below)
    return highest


def tuned_threshold(
    unchanged: Floats, baseline: int, wanted: float = 0.05, runs_in: int = 0
) -> float:
    """By bisection, the lowest threshold at which a share `wanted` of unchanged series alarm.

    Alarms of the first `runs_in` months are not counted.
    """
    highest = cusum(unchanged, baseline)[:, runs_in:].max(axis=1)
    low, high = 0.0, float(highest.max())
    for _ in range(60):
        middle = (low + high) / 2
        if np.mean(highest > middle) > wanted:
            low = middle
        else:
            high = middle
    return high


def making_data_count(figures: Floats, baseline: int) -> NDArray[np.bool_]:
    """(series, months after the baseline) does any of the four rules flag that month when it comes?

    Limits are the mean of the baseline and 2.66 times its mean moving range, ranges beyond 3.267
    times their mean left out once, as in NHSRplotthedots. Rules: a month outside the limits; six
    rises or falls in a row; two of three beyond two thirds of the way to a limit, all on one side;
    seven in a row on one side of the mean.
    """
    known = figures[:, :baseline]
    middle = known.mean(axis=1, keepdims=True)
    ranges = np.abs(np.diff(known, axis=1))
    usual = ranges.mean(axis=1, keepdims=True)
    kept = ranges < 3.267 * usual
    usual = np.sum(ranges * kept, axis=1, keepdims=True) / np.maximum(kept.sum(axis=1), 1)[:, None]
    reach = 2.66 * usual
    gap = figures - middle
    outside = np.abs(gap) > reach
    side = np.sign(gap)
    close = (np.abs(gap) > reach * 2 / 3) & ~outside
    rise = np.sign(np.diff(figures, axis=1, prepend=figures[:, :1]))
    flagged = outside.copy()
    flagged[:, 6:] |= np.abs(_sums(side, 7)) == 7
    flagged[:, 5:] |= np.abs(_sums(rise, 6)) == 6
    pair = (_sums(close.astype(float), 3) >= 2) & (np.abs(_sums(side, 3)) == 3)
    flagged[:, 2:] |= pair & close[:, 2:]
    return flagged[:, baseline:]


def _sums(values: Floats, length: int) -> Floats:
    total = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    return total[:, length:] - total[:, :-length]
