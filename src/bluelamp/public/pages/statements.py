"""`/accessibility/` and the page that says there is no such page."""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.look.pieces import Link
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import Page


@dataclass(frozen=True)
class AccessibilityPage(Page):
    """`/accessibility/`: Can everybody use this site, and what if I cannot?"""

    office: Link


@dataclass(frozen=True)
class NotFoundPage(Page):
    """Any address without a page: What now?"""

    why: str
    ways_on: tuple[Link, ...]


def accessibility_page(opened: OpenRelease) -> AccessibilityPage:
    return AccessibilityPage(
        title="Accessibility statement",
        office=Link(opened.office.name, opened.office.address),
    )


def not_found_page(opened: OpenRelease, why: str = "") -> NotFoundPage:
    """The 404 page. why: what was looked for and is not there, in words."""
    return NotFoundPage(
        title="Page not found",
        why=why,
        ways_on=(
            Link("What has changed", addresses.HOME),
            Link("Measures", addresses.MEASURES),
            Link("Find your area", addresses.AREAS),
        ),
    )
