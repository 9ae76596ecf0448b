"""The only place where sentences about targets are made: status, numbers, baseline, how known.

No sentence says or hints that the plan was the cause; `tests/spec/signals/test_target_words.py`
shows each as a table.
"""

from __future__ import annotations

import math
from datetime import date

from bluelamp.evidence.sample import doubt
from bluelamp.measures.definition import Measure
from bluelamp.measures.series import Break, Series
from bluelamp.periods import Month
from bluelamp.places import Gazetteer
from bluelamp.plan.line import Part, Target
from bluelamp.signals.finding import TargetReading
from bluelamp.signals.sentences import missing_data, no_figures
from bluelamp.signals.wording import Places, month, span

NOT_OVER = "The figures do not yet reach the end of the time set."
NO_CAUSE = "The figures do not show that the plan was the cause."

HEADS = {
    "met": "Target met",
    "missed": "Target missed",
    "on course": "On course to meet the target",
    "off course": "Not on course to meet the target",
    "too close to call": "Too close to call whether the target will be met",
    "not judged": "It cannot be judged whether the target will be met",
}

NOBODY_KNOWS = (
    "It is published without the number of people asked, so nobody can say how sure it is."
)

OVER = ("met", "missed")
NO_LONGER_OPEN = "Too close to call whether the target was met"

# How near to its goal a survey's figure must be for that to be said.
CLOSE = {"force": 0.02, "borough": 0.06}


# --- why a target cannot be judged ------------------------------------------------------------


def refused(reason: str) -> str:
    return f"This target cannot be judged. {reason}"


def no_measure(part: Part, target: Target) -> str:
    return f"{missing_data(part)} {not_said(target)}".strip()


def not_said(target: Target) -> str:
    """What the edition leaves out of its own target, or ''."""
    no_start = target.change is not None and not target.has_baseline
    if no_start and target.by is None:
        return "The plan gives neither a level to start from nor a date to reach it by."
    if no_start:
        return "The plan gives no level to start from."
    return "" if target.by else "The plan gives no date to reach it by."


def broken(break_: Break) -> str:
    return (
        f"From {break_.month.words} the figures cannot be compared with earlier ones "
        f"({break_.words}), and the target counts from before."
    )


def baseline_unknown(first: Month, last: Month) -> str:
    return (
        f"Not all months from {first.words} to {last.words} are known, "
        "and those are what the target counts from."
    )


# --- what can be said of one ------------------------------------------------------------------


class TargetTeller:
    """Tells targets as known on a day."""

    def __init__(self, places: Places, gazetteer: Gazetteer, known_on: date) -> None:
        self.places = places
        self.gazetteer = gazetteer
        self.known_on = known_on

    def no_figures(self, area: str) -> str:
        return no_figures(self.places.where(area))

    def whole(self, area: str) -> str:
        """ "London as a whole, not for each borough", where an area is a part of a force."""
        parent = self.gazetteer[area].parent
        where = self.places.where(parent).removeprefix("in ") if parent else "the force area"
        return f"{where} as a whole, not for each borough"

    def sentence(
        self, reading: TargetReading, target: Target, series: Series, being_checked: int = 0
    ) -> str:
        """What is known of a target that has a figure, a goal and a date.

        being_checked   how many months of its newest year are still being checked.
        """
        over = reading.latest_month == reading.by
        measure = series.measure
        head = NO_LONGER_OPEN if over and reading.status not in OVER else HEADS[reading.status]
        words = [
            f"{head}: {self._found(reading, measure)}"
            + (f", where {self._aim(reading, target, measure, over)}." if over else "."),
            "" if over else self._still_to_come(reading, target, measure),
            _near(reading, series),
            _checking(being_checked),
            self._borough(reading, target, series),
            target.baseline_note if series.level == "force" else "",
            self._known(reading, over),
        ]
        return " ".join(each for each in words if each)

    def _found(self, reading: TargetReading, measure: Measure) -> str:
        where = self.places.where(reading.area)
        when = f"in the 12 months to {month(reading.latest_month)}"
        figure = level(measure, _given(reading.latest))
        if measure.kind == "count":
            return f"{figure} {measure.things} {where} {when}"
        noun = {"rate": "rate", "share": "share", "published": "share"}.get(measure.kind, "figure")
        return f"the {noun} of {measure.things} {where} was {figure} {when}"

    def _aim(self, reading: TargetReading, target: Target, measure: Measure, over: bool) -> str:
        """ "the target was 29,000 or fewer (20% below the 36,250 of April 2011 to March 2012)"."""
        goal = _given(reading.goal)
        bound = f"{bounded(measure, goal, at_most(target))}"
        verb = "was" if over or self._past(reading) else "is"
        when = "" if over else f" in the 12 months to {month(reading.by)}"
        return f"the target {verb} {bound}{when}{self._start(reading, target, measure)}"

    def _start(self, reading: TargetReading, target: Target, measure: Measure) -> str:
        if reading.baseline is None:
            return ""
        start = level(measure, reading.baseline)
        if reading.baseline_first:
            start += f" of {span(reading.baseline_first, reading.baseline_last)}"
        if target.change is None:
            return f" (it starts from {start})"
        side = "below" if target.change < 0 else "above"
        return f" ({_percent(abs(target.change))} {side} the {start})"

    def _still_to_come(self, reading: TargetReading, target: Target, measure: Measure) -> str:
        words = [f"{_capital(self._aim(reading, target, measure, False))}."]
        if reading.trajectory is not None:
            way, then = level(measure, reading.trajectory), month(reading.latest_month)
            words.append(f"In equal steps from its start, it would stand at {way} by {then}.")
        if reading.chance is None:
            words.append(reading.reason)
        else:
            words.append(f"The chance of meeting it is {chance(reading.chance)}.")
            words.append(NOT_OVER if self._past(reading) else "")
        return " ".join(each for each in words if each)

    def _borough(self, reading: TargetReading, target: Target, series: Series) -> str:
        if series.level == "force":
            return ""
        asked = "the same cut" if at_most(target) else "the same rise"
        if target.change is None:
            asked = "the same level"
        whole = self.whole(reading.area).removesuffix(", not for each borough")
        return f"The plan sets this for {whole}; here {asked} is asked of the borough by itself."

    def _known(self, reading: TargetReading, over: bool) -> str:
        day = f"{self.known_on.day} {Month.of(self.known_on).words}"
        known = f"This is worked out from the figures as known on {day}."
        return f"{known} {NO_CAUSE}" if over else known

    def _past(self, reading: TargetReading) -> bool:
        return Month.parse(reading.by) < Month.of(self.known_on)


