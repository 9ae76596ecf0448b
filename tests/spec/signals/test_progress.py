"""Positive progress: what the last months and the plan's whole time come to. This is the rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from bluelamp.plan.line import Line, Part, Target
from bluelamp.signals.progress import can_show, progress, progress_of

# Left how the last 12 months read, then how the plan's whole time reads ('-' where that is not
# asked: the edition does not lead the release).
TABLE = """
    lately          | over the plan   | together
    --------------- + --------------- + ----------------------------------------------------
    better          | better          | positive progress
    better          | no clear change | positive progress lately
    better          | changed         | positive progress lately
    better          | not judged      | positive progress lately
    better          | -               | positive progress lately
    better          | worse           | mixed
    better          | mixed           | mixed
    no clear change | better          | progress over the plan, no clear progress lately
    changed         | better          | progress over the plan, no clear progress lately
    not judged      | better          | progress over the plan, cannot tell lately
    worse           | worse           | gone the other way
    worse           | no clear change | gone the other way lately
    worse           | changed         | gone the other way lately
    worse           | not judged      | gone the other way lately
    worse           | -               | gone the other way lately
    worse           | better          | mixed
    worse           | mixed           | mixed
    no clear change | worse           | gone the other way over the plan, not clearly lately
    changed         | worse           | gone the other way over the plan, not clearly lately
    not judged      | worse           | gone the other way over the plan, cannot tell lately
    mixed           | better          | mixed
    mixed           | worse           | mixed
    mixed           | mixed           | mixed
    mixed           | changed         | mixed
    mixed           | no clear change | mixed
    mixed           | not judged      | mixed
    mixed           | -               | mixed
    changed         | mixed           | mixed
    no clear change | mixed           | mixed
    not judged      | mixed           | mixed
    no clear change | no clear change | no clear progress
    no clear change | changed         | no clear progress
    no clear change | not judged      | no clear progress
    no clear change | -               | no clear progress
    changed         | changed         | no clear progress
    changed         | no clear change | no clear progress
    changed         | not judged      | no clear progress
    changed         | -               | no clear progress
    not judged      | no clear change | no clear progress
    not judged      | changed         | no clear progress
    not judged      | not judged      | cannot tell
    not judged      | -               | cannot tell
"""

LESS = Part("lower", "there is less of it", ("burglary",))
MORE = Part("higher", "more people come forward", ("reports",))
PROXY = replace(MORE, proxy="It may be trust.")
UNKNOWN = Part("lower", "fewer are victims again", missing="repeat victims", holder="the police")
WATCHED = replace(LESS, hope="neither")
GAP = replace(LESS, hope="narrower gap")
SET = replace(LESS, target=Target("A fifth less by 2016", change=-0.2, by=date(2016, 12, 31)))

# Whether a line can show progress at all, and what is said of it where its readings say "better".
LINES = [
    ("the thing itself", (LESS,), "positive progress"),
    ("two halves, both with figures", (PROXY, LESS), "positive progress"),
    ("two halves, one without figures", (PROXY, UNKNOWN), "cannot tell"),
    ("a figure that only stands in", (PROXY,), "cannot tell"),
    ("no figure", (UNKNOWN,), "cannot tell"),
    ("a gap that should narrow", (GAP,), "cannot tell"),
    ("neither more nor less is hoped for", (WATCHED,), ""),
    ("a number to reach", (SET,), ""),
]


def rows(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.strip().splitlines() if "--- +" not in line]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines[1:]]


def line(*parts: Part) -> Line:
    return Line("a-line", 1, "a-priority", "A line", "Do it.", parts, "Chapter 1")


@pytest.mark.parametrize(("lately", "over", "together"), rows(TABLE))
def test_progress(lately: str, over: str, together: str) -> None:
    assert progress(lately, over.replace("-", "")) == together


def test_the_table_leaves_nothing_out() -> None:
    readings = {row[0] for row in rows(TABLE)}
    assert readings == {"better", "worse", "mixed", "changed", "no clear change", "not judged"}
    drawn = [row[:2] for row in rows(TABLE)]
    assert sorted(drawn) == sorted(product(readings, readings | {"-"}))


@pytest.mark.parametrize(("_", "parts", "said"), LINES, ids=[each[0] for each in LINES])
def test_what_counts(_: str, parts: tuple[Part, ...], said: str) -> None:
    assert progress_of(line(*parts), "progress", "better", "better") == said
    assert progress_of(line(*parts), "not stated", "better", "better") == said
    assert can_show(line(*parts)) == (said == "positive progress" or parts == (SET,))


def test_an_edition_judged_by_targets_is_not_asked_for_progress() -> None:
    assert progress_of(line(LESS), "targets", "better", "better") == ""
