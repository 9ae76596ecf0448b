"""The ways of listing commitments: by plan, priority, lead, kind, year, money and calendar.

Each value of each filter is a page of its own, so that lists work as plain files; its address is
made from its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bluelamp.plan.calendar import STATUSES, CalendarReading, calendar_reading
from bluelamp.plan.edition import Edition
from bluelamp.plan.promises import Promise, promises
from bluelamp.public.opened import OpenRelease

WHOLE_PLAN = "The plan as a whole"
NO_DATE = "No date is stated"
KIND_WORDS = {
    "we commit to": "Points of a “we commit to” list",
    "other promise": "Made elsewhere in the text",
}
CALENDAR_WORDS = {
    "date passed": "The date has passed",
    "due within 3 months": "Due within 3 months",
    "due later": "Due later than that",
    "no date": "No date is stated",
}


@dataclass(frozen=True)
class Placed:
    """A promise with the edition that makes it and what the calendar says of it."""

    edition: Edition
    promise: Promise
    calendar: CalendarReading


@dataclass(frozen=True)
class Value:
    """One value of a filter: `slug` in its address, `words` on the page, the promises it has."""

    slug: str
    words: str
    promises: tuple[Placed, ...]


@dataclass(frozen=True)
class Filter:
    """One way of listing: `by` in its address ("year"), and its values that have a promise."""

    by: str
    title: str
    values: tuple[Value, ...]


# Of a promise: what sorts its value among the others, and the value's words.
Sorted = tuple[int, str]
Sorter = Callable[[Placed], tuple[Sorted, str]]


def known_day(opened: OpenRelease) -> date:
    """The day that the calendar is asked about: a release has no clock."""
    return date.fromisoformat(opened.manifest.known_on)


@lru_cache(maxsize=4)
def all_promises(opened: OpenRelease) -> tuple[Placed, ...]:
    """Every promise of every edition: the leading edition first, then the newest."""
    day = known_day(opened)
    editions = sorted(opened.release.editions.values(), key=lambda e: e.plan.starts, reverse=True)
    editions.sort(key=lambda e: e.plan.id != opened.leading.plan.id)
    return tuple(
        Placed(edition, promise, calendar_reading(promise.stated_due, edition.plan, day))
        for edition in editions
        for promise in promises(edition)
    )


@lru_cache(maxsize=4)
def filters(opened: OpenRelease) -> dict[str, Filter]:
    """Every filter by its name in the address, with the values that this release has."""
    every = all_promises(opened)
    order = {plan: n for n, plan in enumerate(dict.fromkeys(p.edition.plan.id for p in every))}

    def edition(placed: Placed) -> tuple[Sorted, str]:
        plan = placed.edition.plan
        return (order[plan.id], plan.id), plan.short_title

    def priority(placed: Placed) -> tuple[Sorted, str]:
        plan = placed.edition.plan
        chosen = next(
            (p for p in placed.edition.priorities if p.id == placed.promise.first.priority), None
        )
        place = chosen.number if chosen else 999
        title = chosen.title if chosen else WHOLE_PLAN
        return (order[plan.id], f"{place:03}"), f"{title} ({plan.short_title})"

    found = (
        _filter("edition", "By plan", every, edition),
        _filter("priority", "By priority", every, priority),
        _filter("lead", "By who leads", every, _lead),
        _filter("kind", "By where the plan makes it", every, _kind),
        _filter("year", "By the year it is due", every, _year),
        _filter("money", "By whether a sum is stated", every, _money),
        _filter("calendar", "By what the calendar says", every, _calendar),
    )
    return {each.by: each for each in found}


def _lead(placed: Placed) -> tuple[Sorted, str]:
    lead = placed.promise.first.lead
    return (0, lead.casefold()), lead


def _kind(placed: Placed) -> tuple[Sorted, str]:
    kind = placed.promise.first.kind
    return (list(KIND_WORDS).index(kind), ""), KIND_WORDS[kind]


def _year(placed: Placed) -> tuple[Sorted, str]:
    due = placed.promise.stated_due
    return ((due.year, ""), f"Due in {due.year}") if due else ((9999, ""), NO_DATE)


def _money(placed: Placed) -> tuple[Sorted, str]:
    stated = placed.promise.stated_money
    return (0 if stated else 1, ""), "A sum is stated" if stated else "No sum is stated"


def _calendar(placed: Placed) -> tuple[Sorted, str]:
    status = placed.calendar.status
    return (STATUSES.index(status), ""), CALENDAR_WORDS[status]


def _filter(by: str, title: str, every: Iterable[Placed], sorter: Sorter) -> Filter:
    members: dict[tuple[Sorted, str], list[Placed]] = {}
    for placed in every:
        members.setdefault(sorter(placed), []).append(placed)
    ordered = sorted(members)
    slugs = slugs_of(words for _, words in ordered)
    return Filter(
        by,
        title,
        tuple(
            Value(slug, key[1], tuple(members[key]))
            for slug, key in zip(slugs, ordered, strict=True)
        ),
    )


# The longest part of an address that is still read aloud without taking breath.
LONGEST_SLUG = 60
# Apostrophes, straight and curly, and the accents that NFKD parts from their letters.
_DROPPED = re.compile("['\u2019\u0300-\u036f]")


def slug(words: str) -> str:
    """Words as a part of an address: "Mayor's Office & MPS" as "mayors-office-mps".

    Never empty, so that no page can stand at the address of the list that holds it.
    """
    plain = unicodedata.normalize("NFKD", words.casefold())
    parts = re.findall(r"[a-z0-9]+", _DROPPED.sub("", plain))
    made = ""
    for part in parts:
        if made and len(made) + 1 + len(part) > LONGEST_SLUG:
            break
        made = f"{made}-{part}" if made else part
    return made[:LONGEST_SLUG] or "unnamed"


def slugs_of(every: Iterable[str]) -> list[str]:
    """A slug for each of some words, in their order, no two alike: the second gets a number."""
    taken: set[str] = set()
    made = []
    for words in every:
        wanted = candidate = slug(words)
        number = 2
        while candidate in taken:
            candidate, number = f"{wanted}-{number}", number + 1
        taken.add(candidate)
        made.append(candidate)
    return made
