"""# Oddities of street-level crime, on files made up in their shape"""

from __future__ import annotations

import json
import shutil
from datetime import date

import polars as pl
from tests.spec.evidence.oddities.index import oddity
from tests.unit.evidence.readers.test_police_uk_api import ABBEY, ALIBON, PAGE, crime, zipped
from tests.unit.evidence.readers.test_police_uk_files import (
    CITY,
    MET,
    OUTCOMES,
    STREET,
    WHOLE,
    outcome,
    street,
)

from bluelamp.evidence.known import as_known
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store

FILE = "2024-04-city-of-london-street.csv"
REBUILT = "police-uk-lsoa-counts-rebuilt-by-others"


@oddity(1)
def test_a_crime_without_an_id_is_a_crime(take_in, oddity):
    none = "".join(street("Burglary", id="", month="2011-06", outcome="") for _ in range(3))
    asb = street("Anti-social behaviour", id="", outcome="")
    taken = take_in(FILE, STREET + WHOLE + none + asb)
    assert (taken.receipt.rows_kept, taken.receipt.rows_refused) == (7, 0)
    assert taken.count(level="force", month="2011-06") == 3
    assert taken.count(level="force", category="ANTI-SOCIAL BEHAVIOUR") == 1


@oddity(1)
def test_crimes_of_the_railways_count_in_no_forces_total(take_in, oddity):
    row = street("Robbery", id="", force="British Transport")
    taken = take_in("2024-03-btp-street.csv", STREET + row)
    assert taken.outcome.status == "refused"
    assert "its records count in no force's total" in taken.outcome.reason


@oddity(2)
def test_a_crime_without_a_place_counts_in_its_force(take_in, oddity):
    nowhere = street("Burglary", place=",,No Location,,")
    no_area = street("Burglary", place="-0.09,51.515,On or near A,,")
    taken = take_in(FILE, STREET + WHOLE + nowhere + no_area)
    assert taken.receipt.rows_kept == 5
    assert taken.count(level="force", area=CITY, category="BURGLARY") == 2


@oddity(3)
def test_rows_that_share_an_id_all_count(take_in, oddity):
    rows = street("Burglary", id="same") + street("Robbery", id="same")
    assert take_in(FILE, STREET + WHOLE + rows).count(level="force") == 5
    both = outcome("Suspect charged", id="same") + outcome("Offender sent to prison", id="same")
    taken = take_in("2019-04-metropolitan-outcomes.csv", OUTCOMES + both)
    assert taken.count(level="force", area=MET) == 2
    assert "1 rows are of a crime that has another row in the file" in taken.receipt.notes


@oddity(4)
def test_a_crime_counts_in_the_force_that_recorded_it(take_in, oddity):
    away = street("Burglary", place="0.1,51.7,On or near A,E01021795,Epping Forest 001A")
    taken = take_in(FILE, STREET + WHOLE + away)
    assert taken.count(level="force", area=CITY, category="BURGLARY") == 1
    assert taken.receipt.rows_refused == 0
    assert taken.count(level="borough", category="BURGLARY", area="E09000001") == 0


@oddity(5)
def test_outcomes_of_every_year_are_taken_as_they_are_and_none_is_none(take_in, oddity):
    kinds = ["Offender sent to prison", "Status update unavailable",
             "Further investigation is not in the public interest", ""]  # fmt: skip
    rows = "".join(street("Burglary", id=f"i{n}", outcome=k) for n, k in enumerate(kinds))
    taken = take_in(FILE, STREET + WHOLE + rows)
    for kind in kinds:
        assert taken.count(level="force", category="BURGLARY", flag=kind) == 1, kind


@oddity(6)
def test_a_day_has_the_outcomes_that_were_published_by_then(door, oddity):
    for published, result in (("2023-08-01", "Under investigation"), ("2024-10-01", "Charged")):
        door.receive(f"{published}.csv", STREET + WHOLE + street("Burglary", outcome=result),
                     published=published)  # fmt: skip
    for day, result in (("2024-01-01", "Under investigation"), ("2025-01-01", "Charged")):
        rows = door.known(day).tally("police-uk-street", "force").filter(category="BURGLARY")
        assert rows["flag"].to_list() == [result]
        assert rows["count"].sum() == 1


