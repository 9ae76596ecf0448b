"""Marks of a chart by their place: in pixels from the plot's top left corner, or in its own scale.

Knows Vega-Lite, so that the charts need not. A mark is a layer of a Vega-Lite specification, as a
plain dict: Altair's own objects check and copy themselves at every step, which took longer than the
drawing. A test has Altair check what comes of it. Every mark turns off Vega's axes and legends.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from bluelamp.look import words
from bluelamp.look.drawing import BAND, BLUE, GRID, INK, MIDDLE, QUIET, Canvas
from bluelamp.periods import Month

# One mark with its rows, as Vega-Lite writes it.
Layer = dict[str, Any]

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
    ) -> Layer:
        """Words at a place in pixels; y is the base line of the first of `lines`."""
        mark = _words(align, color, bold=bold, size=size)
        return _layer([{"t": list(lines)}], mark, x=_at(x), y=_at(y), text=_TEXT)

    def labels(
        self,
        rows: Sequence[dict[str, Any]],
        up: str,
        *,
        x: float,
        align: str,
        color: str,
        bold: bool = False,
    ) -> list[Layer]:
        """The lines `t` of each row at `x` pixels, centred on the height of `up`."""
        by_lines: dict[int, list[dict[str, Any]]] = {}
        for row in rows:
            by_lines.setdefault(len(row["t"]), []).append(row)
        mark = _words(align, color, bold=bold)
        return [
            _layer(
                alike,
                mark | {"dy": 4 - (lines - 1) * LINE / 2},
                x=_at(x),
                y=self._y(up),
                text=_TEXT,
            )
            for lines, alike in sorted(by_lines.items())
        ]

    def upright(self, x: float, top: float, bottom: float) -> Layer:
        """A dashed rule from `top` to `bottom`, in pixels."""
        mark = {"type": "rule", "stroke": QUIET, "strokeDash": [5, 4], "strokeWidth": 1.25}
        return _layer([{}], mark, x=_at(x), y=_at(top), y2=_at(bottom))

    def patch(self, left: float, top: float, right: float, bottom: float) -> Layer:
        """A small piece of band, in pixels."""
        mark = {"type": "rect", "fill": BAND}
        return _layer([{}], mark, x=_at(left), x2=_at(right), y=_at(top), y2=_at(bottom))

    def ring(self, x: float, y: float) -> Layer:
        """An open circle, in pixels."""
        return _layer([{}], _circle(42, hollow=True), x=_at(x), y=_at(y))

    def dots(
        self, rows: Sequence[dict[str, Any]], up: str, *, area: int, hollow: bool = False
    ) -> list[Layer]:
        """Circles of `area` square pixels at each row's `x` and `up`; none for no rows."""
        if not rows:
            return []
        return [_layer(rows, _circle(area, hollow), x=self._x("x"), y=self._y(up))]

    def line(
        self,
        rows: Sequence[dict[str, Any]],
        up: str,
        *,
        stroke: str,
        width: float,
        dashed: bool = False,
    ) -> list[Layer]:
        """A line through the rows, in pieces: rows of one `piece` hang together."""
        if not rows:
            return []
        mark = {"type": "line", "stroke": stroke, "strokeWidth": width, "strokeJoin": "round"}
        if dashed:
            mark["strokeDash"] = [6, 4]
        return [_layer(rows, mark, x=self._x("x"), y=self._y(up), detail=_PIECE)]

    def band(self, rows: Sequence[dict[str, Any]], lower: str, upper: str) -> list[Layer]:
        """The area between two values of each row, in pieces as `line`."""
        if not rows:
            return []
        mark = {"type": "area", "fill": BAND}
        ends = {"y": self._y(lower), "y2": {"field": upper}}
        return [_layer(rows, mark, x=self._x("x"), detail=_PIECE, **ends)]

    def level_lines(self, scale: Sequence[float], in_words: Callable[[float], str]) -> list[Layer]:
        """Level lines with their values to the left; the lowest is the ground and darker."""
        rows = [{"y": v, "t": in_words(v), "c": INK if v == scale[0] else GRID} for v in scale]
        stroke = {"field": "c", "type": "nominal", "scale": None, "legend": None}
        ends = {"x": _at(0), "x2": _at(self.canvas.width), "y": self._y("y"), "stroke": stroke}
        name = _words("right", QUIET) | {"baseline": "middle"}
        return [
            _layer(rows, {"type": "rule", "strokeWidth": 1}, **ends),
            _layer(rows, name, x=_at(-8), y=self._y("y"), text=_TEXT),
        ]

    def upright_lines(
        self, scale: Sequence[float], in_words: Callable[[float], str]
    ) -> list[Layer]:
        """As `level_lines`, upright, with the values below."""
        rows = [{"x": v, "t": in_words(v)} for v in scale]
        line = {"type": "rule", "strokeWidth": 1, "stroke": GRID}
        height = self.canvas.height
        return [
            _layer(rows, line, x=self._x("x"), y=_at(0), y2=_at(height)),
            _layer(rows, _MIDDLED, x=self._x("x"), y=_at(height + 16), text=_TEXT),
        ]

    def spans(
        self, rows: Sequence[dict[str, Any]], lower: str, upper: str, up: str, *, width: float
    ) -> list[Layer]:
        """A level bar from `lower` to `upper` at the height of `up`; none for no rows."""
        if not rows:
            return []
        mark = {"type": "rule", "stroke": MIDDLE, "strokeWidth": width, "strokeCap": "round"}
        return [_layer(rows, mark, x=self._x(lower), x2={"field": upper}, y=self._y(up))]

    def years(self, months: Sequence[Month]) -> list[Layer]:
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
        tick = {"type": "rule", "stroke": INK, "strokeWidth": 1}
        return [
            _layer(rows, tick, x=self._x("x"), y=_at(height), y2=_at(height + 6)),
            _layer(rows, _MIDDLED, x=self._x("x"), y=_at(height + 17), text=_TEXT),
        ]

    def _x(self, name: str) -> dict[str, Any]:
        return _scaled(name, self.across)

    def _y(self, name: str) -> dict[str, Any]:
        return _scaled(name, self.up)


# --- layers of Vega-Lite --------------------------------------------------------------------------

_TEXT = {"field": "t", "type": "nominal"}
_PIECE = {"field": "piece", "type": "nominal"}


def _layer(
    rows: Sequence[dict[str, Any]], mark: dict[str, Any], **encoding: dict[str, Any]
) -> Layer:
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": encoding}


def _at(pixels: float) -> dict[str, Any]:
    return {"value": pixels}


def _scaled(name: str, ends: tuple[float, float]) -> dict[str, Any]:
    scale = {"domain": list(ends), "nice": False, "zero": False}
    return {"field": name, "type": "quantitative", "axis": None, "scale": scale}


def _words(align: str, color: str, *, bold: bool = False, size: int = 12) -> dict[str, Any]:
    mark = {
        "type": "text",
        "align": align,
        "baseline": "alphabetic",
        "fontSize": size,
        "lineHeight": size + LINE - 12,
        "color": color,
    }
    return mark | {"fontWeight": "bold"} if bold else mark


_MIDDLED = _words("center", QUIET) | {"baseline": "middle"}


def _circle(area: int, hollow: bool) -> dict[str, Any]:
    return {
        "type": "point",
        "shape": "circle",
        "size": area,
        "stroke": BLUE,
        "strokeWidth": 1.75,
        "fill": "white" if hollow else BLUE,
        "opacity": 1,
    }
