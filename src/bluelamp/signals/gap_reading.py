"""What is said of a gap between two groups: the numbers, and the sentence that they entitle to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Check = Literal["", "same", "reversed", "gone", "appears"]


@dataclass(frozen=True)
class GapReading:
    """One comparison of a group with the reference group. It says how large a gap is, never why.

    benchmark, stage, kind   as the gap's definition names them; kind '' is all kinds together.
    events, among            of the group: 40 of 200, or 540 for 13,000 residents; the same of the
                             reference. For like with like the sums over what is alike.
    per                      what a difference is told of: 1,000 residents, or 100 (per cent).
    ratio, lower, upper      how many times as often, and the 95% interval.
    difference ...           the group's rate per `per` less the reference's, with its interval.
    excess ...               events more than at the reference's rate, with its interval.
    unknown, unknown_share   events of a group that nobody wrote down; part of all such events.
    bound_lower, bound_upper the ratio if those were shared out as unfavourably as can be.
    whole, whole_lower, whole_upper, check   of like with like: the ratio of the same events taken
                             together, and what taking them apart does (`strata.simpson`).
    reason                   why there is no ratio; then the numbers are None.
    sentence                 plain English, made in `signals.gap_words` and nowhere else.
    """

    area: str
    benchmark: str
    stage: str
    kind: str
    group: str
    reference: str
    events: float | None
    among: float | None
    reference_events: float | None
    reference_among: float | None
    per: int
    ratio: float | None
    lower: float | None
    upper: float | None
    difference: float | None
    difference_lower: float | None
    difference_upper: float | None
    excess: float | None
    excess_lower: float | None
    excess_upper: float | None
    unknown: float | None
    unknown_share: float | None
    bound_lower: float | None
    bound_upper: float | None
    whole: float | None
    whole_lower: float | None
    whole_upper: float | None
    check: Check
    reason: str
    sentence: str

    @property
    def may_be_luck(self) -> bool:
        """Whether its interval holds 1: as often as the reference."""
        return self.lower is not None and self.upper is not None and self.lower <= 1 <= self.upper

    @property
    def turned_by_unknown(self) -> bool:
        """Whether those of no known group could turn the gap round."""
        low, high = self.bound_lower, self.bound_upper
        return low is not None and high is not None and low < 1 < high

    @property
    def clear(self) -> bool:
        """Whether it can be told which way the gap goes."""
        return self.ratio is not None and not (self.may_be_luck or self.turned_by_unknown)


@dataclass(frozen=True)
class GapResult:
    """Everything that a release says of one gap.

    first, last   the months of the twelve, as 2023-09; '' where there are none: `reason` says why.
    checked       how many of them the publisher's total is still being checked of.
    comparisons   how many ratios are given in all.
    unplaced      events of the whole force that lie in none of its boroughs, as far as is known.
    strange       codes that the definition does not know, in words; they count as unknown.
    receipts      SHA-256 of the files that all of it was made from.
    """

    gap: str
    first: str
    last: str
    checked: int
    comparisons: int
    unplaced: float | None
    strange: tuple[str, ...]
    reason: str
    receipts: tuple[str, ...]
    readings: tuple[GapReading, ...]
