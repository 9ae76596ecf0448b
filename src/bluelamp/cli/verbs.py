"""The `bluelamp` command: one verb per step of the way of a number.

Heavy libraries are imported inside the verbs, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bluelamp.cli.claims import claims
from bluelamp.cli.credits import credits
from bluelamp.cli.fetching import fetch
from bluelamp.cli.new import app as new
from bluelamp.cli.personal import app as personal
from bluelamp.cli.revisions import revisions
from bluelamp.cli.speaking import (
    Definitions,
    EngineAt,
    Home,
    Wait,
    console,
    day,
    fail,
    open_definitions,
    open_desk,
    open_store,
    today,
)
from bluelamp.cli.store import app as store_care
from bluelamp.cli.template import template

if TYPE_CHECKING:
    from bluelamp.releases.release import Release

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Blue Lamp keeps a police and crime plan as data and runs it.\n\n"
    "The way of a number: [b]receive[/b] files, [b]build[/b] a release, [b]serve[/b] it; "
    "[b]figures[/b] asks for numbers, [b]trace[/b] follows one back to its file;\n"
    "[b]claims[/b] checks what a press note says of them.\n\n"
    "Write a plan or a measure: [b]new[/b], then [b]check[/b].\n\n"
    "Try it without any data: [b]bluelamp demo[/b]",
)
app.add_typer(new, name="new")
app.add_typer(personal, name="personal")
app.command()(template)
app.add_typer(store_care, name="store")
app.command()(revisions)
app.command()(fetch)
app.command()(credits)
app.command()(claims)


def open_release(folder: Path) -> Release:
    from bluelamp.releases.release import NotARelease, Release

    try:
        return Release(folder)
    except NotARelease as error:
        fail(str(error), 2)


@app.command()
def receive(
    paths: Annotated[
        list[Path], typer.Argument(help="Files, folders or zips.", show_default=False)
    ],
    on: Annotated[str | None, typer.Option(help="Day of receipt (default: today, UTC).")] = None,
    published: Annotated[
        str | None, typer.Option(help="Day of publication of all of them (default: inferred).")
    ] = None,
    wait: Wait = 0.0,
    engine: EngineAt = "embedded",
    home: Home = None,
    definitions: Definitions = None,
) -> None:
    """Take files in: keep their bytes, read them, give each a receipt.

    A file is recognised by its columns, not its name. Receiving it again changes nothing,
    unless rows were refused and the definitions have been mended since. The exit code is 1 where a
    file was refused, wholly or in part; the others are received all the same.

    Example: bluelamp receive downloads/ --on 2026-04-01
    """
    from bluelamp.cli.progress import Bar, closing_table
    from bluelamp.evidence.engine import EngineProblem
    from bluelamp.evidence.receive import receive as take_in
    from bluelamp.evidence.store import StoreProblem

    store, desk = open_store(home), open_desk(open_definitions(definitions), engine)
    try:
        with Bar(console) as bar:
            outcomes = take_in(
                store,
                desk,
                paths,
                on=day(on, "--on") or today(),
                published=day(published, "--published"),
                progress=bar.move,
                wait=wait,
                say=console.print,
            )
    except (StoreProblem, EngineProblem) as error:
        fail(str(error))
    closing_table(console, outcomes)
    if not outcomes:
        fail("there is no file to receive in " + ", ".join(str(path) for path in paths))
    if any(outcome.is_fault for outcome in outcomes):
        raise typer.Exit(1)


@app.command()
def build(
    plan: Annotated[str, typer.Option(help="The plan edition that leads, such as london-2017.")],
    known_on: Annotated[
        str, typer.Option(help="Use what was published on or before this day (2026-04-30).")
    ],
    received_by: Annotated[
        str | None, typer.Option(help="And received on or before this day.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the release.")] = None,
    home: Home = None,
    definitions: Definitions = None,
) -> None:
    """Make a release: figures, findings and receipts of one date in one folder that never changes.

    Example: bluelamp build --plan london-2017 --known-on 2026-04-30
    """
    from bluelamp.definitions import DefinitionFaults
    from bluelamp.releases.build import CannotBuild, Order
    from bluelamp.releases.build import build as make
    from bluelamp.releases.shelf import next_folder, predecessor

    store, root = open_store(home), open_definitions(definitions)
    known = day(known_on, "--known-on")
    assert known is not None
    shelf = store.root / "releases"
    order = Order(
        root, plan, known, day(received_by, "--received-by"), predecessor(shelf, plan, known)
    )
    folder = out or next_folder(shelf, plan, known)
    try:
        with console.status("starting") as status:
            release = make(store, order, folder, lambda words: status.update(words))
    except DefinitionFaults as error:
        fail(f"the definitions have faults:\n{error}", 2)
    except (CannotBuild, FileExistsError, FileNotFoundError) as error:
        fail(str(error))
    family = release.manifest.family
    console.print(f"[green]Release[/] {release.manifest.id}")
    console.print(
        f"{family['tested']:,} findings tested together, {family['changed']:,} changed "
        f"(false discovery rate {family['rate']:.0%})"
    )
    console.print(f"Look at it: [b]bluelamp serve --release {release.folder}[/b]")
    typer.echo(release.folder)


@app.command()
def rebuild(
    release: Annotated[Path, typer.Argument(help="The folder of a release.")],
    out: Annotated[Path | None, typer.Option(help="Keep the rebuilt release here.")] = None,
    home: Home = None,
) -> None:
    """Make a release again from exactly its receipts and definitions, and compare the bytes.

    The exit code is 1 where a file differs; each is named.

    Example: bluelamp rebuild var/releases/london-2017-2026-04-30
    """
    import tempfile

    from bluelamp.definitions import DefinitionFaults
    from bluelamp.releases.build import CannotBuild
    from bluelamp.releases.build import rebuild as make_again
    from bluelamp.releases.release import NotARelease

    store, old = open_store(home), open_release(release)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with console.status("starting") as status:
                found = make_again(
                    store, old, out or Path(scratch) / "release", lambda words: status.update(words)
                )
        except (CannotBuild, NotARelease, FileExistsError, DefinitionFaults) as error:
            fail(str(error))
    if found.identical:
        console.print(f"[green]The same bytes[/]: {len(found.same)} files")
        return
    for word, names in (
        ("differs", found.different),
        ("was not made", found.missing),
        ("is new", found.surplus),
    ):
        for name in names:
            console.print(f"{name} {word}")
    if found.code_version != old.manifest.code_version:
        console.print(
            f"it was made with bluelamp {old.manifest.code_version}; this is {found.code_version}"
        )
    fail("the rebuilt release is not the same")


@app.command()
def trace(
    release: Annotated[Path, typer.Argument(help="The folder of a release.")],
    measure: Annotated[str, typer.Argument(help="Id of the measure, such as burglary.")],
    area: Annotated[str, typer.Argument(help="GSS code of the area, such as E09000008.")],
    period: Annotated[
        str, typer.Argument(help="2023-06, 2023-Q2, fy2023-24, 2023 or r12-2023-06.")
    ],
) -> None:
    """Follow one published number back to the hash of the file it came from.

    Example: bluelamp trace var/releases/london-2017-2026-04-30 burglary E09000008 2025-06
    """
    from bluelamp.periods import NotAPeriod
    from bluelamp.places import UnknownPlace
    from bluelamp.releases.trace import NoSuchFigure
    from bluelamp.releases.trace import trace as follow

    try:
        found = follow(open_release(release), measure, area, period)
    except (NoSuchFigure, NotAPeriod, UnknownPlace) as error:
        fail(str(error))
    for line in found.lines():
        typer.echo(line)


@app.command()
def figures(
    measure: Annotated[str, typer.Argument(help="Id of the measure, such as burglary.")],
    area: Annotated[list[str] | None, typer.Option(help="GSS code; may be given again.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First period.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last period.")] = None,
    period: Annotated[str, typer.Option(help="month, quarter, fy, year or r12.")] = "month",
    known_on: Annotated[
        str | None, typer.Option(help="As known on this day (default: today).")
    ] = None,
    received_by: Annotated[str | None, typer.Option(help="And received by this day.")] = None,
    output: Annotated[str, typer.Option("--format", help="csv or json.")] = "csv",
    home: Home = None,
    definitions: Definitions = None,
) -> None:
    """Print figures from the store: measure, area, group, period, value, interval, status.

    Example: bluelamp figures burglary --area E23000001 --from 2023-01 --to 2023-12
    """
    from bluelamp.cli.asking import NOTHING, Question, QuestionFault, ask, write

    question = Question(
        measure,
        tuple(area or ()),
        start,
        end,
        period,
        day(known_on, "--known-on") or today(),
        day(received_by, "--received-by"),
        output,
    )
    try:
        answer = ask(open_store(home), open_definitions(definitions), question)
    except QuestionFault as error:
        fail(str(error), 2)
    write(answer, output, sys.stdout)
    if answer.is_empty():
        console.print(NOTHING.format(measure=measure), markup=False)


@app.command()
def serve(
    release: Annotated[Path, typer.Option(help="The folder of a release.")],
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve a release as public pages and API. Stop with Ctrl+C.

    Example: bluelamp serve --release var/releases/london-2017-2026-04-30
    """
    from bluelamp.web.serve import serve as run

    folder = open_release(release).folder
    try:
        run(
            folder,
            host=host,
            port=port,
            ready=lambda address: console.print(f"Serving at [b]{address}[/b] (Ctrl+C stops it)"),
        )
    except OSError as error:
        fail(error.strerror or str(error))


