"""One ratio from many tables: Mantel-Haenszel over strata, and whether it tells another story.

A gap in the whole may come from where people are counted: each of many boroughs may search two
groups alike, and London as a whole not. The last axis of every array is the strata; a stratum with
a missing number, or with nobody in either group, counts for nothing. Sources: Mantel & Haenszel
(1959); variance of the odds ratio, Robins, Breslow & Greenland (1986); of rate and risk ratios,
Greenland & Robins (1985). R's `mantelhaen.test` gives the same odds ratio and interval.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluelamp.statistics.gaps import Estimate, Floats, normal_quantile

Kind = Literal["rate", "risk", "odds"]
KINDS: tuple[Kind, ...] = ("rate", "risk", "odds")


def mantel_haenszel(
    a: ArrayLike,
    people_a: ArrayLike,
    b: ArrayLike,
    people_b: ArrayLike,
    kind: Kind,
    confidence: float = 0.95,
) -> Estimate:
    """The ratio of two groups that all strata share, of shape `a` less its last axis.

    `kind`: `rate` (events among residents), `risk` (a of people_a) or `odds`. NaN where no stratum
    has events of both groups to weigh. Raises ValueError for another kind.
    """
    if kind not in KINDS:
        raise ValueError(f"'{kind}' is not one of {', '.join(KINDS)}")
    arrays = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (a, people_a, b, people_b)))
    of = np.stack(arrays)
    counts = np.all(np.isfinite(of) & (of >= 0), axis=0) & (of[1] > 0) & (of[3] > 0)
    a_, n_a, b_, n_b = (
        np.where(counts, each, nothing)
        for each, nothing in zip(of, (0.0, 1.0, 0.0, 1.0), strict=True)
    )
    both = n_a + n_b
    if kind == "odds":
        ratio, error = _odds(a_, n_a - a_, b_, n_b - b_, both)
    else:
        over, under = (a_ * n_b / both).sum(-1), (b_ * n_a / both).sum(-1)
        spread = (a_ + b_) * n_a * n_b - (a_ * b_ * both if kind == "risk" else 0.0)
        ratio, error = _of_sums(over, under, (spread / both**2).sum(-1))
    reach = np.exp(normal_quantile(confidence) * error)
    return Estimate(ratio, ratio / reach, ratio * reach)


def _of_sums(over: Floats, under: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """The ratio of two sums and the standard error of its log; NaN where either is nought."""
    some = (over > 0) & (under > 0)
    over, under = np.where(some, over, np.nan), np.where(some, under, np.nan)
    return over / under, np.sqrt(spread / (over * under))


def _odds(a: Floats, c: Floats, b: Floats, d: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Events and non-events of the two groups (a, c; b, d), n in all."""
    r, s = a * d / n, b * c / n
    p, q = (a + d) / n, (b + c) / n
    over, under = r.sum(-1), s.sum(-1)
    some = (over > 0) & (under > 0)
    over, under = np.where(some, over, np.nan), np.where(some, under, np.nan)
    variance = (
        (p * r).sum(-1) / (2 * over**2)
        + (p * s + q * r).sum(-1) / (2 * over * under)
        + (q * s).sum(-1) / (2 * under**2)
    )
    return over / under, np.sqrt(variance)


def simpson(crude: Estimate, adjusted: Estimate) -> NDArray[np.object_]:
    """What taking the strata apart does to a gap, as one word for each pair of estimates.

    same       both lie clear of 1 on one side, or neither does
    reversed   they lie clear of 1 on opposite sides: Simpson's paradox
    gone       the whole lies clear of 1, like with like does not
    appears    like with like lies clear of 1, the whole does not
    ''         one of them is missing
    """
    whole, parts = _side(crude), _side(adjusted)
    words = np.full(whole.shape, "same", dtype=object)
    words[(whole != 0) & (parts == 0)] = "gone"
    words[(whole == 0) & (parts != 0)] = "appears"
    words[whole * parts < 0] = "reversed"
    words[np.isnan(whole) | np.isnan(parts)] = ""
    return words


def _side(estimate: Estimate) -> Floats:
    """1 or -1 where the interval lies above or below 1, else 0; NaN where there is none."""
    lower, upper = np.atleast_1d(estimate.lower), np.atleast_1d(estimate.upper)
    side = (lower > 1).astype(float) - (upper < 1)
    return np.where(np.isfinite(lower) & np.isfinite(upper), side, np.nan)
