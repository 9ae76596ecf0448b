"""The 2013 draft as data holds what a separate reading of its text found: no more, no less.

The inventory beside the checkout lists targets, indicators, promises and facts by ids of its own;
the tables below say under which name each stands here. Both ways are compared, so that nothing is
left out and nothing is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bluelamp.definitions import definitions_root
from bluelamp.measures.definition import read_measures
from bluelamp.plan.arithmetic import worked_out
from bluelamp.plan.edition import Edition
from bluelamp.plan.reading import read_edition

LONDON = "E23000001"

# id in the inventory -> line here
TARGETS = {
    "mopac7_total": "seven-crimes-together",
    "mopac7_violence_with_injury": "violence-with-injury",
    "mopac7_robbery": "robbery",
    "mopac7_burglary": "burglary",
    "mopac7_theft_from_person": "theft-from-the-person",
    "mopac7_theft_from_motor_vehicle": "theft-from-motor-vehicles",
    "mopac7_theft_of_motor_vehicle": "theft-of-motor-vehicles",
    "mopac7_criminal_damage": "criminal-damage",
    "confidence_mps": "confidence-in-the-police",
    "mps_budget_savings": "savings",
    "court_delays": "court-delays",
    "community_sentence_compliance": "community-sentences",
    "youth_custody_reoffending": "reoffending-after-youth-custody",
}
INDICATORS = {
    "officer_numbers_13": "officers",
    "staff_posts": "staff-posts",
    "estate_area": "floor-area",
    "property_running_cost": "property-costs",
    "technology_spend": "technology-costs",
    "sn_officers_borough": "safer-neighbourhoods-officers",
    "borough_officers_total": "borough-officers",
    "front_counters_24_7": "open-counters",
    "safer_neighbourhood_boards": "safer-neighbourhood-boards",
    "cadets": "cadets",
    "special_constables": "special-constables",
    "safety_index": "safety-index",
    "young_confidence_stop_search": "young-peoples-confidence",
    "counter_visitors": "counter-visitors",
    "cases_lenient_sentence": "lenient-sentences",
}
# fact of the inventory -> the quoted figures that it became
QUOTED: dict[str, tuple[str, ...]] = {
    "challenge_20": ("crime-cut", "confidence-rise", "savings-share"),
    "cjs_challenge": ("court-delays-cut", "community-sentences-rise", "reoffending-cut"),
    "fewer_crimes": ("fewer-crimes",),
    "confidence_from": ("confidence-before",),
    "confidence_to": ("confidence-after",),
    "savings_13": ("savings",),
    "officers_total": ("officers",),
    "constables_from": ("constables-before",),
    "constables_to": ("constables-after",),
    "redirect": ("officers-moved",),
    "sn_more": ("more-in-safer-neighbourhoods",),
    "staff_from": ("staff-before",),
    "staff_to": ("staff-after",),
    "staff_cut": ("staff-cut",),
    "staff_vacant": ("staff-vacant",),
    "tech_spend": ("technology-spend",),
    "estate_buildings": ("buildings",),
    "estate_from": ("floor-area-before",),
    "estate_to": ("floor-area-after",),
    "property_saving": ("property-saving",),
    "snb_fund": ("crime-prevention-fund",),
    "rape_crisis_centres": ("rape-crisis-centres",),
    "resettlement": ("youth-resettlement",),
}
# Figures of which the inventory's list of facts knows nothing: its own table, and a third.
OF_THE_TABLE = {
    "safer-neighbourhoods-2011": "sn_2011",
    "safer-neighbourhoods-2015": "sn_2015",
    "safer-neighbourhoods-change": "sn_change",
    "borough-officers-2011": "total_2011",
    "borough-officers-2015": "total_2015",
    "borough-officers-change": "total_change",
}
OURS = {"estate-cut"}
# Dates, names and counts of the document's own parts -> the file in which the words stand.
ELSEWHERE = {
    "mayoral_decision": "plan.yaml",
    "plan13_end_year": "plan.yaml",
    "consultation13_weeks": "plan.yaml",
    "post_office_pilot": "commitments/post-office-pilot.yaml",
    "lpm_start": "commitments/local-policing-model.yaml",
    "boroughs_public_meetings": "commitments/borough-meetings.yaml",
}
# Facts that are no words to look for: a test below holds each to what the edition has.
COUNTED = {
    "consultation13_start", "consultation13_end", "consultation13_questions", "mission_points",
    "pillars", "mopac7_13",
}  # fmt: skip
# The day on which the office was set up: about the office, not a promise or number of the plan.
LEFT_OUT = {"mopac_established"}

TABLE = {
    "sn_2011": "safer_neighbourhoods_2011",
    "sn_2015": "safer_neighbourhoods_2015",
    "sn_change": "safer_neighbourhoods_change",
    "total_2011": "officers_2011",
    "total_2015": "officers_2015",
    "total_change": "officers_change",
}


@pytest.fixture(scope="module")
def folder() -> Path:
    return definitions_root() / "plans/london-2013"


@pytest.fixture(scope="module")
def edition() -> Edition:
    root = definitions_root()
    return read_edition(root, "london-2013", set(read_measures(root)))


@pytest.fixture(scope="module")
def inventory(shared: Path) -> Any:
    """inventory(name) -> the parsed file."""

    def parsed(name: str) -> Any:
        path = shared / "reference/plan-inventory" / f"{name}.yaml"
        return yaml.safe_load(path.read_text(encoding="utf-8"))

    return parsed


@pytest.fixture(scope="module")
def facts(inventory: Any) -> dict[str, Any]:
    """The facts of the draft by id."""
    of_all = inventory("facts")["facts"]
    return {fact["id"]: fact for fact in of_all if fact["edition"] == "ed_2013_16_draft"}


def texts(value: Any) -> Iterator[str]:
    """Every text in a YAML file, as a reader would see it: folded lines are one."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    else:
        yield str(value)


