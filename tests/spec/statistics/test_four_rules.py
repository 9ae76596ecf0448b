"""The four rules of *Making Data Count*, drawn; who may be marked, from when, and seen when.

The months of a drawn series stand side by side. The limits are known beforehand: the mean is 0,
the limits are -3 and 3, and a point is close to one from 2 on.

    H  over the upper limit (4)        L  below the lower limit (-4)
    h  close to the upper limit (2.5)  l  close to the lower limit (-2.5)
    +  over the mean (1)               -  below the mean (-1)
    0  on the mean                     .  not known
    1 to 9  rising heights over the mean, 0.1 to 0.9
"""

from __future__ import annotations

import numpy as np
import pytest

from bluelamp.statistics.charts import xmr
from bluelamp.statistics.charts.four_rules import Rule, first_in_order

HEIGHTS = {"H": 4.0, "h": 2.5, "+": 1.0, "0": 0.0, "-": -1.0, "l": -2.5, "L": -4.0, ".": np.nan}
HEIGHTS |= {str(step): step / 10 for step in range(1, 10)}
NAMES = {
    Rule.NONE: "-",
    Rule.OUTSIDE: "O",
    Rule.TREND: "T",
    Rule.TWO_OF_THREE: "C",
    Rule.SHIFT: "S",
}


def series(drawn: str) -> np.ndarray:
    return np.array([HEIGHTS[height] for height in drawn])


def known_limits(months: int) -> xmr.Segment:
    ends = [np.array(end) for end in (0.0, -3.0, -2.0, 2.0, 3.0)]
    return xmr.Segment(0, months - 1, *ends, trial=np.array(False))


# O outside, T trend, C two of three close, S shift, - none
#   months            marked            met with this month's point
DRAWN = """
    +-H-+-L-          --O---O-          --O---O-
    ++++++-           -------           -------
    +++++++-          SSSSSSS-          ------S-
    --------          SSSSSSSS          ------SS
    +++0++++          --------          --------
    +++.++++          --------          --------
    -1234567-         TTTTTTTT-         ------TT-
    l-0123456         TTTTTTTTT         ------TTT
    l-0123345         ---------         ---------
    -7654321-         -TTTTTTTT         -------TT
    -123.456789       -----------       -----------
    -h+h-             -C-C-             ---C-
    -hh+-             -CC--             ---C-
    -+hh-             --CC-             ---C-
    -h+-h             -----             -----
    -h0h-             -----             -----
    -h.h-             -----             -----
    -h-h+h            ---C-C            -----C
    hl                --                --
    -hHh-             -COC-             --OC-
    +++++h+h          SSSSSCSC          ------SC
    ++++++H           SSSSSSO           ------O
    1234567+          TTTTTTTT          ------TT
    +123456789        STTTTTTTTT        ------STTT
"""


def rows() -> list[tuple[str, str, str]]:
    """Months, marked and met."""
    found = []
    for line in DRAWN.strip("\n").splitlines():
        months, marked, met = line[4:22].strip(), line[22:40], line[40:]
        found.append((months, marked.strip(), met.strip()))
    return found


@pytest.mark.parametrize(("months", "marked", "met"), rows(), ids=[row[0] for row in rows()])
def test_which_rule_marks_a_point_and_with_which_month_it_is_met(
    months: str, marked: str, met: str
) -> None:
    values = series(months)
    rules = xmr.rules_of(values, known_limits(len(values)))
    found = first_in_order(rules, lambda rule: rule.marked)
    assert "".join(NAMES[Rule(number)] for number in found) == marked
    now = first_in_order(rules, lambda rule: rule.now)
    assert "".join(NAMES[Rule(number)] for number in now) == met


# months -> rule: the month (from 0) in which the run of each marked point began
BEGAN = [
    ("-+++++++-", Rule.SHIFT, [-1, 1, 1, 1, 1, 1, 1, 1, -1]),
    ("--1234567", Rule.TREND, [-1, 1, 1, 1, 1, 1, 1, 1, 1]),
    ("-h+hh+h--", Rule.TWO_OF_THREE, [-1, 1, -1, 1, 1, -1, 1, -1, -1]),
    ("--H-", Rule.OUTSIDE, [-1, -1, 2, -1]),
]


@pytest.mark.parametrize(("months", "rule", "began"), BEGAN, ids=[row[0] for row in BEGAN])
def test_the_date_of_change_is_the_month_in_which_the_run_began(
    months: str, rule: Rule, began: list[int]
) -> None:
    assert xmr.rules_of(series(months), known_limits(len(months)))[rule].began.tolist() == began


