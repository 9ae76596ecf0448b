"""What a publisher's file is: one YAML file in `definitions/sources/`; its reader opens it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

from bluelamp.definitions import read_folder
from bluelamp.evidence.fill import Fill, check_fills
from bluelamp.evidence.protection import Protection
from bluelamp.evidence.sample import Sample
from bluelamp.evidence.shape import TableShape
from bluelamp.periods import Month


@dataclass(frozen=True)
class Column:
    """One column a file of this source has, with every name it has been published under.

    `fill` says what an office writes there, where the source is a template of ours.
    """

    name: str
    known_as: tuple[str, ...]
    needed: bool = True
    fill: Fill | None = None


@dataclass(frozen=True)
class Only:
    """A file is of this source where its `column` holds nothing but these values."""

    column: str
    values: tuple[str, ...]


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


class Selected(Protocol):
    """What a measure takes of a tally: by each column the values it names; none is all of them."""

    @property
    def scope(self) -> tuple[str, ...]: ...
    @property
    def category(self) -> tuple[str, ...]: ...
    @property
    def subcategory(self) -> tuple[str, ...]: ...
    @property
    def flag(self) -> tuple[str, ...]: ...
    @property
    def group(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class DeclaredBreak:
    """From `month` on, what the source counts is not what it counted before.

    levels       the levels that it concerns; none is all.
    scopes, categories, subcategories, flags   what it concerns, by column of the tally; none is
                 all, and `*` whatever is told apart by that column at all.
    groups       the groupings of people that it concerns: `ethnicity`.
    total_stays  only what is told apart changed, and everything together did not: a measure that
                 names nothing of it is then not concerned.
    comparable   the publisher gives the months before and after in the same form: charts and
                 tables mark the month, and tests go across it.
    """

    month: str
    words: str
    levels: tuple[Literal["country", "force", "borough", "ward", "lsoa"], ...] = ()
    scopes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subcategories: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    total_stays: bool = False
    comparable: bool = False

    def __post_init__(self) -> None:
        Month.parse(self.month)
        if self.total_stays and not self.named:
            raise ValueError("total_stays: say by categories, flags or groups what it is about")

    @property
    def named(self) -> tuple[str, ...]:
        """All that it names, of whatever column; () where it is about everything."""
        return (
            *self.scopes, *self.categories, *self.subcategories, *self.flags, *self.groups,
        )  # fmt: skip

    def concerns(self, level: str, selections: Iterable[Selected]) -> bool:
        """Whether it changes what a measure counts at a level, from the rows that it selects."""
        return _concerns(self, level, tuple(selections))


def _concerns(declared: DeclaredBreak, level: str, taken: tuple[Selected, ...]) -> bool:
    if declared.levels and level not in declared.levels:
        return False
    if not taken or not declared.named:  # a measure of its own making may take anything
        return not declared.total_stays
    return any(_touches(declared, each) for each in taken)


def _touches(declared: DeclaredBreak, selected: Selected) -> bool:
    # A grouping tells the same people apart: without one, nobody is missing or new.
    groupings = tuple(part.partition("=")[0] for g in selected.group for part in g.split("; "))
    if declared.groups and not _meet(declared.groups, groupings, all_of_it=False):
        return False
    columns = (
        (declared.scopes, selected.scope),
        (declared.categories, selected.category),
        (declared.subcategories, selected.subcategory),
        (declared.flags, selected.flag),
    )
    return all(
        not named or _meet(named, taken, all_of_it=not declared.total_stays)
        for named, taken in columns
    )


def _meet(named: Iterable[str], taken: tuple[str, ...], *, all_of_it: bool) -> bool:
    """Whether a measure takes any of the values named; one that names none takes all of them."""
    if not taken:
        return all_of_it
    wanted = {value.casefold() for value in named}
    return "*" in wanted or any(value.strip().casefold() in wanted for value in taken)


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
class AlwaysBetween:
    """Every complete month from `first` to `last` has some of each of these `categories`; where
    either is '', from the beginning, or to this day."""

    categories: tuple[str, ...]
    first: str = ""
    last: str = ""

    def __post_init__(self) -> None:
        for month in filter(None, (self.first, self.last)):
            Month.parse(month)
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"it ends in {self.last}, before it begins in {self.first}")

    def holds(self, month: str) -> bool:
        return self.first <= month and (not self.last or month <= self.last)


@dataclass(frozen=True)
class Download:
    """Where the publisher hands a file out; `bluelamp fetch` asks there and nowhere else.

    address       https. With `{month}` in it, one file for each month (2026-04), and then
                  `latest` is the address that leads to the newest.
    files         the address is a list of files: a data set of the London Datastore (its JSON,
                  api/dataset/NAME) or a page of GOV.UK (its JSON, api/content/PATH); these are
                  the names of the files to take from it, and `*` stands for anything.
    holds_months  how many months one monthly file holds, back from the month in its name.
    first         the first month for which there is such a file.
    hosts         other hosts that the publisher sends on to; no other is followed.
    published     `last-modified` where the server's date of the file is the day on which it was
                  published; else the source's rule tells.
    """

    address: str
    latest: str = ""
    files: tuple[str, ...] = ()
    holds_months: int = 1
    first: str = ""
    hosts: tuple[str, ...] = ()
    published: Literal["by rule", "last-modified"] = "by rule"

    def __post_init__(self) -> None:
        if ("{month}" in self.address) != bool(self.latest):
            raise ValueError("downloads: an address with {month} goes with `latest`, and only that")
        if self.files and self.latest:
            raise ValueError("downloads: a list of `files` has no months")
        if self.holds_months < 1:
            raise ValueError("downloads: `holds_months` is at least 1")
        if self.first:
            Month.parse(self.first)


@dataclass(frozen=True)
class Source:
    """One publisher's file shape.

    attribution    the words that its publisher asks to be credited with, where it asks for words of
                   its own; else they are made of publisher and licence.
    scope          what one publication replaces within a level and month: `all` of it, or one
                   value of the named tally column (`scope`), such as one crime type or one force.
    absent_means   inside covered months a missing row is `zero`; `zero if the area is listed`
                   (the table leaves out combinations without a crime, but lists every area it
                   covers); or `unknown`.
    force_from     the level whose rows, with the named places outside, add to the force's total.
    only           where a shape comes whole and cut down to one thing (burglary alone), the source
                   of the part says by this which files are its own.
    always         categories of which every complete month has some: a month without is partial.
    always_between the same for a time only, where the publisher's categories have changed.
    monthly        False where a row stands for more than its month (a survey, a population).
    holds          `counts`: rows that are tallied and that measures count; `reference`: a table in
                   which things are looked up (boundaries, deprivation): kept, not tallied.
    table          how its table is laid out, for the readers `long_table` and `reference_table`.
    downloads      where `bluelamp fetch` gets it; empty where no lasting address is known.
    counts         of a template: the category of every row, where no column tells it.
    retain_months  how long records about people are kept; after that nobody can read them.
    sample         of a survey published as percentages: how many people they rest on.
    protection     of a `controlled` source, how small counts are protected; the usual, where none
                   is written.
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
    attribution: str = ""
    caveats: tuple[str, ...] = ()
    breaks: tuple[DeclaredBreak, ...] = ()
    exceptional: tuple[Exceptional, ...] = ()
    always: tuple[str, ...] = ()
    always_between: tuple[AlwaysBetween, ...] = ()
    separators: tuple[str, ...] = (",",)
    monthly: bool = True
    holds: Literal["counts", "reference"] = "counts"
    only: Only | None = None
    downloads: tuple[Download, ...] = ()
    table: TableShape | None = None
    counts: str = ""
    retain_months: int = 0
    sample: Sample | None = None
    protection: Protection | None = None

    def __post_init__(self) -> None:
        check_fills(self)
        if self.protection and self.disclosure != "controlled":
            raise ValueError("`protection` goes with `disclosure: controlled`, and only with that")
        if self.table:
            self.table.check_columns(frozenset(c.name for c in self.columns if c.needed))

    @property
    def is_template(self) -> bool:
        """Whether its columns are ours, for an office to fill in."""
        return any(column.fill for column in self.columns)


def read_sources(root: Path) -> dict[str, Source]:
    """Every source by id; raises DefinitionFaults naming each fault with file and line."""
    return read_folder(Source, root / "sources")
