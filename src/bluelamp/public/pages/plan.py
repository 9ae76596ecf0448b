"""What the pages of one plan edition share: where they stand, its lines, promises and measures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bluelamp.figures import Withheld
from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.look.sparklines import sparkline
from bluelamp.measures.definition import Measure
from bluelamp.periods import Month
from bluelamp.plan.calendar import calendar_reading
from bluelamp.plan.edition import Edition, Plan
from bluelamp.plan.line import Line, Target
from bluelamp.plan.promises import Promise
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import HOME, Page
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.shown import Shown, opening, reading_id, shown
from bluelamp.signals import progress

# How many months a word-sized chart shows.
RECENT = 60
PLANS = Link("Plans", addresses.PLANS)


@dataclass(frozen=True, kw_only=True)
class PlanPage(Page):
    """A page of one edition. Its template says on each of them what is known of the edition, where
    that is not the whole plan."""

    plan: Plan


def edition_of(opened: OpenRelease, edition: str) -> Edition:
    """An edition of the release; raises NoSuchPage."""
    if edition not in opened.release.editions:
        raise NoSuchPage(f"this release has no plan edition '{edition}'")
    return opened.release.editions[edition]


def way_to(plan: Plan) -> tuple[Link, ...]:
    """The links above a page that stands under an edition."""
    return (HOME, PLANS, Link(plan.short_title, addresses.edition(plan.id)))


# --- lines ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LineBrief:
    """A line as a list shows it: how it stands for the force, and the sentence for that.

    reading   an id of `look.readings`
    sentence  the first that is said of it; `rest`, the others
    """

    id: str
    link: Link
    promise: str
    two_sided: bool
    reading: str
    sentence: str
    rest: str


# What is told of the last months alone, and what is added where all of them follow the plan's end.
LATELY_ALONE = (progress.POSITIVE_LATELY, progress.AGAINST_LATELY)
AFTERWARDS = ", after the plan\u2019s time"
UNREAD = "This release does not judge this line."


def line_brief(opened: OpenRelease, edition: str, line: Line) -> LineBrief:
    reading = opened.release.reading(edition, line.id, opened.force.code)
    first, rest = opening(reading.sentence if reading else UNREAD)
    return LineBrief(
        id=line.id,
        link=Link(line.title, addresses.line(edition, line.id)),
        promise=line.promise,
        two_sided=line.two_sided,
        reading=reading_id(reading.reading if reading else "not judged"),
        sentence=first,
        rest=rest,
    )


def line_reading(opened: OpenRelease, edition: str, line: Line, area: str) -> str:
    """The reading of a line, `not judged` where the release gives none."""
    reading = opened.release.reading(edition, line.id, area)
    return reading.reading if reading else "not judged"


def progress_words(opened: OpenRelease, edition: Edition, line: Line) -> str:
    """What is said of a line's progress for the force, '' where it is not asked; with a warning
    where all of what is told of lately comes after the plan's time."""
    reading = opened.release.reading(edition.plan.id, line.id, opened.force.code)
    told = reading.progress if reading else ""
    lately = [
        Month.parse(finding.window_first)
        for part in line.parts
        for measure in part.measures
        if (finding := opened.release.finding("watch", measure, opened.force.code))
        and finding.window_first
    ]
    after = bool(lately) and min(lately) > Month.of(edition.plan.ends)
    return f"{told}{AFTERWARDS}" if after and told in LATELY_ALONE else told


def is_hard(opened: OpenRelease, edition: Edition, line: Line) -> bool:
    """Whether a line is about a hard subject: one of its measures is; where nothing measures it, a
    measure of another line of its priority; or its own words say so."""
    if speaks_of_harm(line.title, line.promise):
        return True
    about = [line] if any(part.measures for part in line.parts) else edition.lines_of(line.priority)
    named = {measure for each in about for part in each.parts for measure in part.measures}
    return any(opened.measures[measure].sensitive for measure in named)


# A subject on which a reader may need help, named in words where no measure tells of it.
_HARM = re.compile(
    r"\b(rape|sexual|domestic (abuse|violence)|violence against women|hatred|hate crime|exploit"
    r"|genital|forced marriage|stalking|traffick|modern slavery|prostitution)",
    re.IGNORECASE,
)


def speaks_of_harm(*texts: str) -> bool:
    """Whether words of a plan name a harm after which somebody may need help."""
    return any(_HARM.search(text) for text in texts)


@dataclass(frozen=True)
class InputLine:
    """A line about what is put in: its floor or ceiling in words, and the last day for it.

    reading   an id of `look.readings`, '' where it is not judged
    """

    link: Link
    aim: str
    by: str
    reading: str


def input_line(opened: OpenRelease, edition: str, line: Line) -> InputLine:
    target = line.target
    brief = line_brief(opened, edition, line)
    return InputLine(
        link=brief.link,
        aim=target.words if target else line.promise,
        by=by_when(target),
        reading="" if brief.reading == "not-judged" else brief.reading,
    )


def by_when(target: Target | None) -> str:
    """The last day of a target's time, where its own words do not name the year."""
    if target is None or target.by is None or str(target.by.year) in target.words:
        return ""
    return words.day(target.by)


# --- promises -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PromiseBrief:
    """A commitment as a list shows it.

    calendar   what the calendar says of its date, '' where the plan states none; money, '' where
               it states no sum
    """

    link: Link
    promise: str
    lead: str
    calendar: str
    money: str


def promise_brief(opened: OpenRelease, plan: Plan, promise: Promise) -> PromiseBrief:
    known_on = date.fromisoformat(opened.manifest.known_on)
    stated, due = promise.stated_money, promise.stated_due
    return PromiseBrief(
        link=Link(promise.first.title, addresses.commitment(plan.id, promise.first.id)),
        promise=promise.first.promise,
        lead=promise.first.lead,
        calendar=calendar_reading(due, plan, known_on).sentence if due else "",
        money=stated.money_words if stated else "",
    )


# --- measures -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MeasureBrief:
    """A measure as a line shows it: its newest 12 months for the force and its recent course."""

    link: Link
    figure: Shown
    course: str


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


def in_force(plan: Plan) -> str:
    return f"{words.day(plan.starts)} to {words.day(plan.ends)}"
