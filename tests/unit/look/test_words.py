"""How numbers, months and lists read. The tables are the manual."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.figures import Withheld
from bluelamp.look import words
from bluelamp.periods import Month

TOO_FEW = Withheld("fewer than five people answered")
M = words.MINUS


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (81682, None, "81,682"),
        (81682.0, None, "81,682"),
        (12.34, None, "12.3"),
        (12.34, 2, "12.34"),
        (0, None, "0"),
        (-38, None, f"{M}38"),
        (-0.04, 1, "0.0"),  # never "minus nought"
        (TOO_FEW, None, "fewer than five people answered"),
    ],
)
def test_number(value: float | Withheld, places: int | None, shown: str) -> None:
    assert words.number(value, places) == shown


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_what_is_no_number_is_refused_and_not_printed(value: float) -> None:
    with pytest.raises(ValueError, match="Withheld"):
        words.number(value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1204, "+1,204"), (-38, f"{M}38"), (0, "no change"), (0.02, "no change")],
)
def test_signed(value: float, shown: str) -> None:
    assert words.signed(value, 0) == shown


@given(st.integers(-(10**12), 10**12))
def test_a_number_can_be_read_back(value: int) -> None:
    assert int(words.number(value).replace(",", "").replace(M, "-")) == value


def test_shares_and_rates() -> None:
    assert words.percent(0.624) == "62%"
    assert words.percent(0.624, 1) == "62.4%"
    assert words.percent(TOO_FEW) == TOO_FEW.reason
    assert words.rate(8.44) == "8.4 per 1,000 residents"
    assert words.rate(TOO_FEW) == TOO_FEW.reason
    assert words.interval(212, 271) == "212 to 271"
    assert words.interval(None, 271) == "no range can be stated"


@pytest.mark.parametrize("value", ["2023-06", Month(2023, 6), date(2023, 6, 30)])
def test_a_month_is_written_out(value: str | Month | date) -> None:
    assert words.month(value) == "June 2023"
    assert words.short_month(value) == "Jun 2023"


def test_dates_lists_and_counts() -> None:
    assert words.day(date(2026, 4, 3)) == "3 April 2026"
    assert words.period("2023-06") == "June 2023"
    assert words.listed(["Barnet", "Brent", "Bexley"]) == "Barnet, Brent and Bexley"
    assert words.listed(["Barnet"]) == "Barnet"
    assert words.listed([]) == ""
    assert words.counted(1, "line") == "1 line"
    assert words.counted(1200, "line") == "1,200 lines"
    assert words.counted(0, "borough") == "no boroughs"
    assert words.counted(2, "inquiry", "inquiries") == "2 inquiries"
