"""Figures of a series for every kind of period, as one frame: what releases keep and pages show.

A period is made of all its months or of none: one missing month withholds the quarter, year and
rolling 12 months that hold it, and the reason says how many are missing and why. Counts and rates
carry a Byar (from 10 events) or exact Poisson interval, shares a Wilson interval.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluelamp.measures.series import MORE_THAN_ALL, NONE_AT_ALL, Series
from bluelamp.periods import KINDS, Month, Period
from bluelamp.statistics.intervals import poisson_interval, wilson

GROUP_ALL = "all"
FIGURE_SCHEMA = {
    "kind": pl.String,
    "area": pl.String,
    "group": pl.String,
    "period": pl.String,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "status": pl.String,
    "receipts": pl.String,
}


@dataclass(frozen=True)
class _Windows:
    """The periods of one kind that lie wholly inside a series: first and last month's column."""

    periods: tuple[Period, ...]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    @property
    def length(self) -> NDArray[np.int64]:
        """How many months of the series each is made of."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class _Missing:
    """The months of a series that withhold the periods they lie in.

    running  how many there are before each month: (areas, months + 1).
    next     which month is the first of them from each month on: (areas, months).
    words    why, by area and month, area by area; None where no month is missing.
    """

    running: NDArray[np.float64]
    next: NDArray[np.int64]
    words: pl.Series | None


@dataclass(frozen=True)
class _Totals:
    """Running totals of a series from its first month: (areas, months + 1). A missing month adds
    nothing; the periods that hold it are withheld."""

    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64] | None
    missing: _Missing


def figure_table(series: Series, kinds: Iterable[str] = KINDS) -> pl.DataFrame:
    """Every figure of a series (FIGURE_SCHEMA), ordered by kind, area and time.

    For a rate over a longer period the denominator is the mean number of residents, so that the
    value is events per `measure.per` residents over that period. Published percentages exist only
    for the rolling 12 months that their publisher gave.
    """
    denominator = series.denominator
    totals = _Totals(
        _running(_nothing_if_missing(series.numerator)),
        None if denominator is None else _running(_nothing_if_missing(denominator)),
        _missing(series),
    )
    frames = []
    for kind in kinds:
        if not series.monthly and kind != "r12":
            continue
        windows = _windows(series.months, kind) if series.monthly else _survey_windows(series)
        if windows.periods:
            frames.append(_of_kind(series, kind, windows, totals))
    return pl.concat(frames).collect() if frames else pl.DataFrame(schema=FIGURE_SCHEMA)


@lru_cache(maxsize=64)
def _windows(months: tuple[Month, ...], kind: str) -> _Windows:
    start = months[0]
    ending = [(Period.containing(kind, month), month) for month in months]
    periods = [period for period, month in ending if period.last == month and period.first >= start]
    last = np.array([period.last.index - start.index for period in periods], dtype=np.int64)
    first = np.array([period.first.index - start.index for period in periods], dtype=np.int64)
    return _Windows(tuple(periods), first, last)


def _survey_windows(series: Series) -> _Windows:
    """A survey's value stands for the 12 months that end with its month."""
    told = np.flatnonzero((series.reasons == "").any(axis=0))
    return _Windows(tuple(Period("r12", series.months[j]) for j in told), told, told)


def _missing(series: Series) -> _Missing:
    missing = series.reasons != ""
    if series.measure.kind == "share":
        # A month whose share cannot be formed (2 outcomes, 1 offence) still has its counts.
        missing &= (series.reasons != MORE_THAN_ALL) & (series.reasons != NONE_AT_ALL)
    months = missing.shape[1]
    own = np.where(missing, np.arange(months), months - 1)
    from_the_last_back = np.minimum.accumulate(own[:, ::-1], axis=1)
    words = pl.Series(series.reasons.ravel().tolist(), dtype=pl.String) if missing.any() else None
    return _Missing(_running(missing.astype(float)), from_the_last_back[:, ::-1], words)


def _of_kind(series: Series, kind: str, windows: _Windows, totals: _Totals) -> pl.LazyFrame:
    missing = _between(totals.missing.running, windows)
    numerator = _between(totals.numerator, windows)
    denominator = _denominator(series, windows, totals)
    value, lower, upper = _values(series, windows, numerator, denominator)
    formed = _formed(series, numerator, denominator)
    status = _status(windows, totals.missing, missing, formed)
    hidden = missing > 0
    for array in (value, lower, upper):
        array[hidden] = np.nan
    numerator[hidden | np.isnan(value) & (series.measure.kind == "published")] = np.nan
    areas = pl.LazyFrame({"area": series.areas}, schema={"area": pl.String})
    periods = pl.LazyFrame({"period": [str(p) for p in windows.periods]})
    if not series.own_receipts:
        periods = periods.with_columns(receipts=pl.Series(_receipts(series.receipts, windows)))
    figures = areas.join(periods, how="cross", maintain_order="left_right")
    if series.own_receipts:
        own = [text for a in series.areas for text in _receipts(series.own_receipts[a], windows)]
        figures = figures.with_columns(receipts=pl.Series(own))
    published = series.measure.kind == "published"
    return figures.select(
        kind=pl.lit(kind),
        area="area",
        group=pl.lit(GROUP_ALL),
        period="period",
        numerator=_flat(None if published else numerator),
        denominator=_flat(None if denominator is None else np.where(hidden, np.nan, denominator)),
        value=_flat(value),
        lower=_flat(lower),
        upper=_flat(upper),
        status=status,
        receipts="receipts",
    )


