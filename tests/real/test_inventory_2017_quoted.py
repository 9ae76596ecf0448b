"""Every number that the plan of 2017 quotes, against its text and against the inventory of it.

Each numeric fact of the inventory is quoted once, under the same id, save what is named below with
its reason; each figure is printed as the text has it; each discrepancy that the inventory found is
told where a reader of that figure or line will see it.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bluelamp.definitions import definitions_root, read_gazetteer, read_office
from bluelamp.evidence.known import as_known
from bluelamp.evidence.receive import Outcome
from bluelamp.evidence.source import read_sources
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context, series_of
from bluelamp.measures.definition import read_measures
from bluelamp.plan.edition import Edition
from bluelamp.plan.reading import read_edition
from bluelamp.signals.finding import QuotedReading
from bluelamp.signals.quoted import check_quoted

# Facts of the inventory that are not quoted figures, and why.
NO_FIGURE = {
    "a date, told with the money": "lcpf_established lcpf_pool_from lcpf_previous",
    "the year in which a contract ends": "crc_end",
    "a time of day, a school year, a level: names, no numbers":
        "metcc_twitter_hours whole_school_from terror_level",
    "who is in a team; the plan does not say how many constables": "mental_health_team",
    "the scale of a chart whose values the text does not have": "confidence_chart_scale",
    "counted by the inventory; the plan prints no such number":
        "framework_lines commit_bullets mandatory_harms iia_objectives partner_groups",
    "the text counts its own list: the list is the proof":
        "ambitions priority_areas funding_parts commissioning_tiers contest_strands mopac7_count "
        "statutory_objectives",
}  # fmt: skip
LEFT_OUT = {fact for facts in NO_FIGURE.values() for fact in facts.split()}

# Facts that hold two numbers: figure of each.
TWO_NUMBERS = {"dwo_previous": ("dwo-previous-constables", "dwo-previous-pcsos")}

# Figures that the inventory passed over, with words of the text that must have them.
OURS = [
    # figure, document, value, words around it
    ("football-month", "002", 24, "along with 24 football matches"),
    ("london-businesses-share", "002", 20, "almost a fifth of all businesses"),
    ("metcc-instead-of-calls", "002", 50, "more than half of the people accessing"),
    ("reoffending-cost-career-criminals", "002", 2_200_000_000, "equivalent of £2.2 billion"),
    ("trafficking-convictions", "002", 4, "secured against four members"),
    ("consultation-online-responses-press", "000", 500, "generated over 500 survey responses"),
]  # fmt: skip

# What the inventory writes in words, in the unit in which it is quoted.
IN_WORDS = {
    "10m within a decade": 10_000_000, "a fifth within 30 years": 20, "about 1/5": 20,
    "1/3 aged 11-24 or over 60": 33.3, "9 of 10": 90, "3/4": 75, "2/3": 66.7, "half": 50,
    "about 1/2": 50, "over 1/2": 50, "1/2": 50, "over 1/4": 25, "1/4": 25, "2/5": 40, "1/10": 10,
    "1/8": 12.5, "1/3": 33.3, "x2": 2, "nearly 2x": 2, "1 week": 1,
}  # fmt: skip

# What can be made again. Everything else says why not, and who holds it.
MADE_AGAIN = {
    # figure: ours and what is said
    "confidence-hf": (82, "The plan says 82 per cent. We find the same."),
    "confidence-hillingdon": (56, "The plan says 56 per cent. We find the same."),
    "trust-share": (88, "The plan says nine out of ten. We find 88%, which agrees."),
    "savings-total-press": (1_000_000_000, "The announcement says £1bn. We find the same."),
    "nicc-shortfall": (172_000_000, "The plan says £172m. We find the same."),
    "psu-total": (96, "The plan says 96 Police Support Units. We find the same."),
    "conv-gap-da": (-10, "The plan says ten per cent lower. We find the same."),
    "consultation-online-responses-press":
        (513, "The announcement says over 500. We find 513, which agrees."),
}  # fmt: skip

# Where each discrepancy that concerns this edition is told: a figure, or a line of the framework.
TOLD = [
    # discrepancy, where it is told, words of it
    ("survey_start_date", "figure talk-london-responses", "on 26 October on the page"),
    ("savings_period", "figure savings-done", "The period is not the same everywhere"),
    ("savings_period", "figure savings-done-foreword", "a chapter of the same plan says"),
    ("savings_1bn", "figure savings-due", "counts it in £1bn since 2010"),
    ("stations_closed", "figure buildings-sold", "counts this in three ways"),
    ("stations_closed", "figure police-stations-lost-dmpc", "over 120 buildings instead"),
    ("stations_closed", "figure stations-buildings-press", "dozens of police stations"),
    ("repeat_victims", "figure repeat-share-1in10", "Crimes and victims are two things"),
    ("repeat_victims", "figure repeat-share-feb2017", "Crimes and victims are two things"),
    ("conviction_gap_unit", "figure conv-gap-hate", "it means percentage points there"),
    ("conviction_gap_unit", "figure da-conv-national", "the average of the nation"),
    ("falcon_count", "figure falcon-staff", "Unit of 42 is not part of it"),
    ("ambition_word", "figure officer-ambition", "an ambition and not a target"),
    ("staff_count_same", "figure staff-lost", "told in three ways"),
    ("reoffending_cost_scope", "figure reoffending-cost", "The plan contradicts itself"),
    ("reoffending_cost_scope", "figure reoffending-cost-career-criminals", "cannot both be right"),
    ("mental_health_team_scope", "figure mh-boroughs", "speaks of two areas"),
    ("repeat_cohorts", "line offending-by-targeted-groups", "targeted cohorts"),
    ("cse_v_csae", "line child-sexual-exploitation-reports", "as well as exploitation"),
    ("cjs_survey_scope", "line victim-satisfaction-with-the-courts", "framework speaks of courts"),
    ("extremism_no_measure", "line hate-crime-reports", "no line for extremism"),
]  # fmt: skip
# These are about neither a number nor a line; tests of their own, below.
OF_WORDS = {"strategic_policing_no_block", "rape_crisis_names"}


@pytest.fixture(scope="module")
def edition() -> Edition:
    root = definitions_root()
    return read_edition(root, "london-2017", set(read_measures(root)))


@cache
def inventory(shared: Path) -> dict[str, Any]:
    path = shared / "reference" / "plan-inventory" / "facts.yaml"
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="module")
def facts(shared: Path) -> dict[str, dict[str, Any]]:
    """The facts of the plan and its draft that are no dates, by id."""
    ours = ("ed_2017_21", "ed_2017_21_draft")
    of_2017 = [fact for fact in inventory(shared)["facts"] if fact["edition"] in ours]
    return {fact["id"]: fact for fact in of_2017 if fact["unit"] not in ("date", "month")}


@pytest.fixture(scope="module")
def lines_of(shared: Path) -> dict[str, list[str]]:
    folder = shared / "reference" / "seed-documents"
    return {
        path.name[:3]: path.read_text(encoding="utf-8").splitlines()
        for path in folder.glob("*.txt")
    }


def quoted_as(fact: str) -> tuple[str, ...]:
    return TWO_NUMBERS.get(fact, (fact.replace("_", "-"),))


def squeezed(text: str) -> str:
    """The plan's columns break words and lose spaces ("77per cent"), so none are compared."""
    return re.sub(r"\s+", "", text).replace("\u2019", "'").lower()


