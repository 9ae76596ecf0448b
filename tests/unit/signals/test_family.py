"""One family over a whole release, in which no level drowns another."""

from __future__ import annotations

import numpy as np
import pytest

from bluelamp.signals.family import RATE, weights
from bluelamp.statistics.false_discovery import benjamini_hochberg

SIZES = {"force": 14, "borough": 640, "ward": 9300}
LEVELS = np.repeat(list(SIZES), list(SIZES.values()))
ALL = np.ones(LEVELS.shape, dtype=bool)


def q_values(p: np.ndarray) -> np.ndarray:
    return benjamini_hochberg(np.minimum(p / weights(LEVELS, ALL), 1))


def test_every_level_has_the_same_share_and_the_weights_average_one() -> None:
    weight = weights(LEVELS, ALL)
    assert weight.mean() == pytest.approx(1)
    shares = [weight[level == LEVELS].sum() for level in SIZES]
    assert shares == pytest.approx([LEVELS.size / 3] * 3)


def test_only_what_was_tested_is_shared_out() -> None:
    tested = (LEVELS == "force") | (np.arange(LEVELS.size) % 2 == 0)
    tested &= LEVELS != "borough"
    weight = weights(LEVELS, tested)
    assert weight[tested].mean() == pytest.approx(1)
    assert weight[tested & (LEVELS == "ward")].sum() == pytest.approx(tested.sum() / 2)


def test_with_one_level_it_is_benjamini_and_hochberg_as_it_stands() -> None:
    assert weights(np.repeat(["ward"], 50), np.ones(50, dtype=bool)).tolist() == [1.0] * 50


def test_a_change_in_the_whole_city_is_not_drowned_by_its_wards() -> None:
    p = np.random.default_rng(1).uniform(size=LEVELS.size)
    p[:1] = 0.0005
    assert q_values(p)[0] <= RATE
    assert benjamini_hochberg(p)[0] > RATE


def test_where_nothing_changed_one_release_in_twenty_tells_anything() -> None:
    draw = np.random.default_rng(2)
    told = [np.nanmin(q_values(draw.uniform(size=LEVELS.size))) <= RATE for _ in range(1000)]
    # 5% of 1,000 releases, give or take twice its standard error.
    assert np.mean(told) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 1000)


def test_of_what_is_told_one_in_twenty_is_chance() -> None:
    draw = np.random.default_rng(3)
    real = draw.uniform(size=LEVELS.size) < 0.02
    false_share = []
    for _ in range(200):
        p = draw.uniform(size=LEVELS.size)
        p[real] = draw.beta(0.05, 5, size=real.sum())
        told = q_values(p) <= RATE
        false_share.append((told & ~real).sum() / max(told.sum(), 1))
    assert np.mean(false_share) <= RATE + 2 * np.std(false_share) / np.sqrt(len(false_share))
