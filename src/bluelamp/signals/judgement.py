"""The way in: every series of a release judged together, every line of every edition read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bluelamp.measures.series import Series
from bluelamp.periods import Month
from bluelamp.places import LEVELS, Gazetteer
from bluelamp.plan.edition import Edition
from bluelamp.signals.detection import first_told, limits
from bluelamp.signals.family import Family, control
from bluelamp.signals.finding import Finding, LineReading, QuotedReading, TargetReading
from bluelamp.signals.findings import findings_of
from bluelamp.signals.judge import JudgedSeries, judge
from bluelamp.signals.lines import read_lines
from bluelamp.signals.quoted import check_quoted
from bluelamp.signals.reading import stance
from bluelamp.signals.sentences import Teller
from bluelamp.signals.targets import read_targets
from bluelamp.signals.wording import Places


@dataclass(frozen=True)
class Expected:
    """The range that chance and the season explain, month by month: the band of a chart.

    Areas and months are those of the series, in its order. Arrays are (areas, months) in the unit
    of the measure; NaN where nothing is expected (before the baseline, or where the series is not
    judged).
    """

    areas: tuple[str, ...]
    months: tuple[Month, ...]
    expected: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]


@dataclass(frozen=True)
class Judgement:
    """All that a release says beyond its figures, in an order that does not depend on the input's.

    findings   by measure, level, area; `watch` before `edition`.
    readings   by edition, line number, level, area: how things stand now, read from the target of
               the line where it has one that can be judged.
    targets    by edition, line number, level, area.
    quoted     by edition, theme, place in it.
    expected   by (measure id, level).
    family     how many findings were tested together, and how many are changes.
    """

    findings: tuple[Finding, ...]
    readings: tuple[LineReading, ...]
    targets: tuple[TargetReading, ...]
    quoted: tuple[QuotedReading, ...]
    expected: dict[tuple[str, str], Expected]
    family: Family


def judge_all(
    series: Iterable[Series],
    editions: Mapping[str, Edition],
    leading: str,
    gazetteer: Gazetteer,
    known_on: date,
    force: str,
) -> Judgement:
    """Judge every series of a release together, and read every line of every edition.

    series     each measure at each level once, in any order; a ValueError names one given twice.
    editions   every edition by id. `leading` is the id of the one that leads the release: its
               hopes make the reading of a finding, its time in force the `edition` question.
    gazetteer  the names of all areas of the series; raises UnknownPlace for one it does not have.
    known_on   the release's date: figures that end long before it are told as past, and a target
               whose time had not ended by then is told by its chance.
    force      code of the office's own force, of which a plan quotes numbers.

    The false discovery rate is controlled at 5% over everything that is tested here, so a release
    calls this once. Everything is judged or refused in words; nothing is dropped. Named places
    outside the boroughs are refused, and no line is read for them: they are part of the force. A
    line is read for the force and every borough, and for a ward where it has a measure there.
    """
    given = list(series)
    ordered = sorted(map(_by_code, given), key=lambda one: (one.measure.id, _rank(one)))
    _refuse_twins(ordered)
    edition = editions[leading]
    period = (edition.plan.first_month, edition.plan.last_month)
    outside = {area.code for area in gazetteer if area.outside}
    judged = [judge(one, period, outside) for one in ordered]
    verdicts, family = control(judged)
    teller = Teller(Places(gazetteer, edition.plan.called), edition.plan, Month.of(known_on))
    limit = limits(judged, verdicts)
    found = [
        each
        for one, pair in zip(judged, verdicts, strict=True)
        for told in [first_told(one, pair[0], limit.get(one.series.level, 0.0), period, outside)]
        for each in findings_of(one, pair, told, stance(edition, one.series.measure.id), teller)
    ]
    targets = read_targets(given, editions, gazetteer, known_on, force)
    return Judgement(
        findings=tuple(each.finding for each in found),
        readings=read_lines(found, editions, leading, gazetteer, Month.of(known_on), targets),
        targets=targets,
        quoted=check_quoted(given, editions, gazetteer, force),
        expected=_expected(given, judged),
        family=family,
    )


def _by_code(series: Series) -> Series:
    """The same series with its areas in order of code: the last digits of a result depend on the
    order in which rows are worked on, and a release must not."""
    order = sorted(range(len(series.areas)), key=lambda row: series.areas[row])
    return replace(
        series,
        areas=tuple(series.areas[row] for row in order),
        numerator=series.numerator[order],
        denominator=None if series.denominator is None else series.denominator[order],
        value=series.value[order],
        reasons=series.reasons[order],
    )


def _rank(series: Series) -> int:
    return LEVELS.index(series.level)


def _key(series: Series) -> tuple[str, str]:
    return series.measure.id, series.level


def _refuse_twins(ordered: list[Series]) -> None:
    for one, other in pairwise(ordered):
        if _key(one) == _key(other):
            raise ValueError(
                f"the measure '{one.measure.id}' is given twice for the level '{one.level}'; "
                "each measure is judged once at each level"
            )


def _expected(given: list[Series], judged: list[JudgedSeries]) -> dict[tuple[str, str], Expected]:
    """The bands, their rows put back into the order of the series as it was given."""
    by_key = {_key(one.series): one for one in judged}
    bands = {}
    for series in given:
        one = by_key[_key(series)]
        row_of = {area: row for row, area in enumerate(one.series.areas)}
        rows = [row_of[area] for area in series.areas]
        parts = (one.expected[rows], one.lower[rows], one.upper[rows])
        bands[_key(series)] = Expected(series.areas, series.months, *parts)
    return bands
