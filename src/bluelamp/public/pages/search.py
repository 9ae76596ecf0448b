"""`/search/`: where on this site is what I am looking for?

The server searches; the same address published as a plain file holds everything from A to Z.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote_plus

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import HOME, Page
from bluelamp.public.searchable import KINDS, OF_A_PLAN, documents, edition_label, word_index
from bluelamp.public.word_index import Document, Found, Hit, NoFullTextSearch, WordIndex, plain

log = logging.getLogger(__name__)

TITLE = "Search, and everything from A to Z"
# How many of a kind stand there at once; the others are opened by the reader.
FIRST = 10
MOST = 50
ARTICLES = ("a", "an", "the")
# The whole of a postcode, or its first half.
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?( ?\d[A-Z]{2})?", re.IGNORECASE)
NO_POSTCODES = (
    "Postcodes cannot be searched here. Search for the name of the borough or ward instead."
)
CANNOT = "This server cannot search. Everything that could be found stands below, from A to Z."


@dataclass(frozen=True)
class Group:
    """What was found of one kind: the first few, and the others; `left_out` how many more."""

    kind: str
    heading: str
    first: tuple[Hit, ...]
    more: tuple[Hit, ...]
    more_words: str
    left_out: str


@dataclass(frozen=True)
class AToZEntry:
    """A page by its title. what: its kind and the plan or place it belongs to."""

    link: Link
    what: str


@dataclass(frozen=True)
class AToZLetter:
    """The pages that begin with a letter; `id` is where on the page they stand."""

    id: str
    letter: str
    entries: tuple[AToZEntry, ...]


@dataclass(frozen=True)
class SearchPage(Page):
    """`/search/`: Where is what I am looking for?

    asked     what was looked for; '' where nothing was, and the page holds its letters instead
    instead   what was looked for in its place, because nothing has a word as it was typed; else ''
    found     how much was found, in words
    meant     the search with its words spelt as here; None where they were, or where it was made
    note      what a reader must know of this search: postcodes, a server that cannot search
    """

    asked: str = ""
    instead: str = ""
    found: str = ""
    meant: Link | None = None
    note: str = ""
    groups: tuple[Group, ...] = ()
    letters: tuple[AToZLetter, ...] = ()


def search_page(opened: OpenRelease, asked: str = "") -> SearchPage:
    """What a search finds, or everything from A to Z where nothing is asked for."""
    if not plain(asked):
        return _a_to_z_page(opened)
    try:
        found, instead = found_or_meant(word_index(opened), asked)
    except NoFullTextSearch as error:
        log.error("%s", error)
        return _a_to_z_page(opened, note=CANNOT)
    return SearchPage(
        title=f"Search results for “{asked}”",
        active=addresses.SEARCH,
        way=(HOME, Link("Search", addresses.SEARCH)),
        asked=asked,
        instead=instead,
        found=found_words(found),
        meant=Link(found.meant, f"{addresses.SEARCH}?q={quote_plus(found.meant)}")
        if found.meant
        else None,
        note=NO_POSTCODES if _POSTCODE.fullmatch(asked) else "",
        groups=tuple(groups_of(found, edition_label(opened.leading.plan))),
    )


def found_or_meant(index: WordIndex, asked: str) -> tuple[Found, str]:
    """What a search finds; where no page has all its words, but has them spelt as the site does,
    what that finds, with the spelling that was taken."""
    found = index.find(asked, MOST)
    if found.meant and (found.left_out or not found.counts):
        better = index.find(found.meant, MOST)
        if better.counts and not better.left_out:
            return better, found.meant
    return found, ""


def found_words(found: Found) -> str:
    total = sum(found.counts.values())
    if not total:
        return "Nothing was found."
    if not found.left_out:
        return f"{words.counted(total, 'page')} found."
    lack = "one word" if found.left_out == 1 else f"{found.left_out} words"
    return f"No page has all of these words. {words.counted(total, 'page')} found without {lack}."


def groups_of(found: Found, leading: str) -> Iterable[Group]:
    """What was found, by kind: of the plans from the whole to its parts, promises that are judged
    before other promises, the leading plan's before those of others. Where the best page is no
    part of a plan, its kind comes first."""
    by_kind: dict[str, list[Hit]] = {}
    for hit in found.hits:
        by_kind.setdefault(hit.document.kind, []).append(hit)
    best = next(iter(by_kind), "")
    first = [] if best in OF_A_PLAN else [best]
    for kind in [*first, *(kind for kind in KINDS if kind not in first)]:
        if not (hits := by_kind.get(kind, [])):
            continue
        if kind in OF_A_PLAN:
            hits.sort(key=lambda hit: hit.document.where not in ("", leading))
        count = found.counts[kind]
        more = hits[FIRST:]
        yield Group(
            kind=kind,
            heading=words.counted(count, *KINDS[kind]),
            first=tuple(hits[:FIRST]),
            more=tuple(more),
            more_words=f"Show {words.number(len(more))} more",
            left_out=f"{words.number(count - len(hits))} more are not shown. "
            "Add a word to find fewer."
            if count > len(hits)
            else "",
        )


def _a_to_z_page(opened: OpenRelease, note: str = "") -> SearchPage:
    return SearchPage(title=TITLE, active=addresses.SEARCH, note=note, letters=a_to_z(opened))


@lru_cache(maxsize=4)
def a_to_z(opened: OpenRelease) -> tuple[AToZLetter, ...]:
    """Every page that can be found by its first letter; titles that begin with a digit first."""
    letters: dict[str, list[Document]] = {}
    for document in sorted(documents(opened), key=lambda d: (sorted_by(d), d.where, d.address)):
        first = sorted_by(document)[0][0].upper()
        letters.setdefault(first if "A" <= first <= "Z" else "0 to 9", []).append(document)
    return tuple(
        AToZLetter(
            id=f"letter-{letter[0].lower()}",
            letter=letter,
            entries=tuple(
                AToZEntry(Link(each.title, each.address), what_it_is(each))
                for each in letters[letter]
            ),
        )
        for letter in sorted(letters)
    )


def sorted_by(document: Document) -> list[str]:
    """The words by which a title is sorted: without the article that it may begin with."""
    every = plain(document.title)
    return (every[1:] if every[0] in ARTICLES else every) or every


def what_it_is(document: Document) -> str:
    """ "ward in Croydon", "commitment, 2017 plan": which of several it is."""
    if document.kind == "area":
        return document.brief
    return ", ".join(each for each in (KINDS[document.kind][0], document.brief) if each)
