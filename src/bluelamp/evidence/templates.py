"""Templates: an empty CSV with its dictionary, and the check that names every fault by line.

What a file of records about people holds is never repeated in the words about it.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from bluelamp.evidence.desk import Desk
from bluelamp.evidence.fill import Fill
from bluelamp.evidence.opening import open_table
from bluelamp.evidence.reading import MOST, Places, Reading, finish, in_order
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import NotRecognised, WrongColumns, recognise
from bluelamp.evidence.source import Column, Source
from bluelamp.places import name_key

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
LONGEST_TEXT = 200
ON_RECEIPT = {
    "": "kept",
    "drop": "left out: it is not kept in any form",
    "hash": "replaced by a keyed hash, which cannot be turned back",
}
FORMS = {
    "month": "a month, such as 2026-04",
    "day": "a day, such as 2026-04-30",
    "borough": "the name of a borough, or its code",
    "force": "the name of a police force, or the code of its area",
    "ward": "the code of a ward, such as E05009317",
    "count": "a whole number, 0 or more, without commas",
    "amount": "a number, without commas or signs of money",
    "weight": "a number over 0",
    "choice": "one of the listed words",
    "text": f"a few words, at most {LONGEST_TEXT} characters",
    "identifier": "a number or name that tells one person from all others",
}


@dataclass(frozen=True)
class Filled:
    """A filled template. `rows` are those without fault: `line`, then a value for each column.

    The rows are left out of `repr`, because they can be about people.
    """

    source: Source
    rows: list[dict[str, Any]] = field(repr=False)
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class Checked:
    """What a check found. `unread` counts columns that the template does not have.

    rows_read = rows_kept + the number of different lines in `refusals`.
    """

    source: Source
    rows_read: int
    rows_kept: int
    refusals: tuple[Refusal, ...]
    unread: int


def templates(sources: Mapping[str, Source]) -> dict[str, Source]:
    """The sources whose columns are ours, by id."""
    return {id: source for id, source in sources.items() if source.is_template}


def blank(source: Source) -> str:
    """The empty CSV: one line of column names."""
    return _csv([[column.name for column in source.columns]])


def dictionary(source: Source) -> str:
    """A CSV that says of each column what belongs there and what becomes of it on receipt."""
    rows = [
        ["column", "needed", "what belongs there", "how it is written", "example", "on receipt"]
    ]
    for column, fill in filled_columns(source):
        form = FORMS[fill.kind]
        if fill.choices:
            form += ": " + " | ".join(fill.choices)
        needed = "yes" if column.needed else "no"
        rows.append(
            [column.name, needed, fill.words, form, fill.example, ON_RECEIPT[fill.identifier]]
        )
    return _csv(rows)


def filled_columns(source: Source) -> Iterator[tuple[Column, Fill]]:
    """Each column of a template with what it says of it."""
    return ((column, column.fill) for column in source.columns if column.fill)


def _csv(rows: list[list[str]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def check_file(desk: Desk, data: bytes) -> Checked:
    """Check the bytes of a filled template; nothing is received.

    Raises CannotOpen, NotRecognised, WrongColumns.
    """
    ours = templates(desk.sources)
    table = open_table(data, desk.separators, desk.knows)
    try:
        file = recognise(table, ours)
    except NotRecognised:
        raise NotRecognised(
            "its first line does not name the columns of any template; "
            "`bluelamp template` lists them, and writes an empty one"
        ) from None
    except WrongColumns as error:
        raise without_contents(error) from None
    filled = check_rows(file.source, file.rows, desk.places)
    refusals = in_order([*table.refusals, *filled.refusals])
    if not table.rows.height and not table.refusals:
        refusals = (Refusal(1, "there is no row under the line of column names"),)
    return Checked(
        file.source,
        table.rows.height + len(table.refusals),
        len(filled.rows),
        refusals,
        len(table.header) - (len(file.rows.columns) - 1),
    )


def without_contents(error: WrongColumns) -> WrongColumns:
    """The same fault, without the file's own first line where it can hold data about people."""
    source = error.source
    if source.sensitivity != "personal":
        return error
    told = str(error).partition("; its columns are ")[0]
    return WrongColumns(source, f"{told}; `bluelamp template {source.id}` writes the right ones")


def check_rows(source: Source, rows: pl.DataFrame, places: Places) -> Filled:
    """Check rows (text columns by the template's names, and `line`): each is kept or refused."""
    refusals: list[Refusal] = []
    kept: list[dict[str, Any]] = []
    columns = list(filled_columns(source))
    hide = source.sensitivity == "personal"
    for row in rows.iter_rows(named=True):
        values: dict[str, Any] = {"line": int(row["line"])}
        faults: list[str] = []
        for column, fill in columns:
            value, words = _cell(column, fill, row.get(column.name), places, hide=hide)
            values[column.name] = value
            faults += [words] if words else []
        refusals += [Refusal(values["line"], f"{words}") for words in faults]
        if not faults:
            kept.append(values)
    once = _refuse_twins(source, kept, refusals)
    return Filled(source, once, in_order(refusals))


