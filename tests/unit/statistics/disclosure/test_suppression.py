"""Least-cost suppression and successive releases: what is promised of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bluelamp.statistics.disclosure.audit import breaches, intervals
from bluelamp.statistics.disclosure.differencing import AsPublished, Release, successive
from bluelamp.statistics.disclosure.primary import below_threshold
from bluelamp.statistics.disclosure.rounding import rounded
from bluelamp.statistics.disclosure.suppression import CannotProtect, protect
from bluelamp.statistics.disclosure.tables import Axis, Table, cross, linked, table_of

AREAS, QUARTERS = ("north", "south", "west"), ("Q1", "Q2", "Q3", "Q4")


def by_quarter(counts: np.ndarray | list[list[int]]) -> Table:
    areas = AREAS[: len(counts)]
    return cross(counts, [Axis(areas, {"all": areas}), Axis(QUARTERS, {"year": QUARTERS})])


def test_nothing_sensitive_nothing_left_out() -> None:
    table = by_quarter([[10, 20, 30, 40], [15, 25, 35, 45]])
    found = protect(table, below_threshold(table.values, 5, zeros=False), 5)
    assert not found.suppressed.any()
    assert found.cost == 0
    assert found.proven


def test_one_small_count_takes_three_more_with_it() -> None:
    table = by_quarter([[2, 20, 30, 40], [15, 25, 35, 45]])
    found = protect(table, table.where([("north", "Q1")]), 5, cost=table.values)
    assert [table.keys[i] for i in np.flatnonzero(found.suppressed)] == [
        ("north", "Q1"),
        ("north", "Q2"),
        ("south", "Q1"),
        ("south", "Q2"),
    ]


def test_two_small_counts_do_not_hide_each_other() -> None:
    """1 and 2 in one sum are known to be 3 in all: too narrow, so a third goes with them."""
    table = table_of(["a", "b", "c", "all"], [1, 2, 30, 33], [[1, 1, 1, -1]])
    small = table.where(["a", "b"])
    assert intervals(table, small).width[small].tolist() == [3, 3]
    assert breaches(table, small, 5).sum() == 2
    assert protect(table, small, 5).suppressed.sum() == 3


@settings(max_examples=15, deadline=None)
@given(arrays(np.int64, (3, 4), elements=st.integers(0, 25)), st.integers(2, 8))
def test_no_attacker_gets_nearer_than_the_threshold(counts: np.ndarray, threshold: int) -> None:
    table = by_quarter(counts)
    sensitive = below_threshold(table.values, threshold, zeros=False)
    try:
        found = protect(table, sensitive, threshold)
    except CannotProtect:
        pytest.fail("a table of counts without an upper end can always be left out whole")
    seen = intervals(table, found.suppressed)
    assert found.proven
    assert (seen.width[found.suppressed] >= threshold - 1e-6).all()
    assert (seen.low <= table.values + 1e-6).all()
    assert (seen.high >= table.values - 1e-6).all()
    # A small count is never known to be one: its interval reaches the threshold.
    assert (seen.high[sensitive] >= threshold - 1e-6).all()


def test_only_the_sensitive_may_need_the_width() -> None:
    rng = np.random.default_rng(8)
    table = by_quarter(rng.poisson(rng.gamma(1, 8, size=(3, 4))))
    sensitive = below_threshold(table.values, 6, zeros=False)
    strict, lenient = protect(table, sensitive, 6), protect(table, sensitive, 6, every=False)
    assert lenient.cost <= strict.cost
    assert not (breaches(table, lenient.suppressed, 6) & sensitive).any()


def test_what_must_be_published_is_published() -> None:
    table = by_quarter([[2, 20, 30, 40], [15, 25, 35, 45]])
    totals = np.array([key[0] == "all" or key[1] == "year" for key in table.keys])
    found = protect(table, table.where([("north", "Q1")]), 5, published=totals)
    assert not (found.suppressed & totals).any()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cost": 0.0}, "must cost something"),
        ({"published": True}, "choose one"),
    ],
)
def test_a_question_that_cannot_be_is_refused(change: dict[str, float], words: str) -> None:
    table = by_quarter([[2, 20, 30, 40], [15, 25, 35, 45]])
    with pytest.raises(ValueError, match=words):
        protect(table, table.where([("north", "Q1")]), 5, **change)


def test_a_shape_that_does_not_fit_is_refused() -> None:
    table = table_of(["a", "b"], [3, 3], [[1, -1]])
    with pytest.raises(ValueError, match="each of the 2 cells"):
        intervals(table, [True])


def test_the_answer_is_the_same_each_time() -> None:
    rng = np.random.default_rng(3)
    table = by_quarter(rng.poisson(6.0, size=(3, 4)))
    sensitive = below_threshold(table.values, 5, zeros=False)
    first, second = (protect(table, sensitive, 5).suppressed for _ in range(2))
    assert first.tolist() == second.tolist()


def test_parts_that_nothing_ties_are_as_if_alone() -> None:
    one = by_quarter([[2, 20, 30, 40], [15, 25, 35, 45]])
    other = table_of(["p", "q", "pq"], [1, 9, 10], [[1, 1, -1]])
    both = linked([one, other])
    small = below_threshold(both.values, 5, zeros=False)
    apart = [protect(t, below_threshold(t.values, 5, zeros=False), 5).cost for t in (one, other)]
    assert protect(both, small, 5).cost == sum(apart)


def with_rounded_wards() -> Table:
    """Two boroughs of three wards; wards are shown to the nearest 5, boroughs exactly or not."""
    wards = {"east": (2, 0, 1), "west": (14, 22, 31)}
    keys = [(b, f"ward {i}") for b in wards for i in range(3)] + [*wards, "all"]
    counts = [n for parts in wards.values() for n in parts] + [3, 67, 70]
    relations = np.zeros((3, 9))
    relations[0, [0, 1, 2, 6]] = relations[1, [3, 4, 5, 7]] = 1, 1, 1, -1
    relations[2, [6, 7, 8]] = 1, 1, -1
    table = table_of(keys, counts, relations)
    shown = rounded(table.values[:6], 5).astype(float)
    low, high = table.shown_low.copy(), table.shown_high.copy()
    low[:6], high[:6] = np.maximum(shown - 2, 0), shown + 2
    return replace(table, shown_low=low, shown_high=high)


def test_wards_that_are_shown_rounded_still_say_something_of_their_borough() -> None:
    table = with_rounded_wards()
    boroughs = table.where(["east", "west", "all"])
    seen = intervals(table, boroughs)
    # 0, 0 and 0 to the nearest 5: nobody can have more than 2 in each ward.
    assert (seen.low[6], seen.high[6]) == (0, 6)
    assert not breaches(table, boroughs, 6).any()
    assert breaches(table, boroughs, 7).any()
    found = protect(table, table.where(["east"]), 6)
    assert not breaches(table, found.suppressed, 6).any()
    # A width of 7 takes a ward with it, which is then not shown at all.
    wider = protect(table, table.where(["east"]), 7)
    assert wider.suppressed[:3].any()
    assert not breaches(table, wider.suppressed, 7).any()


# --- successive releases -----------------------------------------------------------------------


def rolling(counts: list[list[int]]) -> Table:
    areas = AREAS[: len(counts)]
    quarters = tuple(f"Q{i + 1}" for i in range(len(counts[0])))
    years = {f"year to {quarters[i]}": quarters[i - 3 : i + 1] for i in range(3, len(quarters))}
    return cross(counts, [Axis(areas, {"all": areas}), Axis(quarters, years)])


FIRST = [[30, 12, 20, 15], [20, 30, 25, 24]]
SECOND = [[30, 12, 20, 15, 3], [20, 30, 25, 24, 28]]


def released(table: Table) -> Release:
    small = below_threshold(table.values, 5, zeros=False)
    return Release(table, protect(table, small, 5).suppressed, small)


def test_two_rolling_years_give_a_quarter_away_unless_the_release_before_is_known() -> None:
    """The new year less the old one is Q5 less Q1, and Q1 was published."""
    before = released(rolling(FIRST))
    only_years = [("north", "year to Q5"), ("south", "year to Q5"), ("all", "year to Q5")]
    now = rolling(SECOND)
    quarters_out = ~now.where(only_years) & np.array([key[1] == "Q5" for key in now.keys])
    joined = successive(now, [before])
    flags = np.zeros(joined.table.size, dtype=bool)
    flags[: now.size] = quarters_out
    seen = intervals(joined.table, flags)
    assert seen.width[joined.table.place["north", "Q5"]] == 0
    small = joined.table.where([("north", "Q5")])
    found = protect(joined.table, small, 5, hidden=joined.hidden)
    assert found.suppressed[joined.table.place["north", "year to Q5"]]
    assert not breaches(joined.table, found.suppressed & ~joined.hidden, 5).any()


def test_a_cell_that_was_shown_before_cannot_be_hidden_now() -> None:
    before = Release(rolling(FIRST), np.zeros(15, dtype=bool), np.zeros(15, dtype=bool))
    joined = successive(rolling(SECOND), [before])
    cell = joined.table.where([("north", "Q2")])
    assert joined.given_away[cell].all()
    with pytest.raises(CannotProtect, match="can be worked out whatever else"):
        protect(joined.table, cell, 5, hidden=joined.hidden)


def test_what_was_left_out_before_stays_hidden() -> None:
    first = [[30, 2, 20, 15], [20, 30, 25, 24]]
    before = released(rolling(first))
    assert before.suppressed.sum() == 4
    now = rolling([[*first[0], 40], [*first[1], 28]])
    joined = successive(now, [before])
    found = protect(joined.table, joined.sensitive, 5, hidden=joined.hidden)
    assert found.suppressed[joined.table.place["north", "Q2"]]
    seen = intervals(joined.table, found.suppressed)
    assert seen.width[joined.table.place["north", "Q2"]] >= 5


@pytest.mark.parametrize("change", [1, -1])
def test_a_revised_cell_is_two_cells(change: int) -> None:
    before = Release(rolling(FIRST), np.zeros(15, dtype=bool), np.zeros(15, dtype=bool))
    revised = [[30 + change, *FIRST[0][1:]], FIRST[1]]
    joined = successive(rolling(revised), [before], revision=2)
    now, then = ("north", "Q1"), AsPublished(("north", "Q1"), 0)
    assert joined.table.values[joined.table.place[now]] == 30 + change
    assert joined.table.values[joined.table.place[then]] == 30
    seen = intervals(joined.table, joined.hidden | joined.table.where([now]))
    # It is tied to its margins, which are shown; were it not, it would lie within 2 of what it was.
    assert seen.width[joined.table.place[now]] == 0
    out = joined.table.where(
        [(a, q) for a in ("north", "all") for q in ("Q1", "year to Q4")]
    )  # the revised cell and its sums
    seen = intervals(joined.table, joined.hidden | out)
    assert (seen.low[joined.table.place[now]], seen.high[joined.table.place[now]]) == (28, 32)
    with pytest.raises(ValueError, match=f"revised by {change}"):
        successive(rolling(revised), [before], revision=0.5)
