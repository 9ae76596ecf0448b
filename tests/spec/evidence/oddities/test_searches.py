"""# Oddities of stop and search, on files made up in their shape"""

from __future__ import annotations

import polars as pl
from tests.spec.evidence.oddities.index import oddity
from tests.unit.evidence.readers.test_police_uk_files import MET, NAME, SEARCHES, search


@oddity(11)
def test_a_search_just_after_midnight_in_summer_belongs_to_londons_month(take_in, oddity):
    taken = take_in(NAME, SEARCHES + search("2015-03-31T23:00:00+00:00"))
    assert taken.count(level="force", area=MET, month="2015-04") == 1
    assert taken.receipt.first_month == "2015-04"


@oddity(12)
def test_a_month_in_either_coding_comes_to_the_same(take_in, oddity):
    before = search(found="Suspect arrested", self_defined="White - White British (W1)")
    since = search(
        found="Arrest",
        self_defined="White - English/Welsh/Scottish/Northern Irish/British",
    )
    both = [take_in(NAME, SEARCHES + row) for row in (before, since)]
    counted = [pl.read_parquet(t.store.tally(t.receipt.key)) for t in both]
    assert counted[0].equals(counted[1])
    assert both[0].rows["self_defined"].equals(both[1].rows["self_defined"])


@oddity(12)
def test_rows_in_another_order_come_to_the_same(take_in, oddity):
    rows = [search(), search(age="25-34"), search(gender="Female")]
    both = [take_in(NAME, SEARCHES + "".join(order)) for order in (rows, rows[::-1])]
    assert both[0].receipt.sha256 != both[1].receipt.sha256
    counted = [pl.read_parquet(t.store.tally(t.receipt.key)) for t in both]
    assert counted[0].equals(counted[1])


@oddity(13)
def test_what_a_search_does_not_say_is_said_to_be_missing_and_it_counts(take_in, oddity):
    bare = search(age="", gender="", seen="", sought="", found="").replace("51.5,-0.1", ",")
    young = search(age="under 10")
    taken = take_in(NAME, SEARCHES + bare + young + young)
    assert (taken.receipt.rows_kept, taken.count(level="force")) == (3, 3)
    assert "1 rows are equal to another in everything; all are counted" in taken.receipt.notes
    groups = taken.rows.filter(level="force")["group"].unique().to_list()
    assert any("age=Not stated" in group for group in groups)
    assert any("age=under 10" in group for group in groups)


@oddity(13)
def test_a_month_that_stops_halfway_is_not_all_there(take_in, oddity):
    days = "".join(search(f"2022-12-{day:02}T12:00:00+00:00") * 5 for day in range(1, 18))
    taken = take_in("2022-12-metropolitan-stop-and-search.csv", SEARCHES + days)
    assert taken.partial("2022-12").startswith("there is nothing from 18 to 31 December")
