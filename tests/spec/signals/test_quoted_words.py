"""What is said of a number that a plan quotes: each sentence as it is printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.measures.definition import Checked, Measure, Selection
from bluelamp.periods import Month
from bluelamp.plan.edition import Plan
from bluelamp.plan.quoted import Arithmetic, Quoted
from bluelamp.signals.quoted import agree
from bluelamp.signals.quoted_words import (
    agrees,
    cannot_be_checked,
    differs,
    months,
    of_period,
    value,
)

PLAN = Plan(
    "p", "Plan", "Plan", "s", date(2017, 3, 20), date(2022, 3, 23), "progress", "h", "a", "s"
)
COUNT = Measure(
    "burglary", "Burglary", "burglaries", "d", "w", "count", "s", "offences", ("force",),
    Checked("a", "b", date(2026, 1, 1), date(2027, 1, 1)), numerator=(Selection(),),
)  # fmt: skip
MEASURES = {
    "count": COUNT,
    "rate": replace(COUNT, kind="rate", rate_of="burglary", unit="per 1,000 residents"),
    "share": replace(COUNT, kind="share", denominator=(Selection(),), unit="of all burglaries"),
    "published": replace(COUNT, kind="published", things="people who trust the police"),
    "custom:gap": replace(COUNT, kind="custom:gap", things="points between two groups"),
}
WHY = "The plan leaves out one borough."

# The sentence of a number by what was found. `-` where ours cannot be made.
SAID = """
    printed      | value | unit     | ours    | explained | sentence
    ------------ + ----- + -------- + ------- + --------- + ----------------------------------------
    1,844        | 1844  | people   | 1844    |           | The plan says 1,844. We find the same.
    nearly 1,200 | 1200  | offences | 1184    |           | The plan says nearly 1,200. We find 1,184, which agrees.
    just over 62 | 62    | offences | 62      |           | The plan says just over 62. We find the same.
    62%          | 62    | per cent | 62      |           | The plan says 62%. We find the same.
    29%          | 29    | per cent | 29.268  |           | The plan says 29%. We find 29.3%, which agrees.
    22% less     | -22   | per cent | !-20    |           | The plan says 22% less. We find −20%, which differs, and we do not know why.
    19,285       | 19285 | officers | !19287  |           | The plan says 19,285. We find 19,287, which differs, and we do not know why.
    19,285       | 19285 | officers | !19287  | yes       | The plan says 19,285. We find 19,287, which differs. The plan leaves out one borough.
    1,200        | 1200  | offences | !1200.2 |           | The plan says 1,200. We find 1,200.2, which differs, and we do not know why.
    1,200        | 1200  | offences | !1200.04 |          | The plan says 1,200. We find 1,200.04, which differs, and we do not know why.
    88%          | 88    | per cent | -       |           | The plan says 88%. The published series starts in August 2021, so this cannot be checked.
"""  # noqa: E501, RUF001 - a table is read across; a minus sign is printed as one


# Within the tolerance both ends included: half of the last place printed.
AGREEMENT = """
    printed | ours    | within | verdict
    ------- + ------- + ------ + -------
    51      | 51      | 0      | agrees
    51      | 51.5    | 0.5    | agrees
    51      | 50.5    | 0.5    | agrees
    51      | 51.51   | 0.5    | differs
    51      | 51.001  | 0      | differs
    0.3     | 0.4     | 0.1    | agrees
    -20     | 20      | 1      | differs
    1000    | 1040    | 50     | agrees
