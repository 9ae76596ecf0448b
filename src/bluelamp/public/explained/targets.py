"""How a target is judged."""

from __future__ import annotations

from bluelamp.look.pieces import Link
from bluelamp.public import addresses
from bluelamp.public.explained.method import NOTHING, Example, Method
from bluelamp.public.opened import OpenRelease
from bluelamp.public.target import target_shown
from bluelamp.signals.finding import TargetReading


def target_example(opened: OpenRelease) -> Example:
    """A target that could be judged, of the leading edition if it has one: met or missed first."""
    judged = [t for t in opened.release.targets if t.status != "not judged"]
    if not judged:
        return NOTHING

    def order(reading: TargetReading) -> tuple[bool, bool, int, str, str]:
        return (
            reading.edition != opened.leading.plan.id, reading.status not in ("met", "missed"),
            opened.rank(reading.area), reading.line, reading.area,
        )  # fmt: skip

    chosen = min(judged, key=order)
    edition = opened.release.editions[chosen.edition]
    line = edition.line(chosen.line)
    if line is None or line.target is None:
        return NOTHING
    told = target_shown(opened, line.target, chosen, "")
    place = opened.called(opened.gazetteer[chosen.area])
    steps = (("The aim", told.aim), *told.facts, ("What we may say", chosen.sentence))
    return Example(
        f"{line.title}, {place}, {edition.plan.short_title}.", steps,
        Link(line.title, addresses.line(chosen.edition, chosen.line)),
    )  # fmt: skip


METHOD = Method(
    id="targets",
    place=10,
    title="How do you judge a target?",
    short="The last twelve months of the time set, against the number that the plan set.",
    example=target_example,
)
