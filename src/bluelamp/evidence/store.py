"""Where received files are kept: bytes, typed rows, tally, and the receipt that says so.

    files/ab/ab12...        the bytes as received
    typed/ab12....parquet   every row kept, in the publisher's words where they matter
    tally/ab12....parquet   counts by month, area and category
    coverage/ab12....parquet  per level, scope and month: total, areas, what is missing
    quarantine/ab12....parquet  every row refused: line, reason, the row's text
    receipts/ab12....json   written last: a file without a receipt was never received
    packs/<kind>-....zip    many small ones of the above in one (`bluelamp store pack`)

A later reading of the same bytes (after a definition changed) stands beside the first, under
`ab12...-2`; nothing is overwritten. Everything is written beside and renamed, so a process may be
killed at any moment. One process writes at a time; any number read meanwhile.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

import polars as pl

from bluelamp.evidence.locking import Held, Holder, lock
from bluelamp.evidence.packs import Packs
from bluelamp.evidence.problem import REMEDY, StoreProblem
from bluelamp.evidence.receipt import Receipt, reading_key

__all__ = ["Store", "StoreProblem", "home", "write_atomically", "write_parquet"]

# Format 2 adds packs, quarantine and later readings. A store of format 1 opens as it is and becomes
# one of format 2 when it is first written to.
FORMAT, READABLE = 2, (1, 2)
ENDINGS = {
    "files": "",
    "typed": ".parquet",
    "tally": ".parquet",
    "coverage": ".parquet",
    "quarantine": ".parquet",
    "receipts": ".json",
}
# A file up to this size is read at once; `pack` takes it in. A larger one stays a file of its own.
SMALL = 1 << 20
UNFINISHED = ".writing-"


def home(chosen: str | os.PathLike[str] | None = None) -> Path:
    """The store's folder: the one chosen, $BLUELAMP_HOME, or ./var."""
    return Path(chosen or os.environ.get("BLUELAMP_HOME") or "var")


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside, flush to disk, rename: a reader sees the old bytes or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
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
    temporary = path.with_name(f"{UNFINISHED}{os.getpid()}-{path.name}")
    try:
        # Level 1 takes two thirds of the time of the usual 3, and a few per cent more room.
        frame.write_parquet(temporary, compression="zstd", compression_level=1, statistics=False)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


