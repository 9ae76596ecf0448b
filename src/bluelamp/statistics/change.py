"""The two judgements: has a series changed lately, and is an edition's period different?

Both hand back a `Change`. Neither ever judges rolling twelve-month figures: such a series is
recognised by how smoothly it moves and withheld (docs/methods/watch.md).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluelamp.statistics import noise
from bluelamp.statistics.calibration import one_look, weighted_evidence, year_of_looks
from bluelamp.statistics.judging import Judged, Question, judge
from bluelamp.statistics.pooling import ALONE
from bluelamp.statistics.rare import RARE, could_tell, rarer
from bluelamp.statistics.scales import Kind

Floats = NDArray[np.float64]

TOO_FEW_MONTHS = "too few months"
TOO_FEW_EVENTS = "too few events"
WINDOW_INCOMPLETE = "window incomplete"
PERIOD_INCOMPLETE = "period incomplete"
NO_VARIATION = "no variation"
SMOOTHED = "smoothed"


@dataclass(frozen=True)
class Change:
    """What can be said of S series over T months.

    p_value, (S,)               NaN where not tested; `reason` then says why in a word or two.
                                For `watch` it holds for a year of monthly looks
    look_p_value, (S,)          of this one look at the whole window: what a false-discovery control
                                over one release takes. For `edition` the same as p_value
    direction, (S,)             -1 lower, 0 not tested, 1 higher
    onset, (S,)                 column in which the change is estimated to have begun, -1 untested
    effect, effect_lower, effect_upper, (S,)
                                observed minus expected per month since onset, with a 95% interval,
                                in the unit of `values`; proportions for shares
    expected, lower, upper, (S, T)
                                each month's figure had nothing changed, and the range in which 95%
                                of single months should lie; NaN before the baseline. For shares
                                in proportion
    baseline_months, (S,)       months of the baseline that are not missing
    dispersion, (S,)            variance over Poisson's (counts), over binomial (shares), or the
                                variance (means)
    autocorrelation, (S,)       of successive months' noise, averaged over the noise models
    reason, (S,)                '' where tested
    """

    p_value: Floats
    look_p_value: Floats
    direction: NDArray[np.int64]
    onset: NDArray[np.int64]
    effect: Floats
    effect_lower: Floats
    effect_upper: Floats
    expected: Floats
    lower: Floats
    upper: Floats
    baseline_months: NDArray[np.int64]
    dispersion: Floats
    autocorrelation: Floats
    reason: NDArray[np.object_]


def watch(
    values: ArrayLike,
    *,
    kind: Kind,
    first_month: tuple[int, int],
    exposure: ArrayLike | None = None,
    window: int = 12,
    shortest_baseline: int = 24,
    longest_baseline: int = 60,
    group: ArrayLike | None = None,
) -> Change:
    """Are the last twelve complete months different from the 24 to 60 before them?

    `values` (S, T): counts, numerators of shares, or means, by month; NaN where a month is missing
    or may not be tested; the last column is the last complete month. `kind` is "count", "share" or
    "mean". `first_month` is the (year, month) of the first column. `exposure`, (S, T) or (T,):
    denominators for shares (required); for counts what they are counted over, by default the days
    of each month. For means, their standard errors where known: a month that rests on few answers
    then counts for less. `group`, (S,): whole numbers; series with the same one are of one kind, as
    a measure's boroughs are, and learn from each other how months hang together, where there are
    enough of them (`pooling.FEWEST`); -1, or None for all, is a series by itself.

    The change looked for is a step that began in any month of the window and lasts to its end. The
    p-value holds for the whole window *and* for looking every month for a year: of series that do
    not change, at most 5% show p <= 0.05 in any of twelve successive monthly looks. How it is
    computed, and how well it does, is in docs/methods/watch.md.

    Withheld: fewer than `shortest_baseline` months before the window; the last month or more than
    half of the window missing; so few events that no outcome could have shown a change (`rare`); a
    mean that never varies; a series that moves as smoothly as a rolling figure. Raises ValueError
    for arguments that do not fit.
    """
    table, over = _checked(values, exposure, kind, first_month)
    if table.shape[1] <= window:
        raise ValueError(f"{table.shape[1]} months leave no baseline before a window of {window}")
    total = table.shape[1]
    question = watch_question(total, kind, window, longest_baseline)
    baseline = np.isfinite(table[:, question.first : question.baseline_end]).sum(axis=1)
    inside = np.isfinite(table[:, total - window :])
    reason = _reasons(table, over, kind, question, baseline)
    reason[~inside[:, -1] | (inside.sum(axis=1) * 2 < window)] = WINDOW_INCOMPLETE
    reason[baseline < shortest_baseline] = TOO_FEW_MONTHS
    kin = np.full(len(table), ALONE) if group is None else np.asarray(group, dtype=np.int64)
    if kin.shape != (len(table),):
        raise ValueError(f"group has shape {kin.shape}; give one number for each series")
    return _answer(table, over, kind, first_month, question, baseline, reason, kin)


def watch_question(
    months: int, kind: Kind, window: int = 12, longest_baseline: int = 60
) -> Question:
    """What `watch` asks of series of so many months; a step for every onset in the window."""
    columns = np.arange(months)
    return Question(
        steps=np.array([columns >= months - back for back in range(1, window + 1)]),
        first=max(0, months - window - longest_baseline),
        baseline_end=months - window,
        members=noise.watch_family,
        p_values=partial(_watch_p_values, kind),
    )


def _watch_p_values(
    kind: Kind, steps: Floats, baseline: NDArray[np.int64], together: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """(S,) p-values of this look, and of a year of such looks, for those (S, K) of its steps."""
    evidence = weighted_evidence(steps)
    return one_look(evidence), year_of_looks(evidence, baseline, together, kind)


def edition(
    values: ArrayLike,
    *,
    kind: Kind,
    first_month: tuple[int, int],
    exposure: ArrayLike | None = None,
    start: int,
    end: int,
    shortest_baseline: int = 24,
    longest_baseline: int = 60,
) -> Change:
    """Is the mean of an edition's period different from the 24 to 60 months before it?

    Arguments as for `watch`; the period is columns `start` to `end`, both included, and later
    columns are not looked at. One p-value, for one look at the whole period.

    The longer the period, the more a slow drift, which is nobody's doing, looks like a change. The
    noise models therefore include drifts of which half is left after 14 months, so that the
    variance of the period's mean includes as much low-frequency variance as a baseline of 24 to 60
    months can show. A drift slower than the baseline is long cannot be told from a change by
    anybody (docs/methods/edition.md).

    Withheld as `watch` is, where half of the period's months are missing, and where fewer than
    `shortest_baseline` months before `start` are known. Raises ValueError for a period that is not
    inside the columns.
    """
    table, over = _checked(values, exposure, kind, first_month)
    if not 0 <= start <= end < table.shape[1]:
        raise ValueError(
            f"the period runs from column {start} to {end}, but there are {table.shape[1]} months; "
            "give the columns of its first and last complete month"
        )
    length = end + 1 - start
    columns = np.arange(table.shape[1])
    question = Question(
        steps=(columns >= start)[None, :],
        first=max(0, start - longest_baseline),
        baseline_end=start,
        members=noise.edition_family,
        p_values=lambda p, *_: (p[:, 0], p[:, 0]),
    )
    table = np.where(columns > end, np.nan, table)
    baseline = np.isfinite(table[:, question.first : start]).sum(axis=1)
    reason = _reasons(table, over, kind, question, baseline)
    known = np.isfinite(table[:, start : end + 1]).sum(axis=1)
    reason[known * 2 < length] = PERIOD_INCOMPLETE
    reason[baseline < shortest_baseline] = TOO_FEW_MONTHS
    alone = np.full(len(table), ALONE)
    return _answer(table, over, kind, first_month, question, baseline, reason, alone)


def days_of_months(first_month: tuple[int, int], months: int) -> Floats:
    """(months,) days of each calendar month from (year, month) on."""
    year, month = first_month
    counted = [divmod(year * 12 + month - 1 + offset, 12) for offset in range(months)]
    return np.array([monthrange(y, m + 1)[1] for y, m in counted], dtype=float)


def _checked(
    values: ArrayLike, exposure: ArrayLike | None, kind: Kind, first_month: tuple[int, int]
) -> tuple[Floats, Floats]:
    """Values and exposures as (S, T) floats, NaN in both where either is missing."""
    table = np.array(values, dtype=float)
    if table.ndim != 2:
        raise ValueError(f"values have shape {table.shape}; give (series, months)")
    if kind not in ("count", "share", "mean"):
        raise ValueError(f"kind is {kind!r}; choose count, share or mean")
    if not 1 <= first_month[1] <= 12:
        raise ValueError(f"first_month is {first_month}; give (year, month), month from 1 to 12")
    if kind == "share" and exposure is None:
        raise ValueError("a share needs its denominators: give them as exposure")
    if exposure is None:
        exposure = days_of_months(first_month, table.shape[1]) if kind == "count" else 1.0
    over = np.broadcast_to(np.asarray(exposure, dtype=float), table.shape).copy()
    known = np.isfinite(table) & np.isfinite(over) & (over > 0)
    table[~known] = np.nan
    over[~known] = np.nan
    if kind != "mean" and np.any(table < 0):
        raise ValueError(f"a {kind} cannot be negative; mark a month that is wrong as NaN")
    if kind == "share" and np.any(table > over):
        raise ValueError("a numerator is greater than its denominator; mark the month as NaN")
    return table, over


def _reasons(
    table: Floats, over: Floats, kind: Kind, question: Question, baseline: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Why a series' figures cannot be judged, before its months are counted."""
    reason = np.full(len(table), "", dtype=object)
    table = np.where(np.arange(table.shape[1]) < question.first, np.nan, table)
    if kind == "mean":
        highest = np.nanmax(np.where(np.isnan(table), -np.inf, table), axis=1, initial=-np.inf)
        lowest = np.nanmin(np.where(np.isnan(table), np.inf, table), axis=1, initial=np.inf)
        reason[highest - lowest <= 1e-12 * np.abs(highest)] = NO_VARIATION
        return reason
    events, exposure = rarer(table, over, kind == "share")
    rare = np.flatnonzero(events.sum(axis=1) < RARE)

    def year(p: Floats, rows: NDArray[np.int64]) -> Floats:
        return question.p_values(p, baseline[rare[rows]], np.zeros(len(rows), dtype=bool))[1]

    told = could_tell(events[rare], exposure[rare], question.steps, year)
    reason[rare[~told]] = TOO_FEW_EVENTS
    return reason


