"""Each file has the shape of the publisher's: held to the real ones where they are at hand."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from .conftest import London

PLACE = ["borough_snt", "area_name", "area_code"]
PAIR = ["MajorText", "MinorText"]
STREET_ZIP = "synthetic-police-uk-street.zip"


class Like(NamedTuple):
    """A file of ours and the publisher's file that it imitates."""

    ours: str
    real: str
    separator: str = ","


LIKE = [
    Like(
        "synthetic-mps-recorded-crime-borough-historical.csv",
        "mps/recorded-crime-releases/katerina.borough-historical.csv",
    ),
    Like(
        "synthetic-mps-recorded-crime-borough-recent.csv",
        "mps/recorded-crime-releases/joanna.borough-recent24.csv",
    ),
    Like(
        "synthetic-mps-recorded-crime-borough-recent-three-months-before.csv",
        "mps/recorded-crime-releases/katerina.borough-recent24.csv",
    ),
    Like(
        "synthetic-mps-recorded-crime-ward-recent.csv",
        "mps/recorded-crime-releases/maxklein.mpscrime.csv",
    ),
    Like("synthetic-mps-homicide-victims.csv", "mps/homicide/Homicides_2003_2023.csv"),
    Like(
        "synthetic-pas-dashboard-borough.csv",
        "surveys/public-attitude-survey/PAS_Dashboard_Borough.csv",
    ),
    Like("synthetic-pas-total.csv", "surveys/public-attitude-survey/PAS_Total.csv", ";"),
    Like(
        "synthetic-borough-population.csv",
        "places/population/london_borough_population_2019_2024_ons_mye.csv",
    ),
    Like(
        "synthetic-lsoa21-residents.csv",
        "places/population/london_lsoa21_ethnicity_census2021.csv",
    ),
]


def header(path: Path, separator: str) -> list[str]:
    """The columns that are not months: which months a table has is its own affair."""
    with path.open(newline="", encoding="utf-8") as file:
        names = next(csv.reader(file, delimiter=separator))
    # Publications of the same table call one column by either name.
    return [name.removeprefix("LookUp_") for name in names if not name.isdigit()]


def line_end(path: Path) -> bytes:
    return b"\r\n" if b"\r\n" in path.read_bytes()[:20_000] else b"\n"


@pytest.mark.parametrize("like", LIKE, ids=[like.ours for like in LIKE])
def test_columns_and_line_ends_are_the_publishers(london: London, shared: Path, like: Like) -> None:
    ours, real = london.file(like.ours), shared / "data" / like.real
    assert header(ours, like.separator) == header(real, like.separator)
    assert line_end(ours) == line_end(real)


def test_the_dashboard_has_the_publishers_columns_types_and_lines(
    london: London, shared: Path
) -> None:
    tables = shared / "data/mps/tables"
    for ours, real in (
        ("synthetic-mps-monthly-dashboard.parquet", "monthly-crime-dashboard.v20260404.parquet"),
        ("synthetic-mps-monthly-dashboard-knife.parquet", "monthly-crime-dashboard.parquet"),
    ):
        mine, theirs = pl.read_parquet(london.file(ours)), pl.read_parquet(tables / real)
        assert mine.schema == theirs.schema
        named = ["crime_type", "crime_subtype", "measure"]
        boroughs = [table.filter(area_type="Borough") for table in (mine, theirs)]
        assert {*boroughs[0].select(named).rows()} == {*boroughs[1].select(named).rows()}
        assert {*mine["area_type"]} == {*theirs["area_type"]}
        assert {*mine["sheet"]} == {*theirs["sheet"]}
        places = [
            {*table.filter(pl.col("area_code").str.starts_with("E09")).select(PLACE).rows()}
            for table in boroughs
        ]
        assert places[0] == places[1]


def test_the_categories_are_those_of_the_real_tables(london: London, shared: Path) -> None:
    real: set[tuple[str, str]] = set()
    for name in ("recorded-crime-borough-historical", "recorded-crime-borough"):
        table = pl.read_parquet(shared / f"data/mps/tables/{name}.parquet")
        real |= {*table.select("majortext", "minortext").rows()}
    ours: set[tuple[str, str]] = set()
    for name in ("historical", "recent"):
        table = pl.read_csv(london.file(f"synthetic-mps-recorded-crime-borough-{name}.csv"))
        ours |= {*table.select(PAIR).rows()}
    assert ours == real


