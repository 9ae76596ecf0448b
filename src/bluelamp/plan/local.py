"""How an edition has each area choose priorities of its own, and what all of them must share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Shared:
    """A concern that every area has beside those it chooses.

    kind      `common`: found important everywhere; `high harm`: mandatory because of its harm.
    volume    what is hoped of the number of offences: lower, or neither where it is only watched.
    measures  ids of measures of its volume; `missing` and `holder` as in a line.
    repeat    what is hoped of people who are victims again, and what it would need; '' if nothing.
    """

    id: str
    title: str
    kind: Literal["common", "high harm"]
    volume: Literal["lower", "neither"]
    place: str
    measures: tuple[str, ...] = ()
    missing: str = ""
    holder: str = ""
    repeat: str = ""

    def __post_init__(self) -> None:
        if not self.measures and not (self.missing and self.holder):
            raise ValueError(
                f"'{self.id}' names no measure: say under `missing` which data would be needed "
                "and under `holder` who has them"
            )


@dataclass(frozen=True)
class LocalPriorities:
    """`plans/<edition>/local-priorities.yaml`: the rules of the system, not what areas chose.

    level        the kind of area that chooses; `chosen` how many priorities each chooses.
    chosen_from  what they are chosen from; `agreed_by` who must agree; `refreshed` how often.
    unknown      what the plan does not say (which priorities the areas chose).
    """

    title: str
    summary: str
    level: Literal["borough", "ward"]
    chosen: int
    chosen_from: str
    agreed_by: tuple[str, ...]
    refreshed: str
    held_to_account: str
    place: str
    shared: tuple[Shared, ...]
    unknown: str = ""
