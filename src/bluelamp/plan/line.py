"""What a plan hopes of what is measured: lines, their sides, and the numbers an edition sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bluelamp.periods import Month

Hope = Literal["lower", "higher", "narrower gap", "more representative", "neither"]


@dataclass(frozen=True)
class Target:
    """A number that the edition itself sets: how much, from where, by when.

    words     the aim as the edition puts it, in our words, its figures exactly as printed.
    change    the aim as a proportion of the baseline: -0.2 is a fifth less. Needs a baseline.
    at_least, at_most   the aim as a level, in the unit of the measure (a percentage as 0.75) or,
              where the part has no measure, in `unit`. Exactly one of the three is given.
    unit      what the level counts, where no measure says it: "constables in each ward".
    by        the last day of the twelve months (for counts) or of the period (for surveys) in
              which the aim must hold; None where the edition names no date.
    baseline  the level that the edition states as its start, in the same unit as the level.
    baseline_first, baseline_last   first and last day of the months that the measure is added up
              over for the baseline, where the edition states no level. Whole months.
    baseline_note   a sentence: where the baseline comes from; says so where it is our choice.
    """

    words: str
    change: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    unit: str = ""
    by: date | None = None
    baseline: float | None = None
    baseline_first: date | None = None
    baseline_last: date | None = None
    baseline_note: str = ""

    def __post_init__(self) -> None:
        if sum(aim is not None for aim in (self.change, self.at_least, self.at_most)) != 1:
            raise ValueError("target: give exactly one of change, at_least and at_most")
        if (self.baseline_first is None) != (self.baseline_last is None):
            raise ValueError("target: baseline_first and baseline_last go together")
        if self.baseline is not None and self.baseline_first is not None:
            raise ValueError("target: give the level of the baseline or its months, not both")
        if self.baseline_first and self.baseline_last:
            _check_whole_months(self.baseline_first, self.baseline_last)

    @property
    def has_baseline(self) -> bool:
        return self.baseline is not None or self.baseline_first is not None

    @property
    def baseline_months(self) -> tuple[Month, Month] | None:
        """The first and the last month of the baseline; None where it is no period of months."""
        if self.baseline_first is None or self.baseline_last is None:
            return None
        return Month.of(self.baseline_first), Month.of(self.baseline_last)

    @property
    def last_month(self) -> Month | None:
        """The month with which the time for the aim ends; None without a date."""
        return None if self.by is None else Month.of(self.by)


def _check_whole_months(first: date, last: date) -> None:
    if first.day != 1 or last != Month.of(last).last_day or last < first:
        raise ValueError(
            f"target: the baseline must be whole months, such as 2011-04-01 to 2012-03-31, "
            f"not {first} to {last}"
        )


@dataclass(frozen=True)
class Part:
    """What one side of a line hopes of some measures, and what is missing to judge it.

    what     ends the sentence "The plan hopes that ...".
    hope     which way the measures named should go for that.
    target   the number that the edition sets for it, if it sets one.
    missing  ends "It would need ...": data that would judge it, or judge it fully. A part without
             measures must say it, and `holder`, who has them.
    proxy    a sentence: why the measures only stand in for what is hoped (recorded offences for
             people coming forward). A change in a proxy alone is never called better or worse.
    """

    hope: Hope
    what: str
    measures: tuple[str, ...] = ()
    target: Target | None = None
    missing: str = ""
    holder: str = ""
    proxy: str = ""

    def __post_init__(self) -> None:
        if not self.measures and not (self.missing and self.holder):
            raise ValueError(
                f"'{self.what}' names no measure: say under `missing` which data would be needed "
                "and under `holder` who has them"
            )
        if self.target and len(self.measures) > 1:
            raise ValueError(f"'{self.what}': a target is set for one measure, not for several")
        a_level = self.target is not None and self.target.change is None
        if self.target and a_level and not self.measures and not self.target.unit:
            raise ValueError(f"'{self.what}': say under target which `unit` its level counts")


@dataclass(frozen=True)
class Line:
    """One line by which an edition is judged. Two parts make it two-sided.

    number   where it stands among the edition's lines, counted from 1.
    kind     `outcome`: what people live through; `input`: officers, money, buildings, services
             that are put in. Input lines stand in a list of their own.
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
    kind: Literal["outcome", "input"] = "outcome"
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.parts) not in (1, 2):
            raise ValueError(f"parts: a line has one part, or two sides; not {len(self.parts)}")
        if len(self.parts) == 2 and any(part.target for part in self.parts):
            raise ValueError("parts: a line with two sides cannot have a target")

    @property
    def two_sided(self) -> bool:
        return len(self.parts) == 2

    @property
    def target(self) -> Target | None:
        """The number that the edition sets for this line, if any."""
        return self.parts[0].target
