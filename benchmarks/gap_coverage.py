"""How often the interval of a ratio between two groups holds the true ratio, beside its rival.

Rival: the log interval whatever the counts, as the relative rate index is usually worked out.
Judged where five events or more are expected in each group; the rows below five are shown as well.
A group compared with that has no event gives no ratio and is left out of both.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bluelamp.statistics.gaps import Estimate, Floats, rate_ratio, relative_rate_index
from bluelamp.statistics.strata import mantel_haenszel

JUDGING_SEED = 20_250_311
DRAWS = 20_000
EXPECTED = (2, 5, 8, 15, 40, 200)
RATIOS = (0.5, 1.0, 2.0, 4.0)
PEOPLE = 60_000
SHARES = (0.02, 0.1, 0.3)
STRATA = 8
# The mean over all cases, and the worst single case. 20,000 draws are off by .003 at most.
MEAN_WITHIN, LEAST = (0.945, 0.965), 0.93


def rival(a: Floats, of_a: Floats, b: Floats, of_b: Floats, *, shares: bool) -> Estimate:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (a / of_a) / (b / of_b)
        less = 1 / of_a + 1 / of_b if shares else 0.0
        reach = np.exp(1.959964 * np.sqrt(1 / a + 1 / b - less))
        return Estimate(ratio, ratio / reach, ratio * reach)


def coverage(found: Estimate, truth: float, b: Floats) -> float:
    """The share of draws whose interval holds the truth; one that cannot be stated does not."""
    held = (found.lower <= truth) & (truth <= found.upper)
    return float(held[b > 0].mean())


def rates(rng: np.random.Generator) -> Iterator[tuple[str, float, float, float]]:
    """(case, least expected count, ours, the rival's) for rates among residents."""
    for expected in EXPECTED:
        for ratio in RATIOS:
            a, b = rng.poisson(expected * ratio, DRAWS), rng.poisson(expected, DRAWS)
            of = float(PEOPLE), float(PEOPLE)
            ours = coverage(rate_ratio(a, of[0], b, of[1]), ratio, b)
            theirs = coverage(rival(a, of[0], b, of[1], shares=False), ratio, b)
            yield f"rate {expected} ratio {ratio}", min(expected, expected * ratio), ours, theirs


def shares(rng: np.random.Generator) -> Iterator[tuple[str, float, float, float]]:
    """The same for shares of those at the stage before."""
    for expected in EXPECTED:
        for share in SHARES:
            for ratio in (each for each in RATIOS if each * share <= 0.9):
                of = float(round(expected / share))
                a, b = (
                    rng.binomial(int(of), share * ratio, DRAWS),
                    rng.binomial(int(of), share, DRAWS),
                )
                ours = coverage(relative_rate_index(a, of, b, of), ratio, b)
                theirs = coverage(rival(a, np.array(of), b, np.array(of), shares=True), ratio, b)
                case = f"share {expected} of {of:.0f} ratio {ratio}"
                yield case, min(expected, expected * ratio), ours, theirs


def strata(rng: np.random.Generator) -> Iterator[tuple[str, float, float, float]]:
    """Mantel-Haenszel over unlike strata; its rival is the whole taken together."""
    for expected in (5, 15, 40):
        for ratio in RATIOS:
            people = rng.integers(2_000, 40_000, size=(2, STRATA)).astype(float)
            level = rng.gamma(2.0, 0.5, STRATA) * expected / people[1].mean()
            a = rng.poisson(people[0] * level * ratio, (DRAWS // 4, STRATA))
            b = rng.poisson(people[1] * level, (DRAWS // 4, STRATA))
            some = b.sum(1)
            ours = coverage(mantel_haenszel(a, people[0], b, people[1], "rate"), ratio, some)
            whole = rate_ratio(a.sum(1), people[0].sum(), some, people[1].sum())
            least = float(STRATA * expected)
            yield (
                f"{STRATA} strata of {expected} ratio {ratio}",
                least,
                ours,
                coverage(whole, ratio, some),
            )


def main() -> list[str]:
    """What was missed, in words."""
    rng = np.random.default_rng(JUDGING_SEED)
    misses = []
    for title, cases in (("rates", rates), ("shares", shares), ("strata", strata)):
        found = list(cases(rng))
        print(f"{title:34} ours   rival")
        for case, expected, ours, theirs in found:
            if expected < 10 or ours < LEAST:
                print(f"  {case:32} {ours:.3f}  {theirs:.3f}")
        judged = [each for each in found if each[1] >= 5]
        mean, rival_mean = (float(np.mean([each[k] for each in judged])) for k in (2, 3))
        print(
            f"  {'mean of ' + str(len(judged)) + ' with 5 or more':32} {mean:.3f}  {rival_mean:.3f}"
        )
        if not MEAN_WITHIN[0] <= mean <= MEAN_WITHIN[1]:
            misses.append(f"{title}: mean coverage {mean:.3f}")
        misses += [f"{case}: coverage {ours:.3f}" for case, _, ours, _ in judged if ours < LEAST]
    return misses


if __name__ == "__main__":
    print("\n".join(main()) or "Nothing was missed.")
