"""A Spark standalone cluster: what a country needs. docs/how-to/run-in-production.md starts one."""

from __future__ import annotations

import os
import re
import shutil
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import polars as pl

from bluelamp.evidence.engine.expression import TYPED, in_order, tally_expression
from bluelamp.evidence.engine.problem import EngineProblem
from bluelamp.evidence.reading import TALLY_SCHEMA

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SECONDS_TO_ANSWER, SECONDS_FOR_A_WORKER = 5.0, 60.0
# A tally has few rows: of the 200 parts that Spark would make, most would be empty.
PARTS = "16"
HOW_TO = "docs/how-to/run-in-production.md says how to start one"


@dataclass(frozen=True)
class Spark:
    """The cluster whose master is at `spark://host:port`. Its workers must see the store under the
    same path as this process does."""

    master: str

    def tally(self, typed: Sequence[Path]) -> pl.DataFrame:
        """As Engine says. A worker that is lost meanwhile costs time, not the answer."""
        session, sql = self._session_and_sql
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            rows = session.read.parquet(*(_no_pattern(path) for path in typed))
            rows.select(*TALLY_SCHEMA).createOrReplaceTempView(TYPED)
            return in_order(session.sql(sql).toArrow())
        except (PySparkException, Py4JError, OSError) as error:
            first = (str(error).strip() or repr(error)).splitlines()[0]
            raise EngineProblem(
                f"Spark at {self.master} did not do the tally ({first}). Its workers must see the "
                "files of the store under the same path; their logs say more"
            ) from error

    @cached_property
    def _session_and_sql(self) -> tuple[SparkSession, str]:
        """The session with the cluster, and the tally in its SQL; made once."""
        host = _answering(self.master)
        try:
            import ibis
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise EngineProblem(
                "Spark is not installed here; install it with: pip install 'bluelamp[scale]'"
            ) from error
        if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
            raise EngineProblem(
                "Spark needs Java 17; on Debian: apt-get install default-jre-headless"
            )
        builder = SparkSession.builder.master(self.master).appName("bluelamp")
        for name, value in _settings(host).items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        _wait_for_a_worker(session, self.master)
        return session, str(ibis.pyspark.connect(session).compile(tally_expression()))


def _no_pattern(path: Path) -> str:
    """A path as Spark takes it for itself: a folder may be named [2024], which is a pattern. (Told
    to look for no patterns, Spark 4.0 reads each file of such a folder as often as there are
    files.)"""
    return re.sub(r"([\[\]{}*?\\])", r"\\\1", path.resolve().as_posix())


def _answering(master: str) -> str:
    """The host of a master that answers; raises EngineProblem."""
    parts = urlsplit(master)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if parts.scheme != "spark" or not host or not port:
        raise EngineProblem(f"'{master}' is no address of a Spark master; write spark://host:7077")
    try:
        socket.create_connection((host, port), timeout=SECONDS_TO_ANSWER).close()
    except OSError as error:
        raise EngineProblem(f"no Spark master answers at {master} ({error}); {HOW_TO}") from error
    return host


def _settings(host: str) -> dict[str, str]:
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": PARTS,
    }
    if _is_loopback(host):
        # Else the driver listens on the machine's own address, for all to reach.
        settings |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return settings


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(socket.gethostbyname(host)).is_loopback
    except (OSError, ValueError):
        return False


def _wait_for_a_worker(session: SparkSession, master: str) -> None:
    """Raises EngineProblem where none comes: Spark itself would wait for ever."""
    deadline = time.monotonic() + SECONDS_FOR_A_WORKER
    while not session.sparkContext._jsc.sc().statusTracker().getExecutorInfos().__len__() > 1:
        if time.monotonic() > deadline:
            session.stop()
            raise EngineProblem(
                f"the Spark master at {master} has no worker with memory and a core to spare; "
                f"{HOW_TO}"
            )
        time.sleep(0.2)
