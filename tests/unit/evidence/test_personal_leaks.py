"""# Nobody can be found

A made-up person is planted in every cell of a file about people. After each thing that can happen
to the file, every file of the store, what stands beside it, and all that was printed is searched
for them, compressed or not.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import traceback
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.evidence.people import (
    GOOD,
    HEADER,
    NAME,
    cohort,
    row,
    table,
    traces_in,
    traces_in_text,
)
from typer.testing import CliRunner

from bluelamp.cli import app
from bluelamp.definitions import definitions_root
from bluelamp.evidence.desk import Desk
from bluelamp.evidence.personal import receiving
from bluelamp.evidence.personal.keys import FOLDER, Keys
from bluelamp.evidence.receive import receive
from bluelamp.evidence.store import Store
from bluelamp.evidence.templates import check_file

DESK = Desk(definitions_root())


class Office:
    """A store and its keys, and the file that somebody hands in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "kept" / "store"
        self.given = folder / "given"
        self.given.mkdir()

    def run(self, *words: str) -> tuple[int, str]:
        """The exit code of a command and all that it prints, a traceback too."""
        result = CliRunner().invoke(app, [*words], env={"BLUELAMP_HOME": str(self.home)})
        printed = result.output
        if result.exc_info and not isinstance(result.exception, SystemExit | None):
            printed += "".join(traceback.format_exception(*result.exc_info))
        return result.exit_code, printed

    def receive(self, data: bytes, name: str = "cohort.csv") -> tuple[int, str]:
        path = self.given / name
        path.write_bytes(data)
        return self.run("receive", str(path), "--on", "2026-04-01")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    made = Office(tmp_path)
    Keys.make(tmp_path / "keys", [made.home])
    monkeypatch.setenv(FOLDER, str(tmp_path / "keys"))
    return made


def zipped(data: bytes, name: str = "cohort.csv") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, data)
    return stream.getvalue()


FEWER = tuple(name for name in HEADER if name != "cohort_name")
FAULTS = {
    "a cell of the wrong kind": ("cohort.csv", table(row(cohort_month=NAME))),
    "every cell is the name": ("cohort.csv", table([NAME] * len(HEADER))),
    "no borough": ("cohort.csv", table(row(home_borough=f"{NAME}'s"))),
    "no choice": ("cohort.csv", table(row(cohort_name=NAME), row())),
    "no number": ("cohort.csv", table(row(offences_since=NAME))),
    "nothing where something is needed": ("cohort.csv", table(row(pnc_id=""))),
    "the same person twice": ("cohort.csv", table(row(), row())),
    "cells too few": ("cohort.csv", cohort() + f"{NAME},{NAME}\n".encode()),
    "cells too many": ("cohort.csv", cohort() + (",".join([NAME] * 20) + "\n").encode()),
    "cut off in mid-line": ("cohort.csv", cohort()[:-70]),
    "a quote not closed": ("cohort.csv", cohort() + f'"{NAME},'.encode() + cohort()),
    "a cell longer than any": ("cohort.csv", table(row(pnc_id=NAME * 20_000))),
    "noughts in the text": ("cohort.csv", cohort().replace(b"In it", b"In\x00it")),
    "not UTF-16": ("cohort.csv", b"\xff\xfe" + cohort() + b"x"),
    "a column missing": ("cohort.csv", table(row(), header=(*FEWER, "x"))),
    "a column twice": ("cohort.csv", table([*row(), NAME], header=(*HEADER, "pnc_id"))),
    "no line of names": ("cohort.csv", cohort().split(b"\n", 1)[1]),
    "other names": ("cohort.csv", table(row(), header=tuple(f"{n}_" for n in HEADER))),
    "a zip cut off": ("cohort.zip", zipped(cohort())[:-40]),
    "a zip": ("cohort.zip", zipped(cohort())),
    "a gz cut off": ("cohort.csv.gz", gzip.compress(cohort())[:-20]),
    "a workbook that is none": ("cohort.xlsx", zipped(cohort(), "xl/workbook.xml")),
    "a Parquet file cut off": ("cohort.parquet", b"PAR1" + cohort()),
    "a web page": ("cohort.csv", b"<!doctype html>" + cohort()),
    "JSON that ends": ("cohort.json", b'[{"pnc_id": "' + NAME.encode()),
    "no fault": ("cohort.csv", cohort()),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_after_receiving_a_file_nobody_can_be_found(office: Office, fault: str) -> None:
    name, data = FAULTS[fault]
    code, printed = office.receive(data, name)
    assert code == (0 if fault in ("no fault", "a zip") else 1), printed
    assert traces_in_text(printed) == []
    (again,) = receive(Store(office.home), DESK, [office.given / name], on=date(2026, 4, 1))
    assert traces_in_text(again.reason) == []
    try:
        told = repr(check_file(DESK, data))
    except ValueError as error:
        told = "".join(traceback.format_exception(error))
    assert traces_in_text(told) == []
    assert traces_in(office.folder / "kept", office.folder / "keys") == []


def test_the_search_itself_finds_what_is_there(office: Office, tmp_path: Path) -> None:
    """Else every test here would pass."""
    plain = tmp_path / "plain"
    plain.mkdir()
    for name, data in {
        "a": cohort(), "b": gzip.compress(cohort()), "c": zipped(cohort()),
        "d": NAME.encode("utf-16-le"),
    }.items():  # fmt: skip
        (plain / name).write_bytes(data)
    assert {Path(found.split(":")[0]).name for found in traces_in(plain)} == {"a", "b", "c", "d"}
    code, printed = office.receive(cohort())
    assert code == 0, printed
    _, rows = office.run("personal", "read", "", "--reason", "no file is named")
    assert "no file" in rows or "has a hash" in rows
    assert list((office.folder / "kept/store-personal/rows").iterdir())


def test_without_keys_nothing_is_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER)
    code, printed = office.receive(cohort())
    assert code == 1
    assert "records about people need keys" in printed
    assert "bluelamp personal keys" in printed
    assert traces_in(office.folder / "kept") == []
    for fault in ("a column missing", "cut off in mid-line", "a quote not closed", "not UTF-16"):
        office.receive(FAULTS[fault][1])
    assert traces_in(office.folder / "kept") == []


