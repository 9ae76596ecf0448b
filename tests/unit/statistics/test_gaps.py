"""Gaps between two groups: worked numbers, twins that go the long way, what must always hold."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from bluelamp.statistics.gaps import (
    excess,
    product,
    rate_bounds,
    rate_difference,
    rate_ratio,
    relative_rate_index,
    share_bounds,
    share_difference,
)

few = st.integers(0, 60)
people = st.integers(1, 5_000)


def ends(found) -> tuple[float, float, float]:
    return float(found.value), float(found.lower), float(found.upper)


def test_the_worked_numbers_of_the_register():
    assert ends(relative_rate_index(40, 200, 100, 1000)) == pytest.approx(
        (2.0, 1.4324372131, 2.7924435105), rel=1e-6
    )
    assert ends(rate_ratio(540, 13_000, 900, 60_000)) == pytest.approx(
        (2.7692307692, 2.4890040586, 3.0810070505), rel=1e-6
    )


def test_newcombes_difference_of_two_shares():
    # Newcombe (1998), method 10: 56 of 70 less 48 of 80.
    assert ends(share_difference(56, 70, 48, 80)) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_a_difference_of_rates_and_the_events_it_comes_to():
    gap = rate_difference(540, 13_000, 900, 60_000)
    assert float(gap.value) == pytest.approx(540 / 13_000 - 900 / 60_000)
    assert gap.lower < gap.value < gap.upper
    more = excess(gap, 13_000)
    assert float(more.value) == pytest.approx(540 - 13_000 * 900 / 60_000)
    assert float(more.lower) == pytest.approx(float(gap.lower) * 13_000)


@pytest.mark.parametrize(("a", "b"), [(0, 3), (1, 4), (3, 3), (4, 40), (2, 900)])
def test_few_events_get_the_mid_p_interval_found_the_long_way(a, b):
    """Its ends are the ratios at which the mid-P tail is a fortieth."""

    def tail(log_ratio: float) -> float:
        p = math.exp(log_ratio) / (1 + math.exp(log_ratio))
        return float(stats.binom.cdf(a, a + b, p) - stats.binom.pmf(a, a + b, p) / 2)

    found = rate_ratio(a, 1, b, 1)
    upper = math.exp(optimize.brentq(lambda x: tail(x) - 0.025, -12, 12))
    assert float(found.upper) == pytest.approx(upper, rel=1e-6)
    if a:
        lower = math.exp(optimize.brentq(lambda x: tail(x) - 0.975, -12, 12))
        assert float(found.lower) == pytest.approx(lower, rel=1e-6)
    else:
        assert float(found.lower) == 0


@pytest.mark.parametrize(("a", "of_a", "b", "of_b"), [(3, 20, 8, 30), (1, 9, 2, 40), (9, 10, 6, 9)])
def test_few_people_at_a_stage_get_the_score_interval(a, of_a, b, of_b):
    """At each end the likeliest shares that have that ratio lie 1.96 standard errors away."""

    def distance(ratio: float) -> float:
        def unlikely(q: float) -> float:
            p = ratio * q
            return -float(stats.binom.logpmf(a, of_a, p) + stats.binom.logpmf(b, of_b, q))

        q = optimize.minimize_scalar(
            unlikely, bounds=(1e-9, min(1, 1 / ratio) - 1e-9), method="bounded",
            options={"xatol": 1e-12},
        ).x  # fmt: skip
        p = ratio * q
        error = math.sqrt(p * (1 - p) / of_a + ratio**2 * q * (1 - q) / of_b)
        return (a / of_a - ratio * b / of_b) / error

    found = relative_rate_index(a, of_a, b, of_b)
    assert distance(float(found.lower)) == pytest.approx(1.959964, abs=2e-3)
    assert distance(float(found.upper)) == pytest.approx(-1.959964, abs=2e-3)


@given(few, people, few, people)
def test_the_interval_holds_its_ratio_or_there_is_neither(a, of_a, b, of_b):
    for found in (rate_ratio(a, of_a, b, of_b), relative_rate_index(a, of_a, b, of_b)):
        numbers = ends(found)
        possible = b > 0 and (found.value.shape == () and not math.isnan(numbers[0]))
        if possible:
            assert numbers[1] <= numbers[0] * (1 + 1e-9)
            assert numbers[0] <= numbers[2] * (1 + 1e-9)
        else:
            assert all(map(math.isnan, numbers))


@given(st.integers(5, 900), people, st.integers(5, 900), people)
def test_turning_the_comparison_round_turns_the_interval_round(a, of_a, b, of_b):
    one, other = rate_ratio(a, of_a, b, of_b), rate_ratio(b, of_b, a, of_a)
    assert float(one.lower) == pytest.approx(1 / float(other.upper))


def test_what_cannot_be_compared_is_nan_and_never_infinite():
    found = rate_ratio([5, np.nan, 5, 5], [10, 10, 0, 10], [0, 5, 5, 5], [10, 10, 10, -1])
    assert np.isnan([found.value, found.lower, found.upper]).all()
    assert math.isnan(ends(relative_rate_index(11, 10, 5, 10))[0])


def test_areas_are_worked_out_together_as_one_by_one():
    a, of_a = np.array([0, 3, 40, 7]), np.array([9, 30, 400, 7])
    b, of_b = np.array([4, 8, 90, 2]), np.array([50, 60, 800, 9])
    for ratio in (rate_ratio, relative_rate_index):
        together = ratio(a, of_a, b, of_b)
        for i in range(4):
            alone = ratio(a[i], of_a[i], b[i], of_b[i])
            assert ends(alone) == pytest.approx((
                together.value[i], together.lower[i], together.upper[i],
            ))  # fmt: skip


# --- those of whom nobody wrote the group down ----------------------------------------------------


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 6))
def test_no_sharing_out_of_the_unknown_leaves_the_bounds_of_a_rate(a, b, unknown):
    least, greatest = rate_bounds(a, 100, b, 300, unknown)
    ratios = [
        ((a + mine) / 100) / ((b + theirs) / 300)
        for mine in range(unknown + 1)
        for theirs in range(unknown - mine + 1)
    ]
    assert min(ratios) == pytest.approx(float(least))
    assert max(ratios) == pytest.approx(float(greatest))


@given(
    st.integers(1, 9), st.integers(0, 9), st.integers(1, 9), st.integers(0, 3), st.integers(0, 3)
)
def test_no_sharing_out_of_the_unknown_leaves_the_bounds_of_a_stage(a, more, b, came, stayed):
    """Tried out in every way: to the group, to the other, to neither."""
    of_a, of_b = a + more, b + 5
    least, greatest = share_bounds(a, of_a, b, of_b, came, came + stayed)
    ratios = []
    for mine, theirs in itertools.product(range(came + 1), repeat=2):
        for my_rest, their_rest in itertools.product(range(stayed + 1), repeat=2):
            if mine + theirs <= came and my_rest + their_rest <= stayed:
                ours = (a + mine) / (of_a + mine + my_rest)
                ratios.append(ours / ((b + theirs) / (of_b + theirs + their_rest)))
    assert min(ratios) == pytest.approx(float(least))
    assert max(ratios) == pytest.approx(float(greatest))


# --- across stages --------------------------------------------------------------------------------


def test_the_product_of_the_stages_is_the_ratio_of_the_whole_way():
    searched = rate_ratio(900, 13_000, 700, 60_000)
    found = relative_rate_index(300, 900, 200, 700)
    arrested = relative_rate_index(120, 300, 60, 200)
    assert ends(product([searched, found, arrested])) == pytest.approx(
        ends(rate_ratio(120, 13_000, 60, 60_000))
    )


def test_three_small_gaps_make_a_large_one():
    stage = relative_rate_index(300, 1000, 250, 1000)
    whole = product([stage, stage, stage])
    assert float(stage.value) == pytest.approx(1.2)
    assert float(whole.value) == pytest.approx(1.728)
    assert whole.lower > 1


def test_a_stage_without_a_ratio_leaves_none_for_the_whole_way():
    nobody = relative_rate_index(0, 50, 5, 50)
    assert math.isnan(ends(product([rate_ratio(50, 100, 50, 100), nobody]))[0])
