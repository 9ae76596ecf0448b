"""The tally of a kept file, read for counting: texts as categories.

A tally of two million rows holds some hundreds of different texts. Parquet keeps each of them once,
with numbers in the rows, and so do Polars' categories: texts are not spelt out for every row, and
finding, comparing and grouping rows is a matter of small numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bluelamp.evidence.reading import TALLY_SCHEMA
from bluelamp.evidence.store import Store

TEXTS = [name for name, kind in TALLY_SCHEMA.items() if kind == pl.String]
SCHEMA = pl.Schema(
    {name: pl.Categorical() if name in TEXTS else kind for name, kind in TALLY_SCHEMA.items()}
)


def read_kept(store: Store, key: str, level: str, months: Mapping[str, list[str]]) -> pl.DataFrame:
    """The rows (SCHEMA) of one level in these months of each scope, in the file's order.

    Read a row group at a time, so that a level asks for no more memory than it has rows. Raises
    StoreProblem where the store has no tally of that key.
    """
    wanted = pl.any_horizontal(
        (pl.col("scope") == scope) & pl.col("month").is_in(its_months)
        for scope, its_months in months.items()
    )
    data = pa.BufferReader(store.read("tally", key))
    with pq.ParquetFile(data, read_dictionary=TEXTS) as file:
        groups = (pl.DataFrame(file.read_row_group(i)) for i in range(file.num_row_groups))
        parts = [rows.filter((pl.col("level") == level) & wanted) for rows in groups]
    rows = pl.concat(parts) if parts else SCHEMA.to_frame()
    if "group" not in rows.columns:  # made before there were groups of people: it tells of none
        rows = rows.with_columns(group=pl.lit(""))
    return rows.select(*TALLY_SCHEMA).cast(SCHEMA)