def _refuse_twins(
    source: Source, rows: list[dict[str, Any]], refusals: list[Refusal]
) -> list[dict[str, Any]]:
    """Take out the rows that say something of the same thing: which is right cannot be told."""
    names = [
        column.name
        for column, fill in filled_columns(source)
        if fill.identifier == "hash" or fill.becomes not in ("", "count", "value")
    ]
    if source.sensitivity == "personal" and not any(
        fill.identifier == "hash" for _, fill in filled_columns(source)
    ):
        return rows
    lines: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        lines.setdefault(tuple(row[name] for name in names), []).append(row["line"])
    for found in lines.values():
        for line in found if len(found) > 1 else ():
            others = ", ".join(str(other) for other in found[:5] if other != line)
            words = f"it is of the same {_of_what(names)} as line {others}; which is right"
            refusals.append(Refusal(line, f"{words} cannot be told, so take one out"))
    return [row for row in rows if len(lines[tuple(row[name] for name in names)]) == 1]


def _of_what(names: list[str]) -> str:
    return ", ".join(names[:-1]) + f" and {names[-1]}" if len(names) > 1 else names[0]


def _cell(
    column: Column, fill: Fill, text: str | None, places: Places, *, hide: bool
) -> tuple[Any, str]:
    """The value of a cell and '', or None and the words for what is wrong with it."""
    text = (text or "").strip()
    if not text:
        return None, f"{column.name} is empty" if column.needed else ""
    value = _value(fill, text, places)
    if value is not None:
        return value, ""
    shown = "what stands here" if hide else f"'{text[:60]}'"
    wanted = FORMS[fill.kind]
    if fill.choices:
        wanted += " (" + ", ".join(fill.choices) + ")"
    return None, f"{column.name}: {shown} is not {wanted}"


def _value(fill: Fill, text: str, places: Places) -> Any:
    """What the text of a cell means, or None where it means nothing."""
    if fill.kind == "month":
        return text if MONTH.fullmatch(text) else None
    if fill.kind == "day":
        return _day(text)
    if fill.kind in ("borough", "force", "ward"):
        return _place(fill.kind, text, places)
    if fill.kind == "count":
        whole = re.fullmatch(r"(\d{1,10})(\.0+)?", text, re.ASCII)
        return int(whole[1]) if whole and int(whole[1]) <= MOST else None
    if fill.kind in ("amount", "weight"):
        return _number(text, above=0.0 if fill.kind == "weight" else -math.inf)
    if fill.kind == "choice":
        listed = {choice.casefold(): choice for choice in fill.choices}
        return listed.get(" ".join(text.casefold().split()))
    return text if len(text) <= LONGEST_TEXT else None


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat() if len(text) == 10 else None
    except ValueError:
        return None


def _number(text: str, above: float) -> float | None:
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", text, re.ASCII):
        return None
    number = float(text)
    return number if above < number else None


def _place(kind: str, text: str, places: Places) -> str | None:
    """The code of an area of this kind, by its code or one of its spellings."""
    if text in places.gazetteer:
        area = places.gazetteer[text]
        return area.code if area.kind == kind else None
    if kind == "ward":  # ten names of wards are in two boroughs
        return None
    names = places.boroughs if kind == "borough" else places.forces
    return names.get(name_key(text))


def reading_of(filled: Filled, places: Places) -> Reading:
    """The rows as the tally has them. Records about people count one each."""
    source = filled.source
    columns = list(filled_columns(source))
    area = next((fill.kind for _, fill in columns if fill.becomes == "area"), "force")
    parents = places.parents()
    rows = [_tally_row(source, columns, row, places.force) for row in filled.rows]
    frame = pl.DataFrame(
        rows, schema_overrides={"line": pl.UInt32, "count": pl.Int64, "value": pl.Float64}
    )
    if frame.is_empty():
        return Reading(finish(_no_rows()), filled.refusals)
    within = pl.col("area").replace_strict(parents, default="", return_dtype=pl.String)
    frame = frame.with_columns(within=pl.col("area") if area == "force" else within)
    months = tuple(frame["month"].unique().sort().to_list())
    return Reading(finish(frame, level=area, scope="all"), filled.refusals, months)


def _tally_row(
    source: Source, columns: list[tuple[Column, Fill]], row: dict[str, Any], force: str
) -> dict[str, Any]:
    told: dict[str, Any] = {"area": force, "category": source.counts}
    groups = []
    for column, fill in columns:
        value = row[column.name]
        if fill.becomes == "group":
            groups += [f"{column.name}={value}"] if value is not None else []
        elif fill.becomes == "month":
            told["month"] = value[:7]
        elif fill.becomes and value is not None:
            told[fill.becomes] = value
    told["group"] = "; ".join(sorted(groups))
    if source.sensitivity == "personal":
        told["count"] = 1
    return {"line": row["line"], **told}


def _no_rows() -> pl.DataFrame:
    return pl.DataFrame(schema={"line": pl.UInt32})
