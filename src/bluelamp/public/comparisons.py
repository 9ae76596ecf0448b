"""How many tests stand behind a page, so that a reader knows how many chances there were to err."""

from __future__ import annotations

from collections.abc import Iterable

from bluelamp.plan.line import Line
from bluelamp.public.opened import OpenRelease


def comparisons(opened: OpenRelease, measures: Iterable[str], areas: Iterable[str]) -> int:
    """How many findings of these measures in these areas were tested, both questions together."""
    places = tuple(areas)
    asked = (
        opened.release.finding(question, measure, area)
        for measure in dict.fromkeys(measures)
        for area in places
        for question in ("watch", "edition")
    )
    return sum(finding is not None and finding.p_value is not None for finding in asked)


def of_lines(opened: OpenRelease, lines: Iterable[Line], areas: Iterable[str]) -> int:
    """How many findings stand behind the readings of some lines of a plan."""
    named = [measure for line in lines for part in line.parts for measure in part.measures]
    return comparisons(opened, named, areas)
