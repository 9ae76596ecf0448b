"""Plain statistical tables: the layout is data, and every line is kept or refused in words."""

from __future__ import annotations

import io
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.evidence.opening import open_table
from bluelamp.evidence.readers import left_alone, long_table, reference_table
from bluelamp.evidence.reading import FileRefused, Places, Reading
from bluelamp.evidence.recognise import NotRecognised, recognise
from bluelamp.evidence.shape import Cell, TableShape
from bluelamp.evidence.source import Column, PublishedOn, Source
from bluelamp.places import Area, gazetteer

PLACES = Places(
    gazetteer(
        [
            Area("E23000001", "Metropolitan Police", "force", "2020"),
            Area("E23000032", "Kent", "force", "2020"),
            Area("outside:rail", "British Transport Police", "force", "2020"),
            Area("E09000003", "Barnet", "borough", "2020", "E23000001"),
        ]
    ),
    "E23000001",
    ("E23000001",),
)


def source(columns: str, table: TableShape | None, **more: Any) -> Source:
    """A source whose columns are known as their own names."""
    named = tuple(Column(name, (name,)) for name in columns.split())
    settled: dict[str, Any] = {
        "levels": ("force", "borough"), "force_from": "none", "scope": "all",
        "absent_means": "unknown", "disclosure": "public-at-source", "sensitivity": "public",
        "published_on": PublishedOn("after-last-period"), "covers": "x", "title": "A table",
        "publisher": "x", "licence": "x", "address": "x", "how_often": "x", "reader": "long_table",
    }  # fmt: skip
    return Source(id="a-table", columns=named, table=table, **{**settled, **more})


def read(text: str, asked: Source, reader: Any = long_table) -> Reading:
    table = open_table(text.encode())
    return reader.read(recognise(table, {asked.id: asked}), PLACES)


def told(reading: Reading, *columns: str) -> list[tuple[Any, ...]]:
    return list(reading.rows.select("line", *columns).iter_rows())


OFFICERS = TableShape(
    dated="year",
    year_ends=3,
    cells=(
        Cell("heads", "count", flag="HEADCOUNT"),
        Cell("fte", "value", flag="FULL-TIME EQUIVALENT"),
    ),
    groups=("sex", "age"),
    recoded={"men": "Male"},
    everyone=("all",),
    blanks=("N/A",),
    named={"Metropolitan": "E23000001"},
)
COLUMNS = "year area area_name category sex age heads fte"
HEAD = ",".join(COLUMNS.split()) + "\n"


def test_a_borough_lies_in_its_force_and_a_country_in_itself():
    text = HEAD + "2022,,Barnet,Officer,,,1,1\n2022,K04000001,England and Wales,Officer,,,1,1\n"
    within = dict(read(text, source(COLUMNS, OFFICERS)).rows.select("area", "within").iter_rows())
    assert within == {"E09000003": "E23000001", "K04000001": "K04000001"}


def test_each_cell_becomes_a_row_of_the_tally():
    reading = read(
        HEAD + '2022,E23000032,Kent,Officer,men,18-24,"1,021",990.5\n', source(COLUMNS, OFFICERS)
    )
    columns = (
        "month",
        "level",
        "area",
        "within",
        "scope",
        "category",
        "flag",
        "group",
        "count",
        "value",
    )
    about = (2, "2022-03", "force", "E23000032", "E23000032", "all", "OFFICER")
    assert told(reading, *columns) == [
        (*about, "HEADCOUNT", "age=18-24; sex=Male", 1021, None),
        (*about, "FULL-TIME EQUIVALENT", "age=18-24; sex=Male", None, 990.5),
    ]
    assert (reading.months, reading.refusals) == (("2022-03",), ())


@pytest.mark.parametrize(
    ("line", "area", "level", "group"),
    [
        ("2022,E23000001,Kent,Officer,all,18-24,1,1", "E23000001", "force", "age=18-24"),
        ("2022,N/A,british transport police,Officer,all,all,1,1", "outside:rail", "force", ""),
        ("2022,,Metropolitan,Officer,,,1,1", "E23000001", "force", ""),
        ("2022,,BARNET,Officer,x;y,all,1,1", "E09000003", "borough", "sex=x,y"),
        ("2022,K04000001,England and Wales,Officer,,,1,1", "K04000001", "country", ""),
        ("2022,E12000007,London,Officer,,,1,1", "E12000007", "country", ""),
        ("2022,E01000001,City 001A,Officer,,,1,1", "E01000001", "lsoa", ""),
    ],
)
def test_where_and_of_whom(line, area, level, group):
    reading = read(HEAD + line + "\n", source(COLUMNS, OFFICERS))
    assert told(reading, "area", "level", "group")[0] == (2, area, level, group)


