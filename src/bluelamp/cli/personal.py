"""`bluelamp personal`: keys, list, read, erase, expire and log of records about people."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bluelamp.cli.speaking import Home, console, fail, open_store, today

if TYPE_CHECKING:
    from bluelamp.evidence.personal.kept import Access, PersonalStore

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Look after records about people.\n\n"
    "They come in by [b]bluelamp receive[/b] like every file, and are kept sealed beside the "
    "store: without names, for a set time, every access logged. The keys lie in a folder outside "
    "the store, which $BLUELAMP_PERSONAL_KEYS names.",
)
Reason = Annotated[str, typer.Option(help="Why, in a few words. Name no person.")]
By = Annotated[str | None, typer.Option(help="Who asks, where it is not you.")]


@contextmanager
def _opened(home: Path | None, *, writing: str = "") -> Iterator[PersonalStore]:
    """The records about people of a store; a fault becomes a sentence. `writing` says what is
    done, where it changes something: one at a time may."""
    from bluelamp.evidence.personal.kept import PersonalStore
    from bluelamp.evidence.personal.problem import PersonalProblem
    from bluelamp.evidence.store import StoreProblem

    try:
        personal = PersonalStore(open_store(home))
        if not writing:
            yield personal
            return
        with personal.store.writing(writing):
            personal.tidy()
            yield personal
    except (PersonalProblem, StoreProblem) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or 'a file'} cannot be opened ({error.strerror})")


def _access(reason: str, by: str | None) -> Access:
    from bluelamp.evidence.personal.access_log import whoever
    from bluelamp.evidence.personal.kept import Access

    return Access(whoever(by), reason, today())


@app.command()
def keys(
    folder: Annotated[Path, typer.Argument(help="A new folder, outside the store.")],
    home: Home = None,
) -> None:
    """Make the folder of keys, once. Without it nobody can read the records, ever.

    Example: bluelamp personal keys /srv/keys/bluelamp
    """
    from bluelamp.evidence.personal.kept import folder_of
    from bluelamp.evidence.personal.keys import FOLDER, Keys
    from bluelamp.evidence.personal.problem import PersonalProblem

    store = open_store(home)
    try:
        Keys.make(folder, [store.root, folder_of(store)])
    except PersonalProblem as error:
        fail(str(error))
    except OSError as error:
        fail(f"{folder} cannot be written ({error.strerror})")
    console.print(f"From now on: [b]export {FOLDER}={escape(str(folder.resolve()))}[/b]")
    console.print(
        "Copy the folder to a safe place apart from the store's backups, and of it keep no old "
        "copies: an old copy brings back what was erased."
    )


@app.command("list")
def list_(home: Home = None) -> None:
    """List the files of records about people: source, rows, until when. It opens none of them.

    Example: bluelamp personal list
    """
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("file", "source", "received", "keep until", "rows", "erased", "state"):
        table.add_column(heading, justify="right" if heading in ("rows", "erased") else "left")
    with _opened(home) as personal:
        kept = personal.kept()
    now = today().isoformat()
    for one in kept:
        state = one.state if one.state == "held" else f"{one.state} {one.ended_on}"
        if one.state == "held" and one.keep_until < now:
            state = "time is over: bluelamp personal expire"
        rows = (f"{one.rows:,}", f"{one.erased_rows:,}")
        table.add_row(one.sha256[:12], one.source, one.received_on, one.keep_until, *rows, state)
    console.print(table if kept else "there are no records about people")


@app.command()
def read(
    file: Annotated[str, typer.Argument(help="The beginning of the file's hash.")],
    reason: Reason,
    by: By = None,
    home: Home = None,
) -> None:
    """Print the rows of a file as CSV: names are gone, identifiers are hashes. It is logged.

    Example: bluelamp personal read 3f2a --reason "weights for the yearly report"
    """
    with _opened(home) as personal:
        rows = personal.read(file, _access(reason, by))
    sys.stdout.write(rows.write_csv())


@app.command("hash")
def hash_(
    column: Annotated[str, typer.Argument(help="The column it stands in, such as pnc_id.")],
    home: Home = None,
) -> None:
    """Ask for an identifier, without showing it, and print its hash. Nothing is kept.

    Example: bluelamp personal hash pnc_id
    """
    with _opened(home) as personal:
        if sys.stdin.isatty():
            identifier = getpass.getpass("Identifier (it is not shown): ")
        else:
            identifier = sys.stdin.readline()
        if not any(c.isalnum() for c in identifier):
            fail("there is no identifier", 2)
        typer.echo(personal.keys.hash(column, identifier))


@app.command()
def erase(
    reason: Reason,
    file: Annotated[
        str | None, typer.Argument(help="The beginning of the file's hash.", show_default=False)
    ] = None,
    record: Annotated[
        str | None, typer.Option(help="Or one person: the hash of an identifier.")
    ] = None,
    by: By = None,
    home: Home = None,
) -> None:
    """Erase a file of records, or one person's rows in every file, also in every backup.

    The key is destroyed, so no copy can be read any more. Receipt and counts stay.

    Example: bluelamp personal erase 3f2a --reason "sent to us by mistake"
    """
    if (file is None) == (record is None):
        fail("name a file, or one person with --record: one of the two", 2)
    with _opened(home, writing="erasing records about people") as personal:
        if file is not None:
            one = personal.erase(file, _access(reason, by))
            words = f"{one.sha256[:12]} was {one.state} on {one.ended_on}; nobody can read it."
        else:
            assert record is not None
            taken = personal.erase_person(record, _access(reason, by))
            words = f"{sum(taken.values()):,} rows were erased from {len(taken):,} files."
    console.print(f"{words} Receipt and counts stay as they were, with these people in them.")


@app.command()
def expire(by: By = None, home: Home = None) -> None:
    """Destroy the keys of all records whose time is over. Run it daily.

    Example: bluelamp personal expire
    """
    with _opened(home, writing="destroying records whose time is over") as personal:
        ended = personal.expire(_access("the time that they may be kept is over", by))
    for one in ended:
        typer.echo(f"{one.sha256[:12]} {one.source}: kept until {one.keep_until}, now destroyed")
    console.print(f"{len(ended):,} files were destroyed; receipts and counts stay")


@app.command()
def rotate(reason: Reason, by: By = None, home: Home = None) -> None:
    """Wrap all keys by a new master key and forget the old one.

    Example: bluelamp personal rotate --reason "yearly change"
    """
    with _opened(home, writing="changing the master key") as personal:
        wrapped = personal.rotate(_access(reason, by))
    console.print(f"{wrapped:,} keys are wrapped anew; copy the folder of keys to its safe place")


@app.command()
def log(
    verify: Annotated[
        bool, typer.Option("--verify", help="Check that no entry was changed or taken away.")
    ] = False,
    home: Home = None,
) -> None:
    """Print who opened records about people, when and why. With --verify, check the log.

    Example: bluelamp personal log --verify
    """
    with _opened(home) as personal:
        found = personal.log.verify()
        entries = [] if verify else personal.log.entries()
    for entry in entries:
        typer.echo(
            f"{entry.number} {entry.at} {entry.who} {entry.what} {entry.file[:12]}: {entry.reason}"
        )
    if found.fault:
        fail(f"the log is not whole: {found.fault}")
    console.print(f"{found.entries:,} entries, each following from the one before")
