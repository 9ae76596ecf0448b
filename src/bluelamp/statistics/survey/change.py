"""The difference of two estimates. Whether two intervals overlap is never asked: it is not a test.

Figures of rolling years that follow one another share people, so their difference varies less than
that of two separate samples, and shows a quarter's news only. A change is told between years that
share nobody, or with the covariance of what they share (Kish 1965, chapter 12).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from bluelamp.statistics.survey.design import Design
from bluelamp.statistics.survey.estimates import Estimate


@dataclass(frozen=True)
class Difference:
    """Later less earlier: value, standard error, degrees of freedom, 95% interval, p-value."""

    value: float
    error: float
    freedom: float
    lower: float
    upper: float
    p_value: float


def difference(later: Estimate, earlier: Estimate, confidence: float = 0.95) -> Difference:
    """Of two samples that share nobody. Degrees of freedom are Satterthwaite's (1946)."""
    variance = later.error**2 + earlier.error**2
    parts = later.error**4 / later.freedom + earlier.error**4 / earlier.freedom
    freedom = variance**2 / parts if parts > 0 else float(later.freedom + earlier.freedom)
    return _difference(later.value - earlier.value, variance, freedom, confidence)


def difference_in_one_sample(
    sample: Design, first: Estimate, second: Estimate, confidence: float = 0.95
) -> Difference:
    """First less second, of two estimates from the rows of one sample: two groups, two questions,
    or two rolling years of which the sample holds all people once. V1 + V2 - 2 cov.
    """
    both = sample.variance(np.stack([first.linearised, second.linearised], axis=1))
    variance = float(both[0, 0] + both[1, 1] - 2 * both[0, 1])
    return _difference(first.value - second.value, variance, sample.freedom, confidence)


def overlap_variance(
    later_variance: float, earlier_variance: float, shared: float, repeat: float = 1.0
) -> float:
    """Variance of the difference of two rolling figures that share a part of their people.

    shared   the part of each figure's people that is in the other too (0 to 1): of rolling years a
             quarter apart, three quarters.
    repeat   how alike the shared people count in both: 1 where they are the same answers, else the
             correlation of a person's two answers, as in a panel.

    Raises ValueError for parts that are not between 0 and 1.
    """
    if not (0 <= shared <= 1 and -1 <= repeat <= 1):
        raise ValueError(f"shared is {shared} and repeat {repeat}; give parts of 1")
    both = shared * repeat * np.sqrt(later_variance * earlier_variance)
    return float(later_variance + earlier_variance - 2 * both)


def _difference(value: float, variance: float, freedom: float, confidence: float) -> Difference:
    error = float(np.sqrt(max(variance, 0.0)))
    reach = float(special.stdtrit(freedom, (1 + confidence) / 2)) * error
    if error == 0:
        p = 1.0 if value == 0 else 0.0
    else:
        p = float(2 * special.stdtr(freedom, -abs(value) / error))
    return Difference(value, error, freedom, value - reach, value + reach, p)
