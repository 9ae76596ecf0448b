"""The chart of a measure in an area, with the table of the same months under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bluelamp.evidence.source import Source
from bluelamp.figures import Figure, Withheld
from bluelamp.look import words
from bluelamp.look.charts import (
    AreaDot,
    ChartBreak,
    ChartPoint,
    area_dots,
    expected_range_chart,
)
from bluelamp.look.drawing import Drawing
from bluelamp.measures.definition import Measure
from bluelamp.periods import Month, Period
from bluelamp.places import Area
from bluelamp.public.opened import OpenRelease
from bluelamp.public.shown import in_unit, unit_words
from bluelamp.releases.release import ChartMonth
from bluelamp.signals.finding import Finding


@dataclass(frozen=True)
class MonthRow:
    """One month of a chart in words. value is the reason where there is no figure."""

    month: str
    value: str
    expected: str
    note: str
    withheld: bool


@dataclass(frozen=True)
class Charted:
    """A chart and its table.

    caption        how to read it
    table_caption  what and when
    period_heading what heads the column of months
    ranged         whether any month has an expected range
    left_out       which months no test uses, and why; '' for none
    cut            whether any of its breaks parts figures that cannot be compared
    noted          whether any month of the table has a note
    breaks         a sentence for each declared break that the chart marks
    """

    drawing: Drawing
    title: str
    caption: str
    table_caption: str
    period_heading: str
    ranged: bool
    rows: tuple[MonthRow, ...]
    cut: bool
    noted: bool
    left_out: str
    breaks: tuple[str, ...]


def charted(
    opened: OpenRelease, measure: Measure, area: Area, finding: Finding | None
) -> Charted | None:
    """The chart of a measure in an area; None where the release has no month of it."""
    months = opened.months(measure.id, area.code)
    if not any(m.value is not None for m in months):
        return None
    source = opened.release.sources[measure.source]
    shown_span = span(Month.parse(months[0].month), Month.parse(months[-1].month))
    breaks = breaks_shown(opened, measure, area, months)
    title = f"{measure.title}, {opened.called(area)}, {shown_span}"
    drawing = expected_range_chart(
        [point(m) for m in months],
        id="chart",
        title=title,
        description=description(source, measure, months, finding),
        unit=f"{unit_words(measure)} {how_often(opened, measure)}",
        breaks=[b.drawn for b in breaks],
        in_words=lambda value: in_unit(measure, value),
    )
    # Between the quarters of a survey nothing is missing.
    listed = [m for m in months if source.monthly or m.value is not None]
    starts = [next((m for m in listed if m.month >= str(b.month)), None) for b in breaks]
    rows = tuple(
        month_row(source, measure, m, [b for b, at in zip(breaks, starts, strict=True) if at is m])
        for m in reversed(listed)
    )
    return Charted(
        drawing=drawing,
        title=title,
        caption=caption(source, months),
        table_caption=title,
        period_heading="Month" if source.monthly else "12 months to",
        ranged=any(m.lower is not None for m in months),
        rows=rows,
        cut=any(not b.comparable for b in breaks),
        noted=any(row.note for row in rows),
        left_out=left_out(source, months),
        breaks=tuple(b.sentence for b in breaks),
    )


@dataclass(frozen=True)
class BreakShown:
    """A break that a chart marks. comparable: its publisher gives the months before and
    after in the same form, so tests go across it."""

    month: Month
    words: str
    comparable: bool = False

    @property
    def drawn(self) -> ChartBreak:
        return ChartBreak(self.month, self.words, parts=not self.comparable)

    @property
    def sentence(self) -> str:
        if self.comparable:
            return (
                f"From {self.month.words}: {self.words}. The publisher gives the months before and "
                "after in the same form, so tests go across this month."
            )
        return (
            f"From {self.month.words} the figures are not comparable with those before: "
            f"{self.words}. No test compares across this month."
        )

    @property
    def note(self) -> str:
        if self.comparable:
            return f"from here on: {self.words}"
        return f"not comparable with the figures before: {self.words}"


def breaks_shown(
    opened: OpenRelease, measure: Measure, area: Area, months: Sequence[ChartMonth]
) -> list[BreakShown]:
    """The breaks of a measure at an area's level that fall inside its months, in order."""
    cutting = [
        BreakShown(Month.parse(b.month), b.words)
        for b in opened.release.breaks.get(measure.id, ())
        if area.kind in b.levels or not b.levels
    ]
    counted = opened.measures.get(measure.rate_of or "", measure)
    taken = (*counted.numerator, *counted.denominator)
    marked = [
        BreakShown(Month.parse(b.month), b.words, comparable=True)
        for b in opened.release.sources[measure.source].breaks
        if b.comparable and b.concerns(area.kind, taken)
    ]
    inside = [b for b in (*cutting, *marked) if months[0].month < str(b.month) <= months[-1].month]
    return sorted(inside, key=lambda b: b.month)


