"""Every plan edition that is shipped: it parses, nothing is left out, no sentence is a riddle."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bluelamp.definitions import read_gazetteer
from bluelamp.measures.definition import Measure, read_measures
from bluelamp.plan.contents import read_statutory_contents
from bluelamp.plan.edition import Edition
from bluelamp.plan.line import Line, Part
from bluelamp.plan.reading import read_editions

ROOT = Path(__file__).resolve().parents[2] / "definitions"
MEASURES: dict[str, Measure] = read_measures(ROOT)
EDITIONS: dict[str, Edition] = read_editions(ROOT, set(MEASURES))
LINES = [(edition, line) for edition in EDITIONS.values() for line in edition.lines]
PARTS = [(line, part) for _, line in LINES for part in line.parts]

each_edition = pytest.mark.parametrize("edition", EDITIONS.values(), ids=list(EDITIONS))
each_line = pytest.mark.parametrize(
    ("edition", "line"), LINES, ids=[f"{e.plan.id}-{line.id}" for e, line in LINES]
)
each_part = pytest.mark.parametrize(
    ("line", "part"), PARTS, ids=[f"{line.id}-{line.parts.index(part)}" for line, part in PARTS]
)


@each_edition
def test_lines_and_priorities_are_numbered_without_a_gap(edition: Edition) -> None:
    assert [line.number for line in edition.lines] == list(range(1, len(edition.lines) + 1))
    numbers = [priority.number for priority in edition.priorities]
    assert numbers == list(range(1, len(numbers) + 1))


@each_edition
def test_no_two_lines_share_a_title_or_a_promise(edition: Edition) -> None:
    for words in ("title", "promise", "place"):
        twice = Counter(getattr(line, words) for line in edition.lines).most_common(1)[0]
        assert twice[1] == 1, twice


@each_edition
def test_every_priority_has_a_line_and_a_question(edition: Edition) -> None:
    for priority in edition.priorities:
        assert edition.lines_of(priority.id)
        assert priority.question.endswith("?")


@each_edition
def test_no_measure_is_hoped_to_go_both_ways(edition: Edition) -> None:
    for measure in edition.measures:
        hopes = {part.hope for _, part in edition.parts_about(measure)}
        assert not {"lower", "higher"} <= hopes, measure


@each_edition
def test_sentences_know_the_areas_that_the_plan_calls_by_another_name(edition: Edition) -> None:
    gazetteer = read_gazetteer(ROOT)
    assert all(code in gazetteer for code in edition.plan.called)


@each_edition
def test_an_edition_says_where_it_sets_out_each_thing_the_law_asks_for(edition: Edition) -> None:
    law = read_statutory_contents(ROOT)
    assert law
    assert edition.checklist
    wanted = [requirement.id for requirement in law.requirements]
    assert [item.requirement for item in edition.checklist.items] == wanted


@each_line
def test_a_line_says_what_was_promised_and_where(edition: Edition, line: Line) -> None:
    assert line.promise.endswith(".")
    assert line.place
    # Line numbers of a text file are no place in a plan that a reader can open.
    assert not re.search(r"\d{3,}", line.place)
    assert line.priority in {priority.id for priority in edition.priorities}


@each_part
def test_the_words_of_a_part_fit_the_sentences_they_end(line: Line, part: Part) -> None:
    """ "The plan hopes that ...", "It would need ... (held by ...)." """
    for words in (part.what, part.missing):
        assert not words.endswith("."), words
        assert words[:1] == words[:1].lower() or words.split()[0].isupper(), words
    assert bool(part.missing) == bool(part.holder), "say both what is missing and who holds it"
    assert part.proxy == "" or part.proxy.endswith(".")


@each_part
def test_a_part_names_measures_that_exist_and_can_move(line: Line, part: Part) -> None:
    assert set(part.measures) <= set(MEASURES)
    if part.measures:
        assert part.hope in ("lower", "higher", "neither")


@each_part
def test_recorded_offences_hoped_to_be_higher_are_marked_as_a_proxy(line: Line, part: Part) -> None:
    """More recorded crime is never good news by itself: only if more people came forward."""
    counts = [measure for measure in part.measures if MEASURES[measure].kind == "count"]
    if part.hope == "higher" and counts:
        assert part.proxy


def test_the_2017_framework_is_whole() -> None:
    edition = EDITIONS["london-2017"]
    assert [p.id for p in edition.priorities] == [
        "a-better-police-service",
        "a-better-criminal-justice-service",
        "keeping-children-safe",
        "tackling-violence-against-women-and-girls",
        "standing-together-against-hatred",
    ]
    outcome = Counter(line.priority for line in edition.outcome_lines)
    assert [outcome[priority.id] for priority in edition.priorities] == [5, 3, 5, 4, 4]
    assert len(edition.outcome_lines) == 21
    two_sided = [line.id for line in edition.lines if line.two_sided]
    assert two_sided == ["domestic-abuse", "sexual-violence"]


def test_the_2017_plan_sets_numbers_for_what_is_put_in_and_none_for_crime() -> None:
    edition = EDITIONS["london-2017"]
    # Its framework comes first, in its printed order; what is put in stands in many places.
    assert edition.lines == (*edition.outcome_lines, *edition.input_lines)
    assert [line.id for line in edition.input_lines if not line.target] == []
    # Nothing that is put in is published in a way that could be received here today.
    assert not any(part.measures for line in edition.input_lines for part in line.parts)


def test_the_2017_plan_judges_by_progress_and_is_not_in_force_now() -> None:
    plan = EDITIONS["london-2017"].plan
    assert plan.judged_by == "progress"
    assert (str(plan.starts), str(plan.ends)) == ("2017-03-20", "2022-03-23")
    assert "not in force now" in plan.standing
    assert (str(plan.first_month), str(plan.last_month)) == ("2017-04", "2022-02")


def test_of_the_2022_plan_only_the_announcement_is_known_and_no_number_is_made_up() -> None:
    edition = EDITIONS["london-2022"]
    plan = edition.plan
    assert (plan.document, plan.judged_by) == ("announcement", "not stated")
    assert "only the Mayor's announcement of 24 March 2022" in plan.known_by
    assert (str(plan.starts), str(plan.ends)) == ("2022-03-24", "2025-03-23")
    assert "not known here" in plan.standing
    assert [line.id for line in edition.lines if line.target] == []
    # What the law asks for may all stand in the plan itself, which is not at hand.
    assert edition.checklist
    assert {item.met for item in edition.checklist.items} == {"cannot tell"}


@pytest.mark.parametrize("edition", [e for e in EDITIONS.values() if e.plan.judged_by != "targets"])
def test_a_plan_without_targets_for_crime_sets_none_in_its_lines(edition: Edition) -> None:
    assert [line.id for line in edition.outcome_lines if line.target] == []