def test_boroughs_are_spelt_as_in_the_real_tables(london: London, shared: Path) -> None:
    real = pl.read_parquet(
        shared / "data/mps/tables/recorded-crime-borough-historical.parquet",
        columns=["boroughname"],
    )
    ours = pl.read_csv(london.file("synthetic-mps-recorded-crime-borough-historical.csv"))
    assert {*ours["BoroughName"]} == {*real["boroughname"]}


def test_wards_are_those_of_the_real_tables(london: London, shared: Path) -> None:
    real = pl.read_parquet(shared / "data/mps/tables/recorded-crime-ward.parquet")
    ours = pl.read_csv(london.file("synthetic-mps-recorded-crime-ward-recent.csv"))
    assert {*ours["WardCode"]} == {*real["wardcode"]}
    assert {*ours["LookUp_BoroughName"]} == {*real["lookup_boroughname"]}


@pytest.mark.parametrize(
    "column",
    [
        "Age Group",
        "Sex",
        "Method of Killing",
        "Domestic Abuse",
        "Homicide Offence Type",
        "Solved Status",
        "Borough",
        "Officer Observed Ethnicity",
    ],
)
def test_homicide_victims_are_described_in_the_publishers_words(
    london: London, shared: Path, column: str
) -> None:
    real = _text(shared / "data/mps/homicide/Homicides_2003_2023.csv")
    ours = _text(london.file("synthetic-mps-homicide-victims.csv"))
    strange = {*ours[column]} - {*real[column]}
    assert strange == set()


def test_homicide_victims_have_the_publishers_trailing_spaces(london: London) -> None:
    boroughs = {*_text(london.file("synthetic-mps-homicide-victims.csv"))["Borough"]}
    assert "Ealing " in boroughs
    assert "Ealing" not in boroughs
    assert {"Hammersmith & Fulham", "Kingston Upon Thames"} <= boroughs


def test_the_survey_asks_the_publishers_questions_in_his_boroughs(
    london: London, shared: Path
) -> None:
    folder = shared / "data/surveys/public-attitude-survey"
    real = _text(folder / "PAS_boroughs_Q3_23-24.csv", ";")
    ours = _text(london.file("synthetic-pas-dashboard-borough.csv"))
    for column in ("Survey", "Borough", "Measure"):
        assert {*ours[column]} == {*real[column]}
    assert ours["Proportion"].str.contains(r"^(0|0,\d\d?|1)$").all()
    assert ours["Proportion"].str.contains(",").mean() > 0.99


def test_street_records_have_the_publishers_columns_and_words(london: London, shared: Path) -> None:
    folder = shared / "data/police-uk/city-of-london"
    with zipfile.ZipFile(folder / "city-of-london-street-vintage-2024-10-hodsong.zip") as archive:
        real = pl.concat(_member(archive, name) for name in archive.namelist())
    with zipfile.ZipFile(london.file(STREET_ZIP)) as archive:
        ours = pl.concat(_member(archive, name) for name in archive.namelist())
    assert ours.columns == real.columns
    for column in ("Crime type", "Last outcome category"):
        assert {*ours[column]} <= {*real[column]}


def test_a_street_zip_holds_both_forces_for_two_years(london: London) -> None:
    with zipfile.ZipFile(london.file(STREET_ZIP)) as archive:
        names = archive.namelist()
        latest = _member(archive, "2026-02-city-of-london-street.csv")
    assert len(names) == len(set(names)) == 48
    assert names[0] == "2024-03-city-of-london-street.csv"
    assert names[-1] == "2026-02-metropolitan-street.csv"
    assert {*latest["Falls within"]} == {"City of London Police"}
    antisocial = latest.filter(pl.col("Crime type") == "Anti-social behaviour")
    assert antisocial["Crime ID"].null_count() == antisocial.height > 0
    placeless = latest.filter(pl.col("Location") == "No Location")
    assert placeless["LSOA code"].null_count() == placeless.height > 0
    named = latest["Crime ID"].drop_nulls()
    assert named.n_unique() < len(named)


def _text(path: Path, separator: str = ",") -> pl.DataFrame:
    return pl.read_csv(path, separator=separator, infer_schema=False, truncate_ragged_lines=True)


def _member(archive: zipfile.ZipFile, name: str) -> pl.DataFrame:
    return pl.read_csv(io.BytesIO(archive.read(name)), infer_schema=False)
