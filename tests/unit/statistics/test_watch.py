"""Watch finds what was planted, seldom cries wolf, and says why where it cannot tell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.statistics import change
from bluelamp.statistics.change import Change, days_of_months, watch
from bluelamp.statistics.simulation import (
    AR_2,
    MIXED,
    NEGATIVE_BINOMIAL,
    NORMAL,
    POISSON_2,
    ROLLING,
    SEASONAL,
    Row,
    autoregressive,
)

APRIL_2019 = (2019, 4)
MONTHS = 72


def look(row: Row, figures: np.ndarray) -> Change:
    exposure = None if row.kind == "mean" else np.ones(figures.shape[1])
    return watch(figures, kind=row.kind, first_month=APRIL_2019, exposure=exposure)


def monthly_counts(rng: np.random.Generator, series: int, mean: float, months: int = MONTHS):
    """Counts that follow the lengths of the months."""
    days = days_of_months(APRIL_2019, months)
    return rng.poisson(mean * days / days.mean(), size=(series, months)).astype(float)


@pytest.mark.parametrize("baseline", [24, 60])
@pytest.mark.parametrize(
    "row", [NORMAL, POISSON_2, NEGATIVE_BINOMIAL, AR_2, SEASONAL], ids=lambda row: row.name
)
def test_a_year_of_looks_seldom_cries_wolf(row: Row, baseline: int) -> None:
    """400 unchanged series, 12 releases: 5% promised, and three standard errors for chance."""
    figures = row.unchanged(np.random.default_rng(31), 400, baseline + 23)
    seen = [look(row, figures[:, max(0, n) : n + baseline + 12]).p_value <= 0.05 for n in range(12)]
    assert np.mean(np.any(seen, axis=0)) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


@pytest.mark.parametrize("row", [NORMAL, POISSON_2, AR_2, SEASONAL], ids=lambda row: row.name)
def test_one_look_seldom_cries_wolf_and_a_year_asks_for_more(row: Row) -> None:
    """2,000 unchanged series, one release; the tail too: a release tests thousands of series."""
    found = look(row, row.unchanged(np.random.default_rng(32), 2_000, 24 + 12))
    for level in (0.05, 0.01, 0.002):
        chance = 3 * np.sqrt(level * (1 - level) / 2_000)
        assert np.mean(found.look_p_value <= level) <= level + chance
    tested = found.reason == ""
    assert (found.p_value[tested] >= found.look_p_value[tested]).all()


@pytest.mark.parametrize("ago", [4, 8, 12])
def test_a_step_is_found_with_its_month_and_its_size(ago: int) -> None:
    figures = NORMAL.stepped(np.random.default_rng(ago), 1_000, MONTHS, MONTHS - ago, 3.0)
    found = look(NORMAL, figures)
    assert np.mean(found.p_value <= 0.05) > 0.9
    assert np.mean(np.abs(found.onset - (MONTHS - ago)) <= 2) > 0.9
    assert (found.direction == 1).all()
    inside = (found.effect_lower <= 3) & (found.effect_upper >= 3)
    assert 0.90 < np.mean(inside) < 0.995


def test_the_effect_of_counts_is_in_counts_per_month() -> None:
    rng = np.random.default_rng(5)
    figures = monthly_counts(rng, 1_000, 100)
    figures[:, -9:] = rng.poisson(70 * days_of_months(APRIL_2019, MONTHS)[-9:] / 30.44, (1_000, 9))
    found = watch(figures, kind="count", first_month=APRIL_2019)
    assert np.mean(found.p_value <= 0.05) == 1
    assert (found.direction == -1).all()
    assert found.effect.mean() == pytest.approx(-30, abs=1)
    assert 0.88 < np.mean((found.effect_lower <= -30) & (found.effect_upper >= -30)) < 0.995


def test_a_change_of_a_share_is_in_proportion() -> None:
    rng = np.random.default_rng(6)
    among = rng.integers(150, 400, size=(400, 60)).astype(float)
    chance = np.where(np.arange(60) >= 50, 0.20, 0.12)
    found = watch(
        rng.binomial(among.astype(int), chance),
        kind="share",
        first_month=APRIL_2019,
        exposure=among,
    )
    assert np.mean(found.p_value <= 0.05) > 0.97
    assert found.effect.mean() == pytest.approx(0.08, abs=0.01)
    assert np.mean((found.effect_lower <= 0.08) & (found.effect_upper >= 0.08)) > 0.88
    assert ((found.lower >= 0) & (found.upper <= 1))[~np.isnan(found.lower)].all()


def test_unchanged_shares_seldom_cry_wolf_even_with_few_among_whom_to_count() -> None:
    rng = np.random.default_rng(7)
    among = rng.integers(3, 40, size=(800, 60)).astype(float)
    found = watch(
        rng.binomial(among.astype(int), 0.1), kind="share", first_month=APRIL_2019, exposure=among
    )
    assert np.nanmean(found.p_value <= 0.05) < 0.03


@pytest.mark.parametrize("mean", [0.3, 0.7, 1.6, 5])
def test_small_counts_seldom_cry_wolf_far_out_too(mean: float) -> None:
    figures = np.random.default_rng(8).poisson(mean, size=(2_000, MONTHS)).astype(float)
    p = watch(figures, kind="count", first_month=APRIL_2019).p_value
    assert np.nanmean(p <= 0.05) <= 0.02
    assert np.nanmean(p <= 0.001) <= 0.0015


def test_small_counts_that_leap_are_found() -> None:
    rng = np.random.default_rng(9)
    figures = rng.poisson(0.4, size=(500, MONTHS)).astype(float)
    figures[:, -10:] = rng.poisson(2.5, size=(500, 10))
    found = watch(figures, kind="count", first_month=APRIL_2019)
    assert np.mean(found.p_value <= 0.05) > 0.9


def test_a_season_is_no_change() -> None:
    """Even one of five standard deviations, whatever month it peaks in."""
    rng = np.random.default_rng(10)
    peak = rng.uniform(0, 12, size=(600, 1))
    season = 5 * np.sin(2 * np.pi * (np.arange(MONTHS) - peak) / 12)
    found = watch(season + rng.normal(size=season.shape), kind="mean", first_month=APRIL_2019)
    assert np.mean(found.p_value <= 0.05) < 0.03


def test_a_short_month_is_no_change() -> None:
    """The last month is February, 8% short; so large are the counts that 8% is many sigmas."""
    figures = monthly_counts(np.random.default_rng(11), 400, 40_000, months=47)
    by_days = watch(figures, kind="count", first_month=APRIL_2019)
    assert np.mean(by_days.p_value <= 0.05) < 0.03
    february = by_days.expected[:, -1] / by_days.expected[:, -2]
    assert np.median(february) == pytest.approx(28 / 31, rel=0.01)


def test_single_months_lie_in_the_expected_range_as_often_as_it_says() -> None:
    for mean in (4, 60):
        figures = monthly_counts(np.random.default_rng(12), 500, mean)
        found = watch(figures, kind="count", first_month=APRIL_2019)
        inside = (figures >= found.lower) & (figures <= found.upper)
        assert 0.94 < inside.mean() < 0.99


def test_the_baseline_is_at_most_sixty_months_and_nothing_is_expected_before_it() -> None:
    found = watch(monthly_counts(np.random.default_rng(13), 3, 50, 90), kind="count",
                  first_month=APRIL_2019)  # fmt: skip
    assert found.baseline_months.tolist() == [60] * 3
    assert np.isnan(found.expected[:, :18]).all()
    assert np.isfinite(found.expected[:, 18:]).all()


def test_rolling_figures_are_refused_and_an_ordinary_series_is_not() -> None:
    rolling = look(ROLLING, ROLLING.unchanged(np.random.default_rng(14), 400, MONTHS))
    assert np.mean(rolling.reason == change.SMOOTHED) > 0.95
    linked = autoregressive(np.random.default_rng(14), 400, MONTHS, 0.5)
    found = watch(linked, kind="mean", first_month=APRIL_2019)
    assert np.mean(found.reason == change.SMOOTHED) < 0.02
    stepped = look(NORMAL, NORMAL.stepped(np.random.default_rng(14), 400, MONTHS, 64, 4))
    assert (stepped.reason == "").all()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("nothing", ""),
        ("baseline of 23", change.TOO_FEW_MONTHS),
        ("baseline of 24", ""),
        ("two events", change.TOO_FEW_EVENTS),
        ("last month missing", change.WINDOW_INCOMPLETE),
        ("seven of the window missing", change.WINDOW_INCOMPLETE),
        ("some missing here and there", ""),
        ("everything missing", change.TOO_FEW_MONTHS),
    ],
)
def test_what_cannot_be_judged_says_why(spoil: str, reason: str) -> None:
    figures = monthly_counts(np.random.default_rng(15), 2, 30)
    bad = figures[0]
    if spoil == "baseline of 23":
        bad[: MONTHS - 12 - 23] = np.nan
    elif spoil == "baseline of 24":
        bad[: MONTHS - 12 - 24] = np.nan
    elif spoil == "two events":
        bad[:] = 0
        bad[[12, 70]] = 1
    elif spoil == "last month missing":
        bad[-1] = np.nan
    elif spoil == "seven of the window missing":
        bad[-9:-2] = np.nan
    elif spoil == "some missing here and there":
        bad[[20, 33, 34, -4]] = np.nan
    elif spoil == "everything missing":
        bad[:] = np.nan
    found = watch(figures, kind="count", first_month=APRIL_2019)
    assert found.reason.tolist() == [reason, ""]
    assert np.isnan(found.p_value).tolist() == [reason != "", False]
    assert (found.direction[0] == 0) == (reason != "")
    assert (found.onset[0] == -1) == (reason != "")


def test_a_mean_that_never_varies_is_not_judged() -> None:
    found = watch(np.full((1, 50), 3.2), kind="mean", first_month=APRIL_2019)
    assert found.reason.tolist() == [change.NO_VARIATION]


def test_each_series_is_judged_by_itself() -> None:
    """The neighbours, their order and their missing months change nothing."""
    figures = monthly_counts(np.random.default_rng(16), 30, 20)
    figures[3, 5] = figures[8, 40] = figures[9, 40] = np.nan
    together = watch(figures, kind="count", first_month=APRIL_2019)
    order = np.random.default_rng(17).permutation(30)
    shuffled = watch(figures[order], kind="count", first_month=APRIL_2019)
    assert shuffled.p_value == pytest.approx(together.p_value[order])
    alone = watch(figures[8:9], kind="count", first_month=APRIL_2019)
    assert alone.p_value == pytest.approx(together.p_value[8:9])
    assert alone.upper == pytest.approx(together.upper[8:9], nan_ok=True)


def test_a_group_learns_how_its_months_hang_together_and_a_small_one_does_not() -> None:
    """Forty linked series are told from forty unlinked ones; in nineteen each is by itself."""
    rng = np.random.default_rng(18)
    linked, plain = autoregressive(rng, 40, 48, 0.4), rng.normal(size=(40, 48))
    group = np.repeat([0, 1], 40)
    both = np.concatenate([linked, plain])
    found = watch(both, kind="mean", first_month=APRIL_2019, group=group)
    assert np.median(found.autocorrelation[:40]) == pytest.approx(0.4, abs=0.1)
    assert np.median(found.autocorrelation[40:]) == pytest.approx(0.0, abs=0.1)
    few = watch(plain[:19], kind="mean", first_month=APRIL_2019, group=group[:19])
    alone = watch(plain[:19], kind="mean", first_month=APRIL_2019)
    assert (few.p_value == alone.p_value).all()


def test_a_mixed_group_keeps_both_kinds_of_series_safe() -> None:
    figures = MIXED.unchanged(np.random.default_rng(19), 660, 60 + 23)
    group = np.arange(660) // 33
    seen = [
        watch(figures[:, n : n + 72], kind="mean", first_month=APRIL_2019, group=group).p_value
        <= 0.05
        for n in range(12)
    ]
    for half in (slice(0, None, 2), slice(1, None, 2)):
        assert np.mean(np.any(seen, axis=0)[half]) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 330)


def test_rare_events_are_judged_where_an_outcome_could_tell() -> None:
    """None in five years, then eight months with one: found. The interval is that of so few."""
    figures = np.zeros((3, MONTHS))
    figures[0, [60, 62, 63, 65, 67, 68, 70, 71]] = 1
    figures[1, -1] = 8  # all in one month may be one incident
    figures[2, [3, 20, 40, 50, 55, 61, 66]] = 1
    found = watch(figures, kind="count", first_month=APRIL_2019)
    assert found.reason.tolist() == ["", change.TOO_FEW_EVENTS, ""]
    assert found.p_value[0] < 0.01 < 0.05 < found.p_value[2]
    assert found.effect_lower[0] < 0.35
    assert found.effect_upper[0] > 1.2


@pytest.mark.parametrize("incident", [1, 3])
def test_rare_events_seldom_cry_wolf_even_where_they_come_together(incident: int) -> None:
    rng = np.random.default_rng(21)
    figures = incident * rng.poisson(0.12 / incident, size=(1_000, 83)).astype(float)
    seen = [
        watch(figures[:, n : n + 72], kind="count", first_month=APRIL_2019).p_value <= 0.05
        for n in range(12)
    ]
    assert np.mean(np.any(seen, axis=0)) < 0.03


def test_a_rate_is_of_its_exposure() -> None:
    """Twice the people and twice the events is no change; twice the events among as many is."""
    people = np.where(np.arange(MONTHS) >= 62, 2_000.0, 1_000.0)
    figures = np.random.default_rng(22).poisson(people / 50, size=(300, MONTHS)).astype(float)
    by_people = watch(figures, kind="count", first_month=APRIL_2019, exposure=people)
    assert np.mean(by_people.p_value <= 0.05) < 0.04
    assert np.mean(watch(figures, kind="count", first_month=APRIL_2019).p_value <= 0.05) > 0.99


def test_a_mean_of_few_answers_counts_for_less() -> None:
    """Every second month rests on few answers: the step is found more often if that is known."""
    rng = np.random.default_rng(23)
    error = np.where(np.arange(MONTHS) % 2, 3.0, 0.7)
    figures = rng.normal(0, error, size=(600, MONTHS))
    unchanged = watch(figures, kind="mean", first_month=APRIL_2019, exposure=error)
    assert np.mean(unchanged.p_value <= 0.05) < 0.04
    figures[:, -10:] += 1.3
    known = watch(figures, kind="mean", first_month=APRIL_2019, exposure=error)
    plain = watch(figures, kind="mean", first_month=APRIL_2019)
    assert np.mean(known.p_value <= 0.05) > np.mean(plain.p_value <= 0.05) + 0.2
    assert known.effect.mean() == pytest.approx(1.3, abs=0.2)


@settings(max_examples=25, deadline=None)
@given(st.floats(-1e3, 1e3), st.floats(0.01, 100), st.integers(0, 2**32 - 1))
def test_shift_and_scale_of_a_mean_change_nothing_but_the_unit(
    shift: float, scale: float, seed: int
) -> None:
    figures = np.random.default_rng(seed).normal(size=(3, 48))
    plain = watch(figures, kind="mean", first_month=APRIL_2019)
    moved = watch(figures * scale + shift, kind="mean", first_month=APRIL_2019)
    mirrored = watch(-figures, kind="mean", first_month=APRIL_2019)
    assert moved.p_value == pytest.approx(plain.p_value, rel=1e-5, nan_ok=True)
    assert moved.effect == pytest.approx(plain.effect * scale, rel=1e-4, abs=1e-6, nan_ok=True)
    assert mirrored.p_value == pytest.approx(plain.p_value, rel=1e-9, nan_ok=True)
    assert (mirrored.direction == -plain.direction).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0, 3), st.floats(0, 0.4))
def test_whatever_the_counts_the_answer_is_whole(seed: int, mean: float, missing: float) -> None:
    rng = np.random.default_rng(seed)
    figures = rng.poisson(rng.gamma(1, np.exp(mean), size=(4, 1)), size=(4, 45)).astype(float)
    figures[rng.uniform(size=figures.shape) < missing] = np.nan
    found = watch(figures, kind="count", first_month=APRIL_2019)
    tested = found.reason == ""
    assert ((found.p_value[tested] > 0) & (found.p_value[tested] <= 1)).all()
    assert (found.effect_lower <= found.effect)[tested].all()
    assert (found.effect <= found.effect_upper)[tested].all()
    assert (found.lower <= found.upper)[tested].all()
    assert (found.lower[tested] >= 0).all()
    assert np.isnan(found.p_value[~tested]).all()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"values": np.ones(40)}, "series, months"),
        ({"values": np.ones((2, 12))}, "no baseline"),
        ({"values": -np.ones((2, 40))}, "negative"),
        ({"kind": "median"}, "choose count, share or mean"),
        ({"kind": "share"}, "denominators"),
        ({"kind": "share", "exposure": np.full((2, 40), 0.5)}, "greater than its denominator"),
        ({"group": np.zeros(3, dtype=int)}, "one number for each series"),
        ({"first_month": (2020, 13)}, "month from 1 to 12"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(arguments: dict[str, object], words: str) -> None:
    given_ = {"values": np.ones((2, 40)), "kind": "count", "first_month": APRIL_2019} | arguments
    with pytest.raises(ValueError, match=words):
        watch(given_.pop("values"), **given_)
