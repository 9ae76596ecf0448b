"""Verifying, packing, backing up and restoring: each kind of damage is named with its remedy."""

from __future__ import annotations

import itertools
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.backup import back_up, restore, would_be_lost
from bluelamp.evidence.known import as_known
from bluelamp.evidence.packing import pack
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store, StoreProblem
from bluelamp.evidence.verifying import verify

ON = date(2026, 4, 1)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(definitions_root())


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for year in (2010, 2011, 2012):
        (folder / f"{year}.csv").write_text(
            f"MajorText,MinorText,BoroughName,{year}01,{year}02\n"
            f"THEFT,SHOPLIFTING,Barnet,{year - 2000},2\n"
            "THEFT,SHOPLIFTING,Brent,3,4\n"
            "THEFT,SHOPLIFTING,Nowhere,5,6\n"
        )
    return folder


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, desk: Desk, files: Path) -> Store:
    store = Store(tmp_path_factory.mktemp("full") / "store")
    receive(store, desk, [files], on=ON)
    return store


@pytest.fixture
def store(full: Store, tmp_path: Path) -> Store:
    shutil.copytree(full.root, tmp_path / "store")
    return Store(tmp_path / "store")


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def one(store: Store, kind: str) -> Path:
    return store.alone(kind)[0]


# --- verify ---------------------------------------------------------------------------------------


def test_a_whole_store_has_no_fault(store: Store, desk: Desk) -> None:
    for deep in (False, True):
        found = verify(store, desk, deep=deep)
        assert (found.faults, found.orphans, found.otherwise) == ([], [], [])
        assert (found.receipts, found.files, found.read_again) == (3, 18, 3 if deep else 0)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def other_count(path: Path) -> None:
    frame = pl.read_parquet(path)
    frame.with_columns(pl.col("count") + 1).write_parquet(path)


def swap_counts(path: Path) -> None:
    frame = pl.read_parquet(path)
    frame.with_columns(pl.col("count").reverse()).write_parquet(path)


def empty(path: Path) -> None:
    pl.read_parquet(path).head(0).write_parquet(path)


DAMAGE: list[tuple[str, Callable[[Path], None], bool, str]] = [
    ("files", flip, False, "are not those that were received"),
    ("files", cut, False, "are not those that were received"),
    ("files", Path.unlink, False, "are missing"),
    ("receipts", cut, False, "it cannot be read"),
    ("typed", Path.unlink, False, "it is missing: the receipt of"),
    ("typed", cut, False, "it cannot be read"),
    ("tally", Path.unlink, False, "it is missing"),
    ("tally", other_count, False, "it is not the sum of its typed rows"),
    ("tally", swap_counts, True, "it is not the sum of its typed rows"),
    ("coverage", Path.unlink, False, "it is missing"),
    ("coverage", cut, False, "it cannot be read"),
    (
        "quarantine",
        lambda p: pl.read_parquet(p).head(0).write_parquet(p),
        False,
        "it holds 0 lines",
    ),
]


@pytest.mark.parametrize(("kind", "damage", "deep", "words"), DAMAGE)
def test_each_damage_is_named_with_what_to_do(store, desk, kind, damage, deep, words):
    path = one(store, kind)
    damage(path)
    faults = verify(store, desk, deep=deep).faults
    assert faults
    assert any(words in fault.what and kind in fault.where for fault in faults), faults
    assert all(fault.remedy for fault in faults)


@pytest.mark.parametrize("kind", ["files", "typed", "tally", "coverage", "quarantine"])
def test_the_remedy_works_delete_it_and_receive_the_file_again(store, desk, files, kind):
    before = contents(store.root)
    path = one(store, kind)
    flip(path)
    path.unlink()
    outcomes = receive(store, desk, [files], on=date(2026, 5, 1))
    assert all(outcome.again for outcome in outcomes)
    assert contents(store.root) == before
    assert verify(store, desk, deep=True).faults == []


def test_rows_that_a_fresh_reading_does_not_give_are_a_fault(store, desk):
    path = one(store, "typed")
    frame = pl.read_parquet(path)
    turned = frame.with_columns(pl.col("area").reverse())
    turned.write_parquet(path)
    store.tally(path.stem).write_bytes(b"")
    pl.read_parquet(path).select(pl.all().exclude("line")).write_parquet(store.tally(path.stem))
    assert verify(store, desk).faults == [], "the shallow look cannot see it"
    (fault,) = [f for f in verify(store, desk, deep=True).faults if "fresh reading" in f.what]
    assert "typed has other rows" in fault.what
    assert fault.where == f"typed/{path.name}"


def test_orphans_are_named_and_are_no_fault(store, desk):
    one(store, "receipts").unlink()
    found = verify(store, desk)
    assert found.faults == []
    assert len(found.orphans) == 5  # bytes, typed, tally, coverage, quarantine
    assert all("/" in path for path in found.orphans)


