"""Who opened records about people, when and why: a log that is only ever added to.

Each entry holds the hash of the one before it, so a change in the middle shows. The length and the
last hash are kept with the keys too, so a log that was cut short, or written anew, shows as well. A
copy of the entries lies there with them: a log that came back from an older backup is caught up
from it, and what was erased since then stays written down.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bluelamp.evidence.personal.private import make_folder, write_private
from bluelamp.evidence.personal.problem import PersonalProblem

START = "0" * 64
LONGEST = 300


def whoever(by: str | None = None) -> str:
    """Who does it, for the log: the account on this machine, which the environment cannot change,
    after the name that was given."""
    try:
        account = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container can run under a number that has no name
        account = f"user {os.getuid()}"
    return f"{by} ({account})" if by else account


@dataclass(frozen=True)
class Entry:
    """One access. `file` is the SHA-256 of the file received, or ''; `hash` covers all the rest."""

    number: int
    at: str
    who: str
    what: str
    file: str
    reason: str
    before: str
    hash: str = ""

    def hashed(self) -> str:
        said = {name: value for name, value in asdict(self).items() if name != "hash"}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Verified:
    """What a check of the log found. `fault` is '' where nothing was changed or taken away."""

    entries: int
    fault: str


class AccessLog:
    """The log at a path; `end` is the file, kept with the keys, that knows where it ends, and
    `copy`, beside that, holds the same entries."""

    def __init__(self, path: Path, end: Path) -> None:
        self.path = path
        self.end = end
        self.copy = end.with_name("log-copy")

    def add(self, *, who: str, what: str, file: str, reason: str) -> None:
        """Write an entry, before what it tells of is done. Raises PersonalProblem without a name
        or reason, and where the log was tampered with."""
        who, reason = " ".join(who.split())[:LONGEST], " ".join(reason.split())[:LONGEST]
        if not who or not reason:
            raise PersonalProblem(
                "every access needs a name and a reason (--reason); name no person in it"
            )
        make_folder(self.path.parent)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "r+b") as log:
            fcntl.flock(log, fcntl.LOCK_EX)
            log.truncate(log.read().rfind(b"\n") + 1)  # what a crash cut off in mid-line
            found = self.verify()
            if found.fault:
                raise PersonalProblem(f"the log of accesses is not whole: {found.fault}")
            number, before = self._last()
            now = datetime.now(UTC).isoformat(timespec="seconds")
            entry = Entry(number + 1, now, who, what, file, reason, before)
            line = json.dumps({**asdict(entry), "hash": entry.hashed()}, sort_keys=True)
            log.write(line.encode() + b"\n")
            log.flush()
            os.fsync(log.fileno())
            self._copy_what_is_new()
            end = {"entries": entry.number, "hash": entry.hashed()}
            write_private(self.end, json.dumps(end, sort_keys=True).encode() + b"\n")

    def _last(self) -> tuple[int, str]:
        entries = self.entries()
        return (entries[-1].number, entries[-1].hash) if entries else (0, START)

    def entries(self) -> list[Entry]:
        """Every entry, oldest first. Raises PersonalProblem where a line is none.

        A last line without its line end was being written when the power failed: its access never
        took place.
        """
        return entries_of(self.path)

    def verify(self) -> Verified:
        """Whether every entry follows from the one before, and the last one known is there."""
        found = verify_chain(self.path)
        return found if found.fault else self._verify_end(self.entries())

    def _verify_end(self, entries: list[Entry]) -> Verified:
        if not self.end.is_file():
            # With one entry it was not there yet: a crash came while the first was written.
            gone = len(entries) > 1
            words = f"{self.end}, which says where the log ends, is gone" if gone else ""
            return Verified(len(entries), words)
        end = json.loads(self.end.read_bytes())
        there = entries[end["entries"] - 1].hash if len(entries) >= end["entries"] else ""
        if there != end["hash"]:
            words = f"it had {end['entries']} entries; the last of them is gone or was written anew"
            return Verified(len(entries), words)
        if not _bytes(self.path).startswith(_bytes(self.copy)):
            return Verified(len(entries), f"{self.copy}, its copy with the keys, says otherwise")
        return Verified(len(entries), "")

    # --- the copy with the keys ---------------------------------------------------------------

    def _copy_what_is_new(self) -> None:
        """Add to the copy what the log has more; `verify` has found that the rest is the same."""
        new = _bytes(self.path)[len(_bytes(self.copy)) :]
        make_folder(self.copy.parent)
        handle = os.open(self.copy, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as copy:
            copy.write(new)
            copy.flush()
            os.fsync(copy.fileno())

    def catch_up(self) -> int:
        """Bring back the entries that a log from an older backup lacks; how many they were.

        Raises PersonalProblem where neither the log nor its copy goes on from the other.
        """
        here, copy = whole_lines(self.path), whole_lines(self.copy)
        if here.startswith(copy):
            return 0
        if not copy.startswith(here):
            raise PersonalProblem(
                f"the log of accesses {self.path} and its copy {self.copy} tell different things; "
                "keep both, and tell whoever looks after data protection"
            )
        write_private(self.path, copy)
        return copy.count(b"\n") - here.count(b"\n")


def entries_of(path: Path) -> list[Entry]:
    """The entries of a log at a path, wherever it lies; raises PersonalProblem as `entries`."""
    found = []
    for number, line in enumerate(whole_lines(path).split(b"\n")[:-1], 1):
        try:
            found.append(Entry(**json.loads(line)))
        except (ValueError, TypeError):
            raise PersonalProblem(
                f"line {number} of {path} is no entry of the log; "
                "compare it with a backup, and tell whoever looks after data protection"
            ) from None
    return found


def verify_chain(path: Path) -> Verified:
    """Whether each entry of a log follows from the one before. It needs no keys, and cannot see
    that the last entries are gone."""
    try:
        entries = entries_of(path)
    except PersonalProblem as error:
        return Verified(0, str(error))
    before = START
    for number, entry in enumerate(entries, 1):
        if (entry.number, entry.before, entry.hash) != (number, before, entry.hashed()):
            return Verified(len(entries), f"entry {number} was changed, or one before it is gone")
        before = entry.hash
    return Verified(len(entries), "")


def whole_lines(path: Path) -> bytes:
    """A log without what a crash cut off in mid-line; nothing where there is none."""
    data = _bytes(path)
    return data[: data.rfind(b"\n") + 1]


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
