"""Oddity 16: the Met's total for June 2023 went up and down, publication after publication."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from typer.testing import CliRunner

from bluelamp.cli import app
from bluelamp.definitions import definitions_root
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.revisions import history, steps
from bluelamp.evidence.store import Store

FILES = ("mps/recorded-crime-releases", "mps/tables")
JUNE_2023 = [81_599, 81_577, 81_613, 81_644, 81_660, 81_658, 81_686, 81_682]


@pytest.fixture(scope="module")
def store(real_data, tmp_path_factory) -> Store:
    """Only the borough tables: the ward and LSOA tables would take a minute."""
    store = Store(tmp_path_factory.mktemp("revised") / "store")
    paths = [p for folder in FILES for p in sorted((real_data / folder).glob("*borough*"))]
    assert paths
    receive(store, Desk(definitions_root()), paths, on=date(2026, 11, 21))
    return store


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
