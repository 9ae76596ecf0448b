"""Reads plan editions from their folders, and refuses one whose parts do not fit together."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

from bluelamp.definitions import DefinitionFaults, Fault, read, read_each
from bluelamp.plan.checks import faults_of
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.contents import Checklist, read_statutory_contents
from bluelamp.plan.edition import Edition, Plan, Priority
from bluelamp.plan.line import Line
from bluelamp.plan.local import LocalPriorities
from bluelamp.plan.quoted import Theme

T = TypeVar("T")
N = TypeVar("N", Priority, Line, Commitment, Theme)


# Stands in for a plan.yaml with faults while the other files are held against one another.
NO_PLAN = Plan("", "", "", "", date(2000, 1, 1), date(2000, 12, 31), "not stated", "", "", "")


def read_edition(root: Path, edition: str, measures: set[str]) -> Edition:
    """One edition; `measures` are the ids that it may name.

    Raises DefinitionFaults with the faults of all its files, and FileNotFoundError for an edition
    that is not there.
    """
    folder = root / "plans" / edition
    if not (folder / "plan.yaml").is_file():
        known = sorted(path.parent.name for path in (root / "plans").glob("*/plan.yaml"))
        raise FileNotFoundError(
            f"there is no plan edition '{edition}'; the editions are {', '.join(known)}"
        )
    return _Reader(root, folder).edition(measures)


class _Reader:
    """Reads every file of an edition before it gives up, so that all faults are told at once."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        self.faults: list[Fault] = []

    def edition(self, measures: set[str]) -> Edition:
        plan = self._tried(lambda: read(Plan, self.folder / "plan.yaml", id=self.folder.name))
        priorities = self._numbered(Priority, "priorities")
        lines = self._numbered(Line, "lines")
        commitments = self._numbered(Commitment, "commitments")
        themes = self._numbered(Theme, "quoted")
        checklist = self._one(Checklist, "contents.yaml")
        local = self._one(LocalPriorities, "local-priorities.yaml")
        law = self._tried(lambda: read_statutory_contents(self.root))
        tables = self._tables()
        made = Edition(
            plan or NO_PLAN, priorities, lines, commitments, themes, tables, checklist, local
        )
        self.faults += faults_of(self.folder, made, measures, law)
        if self.faults:
            raise DefinitionFaults(self.faults)
        return made

    def _tried(self, reading: Callable[[], T]) -> T | None:
        try:
            return reading()
        except DefinitionFaults as error:
            self.faults += error.faults
            return None

    def _numbered(self, cls: type[N], name: str) -> tuple[N, ...]:
        """The files of a folder in the order of their numbers; those with faults are left out."""
        found = read_each(cls, self.folder / name, self.faults)
        return tuple(sorted(found.values(), key=lambda each: each.number))

    def _one(self, cls: type[T], name: str) -> T | None:
        path = self.folder / name
        return self._tried(lambda: read(cls, path)) if path.is_file() else None

    def _tables(self) -> dict[str, tuple[Mapping[str, str], ...]]:
        tables: dict[str, tuple[Mapping[str, str], ...]] = {}
        for path in sorted((self.folder / "tables").glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                tables[path.stem] = tuple(csv.DictReader(file))
        return tables


def read_editions(root: Path, measures: set[str]) -> dict[str, Edition]:
    """Every edition by id, in order of start; raises DefinitionFaults with the faults of all."""
    editions: list[Edition] = []
    faults: list[Fault] = []
    for name in sorted(path.parent.name for path in (root / "plans").glob("*/plan.yaml")):
        try:
            editions.append(read_edition(root, name, measures))
        except DefinitionFaults as error:
            faults += error.faults
    if faults:
        raise DefinitionFaults(faults)
    return {e.plan.id: e for e in sorted(editions, key=lambda e: (e.plan.starts, e.plan.id))}
