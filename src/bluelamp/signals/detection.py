"""When could a change first be told from chance? Not when it began: months lie between the two.

A change that began in March may stand out only with the figures of June. Whoever is asked "why did
you not say so before?" needs both dates. Each change is looked for again as if the newest months
were not there yet, with the figures as they stand now and the limit of this release.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bluelamp.measures.series import Series
from bluelamp.periods import Month
from bluelamp.signals.family import RATE, SELDOM_IN_A_YEAR, Verdict, has_a_side, weights
from bluelamp.signals.judge import JudgedSeries, judge

NOT_FOUND = -1

Months = NDArray[np.int64]


def limits(
    judged: Sequence[JudgedSeries], verdicts: Sequence[tuple[Verdict, Verdict]]
) -> dict[str, float]:
    """By level, the greatest p-value that would be called a change in this release.

    Of m findings tested k pass the control at RATE, so a p-value passes that is at most RATE k / m
    times the weight of its level (`family.control`). 0 where nothing was tested or nothing passed.
    """
    q_values = [verdict.q_value for pair in verdicts for verdict in pair]
    counts = [
        (one.series.level, len(v.q_value))
        for one, pair in zip(judged, verdicts, strict=True)
        for v in pair
    ]
    levels = np.repeat([level for level, _ in counts], [count for _, count in counts])
    every = np.concatenate([np.empty(0), *q_values])
    tested = np.isfinite(every)
    if not tested.any():
        return dict.fromkeys(levels.tolist(), 0.0)
    reach = RATE * np.sum(every[tested] <= RATE) / tested.sum()
    weight = weights(levels, tested)
    return {str(level): float(reach * weight[levels == level][0]) for level in np.unique(levels)}


def first_told(
    judged: JudgedSeries,
    verdict: Verdict,
    limit: float,
    period: tuple[Month, Month],
    outside: Collection[str],
) -> Months:
    """(areas,) month index with whose figures the `watch` change of an area could first be told.

    NOT_FOUND where nothing changed. verdict is that on `watch`; limit the greatest p-value that is
    called a change at this level. Months before the change began are not looked at; a change that
    was told, lost and told again has the first date.
    """
    answer = judged.watch
    told = np.full(len(answer.p_value), NOT_FOUND)
    if answer.window is None or not verdict.changed.any():
        return told
    last = answer.window[1].index
    told[verdict.changed] = last
    for month in range(int(answer.onset[verdict.changed].min()), last):
        then = judge(until(judged.series, month), period, outside).watch
        if then.window is None or then.window[1].index != month:
            continue
        found = (
            verdict.changed
            & (told == last)
            & (month >= answer.onset)
            & (then.p_value <= limit)
            & (then.year_p_value <= SELDOM_IN_A_YEAR)
            & (then.direction == answer.direction)
            & has_a_side(then)
        )
        told[found] = month
    return told


def until(series: Series, month: int) -> Series:
    """A series as it would be if `month` (an index) were its last."""
    keep = slice(0, month - series.months[0].index + 1)
    return replace(
        series,
        months=series.months[keep],
        numerator=series.numerator[:, keep],
        denominator=None if series.denominator is None else series.denominator[:, keep],
        value=series.value[:, keep],
        reasons=series.reasons[:, keep],
        being_checked=series.being_checked[:, keep],
        receipts=series.receipts[keep],
        breaks=tuple(b for b in series.breaks if b.month.index <= month),
        own_receipts={area: months[keep] for area, months in series.own_receipts.items()},
    )
