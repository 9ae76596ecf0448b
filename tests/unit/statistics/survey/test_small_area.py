"""Small areas: a slow search finds the same variance, and the model pays where it is true."""

from __future__ import annotations

import numpy as np
import pytest

from bluelamp.statistics.survey.small_area import benchmarked, fay_herriot

RNG = np.random.default_rng(3)


def planted(between: float, areas: int = 60) -> tuple[np.ndarray, ...]:
    x = np.column_stack([np.ones(areas), RNG.normal(size=areas)])
    variance = RNG.uniform(0.02, 0.3, areas)
    truth = x @ [2.0, 0.5] + np.sqrt(between) * RNG.normal(size=areas)
    return truth, truth + np.sqrt(variance) * RNG.normal(size=areas), variance, x


def slow_likelihood(between: float, y: np.ndarray, v: np.ndarray, x: np.ndarray) -> float:
    cov = np.diag(between + v)
    inverse = np.linalg.inv(cov)
    gram = x.T @ inverse @ x
    p = inverse - inverse @ x @ np.linalg.inv(gram) @ x.T @ inverse
    return float(-0.5 * (np.linalg.slogdet(cov)[1] + np.linalg.slogdet(gram)[1] + y @ p @ y))


def test_the_variance_between_areas_is_where_a_slow_search_finds_it() -> None:
    _, y, v, x = planted(0.1)
    grid = np.linspace(0, 0.6, 6_001)
    best = grid[int(np.argmax([slow_likelihood(each, y, v, x) for each in grid]))]
    assert fay_herriot(y, v, x).between == pytest.approx(best, abs=1e-4)


def test_estimates_are_nearer_the_truth_than_direct_ones_and_know_how_near() -> None:
    direct, modelled, told = [], [], []
    for _ in range(60):
        truth, y, v, x = planted(0.1)
        found = fay_herriot(y, v, x)
        direct.append(np.mean((y - truth) ** 2))
        modelled.append(np.mean((found.estimate - truth) ** 2))
        told.append(np.mean(found.error**2))
    assert np.mean(modelled) < 0.7 * np.mean(direct)
    assert np.mean(told) == pytest.approx(np.mean(modelled), rel=0.15)


def test_without_variance_between_areas_the_predictors_say_it_all() -> None:
    x = np.ones((20, 1))
    found = fay_herriot(np.full(20, 3.0) + 0.001 * RNG.normal(size=20), np.full(20, 1.0), x)
    assert found.between == 0
    assert found.estimate == pytest.approx(found.synthetic)


def test_benchmarked_areas_average_to_the_whole() -> None:
    value, share = np.array([0.5, 0.6, 0.7]), np.array([0.2, 0.3, 0.5])
    error = np.array([0.01, 0.02, 0.04])
    for given in (None, error):
        assert share @ benchmarked(value, share, 0.66, given) == pytest.approx(0.66)
    moved = benchmarked(value, share, 0.66, error) - value
    assert moved[2] > moved[1] > moved[0] > 0, "the least sure is moved most"


REFUSED = [
    (([1.0, 2.0], [0.1, 0.1], [[1.0]]), "give \\(A,\\)"),
    (([1.0, 2.0], [0.1, 0.0], [[1.0], [1.0]]), "not above 0"),
    (([1.0, 2.0], [0.1, 0.1], [[1.0, 0.0], [1.0, 1.0]]), "too many"),
    (([1.0, 2.0, 3.0], [0.1] * 3, [[1.0, 2.0]] * 3), "repeat each other"),
]


@pytest.mark.parametrize(("given", "words"), REFUSED)
def test_what_is_refused(given: tuple[list[float], ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fay_herriot(*given)
    with pytest.raises(ValueError, match="adding up to 1"):
        benchmarked([1.0, 2.0], [0.5, 0.6], 1.5)
