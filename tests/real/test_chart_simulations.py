"""How often the named charts cry wolf: our charts beside the simulations of the reference material.

`../shared/vectors` holds shares of thousands of simulated series, some drawn from seeds that we do
not have. Ours are drawn anew, and must agree within four standard errors of the difference. The
simulated XmR charts knew nothing of Nelson's screen, so it is off here. Average run lengths, cut
off at 1,500 months, would need series too long for a test and are not drawn again; the exact ones
of the CUSUM are in `tests/spec/statistics/test_named_charts.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bluelamp.statistics.charts import cusum, xmr
from bluelamp.statistics.charts.attributes import c_chart
from bluelamp.statistics.charts.four_rules import Rule
from bluelamp.statistics.charts.laney import u_prime_chart
from bluelamp.statistics.charts.rare import t_chart

SERIES = 4000  # as many as were simulated there
SEED = 20260422

Draw = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    folder = shared / "vectors"
    if not folder.is_dir():
        pytest.skip("this test needs the vectors of ../shared, which are not here")
    return folder


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(SEED)


def agree(found: float, told: float, *, draws: int = SERIES, decimals: int = 3) -> bool:
    """Two shares of `draws` each, of which the one told is rounded."""
    error = np.sqrt(2 * max(told, 1 / draws) * (1 - min(told, 1 - 1 / draws)) / draws)
    return abs(found - told) <= 4 * error + 0.5 / 10**decimals


def first_alarm(series: np.ndarray, base: int, rules: set[Rule]) -> np.ndarray:
    """Months after the baseline, from 1, with whose point a rule is first met; infinite if none."""
    [limits] = xmr.chart(series[:, :base], screen=False).segments
    return first_met(series[:, base:], limits, rules)


def first_met(months: np.ndarray, limits: xmr.Segment, rules: set[Rule]) -> np.ndarray:
    met = xmr.rules_of(months, limits)
    alarm = np.any([met[rule].now != 0 for rule in rules], axis=0)
    return np.where(alarm.any(axis=1), alarm.argmax(axis=1) + 1.0, np.inf)


def normal(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    return rng.normal(size=shape)


def poisson(mean: float) -> Draw:
    return lambda rng, shape: rng.poisson(mean, size=shape).astype(float)


def negative_binomial(mean: float, k: float) -> Draw:
    """Counts with the variance `mean` + `mean` squared / k."""
    return lambda rng, shape: rng.negative_binomial(k, k / (k + mean), size=shape).astype(float)


def linked(phi: float) -> Draw:
    """Each month keeps `phi` of the one before; the variance is 1."""

    def draw(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
        found = rng.normal(size=shape)
        for month in range(1, shape[1]):
            fresh = np.sqrt(1 - phi**2) * found[:, month]
            found[:, month] = phi * found[:, month - 1] + fresh
        return found

    return draw


def seasonal(amplitude: float) -> Draw:
    def draw(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
        return rng.normal(size=shape) + amplitude * np.sin(2 * np.pi * np.arange(shape[1]) / 12)

    return draw


def rolling(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Means of the last twelve of independent months."""
    total = rng.normal(size=(shape[0], shape[1] + 12)).cumsum(axis=1)
    return (total[:, 12:] - total[:, :-12]) / 12


ALL = {Rule.OUTSIDE, Rule.TREND, Rule.TWO_OF_THREE, Rule.SHIFT}

# how a line of the file begins -> baseline (0: limits known), rules, series
UNCHANGED: dict[str, tuple[int, set[Rule], Draw]] = {
    "known astro ": (0, {Rule.OUTSIDE}, normal),
    "known astro+two3 ": (0, {Rule.OUTSIDE, Rule.TWO_OF_THREE}, normal),
    "known astro+shift ": (0, {Rule.OUTSIDE, Rule.SHIFT}, normal),
    "known astro+trend ": (0, {Rule.OUTSIDE, Rule.TREND}, normal),
    "known astro+shift+trend+two3": (0, ALL, normal),
    "normal base=12 astro ": (12, {Rule.OUTSIDE}, normal),
    "normal base=12 astro+shift": (12, ALL, normal),
    "normal base=24 astro ": (24, {Rule.OUTSIDE}, normal),
    "normal base=24 astro+shift": (24, ALL, normal),
    "normal base=36 astro ": (36, {Rule.OUTSIDE}, normal),
    "normal base=36 astro+shift": (36, ALL, normal),
    "poisson 2 ": (24, ALL, poisson(2)),
    "poisson 5 ": (24, ALL, poisson(5)),
    "poisson 20 ": (24, ALL, poisson(20)),
    "negbin mu=5 k=2": (24, ALL, negative_binomial(5, 2)),
    "negbin mu=20 k=5": (24, ALL, negative_binomial(20, 5)),
    "AR1 phi=0.2": (24, ALL, linked(0.2)),
    "AR1 phi=0.4": (24, ALL, linked(0.4)),
    "seasonal amp=0.5": (24, ALL, seasonal(0.5)),
    "seasonal amp=1.0": (24, ALL, seasonal(1.0)),
    "rolling-12-month mean": (24, ALL, rolling),
}


def test_every_line_on_unchanged_series_is_drawn_again(vectors: Path) -> None:
    text = (vectors / "spc/mdc_false_alarm_simulation.txt").read_text()
    lines = [line for line in text.splitlines() if "P(alarm in12)" in line]
    assert len(lines) == len(UNCHANGED)
    assert all(sum(line.startswith(name) for name in UNCHANGED) == 1 for line in lines)


