"""Templates: what is written out comes back, and every fault is named by its line."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.definitions import DefinitionFaults, definitions_root, read
from bluelamp.evidence.desk import Desk
from bluelamp.evidence.fill import Fill
from bluelamp.evidence.opening import open_table
from bluelamp.evidence.recognise import NotRecognised, WrongColumns, recognise
from bluelamp.evidence.source import Source
from bluelamp.evidence.templates import (
    blank,
    check_file,
    check_rows,
    dictionary,
    filled_columns,
    reading_of,
    templates,
)

DESK = Desk(definitions_root())
TEMPLATES = templates(DESK.sources)
each_template = pytest.mark.parametrize("source", TEMPLATES.values(), ids=list(TEMPLATES))


def example(source: Source) -> list[str]:
    """A row of the template's own examples; an identifier that should be left out is left out."""
    return ["" if fill.identifier == "drop" else fill.example for _, fill in filled_columns(source)]


def written(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode()


def names(source: Source) -> list[str]:
    return next(csv.reader([blank(source)]))


# --- the twelve that an office has and no one publishes -------------------------------------------


def test_there_is_a_template_for_each_thing_that_no_one_publishes() -> None:
    assert set(TEMPLATES) >= {
        "user-satisfaction-survey", "survey-respondents", "staff-survey", "recruitment",
        "ward-officer-postings", "assault-attendances", "calls-for-service", "budget-and-savings",
        "offender-cohort", "victims-code-compliance", "court-listings", "complaints",
    }  # fmt: skip
    people = {s.id for s in TEMPLATES.values() if s.sensitivity == "personal"}
    assert people == {"user-satisfaction-survey", "survey-respondents", "offender-cohort"}


@each_template
def test_its_own_example_is_without_fault_and_is_tallied(source: Source) -> None:
    found = check_file(DESK, written([names(source), example(source)]))
    assert (found.source, found.rows_read, found.rows_kept) == (source, 1, 1)
    assert (found.refusals, found.unread) == ((), 0)
    file = recognise(open_table(written([names(source), example(source)])), DESK.sources)
    assert file.source == source
    (row,) = reading_of(check_rows(source, file.rows, DESK.places), DESK.places).rows.to_dicts()
    assert row["level"] in source.levels
    assert row["area"] in DESK.places.gazetteer
    assert row["category"]
    assert (row["count"] is None) != (row["value"] is None)


@each_template
def test_written_out_empty_it_is_known_and_said_to_be_empty(source: Source) -> None:
    found = check_file(DESK, blank(source).encode())
    assert found.source == source
    assert [refusal.reason for refusal in found.refusals] == [
        "there is no row under the line of column names"
    ]


@each_template
def test_its_dictionary_tells_of_every_column(source: Source) -> None:
    rows = list(csv.DictReader(io.StringIO(dictionary(source))))
    assert [row["column"] for row in rows] == names(source)
    for row, (_, fill) in zip(rows, filled_columns(source), strict=True):
        assert row["what belongs there"] == fill.words
        assert all(choice in row["how it is written"] for choice in fill.choices)
        assert ("hash" in row["on receipt"]) == (fill.identifier == "hash")
        assert ("not kept" in row["on receipt"]) == (fill.identifier == "drop")


@each_template
def test_it_is_not_taken_for_another(source: Source) -> None:
    """Its columns are its own, so that nobody else's table can be taken for it."""
    others = {id: s for id, s in DESK.sources.items() if id != source.id}
    table = open_table(written([names(source), example(source)]))
    with pytest.raises(NotRecognised):
        recognise(table, others)


# --- what may stand in a cell ---------------------------------------------------------------------

CELLS = """
    calls-for-service  | call_month        | 2026-13     | is not a month
    calls-for-service  | call_month        | March 2026  | is not a month
    calls-for-service  | call_month        |             | call_month is empty
    calls-for-service  | call_borough      | Ealling     | is not the name of a borough
    calls-for-service  | call_borough      | E23000001   | is not the name of a borough
    calls-for-service  | call_grade        | Urgent      | is not one of the listed words
    calls-for-service  | calls_for_service | 1,204       | is not a whole number
    calls-for-service  | calls_for_service | -3          | is not a whole number
    calls-for-service  | calls_for_service | 12.5        | is not a whole number
    calls-for-service  | calls_for_service | 9999999999  | is not a whole number
    budget-and-savings | pounds            | nan         | is not a number
    budget-and-savings | pounds            | £5m         | is not a number
    budget-and-savings | pounds            | 1e400       | is not a number
    ward-officer-postings | posted_ward    | Abbey       | is not the code of a ward
    calls-for-service  | call_borough      | E09000009   |
    calls-for-service  | call_grade        | immediate   |
    calls-for-service  | calls_for_service | 12.0        |
    calls-for-service  | calls_for_service | 0           |
    budget-and-savings | pounds            | -1250.50    |
"""
DRAWN = [tuple(cell.strip() for cell in line.split("|")) for line in CELLS.strip().splitlines()]


@pytest.mark.parametrize(("template", "column", "cell", "words"), DRAWN)
def test_a_cell_is_taken_or_its_fault_is_named(template, column, cell, words) -> None:
    source = TEMPLATES[template]
    row = dict(zip(names(source), example(source), strict=True)) | {column: cell}
    found = check_file(DESK, written([names(source), example(source), list(row.values())]))
    reasons = [(refusal.line, refusal.reason) for refusal in found.refusals if words]
    if words:
        assert [line for line, _ in reasons] == [3]
        assert words in reasons[0][1]
        assert column in reasons[0][1]
    else:  # it may only be a twin of the example above it
        assert all("is of the same" in refusal.reason for refusal in found.refusals)


def test_every_fault_of_a_row_is_named_and_the_row_counts_once() -> None:
    source = TEMPLATES["calls-for-service"]
    found = check_file(DESK, written([names(source), ["March", "Nowhere", "x", "y", "z"]]))
    assert [refusal.line for refusal in found.refusals] == [2] * 5
    assert (found.rows_read, found.rows_kept) == (1, 0)


def test_rows_of_the_same_thing_are_both_refused_and_each_names_the_other() -> None:
    source = TEMPLATES["calls-for-service"]
    other = [*example(source)[:-1], "7"]
    found = check_file(DESK, written([names(source), example(source), other]))
    assert found.rows_kept == 0
    first, second = found.refusals
    assert "as line 3; which is right cannot be told" in first.reason
    assert "as line 2; which is right cannot be told" in second.reason


def test_a_column_too_many_is_counted_and_one_too_few_is_named() -> None:
    source = TEMPLATES["calls-for-service"]
    more = check_file(DESK, written([[*names(source), "note"], [*example(source), "x"]]))
    assert (more.unread, more.rows_kept) == (1, 1)
    with pytest.raises(WrongColumns, match="no column 'call_grade'"):
        check_file(DESK, written([[n for n in names(source) if n != "call_grade"]]))
    with pytest.raises(NotRecognised, match="bluelamp template"):
        check_file(DESK, b"a,b\n1,2\n")


ANYTHING = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=12),
    st.sampled_from(["2026-03", "2026-00", "Ealing", "E09000009", "-1", "1e9", "٣", "  ", "NaN"]),
)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(TEMPLATES)))
def test_rows_read_are_rows_kept_and_rows_refused(data, name) -> None:
    """Whatever stands in the cells: no row is lost, none counted twice, no crash."""
    source = TEMPLATES[name]
    good = example(source)
    spoiled = st.tuples(st.integers(0, len(good) - 1), ANYTHING)
    rows = []
    for changes in data.draw(st.lists(st.lists(spoiled, max_size=3), min_size=1, max_size=12)):
        row = list(good)
        for place, cell in changes:
            row[place] = cell
        rows.append(row)
    found = check_file(DESK, written([names(source), *rows]))
    refused = {refusal.line for refusal in found.refusals}
    assert found.rows_read == sum(any(cell.strip() for cell in row) for row in rows)
    assert found.rows_read == found.rows_kept + len(refused)
    assert refused <= set(range(2, len(rows) + 2))
    assert all(refusal.reason for refusal in found.refusals)


