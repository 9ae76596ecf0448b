"""Where received files are kept: bytes, typed rows, tally, and the receipt that says so.

    files/ab/ab12...        the bytes as received
    typed/ab12....parquet   every row kept, in the publisher's words where they matter
    tally/ab12....parquet   counts by month, area and category
    coverage/ab12....parquet  per level, scope and month: total, areas, what is missing
    receipts/ab12....json   written last: a file without a receipt was never received

Everything is written beside and renamed, so a process may be killed at any moment.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from bluelamp.evidence.receipt import Receipt

FORMAT = 1


class StoreProblem(RuntimeError):
    """The store cannot be used; the message says why and what to do."""


def home(chosen: str | os.PathLike[str] | None = None) -> Path:
    """The store's folder: the one chosen, $BLUELAMP_HOME, or ./var."""
    return Path(chosen or os.environ.get("BLUELAMP_HOME") or "var")


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside, flush to disk, rename: a reader sees the old bytes or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise


def write_parquet(path: Path, frame: pl.DataFrame) -> None:
    """Write a frame as Parquet, atomically; the same frame gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".writing-{os.getpid()}-{path.name}")
    try:
        frame.write_parquet(temporary, compression="zstd", statistics=False)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


class Store:
    """The store at a folder; made when first written to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        marker = root / "store.json"
        if marker.is_file():
            found = json.loads(marker.read_text(encoding="utf-8")).get("format")
            if found != FORMAT:
                raise StoreProblem(
                    f"the store at {root} has format {found}, this version reads {FORMAT}; "
                    "use the version of Blue Lamp that made it"
                )

    def file(self, sha256: str) -> Path:
        return self.root / "files" / sha256[:2] / sha256

    def typed(self, sha256: str) -> Path:
        return self.root / "typed" / f"{sha256}.parquet"

    def tally(self, sha256: str) -> Path:
        return self.root / "tally" / f"{sha256}.parquet"

    def coverage(self, sha256: str) -> Path:
        return self.root / "coverage" / f"{sha256}.parquet"

    def receipt_path(self, sha256: str) -> Path:
        return self.root / "receipts" / f"{sha256}.json"

    def receipt(self, sha256: str) -> Receipt | None:
        path = self.receipt_path(sha256)
        if not path.is_file():
            return None
        return Receipt.from_dict(json.loads(path.read_text(encoding="utf-8")))

    def receipts(self) -> list[Receipt]:
        """All receipts, in order of hash."""
        paths = sorted((self.root / "receipts").glob("[0-9a-f]*.json"))
        return [Receipt.from_dict(json.loads(p.read_text(encoding="utf-8"))) for p in paths]

    def keep_bytes(self, sha256: str, data: bytes) -> None:
        path = self.file(sha256)
        if not (path.is_file() and path.stat().st_size == len(data)):
            write_atomically(path, data)

    def sign(self, receipt: Receipt) -> None:
        """Write the receipt: from here on the file is received."""
        write_atomically(self.receipt_path(receipt.sha256), receipt.to_json().encode())

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the store for writing; raises StoreProblem, saying which process holds it."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                lock.seek(0)
                raise StoreProblem(
                    f"process {lock.read().strip() or 'unknown'} is writing to the store at "
                    f"{self.root}; wait until it has ended"
                ) from error
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            if not (self.root / "store.json").is_file():
                write_atomically(
                    self.root / "store.json", json.dumps({"format": FORMAT}).encode() + b"\n"
                )
            yield
