"""Cumulative sums: small changes added up until they can no longer be chance.

`two_sided` is the classical chart (Page 1954, "Continuous inspection schemes"; Montgomery 2009,
chapter 9), and `average_run_length` says how long it stays silent. `openprescribing` is the form in
which OpenPrescribing watches prescribing (Walker et al. 2018, "Detecting change in comparison to
peers in NHS prescribing data"): it learns its target from the first months, and a new one after
each alert. They apply it to an area's percentile among its peers, which takes out what moves all of
them at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from .limits import Floats, series

# States of the coarser of two chains; their error falls with the square of this number.
STATES = 100

# OpenPrescribing rounds its sums so far; values are expected to be shares between 0 and 1.
DIGITS = 2


@dataclass(frozen=True)
class Cusum:
    """Sums and alerts, all (..., months).

    `high` adds up what lies above the target (0 or more), `low` what lies below (0 or less).
    `target` and `threshold` are those in force in the month. `alert` is 1 where `high` is over the
    threshold, -1 where `low` is under minus the threshold, else 0.
    """

    high: Floats
    low: Floats
    target: Floats
    threshold: Floats
    alert: NDArray[np.int8]


def two_sided(
    values: ArrayLike,
    *,
    target: ArrayLike,
    deviation: ArrayLike,
    slack: float = 0.5,
    threshold: float = 5.0,
) -> Cusum:
    """The classical chart of `values` (..., months), with sums in the units of the values.

    `target` and `deviation` (a standard deviation, more than 0) are known beforehand and fit (...).
    `slack` (k) and `threshold` (h) are in standard deviations. Sums run on after an alert; a month
    not known leaves them as they were. Raises ValueError where a deviation is not more than 0 or
    slack or threshold is below 0.
    """
    value = series(values)
    spread = np.asarray(deviation, dtype=float)
    if not np.all(spread > 0) or slack < 0 or threshold < 0:
        raise ValueError("deviation must be more than 0, slack and threshold 0 or more")
    goal = np.broadcast_to(np.asarray(target, dtype=float), value.shape[:-1])
    spread = np.broadcast_to(spread, value.shape[:-1])
    high, low = np.zeros(value.shape), np.zeros(value.shape)
    up = down = np.zeros(value.shape[:-1])
    for month in range(value.shape[-1]):
        now = value[..., month]
        known = np.isfinite(now)
        up = np.where(known, np.maximum(0.0, up + now - goal - slack * spread), up)
        down = np.where(known, np.minimum(0.0, down + now - goal + slack * spread), down)
        high[..., month], low[..., month] = up, down
    limit = np.broadcast_to((threshold * spread)[..., None], value.shape)
    wide = np.broadcast_to(goal[..., None], value.shape)
    return Cusum(high, low, wide, limit, _alerts(high, low, limit))


def average_run_length(shift: ArrayLike, *, slack: float = 0.5, threshold: float = 5.0) -> Floats:
    """Months until the first alert of `two_sided`, on average, starting from 0.

    For independent normal months whose mean lies `shift` standard deviations from the target (any
    shape, which is handed back); 0 gives the time to a false alarm. By a Markov chain (Brook &
    Evans 1972), extrapolated from two finenesses to five digits or more; the two sides are joined
    by the rule of Kemp (1961). Raises ValueError where slack or threshold is not more than 0.
    """
    if slack <= 0 or threshold <= 0:
        raise ValueError("slack and threshold must be more than 0; the two sides meet otherwise")
    shifts = np.asarray(shift, dtype=float)
    found = [
        1 / (1 / _one_sided(s, slack, threshold) + 1 / _one_sided(-s, slack, threshold))
        for s in shifts.ravel()
    ]
    return np.array(found).reshape(shifts.shape)


def _one_sided(shift: float, slack: float, threshold: float) -> float:
    coarse = _chain(shift, slack, threshold, STATES)
    fine = _chain(shift, slack, threshold, 2 * STATES)
    return fine + (fine - coarse) / 3  # the error of `fine` is a quarter of that of `coarse`


def _chain(shift: float, slack: float, threshold: float, states: int) -> float:
    """The mean time to leave [0, threshold], cut into `states` cells; the first is around 0."""
    width = 2 * threshold / (2 * states - 1)
    cell = np.arange(states)
    jump = (cell[None, :] - cell[:, None]) * width + slack - shift
    move = ndtr(jump + width / 2) - ndtr(jump - width / 2)
    move[:, 0] = ndtr(jump[:, 0] + width / 2)  # whatever falls below 0 starts again at 0
    times = np.linalg.solve(np.eye(states) - move, np.ones(states))
    return float(times[0])


def openprescribing(values: ArrayLike, *, window: int = 12, sensitivity: float = 5.0) -> Cusum:
    """OpenPrescribing's chart of `values` (..., months), shares between 0 and 1.

    The target is the mean of the first `window` months from the first known one on, the threshold
    `sensitivity` population standard deviations, the slack half a deviation. After an alert the
    target is the mean of the `window` months before. While the sum still grows the same way the
    alert goes on, else it starts anew with a new threshold. Sums are rounded to two decimals. A
    month not known sets both sums to 0. A series of which no month is known has NaN and no alert.

    Raises ValueError where window is below 1 or sensitivity not more than 0.
    """
    if window < 1 or sensitivity <= 0:
        raise ValueError("window must be 1 month or more, and sensitivity more than 0")
    value = series(values)
    rows = value.reshape(-1, value.shape[-1])
    start = _first_window(rows, window)
    state, months = _State.none(len(rows)), []
    for month in range(rows.shape[-1]):
        now = rows[:, month]
        begun = _begun(now, rows[:, month : month + window], sensitivity)
        moved = _moved(state, now, rows[:, max(month - window, 0) : month], sensitivity)
        state = begun.where(month <= start, moved)
        months.append(state)
    high, low, target, threshold = (
        np.stack([getattr(state, name) for state in months], axis=-1).reshape(value.shape)
        for name in ("high", "low", "target", "threshold")
    )
    return Cusum(high, low, target, threshold, _alerts(high, low, threshold))


@dataclass(frozen=True)
class _State:
    """Where each series (rows) stands after a month."""

    high: Floats
    low: Floats
    target: Floats
    threshold: Floats

    @classmethod
    def none(cls, rows: int) -> _State:
        unknown = np.full(rows, np.nan)
        return cls(unknown, unknown, unknown, unknown)

    def where(self, chosen: NDArray[np.bool_], other: _State) -> _State:
        return _State(
            np.where(chosen, self.high, other.high),
            np.where(chosen, self.low, other.low),
            np.where(chosen, self.target, other.target),
            np.where(chosen, self.threshold, other.threshold),
        )


def _begun(now: Floats, window: Floats, sensitivity: float) -> _State:
    """Sums that start with this month, with target and threshold from a window."""
    target, threshold = _statistics(window, sensitivity)
    return _State(*_sums(now, target, threshold / sensitivity), target, threshold)


def _moved(state: _State, now: Floats, recent: Floats, sensitivity: float) -> _State:
    """The month after `state`: on as before, on with a new target, or anew."""
    alert = _alerts(state.high, state.low, state.threshold)
    anew = _begun(now, recent, sensitivity)
    target = np.where(alert != 0, anew.target, state.target)
    deviation = state.threshold / sensitivity
    high, low = _sums(now, target, deviation, state.high, state.low)
    grows = np.where(alert > 0, high > state.high, low < state.low)
    on = _State(high, low, target, state.threshold)
    return on.where((alert == 0) | grows, anew)


def _first_window(rows: Floats, window: int) -> NDArray[np.int64]:
    """The first month whose window, this month and those after it, holds a known value."""
    known = np.isfinite(rows)
    first = np.where(known.any(axis=-1), np.argmax(known, axis=-1), rows.shape[-1])
    return np.maximum(first - window + 1, 0)


def _statistics(window: Floats, sensitivity: float) -> tuple[Floats, Floats]:
    """Mean of the known values and `sensitivity` of their deviations; NaN where none is known."""
    known = np.isfinite(window)
    number = known.sum(axis=-1)
    some = np.where(number > 0, number, np.nan)
    mean = np.sum(window, axis=-1, where=known) / some
    squares = np.sum((window - mean[:, None]) ** 2, axis=-1, where=known)
    return mean, sensitivity * np.sqrt(squares / some)


def _sums(
    now: Floats,
    target: Floats,
    deviation: Floats,
    high: Floats | float = 0.0,
    low: Floats | float = 0.0,
) -> tuple[Floats, Floats]:
    """Both sums with this month's value added. What is not known leaves 0, in both."""
    up, down = high + now - (target + deviation / 2), low + now - (target - deviation / 2)
    # fmax and fmin take the 0 where the other is NaN.
    above, below = np.fmax(up, 0.0), np.fmin(down, 0.0)
    return above.round(DIGITS), below.round(DIGITS)


def _alerts(high: Floats, low: Floats, threshold: Floats) -> NDArray[np.int8]:
    above, below = high > threshold, low < -threshold
    return np.where(above, 1, np.where(below, -1, 0)).astype(np.int8)
