"""Whose the facts are: the words owed to each publisher, and what they are owed for.

Made from the definitions, so that a new source, boundary edition or denominator is credited by its
own file and no list is kept anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from bluelamp.definitions import read_area_sets
from bluelamp.evidence.geography.editions import read_editions
from bluelamp.evidence.source import Source, read_sources
from bluelamp.measures.denominators import read_denominators

OPEN_GOVERNMENT = "Open Government Licence"


@dataclass(frozen=True)
class Owed:
    """Words of credit, and the titles of all that they are owed for, in order."""

    words: str
    of: tuple[str, ...]


def credit_of(source: Source) -> str:
    """The words owed to the publisher of a source. Where it asks for none of its own, the Open
    Government Licence says which."""
    if source.attribution:
        return source.attribution
    if source.licence.startswith(OPEN_GOVERNMENT):
        return (
            f"Contains public sector information licensed under the {source.licence}. "
            f"Source: {source.publisher}"
        )
    return f"Source: {source.publisher}. Licence: {source.licence}"


def credits_owed(root: Path, used: Collection[str] | None = None) -> tuple[Owed, ...]:
    """What is owed for the files of the sources `used` (by id; None: all that others publish), for
    the areas and for what rates are formed with, in order of the words. Raises DefinitionFaults.
    """
    found: dict[str, set[str]] = {}
    for words, title in (*_for_files(root, used), *_for_areas(root)):
        found.setdefault(words, set()).add(title)
    return tuple(
        Owed(words, tuple(sorted(found[words], key=str.casefold))) for words in sorted(found)
    )


def _for_files(root: Path, used: Collection[str] | None) -> Iterator[tuple[str, str]]:
    sources = {
        source.id: source
        for source in read_sources(root).values()
        if (not source.is_template if used is None else source.id in used)
    }
    for source in sources.values():
        yield credit_of(source), source.title
    for denominator in read_denominators(root).values():
        for part in denominator.counted:
            if part.source in sources:
                title = f"What rates are formed with: {denominator.words}"
                yield credit_of(sources[part.source]), title


def _for_areas(root: Path) -> Iterator[tuple[str, str]]:
    for area_set in read_area_sets(root).values():
        yield area_set.credit, f"Codes and names of areas: {area_set.edition}"
    for edition in read_editions(root).by_id.values():
        yield edition.credit, f"Codes and boundaries of areas: {edition.words}"
