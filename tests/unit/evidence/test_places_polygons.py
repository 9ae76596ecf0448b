"""Points in polygons, and boundaries laid over one another."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.evidence.geography.editions import Edition
from bluelamp.evidence.geography.polygons import (
    BEYOND,
    IMPOSSIBLE,
    NO_COORDINATES,
    Boundaries,
    DifferentExtents,
    shares_by_area,
)

DAY = date(2026, 1, 1)


def edition(name: str, extent: str = "clipped") -> Edition:
    return Edition(name, "ward", f"wards of {name}", extent, "made up")


def boundaries(shapes: dict[str, shapely.Polygon], name="2014", extent="clipped") -> Boundaries:
    codes = sorted(shapes)
    return Boundaries(
        edition(name, extent), tuple(codes), np.array([shapes[c] for c in codes], dtype=object)
    )


# Four wards of one degree each, and a fifth that lies apart, with a hole in it.
SQUARES = {
    "E05000001": shapely.box(0, 50, 1, 51),
    "E05000002": shapely.box(1, 50, 2, 51),
    "E05000003": shapely.box(0, 51, 1, 52),
    "E05000004": shapely.box(1, 51, 2, 52),
    "E05000005": shapely.box(-5, 50, -4, 51).difference(shapely.box(-4.6, 50.4, -4.4, 50.6)),
}
WARDS = boundaries(SQUARES)

PLACED = [
    # longitude  latitude   where it is
    (0.5,        50.5,      "E05000001"),
    (1.5,        51.5,      "E05000004"),
    (1.0,        50.5,      "E05000001"),    # on the edge of two: the first code
    (1.0,        51.0,      "E05000001"),    # on the corner of four: the first code
    (1.5,        51.0,      "E05000002"),
    (-4.5,       50.5,      BEYOND),         # in the hole
    (10.0,       50.5,      BEYOND),
    (None,       None,      NO_COORDINATES),
    (0.5,        None,      NO_COORDINATES),
    (530_000.0,  180_000.0, IMPOSSIBLE),     # eastings and northings
    (float("inf"), 50.5,    IMPOSSIBLE),
]  # fmt: skip


@pytest.mark.parametrize(("longitude", "latitude", "code"), PLACED)
def test_where_a_point_is(longitude, latitude, code):
    assert WARDS.place([longitude], [latitude]).codes == (code,)


def test_points_outside_are_counted_by_reason():
    placed = WARDS.place(*zip(*((x, y) for x, y, _ in PLACED), strict=True))
    assert placed.codes == tuple(code for _, _, code in PLACED)
    assert placed.outside == {BEYOND: 2, IMPOSSIBLE: 2, NO_COORDINATES: 2}


def test_no_point_at_all():
    assert WARDS.place([], []).codes == ()


@given(st.lists(st.tuples(st.integers(-11, 5), st.integers(99, 105)), min_size=1))
def test_the_slow_twin_agrees_on_every_half_degree(points):
    """Half degrees fall on edges and corners half of the time."""
    x, y = [a / 2 for a, _ in points], [b / 2 for _, b in points]
    slow = [
        next((c for c in WARDS.codes if SQUARES[c].intersects(shapely.Point(p))), BEYOND)
        for p in zip(x, y, strict=True)
    ]
    assert list(WARDS.place(x, y).codes) == slow


# --- one edition over another ---------------------------------------------------------------------


def shares(of: Boundaries, to: Boundaries, pairs=None) -> dict[tuple[str, str], float]:
    return {(a, b): share for a, b, share in shares_by_area(of, to, pairs).iter_rows()}


def test_a_ward_cut_in_two_is_shared_out_by_surface():
    new = boundaries(
        {"E05000007": shapely.box(0, 50, 0.25, 51), "E05000008": shapely.box(0.25, 50, 1, 51)},
        "2025",
    )
    old = boundaries({"E05000001": SQUARES["E05000001"]})
    assert shares(old, new) == pytest.approx(
        {("E05000001", "E05000007"): 0.25, ("E05000001", "E05000008"): 0.75}
    )


def test_a_ward_whose_code_stayed_is_the_same_however_it_is_drawn():
    old = boundaries({"E05000001": shapely.box(0, 50, 1, 51)})
    new = boundaries(
        {"E05000001": shapely.box(0.01, 50, 1, 51), "E05000009": shapely.box(-1, 50, 0.01, 51)},
        "2025",
    )
    assert shares(old, new) == {("E05000001", "E05000001"): 1.0}


def test_only_pairs_that_the_look_up_lists_are_measured():
    old = boundaries({"E05000006": shapely.box(0, 50, 1, 51)})
    new = boundaries(
        {"E05000007": shapely.box(0, 50, 0.98, 51), "E05000008": shapely.box(0.98, 50, 2, 51)},
        "2025",
    )
    listed = pl.DataFrame({"from": ["E05000006"], "to": ["E05000007"]})
    assert list(shares(old, new)) == [("E05000006", "E05000007"), ("E05000006", "E05000008")]
    assert list(shares(old, new, listed)) == [("E05000006", "E05000007")]


def test_boundaries_drawn_differently_at_the_water_are_never_laid_over_another():
    river = boundaries(SQUARES, "2018", "mid-river")
    with pytest.raises(DifferentExtents, match="to the water's edge and the wards of 2018 to the"):
        shares_by_area(WARDS, river)
