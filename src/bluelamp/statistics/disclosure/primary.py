"""Primary rules: which cells may not be published for what they hold.

Sources: Hundepool, Domingo-Ferrer, Franconi, Giessing, Nordholt, Spicer & de Wolf (2012),
"Statistical Disclosure Control", chapter 4; for the usual settings of Britain the ACRO project's
(threshold 10; n = 2, k = 90%; p = 10%).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bluelamp.statistics.disclosure.tables import Flags, Floats


def below_threshold(counts: ArrayLike, threshold: int, *, zeros: bool) -> Flags:
    """True where a count is smaller than the threshold: the threshold rule.

    counts of any shape; `zeros` says whether a nought is sensitive too, as it is where it tells
    that nobody of a group was helped. Raises ValueError for a threshold below 2 or a count below 0.
    """
    values = np.asarray(counts, dtype=float)
    if threshold < 2:
        raise ValueError(f"a threshold of {threshold} hides nothing: give 2 or more")
    if (values < 0).any() or np.isnan(values).any():
        raise ValueError("a count is nought or more: look at how these were counted")
    return (values < threshold) & ((values > 0) | zeros)


def _largest_first(contributions: ArrayLike) -> Floats:
    values = np.asarray(contributions, dtype=float)
    if values.ndim != 2 or (values < 0).any():
        raise ValueError("give contributions as (cells, contributors), each nought or more")
    return -np.sort(-values, axis=1)


def dominance(contributions: ArrayLike, *, n: int, k: float) -> Flags:
    """(cells,) True where the n largest contributors make up more than the share k of the sum.

    contributions (cells, contributors), nought for none, such as grants paid to each group in a
    borough; k between 0 and 1. Raises ValueError for other shapes, negative amounts, n < 1.
    """
    values = _largest_first(contributions)
    if n < 1 or not 0 < k < 1:
        raise ValueError("the (n, k) rule needs n of 1 or more and k between 0 and 1")
    total = values.sum(axis=1)
    return (total > 0) & (values[:, :n].sum(axis=1) > k * total)


def p_percent(contributions: ArrayLike, *, p: float) -> Floats:
    """(cells,) the protection each cell needs upwards; nought where the p% rule lets it pass.

    A cell is sensitive where its second contributor, by taking its own amount from the total, gets
    to within p per cent of the largest one: the remainder is smaller than p/100 of the largest. It
    is safe when nobody can say that the sum is less than itself plus what is handed back here: give
    that as `above` to `protect`. contributions (cells, contributors), nought for none; p in per
    cent. Raises ValueError for other shapes, negative amounts, p outside 0 to 100.
    """
    values = _largest_first(contributions)
    if not 0 < p <= 100:
        raise ValueError("p is a percentage above 0 and up to 100")
    remainder = values[:, 2:].sum(axis=1)
    return np.maximum(0, p / 100 * values[:, 0] - remainder)
