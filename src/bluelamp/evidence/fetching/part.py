"""The bytes of a file so far (`NAME.part`), and of which version of it they are.

Two versions must never be glued together. So a part remembers how its server named the version
(a strong ETag, or a Last-Modified that is strong: RFC 9110 section 8.8) and goes on only if the
server says that it still has that one. A part without such a name is begun anew.

After a power cut a file can be longer than what of it reached the disk. So the notes say how much
surely did, and only that much is gone on from.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.message import Message
from pathlib import Path
from typing import BinaryIO

from bluelamp.evidence.fetching.problem import CannotFetch
from bluelamp.evidence.fetching.waiting import http_date
from bluelamp.evidence.store import write_atomically

SETTLE_EVERY = 32 * 1024 * 1024


@dataclass(frozen=True)
class Version:
    """Which file the bytes are of, as its server tells.

    etag, modified  the headers as sent, or ''; `strong` is the one to resume with, or ''.
    total           its length in bytes on the way; None where nobody said.
    encoding        its Content-Encoding ('gzip'), or ''.
    digests         the headers that hold its check sums.
    """

    address: str
    etag: str = ""
    modified: str = ""
    strong: str = ""
    total: int | None = None
    encoding: str = ""
    digests: tuple[tuple[str, str], ...] = ()


def strong_validator(headers: Message) -> str:
    """What If-Range may hold: a strong ETag, or a Last-Modified a minute older than the answer."""
    etag = headers.get("ETag", "").strip()
    if len(etag) > 2 and etag.startswith('"') and etag.endswith('"'):
        return etag
    modified = headers.get("Last-Modified", "").strip()
    changed, answered = http_date(modified), http_date(headers.get("Date"))
    if etag or not changed or not answered:
        # A weak ETag says that bytes may differ under one name; its date can be no better.
        return ""
    return modified if answered - changed >= timedelta(minutes=1) else ""


class Part:
    """A file that is on its way. Use as a context manager: it is locked against a second call.

    Every method raises CannotFetch where the disk is full or may not be written to.
    """

    def __init__(self, folder: Path, name: str, address: str) -> None:
        self.path = folder / f"{name}.part"
        self._notes = folder / f".{name}.part-of"
        self._address = address
        self._stream: BinaryIO | None = None
        self._settled = 0
        self.version: Version | None = None

    def __enter__(self) -> Part:
        with in_words(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.path.open("ab")
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._stream.close()
            raise CannotFetch(f"another call is downloading {self.path.name} already") from error
        self.version = self._noted()
        if self.version is None or not self.version.strong:
            self.drop()
        with in_words(self.path):
            self._stream.truncate(min(self.size, self._settled))
            self._stream.seek(0, os.SEEK_END)
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream:
            if self.version and self.path.is_file():
                with contextlib.suppress(CannotFetch):  # a full disk: the older notes hold
                    self.settle()
            self._stream.close()
        if self.path.is_file() and self.path.stat().st_size == 0:
            self.remove()

    @property
    def size(self) -> int:
        return self._stream.tell() if self._stream and not self._stream.closed else 0

    def _noted(self) -> Version | None:
        try:
            record = json.loads(self._notes.read_text(encoding="utf-8"))
            self._settled = int(record.pop("settled"))
            digests = tuple((name, value) for name, value in record.pop("digests"))
            version = Version(**record, digests=digests)
        except (OSError, ValueError, TypeError, KeyError):
            return None  # without its notes a part is worth nothing
        return version if version.address == self._address else None

    def begin(self, version: Version) -> None:
        """Forget what came; what comes now is of this version."""
        self.drop()
        self.describe(version)

    def describe(self, version: Version) -> None:
        self.version = version
        self._note()

    def _note(self) -> None:
        assert self.version
        notes = {**asdict(self.version), "settled": self._settled}
        with in_words(self._notes):
            write_atomically(self._notes, json.dumps(notes).encode())

    def write(self, piece: bytes) -> None:
        assert self._stream
        with in_words(self.path):
            self._stream.write(piece)
            self._stream.flush()
        if self.size - self._settled >= SETTLE_EVERY:
            self.settle()

    def room_for(self, more: int) -> None:
        """Raises CannotFetch where the disk has no room for so many bytes more."""
        free = shutil.disk_usage(self.path.parent).free
        if more > free:
            raise CannotFetch(
                f"the disk has {free:,} bytes left and {more:,} are to come; make room in "
                f"{self.path.parent}, or choose another folder with --to"
            )

    def drop(self) -> None:
        """Forget all that came."""
        assert self._stream
        with in_words(self.path):
            self._stream.truncate(0)
            self._stream.seek(0)
            self._notes.unlink(missing_ok=True)
        self.version, self._settled = None, 0

    def settle(self) -> None:
        """See to it that what came is on the disk, and note it."""
        assert self._stream
        with in_words(self.path):
            self._stream.flush()
            os.fsync(self._stream.fileno())
        self._settled = self.size
        self._note()

    def remove(self) -> None:
        with in_words(self.path):
            self.path.unlink(missing_ok=True)
            self._notes.unlink(missing_ok=True)


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Tell what the disk says as CannotFetch, with what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CannotFetch(
                f"the disk is full ({path.parent}); make room and call again: what has come is kept"
            ) from error
        raise CannotFetch(
            f"{path.parent} cannot be written to ({error.strerror}); choose a folder with --to"
        ) from error
