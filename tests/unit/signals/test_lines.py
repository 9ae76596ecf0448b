"""Lines with a target, and lines that are asked for progress, through the whole way in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from bluelamp.measures.series import Series
from bluelamp.places import Gazetteer
from bluelamp.plan.edition import Edition
from bluelamp.plan.line import Part, Target
from bluelamp.signals import judge_all
from bluelamp.signals.finding import LineReading

Make = Callable[..., Series]
MONTHS = 168  # April 2012 to March 2026; the plan is in force from month 60 to month 118
BARNET = "E09000002"
NEITHER_SHOWS = " That does not show that the plan was the cause."
IN_FORCE = "While the plan was in force (April 2017 to February 2022)"


def counts(lately: float = 1, in_force: float = 1, seed: int = 20170320) -> Any:
    """(1, MONTHS) that change by a factor in the plan's time, and by another since August 2025."""
    draw = np.random.default_rng(seed)
    season = 1 + 0.1 * np.sin(2 * np.pi * np.arange(MONTHS) / 12)
    level = 100 * season * np.where(np.arange(MONTHS) >= 60, in_force, 1.0)
    level[160:] *= lately
    return draw.negative_binomial(level, 0.5, size=(1, MONTHS)).astype(float)


def readings(
    given: list[Series], edition: Edition, places: Gazetteer, **others: Edition
) -> dict[tuple[str, str], LineReading]:
    editions = {"p": edition, **others}
    found = judge_all(given, editions, "p", places, date(2026, 4, 30), "E23000001").readings
    return {(each.edition, each.line): each for each in found if each.area == BARNET}


@pytest.fixture
def one(make_series: Make) -> Callable[[Any], list[Series]]:
    return lambda values: [make_series(values, first="2012-04", areas=(BARNET,))]


# --- progress ---------------------------------------------------------------------------------

PROGRESS = [
    (1, 1, "no clear change", "no clear change", "no clear progress",
     f"{IN_FORCE}, there was no clear change either."),
    (0.6, 1, "better", "no clear change", "positive progress lately",
     f"{IN_FORCE}, there was no clear change."),
    (1, 0.6, "no clear change", "better", "progress over the plan, no clear progress lately",
     f"{IN_FORCE}, it went the way hoped for.{NEITHER_SHOWS}"),
    (0.6, 0.6, "better", "better", "positive progress",
     f"{IN_FORCE}, it went the way hoped for too.{NEITHER_SHOWS}"),
    (1.6, 1.5, "worse", "worse", "gone the other way",
     f"{IN_FORCE}, it went against what is hoped for too.{NEITHER_SHOWS}"),
    (0.6, 1.5, "better", "worse", "mixed",
     f"{IN_FORCE}, it went against what is hoped for.{NEITHER_SHOWS}"),
]  # fmt: skip


@pytest.mark.parametrize(("lately", "in_force", "reading", "over", "progress", "ending"), PROGRESS)
def test_planted_progress(
    one: Callable[[Any], list[Series]],
    plan: Edition,
    places: Gazetteer,
    lately: float,
    in_force: float,
    reading: str,
    over: str,
    progress: str,
    ending: str,
) -> None:
    found = readings(one(counts(lately, in_force)), plan, places)["p", "burglary"]
    assert (found.reading, found.over_the_plan, found.progress) == (reading, over, progress)
    assert found.sentence.endswith(ending)


def test_only_the_leading_edition_is_read_over_its_time(
    one: Callable[[Any], list[Series]], plan: Edition, places: Gazetteer
) -> None:
    other = replace(plan, plan=replace(plan.plan, id="q"))
    found = readings(one(counts(0.6, 0.6)), plan, places, q=other)
    follower = found["q", "burglary"]
    assert (follower.over_the_plan, follower.progress) == ("", "positive progress lately")
    assert found["p", "burglary"].sentence.startswith(follower.sentence)


def test_where_nothing_can_be_told_nothing_is_added(
    one: Callable[[Any], list[Series]], plan: Edition, places: Gazetteer
) -> None:
    found = readings(one(counts()), plan, places)["p", "content"]
    assert (found.over_the_plan, found.progress) == ("", "cannot tell")
    assert found.sentence == (
        "This site has no figures on whether people are content. It would need a survey "
        "(held by the office)."
    )


