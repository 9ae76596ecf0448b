"""The page of what was received adds up, and names the sources that there are.

Whether its numbers are those of the files is asked in tests/real, where the files are.
"""

from __future__ import annotations

from tests.docs.received_page import HOW_TO_REMAKE, number, rows

from bluelamp.definitions import definitions_root
from bluelamp.evidence.source import read_sources

SOURCES = read_sources(definitions_root())
RECEIVED = rows("source")
TOTAL = RECEIVED.pop("total")


def test_every_row_read_was_kept_or_refused() -> None:
    assert len(RECEIVED) > 50
    for source, (_, files, _, read, kept, refused, why) in (*RECEIVED.items(), ("total", TOTAL)):
        assert number(kept) + number(refused) == number(read), source
        assert number(files) > 0, source
        if source != "total":
            assert bool(why) == (number(refused) > 0), source


def test_the_last_row_is_the_sum_of_the_others() -> None:
    for column in (1, 3, 4, 5):
        assert sum(number(row[column]) for row in RECEIVED.values()) == number(TOTAL[column])


def test_the_sources_are_those_of_the_definitions() -> None:
    for source, (publisher, *_) in RECEIVED.items():
        assert source in SOURCES, HOW_TO_REMAKE
        assert publisher == SOURCES[source].publisher, HOW_TO_REMAKE
        assert SOURCES[source].reader != "left_alone", HOW_TO_REMAKE


def test_what_is_left_alone_is_so_by_the_definitions_for_their_reason() -> None:
    alone = rows("left alone")
    assert alone
    for source, words in alone.items():
        assert source in SOURCES, HOW_TO_REMAKE
        assert SOURCES[source].reader == "left_alone", HOW_TO_REMAKE
        expected = [SOURCES[source].title, " ".join(SOURCES[source].caveats)]
        assert words == expected, HOW_TO_REMAKE


def test_what_is_noted_is_noted_of_sources_that_were_received() -> None:
    assert rows("noted of")
    assert set(rows("noted of")) <= set(RECEIVED), HOW_TO_REMAKE