@pytest.mark.parametrize(
    ("drawn", "kind"), [(TARGETS, "target_2013"), (INDICATORS, "indicator_2013")]
)
def test_the_table_names_each_target_and_indicator_of_the_inventory(inventory, drawn, kind):
    wanted = sorted(m["id"] for m in inventory("measures") if m["class"] == kind)
    assert sorted(drawn) == wanted


def test_each_line_is_one_target_or_indicator_and_each_of_them_is_one_line(edition):
    named = [*TARGETS.values(), *INDICATORS.values()]
    assert len(set(named)) == len(named) == 28
    assert sorted(line.id for line in edition.lines) == sorted(named)


def test_what_the_inventory_calls_a_target_has_a_number_and_goes_the_way_it_says(
    edition, inventory
):
    hopes = {"up": "higher", "down": "lower", "monitor": "neither"}
    for measure in inventory("measures"):
        if measure["id"] not in TARGETS:
            continue
        line = edition.line(TARGETS[measure["id"]])
        assert line.target, line.id
        assert line.parts[0].hope == hopes[measure["desired_direction"]], line.id


@pytest.mark.parametrize(
    ("line", "aim", "baseline", "by"),
    [
        ("seven-crimes-together", -0.2, None, "2016-12-31"),
        ("robbery", -0.2, None, "2016-12-31"),
        ("confidence-in-the-police", 0.75, 0.62, "2016-12-31"),
        ("savings", 500_000_000, None, "2016-12-31"),
        ("court-delays", -0.2, None, "None"),
        ("community-sentences", 0.2, None, "None"),
        ("reoffending-after-youth-custody", -0.2, None, "None"),
        ("officers", 26_000, 24_000, "None"),
        ("staff-posts", 11_846, 14_513, "2016-03-31"),
        ("floor-area", 600_000, 900_000, "None"),
        ("property-costs", 60_000_000, None, "None"),
        ("safer-neighbourhoods-officers", 4_491, 1_849, "2015-12-31"),
        ("borough-officers", 19_285, 18_103, "2015-12-31"),
        ("open-counters", 32, None, "None"),
        ("safer-neighbourhood-boards", 32, None, "2014-12-31"),
        ("cadets", 1.0, None, "None"),
    ],
)
def test_numbers_starts_and_dates_are_those_of_the_draft(edition, line, aim, baseline, by):
    target = edition.line(line).target
    found = [a for a in (target.change, target.at_least, target.at_most) if a is not None]
    assert (found, target.baseline, str(target.by)) == ([aim], baseline, by)


def test_the_crime_targets_are_one_for_each_of_the_seven_and_say_whose_baseline_it_is(
    edition, facts
):
    cuts = [line for line in edition.lines if line.target and line.target.baseline_months]
    measures = [part.measures for line in cuts for part in line.parts]
    assert len(set(measures)) == 1 + facts["mopac7_13"]["value"]
    for line in cuts:
        assert [str(month) for month in line.target.baseline_months] == ["2011-04", "2012-03"]
        assert "We chose" in line.target.baseline_note


def test_each_promise_of_the_inventory_is_a_commitment_and_each_commitment_is_one(
    edition, inventory
):
    wanted = [
        promise["id"].partition("_")[2].replace("_", "-")
        for promise in inventory("commitments")
        if promise["edition"] == "ed_2013_16_draft"
    ]
    assert len(wanted) == 54
    assert sorted(each.id for each in edition.commitments) == sorted(wanted)
    assert [each.number for each in edition.commitments] == list(range(1, 55))
    assert {each.kind for each in edition.commitments} == {"other promise"}


def test_every_fact_is_somewhere_or_is_left_out_on_purpose(facts):
    places = [*QUOTED, *ELSEWHERE, *COUNTED, *LEFT_OUT]
    assert len(set(places)) == len(places)
    assert sorted(places) == sorted(facts)


def test_every_quoted_figure_is_a_fact_or_named_as_more(edition):
    named = [figure for figures in QUOTED.values() for figure in figures]
    assert sorted(edition.quoted) == sorted([*named, *OF_THE_TABLE, *OURS])


