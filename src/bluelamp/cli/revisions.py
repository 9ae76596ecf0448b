"""`bluelamp revisions`: what a publisher changed in what it had published before."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.markup import escape

from bluelamp.cli.speaking import (
    Definitions,
    Home,
    console,
    day,
    fail,
    open_definitions,
    open_store,
    today,
)


def revisions(
    source: Annotated[str, typer.Argument(help="Id of the source, such as mps-recorded-crime.")],
    month: Annotated[str | None, typer.Option(help="One month (2023-06).")] = None,
    known_on: Annotated[
        str | None, typer.Option(help="As published by this day (default: today).")
    ] = None,
    received_by: Annotated[str | None, typer.Option(help="And received by this day.")] = None,
    output: Annotated[
        str, typer.Option("--format", help="text, or csv: every change by area and category.")
    ] = "text",
    home: Home = None,
    definitions: Definitions = None,
) -> None:
    """Show what changed between publications of the same month, with size and share.

    Example: bluelamp revisions mps-recorded-crime --month 2023-06
    """
    from bluelamp.cli.revision_tables import many_months, one_month
    from bluelamp.definitions import read_gazetteer
    from bluelamp.evidence.revisions import changes, history, steps
    from bluelamp.evidence.source import read_sources
    from bluelamp.evidence.store import StoreProblem
    from bluelamp.periods import Month, NotAPeriod

    if output not in ("text", "csv"):
        fail(f"--format: '{output}' is not one of text, csv", 2)
    root = open_definitions(definitions)
    sources = read_sources(root)
    if source not in sources:
        fail(f"there is no source '{source}'; the sources are {', '.join(sources)}", 2)
    store = open_store(home)
    try:
        wanted = str(Month.parse(month)) if month else None
        told = history(
            store,
            sources,
            source,
            on=day(known_on, "--known-on") or today(),
            received_by=day(received_by, "--received-by"),
            month=wanted,
        )
        if output == "csv":
            changes(store, told).write_csv(sys.stdout)
            return
        if told.is_empty():
            console.print(escape(f"no publication of {source} covers {wanted or 'any month'}"))
        elif wanted:
            names = {area.code: area.name for area in read_gazetteer(root)}
            one_month(steps(told), changes(store, told), names)
        else:
            many_months(steps(told))
    except NotAPeriod as error:
        fail(str(error), 2)
    except StoreProblem as error:
        fail(str(error))
