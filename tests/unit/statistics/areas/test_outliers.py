"""What lies outside the usual differences: planted truths, a slow twin, and the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import integrate, stats

from bluelamp.statistics.areas.outliers import (
    FEWEST,
    Usual,
    event_range,
    outside,
    tail_chances,
    usual,
)


def made(sd: float, sets: int = 150, areas: int = 32, events: float = 300, seed: int = 11) -> tuple:  # type: ignore[type-arg] # two arrays
    chance = np.random.default_rng([seed, int(100 * sd)])
    expected = events * np.exp(chance.normal(0, 0.3, (sets, areas)))
    level = sd * chance.normal(size=expected.shape)
    return chance.poisson(expected * np.exp(level)).astype(float), expected


@pytest.mark.parametrize("sd", [0.0, 0.1, 0.2, 0.3])
def test_the_planted_differences_are_found(sd: float) -> None:
    found = usual(*made(sd))
    assert np.sqrt(found.between.mean()) == pytest.approx(sd, abs=0.03)
    assert found.centre.mean() == pytest.approx(0, abs=0.02)
    assert (found.freedom == 28).all()


@pytest.mark.parametrize("sd", [0.0, 0.2])
def test_areas_that_do_not_differ_are_seldom_flagged(sd: float) -> None:
    """The benchmark measures the rate; this is the guard that is quick."""
    assert (outside(*made(sd)) != 0).mean() < 0.005


def test_real_outliers_do_not_hide_each_other() -> None:
    observed, expected = made(0.1)
    observed[:, :4] *= 4
    flags = outside(observed, expected)
    assert (flags[:, :4] == 1).mean() > 0.98
    assert np.sqrt(np.median(usual(observed, expected).between[:, 5])) < 0.13


def test_above_is_one_and_below_minus_one() -> None:
    observed, expected = made(0.05, sets=1)
    observed[0, 0], observed[0, 1] = 4 * expected[0, 0], expected[0, 1] // 4
    assert outside(observed, expected)[0, :2].tolist() == [1, -1]


def test_the_range_and_the_chances_are_one_statement() -> None:
    """Neither end of a range is outside; one event further is."""
    _, expected = made(0.2, sets=2, events=20)
    others = usual(*made(0.2, sets=2, events=20))
    fewest, most = event_range(expected, others)
    ends = [(fewest, False, False), (most, False, False)]
    beyond = [(fewest - 1, True, False), (most + 1, False, True)]
    for events, below, above in ends + beyond:
        possible = events >= 0
        few, many = tail_chances(np.where(possible, events, 0), expected, others)
        assert ((few < 0.001) == below)[possible].all()
        assert ((many < 0.001) == above)[possible].all()


def test_the_chances_agree_with_an_integral_done_slowly() -> None:
    others = Usual(np.array([0.1]), np.array([0.04]), np.array([0.001]), np.array([28.0]))

    def at(t: float) -> float:
        return float(
            stats.poisson.sf(79, 50 * np.exp(0.1 + t * np.sqrt(0.041))) * stats.t.pdf(t, 28)
        )

    slow, _ = integrate.quad(at, -9, 9, epsabs=1e-12)
    assert tail_chances([80.0], [50.0], others)[1] == pytest.approx(slow, rel=1e-6)


def test_with_few_areas_nothing_is_said() -> None:
    observed, expected = made(0.1, sets=1, areas=FEWEST - 1)
    assert np.isnan(usual(observed, expected).between).all()
    assert (outside(observed * [[9] + [1] * (FEWEST - 2)], expected) == 0).all()


def test_an_area_that_is_not_known_changes_nothing_for_the_others() -> None:
    observed, expected = made(0.2, sets=1)
    more = np.hstack([observed, [[np.nan, 5.0]]]), np.hstack([expected, [[100.0, 0.0]]])
    with_them, without = usual(*more), usual(observed, expected)
    assert with_them.between[:, :32] == pytest.approx(without.between)
    assert np.isnan(with_them.between[:, 32:]).all()
    assert np.isnan(tail_chances(*more, with_them)[0][:, 32:]).all()
    assert np.isnan(event_range(more[1], with_them)[0][:, 32:]).all()


counts = hnp.arrays(float, (9,), elements=st.integers(0, 10**6).map(float) | st.just(np.nan))
sizes = hnp.arrays(float, (9,), elements=st.floats(1e-3, 1e7) | st.just(0.0))


@settings(max_examples=60, deadline=None)
@given(counts, sizes)
def test_whatever_is_given_chances_are_chances(events: np.ndarray, size: np.ndarray) -> None:
    others = usual(events, size)
    few, many = tail_chances(events, size, others)
    known = ~np.isnan(few)
    assert ((few[known] >= 0) & (few[known] <= 1 + 1e-9)).all()
    assert (few[known] + many[known] >= 1 - 1e-6).all()
    assert (others.between[known] >= 0).all()


@settings(max_examples=20, deadline=None)
@given(st.floats(1e-4, 1e4))
def test_it_does_not_matter_in_what_sizes_are_measured(unit: float) -> None:
    observed, expected = made(0.2, sets=1, areas=12)
    assert (outside(observed, expected) == outside(observed, expected * unit)).all()
