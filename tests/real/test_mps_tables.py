"""The Metropolitan Police's tables as they came: totals against sums in plain Python over the rows,
that share no code with ours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.known import as_known
from bluelamp.evidence.receive import Desk, Outcome, receive
from bluelamp.evidence.store import Store

LONDON, BARNET = "E23000001", "E09000003"
TABLES = [
    "business-crime-offences.v20260404", "business-crime-outcomes.v20260404", "custody", "homicide",
    "recorded-crime-lsoa", "stolen-animals", "thorough-searches", "vawg-offences", "vawg-victims",
]  # fmt: skip
SOURCES = [
    "mps-business-crime-offences", "mps-business-crime-outcomes", "mps-custody",
    "mps-homicide-suspects", "mps-recorded-crime-lsoa", "mps-stolen-animals",
    "mps-thorough-searches", "mps-vawg-offences", "mps-vawg-victims",
]  # fmt: skip


@pytest.fixture(scope="module")
def tables(real_data: Path) -> Path:
    return real_data / "mps/tables"


@pytest.fixture(scope="module")
def taken(tables: Path, received: tuple[Store, list[Outcome]]) -> tuple[Store, list[Outcome]]:
    """They are of the main job: what became of each then is told again."""
    store, paths = received[0], [tables / f"{name}.parquet" for name in TABLES]
    desk, on = Desk(definitions_root()), date(2026, 11, 21)
    outcomes = receive(store, desk, paths, on=on, wait=600)
    assert all(outcome.again for outcome in outcomes), "nothing is added to a store that is shared"
    return store, outcomes


@pytest.fixture(scope="module")
def chosen(taken: tuple[Store, list[Outcome]]) -> pl.DataFrame:
    sources = Desk(definitions_root()).sources
    return as_known(taken[0], sources, on=date(2026, 11, 21), received_by=None).chosen


def raw(tables: Path, name: str) -> Iterator[dict[str, Any]]:
    yield from pq.read_table(tables / f"{name}.parquet").to_pylist()


def ours(taken: tuple[Store, list[Outcome]], source: str, *by: str, **where: str) -> Counter:
    """Sums of one source's tally by some of its columns; a key of one column is bare."""
    (receipt,) = [o.receipt for o in taken[1] if o.receipt and o.receipt.source == source]
    rows = pl.read_parquet(taken[0].tally(receipt.key)).filter(**where)
    sums = rows.group_by(by).agg(pl.col("count").sum()).filter(pl.col("count") > 0)
    return Counter({row[0] if len(by) == 1 else row[:-1]: row[-1] for row in sums.iter_rows()})


def test_every_row_of_every_table_is_kept(taken, tables):
    assert [o.receipt.source for o in taken[1] if o.receipt] == SOURCES
    for outcome, name in zip(taken[1], TABLES, strict=True):
        assert outcome.status == "kept"
        rows = pq.read_metadata(tables / f"{name}.parquet").num_rows
        assert (outcome.receipt.rows_read, outcome.receipt.rows_kept) == (rows, rows)


def test_small_areas(taken, tables):
    by_area: Counter[str] = Counter()
    by_month: Counter[str] = Counter()
    for row in raw(tables, "recorded-crime-lsoa"):
        for month, n in row.items():
            if month.isdigit() and n:
                by_month[f"{month[:4]}-{month[4:]}"] += n
                by_area[row["lsoa_code"]] += n
    assert ours(taken, "mps-recorded-crime-lsoa", "area") == by_area
    assert ours(taken, "mps-recorded-crime-lsoa", "month") == by_month
    assert len(by_month) == 25


def test_three_levels_of_one_month_do_not_add_up_and_are_not_made_to(taken, tables):
    """March 2024: 77,049 by borough; small areas leave out sexual offences and fraud."""
    borough = sum(row["202403"] for row in raw(tables, "recorded-crime-borough"))
    small = ours(taken, "mps-recorded-crime-lsoa", "month")["2024-03"]
    assert (borough, small) == (77_049, 71_366)
    groups = {row["major_category"] for row in raw(tables, "recorded-crime-lsoa")}
    assert not groups & {"SEXUAL OFFENCES", "FRAUD AND FORGERY", "NFIB FRAUD"}


@pytest.mark.parametrize(
    ("source", "name", "total", "scopes"),
    [
        ("mps-vawg-offences", "vawg-offences", 1_612_003, {"by place", "by type"}),
        ("mps-vawg-victims", "vawg-victims", 1_527_047, {"by place", "by age", "by ethnicity"}),
    ],
)
def test_each_view_of_violence_against_women_and_girls(taken, chosen, tables, source, name, total,
                                                       scopes):  # fmt: skip
    months: Counter[str] = Counter()
    barnet = without = 0
    for row in raw(tables, name):
        if row["borough_name"] is None:
            without += 1
            continue
        months[f"{row['recorded_date_months']:%Y-%m}"] += row["count"]
        barnet += row["count"] if row["borough_name"] == "Barnet" else 0
    assert sum(months.values()) == total
    assert 97_000 <= without <= 99_000
    for scope in scopes:
        assert ours(taken, source, "month", level="force", scope=scope) == months
    for level in ("borough", "ward"):
        assert ours(taken, source, "month", level=level) == months
    assert ours(taken, source, "area", level="borough")[BARNET] == barnet
    units = chosen.filter(source=source)
    assert set(units.filter(level="force")["scope"]) == scopes
    assert "partial" not in set(units.filter(level="force")["state"])