@app.command()
def publish(
    release: Annotated[Path, typer.Option(help="The folder of a release.")],
    to: Annotated[Path, typer.Option(help="Folder for the pages.")],
) -> None:
    """Write a release's public pages as plain files that any web server can hand out.

    Example: bluelamp publish --release var/releases/london-2017-2026-04-30 --to site
    """
    from bluelamp.cli.progress import Bar
    from bluelamp.public.publish import CannotPublish
    from bluelamp.public.publish import publish as write_pages

    folder = open_release(release).folder
    try:
        with Bar(console) as bar:
            count = write_pages(folder, to, progress=bar.move)
    except CannotPublish as error:
        fail(str(error))
    console.print(f"[green]{count:,} files[/] written to {to}")


@app.command()
def check(definitions: Definitions = None) -> None:
    """Read every definition and name each fault with its file and line.

    Example: bluelamp check --definitions definitions
    """
    from bluelamp.cli.checking import check_all
    from bluelamp.definitions import DefinitionFaults

    root = open_definitions(definitions)
    try:
        found = check_all(root)
    except DefinitionFaults as error:
        number = len(error.faults)
        fail(f"{number} fault{'s' if number > 1 else ''} in the definitions\n{error}", 2)
    console.print(f"[green]No fault[/] in {found}")


