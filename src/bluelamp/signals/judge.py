"""Asks the two questions of one series: which months may be compared, and what came out.

The mathematics is in `bluelamp.statistics.change`; here it is decided what may be put to it, and a
refusal is written in words. What is tested is every monthly count and every monthly share of
counts. A rate is not tested a second time (its count is); a percentage that is published without
the number of people asked is judged in `signals.survey` where a number is declared for it, and else
not at all; and nothing that overlaps from month to month ever is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bluelamp.measures.series import Break, Series
from bluelamp.periods import Month
from bluelamp.signals import refusals
from bluelamp.signals.finding import Question
from bluelamp.signals.refusals import SHORTEST_BASELINE, WINDOW

if TYPE_CHECKING:
    from bluelamp.statistics.change import Change

LONGEST_BASELINE = 60

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """One question put to one series. Arrays are (areas,); NaN (or -1 for `onset`) where untested.

    p_value     of this look, calibrated for the whole window looked at.
    year_p_value   of a year of monthly looks: above 0.05 the finding would come and go by chance
                more often than once in 20 years of watching, whatever the family says.
    direction   -1, 0 or 1.
    onset       month index (`Month.index`) at which the change begins; for `edition` the first
                month of the period.
    effect, effect_lower, effect_upper   observed less expected, a month (shares: in proportion),
                from the onset to the end of the window.
    changed_observed, changed_expected   mean a month from the onset; for shares the pooled share.
    observed, expected   the same over the whole window.
    window      first and last month looked at, None where there is nothing to look at.
    baseline_first, baseline_last   month index of the first and last month compared with, or -1.
    window_known   how many months of the window are known.
    reason      '' where tested, else a sentence.
    assumed     what the answer rests on and nobody published, in words; () for nothing.
    """

    question: Question
    p_value: Floats
    year_p_value: Floats
    direction: NDArray[np.int64]
    onset: NDArray[np.int64]
    effect: Floats
    effect_lower: Floats
    effect_upper: Floats
    changed_observed: Floats
    changed_expected: Floats
    observed: Floats
    expected: Floats
    window: tuple[Month, Month] | None
    baseline_first: NDArray[np.int64]
    baseline_last: NDArray[np.int64]
    window_known: NDArray[np.int64]
    reason: NDArray[np.object_]
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class JudgedSeries:
    """A series with both answers, before the false-discovery control over the release.

    expected, lower, upper   (areas, months) in the unit of `series.value`: the range that the
                             `watch` question expects each month; NaN where it expects nothing.
    """

    series: Series
    watch: Answer
    edition: Answer
    expected: Floats
    lower: Floats
    upper: Floats

    @property
    def answers(self) -> tuple[Answer, Answer]:
        return (self.watch, self.edition)


def judge(
    series: Series, edition_window: tuple[Month, Month], outside: Collection[str] = ()
) -> JudgedSeries:
    """Put both questions to every area of a series.

    edition_window   first and last whole month of the leading edition's time in force; what lies
                     beyond the data, or beyond a declared break within it, is left out.
    outside          codes of the named places that lie in no area of the level: never judged.
    """
    if series.measure.kind == "published" and series.sample is not None:
        from bluelamp.signals.survey import judge_survey

        return judge_survey(series, series.sample, edition_window, outside)
    shape = series.value.shape
    nowhere = np.full(shape, np.nan)
    refusal = refusals.never_tested(series)
    last = _last_complete(series)
    if not refusal and last is None:
        refusal = refusals.NO_MONTH
    if refusal or last is None:
        watch, edition = (untested(q, len(series.areas), refusal) for q in ("watch", "edition"))
        return JudgedSeries(series, watch, edition, nowhere, nowhere, nowhere)
    barred = np.array([area in outside for area in series.areas])
    watch, ranges = _watch(series, last, barred)
    edition = _edition(series, edition_window, last, barred)
    return JudgedSeries(series, watch, edition, *ranges)


# --- what may be tested -----------------------------------------------------------------------


def _known(series: Series) -> NDArray[np.bool_]:
    """(areas, months): months that may be put to a test."""
    known = np.isfinite(series.numerator) & (series.reasons == "")
    if series.denominator is not None:
        known &= np.isfinite(series.denominator) & (series.denominator > 0)
    return known & ~series.being_checked


def _last_complete(series: Series) -> int | None:
    """Column of the last month that is known for at least half of the areas ever known."""
    known = _known(series)
    if not known.any():
        return None
    ever = known.any(axis=1)
    enough = np.flatnonzero(known[ever].mean(axis=0) >= 0.5)
    return int(enough[-1]) if enough.size else None


def _cut(series: Series, first: int, until: int) -> tuple[int, Break | None]:
    """The first column from `first` on that is comparable with column `until`, and the last
    declared break between them."""
    start = series.months[0].index
    inside = [b for b in series.breaks if first < b.month.index - start <= until]
    if not inside:
        return first, None
    latest = max(inside, key=lambda b: b.month)
    return latest.month.index - start, latest


@dataclass(frozen=True)
class _Put:
    """What is put to the test: columns `first`.. of a series, the window from `begins` on.

    values, exposure   (areas, columns), NaN where a month may not be tested.
    refused            (areas,) '' or why an area cannot be tested at all.
    """

    first: int
    begins: int
    values: Floats
    exposure: Floats | None
    refused: NDArray[np.object_]

    @property
    def columns(self) -> NDArray[np.int64]:
        return np.arange(self.values.shape[1])[np.newaxis, :]


def _put(series: Series, first: int, begins: int, ends: int, before: str) -> _Put:
    """Columns first..ends, with begins..ends in question; the baseline is before `before`."""
    columns = slice(first, ends + 1)
    known = _known(series)[:, columns]
    values = np.where(known, series.numerator[:, columns], np.nan)
    refused = refusals.short_baselines(values[:, : begins - first], before)
    if series.denominator is None:
        return _Put(first, begins - first, values, None, refused)
    base = np.where(known, series.denominator[:, columns], np.nan)
    # A share above the whole is no proportion, and to leave out such months alone would lower it.
    above = np.any(values > base, axis=1)
    values[above], base[above] = np.nan, np.nan
    refused = np.where(above, refusals.MORE_THAN_ALL, refused).astype(object)
    return _Put(first, begins - first, values, base, refused)


# --- the two questions ------------------------------------------------------------------------


def _watch(
    series: Series, last: int, barred: NDArray[np.bool_]
) -> tuple[Answer, tuple[Floats, Floats, Floats]]:
    """Are the last 12 complete months different from the 24-60 before them?"""
    from bluelamp.statistics import change

    first, broken = _cut(series, max(0, last - WINDOW - LONGEST_BASELINE + 1), last)
    if last - first + 1 < WINDOW + SHORTEST_BASELINE:
        reason = refusals.too_few_months(series, first, last, broken)
        nowhere = np.full(series.value.shape, np.nan)
        return untested("watch", len(series.areas), reason), (nowhere, nowhere, nowhere)
    begins = last - WINDOW + 1
    put = _put(series, first, begins, last, series.months[begins].words)
    found = change.watch(
        put.values,
        kind="count" if put.exposure is None else "share",
        first_month=(series.months[first].year, series.months[first].month),
        exposure=put.exposure,
        window=WINDOW,
        shortest_baseline=SHORTEST_BASELINE,
        longest_baseline=LONGEST_BASELINE,
        # The areas of a level learn from each other; what lies in no area is no neighbour.
        group=np.where(barred, -1, 0),
    )
    ranges = tuple(_spread(a, series, first) for a in (found.expected, found.lower, found.upper))
    return _answer("watch", series, found, put, barred), (ranges[0], ranges[1], ranges[2])


def _edition(
    series: Series, period: tuple[Month, Month], last: int, barred: NDArray[np.bool_]
) -> Answer:
    """Is the edition's period different from the 24-60 months before it?"""
    from bluelamp.statistics import change

    start = series.months[0].index
    begins = period[0].index - start
    ends = min(period[1].index - start, last)
    known = np.flatnonzero(_known(series).any(axis=0))
    refusal = refusals.no_time_before(series, known, begins, ends)
    if refusal:
        return untested("edition", len(series.areas), refusal)
    first, broken = _cut(series, max(int(known[0]), begins - LONGEST_BASELINE), begins)
    if begins - first < SHORTEST_BASELINE:
        reason = refusals.began_too_late(series, first, begins, broken)
        return untested("edition", len(series.areas), reason)
    later = [b.month.index - start for b in series.breaks if begins < b.month.index - start <= ends]
    put = _put(series, first, begins, min([*later, ends + 1]) - 1, "this plan began")
    found = change.edition(
        put.values,
        kind="count" if put.exposure is None else "share",
        first_month=(series.months[first].year, series.months[first].month),
        exposure=put.exposure,
        start=put.begins,
        end=put.values.shape[1] - 1,
        shortest_baseline=SHORTEST_BASELINE,
        longest_baseline=LONGEST_BASELINE,
    )
    return _answer("edition", series, found, put, barred)


