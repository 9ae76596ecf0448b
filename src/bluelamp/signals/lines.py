"""Reads every line of every edition, area by area, from the findings of its measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bluelamp.periods import Month
from bluelamp.places import LEVELS, Gazetteer
from bluelamp.plan.edition import Edition, Plan
from bluelamp.plan.line import Line, Part
from bluelamp.signals.finding import LineReading, Question, TargetReading
from bluelamp.signals.findings import Found
from bluelamp.signals.progress import CANNOT_TELL, progress_of
from bluelamp.signals.reading import line_reading, outcome, part_outcome
from bluelamp.signals.sentences import Teller, missing_data
from bluelamp.signals.wording import Places

EVERY_LINE_AT = ("force", "borough")
"""Levels at which a line is read even where nothing is published of it: it is never left out."""


def read_lines(
    found: Iterable[Found],
    editions: Mapping[str, Edition],
    leading: str,
    gazetteer: Gazetteer,
    known_on: Month,
    targets: Iterable[TargetReading] = (),
) -> tuple[LineReading, ...]:
    """The reading of each line for each area that has findings.

    A line speaks of how things stand, so it is read from the last 12 months (`watch`) under the
    edition's hopes; one with a target that can be judged, from its target. Of the leading edition
    the plan's whole time (`edition`) is read too, and what the two come to as progress.
    """
    by_area: dict[str, dict[Question, dict[str, Found]]] = defaultdict(lambda: defaultdict(dict))
    for each in found:
        finding = each.finding
        if not gazetteer[finding.area].outside:
            by_area[finding.area][finding.question][finding.measure] = each
    of_target = {(each.edition, each.line, each.area): each for each in targets}
    kinds = {code: gazetteer[code].kind for code in by_area}
    areas = sorted(by_area, key=lambda code: (LEVELS.index(kinds[code]), code))
    readings: list[LineReading] = []
    for edition in sorted(editions.values(), key=lambda each: (each.plan.starts, each.plan.id)):
        teller = Teller(Places(gazetteer, edition.plan.called), edition.plan, known_on)
        leads = edition.plan.id == leading
        for line in edition.lines:
            for area in areas:
                here = _here(line, by_area[area]["watch"])
                if not here and kinds[area] not in EVERY_LINE_AT:
                    continue
                target = of_target.get((edition.plan.id, line.id, area))
                lately = _read(edition.plan.id, line, area, here, teller)
                over = _here(line, by_area[area]["edition"]) if leads else {}
                judged = _with_progress(lately, edition.plan, line, over, teller)
                readings.append(_with_target(judged, line, target))
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


def _with_progress(
    lately: LineReading, plan: Plan, line: Line, over: Mapping[str, Found], teller: Teller
) -> LineReading:
    """With the reading of the plan's whole time, and what it adds to the sentence.

    over   the `edition` findings of the leading edition; none for any other.
    """
    reading = line_reading(line, tuple(_outcome(part, over) for part in line.parts)) if over else ""
    found = progress_of(line, plan.judged_by, lately.reading, reading)
    findings = [each.finding for each in over.values()]
    told = ""
    if found not in ("", CANNOT_TELL):
        told = teller.over_the_plan(line, lately.reading, reading, findings)
    return replace(
        lately,
        over_the_plan=reading,
        progress=found,
        sentence=f"{lately.sentence} {told}".strip(),
    )


def _with_target(lately: LineReading, line: Line, target: TargetReading | None) -> LineReading:
    """Read from its target, or with the words why that cannot be judged.

    What the line has said already is not said again.
    """
    if target is None:
        return lately
    if target.status != "not judged":
        sentence = f"{target.sentence} {missing_data(line.parts[0])}".strip()
        return replace(lately, reading=target.status, sentence=sentence)
    rest = target.sentence
    for said in (missing_data(line.parts[0]), target.reason):
        if said and said in lately.sentence:
            rest = " ".join(rest.replace(said, "").split())
    return replace(lately, sentence=f"{lately.sentence} {rest}")
