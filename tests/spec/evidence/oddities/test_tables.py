"""# Oddities of the Metropolitan Police's tables, on files made up in their shape"""

from __future__ import annotations

import itertools
from datetime import date

import polars as pl
import pytest
from tests.spec.conftest import CATEGORIES
from tests.spec.evidence.oddities.index import oddity
from tests.unit.evidence.readers.test_mps_tables_files import (
    BARNET,
    BOROUGHS,
    DASHBOARD,
    MET,
    searched,
    small_areas,
    victims,
)

from bluelamp.evidence.revisions import changes, history

RECORDED, WESTMINSTER = "mps-recorded-crime", "E09000033"
WARDS = "MajorText,MinorText,WardName,WardCode,LookUp_BoroughName,{}\n"


def of_level(door, known_on, level, **where):
    rows = door.known(known_on).tally(RECORDED, level).filter(**where)
    return rows["count"].sum()


@oddity(14)
@pytest.mark.parametrize("column", ["BoroughName", "LookUp_BoroughName"])
@pytest.mark.parametrize(
    ("major", "minor", "system"),
    [
        ("Burglary", "Domestic Burglary", "groups until 2024"),
        ("BURGLARY", "RES BURGLARY OF A HOME", "groups since 2024"),
    ],
)
def test_the_column_and_the_groups_change_their_names(
    take_in, oddity, column, major, minor, system
):
    taken = take_in("b.csv", BOROUGHS.format(column) + f"{major},{minor},Barnet,4,7\n")
    assert taken.receipt.system == system
    assert taken.count(area=BARNET, category="BURGLARY", subcategory=minor.upper()) == 11


@oddity(14)
def test_a_name_cut_off_by_the_publisher_stays_as_it_is(take_in, oddity):
    cut = "POSSESSION OF ARTICLE WITH BLADE OR POINT - (NOT FOR USE I"
    taken = take_in("b.csv", BOROUGHS.format("BoroughName") + f"WEAPONS,{cut},Barnet,4,7\n")
    assert taken.count(subcategory=cut) == 11


@oddity(15)
def test_places_that_are_no_borough_count_in_the_force_and_in_no_borough(door, oddity):
    text = door.borough_file({"2023-06": 10})
    odd = ("London Heathrow and London City Airports", "Unknown", "Aviation Security (SO18)")
    text += "".join(f"BURGLARY,DOMESTIC BURGLARY,{name},5\n" for name in odd)
    assert door.receive("b.csv", text, published="2023-08-01").status == "kept"
    burglaries = of_level(door, "2024-01-01", "borough", category="BURGLARY")
    assert burglaries == 32 * 10 + 3 * 5
    assert door.figure("burglary", MET, "2023-06", "2024-01-01") == 32 * 10 + 3 * 5
    assert door.figure("burglary", BARNET, "2023-06", "2024-01-01") == 10


@oddity(15)
def test_boroughs_may_be_codes_and_the_city_has_no_row(take_in, door, oddity):
    taken = take_in("l.parquet", small_areas(("E01000115", BARNET, "ROBBERY", "x", 1, 2)))
    assert taken.count(within=BARNET) == 3
    door.receive("b.csv", door.borough_file({"2023-06": 10}), published="2023-08-01")
    known = door.known("2024-01-01").months(RECORDED, "borough")
    assert known["state"].to_list() == ["known"], "the City is not missed"


@oddity(16)
def test_each_revision_is_known_from_its_day_on_up_or_down(door, oddity):
    numbers = {"2023-08-01": 250, "2023-11-01": 249, "2024-02-01": 251}
    for day, number in numbers.items():
        text = door.borough_file({"2023-06": number})
        door.receive(f"{day}.csv", text, published=day)
        assert door.figure("recorded-crime", MET, "2023-06", day) == number * 320
    told = history(door.store, door.desk.sources, RECORDED, on=date(2026, 1, 1), month="2023-06")
    differences = [320 * (b - a) for a, b in itertools.pairwise(numbers.values())]
    assert told["change"].to_list() == [None, *differences]
    assert door.figure("recorded-crime", MET, "2023-06", "2023-12-01") == 249 * 320


