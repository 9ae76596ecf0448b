"""A small made-up London, received and built once for all tests under this folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store
from bluelamp.plan.edition import Edition
from bluelamp.plan.reading import read_edition
from bluelamp.releases.build import Order, build
from bluelamp.releases.release import Release

# Of each kind and level one: enough of a release, in a fraction of the time of all measures.
MEASURES = (
    "burglary", "burglary-rate", "confidence-good-job", "homicide", "knife-crime",
    "positive-outcomes-hate-crime", "street-crime",
)  # fmt: skip
KNOWN_ON, RECEIVED_ON = date(2026, 4, 30), date(2026, 4, 1)


@dataclass(frozen=True)
class SmallLondon:
    """`originals` are the publisher-shaped files, received into `store`."""

    originals: Path
    store: Store
    definitions: Path
    release: Release

    def order(self, **options: object) -> Order:
        return Order(self.definitions, "london-2017", KNOWN_ON, **options)  # type: ignore[arg-type]  # names are checked by Order


def fewer_definitions(to: Path) -> Path:
    """The project's definitions with few measures, and the lines that can do with those."""
    root = definitions_root()
    shutil.copytree(root, to)
    for path in (to / "measures").glob("*.yaml"):
        if path.stem not in MEASURES:
            path.unlink()
    known = {path.stem for path in (root / "measures").glob("*.yaml")}
    for folder in (to / "plans").iterdir():
        _leave_out_the_rest(folder, read_edition(root, folder.name, known))
    return to


def _leave_out_the_rest(folder: Path, edition: Edition) -> None:
    """Take out of a copied edition what names a measure that is not there, or a line that went."""
    lines = {
        line.id
        for line in edition.lines
        if {m for part in line.parts for m in part.measures} <= set(MEASURES)
    }
    for line in edition.lines:
        if line.id not in lines:
            (folder / "lines" / f"{line.id}.yaml").unlink()
    whole = {
        each.id
        for each in edition.commitments
        if set(each.lines) <= lines and set(each.measures) <= set(MEASURES)
    }
    while lost := {c.id for c in edition.commitments if c.id in whole and set(c.restates) - whole}:
        whole -= lost
    for each in edition.commitments:
        if each.id not in whole:
            (folder / "commitments" / f"{each.id}.yaml").unlink()
    shutil.rmtree(folder / "quoted", ignore_errors=True)
    (folder / "local-priorities.yaml").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def small_london(made_once: Callable[..., Path], publishers_files: Path) -> SmallLondon:
    def make(folder: Path) -> None:
        definitions = fewer_definitions(folder / "definitions")
        store = Store(folder / "store")
        outcomes = receive(store, Desk(definitions), [publishers_files], on=RECEIVED_ON)
        assert [o for o in outcomes if o.is_fault] == []
        order = Order(definitions, "london-2017", KNOWN_ON)
        build(store, order, store.root / "releases" / "first")

    folder = made_once("small-london", make)
    store = Store(folder / "store")
    release = Release(store.root / "releases" / "first")
    return SmallLondon(publishers_files, store, folder / "definitions", release)