@pytest.mark.parametrize("name", UNCHANGED)
def test_false_alarms_of_an_xmr_chart(name: str, vectors: Path, rng: np.random.Generator) -> None:
    text = (vectors / "spc/mdc_false_alarm_simulation.txt").read_text()
    [line] = [line for line in text.splitlines() if line.startswith(name)]
    in_12, in_36 = (float(re.findall(rf"P\({w}\)=([\d.]+)", line)[0]) for w in ("alarm in12", "36"))
    base, rules, draw = UNCHANGED[name]
    series = draw(rng, (SERIES, base + 36))
    if base:
        first = first_alarm(series, base, rules)
    else:
        ends = [np.full(SERIES, end) for end in (0.0, -3.0, -2.0, 2.0, 3.0)]
        known = xmr.Segment(0, 35, *ends, trial=np.zeros(SERIES, dtype=bool))
        first = first_met(series, known, rules)
    assert agree((first <= 12).mean(), in_12), (first <= 12).mean()
    assert agree((first <= 36).mean(), in_36), (first <= 36).mean()


@pytest.mark.parametrize("step", ["0.5", "1", "1.5", "2", "3"])
def test_how_soon_an_xmr_chart_sees_a_step(
    step: str, vectors: Path, rng: np.random.Generator
) -> None:
    text = (vectors / "spc/mdc_false_alarm_simulation.txt").read_text()
    pattern = rf"^{re.escape(step)} all rules mean [\d.]+ median (\d+) P\(<=6\)=([\d.]+)"
    [(median, within_6)] = re.findall(pattern, text, re.MULTILINE)
    series = rng.normal(size=(SERIES, 24 + 60))
    series[:, 24:] += float(step)
    first = first_alarm(series, 24, ALL)
    assert abs(np.median(first) - float(median)) <= 1
    assert agree((first <= 6).mean(), float(within_6), decimals=2), (first <= 6).mean()


# what a line says of its series -> the series
OF_COUNTS: dict[str, Draw] = {
    "mu 5 k 0": poisson(5),
    "mu 20 k 0": poisson(20),
    "mu 5 k 2": negative_binomial(5, 2),
    "mu 20 k 5": negative_binomial(20, 5),
    "mu 100 k 20": negative_binomial(100, 20),
}


@pytest.mark.parametrize("name", OF_COUNTS)
def test_false_alarms_of_counts_with_and_without_laneys_widening(
    name: str, vectors: Path, rng: np.random.Generator
) -> None:
    """Shares of months after a baseline of 24. Months of one series share their limits, so their
    number counts for less than it is."""
    text = (vectors / "cusum/cusum_laney_simulation.txt").read_text()
    pattern = rf"^counts {name} .*?c/u chart ([\d.]+) Laney ([\d.]+)"
    [(plain, laney)] = re.findall(pattern, text, re.MULTILINE)
    series, base = OF_COUNTS[name](rng, (SERIES, 60)), np.arange(60) < 24
    charts = c_chart(series, baseline=base), u_prime_chart(series, [1.0], baseline=base)
    for chart, told in zip(charts, (plain, laney), strict=True):
        found = (chart.outside[:, 24:] != 0).mean()
        assert agree(found, float(told), draws=SERIES * 4, decimals=4), found


def test_false_alarms_of_a_t_chart(vectors: Path, rng: np.random.Generator) -> None:
    text = (vectors / "cusum/cusum_laney_simulation.txt").read_text()
    [told] = re.findall(r"^t-chart .*per-point false alarm ([\d.]+)", text, re.MULTILINE)
    chart = t_chart(rng.exponential(size=(SERIES, 60)), baseline=np.arange(60) < 24)
    assert agree((chart.outside[:, 24:] != 0).mean(), float(told), draws=SERIES * 4, decimals=4)


# series -> the start of the line that follows each baseline's own
OF_CUSUM: dict[str, Draw] = {
    "CUSUM k=.5 h=5": normal,
    "  AR(.4)": linked(0.4),
    "  negbin mu5 k2": negative_binomial(5, 2),
    "  delay shift 0.5": normal,
    "  delay shift 1 ": normal,
    "  delay shift 2 ": normal,
}


@pytest.mark.parametrize("base", [12, 24])
@pytest.mark.parametrize("name", OF_CUSUM)
def test_alerts_of_openprescribings_cusum(
    name: str, base: int, vectors: Path, rng: np.random.Generator
) -> None:
    text = (vectors / "cusum/cusum_laney_simulation.txt").read_text()
    block = re.split(r"(?=^CUSUM k=)", text, flags=re.MULTILINE)[base // 12]
    assert f"first {base} " in block
    [line] = [line for line in block.splitlines() if line.startswith(name)]
    in_12, in_36 = (float(re.findall(rf"{word}=([\d.]+)", line)[0]) for word in ("P12", "P36"))
    series = OF_CUSUM[name](rng, (SERIES, base + 36))
    if step := re.search(r"shift ([\d.]+)", name):
        series[:, base:] += float(step[1])
    alert = cusum.openprescribing(series, window=base).alert[:, base:] != 0
    assert agree(alert[:, :12].any(axis=1).mean(), in_12), alert[:, :12].any(axis=1).mean()
    assert agree(alert.any(axis=1).mean(), in_36), alert.any(axis=1).mean()
