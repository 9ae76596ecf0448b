"""A number that a plan prints beside the same number made again. These tables are the rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from bluelamp.measures.definition import Checked, Measure, Selection
from bluelamp.measures.series import MORE_THAN_ALL, Break, Series
from bluelamp.periods import Month
from bluelamp.places import Area, UnknownPlace, gazetteer
from bluelamp.plan.arithmetic import NotArithmetic
from bluelamp.plan.edition import Edition, Plan
from bluelamp.plan.quoted import Arithmetic, Quoted, Recompute, Theme
from bluelamp.signals.finding import QuotedReading
from bluelamp.signals.quoted import WHY_UNKNOWN, check_quoted

FORCE, BARNET, ABBEY = "E23000001", "E09000003", "E05000001"
PLACES = gazetteer(
    [
        Area(FORCE, "Metropolitan Police", "force", "2023"),
        Area(BARNET, "Barnet", "borough", "2023", FORCE),
        Area(ABBEY, "Abbey", "ward", "2023", BARNET),
    ]
)
REVIEW = Checked("a", "b", date(2026, 1, 1), date(2027, 1, 1))
COUNT = Measure(
    "burglary", "Burglary", "burglaries", "d", "w", "count", "s", "offences",
    ("force", "borough"), REVIEW, numerator=(Selection(),),
)  # fmt: skip
MEASURES = {
    "burglary": COUNT,
    "rate": replace(
        COUNT, id="rate", kind="rate", rate_of="burglary", unit="per 1,000 residents", per=1000
    ),
    "solved": replace(
        COUNT, id="solved", kind="share", denominator=(Selection(),), unit="of burglaries",
        things="burglaries with a suspect charged",
    ),
    "trust": replace(
        COUNT, id="trust", kind="published", unit="of people asked",
        things="people who trust the police",
    ),
    "gap": replace(COUNT, id="gap", kind="custom:gap"),
    "count of its own": replace(COUNT, id="count of its own", kind="custom:sum"),
}  # fmt: skip
NAN = float("nan")
TWO_YEARS = [100.0] * 12 + [80.0] * 12


def series(
    measure: str, numbers: list[float], below: list[float] | None = None, **given: Any
) -> Series:
    """A series of one area from January 2015 on."""
    numerator = np.array([numbers])
    denominator = None if below is None else np.array([below])
    shares = (
        numerator if denominator is None else numerator / np.where(denominator, denominator, NAN)
    )
    reasons = np.where(np.isnan(shares), "not published for this month", "").astype(object)
    months = tuple(Month(2015, 1) + i for i in range(len(numbers)))
    tested = np.zeros(numerator.shape, dtype=bool)
    receipts = tuple(("hash",) for _ in numbers)
    made = Series(
        MEASURES[measure], "force", (FORCE,), months, numerator, denominator, shares, reasons,
        tested, receipts,
    )  # fmt: skip
    return replace(made, **given)


SERIES = [
    series("burglary", TWO_YEARS),
    series("burglary", [30.0] * 12, level="borough", areas=(BARNET,)),
    series("rate", [NAN] * 12 + [80.0] * 12, [NAN] * 12 + [8000.0] * 6 + [8400.0] * 6),
    # In February 2015 two were solved of one recorded: no share of its own, but it counts.
    series("solved", [10.0, 2.0] + [10.0] * 22, [40.0, 1.0] + [40.0] * 22),
    series("trust", [NAN, NAN, 0.62] + [NAN, NAN, 0.68, NAN, NAN, 0.7] + [0.75] * 3, monthly=False),
    series("gap", [0.1] * 12, numerator=np.full((1, 12), NAN)),
    series("count of its own", [5.0] * 12),
]
SERIES[3].reasons[0, 1] = MORE_THAN_ALL

# What a measure gives over the months named, in the unit that plans print. `-` where it does not.
STATISTICS = """
    measure          | statistic  | of                 | against            | ours
    ---------------- + ---------- + ------------------ + ------------------ + --------
    burglary         | total      | 2015-01 to 2015-12 |                    | 1200
    burglary         | total      | 2015-12 to 2016-01 |                    | 180
    burglary         | total      | 2016-03 to 2016-03 |                    | 80
    burglary         | level      | 2015-01 to 2015-12 |                    | 1200
    burglary         | change     | 2016-01 to 2016-12 | 2015-01 to 2015-12 | -20
    burglary         | difference | 2016-01 to 2016-12 | 2015-01 to 2015-12 | -240
    burglary         | change     | 2015-01 to 2015-12 | 2016-01 to 2016-12 | 25
    rate             | level      | 2016-01 to 2016-12 |                    | 117.0732
    rate             | total      | 2016-01 to 2016-12 |                    | 960
    solved           | level      | 2015-01 to 2015-02 |                    | 29.2683
    solved           | level      | 2016-01 to 2016-12 |                    | 25
    solved           | difference | 2016-01 to 2016-02 | 2015-01 to 2015-02 | -4.2683
    trust            | level      | 2015-01 to 2015-03 |                    | 62
    trust            | level      | 2014-04 to 2015-03 |                    | 62
    trust            | difference | 2015-06 to 2015-06 | 2015-03 to 2015-03 | 6
    trust            | change     | 2015-06 to 2015-06 | 2015-03 to 2015-03 | 9.6774
    gap              | level      | 2015-04 to 2015-04 |                    | 0.1
    count of its own | total      | 2015-01 to 2015-12 |                    | 60
