"""data.police.uk as it came: totals against sums in plain Python that share no code with ours."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.known import as_known
from bluelamp.evidence.receipt import Receipt
from bluelamp.evidence.receive import Desk, Outcome, receive
from bluelamp.evidence.store import Store

MET, CITY = "E23000001", "E23000034"
PARTS = [
    "metropolitan-burglary/metropolitan-street-burglary-2010.zip",
    "metropolitan-burglary/metropolitan-street-burglary-2019.zip",
    "metropolitan-burglary/metropolitan-outcomes-burglary-2019.zip",
    "metropolitan-burglary/metropolitan-outcomes-burglary-2023.zip",
    "metropolitan-outcomes",
    "metropolitan-stop-and-search/metropolitan-stop-and-search-2015.zip",
    "metropolitan-stop-and-search/metropolitan-stop-and-search-2017.zip",
    "metropolitan-stop-and-search/metropolitan-stop-and-search-2022.zip",
    "metropolitan-stop-and-search/metropolitan-stop-and-search-2024.zip",
    "metropolitan-stop-and-search/older-release-2016-03_2017-04.zip",
    "metropolitan-api-by-ward",
]


@pytest.fixture(scope="module")
def police_uk(real_data: Path) -> Path:
    return real_data / "police-uk"


@pytest.fixture(scope="module")
def taken(police_uk: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, list[Outcome]]:
    store = Store(tmp_path_factory.mktemp("police-uk") / "store")
    paths = [police_uk / part for part in PARTS]
    return store, receive(store, Desk(definitions_root()), paths, on=date(2026, 11, 21))


@pytest.fixture(scope="module")
def known(taken: tuple[Store, list[Outcome]]) -> pl.DataFrame:
    """Of each unit the publication in force, and its state."""
    sources = Desk(definitions_root()).sources
    return as_known(taken[0], sources, on=date(2026, 11, 21), received_by=None).chosen


def rows_of(zipped: Path, beginning: str = "") -> Iterator[dict[str, str]]:
    with zipfile.ZipFile(zipped) as archive:
        for name in archive.namelist():
            if name.startswith(beginning):
                yield from csv.DictReader(io.StringIO(archive.read(name).decode()))


def receipts(store: Store, source: str) -> list[Receipt]:
    return [receipt for receipt in store.receipts() if receipt.source == source]


def tally(store: Store, source: str, **where: str) -> pl.DataFrame:
    found = [pl.read_parquet(store.tally(r.key)) for r in receipts(store, source)]
    return pl.concat(found).filter(**where)


def state(known: pl.DataFrame, source: str, month: str, level: str = "force") -> tuple[str, str]:
    row = known.filter(source=source, month=month, level=level).row(0, named=True)
    return row["state"], row["note"]


def test_every_file_is_kept_save_the_empty_answer(taken):
    _, outcomes = taken
    faults = [(o.name, o.reason) for o in outcomes if o.is_fault]
    assert [name for name, _ in faults] == ["london_month_2018_03.zip"]
    assert "area_E05000523_0.json: the file is empty" in faults[0][1]
    for receipt in taken[0].receipts():
        assert receipt.rows_read == receipt.rows_kept + receipt.rows_refused
        assert receipt.rows_refused == (1 if receipt.name == faults[0][0] else 0)


def test_burglary_is_known_month_by_month_though_all_crime_is_not(taken, known, police_uk):
    path = police_uk / "metropolitan-burglary/metropolitan-street-burglary-2019.zip"
    raw = Counter(row["Month"] for row in rows_of(path))
    ours = dict(
        tally(taken[0], "police-uk-street-burglary", area=MET, category="BURGLARY")
        .group_by("month").agg(pl.col("count").sum()).iter_rows()
    )  # fmt: skip
    assert {month: ours[month] for month in raw} == raw
    assert ours["2010-12"] == 7_897
    assert state(known, "police-uk-street-burglary", "2019-06") == ("known", "")
    assert known.filter(source="police-uk-street").is_empty()


def test_outcomes_are_those_of_the_file(taken, known, police_uk):
    path = police_uk / "metropolitan-outcomes/metropolitan-outcomes.zip"
    raw = Counter(row["Outcome type"].upper() for row in rows_of(path, "2019-04"))
    receipt = next(r for r in known.filter(source="police-uk-outcomes", month="2019-04")["receipt"])
    kept = pl.read_parquet(taken[0].tally(receipt)).filter(level="force")
    ours = kept.select("category", "count")
    assert dict(ours.iter_rows()) == dict(raw)
    assert sum(raw.values()) == 10_528


@pytest.mark.parametrize(
    ("month", "expected"),
    [("2012-01", "known"), ("2019-05", "known"), ("2020-02", "known"), ("2019-01", "partial"),
     ("2023-06", "partial")],
)  # fmt: skip
def test_outcomes_of_burglary_alone_are_never_those_of_all_crime(known, month, expected):
    found, note = state(known, "police-uk-outcomes", month)
    assert found == expected
    assert ("only some types of crime" in note) == (expected == "partial")


def test_repeats_of_a_crime_among_outcomes_are_counted_and_told_of(taken, police_uk):
    path = police_uk / "metropolitan-outcomes/metropolitan-outcomes.zip"
    ids = [row["Crime ID"] for row in rows_of(path, "2020-02")]
    (receipt,) = [
        r for r in receipts(taken[0], "police-uk-outcomes")
        if r.name.startswith("2020-02") and r.rows_read == len(ids)
    ]  # fmt: skip
    again = len(ids) - len(set(ids))
    assert receipt.notes[0] == f"{again:,} rows are of a crime that has another row in the file"


def test_searches_by_month_in_london_age_ethnicity_and_sex(taken, police_uk):
    path = police_uk / "metropolitan-stop-and-search/metropolitan-stop-and-search-2015.zip"
    london = ZoneInfo("Europe/London")
    raw: Counter[tuple[str, str]] = Counter()
    moved = 0
    for row in rows_of(path):
        at = datetime.strptime(row["Date"], "%Y-%m-%dT%H:%M:%S+00:00").replace(tzinfo=UTC)
        month = f"{at.astimezone(london):%Y-%m}"
        moved += month != row["Date"][:7]
        age, seen, sex = (
            row[name] or "Not stated"
            for name in ("Age range", "Officer-defined ethnicity", "Gender")
        )
        raw[(month, f"age={age}; ethnicity={seen}; sex={sex}")] += 1
    ours = (
        tally(taken[0], "police-uk-stop-and-search", area=MET)
        .filter(pl.col("month").is_in(list({month for month, _ in raw})))
        .group_by("month", "group").agg(pl.col("count").sum())
    )  # fmt: skip
    assert {(month, group): n for month, group, n in ours.iter_rows()} == dict(raw)
    assert moved > 100


def test_each_month_of_searches_lies_wholly_in_the_month_of_its_name(taken):
    for receipt in receipts(taken[0], "police-uk-stop-and-search"):
        assert receipt.first_month == receipt.last_month == receipt.name[:7]


def test_the_month_published_in_both_codings_is_the_same_in_one(taken, police_uk):
    both = [r for r in receipts(taken[0], "police-uk-stop-and-search") if "2017-04" in r.name]
    old, new = sorted(
        (pl.read_parquet(taken[0].typed(r.key)) for r in both),
        key=lambda rows: rows["self_defined_published"].str.contains("(W1)", literal=True).sum(),
        reverse=True,
    )
    published = [set(rows["self_defined_published"].drop_nulls()) for rows in (old, new)]
    assert not published[0] & published[1]
    counts = [Counter(rows["self_defined"]) for rows in (old, new)]
    assert counts[0] == counts[1]


def test_no_outcome_of_a_search_is_left_in_the_earlier_list(taken):
    rows = tally(taken[0], "police-uk-stop-and-search", area=MET)
    outcomes = {
        era: set(rows.filter(month)["subcategory"])
        for era, month in (
            ("before", pl.col("month") < "2018"),
            ("since", pl.col("month") > "2018"),
        )
    }
    # One had no successor; a warning is the only one that came to an end.
    assert outcomes["before"] - outcomes["since"] <= {
        "ARTICLE FOUND - DETAILED OUTCOME UNAVAILABLE", "KHAT OR CANNABIS WARNING"
    }  # fmt: skip


def test_december_2022_stops_on_the_17th_and_is_partial(known):
    found, note = state(known, "police-uk-stop-and-search", "2022-12")
    assert found == "partial"
    assert note == "there is nothing from 18 to 31 December, and 336 a day on the others"
    searches = known.filter(source="police-uk-stop-and-search", level="force")
    months = searches.filter(state="partial")["month"]
    assert months.to_list() == ["2022-12"]


def test_equal_searches_are_all_counted_and_told_of(taken, police_uk):
    path = police_uk / "metropolitan-stop-and-search/metropolitan-stop-and-search-2022.zip"
    rows = [tuple(row.values()) for row in rows_of(path, "2022-12")]
    equal = len(rows) - len(set(rows))
    (receipt,) = [r for r in receipts(taken[0], "police-uk-stop-and-search") if "2022-12" in r.name]
    assert receipt.notes[0] == f"{equal} rows are equal to another in everything; all are counted"
    assert receipt.rows_kept == len(rows)


@pytest.mark.parametrize(("month", "rows", "crimes"), [("06", 69_838, 66_468)])
def test_crimes_by_ward_are_counted_once(taken, police_uk, month, rows, crimes):
    path = police_uk / f"metropolitan-api-by-ward/london_month_2018_{month}.zip"
    wards: dict[int, set[str]] = defaultdict(set)
    read = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            for crime in json.loads(archive.read(name)):
                wards[crime["id"]].add(name.split("_")[5])
                read += 1
    assert (read, len(wards)) == (rows, crimes)
    raw = Counter(min(found) for found in wards.values())
    (receipt,) = [r for r in receipts(taken[0], "police-uk-crimes-by-ward") if month in r.name[-7:]]
    ours = pl.read_parquet(taken[0].tally(receipt.key)).filter(level="ward")
    counted = ours.group_by("area").agg(pl.col("count").sum()).filter(pl.col("count") > 0)
    assert dict(counted.iter_rows()) == dict(raw)
    assert receipt.notes == (
        f"{rows - crimes:,} rows are of a crime on the border of two wards, counted in the other",
    )


def test_boroughs_that_were_not_asked_for_are_missing_and_said_to_be(taken, known):
    for month in ("2018-01", "2018-03", "2018-06"):
        assert state(known, "police-uk-crimes-by-ward", month, "borough")[0] == "partial"
    rows = tally(taken[0], "police-uk-crimes-by-ward", level="borough")
    boroughs = set(rows["area"])
    for absent in ("E09000004", "E09000008", "E09000026", "E09000028"):  # Bexley, Croydon, ...
        assert absent not in boroughs
    assert "E09000003" in boroughs


def test_counts_by_small_area_that_others_made_are_left_alone(police_uk, tmp_path):
    path = police_uk / "london-lsoa-monthly-counts"
    store = Store(tmp_path / "store")
    found = receive(store, Desk(definitions_root()), [path], on=date(2026, 11, 21))
    assert {outcome.status for outcome in found} == {"not read"}
    assert any("never goes into a release" in outcome.reason for outcome in found)


def test_a_month_is_as_the_release_of_the_day_had_it(police_uk, tmp_path):
    """Later releases have the same crimes and, for most of them, another outcome."""
    city = police_uk / "city-of-london"
    old = "city-of-london-street-vintage-2023-08-alotaishanab.zip"
    new = "city-of-london-street-vintage-2024-10-hodsong.zip"
    desk, store = Desk(definitions_root()), Store(tmp_path / "store")
    receive(store, desk, [city / old, city / new], on=date(2026, 11, 21))
    outcomes = []
    for name, on in ((old, date(2023, 12, 31)), (new, date(2025, 12, 31))):
        raw = Counter(row["Last outcome category"] for row in rows_of(city / name, "2023-06"))
        chosen = as_known(store, desk.sources, on=on, received_by=None).chosen
        (receipt,) = chosen.filter(month="2023-06", scope=CITY)["receipt"].unique()
        for level in ("force", "borough"):
            kept = pl.read_parquet(store.tally(receipt)).filter(level=level)
            rows = kept.group_by("flag").agg(pl.col("count").sum())
            assert dict(rows.iter_rows()) == dict(raw)
        outcomes.append(raw)
    assert sum((outcomes[0] - outcomes[1]).values()) > 30
