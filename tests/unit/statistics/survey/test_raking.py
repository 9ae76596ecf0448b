"""Raking: it ends at the margins, says what it cost, and says why where it cannot."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.statistics.survey.raking import Margin, RakingFault, rake

SEX = ("f", "f", "m", "m")
AGE = ("young", "old", "young", "old")


def test_all_margins_hold_at_once() -> None:
    margins = [Margin("sex", SEX, {"f": 60, "m": 40}), Margin("age", AGE, {"young": 30, "old": 70})]
    raked = rake([1, 1, 1, 1], margins)
    assert raked.weights == pytest.approx([18, 42, 12, 28])
    assert (raked.ratio_lowest, raked.ratio_highest) == (pytest.approx(12), pytest.approx(42))
    assert raked.kish == pytest.approx(4 * (18**2 + 42**2 + 12**2 + 28**2) / 100**2)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_every_margin_is_met_to_one_in_ten_thousand_million(seed: int) -> None:
    rng = np.random.default_rng(seed)
    groups = [tuple(rng.integers(0, k, 300).astype(str)) for k in (2, 3, 5)]
    margins = []
    for name, each in zip("abc", groups, strict=True):
        shares = rng.dirichlet(np.full(len(set(each)), 5.0))
        margins.append(
            Margin(name, each, dict(zip(sorted(set(each)), 9_000 * shares, strict=True)))
        )
    weights = rake(rng.uniform(0.5, 2, 300), margins).weights
    for margin in margins:
        for group, total in margin.totals.items():
            found = weights[[g == group for g in margin.groups]].sum()
            assert found == pytest.approx(total, rel=1e-9)


FAULTS = [
    ([Margin("sex", SEX, {"f": 60})], "no total for m"),
    ([Margin("sex", SEX[:3], {"f": 60, "m": 40})], "tells of 3 people, and there are 4"),
    ([Margin("sex", SEX, {"f": 60, "m": -1})], "missing or below 0"),
    ([Margin("sex", SEX, {"f": 60, "m": 40, "x": 1})], "nobody of 'x'"),
    (
        [Margin("sex", SEX, {"f": 60, "m": 40}), Margin("age", AGE, {"young": 30, "old": 60})],
        "they must be the same people",
    ),
    (
        [
            Margin("sex", ("f", "f", "m", "m"), {"f": 60, "m": 40}),
            Margin("age", ("y", "y", "o", "o"), {"y": 50, "o": 50}),
        ],
        "after 1000 rounds '[fm]' of 'sex' is still off by",
    ),
]


@pytest.mark.parametrize(("margins", "words"), FAULTS)
def test_why_it_cannot(margins: list[Margin], words: str) -> None:
    with pytest.raises(RakingFault, match=words):
        rake([1, 1, 1, 1], margins)
