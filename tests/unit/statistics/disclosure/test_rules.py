"""Primary rules, tables and rates: what is sensitive, and what one number says of another."""

from __future__ import annotations

import numpy as np
import pytest

from bluelamp.statistics.disclosure.audit import intervals
from bluelamp.statistics.disclosure.primary import below_threshold, dominance, p_percent
from bluelamp.statistics.disclosure.rates import with_rate, with_share
from bluelamp.statistics.disclosure.suppression import protect
from bluelamp.statistics.disclosure.tables import (
    Axis,
    connected_parts,
    cross,
    linked,
    part_of,
    table_of,
)  # fmt: skip

SEXES, PLACES = ("men", "women"), ("Barnet", "Brent")


def test_the_threshold_rule() -> None:
    counts = [0, 1, 4, 5, 6]
    assert below_threshold(counts, 5, zeros=False).tolist() == [False, True, True, False, False]
    assert below_threshold(counts, 5, zeros=True).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("contributions", "dominated", "needed"),
    [
        ([50, 45, 5, 0], True, 0.0),  # two of them hold 95%, and the rest is just 10% of the first
        ([50, 46, 4, 0], True, 1.0),  # the second takes its 46 from 100 and is left 4 above 50
        ([30, 30, 20, 20], False, 0.0),
        ([7, 0, 0, 0], True, 0.7),  # alone in its cell
        ([0, 0, 0, 0], False, 0.0),
    ],
)
def test_dominance_and_p_per_cent(
    contributions: list[float], dominated: bool, needed: float
) -> None:
    assert dominance([contributions], n=2, k=0.9).tolist() == [dominated]
    assert p_percent([contributions], p=10).tolist() == pytest.approx([needed])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: below_threshold([1], 1, zeros=False), "hides nothing"),
        (lambda: below_threshold([-1], 5, zeros=False), "nought or more"),
        (lambda: dominance([1, 2], n=1, k=0.5), "contributors"),
        (lambda: dominance([[1, 2]], n=0, k=0.5), "n of 1 or more"),
        (lambda: p_percent([[1, 2]], p=0), "percentage"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator] # each is a function of nothing


def test_a_p_per_cent_need_is_met_above_the_value() -> None:
    """What the second contributor can say of the total must stay wide enough upwards."""
    table = cross([[96.0, 40], [60, 50]], [Axis(PLACES, {"all": PLACES}), Axis(SEXES, {})])
    sensitive = table.where([("Barnet", "men")])
    found = protect(table, sensitive, 0, above=20.0)
    seen = intervals(table, found.suppressed)
    assert seen.high[sensitive][0] >= 96 + 20
    assert found.suppressed.sum() == 2


def test_a_crossed_table_has_every_total_once() -> None:
    quarters = ("Q1", "Q2", "Q3")
    table = cross(
        [[1, 2, 3], [4, 5, 6]],
        [Axis(PLACES, {"both": PLACES}), Axis(quarters, {"H": ("Q1", "Q2"), "all": ("H", "Q3")})],
    )
    assert table.size == 3 * 5
    assert table.values[table.place["both", "all"]] == 21
    assert table.values[table.place["Brent", "H"]] == 9
    # Two totals of time for each of three places, one total of place for each of five times.
    assert table.relations.shape == (3 * 2 + 5, 15)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: table_of("ab", [1, 2], [[1, -1]]), "do not add up"),
        (lambda: table_of("aa", [1, 1], [[1, -1]]), "comes twice"),
        (lambda: table_of("ab", [1, np.nan], [[1, -1]]), "numbers only"),
        (lambda: table_of("ab", [-1, -1], [[1, -1]]), "outside the bounds"),
        (lambda: table_of("ab", [1, 1], [[1, -1, 0]]), "speak of 3 cells"),
        (lambda: table_of("abc", [1, 1], [[1, -1, 0]]), "2|3"),
        (lambda: cross([[1, 2]], [Axis(("a",)), Axis(("b",))]), "have the shape"),
        (lambda: cross([1], [Axis(("a",), {"t": ("b",)})]), "cannot be made"),
        (lambda: linked([]), "no table"),
        (
            lambda: linked([table_of("a", [1], np.zeros((0, 1))),
                            table_of("a", [2], np.zeros((0, 1)))]),
            "different values",
        ),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_is_refused(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator] # each is a function of nothing


def test_linked_tables_share_their_cells_and_fall_into_connected_parts() -> None:
    first = table_of(["a", "b", "ab"], [1, 2, 3], [[1, 1, -1]])
    second = table_of(["ab", "c", "abc"], [3, 4, 7], [[1, 1, -1]])
    apart = table_of(["x", "y"], [5, 5], [[1, -1]])
    table = linked([first, second, apart])
    assert table.keys == ("a", "b", "ab", "c", "abc", "x", "y")
    assert sorted(len(part) for part in connected_parts(table)) == [2, 5]
    part = part_of(table, np.array([5, 6]))
    assert part.keys == ("x", "y")
    assert part.relations.toarray().tolist() == [[1, -1]]


def test_a_published_rate_with_its_denominator_gives_the_count_away() -> None:
    table = table_of(["a", "b", "all"], [2, 40, 42], [[1, 1, -1]])
    table = with_rate(
        table, "rate", numerator="a", denominator=5000, per=1000, decimals=1
    )  # 0.4 per 1,000 of 5,000 people: between 1.75 and 2.25
    seen = intervals(table, table.where(["a", "b"]))
    assert (seen.low[0], seen.high[0]) == pytest.approx((1.75, 2.25))
    assert intervals(table, table.where(["a", "b"]), whole=True).width[0] == 0
    found = protect(table, table.where(["a"]), 5)
    assert found.suppressed[table.place["rate"]]


def test_a_rate_that_is_rounded_enough_may_stay() -> None:
    table = table_of(["a", "b", "all"], [2, 40, 42], [[1, 1, -1]])
    table = with_rate(table, "rate", numerator="a", denominator=300_000, per=1000, decimals=1)
    found = protect(table, table.where(["a"]), 5)
    assert not found.suppressed[table.place["rate"]]
    # 0.0 per 1,000 of 300,000: below 15.
    assert intervals(table, found.suppressed).high[0] == pytest.approx(15)


def test_a_share_of_two_counts_that_are_left_out_still_ties_them() -> None:
    table = table_of(["charged", "other", "all"], [3, 17, 20], [[1, 1, -1]])
    table = with_share(table, "share", numerator="charged", denominator="all", per=100, decimals=0)
    counts_out = table.where(["charged", "all"])
    seen = intervals(table, counts_out)
    # 15% of a total that is 17 more: n = 17 p / (1 - p) with p from 14.5% to 15.5%.
    assert seen.low[0] == pytest.approx(17 * 0.145 / 0.855)
    assert seen.high[0] == pytest.approx(17 * 0.155 / 0.845)
    found = protect(table, table.where(["charged"]), 5, published=table.where(["other"]))
    assert found.suppressed[table.where([("share", "at least"), ("share", "at most")])].all()


def test_a_rate_of_nobody_is_refused() -> None:
    table = table_of(["a", "b"], [0, 0], [[1, -1]])
    with pytest.raises(ValueError, match="no rate"):
        with_rate(table, "r", numerator="a", denominator=0, per=1, decimals=0)
    with pytest.raises(ValueError, match="no share"):
        with_share(table, "s", numerator="a", denominator="b", per=100, decimals=0)
