"""Who opened records about people, when and why: a log that is only ever added to.

Each entry holds the hash of the one before it, so a change in the middle shows. The length and the
last hash are kept with the keys too, so a log that was cut short, or written anew, shows as well.
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
    """The log at a path; `end` is the file, kept with the keys, that knows where it ends."""

    def __init__(self, path: Path, end: Path) -> None:
        self.path = path
        self.end = end

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
        if not self.path.is_file():
            return []
        found = []
        for number, line in enumerate(self.path.read_bytes().split(b"\n")[:-1], 1):
            try:
                found.append(Entry(**json.loads(line)))
            except (ValueError, TypeError):
                raise PersonalProblem(
                    f"line {number} of {self.path} is no entry of the log; "
                    "compare it with a backup, and tell whoever looks after data protection"
                ) from None
        return found

    def verify(self) -> Verified:
        """Whether every entry follows from the one before, and the last one known is there."""
        try:
            entries = self.entries()
        except PersonalProblem as error:
            return Verified(0, str(error))
        before = START
        for number, entry in enumerate(entries, 1):
            if (entry.number, entry.before, entry.hash) != (number, before, entry.hashed()):
                words = f"entry {number} was changed, or one before it is gone"
                return Verified(len(entries), words)
            before = entry.hash
        if not self.end.is_file():
            gone = f"{self.end}, which says where the log ends, is gone" if entries else ""
            return Verified(len(entries), gone)
        end = json.loads(self.end.read_bytes())
        there = entries[end["entries"] - 1].hash if len(entries) >= end["entries"] else ""
        if there != end["hash"]:
            words = f"it had {end['entries']} entries; the last of them is gone or was written anew"
            return Verified(len(entries), words)
        return Verified(len(entries), "")
