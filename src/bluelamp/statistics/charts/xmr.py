"""The XmR chart of NHS *Making Data Count*, with its four rules and two icons.

Limits stand 2.66 mean moving ranges from the mean; moving ranges of 3.267 times their mean or more
are left out once before that mean is taken; the mean of the values is not screened.
Sources: Nelson (1982), "Control charts for individual measurements"; Wheeler (1993), "Understanding
Variation"; NHS England (2019), "Making Data Count"; as NHSRplotthedots 0.2.2 works them out. We
depart from it in three places, each tested: a series that never moves has limits at its mean
(there: none); months not known end a run; rebasing and a fixed baseline may be used together, with
the limits of before still in the chart.

The chart alarms too often to rest a finding on; see the package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .four_rules import Met, Rule, Signs, first_in_order, outside, shift, trend, two_of_three
from .individuals import LARGEST_RANGE
from .limits import Floats, compare, mean_of, moving_ranges, series

LIMIT = 2.66  # 3 / 1.128, rounded as the NHS rounds it
CLOSE = 2 * LIMIT / 3
TRIAL_BELOW = 12

Names = NDArray[np.str_]
IMPROVEMENTS = (-1, 0, 1)


@dataclass(frozen=True)
class Segment:
    """Limits that hold from month (column) `first` to `last`, both included.

    `mean`, `lower` and `upper` have the shape (...), in the units of the values, and NaN where no
    two neighbouring months of the baseline are known (`mean`: where none is). `near_lower` and
    `near_upper` stand two thirds of the way. `trial` says that fewer than twelve known months set
    them, so that they will still move.
    """

    first: int
    last: int
    mean: Floats
    lower: Floats
    near_lower: Floats
    near_upper: Floats
    upper: Floats
    trial: NDArray[np.bool_]


@dataclass(frozen=True)
class XmrChart:
    """The chart of `value` (..., months); arrays of that shape unless told otherwise.

    | field | what |
    |---|---|
    | `segments` | the limits, one segment after the other; all stay in the chart |
    | `rule` | the `Rule` that marks the point, the first in order where several do; 0 for none |
    | `direction` | 1 high or rising, -1 low or falling, 0 not marked |
    | `began` | the month in which that rule's run began, the *date of change*; -1 not marked |
    | `met` | the first rule in order that is met with this month's point; 0 for none |
    | `point_type` | `improvement`, `concern`, `neutral_high`, `neutral_low`, `common_cause`; \
