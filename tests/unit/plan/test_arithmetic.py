"""The arithmetic that an edition's own numbers allow, and all that is refused."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.plan.arithmetic import (
    NotArithmetic,
    Sum,
    arithmetic_faults,
    column_total,
    worked_out,
)
from bluelamp.plan.edition import Edition, Plan
from bluelamp.plan.quoted import Arithmetic, Quoted, Theme

VALUES = {"staff-before": 14_513.0, "staff-after": 11_846.0, "wards": 629.0}
TIMES = "\N{MULTIPLICATION SIGN}"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("`staff-before` - `staff-after`", 2_667),
        ("wards * 2", 1_258),
        ("`wards`*2 + 1", 1_259),
        ("(`staff-before` - `staff-after`) / `staff-before` * 100", 2667 / 14513 * 100),
        ("10 - 4 - 3", 3),
        ("10 - (4 - 3)", 9),
        ("2 + 3 * 4", 14),
        ("0.5 / 2", 0.25),
        ("7", 7),
    ],
)
def test_a_sum_is_worked_out_as_at_school(text: str, result: float) -> None:
    assert Sum(text).worked_out(VALUES) == pytest.approx(result)


@pytest.mark.parametrize(
    "text",
    [
        "", "1 +", "2 ** 8", "9 // 2", "9 % 2", "-3", "+3", "~3", "1 < 2", "1 if 2 else 3",
        "True", "'a'", "b'a'", "1j", "None", "...", "[1]", "{1}", "(1, 2)", "f(1)", "a.b", "a[0]",
        "abs(3)", "__import__('os').system('true')", "(lambda: 1)()", "x := 3", "f'{1}'", "1; 2",
        "`a` `b`", "1\0", "(" * 250 + "1" + ")" * 250, "1 + " * 400 + "1",
    ],
)  # fmt: skip
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(NotArithmetic):
        Sum(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("`nobody` + 1", "there is no quoted figure 'nobody'"),
        ("staff-before - 1", "stands in backticks"),
        ("1 / (2 - 2)", "divides by nought"),
        ("1e308 * 10", "more than can be written"),
        ("9" * 400, "more than can be written"),
    ],
)
def test_a_sum_without_a_result_says_why(text: str, words: str) -> None:
    with pytest.raises(NotArithmetic, match=words):
        Sum(text).worked_out(VALUES)


def test_the_ids_of_a_sum_are_known_in_order_and_once() -> None:
    assert Sum("`b-b` + a * (`b-b` - `c`)").names == ("b-b", "a", "c")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("`staff-before` - `staff-after`", "14,513 \N{MINUS SIGN} 11,846"),
        ("wards * 2", f"629 {TIMES} 2"),
        ("(1 + 2) * 3 / 4", f"(1 + 2) {TIMES} 3 ÷ 4"),
        ("9 - (4 - 1)", "9 \N{MINUS SIGN} (4 \N{MINUS SIGN} 1)"),
        ("8 / (4 / 2)", "8 ÷ (4 ÷ 2)"),
        ("1 + (2 * 3)", f"1 + 2 {TIMES} 3"),
        ("600000", "600,000"),
        ("1234567.25", "1,234,567.25"),
    ],
)
def test_a_sum_is_written_as_people_write_it(text: str, words: str) -> None:
    assert Sum(text).written({name: f"{value:,.0f}" for name, value in VALUES.items()}) == words


# --- twins ----------------------------------------------------------------------------------------

numbers = st.integers(0, 10_000).map(str) | st.decimals(0, 1000, places=2).map(str)
sums = st.recursive(
    numbers,
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner, st.booleans()).map(
        lambda p: f"({p[0]} {p[1]} {p[2]})" if p[3] else f"{p[0]} {p[1]} {p[2]}"
    ),
    max_leaves=12,
)


def by_python(text: str) -> float:
    """The twin: Python's own reading of the same words (made here of numbers and signs only)."""
    try:
        return float(eval(text, {"__builtins__": {}}))
    except (ZeroDivisionError, OverflowError):
        return math.nan


@given(sums)
def test_it_reads_a_sum_as_python_does(text: str) -> None:
    expected = by_python(text)
    if math.isfinite(expected):
        assert Sum(text).worked_out({}) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    else:
        with pytest.raises(NotArithmetic):
            Sum(text).worked_out({})


