"""Files that only their owner may open, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


def make_folder(path: Path) -> None:
    """A folder that only its owner may enter (mode 700)."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)


def write_private(path: Path, data: bytes) -> None:
    """Write beside, flush, rename. What is written is sealed, a key, or tells of no person."""
    make_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")  # mode 600 from the start
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that a name written or taken away stays so if the power fails."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def destroy(path: Path) -> None:
    """Overwrite a small file with noughts and take it away. A file that is gone is no fault.

    A disk can keep old blocks, and a file system old versions: what is destroyed must have been
    worth nothing without the master key too.
    """
    try:
        size = path.stat().st_size
        with path.open("r+b") as stream:
            stream.write(bytes(size))
            stream.flush()
            os.fsync(stream.fileno())
        path.unlink()
    except FileNotFoundError:
        return
    sync_folder(path.parent)


def open_to_others(path: Path) -> bool:
    """Whether anybody but the owner may read, write or enter."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
