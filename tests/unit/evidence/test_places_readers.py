"""Readers of places: what is kept, what is repaired, and what is refused in which words."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import shapely

from bluelamp.definitions import definitions_root
from bluelamp.evidence.geography.editions import read_editions
from bluelamp.evidence.geography.lookups import Lookups
from bluelamp.evidence.geography.polygons import NoBoundaries, boundaries_of
from bluelamp.evidence.known import as_known
from bluelamp.evidence.receive import Desk, Outcome, receive
from bluelamp.evidence.store import Store

ROOT = definitions_root()
EDITIONS = read_editions(ROOT)
SQUARE = shapely.box(0, 51, 0.1, 51.1)
# A bow tie crosses itself: its surface is two triangles.
BOW_TIE = shapely.Polygon([(0, 51), (0.1, 51.1), (0.1, 51), (0, 51.1)])


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "store")


@pytest.fixture
def take(store, tmp_path):
    """take(name, text or records) -> (outcome, typed rows or None)."""

    def taken(name: str, text: str) -> tuple[Outcome, pl.DataFrame | None]:
        path: Path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        (outcome,) = receive(store, Desk(ROOT), [path], on=date(2026, 11, 21))
        if outcome.receipt is None or not outcome.receipt.rows_kept:
            return outcome, None
        return outcome, store.rows("typed", outcome.receipt.key).collect()

    return taken


def geojson(features: list[tuple[dict[str, Any], Any]]) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": about,
                    "geometry": shape
                    if isinstance(shape, dict | None)
                    else shapely.geometry.mapping(shape),
                }
                for about, shape in features
            ],
        }
    )


def lsoas(*cells: tuple[str, Any]) -> str:
    return geojson(
        [
            ({"lsoa11_code": code, "lsoa11_name": code, "borough_code": "E09000002"}, shape)
            for code, shape in cells
        ]
    )


def wards(edition: str, *, without: int = 0, shape: Any = SQUARE) -> str:
    areas = sorted(EDITIONS.areas(edition).values(), key=lambda area: area.code)
    return geojson(
        [
            ({"ward_code": a.code, "ward_name": a.name, "borough_code": a.parent,
              "borough": a.parent}, shape)
            for a in areas[without:]
        ]
    )  # fmt: skip


# --- boundaries ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edition", ["wards-2011-2014", "wards-2014-2018", "wards-2018-2022", "wards-2025"]
)
def test_the_codes_say_which_edition_the_wards_are_of_whatever_the_file_is_called(
    take, store, edition
):
    outcome, rows = take("wards.geojson", wards(edition))
    assert outcome.status == "kept"
    assert rows is not None
    assert rows.height == len(EDITIONS.areas(edition))
    known = as_known(store, Desk(ROOT).sources, on=date(2026, 1, 1), received_by=None)
    found = boundaries_of(known, EDITIONS, edition)
    assert found.codes == tuple(sorted(EDITIONS.areas(edition)))
    others = {"wards-2014-2018", "wards-2025"} - {edition}
    with pytest.raises(NoBoundaries, match="no boundaries of the wards of May"):
        boundaries_of(known, EDITIONS, others.pop())


def test_wards_of_no_edition_are_refused_with_what_is_lacking(take):
    outcome, _ = take("wards.geojson", wards("wards-2014-2018", without=2))
    assert outcome.status == "refused"
    assert "its 652 wards are those of no edition" in outcome.reason
    assert "nearest is 'wards-2014-2018', of which 2 are lacking (E05000026...)" in outcome.reason


def test_an_invalid_shape_is_repaired_and_marked(take):
    outcome, rows = take("l.geojson", lsoas(("E01000001", BOW_TIE), ("E01000002", SQUARE)))
    assert outcome.status == "kept"
    assert rows is not None
    assert rows["repaired"].to_list() == [True, False]
    mended = shapely.from_wkb(rows["shape"][0])
    assert mended.is_valid
    assert mended.area == pytest.approx(0.005)


REFUSED_SHAPES = [
    ([("E01000001", shapely.Point(0, 51))], "E01000001 is drawn as a Point"),
    ([("E01000001", shapely.box(530_000, 180_000, 531_000, 181_000))], "not eastings and north"),
    ([("E01000001", shapely.box(51, 0, 51.1, 0.1))], "in that order"),
    ([("E01000001", None)], "E01000001 has no shape that can be read"),
    ([("E01000001", {"type": "Polygon", "coordinates": "?"})], "no shape that can be read"),
    ([("E01000001", shapely.Polygon([(0, 51), (0.1, 51), (0, 51)]))], "encloses no surface"),
    ([("E01000001", SQUARE), ("E01000001", SQUARE)], "E01000001 stands twice"),
    ([("E0100000", SQUARE)], "'E0100000' is no code of an area"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "words"), REFUSED_SHAPES)
def test_boundaries_with_a_fault_are_refused_whole_in_words(take, cells, words):
    outcome, _ = take("l.geojson", lsoas(("E01000009", SQUARE), *cells[1:], cells[0]))
    assert outcome.status == "refused"
    assert words in outcome.reason


# --- look-ups and points ------------------------------------------------------------------------

OVERLAP = "lsoa11_code,ward_code,area_share\n"


def test_a_look_up_keeps_good_lines_and_names_the_others(take):
    outcome, rows = take(
        "o.csv",
        OVERLAP + "E01000001,E05000026,0.6\nE01000001,E05000027,1.6\nE1,E05000026,1\n"
        "E01000003,E05000026,1\nE01000003,E05000026,0.5\n",
    )
    assert outcome.receipt is not None
    assert [(r.line, r.reason) for r in outcome.receipt.refusals] == [
        (3, "'1.6' is no share between 0 and 1"),
        (4, "'E1' is no code of an area (lsoa-2011)"),
        (5, "E01000003 stands twice with the same areas"),
        (6, "E01000003 stands twice with the same areas"),
    ]
    assert rows is not None
    assert rows.select("lsoa-2011", "wards-2014-2018", "share").rows() == [
        ("E01000001", "E05000026", 0.6)
    ]


def test_a_received_look_up_joins_and_carries_its_receipt(take, store):
    outcome, _ = take("o.csv", OVERLAP + "E01000001,E05000026,0.7\nE01000001,E05000027,0.1\n")
    known = as_known(store, Desk(ROOT).sources, on=date(2026, 1, 1), received_by=None)
    join = Lookups(ROOT, known).between("lsoa-2011", "wards-2014-2018", kind="by area")
    crimes = pl.DataFrame({"area": ["E01000001"], "count": [80]})
    carried = dict(join.carry(crimes).iter_rows())
    assert carried == pytest.approx({"E05000026": 70.0, "E05000027": 10.0})
    assert outcome.receipt is not None
    assert join.receipts == (outcome.receipt.sha256,)
    assert "shared out by surface" in join.words


def test_before_it_was_published_there_is_no_look_up(take, store):
    take("o.csv", OVERLAP + "E01000001,E05000026,1\n")
    known = as_known(store, Desk(ROOT).sources, on=date(2017, 1, 1), received_by=None)
    with pytest.raises(LookupError, match="published by 2017-01-01"):
        Lookups(ROOT, known).between("lsoa-2011", "wards-2014-2018", kind="by area")


STATIONS = "name,address,postcode,longitude,latitude,borough,coordinates_from\n"


def test_points_without_coordinates_are_kept_and_impossible_ones_are_not(take):
    outcome, rows = take(
        "p.csv",
        STATIONS + "Acton,High Street,W3 9BH,-0.27478,51.50855,Ealing,x\n"
        "Bethnal Green,Victoria Park Square,E2 9NZ,,,,not matched\n"
        "Swapped,Road,N1,51.5,-0.27,,x\n"
        "Half,Road,N1,,51.5,,x\n",
    )
    assert rows is not None
    assert rows.select("name", "longitude", "latitude").rows() == [
        ("Acton", -0.27478, 51.50855),
        ("Bethnal Green", None, None),
    ]
    assert outcome.receipt is not None
    assert [r.line for r in outcome.receipt.refusals] == [4, 5]
    assert "Swapped is not given as a longitude and latitude" in outcome.receipt.refusals[0].reason


def test_open_database_licence_is_left_alone_with_the_reason_and_nothing_stored(take, store):
    point = {"type": "Point", "coordinates": [0.1, 51.5]}
    outcome, _ = take(
        "x.geojson", geojson([({"osm_id": "1", "fclass": "pub", "name": "Simmons"}, point)])
    )
    assert outcome.status == "not read"
    assert "must share it under the same terms" in outcome.reason
    assert "nothing of them is stored" in outcome.reason
    assert store.receipts() == []
    assert not (store.root / "files").exists()


# --- populations --------------------------------------------------------------------------------

BANDS = "age_0_9,age_10_17,age_18_24,age_25_44,age_45_64,age_65_plus"


def test_residents_by_age_must_add_to_their_total(take, store):
    outcome, _ = take(
        "a.csv",
        f"mid_year,borough_code,borough,total,{BANDS}\n"
        "2019,E09000002,Barking,21,1,2,3,4,5,6\n2019,E09000003,Barnet,22,1,2,3,4,5,6\n",
    )
    assert outcome.receipt is not None
    (refusal,) = outcome.receipt.refusals
    assert (refusal.line, refusal.reason) == (
        3, "the ages of E09000003 do not add to its total of '22'"
    )  # fmt: skip
    rows = store.rows("tally", outcome.receipt.key).collect()
    assert dict(rows.select("group", "count").iter_rows()) == {
        "age=0-9": 1, "age=10-17": 2, "age=18-24": 3, "age=25-44": 4, "age=45-64": 5, "age=65+": 6
    }  # fmt: skip
    assert set(rows["within"]) == {"E23000001"}


def test_single_years_are_put_into_the_same_bands(take, store):
    ages = [f"age_{a}" for a in range(90)] + ["age_90plus"]
    outcome, _ = take(
        "a.csv",
        f"mid_year,lsoa11_code,total,{','.join(ages)}\n"
        f"2020,E01000001,91,{','.join('1' for _ in ages)}\n",
    )
    assert outcome.receipt is not None
    rows = store.rows("tally", outcome.receipt.key).collect()
    assert dict(rows.select("group", "count").iter_rows()) == {
        "age=0-9": 10, "age=10-17": 8, "age=18-24": 7, "age=25-44": 20, "age=45-64": 20,
        "age=65+": 26,
    }  # fmt: skip
    assert set(rows["level"]) == {"lsoa"}


def test_ethnic_groups_are_never_added_to_the_residents_they_are(take, store):
    outcome, _ = take(
        "e.csv",
        'lsoa21_code,total_residents,"Asian, Asian British or Asian Welsh",'
        '"Black, Black British, Black Welsh, Caribbean or African",'
        "Mixed or Multiple ethnic groups,Other ethnic group,White\n"
        "E01000001,15.0,1.0,2.0,3.0,4.0,5.0\nE01000002,9.0,1.0,?,3.0,4.0,5.0\n",
    )
    assert outcome.receipt is not None
    assert [r.reason for r in outcome.receipt.refusals] == ["'?' is not a number of people"]
    rows = store.rows("tally", outcome.receipt.key).collect()
    sums = dict(rows.group_by("scope", "category").agg(pl.col("count").sum()).select(
        pl.concat_str("scope", "category", separator=": "), "count").iter_rows())  # fmt: skip
    assert sums == {"all: RESIDENTS": 15, "ethnicity: RESIDENTS BY ETHNICITY": 15}


def test_estimates_and_projections_of_one_table_stay_apart(take, store):
    head = (
        "code,name,year,source,population,inland_area_hectares,total_area_hectares,"
        "population_per_hectare,square_kilometres,population_per_square_kilometre\n"
    )
    outcome, _ = take(
        "g.csv",
        head + "E09000001,City of London,2010,ONS MYE,7,1,1,1,1,1\n"
        "E09000001,City of London,2011,GLA Population Projections,8,1,1,1,1,1\n"
        "E12000007,London,2011,GLA Population Projections,900,1,1,1,1,1\n",
    )
    assert outcome.receipt is not None
    rows = store.rows("tally", outcome.receipt.key).collect()
    assert rows.select("level", "area", "flag", "count").sort("count").rows() == [
        ("borough", "E09000001", "ONS MYE", 7),
        ("borough", "E09000001", "GLA Population Projections", 8),
        ("country", "E12000007", "GLA Population Projections", 900),
    ]
