"""The tally, bound to no engine."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from bluelamp.evidence.reading import TALLY_SCHEMA

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

KEYS = [name for name in TALLY_SCHEMA if name not in ("count", "value")]
# The name of the table that the expression is of: each engine makes a view of that name.
TYPED = "typed"


@cache
def tally_expression() -> ibis.Table:
    """Counts summed by all KEYS, of a table `typed` that has TALLY_SCHEMA's columns.

    Published values are not summed: there is one per key, and it is carried over (of several, the
    greatest). The tally of tallies is the tally of their rows together.
    """
    import ibis

    kinds = {pl.String: "string", pl.Int64: "int64", pl.Float64: "float64"}
    rows = ibis.table({name: kinds[kind] for name, kind in TALLY_SCHEMA.items()}, name=TYPED)
    summed = rows.group_by(KEYS).aggregate(count=rows["count"].sum(), value=rows["value"].max())
    return summed.select(*TALLY_SCHEMA)


def in_order(table: pa.Table) -> pl.DataFrame:
    """An engine's answer as every engine gives it: TALLY_SCHEMA's kinds, in order of KEYS."""
    return pl.DataFrame(table).cast(pl.Schema(TALLY_SCHEMA)).sort(KEYS)