def test_a_proxy_shows_no_progress_whatever_it_does(
    one: Callable[[Any], list[Series]], plan: Edition, places: Gazetteer
) -> None:
    proxy = _with_part(plan, proxy="It may be trust.")
    found = readings(one(counts(0.6, 0.6)), proxy, places)["p", "burglary"]
    assert (found.reading, found.over_the_plan) == ("changed", "changed")
    assert found.progress == "cannot tell"
    assert "in force" not in found.sentence


def test_both_halves_are_told_as_two(make_series: Make, plan: Edition, places: Gazetteer) -> None:
    more = replace(plan.lines[0].parts[0], hope="higher", measures=("reports",), what="more")
    line = replace(plan.lines[0], parts=(more, plan.lines[0].parts[0]))
    reports, crimes = (
        make_series(counts(factor, factor), first="2012-04", areas=(BARNET,))
        for factor in (1.6, 0.6)
    )
    given = [replace(reports, measure=replace(reports.measure, id="reports")), crimes]
    found = readings(given, replace(plan, lines=(line,)), places)["p", "burglary"]
    assert found.progress == "positive progress"
    assert found.sentence.endswith(
        f"{IN_FORCE}, both halves went the way hoped for too.{NEITHER_SHOWS}"
    )


def _with_part(edition: Edition, **changed: Any) -> Edition:
    line = edition.lines[0]
    part = replace(line.parts[0], **changed)
    return replace(edition, lines=(replace(line, parts=(part,)), *edition.lines[1:]))


# --- targets ----------------------------------------------------------------------------------

A_FIFTH_LESS = Target(
    "w", change=-0.2, by=date(2021, 12, 31), baseline_first=date(2016, 1, 1),
    baseline_last=date(2016, 12, 31),
)  # fmt: skip


def test_a_line_is_read_from_its_target(
    one: Callable[[Any], list[Series]], plan: Edition, places: Gazetteer
) -> None:
    aimed = _with_part(plan, target=A_FIFTH_LESS, missing="a survey", holder="the office")
    found = readings(one(counts(1.6, 0.6)), aimed, places)["p", "burglary"]
    assert (found.reading, found.parts) == ("met", ("not as hoped",))
    assert (found.over_the_plan, found.progress) == ("better", "")
    assert found.sentence.startswith("Target met: ")
    assert found.sentence.endswith(
        "was the cause. To judge it fully would need a survey (held by the office)."
    )
    assert "lower than expected" not in found.sentence


def test_where_the_target_cannot_be_judged_the_line_is_read_as_ever_and_says_so(
    one: Callable[[Any], list[Series]], plan: Edition, places: Gazetteer
) -> None:
    aimed = _with_part(plan, target=replace(A_FIFTH_LESS, by=None))
    found = readings(one(counts(0.6)), aimed, places)["p", "burglary"]
    assert found.reading == "better"
    assert found.sentence.startswith("The number of burglaries in Barnet has been lower than")
    assert found.sentence.endswith(
        "in line with that. This target cannot be judged. The plan gives no date to reach it by."
    )


def test_what_is_missing_is_said_once(make_series: Make, plan: Edition, places: Gazetteer) -> None:
    unknown = Part(
        "higher", "people are content", (), Target("w", change=0.2), "a survey", "the office"
    )
    aimed = replace(plan, lines=(replace(plan.lines[1], parts=(unknown,)),))
    force = make_series(counts(), first="2012-04", level="force", areas=("E23000001",))
    editions = {"p": aimed}
    (found,) = judge_all([force], editions, "p", places, date(2026, 4, 30), "E23000001").readings
    assert (found.reading, found.progress) == ("not judged", "")
    assert found.sentence == (
        "This site has no figures on whether people are content. It would need a survey "
        "(held by the office). This target cannot be judged. The plan gives neither a level to "
        "start from nor a date to reach it by."
    )


def test_that_there_are_no_figures_is_said_once(
    make_series: Make, plan: Edition, places: Gazetteer
) -> None:
    aimed = _with_part(plan, measures=("elsewhere",), target=A_FIFTH_LESS)
    aimed = replace(aimed, lines=aimed.lines[:1])
    force = make_series(counts(), first="2012-04", level="force", areas=("E23000001",))
    (found,) = judge_all(
        [force], {"p": aimed}, "p", places, date(2026, 4, 30), "E23000001"
    ).readings
    assert found.sentence == (
        "No figures are published for this in the Metropolitan Police area. This target cannot be "
        "judged."
    )
