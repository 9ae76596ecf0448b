"""The 90 points of the 2017 plan's "We commit to" lists, held to its text and to the inventory.

The inventory (`../shared/reference/plan-inventory`) says which point stands where in the plan;
the plan itself (`../shared/reference/seed-documents`, the file that starts with 002) is the judge
of every figure. Nothing of either is in the project.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import fields
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml

from bluelamp.definitions import definitions_root
from bluelamp.measures.definition import read_measures
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.reading import read_edition

PREFIX = "c17_"
POINTS_PER_BLOCK = [8, 2, 6, 7, 6, 5, 6, 4, 4, 4, 6, 7, 9, 5, 7, 3, 1]
WORDS_THAT_ARE_A_QUOTATION = 8
LINES_NEAR_BY = 40
FIGURE = re.compile(r"£?\d+(?:[,./]\d+)*(?:m\b|bn\b)?")
POUNDS = re.compile(r"£(\d[\d,]*(?:\.\d+)?)(m|bn)?\b")


@pytest.fixture(scope="module")
def bullets(shared: Path) -> list[dict[str, Any]]:
    path = shared / "reference" / "plan-inventory" / "commitments.yaml"
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [entry for entry in entries if entry["kind"] == "we_commit_bullet"]


@pytest.fixture(scope="module")
def documents(shared: Path) -> dict[str, list[str]]:
    """The lines of every source text, by its number: "002" is the plan."""
    found = (shared / "reference" / "seed-documents").glob("*.txt")
    return {path.name[:3]: path.read_text(encoding="utf-8").split("\n") for path in found}


@pytest.fixture(scope="module")
def points() -> dict[str, Commitment]:
    root = definitions_root()
    edition = read_edition(root, "london-2017", set(read_measures(root)))
    return {each.id: each for each in edition.commitments if each.kind == "we commit to"}


def id_of(bullet: dict[str, Any]) -> str:
    return str(bullet["id"]).removeprefix(PREFIX).replace("_", "-")


def cited(bullet: dict[str, Any], documents: dict[str, list[str]], around: int = 0) -> str:
    """The text of the lines that the inventory names for a bullet ("002:1630-1635", "000:4").

    `around` takes in as many lines more before and after each.
    """
    text = []
    for source in bullet["source_lines"]:
        document, lines = source.split(":")
        first, _, last = lines.partition("-")
        start, end = int(first) - 1 - around, int(last or first) + around
        text += documents[document][max(start, 0) : end]
    return "\n".join(text)


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("\u2019", "").replace("'", ""))


def runs_of(text: str) -> set[tuple[str, ...]]:
    """Every run of eight words, whatever their case and what stands between them."""
    words = words_of(text)
    size = WORDS_THAT_ARE_A_QUOTATION
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def sentences_of(commitment: Commitment) -> list[str]:
    values = [getattr(commitment, field.name) for field in fields(commitment)]
    lists = [value for value in values if isinstance(value, tuple)]
    return [v for v in values if isinstance(v, str)] + [v for names in lists for v in names]


def last_day_meant(words: str) -> date | None:
    """ "by December 2017" and "in 2017/18" (a financial year) as a date; None for other words."""
    if match := re.search(r"\bby ([A-Z][a-z]+) (\d{4})", words):
        year, month = int(match[2]), list(calendar.month_name).index(match[1])
        return date(year, month, calendar.monthrange(year, month)[1])
    if match := re.search(r"\bin (\d{4})/\d\d\b", words):
        return date(int(match[1]) + 1, 3, 31)
    return None


def pounds_in(words: str) -> list[float]:
    scale = {"": 1, "m": 1e6, "bn": 1e9}
    return [float(n.replace(",", "")) * scale[unit] for n, unit in POUNDS.findall(words)]


def test_every_point_has_one_commitment_and_every_commitment_one_point(
    bullets: list[dict[str, Any]], points: dict[str, Commitment]
) -> None:
    assert len(bullets) == 90
    assert {id_of(bullet) for bullet in bullets} == set(points)


def test_they_are_numbered_as_they_stand_in_the_plan(
    bullets: list[dict[str, Any]], points: dict[str, Commitment]
) -> None:
    assert {id_of(b): b["bullet_no"] for b in bullets} == {p.id: p.number for p in points.values()}
    assert sorted(point.number for point in points.values()) == list(range(1, 91))


def test_the_17_lists_have_their_printed_lengths(
    bullets: list[dict[str, Any]], points: dict[str, Commitment]
) -> None:
    in_order = sorted(points.values(), key=lambda point: point.number)
    lists = [(block, list(group)) for block, group in groupby(in_order, key=lambda p: p.block)]
    assert [len(group) for _, group in lists] == POINTS_PER_BLOCK
    assert len({block for block, _ in lists}) == 17
    ours = {point.id: n for n, (_, group) in enumerate(lists, 1) for point in group}
    assert ours == {id_of(bullet): bullet["block"] for bullet in bullets}
    for _, group in lists:
        assert len({point.priority for point in group}) == 1
        told = [re.search(r"point (\d+) of the list", point.place) for point in group]
        places = [int(match[1]) for match in told if match]
        assert places == (list(range(1, len(group) + 1)) if len(group) > 1 else [])


def test_every_figure_stands_in_the_lines_of_the_plan_that_the_inventory_names(
    bullets: list[dict[str, Any]], points: dict[str, Commitment], documents: dict[str, list[str]]
) -> None:
    checked = 0
    for bullet in bullets:
        point, source = points[id_of(bullet)], FIGURE.findall(cited(bullet, documents))
        for words in (point.promise, point.due_words, point.money_words):
            strange = [figure for figure in FIGURE.findall(words) if figure not in source]
            assert strange == [], f"{point.id}: {strange} of '{words}'"
            checked += len(FIGURE.findall(words))
    assert checked >= 5, "the figures of the plan have gone from the promises"


def test_every_figure_of_a_note_stands_near_by_in_the_plan_or_in_its_announcement(
    bullets: list[dict[str, Any]], points: dict[str, Commitment], documents: dict[str, list[str]]
) -> None:
    announced = set(FIGURE.findall("\n".join(documents["000"])))
    for bullet in bullets:
        point = points[id_of(bullet)]
        near = set(FIGURE.findall(cited(bullet, documents, around=LINES_NEAR_BY)))
        assert set(FIGURE.findall(point.note)) <= near | announced, point.id


def test_dates_and_sums_are_those_that_their_words_say(
    bullets: list[dict[str, Any]], points: dict[str, Commitment]
) -> None:
    for bullet in bullets:
        point = points[id_of(bullet)]
        assert point.due == last_day_meant(point.due_words), point.id
        if re.fullmatch(r"\d{4}-\d\d-\d\d", bullet["due"] or ""):
            assert str(point.due) == bullet["due"], point.id
        assert (point.money is None) == (not pounds_in(point.money_words)), point.id
        if point.money is not None:
            assert [point.money] == pounds_in(point.money_words), point.id
    # Only what the text dates or prices: a date made up would call a promise late.
    assert [p.id for p in points.values() if p.due] == [
        "dedicated-ward-officers",
        "cse-identification-isva-child-houses",
    ]
    assert {p.id: p.money for p in points.values() if p.money} == {
        "victims-services-commissioning": 63_000_000,
        "women-diversion-centres": 500_000,
    }


def test_what_the_inventory_cannot_count_is_not_called_countable(
    bullets: list[dict[str, Any]], points: dict[str, Commitment]
) -> None:
    for bullet in bullets:
        if bullet["measurable"] == "no":
            assert not points[id_of(bullet)].countable, bullet["id"]


def test_the_words_are_ours(points: dict[str, Commitment], documents: dict[str, list[str]]) -> None:
    printed = runs_of("\n".join(documents["002"]))
    for point in points.values():
        for sentence in sentences_of(point):
            shared_runs = [" ".join(run) for run in runs_of(sentence) & printed]
            assert shared_runs == [], f"{point.id}: {shared_runs}"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("by December 2017", date(2017, 12, 31)),
        ("by June 2017", date(2017, 6, 30)),
        ("the two houses to open in 2017/18", date(2018, 3, 31)),
        ("in 2017 for 22,000 cameras", None),
        ("looked at again every year", None),
        ("", None),
    ],
)
def test_words_of_time_become_a_last_day_only_where_they_name_one(
    words: str, day: date | None
) -> None:
    assert last_day_meant(words) == day


def test_a_quotation_is_found_across_lines_hyphens_and_capitals() -> None:
    seed = "The MPS is to trial\nnew Mental-Health Investigation Teams that will serve"
    assert runs_of("is to trial new mental health investigation teams") & runs_of(seed)
    assert not runs_of("is to try new mental health investigation teams") & runs_of(seed)
