"""Packs: many small files of the store in one, still found by name.

A pack is a plain zip that any program opens: `packs/<kind>-<hash of its bytes>.zip`, one member to
a file of that kind. Parquet is stored as it is, the rest compressed. `packing` makes them.
"""

from __future__ import annotations

import struct
import threading
import zipfile
import zlib
from pathlib import Path

from bluelamp.evidence.problem import REMEDY, StoreProblem

# A local header of the zip format: 26 bytes, then the lengths of the name and of the extra field.
HEADER, LENGTHS = 30, slice(26, 30)


class DamagedPack(StoreProblem):
    """A pack, or a member of it, is not as it was written."""

    def __init__(self, words: str) -> None:
        super().__init__(f"{words}; {REMEDY}")


class Packs:
    """The packs of one store. Readers in threads and other processes may use them at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._members: dict[Path, dict[str, zipfile.ZipInfo]] = {}
        self._lock = threading.Lock()

    def paths(self, kind: str) -> list[Path]:
        return sorted(self.folder.glob(f"{kind}-*.zip"))

    def members(self, path: Path) -> dict[str, zipfile.ZipInfo]:
        """What one pack holds, by name. A pack never changes, so it is listed once."""
        with self._lock:
            if path not in self._members:
                try:
                    with zipfile.ZipFile(path) as archive:
                        found = {info.filename: info for info in archive.infolist()}
                except (zipfile.BadZipFile, OSError) as error:
                    raise DamagedPack(f"the pack {path.name} cannot be opened ({error})") from error
                self._members[path] = found
            return self._members[path]

    def names(self, kind: str) -> set[str]:
        return {name for path in self.paths(kind) for name in self.members(path)}

    def holds(self, kind: str, name: str) -> bool:
        return any(name in self.members(path) for path in self.paths(kind))

    def read(self, kind: str, name: str) -> bytes | None:
        """The bytes of a member, or None; raises DamagedPack."""
        for path in self.paths(kind):
            info = self.members(path).get(name)
            if info is not None:
                return _member(path, info)
        return None


def _member(path: Path, info: zipfile.ZipInfo) -> bytes:
    """A member's bytes, without listing the archive again as zipfile would."""
    with path.open("rb") as stream:
        stream.seek(info.header_offset)
        name, extra = struct.unpack("<HH", stream.read(HEADER)[LENGTHS])
        stream.seek(name + extra, 1)
        raw = stream.read(info.compress_size)
    try:
        data = raw if info.compress_type == zipfile.ZIP_STORED else zlib.decompress(raw, -15)
    except zlib.error as error:
        raise DamagedPack(f"{info.filename} in the pack {path.name} is damaged") from error
    if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
        raise DamagedPack(f"{info.filename} in the pack {path.name} is damaged")
    return data
