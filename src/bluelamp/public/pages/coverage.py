"""`/coverage/`: what do we know, month by month, and what do we not?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from bluelamp.evidence.source import Source
from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.look.strips import strip
from bluelamp.periods import Month, months_between
from bluelamp.public import addresses
from bluelamp.public.charting import span
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.corrections import total_corrections
from bluelamp.public.pages.frame import Page, known_on
from bluelamp.releases.release import Coverage

# Worst first: where the boroughs' and the wards' file differ, the worse of the two is said.
STATES = ("missing", "partial", "being checked", "known")
CELLS = {"known": "yes", "partial": "part", "being checked": "low", "missing": "no"}
BY_LEVEL = {
    "country": "country", "force": "whole force", "borough": "boroughs", "ward": "wards",
    "lsoa": "neighbourhoods (LSOA)",
}  # fmt: skip

States = dict[Month, str]
T = TypeVar("T")


@dataclass(frozen=True)
class GridYear:
    """A year of a grid: twelve cells, '' for a month that nobody looks for."""

    year: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One thing that a source tells of one police force, month by month.

    what        the kinds of thing; '' where the source replaces all of them at once
    levels      of which areas
    last        the last month that is complete, or '' for none
    words       what there is and what is absent or partial, and why
    picture     the months from the first to the newest of any source, as a strip
    """

    what: str
    force: str
    levels: str
    first: str
    last: str
    words: str
    picture: Markup
    years: tuple[GridYear, ...]


@dataclass(frozen=True)
class SourceCoverage:
    """What is known of one source. told_apart: whether any row names what it is of.

    span    the months that the pictures of its rows show, in words
    notes   what should be known of single months
    """

    id: str
    title: str
    publisher: str
    address: str
    told_apart: bool
    unit: str
    span: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class BreakRow:
    """A month from which figures of some measures cannot be compared with those before."""

    month: str
    words: str
    measures: tuple[Link, ...]


@dataclass(frozen=True)
class CoveragePage(Page):
    """`/coverage/`: What do we know, month by month, and what do we not?

    breaks       months across which figures of some measures cannot be compared
    corrections  how many totals publishers changed, in a sentence
    """

    known_on: str
    key: tuple[tuple[Markup, str], ...]
    month_names: tuple[str, ...]
    sources: tuple[SourceCoverage, ...]
    breaks: tuple[BreakRow, ...]
    corrections: str


KEY = (
    ("known", "complete"),
    ("being checked", "complete, but unusually low: shown, and left out of tests"),
    ("partial", "only partly published: no figure is given"),
    ("missing", "absent: nothing received"),
)


def coverage_page(opened: OpenRelease) -> CoveragePage:
    return CoveragePage(
        title="Coverage",
        active=addresses.COVERAGE,
        known_on=known_on(opened),
        key=tuple((strip([state], width=24), meaning) for state, meaning in KEY),
        month_names=tuple(name[:3] for name in words.MONTHS),
        sources=tuple(source_coverage(opened)),
        breaks=tuple(break_rows(opened)),
        corrections=corrections_words(total_corrections(opened).height),
    )


def source_coverage(opened: OpenRelease) -> Iterator[SourceCoverage]:
    """Each source that the release knows of, in order of title."""
    by_source: dict[str, list[Coverage]] = defaultdict(list)
    for record in opened.release.coverage:
        by_source[record.source].append(record)
    sources = opened.release.sources
    months = [Month.parse(r.month) for r in opened.release.coverage if sources[r.source].monthly]
    newest = max(months, default=None)
    for id in sorted(by_source, key=lambda id: (sources[id].title.casefold(), id)):
        source, records = sources[id], by_source[id]
        rows = tuple(rows_of(opened, source, records, newest if source.monthly else None))
        first = min(Month.parse(r.month) for r in records)
        last = (newest if source.monthly else None) or max(Month.parse(r.month) for r in records)
        known = {Month.parse(r.month): r.state for r in records}
        yield SourceCoverage(
            id=id,
            title=source.title,
            publisher=source.publisher,
            address=source.address,
            told_apart=any(row.what for row in rows),
            unit="month" if source.monthly else "date",
            span=span(first, last),
            rows=rows,
            notes=(*exceptional_words(source, known), *notes(records)),
        )


def rows_of(
    opened: OpenRelease, source: Source, records: Iterable[Coverage], newest: Month | None
) -> Iterator[Row]:
    """A row for all that stands alike month by month: kinds, then areas, told together."""
    apart: dict[tuple[str, str, str], States] = {}
    for record in records:
        code, what = told_apart(opened, record)
        states = apart.setdefault((code, what, record.level), {})
        states[Month.parse(record.month)] = record.state
    whole = {key: whole_states(states, monthly=source.monthly) for key, states in apart.items()}
    begins = min(min(states) for states in whole.values())
    for (code, levels), kinds in together(whole):
        states = whole[code, kinds[0], levels[0]]
        ends = newest or max(states)
        whole_months = complete(states)
        yield Row(
            what=kinds_words(kinds),
            force=opened.gazetteer[code].name if code else "every force here",
            levels=words.listed([BY_LEVEL[level] for level in levels]).capitalize(),
            first=min(states).words,
            last=whole_months[-1].words if whole_months else "",
            words=coverage_words(states, "month" if source.monthly else "date", newest),
            picture=strip(pictured(states, begins, ends, monthly=source.monthly)),
            years=grid(states, newest),
        )