@oddity(16)
def test_crimes_moved_by_a_new_system_of_categories_are_not_read_as_change(door, oddity):
    before = door.borough_file({"2021-06": 10}).replace("THEFT,", "Theft,")
    after = door.borough_file({"2021-06": 10}).replace(
        "THEFT,SHOPLIFTING,Westminster,10", "THEFT,SHOPLIFTING,Westminster,7"
    )
    after += "THEFT,SHOPLIFTING,Unknown,3\n"
    for day, text in (("2021-11-01", before), ("2025-08-01", after)):
        assert door.receive(f"{day}.csv", text, published=day).status == "kept"
    told = history(door.store, door.desk.sources, RECORDED, on=date(2026, 1, 1))
    assert told["change"].to_list() == [None, 0], "London's total stayed"
    assert len(set(told["system"])) == 2
    found = changes(door.store, told)
    assert found.filter(area=WESTMINSTER)["category"].to_list() == [""], "no theft was revised"


@oddity(17)
def test_each_level_keeps_its_own_total(door, oddity):
    door.receive("b.csv", door.borough_file({"2024-03": 10}), published="2024-05-01")
    ward = WARDS.format("202403") + "".join(
        f"{major},{minor},Barnet Vale,E05013628,Barnet,300\n" for major, minor in CATEGORIES.items()
    )
    door.receive("w.csv", ward, published="2024-05-01")
    assert of_level(door, "2024-06-01", "borough") == 3200
    assert of_level(door, "2024-06-01", "ward") == 3000
    assert door.figure("recorded-crime", MET, "2024-03", "2024-06-01") == 3200


@oddity(18)
def test_where_two_files_overlap_the_whole_month_stands_once(door, oddity):
    door.receive("h.csv", door.borough_file({"2024-01": 9, "2024-02": 10}), published="2026-03-01")
    door.receive("r.csv", door.borough_file({"2024-02": 1, "2024-03": 11}), published="2026-04-01")
    for month, number in (("2024-01", 9), ("2024-02", 10), ("2024-03", 11)):
        assert door.figure("recorded-crime", MET, month, "2026-04-30") == number * 320


@oddity(18)
def test_a_gap_between_two_files_is_no_zero(door, oddity):
    door.receive("h.csv", door.borough_file({"2024-01": 9}), published="2026-03-01")
    door.receive("r.csv", door.borough_file({"2024-03": 11}), published="2026-04-01")
    found = door.figure("recorded-crime", MET, "2024-02", "2026-04-30")
    assert not isinstance(found, float | int), found


@oddity(18)
def test_a_ward_is_its_code_whatever_names_and_boroughs_it_shares(take_in, oddity):
    """Two wards are called Highgate; one ward is listed under a borough that is not its own."""
    text = WARDS.format("202305") + (
        "THEFT,SHOPLIFTING,Highgate,E05013661,Camden,4\n"
        "THEFT,SHOPLIFTING,Highgate,E05013592,Haringey,7\r\n"
        "THEFT,SHOPLIFTING,Heathrow Villages,E05013570,Hillingdon,5\n"
        "THEFT,SHOPLIFTING,Heathrow Villages,E05013570,Hounslow,1\r\n"
    )
    taken = take_in("w.csv", text)
    assert taken.receipt.rows_refused == 0, taken.outcome.reason
    assert taken.count(area="E05013661", within="E09000007") == 4
    assert taken.count(area="E05013592", within="E09000014") == 7
    assert taken.count(area="E05013570", within="E09000017") == 6


@oddity(19)
def test_twins_in_case_are_one_and_a_misspelling_is_a_name(take_in, oddity):
    row = "2023-06-01,Borough,{},x,,DA,{},Offences,fy23-24,1,{},{}\n"
    taken = take_in(
        "d.csv",
        DASHBOARD
        + row.format("Barnet", "Domestic Abuse violence with injury", 3, "2023-08-21")
        + row.format("Barnet", "Domestic Abuse Violence with Injury", 4, "2023-09-22")
        + row.format("Other / NK", "Miscalleneous", 5, "2023-08-21"),
    )
    assert taken.count(category="DOMESTIC ABUSE VIOLENCE WITH INJURY") == 7
    assert taken.count(area="outside:unknown", category="MISCALLENEOUS") == 5
    assert taken.receipt.published_on == "2023-09-01", "of two dates the later"


@oddity(20)
def test_no_view_is_added_to_another(take_in, oddity):
    taken = take_in("v.parquet", victims((9, 9, 9)))
    assert taken.receipt.rows_kept == 3
    for scope in ("by place", "by age", "by ethnicity"):
        assert taken.count(level="force", scope=scope) == 9
    assert set(taken.rows["committed"]) == {"1954-09"}


