"""What the sentence of a target says, as tables: left what is known, right the whole sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bluelamp.evidence.sample import Asked, Sample
from bluelamp.measures.definition import Checked, Measure, Selection
from bluelamp.measures.series import Series
from bluelamp.periods import Month
from bluelamp.places import Area, gazetteer
from bluelamp.plan.line import Target
from bluelamp.signals.finding import TargetReading
from bluelamp.signals.target_words import TargetTeller, bounded, chance, is_unsure, level
from bluelamp.signals.wording import Places

FORCE, BOROUGH = "E23000001", "E09000008"
PLACES = gazetteer(
    [
        Area(FORCE, "Metropolitan Police", "force", "2020"),
        Area(BOROUGH, "Croydon", "borough", "2023", FORCE),
        Area("E09000009", "Barnet", "borough", "2023"),
    ]
)
REVIEW = Checked("a", "b", date(2026, 1, 1), date(2027, 1, 1))
ROBBERY = Measure(
    "robbery", "Robbery", "robberies", "d", "w", "count", "s", "offences", ("force",), REVIEW,
    numerator=(Selection(),), denominator=(Selection(),),
)  # fmt: skip
TRUST = replace(ROBBERY, id="trust", things="people who trust the police", kind="published")
RATE = replace(ROBBERY, id="rate", kind="rate", rate_of="robbery")


def teller(known_on: date = date(2017, 1, 31)) -> TargetTeller:
    return TargetTeller(Places(PLACES, {FORCE: "London"}), PLACES, known_on)


SAMPLE = Sample(
    (Asked("force", 12_800, "They say so."), Asked("borough", 400, "We assume so.")),
    months=12, design_effect=1.6, words="And so.",
)  # fmt: skip


def of(measure: Measure, where: str = "force", sample: Sample | None = SAMPLE) -> Series:
    """What a sentence needs of a series: the measure, the level and a survey's sample."""
    nothing = np.zeros((0, 1))
    return Series(
        measure, where, (), (Month(2016, 12),), nothing, None, nothing,
        nothing.astype(object), nothing.astype(bool), ((),), sample=sample,
    )  # fmt: skip


A_FIFTH_LESS = Target(
    "w", change=-0.2, by=date(2016, 12, 31), baseline_first=date(2011, 4, 1),
    baseline_last=date(2012, 3, 31),
)  # fmt: skip
CONFIDENCE = Target("w", at_least=0.75, by=date(2016, 12, 31), baseline=0.62)
OVER = TargetReading(
    edition="p", line="robbery", area=FORCE, measure="robbery", status="met", baseline=36_250,
    baseline_first="2011-04", baseline_last="2012-03", goal=29_000.4, by="2016-12", latest=22_050,
    latest_month="2016-12", trajectory=29_000.4, distance=-6_950.4, chance=None, points=(),
    reason="", sentence="",
)  # fmt: skip
RUNNING = replace(
    OVER, status="on course", latest=30_500, latest_month="2015-03", trajectory=31_671.2,
    distance=1_499.6, chance=0.853,
)  # fmt: skip
ASKED = replace(
    OVER, measure="trust", status="missed", baseline=0.62, baseline_first="", baseline_last="",
    goal=0.75, latest=0.69, trajectory=0.75, distance=-0.06,
)  # fmt: skip

FIGURES = (
    "22,050 robberies in London in the 12 months to December 2016, where the target was 29,000 or "
    "fewer (20% below the 36,250 of April 2011 to March 2012)."
)
NOW = (
    "30,500 robberies in London in the 12 months to March 2015. The target is 29,000 or fewer in "
    "the 12 months to December 2016 (20% below the 36,250 of April 2011 to March 2012). In equal "
    "steps from its start, it would stand at 31,671 by March 2015."
)
KNOWN = "This is worked out from the figures as known on 31 January 2017."
NO_CAUSE = "The figures do not show that the plan was the cause."
EARLY = date(2015, 4, 30)
KNOWN_EARLY = "This is worked out from the figures as known on 30 April 2015."


@pytest.mark.parametrize(("status", "head"), [("met", "Target met"), ("missed", "Target missed")])
def test_when_its_time_is_over(status: str, head: str) -> None:
    reading = replace(OVER, status=status)  # type: ignore[arg-type]  # a table writes it as text
    told = teller().sentence(reading, A_FIFTH_LESS, of(ROBBERY))
    assert told == f"{head}: {FIGURES} {KNOWN} {NO_CAUSE}"


@pytest.mark.parametrize(
    ("status", "head", "value", "words"),
    [
        ("on course", "On course to meet the target", 0.853, "about 85%"),
        ("off course", "Not on course to meet the target", 0.004, "less than 1%"),
        (
            "too close to call", "Too close to call whether the target will be met", 0.5,
            "about 50%",
        ),
    ],
)  # fmt: skip
def test_before_its_time_is_over(status: str, head: str, value: float, words: str) -> None:
    reading = replace(RUNNING, status=status, chance=value)  # type: ignore[arg-type]  # as above
    told = teller(EARLY).sentence(reading, A_FIFTH_LESS, of(ROBBERY))
    assert told == f"{head}: {NOW} The chance of meeting it is {words}. {KNOWN_EARLY}"


def test_where_the_figures_end_before_its_time_but_the_date_is_past() -> None:
    told = teller().sentence(RUNNING, A_FIFTH_LESS, of(ROBBERY))
    assert " The target was 29,000 or fewer in the 12 months to December 2016 (" in told
    assert " The figures do not yet reach the end of the time set. " in told


