"""Ways to spoil a table so that much of it stays good: a fault in one cell lies deeper than
a header that nobody knows."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.fuzz.made import Table

Change = Callable[[Table, random.Random], None]
# What publishers, spreadsheets and accidents leave in a cell.
ODD = (
    "", " ", "-1", "0", "1.0", "1.5", "1,5", "1,234", "nan", "inf", "-inf", "1e3", "1e309",
    "99999999999999999999", "9000000000000000000", "999999999", "2023-13", "2023-06", "0000-00-00",
    "9999-12-31", "0001-01-01", "2023-02-30", "31/02/2023", "Jan-03", "2016/17", "Trafford",
    "Barking & Dagenham", "Unknown", "City of London", "E09000099", "E05000001", "E01999999",
    "E23000001", "NULL", "#N/A", "\x00", "\n", "\r", ";", ",", '"', "{}", "{:?}", "$1", "^", "\\",
    "\u0663", "\u00b2", "\u2028", "\ufeff", "\U0001f600", "line", "true", "[]", '{"type":"Point"}',
    '{"type":"Polygon","coordinates":[]}', '{"type":"Point","coordinates":["a",1]}', "a" * 300,
)  # fmt: skip


def _at(table: Table, chance: random.Random) -> tuple[list[str], int]:
    row = chance.choice(table[1:] or table)
    return row, chance.randrange(len(row) or 1)


def odd_cell(table: Table, chance: random.Random) -> None:
    row, at = _at(table, chance)
    row[at : at + 1] = [chance.choice(ODD)]


def longer_cell(table: Table, chance: random.Random) -> None:
    row, at = _at(table, chance)
    cell = row[at] if row else ""
    cut = chance.randrange(len(cell) + 1)
    row[at : at + 1] = [cell[:cut] + chance.choice(ODD) + cell[cut + chance.randrange(3) :]]


def cell_of_another_row(table: Table, chance: random.Random) -> None:
    row, at = _at(table, chance)
    other = chance.choice(table)
    if at < len(other):
        row[at : at + 1] = [other[at]]


def odd_column(table: Table, chance: random.Random) -> None:
    at, word = chance.randrange(len(table[0]) or 1), chance.choice(ODD)
    for row in table[1:]:
        row[at : at + 1] = [word]


def row_twice(table: Table, chance: random.Random) -> None:
    table.insert(chance.randrange(1, len(table) + 1), list(chance.choice(table)))


def row_lost(table: Table, chance: random.Random) -> None:
    if len(table) > 1:
        del table[chance.randrange(1, len(table))]


def cell_lost(table: Table, chance: random.Random) -> None:
    row, at = _at(table, chance)
    del row[at : at + 1]


def column_lost(table: Table, chance: random.Random) -> None:
    at = chance.randrange(len(table[0]) or 1)
    for row in table:
        del row[at : at + 1]


def column_twice(table: Table, chance: random.Random) -> None:
    at = chance.randrange(len(table[0]) or 1)
    for row in table:
        row.extend(row[at : at + 1])


def other_name(table: Table, chance: random.Random) -> None:
    at = chance.randrange(len(table[0]) or 1)
    table[0][at : at + 1] = [chance.choice((*ODD, *table[0], "202306", "202313", "line"))]


CHANGES: tuple[Change, ...] = (
    odd_cell, odd_cell, odd_cell, longer_cell, longer_cell, cell_of_another_row,
    cell_of_another_row, odd_column, row_twice, row_twice, row_lost, cell_lost, column_lost,
    column_twice, other_name,
)  # fmt: skip


def spoil(table: Table, chance: random.Random) -> None:
    """Change the table in place, in one to four ways."""
    for _ in range(chance.choice((1, 1, 2, 3, 4))):
        if table and table[0]:
            chance.choice(CHANGES)(table, chance)
