"""The Metropolitan Police's tables. Each oddity of them is a case; frames are written as Parquet,
as the tables come."""

from __future__ import annotations

import polars as pl
import pytest

MET, BARNET, CROYDON = "E23000001", "E09000003", "E09000008"


# Recorded crime: small areas, and the oddities of the borough and ward tables.


def small_areas(*rows: tuple[str, str, str, str, int, int]) -> pl.DataFrame:
    """(LSOA, borough, major, minor, May, June)."""
    names = ["lsoa_code", "borough", "major_category", "minor_category", "202305", "202306"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(lsoa_name=pl.lit("Barnet 1"))


def test_a_small_area_counts_in_itself_within_its_borough(take_in):
    taken = take_in(
        "lsoa.parquet",
        small_areas(
            ("E01000115", BARNET, "BURGLARY", "BURGLARY - RESIDENTIAL", 2, 0),
            ("E01000115", BARNET, "ROBBERY", "ROBBERY OF PERSONAL PROPERTY", 0, 3),
            ("E01000116", BARNET, "BURGLARY", "BURGLARY - RESIDENTIAL", 0, 0),
        ),
    )
    assert taken.receipt.source == "mps-recorded-crime-lsoa"
    assert taken.receipt.system == "groups since 2024"
    assert taken.count(level="lsoa", within=BARNET, area="E01000115", month="2023-06") == 3
    # Nought is not kept cell by cell, but each area that the table lists stays listed.
    assert taken.rows.filter(area="E01000116").select("month", "count").sort("month").rows() == [
        ("2023-05", 0), ("2023-06", 0)
    ]  # fmt: skip
    assert taken.rows.height == 5
    assert taken.partial("2023-05").startswith("the file has nothing under ARSON")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("Barnet 001A", BARNET, "ROBBERY", "x", 1, 1), "'Barnet 001A' is not the code of a small"),
        (("E01000117", "Aviation Security (SO18)", "ROBBERY", "x", 1, 1),
         "'Aviation Security (SO18)' is not the code of a London borough"),
        (("E01000117", BARNET, "ROBBERY", "x", -1, 1), "'-1' in 202305 is not a count"),
    ],
)  # fmt: skip
def test_a_small_area_that_is_none_is_refused(take_in, row, words):
    good = ("E01000115", BARNET, "ROBBERY", "x", 1, 1)
    taken = take_in("lsoa.parquet", small_areas(good, row))
    assert (taken.receipt.rows_kept, taken.receipt.rows_refused) == (1, 1)
    assert words in taken.receipt.refusals[0].reason


def test_a_small_area_that_stands_twice_counts_not_at_all(take_in):
    row = ("E01000115", BARNET, "ROBBERY", "x", 1, 1)
    other = ("E01000116", BARNET, "ROBBERY", "x", 5, 5)
    taken = take_in("lsoa.parquet", small_areas(row, row, other))
    assert (taken.count(), taken.receipt.rows_refused) == (10, 2)


BOROUGHS = "MajorText,MinorText,{},202305,202306\n"


@pytest.mark.parametrize("column", ["BoroughName", "LookUp_BoroughName", "lookup_boroughname"])
def test_the_boroughs_column_has_had_two_names(take_in, column):
    taken = take_in("b.csv", BOROUGHS.format(column) + "Burglary,Domestic Burglary,Barnet,4,7\n")
    assert taken.count(area=BARNET, month="2023-06", category="BURGLARY") == 7


