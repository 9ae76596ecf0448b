"""Kinds of file: what each becomes when it is opened, and in what words it cannot be."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.unit.evidence.workbooks import ods, ods_row, xlsx

from bluelamp.evidence import walking
from bluelamp.evidence.opening import CannotOpen, Table, open_table

HEADER = ("Area", "Year", "Officers")


def knows(header: tuple[str, ...]) -> bool:
    return header == HEADER


def cells(table: Table) -> list[tuple[str | None, ...]]:
    """Each row: its line, then its cells."""
    return [tuple(row) for row in table.rows.select("line", *table.header).iter_rows()]


TWO = [("Kent", 2021, 3_859.4), ("Surrey", 2022, 2_100)]
SEEN = [("Kent", "2021", "3859.4"), ("Surrey", "2022", "2100")]
AS_CSV = b"Area,Year,Officers\nKent,2021,3859.4\nSurrey,2022,2100\n"
RECORDS = [dict(zip(HEADER, row, strict=True)) for row in SEEN]
# One table in every kind of file; the line is where a person would look for the row.
KINDS = [
    ("csv", AS_CSV, [2, 3]),
    ("csv with a mark", b"\xef\xbb\xbf" + AS_CSV, [2, 3]),
    ("csv in UTF-16", AS_CSV.decode().encode("utf-16"), [2, 3]),
    ("csv.gz", gzip.compress(AS_CSV), [2, 3]),
    ("csv.gz in two parts", gzip.compress(AS_CSV[:30]) + gzip.compress(AS_CSV[30:]), [2, 3]),
    ("ods", ods({"Data": [HEADER, *TWO]}), [2, 3]),
    ("ods below a title", ods({"Data": [["A title"], [], HEADER, *TWO]}), [4, 5]),
    (
        "ods behind notes",
        ods({"Notes": [["A title"], ["a", "b", "c"]], "Data": [HEADER, *TWO]}),
        [2, 3],
    ),
    ("ods, a year on each sheet", ods({"21": [HEADER, TWO[0]], "22": [HEADER, TWO[1]]}), [2, 4]),
    ("ods, empty rows", ods({"Data": [HEADER, TWO[0], [], ["", " "], TWO[1]]}), [2, 5]),
    ("xlsx", xlsx([HEADER, *TWO]), [2, 3]),
    ("xlsx.gz", gzip.compress(xlsx([HEADER, *TWO])), [2, 3]),
    ("json list", json.dumps(RECORDS).encode(), [1, 2]),
    (
        "json numbers",
        b'{"of": 2, "rows": [{"Area": "Kent", "Year": 2021, "Officers": 3859.4},\n'
        b'{"Officers": 2100, "Area": "Surrey", "Year": 2022}]}',
        [1, 2],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "lines"), KINDS, ids=[kind for kind, _, _ in KINDS])
def test_one_table_in_every_kind_of_file(kind, data, lines):
    table = open_table(data, knows=knows)
    assert cells(table) == [(n, *row) for n, row in zip(lines, SEEN, strict=True)]
    assert (table.header, table.refusals) == (HEADER, ())


LINES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["", "a", "é", '"q"', '"a,b"', '"x""y"', '"two\nlines"']),
                 min_size=1, max_size=3),
        st.sampled_from(["\n", "\r\n", "\r"]),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(LINES, st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_a_line_may_end_in_any_way_and_the_table_is_the_same(lines, mark):
    """CR, LF, CRLF, mixed: as if all were LF. With a mark of UTF-8 or without."""
    # An empty line between CR and LF would make one CRLF of the two.
    assume("\r\n" not in "".join(",".join(row) + end[-1] for row, end in lines))
    ended = "Area,Year\r\n" + "".join(",".join(row) + end for row, end in lines)
    plain = "Area,Year\n" + "".join(",".join(row) + "\n" for row, _ in lines)
    assert opened_as(mark + ended.encode()) == opened_as(plain.encode())


def opened_as(data):
    table = open_table(data)
    return table.header, cells(table), table.refusals


def test_a_line_end_inside_quotes_is_part_of_the_cell_and_lines_go_on_counting():
    data = b"""group,year,score\nAll,"Apr '02 to \nMar '03...4",15.9\nAll,"Apr '03",16\n"""
    assert cells(open_table(data)) == [
        (2, "All", "Apr '02 to \nMar '03...4", "15.9"),
        (4, "All", "Apr '03", "16"),
    ]


def test_json_keys_inside_keys_are_joined_with_dots_and_numbers_stay_as_written():
    data = (
        b'[{"id": 7, "at": {"lat": "51.50", "street": {"id": 9, "name": ""}}, "ok": true},'
        b' {"id": 0.10, "at": null, "tags": ["a", 1], "nan": NaN}]'
    )
    table = open_table(data)
    assert table.header == (
        "id",
        "at.lat",
        "at.street.id",
        "at.street.name",
        "ok",
        "at",
        "tags",
        "nan",
    )
    assert cells(table) == [
        (1, "7", "51.50", "9", None, "true", None, None, None),
        (2, "0.10", None, None, None, None, None, '["a","1"]', "NaN"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "header"),
    [
        (b'[{"a": 1, "a": 2}]', ("a", "a (2)")),
        (b'[{"a.b": 1, "a": {"b": 2}}]', ("a.b", "a.b (2)")),
        (b'[{"line": 5}]', ("line (2)",)),
    ],
)
def test_json_names_that_come_twice_are_both_kept(data, header):
    assert open_table(data).header == header


def test_a_record_that_is_none_is_refused_with_its_number():
    table = open_table(b'[{"a": 1}, 5, {"a": 2}]')
    assert cells(table) == [(1, "1"), (3, "2")]
    assert [r.line for r in table.refusals] == [2]


def test_geojson_gives_a_row_per_feature_with_its_shape_as_text():
    square = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1.25], [1, 1], [0, 0]]]}
    features = [
        {"type": "Feature", "properties": {"code": "E05000026", "n": 3}, "geometry": square},
        {"type": "Feature", "properties": None, "geometry": None, "id": 8},
    ]
    data = json.dumps({"type": "FeatureCollection", "name": "x", "features": features}).encode()
    table = open_table(data)
    assert (table.kind, table.header) == ("geojson", ("geometry", "code", "n", "id"))
    assert cells(table)[0][2:] == ("E05000026", "3", None)
    assert cells(table)[1] == (2, None, None, None, "8")
    assert json.loads(table.rows["geometry"][0]) == square


def test_workbook_cells_are_text_as_people_type_it():
    table = open_table(xlsx([("a", "b", "c"), (True, 1e20, 0.1), ("x & y", -0.0, 7.0)]))
    assert cells(table) == [(2, "true", "1e+20", "0.1"), (3, "x & y", "0", "7")]


def test_a_cell_beyond_the_header_is_refused_with_sheet_and_row():
    table = open_table(
        ods({"21": [HEADER, TWO[0]], "22": [HEADER, (*TWO[1], "note")]}), knows=knows
    )
    assert [row[0] for row in cells(table)] == [2]
    assert [(r.line, "row 2 of the sheet '22'" in r.reason) for r in table.refusals] == [(4, True)]


def parquet() -> bytes:
    to = io.BytesIO()
    pl.DataFrame({"a": [1, 2]}).write_parquet(to)
    return to.getvalue()


def lying_workbook() -> bytes:
    """A part of the zip says it holds another number of bytes than it does."""
    data = bytearray(ods({"Data": [HEADER, *TWO]}))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24] ^= 0x55
    return bytes(data)


def nameless_zip() -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
    return to.getvalue()


FAR_CELL = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
MANY = gzip.compress(b"a,b\n" + b"1,2\n" * 500_000)
GOOD_ODS = ods({"Data": [HEADER, *TWO]})
CANNOT = [
    ("nothing", b" \n", "empty"),
    ("nothing in a .gz", gzip.compress(b""), "empty"),
    ("a .gz cut off", gzip.compress(AS_CSV)[:-9], "cut off"),
    ("a damaged .gz", b"\x1f\x8b" + b"\x00" * 30, "damaged"),
    ("a .gz in a .gz", gzip.compress(gzip.compress(AS_CSV)), "twice"),
    ("a .gz that unpacks too far", MANY, "more than 1 MB"),
    ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00", "not text"),
    ("a false UTF-16", b"\xff\xfea", "UTF-16"),
    ("a PDF", b"%PDF-1.7 ...", "PDF"),
    ("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
    ("a web page", b"\n<!DOCTYPE html><html><p>404</p>", "web page"),
    ("a Parquet file cut off", parquet()[:-20], "cut off"),
    ("a workbook cut off", GOOD_ODS[: len(GOOD_ODS) // 2], "cut off"),
    ("a workbook that lies about its size", lying_workbook(), "damaged"),
    ("a workbook that unpacks too far", ods({"D": [HEADER]}, "x" * (2 << 20)), "2 MB, more than"),
    ("a zip under another name", nameless_zip(), "ends in .zip"),
    ("an empty workbook", ods({"Data": []}), "no sheet with anything"),
    ("a workbook that is no XML", ods({"Data": [HEADER]}, "</nonsense>"), "damaged"),
    ("a cell in the far corner", xlsx([HEADER], FAR_CELL), "more cells than fit"),
    ("rows repeated for ever", ods({"D": [HEADER]}, ods_row(["x"] * 900, 100_000)), "more cells"),
    ("json cut off", b'[{"a": 1}, {"a"', "line 1"),
    ("json, nested without end", b"[" * 100_000, "nested too deeply"),
    ("json, a number without end", b'{"a": [{"b": ' + b"9" * 5_000 + b"}]", "cut off"),
    ("json, nothing in the list", b"[]", "empty"),
    ("json, single values", b"[[1, 2], [3]]", "no table"),
    ("json, no list", b'{"a": {"b": 1}}', "no list"),
    ("json, two", b'{"a": [{"b": 1}], "c": [{"d": 1}]}', "one list of records (a, c)"),
    ("geojson without a feature", b'{"type": "FeatureCollection", "features": []}', "no feature"),
    ("TopoJSON", b'{"type": "Topology", "objects": {}}', "TopoJSON"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "data", "words"), CANNOT, ids=[what for what, _, _ in CANNOT])
def test_what_cannot_be_opened_says_so_in_words(what, data, words):
    with pytest.raises(CannotOpen) as raised:
        open_table(data, knows=knows, most=1 << 20)
    assert words in str(raised.value), str(raised.value)


def test_a_workbook_with_two_tables_is_refused_rather_than_half_read():
    data = ods({"Officers": [HEADER, *TWO], "Staff": [("Area", "Staff"), ("Kent", 5)]})
    both = {HEADER, ("Area", "Staff")}
    with pytest.raises(CannotOpen, match="'Officers' and 'Staff' have different columns"):
        open_table(data, knows=lambda header: header in both)


def opened(data: bytes) -> Table | None:
    """The table, or None where it cannot be opened; any other exception is a fault."""
    try:
        return open_table(data, knows=knows)
    except CannotOpen:
        return None


def test_a_file_in_a_zip_that_unpacks_too_far_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(walking, "MOST_BYTES", 2 << 20)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.csv", AS_CSV)
        archive.writestr("large.csv", b"1,2\n" * (1 << 20))
    good, large = walking.walk([path])
    assert good.read() == AS_CSV
    with pytest.raises(ValueError, match="unpacks to 4 MB"):
        large.read()


SAMPLES = [data for _, data, _ in KINDS if len(data) < 5_000]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_spoiled_bytes_are_opened_or_refused_in_words(data):
    spoiled = bytearray(data.draw(st.sampled_from([s for s in SAMPLES if s[:2] != b"PK"])))
    for _ in range(data.draw(st.integers(0, 4))):
        spoiled[data.draw(st.integers(0, len(spoiled) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(spoiled)))
    assert_is_a_table(opened(bytes(spoiled[:cut])))


def assert_is_a_table(table):
    """Of text, each row with a line of its own; None is of bytes that were refused in words."""
    if table:
        assert set(table.rows.columns) == {"line", *table.header}
        assert table.rows["line"].is_unique().all()
        assert set(table.rows.drop("line").dtypes) <= {pl.String}


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_spoiled_workbook_is_opened_or_refused_in_words(data):
    spoiled = bytearray(data.draw(st.sampled_from([GOOD_ODS, xlsx([HEADER, *TWO])])))
    for _ in range(data.draw(st.integers(1, 4))):
        spoiled[data.draw(st.integers(4, len(spoiled) - 1))] = data.draw(st.integers(0, 255))
    assert_is_a_table(opened(bytes(spoiled)))
