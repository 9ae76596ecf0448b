"""What rates are formed with: one file of `definitions/denominators` each.

A denominator says which source counts it at each level, and on which base. Bases are never mixed:
London had 72,000 people more in 2019 by the estimates that roll forward from Census 2011 than by
those rebased on Census 2021, which is more than most changes that one would look for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bluelamp.definitions import DefinitionFaults, Fault, read_folder


@dataclass(frozen=True)
class Counted:
    """Where one level's numbers come from: rows of a source, by category, and by flag if given.

    For the force, `rows` may be a finer level, whose rows are added up.
    """

    level: Literal["force", "borough", "ward"]
    source: str
    rows: Literal["force", "borough", "ward"]
    category: str
    flag: str = ""


@dataclass(frozen=True)
class Denominator:
    """What a rate is per.

    things   what one of it is called, plural: "residents", "households".
    words    what a page says the rate is formed with: what, whose, of which year and base.
    base     the census or series that the numbers rest on.
    first_year, last_year   before and after these there is no rate. Without a last year, the
             latest number stands for the years after it too.
    """

    id: str
    things: str
    words: str
    base: str
    first_year: int
    counted: tuple[Counted, ...]
    last_year: int | None = None

    def __post_init__(self) -> None:
        levels = [part.level for part in self.counted]
        if len(set(levels)) < len(levels):
            raise ValueError("counted: a level is counted in one way only; take one of them out")
        if self.last_year is not None and self.last_year < self.first_year:
            raise ValueError(f"last_year: {self.last_year} is before {self.first_year}")

    def at(self, level: str) -> Counted | None:
        """Where a level's numbers come from, or None where they are not counted at it."""
        return next((part for part in self.counted if part.level == level), None)

    def worded(self, groups: Iterable[str]) -> str:
        """`words`, with the groups of people that a measure is restricted to."""
        named = ", ".join(group.partition("=")[2] for group in groups)
        return f"{self.words} (only: {named})" if named else self.words


def read_denominators(root: Path) -> dict[str, Denominator]:
    """Every denominator by id; raises DefinitionFaults naming each fault."""
    folder = root / "denominators"
    found = read_folder(Denominator, folder)
    faults = [
        Fault(folder / f"{denominator.id}.yaml", 1, words)
        for denominator in found.values()
        for words in (*_no_source(denominator, root), *_mixed_bases(denominator, found))
    ]
    if faults:
        raise DefinitionFaults(faults)
    return found


def _no_source(denominator: Denominator, root: Path) -> Iterator[str]:
    for part in denominator.counted:
        if not (root / "sources" / f"{part.source}.yaml").is_file():
            yield f"source: there is no source '{part.source}'"


def _mixed_bases(denominator: Denominator, every: Mapping[str, Denominator]) -> Iterator[str]:
    """One series rests on one base: the same numbers cannot be named under two."""
    for part in denominator.counted:
        for other in every.values():
            same = any((p.source, p.flag) == (part.source, part.flag) for p in other.counted)
            if same and other.base != denominator.base:
                yield (
                    f"base: '{part.source}' is on the base '{other.base}' in "
                    f"denominators/{other.id}.yaml and here on '{denominator.base}'; bases are "
                    "never mixed"
                )
