"""`/commitments/` and the lists under it: was it done?"""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.edition import Edition
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.commitment_filters import (
    WHOLE_PLAN,
    Filter,
    Placed,
    Value,
    all_promises,
    filters,
)
from bluelamp.public.pages.frame import HOME, Page, help_for, known_on
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.plan import speaks_of_harm

ELSEWHERE = "Promised elsewhere in the text"
# A list longer than this says first what is in it, with a link to each part.
LONG = 20


# --- the first page -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One list that a reader may open: where, and how many promises are in it."""

    link: Link
    count: str


@dataclass(frozen=True)
class Choices:
    """The lists of one filter, under the plans they belong to ('' for all plans together).

    by   its id on the page
    """

    by: str
    title: str
    under: tuple[tuple[str, tuple[Choice, ...]], ...]


@dataclass(frozen=True)
class Count:
    """A number of commitments, what they have in common, and the list of them ('' for none)."""

    number: str
    what: str
    href: str = ""


@dataclass(frozen=True)
class EditionCount:
    """How much one edition promised, and how its text is known where that is not the whole plan."""

    link: Link
    count: str
    known_by: str


@dataclass(frozen=True)
class CommitmentsPage(Page):
    """`/commitments/`: Was it done?

    counts   () where the release holds no commitment
    """

    known_on: str
    counts: tuple[Count, ...]
    again: str
    editions: tuple[EditionCount, ...]
    filters: tuple[Choices, ...]


def commitments_page(opened: OpenRelease) -> CommitmentsPage:
    every = all_promises(opened)
    found = filters(opened)
    return CommitmentsPage(
        title="Was it done?",
        active=addresses.COMMITMENTS,
        known_on=known_on(opened),
        counts=counts(opened, len(every)) if every else (),
        again=again_words(every),
        editions=tuple(edition_count(value) for value in found["edition"].values),
        filters=tuple(choices(each) for each in found.values() if each.by != "edition"),
    )


def counts(opened: OpenRelease, total: int) -> tuple[Count, ...]:
    """How many commitments there are, how many have a date that has passed, how many a sum."""
    return (
        Count(words.number(total), "commitment" if total == 1 else "commitments"),
        counted_in(opened, "calendar", "date-passed", "with a date that has passed"),
        counted_in(opened, "money", "with-a-sum", "with a sum of money stated"),
    )


def counted_in(opened: OpenRelease, by: str, slug: str, what: str) -> Count:
    for value in filters(opened)[by].values:
        if value.slug == slug:
            return Count(
                words.number(len(value.promises)), what, addresses.commitments_by(by, slug)
            )
    return Count("0", what)


def choices(found: Filter) -> Choices:
    under: dict[str, list[Choice]] = {}
    for value in found.values:
        link = Link(value.words, addresses.commitments_by(found.by, value.slug))
        under.setdefault(value.under, []).append(Choice(link, words.number(len(value.promises))))
    return Choices(
        found.by, found.title, tuple((plan, tuple(each)) for plan, each in under.items())
    )


def edition_count(value: Value) -> EditionCount:
    return EditionCount(
        Link(value.words, addresses.commitments_by("edition", value.slug)),
        words.counted(len(value.promises), "commitment"),
        value.promises[0].edition.plan.known_by,
    )


def again_words(every: tuple[Placed, ...]) -> str:
    """How often a plan makes a promise again; '' where none does."""
    again = {(placed.edition.plan.id, each.id) for placed in every for each in placed.promise.again}
    if not again:
        return ""
    if len(again) == 1:
        return (
            "One of them is made again at another place in its plan. That place stands under the "
            "promise that it repeats and is not counted a second time."
        )
    return (
        f"At {words.number(len(again))} other places a plan makes one of these promises again. "
        "Those stand under the promise that they repeat and are not counted a second time."
    )


# --- one list -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Again:
    """A place at which an edition makes a promise again."""

    link: Link
    place: str


@dataclass(frozen=True)
class Entry:
    """One promise as a list shows it. money: '' where no sum is stated."""

    link: Link
    promise: str
    lead: str
    calendar: str
    money: str
    again: tuple[Again, ...]