@oddity(7)
def test_small_areas_of_both_editions_are_kept_as_published(take_in, oddity):
    old, new = "E01000001", "E01035722"
    rows = street("Burglary", place=f"-0.09,51.515,A,{old},City of London 001A")
    rows += street("Burglary", place=f"-0.09,51.515,A,{new},City of London 001H")
    taken = take_in(FILE, STREET + WHOLE + rows)
    assert taken.receipt.rows_kept == 5
    published = taken.rows.filter(level="force", category="BURGLARY")
    assert published["lsoa"].to_list() == [old, new]


@oddity(8)
def test_welsh_names_are_read_and_a_force_that_is_absent_has_no_month(take_in, oddity):
    welsh = street("Drugs", place="-3.1,51.6,On or near Tŷ Glas,W01001701,Cardiff 012C")
    taken = take_in(FILE, STREET + WHOLE + welsh)
    assert taken.receipt.rows_kept == 4
    coverage = pl.read_parquet(taken.store.coverage(taken.receipt.key))
    assert coverage.filter(level="force")["scope"].unique().to_list() == [CITY]


@oddity(9)
def test_a_crime_in_two_wards_counts_once_and_an_empty_answer_is_named(take_in, oddity):
    pages = {
        PAGE.format(ABBEY, 0): [crime(1)],
        PAGE.format(ABBEY, 1): [crime(2, outcome_status=None, persistent_id="")],
        PAGE.format(ALIBON, 0): [crime(1), crime(3)],
        PAGE.format("E05000028", 0): "",
    }
    taken = take_in("london_month_2018_06.zip", zipped(pages))
    assert taken.count(level="ward") == 3
    assert (taken.receipt.rows_read, taken.receipt.rows_refused) == (5, 1)
    assert "the file is empty" in taken.outcome.reason
    assert json.loads(taken.rows["latitude"].unique().item()) == 51.53


def rebuilt_counts(months: dict[str, int]) -> str:
    """Counts by small area, 12 in each of the first so many areas of a month."""
    lines = ["lsoa_code,lsoa_name,borough,category,year,month,crime_count"]
    for month, areas in months.items():
        year, number = month.split("-")
        lines += [f"E01{n + 1:06},x,x,Burglary,{year},{int(number)},12" for n in range(areas)]
    return "\n".join(lines) + "\n"


def counted(definitions, tmp_path):
    """Definitions by which counts that others rebuilt would be received and not left alone."""
    root = tmp_path / "definitions"
    shutil.copytree(definitions, root)
    path = root / f"sources/{REBUILT}.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ("reader: left_alone", "reader: long_table\ntable: {dated: year and month, "
         "cells: [{column: count, holds: count}]}"),
        ("name: lsoa,", "name: area,"),
        ("holds: reference", "holds: counts"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return Desk(root)


@oddity(10)
def test_a_month_in_which_a_third_of_the_small_areas_have_crimes_is_stopped(desk, tmp_path, oddity):
    """The file itself is left alone, for others made it; its shape is received here by a
    definition of the test's own, to see that the check would stop such months."""
    months = {"2023-05": 290, "2023-06": 90, "2023-07": 640, "2023-08": 830, "2023-09": 450}
    months |= {"2023-10": 950, "2023-11": 960, "2023-12": 850, "2024-01": 930, "2024-02": 910}
    path = tmp_path / "counts.csv"
    path.write_text(rebuilt_counts(months))
    (alone,) = receive(Store(tmp_path / "a"), desk, [path], on=date(2026, 11, 21))
    assert (alone.status, "never goes into a release" in alone.reason) == ("not read", True)
    store, here = Store(tmp_path / "b"), counted(desk.definitions, tmp_path)
    (outcome,) = receive(store, here, [path], on=date(2026, 11, 21))
    assert (outcome.status, outcome.receipt.rows_kept) == ("kept", sum(months.values()))
    known = as_known(store, here.sources, on=date(2026, 11, 21), received_by=None)
    states = dict(known.chosen.select("month", "state").iter_rows())
    stopped = [month for month, state in states.items() if state == "partial"]
    assert stopped == ["2023-05", "2023-06", "2023-07", "2023-09"]
    assert set(known.tally(REBUILT, "lsoa")["month"]).isdisjoint(stopped)
