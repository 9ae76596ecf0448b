"""The chance of a year's total: what it may claim, and where it must refuse."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks import target_chance
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.statistics import forecast
from bluelamp.statistics.forecast import chance_of_year

FIRST = (2012, 1)
SEED = 20_130_401


def counts(series: int, months: int, mean: float = 200, seed: int = SEED) -> np.ndarray:
    """(series, months) that go on as they are, with twice the variance of Poisson's."""
    draw = np.random.default_rng(seed)
    return draw.negative_binomial(mean, 0.5, size=(series, months)).astype(float)


def chance(values: np.ndarray, known: int, goal: float, at_most: bool = True) -> np.ndarray:
    goals = np.full(len(values), goal)
    return chance_of_year(
        values, first_month=FIRST, known=known, goal=goals, at_most=at_most
    ).chance


def test_what_is_far_off_is_told_as_such_and_never_as_certain() -> None:
    values = counts(5, 60)
    assert chance(values, 48, 3_600).tolist() == [0.999] * 5
    assert (chance(values, 48, 1_200) < 0.01).all()
    assert (chance(values, 48, 1_200) >= 0.001).all()


def test_months_that_are_known_count_as_they_are() -> None:
    values = counts(1, 60)
    so_far = values[0, 48:59].sum()
    assert chance(values, 59, so_far - 1)[0] == 0.001
    assert chance(values, 59, so_far + 1_000)[0] == 0.999


def test_a_year_that_is_over_is_simply_added_up() -> None:
    values = counts(1, 60)
    total = values[0, 48:].sum()
    assert chance(values, 60, total)[0] == chance(values, 60, total, at_most=False)[0] == 0.999
    assert chance(values, 60, total - 1)[0] == chance(values, 60, total + 1, at_most=False)[0]
    assert chance(values, 60, total - 1)[0] == 0.001


def test_the_months_to_come_are_never_looked_at() -> None:
    values = counts(3, 60)
    otherwise = values.copy()
    otherwise[:, 50:] = 9_999
    blank = values.copy()
    blank[:, 50:] = np.nan
    expected = chance(values, 50, 2_400).tolist()
    assert chance(otherwise, 50, 2_400).tolist() == chance(blank, 50, 2_400).tolist() == expected


def test_at_most_and_at_least_are_two_sides_of_one_thing() -> None:
    values = counts(20, 60)
    below, above = chance(values, 52, 2_399), chance(values, 52, 2_400, at_most=False)
    assert below + above == pytest.approx(np.ones(20), abs=0.002)


def test_the_further_off_the_year_the_less_is_known() -> None:
    values = np.column_stack([counts(50, 48), np.full((50, 36), np.nan)])
    near, far = chance(values[:, :60], 48, 2_250), chance(values, 48, 2_250)
    assert np.abs(far - 0.5).mean() < np.abs(near - 0.5).mean()


def test_a_level_that_wanders_is_less_certain_than_one_that_does_not() -> None:
    draw = np.random.default_rng(SEED)
    steady = draw.poisson(2_000, size=(50, 60)).astype(float)
    wandering = draw.poisson(
        2_000 * np.exp(np.cumsum(draw.normal(0, 0.04, size=(50, 60)), axis=1))
    ).astype(float)
    goals = [values[:, 36:48].sum(axis=1) * 0.97 for values in (steady, wandering)]
    steady_chance, wandering_chance = (
        chance_of_year(values, first_month=FIRST, known=48, goal=goal, at_most=True).chance
        for values, goal in zip((steady, wandering), goals, strict=True)
    )
    assert np.median(steady_chance) < 0.05
    assert 0.05 < np.median(wandering_chance) < 0.8


def test_the_season_is_allowed_for() -> None:
    """Half a year is known, the high half; twice as much would be far too many."""
    months = np.arange(60)
    high_first = 500 + 200 * np.sin(2 * np.pi * (months + 0.5) / 12)
    values = np.random.default_rng(SEED).poisson(high_first, size=(10, 60)).astype(float)
    assert (chance(values, 54, 6_300) > 0.9).all()
    found = chance_of_year(
        values, first_month=FIRST, known=54, goal=np.full(10, 6_300), at_most=True
    )
    assert found.expected == pytest.approx(np.full(10, 6_000), rel=0.03)


def test_the_length_of_months_is_allowed_for() -> None:
    days = forecast.days_of_months(FIRST, 60)
    values = np.tile(days * 10, (1, 1))
    found = chance_of_year(
        values, first_month=FIRST, known=48, goal=np.array([3_660]), at_most=True
    )
    assert found.expected == pytest.approx([3_660], rel=1e-3)  # 2016 has 366 days


