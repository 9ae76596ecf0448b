"""The framework, the local priorities and the inputs of the 2017 plan, against the seed texts.

The inventory of the seed documents has 23 entries for the 21 printed lines of the framework (two
lines have two sides), and a target on some of its indicators. None may be missing here and none may
be made up; the numbers that the plan sets for what is put in must stand where it is said they do.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bluelamp.definitions import definitions_root
from bluelamp.measures.definition import read_measures
from bluelamp.plan.edition import Edition
from bluelamp.plan.local import LocalPriorities
from bluelamp.plan.reading import read_edition

# The inventory's entry, our line, which part of it, what that part hopes for.
FRAMEWORK = [
    (entry, line, int(part), hope)
    for entry, line, part, hope in (
        row.split(maxsplit=3)
        for row in """
victim_satisfaction_police            victim-satisfaction-with-the-police  0 higher
public_perceptions_mps                public-perceptions-of-the-police     0 higher
inequality_satisfaction_perceptions   gaps-in-satisfaction-and-perceptions 0 narrower gap
workforce_representativeness          a-representative-workforce           0 more representative
officers_fair_treatment               fairness-among-colleagues            0 higher
cohort_offending                      offending-by-targeted-groups         0 lower
victims_code_compliance               service-for-victims                  0 higher
victim_satisfaction_cjs               victim-satisfaction-with-the-courts  0 higher
young_people_victimisation            young-people-as-victims              0 lower
knife_crime                           knife-crime                          0 lower
first_time_entrants                   first-time-entrants                  0 lower
gun_crime                             gun-crime                            0 lower
cse_reporting                         child-sexual-exploitation-reports    0 higher
domestic_abuse_reporting              domestic-abuse                       0 higher
domestic_abuse_repeat_victimisation   domestic-abuse                       1 lower
sexual_violence_reporting             sexual-violence                      0 higher
sexual_violence_repeat_victimisation  sexual-violence                      1 lower
vawg_attrition                        violence-against-women-cases-lost    0 higher
harmful_practices_reporting           harmful-practices-reports            0 higher
hate_crime_reporting                  hate-crime-reports                   0 higher
hate_crime_attrition                  hate-crime-cases-lost                0 higher
hate_crime_repeat_victimisation       hate-crime-repeat-victims            0 lower
hate_crime_satisfaction               hate-crime-victim-satisfaction       0 higher
""".strip().splitlines()
    )
]
# What the inventory says of the direction, by our hope.
DIRECTIONS = {
    "higher": ("up", "two-sided: more reporting AND less repeat victimisation"),
    "lower": ("down", "down (paired with reporting up)"),
    "narrower gap": ("down",),
    "more representative": ("up",),
}
# Fewer cases lost is read from a larger share that ends in a positive outcome.
THE_OTHER_WAY = {"vawg_attrition", "hate_crime_attrition"}

# fmt: off
SHARED = [
    # inventory                 our id                       kind         volume    repeat watched
    ("antisocial_behaviour",    "antisocial-behaviour",      "common",    "lower",   False),
    ("high_harm_sexual_violence", "sexual-violence",         "high harm", "neither", True),
    ("high_harm_domestic_abuse", "domestic-abuse",           "high harm", "neither", True),
    ("high_harm_cse",           "child-sexual-exploitation", "high harm", "neither", True),
    ("high_harm_weapon_crime",  "weapon-based-crime",        "high harm", "neither", True),
    ("high_harm_hate_crime",    "hate-crime",                "high harm", "neither", True),
]
# fmt: on

INPUTS = [
    # our line                         aim         stands in           as printed there
    (
        "ward-teams",
        629,
        ["002:926-931"],
        ["629 wards", "two dedicated Police Constables", "one PCSO", "December 2017"],
    ),
    ("schools-with-a-named-officer", 100, ["002:1172-1176"], ["every school has a named officer"]),
    (
        "night-tube-officers",
        100,
        ["002:1191-1203"],
        ["100 officers", "144 stations", "£3.4 million", "at least as many officers"],
    ),
    ("cyber-protect-officers", 7, ["002:1488-1493"], ["an additional seven officers"]),
    ("body-worn-cameras", 22_000, ["002:1951-1953"], ["22,000 BWV cameras", "in 2017"]),
    ("digital-forensics-kiosks", 96, ["002:1990-1996"], ["96 digital forensics kiosks"]),
    ("back-office-costs", 15, ["002:2022-2026"], ["ambition", "15 per cent"]),
    (
        "police-support-units",
        96,
        ["002:2398-2406"],
        [
            "96 Police Support Units",
            "75 retained",
            "21 available",
            "one Inspector, three Sergeants and 18 Constables",
        ],
    ),
    (
        "crime-prevention-fund",
        72e6,
        ["002:2545-2556"],
        ["£72 million", "duration", "need and demand"],
    ),
    (
        "crime-prevention-fund-shared-part",
        30,
        ["002:2561-2565"],
        ["30 per cent", "2018/19 onwards"],
    ),
    (
        "officer-strength",
        32_000,
        ["002:149-162"],
        ["strategic ambition of 32,000 police officers", "wage bill"],
    ),
    (
        "savings",
        400e6,
        ["002:506-515"],
        ["£400m in additional savings", "the next four years", "£600 million"],
    ),
    ("extra-money-from-the-mayor", 27e6, ["000:27"], ["an additional £27m", "This year"]),
    ("money-for-victims-services", 63e6, ["002:2767-2771"], ["a total of £63m", "2017 and 2021"]),
    ("money-for-womens-centres", 500_000, ["002:3335-3343"], ["£500,000"]),
    ("child-houses", 2, ["002:4034-4042"], ["two Child Houses", "2017/18"]),
    (
        "officers-trained-on-hate-crime",
        100,
        ["002:6255-6266"],
        ["training", "all frontline officers"],
    ),
]

# Every indicator of 2017 to which the inventory gives a target: our line, or why there is none.
TARGETS = {
    "ward_team_minimum": "ward-teams",
    "officer_strength": "officer-strength",
    "bwv_cameras_issued": "body-worn-cameras",
    "digital_forensics_kiosks": "digital-forensics-kiosks",
    "back_office_cost_share": "back-office-costs",
    "savings_achieved": "savings",
    "night_tube_officers": "night-tube-officers",
    "psu_strength": "police-support-units",
    "victim_services_spend": "money-for-victims-services",
    "schools_with_officer": "schools-with-a-named-officer",
    "frontline_hate_training": "officers-trained-on-hate-crime",
    "lcpf_allocation": "crime-prevention-fund",
}
NOT_FIRM = {
    "istv_departments": "the plan says that not all departments have joined and that it will work "
    "on that; it does not say that all will",
}


@pytest.fixture(scope="module")
def seeds(shared: Path) -> dict[str, list[str]]:
    """The lines of each seed text by the first three digits of its name."""
    folder = shared / "reference" / "seed-documents"
    return {path.name[:3]: path.read_text("utf-8").split("\n") for path in folder.glob("*.txt")}


@pytest.fixture(scope="module")
def inventory(shared: Path) -> list[dict[str, Any]]:
    path = shared / "reference" / "plan-inventory" / "measures.yaml"
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def edition() -> Edition:
    root = definitions_root()
    return read_edition(root, "london-2017", set(read_measures(root)))


@pytest.fixture(scope="module")
def local(edition: Edition) -> LocalPriorities:
    assert edition.local
    return edition.local


def of_class(inventory: list[dict[str, Any]], name: str) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in inventory if entry["class"] == name}


def text_at(seeds: dict[str, list[str]], places: list[str]) -> str:
    """The text of `002:926-931`, lines counted from 1, as one line of single spaces."""
    found = []
    for place in places:
        document, _, lines = place.partition(":")
        first, _, last = lines.partition("-")
        found += seeds[document][int(first) - 1 : int(last or first)]
    return " ".join(" ".join(found).split())


# --- the framework --------------------------------------------------------------------------------


def test_the_drawn_table_has_every_entry_of_the_inventory(inventory: list[dict[str, Any]]) -> None:
    assert {row[0] for row in FRAMEWORK} == set(of_class(inventory, "framework_2017"))
    assert len(FRAMEWORK) == 23


def test_the_drawn_table_has_every_part_of_every_framework_line(edition: Edition) -> None:
    parts = {
        (line.id, number) for line in edition.outcome_lines for number in range(len(line.parts))
    }
    assert {(line, part) for _, line, part, _ in FRAMEWORK} == parts
    assert len(edition.outcome_lines) == 21


@pytest.mark.parametrize(("entry", "line", "part", "hope"), FRAMEWORK)
def test_a_line_hopes_for_what_the_framework_does(
    inventory: list[dict[str, Any]],
    edition: Edition,
    entry: str,
    line: str,
    part: int,
    hope: str,
) -> None:
    direction = of_class(inventory, "framework_2017")[entry]["desired_direction"]
    assert direction in DIRECTIONS["lower" if entry in THE_OTHER_WAY else hope]
    ours = edition.line(line)
    assert ours
    assert ours.parts[part].hope == hope


def test_lines_stand_in_the_printed_order_of_the_framework(
    inventory: list[dict[str, Any]], edition: Edition
) -> None:
    """The framework is printed at lines 6749 to 6849 of the plan's text."""
    entries = of_class(inventory, "framework_2017")
    printed: dict[str, int] = {}
    for entry, line, _, _ in FRAMEWORK:
        starts = [int(re.split("[:-]", place)[1]) for place in entries[entry]["source_lines"]]
        (start,) = [start for start in starts if 6749 <= start <= 6849]
        printed[line] = start
    assert sorted(printed, key=lambda line: printed[line]) == [
        line.id for line in edition.outcome_lines
    ]


