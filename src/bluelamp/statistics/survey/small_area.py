"""Areas with few interviews: Fay and Herriot's (1979, *JASA* 74) model of area estimates.

direct = x'b + u + e, u with one unknown variance for all areas, e with the sampling variance of
each. The variance of u is found by restricted maximum likelihood; the estimate leans on x'b the
more, the less sure the direct one is. Mean squared error g1 + g2 + 2 g3 (Prasad and Rao 1990; Datta
and Lahiri 2000, *Statistica Sinica* 10, for REML). Numbers agree with R's `sae`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SmallAreas:
    """What the model says of A areas.

    estimate     (A,) the empirical best linear unbiased predictor.
    error        (A,) the root of its mean squared error.
    synthetic    (A,) x'b, what the predictors alone say.
    leaning      (A,) the weight of the direct estimate, 0 to 1.
    between      variance between areas that the predictors do not explain; 0 where there is none.
    slopes       (P,) b.
    """

    estimate: Floats
    error: Floats
    synthetic: Floats
    leaning: Floats
    between: float
    slopes: Floats


def fay_herriot(direct: ArrayLike, variance: ArrayLike, predictors: ArrayLike) -> SmallAreas:
    """Small-area estimates from direct ones.

    direct (A,) and their sampling variances (A,), all above 0; predictors (A, P), a column of ones
    among them where the areas have a level. Raises ValueError where something is missing, and
    where predictors are as many as areas or repeat each other.
    """
    y, v, x = _checked(direct, variance, predictors)
    between = _between(y, v, x)
    weight = 1 / (between + v)
    inverse = np.linalg.inv((x * weight[:, None]).T @ x)
    slopes = inverse @ (x * weight[:, None]).T @ y
    synthetic = x @ slopes
    leaning = between / (between + v)
    first = leaning * v
    second = (1 - leaning) ** 2 * np.einsum("ap,pq,aq->a", x, inverse, x)
    third = v**2 * weight**3 * 2 / np.sum(weight**2)
    return SmallAreas(
        estimate=synthetic + leaning * (y - synthetic),
        error=np.sqrt(first + second + 2 * third),
        synthetic=synthetic,
        leaning=leaning,
        between=between,
        slopes=slopes,
    )


def benchmarked(
    estimate: ArrayLike, share: ArrayLike, whole: float, error: ArrayLike | None = None
) -> Floats:
    """(A,) estimates that average, weighed by `share` (A,) of the people, to the direct `whole`.

    With `error` (A,) what is missing is laid on the areas by their mean squared error: the least
    sure are moved most (Wang, Fuller and Qu 2008, *Survey Methodology* 34). Without, all are
    multiplied by one number. Raises ValueError where shares do not add up to 1.
    """
    value, part = np.asarray(estimate, dtype=float), np.asarray(share, dtype=float)
    if value.shape != part.shape or abs(part.sum() - 1) > 1e-9:
        raise ValueError(
            f"the shares add up to {part.sum():g}; give each area's part of all, adding up to 1"
        )
    made = float(part @ value)
    if error is None:
        if made == 0:
            raise ValueError("estimates that add up to 0 cannot be multiplied to reach a total")
        return value * whole / made
    unsure = np.asarray(error, dtype=float) ** 2
    return np.asarray(value + unsure * part * (whole - made) / float(part**2 @ unsure))


def _checked(
    direct: ArrayLike, variance: ArrayLike, predictors: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    y, v = np.asarray(direct, dtype=float), np.asarray(variance, dtype=float)
    x = np.asarray(predictors, dtype=float)
    if y.ndim != 1 or v.shape != y.shape or x.ndim != 2 or len(x) != len(y):
        raise ValueError(
            f"direct {y.shape}, variance {v.shape}, predictors {x.shape}; give (A,), (A,), (A, P)"
        )
    if not (np.isfinite(y).all() and np.isfinite(x).all() and np.all(np.isfinite(v) & (v > 0))):
        raise ValueError("a value is missing, or a sampling variance is not above 0")
    if np.linalg.matrix_rank(x) < x.shape[1] or len(y) <= x.shape[1]:
        raise ValueError(
            f"{x.shape[1]} predictors of {len(y)} areas repeat each other or are too many"
        )
    return y, v, x


def _between(y: Floats, v: Floats, x: Floats) -> float:
    """The variance between areas at which the restricted likelihood is greatest, 0 or above."""

    def loss(between: float) -> float:
        weight = 1 / (between + v)
        gram = (x * weight[:, None]).T @ x
        left = y - x @ np.linalg.solve(gram, (x * weight[:, None]).T @ y)
        return float(
            -np.log(weight).sum() + np.linalg.slogdet(gram)[1] + np.sum(weight * left**2)
        )  # twice the negative log likelihood, less a constant

    most = float(np.var(y) * len(y) + v.max())
    grid = np.concatenate([[0.0], np.geomspace(most * 1e-8, most, 60)])
    at = int(np.argmin([loss(each) for each in grid]))
    ends = (float(grid[max(at - 1, 0)]), float(grid[min(at + 1, len(grid) - 1)]))
    found = optimize.minimize_scalar(
        loss, bounds=ends, method="bounded", options={"xatol": most * 1e-14, "maxiter": 500}
    )
    return 0.0 if loss(0.0) <= float(found.fun) else float(found.x)
