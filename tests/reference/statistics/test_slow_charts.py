"""The XmR chart, the runs rules and the CUSUM again: one series, one month, one rule at a time.

The fast ones do all series at once with arrays; these say what is meant, and are compared on
thousands of short series full of ties, gaps and constant stretches.
"""

from __future__ import annotations

import math
from itertools import groupby, pairwise

import numpy as np
import pytest

from bluelamp.statistics.charts import cusum, runs, xmr
from bluelamp.statistics.charts.four_rules import Rule

SEED = 11
SERIES = 300

Series = list[float]


def known(value: float) -> bool:
    return not math.isnan(value)


def side_of(value: float, line: float) -> int:
    """Below, on or above the line; equal numbers may differ in their last digit."""
    if not known(value) or not known(line) or math.isclose(value, line, rel_tol=1e-12):
        return 0
    return 1 if value > line else -1


def slow_limits(values: Series, screen: bool) -> tuple[float, float]:
    """Mean and mean moving range, NaN where there is none."""
    there = [value for value in values if known(value)]
    mean = sum(there) / len(there) if there else math.nan
    steps = [abs(b - a) for a, b in pairwise(values)]
    steps = [step for step in steps if known(step)]
    if screen and any(steps):
        average = sum(steps) / len(steps)
        steps = [step for step in steps if step < 3.267 * average]
    return mean, sum(steps) / len(steps) if steps else math.nan


def slow_rules(values: Series, mean: float, average: float) -> list[set[Rule]]:
    """The rules that mark each point."""
    marks: list[set[Rule]] = [set() for _ in values]
    upper, lower = mean + 2.66 * average, mean - 2.66 * average
    near_upper, near_lower = mean + 2 * 2.66 / 3 * average, mean - 2 * 2.66 / 3 * average
    beyond = [side_of(v, upper) > 0 or side_of(v, lower) < 0 for v in values]
    close = [
        not out and (side_of(v, near_upper) > 0 or side_of(v, near_lower) < 0)
        for v, out in zip(values, beyond, strict=True)
    ]
    for month, out in enumerate(beyond):
        if out:
            marks[month].add(Rule.OUTSIDE)
    for start in range(len(values) - 6):
        window = values[start : start + 7]
        if abs(sum(side_of(b, a) for a, b in pairwise(window))) == 6:
            for month in range(start, start + 7):
                marks[month].add(Rule.TREND)
        if abs(sum(side_of(value, mean) for value in window)) == 7:
            for month in range(start, start + 7):
                marks[month].add(Rule.SHIFT)
    for start in range(len(values) - 2):
        three = range(start, start + 3)
        one_side = abs(sum(side_of(values[month], mean) for month in three)) == 3
        if one_side and sum(close[month] for month in three) >= 2:
            for month in three:
                if close[month]:
                    marks[month].add(Rule.TWO_OF_THREE)
    return marks


def bumpy(rng: np.random.Generator, months: int) -> np.ndarray:
    """Series of few different values with gaps, runs, slopes and constant stretches."""
    kinds = rng.integers(0, 4, size=(SERIES, 1))
    base = np.where(kinds == 0, 3.0, rng.integers(0, 6, size=(SERIES, months)))
    base = np.where(kinds == 1, np.round(rng.normal(size=(SERIES, months)), 1), base)
    slope = np.arange(months) * rng.choice([-0.4, 0.0, 0.3], size=(SERIES, 1))
    base = np.where(kinds == 2, base / 3 + slope, base)
    return np.where(rng.random((SERIES, months)) < 0.06, np.nan, base)


@pytest.mark.parametrize("months", [1, 2, 6, 9, 30])
@pytest.mark.parametrize("screen", [True, False])
def test_an_xmr_chart_point_by_point(months: int, screen: bool) -> None:
    values = bumpy(np.random.default_rng(SEED + months), months)
    chart = xmr.chart(values, screen=screen)
    [limits] = chart.segments
    marked = 0
    for row, series in enumerate(values.tolist()):
        mean, average = slow_limits(series, screen)
        assert limits.mean[row] == pytest.approx(mean, nan_ok=True)
        assert limits.upper[row] == pytest.approx(mean + 2.66 * average, nan_ok=True)
        assert limits.lower[row] == pytest.approx(mean - 2.66 * average, nan_ok=True)
        first = [min(rules, default=Rule.NONE) for rules in slow_rules(series, mean, average)]
        assert chart.rule[row].tolist() == first
        marked += sum(rule != Rule.NONE for rule in first)
    assert (marked > 0) == (months > 2), "with hardly any point marked nothing is compared"


