"""# A receipt is of a reading: of bytes, by definitions

Rows that are refused wait in quarantine. When the definition is mended the file is read again; the
earlier reading stays, so that what was known to an earlier day does not change.
"""

from __future__ import annotations

import copy
import json
import shutil
from datetime import date

import pytest

from bluelamp.definitions import read_gazetteer
from bluelamp.evidence.known import as_known
from bluelamp.evidence.opening import open_table
from bluelamp.evidence.quarantine import held_back, refused_rows
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.receive import Desk, receive, release_refused
from bluelamp.evidence.source import read_sources

SPELLING, BOROUGH = "Barnet on the Hill", "Barnet"


@pytest.fixture
def office(door, tmp_path):
    """A front door whose definitions may be edited."""
    root = tmp_path / "definitions"
    shutil.copytree(door.definitions, root)
    door.definitions, door.desk = root, Desk(root)
    return door


def misspelt(door, number=10):
    return door.borough_file({"2023-06": number}).replace(f",{BOROUGH},", f",{SPELLING},")


def add_spelling(door):
    path = door.definitions / "areas/boroughs.yaml"
    text = path.read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if f"name: {BOROUGH}," in one)
    assert "spellings" not in line, "the test wants a borough without a further spelling"
    mended = line.replace(f"name: {BOROUGH},", f"name: {BOROUGH}, spellings: [{SPELLING}],")
    path.write_text(text.replace(line, mended), encoding="utf-8")
    read_gazetteer.cache_clear()  # a new call of the command reads the definitions anew
    door.desk = Desk(door.definitions)


def total(door, known_on, received_by=None):
    day = date.fromisoformat(received_by) if received_by else None
    known = as_known(
        door.store, read_sources(door.definitions), on=date.fromisoformat(known_on), received_by=day
    )
    rows = known.tally("mps-recorded-crime", "borough")
    states = known.months("mps-recorded-crime", "borough")["state"].to_list()
    return states, rows["count"].sum()


