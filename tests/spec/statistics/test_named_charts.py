"""The named charts by worked numbers: Montgomery's, Wheeler's limits, CUSUM run lengths."""

from __future__ import annotations

import numpy as np
import pytest

from bluelamp.statistics.charts import cusum, runs, xmr
from bluelamp.statistics.charts.attributes import c_chart, p_chart, u_chart
from bluelamp.statistics.charts.individuals import i_chart
from bluelamp.statistics.charts.laney import p_prime_chart, u_prime_chart
from bluelamp.statistics.charts.normalised import i_prime_chart
from bluelamp.statistics.charts.rare import g_chart, t_chart

# --- XmR: one outlier among eighteen, with and without Nelson's screen

ONE_HIGH = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]


@pytest.mark.parametrize(
    ("screen", "lower", "mean", "upper"), [(True, -0.72, 1.94, 4.60), (False, -3.06, 1.94, 6.95)]
)
def test_the_screen_leaves_out_large_steps_once(
    screen: bool, lower: float, mean: float, upper: float
) -> None:
    [limits] = xmr.chart(ONE_HIGH, screen=screen).segments
    found = [round(float(end), 2) for end in (limits.lower, limits.mean, limits.upper)]
    assert found == [lower, mean, upper]


# --- counts by hand: the mean of all, and three of its own deviations either side


def test_a_p_chart_by_hand() -> None:
    """12, 8 and 10 of 100, 80 and 100: 30 of 280."""
    chart = p_chart([12, 8, 10], [100, 80, 100])
    share = 30 / 280
    reach = 3 * np.sqrt(share * (1 - share) / np.array([100, 80, 100]))
    np.testing.assert_allclose(chart.centre, share)
    np.testing.assert_allclose(chart.upper, share + reach)
    np.testing.assert_allclose(chart.lower, np.maximum(share - reach, 0))
    assert chart.value.tolist() == [0.12, 0.1, 0.1]


def test_limits_of_a_share_stay_between_none_and_all() -> None:
    chart = p_chart([9, 10, 8], [10, 10, 10])
    assert chart.upper.tolist() == [1.0, 1.0, 1.0]
    assert p_chart([0, 1, 1], [10, 10, 10]).lower.tolist() == [0.0, 0.0, 0.0]


def test_a_c_chart_by_hand() -> None:
    chart = c_chart([16, 20, 12, 16])
    assert (chart.centre[0], chart.lower[0], chart.upper[0]) == (16, 4, 28)


def test_a_u_chart_by_hand() -> None:
    chart = u_chart([8, 1, 3], [2, 1, 1], per=10)
    assert chart.value.tolist() == [40, 10, 30]
    assert chart.centre.tolist() == [30, 30, 30]
    assert chart.upper[1] == pytest.approx(10 * (3 + 3 * np.sqrt(3)))
    assert chart.lower.tolist() == [0, 0, 0]


# --- Laney: counts about 16 (deviation 4); 8 24 8 24 have z = -2 2 -2 2, so the spread is 4 / 1.128


def test_laneys_limits_are_those_of_the_plain_chart_times_the_spread_of_z() -> None:
    counts, ones = [8, 24, 8, 24], [1, 1, 1, 1]
    plain, wide = u_chart(counts, ones), u_prime_chart(counts, ones)
    assert wide.upper[0] - 16 == pytest.approx((plain.upper[0] - 16) * 4 / 1.128)
    assert wide.centre.tolist() == plain.centre.tolist()
    # of 100 each, p = 0.2 has the deviation 0.04
    shares = p_prime_chart([12, 28, 12, 28], [100] * 4)
    assert shares.upper[0] == pytest.approx(0.2 + 3 * 0.04 * 4 / 1.128)
    assert shares.lower[0] == 0


def test_laneys_limits_are_narrower_where_months_vary_less_than_chance() -> None:
    assert u_prime_chart([15, 16, 15, 16, 15], [1] * 5).upper[0] < c_chart([15, 16] * 3).upper[0]


# --- I': steps in units of what their sizes would lead one to expect


def test_an_i_prime_chart_by_hand() -> None:
    chart = i_prime_chart([10, 14, 8], [4, 12, 12])
    # steps 4 and 6 over sqrt(1/4 + 1/12) and sqrt(1/12 + 1/12)
    steps = [4 / np.sqrt(1 / 3), 6 / np.sqrt(1 / 6)]
    deviation = np.sqrt(np.pi / 2) * np.mean(steps)
    assert chart.centre[0] == pytest.approx((40 + 168 + 96) / 28)
    assert chart.upper[0] - chart.centre[0] == pytest.approx(3 * deviation / 2)
    assert chart.upper[1] - chart.centre[1] == pytest.approx(3 * deviation / np.sqrt(12))


def test_with_equal_sizes_i_prime_is_the_i_chart() -> None:
    """They differ by 1.128, which is 2 over the root of pi, rounded."""
    values = np.random.default_rng(4).normal(50, 5, size=(3, 30))
    even, plain = i_prime_chart(values, np.full((3, 30), 7)), i_chart(values)
    np.testing.assert_allclose(even.upper - even.centre, plain.upper - plain.centre, rtol=5e-4)


# --- rare events


def test_a_g_chart_by_hand() -> None:
    chart = g_chart([3, 0, 12, 1])
    assert chart.centre[0] == 2  # the median
    assert chart.upper[0] == pytest.approx(4 + 3 * np.sqrt(20))
    assert chart.lower[0] == 0


