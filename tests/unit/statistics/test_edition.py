"""An edition's period against the months before it: planted truths, drift, and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from bluelamp.statistics import change
from bluelamp.statistics.change import edition
from bluelamp.statistics.simulation import (
    AR_2,
    AR_4,
    NEGATIVE_BINOMIAL,
    NORMAL,
    POISSON_2,
    SEASONAL,
    Row,
    autoregressive,
)

APRIL_2012 = (2012, 4)


def ask(row: Row, figures: np.ndarray, start: int) -> change.Change:
    return edition(
        figures,
        kind=row.kind,
        first_month=APRIL_2012,
        exposure=None if row.kind == "mean" else np.ones(figures.shape[1]),
        start=start,
        end=figures.shape[1] - 1,
    )


@pytest.mark.parametrize(("baseline", "length"), [(24, 12), (24, 48), (60, 36)])
@pytest.mark.parametrize(
    "row", [NORMAL, POISSON_2, NEGATIVE_BINOMIAL, AR_2, SEASONAL, AR_4], ids=lambda row: row.name
)
def test_an_unchanged_period_seldom_looks_different(row: Row, baseline: int, length: int) -> None:
    figures = row.unchanged(np.random.default_rng(41), 800, baseline + length)
    allowed = 0.10 if row is AR_4 else 0.05
    share = np.mean(ask(row, figures, baseline).p_value <= 0.05)
    assert share <= allowed + 3 * np.sqrt(0.05 * 0.95 / 800)


def test_a_planted_difference_is_found_with_its_size() -> None:
    figures = NORMAL.stepped(np.random.default_rng(42), 800, 96, 60, 1.0)
    found = ask(NORMAL, figures, 60)
    assert np.mean(found.p_value <= 0.05) > 0.85
    assert (found.onset == 60).all()
    assert found.effect.mean() == pytest.approx(1.0, abs=0.05)
    assert np.mean((found.effect_lower <= 1) & (found.effect_upper >= 1)) > 0.93


def test_a_slow_drift_is_seldom_called_the_edition_s_work() -> None:
    """Half of a drift is left after 14 months; an ordinary test calls most of these a change."""
    rng = np.random.default_rng(43)
    drift = 0.5 * autoregressive(rng, 800, 108, 0.95)
    figures = drift + rng.normal(size=drift.shape)
    share = np.mean(ask(NORMAL, figures, 60).p_value <= 0.05)
    before, after = figures[:, :60], figures[:, 60:]
    spread = np.sqrt(before.var(axis=1, ddof=1) / 60 + after.var(axis=1, ddof=1) / 48)
    naive = np.mean(np.abs(after.mean(axis=1) - before.mean(axis=1)) / spread > 1.96)
    assert naive > 0.3
    assert share < 0.15


def test_months_after_the_period_are_not_looked_at() -> None:
    figures = NORMAL.unchanged(np.random.default_rng(44), 20, 90)
    spoilt = figures.copy()
    spoilt[:, 80:] += 50
    asked = {"kind": "mean", "first_month": APRIL_2012, "start": 50, "end": 79}
    plain, other = edition(figures, **asked), edition(spoilt, **asked)
    assert other.p_value == pytest.approx(plain.p_value)


def test_without_two_years_before_it_an_edition_is_not_judged() -> None:
    figures = NORMAL.unchanged(np.random.default_rng(45), 3, 80)
    figures[1, :7] = np.nan
    figures[2, 40:70] = np.nan
    found = ask(NORMAL, figures, 30)
    assert found.reason.tolist() == ["", change.TOO_FEW_MONTHS, change.PERIOD_INCOMPLETE]
    assert found.baseline_months.tolist() == [30, 23, 30]
    assert np.isnan(found.p_value).tolist() == [False, True, True]


def test_a_period_outside_the_months_is_refused() -> None:
    with pytest.raises(ValueError, match="there are 40 months"):
        edition(np.ones((1, 40)), kind="count", first_month=APRIL_2012, start=30, end=40)
