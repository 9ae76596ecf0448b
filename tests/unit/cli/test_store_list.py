"""`bluelamp store list`: what was received of each source, for people, spreadsheets and pages."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bluelamp.cli import app
from bluelamp.definitions import definitions_root
from bluelamp.evidence.source import read_sources

CRIME = "MajorText,MinorText,BoroughName,202306\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Call the command on a store of its own; an exception that is no exit fails the test."""
    monkeypatch.setenv("BLUELAMP_HOME", str(tmp_path / "var"))
    monkeypatch.delenv("BLUELAMP_DEFINITIONS", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: object) -> Result:
        result = CliRunner().invoke(app, [str(word) for word in words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def filled(run, tmp_path: Path):
    """Two files of one source, three rows refused for two reasons, and a file left alone."""
    inbox = tmp_path / "in"
    inbox.mkdir()
    (inbox / "a.csv").write_text(CRIME + "THEFT,SHOPLIFTING,Barnet,4\n")
    (inbox / "b.csv").write_text(
        CRIME
        + "THEFT,SHOPLIFTING,Brent,3\n"
        + "THEFT,SHOPLIFTING,Ambridge,3\n"
        + "THEFT,SHOPLIFTING,Borchester,3\n"
        + "THEFT,SHOPLIFTING,Bexley,-3\n"
    )
    (inbox / "prices.csv").write_text("sku,price\n1,2\n")
    assert run("receive", inbox, "--on", "2026-04-01").exit_code == 1
    return run


def test_an_empty_store_says_how_to_fill_it(run):
    assert "Nothing was received yet: bluelamp receive" in run("store", "list").output


def test_people_see_the_numbers_then_the_reasons(filled):
    output = filled("store", "list").output
    lines = [line for line in output.splitlines() if line.startswith("mps-recorded-crime")]
    row, *reasons = lines
    assert row.split() == ["mps-recorded-crime", "2", "2023-06", "5", "2", "3"]
    assert [reason.rpartition(" (")[2] for reason in reasons] == ["2 rows)", "1 row)"]


def test_the_spreadsheet_has_a_line_for_each_source(filled):
    result = filled("store", "list", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert (row["source"], row["files"]) == ("mps-recorded-crime", "2")
    assert (row["first_month"], row["last_month"]) == ("2023-06", "2023-06")
    assert (row["rows_read"], row["rows_kept"], row["rows_refused"]) == ("5", "2", "3")
    assert row["publisher"] == "Metropolitan Police Service, through the London Datastore"
    assert row["why_most_were_refused"].endswith("(2 rows); 1 more reason")


def test_the_page_has_a_total_and_what_is_left_alone_on_purpose(filled):
    result = filled("store", "list", "--format", "markdown")
    lines = result.stdout.splitlines()
    assert lines[0] == (
        "| source | publisher | files | months | rows read | kept | refused | "
        "why most were refused |"
    )
    assert lines[1] == "| --- | --- | --: | --- | --: | --: | --: | --- |"
    assert lines[2].startswith("| `mps-recorded-crime` | Metropolitan Police Service, through")
    assert lines[3] == "| total |  | 2 | 2023-06 | 5 | 2 | 3 |  |"
    alone = [s for s in read_sources(definitions_root()).values() if s.reader == "left_alone"]
    assert alone
    for source in alone:
        assert f"| `{source.id}` | {source.title} | {' '.join(source.caveats)} |" in lines
    assert "Files that no source knows are left alone" in lines[-1]


def test_what_a_reader_notes_of_a_file_is_told(run, tmp_path):
    stops = (
        "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,"
        "Age range,Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,"
        "Outcome,Outcome linked to object of search,Removal of more than just outer clothing\n"
    )
    row = (
        "Person search,2024-03-05T10:00:00+00:00,,,51.5,-0.1,Male,18-24,,White,"
        "Misuse of Drugs Act 1971 (section 23),Controlled drugs,A no further action disposal,,\n"
    )
    path = tmp_path / "2024-03-metropolitan-stop-and-search.csv"
    path.write_text(stops + row + row)
    run("receive", path, "--on", "2026-04-01")
    note = "rows are equal to another in everything"
    assert f"police-uk-stop-and-search note: 1 {note}" in run("store", "list").output
    for form in ("csv", "markdown"):
        assert note in run("store", "list", "--format", form).stdout


def test_another_form_is_refused_with_those_there_are(run):
    result = run("store", "list", "--format", "pdf")
    assert result.exit_code == 2
    assert "'pdf' is not table, csv or markdown" in result.output
