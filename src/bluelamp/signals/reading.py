"""What a finding means against what a plan hopes: the rules that `tests/spec/signals` draws.

A change is *better* or *worse* only where a one-sided line hopes for a direction and names the
thing itself. A proxy (recorded offences for people coming forward) and half of a two-sided line
are never a verdict by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bluelamp.plan.edition import Edition
from bluelamp.plan.line import Line, Part
from bluelamp.signals.finding import Reading, Status

DIRECTIONS = ("lower", "higher", "neither")


@dataclass(frozen=True)
class Stance:
    """What an edition says of one measure: the hope, and the part and line it comes from.

    hope   lower, higher, neither, or '' where no line says which way the measure should go.
    """

    hope: str = ""
    line: Line | None = None
    part: Part | None = None

    @property
    def decides(self) -> bool:
        """Whether a change in this measure may by itself be called better or worse."""
        if self.line is None or self.part is None:
            return False
        return self.hope in ("lower", "higher") and not self.part.proxy and not self.line.two_sided


def stance(edition: Edition, measure: str) -> Stance:
    """What the edition hopes of a measure: the first line that gives it a direction."""
    for line, part in edition.parts_about(measure):
        if part.hope in DIRECTIONS:
            return Stance(part.hope, line, part)
    return Stance()


def finding_reading(status: Status, direction: str, about: Stance) -> Reading:
    """The reading of one finding under what the leading edition hopes of its measure."""
    if status != "changed":
        return status
    if not about.decides:
        return "changed"
    return "better" if direction == about.hope else "worse"


def outcome(status: str, direction: str, hope: str) -> str:
    """One figure against a hope: as hoped, not as hoped, changed, no clear change, not judged."""
    if status != "changed":
        return status
    if hope not in ("lower", "higher"):
        return "changed"
    return "as hoped" if direction == hope else "not as hoped"


def part_outcome(outcomes: Iterable[str]) -> str:
    """The figures of one part taken together; figures that are not judged do not count.

    `mixed` where one figure went the hoped way and another the opposite way.
    """
    judged = {each for each in outcomes if each != "not judged"}
    if not judged:
        return "not judged"
    if {"as hoped", "not as hoped"} <= judged:
        return "mixed"
    for each in ("not as hoped", "as hoped", "changed"):
        if each in judged:
            return each
    return "no clear change"


def line_reading(line: Line, outcomes: tuple[str, ...]) -> str:
    """The reading of a line from the outcome of each of its parts, in order."""
    if line.two_sided:
        return _two_sided(*outcomes)
    if line.parts[0].proxy and outcomes[0] in ("as hoped", "not as hoped", "mixed"):
        return "changed"
    return {"as hoped": "better", "not as hoped": "worse"}.get(outcomes[0], outcomes[0])


def _two_sided(first: str, second: str) -> str:
    """Both halves or no verdict: each half alone can be good news or bad."""
    both = {first, second}
    if "not judged" in both:
        return "not judged"
    if both == {"as hoped"}:
        return "better"
    if both == {"not as hoped"}:
        return "worse"
    if "mixed" in both or both == {"as hoped", "not as hoped"}:
        return "mixed"
    return "no clear change" if both == {"no clear change"} else "changed"
