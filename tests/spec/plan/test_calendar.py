"""What the calendar says of a commitment on a date. These tables are the rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.definitions import definitions_root
from bluelamp.measures.definition import read_measures
from bluelamp.plan.calendar import STATUSES, calendar_reading, months_after
from bluelamp.plan.edition import Plan
from bluelamp.plan.reading import read_edition

# A plan that runs to 23 March 2022, asked on several days.
TABLE = """
    due        | asked on   | status              | sentence
    ---------- + ---------- + ------------------- + --------
    2017-12-31 | 2026-04-30 | date passed         | The date has passed: it was 31 December 2017.
    2017-12-31 | 2018-01-01 | date passed         | The date has passed: it was 31 December 2017.
    2017-12-31 | 2017-12-31 | due within 3 months | Due today, 31 December 2017.
    2017-12-31 | 2017-12-30 | due within 3 months | Due within 3 months, by 31 December 2017.
    2017-12-31 | 2017-09-30 | due later           | Due by 31 December 2017.
    2017-12-30 | 2017-09-30 | due within 3 months | Due within 3 months, by 30 December 2017.
    2018-02-28 | 2017-11-30 | due within 3 months | Due within 3 months, by 28 February 2018.
    2018-03-01 | 2017-11-30 | due later           | Due by 1 March 2018.
    2020-02-29 | 2019-11-29 | due within 3 months | Due within 3 months, by 29 February 2020.
    none       | 2026-04-30 | no date             | No date; the plan ran to 23 March 2022.
    none       | 2022-03-24 | no date             | No date; the plan ran to 23 March 2022.
    none       | 2022-03-23 | no date             | No date; the plan runs to 23 March 2022.
    none       | 2017-01-01 | no date             | No date; the plan runs to 23 March 2022.
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    root = definitions_root()
    real = read_edition(root, "london-2017", set(read_measures(root))).plan
    return replace(real, starts=date(2017, 3, 20), ends=date(2022, 3, 23))


def test_the_calendar(drawn, plan: Plan) -> None:
    wrong = []
    for row in drawn(TABLE):
        due = None if row["due"] == "none" else date.fromisoformat(row["due"])
        said = calendar_reading(due, plan, date.fromisoformat(row["asked on"]))
        if (said.status, said.sentence) != (row["status"], row["sentence"]):
            wrong.append((row, said))
    assert wrong == []


def test_every_status_stands_in_the_table(drawn) -> None:
    assert {row["status"] for row in drawn(TABLE)} == set(STATUSES)


DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(due=DAYS, on=DAYS)
def test_it_never_says_done_or_late_and_a_date_passes_on_the_day_after(plan, due, on) -> None:
    said = calendar_reading(due, plan, on)
    assert (said.status == "date passed") == (on > due)
    words = said.sentence.lower().split()
    assert not {"done", "late", "overdue", "kept", "missed", "failed"} & set(words)


@given(day=DAYS)
def test_three_months_on_is_the_same_day_or_the_last_of_a_short_month(day: date) -> None:
    found = months_after(day, 3)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == 3
    assert found.day == day.day or (found.day < day.day and (found.day in (28, 29, 30)))
    if found.day < day.day:  # only because the month ends there
        assert date.fromordinal(found.toordinal() + 1).day == 1