def test_a_line_belongs_to_the_priority_under_which_it_is_printed(
    inventory: list[dict[str, Any]], edition: Edition
) -> None:
    titles = {priority.id: priority.title.lower() for priority in edition.priorities}
    entries = of_class(inventory, "framework_2017")
    for entry, line, _, _ in FRAMEWORK:
        ours = edition.line(line)
        assert ours
        assert titles[ours.priority] == entries[entry]["priority_objective"].lower(), entry


# --- local priorities -----------------------------------------------------------------------------


def test_the_local_priorities_are_those_of_the_inventory(
    inventory: list[dict[str, Any]], local: LocalPriorities
) -> None:
    chosen = {f"borough_priority_crime_{number}" for number in range(1, local.chosen + 1)}
    watched = {"all_recorded_crime"} if "all recorded crime is watched" in local.summary else set()
    shared = {row[0] for row in SHARED}
    assert chosen | watched | shared == set(of_class(inventory, "local_2017"))
    assert [row[1] for row in SHARED] == [each.id for each in local.shared]


@pytest.mark.parametrize(("entry", "our_id", "kind", "volume", "repeat"), SHARED)
def test_the_volume_of_the_gravest_crimes_is_only_watched(
    inventory: list[dict[str, Any]],
    local: LocalPriorities,
    entry: str,
    our_id: str,
    kind: str,
    volume: str,
    repeat: bool,
) -> None:
    ours = next(each for each in local.shared if each.id == our_id)
    assert (ours.kind, ours.volume, bool(ours.repeat)) == (kind, volume, repeat)
    direction = of_class(inventory, "local_2017")[entry]["desired_direction"]
    assert direction == ("volume: monitor only; repeat victimisation: down" if repeat else "down")


