"""How `bluelamp store list` shows what was received: for a terminal, as CSV, as Markdown."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence

from rich.markup import escape
from rich.table import Table

from bluelamp.cli.speaking import console
from bluelamp.evidence.source import Source
from bluelamp.evidence.stocktaking import OfSource, Said, total

UNKNOWN = "of no known source"
NOT_IN_THE_STORE = "Files that no source knows are left alone, and are not in the store."
ON_PURPOSE = "Left alone on purpose, and so not in the store:"
COLUMNS = (
    "source",
    "publisher",
    "files",
    "first_month",
    "last_month",
    "rows_read",
    "rows_kept",
    "rows_refused",
    "why_most_were_refused",
    "notes",
)
HEADINGS = (
    ("source", "files", "months", "rows read", "kept", "refused"),
    ("files", "rows read", "kept", "refused"),  # these hold numbers
)


def left_alone(sources: Iterable[Source]) -> list[Source]:
    """The sources that are known and never received."""
    return [source for source in sources if source.reader == "left_alone"]


def as_table(stock: Sequence[OfSource], alone: Sequence[Source]) -> None:
    """For people: the numbers, then by source why rows were refused and what is worth knowing."""
    headings, numbers = HEADINGS
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        right = heading in numbers
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    for one in (*stock, total(stock)):
        name = one.source or UNKNOWN
        cells = (one.files, one.rows_read, one.rows_kept, one.rows_refused)
        files, *rows = (f"{cell:,}" for cell in cells)
        style = "bold" if one.source == "total" else None
        table.add_row(escape(name), files, _months(one), *rows, style=style)
    console.print(table)
    for one in stock:
        for what, sentences in (("refused", one.refusals), ("note", one.notes)):
            for said in sentences:
                name = one.source or UNKNOWN
                console.print(f"[b]{escape(name)}[/] {what}: {escape(_told(said))}")
    if alone:
        console.print(f"{ON_PURPOSE} {', '.join(source.id for source in alone)}")
    console.print(NOT_IN_THE_STORE)


def as_csv(stock: Sequence[OfSource]) -> None:
    """A header and a line per source."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in stock:
        writer.writerow(
            (
                one.source,
                one.publisher,
                one.files,
                one.first_month,
                one.last_month,
                one.rows_read,
                one.rows_kept,
                one.rows_refused,
                _most(one.refusals),
                "; ".join(_told(said) for said in one.notes),
            )
        )


def as_markdown(stock: Sequence[OfSource], alone: Sequence[Source]) -> str:
    """Three tables: what was received, what should be known of it, what is left alone."""
    rows = []
    for one in (*stock, total(stock)):
        name = f"`{one.source}`" if one.source not in ("", "total") else one.source or UNKNOWN
        numbers = (f"{n:,}" for n in (one.rows_read, one.rows_kept, one.rows_refused))
        why = _most(one.refusals)
        rows.append((name, one.publisher, f"{one.files:,}", _months(one), *numbers, why))
    headings = ("source", "publisher", "files", "months", "rows read", "kept", "refused")
    parts = [_markdown((*headings, "why most were refused"), rows, right=(2, 4, 5, 6))]
    notes = [(f"`{one.source}`", _told(said)) for one in stock for said in one.notes]
    if notes:
        parts.append(_markdown(("noted of", "what its reader says of files"), notes))
    if alone:
        why_not = [(f"`{source.id}`", source.title, " ".join(source.caveats)) for source in alone]
        parts.append(_markdown(("left alone", "what it is", "why"), why_not))
    return "\n\n".join((*parts, NOT_IN_THE_STORE))


def _markdown(
    headings: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()
) -> str:
    rule = ["--:" if number in right else "---" for number, _ in enumerate(headings)]
    lines = (headings, rule, *rows)
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _months(one: OfSource) -> str:
    if one.first_month == one.last_month:
        return one.first_month
    return f"{one.first_month} to {one.last_month}"


def _most(refusals: Sequence[Said]) -> str:
    """The reason of the most rows, and how many reasons there are beside it."""
    if not refusals:
        return ""
    more = len(refusals) - 1
    if not more:
        return refusals[0].words
    return f"{_told(refusals[0])}; {more:,} more reason{'' if more == 1 else 's'}"


def _told(said: Said) -> str:
    number, noun = (said.rows, "row") if said.rows else (said.files, "file")
    return f"{said.words} ({number:,} {noun}{'' if number == 1 else 's'})"
