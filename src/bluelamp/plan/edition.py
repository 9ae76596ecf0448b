"""A plan edition as data: what was promised and how it is judged.

One folder `definitions/plans/<edition>/`: `plan.yaml`, `priorities/<id>.yaml`, `lines/<id>.yaml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from bluelamp.definitions import DefinitionFaults, Fault, read, read_folder
from bluelamp.periods import Month

Hope = Literal["lower", "higher", "narrower gap", "more representative", "neither"]


@dataclass(frozen=True)
class Part:
    """What one side of a line hopes of some measures, and what is missing to judge it.

    what     ends the sentence "The plan hopes that ...".
    hope     which way the measures named should go for that.
    missing  ends "It would need ...": data that would judge it, or judge it fully. A part without
             measures must say it, and `holder`, who has them.
    proxy    a sentence: why the measures only stand in for what is hoped (recorded offences for
             people coming forward). A change in a proxy alone is never called better or worse.
    """

    hope: Hope
    what: str
    measures: tuple[str, ...] = ()
    missing: str = ""
    holder: str = ""
    proxy: str = ""

    def __post_init__(self) -> None:
        if not self.measures and not (self.missing and self.holder):
            raise ValueError(
                f"'{self.what}' names no measure: say under `missing` which data would be needed "
                "and under `holder` who has them"
            )


@dataclass(frozen=True)
class Line:
    """One line of an edition's performance framework. Two parts make it two-sided.

    number   where it stands among the printed lines, counted from 1.
    promise  what the plan says it will do, in our words; `place` says where in the plan.
    note     what a reader must know before concluding anything from its figures.
    """

    id: str
    number: int
    priority: str
    title: str
    promise: str
    parts: tuple[Part, ...]
    place: str
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.parts) not in (1, 2):
            raise ValueError(f"parts: a line has one part, or two sides; not {len(self.parts)}")

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
    """`plan.yaml`: what the edition is, when it is (or was) in force, how it judges.

    starts, ends  the first and the last day in force.
    called        what sentences call an area by its code, where that is not the area's own name
                  (the plan of a city speaks of the city, not of its police force area).
    """

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
    called: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.first_month > self.last_month:
            raise ValueError(f"no whole month lies between {self.starts} and {self.ends}")

    @property
    def first_month(self) -> Month:
        """The first whole month in force."""
        return Month.of(self.starts) + (self.starts.day > 1)

    @property
    def last_month(self) -> Month:
        """The last whole month in force."""
        month = Month.of(self.ends)
        return month if self.ends == month.last_day else month - 1

    def in_force(self, day: date) -> bool:
        return self.starts <= day <= self.ends


@dataclass(frozen=True)
class Edition:
    """A plan with its priorities and lines, in their printed order."""

    plan: Plan
    priorities: tuple[Priority, ...]
    lines: tuple[Line, ...]

    def lines_of(self, priority: str) -> list[Line]:
        return [line for line in self.lines if line.priority == priority]

    def parts_about(self, measure: str) -> list[tuple[Line, Part]]:
        """Every part that names the measure, with its line, in printed order."""
        return [
            (line, part) for line in self.lines for part in line.parts if measure in part.measures
        ]

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
    faults = _faults(folder, priorities, lines, measures)
    if faults:
        raise DefinitionFaults(faults)
    return Edition(
        plan,
        tuple(sorted(priorities.values(), key=lambda priority: priority.number)),
        tuple(sorted(lines.values(), key=lambda line: line.number)),
    )


def _faults(
    folder: Path, priorities: dict[str, Priority], lines: dict[str, Line], measures: set[str]
) -> list[Fault]:
    """What no single file shows: names that lead nowhere, numbers given twice."""
    faults: list[Fault] = []
    numbered: dict[int, str] = {}
    for line in lines.values():
        path = folder / "lines" / f"{line.id}.yaml"
        if line.priority not in priorities:
            faults.append(Fault(path, 1, f"priority: there is no priority '{line.priority}'"))
        for measure in (m for part in line.parts for m in part.measures):
            if measure not in measures:
                faults.append(Fault(path, 1, f"measures: there is no measure '{measure}'"))
        if (first := numbered.setdefault(line.number, line.id)) != line.id:
            faults.append(Fault(path, 1, f"number: {line.number} is the number of '{first}' too"))
    return faults


def read_editions(root: Path, measures: set[str]) -> dict[str, Edition]:
    """Every edition by id, in order of start."""
    names = sorted(path.parent.name for path in (root / "plans").glob("*/plan.yaml"))
    editions = [read_edition(root, name, measures) for name in names]
    return {e.plan.id: e for e in sorted(editions, key=lambda e: e.plan.starts)}
