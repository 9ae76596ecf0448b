"""Mantel-Haenszel: the published numbers, tables that agree by making, and Simpson's paradox."""

from __future__ import annotations

import numpy as np
import pytest

from bluelamp.statistics.gaps import Estimate, rate_ratio, relative_rate_index
from bluelamp.statistics.strata import mantel_haenszel, simpson

# Admissions to Berkeley in 1973 by department: men admitted and not, women admitted and not.
BERKELEY = np.array(
    [
        (512, 313, 89, 19), (353, 207, 17, 8), (120, 205, 202, 391),
        (138, 279, 131, 244), (53, 138, 94, 299), (22, 351, 24, 317),
    ]
)  # fmt: skip


def of_men_and_women(table):
    return (
        table[..., 0],
        table[..., 0] + table[..., 1],
        table[..., 2],
        table[..., 2] + table[..., 3],
    )


def test_berkeley_as_r_has_it():
    found = mantel_haenszel(*of_men_and_women(BERKELEY), "odds")
    numbers = [float(found.value), float(found.lower), float(found.upper)]
    assert numbers == pytest.approx([0.9046968, 0.7719074, 1.0603298], rel=1e-6)
    whole = BERKELEY.sum(0)
    assert whole[0] * whole[3] / (whole[1] * whole[2]) == pytest.approx(1.84108, abs=1e-5)


def test_berkeley_is_the_case_in_which_the_gap_goes_when_departments_are_compared():
    a, of_a, b, of_b = of_men_and_women(BERKELEY)
    whole = relative_rate_index(a.sum(), of_a.sum(), b.sum(), of_b.sum())
    assert simpson(whole, mantel_haenszel(a, of_a, b, of_b, "risk")) == ["gone"]


@pytest.mark.parametrize("ratio", [0.5, 1.0, 3.0])
def test_strata_that_agree_give_the_ratio_they_agree_on(ratio):
    people = np.array([1_000, 5_000, 300.0]), np.array([9_000, 700, 4_000.0])
    level = np.array([0.01, 0.1, 0.04])
    for kind in ("rate", "risk"):
        found = mantel_haenszel(
            people[0] * level * ratio, people[0], people[1] * level, people[1], kind
        )
        assert float(found.value) == pytest.approx(ratio)
        assert found.lower < found.value < found.upper


def test_one_stratum_is_the_plain_ratio():
    found = mantel_haenszel([40], [200], [100], [1000], "risk")
    alone = relative_rate_index(40, 200, 100, 1000)
    assert float(found.value) == pytest.approx(float(alone.value))
    assert float(found.lower) == pytest.approx(float(alone.lower), rel=1e-6)
    rate, plain = (
        mantel_haenszel([40], [200], [100], [1000], "rate"),
        rate_ratio(40, 200, 100, 1000),
    )
    assert float(rate.upper) == pytest.approx(float(plain.upper), rel=1e-6)


def test_many_tables_at_once_are_each_by_itself():
    tables = np.stack([BERKELEY, BERKELEY[::-1], BERKELEY * 2])
    together = mantel_haenszel(*of_men_and_women(tables), "odds")
    for i, table in enumerate(tables):
        alone = mantel_haenszel(*of_men_and_women(table), "odds")
        assert float(alone.value) == pytest.approx(together.value[i])
        assert float(alone.upper) == pytest.approx(together.upper[i])


def test_a_stratum_with_something_missing_counts_for_nothing():
    whole = mantel_haenszel([4, 9], [40, 50], [6, 9], [70, 80], "rate")
    more = mantel_haenszel([4, 9, 5, 7], [40, 50, np.nan, 0], [6, 9, 5, 7], [70, 80, 9, 9], "rate")
    assert float(more.value) == pytest.approx(float(whole.value))
    nothing = mantel_haenszel([0, 0], [40, 50], [6, 9], [70, 80], "rate")
    assert np.isnan([nothing.value, nothing.lower, nothing.upper]).all()


def test_a_kind_that_is_none_is_refused():
    with pytest.raises(ValueError, match="'hazard' is not one of rate, risk, odds"):
        mantel_haenszel([1], [2], [1], [2], "hazard")


def estimate(lower: float, upper: float) -> Estimate:
    return Estimate(*(np.array(x) for x in ((lower + upper) / 2, lower, upper)))


@pytest.mark.parametrize(
    ("whole", "parts", "word"),
    [
        ((1.2, 1.5), (1.1, 1.4), "same"),
        ((0.9, 1.1), (0.8, 1.2), "same"),
        ((1.2, 1.5), (0.6, 0.8), "reversed"),
        ((0.6, 0.8), (1.2, 1.5), "reversed"),
        ((1.2, 1.5), (0.9, 1.1), "gone"),
        ((0.9, 1.1), (0.5, 0.7), "appears"),
        ((np.nan, np.nan), (0.5, 0.7), ""),
    ],
)
def test_what_taking_the_strata_apart_does(whole, parts, word):
    assert simpson(estimate(*whole), estimate(*parts)) == [word]
