"""Of which months the refused rows of a file are, without its reader knowing of it."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.dating import month_written
from bluelamp.evidence.recognise import Recognised
from bluelamp.evidence.refused_months import refused_by_month
from bluelamp.evidence.source import Column, Source, read_sources

SOURCES = read_sources(definitions_root())
MONTHS = ("2023-05", "2023-06", "2023-07")
NOT_CUT = 99  # a line of the file that is no row of the table


def source(*columns: str) -> Source:
    named = tuple(Column(name, (name,)) for name in columns)
    return dataclasses.replace(SOURCES["police-uk-street"], columns=named)


def counted(of: Source, cells: list[tuple[str | None, ...]], kept: dict[int, str], *lines: int):
    """The months of the refused `lines`; `cells` are those of lines 2, 3 ... and `kept` says under
    which month the reader kept a line."""
    names = [column.name for column in of.columns]
    rows = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")
    file = Recognised(of, rows.with_row_index("line", offset=2), ())
    made = pl.DataFrame(
        list(kept.items()), schema={"line": pl.Int64, "month": pl.String}, orient="row"
    )
    return refused_by_month(file, made, MONTHS, set(lines))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # line 2 is kept; 3 and 4 are of May and June; 5 has no month; 6 is of a month that no row
        # was kept of; 7 is of a month that the file does not cover
        ((), {}),
        ((3,), {"2023-05": 1}),
        ((3, 4), {"2023-05": 1, "2023-06": 1}),
        ((6,), {"2023-07": 1}),
        ((7,), {}),
        ((5,), {"2023-05": 1, "2023-06": 1, "2023-07": 1}),
        ((3, 5), {"2023-05": 2, "2023-06": 1, "2023-07": 1}),
        ((NOT_CUT,), {"2023-05": 1, "2023-06": 1, "2023-07": 1}),
        ((3, 4, 5, NOT_CUT), {"2023-05": 3, "2023-06": 3, "2023-07": 2}),
    ],
)  # fmt: skip
def test_a_refused_row_is_of_the_month_that_it_names_or_of_any(lines, expected):
    cells = [("2023-05", "a"), ("2023-05", "b"), ("2023-06", "c"), (None, "d"), ("2023-07", "e"),
             ("2019-01", "f")]  # fmt: skip
    assert counted(source("month", "force"), cells, {2: "2023-05"}, *lines) == expected


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("2023-06", "2023-06"), (" 2023-06 ", "2023-06"), ("2023-06-30", "2023-06"),
        ("2023-06-30 23:59:00", "2023-06"), ("2023-06-30T22:59:59+00:00", "2023-06"),
        ("2023-06-30T23:00:00+00:00", "2023-07"), ("2023-06-30T23:00:00Z", "2023-07"),
        ("2022-12-31T23:30:00+00:00", "2022-12"),
        ("2023-13", None), ("2023-06-31", None), ("30/06/2023", None), ("Jun-23", None),
        ("2023", None), ("202306", None), ("", None),
    ],
)  # fmt: skip
def test_a_month_is_read_only_where_there_is_one_way_to_read_it(written, month):
    assert month_written(written) == month


def test_a_date_written_in_the_publishers_own_way_is_read_as_the_reader_read_it():
    cells = [("Jun-23", "a"), ("Jun-23", "b"), ("Jul-23", "c")]
    of = source("month", "force")
    assert counted(of, cells, {2: "2023-06"}, 3) == {"2023-06": 1}
    every = dict.fromkeys(MONTHS, 1)
    assert counted(of, cells, {2: "2023-06"}, 4) == every  # no row with "Jul-23" was kept
    assert counted(of, cells, {}, 3) == every


def test_a_date_in_two_columns_is_one_date():
    cells = [("2023", "5"), ("2023", "6"), ("2023", "6"), ("2022", "6")]
    of, kept = source("year", "month_number"), {2: "2023-05", 3: "2023-06"}
    assert counted(of, cells, kept, 4) == {"2023-06": 1}
    assert counted(of, cells, kept, 5) == dict.fromkeys(MONTHS, 1)


def test_a_row_with_a_column_for_every_month_is_of_all_of_them():
    assert counted(source("borough"), [("a",), ("b",)], {2: "2023-05"}, 3) == dict.fromkeys(
        MONTHS, 1
    )


def test_a_plain_table_is_dated_as_its_source_says():
    yearly = (s for s in SOURCES.values() if s.table and s.table.dated == "year")
    of = next(source for source in yearly if source.holds == "counts")
    assert of.table is not None
    of = dataclasses.replace(of, table=dataclasses.replace(of.table, year_ends=12, months_on=0))
    rows = pl.DataFrame({"line": [2, 3, 4], "year": ["2022", "2023", "2023/24"]})
    none = pl.DataFrame(schema={"line": pl.Int64, "month": pl.String})
    months = ("2022-12", "2023-12", "2024-03")
    for line, month in zip((2, 3, 4), months, strict=True):
        assert refused_by_month(Recognised(of, rows, ()), none, months, {line}) == {month: 1}
