"""`definitions/search-words.yaml`: what people type and what pages call it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bluelamp.definitions import read


@dataclass(frozen=True)
class SearchWords:
    """Ways of saying the same.

    same   lists of two or more: a search for the first, which is one word, finds what has any of
           the others too ("ASB", "antisocial behaviour").
    """

    same: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for first, *others in (ways or ("",) for ways in self.same):
            if not others or len(first.split()) != 1:
                raise ValueError(
                    f"same: '{first}' must be one word, with at least one other way of saying it"
                )
            if first.casefold() in seen:
                raise ValueError(f"same: '{first}' begins two lists; make one of them")
            seen.add(first.casefold())


def read_search_words(root: Path) -> SearchWords:
    """The file, or no words where this office has none. Raises DefinitionFaults."""
    path = root / "search-words.yaml"
    return read(SearchWords, path) if path.is_file() else SearchWords()
