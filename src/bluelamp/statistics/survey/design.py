"""How people came into a sample, and the variance that follows from it.

Taylor linearisation as in Woodruff (1971), *JASA* 66, and in R's `survey` (Lumley 2004): an
estimate is turned into a total of one number for each person, and the variance of that total is
found from how much the clusters differ within their strata.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Design:
    """A sample of n people.

    weights     (n,) how many people each stands for; at least one above 0, none below.
    strata      (n,) number of the stratum, 0 .. strata - 1.
    clusters    (n,) number of the cluster (primary sampling unit), each in one stratum.
    population  (n,) clusters in the whole stratum, where that is known and matters (the finite
                population correction); inf where it does not.
    """

    weights: Floats
    strata: Ints
    clusters: Ints
    population: Floats

    @property
    def people(self) -> int:
        return len(self.weights)

    @property
    def freedom(self) -> int:
        """Degrees of freedom: clusters less strata, of those with anybody of a weight above 0."""
        here = self.weights > 0
        return len(np.unique(self.clusters[here])) - len(np.unique(self.strata[here]))

    def variance(self, linearised: ArrayLike) -> Floats:
        """(k, k) covariance of the totals of (n, k) numbers, weighted already; (n,) gives (1, 1).

        Raises ValueError where a stratum has a single cluster: it cannot tell how clusters vary.
        """
        table = np.asarray(linearised, dtype=float).reshape(self.people, -1)
        totals = np.zeros((int(self.clusters.max()) + 1, table.shape[1]))
        np.add.at(totals, self.clusters, table)
        first = np.unique(self.clusters, return_index=True)[1]
        stratum, size = self.strata[first], self.population[first]
        found = np.zeros((table.shape[1], table.shape[1]))
        for one in np.unique(stratum):
            inside = stratum == one
            n = int(inside.sum())
            left = 1 - n / float(size[inside][0])
            if n == 1 and left > 0:
                raise ValueError(
                    f"stratum {one} has a single cluster, from which no variance can be seen; "
                    "join it with a stratum like it"
                )
            apart = totals[inside] - totals[inside].mean(axis=0)
            found += left * n / max(n - 1, 1) * apart.T @ apart
        return found


def design(
    weights: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    clusters: ArrayLike | None = None,
    population: ArrayLike | None = None,
) -> Design:
    """A Design from columns of n; left out: one stratum, everybody a cluster of their own.

    strata, clusters   names or numbers of any kind; a cluster is told by its stratum and its name.
    population         (n,) or a number: clusters in the stratum, for the finite population
                       correction. Raises ValueError for columns that do not fit each other.
    """
    weight = np.asarray(weights, dtype=float)
    if weight.ndim != 1 or not weight.size:
        raise ValueError(f"weights have shape {weight.shape}; give one for each person")
    if not np.all(np.isfinite(weight)) or np.any(weight < 0) or not np.any(weight > 0):
        raise ValueError("a weight is missing or below 0, or all are 0; mend or leave out the row")
    n = len(weight)
    in_stratum = _numbered(np.zeros(n) if strata is None else np.asarray(strata), n, "strata")
    named = np.arange(n) if clusters is None else np.asarray(clusters)
    in_cluster = _numbered(named, n, "clusters")
    both = np.stack([in_stratum, in_cluster], axis=1)
    of_stratum = np.unique(both, axis=0, return_inverse=True)[1].reshape(-1)
    size = np.broadcast_to(np.inf if population is None else np.asarray(population, float), (n,))
    _check_sizes(size, in_stratum, of_stratum)
    return Design(weight, in_stratum, of_stratum.astype(np.int64), size.astype(float))


def kish_effect(weights: ArrayLike) -> float:
    """What unequal weights alone multiply a variance by: n sum w^2 / (sum w)^2 (Kish 1965).

    People of weight 0 do not count. Raises ValueError where nobody has a weight.
    """
    w = np.asarray(weights, dtype=float)
    w = w[w > 0]
    if not w.size:
        raise ValueError("nobody has a weight above 0")
    return float(len(w) * np.sum(w**2) / np.sum(w) ** 2)


def _numbered(names: NDArray[np.generic], n: int, what: str) -> Ints:
    if names.shape != (n,):
        raise ValueError(f"{what} have shape {names.shape}, and there are {n} weights")
    return np.unique(names, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _check_sizes(size: Floats, strata: Ints, clusters: Ints) -> None:
    for one in np.unique(strata):
        inside = strata == one
        drawn = len(np.unique(clusters[inside]))
        if len(np.unique(size[inside])) > 1:
            raise ValueError(f"stratum {one} is given several sizes; it has one")
        if not size[inside][0] >= drawn:
            raise ValueError(
                f"stratum {one} is said to have {size[inside][0]:g} clusters, but {drawn} are here"
            )