@pytest.mark.parametrize(
    ("category", "system"), [("Burglary", "groups until 2024"), ("BURGLARY", "groups since 2024")]
)
def test_its_case_tells_the_system_of_categories(take_in, category, system):
    taken = take_in("b.csv", BOROUGHS.format("BoroughName") + f"{category},x,Barnet,4,7\n")
    assert taken.receipt.system == system


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("London Heathrow and London City Airports", "outside:airports"),
        ("Unknown", "outside:unknown"),
        ("Aviation Security (SO18)", "outside:aviation-security"),
        ("City of Westminster", "E09000033"),
        ("Kingston Upon Thames", "E09000021"),
        ("Barking & Dagenham", "E09000002"),
        ("Brent ", "E09000005"),
    ],
)
def test_places_outside_the_boroughs_and_spellings_have_codes(take_in, name, code):
    taken = take_in("b.csv", BOROUGHS.format("BoroughName") + f"BURGLARY,x,{name},4,7\n")
    assert taken.count(area=code, within=MET) == 11


def test_mixed_line_ends_are_no_fault(take_in):
    text = BOROUGHS.format("BoroughName") + "BURGLARY,x,Barnet,4,7\r\nROBBERY,x,Barnet,0,1\n"
    assert take_in("b.csv", text).count(area=BARNET) == 12


# The dashboard.

DASHBOARD = ("month_year,area_type,borough_snt,area_name,area_code,crime_type,crime_subtype,"
             "measure,financial_year,fy_fyindex,count,refresh_date\n")  # fmt: skip


def test_the_dashboards_twins_in_case_are_one_and_its_nowhere_is_a_place(take_in):
    taken = take_in(
        "d.csv",
        DASHBOARD
        + "2023-06-01,Borough,Barnet,Barnet,,DA,Domestic Abuse violence with injury,Offences,"
        "fy23-24,1,3,2023-08-21\n"
        "2023-06-01,Borough,Barnet,Barnet,,DA,Domestic Abuse Violence with Injury,Offences,"
        "fy23-24,1,4,2023-08-22\n"
        "2023-06-01,Borough,Other / NK,NK,,DA,Miscalleneous,Offences,fy23-24,1,5,2023-08-21\n",
    )
    assert taken.count(area=BARNET, category="DOMESTIC ABUSE VIOLENCE WITH INJURY") == 7
    assert taken.count(area="outside:unknown", category="MISCALLENEOUS") == 5
    assert taken.receipt.published_on == "2023-08-01"  # of two dates the later


# Violence against women and girls.


def vawg(**columns: list[object]) -> pl.DataFrame:
    n = len(columns["count"])
    fixed = {
        "bcu_location": [None] * n,
        "borough_name": [None] * n,
        "ward_name_clean_2": [None] * n,
        "recorded_date_months": ["2024-01-01 00:00:00"] * n,
        "date_committed_from_date_months": ["1954-09-01 00:00:00"] * n,
    }
    return pl.DataFrame({**fixed, **columns}, strict=False)


def victims(counts: tuple[int, int, int], place: str = "Barnet", ward: str | None = "Barnet Vale"):
    return vawg(
        count=list(counts),
        borough_name=[place, None, None],
        ward_name_clean_2=[ward, None, None],
        age_group=[None, "Aged 10 to 19 years", None],
        ethnic_appearance_group_group=[None, None, "Black"],
    )


def test_three_views_of_the_same_victims_are_kept_apart(take_in):
    taken = take_in("v.parquet", victims((9, 9, 9)))
    assert taken.receipt.source == "mps-vawg-victims"
    assert (taken.receipt.rows_read, taken.receipt.rows_kept) == (3, 3)
    assert taken.count(level="borough", area=BARNET, scope="by place") == 9
    assert taken.count(level="ward", area="E05013628", within=BARNET) == 9
    assert taken.count(level="force", scope="by place") == 9
    assert taken.count(level="force", scope="by age", group="age=Aged 10 to 19 years") == 9
    assert taken.count(level="force", scope="by ethnicity", group="ethnicity=Black") == 9
    assert taken.partial("2024-01") == ""
    assert set(taken.rows["committed"]) == {"1954-09"}


def test_views_that_do_not_come_to_the_same_leave_the_month_incomplete(take_in):
    words = "the table's views do not come to the same: 8 by age, 9 by ethnicity, 9 by place"
    assert take_in("v.parquet", victims((9, 8, 9))).partial("2024-01") == words


