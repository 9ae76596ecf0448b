"""What no single file of an edition shows: names that lead nowhere, numbers given twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bluelamp.definitions import Fault
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.contents import StatutoryContents
from bluelamp.plan.edition import Edition, Priority
from bluelamp.plan.line import Line
from bluelamp.plan.quoted import Theme

Named = Priority | Line | Commitment | Theme


def faults_of(
    folder: Path, edition: Edition, measures: set[str], law: StatutoryContents | None
) -> list[Fault]:
    """Every fault between the files of an edition, file by file."""
    faults = [
        *_numbered_twice(folder / "priorities", edition.priorities),
        *_numbered_twice(folder / "lines", edition.lines),
        *_numbered_twice(folder / "commitments", edition.commitments),
        *_numbered_twice(folder / "quoted", edition.themes),
        *_of_lines(folder / "lines", edition, measures),
        *_of_commitments(folder / "commitments", edition, measures),
        *_of_quoted(folder / "quoted", edition, measures),
        *_of_local(folder / "local-priorities.yaml", edition, measures),
        *_of_contents(folder / "contents.yaml", edition, law),
    ]
    return sorted(faults, key=lambda fault: (fault.path, fault.line, fault.message))


def _numbered_twice(folder: Path, named: Sequence[Named]) -> Iterator[Fault]:
    first: dict[int, str] = {}
    for each in named:
        taken = first.setdefault(each.number, each.id)
        if taken != each.id:
            path = folder / f"{each.id}.yaml"
            yield Fault(path, 1, f"number: {each.number} is the number of '{taken}' too")


def _unknown(path: Path, key: str, named: Iterable[str], known: set[str]) -> Iterator[Fault]:
    for name in named:
        if name and name not in known:
            yield Fault(path, 1, f"{key}: there is no {key.rstrip('s')} '{name}'")


def _of_lines(folder: Path, edition: Edition, measures: set[str]) -> Iterator[Fault]:
    priorities = {priority.id for priority in edition.priorities}
    for line in edition.lines:
        path = folder / f"{line.id}.yaml"
        if line.priority not in priorities:
            yield Fault(path, 1, f"priority: there is no priority '{line.priority}'")
        named = (measure for part in line.parts for measure in part.measures)
        yield from _unknown(path, "measures", named, measures)


def _of_commitments(folder: Path, edition: Edition, measures: set[str]) -> Iterator[Fault]:
    priorities = {priority.id for priority in edition.priorities}
    lines = {line.id for line in edition.lines}
    commitments = {each.id for each in edition.commitments}
    for each in edition.commitments:
        path = folder / f"{each.id}.yaml"
        if each.priority and each.priority not in priorities:
            yield Fault(path, 1, f"priority: there is no priority '{each.priority}'")
        yield from _unknown(path, "lines", each.lines, lines)
        yield from _unknown(path, "measures", each.measures, measures)
        for other in each.restates:
            if other not in commitments:
                yield Fault(path, 1, f"restates: there is no commitment '{other}'")


def _of_quoted(folder: Path, edition: Edition, measures: set[str]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for theme in edition.themes:
        path = folder / f"{theme.id}.yaml"
        for figure in theme.figures:
            if seen.setdefault(figure.id, theme.id) != theme.id:
                yield Fault(path, 1, f"id: '{figure.id}' stands in {seen[figure.id]}.yaml too")
            if figure.recompute:
                yield from _unknown(path, "measures", [figure.recompute.measure], measures)
            way = figure.arithmetic
            if way and way.table and way.table not in edition.tables:
                yield Fault(path, 1, f"table: there is no tables/{way.table}.csv")


def _of_local(path: Path, edition: Edition, measures: set[str]) -> Iterator[Fault]:
    if edition.local:
        named = (measure for shared in edition.local.shared for measure in shared.measures)
        yield from _unknown(path, "measures", named, measures)


def _of_contents(path: Path, edition: Edition, law: StatutoryContents | None) -> Iterator[Fault]:
    if edition.checklist is None:
        return
    wanted = [requirement.id for requirement in law.requirements] if law else []
    found = [item.requirement for item in edition.checklist.items]
    for name in found:
        if name not in wanted:
            yield Fault(path, 1, f"requirement: the law's list has no '{name}'")
    for name in wanted:
        if found.count(name) != 1:
            yield Fault(path, 1, f"items: '{name}' must stand here once, not {found.count(name)}x")
