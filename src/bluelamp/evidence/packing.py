"""Packs many small files of the store into few: fewer to open, to copy and to back up.

What is packed stays to be found by its hash, and reads as fast. Each pack is written whole, read
back and compared before it takes its place; only then are the files it holds taken away. Killed in
between, a file stands alone and in a pack: the next call takes the single one away.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bluelamp.evidence.packs import Packs
from bluelamp.evidence.store import ENDINGS, SMALL, UNFINISHED, Store, StoreProblem

# A pack is copied, backed up and checked as one: it should not grow beyond what a moment does.
MOST_IN_A_PACK = 256 << 20
BLOCK = 4096  # what the smallest file takes on most disks
# Packs of any hour have the same bytes: the oldest time that a zip can hold.
NO_TIME = (1980, 1, 1, 0, 0, 0)

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Extent:
    """How many files a store has, the bytes in them, and the bytes that they take on a disk."""

    files: int
    bytes: int
    on_disk: int


@dataclass(frozen=True)
class Packed:
    """What a call to `pack` did."""

    before: Extent
    after: Extent
    packed: int


def extent(store: Store) -> Extent:
    """Of everything that was received; releases are not counted."""
    sizes = [
        path.stat().st_size
        for kind in (*ENDINGS, "packs")
        for path in (store.root / kind).rglob("*")
        if path.is_file()
    ]
    return Extent(len(sizes), sum(sizes), sum(-(-size // BLOCK) * BLOCK for size in sizes))


def pack(
    store: Store,
    *,
    progress: Progress | None = None,
    wait: float = 0.0,
    say: Callable[[str], None] | None = None,
) -> Packed:
    """Pack every file of up to 1 MB. Raises StoreProblem where another process is writing, or where
    a pack cannot be read back as it was written (nothing is taken away then)."""
    with store.writing("packing the store", wait=wait, say=say):
        before, number = extent(store), 0
        for kind in ENDINGS:
            _forget_twins(store, kind)
            for batch in _batches(store.alone(kind)):
                if progress:
                    progress(number, before.files, kind)
                _write_pack(store, kind, batch)
                number += len(batch)
        if progress:
            progress(before.files, before.files, "")
        return Packed(before, extent(store), number)


def _batches(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Of the small ones, as many as one pack may hold; a single file is not worth a pack."""
    batch: list[Path] = []
    size = 0
    for path in paths:
        one = path.stat().st_size
        if one > SMALL:
            continue
        if size + one > MOST_IN_A_PACK:
            yield batch
            batch, size = [], 0
        batch.append(path)
        size += one
    if len(batch) > 1:
        yield batch


def _write_pack(store: Store, kind: str, paths: Sequence[Path]) -> None:
    folder = store.packs.folder
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{UNFINISHED}{os.getpid()}-{kind}.zip"
    stored = ENDINGS[kind] == ".parquet"  # Parquet is compressed as it is
    try:
        with zipfile.ZipFile(temporary, "w") as archive:
            for path in paths:
                info = zipfile.ZipInfo(path.name, NO_TIME)
                info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes())
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        final = folder / f"{kind}-{digest}.zip"
        temporary.replace(final)
    finally:
        temporary.unlink(missing_ok=True)
    _sync(folder)  # the pack's name must be on the disk before the files are taken away
    for path in paths:
        _take_away(store.packs, kind, path)


def _forget_twins(store: Store, kind: str) -> None:
    """Take away files that a pack holds already: a call before this one was killed."""
    packed = store.packs.names(kind)
    for path in store.alone(kind):
        if path.name in packed:
            _take_away(store.packs, kind, path)


def _take_away(packs: Packs, kind: str, path: Path) -> None:
    """Remove a file once its pack is seen to hold the same bytes."""
    if packs.read(kind, path.name) != path.read_bytes():
        raise StoreProblem(
            f"{path} is not what its pack holds; both were left as they are: "
            "`bluelamp store verify` says which is damaged"
        )
    path.unlink()
    if kind == "files":
        with contextlib.suppress(OSError):  # not empty yet
            path.parent.rmdir()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
