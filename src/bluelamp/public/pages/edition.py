"""`/plans/<edition>/`: what was promised, and how is it judged here?"""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.look.readings import READINGS
from bluelamp.plan.edition import Consultation, Edition, Plan, Priority
from bluelamp.plan.promises import promises
from bluelamp.public import addresses
from bluelamp.public.comparisons import of_lines
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import HOME
from bluelamp.public.pages.plan import (
    AFTERWARDS,
    PLANS,
    InputLine,
    LineBrief,
    PlanPage,
    edition_of,
    in_force,
    input_line,
    line_brief,
    progress_words,
)
from bluelamp.public.pages.plans import JUDGED_BY, change_links
from bluelamp.public.shown import capital
from bluelamp.signals import progress

# How many sums of money the page names; the others stand with their promises.
LARGEST = 5
# The words on progress in the order of the page: as hoped, against it, the rest.
PROGRESS = (
    progress.POSITIVE, progress.POSITIVE_LATELY, progress.POSITIVE_BEFORE, progress.POSITIVE_ONCE,
    progress.AGAINST, progress.AGAINST_LATELY, progress.AGAINST_BEFORE, progress.AGAINST_ONCE,
    progress.MIXED, progress.NONE_CLEAR, progress.CANNOT_TELL,
)  # fmt: skip


@dataclass(frozen=True)
class LineGroup:
    """The lines of an edition that share a reading. count: "5 lines", meaning: what that is."""

    reading: str
    count: str
    meaning: str
    lines: tuple[LineBrief, ...]


@dataclass(frozen=True)
class ProgressTally:
    """The lines that share a word on progress: the word, "2 lines", and which."""

    word: str
    count: str
    lines: tuple[Link, ...]


@dataclass(frozen=True)
class Sum:
    """Money that a promise names: the sum as printed, and the promise."""

    words: str
    promise: Link


@dataclass(frozen=True)
class EditionPage(PlanPage):
    """`/plans/<edition>/`: What was promised and how is it judged here?

    progress   what lately and the plan's whole time come to, line by line; () where it is not asked
    promised   pairs of a number of commitments and what kind they are; () where there are none
    more       the pages beside this one that belong to the edition
    """

    leads: bool
    in_force: str
    judged: str
    judged_more: Link
    groups: tuple[LineGroup, ...]
    progress: tuple[ProgressTally, ...]
    readings: tuple[str, ...]
    priorities: tuple[tuple[Priority, Link], ...]
    inputs: tuple[InputLine, ...]
    promised: tuple[tuple[str, str], ...]
    promises: Link
    sums: tuple[Sum, ...]
    more: tuple[tuple[Link, str], ...]
    consultation: Consultation | None
    asked_when: str
    others: tuple[Link, ...]


def edition_page(opened: OpenRelease, edition: str) -> EditionPage:
    found = edition_of(opened, edition)
    plan = found.plan
    groups = line_groups(opened, found)
    asked = plan.consultation
    return EditionPage(
        title=plan.title,
        way=(HOME, PLANS),
        active=addresses.PLANS,
        comparisons=of_lines(opened, found.lines, [opened.force.code]),
        plan=plan,
        leads=plan.id == opened.leading.plan.id,
        in_force=in_force(plan),
        judged=JUDGED_BY[plan.judged_by],
        judged_more=how_judged(plan),
        groups=groups,
        progress=progress_tallies(opened, found),
        readings=tuple(group.reading for group in groups),
        priorities=tuple(
            (p, Link(p.title, addresses.priority(plan.id, p.id))) for p in found.priorities
        ),
        inputs=tuple(input_line(opened, edition, line) for line in found.input_lines),
        promised=promised(found),
        promises=Link("All its commitments", addresses.commitments_by("edition", plan.id)),
        sums=sums(found),
        more=more(opened, found),
        consultation=asked,
        asked_when=f"{words.day(asked.starts)} to {words.day(asked.ends)}" if asked else "",
        others=tuple(
            Link(other.plan.title, addresses.edition(other.plan.id))
            for other in opened.release.editions.values()
            if other.plan.id != plan.id
        ),
    )