@dataclass(frozen=True)
class Block:
    """Promises that stand under one heading of the plan; heading '' where they need none."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Group:
    """The promises of one priority of one edition. id: where on the page it stands."""

    id: str
    heading: str
    count: str
    known_by: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class CommitmentsByPage(Page):
    """`/commitments/<by>/<value>/`: Which commitments are these, and how do they stand?"""

    known_on: str
    found: str
    again: str
    contents: bool
    groups: tuple[Group, ...]
    others_title: str
    others: tuple[Link, ...]


def commitments_by_page(opened: OpenRelease, by: str, value: str) -> CommitmentsByPage:
    chosen = filters(opened).get(by)
    if chosen is None:
        raise NoSuchPage(f"commitments cannot be listed by '{by}'")
    found = next((each for each in chosen.values if each.slug == value), None)
    if found is None:
        raise NoSuchPage(f"this release has no commitments under '{value}' ({chosen.title})")
    groups = groups_of(found.promises, named=by not in ("edition", "priority"))
    return CommitmentsByPage(
        title=f"Commitments: {lowered(found.full_words) if by in SENTENCES else found.full_words}",
        active=addresses.COMMITMENTS,
        way=(
            HOME,
            Link("Commitments", addresses.COMMITMENTS),
            Link(chosen.title, f"{addresses.COMMITMENTS}#{by}"),
        ),
        help=help_for(opened.office.help, sensitive=speaks_of_harm(found.full_words)),
        known_on=known_on(opened),
        found=words.counted(len(found.promises), "commitment"),
        again=again_words(found.promises),
        contents=len(found.promises) > LONG and len(groups) > 1,
        groups=groups,
        others_title=chosen.title,
        others=tuple(
            Link(each.full_words, addresses.commitments_by(by, each.slug))
            for each in chosen.values
            if each is not found
        ),
    )


# Filters whose values are phrases of ours and not names.
SENTENCES = ("kind", "year", "money", "calendar")


def lowered(phrase: str) -> str:
    """A phrase as it goes on after a colon."""
    return f"{phrase[0].lower()}{phrase[1:]}"


def groups_of(every: tuple[Placed, ...], *, named: bool) -> tuple[Group, ...]:
    """Promises by edition and priority, in the order of the plans.

    named   whether each heading names the plan; the title of a list of one plan's does so for all
    """
    members: dict[tuple[str, str], list[Placed]] = {}
    for placed in sorted(every, key=lambda p: priority_number(p.edition, p.promise.first)):
        key = (placed.edition.plan.id, placed.promise.first.priority)
        members.setdefault(key, []).append(placed)
    editions = dict.fromkeys(placed.edition.plan.id for placed in every)
    ordered = [key for edition in editions for key in members if key[0] == edition]
    said: set[str] = set()
    groups = []
    for key in ordered:
        edition = members[key][0].edition
        title = priority_title(edition, key[1])
        groups.append(
            Group(
                id=f"{key[0]}-{key[1] or 'whole'}",
                heading=f"{edition.plan.short_title}: {title}" if named else title,
                count=words.number(len(members[key])),
                known_by="" if key[0] in said else edition.plan.known_by,
                blocks=blocks_of(members[key]),
            )
        )
        said.add(key[0])
    return tuple(groups)


def priority_number(edition: Edition, commitment: Commitment) -> int:
    """Where a commitment's priority stands in its plan; what serves no one priority comes last."""
    numbers = {priority.id: priority.number for priority in edition.priorities}
    return numbers.get(commitment.priority, len(numbers) + 1 + max(numbers.values(), default=0))


def priority_title(edition: Edition, priority: str) -> str:
    return next((p.title for p in edition.priorities if p.id == priority), WHOLE_PLAN)


def blocks_of(every: list[Placed]) -> tuple[Block, ...]:
    members: dict[str, list[Entry]] = {}
    for placed in every:
        members.setdefault(placed.promise.first.block, []).append(entry(placed))
    only = set(members) == {""}
    return tuple(
        Block(heading or ("" if only else ELSEWHERE), tuple(entries))
        for heading, entries in members.items()
    )


def entry(placed: Placed) -> Entry:
    first, edition = placed.promise.first, placed.edition.plan.id
    stated = placed.promise.stated_money
    return Entry(
        link=Link(first.title, addresses.commitment(edition, first.id)),
        promise=first.promise,
        lead=first.lead,
        calendar=placed.calendar.sentence,
        money=stated.money_words if stated else "",
        again=tuple(
            Again(Link(each.title, addresses.commitment(edition, each.id)), each.place)
            for each in placed.promise.again
        ),
    )
