"""A series the size of a word, for tables that hold hundreds, so drawn without a drawing library.

The picture is silent (`aria-hidden`); the row it stands in says the figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TypeVar

from markupsafe import Markup

T = TypeVar("T")

WIDTH, HEIGHT, MARGIN = 120, 28, 3


def sparkline(
    values: Sequence[float | None],
    lower: Sequence[float | None] | None = None,
    upper: Sequence[float | None] | None = None,
) -> Markup:
    """A line of `values` over the range expected of them, ending in a dot.

    `values`, `lower` and `upper` run month by month and are equally long; a None is a month without
    a figure and breaks the line. The scale runs from the least to the greatest shown.
    Raises ValueError where the three differ in length.
    """
    lower, upper = lower or [None] * len(values), upper or [None] * len(values)
    if not len(values) == len(lower) == len(upper):
        raise ValueError(
            f"a sparkline of {len(values)} values has {len(lower)} lower and {len(upper)} upper"
        )
    shown = [v for v in (*values, *lower, *upper) if v is not None and math.isfinite(v)]
    if not shown:
        return Markup("")
    floor, span = min(shown), (max(shown) - min(shown)) or 1.0
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)

    def at(index: int, value: float) -> str:
        x = MARGIN + index * step
        y = HEIGHT - MARGIN - (value - floor) / span * (HEIGHT - 2 * MARGIN)
        return f"{x:.1f} {y:.1f}"

    band = "".join(
        "M" + "L".join([at(i, lo) for i, (lo, _) in run] + [at(i, up) for i, (_, up) in run[::-1]])
        for run in _runs([None if lo is None or up is None else (lo, up)
                          for lo, up in zip(lower, upper, strict=True)])
    )  # fmt: skip
    line = "".join("M" + "L".join(at(i, v) for i, v in run) for run in _runs(values))
    last = max((i for i, v in enumerate(values) if v is not None), default=None)
    dot = ""
    if last is not None:
        x, y = at(last, values[last] or 0.0).split()
        dot = f'<circle cx="{x}" cy="{y}" r="2.5"/>'
    return Markup(  # numbers formatted above, and nothing else
        f'<svg class="bl-spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'aria-hidden="true" focusable="false"><path class="bl-spark__band" d="{band}"/>'
        f'<path class="bl-spark__line" d="{line}"/>{dot}</svg>'
    )


def _runs(values: Sequence[T | None]) -> Iterator[list[tuple[int, T]]]:
    """Unbroken stretches of values that are there, each value with its place."""
    run: list[tuple[int, T]] = []
    for index, value in enumerate(values):
        if value is not None:
            run.append((index, value))
        elif run:
            yield run
            run = []
    if run:
        yield run
