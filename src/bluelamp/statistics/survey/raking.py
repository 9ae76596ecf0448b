"""Raking: weights made to agree with what is known of everyone, one margin after the other.

Deming and Stephan (1940); Kalton (1983), *Compensating for Missing Survey Data*. Linearised
variances after raking are those of the residuals from the margins (Deville, Sarndal and Sautory
1993, *JASA* 88); R's `survey::rake` and `calibrate` do the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluelamp.statistics.survey.design import Design, kish_effect

Floats = NDArray[np.float64]

TOLERANCE = 1e-10


class RakingFault(ValueError):
    """The margins cannot be reached; its words say which and why."""


@dataclass(frozen=True)
class Margin:
    """One thing known of everyone: of each person their `group` (n,), and each group's `total`."""

    name: str
    groups: tuple[str, ...]
    totals: Mapping[str, float]


@dataclass(frozen=True)
class Raked:
    """Weights (n,) that agree with every margin, and what it took.

    rounds    how many times through all margins.
    ratio_lowest, ratio_highest   the new weight over the old one, over all people.
    kish      what the unequal weights multiply a variance by.
    """

    weights: Floats
    rounds: int
    ratio_lowest: float
    ratio_highest: float
    kish: float


def rake(
    weights: ArrayLike,
    margins: Sequence[Margin],
    tolerance: float = TOLERANCE,
    most_rounds: int = 1_000,
) -> Raked:
    """Weights that add up to each margin's totals, to a relative error of `tolerance`.

    Raises RakingFault where nobody of a group was asked, where margins do not add up to the same
    number of people, and where so many rounds do not bring them together.
    """
    before = np.asarray(weights, dtype=float)
    numbered = [_numbered(margin, before) for margin in margins]
    _check_sums(margins)
    now = before.copy()
    for rounds in range(1, most_rounds + 1):
        for (groups, totals), margin in zip(numbered, margins, strict=True):
            found = np.bincount(groups, now, minlength=len(totals)).astype(float)
            _check_somebody(found, totals, margin)
            now = now * (totals / np.where(found > 0, found, 1.0))[groups]
        if _worst(numbered, margins, now)[0] <= tolerance:
            ratio = now[before > 0] / before[before > 0]
            return Raked(now, rounds, float(ratio.min()), float(ratio.max()), kish_effect(now))
    off, group = _worst(numbered, margins, now)
    raise RakingFault(
        f"after {most_rounds} rounds {group} is still off by {off:.2g} of its total: some margins "
        "contradict each other in this sample. Join small groups, or leave a margin out."
    )


def after_raking(
    sample: Design, linearised: Floats, margins: Sequence[Margin], before: ArrayLike
) -> Floats:
    """(n,) numbers whose total has the variance of an estimate that was made with raked weights.

    What the margins explain of an answer no longer varies, since their totals are known.

    sample       with the raked weights; linearised (n,), as in `Estimate.linearised`.
    before       (n,) the weights before raking, by which the margins are fitted.
    """
    old = np.asarray(before, dtype=float)
    columns = []
    for margin in margins:
        groups, totals = _numbered(margin, sample.weights)
        columns.append(np.eye(len(totals))[groups])
    known = np.concatenate(columns, axis=1)
    weights = sample.weights
    each = np.where(weights > 0, linearised / np.where(weights > 0, weights, 1.0), 0.0)
    root = np.sqrt(old)
    slopes = np.linalg.lstsq(known * root[:, None], each * root, rcond=None)[0]
    return weights * (each - known @ slopes)


def _numbered(margin: Margin, weights: Floats) -> tuple[NDArray[np.int64], Floats]:
    names = list(margin.totals)
    unknown = sorted(set(margin.groups) - set(names))
    if unknown:
        raise RakingFault(f"the margin '{margin.name}' has no total for {', '.join(unknown)}")
    if len(margin.groups) != len(weights):
        raise RakingFault(
            f"the margin '{margin.name}' tells of {len(margin.groups)} people, and there are "
            f"{len(weights)} weights"
        )
    number = {name: i for i, name in enumerate(names)}
    totals = np.array([margin.totals[name] for name in names], dtype=float)
    if np.any(totals < 0) or not np.all(np.isfinite(totals)):
        raise RakingFault(f"a total of the margin '{margin.name}' is missing or below 0")
    return np.array([number[group] for group in margin.groups], dtype=np.int64), totals


def _check_sums(margins: Sequence[Margin]) -> None:
    sums = [sum(margin.totals.values()) for margin in margins]
    for margin, each in zip(margins, sums, strict=True):
        if abs(each - sums[0]) > 1e-6 * abs(sums[0]):
            raise RakingFault(
                f"the margin '{margin.name}' adds up to {each:,.0f} people and "
                f"'{margins[0].name}' to {sums[0]:,.0f}; they must be the same people"
            )


def _check_somebody(found: Floats, totals: Floats, margin: Margin) -> None:
    nobody = np.flatnonzero((found == 0) & (totals > 0))
    if nobody.size:
        name = list(margin.totals)[int(nobody[0])]
        raise RakingFault(
            f"nobody of '{name}' in the margin '{margin.name}' has a weight, so no weight can "
            "stand for them; join the group with another"
        )


def _worst(
    numbered: Sequence[tuple[NDArray[np.int64], Floats]], margins: Sequence[Margin], now: Floats
) -> tuple[float, str]:
    """The greatest relative error over all groups, and the group's name."""
    worst = (0.0, "")
    for (groups, totals), margin in zip(numbered, margins, strict=True):
        found = np.bincount(groups, now, minlength=len(totals))
        off = np.abs(found - totals) / np.where(totals > 0, totals, 1.0)
        at = int(off.argmax())
        if off[at] > worst[0]:
            worst = (float(off[at]), f"'{list(margin.totals)[at]}' of '{margin.name}'")
    return worst
