"""Intervals of proportions: the worked numbers of the field, and what holds for all of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.statistics.intervals import byar
from bluelamp.statistics.intervals import wilson as wilson_of_counts
from bluelamp.statistics.survey import intervals
from bluelamp.statistics.survey.intervals import margin, newcombe, proportion_interval, wilson


def rows(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.strip("\n").splitlines() if "--- +" not in line]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines[1:] if line.strip()]


WORKED = """
    of      | lower   | upper
    ------- + ------- + ------
    81/263  | .2553   | .3662
    15/148  | .0624   | .1605
    0/20    | .0000   | .1611
    1/29    | .0061   | .1718
    1/100   | .0017674| .0544962
"""
DIFFERENCES = """
    first | second | lower  | upper
    ----- + ------ + ------ + -----
    56/70 | 48/80  | .0524  | .3339
    9/10  | 3/10   | .1705  | .8090
    6/7   | 2/7    | .0582  | .8062
    5/56  | 0/29   | -.0381 | .1926
    0/10  | 0/20   | -.1611 | .2775
    10/10 | 0/10   | .6075  | 1
"""
PRECISION = """
    asked  | design effect | share | points either way
    ------ + ------------- + ----- + -----------------
    12,800 | 1.6           | .6    | 1.1
    400    | 1             | .6    | 4.8
    400    | 1.6           | .6    | 6.1
    100    | 1.6           | .6    | 12.1
"""


def part(text: str) -> tuple[float, float]:
    above, below = text.split("/")
    return float(above) / float(below), float(below)


@pytest.mark.parametrize(("of", "lower", "upper"), rows(WORKED))
def test_wilsons_interval(of: str, lower: str, upper: str) -> None:
    found = wilson(*part(of))
    assert found == pytest.approx((float(lower), float(upper)), abs=6e-5)
    share, people = part(of)
    assert found == pytest.approx(wilson_of_counts(round(share * people), people))


@pytest.mark.parametrize(("first", "second", "lower", "upper"), rows(DIFFERENCES))
def test_newcombes_interval_of_a_difference(
    first: str, second: str, lower: str, upper: str
) -> None:
    found = newcombe(*part(first), *part(second))
    assert found == pytest.approx((float(lower), float(upper)), abs=6e-5)


@pytest.mark.parametrize(("asked", "effect", "share", "points"), rows(PRECISION))
def test_what_a_published_percentage_can_tell(
    asked: str, effect: str, share: str, points: str
) -> None:
    found = margin(float(share), float(asked.replace(",", "")), float(effect))
    assert round(100 * float(found), 1) == float(points)


def test_a_change_between_two_borough_years_is_half_as_unsure_again() -> None:
    each = float(margin(0.6, 400, 1.6))
    assert 100 * np.hypot(each, each) == pytest.approx(8.6, abs=0.05)


def test_byars_interval_stands_with_the_counts() -> None:
    assert byar(65) == pytest.approx((50.163, 82.849), abs=5e-4)


@given(
    share=st.floats(0, 1), people=st.integers(5, 5_000), effect=st.floats(1, 4),
    freedom=st.integers(2, 500),
)  # fmt: skip
def test_every_interval_holds_its_estimate_and_stays_between_0_and_1(
    share: float, people: int, effect: float, freedom: int
) -> None:
    effective = people / effect
    for low, high in (
        wilson(share, effective, freedom),
        intervals.beta(share, effective, freedom),
        intervals.korn_graubard(share, people, effective, freedom),
    ):
        assert -1e-12 <= low <= share + 1e-9
        assert share - 1e-9 <= high <= 1 + 1e-12


def test_few_are_given_the_beta_interval_and_many_wilsons() -> None:
    given_few, given_many = (
        proportion_interval(
            x / 400, people=400, said=x, effective=300, kish=1.3, freedom=399
        )
        for x in (9, 10)
    )  # fmt: skip
    assert np.array(given_few) == pytest.approx(np.array(intervals.beta(9 / 400, 400 / 1.3, 399)))
    assert np.array(given_many) == pytest.approx(np.array(wilson(10 / 400, 300, 399)))
    nobody = proportion_interval(
        0.0, people=400, said=0, effective=np.nan, kish=1.3, freedom=399
    )  # fmt: skip
    assert nobody[0] == 0
    assert 0 < nobody[1] < 0.02


def test_a_missing_number_stays_missing_and_a_wrong_confidence_is_refused() -> None:
    assert np.isnan(wilson(np.nan, 100)).all()
    assert np.isnan(wilson(0.5, 0)).all()
    assert np.isnan(intervals.logit(0.0, 0.1)).all()
    with pytest.raises(ValueError, match="between 0 and 1"):
        wilson(0.5, 100, confidence=95)
