"""The years on the way to a target: what is looked at, and what is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from bluelamp.measures.series import Break, Series
from bluelamp.periods import Month
from bluelamp.places import Gazetteer
from bluelamp.plan.edition import Edition
from bluelamp.plan.line import Target
from bluelamp.signals.finding import TargetReading
from bluelamp.signals.target_years import IN_WORDS, TargetYears
from bluelamp.signals.targets import read_targets
from bluelamp.statistics import forecast

Make = Callable[..., Series]
BOROUGHS = tuple(f"E0900000{i}" for i in (1, 2, 3))
TARGET = Target(
    "w", change=-0.1, by=date(2016, 12, 31), baseline_first=date(2011, 4, 1),
    baseline_last=date(2012, 3, 31),
)  # fmt: skip


def noise(areas: int = 3, months: int = 75, level: float = 100) -> Any:
    """(areas, months from April 2010) counts with twice Poisson's variance; nothing changes."""
    draw = np.random.default_rng(20_130_401)
    return draw.negative_binomial(level, 0.5, size=(areas, months)).astype(float)


@pytest.fixture
def targeted(plan: Edition) -> Edition:
    line = plan.lines[0]
    part = replace(line.parts[0], target=TARGET)
    return replace(plan, lines=(replace(line, parts=(part,)),))


def read(series: list[Series], edition: Edition, places: Gazetteer) -> list[TargetReading]:
    return list(read_targets(series, {"p": edition}, places, date(2016, 7, 31)))


def test_the_chance_at_a_month_does_not_look_beyond_it(
    make_series: Make, targeted: Edition, places: Gazetteer
) -> None:
    counts = noise()
    early = read([make_series(counts[:, :57], first="2010-04")], targeted, places)  # December 2014
    late = read([make_series(counts, first="2010-04")], targeted, places)
    assert [each.latest_month for each in early] == ["2014-12"] * 3
    for then, now in zip(early, late, strict=True):
        (seen,) = [point for point in now.points if point.month == "2014-12"]
        assert then.chance == then.points[-1].chance == seen.chance
        assert now.chance == now.points[-1].chance
        assert now.latest_month == now.points[-1].month == "2016-06"


def test_each_area_is_judged_as_if_it_stood_alone(
    make_series: Make, targeted: Edition, places: Gazetteer
) -> None:
    counts = noise()
    counts[1, 70:] = np.nan  # this one is behind
    together = read([make_series(counts, first="2010-04")], targeted, places)
    for row, area in enumerate(BOROUGHS):
        alone = make_series(counts[[row]], first="2010-04", areas=(area,))
        assert read([alone], targeted, places) == [together[row]]
    turned = make_series(counts[::-1], first="2010-04", areas=BOROUGHS[::-1])
    assert read([turned], targeted, places) == together


def test_months_being_checked_count_in_the_year_itself_and_tell_nothing_before_it(
    make_series: Make,
) -> None:
    counts = noise(1)
    wild = counts.copy()
    wild[0, 50] = 9_000  # June 2014
    marked = TargetYears(make_series(wild, first="2010-04", checking=("2014-06",)), Month(2016, 12))
    gone = counts.copy()
    gone[0, 50] = np.nan
    missing = TargetYears(make_series(gone, first="2010-04"), Month(2016, 12))
    ask: Any = (BOROUGHS[:1], 74, [1_150.0], True)
    assert marked.chances(*ask) == missing.chances(*ask)
    in_year = TargetYears(
        make_series(noise(1, 81), first="2010-04", checking=("2016-06",)), Month(2016, 12)
    )
    assert in_year.being_checked(BOROUGHS[0]) == 1
    assert in_year.value(BOROUGHS[0], 80) == noise(1, 81)[0, -12:].sum()


def test_a_month_being_checked_in_the_year_itself_counts_for_its_chance_too(
    make_series: Make,
) -> None:
    counts = noise(1)
    marked, plain = (
        TargetYears(make_series(counts, first="2010-04", checking=months), Month(2016, 12))
        for months in (("2016-03",), ())
    )
    ask: Any = (BOROUGHS[:1], 74, [1_150.0], True)
    assert marked.chances(*ask) == plain.chances(*ask)


@pytest.mark.parametrize(
    ("first", "last", "level"),
    [
        ("2011-04", "2012-03", 120),
        ("2010-04", "2012-03", 180),
        ("2010-04", "2013-03", 132),
        ("2011-04", "2012-06", None),  # no whole years
        ("2009-04", "2011-03", None),  # not all known
    ],
)
def test_the_level_of_a_baseline(
    make_series: Make, first: str, last: str, level: float | None
) -> None:
    counts = np.repeat([20.0, 10.0, 3.0], 12)[None, :]
    years = TargetYears(make_series(counts, first="2010-04"), Month(2016, 12))
    assert years.over(BOROUGHS[0], Month.parse(first), Month.parse(last)) == level


def test_what_lies_before_a_declared_break_tells_nothing(make_series: Make) -> None:
    counts = noise(1)
    other = counts.copy()
    other[0, :11] = 5_000
    new = Break(Month(2011, 3), "counted in another way")
    ask: Any = (BOROUGHS[:1], 74, [1_150.0], True)
    given = [make_series(each, first="2010-04", breaks=(new,)) for each in (counts, other)]
    one, two = (TargetYears(each, Month(2016, 12)).chances(*ask) for each in given)
    assert one == two


def test_too_little_to_go_by_is_told(
    make_series: Make, targeted: Edition, places: Gazetteer
) -> None:
    counts = np.zeros((1, 75))
    counts[0, [13, 30, 65]] = 1
    (found,) = read([make_series(counts, first="2010-04")], targeted, places)
    assert (found.status, found.chance) == ("not judged", None)
    assert found.reason == (
        "The figures do not yet reach the end of the time set. The chance of meeting it cannot be "
        "worked out: there are fewer than 10 in all the months before."
    )
    assert found.points != ()


def test_every_refusal_of_the_forecast_has_words_for_readers() -> None:
    names = [name for name in vars(forecast) if name.startswith("TOO_")]
    assert {getattr(forecast, name) for name in names} == set(IN_WORDS)


def test_readings_are_plain_values_of_nine_figures(
    make_series: Make, targeted: Edition, places: Gazetteer
) -> None:
    readings = read([make_series(noise(), first="2010-04")], targeted, places)
    told = json.dumps([asdict(each) for each in readings])
    assert "NaN" not in told
    for each in readings:
        numbers = [each.baseline, each.goal, each.latest, each.trajectory, each.distance]
        numbers += [x for p in each.points for x in (p.value, p.trajectory)]
        assert all(x == float(f"{x:.9g}") for x in numbers if x is not None)
        assert each.chance == round(each.chance or 0, 3)
