"""Stretches of time that figures are given for.

Terms follow the Office for National Statistics: a *financial year* runs from April to March and is
written with both years; quarters are of the calendar year; a *rolling 12 months* figure is named
by its last month. A month is the atom: every other period is an exact run of whole months.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import total_ordering

KINDS = ("month", "quarter", "fy", "year", "r12")
EARLIEST, LATEST = 1900, 2200


class NotAPeriod(ValueError):
    """The text names no period; the message shows how periods are written."""


@total_ordering
@dataclass(frozen=True)
class Month:
    """One calendar month, Europe/London."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and EARLIEST <= self.year <= LATEST):
            raise NotAPeriod(f"'{self.year}-{self.month:02}' is not a month")

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `2023-06` or the publisher's `202306`; raises NotAPeriod."""
        match = re.fullmatch(r"(\d{4})-?(\d{2})", text.strip())
        if not match:
            raise NotAPeriod(f"'{text}' is not a month; write it as 2023-06")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @classmethod
    def from_index(cls, index: int) -> Month:
        """The inverse of `index`: months counted from January of year 0."""
        return cls(index // 12, index % 12 + 1)

    @property
    def index(self) -> int:
        return self.year * 12 + self.month - 1

    @property
    def days(self) -> int:
        return calendar.monthrange(self.year, self.month)[1]

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, self.days)

    @property
    def words(self) -> str:
        return f"{calendar.month_name[self.month]} {self.year}"

    def __add__(self, months: int) -> Month:
        return Month.from_index(self.index + months)

    def __sub__(self, months: int) -> Month:
        return self + -months

    def __lt__(self, other: Month) -> bool:
        return self.index < other.index

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def months_between(first: Month, last: Month) -> list[Month]:
    """Every month from first to last, both included; empty when last is before first."""
    return [Month.from_index(i) for i in range(first.index, last.index + 1)]


@total_ordering
@dataclass(frozen=True)
class Period:
    """A run of whole months of one of five kinds: month, quarter, fy, year, r12."""

    kind: str
    last: Month

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise NotAPeriod(f"'{self.kind}' is not a kind of period; kinds are {', '.join(KINDS)}")
        ends = {"quarter": (3, 6, 9, 12), "fy": (3,), "year": (12,)}.get(self.kind)
        if ends and self.last.month not in ends:
            raise NotAPeriod(f"a {self.kind} cannot end in {self.last.words}")
        if self.last.index - self.length + 1 < Month(EARLIEST, 1).index:
            raise NotAPeriod(
                f"a {self.kind} that ends in {self.last.words} begins before {EARLIEST}"
            )

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2023-06`, `2023-Q2`, `fy2023-24`, `2023` or `r12-2023-06`; raises NotAPeriod."""
        text = text.strip()
        if match := re.fullmatch(r"fy(\d{4})-(\d{2})", text):
            start = int(match[1])
            if (start + 1) % 100 != int(match[2]):
                raise NotAPeriod(f"'{text}': a financial year spans two years, as in fy2023-24")
            return cls("fy", Month(start + 1, 3))
        if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
            return cls("quarter", Month(int(match[1]), 3 * int(match[2])))
        if match := re.fullmatch(r"\d{4}", text):
            return cls("year", Month(int(text), 12))
        if text.startswith("r12-"):
            return cls("r12", Month.parse(text[4:]))
        try:
            return cls("month", Month.parse(text))
        except NotAPeriod as error:
            raise NotAPeriod(
                f"'{text}' is not a period; write 2023-06, 2023-Q2, fy2023-24, 2023 or r12-2023-06"
            ) from error

    @classmethod
    def containing(cls, kind: str, month: Month) -> Period:
        """The period of that kind that holds the month (for r12: that ends with it)."""
        if kind == "quarter":
            return cls(kind, Month(month.year, 3 * ((month.month + 2) // 3)))
        if kind == "fy":
            return cls(kind, Month(month.year + (month.month > 3), 3))
        if kind == "year":
            return cls(kind, Month(month.year, 12))
        return cls(kind, month)

    @property
    def length(self) -> int:
        """How many months it has."""
        return {"month": 1, "quarter": 3}.get(self.kind, 12)

    @property
    def first(self) -> Month:
        return self.last - (self.length - 1)

    @property
    def months(self) -> list[Month]:
        return months_between(self.first, self.last)

    @property
    def words(self) -> str:
        if self.kind == "month":
            return self.last.words
        if self.kind == "quarter":
            return f"{calendar.month_name[self.first.month]} to {self.last.words}"
        if self.kind == "fy":
            return f"April {self.first.year} to {self.last.words}"
        if self.kind == "year":
            return str(self.last.year)
        return f"the 12 months to {self.last.words}"

    def __lt__(self, other: Period) -> bool:
        return (self.last, self.length, self.kind) < (other.last, other.length, other.kind)

    def __str__(self) -> str:
        if self.kind == "month":
            return str(self.last)
        if self.kind == "quarter":
            return f"{self.last.year}-Q{self.last.month // 3}"
        if self.kind == "fy":
            return f"fy{self.first.year}-{self.last.year % 100:02}"
        if self.kind == "year":
            return str(self.last.year)
        return f"r12-{self.last}"
