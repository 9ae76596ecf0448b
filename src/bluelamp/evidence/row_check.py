"""The last check before rows are kept: a reader is held to the tally's schema.

One pass of Polars tells whether all is well, which it always is; Pandera, which takes ten times as
long, is asked only where it is not, because it says so well what is wrong.
"""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.reading import LEVELS, TALLY_SCHEMA

A_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
MAY_BE_NULL = ("count", "value")


def check_rows(rows: pl.DataFrame) -> None:
    """Hold rows to TALLY_SCHEMA; columns beside its own are free.

    Raises pandera.errors.SchemaError: a reader is at fault, not a file.
    """
    if not as_promised(rows):
        explain(rows)
        raise AssertionError("Pandera found nothing wrong with rows that are not as promised")


def as_promised(rows: pl.DataFrame) -> bool:
    """Whether every column is there, of its kind, filled, and holds nothing that it may not."""
    if any(rows.schema.get(name) != kind for name, kind in TALLY_SCHEMA.items()):
        return False
    filled = [name for name in TALLY_SCHEMA if name not in MAY_BE_NULL]
    if any(rows[name].null_count() for name in filled):
        return False
    months, levels, negative = rows.select(
        pl.col("month").unique().str.contains(A_MONTH).all(),
        pl.col("level").unique().is_in(LEVELS).all(),
        (pl.col("count") < 0).any(),
    ).row(0)
    return bool(months and levels and not negative)


def explain(rows: pl.DataFrame) -> None:
    """The same check by Pandera. Raises pandera.errors.SchemaError, which says what is wrong."""
    import pandera.polars as pa

    columns = {
        name: pa.Column(kind, nullable=name in MAY_BE_NULL) for name, kind in TALLY_SCHEMA.items()
    }
    columns["month"] = pa.Column(pl.String, pa.Check.str_matches(A_MONTH))
    columns["level"] = pa.Column(pl.String, pa.Check.isin(LEVELS))
    columns["count"] = pa.Column(pl.Int64, pa.Check.ge(0), nullable=True)
    pa.DataFrameSchema(columns).validate(rows)
