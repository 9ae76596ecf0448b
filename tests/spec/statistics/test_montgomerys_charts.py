"""The control charts of Montgomery's "Introduction to Statistical Quality Control", in numbers.

Each row: what was counted or measured, how the chart is drawn, and the centre line and limits to
the digits that the book, or software that follows it, prints.
"""

from __future__ import annotations

import numpy as np
import pytest

from bluelamp.statistics.charts import xmr
from bluelamp.statistics.charts.attributes import c_chart, p_chart, u_chart
from bluelamp.statistics.charts.individuals import i_chart, mr_chart
from bluelamp.statistics.charts.limits import Limits
from bluelamp.statistics.charts.rare import t_chart
from bluelamp.statistics.charts.subgroups import s_chart, x_bar_chart

# example 6.5: costs of processing a loan, in 20 weeks
COSTS = """310 288 297 298 307 303 294 297 308 306 294 299 297 299 314 295 293 306 301 304"""

# example 7.1: leaking cans of 50, in 30 samples; samples 15 and 23 had causes that were found
CANS = """12 15 8 10 4 7 16 9 14 10 5 6 17 12 22 8 10 5 13 11 20 18 24 15 9 12 7 13 9 6"""

# example 7.3: faults on 26 boards; samples 6 and 20 had causes that were found
BOARDS = """21 24 16 12 15 5 28 20 31 25 20 24 16 19 10 17 13 22 18 39 30 24 16 19 17 15"""

# example 7.4: faulty shipments of 50, in 20 weeks
SHIPMENTS = """2 3 8 1 1 4 1 4 5 1 8 2 4 3 4 1 8 3 7 4"""

# example 7.6: hours between failures of a valve
VALVE = """286 948 536 124 816 729 4 143 431 8 2837 596 81 227 603 492 1199 1214 2831 96"""


def numbers(text: str) -> np.ndarray:
    return np.array([float(number) for number in text.split()])


def but(months: int, *left_out: int) -> np.ndarray:
    return ~np.isin(np.arange(1, months + 1), left_out)


#            chart                                             centre    lower     upper  decimals
TABLE = {
    "I": (i_chart(numbers(COSTS)), 300.5, 279.783, 321.217, 3),
    "MR": (mr_chart(numbers(COSTS)), 7.789, 0.0, 25.448, 3),
    "p": (p_chart(numbers(CANS), [50.0], baseline=but(30, 15, 23)), 0.215, 0.0407, 0.3893, 4),
    "c": (c_chart(numbers(BOARDS), baseline=but(26, 6, 20)), 19.667, 6.363, 32.971, 3),
    "u": (u_chart(numbers(SHIPMENTS), [50.0]), 0.074, 0.0, 0.1894, 4),
    "T": (t_chart(numbers(VALVE)), 430.04, 0.0, 6937.93, 2),
}


@pytest.mark.parametrize(
    ("chart", "centre", "lower", "upper", "decimals"), TABLE.values(), ids=TABLE
)
def test_a_chart_has_the_lines_of_the_book(
    chart: Limits, centre: float, lower: float, upper: float, decimals: int
) -> None:
    found = [round(float(line[-1]), decimals) for line in (chart.centre, chart.lower, chart.upper)]
    assert found == [centre, lower, upper]


def test_the_samples_with_causes_are_outside() -> None:
    """Without them the limits of the cans are narrower, and sample 21 lies outside too."""
    assert (np.flatnonzero(TABLE["p"][0].outside) + 1).tolist() == [15, 21, 23]
    boards = TABLE["c"][0].outside
    assert {month + 1: int(boards[month]) for month in np.flatnonzero(boards)} == {6: -1, 20: 1}


#  measurements in a group:  A3     B3     B4   (the book's appendix VI)
FACTORS = {2: (2.659, 0.0, 3.267), 5: (1.427, 0.0, 2.089), 10: (0.975, 0.284, 1.716)}


@pytest.mark.parametrize("size", FACTORS)
def test_limits_of_groups_are_the_factors_of_the_book_times_the_mean_deviation(size: int) -> None:
    a3, b3, b4 = FACTORS[size]
    means, spread = x_bar_chart([7.0, 9.0], [0.8, 1.2], [size] * 2), s_chart([0.8, 1.2], [size] * 2)
    assert means.centre.tolist() == [8, 8]
    assert round(float(means.upper[0]) - 8, 3) == a3
    assert round(8 - float(means.lower[0]), 3) == a3
    assert [round(float(line[0]), 3) for line in (spread.lower, spread.upper)] == [b3, b4]


def test_unequal_groups_are_pooled_and_have_limits_of_their_own() -> None:
    chart = x_bar_chart(
        [10.0, 13.0, 99.0], [2.0, 1.0, np.nan], [3, 6, 1], baseline=[True, True, False]
    )
    assert chart.centre[0] == pytest.approx((30 + 78) / 9)
    pooled = np.sqrt((2 * 4 + 5 * 1) / 7)
    assert chart.upper[0] - 12 == pytest.approx(3 * pooled / (0.886227 * np.sqrt(3)), rel=1e-6)
    assert chart.upper[1] < chart.upper[0]
    assert np.isnan(chart.upper[2])


# twenty standard normal values, from R after set.seed(123)
RNORM = """
    -0.56047565 -0.23017749 1.55870831 0.07050839 0.12928774 1.71506499 0.46091621 -1.26506123
    -0.68685285 -0.44566197 1.2240818 0.35981383 0.40077145 0.11068272 -0.55584113 1.78691314
    0.49785048 -1.96661716 0.7013559 -0.47279141
"""

#  the 15th value replaced, screened?   mean        lower      upper
XMR = [
    (None, True, 0.1416238, -3.01138, 3.294627),
    (10.0, True, 0.6694159, -2.383666, 3.722497),
    (10.0, False, 0.6694159, -4.596625, 5.935457),
]


@pytest.mark.parametrize(("fifteenth", "screen", "mean", "lower", "upper"), XMR)
def test_the_nhs_xmr_chart_of_twenty_normal_values(
    fifteenth: float | None, screen: bool, mean: float, lower: float, upper: float
) -> None:
    values = numbers(RNORM)
    values[14] = fifteenth or values[14]
    [limits] = xmr.chart(values, screen=screen).segments
    found = [float(limits.mean), float(limits.lower), float(limits.upper)]
    assert found == pytest.approx([mean, lower, upper], rel=2e-6)