@pytest.mark.parametrize(
    ("place", "ward", "borough", "code"),
    [
        ("Barnet", "N/K", BARNET, "outside:ward-unknown"),
        ("Barnet", None, BARNET, "outside:ward-unknown"),
        ("Other", "Heathrow Villages", "outside:unknown", "outside:ward-unknown"),
        # Ten names are those of wards in two boroughs.
        ("Croydon", "Woodside", CROYDON, "E05011489"),
    ],
)
def test_a_ward_is_found_within_its_borough_or_not_at_all(take_in, place, ward, borough, code):
    taken = take_in("v.parquet", victims((1, 1, 1), place, ward))
    assert taken.count(level="borough", area=borough) == 1
    assert taken.count(level="ward", area=code) == 1


def test_offences_by_type_are_known_for_the_force_alone(take_in):
    taken = take_in(
        "o.parquet",
        vawg(
            count=[4, 4],
            borough_name=["Barnet", None],
            crimsec_group=[None, "Rape"],
            crimseccodeexpansion=[None, "Rape of a female aged 16 and over"],
            crimsec_offences=[None, "Rape"],
            vawg_offence=[None, "Rape of a Female aged 16 and over"],
        ),
    )
    assert taken.receipt.source == "mps-vawg-offences"
    assert taken.count(category="RAPE", level="force", scope="by type") == 4
    assert taken.count(category="RAPE", level="borough") == 0
    assert taken.count(category="ALL", level="borough", area=BARNET) == 4


def test_a_row_of_no_view_is_refused(take_in):
    frame = pl.concat([victims((1, 1, 1)), victims((1, 1, 1), None, None)[:1]])
    taken = take_in("v.parquet", frame)
    assert [r.reason for r in taken.receipt.refusals] == [
        "the row says neither where nor what nor whom it counts"
    ]


# Custody.


def custody(**cells: object) -> pl.DataFrame:
    row = {
        "current_disposal_year": 2021, "current_disposal_month": 3,
        "current_disposal_month_name": "March", "gender": "Female", "age_group": "Child",
        "ethnicity_4+1": "Other ", "offence_group": "Assault", "current_disposal": "Police Bail",
        "offence_count": 56, "sheet": "Disposals",
    }  # fmt: skip
    return pl.DataFrame([row, {**row, "offence_group": "Murder", **cells}])


def test_custody_counts_offences_by_what_came_of_them_and_groups(take_in):
    taken = take_in("c.parquet", custody())
    assert taken.count(month="2021-03", area=MET, subcategory="POLICE BAIL") == 112
    assert taken.count(category="MURDER", group="age=Child; ethnicity=Other; sex=Female") == 56


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"current_disposal_month": 13}, "'2021' and '13' are not a year and the number of a"),
        ({"offence_count": -1}, "'-1' is not a count of offences"),
        ({"current_disposal": None}, "does not say which offence or which disposal"),
    ],
)
def test_a_row_of_custody_that_cannot_be_counted_is_refused(take_in, cells, words):
    taken = take_in("c.parquet", custody(**cells))
    assert (taken.count(), taken.receipt.rows_refused) == (56, 1)
    assert words in taken.receipt.refusals[0].reason


# Searches that removed more than outer clothing.


def searched(
    *rows: dict[str, object], column: str = "positive_outcome_of_stop", day: str = "2026-02-03"
) -> pl.DataFrame:
    row = {
        "stop_date": f"{day} 00:00:00.000000", "area": "North West", "borough": "Barnet",
        "age_group": "18 or older", "appropriate_adult_present": None, "sex": "M",
        "ethnic_appearance": "Black", "stop_reason": "B Drugs (s.23 Misuse of Drugs Act)",
        "outcome_reason": "Not Applicable", "positive_outcome_of_stop": None,
        "postive_outcome_of_stop": None, "positve_outcome": None, column: "No",
    }  # fmt: skip
    made = [{**row, **cells} for cells in rows or ({},)]
    return pl.DataFrame(made, infer_schema_length=None).cast(pl.String)


