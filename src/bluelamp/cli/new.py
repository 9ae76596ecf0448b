"""The verbs of `bluelamp new`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from bluelamp.cli.speaking import Definitions, console, day, fail, open_definitions, today
from bluelamp.definitions import as_typed

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Begin an office, a plan edition or a measure.\n\n"
    "Each verb writes files that say what belongs into them. [b]bluelamp check[/b] then lists "
    "what is still to be written, with file and line. Nothing that exists is overwritten.",
)


@app.command()
def edition(
    name: Annotated[str, typer.Argument(help="Its id and address, such as surrey-2028.")],
    starts: Annotated[str, typer.Option(help="First day in force (2028-04-01).")],
    ends: Annotated[str, typer.Option(help="Last day in force (2032-03-31).")],
    definitions: Definitions = None,
) -> None:
    """Begin a plan edition: a folder with a commented file of each kind.

    Example: bluelamp new edition london-2028 --starts 2028-05-05 --ends 2032-05-04
    """
    from bluelamp.cli.beginning import CannotBegin, begin_edition
    from bluelamp.definitions import DefinitionFaults

    first, last = day(starts, "--starts"), day(ends, "--ends")
    assert first is not None
    assert last is not None
    try:
        begun = begin_edition(open_definitions(definitions), name, first, last)
    except (CannotBegin, DefinitionFaults) as error:
        fail(str(error), 2)
    _tell(begun.files)


@app.command()
def measure(
    name: Annotated[str, typer.Argument(help="Its id and address, such as shoplifting.")],
    source: Annotated[str, typer.Option(help="Id of the source that it is counted from.")],
    definitions: Definitions = None,
) -> None:
    """Begin a measure: one commented file.

    Example: bluelamp new measure shoplifting --source mps-recorded-crime
    """
    from bluelamp.cli.beginning import CannotBegin, begin_measure

    try:
        begun = begin_measure(open_definitions(definitions), name, source, today())
    except CannotBegin as error:
        fail(str(error), 2)
    _tell(begun.files)


@app.command()
def office(
    folder: Annotated[Path, typer.Argument(help="Where to put its definitions.")],
    force: Annotated[str, typer.Option(help="Code of its police force area, such as E23000034.")],
    name: Annotated[str, typer.Option(help="What the office is called.")],
    plan: Annotated[str, typer.Option(help="The edition that will lead, such as surrey-2028.")],
    address: Annotated[str, typer.Option(help="The office's web address.")],
    definitions: Definitions = None,
) -> None:
    """Begin another office's definitions, with what holds for every force of England and Wales.

    Example: bluelamp new office surrey --force E23000031 --name "Surrey Commissioner" \\
    --plan surrey-2028 --address https://www.surrey-pcc.gov.uk/
    """
    from bluelamp.cli.beginning import CannotBegin, begin_office

    try:
        begun = begin_office(
            open_definitions(definitions),
            folder,
            force=force,
            name=name,
            plan=plan,
            address=address,
        )
    except CannotBegin as error:
        fail(str(error), 2)
    _tell(begun.files)
    console.print(
        f"Its first edition: [b]bluelamp new edition {plan} --definitions {escape(str(folder))} "
        "--starts YYYY-MM-DD --ends YYYY-MM-DD[/b]"
    )


def _tell(files: tuple[Path, ...]) -> None:
    for path in files:
        typer.echo(as_typed(path))
    console.print("See what is still to be written: [b]bluelamp check[/b]")
