"""The named charts at their edges: nothing known, one month, nothing that moves, ties."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bluelamp.statistics.charts import cusum, runs, xmr
from bluelamp.statistics.charts.attributes import c_chart, p_chart, u_chart
from bluelamp.statistics.charts.individuals import i_chart, mr_chart
from bluelamp.statistics.charts.laney import p_prime_chart, u_prime_chart
from bluelamp.statistics.charts.limits import Limits
from bluelamp.statistics.charts.normalised import i_prime_chart
from bluelamp.statistics.charts.rare import g_chart, t_chart
from bluelamp.statistics.charts.subgroups import s_chart, x_bar_chart

Draw = Callable[[np.ndarray], Limits]


def like(value: np.ndarray, number: float) -> np.ndarray:
    return np.full(np.shape(value), number)


# each draws whole counts of 0 to 50
DRAW: dict[str, Draw] = {
    "i": i_chart,
    "mr": mr_chart,
    "p": lambda n: p_chart(n, like(n, 50)),
    "u": lambda n: u_chart(n, like(n, 3)),
    "c": c_chart,
    "p'": lambda n: p_prime_chart(n, like(n, 50)),
    "u'": lambda n: u_prime_chart(n, like(n, 3)),
    "i'": lambda n: i_prime_chart(n, like(n, 3)),
    "g": g_chart,
    "t": lambda n: t_chart(n + 1),
    "x-bar": lambda n: x_bar_chart(n, like(n, 2), like(n, 5)),
    "s": lambda n: s_chart(n, like(n, 5)),
}
each_chart = pytest.mark.parametrize("draw", DRAW.values(), ids=DRAW)

whole = st.integers(0, 50).map(float)
some_unknown = arrays.arrays(
    float,
    arrays.array_shapes(min_dims=1, max_dims=3, max_side=12),
    elements=whole | st.just(np.nan),
)


@each_chart
@settings(max_examples=40)
@given(values=some_unknown)
def test_a_chart_has_the_shape_of_its_series_and_its_lines_in_order(
    draw: Draw, values: np.ndarray
) -> None:
    chart = draw(values)
    for part in (chart.value, chart.centre, chart.lower, chart.upper, chart.outside):
        assert part.shape == values.shape
    told = np.isfinite(chart.lower) & np.isfinite(chart.upper)
    assert (chart.lower[told] <= chart.upper[told]).all()
    assert not chart.outside[~np.isfinite(chart.value)].any()


@each_chart
@settings(max_examples=25)
@given(values=arrays.arrays(float, (3, 9), elements=whole | st.just(np.nan)))
def test_a_series_is_drawn_as_if_it_were_alone(draw: Draw, values: np.ndarray) -> None:
    together = draw(values)
    for row in range(3):
        alone = draw(values[row])
        np.testing.assert_array_equal(together.upper[row], alone.upper)
        np.testing.assert_array_equal(together.outside[row], alone.outside)


@each_chart
def test_of_nothing_known_there_is_no_line_and_no_alarm(draw: Draw) -> None:
    chart = draw(np.full((2, 4), np.nan))
    assert np.isnan(chart.centre).all()
    assert not chart.outside.any()


@each_chart
def test_no_months_is_a_mistake(draw: Draw) -> None:
    with pytest.raises(ValueError, match="at least one month"):
        draw(np.empty((3, 0)))


@each_chart
@given(level=st.sampled_from([0.0, 0.1, 1 / 3, 0.7, 7.0, 49.9]), months=st.integers(1, 40))
@settings(max_examples=25)
def test_a_series_that_never_moves_does_not_alarm(draw: Draw, level: float, months: int) -> None:
    """The mean of equal numbers may differ from them in the last digit."""
    assert not draw(np.full(months, level)).outside.any()


@given(level=st.floats(-1e9, 1e9, allow_nan=False), months=st.integers(1, 40))
def test_an_xmr_chart_that_never_moves_has_limits_and_marks_nothing(
    level: float, months: int
) -> None:
    chart = xmr.chart(np.full(months, level))
    assert not chart.rule.any()
    assert chart.variation == "common_cause"
    [limits] = chart.segments
    assert np.isfinite(limits.mean)
    assert np.isfinite(limits.upper) == (months > 1)


@given(
    values=arrays.arrays(
        float, st.tuples(st.just(2), st.integers(1, 30)), elements=whole | st.just(np.nan)
    ),
    factor=st.sampled_from([1e-6, 0.5, 3.0, 1e6]),
)
def test_an_xmr_chart_turned_over_or_in_other_units_marks_the_same_points(
    values: np.ndarray, factor: float
) -> None:
    chart = xmr.chart(values, improvement=1)
    over = xmr.chart(-factor * values, improvement=-1)
    assert (over.rule == chart.rule).all()
    assert (over.direction == -chart.direction).all()
    assert (over.began == chart.began).all()
    assert (over.point_type == chart.point_type).all()


@given(
    values=arrays.arrays(
        float, st.tuples(st.just(2), st.integers(1, 25)), elements=whole | st.just(np.nan)
    ),
    fixed=st.none() | st.integers(2, 8),
)
@settings(max_examples=30, deadline=None)  # the chart is drawn for every month
def test_dates_stand_in_their_order(values: np.ndarray, fixed: int | None) -> None:
    """A run begins no later than its point, which nobody sees before its month."""
    chart = xmr.chart(values, fix_after_n_points=fixed)
    seen = xmr.dates_of_detection(values, fix_after_n_points=fixed)
    marked, month = chart.rule != 0, np.broadcast_to(np.arange(values.shape[1]), values.shape)
    assert (chart.began[marked] <= month[marked]).all()
    assert (chart.began[marked] >= 0).all()
    assert (chart.began[~marked] == -1).all()
    assert (seen[marked] >= month[marked]).all()


def test_months_on_the_mean_break_a_run_even_where_the_mean_is_not_exact() -> None:
    values = np.array([0.3, 0.3, 0.3, 0.2, 0.3, 0.3, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2])
    assert values.mean() != 0.2  # 0.2 and a few binary digits
    assert not (xmr.chart(values).rule == 4).any()


def test_a_step_over_a_month_not_known_is_no_step() -> None:
    [limits] = xmr.chart([1.0, 2.0, np.nan, 50.0, 51.0]).segments
    assert limits.upper - limits.mean == pytest.approx(2.66)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"improvement": 2}, "improvement is 1"),
        ({"rebase": [3]}, "outside the 3 months"),
        ({"rebase": [-1]}, "outside the 3 months"),
        ({"fix_after_n_points": 1}, "two months at least"),
    ],
)
def test_what_an_xmr_chart_refuses(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        xmr.chart([1.0, 2.0, 3.0], **wrong)  # type: ignore[arg-type] # that is the point


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: c_chart([-1, 2]), "below 0"),
        (lambda: p_chart([3, 2], [2, 2]), "at most 1"),
        (lambda: t_chart([0.0, 2]), "0 or less"),
        (lambda: i_chart([1.0, 2], baseline=[1, 0]), "True for each month"),
        (lambda: i_chart([1.0, 2], baseline=[False, False]), "no month"),
        (lambda: cusum.two_sided([1.0], target=0, deviation=0), "more than 0"),
        (lambda: cusum.average_run_length(0, slack=0), "more than 0"),
        (lambda: cusum.openprescribing([1.0], window=0), "1 month or more"),
    ],
)
def test_what_the_charts_refuse(mistake: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        mistake()


@given(values=some_unknown)
@settings(max_examples=40)
def test_runs_and_sums_keep_the_shape_and_stay_silent_on_nothing(values: np.ndarray) -> None:
    found = runs.anhoej(values)
    assert found.signal.shape == values.shape[:-1]
    assert (found.crossings < np.maximum(found.useful, 1)).all()
    nothing = np.isnan(values).all(axis=-1)
    assert not found.signal[nothing].any()
    sums = cusum.openprescribing(values / 100)
    assert sums.alert.shape == values.shape
    assert not sums.alert[nothing].any()
    classical = cusum.two_sided(values, target=25, deviation=5)
    assert (classical.high >= 0).all()
    assert (classical.low <= 0).all()
    assert not classical.alert[nothing].any()


@given(level=st.sampled_from([0.1, 1 / 3, 0.7]), months=st.integers(1, 40))
def test_cusums_of_what_never_moves_stay_silent(level: float, months: int) -> None:
    assert not cusum.openprescribing(np.full(months, level)).alert.any()
    assert not runs.anhoej(np.full(months, level)).signal


@given(shift=st.floats(0, 3), more=st.floats(0.01, 1))
@settings(max_examples=6, deadline=None)  # two hundred equations are solved four times
def test_a_larger_shift_is_seen_sooner_on_whichever_side(shift: float, more: float) -> None:
    near, far, other = cusum.average_run_length([shift, shift + more, -shift])
    assert far < near
    assert other == pytest.approx(near)
