"""Days without an event: how many are needed before chance can be ruled out."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from bluelamp.evidence.absent_days import absent_days


def events(*runs: tuple[int, int, int], month: int = 6) -> pl.Series:
    """(first day, last day, events on each)."""
    days = [date(2023, month, d) for a, b, n in runs for d in range(a, b + 1) for _ in range(n)]
    return pl.Series("day", days, dtype=pl.Date)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (events((1, 30, 1)), ""),
        (events((1, 20, 100)), "there is nothing from 21 to 30 June, and 100 a day on the others"),
        (events((11, 30, 100)), "there is nothing from 1 to 10 June, and 100 a day on the others"),
        (events((1, 9, 50), (15, 30, 50)), "there is nothing from 10 to 14 June"),
        (events((1, 29, 100)), ""),  # one day: a holiday, a fault of the system
        (events((1, 27, 4)), ""),  # 12 were to be expected: chance
        (events((1, 27, 5)), "there is nothing from 28 to 30 June, and 5 a day on the others"),
        (events(), ""),
    ],
)
def test_a_run_of_empty_days_tells_where_many_events_were_usual(days, words):
    found = absent_days(days)
    assert found.get("2023-06", "").startswith(words)
    assert bool(found) == bool(words)


def test_months_are_looked_at_one_by_one():
    both = pl.concat([events((1, 30, 20)), events((1, 10, 20), month=7)])
    assert list(absent_days(both)) == ["2023-07"]
