"""What a control chart hands back, and how the months are given that set its limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Limits stand this many standard deviations from the centre (Shewhart 1931).
SIGMAS = 3.0

# A mean of equal numbers may differ from them in the last binary digit. What is nearer than this
# share of its size counts as equal, or a series that never moves would alarm.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Limits:
    """A chart: four arrays of one shape (..., months), in the units of the values.

    `value` is what is drawn, `centre` the centre line, `lower` and `upper` the control limits. A
    month not known has NaN as its value; where limits need that month's size they are NaN too.
    """

    value: Floats
    centre: Floats
    lower: Floats
    upper: Floats

    @property
    def outside(self) -> NDArray[np.int8]:
        """(..., months): 1 above the upper limit, -1 below the lower, else 0."""
        above, below = compare(self.value, self.upper) > 0, compare(self.value, self.lower) < 0
        return above.astype(np.int8) - below.astype(np.int8)


def compare(left: Floats, right: Floats) -> NDArray[np.int8]:
    """-1, 0 or 1 as left is less than, equal to or more than right; 0 where either is NaN."""
    left, right = np.broadcast_arrays(left, right)
    gap = left - right
    near = ROUNDING * np.maximum(np.abs(left), np.abs(right))
    return (gap > near).astype(np.int8) - (gap < -near).astype(np.int8)


def series(values: ArrayLike, what: str = "values") -> Floats:
    """The values as floats of shape (..., months). Raises ValueError where months are lacking."""
    found = np.array(values, dtype=float)
    if found.ndim == 0 or found.shape[-1] == 0:
        raise ValueError(f"{what} has shape {found.shape}; give (..., months), at least one month")
    return found


def counts(values: ArrayLike, what: str = "count") -> Floats:
    """As `series`; ValueError where one is below 0."""
    found = series(values, what)
    if np.any(found < 0):
        raise ValueError(f"a {what} is below 0; give NaN for a month that is not known")
    return found


def baseline_months(shape: tuple[int, ...], baseline: ArrayLike | None) -> Flags:
    """The months that set the limits, as flags of the shape (..., months): all, unless told.

    Raises ValueError where `baseline` is not flags that fit the shape, or flags no month.
    """
    if baseline is None:
        return np.ones(shape, dtype=bool)
    told = np.asarray(baseline)
    if told.dtype != bool:
        raise ValueError("baseline is flags, True for each month that sets the limits")
    if not told.any():
        raise ValueError("baseline flags no month; limits need at least one")
    return np.broadcast_to(told, shape)


def mean_of(values: Floats, where: Flags) -> Floats:
    """(..., 1): the mean of the known values flagged, NaN where there is none."""
    known = where & np.isfinite(values)
    total = np.sum(values, axis=-1, where=known, keepdims=True)
    number = known.sum(axis=-1, keepdims=True)
    return np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0)


def median_of(values: Floats, where: Flags) -> Floats:
    """(..., 1): the median of the known values flagged, NaN where there is none."""
    flagged = np.where(where, values, np.nan)
    known = np.isfinite(flagged).sum(axis=-1, keepdims=True)
    ordered = np.sort(flagged, axis=-1)  # what is not known comes last
    low = np.take_along_axis(ordered, np.maximum(known - 1, 0) // 2, axis=-1)
    high = np.take_along_axis(ordered, np.minimum(known // 2, values.shape[-1] - 1), axis=-1)
    return np.where(known > 0, (low + high) / 2, np.nan)


def moving_ranges(values: Floats, where: Flags) -> Floats:
    """(..., months): how far each value lies from the month before it.

    NaN in the first month, and wherever one of the two months is not known or not flagged: a
    distance over a gap is not one of neighbours.
    """
    flagged = np.where(where, values, np.nan)
    ranges = np.full(values.shape, np.nan)
    ranges[..., 1:] = np.abs(np.diff(flagged, axis=-1))
    return ranges
