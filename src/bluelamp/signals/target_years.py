"""The years of a measure on the way to a target: what each adds up to, and what is to come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bluelamp.measures.series import Series
from bluelamp.periods import Month

YEAR = 12

Floats = NDArray[np.float64]

NO_CHANCE_OF_SHARES = (
    "The chance of meeting it is worked out for numbers counted by the month, and not for this."
)
IN_WORDS = {
    "too few months": (
        "The chance of meeting it cannot be worked out: fewer than 24 months are known from which "
        "to see how much the figures vary."
    ),
    "too few events": (
        "The chance of meeting it cannot be worked out: there are fewer than 10 in all the months "
        "before."
    ),
}
"""What `statistics.forecast` calls it -> what a reader sees; a test holds the two together."""


class TargetYears:
    """One measure at one level, up to the month `by`. A column is a month's place in the series.

    A year is told by the column of its last month. end is the column of `by`, which may lie beyond
    the months published.
    """

    def __init__(self, series: Series, by: Month) -> None:
        self.series = series
        self.end = self.column(by)
        self._row = {area: row for row, area in enumerate(series.areas)}
        self._counts = series.monthly and series.denominator is None
        self._seen = _seen(series)
        self._years = _years(series, self._seen)

    def column(self, month: Month) -> int:
        return month.index - self.series.months[0].index

    def month(self, column: int) -> Month:
        return self.series.months[0] + column

    def value(self, area: str, column: int) -> float | None:
        """Of the year that ends with a column, in the measure's unit; None where not all known."""
        if not 0 <= column < self._years.shape[1]:
            return None
        value = float(self._years[self._row[area], column])
        return None if np.isnan(value) else value

    def over(self, area: str, first: Month, last: Month) -> float | None:
        """The level of a baseline: of one year as it is, of several their mean."""
        columns = range(self.column(last), self.column(first) + YEAR - 2, -YEAR)
        values = [self.value(area, column) for column in columns]
        whole = (last.index - first.index + 1) % YEAR == 0
        known = [value for value in values if value is not None]
        return sum(known) / len(known) if whole and known and len(known) == len(values) else None

    def latest(self, area: str) -> int:
        """Column of the newest year that is wholly known, no later than `by`; -1 for none."""
        known = np.flatnonzero(np.isfinite(self._years[self._row[area], : max(self.end + 1, 0)]))
        return int(known[-1]) if known.size else -1

    def shown(self, area: str, first: int) -> list[int]:
        """Columns from `first` to the newest year: of a survey those that have a figure."""
        columns = range(max(first, 0), self.latest(area) + 1)
        return [c for c in columns if self.series.monthly or self.value(area, c) is not None]

    def incomplete(self, area: str) -> str:
        """Why the last year, as far as it is published, cannot be added up, or ''."""
        row, by = self._row[area], self.month(self.end).words
        known = np.flatnonzero(self._seen[row])
        if self.latest(area) < 0:
            return f"No 12 months in a row are published up to {by}."
        if not self.series.monthly:
            given = known[-1] <= self.end or self.latest(area) == self.end
            return "" if given else f"No figure is published for the 12 months to {by}."
        until = min(self.end, int(known[-1]))
        year = np.arange(max(self.end - YEAR + 1, 0), until + 1)
        missing = year[~self._seen[row, year]]
        if not missing.size:
            return ""
        why = self.series.reasons[row, missing[0]]
        months = f"{missing.size} month{'s' if missing.size > 1 else ''}"
        verb = "are" if missing.size > 1 else "is"
        return f"Of the 12 months to {by}, {months} {verb} not known{f' ({why})' if why else ''}."

    def being_checked(self, area: str) -> int:
        """How many months of the newest year its publisher or we are still checking."""
        last = self.latest(area)
        year = slice(max(last - YEAR + 1, 0), last + 1)
        return int(self.series.being_checked[self._row[area], year].sum())

    def chances(
        self, areas: Sequence[str], column: int, goals: Sequence[float], at_most: bool
    ) -> list[tuple[float | None, str]]:
        """For each area the chance of meeting its goal, had the column been the last one known;
        None, and a sentence why, where there is none."""
        from bluelamp.statistics.forecast import chance_of_year

        if not self._counts:
            return [(None, NO_CHANCE_OF_SHARES) for _ in areas]
        found = chance_of_year(
            self._history([self._row[area] for area in areas]),
            first_month=(self.series.months[0].year, self.series.months[0].month),
            known=column + 1,
            goal=np.array(goals),
            at_most=at_most,
        )
        return [
            (None, IN_WORDS[reason]) if reason else (float(chance), "")
            for chance, reason in zip(found.chance, found.reason, strict=True)
        ]

    def _history(self, rows: list[int]) -> Floats:
        """(areas, months up to `by`): what may be looked at to see how the figures vary.

        Months being checked tell nothing of that, and nor do those before a declared break; in the
        year of the target itself they count as they are.
        """
        series, width = self.series, self.end + 1
        table = np.full((len(rows), width), np.nan)
        known = min(width, len(series.months))
        usable = self._seen[rows, :known].copy()
        checking = series.being_checked[rows, :known].copy()
        checking[:, max(width - YEAR, 0) :] = False
        usable &= ~checking
        for one in series.breaks:
            if one.month <= self.month(self.end):
                usable[:, : max(self.column(one.month), 0)] = False
        table[:, :known] = np.where(usable, series.numerator[rows, :known], np.nan)
        return table


def _seen(series: Series) -> NDArray[np.bool_]:
    """(areas, months): months of which the figure is known."""
    if not series.monthly:
        return np.isfinite(series.value)
    if series.denominator is None:
        return np.isfinite(series.numerator) & (series.reasons == "")
    return np.isfinite(series.numerator) & np.isfinite(series.denominator)


def _years(series: Series, seen: NDArray[np.bool_]) -> Floats:
    """(areas, months) of the twelve months that end with each, NaN where not all are known.

    As `measures.tables` has it: counts add up, shares are pooled, rates are among the mean number
    of residents.
    """
    if not series.monthly:
        return series.value
    whole = _added(seen.astype(float)) == YEAR
    numerator = _added(np.where(seen, series.numerator, 0.0))
    if series.denominator is None:
        return np.where(whole, numerator, np.nan)
    denominator = _added(np.where(seen, series.denominator, 0.0))
    whole &= denominator > 0
    if series.measure.kind == "rate":
        numerator = numerator * YEAR * series.measure.per
    return np.where(whole, numerator / np.where(whole, denominator, 1.0), np.nan)


def _added(values: Floats) -> Floats:
    """(areas, months) sums of each twelve months, NaN for the first eleven."""
    total = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    sums = np.full(values.shape, np.nan)
    sums[:, YEAR - 1 :] = total[:, YEAR:] - total[:, :-YEAR]
    return sums
