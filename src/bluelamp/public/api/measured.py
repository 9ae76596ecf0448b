"""What was measured: the release, its measures, areas, figures, findings and receipts."""

from __future__ import annotations

from typing import Any, Literal

import polars as pl
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from bluelamp.periods import NotAPeriod, Period
from bluelamp.public.api.asking import Limit, Message, Offset, check_known
from bluelamp.public.pages.corrections import largest_first
from bluelamp.public.views import current

router = Router()

PeriodKind = Literal["month", "quarter", "fy", "year", "r12"]


class ReleaseOut(Schema):
    """Which release answers."""

    id: str
    plan: str
    known_on: str
    synthetic: bool
    code_version: str
    predecessor: str | None
    files: dict[str, str]


class MeasureOut(Schema):
    """What a measure is."""

    id: str
    title: str
    description: str
    kind: str
    unit: str
    per: int
    rate_of: str | None
    levels: list[str]
    source: str
    numerator_words: str
    denominator_words: str
    caveats: list[str]


class AreaOut(Schema):
    """An area, or a named place outside the boroughs."""

    code: str
    name: str
    kind: str
    boundaries: str
    lies_in: str | None
    outside: bool


class FigureOut(Schema):
    """One figure; `value` is null where `status` says why there is none."""

    measure: str
    area: str
    group: str
    period: str
    numerator: float | None
    denominator: float | None
    value: float | None
    lower: float | None
    upper: float | None
    status: str
    receipts: list[str]


class FiguresOut(Schema):
    """Some of the figures that match, and how many do in all."""

    total: int
    items: list[FigureOut]


class FindingOut(Schema):
    """One tested answer and the sentence it is entitled to."""

    question: str
    measure: str
    area: str
    status: str
    direction: str
    hope: str
    reading: str
    since: str
    effect: float | None
    effect_lower: float | None
    effect_upper: float | None
    window_first: str
    window_last: str
    baseline_first: str
    baseline_last: str
    p_value: float | None
    q_value: float | None
    reason: str
    sentence: str
    assumed: str


class FindingsOut(Schema):
    """Some of the findings that match, and how many do in all."""

    total: int
    items: list[FindingOut]


class CorrectionOut(Schema):
    """A number that a later publication changed; `category` is '' for a month's total.

    `new_system`: the later publication sorts crimes into other groups, so only totals are compared.
    """

    source: str
    level: str
    scope: str
    month: str
    category: str
    area: str
    published_before: str
    published_after: str
    before: float
    after: float
    change: float
    share: float | None
    new_system: bool
    receipt_before: str
    receipt_after: str


class CorrectionsOut(Schema):
    """Some of the corrections that match, the largest first, and how many do in all."""

    total: int
    items: list[CorrectionOut]


class ReceiptOut(Schema):
    """One file that the release was made from."""

    sha256: str
    name: str
    size: int
    source: str
    publisher: str
    licence: str
    published_on: str
    published_inferred: bool
    received_on: str
    rows_read: int
    rows_kept: int
    rows_refused: int
    status: str


class FigureQuery(Schema):
    """Which figures are asked for."""

    measure: str = Field(description="a measure's id, from /measures")
    area: str | None = Field(None, description="an area's GSS code, from /areas")
    kind: PeriodKind | None = Field(None, description="month, quarter, fy, year or r12")
    start: str | None = Field(
        None, alias="from", description="periods ending in or after it, as 2023-06"
    )
    end: str | None = Field(None, alias="to", description="periods ending in or before it")
    limit: Limit = 100
    offset: Offset = 0


class FindingQuery(Schema):
    """Which findings are asked for."""

    question: Literal["watch", "edition"] | None = None
    status: Literal["changed", "no clear change", "not judged"] | None = None
    measure: str | None = None
    area: str | None = None
    limit: Limit = 100
    offset: Offset = 0


class CorrectionQuery(Schema):
    """Which corrections are asked for."""

    source: str | None = Field(None, description="a source's id, as in /receipts")
    level: str | None = Field(None, description="force, borough, ward...")
    month: str | None = Field(None, description="the month that was changed, as 2023-06")
    category: str | None = Field(None, description="as in its source; '' for totals only")
    limit: Limit = 100
    offset: Offset = 0


