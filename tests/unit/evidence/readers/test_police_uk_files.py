"""data.police.uk: street level, outcomes, stop and search. Each oddity of its files is a case."""

from __future__ import annotations

import polars as pl
import pytest

MET, CITY = "E23000001", "E23000034"
STREET = ("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
          "Crime type,Last outcome category,Context\n")  # fmt: skip
OUTCOMES = ("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
            "LSOA name,Outcome type\n")  # fmt: skip
SEARCHES = ("Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,"
            "Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,"
            "Object of search,Outcome,Outcome linked to object of search,"
            "Removal of more than just outer clothing\n")  # fmt: skip
NAME = "2024-04-metropolitan-stop-and-search.csv"


def street(kind: str, *, id: str = "a1", month: str = "2024-04", force: str = "City of London",
           place: str = "-0.1,51.5,On or near A,E01000001,City of London 001A",
           outcome: str = "Under investigation") -> str:  # fmt: skip
    return f"{id},{month},{force} Police,{force} Police,{place},{kind},{outcome},\n"


def outcome(kind: str, *, id: str = "a1", month: str = "2019-04") -> str:
    met = "Metropolitan Police Service"
    return f"{id},{month},{met},{met},-0.1,51.5,On or near A,E01000001,City of London 001A,{kind}\n"


def search(date: str = "2024-04-09T12:00:00+00:00", *, kind: str = "Person search",
           self_defined: str = "White - Irish", seen: str = "White", found: str = "Arrest",
           sought: str = "Controlled drugs", linked: str = "", age: str = "18-24",
           gender: str = "Male") -> str:  # fmt: skip
    law = "Misuse of Drugs Act 1971 (section 23)"
    return (f"{kind},{date},False,,51.5,-0.1,{gender},{age},{self_defined},{seen},{law},"
            f"{sought},{found},{linked},\n")  # fmt: skip


WHOLE = street("Violence and sexual offences") + street("Other theft") + street("Public order")


# Street level.


@pytest.mark.parametrize(
    ("refused", "may", "june"),
    [
        ("", "", ""),
        (street("", month="2023-05"), "1 lines of the file were refused", ""),
        (street("", month="2023-06") * 3, "", "3 lines of the file were refused"),
        (street("Drugs", month="2023-06", force="Kant"), "", "1 lines of the file were refused"),
        ("a1,2023-05,City of London Police\n", "1 lines of the file were refused", ""),  # cut off
        (street("", month="2023-07"), "", ""),  # not a month of this file
        # Nobody can tell of which month these are.
        (street("Drugs", month="2023-13"), *["1 lines of the file were refused"] * 2),
        (street("Drugs", month="2023-05").replace("\n", ",more,still\n"),
         *["1 lines of the file were refused"] * 2),
        (street("", month="2023-05") + street("Drugs", month=""),
         "2 lines of the file were refused", "1 lines of the file were refused"),
    ],
)  # fmt: skip
def test_a_refused_line_makes_the_month_it_is_of_partial_and_no_other(take_in, refused, may, june):
    whole = WHOLE.replace("2024-04", "2023-05") + WHOLE.replace("2024-04", "2023-06")
    taken = take_in("two-months.csv", STREET + whole + refused)
    assert (taken.partial("2023-05"), taken.partial("2023-06")) == (may, june)


@pytest.mark.parametrize(
    ("month", "kinds", "lacking"),
    [
        ("2010-12", ["Violent crime", "Other crime"], ""),
        ("2011-08", ["Violent crime", "Burglary"], "OTHER CRIME"),
        ("2011-09", ["Violent crime", "Other theft", "Public disorder and weapons"], ""),
        ("2013-04", ["Violent crime", "Other crime"], "OTHER THEFT, PUBLIC DISORDER AND WEAPONS"),
        ("2013-05", ["Violence and sexual offences", "Other theft", "Public order"], ""),
        ("2024-04", ["Burglary", "Other theft", "Public order"], "VIOLENCE AND SEXUAL OFFENCES"),
    ],
)  # fmt: skip
def test_a_whole_month_has_the_kinds_of_crime_that_there_were_then(take_in, month, kinds, lacking):
    taken = take_in("a.csv", STREET + "".join(street(kind, month=month) for kind in kinds))
    words = f"the file has nothing under {lacking}" if lacking else ""
    assert taken.partial(month) == words


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (street("Burglary", id="", month="2011-06", outcome=""), "before December 2011: no ID"),
        (street("Anti-social behaviour", id="", outcome=""), "antisocial behaviour: no ID"),
        (street("Burglary", place=",,No Location,,"), "no place"),
        (street("Burglary", place="-0.1,51.5,On or near A,,"), "coordinates and no LSOA"),
        (street("Burglary", id="a1") + street("Robbery", id="a1"), "an ID that stands twice"),
        (street("Burglary", force="City of London", place="0.1,51.7,A,E01021795,Epping Forest"),
         "recorded here, happened elsewhere"),
        (street("Burglary", outcome="Status update unavailable"), "an outcome no longer in use"),
        (street("Drugs", place="-3.1,51.6,On or near Tŷ Glas,W01001701,Cardiff 012C"), "Welsh"),
    ],
)  # fmt: skip
def test_every_record_counts(take_in, row, why):
    taken = take_in("2024-04-city-of-london-street.csv", STREET + WHOLE + row)
    more = row.count("\n")
    assert (taken.receipt.rows_kept, taken.receipt.rows_refused) == (3 + more, 0), why
    assert taken.count(level="force", area=CITY) == 3 + more, why