def test_a_quoted_figure_has_the_value_of_its_fact(edition, facts):
    worded = {"20/20/20": 20, "1/3 of a million": 333_333}
    for fact, figures in QUOTED.items():
        value = facts[fact]["value"]
        for figure in figures:
            assert edition.quoted[figure].value == worded.get(value, value), figure


def test_what_is_printed_is_carried_over_to_the_letter(edition, facts, folder):
    for fact, figures in QUOTED.items():
        theme = next(t for t in edition.themes if figures[0] in {f.id for f in t.figures})
        said = [theme.title, *(edition.quoted[figure].printed for figure in figures)]
        for printed in facts[fact]["printed_as"]:
            assert any(printed in words for words in said), (fact, printed)
    for fact, name in ELSEWHERE.items():
        said = list(texts(yaml.safe_load((folder / name).read_text(encoding="utf-8"))))
        for printed in facts[fact]["printed_as"]:
            assert any(printed in words for words in said), (fact, printed)


def test_parts_of_the_document_are_as_many_as_counted(edition, facts):
    plan, asked = edition.plan, edition.plan.consultation
    assert str(asked.starts) == facts["consultation13_start"]["value"]
    assert str(asked.ends) == facts["consultation13_end"]["value"]
    assert len(asked.asked) == facts["consultation13_questions"]["value"]
    assert len(plan.ambitions) == facts["mission_points"]["value"]
    assert len(edition.priorities) == facts["pillars"]["value"]


def test_who_and_how_is_that_of_the_inventory(edition, inventory):
    known = next(e for e in inventory("editions") if e["id"] == "ed_2013_16_draft")
    plan = edition.plan
    assert (plan.mayor, plan.deputy_mayor) == (known["mayor"], known["deputy_mayor"])
    assert plan.consultation.name == known["consultation"]["name"]
    assert len(plan.principles) == len(known["principles"]) == 5
    assert len(plan.consultation.heard) == len(known["crime_priorities_heard"]) == 9
    assert (plan.document, plan.judged_by) == ("consultation draft", "targets")


def test_the_officer_table_is_printed_row_by_row(edition, inventory, shared):
    wanted = inventory("facts")["borough_officer_table"]["rows"]
    table = edition.tables["officers-by-borough"]
    assert [row["borough"] for row in table] == [row["borough"] for row in wanted]
    for ours, theirs in zip(table, wanted, strict=True):
        assert [ours[TABLE[key]] for key in TABLE] == [str(theirs[key]) for key in TABLE]
    seed = next((shared / "reference/seed-documents").glob("003*")).read_text(encoding="utf-8")
    printed = {tuple(line.split("\t")) for line in seed.splitlines()}
    assert all(tuple(row.values()) in printed for row in table)


@pytest.mark.parametrize(
    ("figure", "ours"),
    [
        ("safer-neighbourhoods-2011", 1_849),
        ("safer-neighbourhoods-2015", 4_491),
        ("safer-neighbourhoods-change", 2_642),
        ("more-in-safer-neighbourhoods", 2_642),
        ("borough-officers-2011", 18_103),
        ("borough-officers-2015", 19_287),
        ("borough-officers-change", 1_184),
        ("staff-cut", 2_667),
        ("confidence-after", 74.4),
        ("estate-cut", 100 / 3),
    ],
)
def test_sums_of_the_draft_come_out_as_done_by_hand(edition, figure, ours):
    quoted = edition.quoted[figure]
    assert worked_out(edition, quoted.arithmetic) == pytest.approx(ours)
    agrees = abs(ours - quoted.value) <= quoted.arithmetic.within
    assert agrees == (not quoted.explained), "explain what differs, and only that"


def test_printed_totals_are_those_of_the_total_line(edition, inventory):
    printed = inventory("facts")["borough_officer_table"]["printed_total"]
    for figure, column in OF_THE_TABLE.items():
        assert edition.quoted[figure].printed == str(printed[column])
        assert edition.quoted[figure].value == printed[column]


def test_a_third_of_a_million_is_four_full_years_or_what_would_be_left(edition, ask):
    """The sentence about it is made by hand: this holds its numbers to the data."""
    year = ask("mopac-7", LONDON, "r12-2012-03")["value"]
    said = edition.quoted["fewer-crimes"].unchecked
    cut = round(year * 0.2)
    # In round numbers, because publishers correct their figures from release to release.
    for number, to in ((year, 100_000), (cut, 10_000), (4 * cut, 10_000)):
        assert f"{round(number / to) * to:,}" in said
    assert abs(4 * 0.2 * year / edition.quoted["fewer-crimes"].value - 1) < 0.04
    assert cut < edition.quoted["fewer-crimes"].value / 4


@pytest.mark.parametrize("month", ["2011-07", "2016-12", "2023-06", "2025-12"])
def test_the_seven_add_up_to_the_total_of_them_all(edition, ask, month):
    cuts = [line for line in edition.lines if line.target and line.target.baseline_months]
    seven = [line.parts[0].measures[0] for line in cuts if line.id != TARGETS["mopac7_total"]]
    assert sum(ask(one, LONDON, month)["value"] for one in seven) == pytest.approx(
        ask("mopac-7", LONDON, month)["value"]
    )
