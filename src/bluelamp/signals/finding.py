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


@dataclass(frozen=True)
class LineReading:
    """What may be said of one line of an edition for one area, both parts of a two-sided one.

    It is read from the `watch` findings: how things stand now, under the hopes of its edition.

    reading   better, worse, mixed, changed, no clear change, not judged.
    parts     for each part: as hoped, not as hoped, mixed, changed, no clear change, not judged.
    """

    edition: str
    line: str
    area: str
    reading: str
    parts: tuple[str, ...]
    sentence: str