def test_where_there_is_no_chance_the_reason_stands() -> None:
    reading = replace(RUNNING, status="not judged", chance=None, reason="The reason why.")
    told = teller(EARLY).sentence(reading, A_FIFTH_LESS, of(ROBBERY))
    head = "It cannot be judged whether the target will be met"
    assert told == f"{head}: {NOW} The reason why. {KNOWN_EARLY}"


def test_where_a_baseline_comes_from_is_said_of_the_force() -> None:
    target = replace(A_FIFTH_LESS, baseline_note="We chose these twelve months.")
    force = teller().sentence(OVER, target, of(ROBBERY))
    assert force == f"Target met: {FIGURES} We chose these twelve months. {KNOWN} {NO_CAUSE}"
    local = replace(OVER, area=BOROUGH)
    assert "We chose" not in teller().sentence(local, target, of(ROBBERY, "borough"))


BOROUGHS = [
    (A_FIFTH_LESS, BOROUGH, "London as a whole; here the same cut is asked"),
    (replace(A_FIFTH_LESS, change=0.1), BOROUGH, "London as a whole; here the same rise is asked"),
    (CONFIDENCE, BOROUGH, "London as a whole; here the same level is asked"),
    (A_FIFTH_LESS, "E09000009", "the force area as a whole; here the same cut is asked"),
]


@pytest.mark.parametrize(("target", "area", "words"), BOROUGHS)
def test_of_a_borough_it_is_said_that_the_plan_asks_it_of_the_whole(
    target: Target, area: str, words: str
) -> None:
    told = teller().sentence(replace(OVER, area=area), target, of(ROBBERY, "borough"))
    assert f" The plan sets this for {words} of the borough by itself. " in told


def test_a_survey() -> None:
    assert teller().sentence(ASKED, CONFIDENCE, of(TRUST)) == (
        "Target missed: the share of people who trust the police in London was 69% in the 12 "
        "months to December 2016, where the target was 75% or more (it starts from 62%). "
        f"{KNOWN} {NO_CAUSE}"
    )


CLOSE = """
    level   | found | said
    ------- + ----- + ----
    force   | 0.72  |
    force   | 0.73  | That is 2 points from the goal, {published} 12,800 people {doubt} 1.1 points
    force   | 0.735 | That is 1.5 points from the goal, {published} 12,800 people {doubt} 1.1 points
    force   | 0.74  | That is 1 point from the goal, {published} 12,800 people {doubt} {unsure}
    force   | 0.75  | That is exactly the goal, {published} 12,800 people {doubt} {unsure}
    force   | 0.76  | That is 1 point from the goal, {published} 12,800 people {doubt} {unsure}
    force   | 0.78  |
    borough | 0.68  |
    borough | 0.69  | That is 6 points from the goal, {published} 400 people {doubt} {very_unsure}
    borough | 0.81  | That is 6 points from the goal, {published} 400 people {doubt} {very_unsure}
"""


def rows(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.strip("\n").splitlines() if "--- +" not in line]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines[1:] if line.strip()]


@pytest.mark.parametrize(("where", "found", "said"), rows(CLOSE))
def test_a_survey_near_its_goal_says_how_near_and_how_sure(
    where: str, found: str, said: str
) -> None:
    value = float(found)
    reading = replace(ASKED, latest=value, distance=float(f"{value - 0.75:.9g}"))
    told = teller().sentence(reading, CONFIDENCE, of(TRUST, where))
    said = said.format(
        published="and it is published without the number of people asked: a survey of",
        doubt="is uncertain by about",
        unsure="1.1 points either way, so it is too close to be sure.",
        very_unsure="6.2 points either way, so it is too close to be sure.",
    )
    assert ("from the goal" in told or "exactly the goal" in told) == bool(said)
    assert ("too close to be sure" in told) == said.endswith("sure.")
    assert said in told


def test_of_a_survey_of_which_nothing_is_declared_nobody_can_say_how_sure_it_is() -> None:
    undeclared = of(TRUST, sample=None)
    told = teller().sentence(ASKED, CONFIDENCE, undeclared)
    assert "without the number of people asked, so nobody can say how sure it is." in told
    assert is_unsure(0.3, undeclared)
    assert not is_unsure(0.3, of(TRUST))


def test_months_that_are_being_checked_are_told() -> None:
    one, two = (teller().sentence(OVER, A_FIFTH_LESS, of(ROBBERY), n) for n in (1, 2))
    assert "One of these months is marked as unusual or being checked, and counts as publ" in one
    assert "2 of these months are marked as unusual or being checked, and count as publish" in two


NUMBERS = [
    (level(ROBBERY, 28_999.6), "29,000"),
    (level(TRUST, 0.625), "62.5%"),
    (level(RATE, 5.14), "5.1 per 1,000 residents"),
    (bounded(ROBBERY, 28_800.6, True), "28,800 or fewer"),
    (bounded(ROBBERY, 28_800.4, False), "28,801 or more"),
    (bounded(TRUST, 0.62, True), "62% or less"),
    (chance(0.001), "less than 1%"),
    (chance(0.0099), "less than 1%"),
    (chance(0.01), "about 1%"),
    (chance(0.99), "about 99%"),
    (chance(0.991), "more than 99%"),
    (chance(0.999), "more than 99%"),
]


@pytest.mark.parametrize(("told", "words"), NUMBERS)
def test_numbers(told: str, words: str) -> None:
    assert told == words


def test_words_that_no_sentence_uses() -> None:
    told = " ".join(
        [
            teller().sentence(OVER, A_FIFTH_LESS, of(ROBBERY)),
            teller(EARLY).sentence(RUNNING, A_FIFTH_LESS, of(ROBBERY)),
            teller().sentence(ASKED, CONFIDENCE, of(TRUST)),
        ]
    ).casefold()
    for word in ("success", "failed", "thanks", "because", "rank", "best", "worst", "forecast"):
        assert word not in told
