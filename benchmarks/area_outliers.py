"""Are areas that do not differ flagged at the rate that is promised, and those that do found?

Made-up sets of 32 areas, a few hundred expected events each, whose true levels differ by a known
SD on the scale of logarithms (the "usual differences"); then some are moved up or down on top of
that. Flagged is who lies outside limits that promise 0.2%. The rivals, in the same sets:

    Poisson      the exact funnel: chance alone (Spiegelhalter 2005), by its root scale
    Winsorised   the published additive method (`overdispersion`), on the root and on the log scale

Power is compared at one rate of false flags: the rivals' limits are moved, on other seeds, until
they flag as many areas that do not differ as ours do. The Winsorised method is given a limit of its
own at each SD, which nobody could know. So is a Poisson funnel in "told", which then is the ideal
test in all but name and is printed, not judged: what is judged is its one limit for all SDs, by its
mean power over them. `ideal` knows centre and SD: no method can find more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bluelamp.statistics.areas.outliers import CONFIDENCE, outside
from bluelamp.statistics.areas.overdispersion import (
    additive_score,
    dispersion,
    standardised,
    winsorised,
)
from bluelamp.statistics.areas.regression_to_mean import expected_change, highest
from bluelamp.statistics.areas.shrinkage import shrunken

Floats = NDArray[np.float64]
Score = Callable[[Floats, Floats], Floats]

TUNING_SEED, JUDGING_SEED = 2_005, 24_1185
AREAS, EVENTS = 32, 300.0
SDS = (0.0, 0.1, 0.2, 0.3)
SETS, SETS_WITH_OUTLIERS = 800, 400
PLANTED = ((1, 0.5), (3, 1.1), (5, 1.1))
"""(how many areas are moved, by how much on the scale of logarithms: x1.65, x3)."""
ALLOWED_RATE, ALLOWED_LESS_POWER = 0.004, 0.03
NEXT_YEAR = (  # areas, mean count, spread of true rates; and methods' own: EB over raw, worst tenth
    (32, 300, 0.30, 0.976, -0.015),
    (32, 30, 0.30, 0.860, -0.113),
    (630, 25, 0.35, 0.861, -0.114),
    (630, 5, 0.35, 0.676, -0.338),
)


def drawn(
    seed: int, sets: int, sd: float, moved: int = 0, by: float = 0.0
) -> tuple[Floats, Floats]:
    """(sets, AREAS) observed and expected events; the first `moved` areas are the planted ones."""
    chance = np.random.default_rng([seed, int(sd * 100), moved, int(by * 100)])
    expected = EVENTS * np.exp(chance.normal(0, 0.3, (sets, AREAS)))
    level = sd * chance.normal(size=(sets, AREAS))
    level[:, :moved] += by * chance.choice([-1.0, 1.0], size=(sets, 1))
    return chance.poisson(expected * np.exp(level)).astype(float), expected


def of_all(observed: Floats, expected: Floats) -> Floats:
    """Expected events as the rivals have them: at the rate of all areas together."""
    return np.asarray(
        expected * observed.sum(axis=1, keepdims=True) / expected.sum(axis=1, keepdims=True)
    )


def poisson(observed: Floats, expected: Floats) -> Floats:
    """How far outside a funnel of chance alone: its normal score."""
    return np.abs(2 * np.sqrt(observed) - 2 * np.sqrt(of_all(observed, expected)))


def additive(scale: str) -> Score:
    def score(observed: Floats, expected: Floats) -> Floats:
        y, s = standardised(observed, of_all(observed, expected), scale)  # type: ignore[arg-type] # one of two words
        return np.abs(additive_score(y, s, dispersion(winsorised(y / s), s).tau2))

    return score


RIVALS: dict[str, Score] = {
    "Winsorised, root": additive("root"),
    "Winsorised, log": additive("log"),
}


def ideal(observed: Floats, expected: Floats, sd: float) -> NDArray[np.bool_]:
    """Flags of one who knows the centre and the SD."""
    limit = special.ndtri((1 + CONFIDENCE) / 2)
    return np.abs(np.log((observed + 0.5) / expected)) > limit * np.sqrt(sd**2 + 1 / expected)


def main() -> list[str]:
    misses = _flagged_for_nothing()
    misses += _found()
    return misses + _next_year()


def _flagged_for_nothing() -> list[str]:
    print("Flagged although no area differs more than is usual (promised .0020), 32 areas")
    print(f"{'SD':>4} {'ours':>8} {'Poisson':>8} " + " ".join(f"{n:>17}" for n in RIVALS))
    limit, misses = special.ndtri((1 + CONFIDENCE) / 2), []
    for sd in SDS:
        sets = drawn(JUDGING_SEED, SETS, sd)
        rate = float((outside(*sets) != 0).mean())
        others = [float((score(*sets) > limit).mean()) for score in RIVALS.values()]
        funnel = float((poisson(*sets) > limit).mean())
        print(f"{sd:>4} {rate:8.4f} {funnel:8.4f} " + " ".join(f"{o:17.4f}" for o in others))
        if rate > ALLOWED_RATE:
            misses.append(f"at an SD of {sd} {rate:.4f} are flagged; at most {ALLOWED_RATE}")
    return misses


def _found() -> list[str]:
    names = ["ours", "Poisson, one", "Poisson, told", *RIVALS, "ideal"]
    print("\nFound of the areas that were moved, at one rate of false flags")
    print(f"{'SD':>4} {'moved':>9} " + " ".join(f"{n:>16}" for n in names))
    tuning = {sd: drawn(TUNING_SEED, SETS, sd) for sd in SDS}
    share = {sd: max(float((outside(*sets) != 0).mean()), 1e-4) for sd, sets in tuning.items()}
    told = {sd: _limit(poisson(*sets), share[sd]) for sd, sets in tuning.items()}
    one, misses = max(told.values()), []
    serving_all: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for sd in SDS:
        own = {n: _limit(score(*tuning[sd]), share[sd]) for n, score in RIVALS.items()}
        for moved, by in PLANTED:
            sets = drawn(JUDGING_SEED, SETS_WITH_OUTLIERS, sd, moved, by)
            funnel = poisson(*sets)
            found = {
                "ours": outside(*sets) != 0,
                "Poisson, one": funnel > one,
                "Poisson, told": funnel > told[sd],
                **{n: score(*sets) > own[n] for n, score in RIVALS.items()},
                "ideal": ideal(*sets, sd),
            }
            power = {name: float(flags[:, :moved].mean()) for name, flags in found.items()}
            what = f"{moved} x{np.exp(by):.2f}"
            print(f"{sd:>4} {what:>9} " + " ".join(f"{power[n]:16.3f}" for n in names))
            serving_all[what].append((power["ours"], power["Poisson, one"]))
            misses += [
                f"SD {sd}, {what}: we find {power['ours']:.3f}, {rival} {power[rival]:.3f}"
                for rival in RIVALS
                if power["ours"] < power[rival] - ALLOWED_LESS_POWER
            ]
    for what, pairs in serving_all.items():
        ours, funnel = np.mean(pairs, axis=0)
        print(f"mean {what:>9} {ours:16.3f} {funnel:16.3f}")
        if ours < funnel - ALLOWED_LESS_POWER:
            misses.append(f"{what}, all SDs: we find {ours:.3f}, Poisson {funnel:.3f}")
    print(
        "60% of one area x1.65 amid an SD of .2 is not to be had at 0.2%: it lies 2.5 SD out and "
        "the limit is at 3.1; `ideal` shows how much is."
    )
    return misses


def _limit(score: Floats, share: float) -> float:
    """The score that this share of areas exceeds."""
    return float(np.quantile(score, 1 - share))


def _next_year() -> list[str]:
    print("\nNext year's rate guessed by shrunken rates, and the worst tenth if nothing changes")
    print(f"{'areas':>5} {'events':>6} {'EB/raw':>7} {'worst':>7} {'foretold':>8}")
    misses = []
    for areas, events, spread, error, worst in NEXT_YEAR:
        chance = np.random.default_rng([JUDGING_SEED, areas, events])
        sets = max(12_800 // areas, 60)
        size = events * np.exp(chance.normal(0, 0.3, (sets, areas)))
        true = chance.gamma(1 / spread**2, spread**2, size.shape) * size
        year, following = chance.poisson(true).astype(float), chance.poisson(true).astype(float)
        came = following / size
        guess = shrunken(year, size).rate
        ratio = float(((guess - came) ** 2).mean() / ((year / size - came) ** 2).mean())
        chosen = highest(year, size)
        change = float(following[chosen].sum() / year[chosen].sum() - 1)
        foretold = float(expected_change(year, size, chosen).mean())
        print(f"{areas:>5} {events:>6} {ratio:7.3f} {change:7.1%} {foretold:8.1%}")
        if abs(ratio - error) > 0.02 or abs(change - worst) > 0.02:
            misses.append(f"{areas} areas of {events}: {ratio:.3f} and {change:.1%}, not "
                          f"{error:.3f} and {worst:.1%}")  # fmt: skip
        if abs(foretold - change) > 0.02:
            misses.append(
                f"{areas} areas of {events}: {foretold:.1%} was foretold, {change:.1%} came"
            )
    return misses
