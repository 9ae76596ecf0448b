"""How a plain statistical table is laid out: what dates, places, describes and fills its rows.

A source that gives a `table` needs no reader of its own: `readers/long_table.py` reads what its
publisher counts or estimates, `readers/reference_table.py` what things are looked up in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bluelamp.periods import Month

# Columns of a source that bear these names say what a row is about; see `readers/long_table.py`.
DATES = ("date", "span", "year", "quarter", "month")
AREAS = ("area", "area_name")
DESCRIBES = ("scope", "category", "subcategory", "flag")


@dataclass(frozen=True)
class Cell:
    """One column of numbers, and what a number in it counts or estimates.

    holds   `count`: a whole number, 0 or more, that may be added to others; `value`: a published
            number of any kind (a share, a rate, a mean, a full-time equivalent, a net count).
    weight  of a mean, the column with the number of people it is of: two means of parts of one
            group (a borough under two spellings) are then put together, each by its weight.
    The others are for what the column, and not a cell beside it, says of the number.
    """

    column: str
    holds: Literal["count", "value"]
    scope: str = ""
    category: str = ""
    subcategory: str = ""
    flag: str = ""
    group: str = ""
    weight: str = ""

    def __post_init__(self) -> None:
        if self.group and "=" not in self.group:
            raise ValueError(f"a group is written like 'ethnicity=White', not '{self.group}'")
        if self.weight and self.holds == "count":
            raise ValueError("counts are added to each other: only a value has a `weight`")


@dataclass(frozen=True)
class TableShape:
    """The layout of one source's table.

    dated      which columns tell the period (its last month is the row's month): `date`; `span`
               ("Apr '21 to Mar '22"); `year`; `year and quarter`; `year and month`; `nowhere`.
    month      where the table is dated nowhere, the month that it is of.
    year_ends  the month in which a year named by one number ends (2016); a year named by two
               (2016/17) always ends in March.
    quarters   whether the first quarter of 2018 begins in January (`calendar`) or April.
    months_on  how many months after the month of its date a period ends (11 where the date is the
               first day of a year).
    about      the code of the area that the whole table is about, where no column tells.
    named      names of areas in this table that no spelling in definitions/areas has, and codes.
    cells      the columns of numbers.
    groups     the columns that tell of people: age, ethnicity, sex. Their names are the keys.
    recoded    what a group is called here, for what it is called there.
    everyone   what stands where a row tells of everyone, and so of no group.
    blanks     what stands in a cell where the publisher gives no number: kept, without a number.
    repeats    rows that say the same of the same thing are `refused` (which is right cannot be
               told), or `numbered`: the table is a tree whose branches repeat a name, and its
               order tells them apart ("WITH ENTRY", "WITH ENTRY (2)").
    key        of a reference table: the columns that together name a row.
    """

    dated: Literal["date", "span", "year", "year and quarter", "year and month", "nowhere"]
    cells: tuple[Cell, ...] = ()
    month: str = ""
    year_ends: int = 12
    quarters: Literal["calendar", "financial"] = "calendar"
    months_on: int = 0
    about: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    recoded: Mapping[str, str] = field(default_factory=dict)
    everyone: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    repeats: Literal["refused", "numbered"] = "refused"
    key: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.month:
            Month.parse(self.month)
        if not 1 <= self.year_ends <= 12:
            raise ValueError("table: `year_ends` is a month, 1 to 12")
        if bool(self.cells) == bool(self.key):
            raise ValueError("table: it has `cells` (numbers to count) or a `key` (a reference)")
        if self.cells and (self.dated == "nowhere") != bool(self.month):
            raise ValueError("table: what is dated `nowhere` goes with a `month`, and only that")

    def check_columns(self, needed: frozenset[str]) -> None:
        """Raises ValueError where the table is read from a column that a file may lack."""
        dates = () if self.dated == "nowhere" else tuple(self.dated.split(" and "))
        cells = tuple(cell.column for cell in self.cells)
        weights = tuple(cell.weight for cell in self.cells if cell.weight)
        for name in (*dates, *cells, *weights, *self.groups, *self.key):
            if name not in needed:
                raise ValueError(f"table: it reads '{name}', which no needed column is named")
        described = "category" in needed or all(cell.category for cell in self.cells)
        if not described:
            raise ValueError("table: neither a column nor each cell says the `category`")
        if self.cells and bool(self.about) == bool(needed & set(AREAS)):
            raise ValueError("table: it is `about` one area, or columns tell the area")
