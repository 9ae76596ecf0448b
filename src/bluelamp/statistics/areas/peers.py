"""Which areas are alike, in what, and when an area has no peer.

Each variable is put on a common scale (standard deviations, as most areas have them); the distance
of two areas is the root of the mean square difference over the variables, so 1 is "as far apart as
a standard deviation in everything". An area whose nearest lie beyond a radius has no peers, and a
mean of "similar areas" would be a mean of areas that are not similar: it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

WANTED = 5
FEWEST = 3
RADIUS = 1.0
"""Two areas drawn by chance lie about 1.4 apart; beyond 1 nobody would call them alike."""
QUARTILES_APART = 1.349
"""How many standard deviations lie between the quartiles of the normal law."""
ALIKE = 0.35
DIFFERENT = 0.75


@dataclass(frozen=True)
class Peer:
    """An area that is like another: its place in the list, and how far away it is."""

    area: int
    distance: float


@dataclass(frozen=True)
class Peers:
    """The areas like one area, nearest first; none, and `why` in words, where there are too few."""

    peers: tuple[Peer, ...]
    why: str = ""


def standard_scores(values: ArrayLike) -> Floats:
    """(areas, variables) values in standard deviations from the middle, NaN staying NaN.

    The standard deviation is told by the middle half of the areas, so that one like none (84 jobs
    to a resident) does not make all others alike. Where the middle half has one value it is that of
    all; a variable that is the same everywhere tells nobody apart and is 0.
    """
    given = np.asarray(values, dtype=float)
    if given.ndim != 2:
        raise ValueError(f"values has the shape {given.shape}; give areas by variables")
    scores = np.full(given.shape, np.nan)
    for column in range(given.shape[1]):
        known = ~np.isnan(given[:, column])
        if known.any():
            scores[known, column] = _scores(given[known, column])
    return scores


def _scores(values: Floats) -> Floats:
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    level = 1e-12 * np.abs(values).max()
    spread = (high - low) / QUARTILES_APART
    if spread <= level:
        spread = values.std(ddof=1) if values.size > 1 else 0.0
    return np.asarray((values - middle) / spread if spread > level else 0.0 * values)


def distances(scores: ArrayLike) -> Floats:
    """(areas, areas) root mean square differences; NaN where either area lacks a variable."""
    z = np.asarray(scores, dtype=float)
    return np.asarray(np.sqrt(((z[:, None, :] - z[None, :, :]) ** 2).mean(axis=-1)))


def peers(
    apart: ArrayLike,
    area: int,
    *,
    wanted: int = WANTED,
    fewest: int = FEWEST,
    radius: float = RADIUS,
) -> Peers:
    """The areas nearest to one, of `distances` (areas, areas): up to `wanted` within the radius.

    Refused, with the reason, where fewer than `fewest` lie within it.
    """
    row = np.asarray(apart, dtype=float)[area].copy()
    row[area] = np.nan
    if np.isnan(row).all():
        return Peers((), "too little is known of this area to say which others are like it")
    order = np.argsort(np.where(np.isnan(row), np.inf, row), kind="stable")
    near = [Peer(int(i), float(row[i])) for i in order if row[i] <= radius]
    if len(near) < fewest:
        closest = float(np.nanmin(row))
        return Peers(
            (),
            f"no fair comparison: {_how_many(len(near))} within the distance at which areas are "
            f"called alike ({radius:g}), and the nearest is {closest:.1f} away",
        )
    return Peers(tuple(near[:wanted]))


def _how_many(near: int) -> str:
    return {0: "no other area lies", 1: "one other area lies"}.get(near, f"{near} other areas lie")


def why_alike(scores: ArrayLike, one: int, other: int, names: Sequence[str]) -> str:
    """What two areas have in common and what not, in words; names are of the variables, in order.

    "alike in share of young people and deprivation; differ most in people per hectare".
    """
    z = np.asarray(scores, dtype=float)
    gap = np.abs(z[one] - z[other])
    if len(names) != gap.size:
        raise ValueError(f"{len(names)} names were given for {gap.size} variables")
    order = [int(i) for i in np.argsort(gap, kind="stable") if not np.isnan(gap[i])]
    alike = [names[i] for i in order if gap[i] <= ALIKE][:3]
    differ = [names[i] for i in reversed(order) if gap[i] > DIFFERENT][:1]
    said = [f"alike in {_listed(alike)}"] if alike else ["near in most things, alike in none"]
    return "; ".join(said + ([f"differ most in {differ[0]}"] if differ else []))


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
