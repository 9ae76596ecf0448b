"""`trace`: from a published number to the bytes it came from."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import replace

import pytest

from bluelamp.periods import NotAPeriod
from bluelamp.places import UnknownPlace
from bluelamp.releases.trace import NoSuchFigure, trace

CROYDON = "E09000008"


def test_the_chain_ends_at_the_original_file_and_its_number(small_london):
    found = trace(small_london.release, "burglary", CROYDON, "2025-06")
    originals = {
        hashlib.sha256(p.read_bytes()).hexdigest(): p for p in small_london.originals.rglob("*.csv")
    }
    (receipt,) = found.receipts
    with originals[receipt.sha256].open(encoding="utf-8-sig", newline="") as stream:
        total = sum(
            int(row["202506"]) for row in csv.DictReader(stream)
            if row["BoroughName"] == "Croydon" and row["MajorText"].upper() == "BURGLARY"
        )  # fmt: skip
    assert found.figure.value == total > 0
    text = "\n".join(found.lines())
    definition = small_london.definitions / "measures/burglary.yaml"
    for words in (
        f"number      {total}", receipt.sha256, receipt.name, "Burglary (burglary, count)",
        "Croydon (E09000008", "June 2025 (2025-06)", small_london.release.manifest.id,
        small_london.release.manifest.code_version, "Metropolitan Police Service",
        hashlib.sha256(definition.read_bytes()).hexdigest(), "(inferred)", "received 2026-04-01",
    ):  # fmt: skip
        assert words in text, words


def test_a_rate_leads_to_both_of_its_files(small_london):
    found = trace(small_london.release, "burglary-rate", CROYDON, "2025-Q2")
    assert {r.source for r in found.receipts} == {"mps-recorded-crime", "ons-residents-borough"}


def test_what_a_reader_noted_of_a_file_is_told_under_it(small_london):
    found = trace(small_london.release, "burglary", CROYDON, "2025-06")
    (receipt,) = found.receipts
    noted = replace(receipt, notes=("30 rows stand twice", "2 rows are of no borough"))
    assert replace(found, receipts=(noted,)).lines() == [
        *found.lines(),
        "            note: 30 rows stand twice",
        "            note: 2 rows are of no borough",
    ]


def test_every_digit_of_a_large_number_is_shown(small_london):
    found = trace(small_london.release, "burglary", "E23000001", "r12-2025-12")
    assert found.figure.value > 10_000
    assert f"number      {found.figure.value:,.0f}" in found.lines()
    large = type(found)(
        found.release, type(found.figure)("burglary", "E23000001", "all", "2025", 1_234_567.0, None,
                                          1_234_567.0, 1_232_389.4321, 1_236_746.5),
        found.measure, found.area, (), "",
    )  # fmt: skip
    assert large.lines()[0] == "number      1,234,567"
    assert "1,232,389.43 to 1,236,746.5" in large.lines()[1]


def test_a_withheld_number_is_traced_with_its_reason(small_london):
    found = trace(small_london.release, "burglary-rate", "outside:unknown", "2025-06")
    assert "withheld: no residents are counted" in found.lines()[0]


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        (("crime", CROYDON, "2025-06"), NoSuchFigure, "no measure 'crime'; it has burglary"),
        (("burglary", CROYDON, "1999-06"), NoSuchFigure,
         "no figure of burglary in Croydon for 1999-06; it has from 202"),
        (("homicide", "E05013628", "2025-06"), NoSuchFigure, "for 2025-06; it has nothing"),
        (("burglary", "Croydon", "2025-06"), UnknownPlace, "no area has the code 'Croydon'"),
        (("burglary", CROYDON, "June"), NotAPeriod, "write 2023-06"),
    ],
)  # fmt: skip
def test_a_number_that_is_not_there_is_answered_with_what_is(small_london, question, error, words):
    with pytest.raises(error) as refused:
        trace(small_london.release, *question)
    assert words in str(refused.value)
