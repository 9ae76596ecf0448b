"""What the sentence of a survey's finding says, beside what every finding's does.

`signals.sentences` calls these; `tests/spec/signals/test_survey_words.py` shows each as a table.
"""

from __future__ import annotations

import math

from bluelamp.evidence.sample import Sample
from bluelamp.signals.finding import Finding
from bluelamp.signals.wording import month, share_change, span


def assumed(sample: Sample, level: str, reach: float) -> str:
    """How many were asked, who says so, and what can come by chance.

    reach   how far the figure and those it is compared with may lie apart though nothing changed,
            as a proportion. Raises ValueError for a level of which nothing is declared.
    """
    asked = sample.of(level)
    if asked is None:
        raise ValueError(f"nothing is declared of the people asked at {level} level")
    points = math.ceil(reach * 100 - 1e-9)
    return (
        f"{asked.words} {sample.words} So a difference of up to about {points} percentage points "
        "can come by chance."
    )


def changed(finding: Finding, subject: str, when: str) -> str:
    """ "The share of people who ... was lower than before in the 12 months to ...".

    subject   "The share of people who trust the police in Croydon".
    when      the plan's time in words, for the `edition` question.
    """
    told = share_change(
        _given(finding.effect),
        _given(finding.effect_lower),
        _given(finding.effect_upper),
        observed=_given(finding.observed),
        expected=_given(finding.expected),
    ).removesuffix(" expected")
    told = told.replace("instead of the ", "instead of ")
    words = f"{subject} was {finding.direction} than before {_when(finding, when)}: {told}. "
    before = span(finding.baseline_first, finding.baseline_last)
    words += f"That is compared with the mean of {before}. {finding.assumed}"
    if finding.question == "edition":
        words += " It does not show that the plan was the cause."
    return words


def no_clear_change(finding: Finding, subject: str, when: str) -> str:
    """Without `_how_near`, which `signals.sentences` adds."""
    before = span(finding.baseline_first, finding.baseline_last)
    found, due = percent(_given(finding.observed)), percent(_given(finding.expected))
    return (
        f"No clear change in {subject} {_when(finding, when)}: {found}, where it was {due} on "
        f"average in the years before ({before}). {finding.assumed}"
    )


def percent(share: float) -> str:
    """69%, 73.5%: a survey's own percentages are whole, their means are not."""
    return f"{share * 100:.1f}".removesuffix(".0") + "%"


def _when(finding: Finding, when: str) -> str:
    if finding.question == "edition":
        return when
    return f"in the 12 months to {month(finding.window_last)}"


def _given(value: float | None) -> float:
    if value is None:
        raise ValueError("a finding that was judged must carry its size and its levels")
    return value
