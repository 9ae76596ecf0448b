"""Two methods in common use beside ours: which series they read, and what they mark."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bluelamp.measures.series import Series
from bluelamp.signals.other_methods import by_other_methods
from bluelamp.statistics.charts import cusum, xmr

FORCE = "E23000001"
Make = Callable[..., Series]


def noise(months: int = 48, step: float = 0.0) -> np.ndarray:
    """About 100 a month with a standard deviation of 10; `step` is added in the newest 12."""
    values = 100 + 10 * np.random.default_rng(4).standard_normal((1, months))
    values[0, -12:] += step
    return values


def test_a_step_is_marked_by_both_and_steady_months_are_not(make_series: Make) -> None:
    (moved,) = by_other_methods([make_series(noise(step=60), level="force", areas=(FORCE,))], FORCE)
    (steady,) = by_other_methods(
        [make_series(np.tile([99.0, 101.0], (1, 24)), level="force", areas=(FORCE,))], FORCE
    )
    assert moved.flagged[0] == "2018-01"
    assert moved.alerts[0] in ("2018-01", "2018-02")
    assert (steady.flagged, steady.alerts) == ((), ())
    assert (moved.first, moved.last) == ("2016-01", "2018-12")


def test_both_are_the_named_charts_on_the_same_months(make_series: Make) -> None:
    values = noise(step=25)
    (reading,) = by_other_methods([make_series(values, level="force", areas=(FORCE,))], FORCE)
    newest = values[0, -36:]
    chart = xmr.chart(newest, fix_after_n_points=24)
    sums = cusum.two_sided(
        newest[24:], target=newest[:24].mean(), deviation=newest[:24].std(ddof=1)
    )
    assert reading.upper == pytest.approx(chart.segments[-1].upper)
    assert len(reading.flagged) == int((chart.met[24:] != 0).sum())
    assert len(reading.alerts) == int((sums.alert != 0).sum())


@pytest.mark.parametrize(
    "given",
    [
        {"level": "borough"},
        {"kind": "rate", "denominator": np.full((1, 48), 1_000.0)},
        {"monthly": False},
        {"areas": ("E23000034",)},
    ],
)
def test_what_they_are_not_asked_about(make_series: Make, given: dict[str, object]) -> None:
    options = {"level": "force", "areas": (FORCE,)} | given
    assert by_other_methods([make_series(noise(), **options)], FORCE) == ()


def test_a_series_with_a_gap_or_without_36_months_is_left_out(make_series: Make) -> None:
    gap = noise()
    gap[0, -5] = np.nan
    for values in (gap, noise(35)):
        series = make_series(values, level="force", areas=(FORCE,))
        assert by_other_methods([series], FORCE) == ()
