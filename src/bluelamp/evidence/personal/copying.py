"""Takes the sealed records about people into a backup of the store, and brings them back.

What is copied is what stands beside the store: sealed rows, what is kept of each file, the log of
accesses. No key is among it, and no file that none of the records names, so nothing in clear. A
backup holds them in its folder `personal`. To copy takes no key; after a restore the keys, where
they are there, tell what was erased since (`PersonalStore.settle`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bluelamp.evidence.personal.access_log import verify_chain, whole_lines
from bluelamp.evidence.personal.kept import LOG, MARKER, Kept, kept_in, record_path, rows_path
from bluelamp.evidence.personal.keys import FOLDER
from bluelamp.evidence.personal.private import write_private
from bluelamp.evidence.personal.problem import PersonalProblem

INSIDE = "personal"
# By path in the backup: size and SHA-256, as the backup's list has them.
Listed = dict[str, list[int | str]]


@dataclass
class Copied:
    """What a backup holds of records about people, how many files of it are new, and the paths of
    what the folder has lost and the backup still has. `left_out`: files that belong to no record.
    """

    listed: Listed = field(default_factory=dict)
    copied: int = 0
    lost: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def check_keys_are_outside(backup: Path) -> None:
    """Raises PersonalProblem where the folder of keys lies in the backup's, or around it: whoever
    had the one would have the other."""
    named = os.environ.get(FOLDER)
    if not named:
        return
    keys, to = Path(named).resolve(), backup.resolve()
    if keys.is_relative_to(to) or to.is_relative_to(keys):
        raise PersonalProblem(
            f"the keys at {keys} and the backup at {to} lie in one another: with the keys, an old "
            "backup brings back what was erased; back up to a folder apart from them"
        )


def copy_records(root: Path, backup: Path, before: Listed) -> Copied:
    """Copy a folder of records into a backup that lists `before` of them; the caller holds both
    stores for writing.

    Records and log replace their older copies, sealed rows never change, and copies of rows that
    were erased are taken away. Raises PersonalProblem where something is damaged, where the log
    does not go on from the one in the backup, and where a record would come back from the dead.
    """
    to, done = backup / INSIDE, Copied()
    if not (root / LOG).is_file() and not (root / "records").is_dir():
        done.listed, done.lost = dict(before), sorted(before)
        return done
    if (root / MARKER).is_file():
        raise PersonalProblem(
            f"the records at {root} came back from a backup, and what was erased since is not yet "
            "settled: give the folder of keys and run `bluelamp personal expire`, then back up"
        )
    log = _checked_log(root / LOG, to / LOG)
    here, there = kept_in(root), {one.sha256: one for one in kept_in(to)}
    for one in here:
        _check_stays_ended(one, there.get(one.sha256))
        _copy_rows(root, to, one, before, done)
        _put(record_path(root, one.sha256).read_bytes(), record_path(to, one.sha256), to, done)
    _put(log, to / LOG, to, done)
    _keep_lost(to, here, before, done)
    done.left_out = sorted(_strangers(root, here))
    return done


def drop_ended(backup: Path, listed: Listed) -> None:
    """Take out of a backup the sealed rows that its list no longer has: they were erased."""
    for path in (backup / INSIDE / "rows").glob("*"):
        if _name(path, backup / INSIDE) not in listed:
            path.unlink()


def bring_back(backup: Path, name: str, digest: str, coming: Path) -> None:
    """Copy one file of a backup into the folder of records that is coming; raises PersonalProblem
    where its bytes are not those of the list."""
    path, to = backup / name, coming / name.removeprefix(f"{INSIDE}/")
    if not path.is_file():
        raise PersonalProblem(f"{path} is missing from the backup; use another one")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise PersonalProblem(
            f"{path} is damaged: its hash is not that of the list; use another one"
        )
    write_private(to, data)


def check_brought_back(coming: Path) -> None:
    """That the log is one chain, and every file that is held has its sealed rows; then mark the
    records as from a backup. Raises PersonalProblem."""
    found = verify_chain(coming / LOG)
    if found.fault:
        raise PersonalProblem(f"the log of accesses in the backup is not whole: {found.fault}")
    for one in kept_in(coming):
        if fault := fault_of_rows(coming, one):
            raise PersonalProblem(f"{fault}; use another backup")
    marker = json.dumps({"entries": found.entries}).encode() + b"\n"
    write_private(coming / MARKER, marker)


def is_as_in(listed: Listed, root: Path) -> bool:
    """Whether a folder of records is what the list has and was not used yet: a restore that was
    broken off had put it there."""
    if not (root / MARKER).is_file():
        return False
    return all(
        _hash(root / name.removeprefix(f"{INSIDE}/")) == digest
        for name, (_, digest) in listed.items()
    )


def fault_of_rows(root: Path, one: Kept) -> str:
    """What is wrong with the sealed rows of a file, by their hash alone; '' if nothing is."""
    if one.state != "held":
        return ""
    path = rows_path(root, one)
    digest = _hash(path)
    if digest is None:
        return f"{path} is missing"
    if one.sealed and digest != one.sealed:
        return f"{path} was changed or damaged"
    return ""


def _checked_log(path: Path, copy: Path) -> bytes:
    found = verify_chain(path)
    if found.fault:
        raise PersonalProblem(f"the log of accesses {path} is not whole: {found.fault}")
    data = whole_lines(path)
    if not data.startswith(whole_lines(copy)):
        raise PersonalProblem(
            f"the log of accesses {path} does not go on from the one in the backup, {copy}: "
            "entries were changed or taken away, or the backup is of another store; "
            "`bluelamp personal log --verify` tells whether it is whole"
        )
    return data


def _check_stays_ended(one: Kept, copy: Kept | None) -> None:
    if copy and copy.state != "held" and one.state == "held":
        raise PersonalProblem(
            f"{one.sha256[:12]} was {copy.state} on {copy.ended_on}, the backup says, and the "
            "store holds it again: these are older records; `bluelamp personal expire` settles it"
        )


def _copy_rows(root: Path, to: Path, one: Kept, before: Listed, done: Copied) -> None:
    if one.state != "held":
        return
    path, copy = rows_path(root, one), rows_path(to, one)
    name = _name(copy, to)
    if not path.is_file() and name in before:
        done.listed[name] = before[name]
        done.lost.append(name)
        return
    if fault := fault_of_rows(root, one):
        raise PersonalProblem(f"{fault}, and was not backed up; bring it back from a backup")
    data = path.read_bytes()
    if copy.is_file() and _hash(copy) != hashlib.sha256(data).hexdigest():
        raise PersonalProblem(
            f"{path} and its copy {copy} differ, and sealed rows never change; "
            "`bluelamp store verify` tells whether the store's is damaged: if not, delete the copy"
        )
    _put(data, copy, to, done)


def _put(data: bytes, copy: Path, to: Path, done: Copied) -> None:
    """Write a copy, unless these very bytes are there, and list it."""
    digest = hashlib.sha256(data).hexdigest()
    if _hash(copy) != digest:
        write_private(copy, data)
        done.copied += 1
    done.listed[_name(copy, to)] = [len(data), digest]


def _keep_lost(to: Path, here: list[Kept], before: Listed, done: Copied) -> None:
    """Go on listing a record that only the backup has, with its rows. Rows of a record that is here
    and is sealed by another key now, or has ended, are not lost: they were taken out."""
    known = {one.sha256 for one in here}
    for name, entry in before.items():
        sha256 = Path(name).name.partition(".")[0]
        if name not in done.listed and name != f"{INSIDE}/{LOG}" and sha256 not in known:
            done.listed[name] = entry
            done.lost.append(name)


def _strangers(root: Path, here: list[Kept]) -> Iterator[str]:
    ours = {root / LOG, root / MARKER, *(record_path(root, one.sha256) for one in here)}
    ours |= {rows_path(root, one) for one in here}
    for path in root.rglob("*"):
        if path.is_file() and path not in ours and not path.name.startswith(".writing-"):
            yield path.relative_to(root).as_posix()


def _name(path: Path, to: Path) -> str:
    return f"{INSIDE}/{path.relative_to(to).as_posix()}"


def _hash(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