def how_often(opened: OpenRelease, measure: Measure) -> str:
    if opened.release.sources[measure.source].monthly:
        return "each month"
    return "in the 12 months to each quarter"


def point(month: ChartMonth) -> ChartPoint:
    return ChartPoint(
        Month.parse(month.month), month.value, month.expected, month.lower, month.upper,
        left_out=month.being_checked,
    )  # fmt: skip


def description(
    source: Source, measure: Measure, months: list[ChartMonth], finding: Finding | None
) -> str:
    """What the chart shows, for a reader who does not see it: the finding and the last value."""
    last = next(m for m in reversed(months) if m.value is not None)
    value = f"{in_unit(measure, last.value or 0.0)} {unit_words(measure)}"
    when = Month.parse(last.month).words
    said = f"The last month shown, {when}, has {value}."
    if not source.monthly:
        said = f"The last figure shown, for the 12 months to {when}, is {value}."
    return f"{finding.sentence} {said}" if finding else said


def caption(source: Source, months: list[ChartMonth]) -> str:
    """How to read the chart, naming only what it holds."""
    if not source.monthly:
        return (
            "Each point is for the 12 months that end with its month, so points less than a year "
            "apart share some months. One point above or below another means little by itself."
        )
    said = ["The line is what was recorded."]
    if any(m.lower is not None for m in months):
        said.append(
            "The shaded band is the range in which chance alone would leave 95 months in 100, had "
            "nothing changed."
        )
    said.append("One month above or below another means little by itself.")
    return " ".join(said)


def why_left_out(source: Source, month: ChartMonth) -> str:
    """Why a month is shown but never tested, in words; '' for one that tests may use."""
    if not month.being_checked:
        return ""
    declared = (e.words for e in source.exceptional if e.holds(month.month))
    return next(declared, "being checked, because it is unusually low")


def left_out(source: Source, months: Sequence[ChartMonth]) -> str:
    """The months of a chart that no test uses, with the reasons, as a sentence; '' for none."""
    spans: dict[str, list[str]] = {}
    for why, run in groupby(months, key=lambda month: why_left_out(source, month)):
        if why:
            together = [Month.parse(month.month) for month in run]
            spans.setdefault(why, []).append(span(together[0], together[-1]))
    if not spans:
        return ""
    said = "; ".join(f"{words.listed(months)} ({why})" for why, months in spans.items())
    return f"Open circles are months that are shown, but left out of every test: {said}."


def span(first: Month, last: Month) -> str:
    return first.words if first == last else f"{first.words} to {last.words}"


def month_row(
    source: Source, measure: Measure, month: ChartMonth, breaks: Sequence[BreakShown] = ()
) -> MonthRow:
    """One month in words; `breaks` are those that begin with it."""
    why = why_left_out(source, month)
    notes = [b.note for b in breaks]
    if why:
        notes.append(f"left out of tests: {why}")
    known = month.value is not None
    ranged = month.lower is not None and month.upper is not None
    return MonthRow(
        month=words.month(month.month),
        value=in_unit(measure, month.value or 0.0) if known else month.reason or "not known",
        expected=(
            f"{in_unit(measure, month.lower or 0.0)} to {in_unit(measure, month.upper or 0.0)}"
            if ranged
            else ""
        ),
        note="; ".join(notes),
        withheld=not known,
    )


# --- areas side by side ---------------------------------------------------------------------------


def areas_drawn(opened: OpenRelease, measure: Measure, places: Sequence[Area]) -> Drawing:
    """Areas as dots with their intervals, by name; the force's own rate or share as a rule."""
    known = opened.headline(measure.id)
    force = known.get(opened.force.code)
    # A count of the whole force dwarfs any borough's; a rate or a share can be compared with it.
    comparable = measure.kind != "count" and force is not None
    whole = force.value if comparable and force and not isinstance(force.value, Withheld) else None
    figures = [known.get(place.code) for place in places]
    period = next((Period.parse(f.period).words for f in figures if f), "")
    return area_dots(
        [area_dot(place, figure) for place, figure in zip(places, figures, strict=True)],
        id="areas",
        title=f"{measure.title} by area, {period}",
        description=(
            "Each area's figure as a dot with its 95% interval, in the order of the alphabet. "
            "The table that follows holds the same figures."
        ),
        unit=f"{unit_words(measure)}, {period}",
        reference=whole,
        reference_words=""
        if whole is None
        else f"{opened.called(opened.force)} {in_unit(measure, whole)}",
        in_words=lambda value: in_unit(measure, value),
    )


def area_dot(place: Area, figure: Figure | None) -> AreaDot:
    if figure is None or isinstance(figure.value, Withheld):
        return AreaDot(place.name, None, reason=figure.status if figure else "no figure")
    return AreaDot(place.name, figure.value, figure.lower, figure.upper)
