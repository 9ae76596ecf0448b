"""What becomes of a figure that is not published, row by row."""

from __future__ import annotations

import polars as pl
import pytest

from bluelamp.evidence.receipt import Receipt, Refusal
from bluelamp.measures.definition import Selection
from bluelamp.measures.series import MORE_THAN_ALL
from bluelamp.measures.tables import FIGURE_SCHEMA
from bluelamp.releases.disclosure import words
from bluelamp.releases.disclosure.counted import named
from bluelamp.releases.disclosure.evidence import coverage_told, receipt_told
from bluelamp.releases.disclosure.masking import NUMBERS, masked_figures, rounded_figures
from bluelamp.releases.release import Coverage

NOTHING = dict.fromkeys(NUMBERS)


def row(status: str = "ok", **numbers: float | None) -> dict[str, object]:
    told = {"kind": "quarter", "area": "A", "group": "all", "period": "2024-Q3", "receipts": "r"}
    given = {"numerator": 7.0, "denominator": 70.0, "value": 0.1, "lower": 0.05, "upper": 0.2}
    return told | given | {"status": status} | numbers


def one(frame: pl.DataFrame) -> dict[str, object]:
    (found,) = frame.iter_rows(named=True)
    return found


def frame(told: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([told], schema=FIGURE_SCHEMA)


@pytest.mark.parametrize(
    ("own", "why", "status", "numbers"),
    [
        ("ok", "", "ok", True),
        ("ok", "left out", "left out", False),
        (MORE_THAN_ALL, "", MORE_THAN_ALL, True),
        # Why no share is formed tells of its counts, so it goes with them.
        (MORE_THAN_ALL, "left out", "left out", False),
        ("not published for this month", "left out", "not published for this month", False),
        # What another publication has is a count as well.
        (f"{words.INCOMPLETE} (another has 40 and this one 3)", "", words.INCOMPLETE, False),
        (f"2 of 3 months are missing: {words.INCOMPLETE} (3)", "left out",
         f"2 of 3 months are missing: {words.INCOMPLETE}", False),
    ],
)  # fmt: skip
def test_a_figure_is_left_with_its_numbers_or_with_a_reason(own, why, status, numbers):
    found = one(masked_figures(frame(row(own)), lambda area, period: why))
    assert found == row(status) | ({} if numbers else NOTHING)


@pytest.mark.parametrize(
    ("shown", "per", "expected"),
    [
        (10.0, None, {"numerator": 10.0, "value": 10.0}),
        (10.0, 1000, {"numerator": 10.0, "denominator": 70.0, "value": 1000 / 7}),
        (0.0, 1000, {"numerator": 0.0, "denominator": 70.0, "value": 0.0}),
        (None, None, {"status": "not of wards"}),
    ],
)
def test_a_rounded_figure_has_no_interval_and_nothing_of_the_true_count(shown, per, expected):
    made = rounded_figures(frame(row()), lambda area, period: shown, per, "not of wards")
    assert one(made) == pytest.approx(row() | NOTHING | expected)


def test_what_is_counted_has_one_name_however_it_is_written():
    one = Selection(subcategory=("Knife", "Firearm"))
    assert named([one]) == named([Selection(subcategory=("FIREARM", "knife"))])
    assert named([one]) != named([Selection(category=("Knife", "Firearm"))])


def test_the_notes_of_months_and_files_lose_their_numbers():
    """Those of a source that is public at source keep them."""
    state = ("borough", "all", "2024-07")
    partial = Coverage("mine", *state, "partial", 3.0, "r", "2024-08-01", "only 3 of 40", 40.0)
    open_too = Coverage("open", *state, "known", 3.0, "r", "2024-08-01", "n", 4.0)
    told = coverage_told([partial, open_too], frozenset({"mine"}))
    assert (told[0].total, told[0].revised_from, told[0].note) == (None, None, words.INCOMPLETE)
    assert told[1] == open_too
    receipt = Receipt(
        "ab", 312, "a.csv", "", "kept", "mine", "p", "l", "2024-08-01", "2024-08-01", False,
        rows_read=7, rows_kept=6, rows_refused=1, refusals=(Refusal(3, "'x' is no month"),),
        notes=("3 of them",),
    )  # fmt: skip
    masked = receipt_told(receipt, frozenset({"mine"}))
    assert (masked.size, masked.rows_read, masked.rows_kept) == (100_000, 2_000, 1_000)
    assert (masked.refusals, masked.notes, masked.key) == ((), (), receipt.key)
    assert receipt_told(receipt, frozenset()) == receipt
