"""The cell-key method: a count is moved a little, and the same group of people always the same way.

Every record has a key that looks random and never changes. The keys of the records behind a count
make its cell key, and the p-table says by how much a count with that key is moved. Asking twice,
in two tables or two releases, gives the same answer, so nothing averages out. Totals are moved by
themselves and need not be the sum of their parts: a page must say so.
Sources: Thompson, Broadfoot & Elazar (2013), ABS; ONS (2021), Census 2021 disclosure control.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bluelamp.statistics.disclosure.p_tables import PTable
from bluelamp.statistics.disclosure.tables import Floats, Numbers

KEYS = 2**32
"""Keys are whole numbers below this: their sums do not depend on the order of the records."""


def record_keys(identifiers: Iterable[str], secret: bytes) -> NDArray[np.uint64]:
    """A key for each record, a whole number below 2**32: HMAC-SHA256 of its identifier.

    The same record has the same key in every release, and nobody without the secret can work it
    out. Raises ValueError for a secret of fewer than 16 bytes, with which anybody could try all.
    """
    if len(secret) < 16:
        raise ValueError("the secret of the record keys must have at least 16 bytes")
    digests = (hmac.digest(secret, name.encode(), hashlib.sha256)[:4] for name in identifiers)
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)


def cell_keys(keys: ArrayLike, cells: ArrayLike, count: int) -> NDArray[np.uint64]:
    """(count,) the key of each cell: the sum of the keys of its records, modulo 2**32.

    keys (records,) whole numbers below 2**32; cells (records,) from 0 to count - 1. A record that
    counts in several cells is given once for each. Raises ValueError where the lengths differ or a
    cell lies outside.
    """
    of_record = np.asarray(keys, dtype=np.uint64)
    at = np.asarray(cells, dtype=np.int64)
    if of_record.shape != at.shape:
        raise ValueError(f"{of_record.size} keys and {at.size} cells: give one of each a record")
    if at.size and (at.min() < 0 or at.max() >= count):
        raise ValueError(f"a record lies in a cell outside 0 to {count - 1}")
    sums = np.zeros(count, dtype=np.uint64)
    np.add.at(sums, at, of_record)
    return sums % np.uint64(KEYS)


def perturb(counts: ArrayLike, keys: ArrayLike, table: PTable) -> Numbers:
    """What is shown for each count: the count, moved as its cell key and the p-table say.

    counts: whole numbers, nought or more, of any shape; keys: of the same shape, whole numbers
    below 2**32. Nought stays nought and nothing becomes negative. Raises ValueError otherwise.
    """
    true = np.asarray(counts)
    drawn = np.asarray(keys, dtype=np.float64) / KEYS
    if true.shape != drawn.shape:
        raise ValueError("give one cell key for each count")
    if (true < 0).any() or (true != np.round(true)).any():
        raise ValueError("counts are whole numbers, nought or more")
    whole = true.astype(np.int64)
    limits = np.cumsum(table.chances, axis=1)
    # The last limit is 1 but for rounding: a key never falls beyond it.
    limits[:, -1] = 1.0
    row = np.minimum(whole, len(limits) - 1)
    column = (drawn[..., None] >= limits[row]).sum(axis=-1)
    return np.asarray(whole + column - table.largest)


def seen_between(shown: ArrayLike, table: PTable) -> tuple[Floats, Floats]:
    """The least and greatest count that may lie behind each number shown: for `Table.shown_low`.

    shown: numbers made by `perturb`, of any shape. Raises ValueError for a number that the p-table
    can never show.
    """
    outcomes = table.outcomes()
    last = len(outcomes) - 1
    numbers = np.asarray(shown, dtype=np.int64)
    low, high = np.empty(numbers.shape), np.empty(numbers.shape)
    for number in np.unique(numbers).tolist():
        candidates = range(max(0, number - table.largest), number + table.largest + 1)
        behind = [
            true for true in candidates
            if number - true in {shown - min(true, last) for shown in outcomes[min(true, last)]}
        ]  # fmt: skip
        if not behind:
            raise ValueError(f"this p-table never shows {number}")
        low[numbers == number], high[numbers == number] = behind[0], behind[-1]
    return low, high
