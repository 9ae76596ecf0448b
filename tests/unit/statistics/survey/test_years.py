"""A survey's year against earlier ones: planted truths, a slow twin, and what is not compared."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks import survey_years
from scipy import stats

from bluelamp.statistics.survey import years
from bluelamp.statistics.survey.years import FAMILY, compare_years, year_of_looks

BOROUGH = 400 / 1.6


def compared(newest: float, earlier: list[float], effective: float = BOROUGH, **given: object):
    ends = [12 * i for i in range(1, len(earlier) + 1)]
    return compare_years(
        [[newest]], [earlier], later_ends=[ends[-1] + 12], earlier_ends=ends,
        effective=effective, rounded_to=0.01, **given,  # type: ignore[arg-type]  # looks alone
    )  # fmt: skip


MOVES = """
    borough by | called in the year
    ---------- + ------------------
    0          | no
    3          | no
    6          | no
    9          | no
    12         | yes
    15         | yes
"""


def rows(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.strip("\n").splitlines() if "--- +" not in line]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines[1:] if line.strip()]


@pytest.mark.parametrize(("points", "is_called"), rows(MOVES))
def test_a_borough_figure_that_differs_by_3_points_is_never_called(
    points: str, is_called: str
) -> None:
    found = compared(0.6 - float(points) / 100, [0.6, 0.6, 0.6], looks=4)
    assert (found.year_p_value[0] <= 0.05) == (is_called == "yes")
    assert found.effect[0] == pytest.approx(-float(points) / 100)


def test_a_wobble_of_the_years_before_makes_the_same_difference_say_less() -> None:
    steady = compared(0.50, [0.60, 0.60, 0.60], 8_000)
    restless = compared(0.50, [0.55, 0.66, 0.59], 8_000)
    assert restless.reach[0] > 2 * steady.reach[0]
    assert restless.p_value[0] > 3 * steady.p_value[0]


def test_the_interval_goes_with_the_p_value() -> None:
    for newest in np.arange(0.30, 0.90, 0.01):
        found = compared(float(newest), [0.58, 0.60, 0.63])
        outside = bool(found.lower[0] > 0 or found.upper[0] < 0)
        assert outside == (found.p_value[0] < 0.05)


def test_a_slow_twin_draws_each_wobble_and_counts() -> None:
    """Under each wobble, the newest less the mean of the earlier years, drawn month by month."""
    rng = np.random.default_rng(11)
    ends = np.array([12, 24, 36, 48])
    part = years._Part(np.full((1, 4), 0.5), ends, np.array([True, True, True, False]))
    _, errors = part.family(np.array([BOROUGH]), 0.0)
    for wobble, error in zip(FAMILY, errors[:, 0], strict=True):
        steps = rng.normal(size=(20_000, 48)) * wobble.size
        level = np.cumsum(steps, axis=1) / np.sqrt(12) if wobble.wanders else steps * np.sqrt(12)
        answers = level + np.sqrt(0.25 / (BOROUGH / 12)) * rng.normal(size=level.shape)
        mean = answers.reshape(-1, 4, 12).mean(axis=2)
        assert (mean[:, 3] - mean[:, :3].mean(axis=1)).std() == pytest.approx(error, rel=0.02)


def test_without_any_wobble_possible_it_is_the_z_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(years, "FAMILY", FAMILY[:1])
    found = compare_years(
        [[0.5]], [[0.6, 0.6]], later_ends=[36], earlier_ends=[12, 24], effective=250
    )
    error = np.sqrt(0.55 * 0.45 / 250 * 1.5)
    assert found.p_value[0] == pytest.approx(2 * stats.norm.sf(0.1 / error))


def test_fewer_than_two_earlier_years_are_not_compared() -> None:
    found = compare_years(
        [[0.5], [0.5], [np.nan]], [[0.6, np.nan], [0.6, 0.6], [0.6, 0.6]],
        later_ends=[36], earlier_ends=[12, 24], effective=250,
    )  # fmt: skip
    assert np.isnan(found.p_value).tolist() == [True, False, True]
    assert found.years.tolist() == [1, 2, 2]


def test_figures_that_share_people_are_refused() -> None:
    with pytest.raises(ValueError, match="share months"):
        compare_years([[0.5]], [[0.6, 0.6]], later_ends=[27], earlier_ends=[12, 24], effective=9)
    with pytest.raises(ValueError, match="0 to 1"):
        compare_years([[50.0]], [[0.6, 0.6]], later_ends=[36], earlier_ends=[12, 24], effective=9)
    with pytest.raises(ValueError, match="above 0"):
        compare_years([[0.5]], [[0.6, 0.6]], later_ends=[36], earlier_ends=[12, 24], effective=0)
    with pytest.raises(ValueError, match="not simulated"):
        year_of_looks(np.array([0.1]), 7)


def test_a_year_of_looks_needs_more_than_one_look() -> None:
    p = np.geomspace(1e-6, 0.9, 50)
    assert (year_of_looks(p, 12) >= year_of_looks(p, 4)).all()
    assert (year_of_looks(p, 4) > p).all()
    assert (np.diff(year_of_looks(p, 12)) >= 0).all()


@pytest.mark.parametrize("sample", ["force", "borough"])
def test_an_unchanged_survey_seldom_looks_changed_in_a_year(sample: str) -> None:
    """A small run of the benchmark, with other seeds."""
    for truth in survey_years.TRUTHS[:5]:
        found = survey_years.called(99, truth, sample, 3, 4, surveys=400)
        assert found["ours"] <= 0.05 + 0.022, truth.words


def test_a_planted_move_of_10_points_is_found_more_often_than_not() -> None:
    found = survey_years.called(99, survey_years.TRUTHS[6], "borough", 3, 4, surveys=400)
    assert found["ours"] > 0.5
    small = survey_years.called(99, survey_years.TRUTHS[5], "borough", 3, 4, surveys=400)
    assert small["ours"] < 0.14
