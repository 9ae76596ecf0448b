"""Areas beside the range that chance and usual differences would give: who lies outside, by name.

A funnel whose limits are each area's own, laid on its side: one row for each area in the order of
the alphabet, its range as a pale bar, its rate as a dot, and the few that lie outside in bold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bluelamp.look import words
from bluelamp.look.drawing import INK, QUIET, Canvas, Drawing, to_svg
from bluelamp.look.pen import LINE, Pen, ticks, wrapped


@dataclass(frozen=True)
class AreaInRange:
    """One area: its value and its usual range; or no range, and in few words why not.

    `outside` is the comparison's word, not this picture's.
    """

    name: str
    value: float | None
    lower: float | None
    upper: float | None
    outside: bool = False
    why: str = ""

    def __post_init__(self) -> None:
        if (self.lower is None or self.upper is None or self.value is None) and not self.why:
            raise ValueError(f"{self.name} has no range; say why")


def areas_in_range(
    areas: Sequence[AreaInRange],
    *,
    id: str,
    title: str,
    description: str,
    unit: str,
    in_words: Callable[[float], str] = words.number,
) -> Drawing:
    """The areas by name with their ranges. Raises ValueError for no areas or a name twice."""
    names = [area.name for area in areas]
    if not areas or len(set(names)) < len(names):
        raise ValueError(f"chart '{id}' needs areas, each named once; it was given {names}")
    in_order = sorted(areas, key=lambda area: area.name.casefold())
    shown = [n for a in areas if not a.why for n in (a.value, a.lower, a.upper) if n is not None]

    def draw(width: int, left: int, row: int, size: str) -> str:
        heading = wrapped(unit, left + width + 20, size=13)
        top = 16 + len(heading) * (LINE + 1)
        canvas = Canvas(width, row * len(in_order), left, 24, top, 30)
        scale = ticks(0.0, max([*shown, 0.0]), 6 if width > 400 else 4)
        pen = Pen(canvas, (scale[0], scale[-1]), (len(in_order) - 0.5, -0.5))
        layers = [
            *_ranges(pen, in_order),
            *pen.upright_lines(scale, in_words),
            pen.text(heading, -left + 2, 14 - top, size=13),
            *_names_and_dots(pen, in_order),
        ]
        return to_svg(layers, canvas, id=f"{id}-{size}", title=title, description=description)

    return Drawing(wide=draw(560, 196, 24, "wide"), narrow=draw(128, 148, 30, "narrow"))


def _ranges(pen: Pen, areas: Sequence[AreaInRange]) -> list[Any]:
    layers = []
    for place, area in enumerate(areas):
        if not area.why and area.lower is not None and area.upper is not None:
            middle = pen.pixel(place)
            ends = pen.pixel_across(area.lower), pen.pixel_across(area.upper)
            layers.append(pen.patch(ends[0], middle - 7, ends[1], middle + 7))
    return layers


def _names_and_dots(pen: Pen, areas: Sequence[AreaInRange]) -> list[Any]:
    layers: list[Any] = []
    left = pen.canvas.left - 14
    for outside in (False, True):
        rows = [
            {"place": place, "t": wrapped(area.name, left), "x": area.value, "why": area.why}
            for place, area in enumerate(areas)
            if area.outside == outside
        ]
        dots = [row for row in rows if not row["why"]]
        layers += [
            *pen.labels(rows, "place", x=-10, align="right", color=INK, bold=outside),
            *pen.dots(dots, "place", area=80 if outside else 42),
        ]
    reasons = [{"place": place, "t": [area.why]} for place, area in enumerate(areas) if area.why]
    return layers + pen.labels(reasons, "place", x=6, align="left", color=QUIET)