@pytest.mark.parametrize(
    ("cells", "group"),
    [
        ({}, "age=18 or over; ethnicity=Black; sex=Male"),
        ({"sex": "Male", "age_group": "18 or over"}, "age=18 or over; ethnicity=Black; sex=Male"),
        ({"sex": "F"}, "age=18 or over; ethnicity=Black; sex=Female"),
        ({"sex": "V"}, "age=18 or over; ethnicity=Black; sex=Not known"),
        ({"sex": "U"}, "age=18 or over; ethnicity=Black; sex=Not known"),
        ({"ethnic_appearance": "#N/A"}, "age=18 or over; ethnicity=Not known; sex=Male"),
        ({"age_group": "Recorded as 0 or Not Known"},
         "age=Not known; ethnicity=Black; sex=Male"),
    ],
)  # fmt: skip
def test_each_coding_of_people_comes_to_one(take_in, cells, group):
    taken = take_in("s.parquet", searched(cells))
    assert taken.receipt.source == "mps-thorough-searches"
    assert taken.count(group=group) == 1
    assert taken.rows["sex"].to_list() == [cells.get("sex", "M")]


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({}, {"category": "DRUGS", "subcategory": "NOT APPLICABLE", "flag": "NO POSITIVE OUTCOME"}),
        ({"stop_reason": "Drugs (s.23 Drugs Misuse Act)"}, {"category": "DRUGS"}),
        ({"stop_reason": "K s.60 CJPO Weapons"}, {"category": "WEAPONS (SECTION 60)"}),
        ({"stop_reason": "D Weapons, Point & Blades (s.1 PACE, s.139 CJ Act)"},
         {"category": "WEAPONS, POINTS AND BLADES"}),
        ({"outcome_reason": "B Drugs Possession Only"}, {"subcategory": "DRUGS (POSSESSION ONLY)"}),
        ({"outcome_reason": "Weapons, Points and Blade Offences"},
         {"subcategory": "WEAPONS, POINTS AND BLADES"}),
        ({"positive_outcome_of_stop": "Yes"}, {"flag": "POSITIVE OUTCOME"}),
        ({"borough": None}, {"area": "outside:unknown"}),
        ({"borough": "CO18 (Heathrow Airport) (Legacy Only)"}, {"area": "outside:heathrow"}),
    ],
)  # fmt: skip
def test_each_coding_of_reasons_and_places_comes_to_one(take_in, cells, where):
    assert take_in("s.parquet", searched(cells)).count(**where) == 1


@pytest.mark.parametrize(
    "column", ["positive_outcome_of_stop", "postive_outcome_of_stop", "positve_outcome"]
)
def test_each_spelling_of_the_outcomes_column_is_read(take_in, column):
    taken = take_in("s.parquet", searched(column=column))
    assert taken.count(flag="NO POSITIVE OUTCOME") == 1
    assert taken.partial("2026-02") == ""


def test_a_month_of_two_releases_stacked_is_marked(take_in):
    both = pl.concat(
        [searched(column="positve_outcome"), searched(column="postive_outcome_of_stop")]
    )
    words = "the table holds the month more than once (1 of 2 rows differ)"
    assert take_in("s.parquet", both).partial("2026-02") == words


@pytest.mark.parametrize(("equal", "partial"), [(2, False), (3, True)])
def test_a_few_equal_searches_are_usual_and_many_are_copies(take_in, equal, partial):
    different = [
        {"borough": name}
        for name in (
            "Barnet",
            "Bexley",
            "Brent",
            "Bromley",
            "Camden",
            "Croydon",
            "Ealing",
            "Enfield",
        )
    ]
    taken = take_in("s.parquet", searched(*different, *different[:equal]))
    assert bool(taken.partial("2026-02")) == partial
    assert taken.count() == 8 + equal
