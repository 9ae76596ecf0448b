"""Why there is no figure."""

from __future__ import annotations

from bluelamp.look.pieces import Link
from bluelamp.periods import Month
from bluelamp.public import addresses
from bluelamp.public.explained.method import NOTHING, Example, Method
from bluelamp.public.opened import OpenRelease


def withheld_example(opened: OpenRelease) -> Example:
    """A month of each state that the release holds, beside the months that are known."""
    steps = []
    for state, what in (
        ("partial", "Partial: no figure is given"),
        ("being checked", "Being checked: shown, but left out of tests"),
        ("missing", "Missing: nothing was received"),
    ):
        record = next((c for c in opened.release.coverage if c.state == state), None)
        if record:
            source = opened.release.sources[record.source].title
            said = f"{source}, {Month.parse(record.month).words}"
            steps.append((what, f"{said}. {record.note}" if record.note else f"{said}."))
    if not steps:
        return NOTHING
    link = Link("Coverage, month by month", addresses.COVERAGE)
    return Example("One case of each kind that this release holds.", tuple(steps), link)


METHOD = Method(
    id="withheld",
    place=90,
    title="Why is there no figure?",
    short="Withheld, partial, being checked and missing are four different things.",
    example=withheld_example,
)
