"""`bluelamp store` and `bluelamp revisions`: words for people, exit codes for machines."""

from __future__ import annotations

import csv
import io
import json
import shutil
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bluelamp.cli import app
from bluelamp.definitions import definitions_root

CRIME = "MajorText,MinorText,BoroughName,202306\nTHEFT,SHOPLIFTING,Barnet,{}\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Call the command on an empty store; an exception that is no exit fails the test."""
    monkeypatch.setenv("BLUELAMP_HOME", str(tmp_path / "var"))
    monkeypatch.delenv("BLUELAMP_DEFINITIONS", raising=False)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: object) -> Result:
        result = CliRunner().invoke(app, [str(word) for word in words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def receive(run, folder: Path, name: str, text: str, *more: str) -> Result:
    path = folder / name
    path.write_text(text)
    return run("receive", path, "--on", "2024-01-01", *more)


def test_an_empty_store_has_no_fault_and_nothing_refused(run):
    assert "No fault" in run("store", "verify").output
    assert "Nothing was refused" in run("store", "quarantine").output
    assert "0 files packed" in run("store", "pack").output


def test_a_fault_ends_with_1_and_says_where_and_what_to_do(run, tmp_path):
    receive(run, tmp_path, "a.csv", CRIME.format(3))
    (typed,) = (tmp_path / "var/typed").iterdir()
    typed.unlink()
    result = run("store", "verify")
    assert result.exit_code == 1
    assert f"fault typed/{typed.name}: it is missing" in result.output
    assert "receive 'a.csv' again" in result.output
    assert "1 fault in the store at" in result.output


def test_what_is_damaged_stops_readers_with_a_sentence_and_no_traceback(run, tmp_path):
    receive(run, tmp_path, "a.csv", CRIME.format(3))
    receive(run, tmp_path, "b.csv", CRIME.format(4))
    assert "files packed" in run("store", "pack").output
    for pack in (tmp_path / "var/packs").glob("receipts-*"):
        pack.write_bytes(pack.read_bytes()[:-30])
    for words in (["store", "quarantine"], ["revisions", "mps-recorded-crime"]):
        result = run(*words)
        assert result.exit_code == 1
        assert "cannot be opened" in result.output
    assert "its bytes are not those that it was named for" in run("store", "verify").output


def test_pack_says_the_sizes_before_and_after(run, tmp_path):
    for number in range(3):
        receive(run, tmp_path, f"{number}.csv", CRIME.format(number))
    output = " ".join(run("store", "pack").output.split())
    assert "before 15 files" in output
    assert "after 5 files" in output
    assert "15 files packed" in output


def test_a_backup_of_nothing_and_a_restore_of_none_are_refused(run, tmp_path):
    result = run("store", "backup", tmp_path / "backup")
    assert result.exit_code == 1
    assert "there is no store at" in result.output
    result = run("store", "restore", tmp_path)
    assert result.exit_code == 1
    assert "is no finished backup" in result.output


def test_a_backup_says_what_the_store_has_lost(run, tmp_path):
    receive(run, tmp_path, "a.csv", CRIME.format(3))
    assert run("store", "backup", tmp_path / "backup").exit_code == 0
    (typed,) = (tmp_path / "var/typed").iterdir()
    typed.unlink()
    result = run("store", "backup", tmp_path / "backup")
    assert result.exit_code == 1
    assert "the store has lost 1 file that the backup still has" in result.output
    assert f"the first typed/{typed.name}" in result.output


def test_a_second_writer_is_told_who_holds_the_store(run, tmp_path):
    from bluelamp.evidence.store import Store

    with Store(tmp_path / "var").writing("receiving files into the store"):
        result = receive(run, tmp_path, "a.csv", CRIME.format(3), "--wait", "0.1")
    assert result.exit_code == 1
    assert "is receiving files into the store at" in result.output
    assert "waiting up to 0 seconds" in result.output


def test_a_second_day_of_publication_is_answered(run, tmp_path):
    receive(run, tmp_path, "a.csv", CRIME.format(3), "--published", "2023-08-01")
    again = receive(run, tmp_path, "a.csv", CRIME.format(3), "--published", "2023-09-01")
    assert again.exit_code == 0
    assert "a.csv: it was received before, as published on 2023-08-01" in again.output


def test_what_was_refused_is_added_up_by_the_engine_that_is_named(run, tmp_path, unused_port):
    """Nobody answers at the address: so it was asked, and not DuckDB."""
    receive(run, tmp_path, "a.csv", CRIME.format(3).replace("Barnet", "Barnet on the Hill"))
    theirs = tmp_path / "definitions"
    shutil.copytree(definitions_root(), theirs)
    boroughs = theirs / "areas/boroughs.yaml"
    text = boroughs.read_text(encoding="utf-8")
    named = text.replace("name: Barnet,", "name: Barnet, spellings: [Barnet on the Hill],")
    boroughs.write_text(named, encoding="utf-8")
    words = ("store", "release-refused", "--definitions", theirs, "--on", "2024-02-01")
    result = run(*words, "--engine", f"spark://127.0.0.1:{unused_port}")
    assert result.exit_code == 1
    assert f"no Spark master answers at spark://127.0.0.1:{unused_port}" in result.output
    assert run(*words, "--engine", "postgres://here").exit_code == 2
    assert "1 came to more or less" in run(*words, "--engine", "embedded").output


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- revisions ------------------------------------------------------------------------------------


def dashboard(number: int, refreshed: str) -> str:
    return (
        "month_year,area_type,borough_snt,area_name,area_code,crime_type,crime_subtype,measure,"
        "financial_year,fy_fyindex,count,refresh_date\n"
        "2023-06-01,Borough,Barnet,Barnet,,Knife Crime,Knife Crime,Offences,,,"
        f"{number},{refreshed}\n"
    )


@pytest.fixture
def revised(run, tmp_path):
    """Knife crime in Barnet as two publications had it."""
    for name, number, day in (("a", 50, "2023-08-21"), ("b", 55, "2023-11-21")):
        result = receive(run, tmp_path, f"{name}.csv", dashboard(number, day))
        assert result.exit_code == 0, result.output
    return run


def test_revisions_of_a_month_with_size_share_and_place(revised):
    output = " ".join(
        revised("revisions", "mps-crime-dashboard", "--month", "2023-06").output.split()
    )
    assert "50 -> 55" in output
    assert "2023-11-01 55 +5 +10.00%" in output
    assert "Barnet" in output


def test_revisions_of_all_months(revised):
    output = " ".join(revised("revisions", "mps-crime-dashboard").output.split())
    assert "2023-06" in output
    assert "50 -> 55 +5 +10.00%" in output
    quiet = revised("revisions", "mps-crime-dashboard", "--known-on", "2023-10-01").output
    assert "no month that was published more than once has another total" in quiet


def test_revisions_as_csv_are_by_area_and_category(revised):
    text = revised("revisions", "mps-crime-dashboard", "--format", "csv").stdout
    together, apart = csv.DictReader(io.StringIO(text))
    for row in (together, apart):
        assert (row["area"], float(row["before"]), float(row["after"])) == ("E09000003", 50, 55)
        assert float(row["share"]) == pytest.approx(0.1)
    assert (together["category"] == "", apart["category"] != "") == (True, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing-like-it"], "there is no source 'nothing-like-it'; the sources are "),
        (["mps-crime-dashboard", "--month", "June"], "June"),
        (["mps-crime-dashboard", "--format", "xml"], "'xml' is not one of text, csv"),
        (["mps-crime-dashboard", "--known-on", "soon"], "'soon' is not a date"),
    ],
)
def test_what_cannot_be_asked_ends_with_2(run, words, said):
    result = run("revisions", *words)
    assert result.exit_code == 2
    assert said in result.output


def test_a_month_that_nothing_covers_is_said(run):
    result = run("revisions", "mps-crime-dashboard", "--month", "2023-06")
    assert result.exit_code == 0
    assert "no publication of mps-crime-dashboard covers 2023-06" in result.output


def test_an_old_receipt_without_a_fingerprint_is_valid(run, tmp_path):
    receive(run, tmp_path, "a.csv", CRIME.format(3))
    (path,) = (tmp_path / "var/receipts").iterdir()
    record = json.loads(path.read_text())
    record.pop("definitions")
    path.write_text(json.dumps(record))
    (tmp_path / "var/store.json").write_text('{"format": 1}')
    assert run("store", "verify").exit_code == 0