def test_refused_rows_are_not_kept_and_never_read_again(office: Office) -> None:
    office.receive(table(row(cohort_month=NAME), row(pnc_id="01/1X")))
    code, held = office.run("store", "quarantine")
    assert code == 0, held
    assert "what stands here is not a month" in held
    code, again = office.run("store", "release-refused")
    assert code == 0, again
    assert traces_in_text(held + again) == []
    assert traces_in(office.folder / "kept") == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_however_a_file_is_spoiled_nobody_can_be_found_in_the_store(
    office: Office, data: st.DataObject
) -> None:
    """Bytes taken out, put in and exchanged: rows read are rows kept and refused, or none is."""
    text = bytearray(cohort(4))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 40, len(text))))
        text[start:end] = data.draw(st.binary(max_size=6))
    path = office.given / "spoiled.csv"
    path.write_bytes(text)
    (outcome,) = receive(Store(office.home), DESK, [path], on=date(2026, 4, 1))
    receipt = outcome.receipt
    assert receipt is None or receipt.rows_read == receipt.rows_kept + receipt.rows_refused
    assert receipt is None or receipt.personal
    assert traces_in_text(outcome.reason) == []
    assert traces_in(office.folder / "kept") == []


@pytest.mark.parametrize("where", ["check_rows", "reading_of", "coverage", "_without_identifiers"])
def test_a_library_that_quotes_what_it_was_given_is_not_heard(
    office: Office, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*given: object) -> None:
        raise ValueError(f"could not read {GOOD!r} of {given!r}")

    monkeypatch.setattr(receiving, where, fails)
    code, printed = office.receive(cohort())
    assert code == 1
    assert "something went wrong that should not (ValueError in test_personal_leaks.py" in printed
    assert traces_in_text(printed) == []
    assert traces_in(office.folder / "kept") == []