def at_most(target: Target) -> bool:
    """Whether less is aimed at."""
    return target.at_most is not None or (target.change is not None and target.change < 0)


def level(measure: Measure, value: float) -> str:
    """A level of twelve months: "29,000", "62%", "5.1 per 1,000 residents"."""
    if measure.is_percentage:
        return _percent(value)
    if measure.kind == "rate":
        return f"{value:,.1f} per {measure.per:,} residents"
    return f"{value:,.0f}"


def bounded(measure: Measure, goal: float, below: bool) -> str:
    """ "29,000 or fewer", "75% or more"; counts are whole, so 28,800.4 or fewer is 28,800."""
    if measure.kind == "count":
        goal = math.floor(goal) if below else math.ceil(goal)
        return f"{goal:,} or {'fewer' if below else 'more'}"
    return f"{level(measure, goal)} or {'less' if below else 'more'}"


def chance(value: float) -> str:
    """Never 0% or 100%: "less than 1%", "about 62%", "more than 99%"."""
    if value < 0.01:
        return "less than 1%"
    if value > 0.99:
        return "more than 99%"
    return f"about {value * 100:.0f}%"


def is_unsure(distance: float, series: Series) -> bool:
    """Whether a survey's figure is so near its goal that the people asked may have decided it.

    Where nothing is declared of how many were asked, any distance may be chance.
    """
    if series.measure.kind != "published":
        return False
    unsure = doubt(series.sample, series.level)
    return unsure is None or abs(distance) <= unsure


def _near(reading: TargetReading, series: Series) -> str:
    """How far a published percentage is from its goal, where that is within a survey's doubt."""
    if series.measure.kind != "published" or reading.distance is None:
        return ""
    asked = series.sample.of(series.level) if series.sample else None
    known = doubt(series.sample, series.level)
    if asked is None or known is None:
        return NOBODY_KNOWS
    if abs(reading.distance) > CLOSE[series.level] + 1e-9:
        return ""
    points = f"{abs(reading.distance) * 100:.1f}".removesuffix(".0")
    gap = f"{points} point{'' if points == '1' else 's'} from the goal"
    unsure = ", so it is too close to be sure" if is_unsure(reading.distance, series) else ""
    return (
        f"That is {'exactly the goal' if points == '0' else gap}, and it is published without the "
        f"number of people asked: a survey of {asked.people:,} people is uncertain by about "
        f"{known * 100:.1f} points either way{unsure}."
    )


def _checking(months: int) -> str:
    if not months:
        return ""
    if months == 1:
        return "One of these months is marked as unusual or being checked, and counts as published."
    return (
        f"{months} of these months are marked as unusual or being checked, and count as published."
    )


def _percent(share: float) -> str:
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def _given(value: float | None) -> float:
    if value is None:
        raise ValueError("a target that is told must have its figure and its goal")
    return value


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
