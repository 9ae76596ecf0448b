"""A table as an attacker sees it: cells, and the sums that tie them together.

A margin, a year made of quarters, a rolling twelve months, a London made of boroughs, a rate whose
denominator is published: each is one linear relation between cells. Tables that share a cell share
its key, so linked tables and hierarchies are one system (Fischetti & Salazar, 2001, "Solving the
cell suppression problem on tabular data with linear constraints").
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Key = Hashable

TOLERANCE = 1e-6
"""How far a sum may miss, as a share of the largest number in the table."""


@dataclass(frozen=True)
class Table:
    """n cells under m relations: `relations @ values` is nought.

    keys         (n,) a name for each cell; linked tables share a cell by its key.
    values       (n,) what is true.
    relations    (m, n) sparse; a total has -1 and its parts +1.
    low, high    (n,) between what everybody knows the cell to lie before anything is published:
                 0 and infinity for a count, its own value twice where it was published before.
    shown_low, shown_high   (n,) between what its published form puts it: its own value twice, or
                 the two ends of rounding.
    decision     (n,) cells with the same number are published, or left out, together.
    counted      (n,) a count of people or events, so a whole number; False for a rate or a bound.

    Raises ValueError where lengths differ, a key comes twice, a relation does not add up, or a
    value lies outside what is said to be known of it.
    """

    keys: tuple[Key, ...]
    values: Floats
    relations: Any
    low: Floats
    high: Floats
    shown_low: Floats
    shown_high: Floats
    decision: Numbers
    counted: Flags
    place: dict[Key, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", {key: i for i, key in enumerate(self.keys)})
        _check_shapes(self)
        _check_values(self)

    @property
    def size(self) -> int:
        return len(self.keys)

    def where(self, keys: Sequence[Key]) -> Flags:
        """(n,) True for the cells named. Raises KeyError for a key that the table does not have."""
        flags = np.zeros(self.size, dtype=bool)
        flags[[self.place[key] for key in keys]] = True
        return flags


def _check_shapes(table: Table) -> None:
    if len(table.place) != table.size:
        raise ValueError("a key comes twice in the table: give every cell a key of its own")
    if table.relations.shape[1] != table.size:
        raise ValueError(
            f"the relations speak of {table.relations.shape[1]} cells and the table has "
            f"{table.size}"
        )
    per_cell = ("values", "low", "high", "shown_low", "shown_high", "decision", "counted")
    for name in per_cell:
        if getattr(table, name).shape != (table.size,):
            raise ValueError(f"{name} must hold one entry for each of the {table.size} cells")


def _check_values(table: Table) -> None:
    if not np.isfinite(table.values).all():
        raise ValueError("a table holds numbers only: leave a cell that is not known out of it")
    slack = TOLERANCE * max(1.0, float(np.abs(table.values).max(initial=0)))
    wrong = np.flatnonzero(np.abs(table.relations @ table.values) > slack)
    if wrong.size:
        tied = table.relations[[wrong[0]]].nonzero()[1]
        cells = [table.keys[i] for i in tied[:6]]
        raise ValueError(
            f"{wrong.size} relation(s) do not add up; the first ties together {cells}. "
            "Count totals and parts from the same records"
        )
    bounds = ((table.low, table.high), (table.shown_low, table.shown_high))
    for low, high in bounds:
        outside = np.flatnonzero((table.values < low - slack) | (table.values > high + slack))
        if outside.size:
            raise ValueError(
                f"{table.keys[outside[0]]!r} lies outside the bounds that are given for it"
            )


def table_of(keys: Sequence[Key], values: ArrayLike, relations: Any) -> Table:
    """A table of whole counts, nought or more, each published exactly or not at all.

    keys (n,), values (n,), relations (m, n) dense or sparse. Raises ValueError as `Table` does.
    """
    counts = np.asarray(values, dtype=float)
    return Table(
        keys=tuple(keys),
        values=counts,
        relations=sparse.csr_array(relations),
        low=np.zeros(len(counts)),
        high=np.full(len(counts), np.inf),
        shown_low=counts.copy(),
        shown_high=counts.copy(),
        decision=np.arange(len(counts)),
        counted=np.ones(len(counts), dtype=bool),
    )


class Axis(NamedTuple):
    """One way a table is cut: its finest labels, and each total with what it is the sum of.

    A part may itself be a total named before it: quarters make years, years make the period.
    Totals may overlap, as rolling twelve months do.
    """

    labels: tuple[str, ...]
    totals: Mapping[str, tuple[str, ...]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.labels, *self.totals)


def cross(counts: ArrayLike, axes: Sequence[Axis]) -> Table:
    """The table of `counts`, one dimension for each axis, with every total of every axis.

    counts has the shape of the axes' labels. Each key is a tuple of one name from each axis. Raises
    ValueError where the shapes differ or a total names a part that is not there.
    """
    finest = np.asarray(counts, dtype=float)
    if finest.shape != tuple(len(axis.labels) for axis in axes):
        raise ValueError(
            f"counts have the shape {finest.shape}, the axes "
            f"{tuple(len(axis.labels) for axis in axes)}"
        )
    values = finest
    for dimension, axis in enumerate(axes):
        values = _with_totals(values, axis, dimension)
    names = [axis.names for axis in axes]
    keys = _product(names)
    sizes = [len(name) for name in names]
    relations = []
    for dimension, axis in enumerate(axes):
        if axis.totals:
            before = sparse.eye_array(int(np.prod(sizes[:dimension], dtype=int)))
            after = sparse.eye_array(int(np.prod(sizes[dimension + 1 :], dtype=int)))
            relations.append(sparse.kron(sparse.kron(before, _sums(axis)), after))
    empty = sparse.csr_array((0, len(keys)))
    return table_of(keys, values.ravel(), sparse.vstack([empty, *relations]))


def _with_totals(values: Floats, axis: Axis, dimension: int) -> Floats:
    """The same array with the totals of one axis behind its labels."""
    found = {name: values.take(i, axis=dimension) for i, name in enumerate(axis.labels)}
    for total, parts in axis.totals.items():
        missing = [part for part in parts if part not in found]
        if missing or total in found:
            raise ValueError(f"the total {total!r} cannot be made: {missing or 'it comes twice'}")
        found[total] = np.sum([found[part] for part in parts], axis=0)
    return np.stack([found[name] for name in axis.names], axis=dimension)


def _sums(axis: Axis) -> Any:
    """(totals, names) of one axis: +1 for a part and -1 for the total."""
    place = {name: i for i, name in enumerate(axis.names)}
    matrix = sparse.lil_array((len(axis.totals), len(place)))
    for row, (total, parts) in enumerate(axis.totals.items()):
        for part in parts:
            matrix[row, place[part]] = 1
        matrix[row, place[total]] = -1
    return matrix


def _product(names: Sequence[Sequence[str]]) -> list[Key]:
    keys: list[tuple[str, ...]] = [()]
    for axis in names:
        keys = [(*key, name) for key in keys for name in axis]
    return list(keys)


def linked(tables: Sequence[Table]) -> Table:
    """One table of several, in which a key that comes in more than one is one and the same cell.

    What is known of a shared cell is all that any of the tables knows. Raises ValueError where a
    shared cell has different values, or where no table is given.
    """
    if not tables:
        raise ValueError("there is no table to link")
    keys = tuple(dict.fromkeys(key for table in tables for key in table.keys))
    place = {key: i for i, key in enumerate(keys)}
    columns = [np.array([place[key] for key in table.keys], dtype=int) for table in tables]
    size = len(keys)
    values = np.full(size, np.nan)
    low, high = np.full(size, -np.inf), np.full(size, np.inf)
    shown_low, shown_high = low.copy(), high.copy()
    counted = np.ones(size, dtype=bool)
    relations, together = [], []
    for table, at in zip(tables, columns, strict=True):
        clash = ~np.isnan(values[at]) & (np.abs(values[at] - table.values) > TOLERANCE)
        if clash.any():
            raise ValueError(
                f"two tables give {table.keys[int(clash.argmax())]!r} different values"
            )
        values[at], counted[at] = table.values, table.counted
        low[at], high[at] = np.maximum(low[at], table.low), np.minimum(high[at], table.high)
        shown_low[at] = np.maximum(shown_low[at], table.shown_low)
        shown_high[at] = np.minimum(shown_high[at], table.shown_high)
        spread = sparse.csr_array(
            (np.ones(table.size), (np.arange(table.size), at)), shape=(table.size, size)
        )
        relations.append(table.relations @ spread)
        together.append(_together(table) @ spread)
    _, decision = _joined(together)
    return Table(
        keys, values, sparse.csr_array(sparse.vstack(relations)), low, high, shown_low, shown_high,
        decision, counted,
    )  # fmt: skip


def part_of(table: Table, cells: Numbers) -> Table:
    """The table of some cells and of the relations that speak of those alone. cells (k,) places."""
    inside = np.zeros(table.size, dtype=bool)
    inside[cells] = True
    whole = np.flatnonzero(abs(table.relations) @ (~inside).astype(float) == 0)
    return replace(
        table,
        keys=tuple(table.keys[i] for i in cells),
        relations=sparse.csr_array(table.relations[whole][:, cells]),
        **{
            name: getattr(table, name)[cells]
            for name in (
                "values", "low", "high", "shown_low", "shown_high", "decision", "counted"
            )
        },
    )  # fmt: skip


def connected_parts(table: Table) -> list[Numbers]:
    """The places of the cells of each part that no relation and no decision ties to another."""
    if not table.size:
        return []
    _, part = _joined([abs(table.relations), _together(table)])
    order = np.argsort(part, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(part[order])) + 1)


def _together(table: Table) -> Any:
    """(decisions, n) 1 where a cell belongs to a decision."""
    decisions, number = np.unique(table.decision, return_inverse=True)
    return sparse.csr_array(
        (np.ones(table.size), (number, np.arange(table.size))), shape=(len(decisions), table.size)
    )


def _joined(ties: Sequence[Any]) -> tuple[int, Numbers]:
    """How many parts there are, and (n,) the part of each cell, where each row ties its cells."""
    rows = sparse.csr_array(sparse.vstack(ties))
    parts, part = connected_components(rows.T @ rows, directed=False)
    return int(parts), part.astype(np.int64)
