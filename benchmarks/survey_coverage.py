"""Does the interval printed beside a survey's proportion hold the truth 95 times in 100?

Samples of 100, 400 and 3,200 people with unequal weights (log-normal, Kish effect 1.3), everybody
drawn alone; the true proportion from .02 to .98. The interval is that of `proportion_interval`.
Rivals in the same run: Wilson with the linearised effective number, Wald (Student), the logit, and
Korn and Graubard's. What is done with fewer than ten was chosen with the seed TUNED_ON, and is
judged with another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bluelamp.statistics.survey import intervals

Floats = NDArray[np.float64]
Ends = tuple[Floats, Floats]

TUNED_ON, JUDGING_SEED = 1, 20_240_229
KISH = 1.3
PEOPLE = {100: 4_000, 400: 3_000, 3_200: 700}
"""How many are asked: how many such samples."""
SHARES = (0.02, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.98)
LEAST, MOST = 0.94, 0.97
METHODS = ("ours", "Wilson", "Wald", "logit", "Korn-Graubard")


def drawn(rng: np.random.Generator, people: int, share: float, samples: int) -> dict[str, Floats]:
    """(samples,) of each: estimate, its linearised variance, how many said so, Kish effect."""
    weights = np.exp(np.sqrt(np.log(KISH)) * rng.normal(size=(samples, people)))
    said = rng.random((samples, people)) < share
    whole = weights.sum(axis=1)
    found = (weights * said).sum(axis=1) / whole
    linear = weights * (said - found[:, None]) / whole[:, None]
    return {
        "share": found,
        "variance": people / (people - 1) * (linear**2).sum(axis=1),
        "said": said.sum(axis=1).astype(float),
        "kish": people * (weights**2).sum(axis=1) / whole**2,
    }


def all_intervals(sample: dict[str, Floats], people: int) -> dict[str, Ends]:
    """The interval of each method; where nobody or everybody said so, Kish's number for all."""
    p, variance, free = sample["share"], sample["variance"], people - 1
    some = variance > 0
    effective = np.where(some, p * (1 - p) / np.where(some, variance, 1), people / sample["kish"])
    error = np.sqrt(p * (1 - p) / effective)
    reach = intervals.quantile(free) * error
    logit = intervals.logit(p, error, free)
    return {
        "ours": intervals.proportion_interval(
            p, people=people, said=sample["said"], effective=np.where(some, effective, np.nan),
            kish=sample["kish"], freedom=free,
        ),
        "Wilson": intervals.wilson(p, effective, free),
        "Wald": (p - reach, p + reach),
        "logit": (np.where(some, logit[0], p), np.where(some, logit[1], p)),
        "Korn-Graubard": intervals.korn_graubard(p, people, effective, free),
    }  # fmt: skip


def cell(seed: int, people: int, share: float, samples: int) -> dict[str, tuple[float, float]]:
    """Of each method how often it holds the truth, and its mean width."""
    rng = np.random.default_rng([seed, people, round(share * 1000)])
    found = all_intervals(drawn(rng, people, share, samples), people)
    return {
        name: (float(((low <= share) & (share <= high)).mean()), float((high - low).mean()))
        for name, (low, high) in found.items()
    }


def main() -> list[str]:
    """Print coverage and width of each cell and method; the misses."""
    print(f"{'people  share':16}" + "".join(f"{name:>18}" for name in METHODS))
    covered, widths, misses = [], [], []
    for people, samples in PEOPLE.items():
        for share in SHARES:
            found = cell(JUDGING_SEED, people, share, samples)
            told = "".join(f"{c:>10.3f} {100 * w:6.2f}" + " " for c, w in found.values())
            print(f"{people:6} {share:6.2f}   {told}")
            covered.append([found[name][0] for name in METHODS])
            widths.append([found[name][1] for name in METHODS])
            slack = 2 * np.sqrt(0.05 * 0.95 / samples)
            if not LEAST - slack <= found["ours"][0] <= MOST + slack:
                misses.append(f"{people} people, {share}: coverage {found['ours'][0]:.3f}")
            if found["ours"][1] > found["Wilson"][1] * 1.0001:
                misses.append(f"{people} people, {share}: wider than Wilson's")
    mean = np.mean(covered, axis=0)
    print("mean coverage   " + "".join(f"{each:>10.3f}        " for each in mean))
    print(
        "worst coverage  " + "".join(f"{each:>10.3f}        " for each in np.min(covered, axis=0))
    )
    if not LEAST <= mean[0] <= MOST:
        misses.append(f"mean coverage {mean[0]:.3f}, outside {LEAST} to {MOST}")
    return misses
