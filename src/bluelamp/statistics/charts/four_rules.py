"""The four rules by which NHS *Making Data Count* marks points of an XmR chart.

In the order in which one takes precedence over the next: a point outside the limits; a trend of
seven points; two of three points close to a limit; seven points on one side of the mean. Source:
NHS England, "Making Data Count" (2019), as NHSRplotthedots 0.2.2 applies it: of a trend, a shift or
two of three, every point that takes part is marked, also those before the rule could be seen.

Sides are -1 below, 0 on and 1 above the mean. A month not known is 0 as a side and as a step, so it
ends a run: it cannot be told on which side it would have been.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .limits import compare, series

Signs = NDArray[np.int8]
Months = NDArray[np.int64]
AnyNumber = TypeVar("AnyNumber", bound=np.generic)

RUN = 7  # points in a trend or a shift
WINDOW = 3  # months of which two are to be close to a limit
NOT_MET = -1


class Rule(IntEnum):
    """The rule that marks a point; lower numbers take precedence."""

    NONE = 0
    OUTSIDE = 1
    TREND = 2
    TWO_OF_THREE = 3
    SHIFT = 4


@dataclass(frozen=True)
class Met:
    """Where one rule is met: three arrays (..., months).

    `now` is 1 or -1 (high or low, rising or falling) in each month with whose point the rule is
    met, else 0: a reader sees it then and not before. `marked` is the same for every point that
    takes part. `began` is the month (column) in which the run of a marked point began, else -1.
    """

    now: Signs
    marked: Signs
    began: Months


def outside(beyond: ArrayLike) -> Met:
    """A point outside the limits, given as -1 below them, 0 within, 1 above (..., months)."""
    now = np.asarray(beyond, dtype=np.int8)
    return Met(now, now, np.where(now != 0, np.arange(now.shape[-1]), NOT_MET))


def trend(values: ArrayLike) -> Met:
    """Seven points (..., months), each higher than the last, or each lower: six steps one way.

    A point at which a rise ends and a fall begins is marked as part of the fall.
    """
    value = series(values)
    steps = np.zeros(value.shape, dtype=np.int8)
    steps[..., 1:] = compare(value[..., 1:], value[..., :-1])
    length = run_lengths(steps)
    now = np.where(length >= RUN - 1, steps, 0).astype(np.int8)
    # A run of steps began at the point before its first step.
    return _marked(now, np.arange(value.shape[-1]) - length, RUN)


def shift(side: ArrayLike) -> Met:
    """Seven points on one side of the mean, given as sides (..., months)."""
    sides = np.asarray(side, dtype=np.int8)
    length = run_lengths(sides)
    now = np.where(length >= RUN, sides, 0).astype(np.int8)
    return _marked(now, np.arange(sides.shape[-1]) - length + 1, RUN)


def two_of_three(close: ArrayLike, side: ArrayLike) -> Met:
    """Two or three of three points close to a limit, all three on one side of the mean.

    `close` flags points between two thirds of the way to a limit and the limit; both (..., months).
    Only the close points are marked.
    """
    sides, near = np.asarray(side, dtype=np.int8), np.asarray(close, dtype=bool)
    months = np.arange(sides.shape[-1])
    together = np.zeros(sides.shape, dtype=np.int64)
    closes = np.zeros(sides.shape, dtype=np.int64)
    first = np.full(sides.shape, NOT_MET)
    for back in reversed(range(WINDOW)):
        moved, moved_near = later(sides, back), later(near, back)
        together += moved
        closes += moved_near
        first = np.where((first == NOT_MET) & moved_near, months - back, first)
    now = np.where((abs(together) == WINDOW) & (closes >= 2), np.sign(together), 0)
    met = _marked(now.astype(np.int8), first, WINDOW)
    marked = np.where(near, met.marked, 0).astype(np.int8)
    return Met(met.now, marked, _chained(np.where(near, met.began, NOT_MET), marked))


def first_in_order(rules: dict[Rule, Met], part: Callable[[Met], Signs]) -> NDArray[np.int8]:
    """(..., months): the number of the first rule whose `part` is not 0, else 0."""
    chosen = np.zeros(part(next(iter(rules.values()))).shape, dtype=np.int8)
    for rule in sorted(rules):
        chosen = np.where((chosen == 0) & (part(rules[rule]) != 0), np.int8(rule), chosen)
    return chosen


def run_lengths(signs: Signs) -> Months:
    """(..., months): how many months, this one included, had this month's sign; 0 where it is 0."""
    length = np.zeros(signs.shape, dtype=np.int64)
    for month in range(signs.shape[-1]):
        now = signs[..., month]
        if month == 0:
            length[..., 0] = now != 0
        else:
            same = (now != 0) & (now == signs[..., month - 1])
            length[..., month] = np.where(same, length[..., month - 1] + 1, now != 0)
    return length


def later(values: NDArray[AnyNumber], by: int) -> NDArray[AnyNumber]:
    """The values `by` months later (earlier, if below 0), with 0 where none moves in."""
    moved = np.zeros_like(values)
    months = values.shape[-1]
    if by >= 0:
        moved[..., by:] = values[..., : max(months - by, 0)]
    else:
        moved[..., : max(months + by, 0)] = values[..., -by:]
    return moved


def _marked(now: Signs, start: Months, points: int) -> Met:
    """Each of the last `points` points where a rule is met is marked, with the start of its run."""
    marked = np.zeros_like(now)
    began = np.full(now.shape, NOT_MET)
    for ahead in range(points):
        seen, first = later(now, -ahead), later(start, -ahead)
        # Windows of one run: the earliest start. A fall after a rise: the fall's own.
        first = np.where(marked == seen, np.minimum(began, first), first)
        marked = np.where(seen != 0, seen, marked)
        began = np.where(seen != 0, first, began)
    return Met(now, marked, began)


def _chained(began: Months, marked: Signs) -> Months:
    """Windows that overlap are one run: each point's run began where that of its first point did.

    Going from left to right, the first point's own beginning is settled before it is asked for.
    """
    flat, signs = began.reshape(-1, began.shape[-1]).copy(), marked.reshape(-1, began.shape[-1])
    rows = np.arange(len(flat))
    for month in range(flat.shape[-1]):
        at = flat[:, month]
        linked = (at != NOT_MET) & (signs[rows, at] == signs[:, month])
        flat[:, month] = np.where(linked, flat[rows, at], at)
    return flat.reshape(began.shape)
