"""Judge one question of many series: the steps `watch` and `edition` share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bluelamp.statistics.contrast import alike, contrast, expected_without_step
from bluelamp.statistics.noise import NoiseModel
from bluelamp.statistics.scales import Kind, Scale, prepare, range_of_one, small_number_p

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# From this many events a month on, sums over months are symmetrical enough on the scale of
# judgement. Of a spell of up to three months that is not so until there are many more, where counts
# scatter more than Poisson's by half: such counts leap now and then.
FEW_EVENTS = 1.5
SHORT_SPELL = 3
FEW_EVENTS_IN_SHORT_SPELL = 30.0
SCATTERED = 1.5

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Question:
    """Which steps are looked for, against which months, under which noise.

    `steps` (K, T), True from a possible onset on; `first`, the first column looked at;
    `baseline_end`, the column after the baseline's last; `members`, the family of noise models for
    so many known months of the baseline; `p_values` turns the (S, K) p-values of
    the steps, and the (S,) known months of the baseline, into two per series: of this one look, and
    of a year of such looks.
    """

    steps: NDArray[np.bool_]
    first: int
    baseline_end: int
    members: Callable[[int], tuple[NoiseModel, ...]]
    p_values: Callable[[Floats, Ints], tuple[Floats, Floats]]


@dataclass(frozen=True)
class Judged:
    """Fields of `Change` by the same names, and which series move too smoothly to be judged."""

    p_value: Floats
    look_p_value: Floats
    direction: Ints
    onset: Ints
    effect: Floats
    effect_lower: Floats
    effect_upper: Floats
    expected: Floats
    lower: Floats
    upper: Floats
    dispersion: Floats
    autocorrelation: Floats
    smoothed: NDArray[np.bool_]


@dataclass(frozen=True)
class _Best:
    """The likeliest step of each series: its number, and what the family says about it."""

    step: Ints
    member: Ints
    size: Floats
    error: Floats
    correlation: Floats
    smoothed: Floats


def step_p_values(
    table: Floats, over: Floats, kind: Kind, months: Ints, question: Question
) -> Floats:
    """(S, K) two-sided p-value of every step alone, for (S, T) series each with months enough."""
    scale = prepare(table, over, kind)
    p = _steps(scale, months, question)[0]
    return p if kind == "mean" else np.maximum(p, _small_numbers(table, over, scale, question))


def judge(table: Floats, over: Floats, kind: Kind, months: Ints, question: Question) -> Judged:
    """Judge (S, T) series, each with months enough; `months` counts columns from any January."""
    columns = np.arange(table.shape[1])
    table = np.where(columns < question.first, np.nan, table)
    scale = prepare(table, np.where(np.isnan(table), np.nan, over), kind)
    p, best, freedom = _steps(scale, months, question)
    if kind != "mean":
        p = np.maximum(p, _small_numbers(table, over, scale, question))
    baseline = np.isfinite(table[:, : question.baseline_end]).sum(axis=1)
    step = question.steps[best.step]
    rate = _expected_rate(scale, months, step, best, question)
    settled = Settled(scale, table, rate, step, columns >= question.first)
    effect, reach = settled.effect(best, freedom)
    expected, lower, upper, dispersion = settled.ranges()
    one_look, year = question.p_values(p, baseline)
    return Judged(
        p_value=year,
        look_p_value=one_look,
        direction=np.where(best.size > 0, 1, -1),
        onset=step.argmax(axis=1),
        effect=effect,
        effect_lower=effect - reach,
        effect_upper=effect + reach,
        expected=expected,
        lower=lower,
        upper=upper,
        dispersion=dispersion,
        autocorrelation=best.correlation,
        smoothed=best.smoothed > 0.5,
    )


def _steps(scale: Scale, months: Ints, question: Question) -> tuple[Floats, _Best, Floats]:
    """(S, K) p-values of every step, the likeliest step, and degrees of freedom (S,)."""
    count, possible = len(scale.ready), len(question.steps)
    p = np.ones((count, possible))
    freedom = np.ones(count)
    best = _Best(*(np.zeros(count, dtype=t) for t in (int, int, float, float, float, float)))
    present = np.isfinite(scale.ready)
    for rows in alike(present, scale.precision):
        seen = present[rows[0]]
        steps = question.steps[:, seen].astype(float)
        # A month that is missing makes two onsets one; a step after the last known month is none.
        varies = np.flatnonzero((steps.sum(axis=1) > 0) & (steps.sum(axis=1) < seen.sum()))
        found = contrast(
            scale.ready[np.ix_(rows, seen)],
            months[seen],
            steps[varies],
            question.members(_known_baseline(seen, question)),
            scale.precision[rows[0], seen],
        )
        p[np.ix_(rows, varies)] = found.p_value
        freedom[rows] = found.freedom
        likeliest = found.p_value.argmin(axis=1)
        at = (np.arange(len(rows)), likeliest)
        best.step[rows] = varies[likeliest]
        best.member[rows] = found.likeliest[at]
        best.size[rows] = found.size[at]
        best.error[rows] = found.error[at]
        best.correlation[rows] = found.correlation[at]
        best.smoothed[rows] = found.smoothed[at]
    return p, best, freedom


def _known_baseline(seen: NDArray[np.bool_], question: Question) -> int:
    return int(seen[: question.baseline_end].sum())


def _small_numbers(table: Floats, over: Floats, scale: Scale, question: Question) -> Floats:
    """(S, K) the exact conditional p-value where events are few; 0, which never binds, elsewhere.

    Of a share the rarer of the two outcomes is counted.
    """
    seen = np.isfinite(table)
    exposure = np.where(seen, over, 0.0)
    events = np.where(seen, table, 0.0)
    if scale.kind == "share":
        common = events.sum(axis=1) * 2 > exposure.sum(axis=1)
        events = np.where(common[:, None], exposure - events, events)
    short = question.steps.sum(axis=1) <= SHORT_SPELL
    leaps = scale.scatter[:, None] > SCATTERED
    limit = np.where(short & leaps, FEW_EVENTS_IN_SHORT_SPELL, FEW_EVENTS)
    usual = events.sum(axis=1) / seen.sum(axis=1)
    few = usual < limit.max(axis=1)
    p = np.zeros((len(table), len(question.steps)))
    late = events[few] @ question.steps.T
    due = exposure[few] @ question.steps.T
    total, all_due = events[few].sum(axis=1)[:, None], exposure[few].sum(axis=1)[:, None]
    exact = small_number_p(total - late, late, due / all_due, scale.scatter[few][:, None])
    p[few] = np.where(usual[few][:, None] < limit[few], exact, 0)
    return p


def _expected_rate(
    scale: Scale, months: Ints, step: NDArray[np.bool_], best: _Best, question: Question
) -> Floats:
    """(S, T) what each month's rate would have been without the step, on the scale of `rate`."""
    fitted = np.full(scale.ready.shape, np.nan)
    present = np.isfinite(scale.ready)
    keys = np.column_stack([best.step, best.member])
    for rows in alike(present, scale.precision, keys):
        row = rows[0]
        seen = present[row]
        fitted[rows] = expected_without_step(
            scale.ready[np.ix_(rows, seen)],
            seen,
            months,
            step[row].astype(float),
            question.members(_known_baseline(seen, question))[best.member[row]],
            scale.precision[row],
        )
    return scale.back(fitted)


