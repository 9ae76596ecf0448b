"""`bluelamp template`: list the templates, write one out empty, check a filled one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from bluelamp.cli.speaking import Definitions, console, fail, open_definitions

if TYPE_CHECKING:
    from bluelamp.evidence.desk import Desk
    from bluelamp.evidence.source import Source

CHECK = "check"
SHOWN = 100


def template(
    name: Annotated[
        str | None,
        typer.Argument(help="Id of a template, or the word check.", show_default=False),
    ] = None,
    file: Annotated[
        Path | None, typer.Argument(help="With check: the filled file.", show_default=False)
    ] = None,
    to: Annotated[Path | None, typer.Option(help="Where to write the empty template.")] = None,
    definitions: Definitions = None,
) -> None:
    """Fill in what no one publishes: list the templates, write one out, check it when filled.

    Without a name it lists them. With --to it writes an empty CSV and, beside it, a CSV that says
    of each column what belongs there. The word check in place of a name looks at a filled file and
    names every fault by its line; nothing is received. The exit code is then 1 where there is one.

    Example: bluelamp template calls-for-service --to calls.csv
    """
    from bluelamp.definitions import DefinitionFaults
    from bluelamp.evidence.desk import Desk
    from bluelamp.evidence.templates import templates

    desk = Desk(open_definitions(definitions))
    try:
        known = templates(desk.sources)
    except DefinitionFaults as error:
        fail(f"the definitions have faults:\n{error}", 2)
    if name == CHECK:
        if file is None:
            fail("name the file: bluelamp template check FILE", 2)
        _check(desk, file)
    elif name is None:
        _list(known)
    else:
        _write(_named(name, known), to or Path(f"{name}.csv"))


def _list(known: dict[str, Source]) -> None:
    width = max(map(len, known), default=0)
    for source in known.values():
        people = "; about people, kept sealed" if source.sensitivity == "personal" else ""
        typer.echo(f"{source.id:<{width}}  {source.covers}{people}")


def _named(name: str, known: dict[str, Source]) -> Source:
    from bluelamp.definitions import meant

    if name not in known:
        close = meant(name, known) or "."
        fail(f"there is no template '{name}'{close} They are: {', '.join(known)}", 2)
    return known[name]


def _write(source: Source, path: Path) -> None:
    from bluelamp.evidence.templates import blank, dictionary

    beside = path.with_name(f"{path.stem}-columns.csv")
    for there in (path, beside):
        if there.exists():
            fail(f"{there} exists already; nothing was written")
    try:
        path.write_text(blank(source), encoding="utf-8")
        # With its mark, so that a spreadsheet program reads it as UTF-8.
        beside.write_text(dictionary(source), encoding="utf-8-sig")
    except OSError as error:
        fail(f"{path} cannot be written ({error.strerror})")
    typer.echo(path)
    typer.echo(beside)
    for caveat in source.caveats:
        console.print(f"Note: {escape(caveat)}")
    console.print(f"When it is filled: [b]bluelamp template check {escape(str(path))}[/b]")


def _check(desk: Desk, path: Path) -> None:
    from bluelamp.evidence.opening import CannotOpen
    from bluelamp.evidence.recognise import NotRecognised, WrongColumns
    from bluelamp.evidence.templates import check_file

    try:
        found = check_file(desk, path.read_bytes())
    except OSError as error:
        fail(f"{path} cannot be read ({error.strerror})")
    except (CannotOpen, NotRecognised, WrongColumns) as error:
        fail(f"{path}: {error}")
    for refusal in found.refusals[:SHOWN]:
        typer.echo(f"line {refusal.line}: {refusal.reason}")
    if len(found.refusals) > SHOWN:
        console.print(f"and {len(found.refusals) - SHOWN:,} more")
    if found.unread:
        console.print(
            f"columns that the template does not have and that are not read: {found.unread}"
        )
    refused = found.rows_read - found.rows_kept
    console.print(
        f"{escape(found.source.title)}: {found.rows_read:,} rows read, "
        f"{found.rows_kept:,} without fault, {refused:,} with faults"
    )
    if found.refusals:
        raise typer.Exit(1)
    console.print(f"[green]No fault.[/] Take it in: [b]bluelamp receive {escape(str(path))}[/b]")