def cited(lines: dict[str, list[str]], places: list[str]) -> str:
    """The lines that places such as "002:325-327" name."""
    found = []
    for place in places:
        document, numbers = place.split(":")
        first, _, last = numbers.partition("-")
        found += lines[document][int(first) - 1 : int(last or first)]
    return "\n".join(found)


# --- both ways ------------------------------------------------------------------------------------


def test_every_numeric_fact_is_quoted_once_and_no_figure_is_made_up(
    edition: Edition, facts: dict[str, dict[str, Any]]
) -> None:
    assert set(facts) >= LEFT_OUT
    wanted = [figure for fact in facts if fact not in LEFT_OUT for figure in quoted_as(fact)]
    wanted += [row[0] for row in OURS]
    assert sorted(wanted) == sorted(edition.quoted)
    assert len(wanted) > 190


def test_what_is_left_out_is_a_date_a_name_or_a_count_that_can_be_seen(edition: Edition) -> None:
    """The lists that stand here too are as long as the plan counts them."""
    assert len(edition.plan.ambitions) == 2
    # The police and the justice service, then the three areas of high risk.
    assert len(edition.priorities) == 2 + 3


def test_a_value_is_that_of_the_inventory(
    edition: Edition, facts: dict[str, dict[str, Any]]
) -> None:
    for name in set(facts) - LEFT_OUT - set(TWO_NUMBERS):
        value = facts[name]["value"]
        (figure,) = quoted_as(name)
        assert edition.quoted[figure].value == IN_WORDS.get(value, value), name
    assert {edition.quoted[figure].value for figure in TWO_NUMBERS["dwo_previous"]} == {1}


