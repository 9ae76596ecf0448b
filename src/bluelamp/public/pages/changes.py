"""`/plans/<edition>/changes-since/<earlier>/`: what changed from one plan to a later one?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.plan.changes import Change, Changes, changes
from bluelamp.plan.edition import Plan
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.plan import PlanPage, edition_of, way_to
from bluelamp.public.pages.plans import before
from bluelamp.public.shown import capital

KINDS = {
    "changed": "Changed",
    "new": "New",
    "gone": "No longer there",
    "kept": "Kept",
    "another hope": "Another hope",
    "only in the later": "New",
    "only in the earlier": "No longer there",
    "same hope": "The same hope",
}


@dataclass(frozen=True)
class ChangeShown:
    """One thing in both editions. href: '' where it has no page of its own."""

    title: str
    href: str
    kind: str
    earlier: str
    later: str


@dataclass(frozen=True)
class Section:
    """Changes of one sort. counts: "2 new, 1 kept"."""

    id: str
    title: str
    counts: str
    rows: tuple[ChangeShown, ...]


@dataclass(frozen=True)
class ChangesPage(PlanPage):
    """`/plans/<edition>/changes-since/<earlier>/`: What changed from one plan to a later one?"""

    earlier: Plan
    earlier_link: Link
    judging: ChangeShown
    sections: tuple[Section, ...]


def changes_page(opened: OpenRelease, edition: str, earlier: str) -> ChangesPage:
    later, older = edition_of(opened, edition), edition_of(opened, earlier)
    if older not in before(opened, later):
        raise NoSuchPage(f"the edition {earlier} is not earlier than {edition}")
    titles = {measure.id: measure.title for measure in opened.measures.values()}
    found = changes(older, later, titles)
    return ChangesPage(
        title=f"What changed since the {older.plan.short_title}",
        way=way_to(later.plan),
        active=addresses.PLANS,
        plan=later.plan,
        earlier=older.plan,
        earlier_link=Link(older.plan.short_title, addresses.edition(earlier)),
        judging=change_shown(found.judging),
        sections=sections(opened, found),
    )


def sections(opened: OpenRelease, found: Changes) -> tuple[Section, ...]:
    """The sorts of changes that there are, numbers to reach first."""
    every = (
        section("targets", "Targets: numbers to reach", found.targets, opened),
        section("measures", "What is hoped of each measure", found.measures, opened),
        section("priorities", "Priorities", found.priorities),
        section("unmeasured", "Lines that nothing published can show", found.unmeasured),
        section("inputs", "What would be put in", found.inputs),
        section("commitments", "How much was promised", found.commitments),
        section("numbers", "Numbers that both plans give", found.numbers),
    )
    return tuple(each for each in every if each.rows)


def section(
    id: str, title: str, found: Iterable[Change], opened: OpenRelease | None = None
) -> Section:
    """`opened` is given where what changed may be a measure, and then has a page."""
    known = opened.measures if opened else {}
    rows = tuple(
        change_shown(each, addresses.measure(each.subject) if each.subject in known else "")
        for each in sorted(found, key=lambda each: list(KINDS).index(each.kind))
    )
    counts = Counter(row.kind for row in rows)
    said = [f"{kind.lower()}: {words.number(count)}" for kind, count in counts.items()]
    return Section(id, title, "; ".join(said), rows)


def change_shown(change: Change, href: str = "") -> ChangeShown:
    return ChangeShown(
        change.title, href, KINDS[change.kind], capital(change.earlier), capital(change.later)
    )
