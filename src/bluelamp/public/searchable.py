"""What of a release can be found by its words: a document for each page that a reader looks for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bluelamp.plan.commitment import Commitment
from bluelamp.plan.edition import Edition, Plan
from bluelamp.plan.line import Line
from bluelamp.public import addresses
from bluelamp.public.explained import METHODS
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.area import whereabouts
from bluelamp.public.search_words import read_search_words
from bluelamp.public.word_index import Document, WordIndex

# Every kind of page that can be found: its word for one, and for several.
KINDS = {
    "plan": ("plan", "plans"),
    "priority": ("priority of a plan", "priorities of plans"),
    "line": ("line by which a plan is judged", "lines by which plans are judged"),
    "commitment": ("commitment", "commitments"),
    "measure": ("measure", "measures"),
    "gap": ("gap between groups", "gaps between groups"),
    "area": ("area", "areas"),
    "method": ("method", "methods"),
}

OF_A_PLAN = ("plan", "priority", "line", "commitment")

# What a reader may call such a page when asking for it: "what was promised on hate crime".
ALSO_CALLED = {"line": "promise promised", "commitment": "commitment promise promised"}


@lru_cache(maxsize=4)
def documents(opened: OpenRelease) -> tuple[Document, ...]:
    """Every page that can be found, each once, the leading edition before the others."""
    editions = sorted(
        opened.release.editions.values(), key=lambda e: e.plan.id != opened.leading.plan.id
    )
    return (
        *(each for edition in editions for each in _of_edition(opened, edition)),
        *_measures(opened),
        *_gaps(opened),
        *_areas(opened),
        *(
            Document("method", method.title, method.short, addresses.method(method.id))
            for method in METHODS.values()
        ),
    )


@lru_cache(maxsize=4)
def word_index(opened: OpenRelease) -> WordIndex:
    """The words of those pages, indexed once for a release; raises NoFullTextSearch."""
    return WordIndex(documents(opened), read_search_words(opened.release.definitions).same)


def edition_label(plan: Plan) -> str:
    """Which plan a page belongs to, and how it is known where that is not the whole of it."""
    if plan.document == "whole plan":
        return plan.short_title
    return f"{plan.short_title}, known from its {plan.document}"


def _brief(plan: Plan) -> str:
    known = "plan" if plan.document == "whole plan" else plan.document
    return f"{plan.starts.year} {known}"


def _of_edition(opened: OpenRelease, edition: Edition) -> Iterator[Document]:
    plan, label, brief = edition.plan, edition_label(edition.plan), _brief(edition.plan)
    yield Document(
        "plan", plan.title, plan.ambition, addresses.edition(plan.id), label, brief,
        " ".join((brief, plan.mission, *plan.ambitions, *plan.principles, plan.mayor)),
    )  # fmt: skip
    for priority in edition.priorities:
        yield Document(
            "priority", priority.title, f"{priority.question} {priority.summary}",
            addresses.priority(plan.id, priority.id), label, brief, brief,
        )  # fmt: skip
    for line in edition.lines:
        yield _line(opened, edition, line)
    for commitment in edition.commitments:
        yield _commitment(opened, edition, commitment)


def _line(opened: OpenRelease, edition: Edition, line: Line) -> Document:
    plan = edition.plan
    measures = (opened.measures[m].title for part in line.parts for m in part.measures)
    hoped = (part.what for part in line.parts)
    return Document(
        "line", line.title, line.promise, addresses.line(plan.id, line.id),
        edition_label(plan), _brief(plan),
        " ".join((_brief(plan), ALSO_CALLED["line"], *hoped, *measures)),
    )  # fmt: skip


def _commitment(opened: OpenRelease, edition: Edition, each: Commitment) -> Document:
    """A commitment; it is found too by the names of its priority, its list and who takes part.

    Not by that of the office whose plan it is, which would find every other one.
    """
    plan = edition.plan
    titles = (p.title for p in edition.priorities if p.id == each.priority)
    who = (name for name in (each.lead, *each.partners) if name != opened.office.name)
    more = (
        _brief(plan),
        ALSO_CALLED["commitment"],
        *who,
        each.block,
        each.due_words,
        each.money_words,
        *titles,
    )
    return Document(
        "commitment", each.title, each.promise, addresses.commitment(plan.id, each.id),
        edition_label(plan), _brief(plan), " ".join(more),
    )  # fmt: skip


def _measures(opened: OpenRelease) -> Iterator[Document]:
    for measure in opened.own_measures:
        yield Document(
            "measure", measure.title, measure.description, addresses.measure(measure.id),
            more=f"{measure.things} {measure.why}",
        )  # fmt: skip


def _gaps(opened: OpenRelease) -> Iterator[Document]:
    for gap in opened.release.gaps.values():
        more = f"{gap.things} {gap.why} {' '.join(group.words for group in gap.groups)}"
        yield Document("gap", gap.title, gap.description, addresses.gap(gap.id), more=more)


def _areas(opened: OpenRelease) -> Iterator[Document]:
    for area in (*opened.forces, *opened.boroughs, *opened.wards):
        where = whereabouts(opened, area)
        yield Document(
            "area", opened.called(area), "", addresses.area(area.code), where, where,
            f"{area.name} {area.code} {where}",
        )  # fmt: skip
