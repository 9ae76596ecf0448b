"""Asks the two questions of a survey that is published as percentages for rolling years.

Two figures that share months share people, so each figure is compared only with earlier ones that
share none with it, and never across a declared break. How many were asked is what the source
declares (`Source.sample`), stated or assumed, and every sentence says so. The mathematics is in
`statistics.survey.years`; docs/methods/surveys.md has the rule and how well it holds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bluelamp.evidence.sample import Sample, effective_people
from bluelamp.measures.series import Break, Series
from bluelamp.periods import Month
from bluelamp.signals import refusals, survey_words
from bluelamp.signals.finding import Question
from bluelamp.signals.judge import LONGEST_BASELINE, Answer, JudgedSeries, untested

LOOKS = (12, 4)
"""Figures a year for which it was simulated how often an unchanged survey looks changed."""


def judge_survey(
    series: Series,
    sample: Sample,
    edition_window: tuple[Month, Month],
    outside: Collection[str] = (),
) -> JudgedSeries:
    """Put both questions to every area of a survey's series.

    watch     is the newest figure different from the two to five figures of the 60 months before
              it, none of which shares a month with it or with another?
    edition   is the mean of such figures that lie wholly in the plan's time different from that of
              those in the 60 months before it?

    Arguments as those of `signals.judge.judge`. A level of which nobody said how many were asked is
    refused, and so is an area with fewer than two earlier figures.
    """
    asked = _Asked(series, sample)
    watch = _watch(asked)
    edition = _edition(asked, edition_window)
    barred = np.array([area in outside for area in series.areas], dtype=bool)
    nowhere = np.full(series.value.shape, np.nan)
    return JudgedSeries(
        series,
        asked.answer("watch", watch, barred),
        asked.answer("edition", edition, barred),
        nowhere,
        nowhere,
        nowhere,
    )


@dataclass(frozen=True)
class _Put:
    """Columns of the figures to compare, the newest last; why not, where `refusal` says so.

    what     what the later figures are, in mid-sentence; broken is the break that cut the earlier.
    """

    later: tuple[int, ...] = ()
    earlier: tuple[int, ...] = ()
    what: str = ""
    broken: Break | None = None
    refusal: str = ""


@dataclass(frozen=True)
class _Asked:
    """A survey's series, by column: a figure stands at the last of its months."""

    series: Series
    sample: Sample

    @property
    def known(self) -> NDArray[np.bool_]:
        """(areas, columns) figures that may be put to a test."""
        series = self.series
        return np.isfinite(series.value) & (series.reasons == "") & ~series.being_checked

    @property
    def columns(self) -> list[int]:
        """Columns with a figure for at least half of the areas that ever have one."""
        known = self.known
        ever = known[known.any(axis=1)]
        return [int(c) for c in np.flatnonzero(ever.mean(axis=0) >= 0.5)] if len(ever) else []

    @property
    def looks(self) -> int:
        """How often in a year a figure comes out: the least number simulated that is no less."""
        columns = self.columns
        every = min((b - a for a, b in pairwise(columns)), default=1)
        return max(LOOKS) if every < 3 else min(LOOKS)

    def column(self, month: Month) -> int:
        return month.index - self.series.months[0].index

    def apart(self, first: int, last: int) -> tuple[int, ...]:
        """From the newest back, figures that share no month, of months `first` to `last` alone."""
        found: list[int] = []
        for column in reversed(self.columns):
            whole = column - self.sample.months + 1 >= first
            free = column <= (found[-1] - self.sample.months if found else last)
            if whole and free:
                found.append(column)
        return tuple(reversed(found))

    def latest_break(self, first: int, last: int) -> Break | None:
        """The last break after month `first` and no later than month `last`."""
        inside = [b for b in self.series.breaks if first < self.column(b.month) <= last]
        return max(inside, key=lambda b: b.month, default=None)

    def answer(self, question: Question, put: _Put, barred: NDArray[np.bool_]) -> Answer:
        areas, level = len(self.series.areas), self.series.level
        effective = effective_people(self.sample, level)
        refusal = put.refusal
        if not refusal and effective is None:
            refusal = refusals.NOBODY_ASKED
        if not refusal and len(put.earlier) < refusals.FEWEST_YEARS:
            refusal = refusals.few_years(len(put.earlier), put.what, put.broken)
        if refusal or effective is None:
            return untested(question, areas, refusal)
        return _compared(self, question, put, effective, barred)