def _become(*words: str) -> NoReturn:
    """Go on as another call of the command, in a process that has done nothing yet.

    The server forks, and a fork of a process whose libraries have threads (Polars while building,
    Vega after a chart) waits for ever for a lock that no thread will give back.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", "bluelamp.cli", *words])


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port to serve at.")] = 8000,
    build_only: Annotated[
        bool, typer.Option("--build-only", help="Build, but do not serve.")
    ] = False,
    home: Home = None,
) -> None:
    """Make up a London, receive, build and serve it: the whole way of a number, without data.

    Example: bluelamp demo
    """
    from bluelamp.cli.demonstration import make
    from bluelamp.evidence.store import StoreProblem
    from bluelamp.evidence.store import home as store_home

    try:
        folder = make(store_home(home) / "demo", open_definitions(None), console)
    except StoreProblem as error:
        fail(str(error))
    console.print(
        "\n[b]Next steps[/b]\n"
        f"  follow a number to its file   bluelamp trace {folder} burglary E09000008 2025-06\n"
        f"  write the pages as files      bluelamp publish --release {folder} --to site\n"
        "  use real data                 bluelamp receive PATH... (see README.md)\n"
        "  add a measure                 docs/how-to/add-a-measure.md\n"
    )
    if not build_only:
        _become("serve", "--release", str(folder), "--port", str(port))