GOOD = "2021,E23000032,Kent,Officer,men,18-24,5,5\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("21,E23000032,Kent,Officer,men,18-24,5,5", "'21' is not a period"),
        ("2022,E99,Kant,Officer,men,18-24,5,5", "'E99 Kant' is no force or borough"),
        ("2022,,,Officer,men,18-24,5,5", "'' is no force or borough"),
        ("2022,E23000032,Kent,,men,18-24,5,5", "does not say what it counts"),
        ("2022,E23000032,Kent,Officer,men,18-24,5.5,5", "'5.5' is not a count"),
        ("2022,E23000032,Kent,Officer,men,18-24,-5,5", "'-5' is not a count"),
        ("2022,E23000032,Kent,Officer,men,18-24,5,inf", "'inf' is not a number"),
        ("2022,E23000032,Kent,Officer,men,18-24,5,c", "'c' is not a number"),
        ('2022,E23000032,Kent,Officer,men,18-24,5,"1,5"', "'1,5' is not a number"),
        (GOOD.strip(), "once more"),
    ],
)
def test_what_cannot_be_used_is_refused_once_with_its_line(line, words):
    reading = read(HEAD + GOOD + line + "\n", source(COLUMNS, OFFICERS))
    assert {r.line for r in reading.refusals} <= {2, 3}
    assert [words in r.reason for r in reading.refusals if r.line == 3] == [True]
    assert 3 not in reading.rows["line"].to_list()


def test_a_cell_without_a_number_is_kept_without_one():
    reading = read(HEAD + "2022,E23000032,Kent,Officer,men,18-24,,N/A\n", source(COLUMNS, OFFICERS))
    assert told(reading, "count", "value") == [(2, None, None), (2, None, None)]


def test_counts_that_differ_in_a_column_kept_beside_are_added_and_values_are_not():
    shape = TableShape(dated="nowhere", month="2011-03", cells=(Cell("n", "count"),))
    text = "area,category,detail,n\nE23000032,Search,Indian,3\nE23000032,Search,Chinese,4\n"
    reading = read(text, source("area category detail n", shape))
    assert told(reading, "detail", "count") == [(2, "Indian", 3), (3, "Chinese", 4)]
    means = TableShape(dated="nowhere", month="2011-03", cells=(Cell("n", "value"),))
    reading = read(text, source("area category detail n", means))
    assert [r.line for r in reading.refusals] == [2, 3]


def test_means_of_parts_of_a_group_are_put_together_by_their_weights():
    cells = (
        Cell("mean", "value", category="Q1", weight="asked"),
        Cell("asked", "count", category="N"),
    )
    shape = TableShape(dated="nowhere", month="2020-12", cells=cells)
    text = "area_name,mean,asked\nBarnet,1.0,10\nKent,9.0,5\nbarnet,2.5,30\n"
    reading = read(text, source("area_name mean asked", shape))
    means = reading.rows.filter(pl.col("category") == "Q1").select("area", "value").unique()
    slow = (1.0 * 10 + 2.5 * 30) / 40
    assert dict(means.iter_rows()) == {"E09000003": slow, "E23000032": 9.0}
    assert (reading.rows["count"].sum(), reading.refusals) == (45, ())


def test_a_tree_that_repeats_a_name_is_numbered_in_its_order():
    cells = (Cell("share", "value"),)
    shape = TableShape(dated="year", about="K04000001", cells=cells, repeats="numbered")
    text = "category,year,share\nEntry,2019,0.7\nEntry,2018,0.6\nEntry,2019,0.5\nLoss,2019,0.1\n"
    reading = read(text, source("category year share", shape))
    assert told(reading, "category", "value") == [
        (2, "ENTRY", 0.7), (3, "ENTRY", 0.6), (4, "ENTRY (2)", 0.5), (5, "LOSS", 0.1),
    ]  # fmt: skip


def test_a_year_and_its_last_quarter_are_kept_apart_by_scope():
    shape = TableShape(
        dated="year and quarter", about="K04000001", cells=(Cell("n", "count", category="CASES"),)
    )
    reading = read("year,quarter,n\n2014,All,40\n2014,Q4,9\n", source("year quarter n", shape))
    assert told(reading, "month", "scope", "count") == [
        (2, "2014-12", "YEAR", 40), (3, "2014-12", "QUARTER", 9),
    ]  # fmt: skip