@pytest.mark.parametrize(("known", "reason"), [(23, forecast.TOO_FEW_MONTHS), (24, "")])
def test_two_years_are_needed(known: int, reason: str) -> None:
    found = chance_of_year(
        counts(1, 48), first_month=FIRST, known=known, goal=np.array([2_400]), at_most=True
    )
    assert found.reason.tolist() == [reason]
    assert np.isnan(found.chance[0]) == np.isnan(found.expected[0]) == bool(reason)


def test_ten_events_are_needed() -> None:
    values = np.zeros((2, 60))
    values[:, [3, 9, 14, 20, 26, 31, 35, 40, 44]] = 1
    values[1, 46] = 1
    found = chance_of_year(values, first_month=FIRST, known=48, goal=np.full(2, 5.0), at_most=True)
    assert found.reason.tolist() == [forecast.TOO_FEW_EVENTS, ""]
    assert 0.5 < found.chance[1] < 0.999


def test_only_eight_years_are_looked_back_upon() -> None:
    values = counts(1, 132)
    values[0, :24] = 5_000
    recent = chance_of_year(
        values[:, 24:], first_month=(2014, 1), known=96, goal=np.array([2_400]), at_most=True
    )
    assert chance(values, 120, 2_400)[0] == recent.chance[0]


def test_a_missing_month_is_not_nought() -> None:
    values = counts(1, 60)
    gap = values.copy()
    gap[0, [10, 20, 49]] = np.nan  # the last is in the year in question, and is forecast
    whole, holed = (
        chance_of_year(v, first_month=FIRST, known=54, goal=np.array([2_400]), at_most=True)
        for v in (values, gap)
    )
    assert holed.expected == pytest.approx(whole.expected, rel=0.05)


@pytest.mark.parametrize(
    ("values", "known", "goal", "words"),
    [
        (np.ones(60), 48, [1.0], "give \\(series, 12 months or more\\)"),
        (np.ones((1, 11)), 11, [1.0], "12 months or more"),
        (np.ones((2, 60)), 48, [1.0], "give each its own"),
        (np.ones((1, 60)), 61, [1.0], "known is 61, but there are 60 months"),
        (-np.ones((1, 60)), 48, [1.0], "cannot be negative"),
    ],
)
def test_what_does_not_fit_is_refused(
    values: np.ndarray, known: int, goal: list[float], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        chance_of_year(values, first_month=FIRST, known=known, goal=goal, at_most=True)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(0, 400), min_size=48, max_size=48),
    st.integers(24, 48),
    st.integers(0, 6_000),
    st.integers(0, 500),
)
def test_a_goal_that_allows_more_is_never_less_likely(
    months: list[int], known: int, goal: int, more: int
) -> None:
    values = np.array([months], dtype=float)
    strict, lax = chance(values, known, goal)[0], chance(values, known, goal + more)[0]
    assert strict <= lax or (np.isnan(strict) and np.isnan(lax))


# --- planted truths: the benchmark, small -------------------------------------------------------


@pytest.fixture(scope="module")
def measured() -> target_chance.Measured:
    return target_chance.measure(SEED, 500)


def test_it_scores_better_than_both_rivals_on_every_kind(
    measured: target_chance.Measured,
) -> None:
    for kind, (chances, met) in measured.items():
        scores = {name: target_chance.brier(each, met) for name, each in chances.items()}
        assert scores["ours"] < min(scores["straight line"], scores["steady Poisson"]), kind


def test_of_targets_given_a_small_chance_few_are_met_and_of_a_large_one_most(
    measured: target_chance.Measured,
) -> None:
    ours = np.concatenate([chances["ours"] for chances, _ in measured.values()])
    met = np.concatenate([met for _, met in measured.values()])
    assert met[ours <= 0.2].mean() < 0.2
    assert met[ours >= 0.8].mean() > 0.8
    assert target_chance.gap(ours, met) < 0.08


def test_the_score_would_show_a_forecaster_that_is_sure_of_itself(
    measured: target_chance.Measured,
) -> None:
    for chances, met in measured.values():
        sure = (chances["ours"] > 0.5).astype(float)
        assert target_chance.brier(sure, met) > target_chance.brier(chances["ours"], met)
        assert target_chance.gap(sure, met) > target_chance.ALLOWED_GAP
