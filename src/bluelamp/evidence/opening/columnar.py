"""Parquet, every cell made text: a reader meets one kind of cell, whatever the file calls it."""

from __future__ import annotations

import io

import polars as pl

from bluelamp.evidence.opening.table import MOST_CELLS, CannotOpen, Table, distinct


def is_parquet(data: bytes) -> bool:
    return data[:4] == b"PAR1" or data[-4:] == b"PAR1"


def open_parquet(data: bytes) -> Table:
    """The table in Parquet bytes; raises CannotOpen where they are damaged or unpack too far."""
    try:
        table = pl.scan_parquet(io.BytesIO(data))
        cells_told = len(table.collect_schema()) * table.select(pl.len()).collect().item()
        if cells_told > MOST_CELLS:
            raise CannotOpen(
                f"the Parquet file holds {cells_told:,} cells, more than the {MOST_CELLS:,} that "
                "are read; check that it is the right file, and if it is, split it by year"
            )
        frame = pl.read_parquet(io.BytesIO(data))
        # A list is no cell.
        cells = [name for name, dtype in frame.schema.items() if not dtype.is_nested()]
        frame = frame.select(pl.col(cells).cast(pl.String, strict=False))
    except CannotOpen:
        raise
    # Polars raises several kinds for a damaged file, and panics (no Exception) at some.
    except (Exception, pl.exceptions.PanicException) as error:
        raise CannotOpen(
            "the Parquet file is damaged or was cut off; download it again from its publisher"
        ) from error
    header = distinct([name.strip() for name in frame.columns])
    frame.columns = list(header)
    return Table(header, frame.with_row_index("line", offset=1), (), "parquet")