class Store:
    """The store at a folder; made when first written to. Raises StoreProblem where it is of a
    format that this version does not know."""

    def __init__(self, root: Path) -> None:
        self.root = root
        found = self.format()
        if found is not None and found not in READABLE:
            raise StoreProblem(
                f"the store at {root} has format {found}, this version reads "
                f"{' and '.join(map(str, READABLE))}; use the version of Blue Lamp that made it"
            )

    def format(self) -> object:
        """What store.json says, or None where there is no store yet."""
        marker = self.root / "store.json"
        if not marker.is_file():
            return None
        try:
            return json.loads(marker.read_text(encoding="utf-8"))["format"]
        except (ValueError, KeyError, TypeError) as error:
            raise StoreProblem(
                f"{marker} does not say which format the store has; "
                'take it from a backup, or write {"format": 2} into it'
            ) from error

    # --- where things stand -------------------------------------------------------------------

    def path(self, kind: str, key: str) -> Path:
        """Where a file of a kind (ENDINGS) stands by itself, or would, were it in no pack."""
        folder = self.root / kind
        return (folder / key[:2] if kind == "files" else folder) / f"{key}{ENDINGS[kind]}"

    def file(self, sha256: str) -> Path:
        return self.path("files", sha256)

    def typed(self, key: str) -> Path:
        return self.path("typed", key)

    def tally(self, key: str) -> Path:
        return self.path("tally", key)

    def coverage(self, key: str) -> Path:
        return self.path("coverage", key)

    def receipt_path(self, key: str) -> Path:
        return self.path("receipts", key)

    @cached_property
    def packs(self) -> Packs:
        return Packs(self.root / "packs")

    # --- reading ------------------------------------------------------------------------------

    def find(self, kind: str, key: str) -> bytes | None:
        """The bytes of a file, alone or in a pack; None where the store has none such."""
        try:
            return self.path(kind, key).read_bytes()
        except FileNotFoundError:  # perhaps it has just been packed: look there last
            return self.packs.read(kind, key + ENDINGS[kind])

    def read(self, kind: str, key: str) -> bytes:
        """The bytes of a file; raises StoreProblem where it is not there or cannot be read."""
        data = self.find(kind, key)
        if data is None:
            raise StoreProblem(
                f"{kind}/{key}{ENDINGS[kind]} is missing from the store at {self.root}; {REMEDY}"
            )
        return data

    def holds(self, kind: str, key: str) -> bool:
        return self.path(kind, key).is_file() or self.packs.holds(kind, key + ENDINGS[kind])

    def rows(self, kind: str, key: str) -> pl.LazyFrame:
        """The rows of a Parquet file of the store; raises StoreProblem where there is none."""
        path = self.path(kind, key)
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_size > SMALL:  # never packed, so it stays where it is
                return pl.scan_parquet(path)
        return pl.read_parquet(io.BytesIO(self.read(kind, key))).lazy()

    def keys(self, kind: str) -> list[str]:
        """The keys of every file of a kind, in order."""
        ending = ENDINGS[kind]
        # First those that stand alone: one that is packed meanwhile is then found in its pack.
        names = {path.name for path in self.alone(kind)} | self.packs.names(kind)
        return sorted(name.removesuffix(ending) for name in names)

    def alone(self, kind: str) -> list[Path]:
        """The files of a kind that stand by themselves."""
        pattern = "[0-9a-f][0-9a-f]/[0-9a-f]*" if kind == "files" else f"[0-9a-f]*{ENDINGS[kind]}"
        return sorted((self.root / kind).glob(pattern))

    def receipt(self, sha256: str) -> Receipt | None:
        """The receipt of the last reading of these bytes."""
        found = None
        for number in itertools.count(1):
            data = self.find("receipts", reading_key(sha256, number))
            if data is None:
                return found
            found = Receipt.from_dict(json.loads(data))
        raise AssertionError("count never ends")

    def receipts(self) -> list[Receipt]:
        """The receipts of every reading, in order of hash and reading."""
        found = [
            Receipt.from_dict(json.loads(self.read("receipts", key)))
            for key in self.keys("receipts")
        ]
        return sorted(found, key=lambda receipt: (receipt.sha256, receipt.reading))

    # --- writing ------------------------------------------------------------------------------

    def keep_bytes(self, sha256: str, data: bytes) -> None:
        path = self.file(sha256)
        if path.is_file():
            if path.stat().st_size == len(data):
                return
        elif self.packs.holds("files", sha256):
            return
        write_atomically(path, data)

    def sign(self, receipt: Receipt) -> None:
        """Write the receipt: from here on the file is received. Raises StoreProblem where another
        receipt of that reading is there: nothing received is overwritten."""
        data, before = receipt.to_json().encode(), self.find("receipts", receipt.key)
        if before is not None and before != data:
            raise StoreProblem(f"{receipt.key} has a receipt already; {REMEDY}")
        if before is None:
            write_atomically(self.receipt_path(receipt.key), data)

    @contextlib.contextmanager
    def writing(
        self,
        doing: str = "writing to the store",
        *,
        wait: float = 0.0,
        say: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Hold the store for writing. Where another process does, `say` is told who it is, and
        after `wait` seconds StoreProblem is raised, saying so too."""
        self.root.mkdir(parents=True, exist_ok=True)

        def tell(holder: Holder | None) -> None:
            if say:
                say(f"{self._held_by(holder)}; waiting up to {wait:,.0f} seconds")

        with contextlib.ExitStack() as stack:
            try:
                died = stack.enter_context(lock(self.root / "lock", doing, wait=wait, waiting=tell))
            except Held as error:
                raise StoreProblem(
                    f"{self._held_by(error.holder)}; wait until it has ended, "
                    "or say how long to wait for it: --wait SECONDS"
                ) from error
            if died:
                self._sweep()
            if self.format() != FORMAT:
                write_atomically(
                    self.root / "store.json", json.dumps({"format": FORMAT}).encode() + b"\n"
                )
            yield

    def _held_by(self, holder: Holder | None) -> str:
        who = holder.words() if holder else "another process is writing to the store"
        return f"{who} at {self.root}{holder.since_words() if holder else ''}"

    def unfinished(self) -> list[Path]:
        """What a writer that was killed left half-written: nothing reads it."""
        inside = (
            path
            for kind in (*ENDINGS, "packs")
            for path in (self.root / kind).rglob(f"{UNFINISHED}*")
        )
        found = (*self.root.glob(f"{UNFINISHED}*"), *inside)
        return sorted(path for path in found if path.is_file())

    def _sweep(self) -> None:
        """Take away what a dead writer left; only the holder of the lock may."""
        for path in self.unfinished():
            path.unlink(missing_ok=True)
