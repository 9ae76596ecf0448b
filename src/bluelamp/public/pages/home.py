"""`/`: what has really changed, and is the plan being kept?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.look.readings import READINGS
from bluelamp.periods import Month
from bluelamp.plan.edition import Plan
from bluelamp.plan.line import Line
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import Page
from bluelamp.public.pages.plan import line_reading
from bluelamp.public.shown import Told, reading_id, told
from bluelamp.signals.finding import Finding

FORCES = 1
"""The rank of the widest areas (`OpenRelease.rank`): what is told of them is never left out."""
MOST = 7


@dataclass(frozen=True)
class Tally:
    """How many lines of the plan have a reading: its id, "5 lines" and what it means."""

    reading: str
    lines: str
    meaning: str


@dataclass(frozen=True)
class TargetTally:
    """The targets of the plan that share a reading: its id, "2 targets", and which."""

    reading: str
    count: str
    lines: tuple[Link, ...]


@dataclass(frozen=True)
class Unjudged:
    """A line that cannot be judged: which data would be needed and who holds them."""

    line: Link
    why: str


@dataclass(frozen=True)
class HomePage(Page):
    """`/`: What has really changed, and is the plan being kept?

    targets   where the leading edition judges by targets, which were met; () elsewhere
    """

    plan: Plan
    plan_address: str
    targets: tuple[TargetTally, ...]
    targets_said: str
    findings: tuple[Told, ...]
    none_changed: str
    judged_months: str
    tested: str
    tallies: tuple[Tally, ...]
    unjudged: tuple[Unjudged, ...]
    boroughs: tuple[Link, ...]


def home(opened: OpenRelease) -> HomePage:
    plan = opened.leading.plan
    watched = opened.watched()
    return HomePage(
        title="What has really changed, and is the plan being kept?",
        way=(),
        comparisons=opened.tested,
        plan=plan,
        plan_address=addresses.edition(plan.id),
        targets=(found := target_tallies(opened)),
        targets_said=targets_said(found),
        findings=tuple(told(opened, f) for f in leading_findings(opened)),
        none_changed=none_changed(watched),
        judged_months=judged_months(watched),
        tested=tested_words(watched),
        tallies=tallies(opened),
        unjudged=unjudged(opened),
        boroughs=tuple(Link(a.name, addresses.area(a.code)) for a in opened.boroughs),
    )


def leading_findings(opened: OpenRelease, most: int = MOST) -> list[Finding]:
    """The findings of the first page, by a rule that nobody can lean on.

    Only the watch question, only findings that passed, one for each measure: the one about the
    widest area, and of those the surest. One for each borough or ward too: one event shows in
    several measures of a place, and would be told twice. Measures that a line of the leading plan
    names come before the others, wider areas before narrower ones, surer before less sure.
    """

    def order(finding: Finding) -> tuple[int, bool, float, str, str]:
        unnamed = finding.measure not in opened.lines_of_measure
        surety = finding.q_value if finding.q_value is not None else 1.0
        return (opened.rank(finding.area), unnamed, surety, finding.measure, finding.area)

    candidates = sorted((f for f in opened.watched() if f.status == "changed"), key=order)
    chosen: dict[str, Finding] = {}
    told: set[str] = set()
    for finding in candidates:
        if finding.measure in chosen or finding.area in told:
            continue
        chosen[finding.measure] = finding
        if opened.rank(finding.area) > FORCES:
            told.add(finding.area)
    return list(chosen.values())[:most]


def judged_months(watched: Iterable[Finding]) -> str:
    """The months that most findings judge, in words; '' where nothing was tested."""
    windows = Counter((f.window_first, f.window_last) for f in watched if f.p_value is not None)
    if not windows:
        return ""
    first, last = windows.most_common(1)[0][0]
    return f"{Month.parse(first).words} to {Month.parse(last).words}"


def none_changed(watched: list[Finding]) -> str:
    """What is said where no finding passed; '' where one did."""
    if any(f.status == "changed" for f in watched):
        return ""
    if not any(f.p_value is not None for f in watched):
        return "It cannot be said what has changed: no figures in this release could be tested."
    return (
        "Nothing has clearly changed. That is the usual answer: most ups and downs are no more "
        "than chance would bring."
    )


def tested_words(watched: list[Finding]) -> str:
    """How many series were tested and how many had changed; '' where none were."""
    tested = [f for f in watched if f.p_value is not None]
    if not tested:
        return ""
    changed = sum(f.status == "changed" for f in tested)
    said = words.counted(len(tested), "set of figures was", "sets of figures were")
    return (
        f"{said} tested, each for one measure in one area; "
        f"{words.number(changed) if changed else 'none'} "
        f"{'have' if changed > 1 else 'has'} clearly changed."
    )


def target_tallies(opened: OpenRelease) -> tuple[TargetTally, ...]:
    """The lines of the leading edition with a number to reach, by their reading for the force; ()
    where the edition does not judge by targets."""
    edition = opened.leading
    if edition.plan.judged_by != "targets":
        return ()
    by_reading: dict[str, list[Link]] = {reading: [] for reading in READINGS}
    for line in edition.outcome_lines:
        if line.target:
            reading = reading_id(line_reading(opened, edition.plan.id, line, opened.force.code))
            link = Link(line.title, addresses.line(edition.plan.id, line.id))
            by_reading[reading].append(link)
    return tuple(
        TargetTally(reading, words.counted(len(lines), "target"), tuple(lines))
        for reading, lines in by_reading.items()
        if lines
    )


def targets_said(tallies: tuple[TargetTally, ...]) -> str:
    """ "Of 9 targets, 2 were met and 5 were missed." '' where there are none."""
    if not tallies:
        return ""
    counts = {tally.reading: len(tally.lines) for tally in tallies}
    every = words.counted(sum(counts.values()), "target")
    said = [
        f"{words.number(counts[reading])} {'was' if counts[reading] == 1 else 'were'} {reading}"
        for reading in ("met", "missed")
        if reading in counts
    ]
    if not said:
        return f"It cannot be said yet of any of the plan's {every} that it was met or missed."
    return f"Of the plan's {every}, {words.listed(said)}."


def tallies(opened: OpenRelease) -> tuple[Tally, ...]:
    """How many lines of the leading edition have each reading, for the force."""
    edition = opened.leading
    counts = Counter(
        reading_id(line_reading(opened, edition.plan.id, line, opened.force.code))
        for line in edition.outcome_lines
    )
    return tuple(
        Tally(reading.id, words.counted(counts[reading.id], "line"), reading.meaning)
        for reading in READINGS.values()
        if counts[reading.id]
    )


def unjudged(opened: OpenRelease) -> tuple[Unjudged, ...]:
    """The lines of the leading edition that cannot be judged for the force, and why."""
    edition = opened.leading
    found = []
    for line in edition.outcome_lines:
        if line_reading(opened, edition.plan.id, line, opened.force.code) != "not judged":
            continue
        reading = opened.release.reading(edition.plan.id, line.id, opened.force.code)
        link = Link(line.title, addresses.line(edition.plan.id, line.id))
        found.append(Unjudged(link, reading.sentence if reading else missing_words(line)))
    return tuple(found)


def missing_words(line: Line) -> str:
    """Which data a line would need and who holds them, as its definition says."""
    wanted = [f"{part.missing} (held by {part.holder})" for part in line.parts if part.missing]
    return "; ".join(wanted) or "This release does not judge it."
