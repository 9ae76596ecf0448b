"""What the law says that a police and crime plan must set out, and where an edition does so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bluelamp.definitions import read


@dataclass(frozen=True)
class Requirement:
    """One thing that the law asks a plan to set out."""

    id: str
    what: str
    law: str


@dataclass(frozen=True)
class StatutoryContents:
    """`definitions/statutory-contents.yaml`: the list of the law, in its order."""

    act: str
    source: str
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True)
class Met:
    """Where one edition sets out what one requirement asks for.

    met     `yes`, `partly`, `no`; `cannot tell` where the document we have is not the whole plan.
    where   chapter and section, for `yes` and `partly`; `note` says what is lacking.
    """

    requirement: str
    met: Literal["yes", "partly", "no", "cannot tell"]
    where: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.met in ("yes", "partly") and not self.where:
            raise ValueError(f"'{self.requirement}': say under `where` the plan sets it out")
        if self.met != "yes" and not self.note:
            raise ValueError(f"'{self.requirement}': say under `note` what is lacking")


@dataclass(frozen=True)
class Checklist:
    """`plans/<edition>/contents.yaml`: every requirement once, in the order of the law."""

    items: tuple[Met, ...]


def read_statutory_contents(root: Path) -> StatutoryContents | None:
    """The list of the law; None where this office has written none. Raises DefinitionFaults."""
    path = root / "statutory-contents.yaml"
    return read(StatutoryContents, path) if path.is_file() else None
