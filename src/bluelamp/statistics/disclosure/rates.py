"""Rates and shares as cells: what a published ratio gives away of the counts behind it.

A rate with one decimal and a published population is a count with a known rounding error. Left out
of the reckoning it undoes the suppression of its numerator (Hundepool et al., 2012, "Statistical
Disclosure Control", section 4).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from bluelamp.statistics.disclosure.tables import Floats, Key, Table


def with_rate(
    table: Table, key: Key, *, numerator: Key, denominator: float, per: float, decimals: int
) -> Table:
    """The table with one cell more: the rate of `numerator` per `per` of a published denominator.

    denominator: a number that everybody knows, such as residents; per: 1000 for a rate per 1,000,
    100 for a percentage; decimals: of the published rate. The new cell may be published although
    its numerator is not, where rounding leaves enough in doubt. Raises KeyError for a numerator
    that is not in the table and ValueError for a denominator of nought or a key that is taken.
    """
    if denominator <= 0:
        raise ValueError(f"{key!r} has a denominator of {denominator}: no rate can be formed")
    count = table.place[numerator]
    value = per * table.values[count] / denominator
    half, printed = 0.5 * 10.0**-decimals, round(value, decimals)
    row = np.zeros((1, table.size + 1))
    row[0, count], row[0, -1] = 1, -denominator / per
    return _with_cells(
        table, (key,), np.array([value]), np.array([0.0]), np.array([np.inf]),
        np.array([printed - half]), np.array([printed + half]), row,
    )  # fmt: skip


def with_share(
    table: Table, key: Key, *, numerator: Key, denominator: Key, per: float, decimals: int
) -> Table:
    """The table with the share of one cell in another, where neither need be published.

    The printed share p says (p - h) d <= n per <= (p + h) d, with h half of its last decimal: two
    cells named (key, "at least") and (key, "at most"), published or left out together. Raises
    KeyError for a cell that is not there, ValueError where the denominator is nought.
    """
    top, bottom = table.place[numerator], table.place[denominator]
    if table.values[bottom] <= 0:
        raise ValueError(f"{key!r} has a denominator of nought: no share can be formed")
    half = 0.5 * 10.0**-decimals
    printed = round(per * table.values[top] / table.values[bottom], decimals)
    least, most = (printed - half) / per, (printed + half) / per
    rows = np.zeros((2, table.size + 2))
    rows[0, [top, bottom, -2]] = 1, -least, -1
    rows[1, [top, bottom, -1]] = -1, most, -1
    spare = np.maximum(rows[:, :-2] @ table.values, 0)
    nought, endless = np.zeros(2), np.full(2, np.inf)
    keys = ((key, "at least"), (key, "at most"))
    return _with_cells(table, keys, spare, -endless, endless, nought, endless, rows)


def _with_cells(
    table: Table, keys: tuple[Key, ...], values: Floats, low: Floats, high: Floats,
    shown_low: Floats, shown_high: Floats, rows: Floats,
) -> Table:  # fmt: skip
    """The table with cells that share one decision and are no counts, and their relations."""
    new = len(keys)
    wider = sparse.hstack([table.relations, sparse.csr_array((table.relations.shape[0], new))])
    return replace(
        table,
        keys=(*table.keys, *keys),
        values=np.append(table.values, values),
        relations=sparse.csr_array(sparse.vstack([wider, sparse.csr_array(rows)])),
        low=np.append(table.low, low),
        high=np.append(table.high, high),
        shown_low=np.append(table.shown_low, shown_low),
        shown_high=np.append(table.shown_high, shown_high),
        decision=np.append(table.decision, np.full(new, table.decision.max(initial=-1) + 1)),
        counted=np.append(table.counted, np.zeros(new, dtype=bool)),
    )
