"""Funnels and rates of areas held to what others have printed."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from bluelamp.statistics.areas.funnel import (
    INNER,
    OUTER,
    Sizes,
    proportion_limits,
    rate_sizes,
    ratio_sizes,
)
from bluelamp.statistics.areas.regression_to_mean import expected_change, highest
from bluelamp.statistics.areas.shrinkage import shrunken

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    folder = shared / "vectors"
    if not (folder / "phe").is_dir():
        pytest.skip("this test needs the vectors of ../shared, which are not here")
    return folder


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig") as file:
        return [{key.strip(): value for key, value in row.items()} for row in csv.DictReader(file)]


def column(rows: Rows, name: str) -> np.ndarray:
    return np.array([float(row[name] or "nan") for row in rows])


@pytest.mark.parametrize(
    ("name", "baseline"),
    [
        ("testdata_funnel_prop_outputs.csv", 80.642448),
        ("testdata_funnel_prop_outputs_with_axis_variation.csv", 82.18033788),
    ],
)
def test_limits_of_proportions(vectors: Path, name: str, baseline: float) -> None:
    rows = read(vectors / "phe" / name)
    people = column(rows, "Population")
    for confidence, sigma in ((INNER, "2s0025"), (OUTER, "3s0001")):
        found = proportion_limits(people, baseline / 100, confidence)
        for side, limits in zip(("Lower", "Upper"), found, strict=True):
            assert 100 * limits == pytest.approx(column(rows, f"{side}{sigma}limit"), abs=2e-6)


def test_limits_of_ratios(vectors: Path) -> None:
    rows = read(vectors / "phe" / "testdata_funnel_ratio_outputs.csv")
    for confidence, sigma in ((INNER, "2s"), (OUTER, "3s")):
        found = ratio_sizes(column(rows, "Observed_events"), confidence, per=100)
        for side, sizes, levels in sides(found):
            same(sizes, column(rows, f"{side}_{sigma}_exp_events"))
            same(levels, column(rows, f"{side}_{sigma}_isr"))
            same(levels / 100, 1 + column(rows, f"{side}_{sigma}_count"))


@pytest.mark.parametrize("number", ["", "_2", "_3"])
def test_limits_of_rates(vectors: Path, number: str) -> None:
    rows = read(vectors / "phe" / f"testdata_funnel_rate_outputs{number}.csv")
    events, baseline = column(rows, "Events"), float(rows[0]["baseline"])
    years = years_of(rows, events, baseline)
    for confidence, sigma in ((INNER, "2s"), (OUTER, "3s")):
        found = rate_sizes(events, baseline, confidence, per=100_000, years=years)
        for side, sizes, levels in sides(found):
            people = column(rows, f"{side}_{sigma}_population_1_year")
            same(sizes, people)
            same(levels, column(rows, f"{side}_{sigma}_limit"))


def same(found: np.ndarray, printed: np.ndarray) -> None:
    """Six digits; of the least counts the spreadsheet that made the table knew four."""
    assert found[:3] == pytest.approx(printed[:3], rel=5e-5)
    assert found[3:] == pytest.approx(printed[3:], rel=1e-6)


def years_of(rows: Rows, events: np.ndarray, baseline: float) -> float:
    """Over how many years the table counts: its first size against that of one year."""
    one_year = rate_sizes(events[0], baseline, per=100_000).lower
    return float(round(float(one_year) / float(rows[0]["lower_2s_population_1_year"])))


def sides(found: Sizes) -> list[tuple[str, np.ndarray, np.ndarray]]:
    return [("lower", found.lower, found.lower_level), ("upper", found.upper, found.upper_level)]


@pytest.mark.parametrize("name", ["testdata_Rate.xlsx", "testdata_Proportion.xlsx"])
def test_the_workbooks_say_what_the_tables_among_the_peers_say(vectors: Path, name: str) -> None:
    """So the tests that read those tables (tests/unit/statistics) hold for both."""
    stem = name.removesuffix(".xlsx")
    book = CalamineWorkbook.from_path(str(vectors / "phe" / name))
    checked = 0
    for sheet in book.sheet_names:
        other = vectors / "peers" / "PHEindicatormethods" / f"{stem}__{sheet}.csv"
        if not other.is_file():
            continue
        heads, *rows = book.get_sheet_by_name(sheet).to_python()
        for row, twin in zip(rows, read(other), strict=True):
            for head, cell in zip(heads, row, strict=True):
                if isinstance(cell, float) and twin[str(head)]:
                    assert cell == pytest.approx(float(twin[str(head)].rstrip("%")), rel=1e-12)
                    checked += 1
    assert checked > 50


def test_regression_to_the_mean_as_simulated(vectors: Path) -> None:
    """Every line of the saved simulation, drawn anew: the gain of shrunken rates and the change of
    the worst tenth, and our foretelling of it."""
    text = (vectors / "small_area" / "shrinkage_rtm_simulation.txt").read_text()
    lines = [[float(n) for n in re.findall(r"-?\d+\.?\d*", line)] for line in text.splitlines()]
    assert len(lines) == 4
    for areas, events, spread, error, worst in lines:
        chance = np.random.default_rng(int(areas + events))
        shape = (max(int(6_400 / areas), 40), int(areas))
        size = events * np.exp(chance.normal(0, 0.3, shape))
        true = chance.gamma(1 / spread**2, spread**2, shape) * size
        year, following = chance.poisson(true).astype(float), chance.poisson(true).astype(float)
        guess, chosen = shrunken(year, size).rate, highest(year, size)
        came = following / size
        gain = ((guess - came) ** 2).mean() / ((year / size - came) ** 2).mean()
        change = following[chosen].sum() / year[chosen].sum() - 1
        assert gain == pytest.approx(error, abs=0.03)
        assert change == pytest.approx(worst / 100, abs=0.02)
        assert expected_change(year, size, chosen).mean() == pytest.approx(change, abs=0.025)


# The five counties' births and deaths are printed in every account of these data (Cressie 1993,
# table 6.1); of the other 95 only the sums are, so that the variance between all cannot be formed.
BIRTHS, DEATHS = np.array([1091.0, 487, 3188, 508, 1421]), np.array([1.0, 0, 5, 1, 9])
ALL_BIRTHS, ALL_DEATHS = 329_962, 667


def test_the_empirical_bayes_rates_of_esda_share_one_variance(vectors: Path) -> None:
    """With the variance that the first county's rate tells, the rule gives the other four."""
    printed = json.loads((vectors / "small_area" / "esda_empirical_bayes.json").read_text())
    mean = ALL_DEATHS / ALL_BIRTHS
    raw = DEATHS / BIRTHS
    assert raw / mean == pytest.approx(printed["excess_risk"], abs=5e-6)
    rates = np.array(printed["empirical_bayes"])
    first = (rates[0] - mean) / (raw[0] - mean)
    variance = mean / BIRTHS[0] * first / (1 - first)
    own = variance / (variance + mean / BIRTHS)
    assert mean + own * (raw - mean) == pytest.approx(rates, abs=2e-7)
