"""Remake the table of `bluelamp.statistics.calibration`: `python -m benchmarks.calibrate [series]`.

Prints, for rows of unchanged series, how often the smallest evidence of twelve successive monthly
looks falls below each level. The greatest of each column, 5% added, is the table in the source.
AR(1) .4 counts from 60 months of baseline on: with 24, nobody can tell it from a change, and the
criterion allows 10% there.

The seeds here are for tuning only; the benchmarks judge on others.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from benchmarks.monthly import releases
from bluelamp.statistics.calibration import EVIDENCE, weighted_evidence
from bluelamp.statistics.change import watch_question
from bluelamp.statistics.judging import step_p_values
from bluelamp.statistics.simulation import TABLE, Row

TUNING_SEED = 20_170_320
LOOKS = 12
WINDOW = 12
BASELINES = (24, 36, 60)
AT_ONCE = 4_000


def rows() -> Iterator[tuple[int, Row]]:
    """Every row under every baseline that the table is made from."""
    for baseline in BASELINES:
        for row in TABLE[:-1]:
            if row.name != "AR(1) .4" or baseline >= 60:
                yield baseline, row


def smallest_evidence(row: Row, baseline: int, series: int, seed: int) -> np.ndarray:
    """(series,) the smallest evidence of a year of looks at series that do not change."""
    found = []
    for first in range(0, series, AT_ONCE):
        rng = np.random.default_rng([seed, baseline, first])
        figures = row.unchanged(rng, min(AT_ONCE, series - first), baseline + WINDOW + LOOKS - 1)
        looks = []
        for known in releases(figures, baseline, LOOKS):
            question = watch_question(known.shape[1])
            months = np.arange(known.shape[1])
            p = step_p_values(known, np.ones_like(known), row.kind, months, question)
            looks.append(weighted_evidence(p))
        found.append(np.min(looks, axis=0))
    return np.concatenate(found)


def main(series: int) -> None:
    """Print one line per row, then the table."""
    levels = np.array(EVIDENCE)
    worst = np.zeros(len(levels))
    print("evidence" + " " * 26 + " ".join(f"{level:8.0e}" for level in levels))
    for baseline, row in rows():
        found = smallest_evidence(row, baseline, series, TUNING_SEED)
        chance = np.mean(found[:, None] <= levels, axis=0)
        worst = np.maximum(worst, chance)
        print(f"{row.name:26} {baseline:3}    " + " ".join(f"{x:8.5f}" for x in chance), flush=True)
    print("greatest, 5% added               " + " ".join(f"{x * 1.05:8.5f}" for x in worst))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