def _answer(
    question: Question, series: Series, found: Change, put: _Put, barred: NDArray[np.bool_]
) -> Answer:
    """Turn what the mathematics found, by column, into an Answer by month."""
    start = series.months[0].index + put.first
    words = np.array([refusals.IN_WORDS.get(r, r) for r in found.reason], dtype=object)
    reason = np.where(put.refused != "", put.refused, words)
    reason = np.where(barred, refusals.OUTSIDE, reason).astype(object)
    tested = reason == ""
    onset = np.where(tested, found.onset, put.begins)
    since = _means(put, found.expected, put.columns >= onset[:, np.newaxis])
    window = _means(put, found.expected, put.columns >= put.begins)
    known = np.isfinite(put.values)
    compared = known & (put.columns < put.begins)
    any_compared = compared.any(axis=1)
    last_compared = put.values.shape[1] - 1 - compared[:, ::-1].argmax(axis=1)

    def blank(array: Floats) -> Floats:
        return np.where(tested, array, np.nan)

    return Answer(
        question,
        p_value=blank(found.look_p_value),
        year_p_value=blank(found.p_value),
        direction=np.where(tested, found.direction, 0).astype(np.int64),
        onset=np.where(tested, onset + start, -1).astype(np.int64),
        effect=blank(found.effect),
        effect_lower=blank(found.effect_lower),
        effect_upper=blank(found.effect_upper),
        changed_observed=blank(since[0]),
        changed_expected=blank(since[1]),
        observed=blank(window[0]),
        expected=blank(window[1]),
        window=(Month.from_index(start + put.begins), Month.from_index(start + known.shape[1] - 1)),
        baseline_first=np.where(any_compared, compared.argmax(axis=1) + start, -1),
        baseline_last=np.where(any_compared, last_compared + start, -1),
        window_known=(known & (put.columns >= put.begins)).sum(axis=1),
        reason=reason,
    )


