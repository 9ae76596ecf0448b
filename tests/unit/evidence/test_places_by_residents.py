"""Sharing areas out by their residents: drawn, by a slow twin, and what cannot be shared."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.evidence.geography.by_residents import shares_by_residents
from bluelamp.evidence.geography.editions import WrongEdition
from bluelamp.evidence.geography.joining import CannotJoin, Join, shares_of, then


def join(pairs, kind="best fit", start="small", end="old", left_out=()) -> Join:
    """A join of (from, to) pairs, or of (from, to, share)."""
    columns = ["from", "to", "share"]
    rows = [(*pair, 1.0)[:3] for pair in pairs]
    table = pl.DataFrame(rows, schema=columns, orient="row")
    shares, dropped = shares_of(table, kind, 0.0, {"from": start, "to": end})
    return Join(start, end, kind, "a made-up look-up", "In words.", shares, (), dropped, left_out)


def people(**residents: int) -> pl.DataFrame:
    return pl.DataFrame({"area": list(residents), "residents": list(residents.values())})


#  small areas   a        b        c        d
#  residents     300      100      50       0
#  old wards     |------ old1 -----|--- old2 ---|
#  new wards     |- new1 -|------ new2 ------|
OLD = join([("a", "old1"), ("b", "old1"), ("c", "old2"), ("d", "old2")])
NEW = join([("a", "new1"), ("b", "new2"), ("c", "new2"), ("d", "new2")], end="new")
LIVED = people(a=300, b=100, c=50, d=0)


def test_an_old_ward_goes_where_its_people_are():
    assert shares_by_residents(LIVED, OLD, NEW).rows() == [
        ("old1", "new1", 0.75), ("old1", "new2", 0.25), ("old2", "new2", 1.0)
    ]  # fmt: skip


def test_a_small_area_that_was_divided_brings_its_people_in_parts():
    divided = join(
        [("a", "new1", 0.5), ("a", "new2", 0.5), ("b", "new2", 1.0), ("c", "new2", 1.0),
         ("d", "new2", 1.0)], "by area", end="new",
    )  # fmt: skip
    shares = shares_by_residents(LIVED, OLD, divided).filter(pl.col("from") == "old1")
    assert shares.rows() == [("old1", "new1", 0.375), ("old1", "new2", 0.625)]


def test_a_ward_whose_code_did_not_change_is_the_same_ward():
    """Small areas would put it elsewhere: the best fit is not exact at its edges."""
    shares = shares_by_residents(LIVED, OLD, NEW, unchanged=["old1"])
    assert shares.rows() == [("old1", "old1", 1.0), ("old2", "new2", 1.0)]


def test_a_ward_where_nobody_was_counted_is_not_joined():
    nobody = people(a=300, b=100, c=0, d=0)
    assert set(shares_by_residents(nobody, OLD, NEW)["from"]) == {"old1"}


def test_people_of_a_small_area_that_a_look_up_lacks_are_never_dropped():
    stray = people(a=300, z=1)
    with pytest.raises(WrongEdition, match=r"^z: not in the look-up from small to old"):
        shares_by_residents(stray, OLD, NEW)
    with pytest.raises(WrongEdition, match=r"^d: not in the look-up from small to new"):
        shares_by_residents(people(a=1, d=1), OLD, join([("a", "new1")], end="new"))


def test_what_an_area_is_made_of_must_be_known():
    with pytest.raises(CannotJoin, match="the join from small to old divides small areas"):
        shares_by_residents(LIVED, join([("a", "old1", 0.5), ("a", "old2", 0.5)], "by area"), NEW)


SMALL = "abcdefgh"


@given(
    st.lists(st.integers(0, 500), min_size=8, max_size=8).filter(any),
    st.lists(st.sampled_from("PQR"), min_size=8, max_size=8),
    st.lists(st.sampled_from("XYZ"), min_size=8, max_size=8),
)
def test_the_slow_twin_agrees_and_every_share_adds_to_one(residents, old, new):
    made = shares_by_residents(
        people(**dict(zip(SMALL, residents, strict=True))),
        join(zip(SMALL, old, strict=True)),
        join(zip(SMALL, new, strict=True), end="new"),
    )
    pieces: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    whole: dict[str, Fraction] = defaultdict(Fraction)
    for n, here, there in zip(residents, old, new, strict=True):
        pieces[here, there] += n
        whole[here] += n
    slow = {(a, b): float(n / whole[a]) for (a, b), n in pieces.items() if n}
    assert {(a, b): share for a, b, share in made.iter_rows()} == pytest.approx(slow)
    sums = made.group_by("from").agg(pl.col("share").sum())["share"].to_list()
    assert sums == pytest.approx([1.0] * len(sums))


# --- areas that nothing divides ----------------------------------------------------------------

TORN = join([("A", "P")], "exact", start="district", end="partnership", left_out=("B",))


def test_an_area_that_lies_in_several_is_named_and_never_dropped():
    table = pl.DataFrame({"area": ["A", "B"], "count": [1, 2]})
    with pytest.raises(
        CannotJoin, match=r"^B: each lies in several of partnership, and a made-up look-up does not"
    ):
        TORN.carry(table)
    assert TORN.carry(table.head(1)).rows() == [("P", 1)]


def test_a_chain_leaves_out_what_leads_to_an_area_that_is_left_out():
    before = join([("a", "A"), ("b", "B")], "exact", start="earlier", end="district")
    chain = then(before, TORN)
    assert chain.left_out == ("b",)
    assert chain.shares["from"].to_list() == ["a"]
