"""What a release says of the files themselves, without what they count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from bluelamp.evidence.receipt import Receipt
from bluelamp.releases.corrections import Corrections
from bluelamp.releases.disclosure import words
from bluelamp.releases.release import Coverage

ROWS, BYTES = 1_000, 100_000
REMARK = (
    "To protect people, how many rows and bytes it has is told only to the next "
    f"{ROWS:,} and {BYTES:,}."
)


def coverage_told(rows: Iterable[Coverage], controlled: frozenset[str]) -> list[Coverage]:
    """Which months are known, without their totals."""
    return [
        replace(
            row, total=None, revised_from=None,
            note=words.INCOMPLETE if row.state == "partial" else
            row.note if row.state == "missing" else "",
        )
        if row.source in controlled
        else row
        for row in rows
    ]  # fmt: skip


def corrections_told(found: Corrections, controlled: frozenset[str]) -> Corrections:
    """Without the corrections of controlled sources: a change is a small number too."""
    return Corrections(
        tuple(looked for looked in found.looked if looked.source not in controlled),
        found.table.filter(~pl.col("source").is_in(sorted(controlled))),
    )


def receipt_told(receipt: Receipt, controlled: frozenset[str]) -> Receipt:
    """A receipt that tells no small number: of a file of one row per person, how many rows is how
    many people. Hash and dates stay, by which the office finds the file."""
    if receipt.source not in controlled:
        return receipt
    refused = _next(receipt.rows_refused, ROWS)
    kept = _next(receipt.rows_kept, ROWS)
    return replace(
        receipt,
        size=_next(receipt.size, BYTES),
        rows_read=kept + refused,
        rows_kept=kept,
        rows_refused=refused,
        refusals=(),
        notes=(),
        remark=f"{receipt.remark} {REMARK}".strip(),
    )


def _next(number: int, step: int) -> int:
    return -(-number // step) * step
