"""Reads every line of every edition, area by area, from the findings of its measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bluelamp.periods import Month
from bluelamp.places import LEVELS, Gazetteer
from bluelamp.plan.edition import Edition
from bluelamp.plan.line import Line, Part
from bluelamp.signals.finding import LineReading
from bluelamp.signals.findings import Found
from bluelamp.signals.reading import line_reading, outcome, part_outcome
from bluelamp.signals.sentences import Teller
from bluelamp.signals.wording import Places

EVERY_LINE_AT = ("force", "borough")
"""Levels at which a line is read even where nothing is published of it: it is never left out."""


def read_lines(
    found: Iterable[Found], editions: Mapping[str, Edition], gazetteer: Gazetteer, known_on: Month
) -> tuple[LineReading, ...]:
    """The reading of each line for each area that has findings, by the `watch` question.

    A line speaks of how things stand, so it is read from the last 12 months under the edition's
    hopes; the `edition` findings, of the plan's own time, stand on the pages of the measures.
    """
    by_area: dict[str, dict[str, Found]] = defaultdict(dict)
    for each in found:
        if each.finding.question == "watch" and not gazetteer[each.finding.area].outside:
            by_area[each.finding.area][each.finding.measure] = each
    kinds = {code: gazetteer[code].kind for code in by_area}
    areas = sorted(by_area, key=lambda code: (LEVELS.index(kinds[code]), code))
    readings: list[LineReading] = []
    for edition in sorted(editions.values(), key=lambda each: (each.plan.starts, each.plan.id)):
        teller = Teller(Places(gazetteer, edition.plan.called), edition.plan, known_on)
        for line in edition.lines:
            for area in areas:
                here = _here(line, by_area[area])
                if here or kinds[area] in EVERY_LINE_AT:
                    readings.append(_read(edition.plan.id, line, area, here, teller))
    return tuple(readings)


def _here(line: Line, findings: Mapping[str, Found]) -> dict[str, Found]:
    """The findings that an area has for the measures of a line."""
    named = (measure for part in line.parts for measure in part.measures)
    return {measure: findings[measure] for measure in named if measure in findings}


def _read(
    edition: str, line: Line, area: str, here: Mapping[str, Found], teller: Teller
) -> LineReading:
    outcomes = tuple(_outcome(part, here) for part in line.parts)
    reading = line_reading(line, outcomes)
    findings = [(each.finding, each.measure, each.months_known) for each in here.values()]
    sentence = teller.line(line, area, reading, outcomes, findings)
    return LineReading(edition, line.id, area, reading, outcomes, sentence)


def _outcome(part: Part, here: Mapping[str, Found]) -> str:
    """A part without a figure here is not judged."""
    findings = [here[measure].finding for measure in part.measures if measure in here]
    return part_outcome(outcome(f.status, f.direction, part.hope) for f in findings)