def test_what_changed_definitions_read_otherwise_is_said_and_is_no_fault(store, desk, tmp_path):
    shutil.copytree(desk.definitions, tmp_path / "definitions")
    path = tmp_path / "definitions/areas/boroughs.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("name: Enfield,", "name: Enfield, spellings: [Nowhere],"), "utf-8")
    found = verify(store, Desk(tmp_path / "definitions"), deep=True)
    assert found.faults == []
    assert len(found.otherwise) == 3
    assert "rows kept 2, now 3" in found.otherwise[0]


# --- pack -----------------------------------------------------------------------------------------


def test_what_is_packed_is_found_by_its_hash_and_says_the_same(store, desk, files):
    known = as_known(store, desk.sources, on=date(2026, 4, 30), received_by=None)
    received = {r.sha256: store.read("files", r.sha256) for r in store.receipts()}
    done = pack(store)
    assert (done.before.files, done.after.files, done.packed) == (18, 6, 18)
    assert done.after.on_disk < done.before.on_disk
    assert {r.sha256: store.read("files", r.sha256) for r in store.receipts()} == received
    again = as_known(Store(store.root), desk.sources, on=date(2026, 4, 30), received_by=None)
    assert again.chosen.equals(known.chosen)
    assert again.tally("mps-recorded-crime", "borough").equals(
        known.tally("mps-recorded-crime", "borough")
    )
    assert verify(store, desk, deep=True).faults == []
    assert all(o.again for o in receive(store, desk, [files], on=date(2026, 5, 1)))
    assert pack(store).packed == 0


