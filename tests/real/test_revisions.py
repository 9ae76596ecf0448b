"""Oddity 16: the Met's total for June 2023 went up and down, publication after publication."""

from __future__ import annotations

import itertools
from datetime import date

import polars as pl
import pytest
from typer.testing import CliRunner

from bluelamp.cli import app
from bluelamp.definitions import definitions_root, read_gazetteer, read_office
from bluelamp.evidence.known import as_known
from bluelamp.evidence.receive import Desk, Outcome
from bluelamp.evidence.revisions import history, steps
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context, series_of
from bluelamp.measures.definition import read_measures
from bluelamp.releases.corrections import Corrections, corrections_of

JUNE_2023 = [81_599, 81_577, 81_613, 81_644, 81_660, 81_658, 81_686, 81_682]


@pytest.fixture(scope="module")
def store(received: tuple[Store, list[Outcome]]) -> Store:
    """That of the main job, with the tables of boroughs, wards and small areas."""
    return received[0]


def test_june_2023_step_by_step(store):
    sources = Desk(definitions_root()).sources
    told = history(store, sources, "mps-recorded-crime", on=date(2026, 11, 21), month="2023-06")
    borough = steps(told).filter(level="borough")
    assert borough["total"].to_list() == JUNE_2023
    differences = [b - a for a, b in itertools.pairwise(JUNE_2023)]
    assert borough["change"].to_list() == [None, *differences]


def test_the_command_shows_them(store, monkeypatch):
    monkeypatch.setenv("BLUELAMP_HOME", str(store.root))
    words = ["revisions", "mps-recorded-crime", "--month", "2023-06"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    chain = " -> ".join(f"{total:,}" for total in JUNE_2023)
    assert f"borough: {chain}" in result.output


@pytest.fixture(scope="module")
def found(store) -> Corrections:
    """The corrections log of a release that knows these tables."""
    desk = Desk(definitions_root())
    sources = {"mps-recorded-crime": desk.sources["mps-recorded-crime"]}
    known = as_known(store, sources, on=date(2026, 11, 21), received_by=None)
    return corrections_of(known, sources, read_measures(definitions_root()).values())


def test_the_log_has_each_step_of_june_2023(found):
    steps_told = found.table.filter(month="2023-06", category="", level="borough").sort(
        "published_after"
    )
    assert steps_told.select("before", "after").rows() == list(itertools.pairwise(JUNE_2023))
    new = steps_told.filter("new_system")
    assert new.select("before", "after").rows() == [(81_613.0, 81_644.0)]


def test_the_largest_correction_of_a_total(found):
    totals = found.table.filter(
        pl.col("category") == "", ~pl.col("new_system"), pl.col("level") == "borough"
    )
    largest = totals.sort(pl.col("change").abs()).row(-1, named=True)
    assert (largest["month"], largest["before"], largest["after"]) == ("2021-11", 73_309, 74_316)
    assert totals["share"].abs().max() < 0.015


def test_no_kind_of_crime_is_compared_between_the_groups_until_and_since_2024(found):
    (change,) = found.looked[0].systems
    assert (change.before, change.after) == ("groups until 2024", "groups since 2024")
    assert (change.first_month, change.last_month, change.months) == ("2010-04", "2024-01", 166)
    across = found.table.filter("new_system")
    assert across.height > 100
    assert across["category"].unique().to_list() == [""]


BRIDGED = [
    measure.id
    for measure in read_measures(definitions_root()).values()
    if measure.source == "mps-recorded-crime" and measure.kind == "count"
]


@pytest.mark.parametrize("id", BRIDGED)
def test_a_measure_that_bridges_the_systems_counts_the_same_crimes_in_both(store, id):
    """Of a month that both systems sort, it has the same number but for what was revised: that is
    what `across_category_systems` says of it."""
    root = definitions_root()
    sources, measures = Desk(root).sources, read_measures(root)
    numbers = []
    for on in (date(2024, 3, 31), date(2024, 12, 31)):  # the new groups came out in November 2024
        known = as_known(
            store, {"mps-recorded-crime": sources["mps-recorded-crime"]}, on=on, received_by=None
        )
        context = Context(known, sources, measures, read_gazetteer(root), read_office(root).force)
        (force,) = (one for one in series_of(measures[id], context) if one.level == "force")
        numbers.append(dict(zip(map(str, force.months), force.numerator[0], strict=True)))
    old, new = numbers
    both = [month for month in old if "2021-07" <= month <= "2024-01" and old[month] > 0]
    assert len(both) >= 24
    for month in both:
        assert new[month] == pytest.approx(old[month], rel=0.015), month
