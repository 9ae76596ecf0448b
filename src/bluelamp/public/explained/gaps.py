"""The worked example of the method page on gaps: the first comparison of the release, by hand."""

from __future__ import annotations

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.measures.gap import Gap
from bluelamp.public import addresses
from bluelamp.public.explained.method import NOTHING, Example, Method
from bluelamp.public.opened import OpenRelease
from bluelamp.signals.gap_reading import GapReading

Steps = tuple[tuple[str, str], ...]


def gap_example(opened: OpenRelease) -> Example:
    """The first comparison of the whole force; NOTHING where the release has none."""
    for gap in opened.release.gaps.values():
        for reading in opened.release.gap_results[gap.id].readings:
            if reading.ratio is not None and reading.area == opened.force.code:
                return Example(
                    f"{gap.title}, {opened.called(opened.force)}.",
                    _steps(gap, reading),
                    Link(gap.title, addresses.gap(gap.id)),
                )
    return NOTHING


def _steps(gap: Gap, reading: GapReading) -> Steps:
    group, reference = gap.group(reading.group).words, gap.group(reading.reference).words
    ours = f"{words.number(reading.events or 0)} for {words.number(reading.among or 0)} residents"
    theirs = (
        f"{words.number(reading.reference_events or 0)} for "
        f"{words.number(reading.reference_among or 0)} residents"
    )
    return (
        (f"{gap.things.capitalize()} of {group}", ours),
        (f"{gap.things.capitalize()} of {reference}", theirs),
        ("The first rate divided by the second", words.number(reading.ratio or 0, 2)),
        ("Likely range", words.interval(reading.lower, reading.upper, 2)),
        (
            f"With {gap.unknown_words}",
            f"{words.number(reading.unknown or 0)}, {words.percent(reading.unknown_share or 0, 1)}",
        ),
        (
            "All of those given to the one group, or to the other",
            words.interval(reading.bound_lower, reading.bound_upper, 2),
        ),
    )


METHOD = Method(
    id="gaps",
    place=50,
    title="How do you compare groups of people?",
    short="How many times as often, by several yardsticks, each with its range and its limits.",
    example=gap_example,
)
