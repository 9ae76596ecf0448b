"""The verbs of `bluelamp store`: looking after what was received."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

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

if TYPE_CHECKING:
    from bluelamp.evidence.backup import Restored
    from bluelamp.evidence.packing import Extent

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Look after what was received: [b]verify[/b] it, [b]backup[/b] and [b]restore[/b] it, "
    "[b]pack[/b] it, [b]list[/b] it, and see in [b]quarantine[/b] what was refused.\n\n"
    "One process writes to a store at a time; any number may read meanwhile.",
)


@app.command()
def verify(
    deep: Annotated[
        bool, typer.Option("--deep", help="Read every file again and compare (takes longer).")
    ] = False,
    home: Home = None,
    definitions: Definitions = None,
) -> None:
    """Check every hash, every receipt and every table; say what to do about each fault.

    The exit code is 1 where something received is damaged or missing.

    Example: bluelamp store verify --deep
    """
    from bluelamp.cli.progress import Bar
    from bluelamp.evidence.desk import Desk
    from bluelamp.evidence.store import StoreProblem
    from bluelamp.evidence.verifying import verify as look_at

    store, desk = open_store(home), Desk(open_definitions(definitions))
    try:
        with Bar(console) as bar:
            found = look_at(store, desk, deep=deep, progress=bar.move)
    except StoreProblem as error:
        fail(str(error))
    again = f", {found.read_again:,} read again" if deep else ""
    if found.people:
        again += f"; {_counted(found.people, 'sealed file')} of records about people"
    console.print(
        f"{found.receipts:,} receipts, {found.files:,} files, {_size(found.bytes)} received{again}"
    )
    for fault in found.faults:
        console.print(f"[red]fault[/] {escape(f'{fault.where}: {fault.what}')}")
        console.print(f"  {escape(fault.remedy)}")
    if found.orphans:
        console.print(
            f"{len(found.orphans):,} files are of no receipt: a call was broken off. They do no "
            "harm, and are used when their files are received again. The first: "
            + escape(found.orphans[0])
        )
    if found.otherwise:
        console.print(
            f"{len(found.otherwise):,} files read otherwise by today's definitions; what was "
            "read of them stands. The first: " + escape(found.otherwise[0])
        )
    if found.faults:
        number = len(found.faults)
        fail(f"{number:,} fault{'s' if number > 1 else ''} in the store at {store.root}")
    console.print("[green]No fault[/]")


@app.command()
def pack(wait: Wait = 0.0, home: Home = None) -> None:
    """Put many small files into few packs (plain zips). Everything is still found by its hash.

    Example: bluelamp store pack
    """
    from bluelamp.cli.progress import Bar
    from bluelamp.evidence.packing import pack as make_packs
    from bluelamp.evidence.store import StoreProblem

    store = open_store(home)
    try:
        with Bar(console) as bar:
            done = make_packs(store, progress=bar.move, wait=wait, say=console.print)
    except StoreProblem as error:
        fail(str(error))
    console.print(f"before  {_extent(done.before)}")
    console.print(f"after   {_extent(done.after)}")
    console.print(f"[green]{done.packed:,} files packed[/]")


@app.command()
def backup(
    to: Annotated[Path, typer.Argument(help="Folder of the backup, on another disk.")],
    wait: Wait = 0.0,
    home: Home = None,
) -> None:
    """Copy what is new in the store, and its releases, into a folder; check every hash.

    Records about people come along sealed; their keys do not.

    Make it again into the same folder: only what is new is copied. The exit code is 1 where
    something could not be backed up, or where the store has lost what the backup still has.

    Example: bluelamp store backup /mnt/backup/bluelamp
    """
    from bluelamp.cli.progress import Bar
    from bluelamp.evidence.backup import back_up
    from bluelamp.evidence.personal.problem import PersonalProblem
    from bluelamp.evidence.store import StoreProblem

    store = open_store(home)
    try:
        with Bar(console) as bar:
            done = back_up(store, to, progress=bar.move, wait=wait, say=console.print)
    except (StoreProblem, PersonalProblem) as error:
        fail(str(error))
    console.print(
        f"[green]Backed up[/] {done.files:,} files, {_size(done.bytes)}; {done.copied:,} were new"
    )
    if done.people:
        console.print(
            f"{done.people:,} of them are of records about people, sealed. Their keys are not "
            "among them: copy the folder of keys to a place apart, the newest copy only"
        )
    if done.left_out:
        console.print(
            f"{_counted(len(done.left_out), 'file')} beside those records belong to none of them "
            f"and were left out, the first {escape(done.left_out[0])}: nobody vouches that they "
            "are sealed"
        )
    if done.lost:
        fail(
            f"the store has lost {_counted(len(done.lost), 'file')} that the backup still has, "
            f"the first {done.lost[0]}; bring them back into another folder: "
            f"bluelamp store restore {to} --home FOLDER"
        )


@app.command()
def restore(
    backup: Annotated[Path, typer.Argument(help="Folder of a backup.", metavar="FROM")],
    set_aside: Annotated[
        bool,
        typer.Option("--set-aside", help="Keep what stands there under another name; do not ask."),
    ] = False,
    home: Home = None,
) -> None:
    """Bring a backup back as the store, in a folder that is empty or not there yet.

    Where there is a store, you are asked first, and it is kept under another name.

    Example: bluelamp store restore /mnt/backup/bluelamp --home var
    """
    from bluelamp.cli.progress import Bar
    from bluelamp.evidence.backup import restore as bring_back
    from bluelamp.evidence.backup import would_be_lost
    from bluelamp.evidence.personal.problem import PersonalProblem
    from bluelamp.evidence.store import StoreProblem
    from bluelamp.evidence.store import home as store_home

    folder = store_home(home)
    try:
        if folder.is_dir() and any(folder.iterdir()) and not set_aside and sys.stdin.isatty():
            console.print(escape(f"{folder} is not empty: {would_be_lost(backup, folder)}."))
            set_aside = typer.confirm("Keep it under another name and restore the backup?")
        with Bar(console) as bar:
            done = bring_back(backup, folder, loss_is_fine=set_aside, progress=bar.move)
    except (StoreProblem, PersonalProblem) as error:
        fail(str(error))
    if done.aside:
        console.print(f"what stood there is kept at {escape(str(done.aside))}")
    console.print(f"[green]Restored[/] {done.files:,} files, {_size(done.bytes)}, to {folder}")
    if done.people:
        _say_people(done)


@app.command("list")
def list_received(
    output: Annotated[str, typer.Option("--format", help="table, csv or markdown.")] = "table",
    home: Home = None,
    definitions: Definitions = None,
) -> None:
    """Show what was received of each source: files, months, rows read, kept and refused, and why.

    Files that were left alone are not in the store, and so are not in the table.

    Example: bluelamp store list
    """
    from bluelamp.cli import store_tables
    from bluelamp.definitions import DefinitionFaults
    from bluelamp.evidence.source import read_sources
    from bluelamp.evidence.stocktaking import take_stock
    from bluelamp.evidence.store import StoreProblem

    if output not in ("table", "csv", "markdown"):
        fail(f"--format: '{output}' is not table, csv or markdown", 2)
    try:
        sources = read_sources(open_definitions(definitions))
        stock = take_stock(open_store(home))
    except (DefinitionFaults, StoreProblem) as error:
        fail(str(error))
    alone = store_tables.left_alone(sources.values())
    if output == "csv":
        store_tables.as_csv(stock)
    elif output == "markdown":
        typer.echo(store_tables.as_markdown(stock, alone))
    elif stock:
        store_tables.as_table(stock, alone)
    else:
        console.print("Nothing was received yet: [b]bluelamp receive[/b] takes files in")


@app.command()
def quarantine(
    source: Annotated[str | None, typer.Argument(help="Of one source (default: all).")] = None,
    home: Home = None,
) -> None:
    """Show what was refused: how many rows for which reason, with examples.

    Example: bluelamp store quarantine mps-recorded-crime
    """
    from bluelamp.evidence.quarantine import held_back
    from bluelamp.evidence.store import StoreProblem

    try:
        held = held_back(open_store(home), source)
    except StoreProblem as error:
        fail(str(error))
    for one in held:
        most = "at least " if one.at_least else ""
        rows = f"{most}{_counted(one.rows, 'row')} in {_counted(one.files, 'file')}"
        what = rows if one.rows else _counted(one.files, "whole file")
        console.print(f"[b]{one.source or 'of no known source'}[/] {what}: {escape(one.reason)}")
        for example in one.examples:
            where = f"{example.name}, line {example.line}" if example.line else example.name
            text = f": {example.text}" if example.text else ""
            console.print(f"  {escape(where + text)}")
    if not held:
        console.print("Nothing was refused")
        return
    console.print(
        "When the reason is mended in the definitions: [b]bluelamp store release-refused[/b]"
    )


@app.command("release-refused")
def release_refused(
    source: Annotated[str | None, typer.Argument(help="Of one source (default: all).")] = None,
    on: Annotated[
        str | None, typer.Option(help="Day of the reading (default: today, UTC).")
    ] = None,
    wait: Wait = 0.0,
    home: Home = None,
    definitions: Definitions = None,
    engine: EngineAt = "embedded",
) -> None:
    """Read every file with refusals again, after a definition was mended.

    What was read before stays: figures known to an earlier day do not change.

    Example: bluelamp store release-refused mps-recorded-crime
    """
    from bluelamp.cli.progress import Bar, closing_table
    from bluelamp.evidence.engine import EngineProblem
    from bluelamp.evidence.receive import release_refused as read_again
    from bluelamp.evidence.store import StoreProblem

    store, desk = open_store(home), open_desk(open_definitions(definitions), engine)
    try:
        with Bar(console) as bar:
            outcomes = read_again(
                store,
                desk,
                on=day(on, "--on") or today(),
                source=source,
                progress=bar.move,
                wait=wait,
                say=console.print,
            )
    except (StoreProblem, EngineProblem) as error:
        fail(str(error))
    closing_table(console, outcomes)
    changed = sum(not outcome.again for outcome in outcomes)
    console.print(f"{_counted(len(outcomes), 'file')} read again, {changed:,} came to more or less")


def _say_people(done: Restored) -> None:
    """What came back of records about people, and what the keys said of it."""
    console.print(
        f"{done.people:,} of them are of records about people, sealed; the log of accesses is whole"
    )
    if done.no_keys:
        console.print(
            f"The keys are not here ({escape(done.no_keys)}), so nobody can read them. With the "
            "keys in place run [b]bluelamp personal expire[/b]: it settles what was erased "
            "after the backup"
        )
    if done.settled is None:
        return
    ended, unreadable = done.settled.ended, done.settled.unreadable
    console.print(f"The keys open {_counted(done.settled.readable, 'file')} of records")
    if ended:
        console.print(
            f"{_counted(len(ended), 'file')} had been erased or expired after the backup, and "
            f"nobody can read what came back: {', '.join(one[:12] for one in ended)}"
        )
    if unreadable:
        fail(
            f"no key here opens {', '.join(one[:12] for one in unreadable)}; take the newest copy "
            "of the folder of keys, or a newer backup"
        )


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _size(size: int) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            return f"{size:,.0f} {unit}"
        size = size // 1024
    raise AssertionError("the last unit takes all")


def _extent(extent: Extent) -> str:
    return (
        f"{extent.files:>9,} files  {_size(extent.bytes):>9}  ({_size(extent.on_disk)} on the disk)"
    )
