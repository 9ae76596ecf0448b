"""What a sentence says of a measure, and what became of it when held against the findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Said = Literal[
    "lower", "higher", "better", "worse", "steady", "no clear change", "both ways", "ranked"
]
Verdict = Literal["supported", "unsupported", "contradicted", "not checkable"]

# A sentence that says several things is as good as the worst of them.
WORST_FIRST: tuple[Verdict, ...] = ("contradicted", "unsupported", "not checkable", "supported")


@dataclass(frozen=True)
class Size:
    """How large the change is said to be.

    value   as written, 12 for "12%"; unit `%` or `points` (percentage points).
    within  how far the true number may lie from it: half of its last digit, more for "about".
    """

    value: float
    unit: Literal["%", "points"]
    within: float


@dataclass(frozen=True)
class Assertion:
    """One clause, understood.

    measures   ids; () where the thing that is spoken of is no measure, which `thing` then names.
    areas      GSS codes; `area_assumed` where the clause names none and an earlier one or the
               whole force stands in. Two codes of one name: it cannot be told which is meant.
    denied     it is said not to be so ("has not fallen"); `clearly` where only that it is not
               clearly so ("no clear fall").
    time       'lately' (also where no time is named), 'over the plan', or the words of another.
    since      month from which it is said to be so (2025-03), else ''.
    until      last month of "the 12 months to July 2025", else ''.
    """

    measures: tuple[str, ...]
    thing: str
    areas: tuple[str, ...]
    area_assumed: bool
    ambiguous: bool
    said: Said
    denied: bool
    clearly: bool
    time: str
    since: str
    until: str
    size: Size | None
    ranks: bool
    causes: bool


@dataclass(frozen=True)
class Claim:
    """The verdict on one thing that a sentence says of one measure in one area.

    line       line of the text on which the sentence begins.
    measure, area   id and GSS code, '' where unknown.
    said       "lower", "not higher", "better", ...
    question   the finding it was held against: `watch`, `edition`, or ''.
    window_last   last month of the figures behind that finding, '' without one.
    words      why, in a sentence or two.
    finding    the finding's own sentence, '' without one.
    """

    line: int
    sentence: str
    measure: str
    area: str
    said: str
    verdict: Verdict
    question: str
    window_last: str
    words: str
    finding: str
