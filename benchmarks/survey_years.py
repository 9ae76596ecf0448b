"""How often is an unchanged survey called changed, and how often is a change found?

A survey's answers come in month by month and are published as rolling years, to whole percentage
points. Each month, or each quarter, for a year the newest figure is judged against two, three or
five earlier years that share nobody with it. In some surveys the share never moves; in others it
wobbles or wanders from month to month, as opinion does while nothing has happened. A planted move
comes in one step, in the first month after the earlier years of the first look. Rivals in the same
run: whether the 95% intervals of the newest year and of the one before it lie apart, and the z-test
of the two; both allow for the draw of the people asked and for nothing else.
The family's weights and the table of a year of looks were made with other seeds than these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bluelamp.statistics.survey.years import YEAR, compare_years

Floats = NDArray[np.float64]

JUDGING_SEED = 20_231_231
SURVEYS = 1_500
ALLOWED = 0.05
SAMPLES = {"force": 12_800 / 1.6, "borough": 400 / 1.6}
EARLIER = (2, 3, 5)
LOOKS = {12: "each month", 4: "each quarter"}
SHARE = 0.6
SMALL_MOVE, LARGE_MOVE = 0.03, 0.10
SMALL_MOVE_CALLED_AT_MOST = 0.12
LARGE_MOVE_FOUND_AT_LEAST = {12: 0.6, 4: 0.45}


@dataclass(frozen=True)
class Truth:
    """How the share moves: by `wobble` a year about its level, the level by `wander` in a year."""

    words: str
    wobble: float = 0.0
    wander: float = 0.0
    step: float = 0.0


TRUTHS = (
    Truth("never moves"),
    Truth("wobbles by 0.5 points", wobble=0.005),
    Truth("wobbles by 1 point", wobble=0.01),
    Truth("wanders by 0.5 points", wander=0.005),
    Truth("wanders by 1 point", wander=0.01),
    Truth("moves by 3 points", step=SMALL_MOVE),
    Truth("moves by 10 points", step=LARGE_MOVE),
)


def published(
    rng: np.random.Generator, truth: Truth, effective: float, earlier: int, surveys: int
) -> Floats:
    """(surveys, figures) rolling years to whole points: all months of the earlier years and of the
    year of looks, from the first that has a whole year behind it."""
    months = YEAR * (earlier + 1) + YEAR
    steps = rng.normal(size=(surveys, months)) * truth.wander / np.sqrt(YEAR)
    level = SHARE + np.cumsum(steps, axis=1)
    level += truth.wobble * np.sqrt(YEAR) * rng.normal(size=level.shape)
    level[:, YEAR * earlier :] += truth.step
    level = np.clip(level, 0.0, 1.0)
    draw = np.sqrt(level * (1 - level) * YEAR / effective)
    answers = level + draw * rng.normal(size=level.shape)
    rolling = np.lib.stride_tricks.sliding_window_view(answers, YEAR, axis=1).mean(axis=2)
    return np.clip(np.round(rolling, 2), 0.0, 1.0)


def looked_at(earlier: int, looks: int) -> range:
    """The figures that a year of looks sees as the newest."""
    every = YEAR // looks
    return range(YEAR * earlier + every - 1, YEAR * earlier + YEAR, every)


def p_values(figures: Floats, earlier: int, effective: float, looks: int) -> tuple[Floats, Floats]:
    """(surveys, looks) those of each look, and those that hold for the year."""
    found = []
    for at in looked_at(earlier, looks):
        before = np.arange(at - YEAR * earlier, at, YEAR)
        found.append(
            compare_years(
                figures[:, [at]], figures[:, before], later_ends=[at], earlier_ends=before,
                effective=effective, rounded_to=0.01, looks=looks,
            )
        )  # fmt: skip
    return (
        np.stack([each.p_value for each in found], axis=1),
        np.stack([each.year_p_value for each in found], axis=1),
    )


def rivals(figures: Floats, earlier: int, effective: float, looks: int) -> dict[str, float]:
    """The share of surveys in which each rival calls a change in any look of the year."""
    apart, tested = [], []
    z = float(special.ndtri(0.975))
    for at in looked_at(earlier, looks):
        new, old = figures[:, at], figures[:, at - YEAR]
        one, other = (np.sqrt(p * (1 - p) / effective) for p in (new, old))
        apart.append(np.abs(new - old) > z * (one + other))
        tested.append(np.abs(new - old) > z * np.hypot(one, other))
    return {
        "intervals apart": float(np.any(apart, axis=0).mean()),
        "z-test of two years": float(np.any(tested, axis=0).mean()),
    }


def called(
    seed: int, truth: Truth, sample: str, earlier: int, looks: int, surveys: int = SURVEYS
) -> dict[str, float]:
    """The share of surveys that each method calls changed within a year of looks."""
    rng = np.random.default_rng([seed, *truth.words.encode(), *sample.encode(), earlier, looks])
    effective = SAMPLES[sample]
    figures = published(rng, truth, effective, earlier, surveys)
    ours = p_values(figures, earlier, effective, looks)[1].min(axis=1) <= ALLOWED
    return {"ours": float(ours.mean())} | rivals(figures, earlier, effective, looks)


def main() -> list[str]:
    """Print both tables; what is not as it must be."""
    misses = []
    for looks, words in LOOKS.items():
        print(f"\nlooked at {words}: called changed within a year, with 2 / 3 / 5 earlier years")
        print(f"{'':32}{'ours':>24}{'intervals apart':>24}{'z-test of two years':>24}")
        for sample in SAMPLES:
            for truth in TRUTHS:
                got = [called(JUDGING_SEED, truth, sample, k, looks) for k in EARLIER]
                cells = [" / ".join(f"{g[method]:.3f}" for g in got) for method in got[0]]
                print(f"{f'{sample} {truth.words}':32}" + "".join(f"{c:>24}" for c in cells))
                misses += [
                    f"{sample} {truth.words}, {k} earlier years, {words}: {each['ours']:.3f}"
                    for k, each in zip(EARLIER, got, strict=True)
                    if is_missed(sample, truth, each["ours"], looks)
                ]
    return misses


def is_missed(sample: str, truth: Truth, found: float, looks: int) -> bool:
    """Two standard errors of the simulation itself are allowed."""
    if not truth.step:
        return found > ALLOWED + 2 * np.sqrt(ALLOWED * (1 - ALLOWED) / SURVEYS)
    if sample != "borough":
        return truth.step == LARGE_MOVE and found < 0.95
    if truth.step == SMALL_MOVE:
        return found > SMALL_MOVE_CALLED_AT_MOST
    return found < LARGE_MOVE_FOUND_AT_LEAST[looks]
