"""The engine that tallies run on: DuckDB here, through Ibis, so that another can take its place."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import ibis
import polars as pl

from bluelamp.evidence.reading import TALLY_SCHEMA

KEYS = [name for name in TALLY_SCHEMA if name not in ("count", "value")]


@lru_cache(maxsize=1)
def _duckdb() -> ibis.BaseBackend:
    return ibis.duckdb.connect(":memory:")


def tally(typed: Path) -> pl.DataFrame:
    """Sum counts by month, area, category and flags: one pass over one typed file.

    Published values are not summed: there is one per key, and it is carried over.
    """
    rows = _duckdb().read_parquet(str(typed), table_name="typed")
    summed = rows.group_by(KEYS).aggregate(
        count=rows["count"].sum().cast("int64"), value=rows["value"].max()
    )
    ordered = summed.order_by(KEYS).select(*TALLY_SCHEMA)
    return pl.DataFrame(pl.from_arrow(ordered.to_pyarrow())).cast(TALLY_SCHEMA)  # type: ignore[arg-type]  # polars accepts a mapping of types
