"""The store of records about people: sealed rows beside the ordinary store, and what is done to
them.

    records/<sha>.json      what is kept of a file: its source, rows, until when; nothing of them
    rows/<sha>.<id>.sealed  the rows without their identifiers, sealed (AES-256-GCM)
    access.jsonl            who opened them, when and why

`<sha>` is the hash of the file as received, `<id>` that of the key, which lies in the folder of
keys. The bytes of the file itself are kept nowhere.
"""

from __future__ import annotations

import calendar
import hashlib
import io
import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bluelamp.evidence.personal.access_log import AccessLog, whoever
from bluelamp.evidence.personal.keys import NONCE_BYTES, Keys
from bluelamp.evidence.personal.private import make_folder, write_private
from bluelamp.evidence.personal.problem import KeyGone, PersonalProblem
from bluelamp.evidence.store import Store

MAGIC = b"bluelamp personal 1"
LOG = "access.jsonl"
# Beside records that were brought back from a backup, until the keys have told what ended since.
MARKER = "restored.json"
# What the log calls the end of a file's rows, or of the rows that one key sealed; and its state.
ENDS: dict[str, Literal["erased", "expired"]] = {
    "erase": "erased",
    "erase one person": "erased",
    "expire": "expired",
}


@dataclass(frozen=True)
class Kept:
    """What is kept of one file of records about people. `keep_until` is the last day on which it
    may be read; `erased_rows` counts rows that were taken out one by one.

    state    held: the rows can be read. erased, expired: their key is destroyed, on `ended_on`.
    retired  ids of keys that are being destroyed: none, unless a crash came between.
    sealed   SHA-256 of the sealed rows, which is checked without any key; '' where none are held.
    """

    sha256: str
    source: str
    received_on: str
    keep_until: str
    rows: int
    hashed: tuple[str, ...]
    key: str
    state: Literal["held", "erased", "expired"] = "held"
    ended_on: str = ""
    erased_rows: int = 0
    retired: tuple[str, ...] = ()
    sealed: str = ""


@dataclass(frozen=True)
class Settled:
    """What became of records from a backup when the keys were asked.

    ended       erased or expired after the backup was made; they stay so.
    unreadable  held, and no key here opens them.
    """

    readable: int
    ended: tuple[str, ...]
    unreadable: tuple[str, ...]


@dataclass(frozen=True)
class Access:
    """Who does it, on which day, and why: every one of these is written into the log."""

    who: str
    reason: str
    on: date


def last_day(received: date, months: int) -> date:
    """The last day of a time of so many months from the day of receipt."""
    years, month = divmod(received.month - 1 + months, 12)
    year = received.year + years
    return date(year, month + 1, min(received.day, calendar.monthrange(year, month + 1)[1]))


def folder_of(store: Store) -> Path:
    """Where the records about people of a store are: a folder beside it, `<its name>-personal`."""
    return beside(store.root)


def beside(root: Path) -> Path:
    """The folder of records that goes with the store at a folder, whether or not it is there."""
    resolved = root.resolve()
    return resolved.with_name(f"{resolved.name}-personal")


def record_path(root: Path, sha256: str) -> Path:
    """Where what is kept of a file is written, in a folder of records."""
    return root / "records" / f"{sha256}.json"


def rows_path(root: Path, one: Kept) -> Path:
    """Where the sealed rows of a file that is held stand, in a folder of records."""
    return root / "rows" / f"{one.sha256}.{one.key}.sealed"


def kept_in(root: Path) -> list[Kept]:
    """What is kept of every file in a folder of records, in order of receipt and hash; it takes no
    key. Raises PersonalProblem where a record cannot be read."""
    found = []
    for path in (root / "records").glob("[0-9a-f]*.json"):
        try:
            found.append(_kept(json.loads(path.read_bytes())))
        except (ValueError, TypeError, KeyError):
            raise PersonalProblem(
                f"{path} cannot be read; bring the store back from a backup"
            ) from None
    return sorted(found, key=lambda one: (one.received_on, one.sha256))


