"""The values that the base page and its macros take: an app fills them, the templates print."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Link:
    """Words that lead to an address of this site."""

    text: str
    href: str


@dataclass(frozen=True)
class Credit:
    """Whose figures these are and on what terms they may be used."""

    publisher: str
    licence: str
    href: str = ""


@dataclass(frozen=True)
class Frame:
    """What stands around the content of every page.

    `edition_status` is a whole sentence ("This plan ran from 2017 to 2021 and is no longer in
    force."). `release` names the release in a few characters; nothing published after `known_on` is
    in it. `synthetic` puts the made-up-data banner on the page; `draft` the not-yet-published one.
    """

    office: str
    edition: str
    edition_status: str
    release: str
    known_on: date
    synthetic: bool
    next_on: date | None = None
    draft: bool = False
    navigation: tuple[Link, ...] = ()
    credits: tuple[Credit, ...] = ()
    home: str = "/"


@dataclass(frozen=True)
class Column:
    """A table's column: its heading, and whether its cells are figures (set to the right).

    `places` is how many decimals every figure of the column shows; None lets each decide.
    """

    heading: str
    numeric: bool = False
    places: int | None = None


@dataclass(frozen=True)
class ReceiptLine:
    """One received file that a page's figures were made from. `sha256` is the whole hash."""

    file: str
    sha256: str
    publisher: str
    licence: str
    received_on: date
    published_on: date
    published_inferred: bool = False


@dataclass(frozen=True)
class Help:
    """Somewhere to turn: who they are, whom they help, a telephone number and an address."""

    name: str
    what: str
    phone: str = ""
    href: str = ""


@dataclass(frozen=True)
class ThreeStatuses:
    """A commitment as its owner, the evidence and the calendar have it; never merged into one."""

    owner: str
    evidence: str
    calendar: str
    sources: tuple[str, str, str] = field(default=("", "", ""))
