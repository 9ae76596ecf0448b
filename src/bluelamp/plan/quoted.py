"""Numbers that an edition quotes, and how each can be checked.

One file `quoted/<theme>.yaml` holds the figures of one theme; it is a section of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bluelamp.periods import Month


@dataclass(frozen=True)
class Recompute:
    """The figure made again from a measure.

    measure       id; `area` its code, or '' for the force.
    first, last   first and last day of the whole months looked at. For a survey, whose value is
                  for the twelve months that end with a month, only `last` counts.
    against_first, against_last   the earlier period of a `change` or `difference`.
    statistic     `total` over the months; `level`: the published value, or the pooled share, of
                  the period; `change`: this period over the earlier one, less 1; `difference`:
                  this level less the earlier one.
    within        how far ours may lie from the printed value and still agree, in its unit: half
                  of the last place printed, or what "about" and "nearly" leave open.
    """

    measure: str
    first: date
    last: date
    statistic: Literal["total", "level", "change", "difference"]
    within: float
    area: str = ""
    against_first: date | None = None
    against_last: date | None = None

    def __post_init__(self) -> None:
        compared = self.statistic in ("change", "difference")
        if compared != (self.against_first is not None and self.against_last is not None):
            raise ValueError(
                "a change or difference needs against_first and against_last, and only those do"
            )
        if self.last < self.first:
            raise ValueError(f"last: {self.last} is before first, {self.first}")

    @property
    def months(self) -> tuple[Month, Month]:
        return Month.of(self.first), Month.of(self.last)

    @property
    def against(self) -> tuple[Month, Month] | None:
        if self.against_first is None or self.against_last is None:
            return None
        return Month.of(self.against_first), Month.of(self.against_last)


@dataclass(frozen=True)
class Arithmetic:
    """The figure made again from other figures that the same edition quotes.

    sum   ids of quoted figures of the edition with + - * / and brackets, in backticks where an id
          has hyphens: "`staff-before` - `staff-after`"; or `column` of `table` added up.
    """

    sum: str = ""
    table: str = ""
    column: str = ""
    within: float = 0.0

    def __post_init__(self) -> None:
        if bool(self.sum) == bool(self.table) or bool(self.table) != bool(self.column):
            raise ValueError("arithmetic: give a sum, or a table and one of its columns")


@dataclass(frozen=True)
class Quoted:
    """One number in the text of an edition.

    what      what it counts, and of when: "Londoners under 25 injured with a knife in 2016".
    printed   the figure as printed: "1,844", "just over 1,000", "88%".
    value     the same as a number in `unit`; a percentage as 88, not 0.88.
    recompute, arithmetic   how to make it again; at most one of the two.
    unchecked   a sentence: why it cannot be made again from published data, and who holds them.
              Exactly one of `recompute`, `arithmetic` and `unchecked` is given.
    explained   where what we find differs: a sentence that says why, as far as can be known.
    announced   printed only in the announcement with which a whole plan was launched.
    """

    id: str
    what: str
    printed: str
    value: float
    unit: str
    place: str
    recompute: Recompute | None = None
    arithmetic: Arithmetic | None = None
    unchecked: str = ""
    explained: str = ""
    announced: bool = False

    def __post_init__(self) -> None:
        ways = (self.recompute is not None, self.arithmetic is not None, bool(self.unchecked))
        if sum(ways) != 1:
            raise ValueError(
                f"'{self.id}': give exactly one of recompute, arithmetic and unchecked"
            )


@dataclass(frozen=True)
class Theme:
    """Quoted figures that belong together: one section of the page, one file."""

    id: str
    number: int
    title: str
    figures: tuple[Quoted, ...]
