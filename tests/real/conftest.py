"""The real data is received once for all tests of this folder."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bluelamp.definitions import definitions_root, read_gazetteer, read_office
from bluelamp.evidence.known import as_known
from bluelamp.evidence.receive import Desk, Outcome, receive
from bluelamp.evidence.source import read_sources
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context, series_of
from bluelamp.measures.definition import read_measures
from bluelamp.measures.tables import figure_table

KINDS_ASKED = ("month", "year", "r12")
MAIN_JOB = ("mps", "surveys", "police-uk/city-of-london", "places/population")


@pytest.fixture(scope="session")
def real_data(shared: Path) -> Path:
    return shared / "data"


@pytest.fixture(scope="session")
def received(real_data: Path, made_once: Callable[..., Path]) -> tuple[Store, list[Outcome]]:
    """A store with the files of the main job, and what became of each."""

    def make(folder: Path) -> None:
        paths = [real_data / part for part in MAIN_JOB]
        desk, on = Desk(definitions_root()), date(2026, 11, 21)
        outcomes = receive(Store(folder / "store"), desk, paths, on=on)
        (folder / "outcomes").write_bytes(pickle.dumps(outcomes))

    folder = made_once("main-job", make)
    return Store(folder / "store"), pickle.loads((folder / "outcomes").read_bytes())


@pytest.fixture(scope="session")
def ask(received: tuple[Store, list[Outcome]]) -> Any:
    """ask(measure, area, period, known_on) -> the figure's row as a dict, or None."""
    root = definitions_root()
    measures, sources = read_measures(root), read_sources(root)
    contexts: dict[str, Context] = {}
    tables: dict[tuple[str, str], pl.DataFrame] = {}

    def answer(measure: str, area: str, period: str, known_on: str = "2026-04-30") -> Any:
        if known_on not in contexts:
            known = as_known(
                received[0], sources, on=date.fromisoformat(known_on), received_by=None
            )
            contexts[known_on] = Context(
                known, sources, measures, read_gazetteer(root), read_office(root).force
            )
        key = (measure, known_on)
        if key not in tables:
            made = series_of(measures[measure], contexts[known_on])
            tables[key] = pl.concat([figure_table(series, KINDS_ASKED) for series in made])
        rows = tables[key].filter((pl.col("area") == area) & (pl.col("period") == period))
        return rows.row(0, named=True) if rows.height else None

    return answer
