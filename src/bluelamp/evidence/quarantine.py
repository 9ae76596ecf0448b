"""Quarantine: every row that was refused, with its line, the reason, and what the row said.

A refused row is not lost and not counted. When its reason is mended (a spelling added to the
areas, a column's new name to the source), the file is read again and the row comes in.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from bluelamp.evidence.opening import CannotOpen, Table
from bluelamp.evidence.opening.compressed import is_gzip, unpack
from bluelamp.evidence.opening.delimited import decode
from bluelamp.evidence.opening.table import MOST_BYTES
from bluelamp.evidence.receipt import Receipt, Refusal, only_latest
from bluelamp.evidence.source import Source
from bluelamp.evidence.store import Store

QUARANTINE_SCHEMA = {
    "line": pl.Int64,  # where the row stood; several reasons may be given for one line
    "reason": pl.String,
    "text": pl.String,  # the row as CSV in the file's own columns; '' where it may not be kept
}
EXAMPLES = 3


def refused_rows(
    table: Table, data: bytes, refusals: Sequence[Refusal], source: Source
) -> pl.DataFrame:
    """The quarantine of a reading (QUARANTINE_SCHEMA), in line order.

    What a row about a person said is not kept: its text is ''.
    """
    wanted = {refusal.line for refusal in refusals}
    texts = {} if source.sensitivity == "personal" or not wanted else _texts(table, data, wanted)
    return pl.DataFrame(
        [(refusal.line, refusal.reason, texts.get(refusal.line, "")) for refusal in refusals],
        schema=QUARANTINE_SCHEMA,
        orient="row",
    )


def _texts(table: Table, data: bytes, wanted: set[int]) -> dict[int, str]:
    rows = table.rows.filter(pl.col("line").is_in(list(wanted))).select("line", *table.header)
    found = _as_csv(rows)
    if len(found) < len(wanted) and table.kind == "csv":  # lines that could not even be cut
        try:
            lines = decode(unpack(data, MOST_BYTES) if is_gzip(data) else data).split("\n")
        except CannotOpen:
            return found
        for line in sorted(wanted - set(found)):
            if 0 < line <= len(lines):
                found[line] = lines[line - 1]
    return found


def _as_csv(rows: pl.DataFrame) -> dict[int, str]:
    """By line (the first column), the row's other cells as CSV."""
    texts: list[str] = []
    writer = csv.writer(_Lines(texts), lineterminator="")
    writer.writerows(rows.drop("line").iter_rows())
    return dict(zip(rows["line"].to_list(), texts, strict=True))


@dataclass(frozen=True)
class _Lines:
    """What csv writes to: it writes once a row."""

    texts: list[str]

    def write(self, text: str) -> None:
        self.texts.append(text)


@dataclass(frozen=True)
class Example:
    """One refused row: the file's name, the line in it, and what stands there."""

    name: str
    line: int
    text: str


@dataclass(frozen=True)
class Held:
    """What is held back of one source for one reason. `rows` and `files` count all of it; the
    receipts of old stores name at most 200 rows of a file, so `rows` is then a least."""

    source: str
    reason: str
    rows: int
    files: int
    examples: tuple[Example, ...]
    at_least: bool = False


def held_back(store: Store, source: str | None = None) -> list[Held]:
    """What the last reading of each file refused, by source and reason, the most rows first.

    A file that was refused whole counts as no row: it stands at line 0.
    """
    found: dict[tuple[str, str], list[tuple[Receipt, int, str]]] = {}
    short: set[str] = set()
    for receipt in only_latest(store.receipts()).values():
        if source is not None and receipt.source != source:
            continue
        rows = _rows(store, receipt)
        if len({line for line, _, _ in rows if line}) < receipt.rows_refused:
            short.add(receipt.key)
        for line, reason, text in rows:
            found.setdefault((receipt.source, reason), []).append((receipt, line, text))
    held = [
        Held(
            source=of,
            reason=reason,
            rows=sum(line > 0 for _, line, _ in places),
            files=len({receipt.key for receipt, _, _ in places}),
            examples=tuple(Example(r.name, line, text) for r, line, text in places[:EXAMPLES]),
            at_least=any(receipt.key in short for receipt, _, _ in places),
        )
        for (of, reason), places in found.items()
    ]
    return sorted(held, key=lambda one: (one.source, -one.rows, one.reason))


def _rows(store: Store, receipt: Receipt) -> list[tuple[int, str, str]]:
    """The refused rows of a reading; of an old store those that the receipt names."""
    if receipt.refusals and store.holds("quarantine", receipt.key):
        return store.rows("quarantine", receipt.key).collect().rows()
    return [(refusal.line, refusal.reason, "") for refusal in receipt.refusals]
