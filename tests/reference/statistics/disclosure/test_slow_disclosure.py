"""Disclosure control again, slowly: every table that agrees and every choice of cells is tried."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from benchmarks.disclosure_rivals import attack, breached, fewest_by_trying

from bluelamp.statistics.disclosure.attacker import Room
from bluelamp.statistics.disclosure.attempts import cleared
from bluelamp.statistics.disclosure.audit import breaches, intervals
from bluelamp.statistics.disclosure.primary import below_threshold
from bluelamp.statistics.disclosure.suppression import CannotProtect, protect
from bluelamp.statistics.disclosure.tables import Axis, Table, cross

ROWS, COLUMNS = ("a", "b", "c"), ("x", "y", "z")


def grid(counts: np.ndarray) -> Table:
    rows, columns = ROWS[: counts.shape[0]], COLUMNS[: counts.shape[1]]
    return cross(counts, [Axis(rows, {"all": rows}), Axis(columns, {"all": columns})])


def every_table(table: Table, suppressed: np.ndarray, most: int) -> np.ndarray:
    """All tables of whole counts up to `most` that agree with what is shown; (tables, cells)."""
    unknown = np.flatnonzero(suppressed)
    relations = table.relations.toarray()
    found = []
    for numbers in product(range(most + 1), repeat=unknown.size):
        guess = table.values.copy()
        guess[unknown] = numbers
        if np.all(relations @ guess == 0):
            found.append(guess)
    return np.array(found)


def alone_in_a_sum(table: Table, suppressed: np.ndarray) -> bool:
    """Whether some cell is found by subtraction, so that the attacker need not be asked."""
    return bool((abs(table.relations) @ suppressed.astype(float) == 1).any())


@pytest.mark.parametrize("seed", range(8))
def test_an_interval_holds_exactly_the_counts_of_all_tables_that_agree(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = grid(rng.poisson(2.0, size=(3, 3)))
    suppressed = table.where(
        [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("c", "x")][: 4 + seed % 2]
    )
    tables = every_table(table, suppressed, most=9)
    for whole in (False, True):
        seen = intervals(table, suppressed, whole=whole)
        # A table with two margins has whole corners, so both attackers see the same.
        assert seen.low.tolist() == tables.min(axis=0).tolist()
        assert seen.high.tolist() == tables.max(axis=0).tolist()


@pytest.mark.parametrize("seed", range(6))
def test_the_attacker_of_the_benchmark_agrees(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = grid(rng.poisson(4.0, size=(3, 3)))
    suppressed = rng.random(table.size) < 0.6
    least, most = attack(table, suppressed, suppressed)
    seen = intervals(table, suppressed)
    assert np.allclose(seen.low, least, atol=1e-6)
    assert np.allclose(seen.high, most, atol=1e-6)
    assert breaches(table, suppressed, 4).sum() == breached(table, suppressed, suppressed, 4)


@pytest.mark.parametrize("seed", range(12))
def test_no_choice_of_cells_is_cheaper(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = grid(rng.poisson(rng.gamma(1.0, 7.0, size=(3, 3))))
    sensitive = below_threshold(table.values, 4, zeros=False)
    found = protect(table, sensitive, 4)
    assert found.proven
    assert found.suppressed[sensitive].all()
    if sensitive.any():
        assert found.suppressed.sum() == fewest_by_trying(table, sensitive, 4)
    assert breached(table, found.suppressed, found.suppressed, 4) == 0


@pytest.mark.parametrize("seed", range(5))
def test_no_choice_costs_less_where_cells_cost_their_counts(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    table = grid(rng.poisson(rng.gamma(1.0, 9.0, size=(2, 3))))
    sensitive = below_threshold(table.values, 5, zeros=False)
    cost = 1 + table.values
    others = np.flatnonzero(~sensitive)
    safe = [
        float(cost[flags].sum())
        for size in range(others.size + 1)
        for chosen in combinations(others.tolist(), size)
        for flags in [sensitive | np.isin(np.arange(table.size), chosen)]
        if not alone_in_a_sum(table, flags) and not breaches(table, flags, 5).any()
    ]
    assert protect(table, sensitive, 5, cost=cost).cost == pytest.approx(min(safe))


def cube() -> Table:
    """Three ways cut: here a fractional table can agree where no whole one does."""
    pair = ("0", "1")
    rng = np.random.default_rng(4)
    axes = [Axis(ROWS, {"all": ROWS}), Axis(COLUMNS, {"all": COLUMNS}), Axis(pair, {"all": pair})]
    return cross(rng.poisson(1.5, size=(3, 3, 2)), axes)


def test_three_ways_cut_whole_numbers_tell_no_less_than_fractions() -> None:
    table = cube()
    suppressed = below_threshold(table.values, 3, zeros=True)
    wide, narrow = intervals(table, suppressed), intervals(table, suppressed, whole=True)
    assert (wide.low <= narrow.low + 1e-6).all()
    assert (wide.high >= narrow.high - 1e-6).all()
    assert (narrow.low == np.round(narrow.low)).all()
    width = np.where(suppressed, 3.0, 0.0)
    room = Room.of(table).at(suppressed.astype(float))
    shown_safe = cleared(table, room, width, whole=True)
    assert (narrow.width[shown_safe & suppressed] >= 3 - 1e-6).all()
    assert (
        breaches(table, suppressed, 3, whole=True).tolist()
        == (suppressed & (narrow.width < 3 - 1e-6)).tolist()
    )


def test_three_ways_cut_nothing_is_found_by_fractions_nor_by_whole_numbers() -> None:
    table = cube()
    sensitive = below_threshold(table.values, 3, zeros=False)
    found = protect(table, sensitive, 3)
    seen = intervals(table, found.suppressed, whole=True)
    assert (seen.width[found.suppressed] >= 3 - 1e-6).all()


def test_a_table_that_cannot_be_protected_says_which_cell() -> None:
    table = grid(np.array([[1, 0, 0], [0, 0, 0]]))
    with pytest.raises(CannotProtect, match=r"\('a', 'x'\)"):
        protect(table, table.where([("a", "x")]), 5, published=table.where([("all", "all")]))
