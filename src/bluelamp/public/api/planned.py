"""What was planned: editions, lines, promises, targets, quoted numbers, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeVar

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from bluelamp.plan.changes import Changes, changes
from bluelamp.public.api import plan_answers as answers
from bluelamp.public.api.asking import Limit, Message, Offset, check_known
from bluelamp.public.opened import OpenRelease
from bluelamp.public.views import current

router = Router()
T = TypeVar("T")

EDITION = "an edition's id, from /plans"


class Asked(Schema):
    """How much of an answer, and of which edition."""

    edition: str | None = Field(None, description=EDITION)
    limit: Limit = 100
    offset: Offset = 0

    def page(self, found: Sequence[T]) -> dict[str, Any]:
        return {"total": len(found), "items": found[self.offset : self.offset + self.limit]}

    def wanted(self) -> dict[str, Any]:
        """The values asked for, by the name of the field that must have them."""
        return self.dict(exclude={"limit", "offset"}, exclude_none=True)


class ReadingQuery(Asked):
    """Which readings of lines, or of targets, are asked for."""

    line: str | None = Field(None, description="a line's id, from /plans/{edition}")
    area: str | None = Field(None, description="an area's GSS code, from /areas")


class CommitmentQuery(Asked):
    """Which commitments are asked for."""

    kind: Literal["we commit to", "other promise"] | None = None
    lead: str | None = Field(None, description="who is to do it, in the words of the plan")
    priority: str | None = Field(None, description="a priority's id; '' for the plan as a whole")


class QuotedQuery(Asked):
    """Which quoted figures are asked for."""

    theme: str | None = None
    verdict: Literal["agrees", "differs", "cannot be checked"] | None = None


class ChangesQuery(Schema):
    """Which two editions are to be laid side by side."""

    earlier: str = Field(description=EDITION)
    later: str = Field(description=EDITION)


@router.get("plans", response=list[answers.PlanOut])
def plans(request: HttpRequest) -> Any:
    """Every edition of the plan that the release holds, by the day on which it starts."""
    return [edition.plan for edition in current().release.editions.values()]


@router.get("plans/{edition}", response={200: answers.EditionOut, 404: Message})
def plan(request: HttpRequest, edition: str) -> Any:
    """One edition with its priorities, its lines and the numbers that they set."""
    opened = current()
    check_known(opened, edition=edition)
    return opened.release.editions[edition]


@router.get("lines", response={200: answers.LineReadingsOut, 404: Message, 422: Message})
def lines(request: HttpRequest, asked: Query[ReadingQuery]) -> dict[str, Any]:
    """What is said of the lines of the editions, area by area."""
    opened = current()
    check_known(opened, area=asked.area, edition=asked.edition)
    return asked.page(_matching(opened.release.readings, asked.wanted()))


@router.get("targets", response={200: answers.TargetReadingsOut, 404: Message, 422: Message})
def targets(request: HttpRequest, asked: Query[ReadingQuery]) -> dict[str, Any]:
    """What is said of the targets of the editions, area by area, with the way to each."""
    opened = current()
    check_known(opened, area=asked.area, edition=asked.edition)
    return asked.page(_matching(opened.release.targets, asked.wanted()))


@router.get("commitments", response={200: answers.CommitmentsOut, 404: Message, 422: Message})
def commitments(request: HttpRequest, asked: Query[CommitmentQuery]) -> dict[str, Any]:
    """What the editions say will be done, in the order in which they say it."""
    opened = current()
    check_known(opened, edition=asked.edition)
    wanted = asked.wanted()
    chosen = wanted.pop("edition", None)
    found = [
        {"edition": edition.plan.id} | {name: getattr(each, name) for name in _COMMITMENT}
        for edition in opened.release.editions.values()
        if chosen in (None, edition.plan.id)
        for each in _matching(edition.commitments, wanted)
    ]
    return asked.page(found)


_COMMITMENT = tuple(name for name in answers.CommitmentOut.model_fields if name != "edition")


@router.get("quoted", response={200: answers.QuotedFiguresOut, 404: Message, 422: Message})
def quoted(request: HttpRequest, asked: Query[QuotedQuery]) -> dict[str, Any]:
    """The numbers that the editions quote, each beside the same number made again."""
    opened = current()
    check_known(opened, edition=asked.edition)
    found = [
        each
        for each in _quoted_figures(opened)
        if asked.edition in (None, each["edition"])
        and asked.theme in (None, each["theme"])
        and asked.verdict in (None, each["reading"] and each["reading"].verdict)
    ]
    return asked.page(found)


@router.get("changes", response={200: answers.ChangesOut, 404: Message, 422: Message})
def what_changed(request: HttpRequest, asked: Query[ChangesQuery]) -> Changes:
    """What changed from an earlier edition to a later one, in words."""
    opened = current()
    for edition in (asked.earlier, asked.later):
        check_known(opened, edition=edition)
    editions = opened.release.editions
    titles = {measure.id: measure.title for measure in opened.measures.values()}
    try:
        return changes(editions[asked.earlier], editions[asked.later], titles)
    except ValueError as error:
        raise HttpError(422, str(error)) from error


def _quoted_figures(opened: OpenRelease) -> Iterator[dict[str, Any]]:
    """Every quoted figure with its reading, by edition, theme and place in it."""
    for edition in opened.release.editions.values():
        for theme in edition.themes:
            for figure in theme.figures:
                yield {
                    **{name: getattr(figure, name) for name in _QUOTED},
                    "edition": edition.plan.id,
                    "theme": theme.id,
                    "reading": opened.release.quoted.get((edition.plan.id, figure.id)),
                }


_QUOTED = tuple(
    name for name in answers.QuotedOut.model_fields if name not in ("edition", "theme", "reading")
)


def _matching(found: Sequence[T], wanted: Mapping[str, Any]) -> list[T]:
    return [
        each
        for each in found
        if all(getattr(each, name) == value for name, value in wanted.items())
    ]
