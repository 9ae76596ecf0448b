"""What the calendar says of a commitment on a date, and no more than that.

The calendar knows whether a day has passed. It does not know whether a thing was done, so nothing
here is ever called done or late: those words belong to whoever looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bluelamp.periods import Month
from bluelamp.plan.edition import Plan

CalendarStatus = Literal["date passed", "due within 3 months", "due later", "no date"]
STATUSES: tuple[CalendarStatus, ...] = (
    "date passed", "due within 3 months", "due later", "no date",
)  # fmt: skip
# A quarter is the time between two public meetings at which somebody can ask.
SOON = 3


@dataclass(frozen=True)
class CalendarReading:
    """The calendar's word on a due date: a short status, and the sentence that says it."""

    status: CalendarStatus
    sentence: str


def calendar_reading(due: date | None, plan: Plan, on: date) -> CalendarReading:
    """What the calendar says on the day `on` of a commitment that a plan made.

    due   the last day by which it is to be done, which belongs to the time: on that day itself the
          date has not passed. None where the plan states no date; then the last day of the plan is
          said, because a promise without a date is at most a promise for as long as its plan lasts.
    """
    if due is None:
        runs = "ran" if plan.ends < on else "runs"
        return CalendarReading("no date", f"No date; the plan {runs} to {_day(plan.ends)}.")
    if due < on:
        return CalendarReading("date passed", f"The date has passed: it was {_day(due)}.")
    if due == on:
        return CalendarReading("due within 3 months", f"Due today, {_day(due)}.")
    if due <= months_after(on, SOON):
        return CalendarReading("due within 3 months", f"Due within 3 months, by {_day(due)}.")
    return CalendarReading("due later", f"Due by {_day(due)}.")


def months_after(day: date, months: int) -> date:
    """The same day some months on; the last of the month where that month is too short for it."""
    month = Month.of(day) + months
    return date(month.year, month.month, min(day.day, month.last_day.day))


def _day(day: date) -> str:
    return f"{day.day} {Month.of(day).words}"
