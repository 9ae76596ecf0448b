"""# What becomes of a file with faults

The file is kept, refused or partly refused with its line numbers and a sentence saying what to do;
the last good publication stays in force; the other files of the call go on; the exit code is not 0.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date

import polars as pl
import pytest
from typer.testing import CliRunner

from bluelamp.cli import app
from bluelamp.evidence.desk import Desk
from bluelamp.evidence.receive import receive

MONTH = "2023-06"


def good(door):
    return door.borough_file({MONTH: 10})


def edited(door, old, new, count=1):
    text = good(door)
    assert old in text
    return text.replace(old, new, count)


# name, (how the good file is spoiled), status, line of the first refusal, words it must say
FAULTS = [
    ("empty", lambda d: "", "refused", 0, "the file is empty"),
    ("only white space", lambda d: "\n \n", "refused", 0, "the file is empty"),
    ("cut off in a line", lambda d: good(d)[:-4], "partly refused", 321,
     "may have been cut off here"),
    ("renamed column", lambda d: edited(d, "MajorText", "Major"), "refused", 0,
     "has no column 'MajorText'"),
    ("column twice", lambda d: edited(d, "MinorText", "MajorText"), "refused", 0, "MinorText"),
    ("no month", lambda d: edited(d, "202306", "202313"), "refused", 0, "is not a month"),
    ("negative", lambda d: edited(d, "Barnet,10", "Barnet,-3"), "partly refused", 3,
     "'-3' in 202306 is not a count"),
    ("not a number", lambda d: edited(d, "Barnet,10", "Barnet,ten"), "partly refused", 3,
     "'ten' in 202306 is not a count"),
    ("decimal comma", lambda d: edited(d, "Barnet,10", "Barnet,10,5"), "partly refused", 3,
     "must stand in quotes"),
    ("quoted decimal comma", lambda d: edited(d, "Barnet,10", 'Barnet,"10,5"'), "partly refused", 3,
     "'10,5' in 202306 is not a count"),
    ("unknown borough", lambda d: edited(d, ",Barnet,", ",Barnett,"), "partly refused", 3,
     "did you mean 'Barnet'?"),
    ("a name twice", lambda d: edited(d, ",Bexley,", ",Barnet,"), "partly refused", 3,
     "stands twice (first on line 3)"),
    ("another force", lambda d: "MajorText,MinorText,BoroughName,202306\n"
     "BURGLARY,DOMESTIC BURGLARY,Trafford,10\nBURGLARY,DOMESTIC BURGLARY,Salford,4\n",
     "refused", 2, "'Trafford' is not a known borough"),
    ("binary", lambda d: b"\x00\x01\x02\x03" * 50, "refused", 0, "not text, nor any kind of table"),
    ("cut-off Parquet", lambda d: b"PAR1" + b"\x15\x04" * 40, "refused", 0,
     "damaged or was cut off"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "spoil", "status", "line", "words"), FAULTS, ids=[f[0] for f in FAULTS]
)
def test_a_fault_is_named_and_the_last_good_publication_stays(
    door, what, spoil, status, line, words
):
    door.receive("good.csv", good(door), published="2023-08-01")
    outcome = door.receive("bad.csv", spoil(door), published="2024-08-01")
    assert (outcome.status, outcome.is_fault) == (status, True)
    refusal = outcome.receipt.refusals[0]
    assert refusal.line == line
    assert words in refusal.reason
    assert door.store.file(outcome.receipt.sha256).is_file(), "its bytes are kept"
    assert outcome.receipt.rows_read == outcome.receipt.rows_kept + outcome.receipt.rows_refused
    assert door.figure("recorded-crime", "E23000001", MONTH, "2025-01-01") == 3200


@pytest.mark.parametrize("ends", ["\r\n", "\r", "mixed"])
def test_line_ends_are_no_fault(door, ends):
    lines = good(door).split("\n")
    if ends == "mixed":
        text = "".join(line + ("\r\n" if i % 3 else "\n") for i, line in enumerate(lines[:-1]))
    else:
        text = ends.join(lines)
    outcome = door.receive("a.csv", text, published="2023-08-01")
    assert (outcome.status, outcome.receipt.rows_kept) == ("kept", 320)
    assert door.figure("recorded-crime", "E23000001", MONTH, "2025-01-01") == 3200


def test_a_byte_order_mark_and_spellings_are_no_fault(door):
    text = "\ufeff" + good(door).replace("Kingston upon Thames", "Kingston Upon Thames ").replace(
        "Barking and Dagenham", "Barking & Dagenham"
    ).replace("Westminster", "City of Westminster")
    assert door.receive("a.csv", text, published="2023-08-01").status == "kept"


def test_a_half_written_zip_is_refused_and_the_other_files_go_on(door, tmp_path):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.csv", good(door))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "half.zip").write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    (tmp_path / "in" / "whole.zip").write_bytes(whole.getvalue())
    outcomes = receive(door.store, door.desk, [tmp_path / "in"], on=date(2026, 4, 1))
    assert [(o.name, o.status) for o in outcomes] == [("half.zip", "refused"), ("a.csv", "kept")]
    assert "download it again" in outcomes[0].reason
    assert [r.status for r in door.store.receipts()].count("refused") == 1


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "the zip holds no file to receive"),
        ({"folder/": "", "folder/.hidden": "x"}, "the zip holds no file to receive"),
        ({"readme.txt": "x"}, "it is not a table"),
        ({"a.csv": "sku,price\n1,2\n"}, "no source has these columns: sku, price"),
        ({"inner.zip": "PK"}, "it is a zip inside a zip"),
    ],
)
def test_a_named_zip_of_which_nothing_is_read_is_a_fault_beside_files_that_are(
    door, tmp_path, members, words
):
    with zipfile.ZipFile(tmp_path / "named.zip", "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    (tmp_path / "good.csv").write_text(good(door))
    paths = [tmp_path / "named.zip", tmp_path / "good.csv"]
    of_zip, of_good = receive(door.store, door.desk, paths, on=date(2026, 4, 1))
    assert of_zip.is_fault
    assert words in of_zip.reason
    assert of_good.status == "kept"


def test_street_rows_of_another_force_are_refused_in_words(door):
    header = ("Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
              "LSOA name,"
              "Crime type,Last outcome category,Context\n")  # fmt: skip
    row = ",{},{},{},,,No Location,,,Burglary,,\n"
    text = header + row.format("2024-04", "Essex Police", "Essex Police")
    outcome = door.receive("2024-04-essex-street.csv", text)
    assert outcome.status == "refused"
    assert "Essex Police is not one of this office's forces" in outcome.reason
    mixed = text + row.format("2024-04", "City of London Police", "City of London Police")
    mixed += row.format("2024-4", "City of London Police", "City of London Police")
    outcome = door.receive("2024-04-city-of-london-street.csv", mixed)
    assert outcome.status == "partly refused"
    assert [r.line for r in outcome.receipt.refusals] == [2, 4]


def test_the_same_bytes_again_change_nothing(door):
    first = door.receive("a.csv", good(door), on="2026-04-01")
    again = door.receive("b.csv", good(door), on="2026-05-01")
    assert (again.again, again.receipt) == (True, first.receipt)
    assert len(door.store.receipts()) == 1


def test_a_file_refused_for_want_of_a_name_is_taken_once_the_name_is_known(door):
    text = edited(door, "MajorText", "Crime Type")
    assert door.receive("a.csv", text).status == "refused"
    source = door.desk.sources["mps-recorded-crime"]
    renamed = [
        type(c)(c.name, (*c.known_as, "Crime Type")) if c.name == "category" else c
        for c in source.columns
    ]
    door.desk = Desk(door.desk.definitions, door.desk.engine)  # opened anew, as after an edit
    door.desk.sources["mps-recorded-crime"] = type(source)(
        **{f: getattr(source, f) for f in source.__dataclass_fields__} | {"columns": tuple(renamed)}
    )
    assert door.receive("a.csv", text).status == "kept"


def test_the_command_names_each_fault_and_exits_with_1(door, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.csv").write_text(good(door))
    (folder / "bad.csv").write_text(edited(door, ",Barnet,", ",Barnett,"))
    (folder / "notes.txt").write_text("not a table")
    run = CliRunner().invoke(app, ["receive", str(folder), "--home", str(tmp_path / "store")])
    assert run.exit_code == 1
    assert "bad.csv" in run.output
    assert "line 3: 'Barnett' is not a known borough" in run.output
    assert "good.csv" not in run.output
    (folder / "bad.csv").unlink()
    run = CliRunner().invoke(app, ["receive", str(folder), "--home", str(tmp_path / "store")])
    assert run.exit_code == 0, run.output


def test_a_named_file_that_is_not_there_or_that_nothing_reads_ends_with_1(tmp_path):
    (tmp_path / "odd.csv").write_text("a,b\n1,2\n")
    for path in ("nowhere.csv", "odd.csv"):
        run = CliRunner().invoke(
            app, ["receive", str(tmp_path / path), "--home", str(tmp_path / "s")]
        )
        assert run.exit_code == 1
        assert path in run.output


def test_a_wrong_date_is_named(tmp_path):
    run = CliRunner().invoke(
        app, ["receive", str(tmp_path), "--on", "1 April", "--home", str(tmp_path)]
    )
    assert run.exit_code == 2
    assert "--on: '1 April' is not a date; write it as 2026-04-30" in run.output


def test_survey_borough_twice_with_two_values_takes_neither(door):
    text = (
        "Date;Survey;Borough;Measure;Proportion\n"
        "31/3/2023;PAS;Richmond Upon Thames;Trust MPS;0,70\n"
        "31/3/2023;PAS;Richmond upon Thames;Trust MPS;0,71\n31/3/2023;PAS;Barnet;Trust MPS;0,60\n"
    )
    outcome = door.receive("pas.csv", text)
    assert outcome.status == "partly refused"
    assert [r.line for r in outcome.receipt.refusals] == [2, 3]
    assert pl.read_parquet(door.store.tally(outcome.receipt.sha256)).height == 1
