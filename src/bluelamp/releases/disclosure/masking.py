"""Series and figures with all taken out that is not published.

What comes after (charts, findings, targets) is made of the series that come out of here, so it can
tell nothing that is not published.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from bluelamp.measures.series import Series
from bluelamp.measures.tables import FIGURE_SCHEMA
from bluelamp.periods import Period
from bluelamp.releases.disclosure import words
from bluelamp.releases.disclosure.counted import COUNTS_KNOWN

Why = Callable[[str, str], str]
"""Area and period: '' where the figure is published, else why it is not."""

NUMBERS = ("numerator", "denominator", "value", "lower", "upper")


def masked_series(series: Series, why: Why) -> Series:
    """The series without the months that are not published."""
    reasons = series.reasons.copy()
    for row, area in enumerate(series.areas):
        for column, month in enumerate(series.months):
            period = str(month) if series.monthly else str(Period("r12", month))
            reasons[row, column] = _reason(str(reasons[row, column]), why(area, period))
    hidden = ~np.isin(reasons, COUNTS_KNOWN)
    denominator = series.denominator
    return replace(
        series,
        reasons=reasons,
        numerator=np.where(hidden, np.nan, series.numerator),
        denominator=None if denominator is None else np.where(hidden, np.nan, denominator),
        value=np.where(hidden, np.nan, series.value),
        being_checked=series.being_checked & ~hidden,
    )


def masked_figures(figures: pl.DataFrame, why: Why) -> pl.DataFrame:
    """FIGURE_SCHEMA: without the figures that are not published."""
    rows = figures.select("area", "period", "status").iter_rows()
    status = [_reason("" if s == "ok" else s, why(a, p)) or "ok" for a, p, s in rows]
    told = figures.with_columns(status=pl.Series(status, dtype=pl.String))
    shown = pl.col("status").is_in(["ok", *filter(None, COUNTS_KNOWN)])
    return told.with_columns(pl.when(shown).then(pl.col(name)).alias(name) for name in NUMBERS)


def _reason(own: str, withheld: str) -> str:
    """A month that is not known stays so, without the counts by which that was seen."""
    if own in COUNTS_KNOWN:
        return withheld or own
    before, incomplete, _ = own.partition(words.INCOMPLETE)
    return before + incomplete


def rounded_figures(
    figures: pl.DataFrame,
    total: Callable[[str, str], float | None],
    per: int | None,
    withheld: str,
) -> pl.DataFrame:
    """FIGURE_SCHEMA: figures of wards with rounded counts in their place; None is withheld.

    per   of a rate; None of a count.
    """
    rows = []
    for row in figures.iter_rows(named=True):
        shown = total(row["area"], row["period"]) if row["status"] == "ok" else None
        if row["status"] == "ok" and shown is None:
            row["status"] = withheld
        row["status"] = _reason("" if row["status"] == "ok" else row["status"], "") or "ok"
        people = row["denominator"]
        row |= dict.fromkeys(NUMBERS)
        if shown is not None:
            row |= {"numerator": shown, "value": shown}
            if per is not None:
                row |= {"denominator": people, "value": shown / people * per}
        rows.append(row)
    return pl.DataFrame(rows, schema=FIGURE_SCHEMA)
