"""`/methods/` and one page for each rule: how do you decide?

Each rule is explained with a worked example from the release itself. Where the release has nothing
to show (no month was withheld, say), the page says so. The rules stand in `public.explained`.
"""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.look.pieces import Link
from bluelamp.public import addresses
from bluelamp.public.explained import METHODS
from bluelamp.public.explained.method import Example, Method
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import HOME, Page
from bluelamp.public.pages.missing import NoSuchPage


@dataclass(frozen=True)
class MethodsPage(Page):
    """`/methods/`: How do you decide?"""

    methods: tuple[tuple[Link, str], ...]


@dataclass(frozen=True)
class MethodPage(Page):
    """`/methods/<id>/`: How do you decide this, and what does it look like with real figures?"""

    method: Method
    example: Example
    others: tuple[Link, ...]


def methods_page(opened: OpenRelease) -> MethodsPage:
    return MethodsPage(
        title="How we decide",
        active=addresses.METHODS,
        methods=tuple((Link(m.title, addresses.method(m.id)), m.short) for m in METHODS.values()),
    )


def method_page(opened: OpenRelease, method: str) -> MethodPage:
    if method not in METHODS:
        raise NoSuchPage(f"there is no method '{method}'")
    chosen = METHODS[method]
    return MethodPage(
        title=chosen.title,
        way=(HOME, Link("How we decide", addresses.METHODS)),
        active=addresses.METHODS,
        method=chosen,
        example=chosen.example(opened),
        others=tuple(
            Link(m.title, addresses.method(m.id)) for m in METHODS.values() if m.id != method
        ),
    )