class Settled:
    """A series with its step decided: effects and ranges in the unit people read."""

    def __init__(
        self,
        scale: Scale,
        table: Floats,
        rate: Floats,
        step: NDArray[np.bool_],
        looked_at: NDArray[np.bool_],
    ) -> None:
        self.scale, self.step = scale, step
        self.seen = np.isfinite(table)
        self.looked_at = np.broadcast_to(looked_at, table.shape)
        self.observed = scale.rate if scale.kind == "share" else table
        # Months that are missing still have an expected value; their exposure is the usual one.
        filled = np.where(self.seen, scale.exposure, self._usual(scale.exposure))
        self.exposure = np.ones_like(table) if scale.kind == "mean" else filled
        per_month = self.exposure if scale.kind == "count" else np.ones_like(table)
        self.per_month = per_month
        self.rate = rate * self._level(rate) if scale.kind != "mean" else rate
        if scale.kind == "share":
            self.rate = np.clip(self.rate, 0, 1)
        self.expected = self.rate * per_month

    def _usual(self, exposure: Floats) -> Floats:
        total = np.where(self.seen, exposure, 0).sum(axis=1)
        return (total / np.maximum(self.seen.sum(axis=1), 1))[:, None]

    def _level(self, rate: Floats) -> Floats:
        """(S, 1) makes expected and observed agree in total over the months before the step.

        The mean of a power is not the power of the mean: without this, expected counts are low.
        """
        before = self.seen & ~self.step
        weight = np.where(before, self.exposure, 0)
        observed = np.where(before, self.scale.rate, 0)
        due = np.sum(weight * np.where(before, rate, 0), axis=1)
        return (np.sum(weight * observed, axis=1) / np.where(due > 0, due, 1))[:, None]

    def effect(self, best: _Best, freedom: Floats) -> tuple[Floats, Floats]:
        """(S,) observed minus expected per month since onset, and half the width of its interval.

        Months of a share weigh by their denominators.
        """
        since = self.seen & self.step
        weight = np.where(since, self.exposure if self.scale.kind == "share" else 1.0, 0.0)
        weight = weight / weight.sum(axis=1, keepdims=True)
        gap = np.where(since, self.observed - self.expected, 0)
        effect = np.sum(weight * gap, axis=1)
        middle = self.rate + effect[:, None] / 2 / self.per_month
        slope = np.sum(weight * self.scale.slope(middle) * self.per_month, axis=1)
        t = special.stdtrit(freedom, (1 + CONFIDENCE) / 2)
        return effect, t * best.error * slope

    def ranges(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Expected, lower and upper (S, T), NaN before the baseline, and the dispersion (S,)."""
        scale = self.scale
        single = scale.variance(self.rate) if scale.kind == "mean" else self._single()
        before = self.seen & ~self.step
        known = before.sum(axis=1)
        squares = np.where(before, (self.observed - self.expected) ** 2, 0)
        ratio = np.sum(squares / np.where(before & (single > 0), single, np.inf), axis=1)
        fitted = 5.0
        dispersion = ratio / np.maximum(known - fitted, 1)
        if scale.kind != "mean":
            dispersion = np.maximum(dispersion, 1)
        # The expected value is itself uncertain, by about its five terms over the months known.
        variance = dispersion[:, None] * single * (1 + fitted / np.maximum(known, 1))[:, None]
        lower, upper = range_of_one(scale.kind, self.expected, variance, CONFIDENCE)
        shown = [np.where(self.looked_at, x, np.nan) for x in (self.expected, lower, upper)]
        return shown[0], shown[1], shown[2], dispersion

    def _single(self) -> Floats:
        """Poisson or binomial variance of one month, missing months included."""
        if self.scale.kind == "count":
            return np.maximum(self.expected, 0)
        return np.clip(self.rate * (1 - self.rate), 0, None) / self.exposure
