"""A finding: one tested answer about one measure in one area. Chart, table, icon and sentence
of a page all come from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Question = Literal["watch", "edition"]
Status = Literal["changed", "no clear change", "not judged"]
Reading = Literal["better", "worse", "changed", "no clear change", "not judged"]


@dataclass(frozen=True)
class Finding:
    """What may be said of one measure in one area, and the sentence it is entitled to.

    question   `watch`: the last 12 complete months against the 24-60 before them;
               `edition`: the edition's period against the 24-60 months before it.
    status     `changed` only where the finding passed the false-discovery control over everything
               tested in the release (q_value <= 0.05).
    direction  'lower' or 'higher', '' where nothing changed or nothing was tested.
    hope       what the leading plan edition hopes: lower, higher, neither, or '' if no line says.
    reading    status and hope together (`signals.reading`); 'changed' where it is no verdict:
               nobody hopes for a direction, or the measure is a proxy or half of a two-sided line.
    since      first month (2025-03) of the change, for `watch`; else ''.
    effect, effect_lower, effect_upper   observed less expected, a month, in the measure's unit
               (for shares in proportion), over the months of the change.
    observed, expected   mean a month over the months of the change.
    window_first .. baseline_last   months, as 2023-06.
    p_value, q_value   None where not tested; then `reason` has the words.
    sentence   plain English, made in `signals.sentences` and nowhere else.
    told_from  month with whose figures a `watch` change could first be told from chance; '' for
               another.
    assumed    what it rests on and nobody published: how many people a survey asked. '' if nothing.
    """

    question: Question
    measure: str
    area: str
    group: str
    status: Status
    direction: str
    hope: str
    reading: Reading
    since: str
    effect: float | None
    effect_lower: float | None
    effect_upper: float | None
    observed: float | None
    expected: float | None
    window_first: str
    window_last: str
    baseline_first: str
    baseline_last: str
    p_value: float | None
    q_value: float | None
    reason: str
    sentence: str
    assumed: str = ""
    told_from: str = ""


@dataclass(frozen=True)
class LineReading:
    """What may be said of one line of an edition for one area, both parts of a two-sided one.

    It is read from the `watch` findings: how things stand now, under the hopes of its edition.
    A line with a target is read from its target where that can be judged.

    reading   better, worse, mixed, changed, no clear change, not judged; with a target met, missed,
              on course, off course, too close to call.
    parts     for each part: as hoped, not as hoped, mixed, changed, no clear change, not judged.
    over_the_plan   the reading of the `edition` findings; only for the leading edition, else ''.
    progress  what the two together come to (`signals.progress`).
    """

    edition: str
    line: str
    area: str
    reading: str
    parts: tuple[str, ...]
    sentence: str
    over_the_plan: str = ""
    progress: str = ""


TargetStatus = Literal[
    "met", "missed", "on course", "off course", "too close to call", "not judged"
]


@dataclass(frozen=True)
class TargetPoint:
    """The way to a target, a month: the twelve months (or the survey's period) that end with it.

    value       what was found, in the measure's unit; None where not all twelve months are known.
    trajectory  where a straight way from the baseline to the goal stands by then.
    chance      of meeting the goal in time, from the figures to that month only; None where it
                was not worked out (shown once a year, and for the last month).
    """

    month: str
    value: float | None
    trajectory: float | None
    chance: float | None


@dataclass(frozen=True)
class TargetReading:
    """What may be said of one target of an edition for one area, as known on the release's date.

    baseline, goal   levels in the unit of the measure over twelve months (a survey's: a
                     proportion); None where the edition gives none and none can be worked out.
    by               last month of the time for the goal, '' without a date.
    latest, latest_month   the newest twelve months known, no later than `by`.
    trajectory       where a straight way from baseline to goal stands at `latest_month`.
    distance         latest less goal.
    chance           of meeting the goal in time, 0 to 1; None once it is met or missed, or where
                     it cannot be worked out.
    points           by month, oldest first; () where there is nothing to draw.
    reason           '' where judged, else a sentence.
    """

    edition: str
    line: str
    area: str
    measure: str
    status: TargetStatus
    baseline: float | None
    baseline_first: str
    baseline_last: str
    goal: float | None
    by: str
    latest: float | None
    latest_month: str
    trajectory: float | None
    distance: float | None
    chance: float | None
    points: tuple[TargetPoint, ...]
    reason: str
    sentence: str


Verdict = Literal["agrees", "differs", "cannot be checked"]


@dataclass(frozen=True)
class QuotedReading:
    """A number that an edition quotes beside the same number made again.

    ours      in the unit of the quoted figure; None where it cannot be made again.
    how       a sentence: what it was made from ("offences recorded January to December 2016").
    reason    why it cannot be made again, or why ours differs as far as known; '' where it agrees.
    """

    edition: str
    figure: str
    verdict: Verdict
    ours: float | None
    how: str
    reason: str
    sentence: str
