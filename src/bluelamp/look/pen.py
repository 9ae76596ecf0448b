"""Marks of a chart by their place: in pixels from the plot's top left corner, or in its own scale.

Knows Altair, so that the charts need not. Every mark turns off Vega's axes and legends.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from bluelamp.look import words
from bluelamp.look.drawing import BAND, BLUE, GRID, INK, MIDDLE, QUIET, Canvas
from bluelamp.periods import Month

LETTER = 6.6  # an upper bound on the width of a letter of 12-pixel Arial, in place of measuring
LINE = 14  # from one 12-pixel line to the next


def ticks(low: float, high: float, about: int) -> list[float]:
    """Round values from at most `low` to at least `high`, roughly `about` of them.

    Steps are 1, 2, 2.5 or 5 times a power of ten. `low` must not exceed `high`.
    """
    span = high - low
    if span < 1e-6 * max(abs(high), 1.0):  # one value, or as good as one
        span = max(abs(high), 1.0)
    rough = span / max(about - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * 0.999)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(step * k, 10) for k in range(first, max(last, first + 1) + 1)]


def wrapped(text: str, pixels: float, *, size: int = 12) -> list[str]:
    """`text` in lines that are sure to fit into `pixels` at `size`."""
    return textwrap.wrap(text, max(int(pixels / (LETTER * size / 12)), 8)) or [""]


class Pen:
    """Draws on one canvas, `across` and `up` being the values at its edges (x, then y)."""

    def __init__(
        self, canvas: Canvas, across: tuple[float, float], up: tuple[float, float]
    ) -> None:
        import altair as alt

        self._alt = alt
        self.canvas, self.across, self.up = canvas, across, up

    def pixel(self, value: float) -> float:
        """How far below the plot's top edge a value stands."""
        low, high = self.up
        return round((1 - (value - low) / (high - low)) * self.canvas.height, 2)

    def pixel_across(self, value: float) -> float:
        """How far to the right of the plot's left edge a value stands."""
        low, high = self.across
        return round((value - low) / (high - low) * self.canvas.width, 2)

    def text(
        self,
        lines: Sequence[str],
        x: float,
        y: float,
        *,
        size: int = 12,
        align: str = "left",
        color: str = QUIET,
        bold: bool = False,
    ) -> Any:
        """Words at a place in pixels; y is the base line of the first of `lines`."""
        mark = self._on([{"t": list(lines)}]).mark_text(
            align=align,
            baseline="alphabetic",
            fontSize=size,
            lineHeight=size + LINE - 12,
            color=color,
            fontWeight="bold" if bold else "normal",
        )
        return mark.encode(x=self._at(x), y=self._at(y), text="t:N")

    def labels(
        self,
        rows: Sequence[dict[str, Any]],
        up: str,
        *,
        x: float,
        align: str,
        color: str,
        bold: bool = False,
    ) -> list[Any]:
        """The lines `t` of each row at `x` pixels, centred on the height of `up`."""
        by_lines: dict[int, list[dict[str, Any]]] = {}
        for row in rows:
            by_lines.setdefault(len(row["t"]), []).append(row)
        return [
            self._on(alike)
            .mark_text(
                align=align,
                baseline="alphabetic",
                dy=4 - (lines - 1) * LINE / 2,
                fontSize=12,
                lineHeight=LINE,
                color=color,
                fontWeight="bold" if bold else "normal",
            )
            .encode(x=self._at(x), y=self._y(up), text="t:N")
            for lines, alike in sorted(by_lines.items())
        ]

    def upright(self, x: float, top: float, bottom: float) -> Any:
        """A dashed rule from `top` to `bottom`, in pixels."""
        mark = self._on([{}]).mark_rule(stroke=QUIET, strokeDash=[5, 4], strokeWidth=1.25)
        return mark.encode(x=self._at(x), y=self._at(top), y2=self._at(bottom))

    def patch(self, left: float, top: float, right: float, bottom: float) -> Any:
        """A small piece of band, in pixels."""
        mark = self._on([{}]).mark_rect(fill=BAND)
        return mark.encode(
            x=self._at(left), x2=self._at(right), y=self._at(top), y2=self._at(bottom)
        )

    def ring(self, x: float, y: float) -> Any:
        """An open circle, in pixels."""
        return self._circle([{}], 42, hollow=True).encode(x=self._at(x), y=self._at(y))

    def dots(
        self, rows: Sequence[dict[str, Any]], up: str, *, area: int, hollow: bool = False
    ) -> list[Any]:
        """Circles of `area` square pixels at each row's `x` and `up`; none for no rows."""
        if not rows:
            return []
        return [self._circle(rows, area, hollow).encode(x=self._x("x"), y=self._y(up))]

    def line(
        self, rows: Sequence[dict[str, Any]], up: str, *, stroke: str, width: float
    ) -> list[Any]:
        """A line through the rows, in pieces: rows of one `piece` hang together."""
        if not rows:
            return []
        mark = self._on(rows).mark_line(stroke=stroke, strokeWidth=width, strokeJoin="round")
        return [mark.encode(x=self._x("x"), y=self._y(up), detail="piece:N")]

    def band(self, rows: Sequence[dict[str, Any]], lower: str, upper: str) -> list[Any]:
        """The area between two values of each row, in pieces as `line`."""
        if not rows:
            return []
        mark = self._on(rows).mark_area(fill=BAND)
        return [mark.encode(x=self._x("x"), y=self._y(lower), y2=f"{upper}:Q", detail="piece:N")]

    def level_lines(self, scale: Sequence[float], in_words: Callable[[float], str]) -> list[Any]:
        """Level lines with their values to the left; the lowest is the ground and darker."""
        rows = [{"y": v, "t": in_words(v), "c": INK if v == scale[0] else GRID} for v in scale]
        lines = self._on(rows).mark_rule(strokeWidth=1)
        names = self._on(rows).mark_text(align="right", baseline="middle", fontSize=12, color=QUIET)
        stroke = self._alt.Stroke("c:N", scale=None, legend=None)
        return [
            lines.encode(
                x=self._at(0), x2=self._at(self.canvas.width), y=self._y("y"), stroke=stroke
            ),
            names.encode(x=self._at(-8), y=self._y("y"), text="t:N"),
        ]

    def upright_lines(self, scale: Sequence[float], in_words: Callable[[float], str]) -> list[Any]:
        """As `level_lines`, upright, with the values below."""
        rows = [{"x": v, "t": in_words(v)} for v in scale]
        lines = self._on(rows).mark_rule(strokeWidth=1, stroke=GRID)
        names = self._on(rows).mark_text(align="center", fontSize=12, color=QUIET)
        height = self.canvas.height
        return [
            lines.encode(x=self._x("x"), y=self._at(0), y2=self._at(height)),
            names.encode(x=self._x("x"), y=self._at(height + 16), text="t:N"),
        ]

    def spans(
        self, rows: Sequence[dict[str, Any]], lower: str, upper: str, up: str, *, width: float
    ) -> list[Any]:
        """A level bar from `lower` to `upper` at the height of `up`; none for no rows."""
        if not rows:
            return []
        mark = self._on(rows).mark_rule(stroke=MIDDLE, strokeWidth=width, strokeCap="round")
        return [mark.encode(x=self._x(lower), x2=f"{upper}:Q", y=self._y(up))]

    def years(self, months: Sequence[Month]) -> list[Any]:
        """A tick at each January with its year; every second, third ... year where they crowd.

        The canvas's x is the number of months since the first.
        """
        height, first = self.canvas.height, months[0]
        januaries = [m for m in months if m.month == 1]
        if not januaries:
            return [self.text([words.short_month(first)], 0, height + 22)]
        room = self.canvas.width / len(months) * 12
        every = next(k for k in (1, 2, 3, 4, 5, 10, 20, 50) if room * k >= 38)
        rows = [
            {"x": m.index - first.index, "t": str(m.year)}
            for m in januaries
            if (m.year - januaries[-1].year) % every == 0
        ]
        tick = self._on(rows).mark_rule(stroke=INK, strokeWidth=1)
        name = self._on(rows).mark_text(align="center", fontSize=12, color=QUIET)
        return [
            tick.encode(x=self._x("x"), y=self._at(height), y2=self._at(height + 6)),
            name.encode(x=self._x("x"), y=self._at(height + 17), text="t:N"),
        ]

    def _on(self, rows: Sequence[dict[str, Any]]) -> Any:
        return self._alt.Chart(self._alt.InlineData(values=list(rows)))

    def _at(self, pixels: float) -> Any:
        return self._alt.value(pixels)

    def _x(self, name: str) -> Any:
        scale = self._alt.Scale(domain=list(self.across), nice=False, zero=False)
        return self._alt.X(f"{name}:Q", axis=None, scale=scale)

    def _y(self, name: str) -> Any:
        scale = self._alt.Scale(domain=list(self.up), nice=False, zero=False)
        return self._alt.Y(f"{name}:Q", axis=None, scale=scale)

    def _circle(self, rows: Sequence[dict[str, Any]], area: int, hollow: bool) -> Any:
        fill = "white" if hollow else BLUE
        return self._on(rows).mark_point(
            shape="circle", size=area, stroke=BLUE, strokeWidth=1.75, fill=fill, opacity=1
        )
