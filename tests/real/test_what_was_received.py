"""docs/what-was-received.md says of the real files what the store says of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.docs.received_page import HOW_TO_REMAKE, number, rows, tables, text
from typer.testing import CliRunner

from bluelamp.cli import app
from bluelamp.definitions import definitions_root
from bluelamp.evidence.readers.left_alone import LEFT_ALONE
from bluelamp.evidence.receive import Desk, Outcome, receive
from bluelamp.evidence.store import Store


def printed(store: Store) -> str:
    words = ["store", "list", "--home", str(store.root), "--format", "markdown"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def test_the_page_says_of_the_files_of_the_main_job_what_the_store_says(
    received: tuple[Store, list[Outcome]],
) -> None:
    """These were received for the other tests anyway. Of a source that has more files elsewhere in
    the collection the page has more."""
    here, page = rows("source", printed(received[0])), rows("source")
    here.pop("total")
    assert set(here) <= set(page), HOW_TO_REMAKE
    whole = {source for source in here if here[source][1] == page[source][1]}
    for source in whole:
        assert here[source] == page[source], HOW_TO_REMAKE
    assert len(whole) >= 20, sorted(set(here) - whole)
    for source in set(here) - whole:
        for column in (1, 3, 4, 5):
            assert number(here[source][column]) <= number(page[source][column]), HOW_TO_REMAKE


@pytest.mark.slow
def test_the_page_is_what_the_store_says_of_the_whole_collection(
    real_data: Path, tmp_path: Path
) -> None:
    """It receives 150 MB, which takes minutes."""
    store, desk = Store(tmp_path / "store"), Desk(definitions_root())
    outcomes = receive(store, desk, [real_data], on=date(2026, 11, 21))
    assert printed(store) == tables(), HOW_TO_REMAKE
    alone = [outcome for outcome in outcomes if outcome.status == "not read"]
    known = [outcome for outcome in alone if outcome.reason.startswith(LEFT_ALONE)]
    assert {one.name for one in alone if one not in known} == set(rows("file"))
    assert len(known) == 16
    assert "Sixteen files are known" in text()
    twice = [one for one in outcomes if one.again]
    assert {one.receipt.source for one in twice if one.receipt} == {"police-uk-street"}
    assert len(twice) == 4
    assert "Four files of street crime stand twice" in text()
