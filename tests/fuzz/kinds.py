"""One table as every kind of file that is opened, by what a few bytes say."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import polars as pl
from tests.fuzz.made import Table
from tests.unit.evidence.workbooks import ods, xlsx

PAGES = 2
# What a column of text may become in a Parquet file.
TYPES = (pl.Int64, pl.Float64, pl.Boolean, pl.Date, pl.Datetime("us"), pl.Categorical, pl.Binary)


def as_csv(table: Table, separator: str = ",") -> bytes:
    to = io.StringIO()
    csv.writer(to, delimiter=separator, lineterminator="\n").writerows(table)
    return to.getvalue().encode("utf-8", "replace")


def as_gzip(table: Table) -> bytes:
    return gzip.compress(as_csv(table), compresslevel=1, mtime=0)


def as_parquet(table: Table, choice: int = 0) -> bytes:
    """`choice` says which column is of which other type; 0 leaves all of them text."""
    header, *rows = _even(table)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    names = [f"{name}_{i}" if name in header[:i] else name for i, name in enumerate(header)]
    made = [pl.Series(n, list(c), pl.String) for n, c in zip(names, columns, strict=True)]
    if choice and made:
        at = choice % len(made)
        kind = TYPES[choice // len(made) % len(TYPES)]
        made[at] = _retyped(made[at], kind)
    to = io.BytesIO()
    pl.DataFrame(made).write_parquet(to)
    return to.getvalue()


def _retyped(column: pl.Series, kind: Any) -> pl.Series:
    if kind == pl.Boolean:
        return column == (column.first() or "")
    if kind.is_temporal():
        return column.str.to_date(strict=False).cast(kind)
    return column.cast(kind, strict=False)


def _record(names: list[str], row: list[str], *, nested: bool) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, cell in zip(names, row, strict=True):
        into, last = record, name
        *above, below = name.split(".")
        if nested and above and all(isinstance(record.get(above[0]), dict | None) for _ in above):
            into, last = record.setdefault(above[0], {}), ".".join([*above[1:], below])
        into[last] = _value(cell)
    return record


def _value(cell: str) -> Any:
    """A number or null where the text is one, as a publisher's program would write it."""
    if cell == "":
        return None
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 8 else cell


def as_json(table: Table, choice: int = 0) -> bytes:
    header, *rows = _even(table)
    records = [_record(header, row, nested=choice % 2 == 0) for row in rows]
    return json.dumps(records).encode()


def as_geojson(table: Table) -> bytes:
    header, *rows = _even(table)
    features = []
    for row in rows:
        properties = dict(zip(header, row, strict=True))
        shape = properties.pop("geometry", None)
        try:
            geometry = json.loads(shape) if shape else None
        except (ValueError, RecursionError):
            geometry = shape
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return to.getvalue()


def as_zip(table: Table) -> bytes:
    return zipped({"inside.csv": as_csv(table)})


def as_pages(table: Table, choice: int = 0) -> bytes:
    """The pages of an answer by ward: rows go to pages by turns, or as a column `page` says."""
    header, *rows = _even(table)
    pages: dict[str, Table] = {f"page_{n}.json": [] for n in range(PAGES)}
    if "page" in header:
        at = header.index("page")
        for row in rows:
            name = f"{row[at].replace('/', '')}.json"
            pages.setdefault(name, []).append([*row[:at], *row[at + 1 :]])
        header = [*header[:at], *header[at + 1 :]]
    else:
        for n, row in enumerate(rows):
            pages[f"page_{n % PAGES}.json"].append(row)
    return zipped({name: as_json([header, *part], choice) for name, part in pages.items()})


def as_workbook(table: Table, choice: int = 0) -> bytes:
    rows = [[_value(cell) or "" for cell in row] for row in table]
    return xlsx(rows) if choice % 2 else ods({"Data": rows})


def _even(table: Table) -> Table:
    """The table with rows as long as its header."""
    width = len(table[0])
    return [table[0], *[[*row, *[""] * width][:width] for row in table[1:]]]


KINDS: dict[str, Callable[[Table], bytes]] = {
    "csv": as_csv,
    "csv.gz": as_gzip,
    "parquet": as_parquet,
    "json": as_json,
    "geojson": as_geojson,
    "zip": as_zip,
    "pages.zip": as_pages,
    "xlsx": lambda table: as_workbook(table, 1),
    "ods": as_workbook,
}