def test_victims_by_age_and_by_ethnicity(taken, tables):
    found: Counter[str] = Counter()
    for row in raw(tables, "vawg-victims"):
        for key, column in (("age", "age_group"), ("ethnicity", "ethnic_appearance_group_group")):
            if row[column]:
                found[f"{key}={row[column].strip()}"] += row["count"]
    groups = ours(taken, "mps-vawg-victims", "group", level="force")
    del groups[""]
    assert groups == found


def test_offences_are_committed_up_to_a_lifetime_before_they_are_recorded(taken):
    (receipt,) = [o.receipt for o in taken[1] if o.receipt.source == "mps-vawg-offences"]
    committed = pl.read_parquet(taken[0].typed(receipt.key))["committed"]
    assert (committed.min(), committed.n_unique()) == ("1900-01", 833)


def test_custody(taken, tables):
    found: Counter[tuple[str, str]] = Counter()
    for row in raw(tables, "custody"):
        month = f"{row['current_disposal_year']}-{row['current_disposal_month']:02}"
        people = (f"age={row['age_group']}; ethnicity={row['ethnicity_4+1'].strip()}; "
                  f"sex={row['gender']}")  # fmt: skip
        found[(month, people)] += row["offence_count"]
    assert ours(taken, "mps-custody", "month", "group", area=LONDON) == found


def test_business_crime_by_month_and_borough(taken, tables):
    offences: Counter[tuple[str, str]] = Counter()
    for row in raw(tables, "business-crime-offences.v20260404"):
        offences[(row["date"][:7], row["crime_group"])] += row["business_crime_offence_count"]
    assert ours(taken, "mps-business-crime-offences", "month", "subcategory") == offences
    outcomes: Counter[str] = Counter()
    for row in raw(tables, "business-crime-outcomes.v20260404"):
        if row["borough"] == "Barnet":
            outcomes[row["positive_outcome"]] += row["outcome_count"]
    found = ours(taken, "mps-business-crime-outcomes", "flag", area=BARNET)
    assert (found["POSITIVE OUTCOME"], found["OTHER OUTCOME"]) == (outcomes["Y"], outcomes["N"])


def test_animals_and_the_months_that_do_not_say_how_many(taken, chosen, tables):
    found: Counter[str] = Counter()
    for row in raw(tables, "stolen-animals"):
        kind = (row["type_of_animal"] or "not recorded").strip().upper()
        found[kind] += row["count_of_stolen_animals"] or 0
    assert ours(taken, "mps-stolen-animals", "category") == +found
    partial = chosen.filter(source="mps-stolen-animals", state="partial")["month"]
    assert partial.to_list() == ["2023-09", "2023-11"]


def test_people_charged_with_homicide(taken, tables):
    found: Counter[str] = Counter()
    for row in raw(tables, "homicide"):
        found["20" + row["proceedings_date"][-2:]] += row["count_of_ppa"]
    years: Counter[str] = Counter()
    for month, n in ours(taken, "mps-homicide-suspects", "month").items():
        years[month[:4]] += n
    assert years == found


def test_most_months_of_thorough_searches_are_copies_and_are_not_counted(taken, chosen, tables):
    """Three spellings of one column are three releases: to 2022-08 each search stands twice."""
    spellings = ("positive_outcome_of_stop", "postive_outcome_of_stop", "positve_outcome")
    releases: dict[str, set[str]] = {}
    for row in raw(tables, "thorough-searches"):
        (spelling,) = [name for name in spellings if row[name] is not None]
        releases.setdefault(row["stop_date"][:7], set()).add(spelling)
    states = dict(
        chosen.filter(source="mps-thorough-searches").select("month", "state").iter_rows()
    )
    several = {month for month, found in releases.items() if len(found) > 1}
    assert len(several) == 61
    assert {states[month] for month in several} == {"partial"}
    assert [month for month, state in states.items() if state != "partial"] == ["2026-02"]
    assert ours(taken, "mps-thorough-searches", "month")["2026-02"] == 94


def test_what_others_cleaned_is_left_alone(real_data, tmp_path):
    store = Store(tmp_path / "store")
    paths = [real_data / "mps/student-cleaned-extracts"]
    found = receive(store, Desk(definitions_root()), paths, on=date(2026, 11, 21))
    assert len(found) == 5
    for outcome in found:
        assert outcome.status == "not read"
        assert "cleaned by others" in outcome.reason
        assert "never goes into a release" in outcome.reason