class PersonalStore:
    """The records about people that go with a store. Raises PersonalProblem without its keys."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.root = folder_of(store)
        self.keys = Keys.find([store.root, self.root])
        self.log = AccessLog(self.root / LOG, self.keys.folder / "log-end")

    # --- what there is ------------------------------------------------------------------------

    def _rows(self, sha256: str, key: str) -> Path:
        return self.root / "rows" / f"{sha256}.{key}.sealed"

    def kept(self) -> list[Kept]:
        """What is kept of every file, in order of receipt and hash."""
        return kept_in(self.root)

    def named(self, sha256: str) -> Kept:
        """The file whose hash begins so; raises PersonalProblem unless there is exactly one."""
        found = [one for one in self.kept() if one.sha256.startswith(sha256.casefold())]
        if len(found) != 1 or not sha256:
            many = "no file" if not found else f"{len(found)} files"
            raise PersonalProblem(
                f"{many} of records about people has a hash that begins with '{sha256}'; "
                "`bluelamp personal list` names them"
            )
        return found[0]

    # --- reading ------------------------------------------------------------------------------

    def read(self, sha256: str, access: Access) -> pl.DataFrame:
        """The rows of a file: the template's columns, identifiers dropped or hashed.

        The access is logged first. Raises PersonalProblem after the time that they may be kept,
        KeyGone where they were erased.
        """
        one = self.named(sha256)
        self._check_readable(one, access.on)
        self._log(access, "read", one.sha256)
        return self._open(one)

    def _check_readable(self, one: Kept, on: date) -> None:
        if self.unsettled:
            raise PersonalProblem(
                "these records came back from a backup, and what was erased since is not yet "
                "settled: run `bluelamp personal expire`, which settles it"
            )
        if one.state != "held":
            raise KeyGone(
                f"{one.sha256[:12]} was {one.state} on {one.ended_on}: nobody can read it"
            )
        if on.isoformat() > one.keep_until:
            raise PersonalProblem(
                f"{one.sha256[:12]} might be kept until {one.keep_until}; it may not be read any "
                "more: `bluelamp personal expire` destroys it"
            )

    def _open(self, one: Kept) -> pl.DataFrame:
        path = self._rows(one.sha256, one.key)
        key = self.keys.get(one.sha256, one.key)
        try:
            sealed = path.read_bytes()
            plain = AESGCM(key).decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _about(one.sha256, one.source)
            )
        except FileNotFoundError:
            raise PersonalProblem(f"{path} is missing; take it from a backup") from None
        except InvalidTag:
            raise PersonalProblem(f"{path} was changed or damaged; take it from a backup") from None
        return pl.read_parquet(io.BytesIO(plain))

    # --- writing ------------------------------------------------------------------------------

    def seal(self, one: Kept, rows: pl.DataFrame) -> Kept:
        """Keep these rows under a new key, in the place of whatever is kept of the file.

        The record is written last but for the old key, which goes when nothing needs it any more.
        """
        make_folder(self.root)
        key_id, key = self.keys.new(one.sha256)
        plain = io.BytesIO()
        rows.write_parquet(plain, compression="zstd", statistics=False)
        nonce = secrets.token_bytes(NONCE_BYTES)
        about = _about(one.sha256, one.source)
        sealed = nonce + AESGCM(key).encrypt(nonce, plain.getvalue(), about)
        write_private(self._rows(one.sha256, key_id), sealed)
        before = [kept for kept in self.kept() if kept.sha256 == one.sha256]
        retired = tuple(id for kept in before for id in (kept.key, *kept.retired) if id)
        digest = hashlib.sha256(sealed).hexdigest()
        fresh = replace(one, key=key_id, rows=rows.height, retired=retired, sealed=digest)
        return self._retire(fresh)

    def _write(self, one: Kept) -> None:
        data = json.dumps(asdict(one), indent=1, sort_keys=True).encode() + b"\n"
        write_private(record_path(self.root, one.sha256), data)

    def _retire(self, one: Kept) -> Kept:
        """Write the record, and only then destroy the keys and rows that it retires."""
        self._write(one)
        for key_id in one.retired:
            self.keys.destroy(one.sha256, key_id)
            self._rows(one.sha256, key_id).unlink(missing_ok=True)
        done = replace(one, retired=())
        if one.retired:
            self._write(done)
        return done

    def tidy(self) -> None:
        """Finish what a crash left half done: keys to be destroyed, sealed rows of no record; and
        settle what came back from a backup.

        A key that no record retires is left alone: it may be that of rows which only a newer
        backup has.
        """
        if self.unsettled:
            self.settle()
        kept = {one.sha256: one for one in self.kept()}
        for one in kept.values():
            if one.retired:
                self._retire(one)
        named = {self._rows(one.sha256, one.key) for one in kept.values()}
        for path in (self.root / "rows").glob("*"):
            if path not in named:
                path.unlink()

    # --- back from a backup -------------------------------------------------------------------

    @property
    def unsettled(self) -> bool:
        """Whether the records came from a backup and the keys were not asked yet."""
        return (self.root / MARKER).is_file()

    def settle(self) -> Settled:
        """Make records from a backup agree with the keys and with the log's copy that lies there.

        The log gets back the entries that the backup lacked. A file whose key was destroyed since
        is erased, or expired, as the log says: the backup cannot bring it back, and it is not
        taken in again. May be made again. Raises PersonalProblem where the log is not whole.
        """
        self.log.catch_up()
        found = self.log.verify()
        if found.fault:  # perhaps these are the keys of another office: nothing may end by them
            raise PersonalProblem(f"the log of accesses is not whole: {found.fault}")
        last = {entry.file: entry for entry in self.log.entries() if entry.what in ENDS}
        readable, ended, unreadable = 0, [], []
        for one in self.kept():
            if one.state != "held":
                continue
            if one.key in self.keys.ids(one.sha256):
                readable += 1
            elif entry := last.get(one.sha256):
                self._end(one, ENDS[entry.what], date.fromisoformat(entry.at[:10]))
                ended.append(one.sha256)
            else:
                unreadable.append(one.sha256)
        reason = "the records came back from a backup of the store"
        self.log.add(who=whoever(), what="restore", file="", reason=reason)
        (self.root / MARKER).unlink(missing_ok=True)
        return Settled(readable, tuple(ended), tuple(unreadable))

    # --- the end ------------------------------------------------------------------------------

    def erase(self, sha256: str, access: Access) -> Kept:
        """Destroy the key of a file: nobody can read its rows, nor in a backup. Receipt and tally
        stay.

        Raises PersonalProblem where it is not there.
        """
        one = self.named(sha256)
        self._log(access, "erase", one.sha256)
        return self._end(one, "erased", access.on)

    def _end(self, one: Kept, state: Literal["erased", "expired"], on: date) -> Kept:
        if one.state != "held":
            return one
        ended = replace(one, state=state, ended_on=on.isoformat(), key="", hashed=(), sealed="")
        return self._retire(replace(ended, retired=(one.key, *one.retired)))

    def erase_person(self, hashed: str, access: Access) -> dict[str, int]:
        """Take the rows with this hash out of every file that is held, each sealed anew; a file
        that then has none left is erased. The tallies stay as they are: they are counts.

        By hash of the file, how many rows. Raises PersonalProblem where `hashed` is no hash.
        """
        hashed = hashed.strip().casefold()
        if len(hashed) != 32 or not all(c in "0123456789abcdef" for c in hashed):
            raise PersonalProblem(
                "that is no hash of an identifier (32 letters and digits); "
                "`bluelamp personal hash COLUMN` asks for the identifier and makes it"
            )
        taken: dict[str, int] = {}
        for one in self.kept():
            if one.state != "held" or not one.hashed:
                continue
            self._log(access, "erase one person", one.sha256)
            rows = self._open(one)
            theirs = pl.any_horizontal(pl.col(name) == hashed for name in one.hashed)
            left = rows.filter(~theirs.fill_null(value=False))
            number = rows.height - left.height
            if number:
                taken[one.sha256] = number
                fewer = replace(one, erased_rows=one.erased_rows + number)
                if left.height:
                    self.seal(fewer, left)
                else:
                    self._end(replace(fewer, rows=0), "erased", access.on)
        return taken

    def expire(self, access: Access) -> list[Kept]:
        """Destroy the key of every file whose time is over on that day."""
        over = [
            one
            for one in self.kept()
            if one.state == "held" and one.keep_until < access.on.isoformat()
        ]
        ended = []
        for one in over:
            self._log(access, "expire", one.sha256)
            ended.append(self._end(one, "expired", access.on))
        return ended

    def rotate(self, access: Access) -> int:
        """A new master key; how many data keys it wraps."""
        self._log(access, "rotate the master key", "")
        return self.keys.rotate()

    def _log(self, access: Access, what: str, sha256: str) -> None:
        self.log.add(who=access.who, what=what, file=sha256, reason=access.reason)

    def log_receipt(self, access: Access, sha256: str) -> None:
        """Write down that a file came in."""
        self._log(access, "receive", sha256)


def _about(sha256: str, source: str) -> bytes:
    """What the seal also vouches for: these are the rows of that file and source."""
    return b"\0".join((MAGIC, sha256.encode(), source.encode()))


def _kept(record: dict[str, Any]) -> Kept:
    lists = {name: tuple(record[name]) for name in ("hashed", "retired")}
    return Kept(**{**record, **lists})