def kinds_words(kinds: tuple[str, ...]) -> str:
    """What is told apart, as its table names it; '' where that is everything at once."""
    if kinds == ("",):
        return ""
    said = words.listed([kind.casefold() or "all" for kind in kinds])
    return said[:1].upper() + said[1:]


def told_apart(opened: OpenRelease, record: Coverage) -> tuple[str, str]:
    """The police force that a record is of ('' for all of them) and what of, as its scope says."""
    if record.scope in opened.gazetteer:
        return record.scope, ""
    what = "" if record.scope in ("", "all") else record.scope
    measured = {measure.source for measure in opened.measures.values()}
    return (opened.force.code if record.source in measured else ""), what


def together(
    whole: Mapping[tuple[str, str, str], States],
) -> Iterator[tuple[tuple[str, tuple[str, ...]], tuple[str, ...]]]:
    """Kinds that stand alike at each level, and of those the levels that do: (force, levels) and
    the kinds, in the order of the records."""
    by_kind: dict[tuple[str, str], dict[str, States]] = defaultdict(dict)
    for (code, what, level), states in whole.items():
        by_kind[code, what][level] = states
    kinds_alike = alike((code, levels) for (code, _), levels in by_kind.items())
    names = [what for _, what in by_kind]
    for (code, levels), kinds in kinds_alike:
        level_names = list(levels)
        for _, at in alike(levels.values()):
            yield (code, tuple(level_names[i] for i in at)), tuple(names[i] for i in kinds)


def alike(values: Iterable[T]) -> list[tuple[T, list[int]]]:
    """Each different value once, with the places at which it stands."""
    found: list[tuple[T, list[int]]] = []
    for place, value in enumerate(values):
        places = next((places for other, places in found if other == value), None)
        if places is None:
            found.append((value, [place]))
        else:
            places.append(place)
    return found


def whole_states(found: States, *, monthly: bool) -> States:
    """In order of time; of a monthly source a month between first and last that nobody names is
    `missing`."""
    months = months_between(min(found), max(found)) if monthly else sorted(found)
    return {month: found.get(month, "missing") for month in months}


def complete(states: States) -> list[Month]:
    return [month for month, state in states.items() if state in ("known", "being checked")]


def pictured(states: States, begins: Month, ends: Month, *, monthly: bool) -> list[str]:
    """The states of every month (or of every date) of a picture."""
    shown = months_between(begins, ends) if monthly else sorted(states)
    return [states.get(month, "missing") for month in shown]


def exceptional_words(source: Source, states: Mapping[Month, str]) -> list[str]:
    """The months that the source's definition declares exceptional, of those it covers."""
    return [
        f"{span(Month.parse(e.first), Month.parse(e.last))}: {e.words}. "
        "These months are shown, but left out of every test."
        for e in source.exceptional
        if any(e.holds(str(month)) for month in states)
    ]


def notes(records: Collection[Coverage]) -> tuple[str, ...]:
    """What is said of single months, each with its month, in order; the same words once."""
    said: dict[str, list[Month]] = defaultdict(list)
    several = len({record.level for record in records}) > 1
    for record in records:
        if record.note and record.state != "missing":
            of = f"{BY_LEVEL[record.level]}: " if several else ""
            said[of + record.note].append(Month.parse(record.month))
    return tuple(
        f"{named_months(sorted(set(months)))}: {note}"
        for note, months in sorted(said.items(), key=lambda item: min(item[1]))
    )


def coverage_words(states: States, unit: str, newest: Month | None = None) -> str:
    """What is known, in one sentence, naming the months (or dates) that are not; `newest` is the
    last month that any source has."""
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
    said = f"{said}; {'; '.join(gaps)}." if gaps else f"{said}, {whole}."
    return f"{said} Nothing after {last.words}." if newest and last < newest else said


def named_months(months: list[Month], most: int = 6) -> str:
    """Months as a sentence lists them; beyond `most` only how many, from when to when."""
    if len(months) > most:
        return f"{len(months)} months between {months[0].words} and {months[-1].words}"
    return words.listed([month.words for month in months])


def grid(states: States, newest: Month | None = None) -> tuple[GridYear, ...]:
    """One row of twelve cells a year, newest year first; after the last month up to `newest`
    there is nothing."""
    last = max(states)
    absent = months_between(last + 1, newest) if newest and newest > last else ()
    shown = {**states, **dict.fromkeys(absent, "missing")}
    years = range(max(shown).year, min(shown).year - 1, -1)
    return tuple(
        GridYear(
            str(year),
            tuple(CELLS.get(shown.get(Month(year, number), ""), "") for number in range(1, 13)),
        )
        for year in years
    )


# --- breaks and corrections -----------------------------------------------------------------------


def break_rows(opened: OpenRelease) -> Iterator[BreakRow]:
    """The declared breaks, the latest first, each with the measures it concerns."""
    measures: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for id, breaks in opened.release.breaks.items():
        if id not in opened.measures:
            continue
        link = Link(opened.measures[id].title, addresses.measure(id))
        for each in breaks:
            measures[each.month, each.words].append(link)
    for (month, said), links in sorted(measures.items(), reverse=True):
        links.sort(key=lambda link: link.text.casefold())
        yield BreakRow(Month.parse(month).words, said, tuple(links))


def corrections_words(changed: int) -> str:
    if not changed:
        return "No publisher has changed the total of a month that it had published before."
    return f"Publishers changed {words.counted(changed, 'total')} that they had published before."
