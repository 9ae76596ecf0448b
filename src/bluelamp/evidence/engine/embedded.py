"""DuckDB, in this process: what an office with one machine needs, and nothing to look after."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from bluelamp.evidence.engine.expression import TYPED, in_order, tally_expression

if TYPE_CHECKING:
    import duckdb

# What DuckDB may hold in memory before it writes to a scratch folder. It does not count all that
# it uses, nor the answer: a process comes to about half as much again.
MEMORY = "2GB"


@dataclass(frozen=True)
class Embedded:
    """DuckDB with `memory` to hold rows in; what goes beyond it goes through a scratch folder.

    One call at a time.
    """

    memory: str = MEMORY

    def tally(self, typed: Sequence[Path]) -> pl.DataFrame:
        """As Engine says."""
        paths = [str(path) for path in typed]
        return in_order(self._connection.execute(self._sql, [paths]).to_arrow_table())

    @cached_property
    def _sql(self) -> str:
        """Compiled once: for a small file that takes ten times as long as the tally. Its one
        parameter is the list of files: a view would have DuckDB open each of them three times."""
        import ibis

        sql = ibis.to_sql(tally_expression(), dialect="duckdb")
        return f"WITH {TYPED} AS (FROM read_parquet(?)) {sql}"

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        scratch = Path(tempfile.gettempdir()) / f"bluelamp-duckdb-{os.getpid()}"
        connection = duckdb.connect(
            config={
                "memory_limit": self.memory,
                "temp_directory": str(scratch),
                "preserve_insertion_order": "false",
            }
        )
        # It would draw a bar of its own over ours when a tally takes seconds.
        connection.execute("SET enable_progress_bar = false")
        return connection
