"""The published additive method: FunnelPlotR's numbers, and its known fault."""

from __future__ import annotations

import numpy as np
import pytest

from bluelamp.statistics.areas.overdispersion import (
    additive_score,
    dispersion,
    normal_limit,
    standardised,
    standardised_share,
    truncated,
    winsorised,
)

OBSERVED = [100, 150, 180, 80, 120, 225]
EXPECTED = [108, 112, 165, 95, 100, 220]


def test_the_numbers_that_funnelplotr_prints() -> None:
    y, s = standardised(OBSERVED, EXPECTED)
    found = dispersion(winsorised(y / s), s)
    assert found.phi == pytest.approx(2.32718, abs=5e-6)
    assert found.tau2 == pytest.approx(0.0034398, abs=5e-8)


def test_no_variance_is_found_where_chance_explains_all() -> None:
    y, s = standardised([100, 101, 99, 100], [100, 100, 100, 100])
    assert dispersion(y / s, s).tau2 == 0
    assert additive_score(y, s, 0.0) == pytest.approx(y / s)


def test_pulling_in_the_extremes_finds_too_little_between_areas() -> None:
    """Why it is not what we use: of a planted variance of .04 it finds not much more than half."""
    chance = np.random.default_rng(3)
    expected = np.full((400, 32), 400.0)
    observed = chance.poisson(expected * np.exp(chance.normal(0, 0.2, expected.shape)))
    y, s = standardised(observed, expected, "log")
    assert 0.02 < np.mean(dispersion(winsorised(y / s), s).tau2) < 0.03


def test_missing_areas_take_no_part() -> None:
    y, s = standardised([*OBSERVED, np.nan], [*EXPECTED, 100])
    y6, s6 = standardised(OBSERVED, EXPECTED)
    assert dispersion(y / s, s).phi == pytest.approx(dispersion(y6 / s6, s6).phi)
    assert dispersion(winsorised(y / s), s).tau2 == dispersion(winsorised(y6 / s6), s6).tau2


def test_an_area_without_events_has_no_logarithm() -> None:
    y, s = standardised([0, 5], [5, 5], "log")
    assert np.isnan([y[0], s[0]]).all()
    assert y[1] == 0


def test_leaving_out_the_extremes() -> None:
    kept = truncated(np.arange(11.0), 0.1)
    assert np.isnan(kept).sum() == 2
    assert kept[[1, 9]].tolist() == [1, 9]
    with pytest.raises(ValueError, match="less than a half"):
        winsorised([1, 2], 0.5)


def test_shares_are_put_on_the_scale_of_the_arcsine() -> None:
    y, s = standardised_share([50, 5, 3], [100, 10, 0], 0.5)
    assert y[:2] == pytest.approx([0, 0])
    assert s[:2] == pytest.approx([0.05, 0.5 / np.sqrt(10)])
    assert np.isnan(y[2])


def test_the_limit_of_a_funnel() -> None:
    assert normal_limit(0.998) == pytest.approx(3.0902, abs=1e-4)
