"""Rounding and the cell-key method: nought stays nought, nothing leans, nothing averages out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.statistics.disclosure.p_tables import PTable, p_table, read_p_table
from bluelamp.statistics.disclosure.perturbing import (
    KEYS,
    cell_keys,
    perturb,
    record_keys,
    seen_between,
)  # fmt: skip
from bluelamp.statistics.disclosure.rounding import (
    controlled_rounding,
    randomly_rounded,
    rounded,
)  # fmt: skip
from bluelamp.statistics.disclosure.tables import Axis, cross, table_of

SECRET = b"sixteen bytes at least"
TABLE = p_table(largest=5, variance=3.0, never=2, stay=0.5)
ALL_KEYS = np.linspace(0, KEYS - 1, 20_001).astype(np.uint64)


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1_002, 1_000)],
)
def test_rounding_to_five(count: int, shown: int) -> None:
    assert rounded([count], 5).tolist() == [shown]


def test_half_goes_up() -> None:
    assert rounded([5, 15], 10).tolist() == [10, 20]


@pytest.mark.parametrize("count", range(12))
def test_random_rounding_leans_neither_way_and_goes_to_a_neighbour(count: int) -> None:
    shown = randomly_rounded(np.full(ALL_KEYS.shape, count), 5, ALL_KEYS)
    assert shown.mean() == pytest.approx(count, abs=0.001)
    assert set(shown.tolist()) <= {count // 5 * 5, -(-count // 5) * 5}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=2, max_size=4))
def test_a_rounded_table_with_two_margins_still_adds_up(counts: list[list[int]]) -> None:
    rows, columns = tuple("abcd"[: len(counts)]), tuple("xyz")
    table = cross(counts, [Axis(rows, {"all": rows}), Axis(columns, {"all": columns})])
    shown = controlled_rounding(table, 5)
    assert (table.relations @ shown == 0).all()
    assert (shown % 5 == 0).all()
    assert (np.abs(shown - table.values) < 5).all()
    assert (shown[table.values % 5 == 0] == table.values[table.values % 5 == 0]).all()


def test_controlled_rounding_moves_as_little_as_it_can() -> None:
    table = table_of(["a", "b", "all"], [1, 1, 2], [[1, 1, -1]])
    assert controlled_rounding(table, 5).tolist() == [0, 0, 0]


def test_linked_tables_that_cannot_be_rounded_say_so() -> None:
    # a + b = 5, b + c = 5, a + c = 5 would need halves.
    relations = [[1, 1, 0, -1, 0, 0], [0, 1, 1, 0, -1, 0], [1, 0, 1, 0, 0, -1]]
    table = table_of("abcxyz", [5, 5, 5, 10, 10, 10], relations)
    with pytest.raises(ValueError, match="no multiples of 10"):
        controlled_rounding(table_of("abcxyz", [5, 5, 5, 10, 10, 10], relations), 10)
    assert controlled_rounding(table, 5).tolist() == table.values.tolist()


def test_the_same_record_has_the_same_key_and_another_secret_another() -> None:
    first = record_keys(["one", "two"], SECRET)
    assert record_keys(["two", "one"], SECRET).tolist() == first[::-1].tolist()
    assert record_keys(["one", "two"], SECRET[::-1]).tolist() != first.tolist()
    assert (first < KEYS).all()


def test_record_keys_are_spread_evenly() -> None:
    keys = record_keys((str(i) for i in range(20_000)), SECRET)
    tenths = np.bincount((keys // np.uint64(KEYS // 10 + 1)).astype(int), minlength=10)
    assert np.abs(tenths - 2_000).max() < 5 * np.sqrt(2_000)


def test_a_cell_key_is_the_sum_of_its_records_and_knows_no_order() -> None:
    keys = [KEYS - 1, 5, 7]
    assert cell_keys(keys, [0, 0, 2], 3).tolist() == [4, 0, 7]
    assert cell_keys(keys[::-1], [2, 0, 0], 3).tolist() == [4, 0, 7]


@pytest.mark.parametrize("count", [*range(12), 40, 1_000])
def test_a_moved_count_leans_neither_way_and_never_far(count: int) -> None:
    shown = perturb(np.full(ALL_KEYS.shape, count), ALL_KEYS, TABLE)
    moves = shown - count
    assert moves.mean() == pytest.approx(0, abs=0.002)
    assert np.abs(moves).max() <= (5 if count else 0)
    assert not set(shown.tolist()) & {1, 2}
    if count:
        assert moves.var() == pytest.approx(3.0, abs=0.02)


def test_the_same_people_are_moved_the_same_way_in_every_table() -> None:
    keys = record_keys((f"person {i}" for i in range(200)), SECRET)
    ward = np.arange(200) % 9
    by_ward = perturb(np.bincount(ward), cell_keys(keys, ward, 9), TABLE)
    some = ward < 4  # another table, another order, the same wards
    order = np.argsort(-keys[some].astype(np.int64))
    again = perturb(
        np.bincount(ward[some]), cell_keys(keys[some][order], ward[some][order], 4), TABLE
    )
    assert again.tolist() == by_ward[:4].tolist()


def test_what_may_lie_behind_a_number() -> None:
    low, high = seen_between([0, 3, 20], TABLE)
    # Up to five may be shown as nought, and nothing but 1 to 8 as three.
    assert (low.tolist(), high.tolist()) == ([0, 1, 15], [5, 8, 25])
    for count in range(30):
        for shown in set(perturb(np.full(2_001, count), ALL_KEYS[::10], TABLE).tolist()):
            behind = seen_between([shown], TABLE)
            assert behind[0][0] <= count <= behind[1][0]
    with pytest.raises(ValueError, match="never shows 1"):
        seen_between([1], TABLE)


def test_a_p_table_of_greatest_entropy_has_no_more_even_neighbour() -> None:
    """Any small change that keeps the sum, the mean and the variance lowers the entropy."""
    made = p_table(largest=4, variance=1.5)
    row, moves = made.chances[-1], made.moves
    entropy = -(row * np.log(row)).sum()
    conditions = np.vstack([np.ones_like(moves), moves, moves**2])
    _, _, ways = np.linalg.svd(conditions)
    for way in ways[3:]:
        for step in (1e-4, -1e-4):
            other = row + step * way
            assert -(other * np.log(other)).sum() < entropy


def test_chances_fall_away_from_the_true_count() -> None:
    for i, row in enumerate(TABLE.chances[3:], start=3):
        shown = np.flatnonzero(row > 0)
        shown = shown[(i + TABLE.moves[shown]) > 0]
        below, above = row[shown[shown <= 5]], row[shown[shown >= 5]]
        assert (np.diff(below) >= -1e-9).all()
        assert (np.diff(above) <= 1e-9).all()


def test_a_p_table_is_read_by_what_is_shown_not_by_a_slip_in_the_moves() -> None:
    text = '"i";"j";"p";"v"\n0;0;1;0\n1;0;0.5;-1\n1;2;0.5;7\n'
    read = read_p_table(text)
    assert read.mean.tolist() == [0, 0]
    assert read.largest == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rounded([3], 1), "hides nothing"),
        (lambda: rounded([2.5], 5), "whole numbers"),
        (lambda: randomly_rounded([3], 5, [1, 2]), "one cell key"),
        (lambda: record_keys(["a"], b"short"), "16 bytes"),
        (lambda: cell_keys([1], [0, 1], 2), "one of each"),
        (lambda: cell_keys([1], [2], 2), "outside 0 to 1"),
        (lambda: perturb([-1], [0], TABLE), "nought or more"),
        (lambda: perturb([1, 2], [0], TABLE), "one cell key"),
        (lambda: p_table(largest=0, variance=1), "largest move"),
        (lambda: p_table(largest=3, variance=50), "cannot have the variance"),
        (lambda: PTable(np.array([[0.0, 1, 0], [0.5, 0, 0]])), "add up to 1"),
        (lambda: PTable(np.array([[0.0, 0, 1], [0.5, 0, 0.5]])), "nought as nought"),
        (lambda: PTable(np.array([[0.0, 0, 1, 0, 0], [0.5, 0, 0, 0, 0.5]])), "negative"),
        (lambda: PTable(np.array([[1.0, 0]])), "a column for each move"),
        (lambda: read_p_table("a;b\n1;2\n"), "names the columns"),
    ],
)
def test_what_makes_no_sense_is_refused(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator] # each is a function of nothing
