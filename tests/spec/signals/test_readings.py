"""What a change means against what the plan hopes. These tables are the rule."""

from __future__ import annotations

from itertools import product

import pytest

from bluelamp.plan.line import Line, Part
from bluelamp.signals.reading import Stance, finding_reading, line_reading, outcome, part_outcome

# One figure. `alone`: a one-sided line that names the thing itself; `proxy`: recorded offences that
# stand in for people coming forward; `half`: one side of a two-sided line.
ONE_FIGURE = """
    status          | direction | hope    | alone           | proxy           | half
    --------------- + --------- + ------- + --------------- + --------------- + ---------------
    changed         | lower     | lower   | better          | changed         | changed
    changed         | higher    | lower   | worse           | changed         | changed
    changed         | lower     | higher  | worse           | changed         | changed
    changed         | higher    | higher  | better          | changed         | changed
    changed         | lower     | neither | changed         | changed         | changed
    changed         | higher    | neither | changed         | changed         | changed
    no clear change |           | lower   | no clear change | no clear change | no clear change
    not judged      |           | lower   | not judged      | not judged      | not judged
"""

# Several figures of one part, taken together; the order does not matter.
ONE_PART = """
    first           | second          | together
    --------------- + --------------- + ---------------
    as hoped        | as hoped        | as hoped
    as hoped        | no clear change | as hoped
    as hoped        | not judged      | as hoped
    as hoped        | not as hoped    | mixed
    not as hoped    | not as hoped    | not as hoped
    not as hoped    | no clear change | not as hoped
    not as hoped    | not judged      | not as hoped
    changed         | no clear change | changed
    no clear change | no clear change | no clear change
    no clear change | not judged      | no clear change
    not judged      | not judged      | not judged
"""

# "More victims come forward AND fewer are victims again": both halves, or no verdict.
TWO_SIDED = """
    one half        | the other half  | the line
    --------------- + --------------- + ---------------
    as hoped        | as hoped        | better
    as hoped        | not as hoped    | mixed
    as hoped        | no clear change | changed
    as hoped        | changed         | changed
    as hoped        | not judged      | not judged
    not as hoped    | not as hoped    | worse
    not as hoped    | no clear change | changed
    not as hoped    | changed         | changed
    not as hoped    | not judged      | not judged
    mixed           | as hoped        | mixed
    mixed           | not as hoped    | mixed
    mixed           | no clear change | mixed
    mixed           | changed         | mixed
    mixed           | not judged      | not judged
    mixed           | mixed           | mixed
    changed         | changed         | changed
    changed         | no clear change | changed
    changed         | not judged      | not judged
    no clear change | no clear change | no clear change
    no clear change | not judged      | not judged
    not judged      | not judged      | not judged
"""

ONE_SIDED = """
    outcome         | the line        | by a proxy
    --------------- + --------------- + ---------------
    as hoped        | better          | changed
    not as hoped    | worse           | changed
    mixed           | mixed           | changed
    changed         | changed         | changed
    no clear change | no clear change | no clear change
    not judged      | not judged      | not judged
"""


def rows(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.strip().splitlines() if "--- +" not in line]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines[1:]]


def part(hope: str = "lower", proxy: str = "") -> Part:
    return Part(hope, "there is less of it", ("burglary",), proxy=proxy)  # type: ignore[arg-type]  # a table writes hopes as text


def line(*parts: Part) -> Line:
    return Line("a-line", 1, "a-priority", "A line", "Do it.", parts, "Chapter 1")


@pytest.mark.parametrize("row", rows(ONE_FIGURE))
def test_one_figure(row: tuple[str, ...]) -> None:
    status, direction, hope, alone, proxy, half = row
    for kind, expected in (
        (line(part(hope)), alone),
        (line(part(hope, proxy="It may be trust.")), proxy),
        (line(part(hope), part()), half),
    ):
        about = Stance(hope, kind, kind.parts[0])
        assert finding_reading(status, direction, about) == expected  # type: ignore[arg-type]  # as above


def test_a_figure_that_no_line_speaks_of_is_never_better_or_worse() -> None:
    assert finding_reading("changed", "lower", Stance()) == "changed"


@pytest.mark.parametrize(("first", "second", "together"), rows(ONE_PART))
def test_the_figures_of_one_part(first: str, second: str, together: str) -> None:
    assert part_outcome([first, second]) == together
    assert part_outcome([second, first]) == together


def test_a_part_without_figures_is_not_judged() -> None:
    assert part_outcome([]) == "not judged"


@pytest.mark.parametrize(("one", "other", "reading"), rows(TWO_SIDED))
def test_a_two_sided_line(one: str, other: str, reading: str) -> None:
    two_sided = line(part("higher"), part("lower"))
    assert line_reading(two_sided, (one, other)) == reading
    assert line_reading(two_sided, (other, one)) == reading


def test_the_two_sided_table_leaves_nothing_out() -> None:
    outcomes = {row[0] for row in rows(ONE_SIDED)}
    drawn = {frozenset(row[:2]) for row in rows(TWO_SIDED)}
    assert drawn == {frozenset(pair) for pair in product(outcomes, repeat=2)}


@pytest.mark.parametrize(("each", "reading", "by_proxy"), rows(ONE_SIDED))
def test_a_one_sided_line(each: str, reading: str, by_proxy: str) -> None:
    assert line_reading(line(part()), (each,)) == reading
    assert line_reading(line(part(proxy="It may be trust.")), (each,)) == by_proxy


@pytest.mark.parametrize("hope", ["narrower gap", "more representative", "neither", ""])
def test_only_lower_and_higher_can_be_met_by_a_direction(hope: str) -> None:
    assert outcome("changed", "lower", hope) == "changed"
