"""What is put to the test and what is refused, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from bluelamp.measures.series import Break, Series
from bluelamp.periods import Month
from bluelamp.signals.judge import judge

PERIOD = (Month(2017, 4), Month(2022, 2))
Make = Callable[..., Series]


def steady(months: int, areas: int = 1, level: float = 100.0) -> Any:
    return np.full((areas, months), level)


def test_the_watch_question_sees_the_last_12_months_and_the_60_before(
    make_series: Make, mathematics: Any
) -> None:
    answer = judge(make_series(steady(100), first="2015-01"), PERIOD).watch
    asked = mathematics.asked[0]
    assert asked.question == "watch"
    assert asked.values.shape == (1, 72)
    assert asked.given["kind"] == "count"
    assert asked.given["first_month"] == (2017, 5)
    assert answer.window == (Month(2022, 5), Month(2023, 4))
    assert Month.from_index(answer.baseline_first[0]) == Month(2017, 5)
    assert Month.from_index(answer.baseline_last[0]) == Month(2022, 4)


def test_the_edition_question_sees_the_plans_time_and_the_60_months_before(
    make_series: Make, mathematics: Any
) -> None:
    answer = judge(make_series(steady(160), first="2010-04"), PERIOD).edition
    asked = mathematics.asked[1]
    assert asked.question == "edition"
    assert asked.given["first_month"] == (2012, 4)
    assert (asked.given["start"], asked.given["end"]) == (60, 60 + 58)
    assert asked.values.shape == (1, 60 + 59)
    assert answer.window == PERIOD


def test_a_share_is_put_with_its_denominator(make_series: Make, mathematics: Any) -> None:
    series = make_series(steady(60, level=12), kind="share", denominator=steady(60))
    judge(series, PERIOD)
    assert mathematics.asked[0].given["kind"] == "share"
    assert mathematics.asked[0].given["exposure"].tolist() == steady(60).tolist()


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("rate", {"denominator": steady(60)}, "A rate is not tested a second time"),
        ("published", {}, "without the number of people asked"),
        ("count", {"monthly": False}, "Each figure covers 12 months"),
        ("custom:gap", {"denominator": steady(60)}, "no test yet"),
    ],
)
def test_what_is_never_tested(
    make_series: Make, mathematics: Any, kind: str, given: dict[str, Any], words: str
) -> None:
    judged = judge(make_series(steady(60), kind=kind, **given), PERIOD)
    assert mathematics.asked == []
    for answer in judged.answers:
        assert words in answer.reason[0]
        assert np.isnan(answer.p_value).all()
    assert np.isnan(judged.expected).all()


def test_months_being_checked_or_withheld_are_not_put_to_the_test(
    make_series: Make, mathematics: Any
) -> None:
    counts = steady(60, areas=2)
    counts[1, 20] = np.nan
    series = make_series(counts, first="2019-01", checking=("2020-04",))
    series.reasons[0, 30] = "too few to publish"
    judge(series, PERIOD)
    blank = np.argwhere(np.isnan(mathematics.asked[0].values))
    assert blank.tolist() == [[0, 15], [0, 30], [1, 15], [1, 20]]


def test_the_last_month_is_the_last_that_most_areas_know(
    make_series: Make, mathematics: Any
) -> None:
    counts = steady(62, areas=3)
    counts[:2, 61] = np.nan  # a publication that holds one borough only
    counts[0, 60] = np.nan  # and one that lacks one
    answer = judge(make_series(counts, first="2019-01"), PERIOD).watch
    assert answer.window == (Month(2023, 2), Month(2024, 1))
    assert answer.window_known.tolist() == [11, 12, 12]


def test_areas_that_are_never_known_do_not_hold_the_others_back(
    make_series: Make, mathematics: Any
) -> None:
    counts = steady(60, areas=3)
    counts[:2] = np.nan
    answer = judge(make_series(counts, first="2019-01"), PERIOD).watch
    assert answer.window == (Month(2023, 1), Month(2023, 12))
    assert answer.reason[0].startswith("No month before January 2023 is known here")
    assert answer.reason[2] == ""


def test_nothing_published_is_said(make_series: Make, mathematics: Any) -> None:
    judged = judge(make_series(np.full((1, 60), np.nan)), PERIOD)
    assert judged.watch.reason[0] == "No complete month has been published."


# --- breaks ---------------------------------------------------------------------------------------

RECATEGORISED = Break(Month(2021, 1), "offences were put into new categories")


def test_the_baseline_is_cut_at_the_last_declared_break(
    make_series: Make, mathematics: Any
) -> None:
    earlier = Break(Month(2020, 1), "an earlier one")
    series = make_series(steady(84), first="2018-01", breaks=(RECATEGORISED, earlier))
    answer = judge(series, PERIOD).watch
    assert mathematics.asked[0].given["first_month"] == (2021, 1)
    assert mathematics.asked[0].values.shape == (1, 48)
    assert Month.from_index(answer.baseline_first[0]) == Month(2021, 1)


def test_a_break_outside_what_is_compared_changes_nothing(
    make_series: Make, mathematics: Any
) -> None:
    far = (Break(Month(2016, 1), "long ago"), Break(Month(2031, 1), "to come"))
    judge(make_series(steady(120), first="2015-01", breaks=far), PERIOD)
    assert mathematics.asked[0].given["first_month"] == (2019, 1)


@pytest.mark.parametrize(
    ("months", "left"), [(72, "no month"), (85, "only 1 month"), (107, "only 23 months")]
)
def test_a_break_that_leaves_too_little_is_the_reason(
    make_series: Make, mathematics: Any, months: int, left: str
) -> None:
    series = make_series(steady(months), first="2015-01", breaks=(RECATEGORISED,))
    if months == 72:
        series = make_series(steady(75), first="2015-01", breaks=(RECATEGORISED,))
    assert judge(series, PERIOD).watch.reason[0] == (
        "From January 2021 the figures cannot be compared with earlier ones (offences were put "
        f"into new categories). That leaves {left} to compare with, and 24 are needed."
    )


def test_a_short_series_says_how_short(make_series: Make, mathematics: Any) -> None:
    assert judge(make_series(steady(35), first="2021-08"), PERIOD).watch.reason[0] == (
        "The published figures run from August 2021 to June 2024. That leaves only 23 months to "
        "compare with, and 24 are needed."
    )


def test_one_area_with_too_short_a_baseline_is_refused_alone(
    make_series: Make, mathematics: Any
) -> None:
    counts = steady(60, areas=2)
    counts[1, :30] = np.nan
    answer = judge(make_series(counts, first="2019-01"), PERIOD).watch
    assert answer.reason.tolist() == [
        "",
        "Only 18 months before January 2023 are known here, and 24 are needed to compare with.",
    ]
    assert np.isnan(answer.p_value[1])


# --- the plan's own time --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "months", "words"),
    [
        ("2021-08", 60, "The published figures start in August 2021, after this plan began, so its "
         "time in force cannot be compared with the time before."),
        ("2017-04", 60, "The published figures start in April 2017, when this plan began, so its "
         "time in force cannot be compared with the time before."),
        ("2016-03", 60, "The published figures start in March 2016, 13 months before this plan "
         "began, and 24 are needed to compare with."),
        ("2012-01", 60, "The published figures end in December 2016, before this plan had been in "
         "force for a whole month."),
    ],
)  # fmt: skip
def test_the_plans_time_is_withheld_in_words(
    make_series: Make, mathematics: Any, first: str, months: int, words: str
) -> None:
    answer = judge(make_series(steady(months), first=first), PERIOD).edition
    assert answer.reason[0] == words
    assert answer.window is None


def test_leading_months_that_nobody_knows_are_no_start(make_series: Make, mathematics: Any) -> None:
    counts = steady(140)
    counts[:, :100] = np.nan
    answer = judge(make_series(counts, first="2013-04"), PERIOD).edition
    assert answer.reason[0].startswith("The published figures start in August 2021, after this")


def test_the_plans_time_ends_with_the_data_or_with_a_break_in_it(
    make_series: Make, mathematics: Any
) -> None:
    series = make_series(steady(108), first="2012-01")
    assert judge(series, PERIOD).edition.window == (Month(2017, 4), Month(2020, 12))
    new = Break(Month(2019, 2), "offences were put into new categories")
    series = make_series(steady(140), first="2012-01", breaks=(new,))
    assert judge(series, PERIOD).edition.window == (Month(2017, 4), Month(2019, 1))


def test_a_break_before_the_plan_cuts_what_it_is_compared_with(
    make_series: Make, mathematics: Any
) -> None:
    new = Break(Month(2014, 4), "new categories")
    judge(make_series(steady(140), first="2012-01", breaks=(new,)), PERIOD)
    assert mathematics.asked[1].given["first_month"] == (2014, 4)
    assert mathematics.asked[1].given["start"] == 36


def test_a_break_as_the_plan_begins_leaves_nothing_to_compare_with(
    make_series: Make, mathematics: Any
) -> None:
    new = Break(Month(2017, 4), "new categories")
    answer = judge(make_series(steady(140), first="2012-01", breaks=(new,)), PERIOD).edition
    assert answer.reason[0] == (
        "From April 2017 the figures cannot be compared with earlier ones (new categories). That "
        "leaves no month to compare with, and 24 are needed."
    )


# --- what comes back ------------------------------------------------------------------------------


def test_levels_are_told_over_the_change_and_over_the_window(
    make_series: Make, mathematics: Any
) -> None:
    counts = steady(72)
    counts[:, -6:] = 160
    mathematics.onset_after, mathematics.direction = 6, 1
    answer = judge(make_series(counts, first="2018-01"), PERIOD).watch
    assert Month.from_index(answer.onset[0]) == Month(2023, 7)
    assert answer.changed_observed[0] == pytest.approx(160)
    assert answer.observed[0] == pytest.approx(130)
    assert answer.changed_expected[0] == answer.expected[0] == pytest.approx(100)


def test_the_level_of_a_share_is_pooled_not_averaged(make_series: Make, mathematics: Any) -> None:
    offences, positive = steady(72), steady(72, level=10)
    offences[:, -1], positive[:, -1] = 1000, 400
    series = make_series(positive, kind="share", denominator=offences, first="2018-01")
    answer = judge(series, PERIOD).watch
    assert answer.observed[0] == pytest.approx((11 * 10 + 400) / (11 * 100 + 1000))
    assert answer.expected[0] == pytest.approx(0.1)


def test_the_expected_range_lies_under_the_months_it_was_made_for(
    make_series: Make, mathematics: Any
) -> None:
    judged = judge(make_series(steady(100), first="2015-01"), PERIOD)
    assert judged.expected.shape == judged.series.value.shape
    assert np.isnan(judged.expected[:, :28]).all()
    assert judged.expected[0, 28:].tolist() == [100.0] * 72
    assert judged.lower[0, -1] == pytest.approx(80)


def test_a_refusal_of_the_mathematics_is_passed_on(make_series: Make, mathematics: Any) -> None:
    mathematics.reason = "There are too few to say."
    answer = judge(make_series(steady(100)), PERIOD).watch
    assert answer.reason[0] == "There are too few to say."
    assert np.isnan(answer.p_value[0])
    assert answer.direction[0] == 0
