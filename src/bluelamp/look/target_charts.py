"""The way to a target: what was found, the straight way from the baseline, and the goal.

It decides nothing: points, way and goal are those of the target's reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Any

from bluelamp.look import words
from bluelamp.look.drawing import BLUE, INK, MIDDLE, Canvas, Drawing, to_svg
from bluelamp.look.pen import LINE, Pen, ticks, wrapped
from bluelamp.periods import Month


@dataclass(frozen=True)
class TargetMonth:
    """The twelve months (or the survey's period) that end with `month`, in the chart's unit.

    value   what was found; `way` where a straight way from the baseline to the goal stands. None
            where there is none.
    """

    month: Month
    value: float | None
    way: float | None


def target_chart(
    points: Sequence[TargetMonth],
    *,
    goal: float,
    id: str,
    title: str,
    description: str,
    unit: str,
    in_words: Callable[[float], str] = words.number,
) -> Drawing:
    """What was found as a line, the way to the goal as a dashed one, the goal as a level rule.

    `points` are in order of time and may leave months out (a survey's); a point without a value
    breaks the line. `goal` is in the unit of the points. `id` must be unique in its page; `title`
    names the chart and `description` carries its finding for readers who do not see it. The scale
    starts at nought unless all values lie far above it, and then says so. Raises ValueError for
    no points, or points out of order.
    """
    if not points:
        raise ValueError(f"chart '{id}' has no points; print the reason in place of a chart")
    for before, after in pairwise(points):
        if after.month <= before.month:
            raise ValueError(f"chart '{id}': {after.month} does not come after {before.month}")

    def draw(canvas: Canvas, size: str) -> str:
        layers, top = _layers(points, goal, unit, in_words, canvas)
        paper = replace(canvas, top=top)
        return to_svg(layers, paper, id=f"{id}-{size}", title=title, description=description)

    return Drawing(
        wide=draw(Canvas(600, 270, 70, 110, 0, 34), "wide"),
        narrow=draw(Canvas(180, 200, 52, 68, 0, 30), "narrow"),
    )


def _layers(
    points: Sequence[TargetMonth],
    goal: float,
    unit: str,
    in_words: Callable[[float], str],
    canvas: Canvas,
) -> tuple[list[Any], int]:
    """Layers from back to front, and how much room the words above the plot take."""
    first, last = points[0].month, points[-1].month
    numbers = [n for p in points for n in (p.value, p.way) if n is not None] + [goal]
    low, high = min(numbers), max(numbers)
    floor = low - (high - low) * 0.4 if low > 0.6 * high else 0.0
    scale = ticks(min(floor, low), high, 6 if canvas.width > 400 else 4)
    across = last.index - first.index
    pen = Pen(canvas, (-0.5, across + 0.5), (scale[0], scale[-1]))
    rows = _rows(points)
    found = [row for row in rows if row["value"] is not None]
    way = [row | {"piece": 0} for row in rows if row["way"] is not None]
    said = unit if scale[0] <= 0 else f"{unit}. The scale does not start at nought"
    heading = wrapped(said, canvas.left + canvas.width + canvas.right, size=13)
    unit_at = -16 - (len(heading) - 1) * (LINE + 1)
    layers = [
        *pen.level_lines(scale, in_words),
        *pen.years([first + step for step in range(across + 1)]),
        *pen.line(_level(goal, across), "y", stroke=INK, width=1.25),
        *pen.line(way, "way", stroke=MIDDLE, width=1.5, dashed=True),
        *pen.line(found, "value", stroke=BLUE, width=2.5 if canvas.width > 400 else 2),
        *_ends(pen, found, points, goal, in_words),
        pen.text(heading, -canvas.left + 2, unit_at, size=13),
    ]
    return layers, 16 - unit_at


def _rows(points: Sequence[TargetMonth]) -> list[dict[str, Any]]:
    pieces = accumulate(int(point.value is None) for point in points)
    start = points[0].month.index
    return [
        {"x": p.month.index - start, "value": p.value, "way": p.way, "piece": piece}
        for p, piece in zip(points, pieces, strict=True)
    ]


def _level(goal: float, across: int) -> list[dict[str, Any]]:
    return [{"x": x, "y": goal, "piece": 0} for x in (-0.5, across + 0.5)]


def _ends(
    pen: Pen,
    found: Sequence[dict[str, Any]],
    points: Sequence[TargetMonth],
    goal: float,
    in_words: Callable[[float], str],
) -> list[Any]:
    """The newest value and the goal, named to the right; the two never stand upon each other."""
    beside = pen.canvas.width + 8
    at_goal = pen.pixel(goal)
    if not found:
        return [_goal_words(pen, beside, at_goal, goal, in_words)]
    newest = found[-1]
    at_newest = pen.pixel(newest["value"])
    apart = 42 - abs(at_goal - at_newest)
    if apart > 0:
        at_goal += apart if at_goal >= at_newest else -apart
    month = points[0].month + newest["x"]
    return [
        *pen.dots([newest], "value", area=64),
        pen.text(
            [in_words(newest["value"])], beside, at_newest + 2, size=16, bold=True, color=BLUE
        ),
        pen.text([words.short_month(month)], beside, at_newest + 18),
        _goal_words(pen, beside, at_goal, goal, in_words),
    ]


def _goal_words(pen: Pen, x: float, y: float, goal: float, in_words: Callable[[float], str]) -> Any:
    return pen.text(["goal", in_words(goal)], x, y, color=INK)
