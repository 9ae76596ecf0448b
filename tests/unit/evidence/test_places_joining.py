"""Carrying amounts between editions: nothing is lost, nothing is made, nothing is guessed."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.evidence.geography.editions import WrongEdition
from bluelamp.evidence.geography.joining import CannotJoin, Join, shares_of, then

NAMES = {"from": "old", "to": "new"}


def join(pairs, kind="by area", smallest=0.0, start="old", end="new") -> Join:
    """A join of (from, to, share) rows."""
    table = pl.DataFrame(pairs, schema=["from", "to", "share"], orient="row")
    shares, dropped = shares_of(table, kind, smallest, NAMES)
    return Join(start, end, kind, "a made-up look-up", f"From {start} to {end}.", shares,
                ("aa",), dropped)  # fmt: skip


def rows(*cells: tuple[str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(cells, schema=["month", "area", "count"], orient="row")


# --- drawn: what becomes of 100 crimes ----------------------------------------------------------

EXAMPLES = [
    # the look-up                                  kind        100 crimes in A become
    ([("A", "X", 1.0)],                            "exact",    {"X": 100}),
    ([("A", "X", 1.0), ("B", "X", 1.0)],           "best fit", {"X": 100}),
    ([("A", "X", 0.75), ("A", "Y", 0.25)],         "by area",  {"X": 75.0, "Y": 25.0}),
    # a riverside area: a tenth of it lies in nobody's polygon, and is made up to the whole
    ([("A", "X", 0.6), ("A", "Y", 0.3)],           "by area",  {"X": 200 / 3, "Y": 100 / 3}),
    # a sliver, where two drawings of one street differ by metres
    ([("A", "X", 0.9), ("A", "Y", 0.005)],         "by area",  {"X": 100.0}),
    # an area of slivers alone keeps its largest
    ([("A", "X", 0.004), ("A", "Y", 0.003)],       "by area",  {"X": 100.0}),
]  # fmt: skip


@pytest.mark.parametrize(("pairs", "kind", "becomes"), EXAMPLES)
def test_a_hundred_crimes(pairs, kind, becomes):
    carried = join(pairs, kind, smallest=0.01).carry(rows(("2016-01", "A", 100)))
    assert dict(carried.select("area", "count").iter_rows()) == pytest.approx(becomes)


def test_whole_numbers_stay_whole_unless_areas_are_divided():
    put_whole = join([("A", "X", 1.0)], "best fit").carry(rows(("2016-01", "A", 3)))
    assert put_whole.schema["count"] == pl.Int64
    divided = join([("A", "X", 0.5), ("A", "Y", 0.5)]).carry(rows(("2016-01", "A", 3)))
    assert divided["count"].to_list() == [1.5, 1.5]


def test_slivers_are_counted():
    assert join([("A", "X", 0.9), ("A", "Y", 0.005)], smallest=0.01).dropped == 1


def test_places_outside_every_area_stay_outside():
    given_rows = rows(("2016-01", "A", 2), ("2016-01", "outside:unknown", 5))
    for kind, share in (("exact", 1.0), ("by area", 1.0)):
        carried = join([("A", "X", share)], kind).carry(given_rows)
        assert dict(carried.select("area", "count").iter_rows()) == {"X": 2, "outside:unknown": 5}


def test_other_columns_are_kept_apart():
    table = rows(("2016-01", "A", 2), ("2016-01", "B", 3), ("2016-02", "A", 7))
    carried = join([("A", "X", 1.0), ("B", "X", 1.0)], "best fit").carry(table)
    assert carried.rows() == [("2016-01", "X", 5), ("2016-02", "X", 7)]


# --- drawn: what is refused, and in which words --------------------------------------------------

REFUSED = [
    ([("A", "X", 1.0), ("A", "Y", 1.0)], "best fit", "old to new is said to be best fit, but A"),
    ([("A", "X", 1.5)], "by area", "the share of A in X is 1.5; a share lies between 0 and 1"),
    ([("A", "X", 0.0)], "by area", "the share of A in X is 0.0"),
]


@pytest.mark.parametrize(("pairs", "kind", "words"), REFUSED)
def test_a_look_up_that_is_not_what_it_is_said_to_be(pairs, kind, words):
    with pytest.raises(CannotJoin, match=words.replace("(", r"\(")):
        join(pairs, kind)


def test_a_code_that_the_look_up_does_not_hold_is_never_dropped():
    with pytest.raises(WrongEdition, match=r"^B: not in the look-up from old to new"):
        join([("A", "X", 1.0)], "exact").carry(rows(("2016-01", "A", 1), ("2016-01", "B", 1)))


def test_the_one_area_that_another_goes_to():
    assert join([("A", "X", 1.0)], "exact").target("A") == "X"
    with pytest.raises(CannotJoin, match="A is divided among X, Y"):
        join([("A", "X", 0.5), ("A", "Y", 0.5)]).target("A")


def test_what_was_put_together_cannot_be_taken_apart():
    merged = join([("A", "X", 1.0), ("B", "X", 1.0)], "exact")
    with pytest.raises(CannotJoin, match="X and 0 more of new hold several of old"):
        merged.reversed()


def test_a_chain_is_as_sure_as_its_weakest_and_says_both_steps():
    wards = join([("A", "W", 1.0)], "best fit", start="lsoa", end="ward")
    boroughs = join([("W", "Q", 1.0)], "exact", start="ward", end="borough")
    chain = then(wards, boroughs)
    assert (chain.from_edition, chain.to_edition, chain.kind) == ("lsoa", "borough", "best fit")
    assert chain.words == "From lsoa to ward. From ward to borough."
    assert chain.receipts == ("aa",)
    with pytest.raises(CannotJoin, match="a join to borough cannot be followed by one from ward"):
        then(chain, boroughs)


# --- anything ---------------------------------------------------------------------------------

AREAS = st.sampled_from("ABCDEF")
PIECES = st.dictionaries(
    st.tuples(AREAS, st.sampled_from("UVWXYZ")), st.integers(1, 100), min_size=1
).map(lambda found: [(a, b, n / 100) for (a, b), n in found.items()])
MONTHS = st.sampled_from(["2016-01", "2016-02"])


def slow_twin(pairs, smallest, table) -> dict[tuple[str, str], Fraction]:
    """The same with fractions and loops: drop slivers, make up to the whole, hand out."""
    pieces = defaultdict(dict)
    for start, end, share in pairs:
        pieces[start][end] = Fraction(share)
    found: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for month, area, count in table.iter_rows():
        largest = max(pieces[area].values())
        kept = {
            end: share
            for end, share in pieces[area].items()
            if share >= Fraction(smallest) or share == largest
        }
        for end, share in kept.items():
            found[month, end] += count * share / sum(kept.values())
    return dict(found)


@given(PIECES, st.sampled_from([0.0, 0.05, 0.3]), st.data())
def test_totals_are_kept_and_the_slow_twin_agrees(pairs, smallest, data):
    known = sorted({start for start, _, _ in pairs})
    cells = st.tuples(MONTHS, st.sampled_from(known), st.integers(0, 10_000))
    table = rows(*data.draw(st.lists(cells, min_size=1)))
    carried = join(pairs, smallest=smallest).carry(table)
    assert carried["count"].sum() == pytest.approx(table["count"].sum())
    told = {(month, area): count for month, area, count in carried.iter_rows()}
    slow = slow_twin(pairs, smallest, table)
    assert {key: float(value) for key, value in slow.items()} == pytest.approx(told)


@given(st.permutations("ABCDEF"), st.data())
def test_there_and_back_again_is_where_one_started(order, data):
    pairs = [(old, new.lower(), 1.0) for old, new in zip("ABCDEF", order, strict=True)]
    there = join(pairs, "exact")
    back = there.reversed()
    cells = st.tuples(MONTHS, AREAS, st.integers(0, 10_000))
    table = rows(*data.draw(st.lists(cells, min_size=1)))
    summed = table.group_by("month", "area").agg(pl.col("count").sum()).sort("month", "area")
    assert back.carry(there.carry(table)).equals(summed)
    chain = then(there, back)
    assert chain.carry(table).equals(summed)


@given(PIECES, PIECES)
def test_a_chain_keeps_the_total_and_is_the_two_steps_in_turn(first, second):
    one = join(first)
    # Every area that the first reaches must be one that the second knows.
    reached = sorted(set(one.shares["to"]))
    renamed = {old: reached[i % len(reached)] for i, old in enumerate("ABCDEF")}
    pieces = {(renamed[a], b): share for a, b, share in second}
    unknown = [(end, "Z", 1.0) for end in reached if end not in {a for a, _ in pieces}]
    known = [(a, b, share) for (a, b), share in pieces.items()]
    two = join([*known, *unknown], start="new", end="newer")
    table = rows(*(("2016-01", area, 10) for area in sorted(set(one.shares["from"]))))
    at_once = then(one, two).carry(table)
    in_turn = two.carry(one.carry(table))
    assert at_once["area"].to_list() == in_turn["area"].to_list()
    assert at_once["count"].to_list() == pytest.approx(in_turn["count"].to_list())
    assert at_once["count"].sum() == pytest.approx(table["count"].sum())
