"""False discoveries: of all that a release calls changed, at most 1 in 20 should be chance.

Everything tested in a release is one family, both questions, all measures, all areas: whoever
tests 15,000 series at 1 in 20 finds 750 "changes" where nothing has changed. The control is that
of Benjamini and Hochberg (1995) with weights fixed beforehand (Genovese, Roeder and Wasserman
2006, *Biometrika* 93): the force, the boroughs and the wards each get the same share of it. There
are twenty wards to a borough, and without weights so many tests of small places would leave no
change in the whole city large enough to be told. Weights that average 1 over the tests and do not
look at the p-values keep the rate of the whole family at 5%.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bluelamp.signals.judge import Answer, JudgedSeries

RATE = 0.05
SELDOM_IN_A_YEAR = 0.05


@dataclass(frozen=True)
class Tally:
    """How many findings were tested and how many of them are changes, for a question and level."""

    question: str
    level: str
    asked: int
    tested: int
    changed: int


@dataclass(frozen=True)
class Family:
    """All that was tested together.

    rate     the false discovery rate that was controlled.
    asked    findings made; `tested` of them were tested, `changed` passed.
    tallies  the same by question and level, in that order.
    """

    rate: float
    asked: int
    tested: int
    changed: int
    tallies: tuple[Tally, ...]

    def as_dict(self) -> dict[str, Any]:
        """For `Manifest.family`: plain values, the same for the same release."""
        return asdict(self)


@dataclass(frozen=True)
class Verdict:
    """What the control said of one Answer. Arrays are (areas,); q_value is NaN where untested."""

    q_value: NDArray[np.float64]
    changed: NDArray[np.bool_]


def control(
    judged: Sequence[JudgedSeries], rate: float = RATE
) -> tuple[list[tuple[Verdict, Verdict]], Family]:
    """The verdicts on the `watch` and the `edition` answer of each series, and the family's tally.

    A finding is a change when its q-value is at most `rate`, *and* a year of monthly looks at a
    series that does not change would show it at most once in 20, *and* the interval of its size
    lies wholly on the side of its direction: no sentence may give a range that includes no change.
    """
    from bluelamp.statistics.false_discovery import benjamini_hochberg

    answers = [answer for one in judged for answer in one.answers]
    levels = [one.series.level for one in judged for _ in one.answers]
    p_values = np.concatenate([np.empty(0), *(answer.p_value for answer in answers)])
    of_level = np.repeat(levels, [len(answer.p_value) for answer in answers])
    weighed = np.minimum(p_values / weights(of_level, np.isfinite(p_values)), 1)
    q_values = benjamini_hochberg(weighed)
    verdicts: list[Verdict] = []
    taken = 0
    for answer in answers:
        q = q_values[taken : taken + len(answer.p_value)]
        taken += len(q)
        steady = answer.year_p_value <= SELDOM_IN_A_YEAR
        verdicts.append(Verdict(q, (q <= rate) & steady & has_a_side(answer)))
    pairs = list(zip(verdicts[::2], verdicts[1::2], strict=True))
    return pairs, _family(judged, pairs, rate)


def weights(levels: NDArray[np.str_], tested: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(findings,) the weight of each, by its level: every level tested has the same share.

    They average 1 over the findings tested.
    """
    found = np.ones(levels.shape)
    counts = {level: int((tested & (levels == level)).sum()) for level in np.unique(levels)}
    shares = sum(1 for count in counts.values() if count)
    for level, count in counts.items():
        if count:
            found[levels == level] = tested.sum() / shares / count
    return found


def has_a_side(answer: Answer) -> NDArray[np.bool_]:
    """(areas,) whether direction, effect and its whole interval lie on one side of no change."""
    side = answer.direction.astype(float)
    parts = (answer.effect, answer.effect_lower, answer.effect_upper)
    return (side != 0) & np.all([part * side > 0 for part in parts], axis=0)


def _family(
    judged: Sequence[JudgedSeries], pairs: Sequence[tuple[Verdict, Verdict]], rate: float
) -> Family:
    counts: dict[tuple[str, str], list[int]] = {}
    for one, verdicts in zip(judged, pairs, strict=True):
        for answer, verdict in zip(one.answers, verdicts, strict=True):
            row = counts.setdefault((answer.question, one.series.level), [0, 0, 0])
            row[0] += len(answer.p_value)
            row[1] += int(np.isfinite(answer.p_value).sum())
            row[2] += int(verdict.changed.sum())
    tallies = tuple(Tally(*key, *row) for key, row in sorted(counts.items(), reverse=True))
    asked, tested, changed = (
        sum(getattr(t, name) for t in tallies) for name in ("asked", "tested", "changed")
    )
    return Family(rate, asked, tested, changed, tallies)
