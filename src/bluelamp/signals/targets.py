"""Reads every target of every edition, area by area, from the figures known on a date.

A target is met or missed once all twelve months of its last year are known (of a survey, the
figure for the period that ends with it). Before that it is on course, off course or too close to
call, by the chance of meeting it (`statistics.forecast`). `tests/spec/signals/test_targets.py`
draws the rules; `signals.target_words` makes the sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from bluelamp.measures.series import Series
from bluelamp.periods import Month
from bluelamp.places import Gazetteer
from bluelamp.plan.edition import Edition
from bluelamp.plan.line import Line, Target
from bluelamp.signals import target_words
from bluelamp.signals.finding import TargetPoint, TargetReading, TargetStatus
from bluelamp.signals.target_words import TargetTeller
from bluelamp.signals.target_years import YEAR, TargetYears
from bluelamp.signals.wording import Places

JUDGED_AT = ("force", "borough")
LIKELY, UNLIKELY = 0.8, 0.2


def read_targets(
    series: Iterable[Series],
    editions: Mapping[str, Edition],
    gazetteer: Gazetteer,
    known_on: date,
    force: str = "",
) -> tuple[TargetReading, ...]:
    """By edition, line number, level and area.

    A target without a measure, or without a figure of it, is read for the force alone, and says
    what is missing. There is no reading for a borough that the measure does not have, nor for named
    places outside the boroughs.

    force   code of the office's own force: the areas of others are left out. '' leaves none out.
    """
    given = {(one.measure.id, one.level): one for one in series if one.level in JUDGED_AT}
    ours = sorted(
        code
        for code in {code for one in given.values() for code in one.areas}
        if _is_ours(code, gazetteer, force)
    )
    forces = [code for code in ours if gazetteer[code].kind == "force"]
    readings: list[TargetReading] = []
    for edition in sorted(editions.values(), key=lambda each: (each.plan.starts, each.plan.id)):
        teller = TargetTeller(Places(gazetteer, edition.plan.called), gazetteer, known_on)
        for line in edition.lines:
            if line.target is None:
                continue
            read = [
                reading
                for measure in line.parts[0].measures
                for level in JUDGED_AT
                if (one := given.get((measure, level)))
                for reading in _read(edition, line, line.target, one, ours, teller)
            ]
            missing = set(forces) - {each.area for each in read}
            bare = [_without_figures(edition, line, line.target, c, teller) for c in forces]
            readings += [each for each in bare if each.area in missing] + read
    return tuple(readings)


def _is_ours(code: str, gazetteer: Gazetteer, force: str) -> bool:
    area = gazetteer[code]
    if area.outside or force in ("", code):
        return not area.outside
    return area.kind != "force" and area.parent in (None, force)


def _without_figures(
    edition: Edition, line: Line, target: Target, area: str, teller: TargetTeller
) -> TargetReading:
    measures = line.parts[0].measures
    reason = target_words.no_measure(line.parts[0], target)
    if measures:
        reason = f"{teller.no_figures(area)} {target_words.not_said(target)}".strip()
    return _refused(_bare(edition, line, target, area, "".join(measures)), reason)


def _bare(edition: Edition, line: Line, target: Target, area: str, measure: str) -> TargetReading:
    """What the edition itself says of the target."""
    months = target.baseline_months
    return TargetReading(
        edition=edition.plan.id,
        line=line.id,
        area=area,
        measure=measure,
        status="not judged",
        baseline=target.baseline,
        baseline_first=str(months[0]) if months else "",
        baseline_last=str(months[1]) if months else "",
        goal=_goal(target, target.baseline),
        by=str(target.last_month) if target.last_month else "",
        latest=None,
        latest_month="",
        trajectory=None,
        distance=None,
        chance=None,
        points=(),
        reason="",
        sentence="",
    )


def _refused(reading: TargetReading, reason: str) -> TargetReading:
    return replace(reading, reason=reason, sentence=target_words.refused(reason))


def _goal(target: Target, baseline: float | None) -> float | None:
    if target.change is None:
        return target.at_most if target.at_least is None else target.at_least
    return None if baseline is None else _nine(baseline * (1 + target.change))


def _read(
    edition: Edition,
    line: Line,
    target: Target,
    series: Series,
    areas: list[str],
    teller: TargetTeller,
) -> list[TargetReading]:
    """The readings of one target for some areas of one level."""
    here = [area for area in areas if area in series.areas]
    bare = [_bare(edition, line, target, area, series.measure.id) for area in here]
    by = target.last_month
    if by is None or (target.change is not None and not target.has_baseline):
        return [_refused(each, target_words.not_said(target)) for each in bare]
    after = target.baseline_months or (edition.plan.first_month, edition.plan.first_month - 1)
    broken = [b for b in series.breaks if after[0] < b.month <= min(by, series.months[-1])]
    if broken:
        return [_refused(each, target_words.broken(broken[-1])) for each in bare]
    years = TargetYears(series, by)
    stated = [_at_level(each, target, series, years, teller) for each in bare]
    chances = _chances(stated, target, years, after[1])
    return [
        each if each.reason else _judged(each, target, series, years, after[1], chances, teller)
        for each in stated
    ]


def _at_level(
    bare: TargetReading, target: Target, series: Series, years: TargetYears, teller: TargetTeller
) -> TargetReading:
    """With the baseline and the goal of its own area; refused where either cannot be had."""
    months = target.baseline_months
    if months:
        level = years.over(bare.area, *months)
        if level is None:
            return _refused(bare, target_words.baseline_unknown(*months))
        bare = replace(bare, baseline=_nine(level), goal=_goal(target, level))
    elif series.level != "force":
        # A percentage that is asked of a city can be asked of a borough; a number cannot.
        if not series.measure.is_percentage:
            return _refused(bare, f"The plan sets this number for {teller.whole(bare.area)}.")
        bare = replace(bare, baseline=None)
    reason = years.incomplete(bare.area)
    return _refused(bare, reason) if reason else bare


Chances = Mapping[tuple[str, int], tuple[float | None, str]]


def _chances(
    readings: list[TargetReading], target: Target, years: TargetYears, after: Month
) -> Chances:
    """By area and column of the month that was the last known: the chance, or why there is none.

    Once a year, in the month in which the time for the target ends, and for the newest figures.
    """
    ready = [each for each in readings if not each.reason]
    found: dict[tuple[str, int], tuple[float | None, str]] = {}
    first = max(years.column(after) + YEAR, YEAR - 1)
    yearly = set(range(years.end - YEAR, first - 1, -YEAR))
    newest = {years.latest(each.area) for each in ready}
    for column in sorted((yearly | newest) - {years.end}):
        here = [each for each in ready if column == years.latest(each.area) or column in yearly]
        here = [each for each in here if column <= years.latest(each.area)]
        goals = [each.goal or 0.0 for each in here]
        areas = [each.area for each in here]
        answers = years.chances(areas, column, goals, target_words.at_most(target))
        found.update({(a, column): each for a, each in zip(areas, answers, strict=True)})
    return found


def _judged(
    reading: TargetReading,
    target: Target,
    series: Series,
    years: TargetYears,
    after: Month,
    chances: Chances,
    teller: TargetTeller,
) -> TargetReading:
    area, latest = reading.area, years.latest(reading.area)
    value, goal = years.value(area, latest), reading.goal
    if value is None or goal is None:
        raise ValueError(f"the target of '{reading.line}' in {area} has lost its figure or goal")

    def way(column: int) -> float | None:
        start, end = years.column(after), years.end
        if reading.baseline is None or start >= end:
            return None
        return _nine(
            reading.baseline + (goal - reading.baseline) * (column - start) / (end - start)
        )

    chance, no_chance = (None, "") if latest == years.end else chances[area, latest]
    judged = replace(
        reading,
        status=target_status(
            latest == years.end,
            reached(value, goal, target_words.at_most(target)),
            chance,
            unsure=target_words.is_unsure(_nine(value - goal), series),
        ),
        latest=_nine(value),
        latest_month=str(years.month(latest)),
        trajectory=way(latest),
        distance=_nine(value - goal),
        chance=chance,
        points=tuple(
            TargetPoint(
                str(years.month(column)),
                _known(years.value(area, column)),
                way(column),
                chances.get((area, column), (None, ""))[0],
            )
            for column in years.shown(area, years.column(after) + YEAR)
        ),
        reason=f"{target_words.NOT_OVER} {no_chance}" if no_chance else "",
    )
    marked = years.being_checked(area)
    return replace(judged, sentence=teller.sentence(judged, target, series, marked))


def reached(value: float, goal: float, at_most: bool) -> bool:
    return value <= goal if at_most else value >= goal


def target_status(
    over: bool, hit: bool, chance: float | None, *, unsure: bool = False
) -> TargetStatus:
    """Over: all of its last year is known. Before that the chance decides, and where there is
    none, nothing. Unsure: it is a survey's figure, and its goal lies within the survey's doubt."""
    if over and unsure:
        return "too close to call"
    if over:
        return "met" if hit else "missed"
    if chance is None:
        return "not judged"
    told = round(chance, 2)  # as its sentence tells it, so that the two never disagree
    if told >= LIKELY:
        return "on course"
    return "off course" if told <= UNLIKELY else "too close to call"


def _known(value: float | None) -> float | None:
    return None if value is None else _nine(value)


def _nine(value: float) -> float:
    """To nine figures: those beyond differ from machine to machine, and a release must not."""
    return float(f"{value:.9g}")
