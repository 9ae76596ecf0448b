"""Figures of a series for every kind of period, as one frame: what releases keep and pages show.

A period is made of all its months or of none: one missing month withholds the quarter, year and
rolling 12 months that hold it, and the reason says how many are missing and why. Counts and rates
carry a Byar (from 10 events) or exact Poisson interval, shares a Wilson interval.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluelamp.measures.series import MORE_THAN_ALL, NONE_AT_ALL, Series
from bluelamp.periods import KINDS, Period
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


def figure_table(series: Series, kinds: Iterable[str] = KINDS) -> pl.DataFrame:
    """Every figure of a series (FIGURE_SCHEMA), ordered by kind, area and time.

    For a rate over a longer period the denominator is the mean number of residents, so that the
    value is events per `measure.per` residents over that period. Published percentages exist only
    for the rolling 12 months that their publisher gave.
    """
    frames = []
    for kind in kinds:
        if not series.monthly and kind != "r12":
            continue
        windows = _windows(series, kind)
        if windows.periods:
            frames.append(_of_kind(series, kind, windows))
    return pl.concat(frames) if frames else pl.DataFrame(schema=FIGURE_SCHEMA)


def _windows(series: Series, kind: str) -> _Windows:
    start = series.months[0]
    periods: list[Period] = []
    for month in series.months:
        period = Period.containing(kind, month)
        if period.last == month and (period.first >= start or not series.monthly):
            periods.append(period)
    if not series.monthly:  # a survey's value stands for the 12 months that end with its month
        known = [j for j, m in enumerate(series.months) if (series.reasons[:, j] == "").any()]
        periods = [Period("r12", series.months[j]) for j in known]
        columns = np.array(known, dtype=np.int64)
        return _Windows(tuple(periods), columns, columns)
    last = np.array([p.last.index - start.index for p in periods], dtype=np.int64)
    first = np.array([p.first.index - start.index for p in periods], dtype=np.int64)
    return _Windows(tuple(periods), first, last)


def _of_kind(series: Series, kind: str, windows: _Windows) -> pl.DataFrame:
    months = (windows.last - windows.first + 1).astype(float)
    missing = _sum((series.reasons != "").astype(float), windows)
    numerator = _sum(np.nan_to_num(series.numerator), windows)
    denominator = _denominator(series, windows, months)
    value, lower, upper = _values(series, windows, numerator, denominator)
    reasons = _reasons(series, windows, missing, numerator, denominator)
    for array in (value, lower, upper):
        array[reasons != ""] = np.nan
    hidden = missing > 0
    numerator[hidden | np.isnan(value) & (series.measure.kind == "published")] = np.nan
    rows, columns = value.shape
    frame = pl.DataFrame(
        {
            "kind": pl.Series([kind]).new_from_index(0, rows * columns),
            "area": pl.Series(series.areas).gather(np.repeat(np.arange(rows), columns)),
            "group": pl.Series([GROUP_ALL]).new_from_index(0, rows * columns),
            "period": pl.Series([str(p) for p in windows.periods]).gather(_tiled(columns, rows)),
            "numerator": _flat(
                numerator if series.measure.kind != "published" else None, rows * columns
            ),
            "denominator": _flat(
                None if denominator is None else np.where(hidden, np.nan, denominator),
                rows * columns,
            ),
            "value": _flat(value, rows * columns),
            "lower": _flat(lower, rows * columns),
            "upper": _flat(upper, rows * columns),
            "status": pl.Series(reasons.ravel().tolist()),
            "receipts": _receipts(series, windows),
        },
        schema=FIGURE_SCHEMA,
    )
    return frame.with_columns(
        status=pl.when(pl.col("status") == "").then(pl.lit("ok")).otherwise(pl.col("status"))
    )


def _tiled(columns: int, rows: int) -> NDArray[np.int64]:
    return np.tile(np.arange(columns), rows)


def _flat(array: NDArray[np.float64] | None, size: int) -> pl.Series:
    if array is None:
        return pl.Series([None], dtype=pl.Float64).new_from_index(0, size)
    return pl.Series(array.ravel(), dtype=pl.Float64).fill_nan(None)


def _sum(array: NDArray[np.float64], windows: _Windows) -> NDArray[np.float64]:
    """Sums over each window: differences of running totals, exact for counts below 2**53."""
    running = np.cumsum(np.concatenate([np.zeros((len(array), 1)), array], axis=1), axis=1)
    return running[:, windows.last + 1] - running[:, windows.first]


def _denominator(
    series: Series, windows: _Windows, months: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    if series.denominator is None:
        return None
    total = _sum(np.nan_to_num(series.denominator), windows)
    return total / months if series.measure.kind == "rate" else total


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
    different, where = np.unique(counts, return_inverse=True)
    lower, upper = poisson_interval(different)
    shape = counts.shape
    return np.asarray(lower)[where].reshape(shape), np.asarray(upper)[where].reshape(shape)


def _reasons(
    series: Series,
    windows: _Windows,
    missing: NDArray[np.float64],
    numerator: NDArray[np.float64],
    denominator: NDArray[np.float64] | None,
) -> NDArray[np.object_]:
    reasons = np.full(numerator.shape, "", dtype=object)
    # A month whose share cannot be formed (2 outcomes, 1 offence) still has its counts.
    countable = {MORE_THAN_ALL, NONE_AT_ALL} if series.measure.kind == "share" else set()
    bad = series.reasons != ""
    for i, w in zip(*np.nonzero(missing), strict=True):
        a, b = windows.first[w], windows.last[w] + 1
        words = [str(r) for r in series.reasons[i, a:b][bad[i, a:b]] if r not in countable]
        if not words:
            missing[i, w] = 0
            continue
        if b - a == 1:
            reasons[i, w] = words[0]
        else:
            reasons[i, w] = f"{len(words)} of {b - a} months are missing: {words[0]}"
    if series.measure.kind == "share" and denominator is not None:
        reasons[(reasons == "") & (denominator == 0)] = NONE_AT_ALL
        reasons[(reasons == "") & (numerator > denominator)] = MORE_THAN_ALL
    return reasons


def _receipts(series: Series, windows: _Windows) -> pl.Series:
    """For each area and window the hashes behind it, joined by spaces: area by area."""

    def of(months: tuple[tuple[str, ...], ...]) -> list[str]:
        spans = zip(windows.first, windows.last, strict=True)
        return [" ".join(sorted({r for m in months[a : b + 1] for r in m})) for a, b in spans]

    if series.own_receipts:
        return pl.Series([text for area in series.areas for text in of(series.own_receipts[area])])
    rows, columns = len(series.areas), len(windows.periods)
    return pl.Series(of(series.receipts)).gather(_tiled(columns, rows))
