"""Copies a store into another folder, and brings it back: every file's hash is checked both ways.

A backup is itself a store, with a list of its files (`backup.json`, written last). Made again into
the same folder, it copies what is new. Nothing received ever changes, so a file that differs from
its copy is a fault of one of the two and never overwrites the other. Records about people, which
stand beside the store, come along sealed (`personal/copying.py`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bluelamp.evidence.packs import Packs
from bluelamp.evidence.personal import copying
from bluelamp.evidence.personal.kept import PersonalStore, Settled, beside
from bluelamp.evidence.personal.keys import keeps_people
from bluelamp.evidence.personal.problem import PersonalProblem
from bluelamp.evidence.store import (
    ENDINGS,
    UNFINISHED,
    Store,
    StoreProblem,
    write_atomically,
)

LIST = "backup.json"
# Receipts last: what has one is whole, also in a backup that was broken off.
ORDER = (*(kind for kind in ENDINGS if kind != "receipts"), "receipts")

Progress = Callable[[int, int, str], None]
Say = Callable[[str], None]


@dataclass(frozen=True)
class BackedUp:
    """files and bytes of the whole backup; how many were copied now; and what is in the backup
    alone: the store has lost it. `people`: how many of the files are of records about people, all
    of them sealed; `left_out`: files beside those that belong to no record and were not copied."""

    files: int
    bytes: int
    copied: int
    lost: tuple[str, ...]
    people: int = 0
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Restored:
    """files and bytes brought back; `aside` is where the folder that stood there is kept.

    people   how many of the files are of records about people.
    settled  what the keys said of them; None where the keys are not here, or there is nothing.
    no_keys  why the keys could not be asked, or ''.
    """

    files: int
    bytes: int
    aside: Path | None
    people: int = 0
    settled: Settled | None = None
    no_keys: str = ""


def back_up(
    store: Store,
    to: Path,
    *,
    progress: Progress | None = None,
    wait: float = 0.0,
    say: Say | None = None,
) -> BackedUp:
    """Copy everything of the store that is new into the folder `to`.

    Readers go on; a writer waits, so that what is copied is the store of one moment. Raises
    StoreProblem where another process writes, or where a file and its copy differ; PersonalProblem
    where the records about people are damaged, or the keys would lie with their backup.
    """
    copying.check_keys_are_outside(to)
    if to.resolve().is_relative_to(store.root.resolve()):
        raise StoreProblem(f"{to} is inside the store; give a folder elsewhere, on another disk")
    if store.format() is None:
        raise StoreProblem(f"there is no store at {store.root}; nothing was backed up")
    if _is_something_else(to):
        raise StoreProblem(f"{to} holds something else than a backup; give a folder of its own")
    with (
        store.writing("backing up the store", wait=wait, say=say),
        Store(to).writing("backing up into the store"),
    ):
        before, people_before = _apart(_listed(to) if (to / LIST).is_file() else {})
        paths = list(_all_files(store.root))
        listed: dict[str, list[int | str]] = {}
        copied = 0
        for number, path in enumerate(paths):
            name = path.relative_to(store.root).as_posix()
            if progress:
                progress(number, len(paths), name)
            digest, is_new = _copy(path, to / name, before.get(name))
            listed[name] = [path.stat().st_size, digest]
            copied += is_new
        people = copying.copy_records(beside(store.root), to, people_before)
        lost = (*_keep_lost(store, before, listed), *people.lost)
        listed |= people.listed
        write_atomically(to / LIST, (json.dumps(listed, indent=1) + "\n").encode())
        _drop_packed(to, listed)
        copying.drop_ended(to, listed)
        if progress:
            progress(len(paths), len(paths), "")
    return BackedUp(
        len(listed),
        sum(int(size) for size, _ in listed.values()),
        copied + people.copied,
        lost,
        len(people.listed),
        tuple(people.left_out),
    )


def restore(
    backup: Path, home: Path, *, loss_is_fine: bool = False, progress: Progress | None = None
) -> Restored:
    """Bring a backup back as the store at `home`, a folder that is not there or is empty.

    Everything is copied beside and checked, then takes its place at once. Where `home` holds
    something, StoreProblem is raised, or with `loss_is_fine` it is set aside under another name.
    Records about people come back sealed, and where the keys are here they are settled: what was
    erased after the backup stays erased. PersonalProblem is raised where they are damaged.
    """
    if not (backup / LIST).is_file():
        raise StoreProblem(
            f"{backup} is no finished backup: it has no {LIST}; make one with "
            "`bluelamp store backup TO`, or finish it by making it again"
        )
    listed, (ordinary, people) = (whole := _listed(backup)), _apart(whole)
    records = _Records(backup, people, home)
    occupied = home.exists() and any(home.iterdir())
    if (occupied or records.in_the_way) and not loss_is_fine:
        where = f"{home} is not empty: {would_be_lost(backup, home)}"
        raise StoreProblem(
            f"{where if occupied else f'{beside(home)} holds records about people'}; give another "
            "folder with --home, or say --set-aside to keep what is there under another name"
        )
    coming = home.with_name(f"{home.name}.restoring")
    with Store(coming).writing("restoring the store"):
        for number, (name, (_, digest)) in enumerate(ordinary.items()):
            if progress:
                progress(number, len(listed), name)
            _bring_back(backup / name, coming / name, str(digest))
        for path in _all_files(coming):  # of a restore from another backup that was killed
            if path.relative_to(coming).as_posix() not in listed:
                path.unlink()
        records.bring_back(beside(coming))
        aside = _set_aside(home, records) if occupied or records.in_the_way else None
        records.take_their_place(beside(coming))  # before the store: where it is, all of it is
        coming.rename(home)
    if progress:
        progress(len(listed), len(listed), "")
    settled, no_keys = _settle(home) if people else (None, "")
    size = sum(int(size) for size, _ in listed.values())
    return Restored(len(listed), size, aside, len(people), settled, no_keys)


class _Records:
    """The records about people of a backup, on their way to stand beside the store at `home`."""

    def __init__(self, backup: Path, listed: copying.Listed, home: Path) -> None:
        self.backup, self.listed, self.place = backup, listed, beside(home)
        there = self.place.is_dir() and any(self.place.iterdir())
        # A restore that was killed before its store took its place had put them there already.
        self.done = not listed or (there and copying.is_as_in(listed, self.place))
        self.in_the_way = there and not self.done

    def bring_back(self, coming: Path) -> None:
        if coming.exists():  # of a restore that was killed
            shutil.rmtree(coming)
        if not self.done:
            for name, (_, digest) in self.listed.items():
                copying.bring_back(self.backup, name, str(digest), coming)
            copying.check_brought_back(coming)

    def take_their_place(self, coming: Path) -> None:
        if not self.done:
            coming.replace(self.place)


def _settle(home: Path) -> tuple[Settled | None, str]:
    """Ask the keys, where they are here, what of the records was erased after the backup."""
    if not keeps_people():
        return None, "$BLUELAMP_PERSONAL_KEYS is not set"
    store = Store(home)
    try:
        personal = PersonalStore(store)
        with store.writing("settling records about people"):
            return (personal.settle() if personal.unsettled else None), ""
    except PersonalProblem as error:
        return None, str(error)


def _apart(listed: copying.Listed) -> tuple[copying.Listed, copying.Listed]:
    """What a backup lists of the store, and of the records about people."""
    people = {n: entry for n, entry in listed.items() if n.startswith(f"{copying.INSIDE}/")}
    return {n: entry for n, entry in listed.items() if n not in people}, people


def would_be_lost(backup: Path, home: Path) -> str:
    """What a folder holds that a backup does not, in words."""
    here, there = _held(home), _held(backup)
    if not here:
        return "it holds something else than a store"
    missing = len(here - there)
    if not missing:
        return f"it holds {len(here):,} files, all of them in the backup too"
    return f"it holds {len(here):,} files, and {missing:,} of them are not in the backup"


def _held(root: Path) -> set[str]:
    """The name of everything in a store, whether it stands alone or in a pack."""
    packs = Packs(root / "packs")
    packed = {f"{kind}/{name}" for kind in ENDINGS for name in packs.names(kind)}
    files = (path.relative_to(root).as_posix() for path in _all_files(root))
    return packed | {_plain(name) for name in files if not name.startswith("packs/")}


def _is_something_else(to: Path) -> bool:
    """Whether a folder has files in it, and no backup (not one that was broken off, either)."""
    if not to.exists() or (to / "store.json").is_file():
        return False
    return any(p.name != "lock" and not p.name.startswith(UNFINISHED) for p in to.iterdir())


def _all_files(root: Path) -> Iterator[Path]:
    """Every file of a store that belongs into a backup, receipts last."""
    for kind in ORDER:
        if kind == "receipts":
            yield from _files(root / "releases")
            # What releases of controlled sources withheld: the next one is held against it.
            yield from _files(root / "disclosure")
        yield from sorted((root / "packs").glob(f"{kind}-*.zip"))
        yield from _files(root / kind)
    if (root / "store.json").is_file():
        yield root / "store.json"


def _files(folder: Path) -> list[Path]:
    """Without what is half-made: a file that is being written, a release that is being built."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(
            part.startswith((UNFINISHED, ".building-")) for part in path.relative_to(folder).parts
        )
    )


