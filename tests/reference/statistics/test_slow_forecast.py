"""The forecast again: drawn ten thousands of times, and by a textbook's Kalman filter."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bluelamp.statistics import forecast
from bluelamp.statistics.change import days_of_months
from bluelamp.statistics.forecast import FAMILY, SLOPE_LEFT, Path, chance_of_year

SEED = 7
DRAWS = 20_000
FIRST = (2012, 1)


def waves(month: int, orders: range) -> list[float]:
    found = []
    for order in orders:
        found.append(math.cos(math.pi * order * month / 6))
        if order < 6:
            found.append(math.sin(math.pi * order * month / 6))
    return found


def covariance(path: Path, months: int) -> np.ndarray:
    """Month by month, how each answers to every shock there has been until then."""
    answers = []
    level, slope, noise = (np.zeros(3 * months) for _ in range(3))
    for month in range(months):
        first = month == 0
        step, push, jolt = np.eye(3 * months)[[month, months + month, 2 * months + month]]
        left = SLOPE_LEFT
        slope = left * slope + path.slope * (1 if first else math.sqrt(1 - left**2)) * push
        level = level + path.wander * step + slope
        link = path.correlation
        noise = link * noise + (1 if first else math.sqrt(1 - link**2)) * jolt
        spikes = path.irregularity * np.array(waves(month, range(3, 7)))
        answers.append(np.concatenate([level + noise, spikes]))
    return np.array([[one @ other for other in answers] for one in answers])


def simulated(values: np.ndarray, known: int, goal: float, family: tuple[Path, ...]) -> float:
    """Draws a member, then its noise's size, then season and level, then the months to come."""
    total = len(values)
    days = days_of_months(FIRST, total)
    z = np.sqrt(values[:known] / days[:known])
    free = np.array([[1.0, *waves(month, range(1, 3))] for month in range(total)])
    rng = np.random.default_rng(SEED)
    logs, parts = [], []
    for path in family:
        whole = covariance(path, total)
        root = np.linalg.cholesky(whole[:known, :known])
        white_z, white_free = (np.linalg.solve(root, each) for each in (z, free[:known]))
        beta, *_ = np.linalg.lstsq(white_free, white_z, rcond=None)
        left = float(np.sum((white_z - white_free @ beta) ** 2))
        gram = white_free.T @ white_free
        logs.append(
            path.log_prior
            - np.log(np.diag(root)).sum()
            - 0.5 * np.log(np.linalg.det(gram))
            - (known - 5) / 2 * math.log(left)
        )
        parts.append((whole, beta, left, gram))
    weights = np.exp(np.array(logs) - max(logs))
    met = []
    for (whole, beta, left, gram), many in zip(
        parts, rng.multinomial(DRAWS, weights / weights.sum()), strict=True
    ):
        if not many:
            continue
        size = np.sqrt(left / rng.chisquare(known - 5, size=many))
        season = np.linalg.cholesky(np.linalg.inv(gram))
        draws = beta + size[:, None] * (rng.normal(size=(many, 5)) @ season.T)
        gain = whole[known:, :known] @ np.linalg.inv(whole[:known, :known])
        rest = np.linalg.cholesky(whole[known:, known:] - gain @ whole[:known, known:])
        middle = draws @ free[known:].T + (z - draws @ free[:known].T) @ gain.T
        ahead = middle + size[:, None] * (rng.normal(size=(many, total - known)) @ rest.T)
        wanted = (ahead**2 * days[known:])[:, -12:].sum(axis=1)
        met.append(values[total - 12 : max(known, total - 12)].sum() + wanted <= goal + 0.5)
    return float(np.concatenate(met).mean())


@pytest.mark.parametrize("ahead", [5, 12, 30])
@pytest.mark.parametrize("mean", [4, 300])
def test_it_agrees_with_a_simulation(
    monkeypatch: pytest.MonkeyPatch, mean: float, ahead: int
) -> None:
    few = FAMILY[:: len(FAMILY) // 7]  # the twin is slow; these differ in every way
    monkeypatch.setattr(forecast, "FAMILY", few)
    forecast._ahead.cache_clear()
    known = 48
    level = mean * np.exp(np.cumsum(np.random.default_rng(SEED).normal(0, 0.02, known + ahead)))
    values = np.random.default_rng(SEED + 1).poisson(level).astype(float)
    last = values[known - 12 : known].sum()
    for goal in (round(last * 0.9), round(last), round(last * 1.05)):
        ours = chance_of_year(
            values[None, :], first_month=FIRST, known=known, goal=np.array([goal]), at_most=True
        ).chance[0]
        assert ours == pytest.approx(simulated(values, known, goal, few), abs=0.02)
    forecast._ahead.cache_clear()


def test_one_member_predicts_as_a_kalman_filter_does() -> None:
    """Month after month: level and waves are states of which nothing is known at first."""
    path = Path(wander=0.3, slope=0.0, correlation=0.0, irregularity=0.0, log_prior=0.0)
    known, ahead = 60, 12
    draw = np.random.default_rng(SEED)
    z = draw.normal(10, 1, known) + np.cumsum(draw.normal(0, 0.3, known))
    state, doubt = np.zeros(5), 1e7 * np.eye(5)
    middle, variance = [], []
    for month in range(known + ahead):
        doubt[0, 0] += path.wander**2
        seen = np.array([1.0, *waves(month, range(1, 3))])
        spread = seen @ doubt @ seen + 1
        if month < known:
            gain = doubt @ seen / spread
            state = state + gain * (z[month] - seen @ state)
            doubt = doubt - np.outer(gain, seen @ doubt)
        else:
            middle.append(seen @ state)
            variance.append(spread)
    months = np.arange(known + ahead)
    predictor, own_spread, _, _ = forecast._of_member(path, months, months, known)
    assert predictor @ z == pytest.approx(middle, rel=1e-5)
    assert np.diag(own_spread) == pytest.approx(variance, rel=1e-4)
