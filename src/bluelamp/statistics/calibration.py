"""From the evidence of one look to a p-value for a year of monthly looks.

`watch` weighs the p-values of twelve possible onsets into one number, their weighted harmonic mean
(Wilson 2019), here called the *evidence*: the smaller, the less it looks like chance. The table
below says how often, in a series that did not change, the smallest evidence of twelve successive
monthly looks falls that low. It is the greatest over rows of unchanged series of several kinds
and over baselines of 24, 36 and 60 months, 5% added; `benchmarks/calibrate.py` remakes it and
names its seeds. Below the last entry the p-value falls in proportion to the evidence to the power
TAIL, which is slower than simulated and so errs towards silence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# The weight of an onset k months ago is (k / 12) squared: a short spell needs stronger evidence,
# because there are many short spells and they come and go.
ONSET_POWER = 2.0

EVIDENCE = (1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 6e-3, 1e-2, 2e-2, 4e-2, 1e-1, 3e-1, 1.0)
YEAR_OF_LOOKS = (2e-4, 1.3e-3, 3.2e-3, 9e-3, 2.2e-2, 3.8e-2, 5.8e-2, 0.105, 0.18, 0.37, 0.75, 1.0)
TAIL = 0.85


def onset_weights(window: int) -> Floats:
    """(window,) weights, adding to 1, of a change that began 1, 2, ... window months ago."""
    weights = (np.arange(1, window + 1) / window) ** ONSET_POWER
    return weights / weights.sum()


def weighted_evidence(p_values: Floats) -> Floats:
    """(S,) weighted harmonic mean of (S, window) p-values; NaN p-values count as 1."""
    weights = onset_weights(p_values.shape[1])
    return 1 / np.sum(weights / np.where(np.isnan(p_values), 1.0, p_values), axis=1)


def year_of_looks(evidence: Floats) -> Floats:
    """The p-value of a whole year of monthly looks, for the evidence of one of them."""
    known, chance = np.log(EVIDENCE), np.log(YEAR_OF_LOOKS)
    log = np.log(evidence)
    inside = np.interp(log, known, chance)
    beyond = chance[0] + TAIL * (log - known[0])
    return np.exp(np.where(log < known[0], beyond, inside))
