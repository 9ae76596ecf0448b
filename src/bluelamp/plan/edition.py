"""A plan edition as data: what was promised and how it is judged.

One folder `definitions/plans/<edition>/`: `plan.yaml`, `priorities/<id>.yaml`, `lines/<id>.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from bluelamp.definitions import DefinitionFaults, Fault, read, read_folder

Hope = Literal["lower", "higher", "narrower gap", "more representative", "neither"]


@dataclass(frozen=True)
class Part:
    """What one side of a line hopes of some measures. `missing` says what would be needed.

    A part without measures cannot be judged: `missing` then says which data would be needed and
    `holder` who has them.
    """

    hope: Hope
    what: str
    measures: tuple[str, ...] = ()
    missing: str = ""
    holder: str = ""

    def __post_init__(self) -> None:
        if not self.measures and not (self.missing and self.holder):
            raise ValueError(
                f"'{self.what}' names no measure: say under `missing` which data would be needed "
                "and under `holder` who has them"
            )


@dataclass(frozen=True)
class Line:
    """One line of an edition's performance framework. Two parts make it two-sided."""

    id: str
    number: int
    priority: str
    title: str
    promise: str
    parts: tuple[Part, ...]
    place: str
    note: str = ""

    @property
    def two_sided(self) -> bool:
        return len(self.parts) == 2


@dataclass(frozen=True)
class Priority:
    """A chapter of the plan: its question is what its page answers."""

    id: str
    number: int
    title: str
    question: str
    summary: str
    place: str


@dataclass(frozen=True)
class Plan:
    """`plan.yaml`: what the edition is, when it is (or was) in force, how it judges."""

    id: str
    title: str
    short_title: str
    standing: str
    starts: date
    ends: date
    judged_by: Literal["targets", "progress"]
    how_judged: str
    ambition: str
    source: str
    ambitions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edition:
    """A plan with its priorities and lines, in their printed order."""

    plan: Plan
    priorities: tuple[Priority, ...]
    lines: tuple[Line, ...]

    def lines_of(self, priority: str) -> list[Line]:
        return [line for line in self.lines if line.priority == priority]

    @property
    def measures(self) -> list[str]:
        """Ids of all measures that a line names, in line order, each once."""
        named = [m for line in self.lines for part in line.parts for m in part.measures]
        return list(dict.fromkeys(named))


def read_edition(root: Path, edition: str, measures: set[str]) -> Edition:
    """One edition; raises DefinitionFaults, also for a line that names no known measure."""
    folder = root / "plans" / edition
    if not (folder / "plan.yaml").is_file():
        known = sorted(path.parent.name for path in (root / "plans").glob("*/plan.yaml"))
        raise FileNotFoundError(
            f"there is no plan edition '{edition}'; the editions are {', '.join(known)}"
        )
    plan = read(Plan, folder / "plan.yaml", id=edition)
    priorities = read_folder(Priority, folder / "priorities")
    lines = read_folder(Line, folder / "lines")
    faults: list[Fault] = []
    for line in lines.values():
        path = folder / "lines" / f"{line.id}.yaml"
        if line.priority not in priorities:
            faults.append(Fault(path, 1, f"priority: there is no priority '{line.priority}'"))
        for measure in (m for part in line.parts for m in part.measures):
            if measure not in measures:
                faults.append(Fault(path, 1, f"measures: there is no measure '{measure}'"))
    if faults:
        raise DefinitionFaults(faults)
    return Edition(
        plan,
        tuple(sorted(priorities.values(), key=lambda priority: priority.number)),
        tuple(sorted(lines.values(), key=lambda line: line.number)),
    )


def read_editions(root: Path, measures: set[str]) -> dict[str, Edition]:
    """Every edition by id, in order of start."""
    names = sorted(path.parent.name for path in (root / "plans").glob("*/plan.yaml"))
    editions = [read_edition(root, name, measures) for name in names]
    return {e.plan.id: e for e in sorted(editions, key=lambda e: e.plan.starts)}