def test_a_t_chart_is_an_i_chart_of_the_times_to_the_power_1_over_3_6() -> None:
    times = np.array([286.0, 948, 536, 124, 816, 729, 4, 143, 431, 8])  # hours between failures
    chart, inner = t_chart(times), i_chart(times ** (1 / 3.6))
    assert chart.centre[0] == pytest.approx(inner.centre[0] ** 3.6)
    assert chart.upper[0] == pytest.approx(inner.upper[0] ** 3.6)
    assert inner.lower[0] < 0
    assert chart.lower[0] == 0


# --- Anhoej's rules, for ten useful values: a run of at most 6, at least 2 crossings

# side of each value: + above, - below, 0 on the line, . not known
#   sides             useful  longest  crossings  signal
ANHOEJ = """
    +-+-+-+-+-           10        1          9      no
    ++++++----           10        6          1     yes
    +++-++++--           10        4          3      no
    +++++++-+-           10        7          3     yes
    ++0++0++..+---       10        7          1     yes
    ++-                   3        2          1      no
    0000                  0        0          0      no
    ....                  0        0          0      no
"""


@pytest.mark.parametrize("line", ANHOEJ.strip().splitlines())
def test_the_longest_run_and_the_crossings(line: str) -> None:
    sides, useful, longest, crossings, signal = line.split()
    values = [{"+": 1.0, "-": -1.0, "0": 0.0, ".": np.nan}[side] for side in sides]
    found = runs.anhoej(values, 0.0)
    assert (int(found.useful), int(found.longest), int(found.crossings)) == (
        int(useful),
        int(longest),
        int(crossings),
    )
    assert bool(found.signal) is (signal == "yes")


#      useful values: longest run allowed, crossings needed (Anhoej & Olesen 2014)
ALLOWED = [(10, 6, 2), (12, 7, 3), (16, 7, 4), (20, 7, 6), (24, 8, 8), (60, 9, 23), (100, 10, 41)]


@pytest.mark.parametrize(("useful", "longest", "crossings"), ALLOWED)
def test_what_chance_allows(useful: int, longest: int, crossings: int) -> None:
    found = runs.anhoej(np.arange(useful), useful / 2 - 0.5)
    assert (found.useful, found.longest_allowed, found.crossings_needed) == (
        useful,
        longest,
        crossings,
    )


#     unchanged months: share of series that break a rule
BROKEN = {12: 0.013, 24: 0.033, 60: 0.043}


@pytest.mark.parametrize("months", BROKEN)
def test_how_often_unchanged_series_break_a_rule(months: int) -> None:
    values = np.random.default_rng(9).normal(size=(8000, months))
    assert runs.anhoej(values).signal.mean() == pytest.approx(BROKEN[months], abs=0.008)


def test_linked_months_break_the_rules_far_more_often() -> None:
    values = np.random.default_rng(9).normal(size=(8000, 24))
    for month in range(1, 24):
        values[:, month] += 0.4 * values[:, month - 1]
    assert runs.anhoej(values).signal.mean() == pytest.approx(0.24, abs=0.02)


# --- CUSUM

#  shift:       0      .25    .5    .75    1      1.5   2     3
RUN_LENGTHS = {
    4.0: [167.7, 74.2, 26.6, 13.3, 8.38, 4.75, 3.34, 2.19],
    5.0: [465.4, 139.5, 38.0, 17.05, 10.38, 5.75, 4.01, 2.57],
}


@pytest.mark.parametrize("threshold", RUN_LENGTHS)
def test_average_run_lengths_of_the_two_sided_cusum(threshold: float) -> None:
    """Montgomery's table 9.3, to the digits printed."""
    shifts = [0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3]
    found = cusum.average_run_length(shifts, slack=0.5, threshold=threshold)
    for length, told in zip(found, RUN_LENGTHS[threshold], strict=True):
        decimals = len(str(told).split(".")[1])
        assert round(float(length), decimals) == told


def test_simulated_run_lengths_are_those_of_the_chain() -> None:
    """After a shift of 1.5, in 4,000 series; the error of a mean of 5.75 is about 0.04."""
    values = np.random.default_rng(8).normal(1.5, 1, size=(4000, 60))
    alert = cusum.two_sided(values, target=0, deviation=1).alert != 0
    assert alert.any(axis=1).all()
    told = cusum.average_run_length(1.5)
    assert (alert.argmax(axis=1) + 1).mean() == pytest.approx(float(told), abs=0.16)


def test_both_sums_by_hand() -> None:
    """Target 10, deviation 2: slack 1, threshold 10. A month not known leaves both as they were."""
    found = cusum.two_sided([13, 15, np.nan, 18, 9, 2], target=10, deviation=2)
    assert found.high.tolist() == [2, 6, 6, 13, 11, 2]
    assert found.low.tolist() == [0, 0, 0, 0, 0, -7]
    assert found.alert.tolist() == [0, 0, 0, 1, 1, 0]


def test_openprescribing_takes_a_new_target_after_an_alert() -> None:
    """A step up from about 0.1 to 0.5: alerts while the sum grows, then 0.5 is the new target."""
    quiet, step = [0.1, 0.12, 0.08] * 4, [0.5] * 14
    found = cusum.openprescribing(quiet + step)
    assert found.alert.tolist() == [0] * 12 + [1] * 12 + [0] * 2
    assert found.target[[0, 12]].tolist() == pytest.approx([0.1, 0.1])
    assert found.target[-2:].tolist() == pytest.approx([0.5, 0.5])
