"""What a reader of monthly releases has seen at each of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

WINDOW = 12
LONGEST_BASELINE = 60


def releases(
    figures: NDArray[np.float64], baseline: int, looks: int
) -> Iterator[NDArray[np.float64]]:
    """(series, months) as known at each of `looks` successive releases.

    At the first there are `baseline` months before the window. As in use, no month is thrown away
    until the baseline is sixty months long; from then on the oldest leaves as the newest comes.
    """
    for look in range(looks):
        end = baseline + WINDOW + look
        yield figures[:, max(0, end - WINDOW - LONGEST_BASELINE) : end]
