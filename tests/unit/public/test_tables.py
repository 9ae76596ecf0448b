"""The open tables of plans: whatever a definition holds can be read back from its cell."""

from __future__ import annotations

import csv
import io
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.plan.commitment import Commitment
from bluelamp.plan.edition import Edition, Plan
from bluelamp.plan.line import Line, Part
from bluelamp.plan.quoted import Quoted, Theme
from bluelamp.public import tables

PLAN = Plan("p", "Plan", "Plan", "s", date(2013, 4, 1), date(2016, 3, 31), "targets", "h", "a", "s")


def commitment(**given: Any) -> Commitment:
    rest = {"title": "t", "promise": "p", "lead": "l", "place": "c", "check": "k"} | given
    return Commitment("c", 1, kind="other promise", **rest)  # type: ignore[arg-type]  # by name


def release(**parts: Any) -> Any:
    """As much of an open release as the tables look at: one edition, nothing read or checked."""
    edition = Edition(PLAN, (), **{"lines": ()} | parts)
    held = SimpleNamespace(editions={"p": edition}, quoted={}, targets=(), reading=lambda *_: None)
    return SimpleNamespace(release=held, force=SimpleNamespace(code="E23000001"))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


# Not what YAML cannot hold either, and not a bare carriage return, which CSV readers fold.
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)


@given(words, words, st.lists(st.from_regex("[a-z-]{1,9}", fullmatch=True), max_size=4))
def test_words_come_back_as_they_were(promise: str, note: str, lines: list[str]) -> None:
    made = commitment(promise=promise, note=note, lines=tuple(lines))
    (row,) = read(tables.commitments_csv(release(commitments=(made,))))
    assert (row["promise"], row["note"]) == (promise, note)
    assert [name for name in row["lines"].split("; ") if name] == lines


@pytest.mark.parametrize(
    ("given", "column", "cell"),
    [
        ({"countable": True}, "countable", "true"),
        ({"countable": False}, "countable", "false"),
        ({"due": date(2016, 3, 31)}, "due", "2016-03-31"),
        ({"due": None}, "due", ""),
        ({"money": 72_000_000, "money_words": "£72m"}, "money", "72000000"),
        ({"money": 0, "money_words": "£0"}, "money", "0"),
        ({"money": None}, "money", ""),
        ({"partners": ("MPS", "NHS, London")}, "partners", "MPS; NHS, London"),
        ({"partners": ()}, "partners", ""),
    ],
)
def test_how_a_value_is_written(given: Any, column: str, cell: str) -> None:
    (row,) = read(tables.commitments_csv(release(commitments=(commitment(**given),))))
    assert row[column] == cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [(1844.0, "1844"), (33.3, "33.3"), (0.1 + 0.2, "0.3"), (-2.5, "-2.5"), (500e6, "500000000")],
)
def test_a_number_has_no_more_figures_than_it_needs(value: float, cell: str) -> None:
    figure = Quoted("f", "what", "printed", value, "unit", "place", unchecked="Ours alone.")
    (row,) = read(tables.quoted_csv(release(themes=(Theme("t", 1, "T", (figure,)),))))
    assert row["value"] == cell
    assert (row["theme"], row["figure"], row["verdict"], row["sentence"]) == ("t", "f", "", "")


def test_a_line_with_two_sides_has_two_rows() -> None:
    parts = (
        Part("higher", "more come forward", ("domestic-abuse",), proxy="Only recorded."),
        Part("lower", "fewer are victims again", missing="repeat victims", holder="the police"),
    )
    line = Line("l", 1, "p", "Line", "Promise", parts, "place", note="A note")
    first, second = read(tables.lines_csv(release(lines=(line,))))
    assert (first["part"], first["hope"], first["measures"]) == ("1", "higher", "domestic-abuse")
    assert (second["part"], second["missing"], second["holder"]) == (
        "2", "repeat victims", "the police",
    )  # fmt: skip
    assert first["proxy"] == "Only recorded."
    assert first["title"] == second["title"] == "Line"


@pytest.mark.parametrize(
    "make", [tables.commitments_csv, tables.lines_csv, tables.targets_csv, tables.quoted_csv]
)
def test_an_empty_table_still_has_its_heading(make: Any) -> None:
    text = make(release())
    assert text.startswith("edition,")
    assert text.count("\n") == 1