def _means(put: _Put, expected: Floats, over: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """(areas,) mean a month of observed and expected over the known months; shares are pooled."""
    counted = np.isfinite(put.values) & np.isfinite(expected) & over
    weight = np.ones_like(put.values) if put.exposure is None else put.exposure
    due = expected if put.exposure is None else expected * put.exposure
    total = np.where(counted, weight, 0).sum(axis=1)
    total[total == 0] = np.nan
    observed = np.where(counted, put.values, 0).sum(axis=1)
    return observed / total, np.where(counted, due, 0).sum(axis=1) / total


def _spread(array: Floats, series: Series, first: int) -> Floats:
    """(areas, columns from `first`) laid into (areas, all months of the series)."""
    full = np.full(series.value.shape, np.nan)
    full[:, first : first + array.shape[1]] = settled(array)
    return full


def settled(values: Floats) -> Floats:
    """To nine figures: those beyond differ from machine to machine, and a release must not."""
    size = np.where((values != 0) & np.isfinite(values), np.abs(values), 1.0)
    places = 8 - np.floor(np.log10(size))
    # Two steps, since 10 to the power of a very small number's places would overflow.
    half = np.floor(places / 2)
    grown = values * 10.0**half * 10.0 ** (places - half)
    return np.round(grown) / 10.0**half / 10.0 ** (places - half)


def untested(question: Question, areas: int, reason: str) -> Answer:
    """The answer for so many areas of which none can be tested, for the one reason."""
    nan, none = np.full(areas, np.nan), np.full(areas, -1)
    nothing = np.zeros(areas, dtype=np.int64)
    return Answer(
        question, nan, nan, nothing, none, nan, nan, nan, nan, nan, nan, nan, None, none, none,
        nothing, np.full(areas, reason, dtype=object),
    )  # fmt: skip
