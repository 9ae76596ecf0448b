"""`/plans/<edition>/local-priorities/`: how did each area come to have priorities of its own?"""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.plan.local import LocalPriorities, Shared
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import help_for
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.plan import (
    MeasureBrief,
    PlanPage,
    edition_of,
    measure_brief,
    way_to,
)

VOLUME = {
    "lower": "The plan hopes for fewer offences.",
    "neither": "The number of offences is watched. Nobody is asked for more or for fewer of them.",
}
KINDS = {
    "common": "Found important everywhere",
    "high harm": "Everywhere, because of the harm they do",
}


@dataclass(frozen=True)
class SharedShown:
    """A concern that every area has, with its measures."""

    shared: Shared
    hope: str
    measures: tuple[MeasureBrief, ...]


@dataclass(frozen=True)
class LocalPage(PlanPage):
    """`/plans/<edition>/local-priorities/`: Who chooses what the police of my area look at first?

    groups   a heading and the concerns under it
    """

    local: LocalPriorities
    groups: tuple[tuple[str, tuple[SharedShown, ...]], ...]


def local_page(opened: OpenRelease, edition: str) -> LocalPage:
    found = edition_of(opened, edition)
    local = found.local
    if local is None:
        raise NoSuchPage(f"the edition {edition} has no local priorities")
    named = {measure for shared in local.shared for measure in shared.measures}
    by_kind = {
        heading: tuple(shared_shown(opened, each) for each in local.shared if each.kind == kind)
        for kind, heading in KINDS.items()
    }
    return LocalPage(
        title=local.title,
        way=way_to(found.plan),
        active=addresses.PLANS,
        help=help_for(
            opened.office.help, sensitive=any(opened.measures[m].sensitive for m in named)
        ),
        plan=found.plan,
        local=local,
        groups=tuple((heading, shared) for heading, shared in by_kind.items() if shared),
    )


def shared_shown(opened: OpenRelease, shared: Shared) -> SharedShown:
    return SharedShown(
        shared,
        VOLUME[shared.volume],
        tuple(measure_brief(opened, measure) for measure in shared.measures),
    )
