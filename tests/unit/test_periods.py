"""Periods: how they are written, which months they hold, and what is no period."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.periods import KINDS, Month, NotAPeriod, Period, months_between

months = st.builds(Month, st.integers(1902, 2198), st.integers(1, 12))
periods = st.builds(Period.containing, st.sampled_from(KINDS), months)


@given(periods)
def test_what_is_written_is_read_back(period):
    assert Period.parse(str(period)) == period
    assert Period.parse(f" {period} ") == period


@given(months)
def test_a_month_is_read_back_in_both_spellings(month):
    assert Month.parse(str(month)) == Month.parse(str(month).replace("-", "")) == month
    assert Month.from_index(month.index) == month


@given(months, st.integers(-200, 200))
def test_adding_months_can_be_undone(month, n):
    if 1900 * 12 <= month.index + n < 2201 * 12:
        assert (month + n) - n == month
        assert (month + n).index - month.index == n


@given(st.sampled_from(KINDS), months)
def test_a_period_is_an_exact_run_of_months_that_holds_its_own(kind, month):
    period = Period.containing(kind, month)
    assert month in period.months
    assert len(period.months) == period.length
    assert (period.months[0], period.months[-1]) == (period.first, period.last)
    assert {Period.containing(kind, m) for m in period.months} == (
        {period} if kind != "r12" else {Period("r12", m) for m in period.months}
    )


@given(periods, periods)
def test_periods_stand_in_order_of_their_end(one, other):
    if one.last != other.last:
        assert (one < other) == (one.last < other.last)


# written, first month, last month, in words
WRITTEN = [
    ("2024-02", "2024-02", "2024-02", "February 2024"),
    ("2023-Q2", "2023-04", "2023-06", "April to June 2023"),
    ("fy2023-24", "2023-04", "2024-03", "April 2023 to March 2024"),
    ("fy1999-00", "1999-04", "2000-03", "April 1999 to March 2000"),
    ("2023", "2023-01", "2023-12", "2023"),
    ("r12-2023-06", "2022-07", "2023-06", "the 12 months to June 2023"),
]


@pytest.mark.parametrize(("text", "first", "last", "words"), WRITTEN)
def test_each_kind_of_period(text, first, last, words):
    period = Period.parse(text)
    assert (str(period.first), str(period.last), period.words) == (first, last, words)


@pytest.mark.parametrize(
    "text",
    ["", "June 2023", "2023-13", "2023-00", "2023-6", "23-06", "2023-Q5", "2023-q2", "fy2023-25",
     "fy2023-2024", "fy2023", "fy1999-01", "r12-2023", "r12-2023-Q2", "2023-06-01", "0001-01",
     "fy1899-00", "r12-1900-01", "1899"],
)  # fmt: skip
def test_what_is_no_period_is_refused(text):
    with pytest.raises(NotAPeriod):
        Period.parse(text)


def test_a_refusal_shows_how_periods_are_written():
    with pytest.raises(NotAPeriod, match="write 2023-06, 2023-Q2, fy2023-24, 2023 or r12-2023-06"):
        Period.parse("last June")
    with pytest.raises(NotAPeriod, match="spans two years, as in fy2023-24"):
        Period.parse("fy2023-25")


@pytest.mark.parametrize(("kind", "month"), [("quarter", 2), ("fy", 12), ("year", 3)])
def test_a_period_cannot_end_where_none_of_its_kind_ends(kind, month):
    with pytest.raises(NotAPeriod, match="cannot end in"):
        Period(kind, Month(2023, month))


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(
        NotAPeriod, match="'week' is not a kind of period; kinds are month, quarter"
    ):
        Period.containing("week", Month(2023, 6))


def test_february_has_the_days_of_its_year():
    assert [Month(year, 2).days for year in (1900, 2000, 2023, 2024)] == [28, 29, 28, 29]
    assert str(Month(2024, 2).last_day) == "2024-02-29"


def test_months_between_holds_both_ends_and_nothing_backwards():
    assert [str(m) for m in months_between(Month(2023, 11), Month(2024, 1))] == [
        "2023-11", "2023-12", "2024-01",
    ]  # fmt: skip
    assert months_between(Month(2024, 1), Month(2023, 11)) == []