def test_the_rules_of_the_borough_system_stand_in_the_plan(seeds: dict[str, list[str]]) -> None:
    text = text_at(seeds, ["002:6710-6749"])
    for words in (
        "each Borough has selected two local priority crimes",
        "antisocial behaviour",
        "sexual violence, domestic abuse, child sexual exploitation,",
        "weapon-based crime and hate crime",
        "monitor the volume of offences",
        "a reduction in repeat victimisation",
        "refreshed annually",
    ):
        assert words in text


# --- what is put in -------------------------------------------------------------------------------


def test_the_drawn_table_has_every_input_line(edition: Edition) -> None:
    assert [row[0] for row in INPUTS] == [line.id for line in edition.input_lines]


@pytest.mark.parametrize(("line", "aim", "places", "printed"), INPUTS)
def test_a_floor_or_ceiling_stands_where_it_is_said_to(
    seeds: dict[str, list[str]],
    edition: Edition,
    line: str,
    aim: float,
    places: list[str],
    printed: list[str],
) -> None:
    text = text_at(seeds, places)
    assert [words for words in printed if words not in text] == []
    ours = edition.line(line)
    assert ours
    assert ours.target
    ceiling = line == "back-office-costs"
    assert (ours.target.at_most if ceiling else ours.target.at_least) == aim


@pytest.mark.parametrize(("line", "aim", "places", "printed"), INPUTS)
def test_no_figure_of_an_input_line_is_made_up(
    seeds: dict[str, list[str]],
    edition: Edition,
    line: str,
    aim: float,
    places: list[str],
    printed: list[str],
) -> None:
    ours = edition.line(line)
    assert ours
    assert ours.target
    words = " ".join([ours.promise, ours.target.words, ours.target.baseline_note])
    figures = set(re.findall(r"\d[\d,./]*\d|\d", words))
    text = text_at(seeds, places)
    assert sorted(figure for figure in figures if figure not in text) == []


def test_every_target_of_the_inventory_has_a_line_or_a_reason(
    inventory: list[dict[str, Any]], edition: Edition
) -> None:
    targets = {name for name, e in of_class(inventory, "indicator_2017").items() if e["target"]}
    assert targets == set(TARGETS) | set(NOT_FIRM)
    assert set(TARGETS.values()) <= {line.id for line in edition.input_lines}


# --- who asked, and whom --------------------------------------------------------------------------


def test_the_consultation_is_told_as_the_plan_and_the_web_page_tell_it(
    shared: Path, edition: Edition, seeds: dict[str, list[str]]
) -> None:
    path = shared / "reference" / "plan-inventory" / "facts.yaml"
    facts = {fact["id"]: fact for fact in yaml.safe_load(path.read_text("utf-8"))["facts"]}
    asked = edition.plan.consultation
    assert asked
    assert str(asked.starts) == facts["consultation17_start"]["value"]
    assert str(asked.ends) == facts["consultation17_end"]["value"]
    for fact, words in (
        ("consultation_online_responses", "513"),
        ("consultation_written_responses", "200"),
        ("talk_london_responses", "nearly 8,000"),
        ("public_meetings_dmpc", "four public meetings"),
        ("talk_london_start_plan", "24 October"),
        ("talk_london_start_page", "26 October"),
        ("talk_london_end", "16 November 2016"),
    ):
        assert words in asked.how, fact
        printed = text_at(seeds, facts[fact]["source_lines"])
        assert words.split()[0] in printed, fact


def test_the_mayor_and_the_deputy_mayor_signed_the_plan(
    edition: Edition, seeds: dict[str, list[str]]
) -> None:
    assert edition.plan.mayor in seeds["002"][165]
    assert edition.plan.deputy_mayor in " ".join(seeds["002"][308:310])
