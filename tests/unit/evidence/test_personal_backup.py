"""Records about people in a backup: sealed, whole, and never a way back for who was erased."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.unit.evidence.people import PNC, cohort, row, table, traces_in
from typer.testing import CliRunner

from bluelamp.cli import app
from bluelamp.definitions import definitions_root
from bluelamp.evidence.backup import BackedUp, Restored, back_up, restore
from bluelamp.evidence.desk import Desk
from bluelamp.evidence.personal.kept import (
    LOG,
    MARKER,
    Access,
    PersonalStore,
    beside,
    folder_of,
    kept_in,
)
from bluelamp.evidence.personal.keys import FOLDER, Keys
from bluelamp.evidence.personal.problem import KeyGone, PersonalProblem
from bluelamp.evidence.receive import receive
from bluelamp.evidence.store import Store, StoreProblem
from bluelamp.evidence.verifying import verify

ON = date(2026, 4, 1)
ASKED = Access("An analyst", "a test", ON)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(definitions_root())


class Office:
    """A store with records about people, its keys, and where its backup goes."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        self.folder, self.desk = folder, desk
        self.store = Store(folder / "office" / "store")
        self.keys = folder / "keys"
        self.backup = folder / "disk" / "backup"

    @property
    def people(self) -> PersonalStore:
        return PersonalStore(self.store)

    def take_in(self, data: bytes, name: str = "cohort.csv", store: Store | None = None) -> str:
        path = self.folder / name
        path.write_bytes(data)
        (outcome,) = receive(store or self.store, self.desk, [path], on=ON)
        path.unlink()
        return outcome.receipt.sha256 if outcome.receipt else outcome.reason

    def back_up(self) -> BackedUp:
        return back_up(self.store, self.backup)

    def lose_everything_but_keys_and_backup(self) -> None:
        shutil.rmtree(self.store.root.parent)

    def restore(self, **more: bool) -> Restored:
        return restore(self.backup, self.store.root, **more)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, desk: Desk) -> Office:
    made = Office(tmp_path, desk)
    Keys.make(made.keys, [made.store.root, folder_of(made.store)])
    monkeypatch.setenv(FOLDER, str(made.keys))
    return made


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != "lock"
    }


# --- what a backup holds --------------------------------------------------------------------------


def test_a_backup_holds_the_sealed_bytes_and_no_key_and_nothing_in_clear(office: Office) -> None:
    sha256 = office.take_in(cohort())
    (sealed,) = (office.people.root / "rows").iterdir()
    done = office.back_up()
    held = contents(office.backup / "personal")
    assert set(held) == {f"records/{sha256}.json", f"rows/{sealed.name}", LOG}
    assert held[f"rows/{sealed.name}"] == sealed.read_bytes()
    assert (done.people, done.left_out, done.lost) == (3, (), ())
    assert traces_in(office.backup) == []
    in_backup = b"".join(contents(office.backup).values())
    for key in (path for path in office.keys.rglob("*") if path.is_file()):
        if key.name != "log-copy":  # entries of the log, which the backup has too
            assert key.read_bytes() not in in_backup
    for path in (office.backup / "personal").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, "only its owner may open it"


def test_made_again_it_copies_what_is_new_and_drops_what_was_erased(office: Office) -> None:
    gone, stays = office.take_in(cohort()), office.take_in(table(row(pnc_id="01/5X")), "b.csv")
    office.back_up()
    assert office.back_up().copied == 0
    office.people.erase(gone, ASKED)
    again = office.back_up()
    assert (again.copied, again.lost) == (2, ()), "the record that it was erased, and the log"
    rows = [path.name.partition(".")[0] for path in (office.backup / "personal/rows").iterdir()]
    assert rows == [stays]


def test_what_belongs_to_no_record_is_left_out_and_said(office: Office) -> None:
    office.take_in(cohort())
    for name in ("rows/extract.sealed", "notes.csv"):
        (office.people.root / name).write_bytes(cohort())
    assert office.back_up().left_out == ("notes.csv", "rows/extract.sealed")
    assert traces_in(office.backup) == []


@pytest.mark.parametrize("place", ["keys/backup", "keys", "."])
def test_a_backup_may_not_lie_with_the_keys(office: Office, place: str) -> None:
    office.take_in(cohort())
    with pytest.raises(PersonalProblem, match="lie in one another"):
        back_up(office.store, office.folder / place)


