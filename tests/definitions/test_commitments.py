"""What every edition promises: numbered without a gap, said in whole sentences, by named bodies."""

from __future__ import annotations

import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from bluelamp.measures.definition import read_measures
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.edition import Edition
from bluelamp.plan.reading import read_editions

ROOT = Path(__file__).resolve().parents[2] / "definitions"
EDITIONS: dict[str, Edition] = read_editions(ROOT, set(read_measures(ROOT)))
COMMITMENTS = [(edition, each) for edition in EDITIONS.values() for each in edition.commitments]

# There is a page for each lead: a longer list of them helps nobody to find a promise.
MOST_LEADS = 25

each_edition = pytest.mark.parametrize("edition", EDITIONS.values(), ids=list(EDITIONS))
each_commitment = pytest.mark.parametrize(
    "commitment",
    [each for _, each in COMMITMENTS],
    ids=[f"{edition.plan.id}-{each.id}" for edition, each in COMMITMENTS],
)


def leads_nowhere(place: str) -> list[str]:
    """Parts of a place that no reader can find in the plan: lines of a text file, codes, not years.

    "Chapter 3, point 12 of the list" and "announcement of 24 March 2022" are places.
    """
    codes: list[str] = re.findall(r"\b\d{3}:\d+|\blines? \d{2,}", place)
    return codes + [n for n in re.findall(r"\d{3,}", place) if not re.fullmatch(r"(19|20)\d\d", n)]


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        ('Chapter "Reducing crime", point 12 of the list', []),
        ("Announcement of 24 March 2022, third paragraph", []),
        ("002:1630", ["002:1630", "002", "1630"]),
        ("The plan, lines 48-52", ["lines 48"]),
        ("The plan at 5367", ["5367"]),
    ],
)
def test_a_line_of_a_text_file_is_told_from_a_place(place: str, wrong: list[str]) -> None:
    assert leads_nowhere(place) == wrong


@each_edition
def test_numbers_run_from_1_without_a_gap_and_the_plans_own_list_comes_first(
    edition: Edition,
) -> None:
    numbers = [each.number for each in edition.commitments]
    assert numbers == list(range(1, len(numbers) + 1))
    kinds = [kind for kind, _ in groupby(edition.commitments, key=lambda each: each.kind)]
    assert kinds in ([], ["we commit to"], ["other promise"], ["we commit to", "other promise"])


@each_edition
def test_the_points_of_one_list_stand_together(edition: Edition) -> None:
    headings = [block for block, _ in groupby(each.block for each in edition.commitments) if block]
    assert len(headings) == len(set(headings))


@each_edition
def test_no_two_commitments_share_a_title_a_promise_or_a_point(edition: Edition) -> None:
    for words in ("title", "promise"):
        counted = Counter(getattr(each, words) for each in edition.commitments)
        assert [text for text, n in counted.items() if n > 1] == []
    points = Counter(each.place for each in edition.commitments if each.block)
    assert [place for place, n in points.items() if n > 1] == []


@each_edition
def test_leads_are_few_and_each_is_written_in_one_way(edition: Edition) -> None:
    leads = {each.lead for each in edition.commitments}
    assert len(leads) <= MOST_LEADS, sorted(leads)
    spelt = Counter(re.sub(r"[^a-z]", "", lead.lower().removeprefix("the ")) for lead in leads)
    assert [lead for lead, n in spelt.items() if n > 1] == []


@each_commitment
def test_a_commitment_is_said_in_whole_sentences(commitment: Commitment) -> None:
    # The promise of a review may end with the question that the review is to answer.
    assert commitment.promise.endswith((".", "?")), commitment.promise
    assert commitment.check.endswith("."), commitment.check
    for words in (commitment.promise, commitment.check):
        assert not words[0].islower(), words
    assert not commitment.title.endswith(".")
    assert commitment.note == "" or commitment.note.endswith(".")


@each_commitment
def test_a_lead_is_spelt_out(commitment: Commitment) -> None:
    """A page is named after it: "Metropolitan Police", never "MPS"."""
    assert commitment.lead
    assert not commitment.lead.isupper()
    assert commitment.lead not in commitment.partners


@each_commitment
def test_a_date_has_the_words_that_it_was_taken_from(commitment: Commitment) -> None:
    if commitment.due:
        assert commitment.due_words


@each_commitment
def test_a_place_can_be_found_by_a_reader(commitment: Commitment) -> None:
    assert commitment.place
    assert leads_nowhere(commitment.place) == []


@each_commitment
def test_nothing_restates_itself_or_names_a_thing_twice(commitment: Commitment) -> None:
    assert commitment.id not in commitment.restates
    for names in (commitment.restates, commitment.lines, commitment.measures, commitment.partners):
        assert len(names) == len(set(names)), names
