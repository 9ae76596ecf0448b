"""How progress is judged where there is no target."""

from __future__ import annotations

from bluelamp.look import words
from bluelamp.look.pieces import Column, Link
from bluelamp.public import addresses
from bluelamp.public.explained.method import NOTHING, Example, Method, Rules
from bluelamp.public.opened import OpenRelease
from bluelamp.public.shown import capital
from bluelamp.signals.progress import progress

READ = ("better", "worse", "mixed", "changed", "no clear change", "not judged")


def progress_rules() -> Rules:
    """What lately and the plan's time come to, from the rule itself; readings that it treats alike
    share a row."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for reading in READ:
        here = (progress(reading, other) for other in READ)
        there = (progress(other, reading) for other in READ)
        alike.setdefault((*here, *there), []).append(reading)
    kinds = list(alike.values())
    return Rules(
        "What the two come to",
        (Column("Over the time of the plan"), Column("Lately"), Column("Taken together")),
        tuple(
            tuple(map(capital, (
                words.listed(over, "or"), words.listed(lately, "or"), progress(lately[0], over[0])
            )))
            for over in kinds
            for lately in kinds
        ),
    )  # fmt: skip


def progress_example(opened: OpenRelease) -> Example:
    """A line of the leading edition of which progress can be told, the most telling first."""
    told = [
        reading
        for reading in opened.release.readings
        if reading.progress and reading.area == opened.force.code
    ]
    if not told:
        return NOTHING
    chosen = min(told, key=lambda r: (place(r.over_the_plan), place(r.reading), r.line))
    line = opened.release.editions[chosen.edition].line(chosen.line)
    title = line.title if line else chosen.line
    return Example(
        f"{title}, {opened.called(opened.force)}.",
        (
            ("Over the time of the plan", capital(chosen.over_the_plan or "not judged")),
            ("Lately", capital(chosen.reading)),
            ("Taken together", capital(chosen.progress)),
        ),
        Link(title, addresses.line(chosen.edition, chosen.line)),
    )


def place(reading: str) -> int:
    """Where a reading stands among those that tell most; '' where it was not asked."""
    return READ.index(reading) if reading in READ else len(READ)


METHOD = Method(
    id="positive-progress",
    place=20,
    title="How do you judge progress where there is no target?",
    short="What happened over the plan's time and what has happened lately, read together.",
    example=progress_example,
    rules=progress_rules(),
)
