"""A target as a page shows it: the aim, where it started, how far it has come, and its chart."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bluelamp.look import words
from bluelamp.look.drawing import Drawing
from bluelamp.look.target_charts import TargetMonth, target_chart
from bluelamp.measures.definition import Measure
from bluelamp.periods import Month
from bluelamp.plan.line import Target
from bluelamp.public.opened import OpenRelease
from bluelamp.public.shown import decimals, in_unit, unit_words
from bluelamp.signals.finding import TargetPoint, TargetReading
from bluelamp.signals.target_words import at_most, bounded


@dataclass(frozen=True)
class PointRow:
    """A row of the table under the chart, in words. chance: '' where it was not worked out."""

    month: str
    value: str
    way: str
    chance: str


@dataclass(frozen=True)
class TargetShown:
    """A target of one line for the force.

    facts    pairs of what and how much: the aim, the baseline, the goal, the newest figure...
    sentence what may be said of it, '' where the line's own words say it already
    chart    None where there is nothing to draw
    """

    aim: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    note: str
    title: str
    chart: Drawing | None
    unit: str
    rows: tuple[PointRow, ...]


def target_shown(
    opened: OpenRelease, target: Target, reading: TargetReading | None, said: str
) -> TargetShown:
    """A target with what the release says of it.

    reading   None in a release that does not read targets; then the aim stands alone.
    said      the words of the line, which are not said again.
    """
    measure = opened.measures.get(reading.measure) if reading else None
    title = ""
    if measure and reading and reading.points:
        area = opened.called(opened.gazetteer[reading.area])
        first, last = (Month.parse(reading.points[end].month).words for end in (0, -1))
        title = f"{measure.title}, {area}, 12 months ending {first} to {last}"
    return TargetShown(
        aim=target.words,
        sentence="" if reading is None or reading.sentence in said else reading.sentence,
        facts=facts(target, measure, reading),
        note="" if target.baseline_note in said else target.baseline_note,
        title=title,
        chart=drawn(target, measure, reading, title) if measure and reading else None,
        unit=unit_words(measure).capitalize() if measure else target.unit,
        rows=tuple(point_row(measure, point) for point in reversed(reading.points))
        if measure and reading
        else (),
    )


def level(target: Target, measure: Measure | None, value: float) -> str:
    """A level with its unit, as the measure counts it or as the target itself says."""
    if measure is None:
        return f"{words.number(value, decimals(value))} {target.unit}".strip()
    return f"{in_unit(measure, value)} {unit_words(measure, value)}"


def facts(
    target: Target, measure: Measure | None, reading: TargetReading | None
) -> tuple[tuple[str, str], ...]:
    """What is known of a target, line by line; what is not known is said to be so."""
    baseline = reading.baseline if reading else target.baseline
    goal = reading.goal if reading else given_goal(target)
    found = [
        ("Starting point", starting_point(target, measure, reading, baseline)),
        ("Goal", "cannot be worked out" if goal is None else aimed_at(target, measure, goal)),
        ("To be reached by", words.day(target.by) if target.by else "no date is set"),
    ]
    if reading and reading.latest is not None:
        newest = level(target, measure, reading.latest)
        found.append((f"12 months to {words.month(reading.latest_month)}", newest))
    over = reading is not None and reading.latest_month == reading.by
    if measure and reading and reading.trajectory is not None and not over:
        found.append(("A straight way would stand at", level(target, measure, reading.trajectory)))
    if measure and reading and reading.distance is not None:
        found.append(("Distance from the goal", distance(measure, reading.distance)))
    if reading and reading.chance is not None:
        found.append(("Chance of reaching it in time", chance(reading.chance)))
    return tuple(found)


def aimed_at(target: Target, measure: Measure | None, goal: float) -> str:
    """The goal and on which side of it to be: "76,520 or fewer", "at least 2 centres". A count is
    whole."""
    if measure is None:
        side = "no more than" if at_most(target) else "at least"
        return f"{side} {level(target, measure, goal)}"
    return bounded(measure, goal, at_most(target))


def given_goal(target: Target) -> float | None:
    return target.at_least if target.at_least is not None else target.at_most


def starting_point(
    target: Target, measure: Measure | None, reading: TargetReading | None, baseline: float | None
) -> str:
    if baseline is None:
        return "none is stated" if not target.has_baseline else "cannot be worked out"
    said = level(target, measure, baseline)
    if reading and reading.baseline_first:
        first, last = words.month(reading.baseline_first), words.month(reading.baseline_last)
        return f"{said}, {first} to {last}"
    return said


def distance(measure: Measure, value: float) -> str:
    if measure.is_percentage:
        size = words.number(abs(value) * 100, 1)
        unit = "percentage points"
    else:
        size, unit = in_unit(measure, abs(value)), unit_words(measure, abs(value))
    if not size.strip("0.,"):
        return "none"
    return f"{size} {unit} {'above' if value > 0 else 'below'} it"


def chance(value: float) -> str:
    """A chance as "62 in 100", never as nought or certainty."""
    if value < 0.01:
        return "less than 1 in 100"
    if value > 0.99:
        return "more than 99 in 100"
    return f"about {words.number(value * 100, 0)} in 100"


def drawn(target: Target, measure: Measure, reading: TargetReading, title: str) -> Drawing | None:
    if not reading.points or reading.goal is None:
        return None
    goal = reading.goal
    if measure.kind == "count":  # as its sentence has it: 76,520.8 or fewer is 76,520
        goal = math.floor(goal) if at_most(target) else math.ceil(goal)
    return target_chart(
        [TargetMonth(Month.parse(p.month), p.value, p.trajectory) for p in reading.points],
        goal=goal,
        id="target",
        title=title,
        description=reading.sentence,
        unit=f"{unit_words(measure)} in 12 months",
        in_words=lambda value: in_unit(measure, value),
    )


def point_row(measure: Measure | None, point: TargetPoint) -> PointRow:
    def written(value: float | None, none: str) -> str:
        return none if value is None or measure is None else in_unit(measure, value)

    return PointRow(
        words.month(point.month),
        written(point.value, "not all 12 months are known"),
        written(point.trajectory, ""),
        "" if point.chance is None else chance(point.chance),
    )
