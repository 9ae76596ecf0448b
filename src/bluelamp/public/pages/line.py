"""`/plans/<edition>/lines/<line>/`: what does this line promise, and what can be said of it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.look.readings import READINGS
from bluelamp.plan.edition import Edition
from bluelamp.plan.line import Line, Part
from bluelamp.plan.promises import promises
from bluelamp.public import addresses
from bluelamp.public.comparisons import of_lines
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import help_for
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.plan import (
    LineBrief,
    MeasureBrief,
    PlanPage,
    PromiseBrief,
    edition_of,
    is_hard,
    line_brief,
    line_reading,
    measure_brief,
    progress_words,
    promise_brief,
    way_to,
)
from bluelamp.public.pages.quoted import QuotedShown, quoted_shown
from bluelamp.public.shown import reading_id
from bluelamp.public.target import TargetShown, target_shown

HOPES = {
    "lower": "The plan hopes for fewer or lower.",
    "higher": "The plan hopes for more or higher.",
    "narrower gap": "The plan hopes for a narrower gap.",
    "more representative": "The plan hopes for a force more like the people it serves.",
    "neither": "The plan hopes for neither more nor fewer.",
}
OUTCOMES = {
    "as hoped": "It changed as the plan hopes.",
    "not as hoped": "It changed against what the plan hopes.",
    "mixed": "One figure changed as the plan hopes and another against it.",
    "changed": "It changed, which by itself is neither better nor worse.",
    "no clear change": "No clear change.",
    "not judged": "It cannot be judged.",
}
# A measure that only stands in for a hope says nothing of it by itself, whichever way it went.
BY_PROXY = "Its figure has changed, which alone is neither better nor worse."
# Boroughs of which nothing has been found are counted; so few that cannot be judged are named too.
FEW = 3


@dataclass(frozen=True)
class PartShown:
    """One side of a line. missing, holder: '' where the line's own words say it already."""

    what: str
    hope: str
    outcome: str
    proxy: str
    measures: tuple[MeasureBrief, ...]
    missing: str
    holder: str


@dataclass(frozen=True)
class BoroughGroup:
    """The boroughs with one reading. named: those that changed, and a few that cannot be judged;
    the others are only counted."""

    reading: str
    count: str
    named: tuple[Link, ...]


@dataclass(frozen=True)
class Elsewhere:
    """What another edition hoped of the same measure, in a line of its own."""

    line: Link
    words: str
    reading: str


@dataclass(frozen=True)
class LinePage(PlanPage):
    """`/plans/<edition>/lines/<line>/`: What does it promise, and what can be said of it?

    over_the_plan, progress   what is said of the plan's whole time; '' where it is not asked
    none_in_boroughs          why there are no boroughs, '' where there are
    """

    line: Line
    brief: LineBrief
    priority: Link
    target: TargetShown | None
    parts: tuple[PartShown, ...]
    over_the_plan: str
    progress: str
    boroughs: tuple[BoroughGroup, ...]
    none_in_boroughs: str
    promises: tuple[PromiseBrief, ...]
    quoted: tuple[QuotedShown, ...]
    elsewhere: tuple[Elsewhere, ...]
    others: tuple[Link, ...]


def line_page(opened: OpenRelease, edition: str, line: str) -> LinePage:
    found = edition_of(opened, edition)
    chosen = found.line(line)
    if chosen is None:
        raise NoSuchPage(f"the edition {edition} has no line '{line}'")
    priority = next(p for p in found.priorities if p.id == chosen.priority)
    above = Link(priority.title, addresses.priority(edition, priority.id))
    reading = opened.release.reading(edition, line, opened.force.code)
    said = reading.sentence if reading else ""
    boroughs = borough_groups(opened, edition, chosen)
    return LinePage(
        title=chosen.title,
        active=addresses.PLANS,
        way=(*way_to(found.plan), above),
        help=help_for(opened.office.help, sensitive=is_hard(opened, found, chosen)),
        comparisons=of_lines(
            opened, [chosen], [opened.force.code, *(b.code for b in opened.boroughs)]
        ),
        plan=found.plan,
        line=chosen,
        brief=line_brief(opened, edition, chosen),
        priority=above,
        target=shown_target(opened, edition, chosen, said),
        parts=tuple(
            part_shown(opened, part, reading.parts[place] if reading else "", said)
            for place, part in enumerate(chosen.parts)
        ),
        over_the_plan=reading_id(reading.over_the_plan) if reading else "",
        progress=progress_words(opened, found, chosen),
        boroughs=boroughs,
        none_in_boroughs=none_in_boroughs(chosen, boroughs),
        promises=promises_for(opened, found, line),
        quoted=tuple(
            quoted_shown(opened, edition, figure)
            for figure in found.quoted.values()
            if figure.recompute and figure.recompute.measure in measures_of(chosen)
        ),
        elsewhere=elsewhere(opened, found, chosen),
        others=tuple(
            Link(other.title, addresses.line(edition, other.id))
            for other in found.lines_of(chosen.priority)
            if other.id != line
        ),
    )


