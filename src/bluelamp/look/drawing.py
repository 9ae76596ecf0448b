"""From layers of Vega-Lite to an SVG for a page: the same bytes everywhere, and silent.

Nothing in a drawing depends on the width of a word, because that differs with the fonts a machine
has: there are no axes, legends or titles of Vega's, only marks at places we work out. What Vega
writes for scripts and for its own accessibility tree is taken off again; the drawing is one image
with a title and a description.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

FONT = "Arial, sans-serif"
INK = "#0b0c0c"
QUIET = "#505a5f"
BLUE = "#12436d"
BAND = "#c9d6e3"
MIDDLE = "#6f87a0"
GRID = "#e3e5e7"

# The Vega-Lite that the locked Altair knows; a test holds the two together.
VEGA_LITE = "6.4"
_SVG = "http://www.w3.org/2000/svg"
_LONG_DECIMALS = re.compile(r"-?\d+\.\d{3,}(?:e-\d+)?")
# What Vega adds for its own purposes; `style` also because a strict browser refuses it.
_DROPPED = ("role", "class", "style", "pointer-events", "tabindex")


@dataclass(frozen=True)
class Drawing:
    """One chart drawn twice, for a wide screen and for a phone; the page shows one of them."""

    wide: str
    narrow: str


@dataclass(frozen=True)
class Canvas:
    """Pixels of the plot itself and of the margins around it."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int


def to_svg(
    layers: Sequence[dict[str, Any]], canvas: Canvas, *, id: str, title: str, description: str
) -> str:
    """The layers (`pen.Layer`) as one SVG, named by `title` and described by `description`.

    `id` must be unique in its page; every id in the drawing begins with it. Raises RuntimeError in
    a process that was forked after a chart had been drawn.
    """
    import vl_convert

    _refuse_a_fork()
    raw = vl_convert.vegalite_to_svg(specification(layers, canvas), vl_version=VEGA_LITE)
    return _tidy(raw, id=id, title=title, description=description)


def specification(layers: Sequence[dict[str, Any]], canvas: Canvas) -> dict[str, Any]:
    """The layers, from back to front, as a whole Vega-Lite specification."""
    return {
        "width": canvas.width,
        "height": canvas.height,
        "autosize": {"type": "none"},
        "padding": {
            "left": canvas.left,
            "right": canvas.right,
            "top": canvas.top,
            "bottom": canvas.bottom,
        },
        "config": {"font": FONT, "view": {"stroke": None}},
        "layer": list(layers),
    }


_drawn_by: int | None = None  # the process that has drawn, once one has


def _refuse_a_fork() -> None:
    """Vega runs in threads that a fork does not take along: the child would wait for ever."""
    global _drawn_by
    if _drawn_by not in (None, os.getpid()):
        raise RuntimeError(
            "this process was forked from one that had already drawn a chart, and cannot draw; "
            "fork before the first chart, or start the worker with 'spawn'"
        )
    _drawn_by = os.getpid()


def _tidy(raw: str, *, id: str, title: str, description: str) -> str:
    """The drawing without what is Vega's own, to two decimals, named and described."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(raw)
    for element in root.iter():
        for name in list(element.attrib):
            value = element.attrib[name]
            if name in _DROPPED or name.startswith("aria-"):
                del element.attrib[name]
            elif name == "id":
                element.attrib[name] = f"{id}-{value}"
            else:
                value = value.replace("url(#", f"url(#{id}-")
                element.attrib[name] = _LONG_DECIMALS.sub(_two_decimals, value)
    names = (("title", title), ("desc", description))
    for place, (tag, text) in enumerate(names):
        child = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{id}-{tag}"})
        child.text = text
        root.insert(place, child)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{id}-title {id}-desc")
    return ET.tostring(root, encoding="unicode")


def _two_decimals(found: re.Match[str]) -> str:
    text = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
