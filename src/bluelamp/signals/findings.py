"""Turns answers (arrays by area) and verdicts into findings, one for each question and area."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bluelamp.measures.definition import Measure
from bluelamp.periods import Month
from bluelamp.signals.detection import Months
from bluelamp.signals.family import Verdict
from bluelamp.signals.finding import Finding, Status
from bluelamp.signals.judge import Answer, JudgedSeries
from bluelamp.signals.reading import Stance, finding_reading
from bluelamp.signals.sentences import Teller


@dataclass(frozen=True)
class Found:
    """A finding with what its sentence needs beside it.

    months_known   how many months of its window have figures.
    """

    finding: Finding
    measure: Measure
    level: str
    months_known: int


def findings_of(
    judged: JudgedSeries,
    verdicts: tuple[Verdict, Verdict],
    told: Months,
    about: Stance,
    teller: Teller,
) -> Iterator[Found]:
    """Both findings of every area of a series, area by area. `told`: `detection.first_told`."""
    series = judged.series
    for row in range(len(series.areas)):
        for answer, verdict in zip(judged.answers, verdicts, strict=True):
            bare = _bare(answer, verdict, row, series.measure, series.areas[row], about)
            if answer.question == "watch":
                bare = replace(bare, told_from=_month(told[row]))
            known = int(answer.window_known[row])
            sentence = teller.finding(bare, series.measure, about, known)
            yield Found(replace(bare, sentence=sentence), series.measure, series.level, known)


def _bare(
    answer: Answer, verdict: Verdict, row: int, measure: Measure, area: str, about: Stance
) -> Finding:
    """The finding before its sentence is made."""
    status = _status(answer, verdict, row)
    changed = status == "changed"
    direction = {-1: "lower", 1: "higher"}[int(answer.direction[row])] if changed else ""
    return Finding(
        question=answer.question,
        measure=measure.id,
        area=area,
        group="all",
        status=status,
        direction=direction,
        hope=about.hope,
        reading=finding_reading(status, direction, about),
        since=_month(answer.onset[row]) if changed and answer.question == "watch" else "",
        effect=_number(answer.effect[row]) if changed else None,
        effect_lower=_number(answer.effect_lower[row]) if changed else None,
        effect_upper=_number(answer.effect_upper[row]) if changed else None,
        observed=_number(answer.changed_observed[row] if changed else answer.observed[row]),
        expected=_number(answer.changed_expected[row] if changed else answer.expected[row]),
        window_first=str(answer.window[0]) if answer.window else "",
        window_last=str(answer.window[1]) if answer.window else "",
        baseline_first=_month(answer.baseline_first[row]),
        baseline_last=_month(answer.baseline_last[row]),
        p_value=_number(answer.p_value[row]),
        q_value=_number(verdict.q_value[row]),
        reason=str(answer.reason[row]),
        sentence="",
        assumed=answer.assumed[row] if answer.assumed else "",
    )


def _status(answer: Answer, verdict: Verdict, row: int) -> Status:
    if answer.reason[row]:
        return "not judged"
    return "changed" if verdict.changed[row] else "no clear change"


def _month(index: int) -> str:
    return str(Month.from_index(int(index))) if index >= 0 else ""


def _number(value: float) -> float | None:
    """To nine figures: those beyond differ from machine to machine, and a release must not."""
    return None if math.isnan(value) else float(f"{value:.9g}")
