"""What a publisher's file is: one YAML file in `definitions/sources/`; its reader opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from bluelamp.definitions import read_folder
from bluelamp.periods import Month


@dataclass(frozen=True)
class Column:
    """One column a file of this source has, with every name it has been published under."""

    name: str
    known_as: tuple[str, ...]
    needed: bool = True


@dataclass(frozen=True)
class PublishedOn:
    """How the date of publication is inferred where it is not given (always a first of a month).

    rule   `recent-or-historical`: a file of at most `recent_months` months came out the month
           after its last month, a longer one `lag_months` later than that; `refresh-date`: the
           month of the greatest date in `column`; `after-last-month`: `lag_months` after the last
           month in the same zip or folder; `after-last-period`: `lag_months` after the file's own
           last month; `stated`: `day`, for what its publisher put out once and dated.
    """

    rule: Literal[
        "recent-or-historical", "refresh-date", "after-last-month", "after-last-period", "stated"
    ]
    lag_months: int = 0
    recent_months: int = 0
    column: str = ""
    day: date | None = None

    def __post_init__(self) -> None:
        if (self.rule == "stated") != (self.day is not None):
            raise ValueError("published_on: the rule `stated` goes with a `day`, and only that one")


@dataclass(frozen=True)
class DeclaredBreak:
    """From `month` on, what the source counts is not what it counted before."""

    month: str
    words: str

    def __post_init__(self) -> None:
        Month.parse(self.month)


@dataclass(frozen=True)
class Exceptional:
    """Months that were like no others, for a reason everybody knows: shown, and never tested."""

    first: str
    last: str
    words: str

    def __post_init__(self) -> None:
        if Month.parse(self.last) < Month.parse(self.first):
            raise ValueError(f"it ends in {self.last}, before it begins in {self.first}")

    def holds(self, month: str) -> bool:
        return self.first <= month <= self.last


@dataclass(frozen=True)
class Source:
    """One publisher's file shape.

    scope          what one publication replaces within a level and month: `all` of it, or one
                   value of the named tally column (`scope`), such as one crime type or one force.
    absent_means   inside covered months a missing row is `zero`; `zero if the area is listed`
                   (the table leaves out combinations without a crime, but lists every area it
                   covers); or `unknown`.
    force_from     the level whose rows, with the named places outside, add to the force's total.
    always         categories of which every complete month has some: a month without is partial.
    monthly        False where a row stands for more than its month (a survey, a population).
    holds          `counts`: rows that are tallied and that measures count; `reference`: a table in
                   which things are looked up (boundaries, deprivation): kept, not tallied.
    """

    id: str
    title: str
    publisher: str
    licence: str
    address: str
    how_often: str
    reader: str
    columns: tuple[Column, ...]
    levels: tuple[Literal["country", "force", "borough", "ward", "lsoa"], ...]
    force_from: Literal["force", "borough", "ward", "none"]
    scope: Literal["all", "scope"]
    absent_means: Literal["zero", "zero if the area is listed", "unknown"]
    disclosure: Literal["public-at-source", "controlled"]
    sensitivity: Literal["public", "official", "personal"]
    published_on: PublishedOn
    covers: str
    caveats: tuple[str, ...] = ()
    breaks: tuple[DeclaredBreak, ...] = ()
    exceptional: tuple[Exceptional, ...] = ()
    always: tuple[str, ...] = ()
    separators: tuple[str, ...] = (",",)
    monthly: bool = True
    holds: Literal["counts", "reference"] = "counts"


def read_sources(root: Path) -> dict[str, Source]:
    """Every source by id; raises DefinitionFaults naming each fault with file and line."""
    return read_folder(Source, root / "sources")