def _listed(backup: Path) -> dict[str, list[int | str]]:
    """Size and hash of every file of a backup, by path; raises StoreProblem."""
    try:
        listed: dict[str, list[int | str]] = json.loads((backup / LIST).read_text(encoding="utf-8"))
        return {name: [int(size), str(digest)] for name, (size, digest) in listed.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise StoreProblem(
            f"{backup / LIST} cannot be read ({error}); use another backup"
        ) from error


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(path: Path, to: Path, listed: list[int | str] | None) -> tuple[str, bool]:
    """Copy a file unless its copy is there; its hash, and whether it was copied."""
    digest = _hash(path)
    if path.parent.parent.name == "files" and digest != path.name:
        raise StoreProblem(
            f"{path} is damaged and was not backed up; `bluelamp store verify` says what to do"
        )
    if not to.is_file():
        _copy_bytes(path, to, digest)
        shutil.copymode(path, to)  # what only its owner may read stays so
        return digest, True
    if _hash(to) == digest:
        return digest, False
    if path.name == "store.json":  # the one file that changes, with the format
        _copy_bytes(path, to, digest)
        return digest, True
    damaged = listed is not None and listed[1] == digest
    raise StoreProblem(
        f"{to} is damaged: its bytes are not those that were backed up; delete it and back up again"
        if damaged
        else f"{path} and its copy {to} differ; `bluelamp store verify --deep` tells whether the "
        "store's is damaged: if not, delete the copy and back up again"
    )


def _copy_bytes(path: Path, to: Path, digest: str) -> None:
    """Copy beside, check what arrived, rename."""
    to.parent.mkdir(parents=True, exist_ok=True)
    temporary = to.with_name(f"{UNFINISHED}{os.getpid()}-{to.name}")
    try:
        shutil.copyfile(path, temporary)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        if _hash(temporary) != digest:
            raise StoreProblem(f"{path} did not arrive whole at {to.parent}; check the disk")
        temporary.replace(to)
    finally:
        temporary.unlink(missing_ok=True)


def _bring_back(path: Path, to: Path, digest: str) -> None:
    if not path.is_file():
        raise StoreProblem(f"{path} is missing from the backup; use another one")
    if to.is_file() and _hash(to) == digest:
        return
    if _hash(path) != digest:
        raise StoreProblem(f"{path} is damaged: its hash is not that of the list; use another one")
    _copy_bytes(path, to, digest)
    shutil.copymode(path, to)


def _keep_lost(
    store: Store, before: dict[str, list[int | str]], listed: dict[str, list[int | str]]
) -> tuple[str, ...]:
    """Go on listing what an earlier call copied and the store no longer has: that is what a backup
    is for. What stands in a pack now is not lost."""
    packed = {f"{kind}/{name}" for kind in ENDINGS for name in store.packs.names(kind)}
    lost = []
    for name, entry in before.items():
        if name not in listed and _plain(name) not in packed:
            listed[name] = entry
            lost.append(name)
    return tuple(lost)


def _plain(name: str) -> str:
    """files/ab/ab12 as packs know it: files/ab12."""
    kind, _, rest = name.partition("/")
    return f"{kind}/{rest.rpartition('/')[2]}" if kind == "files" else name


def _drop_packed(to: Path, listed: dict[str, list[int | str]]) -> None:
    """Take away copies of files that a pack in the backup now holds."""
    packs = Packs(to / "packs")
    for kind in ENDINGS:
        packed = packs.names(kind)
        for path in Store(to).alone(kind):
            if path.name in packed and path.relative_to(to).as_posix() not in listed:
                path.unlink()


def _set_aside(home: Path, records: _Records) -> Path:
    """Rename what stands at `home`, and the records about people beside it where others come."""
    number = 1
    while (aside := home.with_name(f"{home.name}.before-restore-{number}")).exists() or (
        beside(aside).exists()
    ):
        number += 1
    with contextlib.ExitStack() as stack:
        if (home / "store.json").is_file():
            stack.enter_context(Store(home).writing("setting aside the store"))
        if records.in_the_way:
            records.place.rename(beside(aside))
        if home.exists():
            home.rename(aside)
    return aside