@given(sums)
def test_what_it_writes_is_the_same_sum(text: str) -> None:
    written = Sum(text).written({})
    for sign, plain in (("\N{MINUS SIGN}", "-"), (TIMES, "*"), ("÷", "/"), (",", "")):
        written = written.replace(sign, plain)
    first, second = by_python(text), by_python(written)
    assert math.isnan(first) == math.isnan(second)
    assert math.isnan(first) or first == pytest.approx(second, rel=1e-9, abs=1e-9)


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with contextlib.suppress(NotArithmetic):
        assert math.isfinite(Sum(text).worked_out({}))


@given(st.lists(st.integers(-10_000_000, 10_000_000)))
def test_a_column_adds_up_however_its_thousands_are_written(column: list[int]) -> None:
    rows = [{"n": f"{n:,}" if i % 2 else str(n)} for i, n in enumerate(column)]
    assert column_total(rows, "n") == sum(column)


# --- columns and editions -------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["", "-", "n/a", "1,2.3.4", "12%", "1e5", "nan", "inf", None])
def test_a_cell_that_is_no_number_is_named_by_its_row(cell: str) -> None:
    with pytest.raises(NotArithmetic, match="row 2 of the column 'n'"):
        column_total([{"n": "1"}, {"n": cell}], "n")


def test_a_minus_sign_of_print_is_a_minus() -> None:
    assert column_total([{"n": " \N{MINUS SIGN}1,200 "}, {"n": "+200.5"}], "n") == -999.5


@pytest.fixture
def edition_with() -> Callable[..., Edition]:
    """An edition that quotes 10, 4 and 6 and what is given: `id="sum"` or id=Arithmetic(...)."""

    def make(**ways: str | Arithmetic) -> Edition:
        plan = Plan(
            "p", "Plan", "Plan", "s", date(2013, 4, 1), date(2016, 3, 31), "targets", "h", "a", "s"
        )
        known = [
            Quoted(name, "what", str(value), value, "posts", "page 1", unchecked="Ours alone.")
            for name, value in (("before", 10), ("after", 4), ("fewer", 6))
        ]
        made = [
            Quoted(
                name, "what", "6", 6, "posts", "page 1",
                arithmetic=Arithmetic(sum=way) if isinstance(way, str) else way,
            )
            for name, way in ways.items()
        ]  # fmt: skip
        themes = (Theme("known", 1, "Known", tuple(known)), Theme("made", 2, "Made", tuple(made)))
        rows = ({"Borough": "Barnet", "2015": "1,000"}, {"Borough": "Camden", "2015": "234"})
        return Edition(plan, (), (), themes=themes, tables={"officers": rows, "empty": ()})

    return make


def test_a_figure_is_made_from_others_as_printed_or_from_a_table(edition_with) -> None:
    edition = edition_with(a="before - after")
    assert worked_out(edition, Arithmetic(sum="before - after")) == 6
    assert worked_out(edition, Arithmetic(table="officers", column="2015")) == 1234


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("before - lost", "no quoted figure 'lost'"),
        ("before ** 2", "may not stand in a sum"),
        ("before / (after - after)", "divides by nought"),
        (Arithmetic(table="cells", column="n"), "no tables/cells.csv"),
        (Arithmetic(table="empty", column="n"), "has no rows"),
        (Arithmetic(table="officers", column="2011"), "no column '2011'; it has Borough, 2015"),
        (Arithmetic(table="officers", column="Borough"), "row 1 .* holds 'Barnet'"),
    ],
)
def test_check_names_what_stands_in_the_way(edition_with, way, words: str) -> None:
    edition = edition_with(good="before - after", bad=way)
    ((theme, figure, said),) = arithmetic_faults(edition)
    assert (theme.id, figure.id) == ("made", "bad")
    assert re.search(words, said)


def test_a_circle_proves_nothing(edition_with) -> None:
    edition = edition_with(a="b + 1 - 1", b="c", c="a", alone="alone", good="a + before")
    said = {figure.id: words for _, figure, words in arithmetic_faults(edition)}
    assert set(said) == {"a", "b", "c", "alone"}
    assert said["a"].endswith("'a' from 'b' from 'c' from 'a'")
    assert said["alone"].endswith("'alone' from 'alone'")


def test_an_edition_whose_sums_can_be_done_has_no_fault(edition_with) -> None:
    assert list(arithmetic_faults(edition_with(a="before - after", b="before - a"))) == []
