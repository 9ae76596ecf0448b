"""`/coverage/`: what do you not know, and what did you get wrong?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bluelamp.evidence.source import Source
from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.periods import Month, months_between
from bluelamp.public import addresses
from bluelamp.public.charting import span
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import Page, known_on
from bluelamp.releases.release import Coverage

# Worst first: where the scopes of a month differ, the grid shows the worst of them.
STATES = ("missing", "partial", "being checked", "known")
CELLS = {"known": "yes", "partial": "part", "being checked": "check", "missing": "no"}
BY_LEVEL = {
    "force": "whole force", "borough": "boroughs", "ward": "wards", "lsoa": "neighbourhoods (LSOA)",
}  # fmt: skip
LARGEST = 10


@dataclass(frozen=True)
class GridYear:
    """A year of a grid: twelve cells, '' for a month before the first or after the last."""

    year: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class SourceCoverage:
    """What is known of one source at one level: in words, and month by month."""

    id: str
    title: str
    publisher: str
    address: str
    words: str
    notes: tuple[str, ...]
    years: tuple[GridYear, ...]


@dataclass(frozen=True)
class Correction:
    """A month whose total a later publication changed."""

    source: str
    month: str
    before: str
    after: str
    change: str
    share: str
    published: str
    receipt: Link


@dataclass(frozen=True)
class CoveragePage(Page):
    """`/coverage/`: What do you not know, and what did you get wrong?"""

    known_on: str
    month_names: tuple[str, ...]
    sources: tuple[SourceCoverage, ...]
    corrections: tuple[Correction, ...]
    corrections_words: str
    corrections_table: str


def coverage_page(opened: OpenRelease) -> CoveragePage:
    revised = revisions(opened.release.coverage)
    return CoveragePage(
        title="Coverage and corrections",
        active=addresses.COVERAGE,
        known_on=known_on(opened),
        month_names=tuple(name[:3] for name in words.MONTHS),
        sources=tuple(source_coverage(opened)),
        corrections=tuple(correction(opened, c) for c in revised[:LARGEST]),
        corrections_words=corrections_words(revised),
        corrections_table=addresses.CORRECTIONS,
    )


def source_coverage(opened: OpenRelease) -> Iterable[SourceCoverage]:
    """Each source and level that the release knows of, in order of title."""
    groups: dict[tuple[str, str], list[Coverage]] = defaultdict(list)
    for record in opened.release.coverage:
        groups[record.source, record.level].append(record)
    titles = {source.id: source.title for source in opened.release.sources.values()}
    for source_id, level in sorted(groups, key=lambda key: (titles[key[0]], key)):
        records = groups[source_id, level]
        source = opened.release.sources[source_id]
        states = worst_by_month(records, monthly=source.monthly)
        yield SourceCoverage(
            id=f"{source_id}-{level}",
            title=f"{source.title}: {BY_LEVEL[level]}",
            publisher=source.publisher,
            address=source.address,
            words=coverage_words(states, "month" if source.monthly else "date"),
            notes=(*exceptional_words(source, states), *notes(records)),
            years=grid(states),
        )


def exceptional_words(source: Source, states: dict[Month, str]) -> list[str]:
    """The months that the source's definition declares exceptional, of those it covers."""
    return [
        f"{span(Month.parse(e.first), Month.parse(e.last))}: {e.words}. "
        "These months are shown, but left out of every test."
        for e in source.exceptional
        if any(e.holds(str(month)) for month in states)
    ]


def notes(records: Iterable[Coverage]) -> tuple[str, ...]:
    """What is said of single months, each with its month, in order; the same words once."""
    said: dict[str, list[Month]] = defaultdict(list)
    for record in records:
        if record.note:
            said[record.note].append(Month.parse(record.month))
    return tuple(
        f"{named_months(sorted(set(months)))}: {note}"
        for note, months in sorted(said.items(), key=lambda item: min(item[1]))
    )


def worst_by_month(records: Iterable[Coverage], *, monthly: bool) -> dict[Month, str]:
    """The worst state of each month over all scopes, in order.

    Of a monthly source, a month between the first and the last that no record names is `missing`.
    """
    found: dict[Month, str] = {}
    for record in records:
        month = Month.parse(record.month)
        found[month] = min(found.get(month, "known"), record.state, key=STATES.index)
    months = months_between(min(found), max(found)) if monthly else sorted(found)
    return {month: found.get(month, "missing") for month in months}


def coverage_words(states: dict[Month, str], unit: str) -> str:
    """What is known, in one sentence, naming the months (or dates) that are not."""
    first, last = min(states), max(states)
    said = f"{span(first, last)}: {words.counted(len(states), unit)}"
    gaps = [
        f"{meaning} in {named_months([m for m, s in states.items() if s == state])}"
        for state, meaning in (
            ("missing", "nothing received"),
            ("partial", "only part received, so no figure is given,"),
            ("being checked", "an unusually low figure, shown but left out of tests,"),
        )
        if state in states.values()
    ]
    whole = "complete" if len(states) == 1 else "each complete"
    return f"{said}; {'; '.join(gaps)}." if gaps else f"{said}, {whole}."


def named_months(months: list[Month], most: int = 6) -> str:
    """Months as a sentence lists them; beyond `most` only how many, from when to when."""
    if len(months) > most:
        return f"{len(months)} months between {months[0].words} and {months[-1].words}"
    return words.listed([month.words for month in months])


def grid(states: dict[Month, str]) -> tuple[GridYear, ...]:
    """One row of twelve cells a year, newest year first."""
    years = range(max(states).year, min(states).year - 1, -1)
    return tuple(
        GridYear(
            str(year),
            tuple(CELLS.get(states.get(Month(year, number), ""), "") for number in range(1, 13)),
        )
        for year in years
    )


# --- corrections ----------------------------------------------------------------------------------


def revisions(coverage: Iterable[Coverage]) -> list[Coverage]:
    """Months whose total a later publication changed, the largest change first."""
    changed = [
        record
        for record in coverage
        if record.revised_from is not None
        and record.total is not None
        and record.total != record.revised_from
    ]
    return sorted(changed, key=lambda r: (-abs(size(r)), r.source, r.level, r.scope, r.month))


def size(record: Coverage) -> float:
    """By how many the newest publication differs from the one before it."""
    return (record.total or 0.0) - (record.revised_from or 0.0)


def corrections_words(revised: list[Coverage]) -> str:
    if not revised:
        return "No publisher has changed the total of a month that it had published before."
    return (
        f"Publishers changed {words.counted(len(revised), 'total')} that they had published "
        "before. That is usual: crimes are reported late, reclassified or found not to be crimes. "
        "This release uses the newest figure published by its date."
    )


def correction(opened: OpenRelease, record: Coverage) -> Correction:
    source = opened.release.sources[record.source]
    scope = f", {record.scope}" if record.scope not in ("", "all") else ""
    receipt = opened.release.receipts.get(record.receipt)
    share = size(record) / record.revised_from if record.revised_from else None
    return Correction(
        source=f"{source.title}: {BY_LEVEL[record.level]}{scope}",
        month=Month.parse(record.month).words,
        before=words.number(record.revised_from or 0.0),
        after=words.number(record.total or 0.0),
        change=words.signed(size(record)),
        share="" if share is None else f"{words.signed(share * 100, 1)}%",
        published=words.day(date.fromisoformat(record.published_on)),
        receipt=Link(
            receipt.name if receipt else record.receipt, addresses.receipt(record.receipt)
        ),
    )
