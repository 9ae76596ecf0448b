"""Opens a received file as a table of text, before anyone understands it.

Every cell becomes text, whatever its publisher's file calls it. Each row keeps the line it stood
on, so that a refusal can name it. What cannot be opened at all raises `CannotOpen` in words. What
a file is, its bytes say; its name is never trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bluelamp.evidence.opening.bundle import is_bundle, open_bundle
from bluelamp.evidence.opening.columnar import is_parquet, open_parquet
from bluelamp.evidence.opening.compressed import is_gzip, unpack
from bluelamp.evidence.opening.delimited import open_delimited
from bluelamp.evidence.opening.documents import is_json, open_json
from bluelamp.evidence.opening.table import MOST_BYTES, CannotOpen, Table
from bluelamp.evidence.opening.workbook import is_workbook, open_workbook

__all__ = ["MOST_BYTES", "CannotOpen", "Table", "open_table"]

# How files of other kinds begin, and what to do about each.
OTHERS = {
    b"%PDF": "this is a PDF; ask its publisher for the table behind it",
    b"\xd0\xcf\x11\xe0": "this is an old (.xls) or password-protected workbook; open it and save "
    "it as .xlsx or .csv",
    b"7z\xbc\xaf": "this is a 7z archive; unpack it first",
    b"Rar!": "this is a RAR archive; unpack it first",
    b"SQLite format 3": "this is a database; export its table as CSV first",
}


def open_table(
    data: bytes,
    separators: Sequence[str] = (",", ";"),
    knows: Callable[[tuple[str, ...]], bool] = lambda header: False,
    most: int = MOST_BYTES,
) -> Table:
    """Open the bytes of a CSV, Parquet, spreadsheet (.ods, .xlsx), JSON or GeoJSON, gzipped or not,
    or of a zip whose files are the pages of one JSON answer.

    `knows` says of a header whether some source has these columns: it finds the sheet and the row
    where a workbook's table begins. `most` is how many bytes a file may unpack to. Raises
    CannotOpen.
    """
    if is_gzip(data):
        data = unpack(data, most)
        if is_gzip(data):
            raise CannotOpen("the file was compressed twice over; unpack it once before")
    if not data or data.isspace():
        raise CannotOpen("the file is empty; download it again from its publisher")
    _check_kind(data)
    if is_parquet(data):
        return open_parquet(data)
    if is_bundle(data):
        return open_bundle(data, most)
    if is_workbook(data):
        return open_workbook(data, knows, most)
    if is_json(data):
        return open_json(data)
    return open_delimited(data, separators)


def _check_kind(data: bytes) -> None:
    for beginning, words in OTHERS.items():
        if data.startswith(beginning):
            raise CannotOpen(words)
    start = data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise CannotOpen(
            "this is a web page, not a table; the publisher's site may have answered with an "
            "error: open the address in a browser and download the file from there"
        )