"""


def quoted(printed: str, number: float, unit: str, **given: Any) -> Quoted:
    return Quoted("f", "w", printed, number, unit, "page 1", **{"unchecked": "x"} | given)


def test_what_is_said(drawn: Any) -> None:
    for row in drawn(SAID):
        figure = quoted(row["printed"], float(row["value"]), row["unit"])
        if row["explained"]:
            figure = replace(figure, explained=WHY)
        ours = row["ours"]
        if ours == "-":
            figure = replace(figure, unchecked="", arithmetic=Arithmetic(sum="1"))
            said = cannot_be_checked(PLAN, figure, "The published series starts in August 2021.")
        elif ours.startswith("!"):
            said = differs(PLAN, figure, float(ours[1:]))
        else:
            said = agrees(PLAN, figure, float(ours))
        assert said == row["sentence"]


def test_what_agrees(drawn: Any) -> None:
    for row in drawn(AGREEMENT):
        found = agree(float(row["ours"]), float(row["printed"]), float(row["within"]))
        assert found is (row["verdict"] == "agrees"), row


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9), st.floats(0, 1e6), st.floats(0, 1e6))
def test_agreement_has_no_sides_and_grows_with_the_tolerance(
    one: float, other: float, within: float, more: float
) -> None:
    assert agree(one, one, 0.0)
    if agree(one, other, within):
        assert agree(one, other, within + more)
    assert agree(one, other, abs(one - other))


def test_who_holds_what_nobody_publishes() -> None:
    held = "The court service holds these and does not publish them."
    figure = quoted("88%", 88, "per cent", unchecked=held)
    assert cannot_be_checked(PLAN, figure, held) == (
        f"The plan says 88%. This cannot be checked. {held}"
    )


@pytest.mark.parametrize(
    ("document", "known_by", "announced", "said"),
    [
        ("whole plan", "", False, "The plan says"),
        ("whole plan", "", True, "The announcement says"),
        ("consultation draft", "Only the draft.", False, "The draft plan says"),
        ("announcement", "Only the news.", False, "The announcement says"),
    ],
)
def test_who_says_it(document: Any, known_by: str, announced: bool, said: str) -> None:
    plan = replace(PLAN, document=document, known_by=known_by)
    figure = quoted("7", 7, "posts", announced=announced)
    assert agrees(plan, figure, 7).startswith(f"{said} 7.")
    assert differs(plan, figure, 8).startswith(f"{said} 7.")
    assert cannot_be_checked(plan, figure, "x").startswith(f"{said} 7.")


JANUARY, DECEMBER = Month(2015, 1), Month(2015, 12)


@pytest.mark.parametrize(
    ("kind", "first", "given", "words"),
    [
        (
            "count", JANUARY, {},
            "burglaries in London from January to December 2015, added up from the published "
            "months",
        ),
        ("count", DECEMBER, {}, "burglaries in London in December 2015"),
        (
            "share", JANUARY, {},
            "burglaries in London from January to December 2015, as a share of all burglaries",
        ),
        (
            "rate", JANUARY, {},
            "burglaries in London from January to December 2015, per 1,000 residents",
        ),
        (
            "rate", JANUARY, {"total": True},
            "burglaries in London from January to December 2015, added up from the published "
            "months",
        ),
        (
            "published", JANUARY, {"whole": True},
            "the published share of people who trust the police in London in the 12 months to "
            "December 2015",
        ),
        (
            "custom:gap", JANUARY, {"whole": True},
            "the published figure for points between two groups in London in the 12 months to "
            "December 2015",
        ),
    ],
)  # fmt: skip
def test_what_a_level_was_made_from(kind: str, first: Month, given: Any, words: str) -> None:
    how = {"whole": False, "total": False} | given
    assert of_period(MEASURES[kind], "in London", first, DECEMBER, **how) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (Month(2016, 1), Month(2016, 12), "January to December 2016"),
        (Month(2015, 4), Month(2016, 3), "April 2015 to March 2016"),
        (Month(2016, 6), Month(2016, 6), "June 2016"),
    ],
)
def test_months_are_told_as_people_tell_them(first: Month, last: Month, words: str) -> None:
    assert months(first, last) == words


@pytest.mark.parametrize(
    ("number", "printed", "unit", "shown"),
    [
        (1844, "1,844", "people", "1,844"),
        (18440.4, "1,844", "people", "18,440"),
        (62.4, "62%", "per cent", "62.4%"),
        (20.0, "20 per cent", "percent", "20%"),
        (5.25, "5", "percentage points", "5.25"),
        (600e6, "£600m", "pounds", "£600 million"),
        (1.52e9, "£1.5bn", "pounds", "£1.52 billion"),
        (950, "£1,000", "pounds", "£950"),
        (-3.25, "3", "posts", "\N{MINUS SIGN}3.25"),
    ],
)
def test_ours_is_written_as_the_plan_writes(
    number: float, printed: str, unit: str, shown: str
) -> None:
    assert value(number, quoted(printed, 0, unit)) == shown
