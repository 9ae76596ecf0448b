"""The borough of every record on the real files: by name, by code, by point, and one by one."""

from __future__ import annotations

import csv
import zipfile
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely

from bluelamp.definitions import definitions_root
from bluelamp.evidence.geography.at_boroughs import (
    BY_POLYGON,
    ELSEWHERE,
    NOT_PLACED,
    NUMBER_IN_DISTRICT,
    OUTLINES,
    UNKNOWN,
)
from bluelamp.evidence.geography.editions import read_editions
from bluelamp.evidence.geography.lookups import Lookups
from bluelamp.evidence.geography.polygons import BEYOND, boundaries_of, lies_in
from bluelamp.evidence.known import Known, as_known
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store

ROOT = definitions_root()
EDITIONS = read_editions(ROOT)
BOROUGHS = {area.name: area.code for area in EDITIONS.areas("boroughs").values()}
OUTLINED = Desk(ROOT).places.lookups[OUTLINES]
SHAPES = dict(zip(OUTLINED, shapely.from_wkt(list(OUTLINED.values())), strict=True))
DISTRICT = pl.col("name").str.replace(NUMBER_IN_DISTRICT, "")


@pytest.fixture(scope="module")
def known(real_data: Path, tmp_path_factory) -> Known:
    store = Store(tmp_path_factory.mktemp("boroughs") / "store")
    places = real_data / "places"
    paths = [places / "lookups", places / "boundaries/london_boroughs.geojson"]
    receive(store, Desk(ROOT), paths, on=date(2026, 11, 21))
    return as_known(store, Desk(ROOT).sources, on=date(2026, 4, 30), received_by=None)


def of_zip(archive: Path, ending: str, beginning: str = "") -> dict[str, str]:
    """Name and text of each file of a zip whose name begins and ends so."""
    with zipfile.ZipFile(archive) as zipped:
        return {
            name: zipped.read(name).decode("utf-8")
            for name in zipped.namelist()
            if name.endswith(ending) and Path(name).name.startswith(beginning)
        }


def test_the_outlines_are_the_boundaries_as_received(known):
    boroughs = boundaries_of(known, EDITIONS, "boroughs")
    assert tuple(SHAPES) == boroughs.codes
    assert shapely.equals(list(SHAPES.values()), boroughs.shapes).all()


@pytest.fixture(scope="module")
def burglaries(real_data) -> pl.DataFrame:
    """Every burglary of 2023 as published, each with its borough by name, by code and by point."""
    archive = real_data / "police-uk/metropolitan-burglary/metropolitan-street-burglary-2023.zip"
    names = {"LSOA code": "lsoa", "LSOA name": "name", "Longitude": "x", "Latitude": "y"}
    rows = pl.concat(
        pl.read_csv(text.encode(), infer_schema=False).select(list(names)).rename(names)
        for text in of_zip(archive, "-street.csv").values()
    )
    x, y = (rows[axis].cast(pl.Float64).to_numpy() for axis in "xy")
    found = lies_in(tuple(SHAPES), np.array(list(SHAPES.values()), dtype=object), x, y)
    return rows.with_columns(by_point=pl.Series(found.tolist(), dtype=pl.String))


def test_the_name_of_a_small_area_tells_the_borough_of_its_code(burglaries, known):
    lookups = Lookups(ROOT, known)
    of_code = {
        code: borough
        for edition in ("lsoa-2011", "lsoa-2021")
        for code, borough in lookups.between(edition, "boroughs").shares.select("from", "to").rows()
    }
    small = burglaries.filter(pl.col("lsoa").is_not_null()).select("lsoa", "name").unique()
    by_name = small.select(DISTRICT.replace_strict(BOROUGHS, default=None)).to_series()
    assert by_name.to_list() == [of_code.get(code) for code in small["lsoa"]]
    assert small.height > 4_900


def test_points_and_small_areas_agree_on_the_borough_of_995_in_1000(burglaries):
    both = burglaries.drop_nulls()
    published = both.select(DISTRICT.replace_strict(BOROUGHS, default=BEYOND)).to_series()
    assert both.height > 50_000
    assert float((published == both["by_point"]).mean()) > 0.995


def test_every_search_of_a_month_is_in_the_borough_of_its_point_or_among_the_unknown(
    real_data, tmp_path
):
    """December 2017, one search after the other through one outline after the other."""
    archive = "police-uk/metropolitan-stop-and-search/metropolitan-stop-and-search-2017.zip"
    ((name, text),) = of_zip(real_data / archive, ".csv", "2017-12").items()
    path = tmp_path / Path(name).name
    path.write_text(text, encoding="utf-8")
    store = Store(tmp_path / "store")
    (outcome,) = receive(store, Desk(ROOT), [path], on=date(2026, 11, 21))
    rows = pl.read_parquet(store.typed(outcome.receipt.key))
    for shape in SHAPES.values():
        shapely.prepare(shape)
    slow: dict[str, int] = defaultdict(int)
    for record in csv.DictReader(text.splitlines()):
        if not (record["Longitude"] and record["Latitude"]):
            slow[UNKNOWN] += 1
            continue
        point = shapely.Point(float(record["Longitude"]), float(record["Latitude"]))
        slow[next((c for c, s in SHAPES.items() if s.intersects(point)), ELSEWHERE)] += 1
    by_borough = rows.filter(level="borough").group_by("area").agg(pl.col("count").sum())
    assert dict(by_borough.iter_rows()) == dict(slow)
    records = rows.filter(level="force")
    assert sum(slow.values()) == records["count"].sum() == outcome.receipt.rows_kept
    ways = dict(records["placed"].value_counts().iter_rows())
    assert ways == {BY_POLYGON: records.height - slow[UNKNOWN], NOT_PLACED: slow[UNKNOWN]}
    assert f"{slow[UNKNOWN]:,} of {records.height:,} records have no place" in " ".join(
        outcome.receipt.notes
    )
