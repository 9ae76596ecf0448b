"""Days on which a list of daily events has nothing: evidence that a month is not all there."""

from __future__ import annotations

import calendar
import itertools
from datetime import date

import polars as pl

# A run of days without an event is chance where so many events or fewer would have been usual:
# with 15 expected, none comes about three times in ten million.
EXPECTED = 15


def absent_days(days: pl.Series) -> dict[str, str]:
    """month -> the longest run of its days on which nothing happened, in words, where the usual
    number of events a day makes that more than chance. `days` has the date of each event."""
    counted = days.drop_nulls().value_counts(name="n").sort(days.name)
    found: dict[str, str] = {}
    by_month: dict[str, dict[int, int]] = {}
    for day, n in counted.iter_rows():
        by_month.setdefault(f"{day.year:04}-{day.month:02}", {})[day.day] = n
    for month, events in by_month.items():
        year, number = int(month[:4]), int(month[5:])
        length = calendar.monthrange(year, number)[1]
        first, run = _longest_gap(sorted(events), length)
        usual = sum(events.values()) / len(events)
        if run * usual >= EXPECTED and run > 1:
            last = first + run - 1
            found[month] = (
                f"there is nothing from {date(year, number, first):%-d} to "
                f"{date(year, number, last):%-d %B}, and {usual:,.0f} a day on the others"
            )
    return found


def _longest_gap(present: list[int], length: int) -> tuple[int, int]:
    """First day and length of the longest run of days that are not present."""
    edges = [0, *present, length + 1]
    gaps = [(after - before - 1, before + 1) for before, after in itertools.pairwise(edges)]
    run, first = max(gaps, key=lambda gap: gap[0])
    return first, run