"""

# Where it cannot be made, and what is said. Months are all there or nothing is said of them.
REFUSALS = """
    measure  | statistic | of                 | reason
    -------- + --------- + ------------------ + --------------------------------------------------
    burglary | total     | 2014-12 to 2015-11 | The published series starts in January 2015.
    burglary | total     | 2013-01 to 2013-12 | The published series starts in January 2015.
    burglary | total     | 2016-06 to 2017-05 | The figures known here end with December 2016.
    rate     | level     | 2015-01 to 2015-12 | The published series starts in January 2016.
    trust    | level     | 2014-04 to 2015-02 | The published series starts with the 12 months to March 2015.
    trust    | level     | 2015-05 to 2016-05 | The figures known here end with the 12 months to December 2015.
    trust    | level     | 2015-05 to 2015-05 | There is no figure for the 12 months to May 2015: not published for this month.
    trust    | total     | 2015-03 to 2015-06 | The publisher's percentages cannot be added up over months.
    solved   | total     | 2015-01 to 2015-12 | The publisher's percentages cannot be added up over months.
    solved   | level     | 2015-02 to 2015-02 | More outcomes than offences in this period, so a share cannot be formed.
    gap      | level     | 2015-01 to 2015-02 | This measure is worked out in a way that cannot be joined over several months.
    homicide | total     | 2015-01 to 2015-12 | None of the files we hold has figures in London to make it from.