def _watch(asked: _Asked) -> _Put:
    columns = asked.columns
    if not columns:
        return _Put(refusal=refusals.NO_MONTH)
    newest, span = columns[-1], asked.sample.months
    begins = newest - span + 1
    what = f"the 12 months to {asked.series.months[newest].words}"
    within = asked.latest_break(begins, newest)
    if within:
        return _Put(refusal=refusals.changed_within(what, within))
    first = begins - LONGEST_BASELINE
    broken = asked.latest_break(first, begins)
    if broken:
        first = asked.column(broken.month)
    return _Put((newest,), asked.apart(first, begins - 1), what, broken)


def _edition(asked: _Asked, period: tuple[Month, Month]) -> _Put:
    begins, columns = asked.column(period[0]), asked.columns
    if not columns:
        return _Put(refusal=refusals.NO_MONTH)
    ends = min(asked.column(period[1]), columns[-1])
    first_inside = [b for b in asked.series.breaks if begins < asked.column(b.month) <= ends]
    if first_inside:
        ends = asked.column(min(b.month for b in first_inside)) - 1
    later = asked.apart(begins, ends)
    if not later:
        return _Put(refusal=refusals.NO_YEAR_OF_THE_PLAN)
    first = begins - LONGEST_BASELINE
    broken = asked.latest_break(first, begins)
    if broken:
        first = asked.column(broken.month)
    return _Put(later, asked.apart(first, begins - 1), "the plan's time", broken)


def _compared(
    asked: _Asked, question: Question, put: _Put, effective: float, barred: NDArray[np.bool_]
) -> Answer:
    from bluelamp.statistics.survey.years import compare_years

    series, sample = asked.series, asked.sample
    start, span = series.months[0].index, sample.months
    figures = np.where(asked.known, series.value, np.nan)
    later, earlier = figures[:, put.later], figures[:, put.earlier]
    found = compare_years(
        later,
        earlier,
        later_ends=np.array(put.later),
        earlier_ends=np.array(put.earlier),
        effective=effective,
        rounded_to=sample.rounded_to,
        looks=asked.looks if question == "watch" else 1,
    )
    whole = np.isfinite(later).all(axis=1)
    tested = np.isfinite(found.p_value) & whole & ~barred
    reason = np.array(
        [
            "" if each else refusals.few_years(min(int(years), 1), put.what, put.broken)
            for each, years in zip(tested, found.years, strict=True)
        ],
        dtype=object,
    )
    reason = np.where(whole, reason, refusals.NO_FIGURE_HERE)
    reason = np.where(barred, refusals.OUTSIDE, reason).astype(object)

    def blank(array: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(tested, array, np.nan)

    begins, ends = start + put.later[0] - span + 1, start + put.later[-1]
    compared = np.where(np.isfinite(earlier), np.array(put.earlier), -1)
    oldest = np.where(compared >= 0, compared, compared.max()).min(axis=1) + start - span + 1
    side = np.sign(found.effect)
    return Answer(
        question,
        p_value=blank(found.p_value),
        year_p_value=blank(found.year_p_value),
        direction=np.where(tested, side, 0).astype(np.int64),
        onset=np.where(tested, begins, -1).astype(np.int64),
        effect=blank(found.effect),
        effect_lower=blank(found.lower),
        effect_upper=blank(found.upper),
        changed_observed=blank(found.observed),
        changed_expected=blank(found.expected),
        observed=blank(found.observed),
        expected=blank(found.expected),
        window=(Month.from_index(begins), Month.from_index(ends)),
        baseline_first=np.where(tested, oldest, -1).astype(np.int64),
        baseline_last=np.where(tested, compared.max(axis=1) + start, -1).astype(np.int64),
        window_known=np.where(whole, ends - begins + 1, 0).astype(np.int64),
        reason=reason,
        assumed=tuple(
            survey_words.assumed(sample, series.level, float(reach)) if each else ""
            for each, reach in zip(tested, found.reach, strict=True)
        ),
    )