def test_a_file_of_the_transport_police_counts_in_no_forces_total(take_in):
    row = street("Robbery", id="", force="x", place="-0.1,51.5,Victoria (Station),E01033595,W")
    text = STREET + row.replace("x Police", "British Transport Police")
    taken = take_in("2024-03-btp-street.csv", text)
    assert taken.outcome.status == "refused"
    assert "'British Transport Police' is not a police force with an area" in taken.outcome.reason


def test_a_file_of_all_crime_that_holds_burglary_alone_is_a_source_of_its_own(take_in):
    taken = take_in("2023-04-metropolitan-street.csv", STREET + street("Burglary") * 2)
    assert taken.receipt.source == "police-uk-street-burglary"
    assert taken.count(level="force", category="BURGLARY", area=CITY) == 2
    assert taken.partial("2024-04") == ""


def test_a_file_that_holds_another_crime_alone_is_not_the_month(take_in):
    taken = take_in("2023-04-metropolitan-street.csv", STREET + street("Robbery") * 2)
    assert taken.receipt.source == "police-uk-street"
    assert taken.partial("2024-04").startswith("the file has nothing under OTHER THEFT")


# Outcomes.

SOME = ["Suspect charged", "Offender given a caution", "Local resolution", "Offender fined",
        "Offender given penalty notice", "Court case unable to proceed"]  # fmt: skip


def of(counts: dict[str, int]) -> str:
    return OUTCOMES + "".join(
        outcome(kind, id=f"{kind}{i}") for kind, n in counts.items() for i in range(n)
    )


def test_several_outcomes_of_a_crime_all_count_and_are_told_of(take_in):
    rows = outcome("Suspect charged") + outcome("Offender sent to prison") + outcome("x", id="b")
    taken = take_in("2019-04-metropolitan-outcomes.csv", OUTCOMES + rows)
    assert taken.receipt.source == "police-uk-outcomes"
    assert taken.count(area=MET, scope=MET) == 3
    assert taken.count(level="force", category="OFFENDER SENT TO PRISON") == 1
    assert taken.receipt.notes == ("1 rows are of a crime that has another row in the file",)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (dict.fromkeys(SOME, 20), ""),
        # Only the courts' outcomes, as in early 2012: nothing to tell by.
        ({"Offender fined": 300, "Offender sent to prison": 200}, ""),
        # Too few to tell.
        ({"Suspect charged": 40}, ""),
        # Burglary: hardly anything is settled out of court ...
        (dict.fromkeys(SOME, 2) | {"Suspect charged": 600},
         "4 of 606 outcomes were settled out of court, in 6 kinds"),
        # ... and there are few kinds of outcome.
        ({"Suspect charged": 55, "Local resolution": 4}, "4 of 59 outcomes were settled"),
    ],
)  # fmt: skip
def test_a_file_cut_down_to_some_crimes_is_told_by_its_outcomes(take_in, counts, words):
    taken = take_in("2019-04-metropolitan-outcomes.csv", of(counts))
    assert taken.partial("2019-04").startswith(words)
    assert bool(taken.partial("2019-04")) == bool(words)


# Stop and search.


@pytest.mark.parametrize(
    ("date", "month"),
    [
        ("2015-03-31T23:00:00+00:00", "2015-04"),  # midnight by London's clock in summer
        ("2015-03-31T22:59:59+00:00", "2015-03"),
        ("2015-12-31T23:30:00+00:00", "2015-12"),  # in winter the clocks agree
        ("2024-10-31T23:59:59Z", "2024-10"),
    ],
)
def test_the_month_is_londons(take_in, date, month):
    assert take_in(NAME, SEARCHES + search(date)).count(month=month, area=MET, scope=MET) == 1


@pytest.mark.parametrize("date", ["", "2015-04-01", "2015-04-01T12:00:00+01:00", "2015-13-01T00Z"])
def test_a_time_that_is_not_utc_is_refused(take_in, date):
    taken = take_in(NAME, SEARCHES + search() + search(date))
    assert (taken.receipt.rows_kept, taken.receipt.rows_refused) == (1, 1)
    assert f"'{date}' is not a time in UTC" in taken.receipt.refusals[0].reason


