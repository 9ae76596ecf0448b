"""Estimates from the answers of a sample, with their standard errors.

A domain (the women of one borough) is estimated from the whole sample with everyone else at weight
0: how many of the domain came into the sample is itself a matter of chance, and a variance from the
domain's rows alone forgets that, and forgets clusters in which nobody of the domain was met.
Sources: Cochran (1977), *Sampling Techniques*, chapters 5 and 11; Lumley (2010), *Complex Surveys*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from bluelamp.statistics.survey.design import Design, kish_effect

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """One number of a sample.

    value, error   the estimate and its standard error, in the unit of what was asked.
    people         how many answered (of the domain, unweighted); `said` of them have the property,
                   for a proportion, else NaN.
    freedom        degrees of freedom of the design: clusters less strata.
    kish           what unequal weights alone multiply the variance by.
    linearised     (n,) the weighted numbers whose total has the variance: two estimates from one
                   sample have the covariance `Design.variance` gives of theirs together.
    """

    value: float
    error: float
    people: int
    said: float
    freedom: int
    kish: float
    linearised: Floats

    @property
    def effective(self) -> float:
        """Of a proportion: how many people drawn at random would tell as much; NaN of none."""
        if self.error == 0 or np.isnan(self.said):
            return float("nan")
        return self.value * (1 - self.value) / self.error**2

    @property
    def design_effect(self) -> float:
        """Of a proportion: the variance over that of as many people drawn at random."""
        return self.people / self.effective

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Student's interval; of proportions rather `intervals.proportion_interval`."""
        reach = float(special.stdtrit(self.freedom, (1 + confidence) / 2)) * self.error
        return self.value - reach, self.value + reach


def total(sample: Design, values: ArrayLike, domain: ArrayLike | None = None) -> Estimate:
    """The sum of `values` (n,) over everybody, or over a `domain` (n,) of True and False.

    NaN is no answer, and counts as outside the domain. Raises ValueError where nobody is left.
    """
    answers, weights = _inside(sample, values, domain)
    linear = weights * answers
    return _estimate(sample, float(linear.sum()), linear, weights, float("nan"))


def mean(sample: Design, values: ArrayLike, domain: ArrayLike | None = None) -> Estimate:
    """The mean of `values` (n,), as `total` takes them."""
    answers, weights = _inside(sample, values, domain)
    value = float((weights * answers).sum() / weights.sum())
    linear = weights * (answers - value) / weights.sum()
    return _estimate(sample, value, linear, weights, float("nan"))


def proportion(sample: Design, holds: ArrayLike, domain: ArrayLike | None = None) -> Estimate:
    """The share of people of whom something `holds` (n,): 1 or True, 0 or False, NaN no answer.

    Raises ValueError for other values.
    """
    answers, weights = _inside(sample, holds, domain)
    if not np.isin(answers, (0.0, 1.0)).all():
        raise ValueError("a proportion is of answers 1 and 0; mark the others as NaN")
    value = float((weights * answers).sum() / weights.sum())
    linear = weights * (answers - value) / weights.sum()
    said = float(((weights > 0) & (answers == 1)).sum())
    return _estimate(sample, value, linear, weights, said)


def ratio(
    sample: Design, above: ArrayLike, below: ArrayLike, domain: ArrayLike | None = None
) -> Estimate:
    """The sum of `above` (n,) over the sum of `below` (n,); people without either do not count.

    Raises ValueError where the sum below is 0.
    """
    inside = np.isfinite(np.asarray(above, float)) & np.isfinite(np.asarray(below, float))
    both = inside if domain is None else inside & np.asarray(domain, dtype=bool)
    top, weights = _inside(sample, above, both)
    bottom, _ = _inside(sample, below, both)
    under = float((weights * bottom).sum())
    if under == 0:
        raise ValueError("what stands below the line adds up to 0")
    value = float((weights * top).sum() / under)
    linear = weights * (top - value * bottom) / under
    return _estimate(sample, value, linear, weights, float("nan"))


def _inside(sample: Design, values: ArrayLike, domain: ArrayLike | None) -> tuple[Floats, Floats]:
    """(n,) answers, 0 where there is none, and weights, 0 outside the domain."""
    answers = np.asarray(values, dtype=float)
    if answers.shape != (sample.people,):
        raise ValueError(f"{answers.shape} answers for {sample.people} people; give one for each")
    counted = np.isfinite(answers)
    if domain is not None:
        counted &= np.asarray(domain, dtype=bool)
    weights = np.where(counted, sample.weights, 0.0)
    if not np.any(weights > 0):
        raise ValueError("nobody of the domain has answered")
    return np.where(counted, answers, 0.0), weights


def _estimate(
    sample: Design, value: float, linear: Floats, weights: Floats, said: float
) -> Estimate:
    error = float(np.sqrt(max(sample.variance(linear)[0, 0], 0.0)))
    people = int((weights > 0).sum())
    return Estimate(value, error, people, said, sample.freedom, kish_effect(weights), linear)
