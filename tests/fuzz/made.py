"""Small good tables of every source, made up from what its definition says.

A source is asked which columns it has, and each column is filled by its name. Where names do not
say enough, a file of a few made-up rows lies in `seeds/<source id>.csv`. No list names a source or
a reader: a new one is found, and a test says so where no row of its table is good.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

from bluelamp.evidence.fill import Fill
from bluelamp.evidence.reading import Places
from bluelamp.evidence.source import Column, Source

Table = list[list[str]]

SEEDS = Path(__file__).with_name("seeds")
ROWS = 3
A_SQUARE = [[[-0.2, 51.5], [-0.1, 51.5], [-0.1, 51.6], [-0.2, 51.6], [-0.2, 51.5]]]
POLYGON = json.dumps({"type": "Polygon", "coordinates": A_SQUARE})
POINT = json.dumps({"type": "Point", "coordinates": [-0.1, 51.5]})

# What stands in a column that is called so (its own name, or one that it is published under):
# a pattern, and the values of three rows. The first that fits is taken.
CALLED = [
    (r"lsoa\d*(_code|CD)?|lsoa-\d+", ("E01000001", "E01000002", "E01000003")),
    (r"msoa\d*(_code|CD)?.*|msoa-\d+", ("E02000001", "E02000002", "E02000003")),
    (r"(ward\w*_code.*|wards)", ("E05000026", "E05000027", "E05000028")),
    (r"(pfa\d*(_code|CD)|forces)", ("E23000001", "E23000034", "E23000002")),
    (r"(csp\d*(_code|CD))", ("E22000001", "E22000002", "E22000003")),
    (r"region.*code", ("E12000007", "E12000007", "E12000007")),
    (r"(ltla\d*|lad\d*|borough)(_code|CD)|boroughs", ("E09000002", "E09000003", "E09000004")),
    (r"borough(_name|_snt)?", ("Barking and Dagenham", "Barnet", "Bexley")),
    (r"area_code|code", ("E09000002", "E09000003", "E09000004")),
    (r"(.*[ _])?longitude", ("-0.1", "-0.2", "0.1")),
    (r"(.*[ _])?latitude", ("51.5", "51.6", "51.4")),
    (r"year_and_month", ("Jan-2010", "Feb-2010", "Mar-2010")),
    (r"month_number|current_disposal_month", ("1", "2", "3")),
    (r"month|date|stop_date|month_year|.*(_|\b)(date|months)",
     ("2023-05-01", "2023-05-02", "2023-06-03")),
    (r"(mid_)?year|current_disposal_year", ("2021", "2022", "2023")),
    (r"count|residents|total|n|age_\d.*|.*(_count|_residents|population|hectares)",
     ("4", "7", "12")),
    (r"share|.*_share|proportion", ("0.5", "0.25", "0.75")),
    (r"positive", ("Y", "N", "Y")),
    (r"sex|gender", ("Male", "Female", "Male")),
    (r"age(_group| group)?", ("18-24", "25-34", "Under 18")),
    (r".*ethnic.*", ("White", "Black", "Asian")),
]  # fmt: skip


def table_of(source: Source, places: Places) -> Table:
    """A header and rows that the source's reader should take."""
    written = SEEDS / f"{source.id}.csv"
    if written.is_file():
        with written.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    columns = [column for column in source.columns if column.needed or column.name == "geometry"]
    header = [column.known_as[0] for column in columns]
    cells = [list(_cells(source, column)) for column in columns]
    return [header, *[list(row) for row in zip(*cells, strict=True)]]


def _cells(source: Source, column: Column) -> Iterator[str]:
    for n in range(ROWS):
        if column.fill:
            yield _filled(column.fill, n)
        elif source.only and column.name == source.only.column:
            yield source.only.values[0]
        elif column.name == "geometry":
            yield POINT if source.reader == "named_points" else POLYGON
        elif source.table and (cell := _in_table(source, column.name, n)):
            yield cell
        else:
            yield _called((column.name, *column.known_as), n)


def _filled(fill: Fill, n: int) -> str:
    """What an office writes: the example, and where it must differ from row to row, another."""
    if fill.kind == "choice":
        return fill.choices[n % len(fill.choices)]
    return f"{fill.example}{n}" if fill.kind == "identifier" else fill.example


def _in_table(source: Source, name: str, n: int) -> str:
    """A cell of a plain statistical table, '' where its layout says nothing of the column."""
    assert source.table
    dates = {
        "date": f"20{21 + n}-03-31", "year": str(2021 + n), "month": "3",
        "span": f"Apr '{20 + n} to Mar '{21 + n}", "quarter": "Q1",
    }  # fmt: skip
    if source.table.dated == "nowhere":
        dates = {}
    if any(name == cell.column for cell in source.table.cells):
        return str(10 + n)
    if name in dates:
        return dates[name]
    if name in ("area", "area_name"):
        areas = {
            "force": ("E23000001", "E23000034", "E23000002"),
            "borough": ("E09000002", "E09000003", "E09000004"),
            "ward": ("E05000026", "E05000027", "E05000028"),
            "lsoa": ("E01000001", "E01000002", "E01000003"),
            "country": ("K04000001", "E92000001", "E12000007"),
        }
        return areas[source.levels[0]][n]
    return f"{name} {n}" if name in source.table.key else ""


def _called(names: tuple[str, ...], n: int) -> str:
    for pattern, values in CALLED:
        if any(re.fullmatch(pattern, name, re.IGNORECASE) for name in names):
            return values[n]
    return f"made up {n}"
