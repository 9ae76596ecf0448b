"""A finding of the release, worked out step by step: the example of both questions."""

from __future__ import annotations

from collections.abc import Callable

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.measures.definition import Measure
from bluelamp.periods import Month
from bluelamp.public.explained.method import NOTHING, Example
from bluelamp.public.opened import OpenRelease
from bluelamp.public.shown import in_unit, measure_address, unit_words
from bluelamp.signals.finding import Finding


def tested_example(question: str) -> Callable[[OpenRelease], Example]:
    """An example of one question: a finding that changed if there is one, the widest area first."""

    def example(opened: OpenRelease) -> Example:
        tested = [
            f
            for f in opened.release.findings
            if f.question == question
            and f.p_value is not None
            and not f.assumed  # a survey is judged by years, in another way
        ]
        if not tested:
            return NOTHING
        return finding_example(opened, min(tested, key=lambda f: example_order(opened, f)))

    return example


def example_order(opened: OpenRelease, finding: Finding) -> tuple[bool, int, float, str]:
    return (
        finding.status != "changed", opened.rank(finding.area), finding.q_value or 0.0,
        finding.measure,
    )  # fmt: skip


def finding_example(opened: OpenRelease, finding: Finding) -> Example:
    """The numbers from which a finding was made, in the order in which they are worked out."""
    measure, area = opened.measures[finding.measure], opened.gazetteer[finding.area]
    steps = [
        ("Months judged", span(finding.window_first, finding.window_last)),
        ("Months they are compared with", span(finding.baseline_first, finding.baseline_last)),
    ]
    if finding.expected is not None and finding.observed is not None:
        steps += [
            ("Expected a month, had nothing changed", amount(measure, finding.expected)),
            ("Recorded a month", amount(measure, finding.observed)),
        ]
    if None not in (finding.effect, finding.effect_lower, finding.effect_upper):
        steps.append(("Difference a month, with its 95% interval", difference(measure, finding)))
    steps += [
        ("Chance of a difference so large if nothing had changed", chance(finding.p_value)),
        ("The same, allowing for everything tested at once", chance(finding.q_value)),
        ("What we may say", finding.sentence),
    ]
    link = Link(f"{measure.title}, {opened.called(area)}", measure_address(opened, finding))
    return Example(f"{measure.title}, {opened.called(area)}.", tuple(steps), link)


def span(first: str, last: str) -> str:
    return f"{Month.parse(first).words} to {Month.parse(last).words}"


def amount(measure: Measure, value: float) -> str:
    return f"{in_unit(measure, value)} {unit_words(measure)}"


def difference(measure: Measure, finding: Finding) -> str:
    """Observed less expected; for a share in percentage points."""

    def written(value: float | None) -> str:
        if measure.is_percentage:
            return words.signed((value or 0.0) * 100, 1)
        return words.signed(value or 0.0, 0)

    of = "percentage points" if measure.is_percentage else unit_words(measure)
    middle, ends = written(finding.effect), (finding.effect_lower, finding.effect_upper)
    return f"{middle} {of} (between {written(ends[0])} and {written(ends[1])})"


def chance(value: float | None) -> str:
    if value is None:
        return "not worked out"
    if value < 0.0001:
        return "less than 1 in 10,000"
    if value < 0.0005:  # which would be "about 0.0 in 100"
        return f"{words.number(value, 4)} (less than 0.1 in 100)"
    return f"{words.number(value, 4)} (about {words.number(value * 100, 1)} in 100)"
