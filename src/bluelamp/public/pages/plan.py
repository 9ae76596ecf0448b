"""`/plans/<edition>/` and `/plans/<edition>/<priority>/`: what was promised, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.figures import Withheld
from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.look.readings import READINGS
from bluelamp.look.sparklines import sparkline
from bluelamp.measures.definition import Measure
from bluelamp.plan.edition import Edition, Plan, Priority
from bluelamp.plan.line import Line, Part
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import HOME, Page, help_for
from bluelamp.public.pages.home import line_reading
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.shown import Shown, opening, reading_id, shown

# How many months a word-sized chart shows.
RECENT = 60


# --- one edition ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineSummary:
    """One line as an edition's page lists it."""

    number: int
    link: Link
    two_sided: bool


@dataclass(frozen=True)
class LineGroup:
    """The lines of an edition that share a reading. heading: "5 lines: changed against ..."."""

    reading: str
    heading: str
    lines: tuple[LineSummary, ...]


@dataclass(frozen=True)
class EditionPage(Page):
    """`/plans/<edition>/`: What was promised and how is it judged here?"""

    plan: Plan
    leads: bool
    in_force: str
    judged: str
    priorities: tuple[tuple[Priority, Link], ...]
    groups: tuple[LineGroup, ...]
    others: tuple[Link, ...]


JUDGED_BY = {
    "targets": "Numeric targets",
    "progress": "Progress, without numeric targets",
}


def edition_of(opened: OpenRelease, edition: str) -> Edition:
    """An edition of the release; raises NoSuchPage."""
    if edition not in opened.release.editions:
        raise NoSuchPage(f"this release has no plan edition '{edition}'")
    return opened.release.editions[edition]


def edition_page(opened: OpenRelease, edition: str) -> EditionPage:
    found = edition_of(opened, edition)
    plan = found.plan
    return EditionPage(
        title=plan.title,
        active=addresses.edition(opened.leading.plan.id),
        plan=plan,
        leads=plan.id == opened.leading.plan.id,
        in_force=f"{words.day(plan.starts)} to {words.day(plan.ends)}",
        judged=JUDGED_BY[plan.judged_by],
        priorities=tuple(
            (p, Link(p.title, addresses.priority(plan.id, p.id))) for p in found.priorities
        ),
        groups=line_groups(opened, found),
        others=tuple(
            Link(other.plan.title, addresses.edition(other.plan.id))
            for other in opened.release.editions.values()
            if other.plan.id != plan.id
        ),
    )


def line_groups(opened: OpenRelease, edition: Edition) -> tuple[LineGroup, ...]:
    """The edition's lines by their reading for the force, in the order of READINGS."""
    plan = edition.plan.id
    groups = []
    for reading in READINGS.values():
        lines = [
            line
            for line in edition.lines
            if reading_id(line_reading(opened, plan, line, opened.force.code)) == reading.id
        ]
        if lines:
            heading = f"{words.counted(len(lines), 'line').capitalize()}: {reading.meaning}."
            summaries = tuple(
                LineSummary(
                    line.number,
                    Link(line.title, addresses.line(plan, line.id)),
                    line.two_sided,
                )
                for line in lines
            )
            groups.append(LineGroup(reading.id, heading, summaries))
    return tuple(groups)


# --- one priority ---------------------------------------------------------------------------------

HOPES = {
    "lower": "The plan hopes for fewer or lower.",
    "higher": "The plan hopes for more or higher.",
    "narrower gap": "The plan hopes for a narrower gap.",
    "more representative": "The plan hopes for a force more like the people it serves.",
    "neither": "The plan hopes for neither more nor fewer.",
}


@dataclass(frozen=True)
class MeasureBrief:
    """A measure as a line shows it: its newest 12 months for the force and its recent course."""

    link: Link
    figure: Shown
    course: str


@dataclass(frozen=True)
class PartShown:
    """One side of a line. A side without data says what would be needed and who holds it."""

    what: str
    hope: str
    measures: tuple[MeasureBrief, ...]
    missing: str
    holder: str


@dataclass(frozen=True)
class LineShown:
    """One line of the plan; both sides of a two-sided one under a single reading."""

    id: str
    number: int
    title: str
    promise: str
    place: str
    note: str
    two_sided: bool
    reading: str
    sentence: str
    rest: str
    parts: tuple[PartShown, ...]


@dataclass(frozen=True)
class PriorityPage(Page):
    """`/plans/<edition>/<priority>/`: Its own question, such as: are children safer?"""

    plan: Plan
    priority: Priority
    leads: bool
    lines: tuple[LineShown, ...]
    others: tuple[Link, ...]


def priority_page(opened: OpenRelease, edition: str, priority: str) -> PriorityPage:
    found = edition_of(opened, edition)
    chosen = next((p for p in found.priorities if p.id == priority), None)
    if chosen is None:
        raise NoSuchPage(f"the edition {edition} has no priority '{priority}'")
    lines = found.lines_of(priority)
    named = {m for line in lines for part in line.parts for m in part.measures}
    return PriorityPage(
        title=chosen.title,
        active=addresses.edition(opened.leading.plan.id),
        way=(
            HOME,
            Link(found.plan.short_title, addresses.edition(edition)),
        ),
        help=help_for(
            opened.office.help, sensitive=any(opened.measures[m].sensitive for m in named)
        ),
        plan=found.plan,
        priority=chosen,
        leads=edition == opened.leading.plan.id,
        lines=tuple(line_shown(opened, edition, line) for line in lines),
        others=tuple(
            Link(p.title, addresses.priority(edition, p.id))
            for p in found.priorities
            if p.id != priority
        ),
    )


def line_shown(opened: OpenRelease, edition: str, line: Line) -> LineShown:
    reading = opened.release.reading(edition, line.id, opened.force.code)
    words_said = reading.sentence if reading else "This release does not judge this line."
    first, rest = opening(words_said)
    return LineShown(
        id=line.id,
        number=line.number,
        title=line.title,
        promise=line.promise,
        place=line.place,
        note=line.note,
        two_sided=line.two_sided,
        reading=reading_id(reading.reading if reading else "not judged"),
        sentence=first,
        rest=rest,
        parts=tuple(part_shown(opened, part, words_said) for part in line.parts),
    )


def part_shown(opened: OpenRelease, part: Part, said: str) -> PartShown:
    """One side of a line; what it lacks is not said again where the line's words say it."""
    return PartShown(
        what=part.what,
        hope=HOPES[part.hope],
        measures=tuple(measure_brief(opened, measure) for measure in part.measures),
        missing="" if part.missing in said else part.missing,
        holder=part.holder,
    )


def measure_brief(opened: OpenRelease, measure_id: str) -> MeasureBrief:
    measure, force = opened.measures[measure_id], opened.force.code
    return MeasureBrief(
        Link(measure.title, addresses.measure(measure_id)),
        shown(measure, opened.headline(measure_id).get(force)),
        course(opened, measure, force),
    )


def course(opened: OpenRelease, measure: Measure, area: str) -> str:
    """The last five years of a measure as a chart the size of a word; '' where there is none.

    A release works out no expected range for a ward, so there the line stands alone.
    """
    months = opened.months(measure.id, area)[-RECENT:]
    if not months:
        figures = opened.figures(measure.id, area, "month")[-RECENT:]
        return sparkline([None if isinstance(f.value, Withheld) else f.value for f in figures])
    if not opened.release.sources[measure.source].monthly:
        months = [month for month in months if month.value is not None]
    return sparkline(
        [m.value for m in months], [m.lower for m in months], [m.upper for m in months]
    )
