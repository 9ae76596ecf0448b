"""`/gaps/` and `/gaps/<id>/`: how large is the gap between groups, by each yardstick there is?

Every sentence comes with its reading; what a page adds is their order, one picture and tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bluelamp.figures import Withheld
from bluelamp.look import words
from bluelamp.look.drawing import Drawing
from bluelamp.look.pieces import Column, Link
from bluelamp.look.ratio_charts import RatioDot, RatioGroup, ratio_dots
from bluelamp.measures.gap import Benchmark, Gap
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import HOME, Page, help_for
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.shown import NARROW, capital
from bluelamp.signals.gap_reading import GapReading, GapResult

Rows = tuple[tuple[str | Withheld, ...], ...]
# Of so many true ranges one misses what it is about.
ONE_IN = 20
WAY = (HOME, Link("Measures", addresses.MEASURES))


@dataclass(frozen=True)
class GapEntry:
    """A gap in the list: its page, its question, and what is said first of it."""

    link: Link
    question: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class GapsPage(Page):
    """`/gaps/`: Which gaps between groups are looked at here?"""

    entries: tuple[GapEntry, ...]


@dataclass(frozen=True)
class Told:
    """Sentences of one yardstick, with what it cannot show said once. `others` are of the groups
    after the first."""

    title: str
    sentences: tuple[str, ...]
    caveats: tuple[str, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class GapTable:
    """A table in words: its caption, columns and rows, and a note under it."""

    caption: str
    columns: tuple[Column, ...]
    rows: Rows
    note: str = ""


@dataclass(frozen=True)
class GapPage(Page):
    """`/gaps/<id>/`: How large is the gap, by each yardstick, where, and what came of it?

    withheld   why nothing can be said; then all below it is empty.
    unknown    the yardsticks that nobody has, and why.
    """

    gap: Gap
    period: str
    withheld: str
    first: Told
    drawing: Drawing | None
    chart_title: str
    yardstick_table: GapTable
    unknown: tuple[tuple[str, str], ...]
    told: tuple[Told, ...]
    boroughs: GapTable
    kinds: GapTable
    cautions: tuple[str, ...]
    receipts: tuple[Link, ...]
    source: Link
    table: str


def gaps_page(opened: OpenRelease) -> GapsPage:
    results = opened.release.gap_results
    return GapsPage(
        title="Gaps between groups",
        active=addresses.MEASURES,
        way=WAY,
        help=help_for(
            opened.office.help, sensitive=any(map(_sensitive, opened.release.gaps.values()))
        ),
        entries=tuple(
            GapEntry(
                Link(gap.title, addresses.gap(gap.id)),
                gap.question,
                first_told(opened, gap).sentences or (capital(results[gap.id].reason) + ".",),
            )
            for gap in opened.release.gaps.values()
        ),
    )


def _sensitive(gap: Gap) -> bool:
    return gap.sensitive


def gap_page(opened: OpenRelease, gap: str) -> GapPage:
    """Raises NoSuchPage for a gap that the release says nothing of."""
    chosen = opened.release.gaps.get(gap)
    if chosen is None:
        raise NoSuchPage(f"there is no gap '{gap}' in this release")
    result = opened.release.gap_results[gap]
    source = opened.release.sources[chosen.source]
    force = _of_force(opened, result)
    return GapPage(
        title=chosen.title,
        way=(*WAY, Link("Gaps between groups", addresses.GAPS)),
        active=addresses.MEASURES,
        help=help_for(opened.office.help, sensitive=chosen.sensitive),
        gap=chosen,
        period=_period(result),
        withheld=capital(result.reason) + "." if result.reason else "",
        first=first_told(opened, chosen),
        drawing=_drawn(opened, chosen, force) if any(r.ratio for r in force) else None,
        chart_title=f"{chosen.title}, {opened.called(opened.force)}, {_period(result)}",
        yardstick_table=_yardstick_table(opened, chosen, result),
        unknown=tuple((b.title, b.caveat) for b in chosen.of_kind("not known")),
        told=_told(chosen, force),
        boroughs=_borough_table(opened, chosen, result),
        kinds=_kind_table(opened, chosen, result),
        cautions=(*chosen.caveats, *_cautions(chosen, result)),
        receipts=tuple(
            Link(receipt.name, addresses.receipt(receipt.sha256))
            for name in result.receipts
            if (receipt := opened.release.receipts.get(name))
        ),
        source=Link(source.title, source.address),
        table=addresses.GAPS_TABLE,
    )  # fmt: skip


def _period(result: GapResult) -> str:
    if not result.first:
        return ""
    return f"{words.month(result.first)} to {words.month(result.last)}"


def _of_force(opened: OpenRelease, result: GapResult) -> list[GapReading]:
    """The readings of the whole force, all kinds together, in the order of the yardsticks."""
    order = [each.id for each in opened.release.gaps[result.gap].benchmarks]
    found = [r for r in result.readings if r.area == opened.force.code and not r.kind]
    return sorted(found, key=lambda r: order.index(r.benchmark))


def _of(gap: Gap, reading: GapReading) -> Benchmark:
    return next(each for each in gap.benchmarks if each.id == reading.benchmark)


def _said(gap: Gap, reading: GapReading) -> str:
    """The sentence without what its yardstick cannot show, which the page says once."""
    return reading.sentence.removesuffix(_of(gap, reading).caveat).strip()


def first_told(opened: OpenRelease, gap: Gap) -> Told:
    """Of each group the sentence of the first yardstick."""
    first = gap.benchmarks[0]
    force = _of_force(opened, opened.release.gap_results[gap.id])
    found = tuple(_said(gap, reading) for reading in force if reading.benchmark == first.id)
    return Told(first.title, found, (first.caveat,) if found else ())


def _told(gap: Gap, force: Iterable[GapReading]) -> tuple[Told, ...]:
    """Sentences of every yardstick but the first, which stands on top of the page."""
    readings = list(force)
    found = []
    for benchmark in gap.benchmarks[1:]:
        about = [r for r in readings if r.benchmark == benchmark.id]
        first = tuple(_said(gap, r) for r in about if r.group == gap.compared[0].id)
        others = tuple(_said(gap, r) for r in about if r.group != gap.compared[0].id)
        if about:
            found.append(Told(benchmark.title, first, (benchmark.caveat,), others))
    return tuple(found)


# --- the picture and the tables -------------------------------------------------------------------


def _yardstick(gap: Gap, reading: GapReading) -> str:
    """What a row compares: the yardstick, and the stage where there are several."""
    benchmark = _of(gap, reading)
    stages = {each.id: each.title for each in gap.stages}
    if benchmark.kind == "step by step":
        return stages[reading.stage]
    if benchmark.over == "kinds":
        return f"{stages[reading.stage]}, like with like"
    if benchmark.kind == "whole way":
        return benchmark.title
    return f"{stages[reading.stage]}: {benchmark.title[0].lower()}{benchmark.title[1:]}"


def _drawn(opened: OpenRelease, gap: Gap, force: list[GapReading]) -> Drawing:
    reference = gap.group(gap.reference).words
    groups = [
        RatioGroup(
            capital(group.words),
            tuple(
                RatioDot(
                    _yardstick(gap, r),
                    r.ratio or None,
                    r.lower,
                    r.upper,
                    r.reason or "none",
                    r.clear,
                )
                for r in force
                if r.group == group.id
            ),
        )
        for group in gap.compared
    ]
    return ratio_dots(
        groups,
        id="gaps",
        title=f"{gap.title}, {opened.called(opened.force)}",
        description=" ".join(first_told(opened, gap).sentences),
        unit=f"Times as often as {reference}. Each step of the scale is about twice the one before",
        reference=f"as often as {reference}",
    )


def ratio_cell(reading: GapReading) -> str | Withheld:
    """ "3.97 (3.90 to 4.04)", or why there is none."""
    if reading.ratio is None:
        return Withheld(reading.reason)
    range_ = words.interval(reading.lower, reading.upper, 2).replace(" ", NARROW)
    return f"{reading.ratio:,.2f} ({range_})"


def _share(events: float | None, among: float | None, per: int) -> str:
    if events is None or not among:
        return "not known"
    value = events / among * per
    shown = words.number(value, 1 if value >= 1 else 2)
    return f"{shown}%" if per == 100 else f"{shown} per {per:,}"


def _yardstick_table(opened: OpenRelease, gap: Gap, result: GapResult) -> GapTable:
    rows = [
        (
            f"{capital(gap.group(r.group).words)}: {_yardstick(gap, r)}",
            ratio_cell(r),
            "" if r.bound_lower is None else words.interval(r.bound_lower, r.bound_upper, 2),
            _share(r.events, r.among, r.per),
            _share(r.reference_events, r.reference_among, r.per),
            "" if r.excess is None else _rounded(r),
        )
        for r in _of_force(opened, result)
    ]
    reference = gap.group(gap.reference).words
    return GapTable(
        f"Each group by each yardstick, {opened.called(opened.force)}, {_period(result)}",
        (
            Column("Group and yardstick"),
            Column(f"Times as often as {reference} (likely range)"),
            Column(f"Range, with {gap.unknown_words} shared out"),
            Column("The group"),
            Column(capital(reference)),
            Column(f"More than at the rate of {reference} (likely range)"),
        ),
        tuple(rows),
        "Where like is compared with like, the last three columns are of all of them together.",
    )


def _rounded(reading: GapReading) -> str:
    """How many more, with the range; a minus where they are fewer."""
    low, high = reading.excess_lower or 0.0, reading.excess_upper or 0.0
    value = words.number(round(reading.excess or 0.0))
    return f"{value} ({words.interval(round(low), round(high))})"


def _columns(gap: Gap, first: str, what: Sequence[str] = ("",)) -> tuple[Column, ...]:
    return (
        Column(first),
        *(
            Column(f"{capital(group.words)}{': ' if each else ''}{each.lower()}")
            for group in gap.compared
            for each in what
        ),
    )


def _borough_table(opened: OpenRelease, gap: Gap, result: GapResult) -> GapTable:
    found = {
        (r.area, r.group): r
        for r in result.readings
        if r.benchmark == gap.benchmarks[0].id and not r.kind
    }
    note = gap.benchmarks[0].caveat
    if result.unplaced:
        note += (
            f" {words.number(result.unplaced)} {gap.things} lie in no borough here: most have no "
            "place in the file."
        )
    return GapTable(
        f"By borough: times as often as {gap.group(gap.reference).words} for each "
        f"{gap.per:,} residents (likely range)",
        _columns(gap, "Borough"),
        tuple(
            (area.name, *(ratio_cell(found[area.code, group.id]) for group in gap.compared))
            for area in opened.boroughs
            if (area.code, gap.compared[0].id) in found
        ),
        note,
    )


def _kind_table(opened: OpenRelease, gap: Gap, result: GapResult) -> GapTable:
    found = {
        (r.kind, r.group, r.stage): r
        for r in result.readings
        if r.kind and r.area == opened.force.code
    }
    stages = gap.stages[:2]
    return GapTable(
        f"{gap.kinds.title}, {opened.called(opened.force)}: times as often as "
        f"{gap.group(gap.reference).words} (likely range)",
        _columns(gap, gap.kinds.title, [stage.title for stage in stages]),
        tuple(
            (
                capital(kind.lower()),
                *(
                    ratio_cell(found[kind, group.id, stage.id])
                    for group in gap.compared
                    for stage in stages
                ),
            )
            for kind in sorted({kind for kind, _, _ in found})
        ),
    )


def _cautions(gap: Gap, result: GapResult) -> tuple[str, ...]:
    """What this release adds to the caveats of the definition."""
    found = []
    if result.comparisons:
        found.append(
            f"This page rests on {words.number(result.comparisons)} comparisons, each of which is "
            f"in the table below. About 1 in {ONE_IN} likely ranges misses the truth by luck "
            f"alone: some {words.number(round(result.comparisons / ONE_IN))} of these. So do not "
            "pick out one borough."
        )
    if result.checked:
        found.append(
            f"{capital(words.counted(result.checked, 'month'))} of the twelve "
            f"{'is' if result.checked == 1 else 'are'} unusually low and being checked."
        )
    if result.strange:
        found.append(
            f"The file has words for groups that we do not know: {words.listed(result.strange)}. "
            f"They count among those with {gap.unknown_words}."
        )
    return tuple(found)
