"""From the evidence of one look to its p-value, and to a p-value for a year of monthly looks.

`watch` weighs the p-values of twelve possible onsets into one number, their weighted harmonic mean
(Wilson 2019), here called the *evidence*: the smaller, the less it looks like chance. The tables
below say how often, in a series that did not change, the evidence of one look (ONE_LOOK), and the
smallest of twelve successive monthly looks (YEAR_OF_LOOKS, with 24 and with 60 months of baseline),
falls that low. YEAR_TOGETHER is of series that learn from their group (`pooling`), by kind, since
counts are lop-sided; simulated in groups of 33. They are the greatest over six or seven kinds of
unchanged series; 3 to 12% is added for series alone, and up to 5% for groups: a benchmark of 4,000
series has a standard error of 0.0034 of its own about 0.05.
`benchmarks/calibrate.py` remakes them and names its seeds. Below the first entry a p-value falls in
proportion to the evidence to the power TAIL, which is slower than simulated and so errs towards
silence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bluelamp.statistics.noise import nearness_to_five_years
from bluelamp.statistics.scales import Kind

Floats = NDArray[np.float64]

# The weight of an onset k months ago is (k / 12) squared: a short spell needs stronger evidence,
# because there are many short spells and they come and go.
ONSET_POWER = 2.0

EVIDENCE = (1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 6e-3, 1e-2, 2e-2, 4e-2, 1e-1, 3e-1, 1.0)
ONE_LOOK = (1e-4, 3.5e-4, 8e-4, 1.7e-3, 4.8e-3, 8.6e-3, 1.4e-2, 2.8e-2, 5.5e-2, 0.14, 0.41, 1.0)
YEAR_OF_LOOKS = {
    24: (4e-4, 0.0012, 0.0022, 0.005, 0.0133, 0.0294, 0.049, 0.1015, 0.197, 0.44, 0.86, 1.0),
    60: (5e-4, 0.0017, 0.0036, 0.009, 0.0215, 0.0398, 0.0624, 0.1135, 0.209, 0.44, 0.87, 1.0),
}
YEAR_TOGETHER: dict[Kind, dict[int, tuple[float, ...]]] = {
    "count": {
        24: (4e-4, 0.0012, 0.0028, 0.0074, 0.0203, 0.035, 0.0535, 0.0975, 0.182, 0.39, 0.83, 1.0),
        60: (5e-4, 0.0020, 0.0037, 0.0093, 0.0224, 0.0415, 0.063, 0.113, 0.203, 0.43, 0.85, 1.0),
    },
    "mean": {
        24: (4e-4, 0.0012, 0.0028, 0.0074, 0.0205, 0.0365, 0.0555, 0.112, 0.209, 0.43, 0.85, 1.0),
        60: (4e-4, 0.0012, 0.0030, 0.0075, 0.0219, 0.0393, 0.058, 0.108, 0.193, 0.415, 0.835, 1.0),
    },
}
# Shares are judged on a scale on which they are as symmetrical as means.
YEAR_TOGETHER["share"] = YEAR_TOGETHER["mean"]
TAIL = 0.6


def onset_weights(window: int) -> Floats:
    """(window,) weights, adding to 1, of a change that began 1, 2, ... window months ago."""
    weights = (np.arange(1, window + 1) / window) ** ONSET_POWER
    return weights / weights.sum()


def weighted_evidence(p_values: Floats) -> Floats:
    """(S,) weighted harmonic mean of (S, window) p-values; NaN p-values count as 1."""
    weights = onset_weights(p_values.shape[1])
    return 1 / np.sum(weights / np.where(np.isnan(p_values), 1.0, p_values), axis=1)


def one_look(evidence: Floats) -> Floats:
    """(S,) the p-value of one look at the whole window, for its evidence (S,)."""
    return np.exp(_log_chance(evidence, ONE_LOOK))


def year_of_looks(
    evidence: Floats,
    baseline_months: NDArray[np.int64],
    together: NDArray[np.bool_],
    kind: Kind,
) -> Floats:
    """(S,) the p-value of a whole year of monthly looks, for the evidence (S,) of one of them.

    `together` (S,): whether a series was judged with what its group taught (`pooling`). Between
    about two years and five the logarithm of the p-value is interpolated, as the noise models'
    weights are (`noise.nearness_to_five_years`).
    """
    share = nearness_to_five_years(baseline_months)
    alone, pooled = (
        (1 - share) * _log_chance(evidence, table[24]) + share * _log_chance(evidence, table[60])
        for table in (YEAR_OF_LOOKS, YEAR_TOGETHER[kind])
    )
    return np.exp(np.where(together, pooled, alone))


def _log_chance(evidence: Floats, table: tuple[float, ...]) -> Floats:
    known, chance = np.log(EVIDENCE), np.log(table)
    log = np.log(evidence)
    beyond = chance[0] + TAIL * (log - known[0])
    return np.where(log < known[0], beyond, np.interp(log, known, chance))
