"""`/plans/<edition>/<priority>/`: the question of one priority, its lines and its promises."""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.look.pieces import Link
from bluelamp.plan.edition import Priority
from bluelamp.plan.promises import promises
from bluelamp.public import addresses
from bluelamp.public.comparisons import of_lines
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import help_for
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.plan import (
    InputLine,
    LineBrief,
    PlanPage,
    PromiseBrief,
    edition_of,
    input_line,
    is_hard,
    line_brief,
    promise_brief,
    speaks_of_harm,
    way_to,
)


@dataclass(frozen=True)
class PriorityPage(PlanPage):
    """`/plans/<edition>/<priority>/`: Its own question, such as: are children safer?

    inputs      its lines about what is put in, which stand apart
    promises    its commitments by kind: a heading and the list
    """

    priority: Priority
    lines: tuple[LineBrief, ...]
    inputs: tuple[InputLine, ...]
    readings: tuple[str, ...]
    promises: tuple[tuple[str, tuple[PromiseBrief, ...]], ...]
    others: tuple[Link, ...]


HEADINGS = {
    "we commit to": "In its “we commit to” lists",
    "other promise": "Elsewhere in its text",
}


def priority_page(opened: OpenRelease, edition: str, priority: str) -> PriorityPage:
    found = edition_of(opened, edition)
    plan = found.plan
    chosen = next((p for p in found.priorities if p.id == priority), None)
    if chosen is None:
        raise NoSuchPage(f"the edition {edition} has no priority '{priority}'")
    lines = found.lines_of(priority)
    briefs = tuple(line_brief(opened, edition, line) for line in lines if line.kind == "outcome")
    mine = [each for each in promises(found) if each.first.priority == priority]
    by_kind = {
        heading: tuple(promise_brief(opened, plan, e) for e in mine if e.first.kind == kind)
        for kind, heading in HEADINGS.items()
    }
    return PriorityPage(
        title=chosen.title,
        active=addresses.PLANS,
        way=way_to(plan),
        help=help_for(
            opened.office.help,
            sensitive=speaks_of_harm(chosen.title)
            or any(is_hard(opened, found, line) for line in lines),
        ),
        comparisons=of_lines(opened, lines, [opened.force.code]),
        plan=plan,
        priority=chosen,
        lines=briefs,
        inputs=tuple(input_line(opened, edition, line) for line in lines if line.kind == "input"),
        readings=tuple(dict.fromkeys(brief.reading for brief in briefs)),
        promises=tuple((heading, each) for heading, each in by_kind.items() if each),
        others=tuple(
            Link(p.title, addresses.priority(edition, p.id))
            for p in found.priorities
            if p.id != priority
        ),
    )