def test_nothing_that_holds_records_tells_them_in_its_repr(office: Office) -> None:
    from bluelamp.evidence.keeping import make_reading
    from bluelamp.evidence.templates import check_rows

    with pytest.raises(receiving.AboutPeople) as found:
        make_reading(DESK, cohort(), None, "")  # type: ignore[arg-type]  # it is not got to
    assert found.value.file is not None
    file = found.value.file
    filled = check_rows(file.source, file.rows, DESK.places)
    assert len(filled.rows) == 3
    told = repr(found.value) + str(found.value) + repr(filled)
    told += repr(Keys.find([])) + "".join(traceback.format_exception(found.value))
    assert traces_in_text(told) == []


# Kills the process in the middle of the n-th time that something is made safe on disk.
KILLED = """
import os, signal, sys
from bluelamp.cli import app
left, real = int(sys.argv.pop(1)), os.fsync
def fsync(handle):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(handle)
os.fsync = fsync
app()
"""


@pytest.mark.parametrize("at", [1, 4, 7, 10, 12])
def test_killed_in_the_middle_nobody_can_be_found_and_the_call_can_be_made_again(
    office: Office, at: int
) -> None:
    path = office.given / "cohort.csv"
    path.write_bytes(cohort())
    words = ["receive", str(path), "--on", "2026-04-01"]
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(at), *words],
        env=os.environ | {"BLUELAMP_HOME": str(office.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == -9, "it was over before it could be killed"
    assert traces_in_text(run.stdout + run.stderr) == []
    assert traces_in(office.folder / "kept", office.folder / "keys") == []
    code, printed = office.receive(cohort())
    assert code == 0, printed
    _, rows = office.run("personal", "list")
    assert "held" in rows
    assert len(list((office.folder / "kept/store-personal/rows").glob("*.sealed"))) == 1
    code, printed = office.run("store", "verify")
    assert code == 0, printed


@pytest.fixture
def release(office: Office, small_london) -> Path:
    """A release of an office that keeps records about people beside its other files."""
    shutil.copytree(small_london.store.root, office.home)
    code, printed = office.receive(cohort())
    assert code == 0, printed
    folder = office.folder / "out" / "release"
    code, printed = office.run(
        "build", "--plan", "london-2017", "--known-on", "2026-04-30", "--out", str(folder),
        "--definitions", str(small_london.definitions),
    )  # fmt: skip
    assert code == 0, printed
    assert traces_in_text(printed) == []
    return folder


def test_a_release_tells_nobody(release: Path) -> None:
    assert traces_in(release) == []
    assert "offender-cohort" not in (release / "receipts.json").read_text(encoding="utf-8")


def test_a_backup_tells_nobody(office: Office) -> None:
    office.receive(cohort())
    told = ""
    for words in (
        ("store", "backup", str(office.folder / "out" / "backup")),
        ("store", "pack"),
        ("store", "verify", "--deep"),
        ("personal", "list"),
        ("personal", "log"),
    ):
        code, printed = office.run(*words)
        assert code == 0, f"{words}: {printed}"
        told += printed
    assert traces_in_text(told) == []
    assert traces_in(office.folder / "out", office.folder / "kept") == []


@pytest.mark.slow  # it writes every page of a site; a page is made of the release alone
def test_published_pages_tell_nobody(office: Office, release: Path) -> None:
    site = office.folder / "site"
    code, printed = office.run("publish", "--release", str(release), "--to", str(site))
    assert code == 0, printed
    assert traces_in_text(printed) == []
    assert traces_in(site) == []


def test_a_measure_made_of_records_about_people_stops_the_build(
    office: Office, small_london, tmp_path: Path
) -> None:
    shutil.copytree(small_london.store.root, office.home)
    office.receive(cohort())
    definitions = tmp_path / "definitions"
    shutil.copytree(small_london.definitions, definitions)
    measure = (definitions / "measures/burglary.yaml").read_text(encoding="utf-8")
    (definitions / "measures/cohort.yaml").write_text(
        measure.replace("source: mps-recorded-crime", "source: offender-cohort"), encoding="utf-8"
    )
    code, printed = office.run(
        "build", "--plan", "london-2017", "--known-on", "2026-04-30",
        "--out", str(tmp_path / "release"), "--definitions", str(definitions),
    )  # fmt: skip
    assert code == 1
    assert "is personal and controlled: this version cannot protect it" in " ".join(printed.split())