def test_a_figure_is_printed_as_the_text_has_it(
    edition: Edition,
    facts: dict[str, dict[str, Any]],
    lines_of: dict[str, list[str]],
) -> None:
    for name in set(facts) - LEFT_OUT:
        places = facts[name]["source_lines"]
        for figure in quoted_as(name):
            printed = edition.quoted[figure].printed
            assert squeezed(printed) in squeezed(cited(lines_of, places)), (figure, printed)


def test_only_the_announcement_is_named_where_only_it_has_the_number(
    edition: Edition, facts: dict[str, dict[str, Any]]
) -> None:
    for name in set(facts) - LEFT_OUT:
        documents = {place.split(":")[0] for place in facts[name]["source_lines"]}
        for figure in quoted_as(name):
            ours = edition.quoted[figure]
            assert ours.announced == (documents == {"000"}), name
            assert ("Launch announcement" in ours.place) == ("000" in documents), name


def test_what_the_inventory_passed_over_is_in_the_text(
    edition: Edition, lines_of: dict[str, list[str]]
) -> None:
    for name, document, value, around in OURS:
        figure = edition.quoted[name]
        assert squeezed(around) in squeezed("\n".join(lines_of[document]))
        assert squeezed(figure.printed) in squeezed(around)
        assert figure.value == value
        assert figure.announced == (document == "000")


def test_the_sections_named_are_sections_of_the_plan(
    edition: Edition, lines_of: dict[str, list[str]]
) -> None:
    text = squeezed("\n".join(lines_of["002"]))
    named = {name for each in edition.quoted.values() for name in re.findall('"(.+?)"', each.place)}
    assert {name for name in named if squeezed(name) not in text} == set()
    assert len(named) > 30


# --- read without the inventory -------------------------------------------------------------------

# Numbers in digits by which the plan claims nothing.
NOT_CLAIMS = re.compile(
    r"""\b(19|20)\d\d(/\d\d)?\b | \b\d{1,2}\s?(st|nd|rd|th)\b      # years, days, centuries
      | \b\d\d-\sto\s\d\d-year-olds | \b\d\dto\s\d\d-year-olds | \d\d-year-old
      | 11\sand\s24\sor\sover\s60 | under\s25                     # ages
      | every\s100\swhite | previous\s12\smonths | within\s30\syears
      | MOPAC\s7 | SC&O7 | the\s999 | and\s999 | Digital\s101 | on\s101 | 24/7 | 8am\sto\s8pm
      | section\s143 | Section\s28 | 80%\sExcellent | 70%\s60%\s50%
    """,
    re.VERBOSE,
)
# Marks of notes, numbers of lists and of pages; the plan writes small numbers in words.
MARKS = {*"123456789", "10", "12", "35", "79", "85", "113"}


def numerals(text: str) -> set[str]:
    return {found.replace(",", "") for found in re.findall(r"\d[\d,]*\d|\d", text)}


def test_every_number_that_the_plan_prints_in_digits_is_quoted(
    edition: Edition, lines_of: dict[str, list[str]]
) -> None:
    """Lest the inventory and we have both missed one."""
    text = NOT_CLAIMS.sub(" ", " ".join(" ".join(lines_of["002"]).split()))
    quoted = {number for each in edition.quoted.values() for number in numerals(each.printed)}
    assert numerals(text) - quoted - MARKS == set()
    assert len(numerals(text)) > 90


def test_a_missed_number_would_be_found(edition: Edition, lines_of: dict[str, list[str]]) -> None:
    text = NOT_CLAIMS.sub(" ", " ".join(lines_of["002"]))
    others = [each for each in edition.quoted.values() if each.id != "beth-centre-next"]
    assert "418724" in numerals(text) - {n for each in others for n in numerals(each.printed)}


# --- what is said of each -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def readings(edition: Edition, received: tuple[Store, list[Outcome]]) -> dict[str, QuotedReading]:
    """By figure, as known when the newest of the real data was published."""
    root = definitions_root()
    measures, sources, office = read_measures(root), read_sources(root), read_office(root)
    known = as_known(received[0], sources, on=date(2026, 4, 30), received_by=None)
    gazetteer = read_gazetteer(root)
    context = Context(known, sources, measures, gazetteer, office.force)
    wanted = {each.recompute.measure for each in edition.quoted.values() if each.recompute}
    series = [one for name in sorted(wanted) for one in series_of(measures[name], context)]
    found = check_quoted(series, {edition.plan.id: edition}, gazetteer, office.force)
    return {reading.figure: reading for reading in found}


