"""Answers `bluelamp figures`: figures straight from the store, as known on a date."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from bluelamp.definitions import DefinitionFaults, read_gazetteer, read_office
from bluelamp.evidence.geography.lookups import Lookups
from bluelamp.evidence.known import as_known
from bluelamp.evidence.source import read_sources
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context, series_of
from bluelamp.measures.definition import Measure, read_measures
from bluelamp.measures.series import Series
from bluelamp.measures.tables import FIGURE_SCHEMA, figure_table
from bluelamp.periods import KINDS, NotAPeriod, Period
from bluelamp.places import Area, Gazetteer, UnknownPlace

COLUMNS = (
    "measure",
    "area",
    "group",
    "period",
    "numerator",
    "denominator",
    "value",
    "lower",
    "upper",
    "status",
)
NOT_THEN = "no publication known on this date covers this period"
NOT_THERE = "no publication known on this date covers this area"
ONLY_R12 = "published only for the 12 months to the end of some months: --period r12 lists them"
NOTHING = (
    "no figure of {measure} answers this; ask for an earlier period or a later --known-on, "
    "or give --area, --from and --to to see the reason"
)


class QuestionFault(ValueError):
    """The question cannot be answered as asked; the message says how to ask."""


@dataclass(frozen=True)
class Question:
    """What was asked for on the command line."""

    measure: str
    areas: tuple[str, ...]
    start: str | None
    end: str | None
    kind: str
    known_on: date
    received_by: date | None
    output: str


def ask(store: Store, definitions: Path, question: Question) -> pl.DataFrame:
    """A frame of COLUMNS, ordered by area and time. Raises QuestionFault.

    A period asked for that nothing covers is answered with its reason, not left out.
    """
    if question.kind not in KINDS:
        raise QuestionFault(f"--period: '{question.kind}' is not one of {', '.join(KINDS)}")
    if question.output not in ("csv", "json"):
        raise QuestionFault(f"--format: '{question.output}' is not csv or json")
    try:
        measures, gazetteer = read_measures(definitions), read_gazetteer(definitions)
        sources, force = read_sources(definitions), read_office(definitions).force
    except DefinitionFaults as error:
        raise QuestionFault(f"the definitions have faults:\n{error}") from error
    if question.measure not in measures:
        raise QuestionFault(
            f"there is no measure '{question.measure}'; the measures are {', '.join(measures)}"
        )
    measure = measures[question.measure]
    areas = _areas(gazetteer, question.areas)
    bounds = _bounds(question)
    known = as_known(store, sources, on=question.known_on, received_by=question.received_by)
    lookups = Lookups(definitions, known)
    context = Context(known, sources, measures, gazetteer, force, lookups)
    series = series_of(measure, context)
    tables = [figure_table(one, [question.kind]) for one in _asked(series, areas)]
    frame = pl.concat(tables) if tables else pl.DataFrame(schema=FIGURE_SCHEMA)
    if areas:
        frame = frame.filter(pl.col("area").is_in(areas))
    frame = _within(frame, bounds)
    monthly = sources[measure.source].monthly
    why_not = {code: _why_not(gazetteer[code], series, measure, monthly) for code in areas}
    frame = pl.concat([frame, _unanswered(frame, why_not, bounds, question.kind)])
    return _ordered(frame).select(pl.lit(measure.id).alias("measure"), *COLUMNS[1:])


def _areas(gazetteer: Gazetteer, wanted: tuple[str, ...]) -> list[str]:
    try:
        return [gazetteer[code].code for code in wanted]
    except UnknownPlace as error:
        raise QuestionFault(f"--area: {error}; areas are asked for by GSS code") from error


def _asked(series: list[Series], areas: list[str]) -> Iterator[Series]:
    for one in series:
        if not areas or set(areas) & set(one.areas):
            yield one


def _bounds(question: Question) -> tuple[Period | None, Period | None]:
    def bound(text: str | None, option: str) -> Period | None:
        if text is None:
            return None
        try:
            period = Period.parse(text)
        except NotAPeriod as error:
            raise QuestionFault(f"{option}: {error}") from error
        # "--from 2023 --period month" starts with the year's first month.
        if period.kind == question.kind:
            return period
        month = period.first if option == "--from" else period.last
        try:
            return Period.containing(question.kind, month)
        except NotAPeriod as error:
            raise QuestionFault(f"{option}: {error}") from error

    first, last = bound(question.start, "--from"), bound(question.end, "--to")
    if first and last and last < first:
        raise QuestionFault(f"--from is later than --to: {first} and {last}")
    return first, last


def _within(frame: pl.DataFrame, bounds: tuple[Period | None, Period | None]) -> pl.DataFrame:
    first, last = bounds
    wanted = {
        text
        for text in frame["period"].unique()
        if (first is None or Period.parse(text) >= first)
        and (last is None or Period.parse(text) <= last)
    }
    return frame.filter(pl.col("period").is_in(list(wanted)))


def _why_not(area: Area, series: list[Series], measure: Measure, monthly: bool) -> str:
    """Why no figure of a measure answers for an area, where no series gives a reason of its own."""
    if area.kind not in measure.levels:
        return f"{measure.title} is not given by {area.kind}"
    if not any(area.code in one.areas for one in series if one.level == area.kind):
        return NOT_THERE if any(one.level == area.kind for one in series) else NOT_THEN
    return NOT_THEN if monthly else ONLY_R12


def _unanswered(
    frame: pl.DataFrame,
    areas: Mapping[str, str],
    bounds: tuple[Period | None, Period | None],
    kind: str,
) -> pl.DataFrame:
    """Rows for the areas (each with its reason) and periods that were asked for by name and that
    no figure answers."""
    first, last = bounds
    rows: list[dict[str, Any]] = []
    if areas and first and last:
        have = set(zip(frame["area"], frame["period"], strict=True))
        wanted = dict.fromkeys(
            str(Period.containing(kind, first.last + i))
            for i in range(last.last.index - first.last.index + 1)
        )
        for area, reason in areas.items():
            rows += [
                {
                    "kind": kind,
                    "area": area,
                    "group": "all",
                    "period": text,
                    "status": reason,
                    "receipts": "",
                }
                for text in wanted
                if (area, text) not in have and Period.parse(text) <= last
            ]
    return pl.DataFrame(rows, schema=FIGURE_SCHEMA)


def _ordered(frame: pl.DataFrame) -> pl.DataFrame:
    order = {text: Period.parse(text).last.index for text in frame["period"].unique()}
    if frame.is_empty():
        return frame
    return (
        frame.with_columns(_t=pl.col("period").replace_strict(order, return_dtype=pl.Int64))
        .sort("area", "_t")
        .drop("_t")
    )


def write(frame: pl.DataFrame, output: str, to: TextIO) -> None:
    """Print as CSV (a header and a line per figure) or as a JSON list."""
    records = [
        {name: _plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True)
    ]
    if output == "json":
        json.dump(records, to, indent=1, ensure_ascii=False)
        to.write("\n")
        return
    writer = csv.DictWriter(to, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "" if v is None else v for k, v in record.items()} for record in records)


def _plain(value: Any) -> Any:
    """Whole numbers without a decimal point; others to nine significant digits."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(f"{value:.9g}")
    return value
