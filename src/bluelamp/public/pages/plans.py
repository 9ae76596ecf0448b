"""`/plans/`: which plans have there been, which one leads here, and what changed between them?"""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.look.pieces import Link
from bluelamp.plan.edition import Edition, Plan
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import Page
from bluelamp.public.pages.plan import in_force

JUDGED_BY = {
    "targets": "Numbers to reach (targets)",
    "progress": "Progress, without numbers to reach",
    "not stated": "What we have of it does not say",
}


@dataclass(frozen=True)
class PlanEntry:
    """One edition as the list shows it. changes: what it changed since each one before it."""

    plan: Plan
    link: Link
    leads: bool
    in_force: str
    judged: str
    changes: tuple[Link, ...]


@dataclass(frozen=True)
class PlansPage(Page):
    """`/plans/`: Which plans have there been?"""

    entries: tuple[PlanEntry, ...]


def plans_page(opened: OpenRelease) -> PlansPage:
    """The editions in the order of their start."""
    return PlansPage(
        title="Police and crime plans",
        active=addresses.PLANS,
        entries=tuple(entry(opened, edition) for edition in opened.release.editions.values()),
    )


def entry(opened: OpenRelease, edition: Edition) -> PlanEntry:
    plan = edition.plan
    return PlanEntry(
        plan=plan,
        link=Link(plan.title, addresses.edition(plan.id)),
        leads=plan.id == opened.leading.plan.id,
        in_force=in_force(plan),
        judged=JUDGED_BY[plan.judged_by],
        changes=change_links(opened, edition),
    )


def before(opened: OpenRelease, edition: Edition) -> tuple[Edition, ...]:
    """The editions before one, the nearest first."""
    every = list(opened.release.editions.values())
    return tuple(reversed(every[: every.index(edition)]))


def change_links(opened: OpenRelease, edition: Edition) -> tuple[Link, ...]:
    return tuple(
        Link(
            f"What changed since the {earlier.plan.short_title}",
            addresses.changes(edition.plan.id, earlier.plan.id),
        )
        for earlier in before(opened, edition)
    )
