"""Intervals agree with the textbooks and PHEindicatormethods, and are what an interval must be."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.statistics.intervals import byar, exact_poisson, poisson_interval, wilson

METHODS = {"Byars": byar, "Exact": exact_poisson}


def rows(shared: Path, name: str) -> list[dict[str, str]]:
    folder = shared / "vectors" / "peers" / "PHEindicatormethods"
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["method"]]


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    [
        (0, 0.0, 3.688879),
        (1, 0.025318, 5.571643),
        (5, 1.623486, 11.668332),
        (9, 4.115373, 17.08480),
    ],
)
def test_exact_limits_of_small_counts(count: int, lower: float, upper: float) -> None:
    assert np.array(exact_poisson(count)) == pytest.approx((lower, upper), rel=1e-5)
    assert np.array(poisson_interval(count)) == pytest.approx((lower, upper), rel=1e-5)


def test_byar_of_65_events() -> None:
    assert np.array(byar(65)) == pytest.approx((50.163187710, 82.849138546), rel=1e-9)
    assert np.array(poisson_interval(65)) == pytest.approx(np.array(byar(65)))


def test_wilson_of_one_in_a_hundred() -> None:
    assert np.array(wilson(1, 100)) == pytest.approx(
        (0.0017674320641407, 0.0544861961787053), rel=1e-9
    )


def test_the_line_between_exact_and_byar_is_at_ten_events() -> None:
    assert np.array(poisson_interval(9.0)) == pytest.approx(np.array(exact_poisson(9.0)))
    assert np.array(poisson_interval(10.0)) == pytest.approx(np.array(byar(10.0)))


def test_byar_and_wilson_as_published(shared: Path) -> None:
    found = rows(shared, "testdata_Byars_Wilson__testdata_B_W.csv")
    assert len(found) == 13
    for row in found:
        confidence = float(row["confidence"].rstrip("%")) / 100
        x = float(row["x"])
        ends = (
            wilson(x, float(row["n"]), confidence)
            if row["method"] == "Wilson"
            else byar(x, confidence)
        )
        # Of one event at 99.8% they print no lower end: Byar's would lie below nothing.
        published = [float(row[end] or 0) for end in ("lowercl", "uppercl")]
        assert np.array(ends) == pytest.approx(published, rel=1e-8)


@pytest.mark.parametrize(
    "confidence", [("lower95_0cl", "upper95_0cl", 0.95), ("lower99_8cl", "upper99_8cl", 0.998)]
)
def test_rates_and_proportions_as_published(
    shared: Path, confidence: tuple[str, str, float]
) -> None:
    low, high, level = confidence
    compared = 0
    for row in rows(shared, "testdata_Rate__testdata_Rate.csv"):
        if not row[low] or row[low] == "NA" or row["method"] not in METHODS:
            continue
        scale = float(row["multiplier"]) / float(row["Denominator"])
        x = float(row["Numerator"])
        lower, upper = METHODS[row["method"]](x, level)
        assert (lower * scale, upper * scale) == pytest.approx(
            (float(row[low]), float(row[high])), rel=1e-8, abs=1e-12
        )
        assert np.array(poisson_interval(x, level)) == pytest.approx(np.array((lower, upper)))
        compared += 1
    for row in rows(shared, "testdata_Proportion__testdata_Prop.csv"):
        if not row[low] or row[low] == "NA":
            continue
        ends = wilson(float(row["Numerator"]), float(row["Denominator"]), level)
        expected = [float(row[end]) / float(row["multiplier"]) for end in (low, high)]
        assert np.array(ends) == pytest.approx(expected, rel=1e-8, abs=1e-12)
        compared += 1
    assert compared >= 20


def test_what_is_missing_stays_missing_and_its_neighbours_do_not_suffer() -> None:
    lower, upper = poisson_interval([np.nan, 4.0, -1.0, 40.0])
    assert np.isnan(lower).tolist() == np.isnan(upper).tolist() == [True, False, True, False]
    lower, upper = wilson([3, np.nan, 0, 5], [10, 10, 0, 4])
    assert np.isnan(lower).tolist() == np.isnan(upper).tolist() == [False, True, True, True]


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.1])
def test_a_confidence_that_is_none_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        byar(3, confidence)


@given(st.integers(0, 100_000), st.floats(0.5, 0.999))
def test_a_count_lies_inside_its_interval(count: int, confidence: float) -> None:
    for lower, upper in (exact_poisson(count, confidence), poisson_interval(count, confidence)):
        assert 0 <= lower <= count <= upper


@given(st.integers(1, 10_000), st.data())
def test_a_share_lies_inside_its_interval_and_its_mirror_is_the_complement(
    denominator: int, data: st.DataObject
) -> None:
    numerator = data.draw(st.integers(0, denominator))
    lower, upper = wilson(numerator, denominator)
    assert 0 <= lower <= numerator / denominator + 1e-12
    assert numerator / denominator - 1e-12 <= upper <= 1
    mirrored = wilson(denominator - numerator, denominator)
    assert np.array((1 - mirrored[1], 1 - mirrored[0])) == pytest.approx(
        np.array((lower, upper)), abs=1e-9
    )
