"""One whole made-up London, written once for all tests of this folder."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from bluelamp.definitions import definitions_root, read_gazetteer
from bluelamp.places import Gazetteer
from bluelamp.synthetic import PlantedTruth, write_london


class London(NamedTuple):
    """The folder written, and what is said to be in it."""

    folder: Path
    truths: tuple[PlantedTruth, ...]

    def file(self, name: str) -> Path:
        """The one file of that name, wherever it lies in the folder."""
        (found,) = self.folder.rglob(name)
        return found


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return read_gazetteer(definitions_root())


@pytest.fixture(scope="session")
def lsoa_to_ward() -> dict[str, str]:
    path = definitions_root() / "areas/lookups/lsoa21-ward.csv"
    with path.open(encoding="utf-8") as file:
        return {row["lsoa21_code"]: row["ward24_code"] for row in csv.DictReader(file)}


@pytest.fixture(scope="session")
def london(
    tmp_path_factory: pytest.TempPathFactory, gazetteer: Gazetteer, lsoa_to_ward: dict[str, str]
) -> London:
    folder = tmp_path_factory.mktemp("london")
    return London(folder, write_london(folder, gazetteer=gazetteer, lsoa_to_ward=lsoa_to_ward))


@pytest.fixture(scope="session")
def unchanging(
    tmp_path_factory: pytest.TempPathFactory, gazetteer: Gazetteer, lsoa_to_ward: dict[str, str]
) -> London:
    """The same London had nothing been planted."""
    folder = tmp_path_factory.mktemp("unchanging")
    truths = write_london(folder, gazetteer=gazetteer, lsoa_to_ward=lsoa_to_ward, planted=False)
    return London(folder, truths)
