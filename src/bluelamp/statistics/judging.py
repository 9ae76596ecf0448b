"""Judge one question of many series: the steps `watch` and `edition` share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bluelamp.statistics.contrast import Weighed, alike, expected_without_step, weigh
from bluelamp.statistics.intervals import EXACT_BELOW, exact_poisson, wilson
from bluelamp.statistics.noise import NoiseModel
from bluelamp.statistics.pooling import has_company, learn
from bluelamp.statistics.rare import RARE, exact_p, rarer
from bluelamp.statistics.scales import Kind, Scale, prepare, range_of_one

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
    the steps, the (S,) known months of the baseline and whether each series (S,) learnt from its
    group (`pooling`), into two per series: of this one look, and of a year of such looks.
    """

    steps: NDArray[np.bool_]
    first: int
    baseline_end: int
    members: Callable[[int], tuple[NoiseModel, ...]]
    p_values: Callable[[Floats, Ints, NDArray[np.bool_]], tuple[Floats, Floats]]


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


@dataclass(frozen=True)
class _Heard:
    """Series that are worked together, the steps that vary in their months, and what they say."""

    rows: Ints
    varies: Ints
    weighed: Weighed


def step_p_values(
    table: Floats, over: Floats, kind: Kind, months: Ints, question: Question, group: Ints
) -> Floats:
    """(S, K) two-sided p-value of every step alone, for (S, T) series each with months enough."""
    scale = prepare(table, over, kind)
    p = _steps(scale, months, question, group)[0]
    return p if kind == "mean" else np.maximum(p, _small_numbers(table, over, scale, question))


def judge(
    table: Floats, over: Floats, kind: Kind, months: Ints, question: Question, group: Ints
) -> Judged:
    """Judge (S, T) series, each with months enough; `months` counts columns from any January.

    `group` (S,): series with the same label are of one kind, `pooling.ALONE` for none.
    """
    columns = np.arange(table.shape[1])
    table = np.where(columns < question.first, np.nan, table)
    scale = prepare(table, np.where(np.isnan(table), np.nan, over), kind)
    p, best, freedom, together = _steps(scale, months, question, group)
    if kind != "mean":
        p = np.maximum(p, _small_numbers(table, over, scale, question))
    baseline = np.isfinite(table[:, : question.baseline_end]).sum(axis=1)
    step = question.steps[best.step]
    rate = _expected_rate(scale, months, step, best, question, group)
    settled = Settled(scale, table, rate, step, columns >= question.first)
    effect, reach = settled.effect(best, freedom)
    exact = settled.exact_effect() if kind != "mean" else (effect, effect)
    expected, lower, upper, dispersion = settled.ranges()
    one_look, year = question.p_values(p, baseline, together)
    return Judged(
        p_value=year,
        look_p_value=one_look,
        direction=np.where(best.size > 0, 1, -1),
        onset=step.argmax(axis=1),
        effect=effect,
        effect_lower=np.fmin(effect - reach, exact[0]),
        effect_upper=np.fmax(effect + reach, exact[1]),
        expected=expected,
        lower=lower,
        upper=upper,
        dispersion=dispersion,
        autocorrelation=best.correlation,
        smoothed=best.smoothed > 0.5,
    )


def _steps(
    scale: Scale, months: Ints, question: Question, group: Ints
) -> tuple[Floats, _Best, Floats, NDArray[np.bool_]]:
    """(S, K) p-values, the likeliest step, degrees of freedom (S,) and who learnt (S,)."""
    count, possible = len(scale.ready), len(question.steps)
    p = np.ones((count, possible))
    freedom = np.ones(count)
    best = _Best(*(np.zeros(count, dtype=t) for t in (int, int, float, float, float, float)))
    present = np.isfinite(scale.ready)
    heard: list[_Heard] = []
    for rows in alike(present, scale.precision):
        seen = present[rows[0]]
        steps = question.steps[:, seen].astype(float)
        # A month that is missing makes two onsets one; a step after the last known month is none.
        varies = np.flatnonzero((steps.sum(axis=1) > 0) & (steps.sum(axis=1) < seen.sum()))
        weighed = weigh(
            scale.ready[np.ix_(rows, seen)],
            months[seen],
            steps[varies],
            _members(seen, question, group),
            scale.precision[rows[0], seen],
        )
        heard.append(_Heard(rows, varies, weighed))
    prior, together = _learn(heard, group)
    for batch in heard:
        rows, varies = batch.rows, batch.varies
        found = batch.weighed.contrast(prior[rows])
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
    return p, best, freedom, together


