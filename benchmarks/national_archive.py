"""Fifteen years of every force, tallied: how long, in how much memory, and what a month more costs.

Rows of real street-level files are drawn again and again, with other forces and months, into one
typed Parquet a force and month (43 x 180 files), as receiving would leave them. The archive is
tallied in one pass by the embedded engine, in a process of its own so that its peak memory is its
alone; then a month more of every force is. The rival is bare DuckDB with no limit on its memory.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from benchmarks.receiving import ARCHIVE, every_force, in_store, peak_megabytes
from bluelamp.definitions import definitions_root, read_gazetteer
from bluelamp.evidence.engine import KEYS, engine_at
from bluelamp.evidence.receive import Desk
from bluelamp.periods import Month

YEARS, FIRST_YEAR, LEAST_ROWS, SEED = 15, 2010, 60_000_000, 20_241_121
GIGABYTES, A_MONTH_COSTS, FREE_GIGABYTES = 4.0, 0.02, 8
ENGLAND_AND_WALES = ("E23", "W15")


def main() -> list[str]:
    """Print rows, seconds, memory and ratios; a miss where one is greater than allowed."""
    if not ARCHIVE.is_file():
        print(f"left out: it needs the real file {ARCHIVE}, which is not here")
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        free = shutil.disk_usage(folder).free / 1e9
        if free < FREE_GIGABYTES:
            return [f"{folder} has {free:.1f} GB free, and the archive needs {FREE_GIGABYTES}"]
        rows, files = generate(folder)
        size = sum(path.stat().st_size for path in (folder / "archive").iterdir()) / 1e9
        print(f"{files:,} files, {rows:,} rows, {size:.1f} GB of Parquet")
        whole, month = in_a_process("whole", folder), in_a_process("month", folder)
        rival = in_a_process("rival", folder)
    share = month["seconds"] / whole["seconds"]
    peak = whole["peak"] / 1024
    print(
        f"tally of the whole: {whole['seconds']:6.1f} s, peak {peak:.2f} GB, {whole['rows']:,} rows"
    )
    print(f"bare DuckDB:        {rival['seconds']:6.1f} s, peak {rival['peak'] / 1024:.2f} GB")
    print(f"ratio {whole['seconds'] / rival['seconds']:.2f}; allowed peak {GIGABYTES} GB")
    print(f"a month more: {month['seconds']:.2f} s, {share:.2%} of the whole; allowed 2%")
    misses = []
    if rows < LEAST_ROWS:
        misses.append(f"the archive has {rows:,} rows, and should have {LEAST_ROWS:,}")
    if whole["total"] != rows or rival["total"] != rows:
        misses.append(f"of {rows:,} rows {whole['total']:,} were tallied")
    if peak > GIGABYTES:
        misses.append(f"peak memory {peak:.2f} GB, allowed {GIGABYTES}")
    if share > A_MONTH_COSTS:
        misses.append(f"a month more costs {share:.2%} of the whole, allowed {A_MONTH_COSTS:.0%}")
    return misses


def generate(folder: Path) -> tuple[int, int]:
    """Write `archive` (YEARS of months) and `month` (one more); rows and files of the archive."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(folder / "files")
    desk = Desk(every_force(folder / "definitions"))
    in_store(desk, folder)
    real = pl.concat(
        [pl.read_parquet(path) for path in sorted((folder / "store" / "typed").iterdir())],
        how="diagonal",
    ).drop("line")
    shutil.rmtree(folder / "store")
    gazetteer = read_gazetteer(definitions_root())
    forces = [a.code for a in gazetteer.of_kind("force") if a.code.startswith(ENGLAND_AND_WALES)]
    months = [Month(FIRST_YEAR, 1) + n for n in range(12 * YEARS + 1)]
    each = -(-LEAST_ROWS // (len(forces) * (len(months) - 1)))
    dice = np.random.default_rng(SEED)
    for name in ("archive", "month"):
        (folder / name).mkdir()
    for month in months:
        into = folder / ("month" if month == months[-1] else "archive")
        for force in forces:
            drawn = real[dice.integers(0, real.height, size=each)].with_columns(
                month=pl.lit(str(month)), area=pl.lit(force), within=pl.lit(force),
                scope=pl.lit(force),
            )  # fmt: skip
            drawn.with_row_index("line", offset=2).write_parquet(
                into / f"{month}-{force}.parquet", compression="zstd", compression_level=1
            )
    files = len(forces) * (len(months) - 1)
    return each * files, files


def in_a_process(work: str, folder: Path) -> dict[str, float]:
    """Seconds, peak memory in MB, rows of the tally, and what they count up to."""
    command = [sys.executable, "-m", "benchmarks.national_archive", work, str(folder)]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(found))


def measure(work: str, folder: Path) -> dict[str, float]:
    files = sorted((folder / ("month" if work == "month" else "archive")).iterdir())
    engine_at().tally(files[:1])  # imports and compiling are paid once a process, not once a month
    began = time.perf_counter()
    if work == "rival":
        query = (
            f"select {', '.join(chr(34) + key + chr(34) for key in KEYS)}, sum(count) as count "
            "from read_parquet($1) group by all"
        )
        tally = pl.DataFrame(duckdb.execute(query, [[str(f) for f in files]]).to_arrow_table())
    else:
        tally = engine_at().tally(files)
        tally.write_parquet(folder / f"{work}.parquet")
    seconds = time.perf_counter() - began
    total = int(tally["count"].sum())
    return {"seconds": seconds, "peak": peak_megabytes(), "rows": tally.height, "total": total}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
