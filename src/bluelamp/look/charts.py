"""Charts with one idea each, drawn from values that the finding was made from.

`expected_range_chart` shows months against what was expected of them; `area_dots` shows areas, in
the order of the alphabet and never of a rank. Neither decides anything: which months are left
out of tests, where the series is broken and who stands out are given.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Any

from bluelamp.look import words
from bluelamp.look.drawing import BLUE, INK, MIDDLE, QUIET, Canvas, Drawing, to_svg
from bluelamp.look.pen import LETTER, LINE, Pen, ticks, wrapped
from bluelamp.periods import Month


@dataclass(frozen=True)
class ChartPoint:
    """One month: what was counted, what was expected, and whether every test left it out.

    All numbers are in the chart's unit; None where there is no figure, or nothing was expected.
    """

    month: Month
    value: float | None
    expected: float | None = None
    lower: float | None = None
    upper: float | None = None
    left_out: bool = False


@dataclass(frozen=True)
class ChartBreak:
    """From `month` on the figures are not comparable with those before, and why, in a few words.

    Where it does not `part` them, the month is marked and the line goes on.
    """

    month: Month
    words: str
    parts: bool = True


@dataclass(frozen=True)
class _Series:
    """The months with their places on the paper; shared by both drawings."""

    points: tuple[ChartPoint, ...]
    breaks: tuple[ChartBreak, ...]
    unit: str
    in_words: Callable[[float], str]

    def x(self, month: Month) -> int:
        return month.index - self.points[0].month.index

    @property
    def heights(self) -> list[float]:
        numbers = [n for p in self.points for n in (p.value, p.lower, p.upper) if n is not None]
        return numbers or [0.0]


def expected_range_chart(
    points: Sequence[ChartPoint],
    *,
    id: str,
    title: str,
    description: str,
    unit: str,
    breaks: Sequence[ChartBreak] = (),
    in_words: Callable[[float], str] = words.number,
) -> Drawing:
    """Months as a line over the range expected of them, wide and narrow.

    `points` are consecutive months. `id` must be unique in its page. `title` names the chart and
    `description` carries the finding, for readers who do not see it. `unit` stands over the scale
    ("offences a month"); `in_words` writes a value of the scale. The line is broken where a month
    has no figure and at every break. The scale starts at nought unless all values lie far above
    it, and then says so. Raises ValueError for no points, or months that do not follow one another.
    """
    if not points:
        raise ValueError(f"chart '{id}' has no months; print the reason in place of a chart")
    for before, after in pairwise(points):
        if after.month.index - before.month.index != 1:
            raise ValueError(
                f"chart '{id}': {after.month} does not follow {before.month}; give a month that "
                "has no figure as a ChartPoint with value None"
            )
    series = _Series(tuple(points), tuple(sorted(breaks, key=lambda b: b.month)), unit, in_words)

    def draw(canvas: Canvas, size: str) -> str:
        layers, top = _range_layers(series, canvas)
        paper = replace(canvas, top=top)
        return to_svg(layers, paper, id=f"{id}-{size}", title=title, description=description)

    return Drawing(
        wide=draw(Canvas(610, 290, 66, 104, 0, 34), "wide"),
        narrow=draw(Canvas(190, 200, 46, 64, 0, 30), "narrow"),
    )


def _range_layers(series: _Series, canvas: Canvas) -> tuple[list[Any], int]:
    """Altair layers from back to front, and how much room the words above the plot take."""
    fine = canvas.width > 400
    low, high = min(series.heights), max(series.heights)
    floor = low - (high - low) * 0.25 if low > 0.6 * high else 0.0
    scale = ticks(min(floor, low), high, 6 if fine else 4)
    pen = Pen(canvas, (-0.5, len(series.points) - 0.5), (scale[0], scale[-1]))
    known = _rows(series, "value")
    left_out = [row for row in known if row["left_out"]]
    alone = [row for row in known if sum(row["piece"] == other["piece"] for other in known) == 1]
    middle = _rows(series, "expected")
    banded = [row for row in _rows(series, "lower") if row["upper"] is not None]

    breaks, room = _break_layers(pen, _break_labels(series, canvas))
    unit = series.unit if scale[0] <= 0 else f"{series.unit}. The scale does not start at nought"
    heading = wrapped(unit, canvas.left + canvas.width + canvas.right, size=13)
    unit_at = -room - 14 - (len(heading) - 1) * (LINE + 1)
    key_at = unit_at - 22
    layers = [
        *pen.level_lines(scale, series.in_words),
        *pen.years([p.month for p in series.points]),
        *pen.band(banded, "lower", "upper"),
        *pen.line(middle, "expected", stroke=MIDDLE, width=1.25),
        *breaks,
        *pen.line(known, "value", stroke=BLUE, width=2.5 if fine else 1.75),
        *pen.dots(alone, "value", area=22),
        *pen.dots(left_out, "value", area=42 if fine else 26, hollow=True),
        *_last_point(series, pen),
        pen.text(heading, -canvas.left + 2, unit_at, size=13),
        *_key(pen, key_at, banded=bool(banded), left_out=bool(left_out)),
    ]
    return layers, 16 - (key_at if banded or left_out else unit_at)


def _rows(series: _Series, part: str) -> list[dict[str, Any]]:
    """The months that have `part`, as rows for the pen."""
    return [
        {"x": series.x(p.month), "piece": piece, "left_out": p.left_out}
        | {"value": p.value, "expected": p.expected, "lower": p.lower, "upper": p.upper}
        for p, piece in zip(series.points, _pieces(series, part), strict=True)
        if getattr(p, part) is not None
    ]


def _last_point(series: _Series, pen: Pen) -> list[Any]:
    """The newest month that has a figure: a dot, its value and its name to the right."""
    last = next((p for p in reversed(series.points) if p.value is not None), None)
    if last is None or last.value is None:
        return []
    row = {"x": series.x(last.month), "y": last.value}
    beside, level = pen.canvas.width + 8, pen.pixel(last.value)
    return [
        *pen.dots([row], "y", area=64, hollow=last.left_out),
        pen.text([series.in_words(last.value)], beside, level + 2, size=16, bold=True, color=BLUE),
        pen.text([words.short_month(last.month)], beside, level + 18),
    ]


def _key(pen: Pen, y: float, *, banded: bool, left_out: bool) -> list[Any]:
    """What the band and the open circles are, in one row at the top."""
    layers: list[Any] = []
    x = -pen.canvas.left + 2
    if banded:
        layers += [pen.patch(x, y - 10, x + 22, y + 2), pen.text(["expected range"], x + 28, y)]
        x += 134
    if left_out:
        layers += [pen.ring(x + 6, y - 4), pen.text(["left out of tests"], x + 16, y)]
    return layers


def _pieces(series: _Series, part: str) -> list[int]:
    """Which unbroken stretch each month belongs to; a break, or no `part`, starts another."""
    starts = {b.month for b in series.breaks if b.parts}
    ends = (point.month in starts or getattr(point, part) is None for point in series.points)
    return list(accumulate(int(end) for end in ends))


@dataclass
class _Label:
    """The words of a break: its lines, the x of its rule, and where the words begin and end."""

    lines: list[str]
    at: float
    start: float
    end: float
    to_the_left: bool
    step: int = 0


def _break_labels(series: _Series, canvas: Canvas) -> list[_Label]:
    """The declared breaks with the places of their words.

    Words stand to the right of their rule, or to the left where the paper ends. Those that would
    run into a neighbour go to the next step down.
    """
    across = canvas.width / len(series.points)
    placed: list[_Label] = []
    for broken in series.breaks:
        at = series.x(broken.month) * across
        if not 0 <= at <= canvas.width:
            continue
        lines = textwrap.wrap(broken.words, 30 if canvas.width > 400 else 20)
        wide = max(len(line) for line in lines) * LETTER + 6
        to_the_left = at + wide > canvas.width + canvas.right
        start = at - wide if to_the_left else at
        label = _Label(lines, at, start, start + wide, to_the_left)
        while any(
            other.step == label.step and other.start < label.end and label.start < other.end
            for other in placed
        ):
            label.step += 1
        placed.append(label)
    return placed


def _break_layers(pen: Pen, labels: Sequence[_Label]) -> tuple[list[Any], int]:
    """Rules and words of the breaks, and the room that the words take above the plot, in pixels."""
    deep: dict[int, int] = {}
    for label in labels:
        deep[label.step] = max(deep.get(label.step, 0), len(label.lines) * LINE + 6)
    room = sum(deep.values())
    layers = []
    for label in labels:
        top = -room + sum(deep[step] for step in range(label.step))
        layers.append(pen.upright(label.at, top, pen.canvas.height))
        x, align = (label.at - 5, "right") if label.to_the_left else (label.at + 5, "left")
        layers.append(pen.text(label.lines, x, top + 10, align=align, color=INK))
    return layers, room


@dataclass(frozen=True)
class AreaDot:
    """One area: its figure with its interval, or None and the reason in words.

    `stands_out` is the finding's word, not this chart's: it draws the area's name in bold.
    """

    name: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    stands_out: bool = False
    reason: str = ""


def area_dots(
    areas: Sequence[AreaDot],
    *,
    id: str,
    title: str,
    description: str,
    unit: str,
    reference: float | None = None,
    reference_words: str = "",
    in_words: Callable[[float], str] = words.number,
) -> Drawing:
    """Areas as dots with their intervals, in the order of the alphabet: never a rank.

    `reference` draws a dashed rule with `reference_words` ("London 8.4"). An area without a figure
    keeps its place and says why. Raises ValueError for no areas, a name twice, or an area with
    neither figure nor reason.
    """
    names = [area.name for area in areas]
    if not areas or len(set(names)) < len(names):
        raise ValueError(f"chart '{id}' needs areas, each named once; it was given {names}")
    for area in areas:
        if area.value is None and not area.reason:
            raise ValueError(f"chart '{id}': {area.name} has no figure and no reason for that")
    in_order = sorted(areas, key=lambda area: area.name.casefold())
    numbers = [n for a in areas for n in (a.value, a.lower, a.upper, reference) if n is not None]

    def draw(width: int, left: int, row: int, size: str) -> str:
        heading = wrapped(unit, left + width + 20, size=13)
        top = 32 + len(heading) * (LINE + 1)
        canvas = Canvas(width, row * len(in_order), left, 24, top, 30)
        scale = ticks(min([0.0, *numbers]), max([*numbers, 0.0]), 6 if width > 400 else 4)
        pen = Pen(canvas, (scale[0], scale[-1]), (len(in_order) - 0.5, -0.5))
        layers = [
            *pen.upright_lines(scale, in_words),
            pen.text(heading, -left + 2, 14 - top, size=13),
            *_reference(pen, reference, reference_words),
            *_area_rows(pen, in_order),
        ]
        return to_svg(layers, canvas, id=f"{id}-{size}", title=title, description=description)

    return Drawing(wide=draw(560, 196, 24, "wide"), narrow=draw(128, 148, 30, "narrow"))


def _reference(pen: Pen, reference: float | None, reference_words: str) -> list[Any]:
    if reference is None:
        return []
    x = pen.pixel_across(reference)
    side = "left" if x < pen.canvas.width / 2 else "right"
    return [
        pen.upright(x, -10, pen.canvas.height),
        pen.text([reference_words], x, -16, align=side, color=INK),
    ]


def _area_rows(pen: Pen, areas: Sequence[AreaDot]) -> list[Any]:
    """Names to the left; intervals and dots, or the reason why there are none."""
    left, width = pen.canvas.left - 14, pen.canvas.width
    layers: list[Any] = []
    for stands_out in (False, True):
        rows = [
            {"place": place, "t": wrapped(area.name, left), "value": area.value}
            | {"lower": area.lower, "upper": area.upper}
            for place, area in enumerate(areas)
            if area.stands_out == stands_out
        ]
        spans = [row for row in rows if row["lower"] is not None and row["upper"] is not None]
        dots = [row | {"x": row["value"]} for row in rows if row["value"] is not None]
        layers += [
            *pen.labels(rows, "place", x=-10, align="right", color=INK, bold=stands_out),
            *pen.spans(spans, "lower", "upper", "place", width=5 if stands_out else 3),
            *pen.dots(dots, "place", area=70 if stands_out else 42),
        ]
    reasons = [
        {"place": place, "t": [area.reason if len(area.reason) * LETTER <= width else "no figure"]}
        for place, area in enumerate(areas)
        if area.value is None
    ]
    return layers + pen.labels(reasons, "place", x=6, align="left", color=QUIET)
