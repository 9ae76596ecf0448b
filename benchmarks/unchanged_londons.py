"""How many Londons in which nothing changed would have any finding at all on their home page?

A London is 17 measures for the force and 32 boroughs over 72 months: counts with a season, month
lengths, scatter beyond Poisson's, noise linked from month to month and a shock that all boroughs of
a month share. The force is the sum of its boroughs. Everything is tested with both questions, and
findings are listed at a false discovery rate of 5% over all of it. Where nothing changed every
finding is false, so at most 5% of Londons may show one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bluelamp.signals.family import RATE, SELDOM_IN_A_YEAR, weights
from bluelamp.statistics.change import days_of_months, edition, watch
from bluelamp.statistics.false_discovery import benjamini_hochberg
from bluelamp.statistics.pooling import ALONE
from bluelamp.statistics.simulation import autoregressive

JUDGING_SEED = 88_031_999
LONDONS = 200
MEASURES = 17
BOROUGHS = 32
MONTHS = 72
FIRST_MONTH = (2017, 4)
EDITION_START = 36
ALLOWED = 0.05

# A month's mean for a middling borough, from gun discharges to all recorded crime.
RATES = np.geomspace(0.2, 2_000, MEASURES)


def london(rng: np.random.Generator, days: NDArray[np.float64]) -> NDArray[np.float64]:
    """(measures x 33, months) counts of an unchanged London; row 0 of each 33 is the force."""
    shape = (MEASURES, BOROUGHS, MONTHS)
    size = np.exp(rng.normal(0, 0.4, size=(MEASURES, BOROUGHS, 1)))
    months = np.arange(MONTHS)
    amplitude = rng.uniform(0.05, 0.20, size=(MEASURES, 1, 1))
    peak = rng.uniform(0, 2 * np.pi, size=(MEASURES, 1, 1))
    # A quarter of the season is a second wave, and each measure has spikes of its own in the year.
    spikes = 0.25 * amplitude * rng.normal(size=(MEASURES, 1, 12))[:, :, months % 12]
    angle = 2 * np.pi * months / 12 + peak
    season = amplitude * (np.sin(angle) + 0.25 * np.sin(2 * angle)) + spikes
    scatter = rng.uniform(0.05, 0.15, size=(MEASURES, BOROUGHS, 1))
    noise = np.empty(shape)
    for measure in range(MEASURES):
        correlation = rng.uniform(0, 0.4)
        own = autoregressive(rng, BOROUGHS, MONTHS, correlation)
        shared = autoregressive(rng, 1, MONTHS, correlation)
        noise[measure] = np.sqrt(0.7) * own + np.sqrt(0.3) * shared
    level = RATES[:, None, None] * size * days / days.mean()
    boroughs = rng.poisson(level * np.exp(season + scatter * noise)).astype(float)
    force = boroughs.sum(axis=1, keepdims=True)
    return np.concatenate([force, boroughs], axis=1).reshape(-1, MONTHS)


def findings(figures: NDArray[np.float64]) -> tuple[int, int]:
    """How many findings a London shows, and how many tests were made.

    The rule is that of a release (`signals/family.py`): the force and the boroughs share one
    false-discovery control equally, and a finding must also be seldom in a year of looks.
    """
    asked = {"kind": "count", "first_month": FIRST_MONTH}
    # Of each measure the force is by itself; its boroughs learn from each other, as in a release.
    group = np.repeat(np.arange(MEASURES), BOROUGHS + 1)
    group[:: BOROUGHS + 1] = ALONE
    both = [
        watch(figures, **asked, group=group),
        edition(figures, **asked, start=EDITION_START, end=MONTHS - 1),
    ]
    p = np.concatenate([change.look_p_value for change in both])
    year = np.concatenate([change.p_value for change in both])
    levels = np.tile(np.array(["force"] + ["borough"] * BOROUGHS), MEASURES * len(both))
    q = benjamini_hochberg(np.minimum(p / weights(levels, np.isfinite(p)), 1))
    shown = (q <= RATE) & (year <= SELDOM_IN_A_YEAR)
    return int(shown.sum()), int(np.isfinite(p).sum())


def main() -> list[str]:
    """Print how many Londons show a finding; a miss, in words."""
    days = days_of_months(FIRST_MONTH, MONTHS)
    shown, tests, most = 0, 0, 0
    for number in range(LONDONS):
        count, tested = findings(london(np.random.default_rng([JUDGING_SEED, number]), days))
        shown += count > 0
        tests += tested
        most = max(most, count)
    share = shown / LONDONS
    print(f"{LONDONS} Londons without change, {tests / LONDONS:.0f} tests each, two questions")
    print(f"with any finding at a false discovery rate of 5%: {share:.1%} (allowed {ALLOWED:.0%})")
    print(f"most findings in one London: {most}")
    return [f"{share:.1%} of unchanged Londons show a finding"] if share > ALLOWED else []
