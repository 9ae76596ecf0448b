"""Which figures of a survey are compared, which are refused, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from bluelamp.evidence.sample import Asked, Sample
from bluelamp.measures.series import Break, Series
from bluelamp.periods import Month
from bluelamp.places import Gazetteer
from bluelamp.plan.edition import Edition
from bluelamp.signals.judge import judge
from bluelamp.signals.judgement import judge_all

Make = Callable[..., Series]
PERIOD = (Month(2017, 4), Month(2022, 2))
SAMPLE = Sample(
    (Asked("force", 12_800, "They say 12,800."), Asked("borough", 400, "We assume 400.")),
    months=12, design_effect=1.6, words="We assume the rest.", rounded_to=0.01,
)  # fmt: skip
TELEPHONE = Break(Month(2020, 4), "asked by telephone")


@pytest.fixture
def survey(make_series: Make) -> Callable[..., Series]:
    """Figures at the end of each quarter, from `first` on: (areas, quarters)."""

    def make(figures: Any, first: str = "2015-03", **given: Any) -> Series:
        table = np.atleast_2d(np.asarray(figures, dtype=float))
        months = np.full((len(table), 3 * table.shape[1] - 2), np.nan)
        months[:, ::3] = table
        made = make_series(months, first=first, kind="published", monthly=False, **given)
        return replace(made, sample=SAMPLE)

    return make


def years(*levels: float) -> list[float]:
    """Quarterly rolling figures that stay for a year at each level."""
    return [level for level in levels for _ in range(4)]


def test_the_newest_year_is_compared_with_earlier_ones_that_share_no_month(survey: Any) -> None:
    figures = np.linspace(0.50, 0.58, 25)
    answer = judge(survey(figures), PERIOD).watch
    assert answer.window == (Month(2020, 4), Month(2021, 3))
    assert Month.from_index(answer.baseline_first[0]) == Month(2015, 4)
    assert Month.from_index(answer.baseline_last[0]) == Month(2020, 3)
    assert answer.observed[0] == figures[24]
    assert answer.expected[0] == pytest.approx(figures[[4, 8, 12, 16, 20]].mean())
    assert answer.window_known[0] == 12


def test_no_figure_is_compared_across_a_break_or_holds_one(survey: Any) -> None:
    series = survey(np.linspace(0.7, 0.5, 36), breaks=(TELEPHONE,))  # to December 2023
    answer = judge(series, PERIOD).watch
    assert answer.window == (Month(2023, 1), Month(2023, 12))
    assert Month.from_index(answer.baseline_first[0]) == Month(2021, 1)
    assert answer.reason[0] == ""
    sooner = judge(survey(np.linspace(0.7, 0.5, 32), breaks=(TELEPHONE,)), PERIOD).watch
    assert sooner.reason[0] == (
        "From April 2020 the figures cannot be compared with earlier ones (asked by telephone). "
        "That leaves only one earlier 12 months to compare with the 12 months to December 2022, "
        "and 2 are needed to see how much such figures differ from year to year."
    )
    inside = judge(survey(np.linspace(0.7, 0.5, 24), breaks=(TELEPHONE,)), PERIOD).watch
    assert inside.reason[0] == (
        "From April 2020 the figures cannot be compared with earlier ones (asked by telephone), "
        "and the figure for the 12 months to December 2020 has answers from before and after."
    )


def test_the_plans_years_are_compared_with_those_before_it(survey: Any) -> None:
    """The real shape: figures from December 2014, a plan from April 2017, a break in 2020."""
    series = survey(years(*np.linspace(0.7, 0.5, 9)), first="2014-12", breaks=(TELEPHONE,))
    answer = judge(series, PERIOD).edition
    assert answer.window == (Month(2017, 4), Month(2020, 3))
    assert Month.from_index(answer.baseline_first[0]) == Month(2014, 4)
    assert Month.from_index(answer.baseline_last[0]) == Month(2017, 3)
    quarters = [month.index - series.months[0].index for month in (
        Month(2018, 3), Month(2019, 3), Month(2020, 3))]  # fmt: skip
    assert answer.observed[0] == pytest.approx(series.value[0, quarters].mean())
    assert answer.year_p_value[0] == answer.p_value[0], "the whole period is looked at once"


def test_a_plan_that_began_before_the_figures_is_not_judged(survey: Any) -> None:
    answer = judge(survey(years(0.6, 0.6, 0.6), first="2017-12"), PERIOD).edition
    assert answer.reason[0] == (
        "There are no earlier 12 months to compare with the plan's time, and 2 are needed to see "
        "how much such figures differ from year to year."
    )
    late = judge(survey(years(0.6, 0.6), first="2015-03"), PERIOD).edition
    assert late.reason[0].startswith("Each figure covers 12 months, and none that is known")


def test_areas_are_refused_one_by_one(survey: Any) -> None:
    figures = np.tile(years(0.6, 0.6, 0.6, 0.6), (4, 1))
    figures[1, 3:12] = np.nan  # one earlier year alone
    figures[2, -1] = np.nan  # not the newest
    answer = judge(survey(figures), PERIOD, outside={"E09000004"}).watch
    assert answer.reason[0] == ""
    assert "only one earlier 12 months" in answer.reason[1] or "no earlier" in answer.reason[1]
    assert answer.reason[2] == "There is no figure here for all of that time."
    assert answer.reason[3].startswith("This is no single place")
    assert np.isfinite(answer.p_value).tolist() == [True, False, False, False]
    assert [bool(words) for words in answer.assumed] == [True, False, False, False]


def test_a_figure_that_is_being_checked_is_not_compared(survey: Any) -> None:
    series = survey(years(0.6, 0.6, 0.6, 0.6), checking=("2018-12",))
    assert judge(series, PERIOD).watch.window == (Month(2017, 10), Month(2018, 9))


def test_without_a_number_of_people_nothing_is_judged(survey: Any) -> None:
    series = survey(years(0.6, 0.6, 0.6, 0.6))
    undeclared = replace(series, sample=None)
    ward = replace(series, level="ward")
    for each in (undeclared, ward):
        for answer in judge(each, PERIOD).answers:
            assert "without the number of people asked" in answer.reason[0]
    nothing = judge(survey([np.nan] * 20), PERIOD)
    assert nothing.watch.reason[0] == "No complete month has been published."
    assert nothing.edition.reason[0] == "No complete month has been published."


MOVES = """
    level   | from | to   | found
    ------- + ---- + ---- + ---------------
    borough | 0.60 | 0.57 | no clear change
    borough | 0.60 | 0.63 | no clear change
    borough | 0.60 | 0.52 | no clear change
    borough | 0.60 | 0.45 | changed
    force   | 0.60 | 0.59 | no clear change
    force   | 0.60 | 0.53 | changed
"""


def rows(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.strip("\n").splitlines() if "--- +" not in line]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines[1:] if line.strip()]


@pytest.mark.parametrize(("level", "before", "now", "status"), rows(MOVES))
def test_a_release_never_calls_a_borough_move_of_3_points(
    survey: Any, places: Gazetteer, plan: Edition,
    level: str, before: str, now: str, status: str,
) -> None:  # fmt: skip
    figures = [float(before)] * 20 + [float(now)]
    area = "E23000001" if level == "force" else "E09000003"
    series = survey(figures, level=level, areas=(area,))
    known_on = date(2020, 6, 30)
    made = judge_all([series], {"p": plan}, "p", places, known_on, "E23000001")
    watch = next(each for each in made.findings if each.question == "watch")
    assert watch.status == status
    assert watch.assumed in watch.sentence
    assert ("They say 12,800." if level == "force" else "We assume 400.") in watch.sentence
    assert watch.sentence.startswith("No clear change") == (status == "no clear change")
    if status == "changed":
        assert watch.since == watch.window_first == "2019-04"
        assert f"{100 * (float(before) - float(now)):.1f} percentage points lower" in watch.sentence
