"""Oddities 14 to 23, of tables, on the publishers' own files (see test_oddities.py)."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from tests.spec.evidence.oddities.index import oddity

from bluelamp.definitions import definitions_root
from bluelamp.evidence.receipt import Receipt
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.revisions import changes, history
from bluelamp.evidence.store import Store

MET, WESTMINSTER = "E23000001", "E09000033"
RECORDED = "mps-recorded-crime"
ON = date(2026, 11, 21)
JUNE_2023 = [81_599, 81_577, 81_613, 81_644, 81_660, 81_658, 81_686, 81_682]


@pytest.fixture(scope="module")
def releases(real_data: Path) -> Path:
    return real_data / "mps/recorded-crime-releases"


@pytest.fixture(scope="module")
def taken(received):
    """taken(name) -> the receipt of a file and its typed rows."""

    def of(name: str) -> tuple[Receipt, pl.DataFrame]:
        (outcome,) = [o for o in received[1] if o.name == name]
        assert outcome.receipt, outcome.reason
        return outcome.receipt, pl.read_parquet(received[0].typed(outcome.receipt.key))

    return of


def raw(path: Path, separator: str = ",") -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


@oddity(14)
def test_both_names_of_the_borough_and_both_systems_are_known(taken, releases, oddity):
    for name, column, system in (
        ("sa06840.borough-recent24.csv", "LookUp_BoroughName", "groups until 2024"),
        ("joanna.borough-recent24.csv", "BoroughName", "groups since 2024"),
    ):
        assert column in raw(releases / name)[0]
        receipt, rows = taken(name)
        assert (receipt.system, receipt.rows_refused) == (system, 0)
        assert all(text == text.upper() for text in rows["category"].unique())


@oddity(15)
def test_boroughs_come_and_go_and_the_unknown_is_a_place(taken, releases, oddity):
    name = "katerina.borough-recent24.csv"
    column = Counter(row["BoroughName"] for row in raw(releases / name))
    _receipt, rows = taken(name)
    assert len(column) == rows["area"].n_unique() == 34
    unknown = rows.filter(area="outside:unknown", month="2024-03")["count"].sum()
    assert unknown == sum(
        int(row["202403"]) for row in raw(releases / name) if row["BoroughName"] == "Unknown"
    )
    assert "E09000001" not in set(rows["area"]), "the City is never there"


@oddity(16)
def test_june_2023_goes_up_and_down(received, oddity):
    sources = Desk(definitions_root()).sources
    told = history(received[0], sources, RECORDED, on=ON, month="2023-06")
    borough = told.filter(pl.col("level") == "borough", pl.col("partial") == "")
    assert (
        borough.filter(pl.col("change").is_null() | (pl.col("change") != 0))["total"].to_list()
        == JUNE_2023
    )


@oddity(16)
def test_crimes_that_left_westminster_with_the_new_categories_are_no_change(
    releases, tmp_path, oddity
):
    store, desk = Store(tmp_path / "store"), Desk(definitions_root())
    names = ("adilsaid.borough-historical.csv", "joanna.borough-historical.csv")
    for name, thefts in zip(names, (1_713, 1_682), strict=True):
        rows = [r for r in raw(releases / name) if "Westminster" in str(r.values())]
        assert sum(int(r["202106"]) for r in rows if r["MajorText"].upper() == "THEFT") == thefts
    receive(store, desk, [releases / name for name in names], on=ON)
    told = history(store, desk.sources, RECORDED, on=ON, month="2021-06")
    before, after = told["total"].to_list()
    assert abs(after - before) < 0.001 * before, "London's total barely moved"
    assert told["system"].to_list() == ["groups until 2024", "groups since 2024"]
    moved = changes(store, told).filter(area=WESTMINSTER)
    assert moved["category"].to_list() == [""], "no kind of crime is said to have been revised"


@oddity(17)
def test_march_2024_has_three_totals_at_three_levels(taken, oddity):
    totals = {
        level: int(taken(f"recorded-crime-{name}.parquet")[1]
                   .filter(month="2024-03", level=level)["count"].sum())
        for level, name in (("borough", "borough"), ("ward", "ward"), ("lsoa", "lsoa"))
    }  # fmt: skip
    assert totals == {"borough": 77_049, "ward": 73_223, "lsoa": 71_366}


@oddity(18)
def test_recent_and_historical_files_meet_or_overlap(taken, real_data, oddity):
    tables = real_data / "mps/tables"
    months = {
        name: [c for c in pq.read_schema(tables / f"recorded-crime-{name}.parquet").names
               if c.isdigit()]
        for name in ("borough", "borough-historical", "ward", "ward-historical")
    }  # fmt: skip
    assert (months["borough-historical"][-1], months["borough"][0]) == ("202402", "202403")
    assert months["ward-historical"][-1] == months["ward"][0] == "202402"
    names: dict[str, set[str]] = defaultdict(set)
    for row in pq.read_table(tables / "recorded-crime-ward.parquet").to_pylist():
        names[row["wardname"]].add(row["wardcode"])
    assert len([name for name, codes in names.items() if len(codes) > 1]) == 10
    rows = taken("recorded-crime-ward.parquet")[1]
    assert set(rows["area"]) == set().union(*names.values())


@oddity(18)
def test_a_ward_under_two_boroughs_is_in_its_own(taken, real_data, oddity):
    path = real_data / "mps/tables/recorded-crime-ward-historical.parquet"
    boroughs: dict[str, set[str]] = defaultdict(set)
    for row in pq.read_table(path).to_pylist():
        boroughs[row["wardcode"]].add(row.get("boroughname") or row.get("lookup_boroughname"))
    (shared,) = [code for code, found in boroughs.items() if len(found) > 1]
    rows = taken(path.name)[1].filter(area=shared)
    assert rows["within"].n_unique() == 1


@oddity(18)
def test_files_end_their_lines_in_either_way_and_lose_no_row(taken, releases, oddity):
    for name, ends in (
        ("ijti.borough-historical.csv", b"\r\n"), ("joanna.borough-historical.csv", b"\n")
    ):  # fmt: skip
        data = (releases / name).read_bytes()
        assert (data.count(b"\r\n") > 0) == (ends == b"\r\n")
        assert taken(name)[0].rows_kept == data.count(b"\n") - 1


@oddity(19)
def test_the_dashboards_twins_are_one(taken, real_data, oddity):
    name = "monthly-crime-dashboard.v20260404.parquet"
    slow: Counter[str] = Counter()
    published = set()
    columns = ["crime_subtype", "area_type", "measure", "count"]
    for row in pq.read_table(real_data / "mps/tables" / name, columns=columns).to_pylist():
        published.add(row["crime_subtype"])
        if row["area_type"] == "Borough" and row["measure"] == "Offences":
            slow[row["crime_subtype"].strip().upper()] += row["count"]
    twins = "Domestic Abuse Violence with Injury"
    assert {text for text in published if text.lower() == twins.lower()} == {
        twins, "Domestic Abuse violence with injury"
    }  # fmt: skip
    rows = taken(name)[1].filter(level="borough", category=twins.upper(), flag="OFFENCES")
    assert rows["count"].sum() == slow[twins.upper()]


@oddity(20)
def test_views_of_victims_are_not_added_up(taken, oddity):
    rows = taken("vawg-victims.parquet")[1].filter(level="force")
    sums = dict(rows.group_by("scope").agg(pl.col("count").sum()).iter_rows())
    assert sums == dict.fromkeys(("by place", "by age", "by ethnicity"), 1_527_047)


@oddity(21)
def test_stray_spaces_in_the_homicide_list_lose_nobody(taken, real_data, oddity):
    name = "Homicides_2003_2023.csv"
    found = raw(real_data / "mps/homicide" / name)
    assert {"Brent ", "Brent"} <= {row["Borough"] for row in found}
    slow = sum(int(r["Count of Victims"]) for r in found if r["Borough"].strip() == "Brent")
    receipt, rows = taken(name)
    assert (receipt.rows_refused, receipt.first_month[:4]) == (0, "2003")
    assert rows.filter(area="E09000005")["count"].sum() == slow


@oddity(22)
@pytest.mark.parametrize(
    ("name", "separator"),
    [("PAS_Dashboard_Borough.csv", ","), ("PAS_boroughs_Q3_23-24.csv", ";")],
)
def test_proportions_with_commas_and_two_forms_of_date_are_read(
    taken, real_data, oddity, name, separator
):
    path = real_data / "surveys/public-attitude-survey" / name
    found = raw(path, separator)
    assert all("," in row["Proportion"] for row in found)
    assert {"31/3/2015", "31/03/2015"} & {row["Date"] for row in found}
    receipt, rows = taken(path.name)
    assert receipt.rows_kept == len(found)
    assert rows.filter(pl.col("value").is_between(0, 1)).height == rows.height
    assert rows.filter(level="borough")["area"].n_unique() == 32


@oddity(23)
def test_a_line_end_in_a_quoted_cell_is_no_new_row(real_data, tmp_path, oddity):
    path = real_data / "places/context/ons_crime_severity_score_by_area_2003_2022.csv"
    found = raw(path)
    assert any("\n" in row["year"] for row in found)
    store = Store(tmp_path / "store")
    (outcome,) = receive(store, Desk(definitions_root()), [path], on=ON)
    assert outcome.receipt is not None
    assert outcome.receipt.rows_kept == len(found) == 7_700
    years = pl.read_parquet(store.typed(outcome.receipt.key)).filter(area=MET)["month"].unique()
    assert min(years) == "2003-03"