def how_judged(plan: Plan) -> Link:
    """The page that explains how an edition of its kind is judged here; where an edition does not
    say how, by progress."""
    if plan.judged_by == "targets":
        return Link("How we judge a target", addresses.method("targets"))
    return Link("How we judge progress", addresses.method("positive-progress"))


def line_groups(opened: OpenRelease, edition: Edition) -> tuple[LineGroup, ...]:
    """The outcome lines by their reading for the force, in the order of READINGS: what is said of
    targets comes first."""
    briefs = [line_brief(opened, edition.plan.id, line) for line in edition.outcome_lines]
    groups = []
    for reading in READINGS.values():
        lines = tuple(brief for brief in briefs if brief.reading == reading.id)
        if lines:
            count = words.counted(len(lines), "line")
            groups.append(LineGroup(reading.id, count, reading.meaning, lines))
    return tuple(groups)


def progress_tallies(opened: OpenRelease, edition: Edition) -> tuple[ProgressTally, ...]:
    """The outcome lines by what is said of their progress for the force."""
    plan = edition.plan.id
    by_word: dict[str, list[Link]] = {}
    for line in edition.outcome_lines:
        if word := progress_words(opened, edition, line):
            link = Link(line.title, addresses.line(plan, line.id))
            by_word.setdefault(word, []).append(link)
    return tuple(
        ProgressTally(capital(word), words.counted(len(lines), "line"), tuple(lines))
        for word, lines in sorted(
            by_word.items(), key=lambda pair: PROGRESS.index(pair[0].removesuffix(AFTERWARDS))
        )
    )


KINDS = {
    "we commit to": ("point of its “we commit to” lists", "points of its “we commit to” lists"),
    "other promise": ("firm promise made elsewhere in it", "firm promises made elsewhere in it"),
}


def promised(edition: Edition) -> tuple[tuple[str, str], ...]:
    """How many commitments of each kind there are; one that is made again counts once."""
    every = promises(edition)
    counts = {kind: sum(each.first.kind == kind for each in every) for kind in KINDS}
    return tuple(
        (words.number(count), KINDS[kind][count != 1]) for kind, count in counts.items() if count
    )


def sums(edition: Edition) -> tuple[Sum, ...]:
    """The largest sums that its promises name. Those that it quotes of other things (what homes
    cost, what councils lack) stand among its numbers."""
    stated = [(each.stated_money, each.first) for each in promises(edition)]
    found = [(money, first) for money, first in stated if money is not None]
    found.sort(key=lambda pair: -(pair[0].money or 0))
    return tuple(
        Sum(
            money.money_words,
            Link(first.title, addresses.commitment(edition.plan.id, first.id)),
        )
        for money, first in found[:LARGEST]
    )


def more(opened: OpenRelease, edition: Edition) -> tuple[tuple[Link, str], ...]:
    """The other pages of an edition, each with what it answers."""
    plan = edition.plan
    found = []
    if edition.quoted:
        said = words.counted(len(edition.quoted), "number that it quotes", "numbers that it quotes")
        found.append((
            Link("The numbers in the plan, checked", addresses.quoted(plan.id)),
            f"The {said}, each beside ours where we can work it out again.",
        ))  # fmt: skip
    if edition.checklist:
        found.append((
            Link("What the law asks of a plan", addresses.contents(plan.id)),
            "Where this one sets it out, and where it does not.",
        ))  # fmt: skip
    if edition.local:
        found.append((
            Link(edition.local.title, addresses.local_priorities(plan.id)),
            f"How each {edition.local.level} came to have priorities of its own.",
        ))  # fmt: skip
    for link in change_links(opened, edition):
        found.append((link, "New, dropped and changed, line by line."))
    return tuple(found)