def test_the_tally_agrees_with_counting_by_hand() -> None:
    """A slow twin: one person, one answer, counted in a dictionary."""
    source = TEMPLATES["user-satisfaction-survey"]
    dice, rows, by_hand = random.Random(7), [], {}
    choices = {column.name: fill.choices for column, fill in filled_columns(source)}
    for number in range(300):
        question, answer = (
            dice.choice(choices[n]) for n in ("service_question", "satisfaction_answer")
        )
        crime, ethnicity = (dice.choice(choices[n]) for n in ("victim_of", "ethnicity"))
        month = dice.choice(["2026-01", "2026-02"])
        borough, code = dice.choice([("Hackney", "E09000012"), ("Unknown", "outside:unknown")])
        rows.append(
            [f"V{number}", "", f"{month}-09", borough, crime, ethnicity, question, answer, "1"]
        )
        key = (month, code, question, answer, crime, f"ethnicity={ethnicity}")
        by_hand[key] = by_hand.get(key, 0) + 1
    file = recognise(open_table(written([names(source), *rows])), DESK.sources)
    reading = reading_of(check_rows(source, file.rows, DESK.places), DESK.places)
    keys = ["month", "area", "category", "subcategory", "flag", "group"]
    tallied = reading.rows.group_by(keys).agg(pl.col("count").sum())
    assert {
        tuple(row[:-1]): row[-1] for row in tallied.select(*keys, "count").iter_rows()
    } == by_hand
    assert reading.months == ("2026-01", "2026-02")


# --- what a definition of a template may not say --------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("retain_months: 24", "retain_months: 0", "`retain_months` goes with"),
        ("disclosure: controlled", "disclosure: public-at-source", "`disclosure: controlled`"),
        ("sensitivity: personal\nretain_months: 24", "sensitivity: official", "needs `sensitivity"),
        ("kind: choice\n      words: \"Which", "kind: text\n      words: \"Which", "goes with `ch"),
        ("      becomes: month\n", "", "becomes the month"),
        ("      identifier: hash\n", "", "the kind `identifier` goes with"),
        ("      identifier: hash\n", "      identifier: hash\n      becomes: flag\n", "nothing"),
        ('example: "6"\n', 'example: "6"\n      becomes: flag\n', "only listed words, months"),
    ],
)  # fmt: skip
def test_a_template_that_would_tell_too_much_is_refused(tmp_path, old, new, words) -> None:
    text = (definitions_root() / "sources/offender-cohort.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "offender-cohort.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionFaults) as found:
        read(Source, path, id="offender-cohort")
    assert words in str(found.value)


def test_records_about_people_are_tallied_by_one_group_at_most() -> None:
    source = TEMPLATES["survey-respondents"]
    columns = tuple(
        replace(c, fill=replace(c.fill, becomes="group")) if c.name == "sex" else c
        for c in source.columns
    )
    with pytest.raises(ValueError, match="one group at most"):
        replace(source, columns=columns)


def test_choices_go_with_a_choice() -> None:
    with pytest.raises(ValueError, match="goes with `choices`"):
        Fill(kind="text", words="", example="", choices=("a",))
