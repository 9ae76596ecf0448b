"""The engines that tallies run on: DuckDB in this process, or a Spark cluster.

The tally is one Ibis expression (`expression`), written once; each engine has Ibis turn it into
its own SQL. Ibis, DuckDB and Spark are named in this package and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

import polars as pl

from bluelamp.evidence.engine.embedded import Embedded
from bluelamp.evidence.engine.expression import KEYS
from bluelamp.evidence.engine.problem import EngineProblem
from bluelamp.evidence.engine.spark import Spark

__all__ = ["EMBEDDED", "KEYS", "Embedded", "Engine", "EngineProblem", "Spark", "engine_at"]

EMBEDDED = "embedded"


class Engine(Protocol):
    """What runs the tally."""

    def tally(self, typed: Sequence[Path]) -> pl.DataFrame:
        """The tally of typed Parquet files, taken together: TALLY_SCHEMA, in order of KEYS.

        Raises EngineProblem.
        """
        ...


@cache
def engine_at(address: str = EMBEDDED) -> Engine:
    """The engine at an address: `embedded`, or `spark://host:port`. The same one at every call.

    Nothing is started before its first tally. Raises EngineProblem where it is neither.
    """
    if address == EMBEDDED:
        return Embedded()
    if address.startswith("spark://"):
        return Spark(address)
    raise EngineProblem(
        f"there is no engine '{address}'; use {EMBEDDED}, or a Spark master's spark://host:port"
    )