@pytest.mark.parametrize(
    ("before", "since"),
    [
        ("Nothing found - no further action", "A NO FURTHER ACTION DISPOSAL"),
        ("Suspect arrested", "ARREST"),
        ("Offender given drugs possession warning", "KHAT OR CANNABIS WARNING"),
        ("Local resolution", "COMMUNITY RESOLUTION"),
        ("Offender given penalty notice", "PENALTY NOTICE FOR DISORDER"),
        ("Suspect summonsed to court", "SUMMONS / CHARGED BY POST"),
        ("Offender cautioned", "CAUTION (SIMPLE OR CONDITIONAL)"),
        ("Arrest", "ARREST"),
        ("", "NOT STATED"),
    ],
)
def test_outcomes_of_before_2018_have_their_later_names(take_in, before, since):
    taken = take_in(NAME, SEARCHES + search(found=before))
    assert taken.count(level="force", subcategory=since) == 1
    records = taken.rows.filter(level="force")
    assert records["outcome_published"].to_list() == [before or None]


@pytest.mark.parametrize(
    ("published", "now"),
    [
        ("White - White British (W1)", "White - English/Welsh/Scottish/Northern Irish/British"),
        ("Chinese or other ethnic group - Chinese (O1)", "Asian/Asian British - Chinese"),
        ("Mixed - White and Asian (M3)", "Mixed/Multiple ethnic groups - White and Asian"),
        ("Not Stated (NS)", "Other ethnic group - Not stated"),
        ("White - Irish", "White - Irish"),
    ],
)
def test_ethnicity_as_people_said_is_kept_in_both_lists(take_in, published, now):
    rows = take_in(NAME, SEARCHES + search(self_defined=published)).rows
    assert rows.select("self_defined", "self_defined_published").row(0) == (now, published)


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({}, {"group": "age=18-24; ethnicity=White; sex=Male", "category": "CONTROLLED DRUGS"}),
        ({"age": "", "seen": "", "gender": ""},
         {"group": "age=Not stated; ethnicity=Not stated; sex=Not stated"}),
        ({"age": "under 10"}, {"group": "age=under 10; ethnicity=White; sex=Male"}),
        ({"sought": ""}, {"category": "NOT STATED"}),
        ({"linked": "False"}, {"flag": "PERSON SEARCH / NOT LINKED"}),
        ({"linked": "True"}, {"flag": "PERSON SEARCH / LINKED"}),
        ({"kind": "Vehicle search"}, {"flag": "VEHICLE SEARCH / LINK NOT STATED"}),
    ],
)  # fmt: skip
def test_who_was_searched_for_what(take_in, cells, where):
    assert take_in(NAME, SEARCHES + search(**cells)).count(level="force", **where) == 1


def test_rows_that_are_equal_in_everything_all_count_and_are_told_of(take_in):
    taken = take_in(NAME, SEARCHES + search() * 3 + search(age="25-34"))
    assert taken.count(area=MET) == 4
    assert taken.receipt.notes == (
        "2 rows are equal to another in everything; all are counted",
        "4 of 4 records name no small area and are placed by their point, by the boroughs' "
        "outlines",
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("searches.csv", "only the file's name tells which force searched"),
        ("2024-04-nowhere-stop-and-search.csv", "'nowhere' in the file's name is not a police"),
        ("2024-04-dyfed-powys-stop-and-search.csv", "add W15000004 to territory"),
        ("2024-04-essex-stop-and-search.csv", "add E23000028 to territory"),
    ],
)
def test_a_file_that_names_no_force_of_ours_is_refused(take_in, name, words):
    taken = take_in(name, SEARCHES + search())
    assert taken.outcome.status == "refused"
    assert words in taken.outcome.reason


def test_the_city_has_its_own_searches(take_in):
    taken = take_in("2024-04-city-of-london-stop-and-search.csv", SEARCHES + search())
    assert taken.count(area=CITY, scope=CITY) == 1


def test_a_month_that_stops_in_the_middle_is_partial(take_in):
    days = [f"2022-12-{day:02}T12:00:00+00:00" for day in range(1, 18) for _ in range(3)]
    taken = take_in(NAME, SEARCHES + "".join(search(day, age=str(i)) for i, day in enumerate(days)))
    words = "there is nothing from 18 to 31 December, and 3 a day on the others"
    assert taken.partial("2022-12") == words
    assert taken.rows.filter(level="force").height == 51


def test_a_type_of_search_that_is_none_is_refused(take_in):
    taken = take_in(NAME, SEARCHES + search() + search(kind="Search"))
    assert taken.receipt.refusals[0].reason == "'Search' is not a type of search"
    assert taken.rows.filter(pl.col("line") == 3).is_empty()
