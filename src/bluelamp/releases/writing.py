"""Writes the files of a release: the same content always gives the same bytes.

No clock, no order of chance, no number beyond the digits that every machine agrees on: judged
numbers are kept to nine significant digits, because the order in which a processor adds can change
the sixteenth.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

DIGITS = 9


def significant(value: float) -> float | None:
    """The number to nine significant digits; None where it is not a number."""
    if not math.isfinite(value):
        return None
    return float(f"{value:.{DIGITS}g}")


def plain(value: Any) -> Any:
    """A dataclass, date, tuple or number as JSON can hold it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return significant(value)
    if value is None or isinstance(value, str | int | bool):
        return value
    return str(value)


def write_json(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(plain(value), indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def write_frame(path: Path, frame: pl.DataFrame) -> None:
    """Parquet with fixed row groups and no statistics: the bytes depend on the content only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    floats = [name for name, dtype in frame.schema.items() if dtype == pl.Float64]
    rounded = frame.with_columns(pl.col(floats).round_sig_figs(DIGITS)) if floats else frame
    rounded.write_parquet(path, compression="zstd", statistics=False, row_group_size=1_000_000)


def checksums(folder: Path, leave_out: Iterable[str] = ("release.json",)) -> dict[str, str]:
    """SHA-256 of every file of a folder, by relative path."""
    skipped = set(leave_out)
    found: dict[str, str] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name not in skipped:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
