"""Chance as promised: means of one, the stated spread, and mild autocorrelation."""

from __future__ import annotations

from statistics import fmean

import numpy as np
import pytest

from bluelamp.periods import Month, months_between
from bluelamp.places import Gazetteer
from bluelamp.synthetic import recorded_crime
from bluelamp.synthetic.categories import CATEGORIES
from bluelamp.synthetic.draws import calendar_shape, counts, shared_out, shocks, stream
from bluelamp.synthetic.setting import Setting

MONTHS = tuple(months_between(Month(2015, 4), Month(2026, 2)))


def autocorrelation(values: np.ndarray) -> float:
    off = values - values.mean()
    return float((off[1:] * off[:-1]).sum() / (off * off).sum())


def test_a_year_of_days_and_season_is_a_year() -> None:
    shape = calendar_shape(months_between(Month(2023, 1), Month(2026, 12)), peak=7, swing=0.3)
    assert shape.mean() == pytest.approx(1, abs=0.005)
    july, january = shape[6], shape[0]
    assert july / january == pytest.approx(1.3 / 0.7)
    february_of_a_leap_year, february = shape[13], shape[1]
    assert february_of_a_leap_year / february == pytest.approx(29 / 28)


@pytest.mark.parametrize(("phi", "sd"), [(0.0, 0.1), (0.3, 0.04), (0.8, 0.2)])
def test_shocks_have_mean_one_and_the_nature_asked_for(phi: float, sd: float) -> None:
    drawn = shocks(stream(1, "test"), (200, 1_000), (phi, sd))
    assert drawn.mean() == pytest.approx(1, abs=0.01)
    log = np.log(drawn)
    assert log.std() == pytest.approx(sd, rel=0.05)
    assert fmean(autocorrelation(row) for row in log) == pytest.approx(phi, abs=0.02)


@pytest.mark.parametrize("mean", [0.3, 4.0, 250.0])
def test_counts_have_the_mean_and_more_than_poisson_variance(mean: float) -> None:
    drawn = counts(stream(1, "test"), np.full(200_000, mean), dispersion=1.3)
    assert drawn.mean() == pytest.approx(mean, rel=0.02)
    assert drawn.var() / mean == pytest.approx(1.3, rel=0.03)


def test_what_is_shared_out_adds_up_and_follows_the_weights() -> None:
    totals = np.array([0, 1, 10_000])
    dealt = shared_out(stream(1, "test"), totals, np.array([1.0, 3.0]))
    assert dealt.sum(axis=-1).tolist() == [0, 1, 10_000]
    assert dealt[2, 1] == pytest.approx(7_500, rel=0.03)


def test_a_stream_is_its_own_and_the_same_every_time() -> None:
    first = stream(7, "one").random(3).tolist()
    assert first == stream(7, "one").random(3).tolist()
    assert first != stream(7, "another").random(3).tolist()
    assert first != stream(8, "one").random(3).tolist()


def test_londons_total_is_mildly_autocorrelated_and_a_boroughs_burglary_hardly(
    gazetteer: Gazetteer,
) -> None:
    rows = [k for k, category in enumerate(CATEGORIES) if category.major == "BURGLARY"]
    total, burglary = [], []
    for seed in range(25):
        crime = recorded_crime.draw(Setting(gazetteer, {}, seed, MONTHS, ()))
        ratio = crime.counts.sum(axis=(0, 1)) / crime.unplanted.sum(axis=(0, 1))
        total.append(autocorrelation(np.log(ratio)))
        croydon = crime.places.index("E09000008")
        place = crime.counts[rows, croydon].sum(axis=0) / crime.unplanted[rows, croydon].sum(axis=0)
        burglary.append(autocorrelation(np.log(place)))
    assert 0.2 < fmean(total) < 0.4
    assert abs(fmean(burglary)) < 0.1
