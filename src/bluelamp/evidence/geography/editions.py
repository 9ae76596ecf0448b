"""Boundary editions: which set of areas a code belongs to.

One file of `definitions/areas/editions` is one edition. Where a CSV of the same name stands beside
it, that lists the edition's areas (code, the area above, name). The areas in force are those of
`definitions/areas`. Of others (43,000 small areas) only the form of the codes is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import polars as pl

from bluelamp.definitions import read_folder, read_gazetteer
from bluelamp.places import Area, UnknownPlace, name_key

Kind = Literal["region", "force", "csp", "district", "borough", "command", "ward", "msoa", "lsoa"]
Extent = Literal["mid-river", "clipped", "none"]

# The form of each kind's codes in the register of geographic codes of the Office for National
# Statistics. Command units have no such code; ours say what they are.
FORMS: dict[str, str] = {
    "region": r"E1[23]\d{6}",
    "force": r"(E23|W15)\d{6}",
    "csp": r"(E22|W14)\d{6}",
    "district": r"(E0[6-9]|W06|S12|N09)\d{6}",
    "borough": r"(E0[6-9]|W06)\d{6}",
    "command": r"command:[a-z-]+",
    "ward": r"[EW]05\d{6}",
    "msoa": r"[EW]02\d{6}",
    "lsoa": r"[EW]01\d{6}",
}
OUTSIDE = "outside:"
SHOWN = 3


class WrongEdition(ValueError):
    """Codes are not of the edition they were asked in; the message says of which they are."""


@dataclass(frozen=True)
class Edition:
    """One set of areas.

    words    how a sentence names it, plural: "wards of May 2014 to May 2018".
    extent   how its boundaries are drawn at the water: to `mid-river`, `clipped` to the shore, or
             `none` where it has no boundaries of its own.
    """

    id: str
    kind: Kind
    words: str
    extent: Extent
    credit: str


@dataclass(frozen=True)
class Editions:
    """Every edition by id, and the codes of those that are listed."""

    root: Path
    by_id: dict[str, Edition]

    def __getitem__(self, edition: str) -> Edition:
        """The edition with this id; raises KeyError, naming those there are."""
        if edition not in self.by_id:
            raise KeyError(
                f"there is no boundary edition '{edition}'; there are {', '.join(self.by_id)} "
                "(definitions/areas/editions)"
            )
        return self.by_id[edition]

    @cached_property
    def _areas(self) -> dict[str, dict[str, Area]]:
        return {}

    def areas(self, edition: str) -> dict[str, Area]:
        """The areas of a listed edition by code; empty where only the form of codes is known."""
        if edition not in self._areas:
            self._areas[edition] = _listed(self.root, self[edition])
        return self._areas[edition]

    def holds(self, edition: str, code: str) -> bool:
        """Whether the code is one of the edition's (by its form, where no list is known)."""
        listed = self.areas(edition)
        return code in listed if listed else _has_form(self[edition], code)

    def area(self, edition: str, code: str) -> Area:
        """The area with this code in this edition; raises WrongEdition or KeyError.

        The same code may stand in several editions. The same name never makes two areas one.
        """
        self.check(edition, [code])
        found = self.areas(edition).get(code)
        return found or Area(code, code, self[edition].kind, edition)

    def named(self, edition: str, name: str, within: str | None = None) -> Area:
        """The area with this name in this edition and no other; raises UnknownPlace."""
        found = [
            area
            for area in self.areas(edition).values()
            if name_key(area.name) == name_key(name) and within in (None, area.parent)
        ]
        if len(found) != 1:
            what = "no area is" if not found else f"{len(found)} areas are"
            raise UnknownPlace(f"{what} called '{name}' among the {self[edition].words}")
        return found[0]

    def check(self, edition: str, codes: Iterable[str]) -> None:
        """Raise WrongEdition where a code is none of this edition's, saying of which it is.

        Named places outside ("outside:unknown") belong to no edition and pass.
        """
        wrong = sorted(
            code
            for code in set(codes)
            if not code.startswith(OUTSIDE) and not self.holds(edition, code)
        )
        if wrong:
            raise WrongEdition(self._words(edition, wrong))

    def _words(self, edition: str, wrong: list[str]) -> str:
        kind = self[edition].kind
        others = [
            other
            for other in self.by_id.values()
            if other.kind == kind and other.id != edition and self.areas(other.id)
        ]
        best = max(
            others, key=lambda o: sum(code in self.areas(o.id) for code in wrong), default=None
        )
        among = sum(code in self.areas(best.id) for code in wrong) if best else 0
        more = f" and {len(wrong) - SHOWN:,} more" if len(wrong) > SHOWN else ""
        hint = (
            f"; {among:,} of the {len(wrong):,} stand among the {best.words}"
            if best and among
            else ""
        )
        return (
            f"{', '.join(wrong[:SHOWN])}{more}: not among the {self[edition].words}{hint}. "
            "Join from the edition that the codes are of"
        )


def _has_form(edition: Edition, code: str) -> bool:
    return re.fullmatch(FORMS[edition.kind], code) is not None


def _listed(root: Path, edition: Edition) -> dict[str, Area]:
    path = root / "areas" / "editions" / f"{edition.id}.csv"
    if path.is_file():
        rows = pl.read_csv(path, infer_schema=False).iter_rows()
        return {
            code: Area(code, name, edition.kind, edition.id, parent) for code, parent, name in rows
        }
    return {
        area.code: area
        for area in read_gazetteer(root).of_kind(edition.kind)
        if area.edition == edition.words
    }


def read_editions(root: Path) -> Editions:
    """Every edition of `definitions/areas/editions`; raises DefinitionFaults."""
    return Editions(root, read_folder(Edition, root / "areas" / "editions"))