def test_a_rebased_chart_is_the_charts_of_its_parts() -> None:
    values = bumpy(np.random.default_rng(SEED), 40)
    whole = xmr.chart(values, rebase=[15, 31], fix_after_n_points=8)
    for segment in whole.segments:
        part = slice(segment.first, segment.last + 1)
        alone = xmr.chart(values[:, part], fix_after_n_points=8)
        assert (whole.rule[:, part] == alone.rule).all()
        assert (whole.met[:, part] == alone.met).all()
        np.testing.assert_array_equal(segment.upper, alone.segments[0].upper)


def test_dates_of_detection_by_looking_every_month() -> None:
    values = bumpy(np.random.default_rng(SEED), 26)[:40]
    seen = xmr.dates_of_detection(values, rebase=[14])
    for row, series in enumerate(values.tolist()):
        first = [-1] * len(series)
        for now in range(len(series)):
            parts = [series[:14], series[14 : now + 1]] if now >= 14 else [series[: now + 1]]
            marks = [m for part in parts for m in slow_rules(part, *slow_limits(part, True))]
            for month, rules in enumerate(marks):
                if rules and first[month] < 0:
                    first[month] = now
        assert seen[row].tolist() == first


def test_runs_one_after_the_other() -> None:
    values = bumpy(np.random.default_rng(SEED), 24)
    found = runs.anhoej(values)
    for row, series in enumerate(values.tolist()):
        there = sorted(value for value in series if known(value))
        middle = (there[(len(there) - 1) // 2] + there[len(there) // 2]) / 2
        sides = [side for side in (side_of(value, middle) for value in series) if side]
        lengths = [len(list(run)) for _, run in groupby(sides)]
        assert found.useful[row] == len(sides)
        assert found.longest[row] == max(lengths, default=0)
        assert found.crossings[row] == max(len(lengths) - 1, 0)


def slow_openprescribing(series: Series, window: int) -> list[int]:
    """Alerts of one series, told as one would tell it."""
    alerts: list[int] = []
    goal = limit = high = low = 0.0
    start = next((m for m in range(len(series)) if any(map(known, series[m : m + window]))), None)
    for month, now in enumerate(series):
        before = alerts[-1] if alerts else 0
        if start is None:
            alerts.append(0)
            continue
        recent = series[max(month - window, 0) : month]
        anew = month <= start
        if anew:
            recent = series[month : month + window]
        there = [value for value in recent if known(value)]
        if anew or before:
            goal = sum(there) / len(there) if there else math.nan
        own = math.nan
        if there:
            mean = sum(there) / len(there)
            own = 5 * math.sqrt(sum((value - mean) ** 2 for value in there) / len(there))

        def added(total: float, slack: float, now: float = now, goal: float = goal) -> float:
            return total + now - goal + slack

        def up(total: float) -> float:
            return round(total, 2) if total > 0 else 0.0  # of NaN too

        def down(total: float) -> float:
            return round(total, 2) if total < 0 else 0.0

        more = up(added(high, -limit / 10)), down(added(low, limit / 10))
        if anew or (before > 0 and not more[0] > high) or (before < 0 and not more[1] < low):
            limit = own
            more = up(added(0.0, -limit / 10)), down(added(0.0, limit / 10))
        high, low = more
        alerts.append(1 if high > limit else -1 if low < -limit else 0)
    return alerts


@pytest.mark.parametrize("window", [3, 12])
def test_openprescribings_cusum_month_by_month(window: int) -> None:
    # An odd unit: of a sum of just half a hundredth, the last binary digit would decide.
    values = bumpy(np.random.default_rng(SEED), 36) * 0.0973
    values[:20, :15] = np.nan
    values[0] = np.nan
    found = cusum.openprescribing(values, window=window).alert
    differing = [
        row
        for row, series in enumerate(values.tolist())
        if found[row].tolist() != slow_openprescribing(series, window)
    ]
    assert differing == []
    assert (found != 0).any(axis=1).sum() > SERIES / 10
