"""Remake the table of `bluelamp.statistics.calibration`: `python -m benchmarks.calibrate [series]`.

Prints, for rows of unchanged series, how often the evidence of one look, and the smallest of twelve
successive monthly looks, falls below each level. The greatest of each column, a little added, is
the table in the source.

The seeds here are for tuning only; the benchmarks judge on others.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.monthly import releases
from bluelamp.statistics.calibration import EVIDENCE, YEAR_OF_LOOKS, weighted_evidence
from bluelamp.statistics.change import watch_question
from bluelamp.statistics.judging import step_p_values
from bluelamp.statistics.simulation import AR_4, TABLE, Row

TUNING_SEED = 20_170_320
LOOKS = 12
WINDOW = 12
AT_ONCE = 4_000

# Two years cannot tell linked months from a small step: the criterion allows 10% there.
LEFT_OUT = {(AR_4, 24)}


def smallest_evidence(
    row: Row, baseline: int, series: int, seed: int, looks_made: int
) -> np.ndarray:
    """(series,) the smallest evidence of so many monthly looks at series that do not change."""
    found = []
    for first in range(0, series, AT_ONCE):
        rng = np.random.default_rng([seed, baseline, first])
        figures = row.unchanged(rng, min(AT_ONCE, series - first), baseline + WINDOW + LOOKS - 1)
        looks = []
        for known in releases(figures, baseline, looks_made):
            question = watch_question(known.shape[1])
            months = np.arange(known.shape[1])
            p = step_p_values(known, np.ones_like(known), row.kind, months, question)
            looks.append(weighted_evidence(p))
        found.append(np.min(looks, axis=0))
    return np.concatenate(found)


def main(series: int) -> None:
    """Print one line per row, then the greatest of each level, for one look and for a year."""
    levels = np.array(EVIDENCE)
    for looks_made in (1, LOOKS):
        for baseline in YEAR_OF_LOOKS:
            print(f"{looks_made} looks, {baseline} months of baseline")
            print(" " * 25 + "".join(f"{level:9.0e}" for level in levels))
            worst = np.zeros(len(levels))
            for row in TABLE[:-1]:
                found = smallest_evidence(row, baseline, series, TUNING_SEED, looks_made)
                chance = np.mean(found[:, None] <= levels, axis=0)
                if (row, baseline) not in LEFT_OUT:
                    worst = np.maximum(worst, chance)
                print(f"{row.name:25}" + "".join(f"{x:9.5f}" for x in chance), flush=True)
            print(f"{'greatest':25}" + "".join(f"{x:9.5f}" for x in worst))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
