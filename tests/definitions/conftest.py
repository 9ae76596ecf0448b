"""The small made-up London, received once, and the real data where it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bluelamp.definitions import definitions_root, read_gazetteer, read_office
from bluelamp.evidence.known import as_known
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.source import read_sources
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context
from bluelamp.measures.definition import read_measures


def context_of(store: Store, paths: list[Path]) -> Context:
    """All that is in the paths, received and known."""
    root = definitions_root()
    receive(store, Desk(root), paths, on=date(2026, 4, 1))
    sources = read_sources(root)
    known = as_known(store, sources, on=date(2026, 12, 31), received_by=None)
    force = read_office(root).force
    return Context(known, sources, read_measures(root), read_gazetteer(root), force)


@pytest.fixture(scope="session")
def made_up(publishers_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    """The small made-up London."""
    store = Store(tmp_path_factory.mktemp("made-up") / "store")
    return context_of(store, [publishers_files])


@pytest.fixture(scope="session")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Context:
    """One real file or two of each shape."""
    data = shared / "data"
    wanted = [
        "mps/tables/recorded-crime-borough.parquet", "mps/tables/recorded-crime-ward.parquet",
        "mps/tables/monthly-crime-dashboard.v20260404.parquet", "mps/homicide", "surveys",
        "police-uk/city-of-london/city-of-london-street-vintage-2024-10-hodsong.zip",
        "places/population",
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("real")
    return context_of(Store(folder / "store"), [data / name for name in wanted])