VICTIMS = ("Count of Victims,Age Group,Sex,Method of Killing,Domestic Abuse,Recorded Date,"
           "Homicide Offence Type,Borough\n")  # fmt: skip


@oddity(21)
def test_spellings_of_the_homicide_list_are_one_borough_and_jan_03_is_a_month(take_in, oddity):
    names = ["Brent", "Brent ", "Kingston Upon Thames", "Hammersmith & Fulham"]
    rows = "".join(f"1,13 to19,Male,Knife,x,Jan-03,Murder,{name}\n" for name in names)
    taken = take_in("h.csv", VICTIMS + rows)
    assert taken.receipt.rows_refused == 0
    assert taken.count(area="E09000005", month="2003-01") == 2
    assert taken.count(area="E09000021") == taken.count(area="E09000013") == 1
    assert taken.receipt.first_month == "2003-01"


@oddity(21)
def test_codings_of_searches_come_to_one_and_a_month_of_copies_is_marked(take_in, oddity):
    codings = [{"sex": "M", "age_group": "18 or over"}, {"sex": "Male"}]
    taken = take_in("s.parquet", searched(*codings))
    assert taken.count(group="age=18 or over; ethnicity=Black; sex=Male") == 2
    unknown = take_in("u.parquet", searched({"sex": "V", "ethnic_appearance": "#N/A"}))
    assert unknown.count(group="age=18 or over; ethnicity=Not known; sex=Not known") == 1
    columns = ("positive_outcome_of_stop", "postive_outcome_of_stop", "positve_outcome")
    stacked = pl.concat([searched(column=column) for column in columns])
    assert take_in("t.parquet", stacked).partial("2026-02").startswith("the table holds the month")


@oddity(22)
def test_decimal_commas_two_dates_and_two_spellings_are_read(take_in, oddity):
    rows = [("31/3/2015", "Richmond Upon Thames"), ("31/03/2015", "City of Westminster"),
            ("31/12/2019", "Richmond upon Thames")]  # fmt: skip
    text = "Date;Survey;Borough;Measure;Proportion\r\n" + "".join(
        f"{day};PAS;{name};Trust MPS;0,{n}5\r\n" for n, (day, name) in enumerate(rows)
    )
    taken = take_in("p.csv", text)
    assert (taken.receipt.source, taken.receipt.rows_refused) == ("mopac-public-attitude-survey", 0)
    found = taken.rows.filter(level="borough").select("month", "area", "value").sort("value").rows()
    assert found == [
        ("2015-03", "E09000027", 0.05), ("2015-03", WESTMINSTER, 0.15),
        ("2019-12", "E09000027", 0.25),
    ]  # fmt: skip


@oddity(22)
def test_a_borough_that_is_two_groups_is_put_together_by_the_people_asked(take_in, oddity):
    header = ("year;gender;race;borough;mean_Q131;mean_Q133;count;total_surveys_borough;"
              "total_surveys_borough")  # fmt: skip
    row = "2020;Female;Asian;Barking {} Dagenham;{};1,0;{};40;40"
    text = "\n".join([header, row.format("&", "2,0", 10), row.format("and", "5,0", 20)])
    taken = take_in("df_pas_2020.csv", text.replace(",", ".") + "\n")
    assert taken.receipt.rows_refused == 0, taken.outcome.reason
    means = taken.rows.filter(pl.col("category") == "Q131")["value"].unique().to_list()
    assert means == [pytest.approx((2 * 10 + 5 * 20) / 30)]


@oddity(23)
def test_a_cell_with_a_line_end_and_a_footnote_is_one_cell(take_in, oddity):
    text = ("offence_group,code,name,year,severity_score,year_ending\n"
            "Robbery,E23000001,Metropolitan Police,\"Apr '02 to \nMar '03...4\",12.5,2003-03-31\n"
            "Robbery,E23000001,Metropolitan Police,\"Apr '03 to \nMar '04\",13.5,2004-03-31\n"
            )  # fmt: skip
    taken = take_in("severity.csv", text)
    assert (taken.receipt.rows_read, taken.receipt.rows_kept) == (2, 2)
    assert taken.rows.select("line", "month", "value").rows() == [
        (2, "2003-03", 12.5), (4, "2004-03", 13.5)
    ]  # fmt: skip
