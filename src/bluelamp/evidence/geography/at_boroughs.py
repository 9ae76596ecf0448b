"""Which borough each record of a force lies in: as its publisher says, else by its point.

A record that names a small area ("Camden 011B") is put into the borough of that name. One with a
point alone is placed by the outlines that the definitions bring (of 33 boroughs, to 20 metres). One
with neither counts in its force and among those whose borough is not known. None is lost.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluelamp.evidence.geography.editions import OUTSIDE
from bluelamp.evidence.reading import TALLY_SCHEMA, Places
from bluelamp.places import name_key

BY_PUBLISHER, BY_POLYGON, NOT_PLACED = "by the publisher", "by polygon", "not placed"
# Named places beside the boroughs (definitions/areas/boroughs.yaml).
UNKNOWN, ELSEWHERE = OUTSIDE + "unknown", OUTSIDE + "elsewhere"
# A table of definitions/areas/lookups: code of the borough, its outline as well-known text.
OUTLINES = "borough-outlines"
NUMBER_IN_DISTRICT = r" \d{3}[A-Z]$"


def with_boroughs(
    typed: pl.DataFrame, rows: pl.DataFrame, places: Places
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Records of forces that the office has boroughs of, with the borough of each, and by borough.

    typed  one row per record at the level of forces: `line` and TALLY_SCHEMA, others behind it.
    rows   the same records as they were published: of `lsoa_name`, `longitude` and `latitude`
           (degrees, as text) what the file has.

    To each record is added `borough` (its code, or "outside:" with the reason) and `placed`, which
    says how it was found: "by the publisher", "by polygon" or "not placed". Behind them stand the
    same records at the level of boroughs, with nothing but what is tallied. Also returned are the
    sentences for the receipt. Where no record is of such a force, `typed` comes back as it was.
    """
    forces = {area.parent for area in places.gazetteer.of_kind("borough")}
    if forces.isdisjoint(typed["within"].unique()):
        return typed, ()
    borough = _as_published(rows, places)
    placed = borough.is_not_null().replace_strict({True: BY_PUBLISHER, False: NOT_PLACED})
    notes: tuple[str, ...] = ()
    if borough.null_count():
        by_point = _by_point(rows, borough, places)
        found = borough.is_null() & by_point.is_not_null()
        placed = pl.select(pl.when(found).then(pl.lit(BY_POLYGON)).otherwise(placed)).to_series()
        borough = pl.select(pl.coalesce(borough, by_point, pl.lit(UNKNOWN))).to_series()
        notes = _words(placed, outlines=OUTLINES in places.lookups)
    records = typed.with_columns(borough=borough, placed=placed)
    tallied = records.filter(pl.col("within").is_in(list(forces))).with_columns(
        level=pl.lit("borough"), area=pl.col("borough")
    )
    both = pl.concat([records, tallied.select("line", *TALLY_SCHEMA)], how="diagonal")
    return both, notes


def _as_published(rows: pl.DataFrame, places: Places) -> pl.Series:
    """The borough of each record's small area, by its name; null where it names none."""
    if "lsoa_name" not in rows.columns:
        return pl.Series([None] * rows.height, dtype=pl.String)
    codes = {key: code for key, code in places.boroughs.items() if not code.startswith(OUTSIDE)}
    names = rows["lsoa_name"].unique().drop_nulls()
    districts = names.str.replace(NUMBER_IN_DISTRICT, "")
    of_district = {d: codes.get(name_key(d), ELSEWHERE) for d in districts.unique()}
    of_name = dict(zip(names, (of_district[d] for d in districts), strict=True))
    return rows["lsoa_name"].replace_strict(of_name, default=None, return_dtype=pl.String)


def _by_point(rows: pl.DataFrame, borough: pl.Series, places: Places) -> pl.Series:
    """The borough in which each record without one has its point; null where it has no point."""
    lacking = rows.select(
        x=pl.col("longitude").cast(pl.Float64, strict=False),
        y=pl.col("latitude").cast(pl.Float64, strict=False),
    ).with_columns(pl.when(borough.is_null()).then(pl.col("x")))
    points = lacking.drop_nulls().unique(maintain_order=True)
    if points.is_empty() or OUTLINES not in places.lookups:
        return pl.Series([None] * rows.height, dtype=pl.String)
    # Only here: most files need no polygon, and need not wait for the library of shapes.
    from bluelamp.evidence.geography.polygons import BEYOND, lies_in

    codes, shapes = _outlines(tuple(sorted(places.lookups[OUTLINES].items())))
    found = lies_in(codes, shapes, points["x"].to_numpy(), points["y"].to_numpy())
    # A point that cannot be one on earth tells no place.
    meant = {code: code for code in codes} | {BEYOND: ELSEWHERE}
    points = points.with_columns(
        found=pl.Series(found.tolist(), dtype=pl.String).replace_strict(meant, default=None)
    )
    return lacking.join(points, on=["x", "y"], how="left", maintain_order="left")["found"]


@lru_cache(maxsize=4)
def _outlines(drawn: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], NDArray[np.object_]]:
    """Codes and shapes, in order of the codes, of (code, outline as well-known text)."""
    import shapely

    shapes = np.array(shapely.from_wkt([outline for _, outline in drawn]), dtype=object)
    return tuple(code for code, _ in drawn), shapes


def _words(placed: pl.Series, *, outlines: bool) -> tuple[str, ...]:
    by_point, without = ((placed == way).sum() for way in (BY_POLYGON, NOT_PLACED))
    words = []
    if by_point:
        words.append(
            f"{by_point:,} of {len(placed):,} records name no small area and are placed by their "
            "point, by the boroughs' outlines"
        )
    if without:
        why = "have no place" if outlines else "have no small area, and no outlines place them"
        words.append(
            f"{without:,} of {len(placed):,} records {why}: they count in the force and in no "
            "borough"
        )
    return tuple(words)
