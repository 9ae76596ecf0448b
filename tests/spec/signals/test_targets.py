"""How a target is judged. The tables are the rule.

The baseline is 100 a month from April 2011 to March 2012, 1,200 in all; the goal is a fifth less,
960 or fewer, in the twelve months to December 2016.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bluelamp.evidence.sample import Asked, Sample
from bluelamp.measures.definition import Checked, Measure, Selection
from bluelamp.measures.series import Break, Series
from bluelamp.periods import Month
from bluelamp.places import Area, gazetteer
from bluelamp.plan.edition import Edition, Plan, Priority
from bluelamp.plan.line import Line, Part, Target
from bluelamp.signals.finding import TargetReading
from bluelamp.signals.targets import reached, read_targets, target_status

FORCE, BOROUGH, KNOWN_ON = "E23000001", "E09000001", date(2017, 1, 31)
PLACES = gazetteer(
    [
        Area(FORCE, "Metropolitan Police", "force", "2020"),
        Area(BOROUGH, "Barnet", "borough", "2023", FORCE),
        Area("E23000002", "Cumbria", "force", "2020"),
        Area("outside:unknown", "Borough not known", "borough", "2023", FORCE),
    ]
)
REVIEW = Checked("a", "b", date(2026, 1, 1), date(2027, 1, 1))
ROBBERY = Measure(
    "robbery", "Robbery", "robberies", "d", "w", "count", "s", "offences", ("force",), REVIEW,
    numerator=(Selection(),), denominator=(Selection(),),
)  # fmt: skip
TRUST = replace(ROBBERY, id="trust", things="people who trust the police", kind="published")
SHARE = replace(ROBBERY, id="share", kind="share")
RATE = replace(ROBBERY, id="rate", kind="rate", rate_of="robbery", per=1_000)

A_FIFTH_LESS = Target(
    "Cut robbery by 20% by 2016", change=-0.2, by=date(2016, 12, 31),
    baseline_first=date(2011, 4, 1), baseline_last=date(2012, 3, 31),
)  # fmt: skip
START = Month(2010, 4)


def series(
    later: float = 80, last: str = "2016-12", measure: Measure = ROBBERY, **changed: object
) -> Series:
    """100 a month to March 2012, then `later`, up to a month."""
    months = [START + i for i in range(Month.parse(last).index - START.index + 1)]
    counts = np.array([[100.0 if m < Month(2012, 4) else later for m in months]])
    made = Series(
        measure, "force", (FORCE,), tuple(months), counts, None, counts,
        np.full(counts.shape, "", dtype=object), np.zeros(counts.shape, dtype=bool),
        tuple(() for _ in months),
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]  # fields by name


SAMPLE = Sample(
    (Asked("force", 12_800, "They say so."), Asked("borough", 400, "We assume so.")),
    months=12, design_effect=1.6, words="And so.",
)  # fmt: skip


def survey(value: float, last: str = "2016-12", **changed: object) -> Series:
    """A percentage for the twelve months to each quarter's end."""
    made = series(0, last, TRUST, monthly=False)
    quarter = np.array([[month.month % 3 == 0 for month in made.months]])
    values = np.where(quarter, value, np.nan)
    reasons = np.where(quarter, "", "published once a quarter").astype(object)
    made = replace(made, value=values, numerator=np.full_like(values, np.nan), reasons=reasons)
    made = replace(made, sample=SAMPLE)
    return replace(made, **changed)  # type: ignore[arg-type]  # fields by name


def at_borough(one: Series) -> Series:
    return replace(one, level="borough", areas=(BOROUGH,))


def edition(target: Target, *measures: str) -> Edition:
    plan = Plan(
        "p", "Plan", "Plan", "over", date(2013, 4, 1), date(2017, 3, 19), "targets", "how",
        "safer", "source", called={FORCE: "London"},
    )  # fmt: skip
    part = Part(
        "lower", "robbery is down", measures, target, "" if measures else "a count", "the police"
    )
    lines = (Line("robbery", 1, "first", "Robbery", "Cut it.", (part,), "Chapter 1"),)
    return Edition(plan, (Priority("first", 1, "First", "Well?", "Words", "Chapter 1"),), lines)


def read(target: Target, *given: Series, measure: str = "") -> list[TargetReading]:
    named = measure or given[0].measure.id
    made = edition(target, named)
    return list(read_targets(given, {"p": made}, PLACES, KNOWN_ON, FORCE))


