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
from bluelamp.statistics.pooling import ALONE
from bluelamp.statistics.simulation import AR_4, MIXED, TABLE, Row

TUNING_SEED = 20_170_320
LOOKS = 12
WINDOW = 12
AT_ONCE = 4_000

# Two years cannot tell linked months from a small step: the criterion allows 10% there.
LEFT_OUT = {(AR_4, 24), (MIXED, 24)}

# Series by themselves, and in groups of the boroughs and the force.
GROUPS = (1, 33)


def smallest_evidence(
    row: Row, baseline: int, series: int, seed: int, looks_made: int, size: int
) -> np.ndarray:
    """(series,) the smallest evidence of so many monthly looks at series that do not change."""
    found = []
    for first in range(0, series, AT_ONCE):
        rng = np.random.default_rng([seed, baseline, first])
        figures = row.unchanged(rng, min(AT_ONCE, series - first), baseline + WINDOW + LOOKS - 1)
        group = np.arange(len(figures)) // size if size > 1 else np.full(len(figures), ALONE)
        looks = []
        for known in releases(figures, baseline, looks_made):
            question = watch_question(known.shape[1], row.kind)
            months = np.arange(known.shape[1])
            p = step_p_values(known, np.ones_like(known), row.kind, months, question, group)
            looks.append(weighted_evidence(p))
        found.append(np.min(looks, axis=0))
    return np.concatenate(found)


def main(series: int) -> None:
    """Print one line per row, then the greatest of each level, for one look and for a year."""
    for size in GROUPS:
        for looks_made in (1, LOOKS):
            for baseline in YEAR_OF_LOOKS:
                print(f"groups of {size}, {looks_made} looks, {baseline} months of baseline")
                _print_chances(baseline, series, looks_made, size)


def _print_chances(baseline: int, series: int, looks_made: int, size: int) -> None:
    levels = np.array(EVIDENCE)
    print(" " * 27 + "".join(f"{level:9.0e}" for level in levels))
    worst = {"count": np.zeros(len(levels)), "mean": np.zeros(len(levels))}
    for row in (*TABLE[:-1], MIXED):
        found = smallest_evidence(row, baseline, series, TUNING_SEED, looks_made, size)
        chance = np.mean(found[:, None] <= levels, axis=0)
        if (row, baseline) not in LEFT_OUT:
            worst[row.kind] = np.maximum(worst[row.kind], chance)
        print(f"{row.name:27}" + "".join(f"{x:9.5f}" for x in chance), flush=True)
    for kind, chances in worst.items():
        print(f"{f'greatest, {kind}':27}" + "".join(f"{x:9.5f}" for x in chances))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
