"""The statistic again, in plain Python: one series at a time, textbook formulas, no shared code.

The fast one whitens thousands of series at once; here each noise model's weighted least squares is
solved by Gaussian elimination and the restricted likelihood written out.
"""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from bluelamp.statistics import noise
from bluelamp.statistics.calibration import weighted_evidence
from bluelamp.statistics.contrast import weigh

Matrix = list[list[float]]


def eliminate(matrix: Matrix, right: Matrix) -> tuple[Matrix, float]:
    """The solution of `matrix @ x = right`, and the logarithm of the determinant."""
    rows = [list(a) + list(b) for a, b in zip(matrix, right, strict=True)]
    size, log_determinant = len(rows), 0.0
    for pivot in range(size):
        best = max(range(pivot, size), key=lambda r: abs(rows[r][pivot]))
        rows[pivot], rows[best] = rows[best], rows[pivot]
        log_determinant += math.log(abs(rows[pivot][pivot]))
        for other in range(size):
            if other != pivot:
                factor = rows[other][pivot] / rows[pivot][pivot]
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[pivot], strict=True)
                ]
    solved = [[x / row[i] for x in row[size:]] for i, row in enumerate(rows)]
    return solved, log_determinant


def wave(order: int, month: int) -> tuple[float, float]:
    return math.cos(math.pi * order * month / 6), math.sin(math.pi * order * month / 6)


def covariance(member: noise.NoiseModel, first: int, second: int) -> float:
    apart = abs(first - second)
    if member.correlation == 11 / 12:
        linked = max(0.0, 1 - apart / 12) + (0.001 if apart == 0 else 0)
    else:
        linked = member.correlation**apart
    season = 0.0
    for order in noise.LEFT_HARMONICS:
        a, b = wave(order, first), wave(order, second)
        season += a[0] * b[0] + (a[1] * b[1] if order < 6 else 0)
    return linked + member.irregularity**2 * season + member.drift**2 * 0.95**apart


def students_tail(t: float, freedom: int) -> float:
    """Two-sided, by Simpson's rule on the angle: t = sqrt(freedom) tan(angle)."""
    start, end, steps = math.atan(abs(t) / math.sqrt(freedom)), math.pi / 2, 4_000
    width = (end - start) / steps
    heights = [math.cos(start + i * width) ** (freedom - 1) for i in range(steps + 1)]
    inner = 4 * sum(heights[1::2]) + 2 * sum(heights[2:-1:2])
    area = width / 3 * (heights[0] + heights[-1] + inner)
    whole = math.exp(
        math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - 0.5 * math.log(math.pi)
    )
    return 2 * area * whole


def slow(series: list[float], months: list[int], step: list[float]) -> tuple[float, float]:
    """The averaged p-value and size of one step in one series."""
    terms = [
        [1.0, *(x for order in noise.FREE_HARMONICS for x in wave(order, month)), into]
        for month, into in zip(months, step, strict=True)
    ]
    freedom = len(series) - len(terms[0])
    logs, tails, sizes = [], [], []
    for member in noise.watch_family(40):
        spread = [[covariance(member, a, b) for b in months] for a in months]
        both, log_spread = eliminate(
            spread, [[*row, y] for row, y in zip(terms, series, strict=True)]
        )
        columns = range(len(terms[0]))
        gram = [
            [sum(t[i] * b[j] for t, b in zip(terms, both, strict=True)) for j in columns]
            for i in columns
        ]
        right = [[sum(t[i] * b[-1] for t, b in zip(terms, both, strict=True))] for i in columns]
        fit, log_gram = eliminate(gram, right)
        last = [[1.0 if i == columns[-1] else 0.0] for i in columns]
        inverse, _ = eliminate(gram, last)
        square = sum(y * b[-1] for y, b in zip(series, both, strict=True))
        left = square - sum(f[0] * r[0] for f, r in zip(fit, right, strict=True))
        error = math.sqrt(left / freedom * inverse[-1][0])
        sizes.append(fit[-1][0])
        tails.append(students_tail(fit[-1][0] / error, freedom))
        likelihood = -(log_spread + log_gram + freedom * math.log(left)) / 2
        logs.append(member.log_prior + likelihood)
    weights = [math.exp(x - max(logs)) for x in logs]
    total = sum(weights)
    return (
        sum(w * tail for w, tail in zip(weights, tails, strict=True)) / total,
        sum(w * size for w, size in zip(weights, sizes, strict=True)) / total,
    )


@pytest.mark.parametrize("missing", [(), (3, 17, 30)])
def test_the_fast_contrast_is_the_slow_one(missing: tuple[int, ...]) -> None:
    draw = random.Random(20)
    months = [m for m in range(4, 40) if m not in missing]
    series = [10 + 2 * math.sin(m / 2) + draw.gauss(0, 1) + (1.5 if m > 34 else 0) for m in months]
    steps = [[1.0 if m >= begins else 0.0 for m in months] for begins in (39, 36, 28)]
    members = noise.watch_family(40)
    own_weights = np.array([[member.log_prior for member in members]])
    fast = weigh(
        np.array([series]), np.array(months), np.array(steps), members, np.ones(len(months))
    ).contrast(own_weights)
    for number, step in enumerate(steps):
        p, size = slow(series, months, step)
        assert fast.p_value[0, number] == pytest.approx(p, rel=1e-6)
        assert fast.size[0, number] == pytest.approx(size, rel=1e-6)


def test_evidence_is_the_weighted_harmonic_mean() -> None:
    p = [0.2, 0.001, 0.7, 1.0]
    weights = [((k + 1) / 4) ** 2 for k in range(4)]
    by_hand = sum(weights) / sum(w / x for w, x in zip(weights, p, strict=True))
    assert weighted_evidence(np.array([p])) == pytest.approx([by_hand])
