"""The first rows of the publishers' own files, where a folder of them lies beside the checkout."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from tests.fuzz.made import Table

from bluelamp.evidence.desk import Desk
from bluelamp.evidence.opening import CannotOpen, open_table
from bluelamp.evidence.recognise import NotRecognised, WrongColumns, recognise

DATA = Path(__file__).resolve().parent.parent.parent.parent / "shared/data"
ROWS, BEGINNING = 4, 100_000


def real_tables(at: Desk) -> dict[str, list[Table]]:
    """Of each source the beginnings of its files; {} where there are none."""
    found: dict[str, list[Table]] = {}
    for data in _beginnings(sorted(DATA.rglob("*"))):
        try:
            table = open_table(data, at.separators, at.knows)
            source = recognise(table, at.sources).source
        except (CannotOpen, NotRecognised, WrongColumns):
            continue
        rows = table.rows.select(table.header).head(ROWS).fill_null("").rows()
        found.setdefault(source.id, []).append([list(table.header), *map(list, rows)])
    return found


def _beginnings(paths: list[Path]) -> Iterator[bytes]:
    """A CSV's first whole lines, also of the first file in a zip; a Parquet file's as CSV."""
    for path in paths:
        if path.suffix == ".csv":
            with path.open("rb") as file:
                yield _lines(file.read(BEGINNING))
        elif path.suffix == ".parquet":
            yield pl.read_parquet(path, n_rows=ROWS).write_csv().encode()
        elif path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                names = [name for name in archive.namelist() if name.endswith(".csv")]
                for name in names[:1]:
                    with archive.open(name) as member:
                        yield _lines(member.read(BEGINNING))


def _lines(beginning: bytes) -> bytes:
    return b"".join(beginning.splitlines(keepends=True)[: ROWS + 1])
