"""The 23 oddities, numbered as the list beside the real data has them, on the publishers' files.

The same numbers have tests on small made-up files in tests/spec/evidence/oddities, whose index
says each in a sentence and sees that none is left out.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.spec.evidence.oddities.index import oddity
from tests.spec.evidence.oddities.test_street_level import REBUILT, counted

from bluelamp.definitions import definitions_root
from bluelamp.evidence.known import as_known
from bluelamp.evidence.receipt import Receipt
from bluelamp.evidence.receive import Desk, Outcome, receive
from bluelamp.evidence.store import Store

MET, CITY = "E23000001", "E23000034"
ON = date(2026, 11, 21)
BURGLARY = "metropolitan-burglary/metropolitan-street-burglary-2010.zip"
SEARCHES = "metropolitan-stop-and-search/metropolitan-stop-and-search-2015.zip"
BOTH_CODINGS = (
    "metropolitan-stop-and-search/metropolitan-stop-and-search-2017.zip",
    "metropolitan-stop-and-search/older-release-2016-03_2017-04.zip",
)
WARDS = "metropolitan-api-by-ward/london_month_2018_03.zip"
CITY_RELEASE = "city-of-london-street-vintage-2023-08-alotaishanab.zip"
COUNTS = "techinesis-crime_snapshot-london_2008-2016_2023-2026.parquet"

Taken = Callable[..., list[tuple[Receipt, pl.DataFrame]]]


@pytest.fixture(scope="module")
def police_uk(real_data: Path) -> Path:
    return real_data / "police-uk"


@pytest.fixture(scope="module")
def store(police_uk: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, list[Outcome]]:
    """A few small files of police.uk; the Met's tables are in `received`, once for all tests."""
    made = Store(tmp_path_factory.mktemp("oddities") / "store")
    paths = [police_uk / part for part in (BURGLARY, SEARCHES, *BOTH_CODINGS, WARDS)]
    return made, receive(made, Desk(definitions_root()), paths, on=ON)


@pytest.fixture(scope="module")
def taken(store: tuple[Store, list[Outcome]]) -> Taken:
    """taken(source, part of the name) -> receipts and typed rows at the level of the force."""

    def of(source: str, named: str = "") -> list[tuple[Receipt, pl.DataFrame]]:
        receipts = [r for r in store[0].receipts() if r.source == source and named in r.name]
        assert receipts, (source, named)
        return [(r, pl.read_parquet(store[0].typed(r.key)).filter(level="force")) for r in receipts]

    return of


def rows_of(zipped: Path, beginning: str = "") -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    with zipfile.ZipFile(zipped) as archive:
        for name in archive.namelist():
            if name.startswith(beginning):
                found += csv.DictReader(io.StringIO(archive.read(name).decode()))
    return found


@oddity(1)
def test_burglaries_of_2010_have_no_id_and_all_count(taken, police_uk, oddity):
    raw = rows_of(police_uk / BURGLARY)
    assert {row["Crime ID"] for row in raw} == {""}
    ((receipt, rows),) = taken("police-uk-street-burglary")
    assert receipt.rows_kept == rows["count"].sum() == len(raw) == 7_897


def city_in_june_2023(received: tuple[Store, list[Outcome]], real_data: Path) -> Any:
    """The publisher's rows of one month of the City of London, and the typed ones of the force."""
    raw = rows_of(real_data / "police-uk/city-of-london" / CITY_RELEASE, "2023-06")
    (outcome,) = [
        o for o in received[1]
        if o.container == CITY_RELEASE and o.name == "2023-06-city-of-london-street.csv"
    ]  # fmt: skip
    assert outcome.receipt is not None
    rows = pl.read_parquet(received[0].typed(outcome.receipt.key)).filter(level="force")
    return raw, rows, outcome.receipt


@oddity(2)
def test_crimes_without_a_place_count_in_the_force(received, real_data, oddity):
    raw, rows, receipt = city_in_june_2023(received, real_data)
    nowhere = [row for row in raw if not row["LSOA code"]]
    assert {row["Location"] for row in nowhere} == {"No Location"}
    assert rows.filter(pl.col("lsoa").is_null()).height == len(nowhere) == 63
    assert (receipt.rows_refused, rows["count"].sum()) == (0, len(raw))


@oddity(3)
def test_ids_that_stand_twice_in_the_city_count_twice(received, real_data, oddity):
    name = CITY_RELEASE
    raw = rows_of(real_data / "police-uk/city-of-london" / name)
    ids = [row["Crime ID"] for row in raw if row["Crime ID"]]
    assert len(ids) > len(set(ids))
    counted = sum(r.rows_kept for r in received[0].receipts() if r.container == name)
    # A month that another release has in the very same bytes is kept under that one's name.
    again = sum(o.receipt.rows_kept for o in received[1] if o.again and o.container == name)
    assert counted + again == len(raw)


@oddity(4)
def test_crimes_in_another_district_are_the_forces_that_recorded_them(received, real_data, oddity):
    raw, rows, _ = city_in_june_2023(received, real_data)
    districts = Counter(row["LSOA name"][:-5] for row in raw)
    assert districts["Tower Hamlets"] == 11
    assert rows["area"].unique().to_list() == [CITY]
    assert rows.height == len(raw)


@oddity(5)
def test_there_is_no_outcome_in_2010_and_many_since(taken, received, oddity):
    ((_, rows),) = taken("police-uk-street-burglary")
    assert rows["flag"].unique().to_list() == [""]
    tally = as_known(received[0], Desk(definitions_root()).sources, on=ON, received_by=None).tally(
        "police-uk-street", "force"
    )
    found = {month[:4]: set(rows["flag"]) for (month,), rows in tally.group_by("month")}
    assert "Status update unavailable" in set().union(*found.values())
    assert "" in set().union(*found.values())


