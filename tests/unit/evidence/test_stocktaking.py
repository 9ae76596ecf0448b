"""What the store holds of each source, and how refusals that say the same are told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.definitions import definitions_root
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.stocktaking import OfSource, Said, in_kinds, take_stock, total
from bluelamp.evidence.store import Store

FORCE = "{} is not one of this office's forces; to receive its files add {} to territory"


@pytest.mark.parametrize(
    ("sentences", "kinds"),
    [
        ([], []),
        ([("it is damaged", 0, 1)], [("it is damaged", 0, 1)]),
        # One sentence of many rows stays as it is, names and all.
        ([("'-3' is not a count", 2, 0), ("'-3' is not a count", 3, 0)],
         [("'-3' is not a count", 5, 0)]),
        # What stands in quotes, a code, or a number may differ.
        ([("'-3' in 202306 is not a count", 2, 0), ("'ten' in 202307 is not a count", 3, 0)],
         [("… in … is not a count", 5, 0)]),
        # A name without quotes too, of however many words.
        ([(FORCE.format("Kent Police", "E23000032"), 7, 0),
          (FORCE.format("Devon & Cornwall Police", "E23000035"), 9, 0),
          (FORCE.format("Gwent", "W15000002"), 1, 0)],
         [("… is not one of this office's forces; to receive its files add … to territory",
           17, 0)]),
        # Different reasons stay apart, the most rows first.
        ([("the line holds too many cells", 1, 0), ("'Barnett' is not a known borough", 4, 0)],
         [("'Barnett' is not a known borough", 4, 0), ("the line holds too many cells", 1, 0)]),
        ([("386 rows are equal to another", 0, 1), ("370 rows are equal to another", 0, 1),
          ("30 rows stand twice", 0, 1)],
         [("… rows are equal to another", 0, 2), ("30 rows stand twice", 0, 1)]),
    ],
)  # fmt: skip
def test_sentences_that_say_the_same_of_others_are_one(sentences, kinds):
    assert in_kinds(Said(*one) for one in sentences) == tuple(Said(*one) for one in kinds)


WORDS = st.sampled_from(["'Barnet'", "Kent", "Police", "is", "no", "count", "E09000003", "12", "…"])
SENTENCES = st.builds(
    Said, st.lists(WORDS, max_size=7).map(" ".join), st.integers(0, 9), st.integers(0, 9)
)


@given(st.lists(SENTENCES, max_size=12))
def test_no_row_and_no_file_is_lost_by_telling_kinds(sentences):
    kinds = in_kinds(sentences)
    assert sum(kind.rows for kind in kinds) == sum(said.rows for said in sentences)
    assert sum(kind.files for kind in kinds) == sum(said.files for said in sentences)
    assert in_kinds(reversed(sentences)) == kinds


def test_each_source_is_told_with_what_was_refused_of_it(tmp_path: Path):
    store, desk = Store(tmp_path / "store"), Desk(definitions_root())
    inbox = tmp_path / "in"
    inbox.mkdir()
    header = "MajorText,MinorText,BoroughName,{}\n"
    (inbox / "a.csv").write_text(header.format("202305") + "THEFT,SHOPLIFTING,Barnet,4\n")
    (inbox / "b.csv").write_text(
        header.format("202306") + "THEFT,SHOPLIFTING,Barnet,3\nTHEFT,SHOPLIFTING,Barnett,3\n"
    )
    (inbox / "half.zip").write_bytes(b"PK\x03\x04 and no more")
    (inbox / "unknown.csv").write_text("sku,price\n1,2\n")
    receive(store, desk, [inbox], on=date(2026, 4, 1))
    damaged, crime = take_stock(store)
    assert damaged == OfSource(
        "", "", 1, "", "", 0, 0, 0,
        (Said("the zip is damaged or was cut off; download it again from its publisher", 0, 1),),
    )  # fmt: skip
    refused = crime.refusals[0]
    assert (crime.source, crime.files, crime.publisher) == (
        "mps-recorded-crime", 2, "Metropolitan Police Service, through the London Datastore",
    )  # fmt: skip
    assert (crime.first_month, crime.last_month) == ("2023-05", "2023-06")
    assert (crime.rows_read, crime.rows_kept, crime.rows_refused) == (3, 2, 1)
    assert (refused.rows, refused.files) == (1, 0)
    assert "did you mean 'Barnet'?" in refused.words
    whole = total([damaged, crime])
    assert (whole.files, whole.rows_read, whole.rows_kept, whole.rows_refused) == (3, 3, 2, 1)
    assert (whole.first_month, whole.last_month) == ("2023-05", "2023-06")


def test_of_a_file_that_was_read_again_the_last_reading_counts(tmp_path: Path):
    store, desk = Store(tmp_path / "store"), Desk(definitions_root())
    (tmp_path / "a.csv").write_text(
        "MajorText,MinorText,BoroughName,202306\n"
        "THEFT,SHOPLIFTING,Barnet,3\nTHEFT,SHOPLIFTING,Barnett,3\n"
    )
    receive(store, desk, [tmp_path / "a.csv"], on=date(2026, 4, 1))
    (first,) = store.receipts()
    again = {"rows_kept": 2, "rows_refused": 0, "refusals": (), "notes": ("it was mended",)}
    store.sign(replace(first, status="kept", reading=2, read_on="2026-05-01", **again))
    (crime,) = take_stock(store)
    assert (crime.files, crime.rows_read, crime.rows_kept, crime.rows_refused) == (1, 2, 2, 0)
    assert (crime.refusals, crime.notes) == ((), (Said("it was mended", 0, 1),))


def test_an_empty_store_has_nothing_to_tell(tmp_path: Path):
    assert take_stock(Store(tmp_path / "store")) == []
    assert total([]).files == 0
