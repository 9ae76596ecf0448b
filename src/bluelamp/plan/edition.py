"""A plan edition as data: what was promised and how it is judged.

One folder `definitions/plans/<edition>/`: `plan.yaml`, `priorities/`, `lines/`, `commitments/` and
`quoted/` (a file each), `tables/*.csv`, `contents.yaml`, `local-priorities.yaml`. Only the first
three are needed. `plan.reading` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

from bluelamp.periods import Month
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.contents import Checklist
from bluelamp.plan.line import Line, Part
from bluelamp.plan.local import LocalPriorities
from bluelamp.plan.quoted import Quoted, Theme

JudgedBy = Literal["targets", "progress", "not stated"]
Document = Literal["whole plan", "consultation draft", "announcement"]


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
class Consultation:
    """How people were asked about the plan, and what the plan says they answered.

    asked   the questions put, in our words; heard, what the plan says was heard, a point each.
    """

    name: str
    starts: date
    ends: date
    how: str = ""
    asked: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Plan:
    """`plan.yaml`: what the edition is, when it is (or was) in force, how it judges.

    document      what is known of the edition: the whole plan, a draft, an announcement. `known_by`
                  says so in a sentence for every page, '' for a whole plan.
    starts, ends  the first and the last day in force.
    judged_by     `targets`: numbers to reach; `progress`: a direction hoped for, no number;
                  `not stated`: what we have of the edition does not say.
    mission       what the edition says it is for; `ambitions` its aims, a point each.
    principles    how it says it will work, a point each.
    called        what sentences call an area by its code, where that is not the area's own name
                  (the plan of a city speaks of the city, not of its police force area).
    """

    id: str
    title: str
    short_title: str
    standing: str
    starts: date
    ends: date
    judged_by: JudgedBy
    how_judged: str
    ambition: str
    source: str
    document: Document = "whole plan"
    known_by: str = ""
    mayor: str = ""
    deputy_mayor: str = ""
    mission: str = ""
    ambitions: tuple[str, ...] = ()
    principles: tuple[str, ...] = ()
    accountable: tuple[str, ...] = ()
    consultation: Consultation | None = None
    called: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.first_month > self.last_month:
            raise ValueError(
                f"no whole month lies between {self.starts} and {self.ends}; write the first day "
                "in force under starts and the last under ends"
            )
        if (self.document == "whole plan") != (not self.known_by):
            raise ValueError(
                "known_by: say in a sentence what is known of an edition of which only a draft or "
                "an announcement is at hand; a whole plan has none"
            )

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
    """A plan with all that it holds, in its printed order.

    tables   by name (`officers-by-borough`): rows of a table that the plan prints, as text.
    """

    plan: Plan
    priorities: tuple[Priority, ...]
    lines: tuple[Line, ...]
    commitments: tuple[Commitment, ...] = ()
    themes: tuple[Theme, ...] = ()
    tables: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    checklist: Checklist | None = None
    local: LocalPriorities | None = None

    @cached_property
    def outcome_lines(self) -> tuple[Line, ...]:
        """Lines about what people live through: what the edition is judged by first."""
        return tuple(line for line in self.lines if line.kind == "outcome")

    @cached_property
    def input_lines(self) -> tuple[Line, ...]:
        """Lines about officers, money, buildings and services that are put in."""
        return tuple(line for line in self.lines if line.kind == "input")

    @cached_property
    def quoted(self) -> Mapping[str, Quoted]:
        """Every quoted figure by id, theme by theme."""
        return {figure.id: figure for theme in self.themes for figure in theme.figures}

    def lines_of(self, priority: str) -> list[Line]:
        return [line for line in self.lines if line.priority == priority]

    def commitments_of(self, priority: str) -> list[Commitment]:
        return [each for each in self.commitments if each.priority == priority]

    def line(self, line_id: str) -> Line | None:
        return next((line for line in self.lines if line.id == line_id), None)

    def commitment(self, commitment_id: str) -> Commitment | None:
        return next((each for each in self.commitments if each.id == commitment_id), None)

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