def test_a_group_may_stand_in_the_name_of_a_column():
    cells = (Cell("white", "count", category="RESIDENTS", group="ethnicity=White"),)
    shape = TableShape(dated="nowhere", month="2011-03", cells=cells)
    reading = read("area_name,white\nKent,7\n", source("area_name white", shape))
    assert told(reading, "month", "group", "count") == [(2, "2011-03", "ethnicity=White", 7)]


@pytest.mark.parametrize(
    ("columns", "shape", "words"),
    [
        ("year area", {"dated": "year", "cells": (Cell("n", "count"),)}, "reads 'n'"),
        ("area n", {"dated": "year", "cells": (Cell("n", "count"),)}, "reads 'year'"),
        ("year area n", {"dated": "year", "cells": (Cell("n", "count"),)}, "category"),
        (
            "year category n",
            {"dated": "year", "cells": (Cell("n", "count"),)},
            "about",
        ),
        ("year", {"dated": "year"}, "`cells`"),
        ("area n", {"dated": "nowhere", "cells": (Cell("n", "count"),)}, "`month`"),
        ("year", {"dated": "year", "year_ends": 13, "key": ("year",)}, "1 to 12"),
    ],
)
def test_a_layout_that_cannot_be_read_is_a_fault_of_the_definition(columns, shape, words):
    with pytest.raises(ValueError, match=words):
        source(columns, TableShape(**shape))


def test_a_reader_of_layouts_says_that_it_was_given_none():
    for reader in (long_table, reference_table):
        with pytest.raises(FileRefused, match=r"a-table\.yaml has no table"):
            read("a,b\n1,2\n", source("a b", None), reader)


PROFILE = TableShape(dated="nowhere", month="2017-12", key=("area",), blanks=(".", "!", "x"))


def test_a_reference_table_makes_numbers_of_columns_of_numbers():
    text = (
        "area,name,rate,people,party\n"
        'E09000003,Barnet,62.7,"389,600",Cons\nE09000004,Bexley,51.8,.,!\nE09000001,City,!,x,\n'
    )
    reading = read(text, source("area name rate people party", PROFILE), reference_table)
    assert told(reading, "area", "rate", "people", "party") == [
        (2, "E09000003", 62.7, 389600.0, "Cons"),
        (3, "E09000004", 51.8, None, None),
        (4, "E09000001", None, None, None),
    ]
    assert (reading.months, reading.refusals) == (("2017-12",), ())


def test_a_reference_table_has_each_name_once():
    text = "area,n\nA,1\nA,1\nB,2\nB,3\n,4\nC,5\n"
    reading = read(text, source("area n", PROFILE), reference_table)
    assert told(reading, "area", "n") == [(2, "A", 1.0), (7, "C", 5.0)]
    assert [(r.line, r.reason[:15]) for r in reading.refusals] == [
        (4, "B stands twice;"), (5, "B stands twice;"), (6, "the row has not"),
    ]  # fmt: skip


def test_a_file_left_alone_says_why():
    known = source("a b", None, caveats=("It has no year.", "Ask its publisher."))
    with pytest.raises(
        NotRecognised, match=r"it is known: A table\. It has no year\. Ask its publisher\."
    ):
        read("a,b\n1,2\n", known, left_alone)


ODD = (
    "2022", "2021/22", "E23000032", "Kent", "", "N/A", "-1", "7", "1,000", "men", "NaN", "1e400",
    "Officer", ";", "=", '"', "\u0663",
)  # fmt: skip
CELL = st.sampled_from(ODD) | st.text(max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=8, max_size=8), min_size=1, max_size=6))
def test_every_line_is_kept_or_refused_whatever_stands_in_it(records):
    rows = [GOOD.strip().split(","), *records]
    frame = pl.DataFrame(rows, schema=COLUMNS.split(), orient="row")
    to = io.BytesIO()
    frame.write_parquet(to)
    asked = source(COLUMNS, OFFICERS)
    reading = long_table.read(recognise(open_table(to.getvalue()), {asked.id: asked}), PLACES)
    kept, refused = set(reading.rows["line"]), {r.line for r in reading.refusals}
    assert kept | refused == set(range(1, len(rows) + 1))
    assert kept & refused == set()
