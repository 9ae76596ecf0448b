"""Open data: the tables of `/data/` as CSV, one way of writing numbers for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import polars as pl

from bluelamp.plan.commitment import Commitment
from bluelamp.public.opened import OpenRelease
from bluelamp.signals.finding import Finding, TargetReading
from bluelamp.signals.gap_reading import GapReading

COLUMNS = (
    "measure", "area", "group", "period", "numerator", "denominator", "value", "lower", "upper",
    "status",
)  # fmt: skip


def figures_csv(opened: OpenRelease, measure: str) -> str:
    """Every figure of a measure; only the heading row where the release has none."""
    frame = opened.whole_frame(measure)
    if frame is None:
        return ",".join(COLUMNS) + "\n"
    numbers = [
        plain_number(name) for name in ("numerator", "denominator", "value", "lower", "upper")
    ]
    return (
        frame.with_columns(pl.lit(measure).alias("measure"), *numbers).select(COLUMNS).write_csv()
    )


def plain_number(column: str) -> pl.Expr:
    """A whole number without its `.0`; six decimals are finer than any interval here."""
    value = pl.col(column).cast(pl.Float64).round(6)
    whole = value.cast(pl.Int64, strict=False)
    return (
        pl.when(value == whole)
        .then(whole.cast(pl.String))
        .otherwise(value.cast(pl.String))
        .alias(column)
    )


def areas_csv(opened: OpenRelease) -> str:
    """Every area of the territory and every named place outside the boroughs."""
    areas = (*opened.forces, *opened.boroughs, *opened.wards, *opened.outside)
    rows = {
        "code": [a.code for a in areas],
        "name": [a.name for a in areas],
        "kind": ["place outside the boroughs" if a.outside else a.kind for a in areas],
        "boundaries": [a.edition for a in areas],
        "lies_in": [a.parent for a in areas],
    }
    return pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String)).write_csv()


def corrections_csv(opened: OpenRelease) -> str:
    """Every change of a month's total or of one kind in it between two publications, by source,
    level and month; between two systems of categories of the total only (`new_system`)."""
    names = ("before", "after", "change", "share")
    table = opened.release.corrections
    return table.with_columns(plain_number(name) for name in names).write_csv()


def findings_csv(opened: OpenRelease) -> str:
    """Every finding. `status` says what is shown as a change, whatever its `p_value` alone is."""
    return _written(FINDING_COLUMNS, (_finding(each) for each in opened.release.findings))


def _finding(finding: Finding) -> dict[str, Any]:
    """A finding's cells; a p-value keeps three figures however small it is."""
    small = {"p_value": finding.p_value, "q_value": finding.q_value}
    return asdict(finding) | {k: None if v is None else f"{v:.3g}" for k, v in small.items()}


GAP_COLUMNS = ("gap", "first", "last", *(field.name for field in fields(GapReading)))


def gaps_csv(opened: OpenRelease) -> str:
    """Every comparison of two groups; `kind` is empty where all kinds are taken together."""
    rows = (
        asdict(reading) | {"gap": result.gap, "first": result.first, "last": result.last}
        for result in opened.release.gap_results.values()
        for reading in result.readings
    )
    return _written(GAP_COLUMNS, rows)


# --- plans ----------------------------------------------------------------------------------------

FINDING_COLUMNS = tuple(field.name for field in fields(Finding))
COMMITMENT_COLUMNS = (
    "edition", "commitment",
    *(field.name for field in fields(Commitment) if field.name != "id"),
)  # fmt: skip
LINE_COLUMNS = (
    "edition", "line", "number", "priority", "kind", "title", "promise", "place", "note", "part",
    "hope", "what", "measures", "target", "missing", "holder", "proxy", "reading", "sentence",
    "over_the_plan", "progress",
)  # fmt: skip
# The way to a target, month by month, is in the API: it would be a table in a cell here.
TARGET_COLUMNS = tuple(field.name for field in fields(TargetReading) if field.name != "points")
QUOTED_COLUMNS = (
    "edition", "theme", "figure", "what", "printed", "value", "unit", "place", "announced",
    "verdict", "ours", "how", "reason", "sentence",
)  # fmt: skip


def commitments_csv(opened: OpenRelease) -> str:
    """Every commitment of every edition, in the order in which it makes them."""
    rows = (
        asdict(each) | {"edition": edition.plan.id, "commitment": each.id}
        for edition in opened.release.editions.values()
        for each in edition.commitments
    )
    return _written(COMMITMENT_COLUMNS, rows)


def lines_csv(opened: OpenRelease) -> str:
    """Every line of every edition, a row for each part, and what is said of it for the force."""
    rows = (
        asdict(line)
        | asdict(part)
        | {
            "edition": edition.plan.id,
            "line": line.id,
            "part": number,
            "target": part.target.words if part.target else "",
        }
        | _read(opened, edition.plan.id, line.id)
        for edition in opened.release.editions.values()
        for line in edition.lines
        for number, part in enumerate(line.parts, 1)
    )
    return _written(LINE_COLUMNS, rows)


def _read(opened: OpenRelease, edition: str, line: str) -> dict[str, str]:
    """What is said of a line for the whole force; nothing where it was not read."""
    reading = opened.release.reading(edition, line, opened.force.code)
    names = ("reading", "sentence", "over_the_plan", "progress")
    return {name: getattr(reading, name) if reading else "" for name in names}


def targets_csv(opened: OpenRelease) -> str:
    """What is said of every target, area by area; only the heading row where none was read."""
    return _written(TARGET_COLUMNS, (asdict(target) for target in opened.release.targets))


def quoted_csv(opened: OpenRelease) -> str:
    """Every number that an edition quotes beside the same number made again."""
    rows = []
    for edition in opened.release.editions.values():
        for theme in edition.themes:
            for figure in theme.figures:
                ids = {"edition": edition.plan.id, "theme": theme.id, "figure": figure.id}
                reading = opened.release.quoted.get((edition.plan.id, figure.id))
                rows.append(asdict(figure) | (asdict(reading) if reading else {}) | ids)
    return _written(QUOTED_COLUMNS, rows)


def _written(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV: several values in a cell with semicolons between them, nothing for None."""
    table = [[_cell(row.get(column)) for column in columns] for row in rows]
    schema = dict.fromkeys(columns, pl.String)
    return pl.DataFrame(table, schema=schema, orient="row").write_csv()


def _cell(value: Any) -> str | None:
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value)) or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return None if value is None or value == "" else str(value)