def read_one(target: Target, *given: Series) -> TargetReading:
    (found,) = read(target, *given)
    return found


# --- status -----------------------------------------------------------------------------------

STATUS = """
    the year is | reached | chance | status
    ----------- + ------- + ------ + -----------------
    over        | yes     | -      | met
    over        | no      | -      | missed
    over        | yes     | unsure | too close to call
    over        | no      | unsure | too close to call
    running     | yes     | 0.999  | on course
    running     | no      | 0.800  | on course
    running     | yes     | 0.796  | on course
    running     | yes     | 0.794  | too close to call
    running     | no      | 0.500  | too close to call
    running     | yes     | 0.206  | too close to call
    running     | no      | 0.204  | off course
    running     | yes     | 0.200  | off course
    running     | no      | 0.001  | off course
    running     | yes     | -      | not judged
    running     | no      | -      | not judged
"""

REACHED = """
    found | goal | at most | at least
    ----- + ---- + ------- + --------
    959   | 960  | yes     | no
    960   | 960  | yes     | yes
    961   | 960  | no      | yes
"""

WITH_FIGURES = """
    figures to | a month | status            | known
    ---------- + ------- + ----------------- + -----
    2016-12    | 80      | met               | 960
    2016-12    | 81      | missed            | 972
    2018-12    | 80      | met               | 960
    2016-11    | 60      | on course         | 720
    2016-06    | 95      | off course        | 1140
    2015-12    | 80      | too close to call | 960
"""


def rows(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.strip().splitlines() if "--- +" not in line]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines[1:]]


@pytest.mark.parametrize(("year", "hit", "chance", "status"), rows(STATUS))
def test_status(year: str, hit: str, chance: str, status: str) -> None:
    unsure = chance == "unsure"
    worked_out = None if chance in ("-", "unsure") else float(chance)
    assert target_status(year == "over", hit == "yes", worked_out, unsure=unsure) == status


@pytest.mark.parametrize(("found", "goal", "at_most", "at_least"), rows(REACHED))
def test_reached(found: str, goal: str, at_most: str, at_least: str) -> None:
    assert reached(float(found), float(goal), True) == (at_most == "yes")
    assert reached(float(found), float(goal), False) == (at_least == "yes")


@pytest.mark.parametrize(("last", "later", "status", "known"), rows(WITH_FIGURES))
def test_with_figures(last: str, later: str, status: str, known: str) -> None:
    found = read_one(A_FIFTH_LESS, series(float(later), last))
    assert (found.status, found.latest) == (status, float(known))
    assert (found.baseline, found.goal, found.reason) == (1_200, 960, "")
    assert found.distance == float(known) - 960
    assert (found.chance is None) == (status in ("met", "missed"))


# --- from where, to where ---------------------------------------------------------------------

AIMS = [
    ("a fifth less", A_FIFTH_LESS, 1_200, 960, "met"),
    ("a tenth more", replace(A_FIFTH_LESS, change=0.1), 1_200, 1_320, "missed"),
    (
        "two years before, of which the mean counts",
        replace(A_FIFTH_LESS, baseline_first=date(2010, 4, 1)), 1_200, 960, "met",
    ),
    ("at most", Target("w", at_most=960, by=date(2016, 12, 31)), None, 960, "met"),
    ("at least", Target("w", at_least=961, by=date(2016, 12, 31)), None, 961, "missed"),
    (
        "a level that the plan states as its start",
        Target("w", change=-0.5, by=date(2016, 12, 31), baseline=2_000), 2_000, 1_000, "met",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "baseline", "goal", "status"), [a[1:] for a in AIMS], ids=[a[0] for a in AIMS]
)
def test_baseline_and_goal(
    target: Target, baseline: float | None, goal: float, status: str
) -> None:
    found = read_one(target, series(80))
    assert (found.baseline, found.goal, found.status) == (baseline, goal, status)


WAY = """
    month   | should stand at
    ------- + ---------------
    2013-03 | 1149.47368
    2014-09 | 1073.68421
    2016-12 | 960
"""