"""  # noqa: E501 - a table is read across

PLAN = Plan(
    "p", "Plan", "Plan", "s", date(2017, 3, 20), date(2022, 3, 23), "progress", "h", "a", "s",
    called={FORCE: "London"},
)  # fmt: skip


def span(text: str) -> tuple[date, date]:
    first, last = (Month.parse(month) for month in text.split(" to "))
    return first.first_day, last.last_day


def recompute(measure: str, statistic: Any, of: str, against: str = "", **given: Any) -> Recompute:
    earlier = dict(
        zip(
            ("against_first", "against_last"),
            span(against) if against else (None, None),
            strict=True,
        )
    )
    first, last = span(of)
    return Recompute(measure, first, last, statistic, **{"within": 0.5} | earlier | given)  # type: ignore[arg-type]  # dates by name


def quoted(way: Recompute | Arithmetic | str, number: float = 0.0, **given: Any) -> Quoted:
    ways: dict[str, Any] = {"unchecked": way} if isinstance(way, str) else {}
    if isinstance(way, Recompute):
        ways["recompute"] = way
    if isinstance(way, Arithmetic):
        ways["arithmetic"] = way
    rest = {
        "id": "f",
        "what": "w",
        "printed": f"{number:,g}",
        "unit": "offences",
        "place": "page 1",
    }
    return Quoted(**rest | {"value": number} | ways | given)


def check(
    *figures: Quoted, plan: Plan = PLAN, given: list[Series] = SERIES, tables: Any = None
) -> list[QuotedReading]:
    edition = Edition(plan, (), (), themes=(Theme("t", 1, "T", figures),), tables=tables or {})
    return list(check_quoted(given, {plan.id: edition}, PLACES, FORCE))


def test_each_statistic(drawn: Callable[[str], list[dict[str, str]]]) -> None:
    for row in drawn(STATISTICS):
        way = recompute(row["measure"], row["statistic"], row["of"], row["against"])
        (reading,) = check(quoted(way))
        assert reading.ours == pytest.approx(float(row["ours"]), abs=1e-4), row
        assert reading.how, row


def test_what_cannot_be_made_again_says_why(drawn: Callable[[str], list[dict[str, str]]]) -> None:
    for row in drawn(REFUSALS):
        (reading,) = check(quoted(recompute(row["measure"], row["statistic"], row["of"]), 1844))
        assert (reading.verdict, reading.ours, reading.how) == ("cannot be checked", None, ""), row
        assert reading.reason == row["reason"]
        assert reading.sentence == (
            f"The plan says 1,844. {row['reason'].removesuffix('.')}, so this cannot be checked."
        )


# --- months that are missing, and breaks ----------------------------------------------------------


def test_one_missing_month_is_enough() -> None:
    holed = series("burglary", [*[100.0] * 5, NAN, *[100.0] * 6])
    (reading,) = check(quoted(recompute("burglary", "total", "2015-01 to 2015-12")), given=[holed])
    assert (
        reading.reason == "1 of these 12 months are not known: not published for this month."
        or (reading.reason == "1 of these 12 months is not known: not published for this month.")
    )
    (reading,) = check(quoted(recompute("burglary", "total", "2015-07 to 2015-12")), given=[holed])
    assert reading.ours == 600


BREAK = Break(Month(2016, 1), "counted in a new way")


@pytest.mark.parametrize(
    ("statistic", "of", "against", "straddles"),
    [
        ("total", "2015-01 to 2015-12", "", False),
        ("total", "2016-01 to 2016-12", "", False),
        ("total", "2015-12 to 2016-01", "", True),
        ("change", "2016-01 to 2016-12", "2015-01 to 2015-12", True),
        ("difference", "2015-01 to 2015-06", "2016-01 to 2016-06", True),
        ("change", "2016-07 to 2016-12", "2016-01 to 2016-06", False),
        ("change", "2015-12 to 2016-01", "2015-01 to 2015-02", True),
    ],
)
def test_months_either_side_of_a_break_are_never_joined(
    statistic: str, of: str, against: str, straddles: bool
) -> None:
    broken = series("burglary", TWO_YEARS, breaks=(BREAK,))
    (reading,) = check(quoted(recompute("burglary", statistic, of, against)), given=[broken])
    assert (reading.ours is None) is straddles
    if straddles:
        assert reading.reason == (
            "Numbers from January 2016 on cannot be compared with those before "
            "(counted in a new way)."
        )


def test_a_published_value_stands_by_itself_but_two_are_not_compared_across_a_break() -> None:
    broken = series("trust", [0.5] * 24, monthly=False, breaks=(BREAK,))
    (level,) = check(quoted(recompute("trust", "level", "2015-04 to 2016-03")), given=[broken])
    assert level.ours == 50
    way = recompute("trust", "difference", "2016-03 to 2016-03", "2015-03 to 2015-03")
    (difference,) = check(quoted(way), given=[broken])
    assert difference.ours is None
    way = recompute("trust", "difference", "2016-06 to 2016-06", "2016-03 to 2016-03")
    assert check(quoted(way), given=[broken])[0].ours == 0

    # A break before the first of the two values is no break between them.
    early = replace(broken, breaks=(replace(BREAK, month=Month(2015, 4)),))
    way = recompute("trust", "difference", "2015-07 to 2016-06", "2014-07 to 2015-06")
    assert check(quoted(way), given=[early])[0].ours == 0


def test_a_count_published_for_a_year_is_taken_and_not_added_up() -> None:
    yearly = series("burglary", [NAN] * 11 + [1200.0], monthly=False)
    (reading,) = check(quoted(recompute("burglary", "total", "2015-01 to 2015-12")), given=[yearly])
    assert reading.ours == 1200


def test_all_of_them_is_a_share_too() -> None:
    every = series("solved", [4.0] * 12, [4.0] * 12)
    way = recompute("solved", "level", "2015-01 to 2015-12")
    assert check(quoted(way), given=[every])[0].ours == 100


def test_nothing_to_compare_with() -> None:
    none = series("burglary", [0.0] * 12 + [3.0] * 12)
    way = recompute("burglary", "change", "2016-01 to 2016-12", "2015-01 to 2015-12")
    assert "none in the earlier period" in check(quoted(way), given=[none])[0].reason


# --- where ----------------------------------------------------------------------------------------


def test_an_area_is_the_force_unless_one_is_named() -> None:
    whole = recompute("burglary", "total", "2015-01 to 2015-12")
    barnet = replace(whole, area=BARNET)
    ward = replace(whole, area=ABBEY)
    readings = check(
        *(quoted(way, id=name) for way, name in ((whole, "a"), (barnet, "b"), (ward, "c")))
    )
    assert [reading.ours for reading in readings] == [1200, 360, None]
    assert readings[1].how.startswith("Burglaries in Barnet from January to December 2015")
    assert readings[2].reason == (
        "None of the files we hold has figures in Abbey ward, Barnet to make it from."
    )
    with pytest.raises(UnknownPlace):
        check(quoted(replace(whole, area="E99")))


# --- what is found --------------------------------------------------------------------------------

YEAR = recompute("burglary", "total", "2015-01 to 2015-12")
CHANGE = recompute("burglary", "change", "2016-01 to 2016-12", "2015-01 to 2015-12")
HELD = "The court service holds these and does not publish them."
LEFT_OUT = "The plan leaves out one borough."


@pytest.mark.parametrize(
    ("figure", "verdict", "reason", "sentence"),
    [
        (quoted(YEAR, 1200), "agrees", "", "The plan says 1,200. We find the same."),
        (
            quoted(YEAR, 1184), "differs", WHY_UNKNOWN,
            "The plan says 1,184. We find 1,200, which differs, and we do not know why.",
        ),
        (
            quoted(YEAR, 1184, explained=LEFT_OUT), "differs", LEFT_OUT,
            f"The plan says 1,184. We find 1,200, which differs. {LEFT_OUT}",
        ),
        (
            quoted(YEAR, 1200, explained="Nobody needs this."), "agrees", "",
            "The plan says 1,200. We find the same.",
        ),
        (
            quoted(HELD, 88, printed="88%"), "cannot be checked", HELD,
            f"The plan says 88%. This cannot be checked. {HELD}",
        ),
    ],
)  # fmt: skip
def test_each_verdict(figure: Quoted, verdict: str, reason: str, sentence: str) -> None:
    (reading,) = check(figure)
    assert (reading.verdict, reading.reason, reading.sentence) == (verdict, reason, sentence)


@pytest.mark.parametrize(
    ("way", "how"),
    [
        (YEAR, "January to December 2015, added up from the published months."),
        (CHANGE, "compared with January to December 2015: the change in per cent."),
        (
            recompute("trust", "difference", "2015-06 to 2015-06", "2015-03 to 2015-03"),
            "in the 12 months to June 2015, compared with the 12 months to March 2015: one less "
            "the other.",
        ),
    ],
)
def test_what_ours_was_made_from(way: Recompute, how: str) -> None:
    assert check(quoted(way))[0].how.endswith(how)


# --- arithmetic -----------------------------------------------------------------------------------


def test_a_sum_uses_the_other_figures_as_printed() -> None:
    before = quoted("Ours alone.", 14513, id="staff-before")
    after = quoted("Ours alone.", 11846, id="staff-after")
    fewer = quoted(Arithmetic(sum="`staff-before` - `staff-after`"), 2667, id="fewer")
    reading = check(before, after, fewer)[2]
    assert (reading.verdict, reading.ours) == ("agrees", 2667)
    assert reading.how == "From other figures that it gives: 14,513 \N{MINUS SIGN} 11,846."
    with pytest.raises(NotArithmetic, match="plans/p, quoted figure 'fewer': there is no quoted"):
        check(before, fewer)


def test_tenths_are_told_as_people_add_them() -> None:
    before = quoted("Ours alone.", 62, id="before")
    reading = check(before, quoted(Arithmetic(sum="before * (1 + 20 / 100)"), 75, id="after"))[1]
    assert repr(reading.ours) == "74.4"


def test_a_column_that_does_not_add_up_to_its_printed_total() -> None:
    rows = (
        {"borough": "A", "officers_2015": "10,000"},
        {"borough": "B", "officers_2015": "9,287"},
    )
    total = quoted(
        Arithmetic(table="officers-by-borough", column="officers_2015"), 19285,
        explained="The rows and the total line of the table do not match.",
    )  # fmt: skip
    (reading,) = check(total, tables={"officers-by-borough": rows})
    assert reading.ours == 19287
    assert reading.how == (
        "The 2 rows of the column “officers 2015” in the table “officers by borough” that the plan "
        "prints, added up."
    )
    assert reading.sentence == (
        "The plan says 19,285. We find 19,287, which differs. The rows and the total line of the "
        "table do not match."
    )


def test_readings_come_by_edition_theme_and_place() -> None:
    def edition(name: str, starts: int, *themes: Theme) -> Edition:
        plan = replace(PLAN, id=name, starts=date(starts, 4, 1), ends=date(starts + 3, 3, 31))
        return Edition(plan, (), (), themes=themes)

    one, two, three = (quoted("x", id=name) for name in ("z", "y", "x"))
    later = edition("a", 2017, Theme("n", 1, "N", (one, two)), Theme("m", 2, "M", (three,)))
    earlier = edition("b", 2013, Theme("n", 1, "N", (one,)))
    readings = check_quoted([], {"a": later, "b": earlier}, PLACES, FORCE)
    assert [(reading.edition, reading.figure) for reading in readings] == [
        ("b", "z"), ("a", "z"), ("a", "y"), ("a", "x"),
    ]  # fmt: skip