def test_what_can_be_made_again_and_what_came(readings: dict[str, QuotedReading]) -> None:
    made = {name: each for name, each in readings.items() if each.verdict != "cannot be checked"}
    assert set(made) == set(MADE_AGAIN)
    for name, (ours, said) in MADE_AGAIN.items():
        assert made[name].verdict == "agrees", name
        assert made[name].ours == pytest.approx(ours), name
        assert made[name].sentence == said


def test_what_cannot_be_checked_says_why_in_a_sentence(edition: Edition) -> None:
    for figure in edition.quoted.values():
        if figure.unchecked:
            assert re.fullmatch(r"[A-Z].{25,}\.", figure.unchecked, re.DOTALL), figure.id


@pytest.mark.parametrize(
    "figure",
    ["under25-knife", "gun-discharge-rise", "da-share", "hate-referendum", "knife-male"],
)
def test_series_that_start_later_are_not_compared(edition: Edition, figure: str) -> None:
    assert "starts in August 2021" in edition.quoted[figure].unchecked


@pytest.mark.parametrize(
    "measure", ["knife-injury-victims-under-25", "gun-discharges", "domestic-abuse", "hate-crime"]
)
def test_those_series_do_start_in_august_2021(ask: Any, measure: str) -> None:
    assert ask(measure, "E23000001", "2021-08")["status"] == "ok"
    before = ask(measure, "E23000001", "2021-07")
    assert before is None or before["status"] != "ok"


def test_eleven_rapes_a_week_in_each_borough_are_more_than_all_sexual_offences(
    ask: Any, edition: Edition
) -> None:
    figure = edition.quoted["rapes-week"]
    a_year = figure.value * 32 * 52
    recorded = ask("sexual-offences", "E23000001", "2016")["value"]
    assert a_year == pytest.approx(18_300, abs=50)
    assert recorded == pytest.approx(17_500, abs=50)
    assert "18,300" in figure.unchecked
    assert "17,500" in figure.unchecked


def test_trust_is_nine_in_ten_whichever_quarter_of_2016_is_meant(ask: Any) -> None:
    for month in ("03", "06", "09", "12"):
        share = ask("trust-in-the-mps", "E23000001", f"r12-2016-{month}")["value"]
        assert round(share, 1) == 0.9


# --- arithmetic and discrepancies of the inventory ------------------------------------------------


def test_the_sums_that_the_inventory_did_are_done_here(edition: Edition, shared: Path) -> None:
    """Those of 2017 whose result is printed; the others are of numbers that nobody printed."""
    sums = {
        "NICC: 346 - 174": "nicc-shortfall",
        "PSU: 75 + 21": "psu-total",
        "savings: 600m + 400m": "savings-total-press",
        "domestic abuse conviction gap: 75 - 65": "conv-gap-da",
    }
    checks = {each["check"]: each for each in inventory(shared)["arithmetic_checks"]}
    for check, figure in sums.items():
        assert re.match("holds|matches", checks[check]["status"])
        assert edition.quoted[figure].arithmetic, figure
    of_2013 = ("staff posts", "SN officers", "borough officers", "estate", "2013 consultation")
    held = {name for name, each in checks.items() if re.match("holds|matches", each["status"])}
    assert {name for name in held if not name.startswith(of_2013)} == set(sums)


def test_every_discrepancy_of_this_edition_is_told(edition: Edition, shared: Path) -> None:
    of_2017 = {
        each["id"]
        for each in inventory(shared)["discrepancies"]
        if {place[:3] for place in each["source_lines"]} & {"000", "002", "004"}
    }
    assert {row[0] for row in TOLD} | OF_WORDS == of_2017


def test_a_discrepancy_is_told_where_a_reader_meets_it(edition: Edition) -> None:
    for _, where, words in TOLD:
        kind, _, name = where.partition(" ")
        if kind == "figure":
            text = edition.quoted[name].unchecked
        else:
            line = edition.line(name)
            assert line, name
            text = line.note
        assert words in " ".join(text.split()), name


def test_strategic_policing_has_promises_and_no_list_of_commitments(edition: Edition) -> None:
    listed = [each for each in edition.commitments if each.kind != "other promise"]
    others = [each for each in edition.commitments if each.kind == "other promise"]
    assert len(listed) == 90
    for section in ("Tackling serious and organised crime", "The London Crime Prevention Fund"):
        assert not any(section in each.place for each in listed)
        assert any(section in each.place for each in others)


def test_the_centres_for_victims_of_assault_have_one_name(edition: Edition) -> None:
    """The plan prints them as Assault and as Assessment centres; only the first is their name."""
    told = [*(each.what for each in edition.quoted.values())]
    told += [each.promise for each in edition.commitments]
    assert not any("Sexual Assessment" in text for text in told)
