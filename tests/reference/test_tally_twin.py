"""The tally on every engine against its slow, obvious twin: dicts and loops over the rows."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
from tests.conftest import missing
from tests.reference.spark_cluster import Cluster, running

from bluelamp.evidence.engine import KEYS, EngineProblem, Spark, engine_at
from bluelamp.evidence.reading import MOST, TALLY_SCHEMA

FILES, ROWS = 30, 1_000
PLACES = [
    "E23000001",
    "outside:Heathrow",
    "W15000003",
    'outside:Llŷn a\'r "Fôr"',
    "outside: \u2019 ï",
]
CATEGORIES = ["BURGLARY", "burglary", "BURGLARY ", "THEFT; OTHER", "", "ÉTÉ", "E\u0301TE\u0301"]


def twin(typed: Sequence[Path]) -> list[tuple[Any, ...]]:
    """Counts by key, in order of key, as plain Python adds them."""
    counts: dict[tuple[str, ...], int | None] = {}
    values: dict[tuple[str, ...], float | None] = {}
    for path in typed:
        for row in pq.ParquetFile(path).read().to_pylist():
            key = tuple(row[name] for name in KEYS)
            counts.setdefault(key, None)
            values.setdefault(key, None)
            if row["count"] is not None:
                counts[key] = (counts[key] or 0) + row["count"]
            if row["value"] is not None:
                before = values[key]
                values[key] = row["value"] if before is None else max(before, row["value"])
    return [(*key, counts[key], values[key]) for key in sorted(counts, key=as_bytes)]


def as_bytes(key: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(part.encode() for part in key)


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Typed files as readers write them, in a folder that looks like a pattern."""
    folder = tmp_path_factory.mktemp("store") / "[2024] *typed é"
    folder.mkdir()
    dice = random.Random(20241121)
    paths = []
    for number in range(FILES):
        path = folder / f"{number:064x}.parquet"
        frame = pl.DataFrame([row(dice) for _ in range(ROWS)], schema=TALLY_SCHEMA)
        beside(frame, number).write_parquet(path, compression="zstd")
        paths.append(path)
    return paths


def row(dice: random.Random) -> dict[str, Any]:
    published = dice.random() < 0.1
    count = dice.choice([0, 1, 1, 1, 7, MOST, None])
    return {
        "month": f"{dice.randint(2011, 2025)}-{dice.randint(1, 12):02}",
        "level": "force",
        "area": dice.choice(PLACES),
        "within": "E23000001",
        "scope": "all",
        "category": dice.choice(CATEGORIES),
        "subcategory": "",
        "flag": dice.choice(["", "Under investigation"]),
        "group": dice.choice(["", "age=18-24; sex=Male"]),
        "count": None if published else count,
        "value": dice.choice([0.0, 1 / 3, 64.2, -1.5]) if published else None,
    }


def beside(frame: pl.DataFrame, number: int) -> pl.DataFrame:
    """With the columns that readers add: `line` before, others behind, not the same in each."""
    at = datetime(2024, 4, 1, 12, 30, tzinfo=UTC)
    if number % 2:
        frame = frame.with_columns(crime_id=pl.lit("ab12"), longitude=pl.lit(None, pl.String))
    if number % 3:
        frame = frame.with_columns(searched_at=pl.lit(at))
    return frame.with_row_index("line", offset=2)


def test_duckdb_adds_up_as_the_twin_does(typed: list[Path]) -> None:
    tally = engine_at().tally(typed)
    assert tally.schema == pl.Schema(TALLY_SCHEMA)
    assert tally.rows() == twin(typed)


def test_the_tally_of_tallies_is_the_tally_of_all(typed: list[Path], tmp_path: Path) -> None:
    engine = engine_at()
    parts = [tmp_path / f"{n}.parquet" for n in range(3)]
    for n, part in enumerate(parts):
        engine.tally(typed[n::3]).write_parquet(part)
    assert engine.tally(parts).equals(engine.tally(typed))


def test_an_address_that_is_no_engine_is_said_to_be_none() -> None:
    with pytest.raises(EngineProblem, match="use embedded, or a Spark master's spark://host:port"):
        engine_at("postgres://here")
    with pytest.raises(EngineProblem, match="write spark://host:7077"):
        Spark("spark://nowhere").tally([])


def test_a_master_that_does_not_answer_is_said_not_to(unused_port: int) -> None:
    with pytest.raises(EngineProblem, match=r"no Spark master answers at spark://127\.0\.0\.1"):
        Spark(f"spark://127.0.0.1:{unused_port}").tally([])


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def cluster(java: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A master and two workers, and the environment in which this process calls them."""
    try:
        import pyspark
    except ImportError:
        missing("pyspark", "run `make setup-scale`")
    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch, running(java, folder) as started:
        patch.setenv("SPARK_HOME", str(Path(pyspark.__file__).parent))
        patch.setenv("SPARK_CONF_DIR", str(folder))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("SPARK_LOCAL_DIRS", str(folder))
        yield started
        from pyspark.sql import SparkSession

        session = SparkSession.getActiveSession()
        if session is not None:
            session.stop()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # PySpark's own, of other libraries' ways
def test_spark_duckdb_and_the_twin_agree_and_a_lost_worker_changes_nothing(
    cluster: Cluster, typed: list[Path], tmp_path: Path
) -> None:
    spark = engine_at(cluster.master)
    expected = engine_at().tally(typed)
    assert expected.rows() == twin(typed)
    assert spark.tally(typed).equals(expected)

    answers: list[pl.DataFrame] = []
    run = threading.Thread(target=lambda: answers.append(spark.tally(typed)), daemon=True)
    run.start()
    done, all_tasks = wait_until_some_tasks_are_done()
    cluster.kill_a_worker()
    assert 0 < done < all_tasks
    assert run.is_alive(), "the tally had ended before the worker was killed"
    run.join(timeout=300)
    assert not run.is_alive(), "the tally has not ended 300 seconds after a worker was killed"
    assert answers[0].equals(expected)

    with pytest.raises(EngineProblem, match="did not do the tally"):
        spark.tally([tmp_path / "absent.parquet"])


def wait_until_some_tasks_are_done() -> tuple[int, int]:
    """(tasks done, all tasks) of the stage that reads the files, once two of them are done."""
    from pyspark.sql import SparkSession

    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        session = SparkSession.getActiveSession() or SparkSession._instantiatedSession
        tracker = session.sparkContext.statusTracker() if session else None
        for stage in tracker.getActiveStageIds() if tracker else ():
            info = tracker.getStageInfo(stage) if tracker else None
            if info and info.numTasks == FILES and info.numCompletedTasks >= 2:
                return int(info.numCompletedTasks), int(info.numTasks)
        time.sleep(0.005)
    raise TimeoutError("no task of the tally was done within 300 seconds")
