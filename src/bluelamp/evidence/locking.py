"""One writer at a time: who holds a folder for writing, since when, and what a second one does.

The operating system holds the lock and lets go of it when the holder ends, however it ends; what
stands in the file only says who it is. A holder that ended properly leaves the file empty.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

TRY_AGAIN_AFTER = 0.05  # seconds


@dataclass(frozen=True)
class Holder:
    """A process, what it is doing, and since when (UTC, to the second)."""

    pid: int
    doing: str
    since: str

    @classmethod
    def of(cls, text: str) -> Holder | None:
        """From what a lock file holds; an old one holds the bare number of a process."""
        with contextlib.suppress(ValueError, TypeError):
            found = json.loads(text)
            return (
                cls(found, "writing to the store", "") if isinstance(found, int) else cls(**found)
            )
        return None

    def words(self) -> str:
        """As in `process 4711 is writing to the store`."""
        return f"process {self.pid} is {self.doing}"

    def since_words(self) -> str:
        return f", since {self.since} UTC" if self.since else ""


class Held(RuntimeError):
    """Another process holds the lock."""

    def __init__(self, holder: Holder | None) -> None:
        self.holder = holder
        super().__init__(holder.words() if holder else "another process is writing")


@contextlib.contextmanager
def lock(
    path: Path,
    doing: str,
    *,
    wait: float = 0.0,
    waiting: Callable[[Holder | None], None] | None = None,
) -> Iterator[Holder | None]:
    """Hold the lock file at `path`; yields the holder before, where that one died at its work.

    Where another process holds it, `waiting` is told once who, and after `wait` seconds Held is
    raised.
    """
    with path.open("a+", encoding="utf-8") as stream:
        _take(stream, wait, waiting)
        died = Holder.of(_text(stream))
        now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
        _say(stream, json.dumps(asdict(Holder(os.getpid(), doing, now))))
        yield died
        _say(stream, "")  # after an exception the words stay: the work was not ended


def _take(stream: TextIO, wait: float, waiting: Callable[[Holder | None], None] | None) -> None:
    end = time.monotonic() + wait
    told = False
    while True:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            holder = Holder.of(_text(stream))
            if time.monotonic() >= end:
                raise Held(holder) from error
            if waiting and not told:
                waiting(holder)
                told = True
        time.sleep(min(TRY_AGAIN_AFTER, max(end - time.monotonic(), 0)))


def _text(stream: TextIO) -> str:
    stream.seek(0)
    return stream.read()


def _say(stream: TextIO, text: str) -> None:
    stream.truncate(0)
    stream.write(text)
    stream.flush()
