"""How an edition is read, and which faults are named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bluelamp.definitions import DefinitionFaults
from bluelamp.plan.edition import Plan
from bluelamp.plan.line import Part
from bluelamp.plan.reading import read_edition, read_editions

PLAN = """
title: Plan of {start}
short_title: Plan
standing: In force.
starts: {start}
ends: {end}
judged_by: progress
how_judged: By looking.
ambition: Safer
source: The plan
"""
PRIORITY = "{number: 1, title: First, question: Well?, summary: Words, place: Chapter 1}"
LINE = """
number: {number}
priority: {priority}
title: A line
promise: Do it.
place: Chapter 1
parts: {parts}
"""
LESS = "[{hope: lower, what: there is less, measures: [burglary]}]"
UNKNOWN = "[{hope: lower, what: there is less, missing: figures, holder: somebody}]"


def write(root: Path, edition: str = "p", **lines: str) -> Path:
    folder = root / "plans" / edition
    (folder / "priorities").mkdir(parents=True)
    (folder / "lines").mkdir()
    (folder / "plan.yaml").write_text(PLAN.format(start="2017-03-20", end="2022-03-23"))
    (folder / "priorities" / "first.yaml").write_text(PRIORITY)
    for name, text in lines.items():
        (folder / "lines" / f"{name}.yaml").write_text(text)
    return root


def line(number: int = 1, priority: str = "first", parts: str = LESS) -> str:
    return LINE.format(number=number, priority=priority, parts=parts)


def test_lines_come_in_printed_order_whatever_their_names(tmp_path: Path) -> None:
    write(tmp_path, a=line(2), b=line(1, parts=UNKNOWN))
    edition = read_edition(tmp_path, "p", {"burglary"})
    assert [each.id for each in edition.lines] == ["b", "a"]
    assert edition.measures == ["burglary"]
    assert [each.id for each, _ in edition.parts_about("burglary")] == ["a"]
    assert edition.parts_about("robbery") == []


def test_every_fault_is_named_at_once_with_its_file(tmp_path: Path) -> None:
    robbery = LESS.replace("burglary", "robbery")
    write(tmp_path, a=line(1, priority="second"), b=line(1, parts=robbery))
    with pytest.raises(DefinitionFaults) as error:
        read_edition(tmp_path, "p", {"burglary"})
    assert [(fault.path.name, fault.message) for fault in error.value.faults] == [
        ("a.yaml", "priority: there is no priority 'second'; the ids are first"),
        ("b.yaml", "number: 1 is the number of 'a' too; 2 is free"),
        ("b.yaml", "measures: there is no measure 'robbery'; the ids are burglary"),
    ]


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ("[]", "a line has one part, or two sides; not 0"),
        (f"{LESS[:-1]}, {LESS[1:-1]}, {LESS[1:]}", "a line has one part, or two sides; not 3"),
        ("[{hope: lower, what: there is less}]", "'there is less' names no measure"),
        ("[{hope: less, what: x, measures: [burglary]}]", "hope: 'less' is not one of"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(tmp_path: Path, parts: str, fault: str) -> None:
    write(tmp_path, a=line(parts=parts))
    with pytest.raises(DefinitionFaults, match=fault):
        read_edition(tmp_path, "p", {"burglary"})


def test_an_edition_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(FileNotFoundError, match="no plan edition 'q'; the editions are p"):
        read_edition(tmp_path, "q", set())


def test_editions_come_in_order_of_their_start(tmp_path: Path) -> None:
    write(tmp_path, "a-later")
    write(tmp_path, "b-earlier")
    plan = tmp_path / "plans" / "b-earlier" / "plan.yaml"
    plan.write_text(PLAN.format(start="2013-03-25", end="2016-12-31"))
    assert list(read_editions(tmp_path, set())) == ["b-earlier", "a-later"]


def plan(starts: date, ends: date) -> Plan:
    return Plan("p", "t", "t", "s", starts, ends, "progress", "h", "a", "s")


@pytest.mark.parametrize(
    ("starts", "ends", "first", "last"),
    [
        (date(2017, 3, 20), date(2022, 3, 23), "2017-04", "2022-02"),
        (date(2017, 4, 1), date(2022, 3, 31), "2017-04", "2022-03"),
        (date(2017, 12, 2), date(2018, 2, 27), "2018-01", "2018-01"),
    ],
)
def test_only_whole_months_in_force_are_judged(
    starts: date, ends: date, first: str, last: str
) -> None:
    assert (str(plan(starts, ends).first_month), str(plan(starts, ends).last_month)) == (
        first,
        last,
    )


def test_a_plan_without_a_whole_month_is_refused() -> None:
    with pytest.raises(ValueError, match="no whole month"):
        plan(date(2017, 3, 2), date(2017, 4, 29))


def test_in_force_from_the_first_day_to_the_last() -> None:
    edition = plan(date(2017, 3, 20), date(2022, 3, 23))
    days = [date(2017, 3, 19), date(2017, 3, 20), date(2022, 3, 23), date(2022, 3, 24)]
    assert [edition.in_force(day) for day in days] == [False, True, True, False]


def test_a_part_may_have_a_measure_and_still_miss_something() -> None:
    part = Part("lower", "there is less", ("burglary",), missing="repeat victims", holder="police")
    assert part.missing
