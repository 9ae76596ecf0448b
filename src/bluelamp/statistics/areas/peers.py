"""Which areas are alike, in what, and when an area has no peer.

Each variable is put on a common scale (how many standard deviations of all areas); the distance of
two areas is the root of the mean square difference over the variables, so 1 is "as far apart as a
standard deviation in everything". An area whose nearest lie beyond a radius has no peers, and a
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
    """(areas, variables) values in standard deviations from the mean of the areas that have one.

    A variable that is the same everywhere tells nobody apart and is 0. NaN stays NaN.
    """
    given = np.asarray(values, dtype=float)
    if given.ndim != 2:
        raise ValueError(f"values has the shape {given.shape}; give areas by variables")
    known = ~np.isnan(given)
    n = np.maximum(known.sum(axis=0), 1)
    off = given - np.where(known, given, 0.0).sum(axis=0) / n
    spread = np.sqrt(np.where(known, off**2, 0.0).sum(axis=0) / np.maximum(n - 1, 1))
    level = spread <= 1e-12 * np.where(known, np.abs(given), 0.0).max(axis=0, initial=0)
    return np.where(known, np.where(level, 0.0, off / np.where(level, 1.0, spread)), np.nan)


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
