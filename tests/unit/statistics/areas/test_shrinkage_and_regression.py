"""Shrunken rates and what the worst will do next year: planted truths and the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bluelamp.statistics.areas.regression_to_mean import change_beyond, expected_change, highest
from bluelamp.statistics.areas.shrinkage import shrunken


def years(events: float, spread: float, sets: int = 300, areas: int = 32) -> tuple:  # type: ignore[type-arg] # three arrays
    chance = np.random.default_rng(5)
    true = chance.gamma(1 / spread**2, events * spread**2, (sets, areas))
    return true, chance.poisson(true).astype(float), chance.poisson(true).astype(float)


def test_a_slow_twin_of_marshall() -> None:
    events, people = np.array([3.0, 40, 12, 0]), np.array([1000.0, 5000, 2000, 400])
    mean = 55 / 8400
    variance = sum(p * (e / p - mean) ** 2 for e, p in zip(events, people, strict=True)) / 8400
    between = max(variance - mean / (8400 / 4), 0)
    for index, (e, p) in enumerate(zip(events, people, strict=True)):
        own = between / (between + mean / p)
        assert shrunken(events, people).rate[index] == pytest.approx(mean + own * (e / p - mean))


def test_areas_that_chance_explains_are_all_drawn_to_the_mean() -> None:
    found = shrunken([10, 11, 9, 10], [100, 100, 100, 100])
    assert found.rate == pytest.approx([0.1] * 4)
    assert found.own.tolist() == [0, 0, 0, 0]
    lower, upper = found.interval()
    assert (lower < 0.1).all()
    assert (upper > 0.1).all()


@pytest.mark.parametrize(("events", "least"), [(300, 0.94), (30, 0.94), (5, 0.91)])
def test_how_often_the_interval_holds_the_true_rate(events: float, least: float) -> None:
    """Also where chance is most of what is seen, and Marshall's variance is often none."""
    true, seen, _ = years(events, 0.3)
    lower, upper = shrunken(seen, np.ones(32)).interval()
    assert least < ((lower <= true) & (true <= upper)).mean() < 0.97


@pytest.mark.parametrize(("events", "smaller"), [(300, 1.0), (30, 0.92), (5, 0.75)])
def test_a_shrunken_rate_guesses_next_year_better(events: float, smaller: float) -> None:
    _, seen, following = years(events, 0.3)
    guess = shrunken(seen, np.ones(32)).rate
    assert ((guess - following) ** 2).mean() < smaller * ((seen - following) ** 2).mean()


@pytest.mark.parametrize("events", [30, 5])
def test_the_worst_improve_as_foretold_although_nothing_changes(events: float) -> None:
    _, seen, following = years(events, 0.35, sets=60, areas=630)
    chosen = highest(seen, np.ones(630))
    came = following[chosen].sum() / seen[chosen].sum() - 1
    assert came < -0.05
    assert expected_change(seen, np.ones(630), chosen).mean() == pytest.approx(came, abs=0.02)
    beyond = change_beyond(seen, following, np.ones(630), chosen)
    assert abs(beyond.mean()) < 0.03


def test_a_planted_improvement_of_the_worst_is_left_when_the_allowance_is_taken_off() -> None:
    true, seen, _ = years(30, 0.35, sets=60, areas=630)
    chosen = highest(seen, np.ones(630))
    after = np.random.default_rng(9).poisson(np.where(chosen, 0.8 * true, true)).astype(float)
    assert change_beyond(seen, after, np.ones(630), chosen).mean() == pytest.approx(-0.2, abs=0.03)


def test_areas_that_were_not_picked_have_no_allowance() -> None:
    """All areas together are the mean: nothing is foretold of them."""
    _, seen, _ = years(5, 0.35)
    assert expected_change(seen, np.ones(32), np.ones(32, bool)) == pytest.approx(0, abs=1e-9)


def test_the_highest() -> None:
    assert highest([1, 9, 5, np.nan], [1, 1, 1, 1], 0.3).tolist() == [False, True, False, False]
    assert highest([0, 9], [0, 1], 1.0).tolist() == [False, True]
    with pytest.raises(ValueError, match="share is 10"):
        highest([1, 2], [1, 1], 10)


def test_no_events_no_share() -> None:
    assert np.isnan(expected_change([0, 0], [1, 1], [True, True]))


counts = hnp.arrays(float, (6,), elements=st.integers(0, 10**6).map(float) | st.just(np.nan))
sizes = hnp.arrays(float, (6,), elements=st.floats(1e-3, 1e7) | st.just(0.0))


@given(counts, sizes)
def test_a_shrunken_rate_lies_between_its_own_and_the_mean(
    events: np.ndarray, size: np.ndarray
) -> None:
    found = shrunken(events, size)
    for rate, own, e, n in zip(found.rate, found.own, events, size, strict=True):
        if np.isnan(rate):
            assert np.isnan(e) or n == 0
            continue
        assert 0 <= own <= 1
        low, high = sorted([e / n, float(found.mean[0])])
        assert low - 1e-9 * abs(low) - 1e-12 <= rate <= high + 1e-9 * abs(high) + 1e-12