def measures_of(line: Line) -> set[str]:
    return {measure for part in line.parts for measure in part.measures}


def shown_target(opened: OpenRelease, edition: str, line: Line, said: str) -> TargetShown | None:
    if line.target is None:
        return None
    reading = opened.release.target(edition, line.id, opened.force.code)
    return target_shown(opened, line.target, reading, said)


def part_shown(opened: OpenRelease, part: Part, outcome: str, said: str) -> PartShown:
    """One side of a line; what it lacks is not said again where the line's words say it."""
    return PartShown(
        what=part.what,
        hope=HOPES[part.hope],
        outcome=outcome_words(part, outcome),
        proxy="" if part.proxy in said else part.proxy,
        measures=tuple(measure_brief(opened, measure) for measure in part.measures),
        missing="" if part.missing in said else part.missing,
        holder=part.holder,
    )


def outcome_words(part: Part, outcome: str) -> str:
    """What is said of one side: never that more recorded offences are what the plan hopes for."""
    if part.proxy and outcome in ("as hoped", "not as hoped", "mixed"):
        return BY_PROXY
    return OUTCOMES.get(outcome, "")


def borough_groups(opened: OpenRelease, edition: str, line: Line) -> tuple[BoroughGroup, ...]:
    """The boroughs by their reading, each group in the order of the alphabet; () where none of
    them can be judged."""
    by_reading: dict[str, list[Link]] = {reading: [] for reading in READINGS}
    for borough in opened.boroughs:
        reading = reading_id(line_reading(opened, edition, line, borough.code))
        by_reading[reading].append(Link(borough.name, addresses.area(borough.code)))
    if len(by_reading["not-judged"]) == len(opened.boroughs):
        return ()
    return tuple(
        BoroughGroup(
            reading,
            words.counted(len(boroughs), "borough"),
            tuple(boroughs) if is_named(reading, len(boroughs)) else (),
        )
        for reading, boroughs in by_reading.items()
        if boroughs
    )


def is_named(reading: str, boroughs: int) -> bool:
    """Whether a group of boroughs is named, and not only counted."""
    return boroughs <= FEW if reading == "not-judged" else reading != "no-clear-change"


def none_in_boroughs(line: Line, boroughs: tuple[BoroughGroup, ...]) -> str:
    """Why no borough is shown; '' where some are, or where nothing measures the line anywhere."""
    if boroughs or not measures_of(line):
        return ""
    return "No borough can be judged on this line: what is published does not allow it."


def promises_for(opened: OpenRelease, edition: Edition, line: str) -> tuple[PromiseBrief, ...]:
    """The commitments that should move a line, each once."""
    return tuple(
        promise_brief(opened, edition.plan, each)
        for each in promises(edition)
        if any(line in commitment.lines for commitment in (each.first, *each.again))
    )


def elsewhere(opened: OpenRelease, edition: Edition, line: Line) -> tuple[Elsewhere, ...]:
    """The lines of other editions that name one of its measures, in the order of the editions."""
    found: dict[str, Elsewhere] = {}
    for other in opened.release.editions.values():
        if other.plan.id == edition.plan.id:
            continue
        for measure in sorted(measures_of(line)):
            for each, part in other.parts_about(measure):
                address = addresses.line(other.plan.id, each.id)
                reading = line_reading(opened, other.plan.id, each, opened.force.code)
                found.setdefault(address, Elsewhere(
                    Link(each.title, address), hoped(opened, other, part), reading_id(reading)
                ))  # fmt: skip
    return tuple(found.values())


def hoped(opened: OpenRelease, edition: Edition, part: Part) -> str:
    """What an edition hoped, in the tense of the release's date."""
    over = edition.plan.ends < date.fromisoformat(opened.manifest.known_on)
    name = edition.plan.short_title
    if part.target:
        return f"The {name} {'set' if over else 'sets'} a target: {part.target.words.rstrip('.')}."
    if part.hope == "neither":
        watch = "watched" if over else "watches"
        hope = "hoped" if over else "hopes"
        return f"The {name} {watch} this and {hope} for neither more nor fewer."
    return f"The {name} {'hoped' if over else 'hopes'} that {part.what}."