def _learn(heard: list[_Heard], group: Ints) -> tuple[Floats, NDArray[np.bool_]]:
    """The weights (S, G) of the members, from what each batch says, and whether learnt (S,)."""
    members = heard[0].weighed.members
    likelihood, cautious = np.empty((2, len(group), len(members)))
    for batch in heard:
        cautious[batch.rows] = [member.log_prior for member in batch.weighed.members]
        likelihood[batch.rows] = batch.weighed.likelihood() if has_company(group).any() else 0
    return learn(likelihood, members, cautious, group)


def _members(seen: NDArray[np.bool_], question: Question, group: Ints) -> tuple[NoiseModel, ...]:
    """The family for those months; what only a group can learn is left out where there is none."""
    members = question.members(int(seen[: question.baseline_end].sum()))
    if has_company(group).any():
        return members
    return tuple(member for member in members if np.isfinite(member.log_prior))


def _small_numbers(table: Floats, over: Floats, scale: Scale, question: Question) -> Floats:
    """(S, K) the exact conditional p-value where events are few; 0, which never binds, elsewhere.

    Of a share the rarer of the two outcomes is counted.
    """
    events, exposure = rarer(table, over, scale.kind == "share")
    short = question.steps.sum(axis=1) <= SHORT_SPELL
    leaps = scale.scatter[:, None] > SCATTERED
    limit = np.where(short & leaps, FEW_EVENTS_IN_SHORT_SPELL, FEW_EVENTS)
    usual = events.sum(axis=1) / np.isfinite(table).sum(axis=1)
    few = usual < limit.max(axis=1)
    p = np.zeros((len(table), len(question.steps)))
    exact = exact_p(events[few], exposure[few], question.steps, scale.scatter[few])
    rare = events[few].sum(axis=1) < RARE
    any_of_them = (events[few][rare] > 0).astype(float)
    by_month = exact_p(any_of_them, exposure[few][rare], question.steps, np.ones(rare.sum()))
    exact[rare] = np.maximum(exact[rare], by_month)
    p[few] = np.where(usual[few][:, None] < limit[few], exact, 0)
    return p


def _expected_rate(
    scale: Scale,
    months: Ints,
    step: NDArray[np.bool_],
    best: _Best,
    question: Question,
    group: Ints,
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
            _members(seen, question, group)[best.member[row]],
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

        Months of a share weigh by their denominators, of a mean by their standard errors.
        """
        since = self.seen & self.step
        weighs = {"count": 1.0, "share": self.exposure, "mean": self.scale.precision**2}
        weight = np.where(since, weighs[self.scale.kind], 0.0)
        weight = weight / weight.sum(axis=1, keepdims=True)
        gap = np.where(since, self.observed - self.expected, 0)
        effect = np.sum(weight * gap, axis=1)
        middle = self.rate + effect[:, None] / 2 / self.per_month
        slope = np.sum(weight * self.scale.slope(middle) * self.per_month, axis=1)
        t = special.stdtrit(freedom, (1 + CONFIDENCE) / 2)
        return effect, t * best.error * slope

    def exact_effect(self) -> tuple[Floats, Floats]:
        """(S,) both ends of the effect's interval by the exact limits of the events since onset;
        NaN where events are many.

        Months without any event, or with one each, do not scatter at all, and what they say of the
        size would look far surer than it is.
        """
        since = self.seen & self.step
        months = since.sum(axis=1)
        if self.scale.kind == "share":
            asked = np.where(since, self.exposure, 0).sum(axis=1)
            held = np.where(since, self.observed * self.exposure, 0).sum(axis=1)
            ends = wilson(held, asked, CONFIDENCE)
            due = np.where(since, self.expected * self.exposure, 0).sum(axis=1) / asked
            few = np.minimum(held, asked - held)
        else:
            few = np.where(since, self.observed, 0).sum(axis=1)
            lower, upper = exact_poisson(few, CONFIDENCE)
            ends = lower / months, upper / months
            due = np.where(since, self.expected, 0).sum(axis=1) / months
        shown = [np.where(few < EXACT_BELOW, end - due, np.nan) for end in ends]
        return shown[0], shown[1]

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
