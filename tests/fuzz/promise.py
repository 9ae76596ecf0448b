"""What holds for every file, however spoiled: it is read, or a sentence says why not; and each row
that was read is kept or refused."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from bluelamp.definitions import definitions_root
from bluelamp.evidence.coverage import coverage
from bluelamp.evidence.desk import Desk
from bluelamp.evidence.keeping import Made, make_reading
from bluelamp.evidence.opening import CannotOpen
from bluelamp.evidence.personal.receiving import AboutPeople
from bluelamp.evidence.reading import MOST, FileRefused
from bluelamp.evidence.receipt import Receipt
from bluelamp.evidence.receive import Outcome, receive
from bluelamp.evidence.recognise import NotRecognised, WrongColumns
from bluelamp.evidence.row_check import check_rows
from bluelamp.evidence.store import Store
from bluelamp.evidence.templates import check_rows as check_template

ON = date(2026, 4, 1)
# Searches alone are told by their file's name whose they are; the name suits every other source.
NAME = "2024-04-city-of-london-stop-and-search.csv"
SAYS_WHY = (CannotOpen, NotRecognised, WrongColumns, FileRefused)


def blank(name: str, data: bytes) -> Receipt:
    """The receipt of bytes of which nothing is known yet."""
    return Receipt(
        sha256="0" * 64, size=len(data), name=name, container="", status="refused", source="",
        publisher="", licence="", received_on=ON.isoformat(), published_on="",
        published_inferred=False, rows_read=0, rows_kept=0, rows_refused=0,
    )  # fmt: skip


def is_sentence(words: str) -> bool:
    """Whether somebody was told something: a few words, and no name of a Python exception."""
    return len(words.split()) >= 3 and "Traceback" not in words and "object at 0x" not in words


def read_bytes(desk: Desk, name: str, data: bytes) -> str:
    """The status of reading the bytes, nothing being kept. Raises AssertionError where the promise
    is broken; anything else that is raised breaks it too."""
    try:
        made = make_reading(desk, data, blank(name, data), "")
    except SAYS_WHY as error:
        words = str(error)
    except AboutPeople as people:
        return _read_people(desk, people)
    else:
        hold(desk, made)
        return made.receipt.status
    assert is_sentence(words), words
    return "refused"


def hold(desk: Desk, made: Made) -> None:
    """Hold one reading to the promise."""
    receipt = made.receipt
    assert receipt.rows_read == receipt.rows_kept + receipt.rows_refused
    assert all(is_sentence(refusal.reason) for refusal in receipt.refusals), receipt.refusals
    assert (receipt.status == "kept") == (receipt.rows_refused == 0)
    refused = set(made.quarantine["line"])
    assert len(refused) == receipt.rows_refused
    assert (made.rows is None) == (receipt.rows_kept == 0)
    if made.rows is None:
        return
    kept = set(made.rows["line"])
    assert not kept & refused, f"{made.source.id}: lines {kept & refused} are kept and refused"
    told = len(kept) == receipt.rows_kept or any("stand" in note for note in receipt.notes)
    assert told, f"{made.source.id}: {receipt.rows_kept - len(kept)} rows are lost unseen"
    if made.source.holds == "counts":
        _hold_counts(desk, made, made.rows)


def _hold_counts(desk: Desk, made: Made, rows: pl.DataFrame) -> None:
    check_rows(rows)
    assert rows["count"].drop_nulls().is_between(0, MOST).all()
    assert rows["value"].drop_nulls().is_finite().all()
    assert set(rows["month"]) <= set(made.months)
    boroughs = [area.code for area in desk.places.gazetteer.of_kind("borough")]
    covered = coverage(rows, made.source, made.months, boroughs, made.refused, made.partial)
    assert set(covered["month"]) <= set(made.months)


def _read_people(desk: Desk, people: AboutPeople) -> str:
    """A file about people is checked; what it holds is said nowhere."""
    if people.fault or people.source is None or people.file is None or people.table is None:
        assert is_sentence(people.fault)
        return "refused"
    filled = check_template(people.source, people.file.rows, desk.places)
    refused = {r.line for r in (*people.table.refusals, *filled.refusals)}
    kept = {row["line"] for row in filled.rows}
    assert not kept & refused
    assert len(kept) + len(refused) == people.table.rows.height + len(people.table.refusals)
    assert all(is_sentence(refusal.reason) for refusal in filled.refusals)
    return "kept" if kept else "refused"


def receive_bytes(desk: Desk, name: str, data: bytes) -> list[Outcome]:
    """What becomes of the bytes at the front door of a new store; a row there is kept or refused,
    and the file has an outcome in words."""
    with tempfile.TemporaryDirectory(dir=_quick_disk()) as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        store = Store(Path(folder) / "store")
        outcomes = receive(store, desk, [path], on=ON)
        for outcome in outcomes:
            assert outcome.status in ("kept", "partly refused", "refused", "not read")
            assert (outcome.status == "kept") or is_sentence(outcome.reason), outcome.reason
            if outcome.receipt:
                receipt = outcome.receipt
                assert receipt.rows_read == receipt.rows_kept + receipt.rows_refused
                assert store.receipt(receipt.sha256) == receipt, "the receipt was not signed"
    return outcomes


def _quick_disk() -> str | None:
    """A disk in memory where the machine has one: thousands of stores are made and thrown away."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def desk() -> Desk:
    return Desk(definitions_root())


def readers() -> Iterator[str]:
    """The modules of evidence/readers, by listing its folder."""
    import bluelamp.evidence.readers as room

    (folder,) = room.__path__
    for path in sorted(Path(folder).glob("*.py")):
        if path.stem != "__init__":
            yield path.stem