def test_without_the_keys_a_backup_is_made_all_the_same(office: Office, monkeypatch) -> None:
    office.take_in(cohort())
    monkeypatch.delenv(FOLDER)
    assert office.back_up().people == 3


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def cut_short(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


SPOILT = {
    "rows changed": ("rows/*", flip, "was changed or damaged, and was not backed up"),
    "rows lost": ("rows/*", Path.unlink, None),
    "a record changed": ("records/*", lambda p: p.write_text("{"), "cannot be read"),
    "a record lost": ("records/*", Path.unlink, None),
    "the log changed": (LOG, flip, "is not whole|is no entry of the log"),
    "the log cut short": (LOG, cut_short, "does not go on from the one in the backup"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_spoilt_or_lost_never_spoils_the_backup(office: Office, desk, how: str) -> None:
    office.take_in(cohort())
    office.back_up()
    before = contents(office.backup)
    pattern, spoil, words = SPOILT[how]
    (path,) = office.people.root.glob(pattern)
    spoil(path)
    if words:
        with pytest.raises(PersonalProblem, match=words):
            office.back_up()
    else:
        assert office.back_up().lost != ()
    after = contents(office.backup)
    lists = [json.loads(files.pop("backup.json")) for files in (before, after)]
    assert lists[0] == lists[1]
    assert after == before
    if how not in ("a record lost", "the log cut short"):  # which only keys and receipts could tell
        assert verify(office.store, desk).faults


def test_a_damaged_copy_is_named_and_not_restored(office: Office, desk) -> None:
    office.take_in(cohort())
    office.back_up()
    (rows,) = (office.backup / "personal/rows").iterdir()
    flip(rows)
    assert "was changed or damaged" in verify(Store(office.backup), desk).faults[0].what
    with pytest.raises(PersonalProblem, match="differ, and sealed rows never change"):
        office.back_up()
    with pytest.raises(PersonalProblem, match="its hash is not that of the list"):
        restore(office.backup, office.folder / "new")
    assert not (office.folder / "new").exists()
    assert not beside(office.folder / "new").exists()


# --- back again -----------------------------------------------------------------------------------


def test_all_is_lost_and_comes_back_and_can_be_read(office: Office, desk) -> None:
    sha256 = office.take_in(cohort())
    rows = office.people.read(sha256, ASKED)
    office.back_up()
    office.lose_everything_but_keys_and_backup()
    done = office.restore()
    assert (done.people, done.no_keys) == (3, "")
    assert done.settled
    assert (done.settled.readable, done.settled.ended, done.settled.unreadable) == (1, (), ())
    assert office.people.read(sha256, ASKED).equals(rows)
    assert [entry.what for entry in office.people.log.entries()] == [
        "receive", "read", "restore", "read",
    ]  # fmt: skip
    assert office.people.log.verify().fault == ""
    found = verify(office.store, desk)
    assert (found.faults, found.people) == ([], 1)
    assert office.back_up().lost == ()


def test_an_erased_file_does_not_come_back_and_the_log_keeps_the_erasure(office: Office) -> None:
    sha256 = office.take_in(cohort())
    office.back_up()
    office.people.erase(sha256, Access("An analyst", "a request", ON))
    office.lose_everything_but_keys_and_backup()
    done = office.restore()
    assert done.settled
    assert (done.settled.readable, done.settled.ended) == (0, (sha256,))
    (one,) = office.people.kept()
    assert (one.state, one.key) == ("erased", "")
    with pytest.raises(KeyGone, match="was erased on"):
        office.people.read(sha256, ASKED)
    assert list((office.people.root / "rows").iterdir()) == []
    entries = office.people.log.entries()
    assert [(e.what, e.reason) for e in entries[:2]] == [
        ("receive", "received"), ("erase", "a request"),
    ]  # fmt: skip
    assert office.people.log.verify().fault == ""
    for path in office.store.root.rglob(f"*/{sha256}*"):  # as if its receipt had been lost too
        path.unlink()
    assert "and is not taken in again" in office.take_in(cohort())


def test_one_person_erased_does_not_come_back_with_the_rest_of_the_file(office: Office) -> None:
    first = office.take_in(cohort(3))
    other = office.take_in(table(row(pnc_id="01/5X")), "c.csv")
    office.back_up()
    office.people.erase_person(office.people.keys.hash("pnc_id", PNC), ASKED)
    assert office.people.read(first, ASKED).height == 2
    office.lose_everything_but_keys_and_backup()
    done = office.restore()
    assert done.settled
    assert (done.settled.readable, done.settled.ended) == (1, (first,))
    assert office.people.read(other, ASKED).height == 1
    with pytest.raises(KeyGone):
        office.people.read(first, ASKED)


def test_sealed_rows_of_an_old_backup_are_worth_nothing_by_hand_either(office: Office) -> None:
    """Somebody copies the old folder back with another tool, so that nothing is settled."""
    sha256 = office.take_in(cohort())
    office.back_up()
    office.people.erase(sha256, ASKED)
    shutil.rmtree(folder_of(office.store))
    shutil.copytree(office.backup / "personal", folder_of(office.store))
    assert [one.state for one in office.people.kept()] == ["held"]
    with pytest.raises(KeyGone, match="it was destroyed"):
        office.people._open(office.people.kept()[0])
    with pytest.raises(PersonalProblem, match="is not whole"):
        office.people.read(sha256, ASKED)


def test_an_older_store_is_not_backed_up_over_what_says_that_it_was_erased(office: Office) -> None:
    sha256 = office.take_in(cohort())
    old = office.folder / "old"
    shutil.copytree(folder_of(office.store), old)
    office.people.erase(sha256, ASKED)
    office.back_up()
    log = (folder_of(office.store) / LOG).read_bytes()
    shutil.rmtree(folder_of(office.store))
    shutil.copytree(old, folder_of(office.store))
    (folder_of(office.store) / LOG).write_bytes(log)
    with pytest.raises(PersonalProblem, match=r"was erased on .*, the backup says, and the store"):
        office.back_up()


def test_without_the_keys_it_comes_back_sealed_and_is_settled_when_they_are_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256, stays = office.take_in(cohort()), office.take_in(table(row(pnc_id="01/5X")), "b.csv")
    office.back_up()
    office.people.erase(sha256, ASKED)
    office.lose_everything_but_keys_and_backup()
    with monkeypatch.context() as patch:
        patch.delenv(FOLDER)
        done = office.restore()
    assert (done.people, done.settled) == (5, None)
    assert "is not set" in done.no_keys
    with pytest.raises(PersonalProblem, match="bluelamp personal expire"):
        office.people.read(stays, ASKED)
    with pytest.raises(PersonalProblem, match="not yet settled"):
        office.back_up()
    office.people.tidy()  # as every command that writes does first
    assert not (folder_of(office.store) / MARKER).exists()
    states = {one.sha256: one.state for one in office.people.kept()}
    assert states == {sha256: "erased", stays: "held"}
    assert office.people.read(stays, ASKED).height == 1


@pytest.mark.parametrize("whose", ["new keys", "keys of another office"])
def test_with_other_keys_nothing_is_settled_and_nothing_ends(
    office: Office, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    office.take_in(cohort())
    office.people.erase_person("0" * 32, ASKED)  # an entry that could be taken for the end
    office.back_up()
    office.lose_everything_but_keys_and_backup()
    wrong = office.folder / "wrong"
    Keys.make(wrong, [office.store.root])
    if whose == "keys of another office":
        (wrong / "log-copy").write_text('{"number": 1}\n')
    monkeypatch.setenv(FOLDER, str(wrong))
    done = office.restore()
    assert done.settled is None
    assert "log" in done.no_keys
    assert [one.state for one in kept_in(folder_of(office.store))] == ["held"]
    assert len(list((folder_of(office.store) / "rows").iterdir())) == 1


def test_what_stood_there_is_set_aside_with_its_records(office: Office) -> None:
    sha256 = office.take_in(cohort())
    office.back_up()
    later = office.take_in(table(row(pnc_id="01/5X")), "b.csv")
    with pytest.raises(StoreProblem, match="is not empty"):
        office.restore()
    done = office.restore(loss_is_fine=True)
    assert done.aside
    assert {one.sha256 for one in kept_in(beside(done.aside))} == {sha256, later}
    assert [one.sha256 for one in office.people.kept()] == [sha256]
    log = [entry.what for entry in office.people.log.entries()]
    assert log == ["receive", "receive", "restore"], "the second is of what was set aside"


def test_records_alone_are_never_written_over(office: Office) -> None:
    office.take_in(cohort())
    office.back_up()
    shutil.rmtree(office.store.root)
    with pytest.raises(StoreProblem, match="holds records about people; give another folder"):
        office.restore()
    done = office.restore(loss_is_fine=True)
    assert done.aside
    assert beside(done.aside).is_dir()
    assert done.settled
    assert done.settled.readable == 1


@pytest.mark.parametrize("at", [1, 2])
def test_killed_between_records_and_store_it_can_be_made_again(
    office: Office, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """1: nothing stands in its place yet; 2: the records do, the store does not."""
    sha256 = office.take_in(cohort())
    office.back_up()
    office.lose_everything_but_keys_and_backup()
    step = 0

    def dies(self: Path, to: Path) -> Path:
        nonlocal step
        step += to in (office.store.root, folder_of(office.store))
        if step == at and to in (office.store.root, folder_of(office.store)):
            raise KeyboardInterrupt
        return replace(self, to)

    replace = Path.rename
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", dies)
        patch.setattr(Path, "rename", dies)
        with pytest.raises(KeyboardInterrupt):
            office.restore()
    assert not office.store.root.exists()
    assert folder_of(office.store).exists() == (at == 2)
    assert office.restore().settled
    assert office.people.read(sha256, ASKED).height == 3
    assert not list(office.store.root.parent.glob("*restoring*"))


# --- in words -------------------------------------------------------------------------------------


def test_the_command_says_what_came_along_and_what_did_not_come_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")

    def run(*words: object) -> str:
        given = [*map(str, words), "--home", str(office.store.root)]
        result = CliRunner().invoke(app, given)
        assert result.exit_code == 0, result.output
        return result.output

    sha256 = office.take_in(cohort())
    said = run("store", "backup", office.backup)
    assert "3 of them are of records about people, sealed. Their keys are not among them" in said
    run("personal", "erase", sha256[:8], "--reason", "a request")
    office.lose_everything_but_keys_and_backup()
    said = run("store", "restore", office.backup)
    assert "3 of them are of records about people, sealed; the log of accesses is whole" in said
    assert "1 file had been erased or expired after the backup, and nobody can read" in said
    assert sha256[:12] in said
    assert "1 sealed file of records about people" in run("store", "verify")
    assert "erased" in run("personal", "list")
    assert json.loads((office.backup / "backup.json").read_text(encoding="utf-8"))
