"""Boundaries as GeoJSON: a polygon per area, in longitude and latitude.

The column that holds the codes is named for its edition ("lsoa-2011"). Where several editions are
published with the same columns (wards), the codes themselves say which it is: they must be exactly
those of one edition. A set of boundaries is taken whole or not at all, because what lies in a hole
would be counted as outside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import polars as pl
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from bluelamp.evidence.reading import FileRefused, Places, Reading
from bluelamp.evidence.recognise import Recognised

BESIDE = ("line", "geometry", "name", "parent", "hectares")
CODE = r"^[EW]\d{8}$"
# Longitudes and latitudes of the British Isles: eastings, northings and swapped pairs lie outside.
WEST, SOUTH, EAST, NORTH = -9.0, 49.0, 2.5, 61.0
# The editions that a column stands for when its name does not say which: kind and lists by prefix.
ONE_OF_SEVERAL = {"wards": "ward", "boroughs": "borough", "forces": "force"}


def read(file: Recognised, places: Places) -> Reading:
    """Rows: code, name, parent, edition, shape (WKB), repaired. Raises FileRefused."""
    rows = file.rows
    column = next(name for name in rows.columns if name not in BESIDE)
    _check_codes(rows, column)
    codes = rows[column].to_list()
    edition = column
    if column in ONE_OF_SEVERAL:
        edition = _edition_of(codes, _listed(places, column, ONE_OF_SEVERAL[column]), column)
    shapes = [_polygon(text, code) for text, code in zip(rows["geometry"], codes, strict=True)]
    empty = pl.lit(None, dtype=pl.String)
    kept = rows.select(
        "line",
        code=pl.col(column),
        name=pl.col("name") if "name" in rows.columns else empty,
        parent=pl.col("parent") if "parent" in rows.columns else empty,
        edition=pl.lit(edition),
    ).with_columns(
        shape=pl.Series([shapely.to_wkb(polygon) for polygon, _ in shapes], dtype=pl.Binary),
        repaired=pl.Series([repaired for _, repaired in shapes], dtype=pl.Boolean),
    )
    return Reading(kept, ())


def _check_codes(rows: pl.DataFrame, column: str) -> None:
    wrong = rows.filter(~pl.col(column).str.contains(CODE).fill_null(value=False))
    if wrong.height:
        code, line = wrong[column][0], wrong["line"][0]
        raise FileRefused(
            f"feature {line}: '{code or ''}' is no code of an area; boundaries are taken whole or "
            "not at all, so mend it or download the file again"
        )
    twice = rows.filter(pl.col(column).is_duplicated())
    if twice.height:
        raise FileRefused(
            f"feature {twice['line'][0]}: {twice[column][0]} stands twice; put its parts into one "
            "multipolygon or take out the one that is wrong"
        )


def _listed(places: Places, column: str, kind: str) -> dict[str, set[str]]:
    """Codes of each edition this may be: earlier ones by id, those in force by their words."""
    found = {
        name: set(lookup)
        for name, lookup in places.lookups.items()
        if name.startswith(f"{column}-")
    }
    for area in places.gazetteer.of_kind(kind):
        found.setdefault(area.edition, set()).add(area.code)
    return found


def _edition_of(codes: list[str], listed: Mapping[str, set[str]], column: str) -> str:
    have = set(codes)
    for edition, wanted in listed.items():
        if have == wanted:
            return edition
    if not listed:
        raise FileRefused(f"definitions/areas lists no {column}, so none can be told apart")
    nearest = min(sorted(listed), key=lambda name: len(have ^ listed[name]))
    lacking, surplus = sorted(listed[nearest] - have), sorted(have - listed[nearest])
    says = [
        f"{len(some):,} {what} ({some[0]}{'...' if len(some) > 1 else ''})"
        for some, what in ((lacking, "are lacking"), (surplus, "are not among them"))
        if some
    ]
    raise FileRefused(
        f"its {len(have):,} {column} are those of no edition in definitions/areas; nearest is "
        f"'{nearest}', of which {' and '.join(says)}. If it is a new edition, list it in "
        "definitions/areas/editions"
    )


def _polygon(text: str | None, code: str) -> tuple[BaseGeometry, bool]:
    """The shape, valid, and whether it had to be repaired; raises FileRefused in words."""
    try:
        found = shape(json.loads(text or ""))
    except Exception as error:  # shapely and json raise many kinds for what is no shape
        raise FileRefused(
            f"{code} has no shape that can be read; download the file again"
        ) from error
    if found.is_empty or found.geom_type not in ("Polygon", "MultiPolygon"):
        raise FileRefused(f"{code} is drawn as a {found.geom_type}, not as an area with a surface")
    west, south, east, north = found.bounds
    if not (west >= WEST and south >= SOUTH and east <= EAST and north <= NORTH):
        raise FileRefused(
            f"{code} does not lie in the British Isles; coordinates must be longitude and latitude "
            "(WGS 84), in that order, not eastings and northings"
        )
    if found.is_valid:
        return found, False
    mended = _surface(shapely.make_valid(found))
    if mended.is_empty:
        raise FileRefused(f"{code} encloses no surface, and cannot be repaired")
    return mended, True


def _surface(geometry: BaseGeometry) -> BaseGeometry:
    """What of a repaired shape has a surface: repairing leaves stray lines and points."""
    parts = shapely.get_parts(geometry)
    areas = [p for p in parts if p.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.unary_union(areas)
