"""Where a record is: by its small area if it names one, else by its point, else outside, with why.

Files of crimes name an LSOA, of 2011 or of 2021 without saying which, and change from one to the
other silently. Most small areas are the same in both. One that is of neither look-up (a crime
outside the office's area), or that the file leaves empty, is placed by the record's coordinates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from bluelamp.evidence.geography.joining import Join
from bluelamp.evidence.geography.lookups import Lookups, NoLookup
from bluelamp.evidence.geography.polygons import boundaries_of

SMALL_AREAS = ("lsoa-2021", "lsoa-2011")
BY_POINT = "by its point"


@dataclass(frozen=True)
class Located:
    """The area of each record, in order; how many were placed in which way, and the words of it.

    how       "lsoa-2021", "lsoa-2011", "by its point", and each reason for lying outside.
    words     what was done, a sentence for each way that was used.
    receipts  hashes of the look-ups and boundaries that were used.
    """

    areas: pl.Series
    how: Mapping[str, int]
    words: tuple[str, ...]
    receipts: tuple[str, ...]


def locate(rows: pl.DataFrame, edition: str, lookups: Lookups) -> Located:
    """The area of one edition that each row lies in, or "outside:" with the reason: none is lost.

    `rows` has `lsoa` (text), `longitude` and `latitude` (text or numbers), any of them null.
    Raises NoLookup where no look-up puts small areas whole into this edition, and NoBoundaries
    where a point must be placed and there are no polygons.
    """
    frame = rows.select(
        pl.col("lsoa").str.strip_chars(),
        x=pl.col("longitude").cast(pl.Float64, strict=False),
        y=pl.col("latitude").cast(pl.Float64, strict=False),
        area=pl.lit(None, dtype=pl.String),
        way=pl.lit(None, dtype=pl.String),
    )
    words: list[str] = []
    receipts: set[str] = set()
    for join in _whole_joins(edition, lookups):
        target = dict(join.shares.select("from", "to").iter_rows())
        found = pl.col("lsoa").replace_strict(target, default=None, return_dtype=pl.String)
        new = pl.col("area").is_null() & found.is_not_null()
        before = frame["area"].null_count()
        frame = frame.with_columns(
            way=pl.when(new).then(pl.lit(join.from_edition)).otherwise("way"),
            area=pl.coalesce("area", found),
        )
        if frame["area"].null_count() < before:
            words.append(join.words)
            receipts.update(join.receipts)
    if frame["area"].null_count():
        frame, used = _by_point(frame, edition, lookups)
        receipts.update(used)
        words.append("Records without a small area of the look-up are placed by their point.")
    how = dict(frame.group_by("way").len().sort("way").iter_rows())
    return Located(frame["area"], how, tuple(words), tuple(sorted(receipts)))


def _whole_joins(edition: str, lookups: Lookups) -> list[Join]:
    """Joins that put each small area into one area of the edition: a record is not divided."""
    found: list[Join] = []
    lacking: list[str] = []
    for small in SMALL_AREAS:
        try:
            join = lookups.between(small, edition)
        except NoLookup as error:
            lacking.append(str(error))
            continue
        if not join.divides:
            found.append(join)
    if not found:
        raise NoLookup("; ".join(lacking) or f"no look-up puts small areas whole into {edition}")
    return found


def _by_point(
    frame: pl.DataFrame, edition: str, lookups: Lookups
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    polygons = boundaries_of(lookups.known, lookups.editions, edition)
    at = frame.with_row_index("row").filter(pl.col("area").is_null())
    placed = polygons.place(at["x"].to_list(), at["y"].to_list())
    codes = pl.DataFrame({"row": at["row"], "code": pl.Series(placed.codes, dtype=pl.String)})
    joined = frame.with_row_index("row").join(codes, on="row", how="left", maintain_order="left")
    outside = pl.col("code").str.starts_with("outside:")
    filled = joined.with_columns(
        way=pl.when(pl.col("code").is_null())
        .then("way")
        .when(outside)
        .then("code")
        .otherwise(pl.lit(BY_POINT)),
        area=pl.coalesce("area", "code"),
    )
    return filled.drop("row", "code"), polygons.receipts
