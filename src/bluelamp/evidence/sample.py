"""What is known, or assumed, of the people asked by a survey that publishes percentages alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

CERTAIN = 1.96  # standard errors either way that hold 95 figures in 100


@dataclass(frozen=True)
class Asked:
    """How many people are asked for one figure of a level.

    words   a sentence that a reader sees: who says so, or that it is assumed, and from what.
    """

    level: Literal["country", "force", "borough", "ward"]
    people: int
    words: str

    def __post_init__(self) -> None:
        if self.people < 1:
            raise ValueError("sample: `people` asked for one figure are at least 1")


@dataclass(frozen=True)
class Sample:
    """What a survey's published percentages rest on.

    asked          by level; a level that is not named cannot be judged.
    months         how many months one figure covers, a whole number of years: the season would
                   pass for a change otherwise.
    design_effect  what weighting and asking in clusters multiply the variance by, at least 1.
    rounded_to     the step to which percentages are published, as a proportion: 0.01.
    words          a sentence on the design effect: stated or assumed.
    """

    asked: tuple[Asked, ...]
    months: int
    design_effect: float
    words: str
    rounded_to: float = 0.0

    def __post_init__(self) -> None:
        if self.months != 12:
            raise ValueError("sample: only figures that cover 12 `months` can be judged")
        if self.design_effect < 1:
            raise ValueError("sample: a `design_effect` is 1 (drawn at random) or more")
        if not 0 <= self.rounded_to < 0.5:
            raise ValueError("sample: `rounded_to` is a step of a proportion, such as 0.01")

    def of(self, level: str) -> Asked | None:
        """What is known of a level, or None."""
        return next((each for each in self.asked if each.level == level), None)


def effective_people(sample: Sample | None, level: str) -> float | None:
    """How many people drawn at random would tell as much as those asked; None if unknown."""
    asked = sample.of(level) if sample else None
    return None if sample is None or asked is None else asked.people / sample.design_effect


def doubt(sample: Sample | None, level: str) -> float | None:
    """How far a figure may lie from what all would have said, as a proportion: 95 times in 100,
    where half of them say so (elsewhere less); None where nothing is known of the level."""
    effective = effective_people(sample, level)
    return None if effective is None else CERTAIN * math.sqrt(0.25 / effective)
