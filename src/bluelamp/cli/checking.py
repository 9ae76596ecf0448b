"""`bluelamp check`: every definition of every room, and all their faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from bluelamp.definitions import (
    DefinitionFaults,
    Fault,
    Office,
    line_of,
    meant,
    read_gazetteer,
    read_office,
)
from bluelamp.evidence.geography.lookups import read_joins
from bluelamp.evidence.source import read_sources
from bluelamp.measures.comparing import read_comparing
from bluelamp.measures.definition import read_measures
from bluelamp.measures.gap import read_gaps
from bluelamp.places import Gazetteer
from bluelamp.plan.edition import Edition
from bluelamp.plan.reading import read_editions
from bluelamp.public.search_words import read_search_words
from bluelamp.releases.mistakes import read_mistakes

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
    tried(lambda: read_joins(root))
    sources = tried(lambda: read_sources(root))
    measures = tried(lambda: read_measures(root))
    tried(lambda: read_gaps(root))
    tried(lambda: read_comparing(root))
    # A measure with a fault of its own is still one that a line may name.
    named = {path.stem for path in (root / "measures").glob("*.yaml")}
    editions = tried(lambda: read_editions(root, named))
    tried(lambda: read_search_words(root))
    tried(lambda: read_mistakes(root))
    if office is not None:
        faults += _faults_of_office(root, office)
    if areas is not None and editions is not None:
        faults += _faults_of_places(root, editions.values(), areas)
    if faults or areas is None or sources is None or measures is None or editions is None:
        raise DefinitionFaults(faults)
    lines = sum(len(edition.lines) for edition in editions.values())
    commitments = sum(len(edition.commitments) for edition in editions.values())
    quoted = sum(len(edition.quoted) for edition in editions.values())
    return (
        f"{len(areas.areas):,} areas, {len(sources)} sources, {len(measures)} measures, "
        f"{len(editions)} plan{'' if len(editions) == 1 else 's'} with {lines:,} lines, "
        f"{commitments:,} commitments and {quoted:,} quoted figures"
    )


def _faults_of_office(root: Path, office: Office) -> list[Fault]:
    """The plan that the office names must be there: demo and pages lead with it."""
    if (root / "plans" / office.plan / "plan.yaml").is_file():
        return []
    path = root / "office.yaml"
    known = [folder.parent.name for folder in (root / "plans").glob("*/plan.yaml")]
    close = meant(office.plan, known) or f"; begin it: bluelamp new edition {office.plan}"
    words = f"plan: there is no plan edition '{office.plan}'{close}"
    return [Fault(path, line_of(path, office.plan, "plan"), words)]


def _faults_of_places(root: Path, editions: Iterable[Edition], areas: Gazetteer) -> Iterator[Fault]:
    """Codes of areas that no file of definitions/areas has."""
    for edition in editions:
        folder = root / "plans" / edition.plan.id
        for code in edition.plan.called:
            if code not in areas:
                words = f"called: no area has the code '{code}'"
                yield Fault(folder / "plan.yaml", 1, words)
        for theme in edition.themes:
            path = folder / "quoted" / f"{theme.id}.yaml"
            for figure in theme.figures:
                area = figure.recompute.area if figure.recompute else ""
                if area and area not in areas:
                    words = f"area: no area has the code '{area}'"
                    yield Fault(path, line_of(path, area, "area"), words)