def test_where_a_rise_ends_and_a_fall_begins_the_point_is_part_of_the_fall() -> None:
    values = np.array([1.0, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1])
    met = xmr.rules_of(values, known_limits(13))[Rule.TREND]
    assert met.marked.tolist() == [1] * 6 + [-1] * 7
    assert met.began.tolist() == [0] * 6 + [6] * 7


# --- the whole chart

STEADY = [10.0, 12.0] * 12  # mean 11, limits 5.68 and 16.32
STEP = [13.0, 12.5] * 4  # over the mean, within the limits and not close to them


def test_date_of_change_and_date_of_detection_of_a_step() -> None:
    chart = xmr.chart(STEADY + STEP, fix_after_n_points=24)
    assert chart.rule[24:].tolist() == [Rule.SHIFT] * 8
    # The month before the step was 12, on the same side: the run began there.
    assert chart.began[24:].tolist() == [23] * 8
    assert chart.met.tolist() == [0] * 29 + [Rule.SHIFT] * 3
    seen = xmr.dates_of_detection(STEADY + STEP, fix_after_n_points=24)
    assert seen[23:].tolist() == [29] * 7 + [30, 31]


def test_without_a_fixed_baseline_detection_is_by_the_limits_of_its_month() -> None:
    """The mean moves up with the step, so at the end the first months are a run below it; nobody
    could have seen that at the start."""
    values = [10.0, 11.0] * 4 + [20.0, 21.0] * 6
    chart, seen = xmr.chart(values), xmr.dates_of_detection(values)
    assert chart.rule[0] != Rule.NONE
    assert chart.began[0] == 0
    assert seen[0] > 7
    for month in range(len(values)):
        drawn = xmr.chart(values[: month + 1]).rule != Rule.NONE
        assert ((seen[: month + 1] <= month) & (seen[: month + 1] >= 0))[drawn].all()


def test_rebasing_keeps_the_limits_of_before_and_rules_stop_at_it() -> None:
    chart = xmr.chart(STEADY + STEP, rebase=[24])
    before, after = chart.segments
    assert (before.first, before.last, after.first, after.last) == (0, 23, 24, 31)
    assert (before.mean, after.mean) == (11.0, 12.75)
    assert not chart.rule.any()


def test_rebasing_and_a_fixed_baseline_together() -> None:
    chart = xmr.chart(STEADY + STEP, rebase=[24], fix_after_n_points=4)
    before, after = chart.segments
    assert before.mean == np.mean(STEADY[:4])
    assert after.mean == np.mean(STEP[:4])
    assert before.trial
    assert after.trial


@pytest.mark.parametrize(("months", "trial"), [(11, True), (12, False)])
def test_limits_of_fewer_than_twelve_months_are_on_trial(months: int, trial: bool) -> None:
    [limits] = xmr.chart(STEADY[:months] + [np.nan] * 5).segments
    assert bool(limits.trial) is trial


#   last point  direction wanted: icon
VARIATION = [
    (40.0, 1, "improvement"),
    (40.0, -1, "concern"),
    (40.0, 0, "neutral_high"),
    (-40.0, 1, "concern"),
    (-40.0, -1, "improvement"),
    (-40.0, 0, "neutral_low"),
    (11.5, 1, "common_cause"),
]


@pytest.mark.parametrize(("last", "wanted", "icon"), VARIATION)
def test_the_variation_icon_is_the_type_of_the_last_known_point(
    last: float, wanted: int, icon: str
) -> None:
    chart = xmr.chart([*STEADY, last, np.nan], improvement=wanted)
    assert chart.variation == icon
    assert chart.point_type[-2:].tolist() == [icon, "not_known"]


#   target  direction wanted: icon. The limits are 5.68 and 16.32.
ASSURANCE = [
    (20.0, 1, "consistent_fail"),
    (20.0, -1, "consistent_pass"),
    (2.0, 1, "consistent_pass"),
    (2.0, -1, "consistent_fail"),
    (12.0, 1, "inconsistent"),
    (12.0, -1, "inconsistent"),
    (20.0, 0, ""),
    (np.nan, 1, ""),
]


@pytest.mark.parametrize(("target", "wanted", "icon"), ASSURANCE)
def test_the_assurance_icon(target: float, wanted: int, icon: str) -> None:
    assert xmr.chart(STEADY, improvement=wanted).assurance(target) == icon


def test_the_assurance_icon_goes_by_the_last_limits() -> None:
    higher = xmr.chart([*STEADY, *(value + 50 for value in STEADY)], improvement=1, rebase=[24])
    assert higher.assurance(20.0) == "consistent_pass"
