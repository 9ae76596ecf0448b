"""Places with a name and, where it is known, a longitude and latitude: stations, schools."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from bluelamp.evidence.reading import Places, Reading, in_order, refuse
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised

WEST, SOUTH, EAST, NORTH = -9.0, 49.0, 2.5, 61.0
AS_POINT = pl.Struct({"longitude": pl.Float64, "latitude": pl.Float64})
NOWHERE = {"longitude": None, "latitude": None}


def read(file: Recognised, places: Places) -> Reading:
    """The columns as they are, with `longitude` and `latitude` as numbers.

    A place without coordinates is kept: it still has a name and an address.
    """
    refusals: list[Refusal] = []
    rows = file.rows
    if "geometry" in rows.columns:
        rows = rows.with_columns(
            _at=pl.col("geometry").map_elements(_point, return_dtype=AS_POINT, skip_nulls=False)
        ).unnest("_at")
        given = pl.col("geometry").is_not_null()
    else:
        given = pl.col("longitude").is_not_null() | pl.col("latitude").is_not_null()
        rows = rows.with_columns(_given=given)
        given = pl.col("_given")
        rows = rows.with_columns(pl.col("longitude", "latitude").cast(pl.Float64, strict=False))
    inside = pl.col("longitude").is_between(WEST, EAST) & pl.col("latitude").is_between(
        SOUTH, NORTH
    )
    rows = refuse(
        rows,
        given & ~inside.fill_null(value=False),
        pl.format(
            "{} is not given as a longitude and latitude in the British Isles", pl.col("name")
        ),
        refusals,
    )
    rows = refuse(rows, pl.col("name").is_null(), "the place has no name", refusals)
    return Reading(rows.drop("geometry", "_given", strict=False), in_order(refusals))


def _point(text: str | None) -> dict[str, Any]:
    try:
        shape = json.loads(text or "null")
        longitude, latitude = shape["coordinates"]
        return {"longitude": float(longitude), "latitude": float(latitude)}
    except (ValueError, TypeError, KeyError):
        return NOWHERE
