"""Boundaries as received: which area a point lies in, and how far two editions overlap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.strtree import STRtree

from bluelamp.evidence.geography.editions import OUTSIDE, Edition, Editions
from bluelamp.evidence.known import Known

NO_COORDINATES = OUTSIDE + "no coordinates"
IMPOSSIBLE = OUTSIDE + "impossible coordinates"
BEYOND = OUTSIDE + "beyond the boundaries"


class NoBoundaries(LookupError):
    """No boundary file of the edition was received; the message says what to receive."""

    def __str__(self) -> str:
        return str(self.args[0])


class DifferentExtents(ValueError):
    """Two sets of boundaries are drawn differently at the water and cannot be laid over another."""


@dataclass(frozen=True)
class Placed:
    """The code of each point, in order, and how many could not be placed, by reason.

    A point in no area has a code that begins with "outside:" and says why.
    """

    codes: tuple[str, ...]
    outside: Mapping[str, int]


@dataclass(frozen=True)
class Boundaries:
    """The polygons of one edition in longitude and latitude, in order of their codes."""

    edition: Edition
    codes: tuple[str, ...]
    shapes: NDArray[np.object_]
    receipts: tuple[str, ...] = ()

    @cached_property
    def _tree(self) -> STRtree:
        return STRtree(self.shapes)

    def place(self, longitude: Sequence[float | None], latitude: Sequence[float | None]) -> Placed:
        """The area each point lies in. On an edge: of the areas that meet there, the first code."""
        x = np.array(longitude, dtype=np.float64)
        y = np.array(latitude, dtype=np.float64)
        found = lies_in(self.codes, self.shapes, x, y)
        outside = Counter(code for code in found if code.startswith(OUTSIDE))
        return Placed(tuple(found), dict(sorted(outside.items())))


def lies_in(
    codes: Sequence[str],
    shapes: NDArray[np.object_],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> NDArray[np.object_]:
    """The code of the polygon that each point (longitude, latitude) lies in, or why it is in none.

    On an edge: of the polygons that meet there, the code that comes first in `codes`.
    """
    found = np.full(len(x), BEYOND, dtype=object)
    possible = (np.abs(x) <= 180) & (np.abs(y) <= 90)
    found[~possible] = IMPOSSIBLE
    found[np.isnan(x) | np.isnan(y)] = NO_COORDINATES
    at = np.flatnonzero(possible)
    points = shapely.points(x[at], y[at])
    # Which boxes hold the point, by the tree; which of their polygons do, each prepared once.
    point, area = STRtree(shapes).query(points)
    shapely.prepare(shapes)
    inside = shapely.intersects(shapes[area], points[point])
    first = np.full(len(at), len(codes))
    np.minimum.at(first, point[inside], area[inside])
    some = first < len(codes)
    found[at[some]] = np.array(codes, dtype=object)[first[some]]
    return found


def boundaries_of(known: Known, editions: Editions, edition: str) -> Boundaries:
    """The boundaries of an edition, of the latest file received; raises NoBoundaries."""
    wanted, listed = editions[edition], set(editions.areas(edition))
    receipts = sorted(
        known.receipts.values(), key=lambda r: (r.published_on, r.received_on, r.sha256)
    )
    for receipt in reversed(receipts):
        if receipt.first_month:  # counts, not a table in which things are looked up
            continue
        lazy = known.store.rows("typed", receipt.key)
        if not {"edition", "code", "shape"} <= set(lazy.collect_schema().names()):
            continue
        named = lazy.select("edition", "code").collect()
        # Where an edition is listed its codes tell it, whatever it was called on receipt.
        theirs = set(named["code"]) == listed if listed else set(named["edition"]) == {wanted.id}
        if theirs:
            rows = lazy.sort("code").collect()
            shapes = np.array(shapely.from_wkb(rows["shape"].to_list()), dtype=object)
            return Boundaries(wanted, tuple(rows["code"]), shapes, (receipt.sha256,))
    raise NoBoundaries(
        f"no boundaries of the {wanted.words} published by {known.on} were received; receive a "
        "boundary file (GeoJSON) with exactly these areas"
    )


def shares_by_area(
    of: Boundaries, to: Boundaries, pairs: pl.DataFrame | None = None
) -> pl.DataFrame:
    """How much of each area of one edition lies in each of another: `from`, `to`, `share`.

    An area whose code stands in both editions is the same area, since a code changes with the
    boundary: what two drawings of it differ by is no change, and it goes to itself, whole. `pairs`
    (`from`, `to`) restricts the others to those that meet in truth and not in a drawing's margin.
    Surfaces are compared in degrees, of pieces of one area with each other: across one small area a
    degree is as good a measure as a metre. Raises DifferentExtents.
    """
    if of.edition.extent != to.edition.extent:
        raise DifferentExtents(
            f"the {of.edition.words} are drawn {_drawn(of.edition)} and the {to.edition.words} "
            f"{_drawn(to.edition)}: laid over another, every riverside area would lose a piece. "
            "Use a published look-up, or boundaries that are drawn alike"
        )
    a, b = _meeting(of, to, pairs)
    pieces = shapely.area(shapely.intersection(of.shapes[a], to.shapes[b]))
    share = pieces / shapely.area(of.shapes[a])
    measured = pl.DataFrame(
        {
            "from": np.array(of.codes, dtype=object)[a].tolist(),
            "to": np.array(to.codes, dtype=object)[b].tolist(),
            "share": np.minimum(share, 1.0),
        },
        schema={"from": pl.String, "to": pl.String, "share": pl.Float64},
    )
    both = sorted(set(of.codes) & set(to.codes))
    same = pl.DataFrame({"from": both, "to": both, "share": [1.0] * len(both)}, measured.schema)
    redrawn = measured.filter((pl.col("share") > 0) & ~pl.col("from").is_in(both))
    return pl.concat([same, redrawn]).sort("from", "to")


def _meeting(
    of: Boundaries, to: Boundaries, pairs: pl.DataFrame | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of the areas that may overlap."""
    if pairs is None:
        a, b = to._tree.query(of.shapes, predicate="intersects")
        return a, b
    row = {code: i for i, code in enumerate(of.codes)}
    column = {code: i for i, code in enumerate(to.codes)}
    inside = [(row[a], column[b]) for a, b in pairs.iter_rows() if a in row and b in column]
    a, b = np.array(inside, dtype=np.int64).reshape(-1, 2).T
    return a, b


def _drawn(edition: Edition) -> str:
    return {
        "mid-river": "to the middle of the river",
        "clipped": "to the water's edge",
        "none": "nowhere",
    }[edition.extent]
