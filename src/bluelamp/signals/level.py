"""The level of a measure over any whole months, or the reason why it has none there.

Figures are published for months, quarters and years; a plan quotes whatever months it likes. A
level is made of all its months or not at all, and never across a month from which on the
publisher's numbers are not comparable with those before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bluelamp.figures import Rate, Withheld
from bluelamp.measures.series import MORE_THAN_ALL, NONE_AT_ALL, Series
from bluelamp.periods import Month

NOT_ADDED_UP = "The publisher's percentages cannot be added up over months"
NOT_POOLED = "This measure is worked out in a way that cannot be joined over several months"


@dataclass(frozen=True)
class OneArea:
    """A series seen from one of its areas; raises ValueError for an area that it does not have."""

    series: Series
    area: str

    def __post_init__(self) -> None:
        if self.area not in self.series.areas:
            raise ValueError(
                f"the series of '{self.series.measure.id}' at {self.series.level} level has no "
                f"area {self.area}"
            )

    @property
    def published_whole(self) -> bool:
        """True where each value is the publisher's own, for the twelve months to its month."""
        return self.series.measure.kind == "published" or not self.series.monthly

    def level(self, first: Month, last: Month) -> float | Withheld:
        """The value in the unit of the measure: counts added up, shares and rates pooled.

        A publisher's own value is that of the twelve months that end with `last`.
        """
        if self.published_whole:
            first = last
        unknown = self._unknown(first, last)
        if unknown is not None:
            return unknown
        months = self._columns(first, last)
        if self.published_whole:
            return float(self._of(self.series.value)[months][0])
        if (moved := self.break_between(first, last)) is not None:
            return moved
        return self._pooled(months)

    def total(self, first: Month, last: Month) -> float | Withheld:
        """The count of the months added up; for rates, the count that they are a rate of."""
        if self.series.measure.is_percentage:
            return Withheld(NOT_ADDED_UP)
        level = self.level(first, last)
        if isinstance(level, Withheld) or self.series.measure.kind != "rate":
            return level
        return float(self._of(self.series.numerator)[self._columns(first, last)].sum())

    def break_between(self, first: Month, last: Month) -> Withheld | None:
        """Why months from `first` to `last` are not comparable, or None where they are."""
        for each in self.series.breaks:
            if first < each.month <= last:
                return Withheld(
                    f"Numbers from {each.month.words} on cannot be compared with those before "
                    f"({each.words})"
                )
        return None

    def _of(self, array: NDArray[np.float64]) -> NDArray[np.float64]:
        return array[self.series.areas.index(self.area)]

    def _columns(self, first: Month, last: Month) -> slice:
        start = self.series.months[0].index
        return slice(first.index - start, last.index - start + 1)

    def _known(self) -> NDArray[np.bool_]:
        """By month: whether it can be part of a level. A month whose share cannot be formed (no
        offence, one outcome) still has the counts that are pooled."""
        kind = self.series.measure.kind
        parts = [self._of(self.series.value)]
        if kind in ("count", "share", "rate") and not self.published_whole:
            below = [] if self.series.denominator is None else [self._of(self.series.denominator)]
            parts = [self._of(self.series.numerator), *below]
        return np.logical_and.reduce([~np.isnan(part) for part in parts])

    def _unknown(self, first: Month, last: Month) -> Withheld | None:
        """Why not all the months are known; None where they are."""
        known = self._known()
        found = np.flatnonzero(known)
        if not found.size:
            return Withheld("No figure of this series is known here")
        begins, ends = (self.series.months[int(found[end])] for end in (0, -1))
        what = "the 12 months to " if self.published_whole else ""
        if first < begins:
            return Withheld(f"The published series starts {'with' if what else 'in'} "
                            f"{what}{begins.words}")  # fmt: skip
        if last > ends:
            return Withheld(f"The figures known here end with {what}{ends.words}")
        months = self._columns(first, last)
        missing = np.flatnonzero(~known[months])
        if not missing.size:
            return None
        row = self.series.areas.index(self.area)
        why = str(self.series.reasons[row, months][missing[0]]) or "the reason was not recorded"
        if self.published_whole:
            return Withheld(f"There is no figure for {what}{last.words}: {why}")
        asked = last.index - first.index + 1
        if asked == 1:
            return Withheld(f"There is no figure for {last.words}: {why}")
        are = "is" if missing.size == 1 else "are"
        return Withheld(f"{missing.size} of these {asked} months {are} not known: {why}")

    def _pooled(self, months: slice) -> float | Withheld:
        measure, denominator = self.series.measure, self.series.denominator
        numerator = self._of(self.series.numerator)[months]
        if measure.kind.startswith("custom:"):
            own = self._of(self.series.value)[months]
            alike = denominator is None and np.array_equal(numerator, own)
            if own.size > 1 and not alike:
                return Withheld(NOT_POOLED)
            return float(own.sum())
        if denominator is None:
            return float(numerator.sum())
        below = self._of(denominator)[months]
        if measure.kind == "rate":
            return Rate(float(numerator.sum()), float(below.mean()), measure.per).value
        if below.sum() == 0:
            return Withheld(_sentence(NONE_AT_ALL))
        if numerator.sum() > below.sum():
            return Withheld(_sentence(MORE_THAN_ALL))
        return float(numerator.sum() / below.sum())


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
