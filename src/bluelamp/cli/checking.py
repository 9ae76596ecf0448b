"""`bluelamp check`: every definition of every room, and all their faults at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bluelamp.definitions import DefinitionFaults, Fault, Office, read_gazetteer, read_office
from bluelamp.evidence.source import read_sources
from bluelamp.measures.definition import read_measures
from bluelamp.plan.reading import read_editions

T = TypeVar("T")


def check_all(root: Path) -> str:
    """What there is, in words. Raises DefinitionFaults with the faults of every room."""
    faults: list[Fault] = []

    def tried(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except DefinitionFaults as error:
            faults.extend(error.faults)
            return None

    office = tried(lambda: read_office(root))
    areas = tried(lambda: read_gazetteer(root))
    sources = tried(lambda: read_sources(root))
    measures = tried(lambda: read_measures(root))
    # A measure with a fault of its own is still one that a line may name.
    named = {path.stem for path in (root / "measures").glob("*.yaml")}
    editions = tried(lambda: read_editions(root, named))
    if office is not None:
        faults += _faults_of_office(root, office)
    if faults or areas is None or sources is None or measures is None or editions is None:
        raise DefinitionFaults(faults)
    lines = sum(len(edition.lines) for edition in editions.values())
    return (
        f"{len(areas.areas):,} areas, {len(sources)} sources, {len(measures)} measures, "
        f"{len(editions)} plans with {lines} lines"
    )


def _faults_of_office(root: Path, office: Office) -> list[Fault]:
    """The plan that the office names must be there: demo and pages lead with it."""
    if (root / "plans" / office.plan / "plan.yaml").is_file():
        return []
    path = root / "office.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next((n for n, text in enumerate(lines, 1) if text.startswith("plan:")), 1)
    return [Fault(path, line, f"plan: there is no plan edition '{office.plan}'")]