@pytest.mark.parametrize(("month", "level"), rows(WAY))
def test_a_straight_way_from_the_end_of_the_baseline_to_the_goal(month: str, level: str) -> None:
    found = read_one(A_FIFTH_LESS, series(80))
    points = {point.month: point for point in found.points}
    assert points[month].trajectory == float(level)
    assert list(points) == [str(Month(2013, 3) + i) for i in range(46)]
    assert {p.month for p in found.points if p.chance is not None} == {
        "2013-12", "2014-12", "2015-12",
    }  # fmt: skip


def test_a_level_that_the_plan_states_stands_at_the_plans_beginning() -> None:
    target = Target("w", at_most=960, by=date(2016, 12, 31), baseline=1_410)
    points = read_one(target, series(80)).points
    assert points[0].month == "2014-03"  # the first twelve months of the plan's time
    assert points[0].trajectory == 1_410 - 450 * 12 / 45
    assert points[-1].trajectory == 960


# --- what cannot be judged, and why -----------------------------------------------------------

HOLED = series(80)
HOLED.numerator[0, [11 + 2, -3]] = np.nan
HOLED.reasons[0, [11 + 2, -3]] = "not published"
BEFORE = replace(A_FIFTH_LESS, baseline_first=date(2010, 4, 1), baseline_last=date(2011, 3, 31))
NO_START = Target("w", change=-0.2, by=date(2016, 12, 31))
NO_DATE = replace(A_FIFTH_LESS, by=None)
UNTOLD = "offences were put into new categories"
REFUSED = [
    ("no date", NO_DATE, series(), "The plan gives no date to reach it by."),
    ("no start", NO_START, series(), "The plan gives no level to start from."),
    (
        "neither", Target("w", change=-0.2), series(),
        "The plan gives neither a level to start from nor a date to reach it by.",
    ),
    (
        "a break on the way", A_FIFTH_LESS, series(breaks=(Break(Month(2014, 1), UNTOLD),)),
        f"From January 2014 the figures cannot be compared with earlier ones ({UNTOLD}), and the "
        "target counts from before.",
    ),
    (
        "a break in the baseline", A_FIFTH_LESS, series(breaks=(Break(Month(2011, 5), UNTOLD),)),
        f"From May 2011 the figures cannot be compared with earlier ones ({UNTOLD}), and the "
        "target counts from before.",
    ),
    (
        "a month of the baseline missing", A_FIFTH_LESS, HOLED,
        "Not all months from April 2011 to March 2012 are known, and those are what the target "
        "counts from.",
    ),
    (
        "a month of the last year missing", BEFORE, HOLED,
        "Of the 12 months to December 2016, 1 month is not known (not published).",
    ),
    (
        "figures begin after it", replace(A_FIFTH_LESS, by=date(2010, 12, 31), change=None,
        at_most=1.0, baseline_first=None, baseline_last=None), series(),
        "No 12 months in a row are published up to December 2010.",
    ),
    (
        "a survey that skips the last quarter", Target("w", at_least=0.7, by=date(2016, 11, 30)),
        survey(0.7), "No figure is published for the 12 months to November 2016.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "given", "reason"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_refused(target: Target, given: Series, reason: str) -> None:
    found = read_one(target, given)
    assert (found.status, found.reason) == ("not judged", reason)
    assert found.sentence == f"This target cannot be judged. {reason}"
    assert found.points == ()


def test_a_break_before_the_baseline_or_after_the_goal_is_none_of_its_business() -> None:
    for month in (Month(2011, 4), Month(2017, 1)):
        given = series(80, "2017-12", breaks=(Break(month, UNTOLD),))
        assert read_one(A_FIFTH_LESS, given).status == "met"


def test_a_target_without_a_measure_says_what_is_missing_and_who_has_it() -> None:
    made = edition(replace(A_FIFTH_LESS, by=None))
    (found,) = read_targets([series(), at_borough(series())], {"p": made}, PLACES, KNOWN_ON, FORCE)
    assert (found.area, found.measure, found.status) == (FORCE, "", "not judged")
    assert found.reason == (
        "This site has no figures on whether robbery is down. It would need a count (held by "
        "the police). The plan gives no date to reach it by."
    )


def test_a_measure_without_any_figure_is_told_for_the_force() -> None:
    (found,) = read(A_FIFTH_LESS, series(), measure="elsewhere")
    assert (found.area, found.measure, found.status) == (FORCE, "elsewhere", "not judged")
    assert found.reason == "No figures are published for this in London."


# --- surveys ----------------------------------------------------------------------------------

CONFIDENCE = Target("w", at_least=0.75, by=date(2016, 12, 31), baseline=0.62)
SURVEYS = """
    figures to | found | status
    ---------- + ----- + ----------
    2016-12    | 0.77  | met
    2016-12    | 0.76  | too close to call
    2016-12    | 0.75  | too close to call
    2016-12    | 0.74  | too close to call
    2016-12    | 0.73  | missed
    2016-09    | 0.80  | not judged
    2017-06    | 0.77  | met
"""


@pytest.mark.parametrize(("last", "value", "status"), rows(SURVEYS))
def test_a_survey_is_judged_by_the_figure_of_the_last_period(
    last: str, value: str, status: str
) -> None:
    found = read_one(CONFIDENCE, survey(float(value), last))
    assert (found.status, found.latest) == (status, float(value))
    assert found.chance is None
    assert [point.month for point in found.points][:2] == ["2014-03", "2014-06"]
    assert (found.reason != "") == (status == "not judged")


# --- boroughs, and the areas of others --------------------------------------------------------


def test_a_cut_is_asked_of_each_borough_from_its_own_baseline() -> None:
    local = at_borough(series(50))
    force, borough = read(A_FIFTH_LESS, local, series(80))
    assert (force.area, borough.area) == (FORCE, BOROUGH)
    assert (borough.goal, borough.status) == (960, "met")


NUMBERS = [Target("w", at_most=960, by=date(2016, 12, 31)), AIMS[-1][1]]


@pytest.mark.parametrize("target", NUMBERS)
def test_a_number_set_for_the_force_is_not_asked_of_a_borough(target: Target) -> None:
    force, borough = read(target, series(80), at_borough(series(8)))
    assert (force.status, borough.status) == ("met", "not judged")
    assert borough.reason == (
        "The plan sets this number for London as a whole, not for each borough."
    )


def test_a_percentage_set_for_the_force_is_but_its_baseline_is_not() -> None:
    _, near = read(CONFIDENCE, survey(0.7), at_borough(survey(0.81)))
    assert near.status == "too close to call"  # some 400 people are asked in a borough
    _, borough = read(CONFIDENCE, survey(0.7), at_borough(survey(0.82)))
    assert (borough.status, borough.goal, borough.baseline) == ("met", 0.75, None)
    assert {point.trajectory for point in borough.points} == {None}


def test_others_and_places_outside_are_left_out() -> None:
    names = (FORCE, "E23000002")
    both = replace(series(), areas=names, **_twice(series()))
    assert [found.area for found in read(A_FIFTH_LESS, both)] == [FORCE]
    outside = replace(both, level="borough", areas=(BOROUGH, "outside:unknown"))
    assert [found.area for found in read(A_FIFTH_LESS, outside)] == [BOROUGH]
    ward = replace(series(), level="ward")
    assert read(A_FIFTH_LESS, ward) == []


def _twice(one: Series) -> dict[str, object]:
    arrays = ("numerator", "value", "reasons", "being_checked")
    return {name: np.repeat(getattr(one, name), 2, axis=0) for name in arrays}


# --- other units ------------------------------------------------------------------------------


def test_shares_are_pooled_and_rates_are_of_the_mean_population() -> None:
    base = np.where(np.arange(81) < 24, 1_000.0, 400.0)[None, :]
    share = read_one(Target("w", at_least=0.2, by=date(2016, 12, 31)), series(
        80, measure=SHARE, denominator=base, value=np.full((1, 81), 0.9)
    ))  # fmt: skip
    assert (share.latest, share.status) == (0.2, "met")
    rate = read_one(Target("w", at_most=2, by=date(2016, 12, 31)), series(
        80, measure=RATE, denominator=np.full((1, 81), 480_000.0), value=np.full((1, 81), 0.9)
    ))  # fmt: skip
    assert (rate.latest, rate.status) == (2.0, "met")


def test_of_a_share_there_is_no_chance_beforehand() -> None:
    found = read_one(Target("w", at_least=0.2, by=date(2017, 12, 31)), series(
        80, measure=SHARE, denominator=np.full((1, 81), 400.0)
    ))  # fmt: skip
    assert (found.status, found.chance) == ("not judged", None)
    assert found.reason.endswith("for numbers counted by the month, and not for this.")
