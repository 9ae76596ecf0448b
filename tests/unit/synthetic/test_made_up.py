"""What the made-up London promises beyond its shapes: it is marked, whole, and consistent."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bluelamp.periods import Month, months_between
from bluelamp.places import Gazetteer, UnknownPlace
from bluelamp.places import gazetteer as gathered
from bluelamp.synthetic import write_london

from .conftest import London

STEM = "synthetic-mps-recorded-crime"


def table(london: London, name: str) -> pl.DataFrame:
    return pl.read_csv(london.file(f"{STEM}-{name}.csv"))


def months(frame: pl.DataFrame) -> list[Month]:
    return [Month.parse(column) for column in frame.columns if column.isdigit()]


def total(frame: pl.DataFrame, month: str) -> int:
    return int(frame[month].sum())


def test_every_file_says_that_it_is_synthetic(london: London) -> None:
    files = [path for path in london.folder.rglob("*") if path.is_file()]
    notice = london.folder / "SYNTHETIC.txt"
    files.remove(notice)
    assert len(files) == 13
    assert [path.name for path in files if "synthetic" not in path.name] == []
    words = notice.read_text(encoding="utf-8")
    assert "made-up london" in words.casefold()
    assert [t.what for t in london.truths if t.start and t.what not in words] == []


def test_it_is_small_enough_to_write_at_every_demo(london: London) -> None:
    assert sum(path.stat().st_size for path in london.folder.rglob("*")) < 30_000_000


def test_the_borough_tables_follow_on(london: London) -> None:
    historical, recent = table(london, "borough-historical"), table(london, "borough-recent")
    assert months(historical) == months_between(Month(2015, 4), Month(2024, 2))
    assert months(recent) == months_between(Month(2024, 3), Month(2026, 2))
    before = table(london, "borough-recent-three-months-before")
    assert months(before) == months_between(Month(2023, 12), Month(2025, 11))


def test_an_earlier_publication_differs_a_little_and_most_in_its_last_months(
    london: London,
) -> None:
    recent = table(london, "borough-recent")
    before = table(london, "borough-recent-three-months-before")
    key = ["MajorText", "MinorText", "BoroughName"]
    both = before.join(recent, on=key, suffix="_now", how="full", coalesce=True).fill_null(0)
    changed = {}
    for month in ("202403", "202511"):
        was, now = total(before, month), total(recent, month)
        assert was != now
        assert abs(was / now - 1) < 0.01
        changed[month] = int((both[month] - both[f"{month}_now"]).abs().sum())
    assert 0 < changed["202403"] < changed["202511"]


def test_the_city_is_not_in_the_mets_tables_and_places_outside_the_boroughs_are(
    london: London,
) -> None:
    for name in ("borough-historical", "borough-recent"):
        names = {*table(london, name)["BoroughName"]}
        assert len(names) == 34
        assert {"Unknown", "London Heathrow and London City Airports"} <= names
        assert "City of London" not in names


def test_residential_burglary_changes_its_name_and_not_its_level(london: London) -> None:
    historical = table(london, "borough-historical")
    old = historical.filter(MinorText="DOMESTIC BURGLARY")
    new = historical.filter(pl.col("MinorText").str.starts_with("RES BURGLARY"))
    assert total(old, "202305") == total(new, "202304") == 0
    assert 0.8 < total(new, "202305") / total(old, "202205") < 1.25


def test_one_month_by_ward_is_whole_in_one_file_and_partial_in_the_other(london: London) -> None:
    historical, recent = table(london, "ward-historical"), table(london, "ward-recent")
    assert months(historical) == months_between(Month(2021, 4), Month(2024, 2))
    assert months(recent) == months_between(Month(2024, 2), Month(2026, 2))
    assert total(historical, "202402") > 60_000
    partial = recent.filter(pl.col("202402") > 0)
    assert 10 < total(recent, "202402") < 80
    assert partial["LookUp_BoroughName"].n_unique() < 32


def test_wards_hold_most_of_their_borough_and_never_more(london: London) -> None:
    wards, boroughs = table(london, "ward-recent"), table(london, "borough-recent")
    assert wards["WardCode"].n_unique() == 679
    for name in ("Croydon", "Westminster"):
        placed = total(wards.filter(LookUp_BoroughName=name), "202601")
        counted = total(boroughs.filter(BoroughName=name), "202601")
        assert 0.9 < placed / counted < 1


@pytest.fixture(scope="module")
def dashboard(london: London) -> pl.DataFrame:
    return pl.read_parquet(london.file("synthetic-mps-monthly-dashboard.parquet"))


@pytest.fixture(scope="module")
def knife(london: London) -> pl.DataFrame:
    return pl.read_parquet(london.file("synthetic-mps-monthly-dashboard-knife.parquet"))


def test_the_dashboard_has_no_zero_rows_and_two_refresh_dates(dashboard: pl.DataFrame) -> None:
    assert dashboard["count"].min() == 1
    assert {str(when)[:10] for when in dashboard["refresh_date"]} == {"2026-02-02", "2026-02-21"}
    assert str(dashboard["month_year"].min())[:7] == "2019-04"
    assert str(dashboard["month_year"].max())[:7] == "2026-01"
    discharges = dashboard.filter(area_type="Borough", crime_subtype="Lethal Barrel Discharge")
    assert 0 < discharges.filter(measure="Offences").height < 33 * 82 / 2


def test_a_later_dashboard_holds_knife_crime_only(
    dashboard: pl.DataFrame, knife: pl.DataFrame
) -> None:
    assert {*knife["crime_type"]} == {"Knife Crime"}
    assert {str(when)[:10] for when in knife["refresh_date"]} == {"2026-03-18"}
    assert str(knife["month_year"].max())[:7] == "2026-02"
    assert knife["month_year"].n_unique() == 48
    line = {"area_type": "Borough", "crime_subtype": "Knife Crime", "measure": "Offences"}
    day = pl.datetime(2025, 6, 1)
    was = dashboard.filter(month_year=day, **line)["count"].sum()
    now = knife.filter(month_year=day, **line)["count"].sum()
    assert 1 < now / was < 1.02


def test_teams_add_up_to_boroughs_on_the_dashboard(knife: pl.DataFrame) -> None:
    sums = knife.group_by("month_year", "crime_subtype", "measure", "area_type").agg(
        pl.col("count").sum()
    )
    levels = sums.pivot("area_type", values="count")
    assert levels.height > 48 * 5
    assert levels["Borough"].equals(levels["Safer Neighbourhood Teams"])


def test_a_part_is_never_more_than_its_whole(dashboard: pl.DataFrame) -> None:
    offences = dashboard.filter(area_type="Borough", measure="Offences").pivot(
        "crime_subtype", index=["month_year", "borough_snt"], values="count"
    ).fill_null(0)  # fmt: skip
    for part, whole in (
        ("Knife Crime with Injury", "Knife Crime"),
        ("Knife Injury Victims (non DA 1-24)", "Knife Injury Victims (1-24)"),
        ("Racist Crime", "Hate crime"),
        ("Lethal Barrel Discharge", "Gun Crime"),
    ):
        assert (offences[part] <= offences[whole]).all()
        assert (offences[part] < offences[whole]).any()


def test_people_of_the_small_areas_add_up_to_their_borough(
    london: London, gazetteer: Gazetteer, lsoa_to_ward: dict[str, str]
) -> None:
    small = pl.read_csv(london.file("synthetic-lsoa21-residents.csv"))
    assert small.height == len(lsoa_to_ward)
    added: dict[str | None, float] = {}
    for lsoa, people in small.select("lsoa21_code", "total_residents").iter_rows():
        borough = gazetteer[lsoa_to_ward[lsoa]].parent
        added[borough] = added.get(borough, 0) + people
    census = pl.read_csv(london.file("synthetic-borough-population.csv")).filter(year=2021)
    assert added == dict(census.select("borough_code", "population").iter_rows())


def test_a_small_london_has_three_years(
    tmp_path: Path, gazetteer: Gazetteer, lsoa_to_ward: dict[str, str]
) -> None:
    truths = write_london(tmp_path, gazetteer=gazetteer, lsoa_to_ward=lsoa_to_ward, small=True)
    (historical,) = tmp_path.rglob(f"{STEM}-borough-historical.csv")
    assert months(pl.read_csv(historical)) == months_between(Month(2023, 3), Month(2024, 2))
    assert "sexual-offences" not in {truth.measure for truth in truths}


def test_too_few_months_are_refused(
    tmp_path: Path, gazetteer: Gazetteer, lsoa_to_ward: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=r"29 months.*30 or more.*earlier first_month"):
        write_london(
            tmp_path,
            gazetteer=gazetteer,
            lsoa_to_ward=lsoa_to_ward,
            first_month=Month(2023, 10),
        )
    assert list(tmp_path.iterdir()) == []


def test_a_london_that_ends_too_early_is_refused_and_the_earliest_is_written(
    tmp_path: Path, gazetteer: Gazetteer, lsoa_to_ward: dict[str, str]
) -> None:
    given = {"gazetteer": gazetteer, "lsoa_to_ward": lsoa_to_ward, "small": True}
    with pytest.raises(ValueError, match="ends in March 2023: choose a last_month of 2023-04"):
        write_london(tmp_path, last_month=Month(2023, 3), **given)
    assert list(tmp_path.iterdir()) == []
    write_london(tmp_path, last_month=Month(2023, 4), **given)
    (wards,) = tmp_path.rglob(f"{STEM}-ward-historical.csv")
    assert months(pl.read_csv(wards)) == [Month(2021, 4)]


def test_a_borough_without_a_small_area_is_refused(
    tmp_path: Path, gazetteer: Gazetteer, lsoa_to_ward: dict[str, str]
) -> None:
    lacking = {
        lsoa: ward for lsoa, ward in lsoa_to_ward.items() if gazetteer[ward].parent != "E09000029"
    }
    with pytest.raises(ValueError, match="no LSOA in Sutton"):
        write_london(tmp_path, gazetteer=gazetteer, lsoa_to_ward=lacking)
    assert list(tmp_path.iterdir()) == []


def test_a_ward_that_the_gazetteer_lacks_is_refused(
    tmp_path: Path, gazetteer: Gazetteer, lsoa_to_ward: dict[str, str]
) -> None:
    bare = gathered(area for area in gazetteer if area.parent != "E09000033")
    with pytest.raises(UnknownPlace, match="no area has the code 'E0501"):
        write_london(tmp_path, gazetteer=bare, lsoa_to_ward=lsoa_to_ward)
    assert list(tmp_path.iterdir()) == []