def contents(store):
    return {
        path.relative_to(store.root).as_posix(): path.read_bytes()
        for path in store.root.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def test_a_file_with_refusals_is_read_again_once_a_definition_that_matters_has_changed(office):
    first = office.receive("a.csv", misspelt(office), on="2023-09-01", published="2023-08-01")
    assert (first.status, first.receipt.rows_refused, first.receipt.reading) == (
        "partly refused", 10, 1,
    )  # fmt: skip
    again = office.receive("a.csv", misspelt(office), on="2023-09-02")
    assert again.again, "nothing has changed: it is not read again"

    add_spelling(office)
    mended = office.receive("a.csv", misspelt(office), on="2023-10-01")
    assert (mended.status, mended.receipt.reading, mended.receipt.read_on) == (
        "kept", 2, "2023-10-01",
    )  # fmt: skip
    assert (mended.receipt.received_on, mended.receipt.published_on) == ("2023-09-01", "2023-08-01")
    assert mended.note == "read again: of 320 rows 320 are kept now, 310 before"
    assert total(office, "2024-01-01") == (["known"], 3200)


def test_the_earlier_reading_stays_and_speaks_for_the_days_when_there_was_no_other(office):
    office.receive("a.csv", misspelt(office), on="2023-09-01", published="2023-08-01")
    before = contents(office.store)
    add_spelling(office)
    (outcome,) = release_refused(office.store, office.desk, on=date(2023, 10, 1))
    assert (outcome.status, outcome.again) == ("kept", False)
    after = contents(office.store)
    assert {name: after[name] for name in before} == before, "nothing is overwritten"
    assert total(office, "2024-01-01", received_by="2023-09-30") == (["partial"], 0)
    assert total(office, "2024-01-01", received_by="2023-10-01") == (["known"], 3200)
    readings = [(r.reading, r.status) for r in office.store.receipts()]
    assert readings == [(1, "partly refused"), (2, "kept")]


def test_a_release_names_its_readings_and_later_ones_do_not_touch_it(office):
    office.receive("a.csv", misspelt(office), on="2023-09-01", published="2023-08-01")
    known = office.known("2024-01-01")
    add_spelling(office)
    office.receive("a.csv", misspelt(office), on="2023-10-01")
    only = frozenset(receipt.key for receipt in known.receipts.values())
    again = as_known(
        office.store, read_sources(office.definitions), on=date(2024, 1, 1), received_by=None,
        only=only,
    )  # fmt: skip
    assert again.chosen.equals(known.chosen)
    assert office.known("2024-01-01").chosen["state"].to_list() == ["known"]


def test_a_change_that_does_not_help_makes_no_reading(office):
    office.receive("a.csv", misspelt(office), on="2023-09-01")
    before = contents(office.store)
    path = office.definitions / "sources/mps-recorded-crime.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    office.desk = Desk(office.definitions)
    assert office.receive("a.csv", misspelt(office), on="2023-10-01").again
    (outcome,) = release_refused(office.store, office.desk, on=date(2023, 10, 1))
    assert outcome.again
    assert contents(office.store) == before


def test_the_definitions_of_another_source_do_not_matter(office):
    here = office.desk.fingerprint("mps-recorded-crime")
    street = office.desk.fingerprint("police-uk-street")
    path = office.definitions / "sources/police-uk-street.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    assert Desk(office.definitions).fingerprint("mps-recorded-crime") == here
    assert Desk(office.definitions).fingerprint("police-uk-street") != street


def test_a_file_refused_whole_is_read_again_and_told_apart_by_the_day_of_reading(office):
    path = office.definitions / "sources/mps-recorded-crime.yaml"
    text = office.borough_file({"2023-06": 10}).replace("BoroughName", "NameOfBorough")
    refused = office.receive("a.csv", text, on="2023-09-01", published="2023-08-01")
    assert refused.status == "refused"
    yaml = path.read_text(encoding="utf-8")
    assert "BoroughName" in yaml
    path.write_text(yaml.replace("BoroughName", "BoroughName, NameOfBorough", 1), encoding="utf-8")
    office.desk = Desk(office.definitions)
    (outcome,) = release_refused(office.store, office.desk, on=date(2023, 10, 1))
    assert (outcome.status, outcome.receipt.published_on) == ("kept", "2023-08-01")
    assert total(office, "2024-01-01", received_by="2023-09-30") == ([], 0)
    assert total(office, "2024-01-01") == (["known"], 3200)


# --- quarantine -----------------------------------------------------------------------------------


def test_every_refused_row_is_kept_with_line_reason_and_text(office):
    """Also beyond the first 200 of a file, which are all that its receipt names."""
    row = "THEFT,SHOPLIFTING,Nowhere at all,7\n"
    text = office.borough_file({"2023-06": 10}) + row * 300 + "THEFT,SHOPLIFTING\n"
    outcome = office.receive("a.csv", text)
    assert (outcome.receipt.rows_refused, len(outcome.receipt.refusals)) == (301, 200)
    kept = office.store.rows("quarantine", outcome.receipt.key).collect()
    assert kept.height == 301
    lines = text.splitlines()
    for line, reason, words in kept.iter_rows():
        assert words.startswith(lines[line - 1])
        assert reason
    many, one = held_back(office.store)
    assert (many.source, many.rows, many.files, many.at_least) == (
        "mps-recorded-crime", 300, 1, False,
    )  # fmt: skip
    assert "Nowhere at all" in many.reason
    assert many.examples[0].text == row.strip()
    assert (one.rows, one.examples[0].line) == (1, len(lines))


def test_what_is_released_leaves_quarantine_and_stays_in_the_earlier_reading(office):
    outcome = office.receive("a.csv", misspelt(office), on="2023-09-01")
    assert [held.rows for held in held_back(office.store)] == [10]
    add_spelling(office)
    release_refused(office.store, office.desk, on=date(2023, 10, 1))
    assert held_back(office.store) == []
    assert office.store.rows("quarantine", outcome.receipt.key).collect().height == 10


def test_the_text_of_a_row_about_a_person_is_not_kept(office):
    source = office.desk.sources["mps-recorded-crime"]
    data = misspelt(office).encode()
    table = open_table(data)
    refusals = [Refusal(5, "the borough is not known")]
    (row,) = refused_rows(table, data, refusals, source).rows()
    assert row == (5, "the borough is not known", data.decode().splitlines()[4])
    personal = copy.copy(source)  # the rest of a personal source's definition does not matter here
    object.__setattr__(personal, "sensitivity", "personal")
    assert refused_rows(table, data, refusals, personal)["text"].to_list() == [""]


# --- an older store -------------------------------------------------------------------------------


def as_format_1(store):
    """Make a store what the version before would have left."""
    (store.root / "store.json").write_text('{"format": 1}\n')
    shutil.rmtree(store.root / "quarantine", ignore_errors=True)
    for path in (store.root / "receipts").glob("*.json"):
        record = json.loads(path.read_text())
        record.pop("definitions")
        path.write_text(json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def test_a_store_of_format_1_opens_and_its_receipts_stay_as_they_are(office):
    office.receive("a.csv", misspelt(office), on="2023-09-01", published="2023-08-01")
    as_format_1(office.store)
    before = contents(office.store)
    office.store = type(office.store)(office.store.root)
    assert total(office, "2024-01-01") == (["partial"], 0)
    (held,) = held_back(office.store)
    assert (held.rows, held.at_least) == (10, False)
    assert contents(office.store) == before, "reading changes nothing"

    assert office.receive("a.csv", misspelt(office), on="2023-10-01").again
    (receipt,) = office.store.receipts()
    assert (receipt.definitions, receipt.reading) == ("", 1)
    (path,) = (office.store.root / "receipts").glob("*.json")
    assert path.read_text() == receipt.to_json(), "an old receipt is written in its old bytes"
    add_spelling(office)
    assert office.receive("a.csv", misspelt(office), on="2023-10-02").status == "kept"


# --- dates of publication -------------------------------------------------------------------------


def test_nothing_is_received_before_it_is_published(office):
    """The rule gives the month after the last one; the file came in before that."""
    early = office.receive("a.csv", office.borough_file({"2023-06": 10}), on="2023-07-15")
    assert (early.receipt.published_on, early.receipt.published_inferred) == ("2023-07-01", True)
    assert early.note == ""
    very = office.receive("b.csv", office.borough_file({"2023-07": 10}), on="2023-07-20")
    assert (very.receipt.published_on, very.receipt.published_inferred) == ("2023-07-20", True)
    assert "it would be published on 2023-08-01, after the day it was received" in very.note
    assert very.receipt.remark == very.note


def test_a_second_day_of_publication_is_said_to_change_nothing(office):
    text = office.borough_file({"2023-06": 10})
    office.receive("a.csv", text, published="2023-08-01")
    again = office.receive("a.csv", text, published="2023-09-01")
    assert again.receipt.published_on == "2023-08-01"
    assert again.note == (
        "it was received before, as published on 2023-08-01; that stands, and --published "
        "2023-09-01 changes nothing"
    )
    assert office.receive("a.csv", text, published="2023-08-01").note == ""


def test_two_stores_that_were_filled_in_another_order_hold_the_same(office, tmp_path):
    files = [office.folder / f"{n}.csv" for n in range(3)]
    for number, path in enumerate(files):
        path.write_text(office.borough_file({"2023-06": 10 + number}))
    stores = []
    for order in (files, files[::-1]):
        store = type(office.store)(tmp_path / f"store-{len(stores)}")
        for path in order:
            receive(store, office.desk, [path], on=date(2023, 9, 1))
        stores.append(contents(store))
    assert stores[0] == stores[1]
