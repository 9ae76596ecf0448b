"""What every page has: its title, the way back, where to get help; and the frame around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bluelamp.definitions import HelpLink
from bluelamp.look import words
from bluelamp.look.pieces import Credit, Frame, Help, Link
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease

HOME = Link("Home", addresses.HOME)


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the template around a page asks of it.

    title    the page's h1, and the first words of its title in the browser
    way      the links above it, from home downwards, without the page itself
    active   the address of the navigation link under which it stands
    help     where to get help, on a page about a hard subject; () elsewhere
    comparisons   how many tests stand behind what is said on the page of change, 0 if nothing is
    """

    title: str
    way: tuple[Link, ...] = (HOME,)
    active: str = ""
    help: tuple[Help, ...] = ()
    comparisons: int = 0


@lru_cache(maxsize=4)
def frame(opened: OpenRelease) -> Frame:
    """What stands around every page: whose release it is, which plan leads, as known when."""
    plan = opened.leading.plan
    return Frame(
        office=opened.office.name,
        edition=plan.short_title,
        edition_status=plan.standing,
        release=opened.manifest.id,
        known_on=date.fromisoformat(opened.manifest.known_on),
        synthetic=opened.manifest.synthetic,
        navigation=(
            Link("Plans", addresses.PLANS),
            Link("Commitments", addresses.COMMITMENTS),
            Link("Measures", addresses.MEASURES),
            Link("Areas", addresses.AREAS),
            Link("Coverage", addresses.COVERAGE),
            Link("Methods", addresses.METHODS),
            Link("Data", addresses.DATA),
            Link("A to Z", addresses.SEARCH),
        ),
        credits=credits(opened),
    )


def credits(opened: OpenRelease) -> tuple[Credit, ...]:
    """Each publisher and licence of the files used, once, in order of name."""
    pairs = {(r.publisher, r.licence) for r in opened.release.receipts.values() if r.rows_kept}
    return tuple(Credit(publisher, licence) for publisher, licence in sorted(pairs))


def known_on(opened: OpenRelease) -> str:
    """The day up to which publications were taken into account, in words."""
    return words.day(date.fromisoformat(opened.manifest.known_on))


def help_for(links: tuple[HelpLink, ...], *, sensitive: bool) -> tuple[Help, ...]:
    """The office's places of help where the subject is hard, else none."""
    if not sensitive:
        return ()
    return tuple(Help(link.name, link.what, link.phone, link.address) for link in links)
