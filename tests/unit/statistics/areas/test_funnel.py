"""Limits of funnels: the printed numbers, and what holds at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.statistics.areas.funnel import (
    INNER,
    OUTER,
    proportion_limits,
    rate_sizes,
    ratio_limits,
    ratio_sizes,
)
from bluelamp.statistics.intervals import exact_poisson

# expected events | lower and upper 95% | lower and upper 99.8%
PRINTED = """
15 | .5596924 1.649348 | .3862650 2.082907
20 | .6108260 1.544419 | .4479107 1.902094
30 | .6746958 1.427562 | .5289724 1.702771
"""


@pytest.mark.parametrize("row", PRINTED.strip().splitlines())
def test_the_limits_that_funnelplotr_prints(row: str) -> None:
    events, inner, outer = (part.split() for part in row.split("|"))
    for confidence, printed in ((INNER, inner), (OUTER, outer)):
        found = ratio_limits(float(events[0]), confidence)
        assert found == pytest.approx([float(p) for p in printed], rel=1e-6)


@given(st.integers(1, 5_000), st.sampled_from([0.8, INNER, OUTER]))
def test_an_area_of_that_size_lies_just_on_the_limit(events: int, confidence: float) -> None:
    """The exact interval of a count turned round: where the expected events are an end of it."""
    sizes = ratio_sizes(events, confidence)
    fewest, most = exact_poisson(events, confidence)
    assert (sizes.upper, sizes.lower) == (fewest, most)
    assert sizes.lower_level < 1 < sizes.upper_level
    of_rate = rate_sizes(events, 50.0, confidence, per=1_000, years=2)
    assert of_rate.lower_level == pytest.approx(50 * sizes.lower_level)
    people = of_rate.lower
    assert events / people / 2 * 1_000 == pytest.approx(of_rate.lower_level)


@given(st.floats(0, 1), st.floats(1, 1e7))
def test_limits_of_a_share_hold_it_and_are_shares(share: float, people: float) -> None:
    lower, upper = proportion_limits(people, share)
    assert 0 <= lower <= share + 1e-12
    assert share - 1e-12 <= upper <= 1


def test_what_is_no_size_has_no_limits() -> None:
    for found in (*ratio_limits([0, -1, np.nan]), *proportion_limits([0, -1, np.nan], 0.5)):
        assert np.isnan(found).all()


def test_what_cannot_be_asked_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        ratio_limits(10, 95)
    with pytest.raises(ValueError, match="no funnel"):
        rate_sizes(10, 0.0)
