"""Finds the files that a call to `receive` names: files, folders and zips, in a steady order."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bluelamp.evidence.opening import MOST_BYTES
from bluelamp.evidence.opening.bundle import are_pages
from bluelamp.evidence.opening.compressed import DAMAGED_ZIP

# The endings of files that are looked at; `.gz` holds one file of any of the other kinds, and a
# `.zip` that is not taken apart the pages of one answer.
TABLES = (".csv", ".parquet", ".gz", ".ods", ".xlsx", ".json", ".geojson", ".zip")
INNER_ZIP = "it is a zip inside a zip; unpack the outer one and receive what is in it"
EMPTY_ZIP = "the zip holds no file to receive; download it again from its publisher"


@dataclass(frozen=True)
class Found:
    """A file to look at. `named` is True where the caller named it (not a folder around it)."""

    name: str
    container: str
    named: bool
    path: Path
    member: str = ""
    problem: str = ""

    def read(self) -> bytes:
        """Its bytes; raises one of DAMAGED_ZIP where they cannot be had."""
        if not self.member:
            return self.path.read_bytes()
        with zipfile.ZipFile(self.path) as archive:
            size = archive.getinfo(self.member).file_size
            if size > MOST_BYTES:
                raise ValueError(
                    f"it unpacks to {size / (1 << 20):,.0f} MB, more than any table read here has"
                )
            return archive.read(self.member)


def walk(paths: list[Path]) -> Iterator[Found]:
    """Every file under the paths, zips opened, hidden files left out; a missing path is one too."""
    for path in paths:
        if path.is_dir():
            files = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p, path))
            for file in files:
                yield from _one(
                    file, container=str(file.parent.relative_to(path.parent)), named=False
                )
        elif path.exists():
            yield from _one(path, container="", named=True)
        else:
            yield Found(path.name, "", True, path, problem="there is no such file or folder")


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _one(path: Path, *, container: str, named: bool) -> Iterator[Found]:
    if path.suffix.casefold() != ".zip":
        yield Found(path.name, container, named, path)
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(
                info.filename
                for info in archive.infolist()
                if not info.is_dir() and not Path(info.filename).name.startswith((".", "__MACOSX"))
            )
    except DAMAGED_ZIP:
        yield Found(
            path.name,
            container,
            named,
            path,
            problem="the zip is damaged or was cut off; download it again from its publisher",
        )
        return
    if not members:
        yield Found(path.name, container, named, path, problem=EMPTY_ZIP)
        return
    if are_pages(members):
        yield Found(path.name, container, named, path)
        return
    for member in members:
        if member.casefold().endswith(".zip"):
            yield Found(Path(member).name, path.name, named, path, problem=INNER_ZIP)
            continue
        yield Found(Path(member).name, path.name, named, path, member=member)
