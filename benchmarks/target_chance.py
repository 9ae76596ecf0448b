"""Of targets given a 10% chance, are one in ten met?

Each series is a monthly count with a season, months of their own length and more scatter than
chance alone, in one of five kinds whose truth is planted. After three to eight years a goal for
a later year is set near the last year's total, and the chance of meeting it is worked out; then
the months that follow are drawn and the year is counted. Rivals, told the same months:

    straight line    the last twelve months drawn on as a straight line, without any uncertainty;
    steady Poisson   the rate of the last twelve months goes on, with pure chance about it.

The score is Brier's: the mean square of chance less outcome, 0 for a prophet, 0.25 for a coin.
The family's weights were tuned on other seeds than these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bluelamp.statistics.change import days_of_months
from bluelamp.statistics.forecast import YEAR, chance_of_year
from bluelamp.statistics.simulation import autoregressive

Floats = NDArray[np.float64]

JUDGING_SEED = 20_161_231
SERIES = 3_000
GROUPS = ((36, 6), (36, 18), (48, 12), (60, 24), (96, 36))
"""(months known, months still to come) of the cuts looked at, each with its share of series."""
EDGES = np.array([0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1.0])
ALLOWED_GAP = 0.06
ALLOWED_GAP_OF_A_LASTING_DECLINE = 0.25
WHY_A_DECLINE = (
    "Steady decline: a fall that has lasted is believed to wear off, since real ones do. Where one "
    "goes on for ten years, more goals for less are met than the chances say."
)


@dataclass(frozen=True)
class Trial:
    """One cut of many series. values (S, T) hold the future; met (S,) is what came of the goal."""

    values: Floats
    known: int
    goal: Floats

    @property
    def met(self) -> NDArray[np.bool_]:
        return self.values[:, -YEAR:].sum(axis=1) <= self.goal

    @property
    def known_of_year(self) -> Floats:
        """(S,) what the year in question has counted by the cut."""
        begins = self.values.shape[1] - YEAR
        return self.values[:, begins : max(begins, self.known)].sum(axis=1)

    @property
    def to_come(self) -> int:
        return self.values.shape[1] - self.known


# --- five kinds of truth: (series, months) of the level's logarithm ---------------------------


def no_trend(rng: np.random.Generator, series: int, months: int) -> Floats:
    return np.zeros((series, months))


def steady_decline(rng: np.random.Generator, series: int, months: int) -> Floats:
    yearly = rng.uniform(-0.10, -0.02, size=(series, 1))
    return yearly / YEAR * np.arange(months)


def wandering(rng: np.random.Generator, series: int, months: int) -> Floats:
    step = rng.uniform(0.01, 0.03, size=(series, 1))
    return np.cumsum(step * rng.normal(size=(series, months)), axis=1)


def linked(rng: np.random.Generator, series: int, months: int) -> Floats:
    return 0.10 * autoregressive(rng, series, months, 0.4)


def broken(rng: np.random.Generator, series: int, months: int) -> Floats:
    """One step up or down of a tenth to a quarter, in any month, known or still to come."""
    at = rng.integers(1, months, size=(series, 1))
    size = rng.uniform(0.10, 0.25, size=(series, 1)) * rng.choice([-1, 1], size=(series, 1))
    return np.where(np.arange(months) >= at, size, 0.0)


KINDS: dict[str, Callable[[np.random.Generator, int, int], Floats]] = {
    "no trend": no_trend,
    "steady decline": steady_decline,
    "wandering level": wandering,
    "linked months, AR(1) .4": linked,
    "one break": broken,
}


def trials(kind: str, seed: int, series: int = SERIES) -> list[Trial]:
    """The cuts of one kind, `series` in all."""
    made = []
    for number, (known, to_come) in enumerate(GROUPS):
        rng = np.random.default_rng([seed, list(KINDS).index(kind), number])
        made.append(_trial(KINDS[kind], rng, series // len(GROUPS), known, to_come))
    return made


def _trial(
    kind: Callable[[np.random.Generator, int, int], Floats],
    rng: np.random.Generator,
    series: int,
    known: int,
    to_come: int,
) -> Trial:
    months = known + to_come
    days = days_of_months((2015, 1), months)
    usual = np.exp(rng.uniform(np.log(10), np.log(2_000), size=(series, 1)))
    amplitude = rng.uniform(0.0, 0.15, size=(series, 1))
    peak = rng.uniform(0, 2 * np.pi, size=(series, 1))
    season = amplitude * np.sin(2 * np.pi * np.arange(months) / 12 + peak)
    scatter = rng.uniform(0.02, 0.08, size=(series, 1)) * rng.normal(size=(series, months))
    mean = usual * days / days.mean() * np.exp(kind(rng, series, months) + season + scatter)
    values = rng.poisson(mean).astype(float)
    last_year = values[:, known - YEAR : known].sum(axis=1)
    goal = np.round(last_year * np.exp(rng.normal(-0.02, 0.08, size=series)))
    return Trial(values, known, goal)


# --- ours and the rivals: (series,) chances of a trial ---------------------------


def ours(trial: Trial) -> Floats:
    forecast = chance_of_year(
        trial.values, first_month=(2015, 1), known=trial.known, goal=trial.goal, at_most=True
    )
    return forecast.chance


def straight_line(trial: Trial) -> Floats:
    """The least-squares line through the last twelve months, drawn on; met or not, no more."""
    recent = trial.values[:, trial.known - YEAR : trial.known]
    slope, start = np.polyfit(np.arange(YEAR), recent.T, 1)
    ahead = YEAR - 1 + np.arange(1, trial.to_come + 1)[-YEAR:]
    total = np.maximum(start[:, None] + slope[:, None] * ahead, 0).sum(axis=1)
    return (trial.known_of_year + total <= trial.goal).astype(float)


def steady_poisson(trial: Trial) -> Floats:
    """The mean of the last twelve months goes on, and only chance moves it."""
    mean = trial.values[:, trial.known - YEAR : trial.known].mean(axis=1)
    left = np.floor(trial.goal - trial.known_of_year)
    chance = special.pdtr(np.maximum(left, 0), mean * min(trial.to_come, YEAR))
    return np.where(left < 0, 0.0, chance)


FORECASTERS = {"ours": ours, "straight line": straight_line, "steady Poisson": steady_poisson}


def brier(chance: Floats, met: NDArray[np.bool_]) -> float:
    return float(np.mean((chance - met) ** 2))


def reliability(chance: Floats, met: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """For each band of chances: the mean chance given, the share that was met, how many."""
    bands = np.clip(np.searchsorted(EDGES, chance, side="right") - 1, 0, len(EDGES) - 2)
    rows = []
    for band in range(len(EDGES) - 1):
        inside = bands == band
        many = int(inside.sum())
        said = float(chance[inside].mean()) if many else np.nan
        came = float(met[inside].mean()) if many else np.nan
        rows.append((said, came, many))
    return rows


def gap(chance: Floats, met: NDArray[np.bool_]) -> float:
    """The mean distance between chance given and share met, bands weighed by their targets."""
    rows = [row for row in reliability(chance, met) if row[2]]
    return sum(abs(said - came) * many for said, came, many in rows) / len(chance)


Measured = dict[str, tuple[dict[str, Floats], NDArray[np.bool_]]]


def measure(seed: int, series: int = SERIES) -> Measured:
    """By kind: the chances of each forecaster, and what came."""
    found = {}
    for kind in KINDS:
        cuts = trials(kind, seed, series)
        chances = {
            name: np.concatenate([forecaster(cut) for cut in cuts])
            for name, forecaster in FORECASTERS.items()
        }
        found[kind] = chances, np.concatenate([cut.met for cut in cuts])
    return found


def main() -> list[str]:
    """Print scores and reliability; the misses, in words."""
    found = measure(JUDGING_SEED)
    wrong = []
    names = "".join(f"{name:>16}" for name in FORECASTERS)
    print(f"{'Brier score':26}{names}{'ours: gap':>12}")
    for kind, (chances, met) in found.items():
        scores = {name: brier(chance, met) for name, chance in chances.items()}
        off = gap(chances["ours"], met)
        print(f"{kind:26}" + "".join(f"{x:16.3f}" for x in scores.values()) + f"{off:12.3f}")
        wrong += [
            f"{kind}: Brier {scores['ours']:.3f} is not below that of {name}, {score:.3f}"
            for name, score in scores.items()
            if name != "ours" and scores["ours"] >= score
        ]
        allowed = ALLOWED_GAP_OF_A_LASTING_DECLINE if kind == "steady decline" else ALLOWED_GAP
        if off > allowed:
            wrong.append(f"{kind}: chances are {off:.3f} off, {allowed} allowed")
    together = {n: np.concatenate([c[n] for c, _ in found.values()]) for n in FORECASTERS}
    met = np.concatenate([met for _, met in found.values()])
    scores = {name: brier(chance, met) for name, chance in together.items()}
    off = gap(together["ours"], met)
    print(f"{'all':26}" + "".join(f"{x:16.3f}" for x in scores.values()) + f"{off:12.3f}")
    print("\nof targets given a chance of    " + "".join(f"{name:>24}" for name in FORECASTERS))
    tables = [reliability(chance, met) for chance in together.values()]
    for band, rows in enumerate(zip(*tables, strict=True)):
        print(f"{EDGES[band]:20.0%} to {EDGES[band + 1]:4.0%}", end="    ")
        print("".join(_cell(came, many) for _, came, many in rows))
    print("\n" + WHY_A_DECLINE)
    return wrong


def _cell(came: float, many: int) -> str:
    return f"{came:12.1%} of {many:<9,}" if many else f"{'-':>24}"
