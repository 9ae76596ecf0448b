"""Is there a step? Generalised least squares, averaged over a family of noise models.

For series z = free terms + step * size + noise, each member of the family gives a size, its
standard error and Student's t on `months - free terms - 1` degrees of freedom. Members are
averaged with weights proportional to prior times restricted likelihood *of the model with that
step in it*, so that a real change is not mistaken for autocorrelation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.linalg import solve_triangular

from bluelamp.statistics.noise import (
    LEFT_HARMONICS,
    ROLLING,
    NoiseModel,
    free_terms,
    harmonics,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Contrast:
    """What the family says about each of K possible steps in each of S series.

    `p_value` (S, K) two-sided; `size` and `error` (S, K), the averaged size and its standard error,
    the disagreement of the members included; `correlation`, `smoothed` (S, K), the averaged lag-one
    autocorrelation and the weight of members that call the series smoothed; `likeliest` (S, K), the
    member with the greatest weight; `freedom`, the degrees of freedom of Student's t.
    """

    p_value: Floats
    size: Floats
    error: Floats
    correlation: Floats
    smoothed: Floats
    likeliest: Ints
    freedom: int


@dataclass(frozen=True)
class Weighed:
    """What each of G members says before they are averaged.

    `sizes`, `errors`, `likelihoods` (G, S, K): a step's size, its standard error and the
    logarithmic restricted likelihood with it; `freedom`, the degrees of freedom.
    """

    members: tuple[NoiseModel, ...]
    sizes: Floats
    errors: Floats
    likelihoods: Floats
    freedom: int

    def likelihood(self) -> Floats:
        """(S, G) logarithm of each member's likelihood whatever the step, up to a constant."""
        greatest = self.likelihoods.max(axis=(0, 2))[:, None]
        return np.log(np.exp(self.likelihoods - greatest).mean(axis=2).T + 1e-300)

    def contrast(self, log_priors: Floats) -> Contrast:
        """The average over the members under each series' (S or 1, G) logarithmic priors."""
        weights = self.likelihoods + log_priors.T[:, :, None]
        weights = np.exp(weights - weights.max(axis=0))
        weights /= weights.sum(axis=0)
        sizes, errors = self.sizes, self.errors
        p = np.sum(weights * 2 * special.stdtr(self.freedom, -np.abs(sizes / errors)), axis=0)
        size = np.sum(weights * sizes, axis=0)
        error = np.sqrt(np.sum(weights * (errors**2 + (sizes - size) ** 2), axis=0))
        lag = np.array([member.correlation for member in self.members])[:, None, None]
        return Contrast(
            np.clip(p, 1e-300, 1),
            size,
            error,
            np.sum(weights * lag, axis=0),
            np.sum(weights * (lag == ROLLING), axis=0),
            weights.argmax(axis=0),
            self.freedom,
        )


def weigh(
    series: Floats, months: Ints, steps: Floats, members: tuple[NoiseModel, ...], precision: Floats
) -> Weighed:
    """Fit every step in every series under every member.

    `series` (S, n) complete, on a scale where noise is roughly normal; `months` (n,), counted from
    any January; `steps` (K, n), each nowhere constant; `precision` (n,), the square root of each
    month's weight (1 where all months weigh alike). Raises ValueError where n leaves no freedom.
    """
    free = free_terms(months) * precision[:, None]
    rank = int(np.linalg.matrix_rank(free))
    freedom = len(months) - rank - 1
    if freedom < 1:
        raise ValueError(f"{len(months)} months are too few to judge a step and a season")
    shape = (len(members), len(series), len(steps))
    sizes, errors, likelihoods = np.empty(shape), np.empty(shape), np.empty(shape)
    weighed = series * precision
    # A series that its free terms and a step explain exactly would divide by zero.
    least = 1e-12 * np.sum(weighed**2, axis=1)[:, None] + 1e-300
    for index, member in enumerate(members):
        ready = _prepare(member, months, free, rank, steps * precision)
        white = ready.whiten(weighed)
        product = white @ ready.seen.T
        sizes[index] = product / ready.information
        left = np.sum(white**2, axis=1)[:, None] - product**2 / ready.information
        left = np.maximum(left, least)
        errors[index] = np.sqrt(left / freedom / ready.information)
        likelihoods[index] = ready.constant - freedom / 2 * np.log(left)
    return Weighed(members, sizes, errors, likelihoods, freedom)


@dataclass(frozen=True)
class _Prepared:
    """A member made ready: what whitens, what the free terms span, and the steps seen so."""

    whitener: Floats
    basis: Floats
    seen: Floats
    information: Floats
    constant: Floats

    def whiten(self, series: Floats) -> Floats:
        """(S, n) series as independent noise, free terms removed."""
        white = series @ self.whitener.T
        return white - (white @ self.basis) @ self.basis.T


@lru_cache(maxsize=4_096)
def _whitener(member: NoiseModel, months: bytes) -> tuple[Floats, float]:
    """Turns a member's noise in those months into independent noise; half its log determinant.

    Kept, because shares come with weights of their own but mostly with the same months.
    """
    root = np.linalg.cholesky(member.covariance(np.frombuffer(months, dtype=np.int64)))
    whitener = solve_triangular(root, np.eye(len(root)), lower=True)
    return whitener, float(np.log(np.diag(root)).sum())


def _prepare(member: NoiseModel, months: Ints, free: Floats, rank: int, steps: Floats) -> _Prepared:
    whitener, half_log = _whitener(member, months.astype(np.int64).tobytes())
    basis, spread, _ = np.linalg.svd(whitener @ free, full_matrices=False)
    basis = basis[:, :rank]
    seen = steps @ whitener.T
    seen -= (seen @ basis) @ basis.T
    information = np.sum(seen**2, axis=1)
    constant = -half_log - np.log(spread[:rank]).sum() - 0.5 * np.log(information)
    return _Prepared(whitener, basis, seen, information, constant)


def expected_without_step(
    series: Floats,
    seen: NDArray[np.bool_],
    months: Ints,
    step: Floats,
    member: NoiseModel,
    precision: Floats,
) -> Floats:
    """(S, T) what the free terms and the season say of every month had the step not been there.

    `series` (S, n) holds the months marked in `seen` (T,); `months`, `step` and `precision` are of
    length T. Months not seen are predicted too.
    """
    free = free_terms(months)
    columns = np.column_stack([free, step])[seen] * precision[seen, None]
    whitener, _ = _whitener(member, months[seen].astype(np.int64).tobytes())
    inverse = whitener.T @ whitener
    gram = columns.T @ inverse @ columns
    fit = np.linalg.pinv(gram) @ columns.T @ inverse
    left = np.eye(seen.sum()) - columns @ fit
    season = harmonics(months, LEFT_HARMONICS)
    spikes = member.irregularity**2 * season @ (season[seen] * precision[seen, None]).T @ inverse
    smoother = free @ fit[:-1] + spikes @ left
    return (series * precision[seen]) @ smoother.T


def alike(*keys: NDArray[np.generic]) -> Iterator[Ints]:
    """Groups of rows that are the same in every key (each (S, ...)), as row numbers."""
    groups: dict[bytes, list[int]] = {}
    for row in range(len(keys[0])):
        name = b"".join(key[row].tobytes() for key in keys)
        groups.setdefault(name, []).append(row)
    for rows in groups.values():
        yield np.array(rows)
