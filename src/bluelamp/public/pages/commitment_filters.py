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
    """One value of a filter: `slug` in its address, `words` on the page, the promises it has.

    under   the plan it belongs to, where the values of its filter are those of several plans
    """

    slug: str
    words: str
    promises: tuple[Placed, ...]
    under: str = ""

    @property
    def full_words(self) -> str:
        """Its words where its plan does not stand beside it."""
        return f"{self.words} ({self.under})" if self.under else self.words


@dataclass(frozen=True)
class Filter:
    """One way of listing: `by` in its address ("year"), and its values that have a promise."""

    by: str
    title: str
    values: tuple[Value, ...]


@dataclass(frozen=True, order=True)
class Key:
    """A value of a filter before it has a page. order: among the others; `name` for its address."""

    order: tuple[int, str]
    name: str
    words: str
    under: str = ""


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

    def edition(placed: Placed) -> Key:
        plan = placed.edition.plan
        return Key((order[plan.id], ""), plan.id, plan.short_title)

    def priority(placed: Placed) -> Key:
        plan, wanted = placed.edition.plan, placed.promise.first.priority
        chosen = next((p for p in placed.edition.priorities if p.id == wanted), None)
        number, title = (chosen.number, chosen.title) if chosen else (999, WHOLE_PLAN)
        return Key(
            (order[plan.id], f"{number:03}"),
            f"{plan.id}-{wanted or WHOLE_PLAN}",
            title,
            plan.short_title,
        )

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


def _lead(placed: Placed) -> Key:
    lead = placed.promise.first.lead
    return Key((0, lead.casefold()), lead, lead)


def _kind(placed: Placed) -> Key:
    kind = placed.promise.first.kind
    return Key((list(KIND_WORDS).index(kind), ""), kind, KIND_WORDS[kind])


def _year(placed: Placed) -> Key:
    due = placed.promise.stated_due
    if due is None:
        return Key((9999, ""), "no date", NO_DATE)
    return Key((due.year, ""), str(due.year), f"Due in {due.year}")


def _money(placed: Placed) -> Key:
    if placed.promise.stated_money:
        return Key((0, ""), "with a sum", "A sum is stated")
    return Key((1, ""), "no sum", "No sum is stated")


def _calendar(placed: Placed) -> Key:
    status = placed.calendar.status
    return Key((STATUSES.index(status), ""), status, CALENDAR_WORDS[status])


def _filter(by: str, title: str, every: Iterable[Placed], key: Callable[[Placed], Key]) -> Filter:
    members: dict[Key, list[Placed]] = {}
    for placed in every:
        members.setdefault(key(placed), []).append(placed)
    ordered = sorted(members)
    slugs = slugs_of(each.name for each in ordered)
    return Filter(
        by,
        title,
        tuple(
            Value(slug, each.words, tuple(members[each]), each.under)
            for slug, each in zip(slugs, ordered, strict=True)
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
