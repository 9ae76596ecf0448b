"""What the office itself got wrong and put right: a file each in `definitions/corrections/`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bluelamp.definitions import read_folder


@dataclass(frozen=True)
class Mistake:
    """Something published here that was wrong.

    id     the file's name: the day on which it was put right and a few words (2026-05-04-burglary).
    on     that day.
    wrong  what was said, and how long.
    now    what is right.
    pages  the addresses of the pages that had it: `/measures/burglary/`.
    """

    id: str
    on: date
    wrong: str
    now: str
    pages: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.id.startswith(f"{self.on.isoformat()}-"):
            raise ValueError(f"on: the file's name begins with another day than {self.on}")
        if not self.pages:
            raise ValueError("pages: name at least one page that had it")
        for page in self.pages:
            if not (page.startswith("/") and page.endswith("/")):
                raise ValueError(
                    f"pages: '{page}' is no address of this site; write it as /measures/burglary/"
                )


def read_mistakes(root: Path) -> tuple[Mistake, ...]:
    """Every mistake, the last one put right first; raises DefinitionFaults with every fault."""
    found = read_folder(Mistake, root / "corrections").values()
    return tuple(sorted(found, key=lambda each: (each.on, each.id), reverse=True))
