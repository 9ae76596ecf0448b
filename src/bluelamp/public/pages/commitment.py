"""`/plans/<edition>/commitments/<id>/`: what was promised here, and was it done?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bluelamp.look import words
from bluelamp.look.pieces import Link, ThreeStatuses
from bluelamp.plan.calendar import calendar_reading
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.edition import Edition
from bluelamp.plan.line import Line
from bluelamp.plan.promises import Promise, promises
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.commitment_filters import WHOLE_PLAN, known_day
from bluelamp.public.pages.frame import HOME, Page, help_for, known_on
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.plan import speaks_of_harm
from bluelamp.public.shown import Shown, opening, reading_id, shown

OWNER = "Not checked. The office has not yet said how this stands."
EVIDENCE = "Not checked. Nobody has yet shown whether this was done."
COUNTABLE = "A number could show whether it was done."
NOT_COUNTABLE = "No number could show it: only a yes or a no, or steps on the way."


@dataclass(frozen=True)
class MeasureShown:
    """A measure that bears on a commitment: its newest 12 months for the force."""

    link: Link
    figure: Shown


@dataclass(frozen=True)
class LineBearing:
    """A line of the plan that a commitment should move, and what is said of it for the force."""

    id: str
    link: Link
    reading: str
    sentence: str
    rest: str
    measures: tuple[MeasureShown, ...]


@dataclass(frozen=True)
class Elsewhere:
    """The same promise at another place of the plan. more: the date or sum stated there."""

    link: Link
    place: str
    more: str


@dataclass(frozen=True)
class CommitmentPage(Page):
    """`/plans/<edition>/commitments/<id>/`: What was promised, and was it done?

    kind         where the plan makes it, in words
    due          what the plan says of time, '' where it says nothing
    due_from     a sentence where the date stands at another place of the plan than this, else ''
    lines        lines of the plan that it should move; `measures` bear on it directly
    repeats      places of which this is a restatement; `repeated` restate this one
    before, after   its neighbours in the same list of the plan
    """

    known_on: str
    plan: Link
    known_by: str
    commitment: Commitment
    kind: str
    priority: Link
    due: str
    due_from: str
    statuses: ThreeStatuses
    countable: str
    lines: tuple[LineBearing, ...]
    measures: tuple[MeasureShown, ...]
    repeats: tuple[Elsewhere, ...]
    repeated: tuple[Elsewhere, ...]
    in_list: str
    before: Link | None
    after: Link | None


def commitment_page(opened: OpenRelease, edition: str, commitment: str) -> CommitmentPage:
    found = opened.release.editions.get(edition)
    chosen = found.commitment(commitment) if found else None
    if found is None or chosen is None:
        raise NoSuchPage(f"this release has no commitment '{commitment}' of a plan '{edition}'")
    plan = found.plan
    whole = [promise for promise in promises(found) if chosen in (promise.first, *promise.again)]
    due = chosen.due or min((p.stated_due for p in whole if p.stated_due), default=None)
    calendar = calendar_reading(due, plan, known_day(opened))
    neighbours = in_same_list(found, chosen)
    here = neighbours.index(chosen)
    return CommitmentPage(
        title=chosen.title,
        active=addresses.COMMITMENTS,
        way=(
            HOME,
            Link("Commitments", addresses.COMMITMENTS),
            Link(plan.short_title, addresses.commitments_by("edition", plan.id)),
        ),
        help=help_for(opened.office.help, sensitive=hard_subject(opened, found, chosen)),
        known_on=known_on(opened),
        plan=Link(plan.title, addresses.edition(plan.id)),
        known_by=plan.known_by,
        commitment=chosen,
        kind=kind_words(chosen),
        priority=priority_link(found, chosen),
        due=due_said(chosen),
        due_from="The date stands at another place of the plan, which makes the same promise."
        if due and not chosen.due
        else "",
        statuses=ThreeStatuses(OWNER, EVIDENCE, calendar.sentence),
        countable=COUNTABLE if chosen.countable else NOT_COUNTABLE,
        lines=tuple(lines_bearing(opened, found, chosen)),
        measures=measures_shown(opened, chosen.measures),
        repeats=tuple(elsewhere(edition, p.first) for p in whole if p.first is not chosen),
        repeated=tuple(elsewhere(edition, each) for each in repeated_by(whole, chosen)),
        in_list=chosen.block or "promises made elsewhere in the text",
        before=link_to(edition, neighbours[here - 1]) if here else None,
        after=link_to(edition, neighbours[here + 1]) if here + 1 < len(neighbours) else None,
    )


def kind_words(chosen: Commitment) -> str:
    if chosen.kind == "we commit to":
        return f"A point of the list of commitments “{chosen.block}”"
    return "A promise made in the text, outside the lists of commitments"


def priority_link(edition: Edition, chosen: Commitment) -> Link:
    """The priority that a commitment serves, or the plan where it serves no one of them."""
    for priority in edition.priorities:
        if priority.id == chosen.priority:
            return Link(priority.title, addresses.priority(edition.plan.id, priority.id))
    return Link(WHOLE_PLAN, addresses.edition(edition.plan.id))


def due_said(chosen: Commitment) -> str:
    """The date and what the plan says of time, joined; '' where it says nothing."""
    day = f"By {words.day(chosen.due)}" if chosen.due else "No day is stated"
    if chosen.due_words:
        return f"{day} (the plan says: {chosen.due_words})"
    return day if chosen.due else ""


def hard_subject(opened: OpenRelease, edition: Edition, chosen: Commitment) -> bool:
    """Whether the page begins with help: its words or a measure that it names tell of a harm.

    One that names neither line nor measure is as hard as most measures of its priority.
    """
    if speaks_of_harm(chosen.title, chosen.promise):
        return True
    lines = [line for line in edition.lines if line.id in chosen.lines]
    own = {*chosen.measures, *named_by(lines)}
    if own:
        return any(opened.measures[measure].sensitive for measure in own)
    around = named_by(edition.lines_of(chosen.priority))
    return sum(opened.measures[measure].sensitive for measure in around) * 2 > len(around)


def named_by(lines: Iterable[Line]) -> set[str]:
    return {measure for line in lines for part in line.parts for measure in part.measures}


def lines_bearing(
    opened: OpenRelease, edition: Edition, chosen: Commitment
) -> Iterable[LineBearing]:
    """The lines that a commitment should move, in the plan's order."""
    for line in edition.lines:
        if line.id not in chosen.lines:
            continue
        reading = opened.release.reading(edition.plan.id, line.id, opened.force.code)
        said = reading.sentence if reading else "This release does not judge this line."
        first, rest = opening(said)
        named = dict.fromkeys(m for part in line.parts for m in part.measures)
        yield LineBearing(
            id=line.id,
            link=Link(line.title, addresses.line(edition.plan.id, line.id)),
            reading=reading_id(reading.reading if reading else "not judged"),
            sentence=first,
            rest=rest,
            measures=measures_shown(opened, (m for m in named if m not in chosen.measures)),
        )


def measures_shown(opened: OpenRelease, measures: Iterable[str]) -> tuple[MeasureShown, ...]:
    return tuple(
        MeasureShown(
            Link(opened.measures[measure].title, addresses.measure(measure)),
            shown(opened.measures[measure], opened.headline(measure).get(opened.force.code)),
        )
        for measure in measures
    )


def repeated_by(whole: list[Promise], chosen: Commitment) -> list[Commitment]:
    """The places that make the same promise, less the one that stands first and `chosen` itself."""
    found = {each.id: each for promise in whole for each in promise.again if each is not chosen}
    return list(found.values())


def elsewhere(edition: str, other: Commitment) -> Elsewhere:
    more = [due_said(other), other.money_words]
    return Elsewhere(link_to(edition, other), other.place, "; ".join(each for each in more if each))


def in_same_list(edition: Edition, chosen: Commitment) -> list[Commitment]:
    """The points of the list it stands in; for an other promise, the edition's other promises."""
    return [
        each
        for each in edition.commitments
        if (each.kind, each.block) == (chosen.kind, chosen.block)
    ]


def link_to(edition: str, each: Commitment) -> Link:
    return Link(each.title, addresses.commitment(edition, each.id))