def _flat(array: NDArray[np.float64] | None) -> pl.Series | pl.Expr:
    """A column: area by area; null where there is no number."""
    if array is None:
        return pl.lit(None, dtype=pl.Float64)
    return pl.Series(array.ravel(), dtype=pl.Float64, nan_to_null=True)


def _nothing_if_missing(array: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(array), 0.0, array)


def _running(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Totals of all months before each one, and of all: exact for counts below 2**53."""
    return np.cumsum(np.concatenate([np.zeros((len(array), 1)), array], axis=1), axis=1)


def _between(running: NDArray[np.float64], windows: _Windows) -> NDArray[np.float64]:
    """The total of each window: what had run up by its end less what had before it began."""
    return running[:, windows.last + 1] - running[:, windows.first]


def _denominator(series: Series, windows: _Windows, totals: _Totals) -> NDArray[np.float64] | None:
    if totals.denominator is None:
        return None
    total = _between(totals.denominator, windows)
    return total / windows.length if series.measure.kind == "rate" else total


def _values(
    series: Series,
    windows: _Windows,
    numerator: NDArray[np.float64],
    denominator: NDArray[np.float64] | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    if series.measure.kind == "published":
        value = series.value[:, windows.last].copy()
        return value, np.full_like(value, np.nan), np.full_like(value, np.nan)
    if series.measure.is_percentage and denominator is not None:
        usable = (denominator > 0) & (numerator <= denominator)
        n, d = np.where(usable, numerator, np.nan), np.where(usable, denominator, np.nan)
        lower, upper = wilson(n, d)
        return n / d, np.asarray(lower), np.asarray(upper)
    lower, upper = _counts_interval(numerator)
    if denominator is None:
        return numerator.copy(), lower, upper
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(denominator > 0, series.measure.per / denominator, np.nan)
    return numerator * scale, lower * scale, upper * scale


def _counts_interval(
    counts: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Intervals of counts: worked out once for each different count (there are few)."""
    whole = counts.astype(np.int64)
    if whole.max(initial=0) < counts.size and (whole == counts).all():
        different, where = np.arange(whole.max(initial=0) + 1.0), whole  # 0, 1, 2 ... the greatest
    else:
        different, where = np.unique(counts, return_inverse=True)
    lower, upper = poisson_interval(different)
    shape = counts.shape
    return np.asarray(lower)[where].reshape(shape), np.asarray(upper)[where].reshape(shape)


def _formed(
    series: Series, numerator: NDArray[np.float64], denominator: NDArray[np.float64] | None
) -> pl.Expr:
    """`ok`, or why a share cannot be formed although both counts are known."""
    if series.measure.kind != "share" or denominator is None:
        return pl.lit("ok")
    none_at_all = pl.Series(denominator.ravel() == 0)
    more_than_all = pl.Series((numerator > denominator).ravel())
    return (
        pl.when(none_at_all)
        .then(pl.lit(NONE_AT_ALL))
        .when(more_than_all)
        .then(pl.lit(MORE_THAN_ALL))
        .otherwise(pl.lit("ok"))
    )


def _status(
    windows: _Windows, withheld: _Missing, missing: NDArray[np.float64], formed: pl.Expr
) -> pl.Expr:
    """`ok`, or why there is no figure: of several months how many are missing, and why the first
    of them is."""
    if withheld.words is None:
        return formed
    rows, columns = len(missing), withheld.next.shape[1]
    first_missing = np.arange(rows)[:, np.newaxis] * columns + withheld.next[:, windows.first]
    number = pl.Series(missing.ravel().astype(np.int64))
    of = pl.Series(np.tile(windows.length, rows))
    why = withheld.words.gather(first_missing.ravel())
    if (windows.length == 1).all():
        return pl.when(number == 0).then(formed).otherwise(why)
    several = pl.format("{} of {} months are missing: {}", pl.lit(number), pl.lit(of), pl.lit(why))
    return pl.when(number == 0).then(formed).otherwise(several)


def _receipts(months: tuple[tuple[str, ...], ...], windows: _Windows) -> list[str]:
    """For each window the hashes behind it, joined by spaces."""
    spans = zip(windows.first, windows.last, strict=True)
    return [" ".join(sorted({r for m in months[a : b + 1] for r in m})) for a, b in spans]
