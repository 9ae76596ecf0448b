"""Records about people: kept sealed, for a set time, under keys of their own; erased for good."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from tests.unit.evidence.people import NAME, NHS, PNC, cohort, row, table

from bluelamp.definitions import definitions_root
from bluelamp.evidence.desk import Desk
from bluelamp.evidence.personal import access_log
from bluelamp.evidence.personal.access_log import AccessLog
from bluelamp.evidence.personal.kept import Access, PersonalStore, folder_of, last_day
from bluelamp.evidence.personal.keys import FOLDER, MASTER, Keys, Secrets, new_secrets
from bluelamp.evidence.personal.problem import KeyGone, PersonalProblem
from bluelamp.evidence.receive import receive
from bluelamp.evidence.store import Store

DESK = Desk(definitions_root())
RECEIVED = date(2026, 4, 1)


def asked(on: date = RECEIVED) -> Access:
    return Access("An analyst", "a test", on)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    made = Store(tmp_path / "store")
    Keys.make(tmp_path / "keys", [made.root, folder_of(made)])
    monkeypatch.setenv(FOLDER, str(tmp_path / "keys"))
    return made


def take_in(store: Store, data: bytes, name: str = "cohort.csv"):
    path = store.root.parent / name
    path.write_bytes(data)
    (outcome,) = receive(store, DESK, [path], on=RECEIVED)
    return outcome


# --- what is kept ---------------------------------------------------------------------------------


def test_identifiers_are_dropped_or_hashed_and_the_rest_is_kept(store: Store) -> None:
    outcome = take_in(store, cohort())
    personal = PersonalStore(store)
    rows = personal.read(outcome.receipt.sha256, asked())
    assert rows.columns == [
        "pnc_id", "cohort_month", "home_borough", "cohort_name", "cohort_status", "age_band",
        "offences_year_before", "offences_since",
    ]  # fmt: skip
    assert rows["pnc_id"].to_list()[0] == personal.keys.hash("pnc_id", PNC)
    assert rows["pnc_id"].n_unique() == 3
    assert rows["offences_year_before"].to_list() == [6, 6, 6]


def test_the_store_has_a_receipt_and_counts_and_nothing_else(store: Store) -> None:
    outcome = take_in(store, cohort(), f"{NAME}.csv")
    receipt = store.receipt(outcome.receipt.sha256)
    assert receipt.personal
    assert (receipt.name, receipt.container) == ("records of offender-cohort", "")
    assert (receipt.rows_read, receipt.rows_kept) == (3, 3)
    held = {p.parent.name for p in store.root.rglob("*") if p.is_file()} - {"store"}
    assert held == {"receipts", "tally", "coverage"}
    tally = pl.read_parquet(store.tally(receipt.key))
    assert tally.select("category", "subcategory", "group", "count").rows() == [
        ("Knife crime", "In it", "age_band=18-24", 3)
    ]


def test_received_again_it_is_as_before_also_once_it_was_erased(store: Store) -> None:
    first = take_in(store, cohort())
    assert take_in(store, cohort()).again
    PersonalStore(store).erase(first.receipt.sha256, asked())
    assert take_in(store, cohort()).again
    assert [one.state for one in PersonalStore(store).kept()] == ["erased"]


def test_lost_counts_are_made_again_but_nobody_erased_comes_back(store: Store) -> None:
    receipt = take_in(store, cohort()).receipt
    counts = store.tally(receipt.key).read_bytes()
    store.tally(receipt.key).unlink()
    assert take_in(store, cohort()).again
    assert store.tally(receipt.key).read_bytes() == counts
    personal = PersonalStore(store)
    assert personal.read(receipt.sha256, asked()).height == 3
    personal.erase_person(personal.keys.hash("pnc_id", PNC), asked())
    store.tally(receipt.key).unlink()
    assert "would bring them back" in take_in(store, cohort()).reason
    assert personal.read(receipt.sha256, asked()).height == 2


def test_an_erased_file_does_not_come_back_where_its_receipt_was_lost(store: Store) -> None:
    first = take_in(store, cohort())
    PersonalStore(store).erase(first.receipt.sha256, asked())
    store.receipt_path(first.receipt.key).unlink()
    again = take_in(store, cohort())
    assert again.status == "refused"
    assert "was erased on 2026-04-01, and is not taken in again" in again.reason


def test_a_hash_is_the_same_however_the_number_is_written(store: Store) -> None:
    keys = PersonalStore(store).keys
    assert (
        keys.hash("nhs", NHS) == keys.hash("nhs", "9434765910") == keys.hash("nhs", " 943-4765910")
    )
    assert keys.hash("nhs", NHS) != keys.hash("pnc_id", NHS)
    assert keys.hash("nhs", NHS) != Keys(Path(), new_secrets(), writable=False).hash("nhs", NHS)


# --- for how long ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "months", "last"),
    [
        ("2026-04-01", 24, "2028-04-01"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-11-30", 3, "2027-02-28"),
    ],
)
def test_the_time_ends_on_the_same_day_of_a_later_month(received, months, last) -> None:
    assert last_day(date.fromisoformat(received), months) == date.fromisoformat(last)


def test_after_its_time_nobody_reads_it_and_expire_destroys_it(store: Store) -> None:
    sha256 = take_in(store, cohort()).receipt.sha256
    personal, last, after = PersonalStore(store), date(2028, 4, 1), date(2028, 4, 2)
    assert personal.read(sha256, asked(last)).height == 3
    assert personal.expire(asked(last)) == []
    with pytest.raises(PersonalProblem, match="might be kept until 2028-04-01"):
        personal.read(sha256, asked(after))
    assert [one.state for one in personal.expire(asked(after))] == ["expired"]
    with pytest.raises(KeyGone, match="expired on 2028-04-02"):
        personal.read(sha256, asked(last))
    assert store.receipt(sha256).rows_kept == 3


# --- erasing --------------------------------------------------------------------------------------


def backed_up(store: Store) -> Path:
    """A copy of all that is kept, but the keys."""
    to = store.root.parent / "backup"
    shutil.copytree(folder_of(store), to, dirs_exist_ok=True)
    return to


def bring_back(backup: Path, store: Store) -> PersonalStore:
    shutil.rmtree(folder_of(store))
    shutil.copytree(backup, folder_of(store))
    return PersonalStore(store)


def test_an_erased_file_cannot_be_read_in_a_backup_either(store: Store) -> None:
    sha256 = take_in(store, cohort()).receipt.sha256
    backup = backed_up(store)
    PersonalStore(store).erase(sha256, asked())
    assert store.receipt(sha256).rows_kept == 3
    assert pl.read_parquet(store.tally(sha256))["count"].sum() == 3
    personal = bring_back(backup, store)
    assert [one.state for one in personal.kept()] == ["held"]
    with pytest.raises(KeyGone):
        personal._open(personal.kept()[0])


def test_one_person_is_erased_from_every_file_and_from_the_backups(store: Store) -> None:
    first = take_in(store, cohort(3)).receipt.sha256
    alone = take_in(store, table(row(cohort_month="2026-02")), "b.csv").receipt.sha256
    other = take_in(store, table(row(pnc_id="01/5X")), "c.csv").receipt.sha256
    backup, personal = backed_up(store), PersonalStore(store)
    hashed = personal.keys.hash("pnc_id", PNC)
    assert personal.erase_person(hashed, asked()) == {first: 1, alone: 1}
    states = {one.sha256: (one.state, one.rows, one.erased_rows) for one in personal.kept()}
    assert states == {first: ("held", 2, 1), alone: ("erased", 0, 1), other: ("held", 1, 0)}
    assert hashed not in personal.read(first, asked())["pnc_id"].to_list()
    assert pl.read_parquet(store.tally(first))["count"].sum() == 3, "the counts stay"
    assert personal.erase_person(hashed, asked()) == {}
    restored = bring_back(backup, store)
    readable = []
    for one in restored.kept():
        try:
            restored._open(one)
            readable.append(one.sha256)
        except KeyGone:
            continue
    assert readable == [other]


@pytest.mark.parametrize("hashed", ["", "x", NHS, "g" * 32])
def test_what_is_no_hash_erases_nobody(store: Store, hashed: str) -> None:
    with pytest.raises(PersonalProblem, match="no hash of an identifier") as found:
        PersonalStore(store).erase_person(hashed, asked())
    assert not hashed or hashed not in str(found.value)


def test_a_crash_between_is_finished_later(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = take_in(store, cohort()).receipt.sha256
    personal = PersonalStore(store)
    with monkeypatch.context() as patch:
        patch.setattr(Keys, "destroy", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            personal.erase(sha256, asked())
    (half,) = personal.kept()
    assert half.state == "erased"
    assert personal.keys.ids(sha256) == list(half.retired) != []
    personal.tidy()
    assert personal.keys.ids(sha256) == []
    assert list((personal.root / "rows").iterdir()) == []


def test_rows_that_were_changed_on_disk_are_not_read(store: Store) -> None:
    sha256 = take_in(store, cohort()).receipt.sha256
    personal = PersonalStore(store)
    (path,) = (personal.root / "rows").iterdir()
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    with pytest.raises(PersonalProblem, match="was changed or damaged"):
        personal.read(sha256, asked())


# --- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["store/keys", "store-personal/keys", "store", "."])
def test_keys_may_not_lie_where_the_records_lie(tmp_path: Path, place: str, monkeypatch) -> None:
    store = Store(tmp_path / "store")
    forbidden = [store.root, folder_of(store)]
    with pytest.raises(PersonalProblem, match="lie in one another"):
        Keys.make(tmp_path / place, forbidden)
    monkeypatch.setenv(FOLDER, str(tmp_path / place))
    with pytest.raises(PersonalProblem, match="lie in one another"):
        Keys.find(forbidden)


@pytest.mark.parametrize(("what", "mode"), [("master", 0o604), ("master", 0o640), ("", 0o755)])
def test_keys_that_others_can_open_are_refused(store: Store, what: str, mode: int) -> None:
    path = store.root.parent / "keys" / what
    path.chmod(mode)
    with pytest.raises(PersonalProblem, match=r"others than its owner can open .*chmod"):
        PersonalStore(store)


def test_a_new_master_key_opens_all_that_the_old_one_did_and_the_old_one_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = take_in(store, cohort()).receipt.sha256
    master = store.root.parent / "keys" / "master"
    old = master.read_text(encoding="utf-8")
    hashed = PersonalStore(store).keys.hash("pnc_id", PNC)
    assert PersonalStore(store).rotate(asked()) == 1
    assert PersonalStore(store).read(sha256, asked()).height == 3
    assert PersonalStore(store).keys.hash("pnc_id", PNC) == hashed, "people keep their hashes"
    assert len(Secrets.from_text(master.read_text(encoding="utf-8"), "").masters) == 1
    monkeypatch.setenv(MASTER, old)
    with pytest.raises(KeyGone, match="cannot be opened with the master keys"):
        PersonalStore(store).read(sha256, asked())


def test_the_master_key_may_come_from_the_environment(store: Store, monkeypatch) -> None:
    sha256 = take_in(store, cohort()).receipt.sha256
    master = store.root.parent / "keys" / "master"
    monkeypatch.setenv(MASTER, master.read_text(encoding="utf-8"))
    master.unlink()
    assert PersonalStore(store).read(sha256, asked()).height == 3
    monkeypatch.delenv(MASTER)
    with pytest.raises(PersonalProblem, match="is missing"):
        PersonalStore(store)


@pytest.mark.parametrize("text", ["", "master abc\n", "hash x\nmaster y\n", "word\n"])
def test_what_is_no_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(PersonalProblem) as found:
        Secrets.from_text(text, "the file")
    assert "abc" not in str(found.value)


def test_keys_are_in_no_repr() -> None:
    secrets = new_secrets()
    assert repr(secrets) == "Secrets()"
    assert "Secrets" not in repr(Keys(Path(), secrets, writable=False))


# --- the log --------------------------------------------------------------------------------------


def test_every_access_is_logged_and_none_without_a_reason(store: Store) -> None:
    sha256 = take_in(store, cohort()).receipt.sha256
    personal = PersonalStore(store)
    with pytest.raises(PersonalProblem, match="a name and a reason"):
        personal.read(sha256, Access("An analyst", "  ", RECEIVED))
    personal.read(sha256, asked())
    personal.erase_person("0" * 32, asked())
    personal.rotate(asked())
    personal.erase(sha256, asked())
    done = [(entry.what, entry.file) for entry in personal.log.entries()]
    assert done == [
        ("receive", sha256),
        ("read", sha256),
        ("erase one person", sha256),
        ("rotate the master key", ""),
        ("erase", sha256),
    ]
    assert {entry.who for entry in personal.log.entries()[1:]} == {"An analyst"}
    assert personal.log.verify().fault == ""


@pytest.fixture
def log(tmp_path: Path) -> AccessLog:
    made = AccessLog(tmp_path / "log" / "access.jsonl", tmp_path / "keys" / "log-end")
    for number in range(5):
        made.add(who=f"Person {number}", what="read", file="ab" * 32, reason="a test")
    return made


def change(entry: str) -> str:
    return entry.replace("Person 2", "Person 9")


TAMPERED = {
    "an entry changed": lambda lines: [*lines[:2], change(lines[2]), *lines[3:]],
    "an entry gone": lambda lines: [*lines[:2], *lines[3:]],
    "the first gone": lambda lines: lines[1:],
    "the last gone": lambda lines: lines[:-1],
    "all gone": lambda lines: [],
    "two exchanged": lambda lines: [lines[1], lines[0], *lines[2:]],
    "one twice": lambda lines: [*lines, lines[-1]],
    "no entry": lambda lines: [*lines[:2], "{}", *lines[3:]],
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_log_that_was_tampered_with_says_so_and_takes_no_more(log: AccessLog, how: str) -> None:
    assert log.verify().entries == 5
    lines = log.path.read_text(encoding="utf-8").splitlines()
    log.path.write_text("".join(f"{line}\n" for line in TAMPERED[how](lines)), encoding="utf-8")
    assert log.verify().fault
    with pytest.raises(PersonalProblem, match="is not whole"):
        log.add(who="Anyone", what="read", file="", reason="a test")


def test_a_log_written_anew_with_right_hashes_is_found_by_its_end(log: AccessLog) -> None:
    end = log.end.read_bytes()
    for path in (log.path, log.end, log.copy):
        path.unlink()
    for number in range(5):
        log.add(who=f"Somebody else {number}", what="read", file="", reason="a test")
    log.end.write_bytes(end)
    assert "the last of them is gone or was written anew" in log.verify().fault


def test_a_line_cut_off_by_a_crash_never_took_place(log: AccessLog) -> None:
    with log.path.open("ab") as stream:
        stream.write(b'{"number": 6, "at"')
    assert log.verify().fault == ""
    log.add(who="Anyone", what="read", file="", reason="a test")
    assert [entry.number for entry in log.entries()] == [1, 2, 3, 4, 5, 6]
    assert json.loads(log.end.read_bytes())["entries"] == 6


@pytest.mark.parametrize("entries", [0, 5])
@pytest.mark.parametrize("step", ["_copy_what_is_new", "write_private"])
def test_killed_while_an_entry_is_written_the_log_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entries: int, step: str
) -> None:
    log = AccessLog(tmp_path / "log" / "access.jsonl", tmp_path / "keys" / "log-end")
    words = {"who": "Anyone", "what": "read", "file": "", "reason": "a test"}
    for _ in range(entries):
        log.add(**words)

    def dies(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(access_log, step, dies, raising=False)
        patch.setattr(AccessLog, step, dies, raising=False)
        with pytest.raises(KeyboardInterrupt):
            log.add(**words)
    log.add(**words)
    assert log.verify().fault == ""
    assert log.verify().entries == entries + 2
    assert log.copy.read_bytes() == log.path.read_bytes()


def test_the_copy_with_the_keys_is_checked_too_and_open_to_nobody(log: AccessLog) -> None:
    assert log.copy.read_bytes() == log.path.read_bytes()
    assert log.copy.stat().st_mode & 0o077 == 0
    log.copy.write_bytes(log.copy.read_bytes().replace(b"Person 2", b"Person 9"))
    assert "its copy with the keys, says otherwise" in log.verify().fault


def test_a_log_from_an_older_backup_is_caught_up_from_its_copy(log: AccessLog) -> None:
    whole = log.path.read_bytes()
    log.path.write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
    assert "the last of them is gone" in log.verify().fault
    assert log.catch_up() == 3
    assert log.path.read_bytes() == whole
    assert log.verify().fault == ""
    assert log.catch_up() == 0
    log.path.write_bytes(change(whole.decode()).encode())
    with pytest.raises(PersonalProblem, match="tell different things"):
        log.catch_up()
