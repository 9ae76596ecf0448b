"""`/corrections/`: what was wrong after it was published, by the publishers and by us?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from bluelamp.evidence.source import Source
from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.periods import Month
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import HOME, Page, known_on
from bluelamp.releases.corrections import Looked, SystemChange
from bluelamp.releases.mistakes import Mistake

LARGEST = 10


@dataclass(frozen=True)
class MistakeShown:
    """One thing that the office itself got wrong. Pages that are no longer there have no link."""

    on: str
    wrong: str
    now: str
    pages: tuple[Link, ...]


@dataclass(frozen=True)
class Correction:
    """One number of a month that a later publication changed."""

    month: str
    what: str
    before: str
    after: str
    change: str
    published: str


@dataclass(frozen=True)
class MonthChanged:
    """A month from its first publication to its last, and how often it changed between."""

    month: str
    first: str
    times: str
    last: str
    change: str


@dataclass(frozen=True)
class SourceCorrections:
    """What the publisher of one source changed.

    words      how much could be compared, and how much of it changed
    largest    the largest change, as a sentence
    systems    a sentence for each change of its system of categories
    totals     the largest changes of a month's total; () where it has none
    kinds      the largest changes of one kind of crime in a month
    months     every month whose total changed
    """

    id: str
    title: str
    publisher: str
    address: str
    words: str
    largest: str
    systems: tuple[str, ...]
    totals: tuple[Correction, ...]
    kinds: tuple[Correction, ...]
    months: tuple[MonthChanged, ...]


@dataclass(frozen=True)
class CorrectionsPage(Page):
    """`/corrections/`: What was wrong after it was published?

    once       sources of which each month was published once: nothing could be compared
    unchanged  sources of which later publications said the same
    in_full    False for a release made before publications were compared
    """

    known_on: str
    mistakes: tuple[MistakeShown, ...]
    sources: tuple[SourceCorrections, ...]
    once: tuple[str, ...]
    unchanged: tuple[str, ...]
    in_full: bool
    table: str


def corrections_page(opened: OpenRelease) -> CorrectionsPage:
    compared = opened.release.compared
    seen = {each.source: 0 for each in compared or ()}
    for each in leading(opened, compared or ()):
        seen[each.source] += each.seen_again
    changed = set(opened.release.corrections["source"].unique())
    titles = {source: opened.release.sources[source].title for source in {*seen, *changed}}
    in_order = sorted(titles, key=lambda source: titles[source].casefold())
    return CorrectionsPage(
        title="Corrections",
        way=(HOME, Link("Coverage", addresses.COVERAGE)),
        active=addresses.COVERAGE,
        known_on=known_on(opened),
        mistakes=tuple(mistake_shown(opened, each) for each in opened.release.mistakes),
        sources=tuple(of_source(opened, source) for source in in_order if source in changed),
        once=tuple(titles[s] for s in in_order if s not in changed and not seen[s]),
        unchanged=tuple(
            f"{titles[s]}: {words.counted(seen[s], 'month')} could be compared"
            for s in in_order
            if s not in changed and seen[s]
        ),
        in_full=compared is not None,
        table=addresses.CORRECTIONS_TABLE,
    )


def leading(opened: OpenRelease, compared: tuple[Looked, ...]) -> Iterator[Looked]:
    """Of each source the level from which its totals come: other levels hold the same crimes."""
    for each in compared:
        if each.level == lead_level(opened.release.sources[each.source]):
            yield each


def lead_level(source: Source) -> str:
    return source.levels[0] if source.force_from == "none" else source.force_from


# --- what the office got wrong --------------------------------------------------------------------


def mistake_shown(opened: OpenRelease, mistake: Mistake) -> MistakeShown:
    return MistakeShown(
        words.day(mistake.on),
        mistake.wrong,
        mistake.now,
        tuple(Link(page, page if is_there(opened, page) else "") for page in mistake.pages),
    )


def is_there(opened: OpenRelease, page: str) -> bool:
    """Whether this release has the page, for the kinds of page on which figures stand."""
    known = {addresses.HOME, addresses.COVERAGE, addresses.DATA, addresses.MEASURES}
    known |= {addresses.measure(measure) for measure in opened.measures}
    known |= {addresses.edition(edition) for edition in opened.release.editions}
    known |= {addresses.area(a.code) for a in (*opened.forces, *opened.boroughs, *opened.wards)}
    return page in known


# --- what publishers changed ----------------------------------------------------------------------


def of_source(opened: OpenRelease, source_id: str) -> SourceCorrections:
    """The log of one source, at the level from which its totals come."""
    source = opened.release.sources[source_id]
    level = lead_level(source)
    looked = [each for each in opened.release.compared or () if each.source == source_id]
    at_level = opened.release.corrections.filter(source=source_id, level=level)
    totals = at_level.filter(pl.col("category") == "")
    ours = largest_first(totals.filter(~pl.col("new_system")))
    kinds = largest_first(at_level.filter(pl.col("category") != ""))
    return SourceCorrections(
        id=source_id,
        title=source.title,
        publisher=source.publisher,
        address=source.address,
        words=how_much([each for each in looked if each.level == level], at_level),
        largest=sentence(source, (ours if ours.height else kinds).row(0, named=True))
        if ours.height or kinds.height
        else "",
        systems=tuple(
            system_words(change) for each in looked if each.level == level
            for change in each.systems
        ),
        totals=tuple(correction(opened, row) for row in ours.head(LARGEST).iter_rows(named=True)),
        kinds=tuple(correction(opened, row) for row in kinds.head(LARGEST).iter_rows(named=True)),
        months=tuple(months_changed(totals)),
    )  # fmt: skip


def largest_first(table: pl.DataFrame) -> pl.DataFrame:
    """The largest change first; of equal ones the latest month."""
    return table.sort(pl.col("change").abs(), "month", "category", descending=[True, True, False])


def how_much(looked: list[Looked], table: pl.DataFrame) -> str:
    """How many months could be compared, and how many numbers changed up and down."""
    changes = table.filter(~pl.col("new_system"))
    totals = changes.filter(pl.col("category") == "")
    of, one = (totals, "total") if totals.height else (changes, "number")
    ups = of.filter(pl.col("change") > 0).height
    said = (
        f"{words.counted(of.height, 'change')} of a {one}: {words.number(ups)} up and "
        f"{words.number(of.height - ups)} down."
    )
    months = sum(each.seen_again for each in looked)
    if months:
        said = f"{words.counted(months, 'month')} could be compared. {said}"
    usual = of["change"].abs().median()
    if isinstance(usual, float) and of.height > 1:
        said += f" Half of them were of {words.number(usual, 0)} or less."
    return said


def size_words(share: float) -> str:
    """A share of a number that is small: "0.3%", or "0.01%" where that would be nought."""
    return words.percent(share, 1) if share >= 0.0005 else words.percent(share, 2)


def sentence(source: Source, row: dict[str, Any]) -> str:
    """The largest change: who changed what, from what to what, and when."""
    publisher = source.publisher.partition(",")[0]
    what = "total" if not row["category"] else f"number for “{kind_words(row['category'])}”"
    by = abs(row["change"])
    share = "" if row["share"] is None else f", {size_words(abs(row['share']))}"
    before = f" (published by {when(row['published_before'])})" if row["published_before"] else ""
    return (
        f"The largest: {publisher} changed its {words.month(row['month'])} {what} from "
        f"{words.number(row['before'])}{before} to {words.number(row['after'])} (published by "
        f"{when(row['published_after'])}), {words.number(by)} "
        f"{'more' if row['change'] > 0 else 'fewer'}{share}."
    )


def when(published: str) -> str:
    """The month of a publication: the day is mostly worked out and not known."""
    return words.month(published[:7])


def kind_words(category: str) -> str:
    """What is counted, as a table has it, without its capitals."""
    return category.capitalize()


def correction(opened: OpenRelease, row: dict[str, Any]) -> Correction:
    """One change (a row of CORRECTION_SCHEMA) in words."""
    share = "" if row["share"] is None else words.signed(row["share"] * 100, 1)
    share = (
        f" ({share}%)" if share[:1] in ("+", words.MINUS) else ""
    )  # not where it rounds to nought
    before = f"{when(row['published_before'])}, then " if row["published_before"] else "by "
    kind = kind_words(row["category"])
    what = (scope_words(opened, row), kind, area_words(opened, row["area"]))
    places = 3 if row["area"] else None  # published values are proportions
    return Correction(
        month=words.month(row["month"]),
        what=", ".join(part for part in what if part),
        before=words.number(row["before"], places),
        after=words.number(row["after"], places),
        change=f"{words.signed(row['change'], places)}{share}",
        published=f"{before}{when(row['published_after'])}",
    )


def scope_words(opened: OpenRelease, row: dict[str, Any]) -> str:
    """A force by its name; nothing where the scope says no more than the category."""
    scope = row["scope"]
    return opened.gazetteer[scope].name if scope in opened.gazetteer else ""


def area_words(opened: OpenRelease, area: str) -> str:
    return opened.called(opened.gazetteer[area]) if area in opened.gazetteer else area


def months_changed(totals: pl.DataFrame) -> Iterator[MonthChanged]:
    """Every month whose total changed, the latest first."""
    of_month = (
        totals.sort("published_after")
        .group_by("month", "scope")
        .agg(pl.col("before").first(), pl.col("after").last(), pl.len())
        .sort("month", "scope", descending=[True, False])
    )
    for row in of_month.iter_rows(named=True):
        yield MonthChanged(
            Month.parse(row["month"]).words,
            words.number(row["before"]),
            "once" if row["len"] == 1 else f"{words.number(row['len'])} times",
            words.number(row["after"]),
            words.signed(row["after"] - row["before"]),
        )


def system_words(change: SystemChange) -> str:
    """A change of the system of categories: never a correction of a category."""
    first, last = Month.parse(change.first_month).words, Month.parse(change.last_month).words
    by = f"{words.number(abs(change.net))} {'more' if change.net > 0 else 'fewer'}"
    sums = f"Their totals together were {by}" if change.net else "Their totals stayed the same"
    return (
        f"By {when(change.published_on)} the publisher had sorted {first} to {last} anew, "
        f"{words.counted(change.months, 'month')}, from “{change.before}” to “{change.after}”. "
        f"{sums}. No kind of crime is compared across this change: a crime that moves to another "
        "group has not been corrected."
    )


def total_corrections(opened: OpenRelease) -> pl.DataFrame:
    """Changes of a month's total at the level it comes from, the largest first; those of a change
    of groups are left out."""
    corrections = opened.release.corrections
    changed = corrections["source"].unique().to_list()
    leads = {id: lead_level(opened.release.sources[id]) for id in changed}
    level = pl.col("source").replace_strict(leads, default="", return_dtype=pl.String)
    table = corrections.filter(pl.col("category") == "", pl.col("level") == level)
    return largest_first(table.filter(~pl.col("new_system")))
