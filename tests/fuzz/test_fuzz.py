"""No file brings a reader down, and no row of one is lost: a short hunt in all readers at once.

`make fuzz` hunts longer, in one reader after the other. What is promised is in `promise.py`.
"""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path

import polars as pl
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from tests.conftest import missing
from tests.fuzz import promise
from tests.fuzz.hunting import EVERY, hunt
from tests.fuzz.kinds import KINDS, as_csv, as_parquet
from tests.fuzz.made import table_of
from tests.fuzz.promise import NAME, read_bytes, readers
from tests.fuzz.spoil import spoil

from bluelamp.evidence import reading
from bluelamp.evidence.desk import Desk
from bluelamp.evidence.keeping import make_reading
from bluelamp.evidence.opening import columnar
from bluelamp.evidence.readers import residents_borough
from bluelamp.evidence.reading import FileRefused, Places, Reading
from bluelamp.evidence.recognise import NotRecognised, Recognised


@pytest.fixture(scope="module")
def at() -> Desk:
    return promise.desk()


@pytest.fixture(scope="module")
def residents(at: Desk) -> bytes:
    return as_csv(table_of(at.sources["ons-residents-borough"], at.places))


@pytest.mark.parametrize("reader", list(readers()))
def test_every_reader_has_a_good_table_to_start_from(at, reader):
    sources = [source for source in at.sources.values() if source.reader == reader]
    assert sources, f"no source is read by readers/{reader}.py"
    found = set()
    for source in sources:
        table = as_csv(table_of(source, at.places), source.separators[0])
        try:
            found.add(make_reading(at, table, promise.blank(NAME, table), "").receipt.status)
        except NotRecognised as error:
            found.add("kept" if "it is known" in str(error) else "unknown")
        except promise.AboutPeople:
            found.add(read_bytes(at, NAME, table))
        except FileRefused:
            found.add("refused")
    assert "kept" in found, (
        f"nothing that is made up for {', '.join(source.id for source in sources)} is kept; write "
        "a few rows of one of them into tests/fuzz/seeds/<its id>.csv"
    )


@pytest.mark.parametrize("reader", list(readers()))
def test_a_spoilt_table_is_read_or_refused_in_words(at, reader):
    tables = [
        (source, table_of(source, at.places))
        for source in at.sources.values()
        if source.reader == reader
    ]

    @settings(max_examples=12, deadline=None)
    @given(st.sampled_from(tables), st.integers(0, 2**32), st.integers(0, 255))
    def holds(of, seed: int, choice: int) -> None:
        source, good = of
        table = [list(row) for row in good]
        spoil(table, random.Random(seed))
        if not table[0]:
            return
        data = as_parquet(table, choice) if choice % 3 == 0 else as_csv(table, source.separators[0])
        event(read_bytes(at, NAME, data))

    holds()


@pytest.mark.parametrize("kind", KINDS)
def test_one_table_is_the_same_in_every_kind_of_file(at, residents, kind):
    table = table_of(at.sources["ons-residents-borough"], at.places)
    outcome = promise.receive_bytes(at, f"x.{kind}", KINDS[kind](table))[0]
    assert outcome.receipt is not None
    assert (outcome.status, outcome.receipt.rows_kept) == ("kept", len(table) - 1)


def loses_a_row(file: Recognised, places: Places) -> Reading:
    made = residents_borough_reads(file, places)
    return Reading(made.rows.head(1), made.refusals, made.months)


def raises_a_key_error(file: Recognised, places: Places) -> Reading:
    raise KeyError("borough")


residents_borough_reads = residents_borough.read


@pytest.mark.parametrize(
    ("reader", "broken"),
    [
        (loses_a_row, (AssertionError, "2 rows are lost unseen")),
        (raises_a_key_error, (KeyError, "borough")),
    ],
)
def test_a_reader_that_breaks_the_promise_is_found_out(at, residents, monkeypatch, reader, broken):
    assert read_bytes(at, NAME, residents) == "kept"
    monkeypatch.setattr(residents_borough, "read", reader)
    with pytest.raises(broken[0], match=broken[1]):
        read_bytes(at, NAME, residents)


def test_a_parquet_file_that_unpacks_too_far_is_not_unpacked(at, monkeypatch):
    rows = pl.DataFrame({"lsoa21_code": ["E01000001"] * 6, "total_residents": [7] * 6})
    monkeypatch.setattr(columnar, "MOST_CELLS", 11)
    to = Path("x.parquet")
    data = as_parquet([rows.columns, *[[str(cell) for cell in row] for row in rows.rows()]])
    (outcome,) = promise.receive_bytes(at, to.name, data)
    assert outcome.status == "refused"
    assert "the Parquet file holds 12 cells, more than the 11 that are read" in outcome.reason


def test_a_short_hunt_in_all_readers_finds_nothing(tmp_path):
    """Under ten seconds; its cases are others at each call, and a crash is kept for `--again`."""
    if importlib.util.find_spec("atheris") is None:
        missing("atheris", "it has wheels for Linux on x86-64 with Python 3.11 to 3.13")
    found = hunt(EVERY, tmp_path / "hunt", seconds=6)
    assert not found.crashes, found.said[-3000:]
    assert found.runs > 50


def test_a_file_of_which_millions_of_rows_are_bad_is_refused_whole(at, monkeypatch):
    """A zip of 500 KB can hold 8 million bad rows, whose reasons would fill 5 GB."""
    monkeypatch.setattr(reading, "MOST_REFUSED", 5)
    rows = "lsoa21_code,total_residents\n" + "E01000001,7\n" * 6
    (outcome,) = promise.receive_bytes(at, "x.csv", rows.encode())
    assert outcome.status == "refused"
    assert outcome.reason.startswith("6 rows cannot be used, the first on line 2: E01000001")
