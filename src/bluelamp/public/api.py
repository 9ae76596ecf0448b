"""The read-only API over one release: `/api/v1/`.

It says the same words as the pages, because both read the same release. A request that cannot be
answered is a 4xx with a sentence; nothing can be changed through it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import polars as pl
from django.http import HttpRequest, HttpResponse
from ninja import Field, NinjaAPI, Query, Schema
from ninja.errors import HttpError, ValidationError

from bluelamp import __version__
from bluelamp.periods import NotAPeriod, Period
from bluelamp.public.opened import OpenRelease
from bluelamp.public.views import current

# Without pages of its own: Swagger's would load a script from another host.
api = NinjaAPI(
    title="Blue Lamp", version=__version__, docs_url=None, urls_namespace="bluelamp-api",
    description="One release, read only. Every figure has an interval, or the reason for none.",
)  # fmt: skip

Limit = Annotated[int, Field(ge=1, le=1000, description="how many, at most 1,000")]
Offset = Annotated[int, Field(ge=0, description="how many to pass over first")]
PeriodKind = Literal["month", "quarter", "fy", "year", "r12"]


class Message(Schema):
    """What was wrong with a request, in words."""

    detail: str


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


class FindingsOut(Schema):
    """Some of the findings that match, and how many do in all."""

    total: int
    items: list[FindingOut]


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


@api.exception_handler(ValidationError)
def _bad_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What is wrong with each parameter, in one sentence each."""
    faults = [f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors]
    return api.create_response(request, {"detail": "; ".join(faults)}, status=422)


@api.get("release", response=ReleaseOut)
def release(request: HttpRequest) -> Any:
    """Which release answers, and the SHA-256 of each of its files."""
    return current().manifest


@api.get("measures", response=list[MeasureOut])
def measures(request: HttpRequest) -> Any:
    """Every measure of the release."""
    return list(current().measures.values())


@api.get("areas", response=list[AreaOut])
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


@api.get("figures", response={200: FiguresOut, 404: Message, 422: Message})
def figures(request: HttpRequest, asked: Query[FigureQuery]) -> dict[str, Any]:
    """Figures of one measure, by area and period."""
    opened = current()
    _check_known(opened, asked.measure, asked.area)
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


@api.get("findings", response={200: FindingsOut, 404: Message, 422: Message})
def findings(request: HttpRequest, asked: Query[FindingQuery]) -> dict[str, Any]:
    """Findings, with their sentences."""
    opened = current()
    _check_known(opened, asked.measure, asked.area)
    wanted = asked.dict(include={"question", "status", "measure", "area"}, exclude_none=True)
    found = [
        finding
        for finding in opened.release.findings
        if all(getattr(finding, name) == value for name, value in wanted.items())
    ]
    return {"total": len(found), "items": found[asked.offset : asked.offset + asked.limit]}


@api.get("receipts", response=list[ReceiptOut])
def receipts(request: HttpRequest) -> Any:
    """The files that the release was made from."""
    return list(current().release.receipts.values())


@api.get("receipts/{sha256}", response={200: ReceiptOut, 404: Message})
def receipt(request: HttpRequest, sha256: str) -> Any:
    """One of those files."""
    known = current().release.receipts
    if sha256 not in known:
        raise HttpError(404, f"this release was not made from a file with SHA-256 '{sha256}'")
    return known[sha256]


def _check_known(opened: OpenRelease, measure: str | None, area: str | None) -> None:
    if measure is not None and measure not in opened.measures:
        raise HttpError(404, f"there is no measure '{measure}'; /api/v1/measures lists them")
    if area is not None and area not in opened.gazetteer:
        raise HttpError(404, f"there is no area '{area}'; /api/v1/areas lists them")


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
