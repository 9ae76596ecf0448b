"""What no single file of an edition shows: names that lead nowhere, numbers given twice.

Each fault stands at the line that holds the wrong word, and says what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from bluelamp.definitions import Fault, line_of, meant
from bluelamp.periods import Month
from bluelamp.plan.arithmetic import arithmetic_faults
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.contents import StatutoryContents
from bluelamp.plan.edition import Edition, Priority
from bluelamp.plan.line import Line
from bluelamp.plan.quoted import Recompute, Theme

Named = Priority | Line | Commitment | Theme

# What the site puts after an edition's address: a priority of that name would hide the page.
TAKEN = ("lines", "commitments", "figures", "contents", "local-priorities", "changes-since")

ADDRESS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def faults_of(
    folder: Path, edition: Edition, measures: set[str], law: StatutoryContents | None
) -> list[Fault]:
    """Every fault between the files of an edition, file by file.

    `folder` is the edition's; `measures` the ids that it may name; `law` the list that its
    checklist must answer, None where the office has none. A file that could not be read is missing
    from `edition`; its name may be named all the same.
    """
    faults = [
        *_of_names(folder / "priorities", edition.priorities),
        *_of_names(folder / "lines", edition.lines),
        *_of_names(folder / "commitments", edition.commitments),
        *_of_names(folder / "quoted", edition.themes),
        *_of_priorities(folder / "priorities", edition),
        *_of_lines(folder / "lines", edition, measures),
        *_of_commitments(folder / "commitments", edition, measures),
        *_of_quoted(folder / "quoted", edition, measures),
        *_of_sums(folder / "quoted", edition),
        *_of_local(folder / "local-priorities.yaml", edition, measures),
        *_of_contents(folder / "contents.yaml", edition, law),
    ]
    return sorted(faults, key=lambda fault: (fault.path, fault.line, fault.message))


def _ids(folder: Path) -> set[str]:
    """The ids of a folder's files, those with faults of their own too."""
    return {path.stem for path in folder.glob("*.yaml")}


def _of_names(folder: Path, named: Sequence[Named]) -> Iterator[Fault]:
    """Names that cannot be addresses, and numbers that stand twice."""
    first: dict[int, str] = {}
    free = next(n for n in range(1, len(named) + 2) if n not in {each.number for each in named})
    for each in named:
        path = folder / f"{each.id}.yaml"
        if not ADDRESS.fullmatch(each.id):
            better = "-".join(re.findall(r"[a-z0-9]+", each.id.lower())) or "a-name"
            yield Fault(path, 1, f"a file's name is its address: name it {better}.yaml")
        if (taken := first.setdefault(each.number, each.id)) != each.id:
            words = f"number: {each.number} is the number of '{taken}' too; {free} is free"
            yield Fault(path, line_of(path, str(each.number), "number"), words)


def _unknown(
    path: Path, key: str, kind: str, named: Iterable[str], known: Collection[str]
) -> Iterator[Fault]:
    """A fault for each name under `key` that is the id of no `kind`."""
    for name in dict.fromkeys(named):
        if name not in known:
            close = meant(name, known) or _instead(kind, known)
            words = f"{key}: there is no {kind} '{name}'{close}"
            yield Fault(path, line_of(path, name, key), words)


def _instead(kind: str, known: Collection[str]) -> str:
    if known and len(known) < 10:
        return f"; the ids are {', '.join(sorted(known))}"
    if kind == "measure":
        return "; take an id from definitions/measures, or write it: bluelamp new measure"
    return "" if known else f"; this edition has no {kind} yet"


def _of_priorities(folder: Path, edition: Edition) -> Iterator[Fault]:
    for priority in edition.priorities:
        if priority.id in TAKEN:
            words = f"a page of every edition is called '{priority.id}': choose another name"
            yield Fault(folder / f"{priority.id}.yaml", 1, words)


def _of_lines(folder: Path, edition: Edition, measures: set[str]) -> Iterator[Fault]:
    priorities = _ids(folder.parent / "priorities")
    for line in edition.lines:
        path = folder / f"{line.id}.yaml"
        yield from _unknown(path, "priority", "priority", [line.priority], priorities)
        named = (measure for part in line.parts for measure in part.measures)
        yield from _unknown(path, "measures", "measure", named, measures)


def _of_commitments(folder: Path, edition: Edition, measures: set[str]) -> Iterator[Fault]:
    priorities = _ids(folder.parent / "priorities")
    lines, commitments = _ids(folder.parent / "lines"), _ids(folder)
    for each in edition.commitments:
        path = folder / f"{each.id}.yaml"
        if each.priority:
            yield from _unknown(path, "priority", "priority", [each.priority], priorities)
        yield from _unknown(path, "lines", "line", each.lines, lines)
        yield from _unknown(path, "measures", "measure", each.measures, measures)
        yield from _unknown(path, "restates", "commitment", each.restates, commitments)
        if each.id in each.restates:
            words = "restates: a commitment cannot restate itself; take it out"
            yield Fault(path, line_of(path, each.id, "restates"), words)


def _of_quoted(folder: Path, edition: Edition, measures: set[str]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for theme in edition.themes:
        path = folder / f"{theme.id}.yaml"
        for figure in theme.figures:
            if figure.id in seen:
                words = f"id: '{figure.id}' stands in {seen[figure.id]}.yaml already"
                yield Fault(path, line_of(path, figure.id, "id"), words)
            seen[figure.id] = theme.id
            if figure.recompute:
                wanted = [figure.recompute.measure]
                yield from _unknown(path, "measure", "measure", wanted, measures)
                for words in _not_whole_months(figure.recompute):
                    yield Fault(path, line_of(path, figure.id, "id"), f"'{figure.id}': {words}")


def _of_sums(folder: Path, edition: Edition) -> Iterator[Fault]:
    if len(edition.themes) < len(_ids(folder)):
        return  # a sum may be of figures in a file that could not be read
    for theme, figure, words in arithmetic_faults(edition):
        path = folder / f"{theme.id}.yaml"
        yield Fault(path, line_of(path, figure.id, "id"), f"'{figure.id}': {words}")


def _not_whole_months(way: Recompute) -> Iterator[str]:
    """Figures are of whole months: a day in the middle of one would be read as all of it."""
    for first, last in ((way.first, way.last), (way.against_first, way.against_last)):
        if first is None or last is None:
            continue
        if first.day != 1 or last != Month.of(last).last_day:
            yield f"{first} to {last} is not whole months; write 2016-01-01 to 2016-12-31"


def _of_local(path: Path, edition: Edition, measures: set[str]) -> Iterator[Fault]:
    if edition.local:
        named = (measure for shared in edition.local.shared for measure in shared.measures)
        yield from _unknown(path, "measures", "measure", named, measures)


def _of_contents(path: Path, edition: Edition, law: StatutoryContents | None) -> Iterator[Fault]:
    if edition.checklist is None:
        return
    wanted = [requirement.id for requirement in law.requirements] if law else []
    found = [item.requirement for item in edition.checklist.items]
    yield from _unknown(path, "requirement", "requirement of the law", found, wanted)
    for name in wanted:
        if found.count(name) == 0:
            yield Fault(path, 1, f"items: '{name}' is missing; say where the plan sets it out")
        if found.count(name) > 1:
            yield Fault(path, line_of(path, name, "requirement"), f"'{name}' stands here twice")
