"""Tells by its columns which source a file is of; a file's name is never trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from bluelamp.evidence.opening import Table
from bluelamp.evidence.source import Source

# A header with at least three quarters of a source's columns is that source with a fault in it;
# with fewer it is another file. (Of the real files that are no source here, the nearest has 60%.)
NEARLY = 0.75
# What no column is called: a date, a long number, an address of e-mail.
DATA = re.compile(r"\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}|(\d[ -]?){8}|@")


class NotRecognised(ValueError):
    """No source has these columns."""


class WrongColumns(ValueError):
    """It is nearly a known source: the message names the column at fault and what to do."""

    def __init__(self, source: Source, message: str) -> None:
        self.source = source
        super().__init__(message)


@dataclass(frozen=True)
class Recognised:
    """A table whose columns bear the source's own names (unused ones are dropped).

    `name` is the file's name: never what tells its source, but for some all that tells its force.
    """

    source: Source
    rows: pl.DataFrame
    months: tuple[str, ...]
    name: str = ""


def _check_no_twins(table: Table, used: list[str], source: Source) -> None:
    """A column may stand twice only if both say the same: a publisher's copy, not a choice."""
    keys = [_key(name) for name in table.header]
    for name in used:
        twins = [
            other
            for other, key in zip(table.header, keys, strict=True)
            if other != name and (key == _key(name) or other == f"{name} (2)")
        ]
        if any(not table.rows[name].equals(table.rows[twin]) for twin in twins):
            raise WrongColumns(
                source,
                f"the column '{name}' stands twice; take out the one that is wrong "
                "or download the file again",
            )


def _as_narrow(table: Table, source: Source, found: Mapping[str, str]) -> bool:
    """True where the rows hold nothing but what the source says is all that it holds."""
    if source.only is None:
        return True
    column = next(old for old, new in found.items() if new == source.only.column)
    values = table.rows[column].unique().str.strip_chars().str.to_uppercase().to_list()
    return bool(values) and set(values) <= {value.upper() for value in source.only.values}


def _shown(header: tuple[str, ...]) -> str:
    """The first names of a header. A first line that holds data is not repeated: it may be about
    somebody."""
    if any(DATA.search(name) for name in header):
        return "its first line holds data, and should hold the names of columns"
    return ", ".join(header[:6]) or "its first line is empty"


def _key(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


@cache
def _keys(names: tuple[str, ...]) -> tuple[str, ...]:
    """Of names that definitions list: made once, and asked for with every file."""
    return tuple(_key(name) for name in names)


@dataclass(frozen=True)
class Fits:
    """Which sources have the columns of a header, whatever the rows hold.

    whole     sources with every column that they need, and old name -> new name of what was found.
    nearest   where there is none: the source of which most is there, and what is missing of it.
    """

    whole: tuple[tuple[Source, dict[str, str]], ...]
    nearest: tuple[Source, tuple[str, ...]] | None


def fits(columns: tuple[str, ...], sources: Mapping[str, Source]) -> Fits:
    """What a header by itself says. It asks a hundred sources, so a caller with many files that
    have one header asks once."""
    header = {_key(name): name for name in columns}
    months = any(map(_is_month, columns))
    nearest: tuple[float, Source, tuple[str, ...]] | None = None
    whole: list[tuple[Source, dict[str, str]]] = []
    for source in sources.values():
        found: dict[str, str] = {}
        missing: list[str] = []
        for column in source.columns:
            name = next((header[key] for key in _keys(column.known_as) if key in header), None)
            if name is not None:
                found[name] = column.name
            elif column.needed:
                missing.append(column.known_as[0])
        wanted = sum(column.needed for column in source.columns)
        if not missing:
            whole.append((source, found))
            continue
        share = 1 - len(missing) / wanted
        if wanted <= 4:  # so few columns say little, unless a row of months stands beside them
            share = NEARLY if months and len(missing) == 1 else 0.0
        if share >= NEARLY and (nearest is None or share > nearest[0]):
            nearest = (share, source, tuple(missing))
    return Fits(tuple(whole), nearest[1:] if nearest else None)


def _is_month(name: str) -> bool:
    return name.isdigit() and len(name) == 6


def recognise(table: Table, sources: Mapping[str, Source], known: Fits | None = None) -> Recognised:
    """The source that the table is of, with its columns renamed. `known`: `fits` of its header.

    Raises NotRecognised, or WrongColumns where all but a column or so is there.
    """
    known = known or fits(table.header, sources)
    fitting = [(source, found) for source, found in known.whole if _as_narrow(table, source, found)]
    if fitting:
        source, found = max(fitting, key=lambda fit: (len(fit[1]), fit[0].only is not None))
        months = tuple(filter(_is_month, table.header))
        _check_no_twins(table, [*found, *months], source)
        kept = [pl.col(old).alias(new) for old, new in found.items()]
        kept += [pl.col(month) for month in months if month not in found]
        return Recognised(source, table.rows.select("line", *kept), months)
    if known.nearest is None:
        raise NotRecognised("no source has these columns: " + _shown(table.header))
    source, missing = known.nearest
    raise WrongColumns(
        source,
        f"it looks like '{source.title}' but has no column "
        + " and no column ".join(f"'{name}'" for name in missing)
        + f"; its columns are {', '.join(table.header[:8])}. If the publisher renamed it, "
        f"add the new name to known_as in definitions/sources/{source.id}.yaml",
    )
