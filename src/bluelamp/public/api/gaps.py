"""Gaps between groups of people: what is compared, and every comparison with its sentence."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from bluelamp.public.api.asking import Limit, Message, Offset, check_known
from bluelamp.public.views import current

router = Router()


class GapOut(Schema):
    """What a gap compares, and in which twelve months; `reason` says why there are none."""

    id: str
    title: str
    question: str
    source: str
    reference: str
    groups: list[str]
    benchmarks: list[str]
    stages: list[str]
    first: str
    last: str
    comparisons: int
    reason: str
    receipts: list[str]


class GapReadingOut(Schema):
    """One comparison; the numbers are null where `reason` says why there is no ratio.

    `kind` is '' for all kinds together; `whole` and `check` belong to comparing like with like.
    """

    gap: str
    area: str
    benchmark: str
    stage: str
    kind: str
    group: str
    reference: str
    events: float | None
    among: float | None
    reference_events: float | None
    reference_among: float | None
    per: int
    ratio: float | None
    lower: float | None
    upper: float | None
    difference: float | None
    difference_lower: float | None
    difference_upper: float | None
    excess: float | None
    excess_lower: float | None
    excess_upper: float | None
    unknown: float | None
    unknown_share: float | None
    bound_lower: float | None
    bound_upper: float | None
    whole: float | None
    whole_lower: float | None
    whole_upper: float | None
    check: str
    reason: str
    sentence: str


class GapReadingsOut(Schema):
    """Some of the comparisons that match, and how many do in all."""

    total: int
    items: list[GapReadingOut]


class GapQuery(Schema):
    """Which comparisons are asked for."""

    gap: str | None = Field(None, description="a gap's id, from /gaps")
    area: str | None = Field(None, description="an area's GSS code, from /areas")
    group: str | None = Field(None, description="the group that is compared")
    benchmark: str | None = Field(None, description="what it is held against")
    kind: str | None = Field(None, description="one kind of event; '' for all together")
    limit: Limit = 100
    offset: Offset = 0


@router.get("gaps", response=list[GapOut])
def gaps(request: HttpRequest) -> list[dict[str, Any]]:
    """Every gap between groups of the release."""
    release = current().release
    return [
        asdict(release.gap_results[gap.id])
        | {"id": gap.id, "title": gap.title, "question": gap.question, "source": gap.source}
        | {"reference": gap.reference}
        | {
            name: [each.id for each in getattr(gap, name)]
            for name in ("groups", "benchmarks", "stages")
        }
        for gap in release.gaps.values()
    ]


@router.get("gap-readings", response={200: GapReadingsOut, 404: Message, 422: Message})
def gap_readings(request: HttpRequest, asked: Query[GapQuery]) -> dict[str, Any]:
    """Comparisons, with their sentences."""
    opened = current()
    check_known(opened, area=asked.area)
    if asked.gap is not None and asked.gap not in opened.release.gaps:
        raise HttpError(404, f"there is no gap '{asked.gap}'; /api/v1/gaps lists them")
    wanted = asked.dict(include={"area", "group", "benchmark", "kind"}, exclude_none=True)
    found = [
        asdict(reading) | {"gap": name}
        for name, result in opened.release.gap_results.items()
        if asked.gap in (None, name)
        for reading in result.readings
        if all(getattr(reading, key) == value for key, value in wanted.items())
    ]
    return {"total": len(found), "items": found[asked.offset : asked.offset + asked.limit]}
