"""The firm promises of the 2017 plan outside its "We commit to" lists, against the seed texts.

Each is compared with the inventory of the seed documents: none is missing, none was made up; every
figure that we print stands in the lines that the inventory cites; and the words are our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bluelamp.definitions import definitions_root
from bluelamp.measures.definition import read_measures
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.reading import read_edition

# Money that case studies of the plan promise and the inventory keeps among its facts: the id, and
# the lines of document 002 where it stands.
ADDED = {
    "beth-centre-two-years": "002:3344-3368",
    "youth-violence-waltham-forest": "002:4739-4768",
    "angelou-partnership-two-years": "002:5602-5629",
}

# What the inventory has as a due date or a sum and we do not, or the other way round, and why.
DUE_WORDS_ONLY = {
    "crc-oversight-devolution": "2021 is the end of a contract; London was to take over after it",
    "lammy-review-consider": "spring 2017 is when somebody else's report was expected",
    "annual-road-enforcement-report": "every year is no single day",
    "annual-priority-refresh": "every year is no single day",
    "borough-data-support": "no time is stated for the figures, only for the priorities",
    "harris-review-update": "'in due course' is no date",
    "knife-sales-proposals": "the strategy that is to hold them has no date in the plan",
    "vawg-outcomes-commissioning-strategy": "the strategy that is to hold them has no date",
    "lcpf-72m-30pct": "a year from which the pot runs, not one by which it is done",
    "savings-400m": "'over the next four years' does not name the day on which they begin",
    "pr-extra-27m": "'this year' is not said to be the calendar year or the financial one",
}
SUM_NOT_STATED = {
    "water-cannon-proceeds": "what a sale will bring",
    "presentence-reports": "no amount given",
    "male-victim-funding": "no amount given",
}

# Promises and points of a list that say the same although the inventory does not link them.
SAME_AND_NOT_LINKED = {
    ("reduce-lac-arrest", "looked-after-children"): "both ask for fewer arrests of children in care"
}

# Years that the text gives elsewhere: the end of the consultation, the day of the announcement.
FIGURES_OF_ANOTHER_LINE = {
    "discuss-framework-boroughs": {2.0, 2017.0},
    "pr-extra-27m": {2017.0},
}

NUMBER_WORDS = {
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
}
MULTIPLES = {"m": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9, "k": 10**3}
FIGURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?:\s?(m|million|bn|billion|k)\b)?")


@pytest.fixture(scope="module")
def seeds(shared: Path) -> dict[str, list[str]]:
    """The lines of each seed text by the first three digits of its name."""
    folder = shared / "reference" / "seed-documents"
    return {
        path.name[:3]: path.read_text(encoding="utf-8").split("\n")
        for path in sorted(folder.glob("*.txt"))
    }


@pytest.fixture(scope="module")
def inventory(shared: Path) -> dict[str, dict[str, Any]]:
    """The inventory's other promises of the plan and of its draft page, by our ids."""
    path = shared / "reference" / "plan-inventory" / "commitments.yaml"
    return {
        our_id(entry["id"]): entry
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
        if entry["edition"] in ("ed_2017_21", "ed_2017_21_draft")
        and entry["kind"] == "other_promise"
    }


@pytest.fixture(scope="module")
def commitments() -> tuple[Commitment, ...]:
    root = definitions_root()
    return read_edition(root, "london-2017", set(read_measures(root))).commitments


@pytest.fixture(scope="module")
def promises(commitments: tuple[Commitment, ...]) -> dict[str, Commitment]:
    return {each.id: each for each in commitments if each.kind == "other promise"}


@pytest.fixture(scope="module")
def points(commitments: tuple[Commitment, ...]) -> dict[str, Commitment]:
    """The points of the "We commit to" lists, of which a promise may be a restatement."""
    return {each.id: each for each in commitments if each.kind == "we commit to"}


def our_id(inventory_id: str) -> str:
    """p17_night_tube_policing -> night-tube-policing."""
    return inventory_id.split("_", 1)[1].replace("_", "-")


def cited(entry: dict[str, Any] | None, promise: str) -> list[str]:
    return entry["source_lines"] if entry else [ADDED[promise]]


def lines_of(seeds: dict[str, list[str]], places: list[str]) -> str:
    """The text of places such as 002:24-29 or 000:33, both ends included."""
    text = []
    for place in places:
        document, _, span = place.partition(":")
        first, _, last = span.partition("-")
        text += seeds[document][int(first) - 1 : int(last or first)]
    return "\n".join(text)


def figures_in(text: str) -> set[float]:
    """Every number of a text in digits or in words from two to twelve; 72m is 72 million."""
    for word, digits in NUMBER_WORDS.items():
        text = re.sub(rf"\b{word}\b", digits, text, flags=re.IGNORECASE)
    return {
        float(digits.rstrip(",").replace(",", "")) * MULTIPLES.get(unit, 1)
        for digits, unit in FIGURE.findall(text)
    }


def eights(text: str) -> Iterator[tuple[str, ...]]:
    """Every eight words in a row, without case and punctuation."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['\u2019]", "", text.lower()))
    return zip(*(words[start:] for start in range(8)), strict=False)


def our_words(promise: Commitment) -> list[str]:
    """What is written by us; names of bodies, chapters and sections are the plan's."""
    return [
        promise.title,
        promise.promise,
        promise.due_words,
        promise.money_words,
        promise.check,
        promise.note,
    ]


