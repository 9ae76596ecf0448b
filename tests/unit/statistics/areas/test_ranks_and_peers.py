"""Ranks as intervals, pairs that are tied, areas that are alike: planted truths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.statistics.areas.peers import distances, peers, standard_scores, why_alike
from bluelamp.statistics.areas.ranks import draws_of_rates, rank_intervals


def test_areas_far_apart_have_one_rank_each() -> None:
    found = rank_intervals(draws_of_rates([10_000, 20_000, 40_000], [1_000] * 3))
    assert found.lower.tolist() == [3, 2, 1] == found.upper.tolist()
    assert not found.tied().any()


def test_areas_alike_but_for_chance_may_have_any_rank() -> None:
    found = rank_intervals(draws_of_rates([20] * 10, [1_000] * 10))
    assert found.lower.tolist() == [1] * 10
    assert found.upper.tolist() == [10] * 10
    assert found.tied().sum() == 90


def test_the_interval_holds_the_true_rank_as_often_as_it_says() -> None:
    chance = np.random.default_rng(8)
    held = []
    for _ in range(60):
        true = 100 * np.exp(chance.normal(0, 0.2, 32))
        found = rank_intervals(draws_of_rates(chance.poisson(true), np.ones(32), 1_000))
        rank = np.argsort(np.argsort(-true)) + 1
        held.append(((found.lower <= rank) & (rank <= found.upper)).mean())
    assert np.mean(held) > 0.9


def test_an_area_that_is_not_known_has_no_rank() -> None:
    found = rank_intervals(draws_of_rates([5_000, np.nan, 50], [10, 10, 10]))
    assert np.isnan(found.lower[1])
    assert np.isnan(found.higher[1]).all()
    assert (found.lower[0], found.upper[2]) == (1, 2)


def test_areas_exactly_alike_share_their_ranks() -> None:
    found = rank_intervals(np.array([[3.0, 3.0, 1.0]] * 5))
    assert found.lower.tolist() == [1, 1, 3]
    assert found.upper.tolist() == [2, 2, 3]
    assert found.tied()[0, 1]
    assert not found.tied()[0, 2]


def test_the_same_figures_give_the_same_ranks() -> None:
    assert (draws_of_rates([1, 2], [3, 4]) == draws_of_rates([1, 2], [3, 4])).all()


@given(st.lists(st.integers(0, 500), min_size=1, max_size=12))
def test_ranks_are_ranks(events: list[int]) -> None:
    found = rank_intervals(draws_of_rates(events, [1.0] * len(events), 200))
    assert ((found.lower >= 1) & (found.lower <= found.upper)).all()
    assert (found.upper <= len(events)).all()
    off = ~np.eye(len(events), dtype=bool)
    assert found.higher[off] + found.higher.T[off] == pytest.approx(1)


@pytest.mark.parametrize("draws", [np.zeros(3), np.zeros((0, 3))])
def test_what_is_no_table_of_draws_is_refused(draws: np.ndarray) -> None:
    with pytest.raises(ValueError, match="rows of drawn levels"):
        rank_intervals(draws)


# --- peers ----------------------------------------------------------------------------------------

# Two groups of four that are alike inside, and one area like none: its last column stands alone.
NAMES = ("young people", "deprivation", "people per hectare")
AREAS = np.array(
    [
        [10, 5, 20], [11, 5, 21], [10, 6, 19], [11, 6, 20],
        [30, 15, 60], [31, 15, 61], [30, 16, 59], [31, 16, 60],
        [20, 10, 400],
    ],
    dtype=float,
)  # fmt: skip


def test_the_planted_groups_are_found_and_the_odd_one_is_refused() -> None:
    apart = distances(standard_scores(AREAS))
    assert {p.area for p in peers(apart, 0).peers} == {1, 2, 3}
    assert {p.area for p in peers(apart, 5).peers} == {4, 6, 7}
    odd = peers(apart, 8)
    assert odd.peers == ()
    assert odd.why.startswith("no fair comparison: no other area lies within")


def test_peers_come_nearest_first_and_no_more_than_wanted() -> None:
    near = peers(distances(standard_scores(AREAS)), 0, wanted=2, fewest=1).peers
    assert len(near) == 2
    assert near[0].distance <= near[1].distance


def test_why_two_areas_are_alike() -> None:
    scores = standard_scores(AREAS)
    assert why_alike(scores, 0, 1, NAMES) == (
        "alike in deprivation, people per hectare and young people"
    )
    assert why_alike(scores, 0, 8, NAMES).endswith("differ most in people per hectare")
    with pytest.raises(ValueError, match="1 names were given for 3"):
        why_alike(scores, 0, 1, ("one",))


def test_what_is_not_known_of_an_area() -> None:
    values = AREAS.copy()
    values[2, 1] = np.nan
    apart = distances(standard_scores(values))
    assert "too little is known" in peers(apart, 2).why
    assert 2 not in {p.area for p in peers(apart, 0, fewest=2).peers}


def test_a_variable_that_is_the_same_everywhere_tells_nobody_apart() -> None:
    assert standard_scores(np.ones((3, 1))).tolist() == [[0], [0], [0]]


@given(st.integers(0, 8), st.floats(0.1, 1e6), st.floats(-1e6, 1e6))
def test_units_do_not_matter(area: int, unit: float, origin: float) -> None:
    there = distances(standard_scores(AREAS * unit + origin))
    assert there == pytest.approx(distances(standard_scores(AREAS)), abs=1e-3)
