"""How `bluelamp revisions` shows what a publisher changed, in tables that fit a terminal."""

from __future__ import annotations

import polars as pl
import typer
from rich.markup import escape
from rich.table import Table

from bluelamp.cli.speaking import console
from bluelamp.evidence.reading import LEVELS

MOST_SHOWN = 20


def one_month(whole: pl.DataFrame, changed: pl.DataFrame, names: dict[str, str]) -> None:
    """Each publication that said something new, and where the last one differs most."""
    for (level, scope), rows in _units(whole):
        typer.echo(f"{_title(level, scope)}: {_chain(rows)}")
        table = _table("published", "total", "change", "share")
        for row in rows.iter_rows(named=True):
            table.add_row(row["published_on"], _number(row["total"]), *_size(row))
        console.print(table)
        last = rows["published_on"].max()
        moved = changed.filter(
            (pl.col("level") == level)
            & (pl.col("scope") == scope)
            & (pl.col("published_after") == last)
        )
        _most_moved(moved, names)


def _most_moved(moved: pl.DataFrame, names: dict[str, str]) -> None:
    if moved.is_empty():
        return
    ordered = moved.sort(
        pl.col("change").abs(), "area", "category", descending=[True, False, False]
    )
    shown = ordered.filter(pl.col("category") != "") if (moved["category"] != "").any() else ordered
    table = _table("area", "category", "before", "after", "change", "share")
    for row in shown.head(MOST_SHOWN // 4).iter_rows(named=True):
        table.add_row(
            escape(names.get(row["area"], row["area"])),
            escape(row["category"] or "all"),
            _number(row["before"]),
            _number(row["after"]),
            *_size(row),
        )
    console.print(f"what changed most in the publication of {moved['published_after'][0]}:")
    console.print(table)


def many_months(whole: pl.DataFrame) -> None:
    """The months that changed, the largest change from the first publication to the last first."""
    table = _table("month", "of", "published as", "change", "share")
    found = []
    for (month, level, scope), rows in whole.group_by(
        "month", "level", "scope", maintain_order=True
    ):
        first, last = rows["total"][0], rows["total"][-1]
        if rows.height > 1:
            change = {"change": last - first, "share": (last - first) / first if first else None}
            found.append((abs(last - first), str(month), _title(level, scope), rows, change))
    found.sort(key=lambda one: (-one[0], one[1], one[2]))
    for _, month, title, rows, change in found[:MOST_SHOWN]:
        table.add_row(month, escape(title), _chain(rows), *_size(change))
    if not found:
        console.print("no month that was published more than once has another total now")
        return
    console.print(table)
    if len(found) > MOST_SHOWN:
        console.print(f"and {len(found) - MOST_SHOWN:,} more; all of them: --format csv")


def _units(whole: pl.DataFrame) -> list[tuple[tuple[str, str], pl.DataFrame]]:
    parts = {
        (str(level), str(scope)): rows
        for (level, scope), rows in whole.group_by("level", "scope", maintain_order=True)
    }
    return sorted(parts.items(), key=lambda part: (LEVELS.index(part[0][0]), part[0][1]))


def _title(level: object, scope: object) -> str:
    return str(level) if scope in ("", "all") else f"{level}, {scope}"


def _chain(rows: pl.DataFrame) -> str:
    return " -> ".join(_number(total) for total in rows["total"])


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in headings:
        right = heading in ("total", "change", "share", "before", "after")
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    return table


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3f}"


def _size(row: dict[str, float | None]) -> tuple[str, str]:
    change, share = row["change"], row["share"]
    signed = "" if change is None else ("+" if change > 0 else "") + _number(change)
    return signed, "" if share is None else f"{share:+.2%}"