@oddity(6)
def test_outcomes_of_june_2023_are_those_that_were_published_by_the_day(received, oddity):
    sources = Desk(definitions_root()).sources
    found = []
    for day in (date(2023, 12, 31), date(2025, 12, 31)):
        known = as_known(received[0], sources, on=day, received_by=None)
        rows = known.tally("police-uk-street", "force").filter(month="2023-06", scope=CITY)
        found.append((rows["count"].sum(), Counter(dict(_by(rows, "flag")))))
    (before, outcomes), (after, later) = found
    assert (before, after) == (759, 759)
    assert sum((outcomes - later).values()) > 30


def _by(rows: pl.DataFrame, column: str) -> list[tuple[str, int]]:
    return list(rows.group_by(column).agg(pl.col("count").sum()).iter_rows())


@oddity(7)
def test_codes_of_small_areas_are_of_2011_in_old_files(taken, received, oddity):
    ((_, rows),) = taken("police-uk-street-burglary")
    assert str(rows["lsoa"].max()) <= "E01033746"
    later = [
        pl.read_parquet(received[0].typed(r.key))["lsoa"].max()
        for r in received[0].receipts()
        if r.source == "police-uk-street" and r.last_month >= "2024-01"
    ]
    assert max(str(code) for code in later) > "E01033768"


@oddity(8)
def test_other_forces_are_refused_in_words_and_three_are_not_there(police_uk, oddity):
    with zipfile.ZipFile(police_uk / "all-forces/all-forces-street-2024-04.zip") as archive:
        names = archive.namelist()
        gwent = next(name for name in names if "gwent" in name)
        welsh = archive.read(gwent)
    assert not any("nottinghamshire" in name or "greater-manchester" in name for name in names)
    rows = list(csv.DictReader(io.StringIO(welsh.decode())))
    assert {row["Context"] for row in rows} == {""}
    assert all(row["Falls within"] == row["Reported by"] for row in rows)
    assert any(row["LSOA code"].startswith("W01") for row in rows)


@oddity(9)
def test_the_empty_answer_is_named_and_a_crime_of_two_wards_counts_once(store, taken, oddity):
    (outcome,) = [o for o in store[1] if o.name == Path(WARDS).name]
    assert "area_E05000523_0.json: the file is empty" in outcome.reason
    receipt = outcome.receipt
    assert receipt is not None
    rows = pl.read_parquet(store[0].typed(receipt.key)).filter(level="ward")
    assert rows["count"].sum() == rows["id"].n_unique() < receipt.rows_kept


@oddity(10)
def test_months_of_a_third_of_the_counts_would_be_stopped(police_uk, tmp_path, oddity):
    """The file is left alone; read by a definition of the test's own, four months are stopped."""
    rows = pl.read_parquet(police_uk / "london-lsoa-monthly-counts" / COUNTS)
    path = tmp_path / "counts.parquet"
    where = ["lsoa_code", "lsoa_name", "borough", "year", "month"]
    recent = rows.filter(
        (pl.col("year") == 2023) | ((pl.col("year") == 2024) & (pl.col("month") <= 3))
    )
    together = recent.group_by(where).agg(pl.col("crime_count").sum(), category=pl.lit("All"))
    together.select(rows.columns).write_parquet(path)
    store, desk = Store(tmp_path / "store"), counted(definitions_root(), tmp_path)
    (alone,) = receive(Store(tmp_path / "a"), Desk(definitions_root()), [path], on=ON)
    assert alone.status == "not read"
    (outcome,) = receive(store, desk, [path], on=ON)
    assert outcome.status == "kept", outcome.reason
    chosen = as_known(store, desk.sources, on=ON, received_by=None).chosen
    stopped = chosen.filter(source=REBUILT, state="partial")["month"].to_list()
    assert stopped == ["2023-05", "2023-06", "2023-07", "2023-09"]


@oddity(11)
def test_a_search_of_31_march_2015_at_11_pm_utc_is_of_april(taken, police_uk, oddity):
    raw = rows_of(police_uk / SEARCHES, "2015-04")
    before = [row for row in raw if row["Date"].startswith("2015-03-31T23")]
    assert before
    ((receipt, rows),) = taken("police-uk-stop-and-search", "2015-04")
    assert (receipt.first_month, receipt.last_month) == ("2015-04", "2015-04")
    assert rows.height == len(raw)


@oddity(12)
def test_april_2017_comes_to_the_same_in_both_codings(taken, oddity):
    both = [rows for _, rows in taken("police-uk-stop-and-search", "2017-04")]
    assert len(both) == 2
    assert Counter(both[0]["self_defined"]) == Counter(both[1]["self_defined"])
    assert Counter(both[0]["subcategory"]) == Counter(both[1]["subcategory"])
    published = [set(rows["self_defined_published"].drop_nulls()) for rows in both]
    assert not published[0] & published[1]


@oddity(13)
def test_equal_searches_are_counted_and_blanks_are_said_to_be(taken, police_uk, oddity):
    raw = [tuple(row.values()) for row in rows_of(police_uk / SEARCHES, "2015-04")]
    ((receipt, rows),) = taken("police-uk-stop-and-search", "2015-04")
    equal = len(raw) - len(set(raw))
    assert f"{equal:,} rows are equal to another in everything; all are counted" in receipt.notes
    assert rows.height == len(raw)
    assert rows.filter(pl.col("group").str.contains("age=Not stated")).height > 0
    assert rows.filter(pl.col("longitude").is_null()).height > 0
