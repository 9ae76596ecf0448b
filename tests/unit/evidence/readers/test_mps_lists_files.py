"""The Metropolitan Police's lists of business crime, stolen animals and people charged with
homicide, and the tables that others made of such lists."""

from __future__ import annotations

import polars as pl
import pytest

BARNET, CROYDON = "E09000003", "E09000008"


def business(*rows: tuple[str, str, str, int]) -> str:
    head = "date,measure,borough,crime_section,crime_group,outcome,positive_outcome,outcome_count"
    cells = [f"{day},Business Crime Outcomes,{place},THEFT,SHOPLIFTING,Caution Adult,{good},{n},"
             "2025-06-05" for day, place, good, n in rows]  # fmt: skip
    return "\n".join([f"{head},refresh_date", *cells, ""])


def test_outcomes_of_business_crime_are_positive_or_not(take_in):
    rows = [("2024-05-17", "Barnet", "Y", 3), ("2024-05-18", "Barnet", "N", 4),
            ("2024-05-18", "Other", "N", 1), ("2024-05-18", "Barnet", "?", 1)]  # fmt: skip
    taken = take_in("b.csv", business(*rows))
    assert taken.receipt.source == "mps-business-crime-outcomes"
    assert taken.count(area=BARNET, month="2024-05", flag="POSITIVE OUTCOME") == 3
    assert taken.count(area="outside:unknown") == 1
    assert [r.line for r in taken.receipt.refusals] == [5]


def test_offences_against_business_add_up_to_months(take_in):
    text = (
        "date,measure,borough,crime_section,crime_group,business_crime_offence_count,refresh_date\n"
        "2024-05-17,Business Crime Offences,Barnet,THEFT,SHOPLIFTING,3,2025-08-02\n"
        "2024-05-18,Business Crime Offences,Barnet,THEFT,SHOPLIFTING,4,2025-08-02\n"
        "18/05/2024,Business Crime Offences,Barnet,THEFT,SHOPLIFTING,4,2025-08-02\n"
    )
    taken = take_in("b.csv", text)
    assert taken.receipt.source == "mps-business-crime-offences"
    assert taken.count(category="THEFT", subcategory="SHOPLIFTING", month="2024-05") == 7
    assert "'18/05/2024' is not a day" in taken.receipt.refusals[0].reason


ANIMALS = ("count_of_stolen_animals,type_of_animal,borough,type_of_offence,animal_recovered,"
           "year_and_month\n")  # fmt: skip


def test_animals_of_every_spelling_count_and_an_unknown_number_is_not_nought(take_in):
    taken = take_in(
        "a.csv",
        ANIMALS
        + "1,Dog ,Croydon,Burglary,Recovered,Jan-2010\n2,dog,Croydon,Burglary,Recovered,Jan-2010\n"
        ",,Barnet,Theft and Handling,Not Recovered,Mar-2010\n",
    )
    assert taken.count(category="DOG", area=CROYDON, month="2010-01") == 3
    assert taken.rows.filter(month="2010-03").select("category", "count").row(0) == (
        "NOT RECORDED", None
    )  # fmt: skip
    assert taken.receipt.rows_refused == 0
    tables = pl.read_parquet(taken.store.coverage(taken.receipt.key)).select("month", "partial")
    assert dict(tables.iter_rows()) == {
        "2010-01": "",
        "2010-02": "",
        "2010-03": "one of its rows does not say how many animals were stolen",
    }


CHARGED = ("count_of_ppa,borough,gender,age_group,self_classified_ethnicity,offence_type,"
           "charged_summonsed,proceedings_date\n")  # fmt: skip


def test_people_charged_with_homicide_are_told_by_group_without_stray_spaces(take_in):
    taken = take_in(
        "h.csv",
        CHARGED + "1,Heathrow,Male,40 to 44,Asian ,Murder,Charge or Summons,Jan-03\n"
        "1,Barking & Dagenham,Male,15 to 19,Black ,Murder,Charge or Summons,Mar-03\n"
        "1,Barnet,Male,15 to 19,Black ,Murder,Charge or Summons,January\n",
    )
    assert taken.count(area="outside:heathrow", month="2003-01") == 1
    assert taken.count(group="age=15 to 19; ethnicity=Black; sex=Male", area="E09000002") == 1
    assert (taken.receipt.first_month, taken.receipt.last_month) == ("2003-01", "2003-03")
    assert "'January' is not a month" in taken.receipt.refusals[0].reason


# What others cleaned or made anew.


@pytest.mark.parametrize(
    "header",
    [
        "Date,Borough,Rank Constable,Rank PSCO",
        "Date,Borough,CED Used,Firearms Aimed,SubjectEthnicity_Asian (or Asian British),"
        "UseOfForceCount",
        "Date,Borough,Abstraction Type_Aid,Abstraction Type_CAD,Abstraction Type_Court,"
        "Abstraction Type_Training",
        "Date,Borough,Outcome type_Local resolution,Outcome type_Suspect charged,Total",
        "Date,Borough,Age_Group_10-14,Outcome_4 Arrested,EA Group_Black",
        "lsoa_code,lsoa_name,borough,category,year,month,crime_count",
    ],
)
def test_what_others_made_is_left_alone_and_said_to_be(take_in, header):
    taken = take_in("x.csv", f"{header}\n" + ",".join("1" for _ in header.split(",")) + "\n")
    assert (taken.outcome.status, taken.outcome.receipt) == ("not read", None)
    assert "never goes into a release" in taken.outcome.reason
    assert not taken.store.receipts()
