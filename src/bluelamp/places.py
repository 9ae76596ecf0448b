"""Areas, and places that belong to no area.

Codes are ONS nine-character (GSS) codes. Publishers write one borough in a dozen ways; every
spelling seen is listed in `definitions/areas/`, and a name that is not listed is refused, never
guessed. A *place outside the boroughs* (an airport, "Unknown", a district out of London) is
counted in the force's total and shown by its own name, and is never put into a borough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

LEVELS = ("force", "borough", "ward", "lsoa")


class UnknownPlace(KeyError):
    """No area or named place has this name or code; the message suggests the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Area:
    """A place with a GSS code, in one boundary edition, inside its parent."""

    code: str
    name: str
    kind: str
    edition: str
    parent: str | None = None
    spellings: tuple[str, ...] = ()

    @property
    def outside(self) -> bool:
        """True for a named place that lies in no area of its level."""
        return self.code.startswith("outside:")


def name_key(text: str) -> str:
    """How names are compared: case, surplus space, "&"/"and" and apostrophes do not count."""
    text = re.sub("[\u2018\u2019'`.]", "", text.casefold()).replace("&", " and ")
    return " ".join(text.split())


def _names(area: Area) -> tuple[str, ...]:
    return (area.name, *area.spellings)


def _name_of(area: Area, name: str) -> tuple[str, str, str | None]:
    # A ward's name is unique only inside its borough (there are four Abbeys).
    return (area.kind, name_key(name), area.parent if area.kind == "ward" else None)


def clashes(areas: Iterable[Area]) -> Iterator[tuple[Area, str]]:
    """Each area whose code or spelling an earlier area has already, and the words for it."""
    codes: set[str] = set()
    names: dict[tuple[str, str, str | None], Area] = {}
    for area in areas:
        if area.code in codes:
            yield area, f"the code {area.code} is given to two areas"
            continue
        codes.add(area.code)
        for name in _names(area):
            known = names.setdefault(_name_of(area, name), area)
            if known is not area:
                yield (
                    area,
                    f"'{name}' is a spelling of both {known.name} ({known.code}) "
                    f"and {area.name} ({area.code})",
                )


@dataclass(frozen=True)
class Gazetteer:
    """Every area of an office's territory, found by code or by any listed spelling."""

    areas: tuple[Area, ...]
    _by_code: dict[str, Area] = field(init=False, repr=False, compare=False)
    _by_name: dict[tuple[str, str, str | None], Area] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for _, words in clashes(self.areas):
            raise ValueError(words)
        by_code = {area.code: area for area in self.areas}
        by_name = {_name_of(area, name): area for area in self.areas for name in _names(area)}
        object.__setattr__(self, "_by_code", by_code)
        object.__setattr__(self, "_by_name", by_name)

    def __getitem__(self, code: str) -> Area:
        """The area with this code; raises UnknownPlace."""
        area = self._by_code.get(code.strip())
        if area is None:
            raise UnknownPlace(f"no area has the code '{code}'")
        return area

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and code.strip() in self._by_code

    def __iter__(self) -> Iterator[Area]:
        return iter(self.areas)

    def named(self, name: str, kind: str, within: str | None = None) -> Area:
        """The area of this kind with this name or listed spelling; raises UnknownPlace.

        For a ward `within` is the code of its borough.
        """
        key = (kind, name_key(name), within if kind == "ward" else None)
        area = self._by_name.get(key)
        if area is None:
            raise UnknownPlace(f"'{name}' is not a known {kind}; {self._nearest(name, kind)}")
        return area

    def of_kind(self, kind: str, *, outside: bool = False) -> list[Area]:
        """Areas of one kind in code order; named places outside only when asked for."""
        found = [a for a in self.areas if a.kind == kind and (outside or not a.outside)]
        return sorted(found, key=lambda area: area.code)

    def children(self, code: str) -> list[Area]:
        return sorted((a for a in self.areas if a.parent == code), key=lambda area: area.code)

    def spellings(self, kind: str) -> dict[str, str]:
        """name_key of every spelling -> code, for one kind whose names are unique."""
        return {key: area.code for (k, key, _), area in self._by_name.items() if k == kind}

    def _nearest(self, name: str, kind: str) -> str:
        import difflib

        names = {name_key(area.name): area.name for area in self.areas if area.kind == kind}
        near = difflib.get_close_matches(name_key(name), sorted(names), n=1, cutoff=0.6)
        hint = f"did you mean '{names[near[0]]}'? " if near else ""
        return hint + "add it as a spelling in definitions/areas if it is one"


def gazetteer(areas: Iterable[Area]) -> Gazetteer:
    """Collect areas in code order, so that the same definitions give the same gazetteer."""
    return Gazetteer(tuple(sorted(areas, key=lambda area: (area.kind, area.code))))
