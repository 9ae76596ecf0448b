"""What every question to the API shares: how much of an answer, and what cannot be asked."""

from __future__ import annotations

from typing import Annotated

from ninja import Field, Schema
from ninja.errors import HttpError

from bluelamp.public.opened import OpenRelease

Limit = Annotated[int, Field(ge=1, le=1000, description="how many, at most 1,000")]
Offset = Annotated[int, Field(ge=0, description="how many to pass over first")]


class Message(Schema):
    """What was wrong with a request, in words."""

    detail: str


def check_known(
    opened: OpenRelease,
    measure: str | None = None,
    area: str | None = None,
    edition: str | None = None,
) -> None:
    """Raises a 404 in words for a measure, an area or an edition that the release does not have."""
    if measure is not None and measure not in opened.measures:
        raise HttpError(404, f"there is no measure '{measure}'; /api/v1/measures lists them")
    if area is not None and area not in opened.gazetteer:
        raise HttpError(404, f"there is no area '{area}'; /api/v1/areas lists them")
    if edition is not None and edition not in opened.release.editions:
        raise HttpError(404, f"there is no edition '{edition}'; /api/v1/plans lists them")
