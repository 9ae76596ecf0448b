"""`/findings/`: what was tested, what came of it, and what would be said if each stood alone?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.measures.definition import Measure
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import Page
from bluelamp.public.shown import Told, in_unit, measure_address, told
from bluelamp.signals.family import RATE
from bluelamp.signals.finding import Finding
from bluelamp.signals.sentences import REMARKABLE

QUESTIONS = {"watch": "The newest 12 months", "edition": "The plan's time"}
LEVELS = {"force": "London as a whole", "borough": "boroughs", "ward": "wards"}
RANK = {"force": 0, "borough": 1, "ward": 2}


@dataclass(frozen=True)
class Tested:
    """A row of how many were tested: one question at one level.

    alone   looked unusual (p-value at most 0.05) when taken one by one; `by_chance` so many would
            if nothing had changed anywhere. changed: passed the control over everything.
    """

    question: str
    level: str
    tested: str
    by_chance: str
    alone: str
    changed: str


@dataclass(frozen=True)
class Unadjusted:
    """A difference that is unusual only when it is taken alone."""

    measure: Link
    area: str
    question: str
    found: str
    expected: str
    seldom: str


@dataclass(frozen=True)
class FindingsPage(Page):
    """`/findings/`: what was tested, and what came of it?

    changed      what is shown as changed, widest areas first.
    unadjusted   of forces and boroughs; `wards_unadjusted` says how many wards have one.
    """

    total: str
    rate: str
    tested: tuple[Tested, ...]
    changed: tuple[Told, ...]
    unadjusted: tuple[Unadjusted, ...]
    wards_unadjusted: str
    csv: str


def findings_page(opened: OpenRelease) -> FindingsPage:
    """Everything tested in the release, as one family."""
    changed = [f for f in opened.release.findings if f.status == "changed"]
    alone = [f for f in opened.release.findings if only_alone(f)]
    wards = sum(level_of(opened, f) == "ward" for f in alone)
    return FindingsPage(
        title="Everything that was tested",
        active=addresses.METHODS,
        total=words.number(opened.tested),
        rate=words.percent(RATE, 0),
        tested=tuple(tested(opened)),
        changed=tuple(told(opened, f) for f in in_order(opened, changed)),
        unadjusted=tuple(
            unadjusted(opened, f) for f in in_order(opened, alone) if level_of(opened, f) != "ward"
        ),
        wards_unadjusted=words.counted(wards, "more is", "more are"),
        csv=addresses.FINDINGS_TABLE,
    )


def only_alone(finding: Finding) -> bool:
    """Whether a finding is unusual taken by itself, and is not shown as a change."""
    return (
        finding.status == "no clear change"
        and finding.p_value is not None
        and finding.p_value <= REMARKABLE
    )


def level_of(opened: OpenRelease, finding: Finding) -> str:
    return opened.gazetteer[finding.area].kind


def in_order(opened: OpenRelease, findings: Iterable[Finding]) -> list[Finding]:
    """By measure and question, widest areas first and then by name: never by size, for the order
    of many that may be chance is chance."""
    return sorted(
        findings,
        key=lambda f: (
            opened.measures[f.measure].title,
            f.question,
            opened.rank(f.area),
            opened.gazetteer[f.area].name,
            f.area,
        ),
    )


def tested(opened: OpenRelease) -> list[Tested]:
    """How many findings were tested, by question and level."""
    counts: dict[tuple[str, str], list[int]] = {}
    for finding in opened.release.findings:
        row = counts.setdefault((finding.question, level_of(opened, finding)), [0, 0, 0])
        if finding.p_value is None:
            continue
        row[0] += 1
        row[1] += finding.p_value <= REMARKABLE
        row[2] += finding.status == "changed"
    ordered = sorted(counts, key=lambda key: (list(QUESTIONS).index(key[0]), RANK[key[1]]))
    return [
        Tested(
            QUESTIONS[question],
            opened.called(opened.force) if level == "force" else LEVELS[level],
            words.number(all_),
            words.number(all_ * REMARKABLE, 0),
            words.number(alone),
            words.number(changed),
        )
        for question, level in ordered
        for all_, alone, changed in [counts[question, level]]
    ]


def unadjusted(opened: OpenRelease, finding: Finding) -> Unadjusted:
    measure = opened.measures[finding.measure]
    per = "" if measure.is_percentage else " a month"
    return Unadjusted(
        measure=Link(measure.title, measure_address(opened, finding)),
        area=opened.called(opened.gazetteer[finding.area]),
        question=QUESTIONS[finding.question],
        found=f"{level(measure, finding.observed)}{per}",
        expected=f"{level(measure, finding.expected)}{per}",
        seldom=seldom(finding.p_value),
    )


def level(measure: Measure, value: float | None) -> str:
    """A mean a month, with a decimal where it is small."""
    if value is None:
        return "not known"
    return in_unit(measure, value, finer=1 if not measure.is_percentage and value < 10 else 0)


def seldom(p_value: float | None) -> str:
    """ "1 time in 40": how often chance alone does as much or more in one place that is tested."""
    times = 1 / max(p_value or 0.0, 0.001)
    return f"1 time in {times:,.0f}" if times < 1_000 else "less than 1 time in 1,000"
