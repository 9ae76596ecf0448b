"""What every verb shares: how it speaks, what it is asked, how it finds the definitions."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from bluelamp.evidence.desk import Desk
    from bluelamp.evidence.store import Store

# Where nobody looks on (a log, a pipe) there is no edge to wrap at.
console = Console(
    stderr=True, highlight=False, soft_wrap=True, width=None if sys.stderr.isatty() else 120
)

Home = Annotated[
    Path | None,
    typer.Option("--home", envvar="BLUELAMP_HOME", help="The store's folder (default ./var)."),
]
Definitions = Annotated[
    Path | None,
    typer.Option(
        "--definitions", envvar="BLUELAMP_DEFINITIONS", help="Another office's definitions."
    ),
]
Wait = Annotated[
    float,
    typer.Option("--wait", metavar="SECONDS", help="Wait so long for another writer to end."),
]
EngineAt = Annotated[
    str,
    typer.Option(
        "--engine",
        envvar="BLUELAMP_ENGINE",
        metavar="ADDRESS",
        help="What adds the rows up: embedded (DuckDB), or Spark at spark://host:port.",
    ),
]
Day = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD")]


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what is wrong and stop."""
    console.print(f"[bold red]bluelamp:[/] {escape(message)}", markup=True)
    raise typer.Exit(code)


def day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{option}: '{text}' is not a date; write it as 2026-04-30", 2)


def today() -> date:
    """The day of receipt, in UTC: a receipt does not depend on where it is written."""
    return datetime.now(UTC).date()


def open_definitions(chosen: Path | None) -> Path:
    from bluelamp.definitions import definitions_root

    try:
        return definitions_root(chosen)
    except FileNotFoundError as error:
        fail(str(error), 2)


def open_store(home: Path | None) -> Store:
    from bluelamp.evidence.store import Store, StoreProblem
    from bluelamp.evidence.store import home as store_home

    try:
        return Store(store_home(home))
    except StoreProblem as error:
        fail(str(error))


def open_desk(definitions: Path, engine: str) -> Desk:
    """Where files are read, with the engine that was asked for."""
    from bluelamp.evidence.desk import Desk
    from bluelamp.evidence.engine import EngineProblem, engine_at

    try:
        return Desk(definitions, engine_at(engine))
    except EngineProblem as error:
        fail(f"--engine: {error}", 2)
