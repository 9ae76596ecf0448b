"""Which months a file covers, and where its structure shows that it is partial."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import polars as pl
import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.coverage import coverage
from bluelamp.evidence.reading import TALLY_SCHEMA
from bluelamp.evidence.source import AlwaysBetween, Source, read_sources

BOROUGHS = ("E09000003", "E09000004")
MONTHS = ("2023-05", "2023-06")
SOURCES = read_sources(definitions_root())


def tally(*rows: tuple[str, str, str, int]) -> pl.DataFrame:
    """(month, area, category, count) by borough."""
    full = [
        {"month": m, "level": "borough", "area": a, "within": "E23000001", "scope": "all",
         "category": c, "subcategory": "", "flag": "", "count": n, "value": None}
        for m, a, c, n in rows
    ]  # fmt: skip
    return pl.DataFrame(full, schema=TALLY_SCHEMA)


def source(absent_means: str, *always: str) -> Source:
    return dataclasses.replace(
        SOURCES["mps-recorded-crime"], absent_means=absent_means, always=always
    )


def reasons(
    of: Source, *rows: tuple[str, str, str, int], refused: Mapping[str, int] | None = None
) -> dict[str, str]:
    found = coverage(tally(*rows), of, MONTHS, BOROUGHS, refused or {})
    return dict(zip(found["month"], found["partial"], strict=True))


WHOLE = [(month, area, "THEFT", 5) for month in MONTHS for area in BOROUGHS]


def test_a_whole_file_covers_its_months():
    found = coverage(tally(*WHOLE), source("unknown"), MONTHS, BOROUGHS, {})
    assert found.select("month", "total", "areas", "categories", "partial").rows() == [
        ("2023-05", 10.0, 2, 1, ""), ("2023-06", 10.0, 2, 1, ""),
    ]  # fmt: skip


@pytest.mark.parametrize("absent_means", ["zero if the area is listed", "unknown"])
def test_a_borough_without_anything_makes_its_month_partial(absent_means):
    rows = [row for row in WHOLE if row[:2] != ("2023-06", "E09000004")]
    rows.append(("2023-06", "E09000004", "THEFT", 0))
    assert reasons(source(absent_means), *rows) == {
        "2023-05": "", "2023-06": "1 borough is missing from the file",
    }  # fmt: skip


def test_a_file_without_zero_rows_may_leave_a_borough_or_a_month_out():
    found = coverage(tally(WHOLE[0]), source("zero"), MONTHS, BOROUGHS, {})
    assert found.select("month", "total", "partial").rows() == [
        ("2023-05", 5.0, ""), ("2023-06", 0.0, ""),
    ]  # fmt: skip


def test_a_month_without_a_row_is_not_covered_where_absence_is_no_zero():
    assert list(reasons(source("unknown"), *WHOLE[:2])) == ["2023-05"]


def test_a_month_without_what_there_always_is_is_partial():
    said = reasons(source("unknown", "BURGLARY", "THEFT"), *WHOLE)
    assert set(said.values()) == {"the file has nothing under BURGLARY"}


def test_what_there_is_always_may_change_with_time():
    then = (
        AlwaysBetween(("ROBBERY",), last="2023-05"),
        AlwaysBetween(("THEFT", "ARSON"), first="2023-06"),
    )
    of = dataclasses.replace(source("unknown", "BURGLARY"), always_between=then)
    assert reasons(of, *WHOLE) == {
        "2023-05": "the file has nothing under BURGLARY, ROBBERY",
        "2023-06": "the file has nothing under ARSON, BURGLARY",
    }


@pytest.mark.parametrize(
    ("first", "last", "holds"),
    [
        # 2023-04, 2023-05, 2023-06, 2023-07
        ("", "", [True, True, True, True]),
        ("2023-05", "", [False, True, True, True]),
        ("", "2023-06", [True, True, True, False]),
        ("2023-05", "2023-06", [False, True, True, False]),
        ("2023-06", "2023-06", [False, False, True, False]),
    ],
)
def test_a_time_holds_its_first_and_its_last_month(first, last, holds):
    time = AlwaysBetween(("THEFT",), first, last)
    assert [time.holds(f"2023-0{n}") for n in (4, 5, 6, 7)] == holds


def test_refused_lines_make_their_own_month_partial():
    said = reasons(source("unknown"), *WHOLE, refused={"2023-06": 1_234})
    assert said == {"2023-05": "", "2023-06": "1,234 lines of the file were refused"}


def test_what_is_merely_low_is_not_partial():
    low = [(month, area, "THEFT", 1) for month, area, _, _ in WHOLE]
    assert set(reasons(source("unknown"), *low).values()) == {""}


def many_areas(months: Mapping[str, int], each: int) -> pl.DataFrame:
    """So many small areas in each month, with so many crimes in each."""
    rows = [
        {"month": month, "level": "lsoa", "area": f"E01{i:06}", "scope": "all",
         "category": "THEFT", "count": each}
        for month, n in months.items() for i in range(n)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TALLY_SCHEMA)


@pytest.mark.parametrize(
    ("areas", "each", "words"),
    [
        (1_000, 6, ""),
        (810, 6, ""),
        (600, 6, "600 areas have anything in this month, where 1,000 usually have"),
        (600, 1, ""),  # few crimes leave many areas without one
    ],
)
def test_a_month_in_which_many_of_the_usual_areas_have_nothing_is_partial(areas, each, words):
    months = {"2023-05": 1_000, "2023-06": areas, "2023-07": 1_000}
    table = coverage(many_areas(months, each), source("unknown"), tuple(months), (), {})
    assert table["partial"].to_list() == ["", words, ""]
