"""Which breaks a chart marks, and how chart and table say what they mean."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from bluelamp.evidence.source import DeclaredBreak
from bluelamp.measures.definition import Checked, Measure, Selection
from bluelamp.periods import Month
from bluelamp.places import Area
from bluelamp.public.charting import breaks_shown, month_row
from bluelamp.releases.release import ChartBreak, ChartMonth

REVIEW = Checked("a", "b", date(2026, 1, 1), date(2027, 1, 1))
COUNT = Measure(
    "burglary", "Burglary", "burglaries", "", "", "count", "s", "offences", ("force",), REVIEW,
    (Selection(category=("BURGLARY",)),),
)  # fmt: skip
RATE = Measure(
    "rate", "Rate", "burglaries", "", "", "rate", "s", "per 1,000", ("force",), REVIEW,
    rate_of="burglary",
)  # fmt: skip
MONTHS = [ChartMonth(f"2024-{m:02}", 5.0, None, None, None, False, "") for m in range(1, 13)]
MONTHLY = SimpleNamespace(monthly=True, exceptional=())


def opened(cutting: tuple[ChartBreak, ...] = (), declared: tuple[DeclaredBreak, ...] = ()) -> Any:
    release = SimpleNamespace(
        breaks={"burglary": cutting, "rate": cutting},
        sources={"s": SimpleNamespace(breaks=declared)},
    )
    return SimpleNamespace(release=release, measures={"burglary": COUNT, "rate": RATE})


def area(kind: str) -> Area:
    return Area("E1", "Somewhere", kind, "2025", None)


@pytest.mark.parametrize(
    ("levels", "kind", "marked"),
    [
        ((), "force", True),  # a release made before levels were told apart
        (("force", "borough"), "borough", True),
        (("force", "borough"), "ward", False),
    ],
)
def test_a_break_is_marked_at_its_levels(levels, kind, marked):
    cutting = (ChartBreak("2024-03", "counted anew", levels),)
    found = breaks_shown(opened(cutting), COUNT, area(kind), MONTHS)
    assert [str(b.month) for b in found] == (["2024-03"] if marked else [])


@pytest.mark.parametrize("month", ["2024-01", "2023-06", "2025-01"])
def test_one_before_the_second_month_or_after_the_last_parts_nothing(month):
    assert breaks_shown(opened((ChartBreak(month, "w"),)), COUNT, area("force"), MONTHS) == []


@pytest.mark.parametrize("measure", [COUNT, RATE])
def test_one_across_which_the_publisher_compares_is_marked_and_says_so(measure):
    declared = (
        DeclaredBreak("2024-03", "a new computer", comparable=True),
        DeclaredBreak("2024-05", "fraud moved", categories=("FRAUD",), comparable=True),
    )
    (found,) = breaks_shown(opened(declared=declared), measure, area("force"), MONTHS)
    assert (found.drawn.words, found.drawn.parts) == ("a new computer", False)
    assert "so tests go across this month" in found.sentence
    assert found.note == "from here on: a new computer"


def test_chart_and_table_say_that_nothing_is_compared_across_it():
    cutting = (ChartBreak("2024-03", "counted anew"),)
    (found,) = breaks_shown(opened(cutting), COUNT, area("force"), MONTHS)
    assert found.month == Month(2024, 3)
    assert found.sentence == (
        "From March 2024 the figures are not comparable with those before: counted anew. "
        "No test compares across this month."
    )
    row = month_row(MONTHLY, COUNT, MONTHS[2], [found])
    assert row.note == "not comparable with the figures before: counted anew"
    assert month_row(MONTHLY, COUNT, MONTHS[3]).note == ""
