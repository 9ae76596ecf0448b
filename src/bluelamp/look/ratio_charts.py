"""Ratios between groups as dots with their intervals, on a scale on which twice and half are alike.

The rule in the middle is 1: as often as the group compared with. Rows stand in the order given,
under headings, and never in order of size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bluelamp.look.drawing import INK, QUIET, Canvas, Drawing, to_svg
from bluelamp.look.pen import LETTER, LINE, Pen, wrapped

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class RatioDot:
    """One comparison: how many times as often, with its interval; or None and the reason.

    `clear` is the reading's word, not this chart's: where it is false the dot is open.
    """

    name: str
    ratio: float | None
    lower: float | None = None
    upper: float | None = None
    reason: str = ""
    clear: bool = True


@dataclass(frozen=True)
class RatioGroup:
    """Comparisons under one heading."""

    heading: str
    dots: tuple[RatioDot, ...]


def ratio_dots(
    groups: Sequence[RatioGroup],
    *,
    id: str,
    title: str,
    description: str,
    unit: str,
    reference: str,
) -> Drawing:
    """The groups from top to bottom, each ratio a dot with its interval.

    `unit` stands over the scale; `reference` beside the rule at 1 ("as often as White people"). A
    comparison without a ratio keeps its place and says that there is none. Raises ValueError for no
    comparisons, one with neither ratio nor reason, and a ratio that is not above nought.
    """
    dots = [dot for group in groups for dot in group.dots]
    if not dots:
        raise ValueError(f"chart '{id}' has no comparisons; print the reason in place of a chart")
    for dot in dots:
        if dot.ratio is None and not dot.reason:
            raise ValueError(f"chart '{id}': {dot.name} has no ratio and no reason for that")
        if dot.ratio is not None and dot.ratio <= 0:
            raise ValueError(f"chart '{id}': {dot.name} is {dot.ratio}, which has no logarithm")
    scale = _scale(
        [n for d in dots for n in (d.ratio, d.lower, d.upper) if n is not None and n > 0]
    )

    def draw(width: int, left: int, row: int, size: str) -> str:
        heading = wrapped(unit, left + width + 20, size=13)
        top = 32 + len(heading) * (LINE + 1)
        rows = len(dots) + len(groups)
        canvas = Canvas(width, row * rows, left, 24, top, 30)
        pen = Pen(canvas, (scale[0], scale[-1]), (rows - 0.5, -0.5))
        layers = [
            *pen.upright_lines(scale, lambda log: f"{10**log:.3g}"),
            pen.text(heading, -left + 2, 14 - top, size=13),
            *_rule(pen, reference),
            *_rows(pen, groups),
        ]
        return to_svg(layers, canvas, id=f"{id}-{size}", title=title, description=description)

    return Drawing(wide=draw(460, 296, 26, "wide"), narrow=draw(122, 154, 38, "narrow"))


def _scale(numbers: Sequence[float]) -> list[float]:
    """Logs of the steps from below the least number to above the greatest; 1 is among them."""
    low, high = min([0.5, *numbers]), max([2.0, *numbers])
    first = max((k for k, step in enumerate(STEPS) if step <= low), default=0)
    last = min((k for k, step in enumerate(STEPS) if step >= high), default=len(STEPS) - 1)
    return [math.log10(step) for step in STEPS[first : last + 1]]


def _rule(pen: Pen, reference: str) -> list[Any]:
    """The rule at 1 and what it stands for."""
    x = pen.pixel_across(0.0)
    side = "left" if x + len(reference) * LETTER < pen.canvas.width + pen.canvas.right else "right"
    return [
        pen.upright(x, -10, pen.canvas.height),
        pen.text([reference], x, -16, align=side, color=INK),
    ]


def _rows(pen: Pen, groups: Sequence[RatioGroup]) -> list[Any]:
    """Headings and names to the left; intervals and dots, or the reason why there are none."""
    left, within = pen.canvas.left - 14, pen.across
    headings: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    place = 0
    for group in groups:
        headings.append({"place": place, "t": wrapped(group.heading, left)})
        for dot in group.dots:
            place += 1
            row = {"place": place, "t": wrapped(dot.name, left), "reason": dot.reason}
            row |= {"x": _log(dot.ratio, within), "lower": _log(dot.lower, within)}
            rows.append(row | {"upper": _log(dot.upper, within), "clear": dot.clear})
        place += 1
    known = [row for row in rows if row["x"] is not None]
    spans = [row for row in known if row["lower"] is not None and row["upper"] is not None]
    reasons = [{"place": row["place"], "t": ["no figure"]} for row in rows if row["x"] is None]
    edge = -pen.canvas.left + 2
    return [
        *pen.labels(headings, "place", x=edge, align="left", color=INK, bold=True),
        *pen.labels(rows, "place", x=-10, align="right", color=INK),
        *pen.spans(spans, "lower", "upper", "place", width=4),
        *pen.dots([row for row in known if row["clear"]], "place", area=60),
        *pen.dots([row for row in known if not row["clear"]], "place", area=60, hollow=True),
        *pen.labels(reasons, "place", x=6, align="left", color=QUIET),
    ]


def _log(ratio: float | None, within: tuple[float, float]) -> float | None:
    """Its place on the scale, at the edge where it lies beyond."""
    if ratio is None:
        return None
    return min(max(math.log10(max(ratio, 1e-9)), within[0]), within[1])
