"""Runs a hunt as the process of its own that it must be, and reads what it said."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
EVERY = "every"  # instead of a reader: all of them, from a good CSV of each source
STARTING = 240  # seconds in which the libraries are loaded and the good tables are tried


@dataclass(frozen=True)
class Crash:
    """A case that broke the promise, and the last line of what was said about it."""

    case: Path
    words: str


@dataclass(frozen=True)
class Hunt:
    """How often a reader was tried, and what broke it. libFuzzer stops at the first crash."""

    runs: int
    crashes: tuple[Crash, ...]
    said: str


def hunt(reader: str, folder: Path, *, seconds: int, runs: int = -1, seed: int = 0) -> Hunt:
    """Hunt in one reader, for so many seconds or runs; `seed` 0 is another at every call.

    Raises RuntimeError where the hunt itself cannot run.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    options = [f"-max_total_time={seconds}", f"-runs={runs}", f"-seed={seed}"]
    # A case that never ends is stopped by libFuzzer; this is for a hunt that does not begin.
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.hunt", reader, str(folder), *options],
        capture_output=True, text=True, errors="replace", check=False, cwd=ROOT,
        timeout=seconds + STARTING, env={**os.environ, "POLARS_MAX_THREADS": "1"},
    )  # fmt: skip
    said = done.stderr + done.stdout
    found = [
        p for p in sorted(folder.glob("*-*")) if p.name.startswith(("crash", "timeout", "oom"))
    ]
    tried = [int(n) for n in re.findall(r"^#(\d+)\s", said, re.MULTILINE)]
    if not found and (done.returncode or not tried):
        raise RuntimeError(f"the hunt in {reader} did not run:\n{said[-2000:]}")
    words = re.findall(r"^(\w[\w.]*(?:Error|Exception): .*)$", said, re.MULTILINE)
    crashes = tuple(Crash(path, words[-1] if words else "see its output") for path in found)
    shutil.rmtree(folder / "cases", ignore_errors=True)
    (folder / "said.txt").write_text(said, encoding="utf-8")
    return Hunt(max(tried, default=0), crashes, said)
