"""Which areas lie outside what chance and the usual differences between areas would give.

The logarithm of an area's true level is taken to differ from the others' with a variance `between`
that nobody knows. It is found twice:

1. from all areas together, by the equation of Paule & Mandel (1982) in a form that no few areas can
   carry away (squares cut off at FIRST_CUT, with the correction that makes it right for the normal
   law: Huber's proposal 2); areas more than ASIDE deviations off are then set aside;
2. for each area from the others that were not set aside (squares cut off at SECOND_CUT).

An area is never compared with a range that it helped to widen. The range is a prediction: Student's
t with FREEDOM_LOST degrees fewer than areas allows for `between` being an estimate, the error of
the centre is added, and on top of it counts scatter as Poisson's law has it, exactly, so that it
holds for three events as for thirty thousand. `benchmarks/area_outliers.py` measures the rate at
which areas that are not different are flagged, and the power, beside the published rivals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

CONFIDENCE = 0.998
FIRST_CUT, SECOND_CUT, ASIDE = 1.5, 2.5, 3.0
FREEDOM_LOST = 4
FEWEST = 8
"""With fewer areas than these, what differences are usual cannot be told."""

_GREATEST = (
    4.0  # of the variance between areas on the scale of logarithms: a factor of e**2 each way
)
_HALVINGS = 24
_NODES = 64
_WIDE = 9.0  # of Student's t, the part that is integrated over: deviations to each side
_AT_ONCE = 400_000  # rows times areas worked on together, to keep memory small


@dataclass(frozen=True)
class Usual:
    """What the other areas lead one to expect of each: arrays (..., areas).

    centre    logarithm of observed over expected events
    between   variance between areas of that logarithm
    error     variance of the centre, which is an estimate
    freedom   degrees of freedom of Student's t (..., 1)
    """

    centre: Floats
    between: Floats
    error: Floats
    freedom: Floats


def usual(observed: ArrayLike, expected: ArrayLike) -> Usual:
    """The usual level of areas and their usual differences, each area judged by the others.

    `observed` events and `expected` events (or people, or any size that events go with), both
    (..., areas) and broadcast together; an area is left out, and has NaN, where either is not
    known, negative, or nothing is expected. All is NaN where fewer than FEWEST are known.
    """
    o, e, known = _valid(observed, expected)
    shape, areas = o.shape, o.shape[-1]
    o, e = o.reshape(-1, areas), e.reshape(-1, areas)
    known = known.reshape(-1, areas)
    step = max(1, _AT_ONCE // max(areas, 1) ** 2)
    parts = [
        _usual(o[first : first + step], e[first : first + step], known[first : first + step])
        for first in range(0, len(o), step)
    ]
    number = known.sum(axis=-1, keepdims=True)
    left_out = ~known | (number < FEWEST)

    def column(index: int) -> Floats:
        found = np.concatenate([part[index] for part in parts])
        return np.asarray(np.where(left_out, np.nan, found).reshape(shape))

    freedom = np.where(number < FEWEST, np.nan, number - float(FREEDOM_LOST))
    return Usual(column(0), column(1), column(2), freedom.reshape(*shape[:-1], 1))


def tail_chances(observed: ArrayLike, expected: ArrayLike, others: Usual) -> tuple[Floats, Floats]:
    """The chance of so few events or fewer, and of so many or more (..., areas).

    `others` is what `usual` says of the same areas. NaN for areas that are not known.
    """
    o, e, known = _valid(observed, expected)
    known = known & ~np.isnan(others.centre)
    o, e = np.where(known, o, 1.0), np.where(known, e, 1.0)
    few, many = np.zeros(o.shape), np.zeros(o.shape)
    for deviation, weight in zip(*_student(others.freedom), strict=True):
        mean = e * _level(others, deviation)
        few += weight * special.gammaincc(o + 1, mean)
        many += weight * np.where(o > 0, special.gammainc(np.maximum(o, 1.0), mean), 1.0)
    return np.where(known, few, np.nan), np.where(known, many, np.nan)


def outside(
    observed: ArrayLike, expected: ArrayLike, confidence: float = CONFIDENCE
) -> NDArray[np.int8]:
    """1 for areas above their range, -1 below, 0 within it or not known (..., areas)."""
    few, many = tail_chances(observed, expected, usual(observed, expected))
    tail = _tail(confidence)
    with np.errstate(invalid="ignore"):
        return (many < tail).astype(np.int8) - (few < tail).astype(np.int8)


def event_range(
    expected: ArrayLike, others: Usual, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """The fewest and the most events that are not outside (..., areas): whole numbers, or NaN.

    They agree with `tail_chances`: one event more or fewer has a chance below the tail.
    """
    tail = _tail(confidence)
    size = np.broadcast_to(np.asarray(expected, dtype=float), others.centre.shape)
    known = ~np.isnan(others.centre) & (size > 0)
    mean = np.where(known, size * np.exp(np.where(known, others.centre, 0.0)), 1.0)
    spread = np.sqrt(np.where(known, others.between + others.error, 0.0))
    top = np.ceil(mean * np.exp(_WIDE * spread) + 20 * np.sqrt(mean) + 50)

    def first(passes_low: bool) -> Floats:
        low, high = np.full(mean.shape, -1.0), top.copy()  # fails at low, holds at high
        while np.any(high - low > 1):
            middle = np.floor((low + high) / 2)
            few, many = tail_chances(np.where(known, middle, 0.0), size, others)
            holds = few >= tail if passes_low else many < tail
            high = np.where(holds & (high - low > 1), middle, high)
            low = np.where(~holds & (high - low > 1), middle, low)
        return high

    return np.where(known, first(True), np.nan), np.where(known, first(False) - 1, np.nan)


# --- the two fits ---------------------------------------------------------------------------------


def _valid(observed: ArrayLike, expected: ArrayLike) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    o, e = np.broadcast_arrays(np.asarray(observed, dtype=float), np.asarray(expected, dtype=float))
    known = (o >= 0) & (e > 0) & np.isfinite(o) & np.isfinite(e)
    return np.where(known, o, 0.0), np.where(known, e, 1.0), known


def _usual(o: Floats, e: Floats, known: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    sets, areas = o.shape
    weight = known.astype(float)
    level = (o * weight).sum(axis=1) / np.maximum((e * weight).sum(axis=1), 1e-300)
    y = np.log((o + 0.5) / e)
    chance = 1 / np.maximum(e * np.maximum(level, 1e-300)[:, None], 0.25)
    centre, between, _ = _fit(y, chance, weight, FIRST_CUT)
    off = np.abs(y - centre[:, None]) / np.sqrt(chance + between[:, None])
    kept = weight * (off < ASIDE)
    others = (kept[:, None, :] * (1 - np.eye(areas))).reshape(-1, areas)
    each = _fit(np.repeat(y, areas, axis=0), np.repeat(chance, areas, axis=0), others, SECOND_CUT)
    found = [part.reshape(sets, areas) for part in each]
    return found[0], found[1], found[2]


def _fit(y: Floats, chance: Floats, weight: Floats, cut: float) -> tuple[Floats, Floats, Floats]:
    """Centre, variance between areas and variance of the centre of each row (rows,)."""
    wanted = np.maximum(weight.sum(axis=1) - 1, 1) * _mean_cut_square(cut)
    start = _middle(y, weight)
    low, high = np.zeros(len(y)), np.full(len(y), _GREATEST)
    none = _cut_squares(y, chance, weight, cut, low, start) <= wanted
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        more = _cut_squares(y, chance, weight, cut, middle, start) > wanted
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    between = np.where(none, 0.0, (low + high) / 2)
    centre = _centre(y, chance, weight, cut, between, start)
    known = np.maximum((weight / (chance + between[:, None])).sum(axis=1), 1e-300)
    return centre, between, 1 / known


def _middle(y: Floats, weight: Floats) -> Floats:
    """The median of each row's areas that weigh something; 0 where none does."""
    some = weight > 0
    ordered = np.sort(np.where(some, y, np.inf), axis=1)
    number = some.sum(axis=1)
    half = np.maximum(number - 1, 0)
    rows = np.arange(len(y))
    middle = (ordered[rows, half // 2] + ordered[rows, (half + 1) // 2]) / 2
    return np.asarray(np.where(number > 0, middle, 0.0))


def _centre(
    y: Floats, chance: Floats, weight: Floats, cut: float, between: Floats, start: Floats
) -> Floats:
    variance = chance + between[:, None]
    share, spread = weight / variance, np.sqrt(variance)
    centre = start
    for _ in range(4):
        off = np.abs(y - centre[:, None])
        held = share * np.minimum(1.0, cut * spread / np.maximum(off, 1e-12))
        centre = (held * y).sum(axis=1) / np.maximum(held.sum(axis=1), 1e-300)
    return centre


def _cut_squares(
    y: Floats, chance: Floats, weight: Floats, cut: float, between: Floats, start: Floats
) -> Floats:
    centre = _centre(y, chance, weight, cut, between, start)
    square = (y - centre[:, None]) ** 2 / (chance + between[:, None])
    return np.asarray((weight * np.minimum(square, cut**2)).sum(axis=1))


def _mean_cut_square(cut: float) -> float:
    """The mean of a normal deviate's square, cut off at `cut` squared."""
    return float(special.chdtr(3, cut**2) + cut**2 * special.chdtrc(1, cut**2))


# --- the prediction -------------------------------------------------------------------------------


def _level(others: Usual, deviation: float) -> Floats:
    spread = np.sqrt(others.between + others.error)
    log = np.where(np.isnan(others.centre), 0.0, others.centre + deviation * spread)
    return np.asarray(np.exp(np.clip(log, -700, 700)))


def _student(freedom: Floats) -> tuple[Floats, list[Floats]]:
    """Deviations, and the weight of each by Student's t (adding to 1), shaped as `freedom`."""
    places, size = np.polynomial.legendre.leggauss(_NODES)
    deviations = places * _WIDE
    v = np.where(np.isnan(freedom), 1.0, np.maximum(freedom, 1.0))
    density = [s * (1 + d**2 / v) ** (-(v + 1) / 2) for d, s in zip(deviations, size, strict=True)]
    total = sum(density)
    return deviations, [each / total for each in density]


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(
            f"confidence is {confidence}; give a number between 0 and 1, such as 0.998"
        )
    return (1 - confidence) / 2
