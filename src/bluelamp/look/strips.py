"""A strip of months the size of a line of words: which are whole, which in part, which are absent.

What a month is shows in the height of its bar and not only in its colour, so that a strip can be
read in grey. The picture is silent (`aria-hidden`); the row it stands in says the same in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from bluelamp.look.drawing import BLUE, GRID, INK, MIDDLE, QUIET

WIDTH, HEIGHT = 240, 18
# State -> height of its bar, as a share of the whole, and its colour.
BARS = {
    "known": (1.0, BLUE),
    "being checked": (0.6, MIDDLE),
    "partial": (0.3, INK),
    "missing": (0.0, QUIET),
}


def strip(states: Sequence[str], *, width: int = WIDTH) -> Markup:
    """Months as bars from left to right: each one of BARS, one bar for months that are alike.

    Raises ValueError for no months, KeyError for a state that has no bar.
    """
    if not states:
        raise ValueError("a strip needs at least one month")
    step = width / len(states)
    bars = []
    start = 0
    for state, run in groupby(states):
        share, color = BARS[state]
        months = len(list(run))
        tall = share * (HEIGHT - 2)
        if tall:
            bars.append(
                f'<rect x="{start * step:.1f}" y="{HEIGHT - 1 - tall:.1f}" '
                f'width="{months * step:.1f}" height="{tall:.1f}" fill="{color}"/>'
            )
        start += months
    return Markup(  # numbers and colours from above, and nothing else
        f'<svg viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" '
        f'aria-hidden="true" focusable="false"><rect width="{width}" height="{HEIGHT}" '
        f'fill="{GRID}"/>{"".join(bars)}<rect y="{HEIGHT - 1}" width="{width}" height="1" '
        f'fill="{QUIET}"/></svg>'
    )
