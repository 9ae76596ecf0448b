"""A zip of JSON files that are one answer in many pages: one table, with the page of each row.

The police API is asked ward by ward, and each answer becomes a file. Alone a page says neither
which ward it is of nor that its neighbour holds the same crime; together they are one publication.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import polars as pl

from bluelamp.evidence.opening.compressed import DAMAGED_ZIP
from bluelamp.evidence.opening.documents import open_json
from bluelamp.evidence.opening.table import CannotOpen, Table
from bluelamp.evidence.receipt import Refusal

# The column that names the file in the zip that a row stood in.
PAGE = "page"
NOTHING = b"[]"


def is_bundle(data: bytes) -> bool:
    """Whether the bytes are a zip of two or more files, all of them JSON."""
    if data[:4] != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return are_pages(info.filename for info in archive.infolist() if not info.is_dir())
    except DAMAGED_ZIP:
        return False


def are_pages(names: Iterator[str] | list[str]) -> bool:
    """Whether files of these names in one zip are pages of one answer."""
    found = list(names)
    return len(found) > 1 and all(name.casefold().endswith(".json") for name in found)


def open_bundle(data: bytes, most: int) -> Table:
    """The pages of a zip as one table, in order of name, `page` telling each row's file.

    A page that cannot be opened is one refused line; an empty list is a page without a row.
    Raises CannotOpen where the zip unpacks to more than `most` bytes or no page has a row.
    """
    frames: list[pl.DataFrame] = []
    refusals: list[Refusal] = []
    line = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > most:
            raise CannotOpen(f"the zip unpacks to more than {most / (1 << 20):,.0f} MB")
        for name in sorted(n for n in archive.namelist() if not n.endswith("/")):
            try:
                page = _page(archive, name)
            except CannotOpen as error:
                line += 1
                refusals.append(Refusal(line, f"{name}: {error}"))
                continue
            if page is None:
                continue
            last = max([page.rows.height, *(refusal.line for refusal in page.refusals)])
            refusals += [Refusal(line + r.line, f"{name}: {r.reason}") for r in page.refusals]
            frames.append(page.rows.with_columns(pl.col("line") + line, pl.lit(name).alias(PAGE)))
            line += last
    if not frames:
        raise CannotOpen("none of the JSON files in the zip holds a record; download them again")
    rows = pl.concat(frames, how="diagonal")
    header = (*(name for name in rows.columns if name not in ("line", PAGE)), PAGE)
    return Table(header, rows.select("line", *header), tuple(refusals), "json")


def _page(archive: zipfile.ZipFile, name: str) -> Table | None:
    """The table of one page; None where it says that there is nothing. Raises CannotOpen."""
    try:
        data = archive.read(name)
    except DAMAGED_ZIP as error:
        raise CannotOpen(f"it is damaged ({error}); download it again") from error
    if not data.strip():
        raise CannotOpen("the file is empty; download it again from its publisher")
    return None if data.strip() == NOTHING else open_json(data)