def day_of(due: str | None) -> date | None:
    """The last day of 2017-12-31, 2017-06 or 2017; None where it is words."""
    if not due or not (found := re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", str(due))):
        return None
    year, month, day = found.groups()
    last = {"06": 30}.get(month or "12", 31)
    return date(int(year), int(month or 12), int(day or last))


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("2 PCs in 629 wards", {2, 629}),
        ("£72m, and two years", {72e6, 2}),
        ("£3.15 billion, £660k", {3.15e9, 660e3}),
        ("£418,724 from 2018/19", {418724, 2018, 19}),
        ("someone", set()),
    ],
)
def test_figures_are_found(text: str, figures: set[float]) -> None:
    assert figures_in(text) == figures


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ("2017-12-31", date(2017, 12, 31)),
        ("2017-06", date(2017, 6, 30)),
        ("2017", date(2017, 12, 31)),
        ("annual", None),
        (None, None),
    ],
)
def test_due_days_are_the_last_of_what_is_said(due: str | None, day: date | None) -> None:
    assert day_of(due) == day


def test_no_promise_is_missing_or_made_up(
    inventory: dict[str, Any], promises: dict[str, Commitment]
) -> None:
    assert set(promises) == set(inventory) | set(ADDED)
    assert not set(inventory) & set(ADDED)


def test_they_follow_the_90_points_in_the_order_of_the_text(
    inventory: dict[str, Any], promises: dict[str, Commitment]
) -> None:
    """The plan first, then the launch announcement, then the consultation page."""
    documents = ("002", "000", "004")

    def stands(promise: str) -> tuple[int, int]:
        document, _, span = cited(inventory.get(promise), promise)[0].partition(":")
        return documents.index(document), int(span.split("-")[0])

    in_order = sorted(promises.values(), key=lambda each: each.number)
    assert [each.number for each in in_order] == list(range(91, 91 + len(in_order)))
    assert [each.id for each in in_order] == sorted(promises, key=stands)


def test_every_figure_stands_in_the_cited_lines(
    inventory: dict[str, Any], promises: dict[str, Commitment], seeds: dict[str, list[str]]
) -> None:
    strange = {}
    for promise in promises.values():
        said = " ".join((promise.title, promise.promise, promise.due_words, promise.money_words))
        text = lines_of(seeds, cited(inventory.get(promise.id), promise.id))
        if found := figures_in(said) - figures_in(text):
            strange[promise.id] = found
    assert strange == FIGURES_OF_ANOTHER_LINE


def test_due_days_are_the_inventorys(
    inventory: dict[str, Any], promises: dict[str, Commitment]
) -> None:
    for name, entry in inventory.items():
        promise = promises[name]
        if name in DUE_WORDS_ONLY:
            assert promise.due is None, name
            assert entry["due"], f"{name}: the inventory gives no time, so it is no exception"
        else:
            assert promise.due == day_of(entry["due"]), name
            assert promise.due or not entry["due"], f"{name}: '{entry['due']}' is left out"


def test_a_due_day_has_its_words(promises: dict[str, Commitment]) -> None:
    assert [each.id for each in promises.values() if each.due and not each.due_words] == []


def test_sums_are_the_inventorys(
    inventory: dict[str, Any], promises: dict[str, Commitment]
) -> None:
    """The first sum that the inventory names is ours, in pounds."""
    for name, entry in inventory.items():
        money = promises[name].money
        if name in SUM_NOT_STATED or not entry["money"]:
            assert money is None, name
        else:
            assert money is not None, name
            assert money in figures_in(entry["money"]), name
    for name in ADDED:
        promise = promises[name]
        assert promise.money in figures_in(promise.money_words)


def test_what_a_number_could_show_is_as_the_inventory_judges(
    inventory: dict[str, Any], promises: dict[str, Commitment]
) -> None:
    ours = {name: promises[name].countable for name in inventory}
    assert ours == {name: entry["measurable"] != "no" for name, entry in inventory.items()}


def test_only_what_the_inventory_links_is_called_the_same(
    inventory: dict[str, Any], promises: dict[str, Commitment], points: dict[str, Commitment]
) -> None:
    """Whichever of the two names the other; a detail with a date of its own is not the same."""
    ours = {
        (name, point.id)
        for name in promises
        for point in points.values()
        if point.id in promises[name].restates or name in point.restates
    }
    linked = {
        (name, our_id(point))
        for name, entry in inventory.items()
        for point in entry.get("related_bullets", [])
    }
    assert ours - linked == set(SAME_AND_NOT_LINKED)
    assert len(ours) > 5
    for name, point in ours:
        assert promises[name].due in (None, points[point].due), (name, point)


def test_the_draft_says_that_it_is_the_draft(
    inventory: dict[str, Any], promises: dict[str, Commitment]
) -> None:
    drafts = {name for name, entry in inventory.items() if entry["edition"] == "ed_2017_21_draft"}
    named = {name for name, each in promises.items() if "Consultation page" in each.place}
    assert len(drafts) == 2
    assert named == drafts


def test_no_eight_words_in_a_row_are_a_seeds(
    promises: dict[str, Commitment], seeds: dict[str, list[str]]
) -> None:
    taken = {eight for lines in seeds.values() for eight in eights(" ".join(lines))}
    shared = [
        (promise.id, " ".join(eight))
        for promise in promises.values()
        for text in our_words(promise)
        for eight in eights(text)
        if eight in taken
    ]
    assert shared == []


def test_no_sentence_of_a_promise_is_long(promises: dict[str, Commitment]) -> None:
    """A reader of 11 to 13 loses the thread of more than 25 words."""
    long = {
        promise.id: sentence
        for promise in promises.values()
        for sentence in re.split(r"(?<=[.?]) ", promise.promise)
        if len(sentence.split()) > 25
    }
    assert long == {}
