"""The plan of 2022, known from its announcement only, against that text and its inventory.

Every indicator, every commitment and every number that the inventory finds in the announcement is
here, and nothing is here that it does not find, save what is named below with its reason.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bluelamp.definitions import definitions_root
from bluelamp.measures.definition import read_measures
from bluelamp.plan.edition import Edition
from bluelamp.plan.reading import read_edition

# fmt: off
LINES = [
    # inventory                     our line                      hope            of a measure
    ("knife_injury_under25",        "knife-injuries-under-25",              "lower",        True),
    ("murder",                      "murders",                              "lower",        True),
    ("knife_crime_injury",          "knife-crime-with-injury",              "lower",        True),
    ("young_stabbed",               "young-people-stabbed",                 "lower",        False),
    ("gun_crime_22",                "gun-crime",                            "lower",        True),
    ("guns_seized_share",           "guns-seized",                          "neither",      False),
    ("good_job_local",              "police-doing-a-good-job",              "higher",       True),
    ("trust_mps_22",                "trust-in-the-police",                  "higher",       True),
    ("disproportionality_powers",   "fair-use-of-police-powers",            "narrower gap", False),
    ("cannabis_smell_searches",     "searches-on-the-smell-of-cannabis",    "neither",      False),
    ("vulnerable_predators_arrested", "arrests-by-predatory-offender-units", "neither",     False),
    ("wards_with_dwo_22",           "wards-with-their-own-officers",        "neither",      False),
]

QUOTED = [
    # inventory                 our figure                value     unit of the inventory
    ("good_job_2021",           "good-job-2021",          51,       "percent"),
    ("good_job_2017",           "good-job-2017",          68,       "percent"),
    ("trust_2017",              "trust-2017",             88,       "percent"),
    ("trust_2021",              "trust-2021",             76,       "percent"),
    ("pas_interviews",          "survey-size",            12_800,   "interviews/year"),
    ("knife_u25_change",        "knife-injuries-under-25", -26,     "percent"),
    ("murder_change",           "murders",                -13,      "percent"),
    ("kcwi_change",             "knife-crime-with-injury", -20,     "percent"),
    ("young_stabbed_change",    "young-people-stabbed",   -27,      "percent"),
    ("gun_change",              "gun-crime",              -35,      "percent"),
    ("guns_seized",             "guns-seized",            66.7,     "share"),
    ("consultation22_responses", "people-consulted",      4_000,    "people"),
    ("priorities_22",           "priorities",             4,        "priorities"),
    ("plan22_years",            "years",                  3,        "years"),
    ("wards_22",                "wards-with-officers",    629,      "wards"),
    ("accessible_reply_days",   "days-to-answer",         5,        "working days"),
]
# fmt: on

# The announcement quotes no figure for victims; a priority without a line would not be shown.
OURS_ONLY = {"support-for-victims"}
# The day on which the plan was announced is a date, and stands in plan.yaml.
A_DATE = {"plan22_launch_date"}
NAMED_PARTS_OF_THE_ACTION_PLAN = {
    "community-monitoring-overhaul",
    "cannabis-search-oversight",
    "community-led-training",
}


@cache
def of_2022(shared: Path, file: str, key: str = "") -> dict[str, dict[str, Any]]:
    """The entries of one file of the inventory that are of this edition, by id."""
    path = shared / "reference" / "plan-inventory" / f"{file}.yaml"
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    entries = read[key] if key else read
    return {entry["id"]: entry for entry in entries if entry["edition"] == "ed_2022_25"}


@pytest.fixture(scope="module")
def announcement(shared: Path) -> str:
    (path,) = (shared / "reference" / "seed-documents").glob("001_*.txt")
    return " ".join(path.read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def edition() -> Edition:
    root = definitions_root()
    return read_edition(root, "london-2022", set(read_measures(root)))


# --- lines ----------------------------------------------------------------------------------------


def test_every_indicator_is_a_line_and_no_line_is_made_up(shared: Path, edition: Edition) -> None:
    assert {row[0] for row in LINES} == set(of_2022(shared, "measures"))
    assert len(LINES) == 12
    assert {row[1] for row in LINES} | OURS_ONLY == {line.id for line in edition.lines}


@pytest.mark.parametrize(("entry", "line", "hope", "measured"), LINES)
def test_a_line_hopes_only_for_what_the_announcement_hopes(
    edition: Edition, entry: str, line: str, hope: str, measured: bool
) -> None:
    ours = edition.line(line)
    assert ours, entry
    (part,) = ours.parts
    assert (part.hope, bool(part.measures)) == (hope, measured)
    # Where it states no hope, the note says so.
    assert hope != "neither" or re.search("no hope|does not say", ours.note)


def test_every_priority_of_the_announcement_is_a_priority(
    edition: Edition, announcement: str
) -> None:
    start = announcement.index("sets out four key priorities:")
    sentence = announcement[start : start + 220].lower()
    for words in (
        "reducing and preventing violent crime",
        "rebuilding trust and confidence in the police",
        "supporting victims",
        "protecting people from criminal exploitation",
    ):
        assert words in sentence
        assert words in {priority.title.lower() for priority in edition.priorities}
    assert len(edition.priorities) == 4


# --- commitments ----------------------------------------------------------------------------------


def test_every_commitment_is_here_and_none_is_made_up(shared: Path, edition: Edition) -> None:
    entries = of_2022(shared, "commitments")
    ours = {name.removeprefix("p22_").replace("_", "-") for name in entries}
    assert ours == {each.id for each in edition.commitments}
    assert len(entries) == 15
    assert {each.kind for each in edition.commitments} == {"other promise"}


def test_each_commitment_has_the_lead_and_the_day_of_the_inventory(
    shared: Path, edition: Edition
) -> None:
    bodies = {
        "Mayor": "Mayor of London",
        "MPS": "Metropolitan Police",
        "MOPAC": "Mayor's Office for Policing and Crime",
        "GLA": "Greater London Authority",
    }
    for name, entry in of_2022(shared, "commitments").items():
        ours = edition.commitment(name.removeprefix("p22_").replace("_", "-"))
        assert ours
        assert ours.lead == bodies[entry["lead_body"]], name
        assert bool(entry["due"]) == bool(ours.due_words), name
        assert ours.money is None, "the announcement gives no sum"
        day = entry["due"] if re.fullmatch(r"\d{4}-\d\d-\d\d", str(entry["due"])) else None
        assert (str(ours.due) if ours.due else None) == day, name


def test_the_named_parts_of_the_action_plan_say_that_they_are_parts(edition: Edition) -> None:
    parts = {each.id for each in edition.commitments if "a named part" in each.promise}
    assert parts == NAMED_PARTS_OF_THE_ACTION_PLAN
    assert edition.commitment("action-plan-delivery")


# --- quoted figures -------------------------------------------------------------------------------


def test_every_number_of_the_announcement_is_quoted_and_none_is_made_up(
    shared: Path, edition: Edition
) -> None:
    facts = of_2022(shared, "facts", "facts")
    assert {row[0] for row in QUOTED} | A_DATE == set(facts)
    assert {row[1] for row in QUOTED} == set(edition.quoted)
    assert str(edition.plan.starts) == facts["plan22_launch_date"]["value"]


@pytest.mark.parametrize(("fact", "figure", "value", "unit"), QUOTED)
def test_a_number_is_quoted_as_it_is_printed(
    shared: Path,
    edition: Edition,
    announcement: str,
    fact: str,
    figure: str,
    value: float,
    unit: str,
) -> None:
    ours = edition.quoted[figure]
    entry = of_2022(shared, "facts", "facts")[fact]
    assert ours.value == value
    assert entry["unit"] == unit
    assert all(words in ours.printed for words in entry["printed_as"])
    assert ours.printed in announcement


def test_every_number_in_the_text_of_the_announcement_is_quoted(
    edition: Edition, announcement: str
) -> None:
    """Read without the inventory, lest both have missed one: what stands in digits is quoted."""
    text = re.sub(r"https?://\S+", "", announcement)
    dates = r"\b(?:19|20)\d\d\b|\b24(?:th)? March|\[1\]"
    numbers = set(re.findall(r"\d[\d,]*\d|\d", re.sub(dates, "", text)))
    # Neither counts anything: "under 25" is an age, "12 months" a span of the survey.
    quoted = {str(abs(round(figure.value))) for figure in edition.quoted.values()} | {"25", "12"}
    assert {number.replace(",", "") for number in numbers} - quoted == set()


def test_nothing_is_recomputed_from_months_that_were_not_published(edition: Edition) -> None:
    """Knife and gun crime start in August 2021: neither 2016 nor the year before the pandemic."""
    recomputed = {f.recompute.measure for f in edition.quoted.values() if f.recompute}
    assert recomputed == {"confidence-good-job", "trust-in-the-mps", "homicide"}
    for figure in edition.quoted.values():
        if figure.unchecked and figure.id in ("gun-crime", "knife-injuries-under-25"):
            assert "August 2021" in figure.unchecked
