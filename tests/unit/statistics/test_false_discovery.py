"""q-values: a worked example, a slow twin, and the properties a reader relies on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.statistics.false_discovery import benjamini_hochberg

P_VALUES = st.lists(st.one_of(st.floats(0, 1), st.just(math.nan)), max_size=40)


def slow(p_values: list[float]) -> list[float]:
    """For each test: the least level at which Benjamini and Hochberg's rule would list it."""
    tested = sorted(p for p in p_values if not math.isnan(p))
    answer = []
    for p in p_values:
        if math.isnan(p):
            answer.append(math.nan)
            continue
        levels = [
            value * len(tested) / rank for rank, value in enumerate(tested, start=1) if value >= p
        ]
        answer.append(min(levels))
    return answer


def test_the_worked_example_of_1995() -> None:
    """Benjamini & Hochberg (1995), section 3.2: of fifteen tests four are listed at 5%."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.0000]  # fmt: skip
    assert (benjamini_hochberg(p) <= 0.05).tolist() == [True] * 4 + [False] * 11


@given(P_VALUES)
def test_the_slow_twin_agrees(p_values: list[float]) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(slow(p_values), nan_ok=True)


@given(P_VALUES, st.randoms())
def test_the_order_of_the_tests_does_not_matter(p_values: list[float], random: object) -> None:
    order = np.random.default_rng(random.randrange(2**32)).permutation(len(p_values))
    p = np.array(p_values, dtype=float)
    assert benjamini_hochberg(p[order]) == pytest.approx(benjamini_hochberg(p)[order], nan_ok=True)


def test_what_was_not_tested_does_not_count() -> None:
    assert benjamini_hochberg([0.01, math.nan, 0.04]) == pytest.approx(
        [0.02, math.nan, 0.04], nan_ok=True
    )
    assert benjamini_hochberg([]).shape == (0,)
    assert np.isnan(benjamini_hochberg([[math.nan, math.nan]])).all()


@pytest.mark.parametrize("impossible", [-0.01, 1.01])
def test_what_is_no_p_value_is_refused(impossible: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([0.5, impossible])


def test_few_of_what_is_listed_is_false() -> None:
    """900 tests without, 100 with a planted effect: of those listed about 4.5% should be false."""
    rng = np.random.default_rng(19)
    shares = []
    for _ in range(60):
        p = rng.uniform(size=1_000)
        p[:100] = rng.uniform(size=100) ** 12
        listed = benjamini_hochberg(p) <= 0.05
        shares.append(listed[100:].sum() / max(listed.sum(), 1))
    assert 0.02 < np.mean(shares) < 0.06