def test_a_pack_is_a_plain_zip(store):
    (receipt, *_) = store.receipts()
    data = store.read("files", receipt.sha256)
    pack(store)
    (path,) = (store.root / "packs").glob("files-*.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.read(receipt.sha256) == data


def test_large_files_stay_by_themselves(store, monkeypatch):
    monkeypatch.setattr("bluelamp.evidence.packing.SMALL", 10)
    assert pack(store).packed == 0


def test_a_pack_holds_so_much_and_no_more(store, monkeypatch):
    monkeypatch.setattr("bluelamp.evidence.packing.MOST_IN_A_PACK", 200)
    pack(store)
    assert len(store.packs.paths("files")) > 1
    assert len(store.receipts()) == 3


def test_later_files_go_into_a_later_pack(store, desk, tmp_path):
    pack(store)
    more = tmp_path / "more"
    more.mkdir()
    for year in (2013, 2014):
        text = f"MajorText,MinorText,BoroughName,{year}01\nTHEFT,SHOPLIFTING,Barnet,1\n"
        (more / f"{year}.csv").write_text(text)
    receive(store, desk, [more], on=ON)
    pack(store)
    assert len(store.packs.paths("receipts")) == 2
    assert len(store.receipts()) == 5
    assert verify(store, desk).faults == []


def test_a_damaged_pack_is_named(store, desk):
    pack(store)
    flip(store.packs.paths("files")[0])
    (fault,) = verify(store, desk).faults
    assert fault.where.startswith("packs/files-")
    assert "backup" in fault.remedy


# --- backup and restore ---------------------------------------------------------------------------


def test_a_backup_is_a_store_and_comes_back_as_it_was(store, desk, tmp_path):
    done = back_up(store, tmp_path / "backup")
    assert (done.files, done.copied, done.lost) == (19, 18, ())  # store.json is made there
    assert verify(Store(tmp_path / "backup"), desk, deep=True).faults == []
    back = restore(tmp_path / "backup", tmp_path / "new" / "home")
    assert (back.files, back.aside) == (19, None)
    assert contents(tmp_path / "new" / "home") == contents(store.root)


def test_made_again_it_copies_what_is_new(store, desk, tmp_path):
    back_up(store, tmp_path / "backup")
    assert back_up(store, tmp_path / "backup").copied == 0
    new = tmp_path / "2020.csv"
    new.write_text("MajorText,MinorText,BoroughName,202001\nTHEFT,SHOPLIFTING,Barnet,1\n")
    receive(store, desk, [new], on=ON)
    assert back_up(store, tmp_path / "backup").copied == 5
    pack(store)
    packed = back_up(store, tmp_path / "backup")
    assert (packed.files, packed.copied, packed.lost) == (7, 6, ())
    assert {name.split("/")[0] for name in contents(tmp_path / "backup")} == {
        "packs", "store.json", "backup.json",
    }  # fmt: skip
    assert len(Store(tmp_path / "backup").receipts()) == 4


def test_what_releases_withheld_is_backed_up_for_its_owner_alone(store, tmp_path):
    ledger = store.root / "disclosure" / "a-release.json"
    ledger.parent.mkdir(parents=True)
    ledger.write_text("{}")
    ledger.chmod(0o600)
    back_up(store, tmp_path / "backup")
    ledger.unlink()
    restore(tmp_path / "backup", tmp_path / "again")
    for found in (tmp_path / "backup", tmp_path / "again"):
        copy = found / "disclosure" / "a-release.json"
        assert copy.read_text() == "{}"
        assert copy.stat().st_mode & 0o777 == 0o600


def test_releases_are_backed_up_too_but_not_one_that_is_being_built(store, tmp_path):
    for name in ("first", ".building-x"):
        (store.root / "releases" / name).mkdir(parents=True)
        (store.root / "releases" / name / "release.json").write_text("{}")
    back_up(store, tmp_path / "backup")
    assert (tmp_path / "backup/releases/first/release.json").is_file()
    assert not (tmp_path / "backup/releases/.building-x").exists()


def test_a_damaged_file_is_not_backed_up_over_its_good_copy(store, tmp_path):
    back_up(store, tmp_path / "backup")
    before = contents(tmp_path / "backup")
    flip(one(store, "files"))
    with pytest.raises(StoreProblem, match="is damaged and was not backed up"):
        back_up(store, tmp_path / "backup")
    flip(one(store, "files"))
    flip(one(store, "typed"))
    with pytest.raises(StoreProblem, match="differ; `bluelamp store verify --deep`"):
        back_up(store, tmp_path / "backup")
    assert contents(tmp_path / "backup") == before


def test_a_damaged_copy_is_named_and_not_restored(store, tmp_path):
    back_up(store, tmp_path / "backup")
    copy = one(Store(tmp_path / "backup"), "typed")
    flip(copy)
    with pytest.raises(StoreProblem, match=r"is damaged: its bytes are not those"):
        back_up(store, tmp_path / "backup")
    with pytest.raises(StoreProblem, match=r"is damaged: its hash is not that of the list"):
        restore(tmp_path / "backup", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    copy.unlink()
    assert back_up(store, tmp_path / "backup").copied == 1
    restore(tmp_path / "backup", tmp_path / "new")
    assert contents(tmp_path / "new") == contents(store.root)


def test_what_the_store_loses_the_backup_keeps_and_says(store, tmp_path):
    back_up(store, tmp_path / "backup")
    whole = contents(store.root)
    lost = one(store, "typed")
    name = lost.relative_to(store.root).as_posix()
    lost.unlink()
    for _ in range(2):
        assert back_up(store, tmp_path / "backup").lost == (name,)
    restore(tmp_path / "backup", tmp_path / "new")
    assert contents(tmp_path / "new") == whole


def test_a_store_that_is_there_is_never_overwritten(store, desk, files, tmp_path):
    back_up(store, tmp_path / "backup")
    home = tmp_path / "home"
    (home / "x").mkdir(parents=True)
    (home / "x" / "notes.txt").write_text("mine")
    with pytest.raises(StoreProblem, match="is not empty: it holds something else than a store"):
        restore(tmp_path / "backup", home)
    shutil.rmtree(home)
    other = Store(home)
    receive(other, desk, [next(files.iterdir())], on=date(2026, 1, 1))
    new = tmp_path / "2020.csv"
    new.write_text("MajorText,MinorText,BoroughName,202001\nTHEFT,SHOPLIFTING,Barnet,1\n")
    receive(other, desk, [new], on=ON)
    before = contents(home)
    words = "it holds 12 files, and 5 of them are not in the backup"
    assert would_be_lost(tmp_path / "backup", home) == words
    with pytest.raises(StoreProblem, match="5 of them are not in the backup"):
        restore(tmp_path / "backup", home)
    assert contents(home) == before
    for number in (1, 2):
        done = restore(tmp_path / "backup", home, loss_is_fine=True)
        assert done.aside == tmp_path / f"home.before-restore-{number}"
    assert contents(tmp_path / "home.before-restore-1") == before
    assert contents(home) == contents(store.root)


def test_places_that_make_no_sense_are_refused(store, tmp_path):
    with pytest.raises(StoreProblem, match="is inside the store"):
        back_up(store, store.root / "backup")
    with pytest.raises(StoreProblem, match="there is no store at"):
        back_up(Store(tmp_path / "none"), tmp_path / "backup")
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "letter.txt").write_text("mine")
    with pytest.raises(StoreProblem, match="holds something else than a backup"):
        back_up(store, tmp_path / "else")
    with pytest.raises(StoreProblem, match="is no finished backup"):
        restore(store.root, tmp_path / "new")


def test_a_store_of_an_unknown_format_or_none_is_not_opened(tmp_path):
    for number, text in zip(itertools.count(), ['{"format": 99}', "{", "[]", "{}"], strict=False):
        root = tmp_path / str(number)
        root.mkdir()
        (root / "store.json").write_text(text)
        with pytest.raises(StoreProblem):
            Store(root)