`not_known` of a month not known |
    | `variation` | (...): the type of the last known point, which the icon shows |
    """

    value: Floats
    improvement: NDArray[np.int8]
    segments: tuple[Segment, ...]
    rule: NDArray[np.int8]
    direction: Signs
    began: NDArray[np.int64]
    met: NDArray[np.int8]
    point_type: Names
    variation: Names

    def assurance(self, target: ArrayLike) -> Names:
        """(...): will the target be met as things stand? By the limits of the last segment.

        `consistent_pass` or `consistent_fail` where the target lies beyond a limit, `inconsistent`
        where chance decides, '' without a target (NaN), a direction or limits. `target` has the
        units of the values and any shape that fits (...).
        """
        last = self.segments[-1]
        return assurance(last.lower, last.upper, target, self.improvement)


def chart(
    values: ArrayLike,
    *,
    improvement: ArrayLike = 0,
    screen: bool = True,
    rebase: Sequence[int] = (),
    fix_after_n_points: int | None = None,
) -> XmrChart:
    """Draw the chart of `values` (..., months).

    `improvement`, fitting (...): 1 where higher is better, -1 where lower is, 0 where neither is.
    `rebase`: the columns at which new limits start; rules do not run across them.
    `fix_after_n_points`: only the first n months of each segment set its limits; all, unless told.
    Raises ValueError where `improvement` is no direction, a rebase lies outside the months or
    `fix_after_n_points` is below 2.
    """
    value = series(values)
    wanted = _directions(improvement, value.shape[:-1])
    segments, pieces = [], []
    for first, last in stretches(value.shape[-1], rebase):
        months = value[..., first : last + 1]
        segment = _segment(months, first, last, screen, fix_after_n_points)
        segments.append(segment)
        pieces.append(_judged(months, segment))
    rule, direction, began, met = (
        np.concatenate(parts, axis=-1) for parts in zip(*pieces, strict=True)
    )
    types = _point_types(direction, wanted[..., None], np.isfinite(value))
    return XmrChart(
        value,
        wanted,
        tuple(segments),
        rule,
        direction,
        began,
        met,
        types,
        _last_known(types, np.isfinite(value)),
    )


def dates_of_detection(
    values: ArrayLike,
    *,
    screen: bool = True,
    rebase: Sequence[int] = (),
    fix_after_n_points: int | None = None,
) -> NDArray[np.int64]:
    """(..., months): the month in which a reader would first have seen each point marked, else -1.

    Points are marked in retrospect, and limits move while months are added to them, so the chart
    is drawn anew for every month with what was known then. A rebase counts from its month on. A
    point may have been marked for a while and be no longer. Arguments as for `chart`.
    """
    value = series(values)
    seen = np.full(value.shape, -1)
    for month in range(value.shape[-1]):
        drawn = chart(
            value[..., : month + 1],
            screen=screen,
            rebase=[start for start in rebase if start <= month],
            fix_after_n_points=fix_after_n_points,
        )
        so_far = seen[..., : month + 1]
        so_far[(so_far < 0) & (drawn.rule != Rule.NONE)] = month
    return seen


def assurance(
    lower: ArrayLike, upper: ArrayLike, target: ArrayLike, improvement: ArrayLike
) -> Names:
    """The assurance icon by its name, for limits, targets and directions that fit together.

    See `XmrChart.assurance` for the names. Raises ValueError where `improvement` is no direction.
    """
    low, high, goal, wanted = np.broadcast_arrays(
        np.asarray(lower, dtype=float),
        np.asarray(upper, dtype=float),
        np.asarray(target, dtype=float),
        np.asarray(improvement),
    )
    wanted = _directions(wanted, wanted.shape)
    # 1 where every month to be expected lies above the target, -1 where every one lies below.
    lies = (compare(low, goal) > 0).astype(int) - (compare(high, goal) < 0).astype(int)
    can_tell = np.isfinite(low) & np.isfinite(high) & np.isfinite(goal) & (wanted != 0)
    names = np.where(lies * wanted > 0, "consistent_pass", "inconsistent")
    names = np.where(lies * wanted < 0, "consistent_fail", names)
    return np.where(can_tell, names, "")


def stretches(months: int, rebase: Sequence[int]) -> list[tuple[int, int]]:
    """First and last column of each segment. Raises ValueError for a rebase outside the months."""
    starts = sorted({0, *rebase})
    if starts[0] < 0 or starts[-1] >= months:
        raise ValueError(f"a rebase lies outside the {months} months: {sorted(rebase)}")
    return [(a, b - 1) for a, b in zip(starts, [*starts[1:], months], strict=True)]


def _segment(
    months: Floats, first: int, last: int, screen: bool, fix_after_n_points: int | None
) -> Segment:
    if fix_after_n_points is not None and fix_after_n_points < 2:
        raise ValueError("fix_after_n_points is below 2; limits need two months at least")
    base = np.zeros(months.shape, dtype=bool)
    base[..., :fix_after_n_points] = True
    mean = mean_of(months, base)[..., 0]
    ranges = moving_ranges(months, base)
    average = mean_of(ranges, base)
    if screen:
        # Where nothing moves, all ranges equal their mean of 0 and none is an outlier.
        kept = (ranges < LARGEST_RANGE * average) | (average == 0)
        average = mean_of(ranges, base & kept)
    average = average[..., 0]
    known = (base & np.isfinite(months)).sum(axis=-1)
    return Segment(
        first,
        last,
        mean,
        mean - LIMIT * average,
        mean - CLOSE * average,
        mean + CLOSE * average,
        mean + LIMIT * average,
        known < TRIAL_BELOW,
    )


def _judged(
    months: Floats, segment: Segment
) -> tuple[NDArray[np.int8], Signs, NDArray[np.int64], NDArray[np.int8]]:
    """Rule, direction, began and met of one segment's months."""
    rules = rules_of(months, segment)
    rule = first_in_order(rules, lambda met: met.marked)
    direction = np.zeros(months.shape, dtype=np.int8)
    began = np.full(months.shape, -1)
    for number, met in rules.items():
        direction = np.where(rule == number, met.marked, direction)
        began = np.where(rule == number, met.began + segment.first, began)
    return rule, direction, began, first_in_order(rules, lambda met: met.now)


def rules_of(months: Floats, segment: Segment) -> dict[Rule, Met]:
    """The four rules applied to the months (..., months of the segment) and its limits."""
    side = compare(months, segment.mean[..., None])
    above = compare(months, segment.upper[..., None]) > 0
    below = compare(months, segment.lower[..., None]) < 0
    beyond = above.astype(np.int8) - below.astype(np.int8)
    far = compare(months, segment.near_upper[..., None]) > 0
    far |= compare(months, segment.near_lower[..., None]) < 0
    return {
        Rule.OUTSIDE: outside(beyond),
        Rule.TREND: trend(months),
        Rule.TWO_OF_THREE: two_of_three(far & (beyond == 0), side),
        Rule.SHIFT: shift(side),
    }


def _directions(improvement: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.int8]:
    given = np.asarray(improvement)
    if not np.isin(given, IMPROVEMENTS).all():
        raise ValueError("improvement is 1 (higher is better), -1 (lower is better) or 0 (neither)")
    return np.broadcast_to(given.astype(np.int8), shape)


def _point_types(
    direction: Signs, improvement: NDArray[np.int8], known: NDArray[np.bool_]
) -> Names:
    oriented = direction * improvement
    types = np.where(direction > 0, "neutral_high", np.where(direction < 0, "neutral_low", ""))
    types = np.where(oriented > 0, "improvement", np.where(oriented < 0, "concern", types))
    types = np.where(direction == 0, "common_cause", types)
    return np.where(known, types, "not_known")


def _last_known(types: Names, known: NDArray[np.bool_]) -> Names:
    """(...): the type of the last known month, the first month's where none is known."""
    months = known.shape[-1]
    last = np.where(known.any(axis=-1), months - 1 - np.argmax(known[..., ::-1], axis=-1), 0)
    return np.take_along_axis(types, last[..., None], axis=-1)[..., 0]