@router.get("release", response=ReleaseOut)
def release(request: HttpRequest) -> Any:
    """Which release answers, and the SHA-256 of each of its files."""
    return current().manifest


@router.get("measures", response=list[MeasureOut])
def measures(request: HttpRequest) -> Any:
    """Every measure of the release."""
    return list(current().measures.values())


@router.get("areas", response={200: list[AreaOut], 422: Message})
def areas(
    request: HttpRequest, kind: Literal["force", "borough", "ward"] | None = None
) -> list[dict[str, Any]]:
    """Areas of the office's territory and named places outside its boroughs."""
    opened = current()
    every = (*opened.forces, *opened.boroughs, *opened.wards, *opened.outside)
    return [
        {
            "code": a.code, "name": a.name, "kind": a.kind, "boundaries": a.edition,
            "lies_in": a.parent, "outside": a.outside,
        }
        for a in every
        if kind in (None, a.kind)
    ]  # fmt: skip


@router.get("figures", response={200: FiguresOut, 404: Message, 422: Message})
def figures(request: HttpRequest, asked: Query[FigureQuery]) -> dict[str, Any]:
    """Figures of one measure, by area and period."""
    opened = current()
    check_known(opened, asked.measure, asked.area)
    frame = opened.whole_frame(asked.measure)
    if frame is None:
        return {"total": 0, "items": []}
    if asked.area is not None:
        frame = frame.filter(pl.col("area") == asked.area)
    if asked.kind is not None:
        frame = frame.filter(pl.col("kind") == asked.kind)
    first, last = _month("from", asked.start), _month("to", asked.end)
    if first is not None or last is not None:
        wanted = [p for p in frame["period"].unique() if _ends_within(p, first, last)]
        frame = frame.filter(pl.col("period").is_in(wanted))
    page = frame.slice(asked.offset, asked.limit).with_columns(
        pl.lit(asked.measure).alias("measure"), pl.col("receipts").str.split(" ")
    )
    return {"total": frame.height, "items": page.to_dicts()}


@router.get("findings", response={200: FindingsOut, 404: Message, 422: Message})
def findings(request: HttpRequest, asked: Query[FindingQuery]) -> dict[str, Any]:
    """Findings, with their sentences."""
    opened = current()
    check_known(opened, asked.measure, asked.area)
    wanted = asked.dict(include={"question", "status", "measure", "area"}, exclude_none=True)
    found = [
        finding
        for finding in opened.release.findings
        if all(getattr(finding, name) == value for name, value in wanted.items())
    ]
    return {"total": len(found), "items": found[asked.offset : asked.offset + asked.limit]}


@router.get("corrections", response={200: CorrectionsOut, 404: Message, 422: Message})
def corrections(request: HttpRequest, asked: Query[CorrectionQuery]) -> dict[str, Any]:
    """What publishers changed in what they had published, the largest change first."""
    opened = current()
    if asked.source is not None and asked.source not in opened.release.sources:
        raise HttpError(404, f"there is no source '{asked.source}'; /api/v1/receipts names them")
    if asked.month is not None:
        _month("month", asked.month)
    wanted = asked.dict(include={"source", "level", "month", "category"}, exclude_none=True)
    found = largest_first(opened.release.corrections.filter(**wanted))
    return {"total": found.height, "items": found.slice(asked.offset, asked.limit).to_dicts()}


@router.get("receipts", response=list[ReceiptOut])
def receipts(request: HttpRequest) -> Any:
    """The files that the release was made from."""
    return list(current().release.receipts.values())


@router.get("receipts/{sha256}", response={200: ReceiptOut, 404: Message})
def receipt(request: HttpRequest, sha256: str) -> Any:
    """One of those files."""
    known = current().release.receipts
    if sha256 not in known:
        raise HttpError(404, f"this release was not made from a file with SHA-256 '{sha256}'")
    return known[sha256]


def _month(parameter: str, text: str | None) -> Period | None:
    if text is None:
        return None
    try:
        return Period.parse(text)
    except NotAPeriod as error:
        raise HttpError(422, f"{parameter}: {error}") from error


def _ends_within(period: str, first: Period | None, last: Period | None) -> bool:
    month = Period.parse(period).last
    return (first is None or month >= first.first) and (last is None or month <= last.last)
