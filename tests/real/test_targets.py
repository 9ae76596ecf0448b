"""The targets of the 2013 draft on London's own figures, and how often their chances held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from benchmarks.target_chance import Trial, brier, gap, steady_poisson, straight_line

from bluelamp.definitions import definitions_root, read_gazetteer, read_office
from bluelamp.evidence.known import as_known
from bluelamp.evidence.source import read_sources
from bluelamp.measures.compute import Context, series_of
from bluelamp.measures.definition import read_measures
from bluelamp.measures.series import Series
from bluelamp.periods import Month
from bluelamp.plan.reading import read_editions
from bluelamp.signals.finding import TargetReading
from bluelamp.signals.targets import read_targets
from bluelamp.statistics.forecast import chance_of_year

KNOWN_ON = date(2023, 8, 31)
SEED = 20_130_401
CUTS = ("2012-12", "2013-12", "2014-12", "2016-03", "2017-12")


@pytest.fixture(scope="module")
def context(received: Any) -> Context:
    root = definitions_root()
    sources = read_sources(root)
    known = as_known(received[0], sources, on=KNOWN_ON, received_by=None)
    gazetteer = read_gazetteer(root)
    return Context(known, sources, read_measures(root), gazetteer, read_office(root).force)


@pytest.fixture(scope="module")
def aimed_at(context: Context) -> list[Series]:
    """Every measure that the 2013 draft sets a number for."""
    edition = read_editions(definitions_root(), set(context.measures))["london-2013"]
    named = {m for line in edition.lines if line.target for m in line.parts[0].measures}
    return [one for name in sorted(named) for one in series_of(context.measures[name], context)]


@pytest.fixture(scope="module")
def targets(context: Context, aimed_at: list[Series]) -> tuple[TargetReading, ...]:
    editions = read_editions(definitions_root(), set(context.measures))
    return read_targets(aimed_at, editions, context.gazetteer, KNOWN_ON, context.force)


def test_the_targets_of_2013_by_kind_of_crime(
    targets: tuple[TargetReading, ...], context: Context
) -> None:
    force = {
        each.line: each.status
        for each in targets
        if each.edition == "london-2013" and each.area == context.force and each.latest is not None
    }
    assert force == {
        "seven-crimes-together": "missed",
        "violence-with-injury": "missed",
        "robbery": "met",
        "burglary": "met",
        "theft-from-the-person": "missed",
        "theft-from-motor-vehicles": "met",
        "theft-of-motor-vehicles": "missed",
        "criminal-damage": "missed",
    }


def test_what_a_target_counts_is_the_figure_that_is_published(
    targets: tuple[TargetReading, ...], ask: Any
) -> None:
    judged = [each for each in targets if each.latest is not None]
    assert len(judged) == 8 * 33
    for each in judged:
        figure = ask(each.measure, each.area, f"r12-{each.by}", str(KNOWN_ON))
        start = ask(each.measure, each.area, f"r12-{each.baseline_last}", str(KNOWN_ON))
        assert (each.latest, each.baseline) == (figure["value"], start["value"])


def test_chances_given_on_londons_own_figures_held(aimed_at: list[Series]) -> None:
    chances: list[Any] = []
    trials: list[Trial] = []
    for chance, trial in backward(aimed_at):
        chances.append(chance)
        trials.append(trial)
    ours, met = np.concatenate(chances), np.concatenate([trial.met for trial in trials])
    rivals = (straight_line, steady_poisson)
    scores = [brier(np.concatenate([rival(t) for t in trials]), met) for rival in rivals]
    assert len(met) > 2_000
    assert brier(ours, met) < 0.85 * min(scores)
    assert gap(ours, met) < 0.08


def backward(given: list[Series]) -> Iterator[tuple[Any, Trial]]:
    """Goals near the last year's total, set at five months of the past and half a year to two
    years ahead, outside the months of restrictions: the chance given then, and what came."""
    rng = np.random.default_rng(SEED)
    for one in given:
        rows = [row for row, area in enumerate(one.areas) if not area.startswith("outside")]
        first = (one.months[0].year, one.months[0].month)
        for cut in (
            Month(2012, 12),
            Month(2013, 12),
            Month(2014, 12),
            Month(2016, 3),
            Month(2017, 12),
        ):
            known = cut.index - one.months[0].index + 1
            for ahead in (6, 12, 24):
                values = one.numerator[rows, : known + ahead]
                checking = one.being_checked[rows, : known + ahead]
                if one.level == "ward" or checking[:, -12:].any() or np.isnan(values).any():
                    continue
                usable = np.where(checking, np.nan, values)
                goal = np.round(
                    values[:, known - 12 : known].sum(axis=1)
                    * np.exp(rng.normal(-0.02, 0.1, len(values)))
                )
                found = chance_of_year(
                    usable, first_month=first, known=known, goal=goal, at_most=True
                )
                assert set(found.reason) == {""}
                yield found.chance, Trial(values, known, goal)
