"""Estimates from a sample against obvious slow twins, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.statistics.survey import estimates
from bluelamp.statistics.survey.change import (
    difference,
    difference_in_one_sample,
    overlap_variance,
)
from bluelamp.statistics.survey.design import Design, design, kish_effect

RNG = np.random.default_rng(7)


def slow_variance(sample: Design, linear: np.ndarray) -> float:
    """Stratum by stratum, cluster by cluster, as a textbook has it."""
    found = 0.0
    for stratum in set(sample.strata.tolist()):
        inside = sample.strata == stratum
        totals = [
            sum(linear[i] for i in np.flatnonzero(sample.clusters == cluster))
            for cluster in set(sample.clusters[inside].tolist())
        ]
        n, size = len(totals), sample.population[inside][0]
        middle = sum(totals) / n
        found += (1 - n / size) * n / (n - 1) * sum((each - middle) ** 2 for each in totals)
    return found


@given(seed=st.integers(0, 10_000), known=st.booleans())
@settings(max_examples=30, deadline=None)
def test_the_variance_of_a_total_is_the_slow_twins(seed: int, known: bool) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(12, 40))
    strata = np.arange(n) % 2
    clusters = np.arange(n) // 2 % 4
    sample = design(
        rng.uniform(0.5, 3, n), strata=strata, clusters=clusters, population=20 if known else None
    )
    values = rng.normal(size=n)
    found = estimates.total(sample, values)
    assert found.error**2 == pytest.approx(slow_variance(sample, sample.weights * values))


def test_a_mean_is_the_jackknifes_to_a_few_in_a_hundred() -> None:
    n = 200
    sample = design(RNG.uniform(0.5, 2, n), clusters=np.arange(n) // 4)
    values = RNG.normal(50, 10, n) + np.repeat(RNG.normal(0, 5, n // 4), 4)
    found = estimates.mean(sample, values)
    without = []
    for cluster in range(n // 4):
        kept = sample.clusters != cluster
        without.append(np.average(values[kept], weights=sample.weights[kept]))
    groups = n // 4
    jackknife = np.sqrt((groups - 1) / groups * np.sum((without - np.mean(without)) ** 2))
    assert found.error == pytest.approx(jackknife, rel=0.05)


def test_a_domain_has_everybody_elses_weight_at_nought() -> None:
    weights, values = RNG.uniform(1, 2, 60), RNG.normal(size=60)
    sample, women = design(weights, clusters=np.arange(60) // 3), np.arange(60) % 2 == 0
    inside = estimates.mean(sample, values, women)
    assert inside.value == pytest.approx(np.average(values[women], weights=weights[women]))
    assert inside.people == 30
    assert inside.freedom == 19
    unanswered = np.where(women, values, np.nan)
    assert estimates.mean(sample, unanswered).error == inside.error


def test_a_proportion_is_a_mean_of_noughts_and_ones_and_knows_its_effect() -> None:
    said = RNG.random(500) < 0.3
    alone = estimates.proportion(design(np.ones(500)), said)
    assert alone.said == said.sum()
    assert alone.effective == pytest.approx(499)
    assert alone.design_effect == pytest.approx(500 / 499)
    weights = np.where(np.arange(500) % 2, 1.0, 3.0)
    assert kish_effect(weights) == pytest.approx(1.25)
    assert estimates.proportion(design(weights), said).kish == pytest.approx(1.25)


def test_a_ratio_is_of_two_sums() -> None:
    above, below, weights = RNG.poisson(3, 80), RNG.poisson(9, 80) + 1, RNG.uniform(1, 2, 80)
    found = estimates.ratio(design(weights), above, below)
    assert found.value == pytest.approx((weights @ above) / (weights @ below))
    as_mean = estimates.mean(design(weights), above)
    ones = estimates.ratio(design(weights), above, np.ones(80))
    assert (ones.value, ones.error) == (
        pytest.approx(as_mean.value),
        pytest.approx(as_mean.error),
    )


REFUSED = [
    (lambda: design([]), "give one for each person"),
    (lambda: design([1, -1]), "below 0"),
    (lambda: design([0, 0]), "all are 0"),
    (lambda: design([1, 1], strata=[1]), "strata have shape"),
    (lambda: design([1, 1], population=1), "1 clusters, but 2 are here"),
    (lambda: design([1, 1, 1], population=[5, 6, 6]), "several sizes"),
    (lambda: estimates.mean(design([1, 1]), [1.0]), "give one for each"),
    (lambda: estimates.mean(design([1, 1]), [np.nan, np.nan]), "nobody of the domain"),
    (lambda: estimates.proportion(design([1, 1]), [1, 2]), "answers 1 and 0"),
    (lambda: estimates.ratio(design([1, 1]), [1, 2], [0, 0]), "adds up to 0"),
    (lambda: estimates.mean(design([1, 1, 1], strata=[1, 1, 2]), [1, 2, 3]), "a single cluster"),
    (lambda: kish_effect([0.0]), "nobody has a weight"),
    (lambda: overlap_variance(1, 1, 1.5), "parts of 1"),
]


@pytest.mark.parametrize(("made", "words"), REFUSED)
def test_what_is_refused(made: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        made()  # type: ignore[operator]  # each is a function without arguments


# --- differences -------------------------------------------------------------------------------


def test_two_years_that_share_nobody_have_the_sum_of_their_variances() -> None:
    one = estimates.proportion(design(np.ones(400)), RNG.random(400) < 0.6)
    two = estimates.proportion(design(np.ones(300)), RNG.random(300) < 0.5)
    found = difference(two, one)
    assert found.value == pytest.approx(two.value - one.value)
    assert found.error == pytest.approx(np.hypot(one.error, two.error))
    assert 300 < found.freedom < 700
    assert (found.lower > 0 or found.upper < 0) == (found.p_value < 0.05)


def test_two_groups_of_one_sample_take_the_covariance_of_their_clusters() -> None:
    clusters = np.arange(400) // 10
    common = np.repeat(RNG.normal(0, 1, 40), 10)
    values, women = common + RNG.normal(0, 0.1, 400), np.arange(400) % 2 == 0
    sample = design(np.ones(400), clusters=clusters)
    one, two = (estimates.mean(sample, values, who) for who in (women, ~women))
    both = difference_in_one_sample(sample, one, two)
    assert both.error < 0.3 * difference(one, two).error


def test_rolling_years_a_quarter_apart_differ_less_than_samples_of_their_own() -> None:
    """The overlap covariance is what the same quarters counted twice take away."""
    n, years = 400, 4_000
    quarters = RNG.binomial(n // 4, 0.6, size=(years, 5)) / (n // 4)
    apart = quarters[:, 1:].mean(axis=1) - quarters[:, :4].mean(axis=1)
    each = 0.24 / n
    assert overlap_variance(each, each, 0.75) == pytest.approx(apart.var(), rel=0.1)
    assert overlap_variance(each, each, 0.0) == pytest.approx(2 * each)
