"""How statistics write their dates, and the month in which each period ends."""

from __future__ import annotations

import pytest

from bluelamp.evidence.dating import last_month
from bluelamp.evidence.shape import TableShape

# dated, what else the source says, the cells, the last month ('' where it is no period)
WAYS = [
    ("date", {}, {"date": "2019-03-31"}, "2019-03"),
    ("date", {}, {"date": "2019-03-01"}, "2019-03"),
    ("date", {}, {"date": "2019-03-31 00:00:00.000000"}, "2019-03"),
    ("date", {}, {"date": "2019-03"}, "2019-03"),
    ("date", {}, {"date": "31/03/2019"}, "2019-03"),
    ("date", {}, {"date": "31/3/2019"}, "2019-03"),
    ("date", {}, {"date": "2019-13-01"}, ""),
    ("date", {}, {"date": "March 2019"}, ""),
    ("date", {"months_on": 11}, {"date": "2018-04-01"}, "2019-03"),
    ("span", {}, {"span": "Apr '02 to \nMar '03...4"}, "2003-03"),
    ("span", {}, {"span": "Apr '12 to Mar '135"}, "2013-03"),  # footnote 5
    ("span", {}, {"span": "Jan '81 to Dec '81"}, "1981-12"),
    ("span", {}, {"span": "April 2021 to March 2022"}, "2022-03"),
    ("span", {}, {"span": "Apr '02"}, ""),
    ("span", {}, {"span": "Apr '02 to Mai '03"}, ""),
    ("year", {}, {"year": "2016"}, "2016-12"),
    ("year", {}, {"year": "2016.0"}, "2016-12"),
    ("year", {"year_ends": 3}, {"year": "2016"}, "2016-03"),
    ("year", {}, {"year": "2016/17"}, "2017-03"),
    ("year", {}, {"year": "2016-17 (OT)"}, "2017-03"),
    ("year", {}, {"year": "1999/00"}, "2000-03"),
    ("year", {}, {"year": "2013/14-15/16"}, "2016-03"),
    ("year", {"year_ends": 3}, {"year": "2007-03-01"}, "2007-03"),
    ("year", {}, {"year": "2016/18"}, ""),
    ("year", {}, {"year": "2013/14-15/17"}, ""),
    ("year", {}, {"year": "16"}, ""),
    ("year", {}, {"year": "9999"}, ""),
    ("year and quarter", {}, {"year": "2018", "quarter": "Q1"}, "2018-03"),
    ("year and quarter", {}, {"year": "2018", "quarter": "Q2 [note 7]"}, "2018-06"),
    ("year and quarter", {}, {"year": "2018", "quarter": "All"}, "2018-12"),
    ("year and quarter", {}, {"year": "2018/19", "quarter": "1"}, "2018-06"),
    ("year and quarter", {}, {"year": "2018/19", "quarter": "4"}, "2019-03"),
    ("year and quarter", {"quarters": "financial"}, {"year": "2018", "quarter": "4"}, "2019-03"),
    ("year and quarter", {}, {"year": "2018", "quarter": "Q5"}, ""),
    ("year and quarter", {}, {"year": "20x8", "quarter": "All"}, ""),
    ("year and month", {}, {"year": "2019", "month": "7"}, "2019-07"),
    ("year and month", {}, {"year": "2019", "month": "July"}, "2019-07"),
    ("year and month", {}, {"year": "2019", "month": "0"}, ""),
    ("nowhere", {"month": "2011-03"}, {}, "2011-03"),
]  # fmt: skip


@pytest.mark.parametrize(("dated", "more", "cells", "month"), WAYS)
def test_the_month_that_a_period_ends_in(dated, more, cells, month):
    shape = TableShape(dated=dated, key=("area",), **more)
    assert (last_month(cells, shape) or "") == month
