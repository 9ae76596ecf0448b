"""A Spark standalone cluster on loopback, made of the pip package: a master and its workers.

The same commands stand in docs/how-to/run-in-production.md.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"
SECONDS_TO_START = 180.0

# Small, so that a test machine holds four Java processes; and one task to a file, so that a run is
# long enough to lose a worker in.
DEFAULTS = """
spark.driver.memory 600m
spark.executor.memory 500m
spark.sql.files.maxPartitionBytes 64k
spark.sql.files.openCostInBytes 64k
"""


@dataclass
class Cluster:
    """A running master and workers; `master` is the address for `--engine`."""

    master: str
    workers: list[subprocess.Popen[bytes]]

    def kill_a_worker(self) -> None:
        """SIGKILL to a worker and to the executor that it started."""
        os.killpg(self.workers.pop().pid, signal.SIGKILL)


@contextmanager
def running(java: str, folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster whose logs and scratch files stand in `folder`; no process of it is left behind."""
    import pyspark

    home = Path(pyspark.__file__).parent
    (folder / "spark-defaults.conf").write_text(DEFAULTS)
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder),
        "SPARK_CONF_DIR": str(folder),
        "SPARK_DAEMON_MEMORY": "200m",
        "JAVA_HOME": str(Path(java).resolve().parent.parent),
    }
    master = f"spark://127.0.0.1:{_free_port()}"
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, role: str, *words: str) -> subprocess.Popen[bytes]:
        host = ["--host", "127.0.0.1", "--webui-port", "0"]
        with (folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [home / "bin/spark-class", role, *host, *words],
                env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        started.append(process)
        return process

    try:
        start("master", MASTER, "--port", master.rsplit(":", 1)[1])
        _wait_for(folder / "master.log", "I have been elected leader", 1)
        limits = ["--cores", "1", "--memory", "600M"]
        made = [
            start(f"worker-{n}", WORKER, *limits, "--work-dir", str(folder / f"work-{n}"), master)
            for n in range(workers)
        ]
        _wait_for(folder / "master.log", "Registering worker", workers)
        yield Cluster(master, made)
    finally:
        for process in started:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(log: Path, words: str, times: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while (text := log.read_text(errors="replace")).count(words) < times:
        if time.monotonic() > deadline:
            raise TimeoutError(f"'{words}' did not come:\n{text[-2000:]}")
        time.sleep(0.1)
