"""The borough of a record: as published, by its point, or not known; and no record is lost."""

from __future__ import annotations

import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.definitions import definitions_root, read_gazetteer
from bluelamp.evidence.geography.at_boroughs import (
    BY_POLYGON,
    BY_PUBLISHER,
    ELSEWHERE,
    NOT_PLACED,
    OUTLINES,
    UNKNOWN,
    with_boroughs,
)
from bluelamp.evidence.reading import Places, finish
from bluelamp.places import Area, gazetteer

MET, KENT = "E23000001", "E23000032"
WEST, EAST = "E09000001", "E09000002"
BOXES = {WEST: shapely.box(0.0, 51.0, 0.5, 52.0), EAST: shapely.box(0.5, 51.0, 1.0, 52.0)}
LONDON = gazetteer(
    [
        Area(WEST, "West", "borough", "made up", MET, ("Upper West",)),
        Area(EAST, "East", "borough", "made up", MET),
        Area(UNKNOWN, "Borough not known", "borough", "made up", MET, ("Other",)),
    ]
)
PLACES = Places(
    LONDON, MET, (MET, KENT), {OUTLINES: {code: shape.wkt for code, shape in BOXES.items()}}
)


def records(*cells: tuple[str | None, str | None, str | None], force: str = MET) -> pl.DataFrame:
    schema = dict.fromkeys(["lsoa_name", "longitude", "latitude"], pl.String)
    frame = pl.DataFrame(cells, schema=schema, orient="row")
    return frame.with_row_index("line", 2).with_columns(
        month=pl.lit("2024-04"), category=pl.lit("BURGLARY"), count=pl.lit(1), within=pl.lit(force)
    )


def placed(rows: pl.DataFrame, places: Places = PLACES) -> tuple[pl.DataFrame, tuple[str, ...]]:
    typed = finish(rows.with_columns(area=pl.col("within")), level="force")
    return with_boroughs(typed, rows, places)


RECORDS = [
    # small area         longitude latitude  borough    placed
    ("West 001A",        "0.7",    "51.5",   WEST,      BY_PUBLISHER),  # its point is not asked
    ("UPPER  WEST 012F", None,     None,     WEST,      BY_PUBLISHER),
    ("Far Away 003B",    "0.2",    "51.5",   ELSEWHERE, BY_PUBLISHER),
    ("Other 003B",       None,     None,     ELSEWHERE, BY_PUBLISHER),  # a spelling of no district
    (None,               "0.2",    "51.5",   WEST,      BY_POLYGON),
    (None,               "0.7",    "51.5",   EAST,      BY_POLYGON),
    (None,               "0.5",    "51.5",   WEST,      BY_POLYGON),    # on the edge: the first
    (None,               "-4.2",   "57.5",   ELSEWHERE, BY_POLYGON),    # Inverness
    (None,               None,     None,     UNKNOWN,   NOT_PLACED),
    (None,               "0.2",    None,     UNKNOWN,   NOT_PLACED),
    (None,               "530000", "180000", UNKNOWN,   NOT_PLACED),    # metres
    (None,               "here",   "51.5",   UNKNOWN,   NOT_PLACED),
]  # fmt: skip


@pytest.mark.parametrize(("small_area", "x", "y", "borough", "way"), RECORDS)
def test_where_a_record_is(small_area, x, y, borough, way):
    rows, _ = placed(records((small_area, x, y)))
    assert rows.filter(level="force").select("area", "borough", "placed").row(0) == (
        MET, borough, way
    )  # fmt: skip
    assert rows.filter(level="borough").select("area", "within", "count", "line").row(0) == (
        borough, MET, 1, 2
    )  # fmt: skip


def test_the_receipt_says_how_many_were_placed_by_their_point_and_how_many_not_at_all():
    _, notes = placed(records(*((a, x, y) for a, x, y, _, _ in RECORDS)))
    assert notes == (
        "4 of 12 records name no small area and are placed by their point, by the boroughs' "
        "outlines",
        "4 of 12 records have no place: they count in the force and in no borough",
    )
    assert placed(records(("West 001A", None, None)))[1] == ()


def test_a_file_that_has_no_small_areas_is_placed_by_points():
    rows = records((None, "0.7", "51.5")).drop("lsoa_name")
    assert placed(rows)[0]["borough"].to_list() == [EAST, None]


def test_without_outlines_points_are_not_guessed_at():
    rows, notes = placed(records((None, "0.7", "51.5")), Places(LONDON, MET, (MET,), {}))
    assert rows.filter(level="force").select("borough", "placed").row(0) == (UNKNOWN, NOT_PLACED)
    assert notes == (
        "1 of 1 records have no small area, and no outlines place them: they count in the force "
        "and in no borough",
    )


def test_records_of_a_force_without_boroughs_are_left_as_they_are():
    rows = records((None, "0.7", "51.5"), force=KENT)
    typed = finish(rows, level="force")
    found, notes = with_boroughs(typed, rows, PLACES)
    assert found.equals(typed)
    assert notes == ()


CELLS = st.tuples(
    st.sampled_from([None, "West 001A", "East 002B", "Far Away 001A"]),
    st.one_of(st.none(), st.sampled_from(["0", "0.25", "0.5", "1", "1.0001", "-3"])),
    st.one_of(st.none(), st.sampled_from(["51", "51.5", "52", "60", "x"])),
)


def slow(small_area: str | None, x: str | None, y: str | None) -> str:
    """One record at a time, one polygon after another."""
    if small_area:
        return {"West": WEST, "East": EAST}.get(small_area.rsplit(" ", 1)[0], ELSEWHERE)
    if x is None or y in (None, "x"):
        return UNKNOWN
    point = shapely.Point(float(x), float(str(y)))
    return next((code for code, shape in BOXES.items() if shape.intersects(point)), ELSEWHERE)


@given(st.lists(CELLS, min_size=1, max_size=20))
def test_the_slow_twin_agrees_and_boroughs_add_to_the_force(cells):
    rows, _ = placed(records(*cells))
    by_force, by_borough = (rows.filter(level=level) for level in ("force", "borough"))
    assert by_force["borough"].to_list() == by_borough["area"].to_list() == [
        slow(*cell) for cell in cells
    ]  # fmt: skip
    assert by_force["count"].sum() == by_borough["count"].sum() == len(cells)


def test_the_office_lists_every_place_that_a_record_may_be_put():
    ours = read_gazetteer(definitions_root())
    assert {ours[UNKNOWN].kind, ours[ELSEWHERE].kind} == {"borough"}


def test_the_outlines_are_of_every_borough_and_do_not_overlap():
    path = definitions_root() / f"areas/lookups/{OUTLINES}.csv"
    drawn = dict(pl.read_csv(path, infer_schema=False).iter_rows())
    boroughs = read_gazetteer(definitions_root()).of_kind("borough")
    assert list(drawn) == [area.code for area in boroughs]
    shapes = shapely.from_wkt(list(drawn.values()))
    assert shapely.is_valid(shapes).all()
    together = shapely.area(shapely.union_all(shapes))
    assert together == pytest.approx(shapely.area(shapes).sum(), rel=1e-6)
    assert path.stat().st_size < 300_000
