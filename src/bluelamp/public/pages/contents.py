"""`/plans/<edition>/contents/`: does the plan set out what the law asks of it, and where?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bluelamp.look import words
from bluelamp.plan.contents import Requirement, StatutoryContents
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.plan import PlanPage, edition_of, way_to

MET = {
    "yes": "Yes",
    "partly": "In part",
    "no": "No",
    "cannot tell": "Cannot tell",
}


@dataclass(frozen=True)
class ItemShown:
    """One thing that the law asks for. where: '' where the plan does not set it out."""

    what: str
    law: str
    met: str
    where: str
    note: str


@dataclass(frozen=True)
class ContentsPage(PlanPage):
    """`/plans/<edition>/contents/`: Does the plan set out what the law asks of it?

    counts   pairs of an answer and how many things have it
    """

    law: StatutoryContents
    counts: tuple[tuple[str, str], ...]
    items: tuple[ItemShown, ...]


def contents_page(opened: OpenRelease, edition: str) -> ContentsPage:
    found = edition_of(opened, edition)
    law = opened.release.statutory_contents
    if found.checklist is None or law is None:
        raise NoSuchPage(f"the edition {edition} is not held against the law in this release")
    asked = {requirement.id: requirement for requirement in law.requirements}
    counts = Counter[str](item.met for item in found.checklist.items)
    return ContentsPage(
        title="What the law asks of a plan",
        way=way_to(found.plan),
        active=addresses.PLANS,
        plan=found.plan,
        law=law,
        counts=tuple((MET[met], words.number(counts[met])) for met in MET if counts[met]),
        items=tuple(
            ItemShown(
                what=asked[item.requirement].what,
                law=law_beside(asked[item.requirement], law),
                met=MET[item.met],
                where=item.where,
                note=item.note,
            )
            for item in found.checklist.items
        ),
    )


def law_beside(requirement: Requirement, law: StatutoryContents) -> str:
    """The law that asks for one thing, where it is another than the Act of the whole list."""
    return "" if requirement.law == law.act else requirement.law