def _answer(
    table: Floats,
    over: Floats,
    kind: Kind,
    first_month: tuple[int, int],
    question: Question,
    baseline: NDArray[np.int64],
    reason: NDArray[np.object_],
    group: NDArray[np.int64],
) -> Change:
    """Judge what can be judged and leave the rest empty, with its reason."""
    count, total = table.shape
    empty, wide = partial(np.full, count), partial(np.full, (count, total))
    change = Change(
        p_value=empty(np.nan),
        look_p_value=empty(np.nan),
        direction=empty(0),
        onset=empty(-1),
        effect=empty(np.nan),
        effect_lower=empty(np.nan),
        effect_upper=empty(np.nan),
        expected=wide(np.nan),
        lower=wide(np.nan),
        upper=wide(np.nan),
        baseline_months=baseline,
        dispersion=empty(np.nan),
        autocorrelation=empty(np.nan),
        reason=reason,
    )
    rows = np.flatnonzero(reason == "")
    if not len(rows):
        return change
    months = first_month[1] - 1 + np.arange(total)
    judged = judge(table[rows], over[rows], kind, months, question, group[rows])
    reason[rows[judged.smoothed]] = SMOOTHED
    kept = ~judged.smoothed
    for field in fields(Judged):
        if field.name != "smoothed":
            getattr(change, field.name)[rows[kept]] = getattr(judged, field.name)[kept]
    return change
