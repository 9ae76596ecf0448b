"""What the range beside a figure means."""

from __future__ import annotations

from bluelamp.figures import Figure, Withheld
from bluelamp.look.pieces import Link
from bluelamp.measures.definition import Measure
from bluelamp.public import addresses
from bluelamp.public.explained.method import NOTHING, Example, Method
from bluelamp.public.opened import OpenRelease
from bluelamp.public.shown import shown


def interval_example(opened: OpenRelease) -> Example:
    """The newest 12 months of the smallest count that has an interval: where it matters most."""
    found: list[tuple[float, Measure, Figure]] = []
    for measure in opened.own_measures:
        figure = opened.headline(measure.id).get(opened.force.code)
        if figure is None or isinstance(figure.value, Withheld) or figure.lower is None:
            continue
        if measure.kind == "count":
            found.append((figure.value, measure, figure))
    if not found:
        return NOTHING
    _, measure, figure = min(found, key=lambda item: (item[0], item[1].id))
    told = shown(measure, figure)
    return Example(
        f"{measure.title}, {opened.called(opened.force)}, {told.period}.",
        (
            ("Recorded", told.number),
            ("95% interval", told.interval),
            ("In words", f"Had luck alone been different, the count might well have been anything "
             f"from {told.interval}."),
        ),
        Link(measure.title, addresses.measure(measure.id)),
    )  # fmt: skip


METHOD = Method(
    id="intervals",
    place=80,
    title="What does the range beside a figure mean?",
    short="How far luck alone may have moved it.",
    example=interval_example,
)
