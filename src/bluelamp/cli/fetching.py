"""`bluelamp fetch`: download from the publishers, then receive."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from bluelamp.cli.speaking import (
    Definitions,
    EngineAt,
    Home,
    console,
    fail,
    open_definitions,
    open_desk,
    today,
)

if TYPE_CHECKING:
    from bluelamp.definitions import Office
    from bluelamp.evidence.fetching.downloading import Download, Downloader, Progress
    from bluelamp.evidence.fetching.memory import Memory
    from bluelamp.evidence.fetching.wanted import Wanted
    from bluelamp.evidence.receive import Desk, Outcome
    from bluelamp.evidence.source import Source
    from bluelamp.evidence.store import Store
    from bluelamp.periods import Month


def fetch(
    sources: Annotated[list[str], typer.Argument(help="Ids of sources, such as police-uk-street.")],
    since: Annotated[
        str | None,
        typer.Option(help="From this month on (2023-04), where there is a file for each month."),
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Folder for the files (default: `fetched` in the store).")
    ] = None,
    receive: Annotated[
        bool, typer.Option("--receive/--no-receive", help="Receive what was downloaded.")
    ] = True,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be downloaded, and download nothing.")
    ] = False,
    engine: EngineAt = "embedded",
    home: Home = None,
    definitions: Definitions = None,
) -> None:
    """Download files from their publishers' own addresses, and receive them.

    A download that stops goes on where it stopped when you make the same call again. A file that
    the publisher has not changed is not downloaded twice. The exit code is 1 where a file could not
    be had or was refused; the others are received all the same.

    Example: bluelamp fetch mps-recorded-crime mps-homicide-victims
    """
    from bluelamp.cli.speaking import open_store
    from bluelamp.definitions import DefinitionFaults, read_office

    root = open_definitions(definitions)
    store, desk = open_store(home), open_desk(root, engine)
    try:
        chosen = _chosen(sources, desk.sources)
        errand = Errand(store, desk, read_office(root), (to or store.root / "fetched"))
    except DefinitionFaults as error:
        fail(f"the definitions have faults:\n{error}", 2)
    try:
        for source in chosen:
            errand.run(source, _month(since), dry_run=dry_run, take_in=receive)
    except KeyboardInterrupt:
        fail("stopped. What has come is kept: make the same call again to go on", 130)
    errand.close()


def _month(text: str | None) -> Month | None:
    from bluelamp.periods import Month, NotAPeriod

    try:
        return Month.parse(text) if text else None
    except NotAPeriod as error:
        fail(f"--since: {error}", 2)


def _chosen(ids: list[str], known: dict[str, Source]) -> list[Source]:
    """The sources of these ids, each once; fails with those that can be fetched."""
    from bluelamp.definitions import meant

    for name in ids:
        if name not in known:
            able = ", ".join(source.id for source in known.values() if source.downloads)
            close = meant(name, known) or "."
            fail(f"there is no source '{name}'{close} These can be fetched: {able}", 2)
    return [known[name] for name in dict.fromkeys(ids)]


@dataclass
class Errand:
    """One call of the verb: downloads source by source, receives, and tells what went wrong."""

    store: Store
    desk: Desk
    office: Office
    folder: Path
    outcomes: list[Outcome] = field(default_factory=list)
    faults: int = 0
    fetched: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        from bluelamp.evidence.fetching.asking import Asker
        from bluelamp.evidence.fetching.memory import Memory

        self.asker = Asker(agent_of(self.office))
        self.memory: Memory = Memory(self.store.root)

    def run(self, source: Source, since: Month | None, *, dry_run: bool, take_in: bool) -> None:
        """Download a source's files into a folder of its own, and receive them."""
        from bluelamp.evidence.fetching.problem import CannotFetch
        from bluelamp.evidence.fetching.waiting import Patience
        from bluelamp.evidence.fetching.wanted import Planner

        try:
            files = Planner(self.asker, Patience(), _say).wanted(source, since)
        except CannotFetch as error:
            self._fault(f"{source.id}: {error}")
            return
        folder = self.folder / source.id
        for wanted in files:
            if wanted.address in self.fetched:  # two sources can be in one file
                continue
            self.fetched.add(wanted.address)
            if dry_run:
                self._announce(wanted, folder)
            else:
                self._download(wanted, folder, take_in=take_in)

    def _announce(self, wanted: Wanted, folder: Path) -> None:
        known = self.memory.of(wanted.address)
        before = f" if it has changed since {known.on}" if known and known.still_at(folder) else ""
        _say(f"would download {wanted.address} to {folder / wanted.name}{before}")

    def _download(self, wanted: Wanted, folder: Path, *, take_in: bool) -> None:
        from bluelamp.evidence.fetching.downloading import Downloader
        from bluelamp.evidence.fetching.problem import CannotFetch

        try:
            with _bar(wanted.name) as progress:
                downloader: Downloader = Downloader(
                    self.asker, today(), tell=_say, progress=progress
                )
                done = downloader.download(wanted, folder, self.memory.of(wanted.address))
            if done.changed:
                self.memory.keep(wanted.address, done.fetched)
        except CannotFetch as error:
            self._fault(str(error))
            return
        except OSError as error:
            self._fault(f"{self.store.root} cannot be written to ({error.strerror})")
            return
        _report(done)
        if take_in and not done.fetched.received:
            self._receive(done)

    def _receive(self, done: Download) -> None:
        from bluelamp.cli.progress import Bar
        from bluelamp.evidence.engine import EngineProblem
        from bluelamp.evidence.receive import receive
        from bluelamp.evidence.store import StoreProblem

        published = done.fetched.published if done.wanted.dated else None
        try:
            with Bar(console) as bar:
                outcomes = receive(
                    self.store,
                    self.desk,
                    [done.path],
                    on=today(),
                    published=published,
                    progress=bar.move,
                )
        except (StoreProblem, EngineProblem) as error:
            self._fault(str(error))
            return
        # A publisher's zip holds files of other kinds too; nobody asked for each of them by name.
        outcomes = [
            dataclasses.replace(outcome, named=False) if outcome.container else outcome
            for outcome in outcomes
        ]
        self.outcomes += outcomes
        if not any(outcome.is_fault for outcome in outcomes):
            self.memory.mark_received(done.wanted.address, today().isoformat())

    def _fault(self, words: str) -> None:
        self.faults += 1
        console.print(f"[red]not fetched[/] {escape(words)}")

    def close(self) -> None:
        """Tell what was received; exit with 1 where anything went wrong."""
        from bluelamp.cli.progress import closing_table

        if self.outcomes:
            closing_table(console, self.outcomes)
        if self.faults or any(outcome.is_fault for outcome in self.outcomes):
            raise typer.Exit(1)


def agent_of(office: Office) -> str:
    """Who we are, for the logs of those whom we ask: program, version, whose it is, where to
    write to."""
    from bluelamp import __version__

    words = f"BlueLamp/{__version__} ({office.name}; +{office.address})"
    return "".join(c if c.isprintable() else " " for c in words).encode("ascii", "replace").decode()


def _say(words: str) -> None:
    console.print(escape(words))


def _report(done: Download) -> None:
    if done.changed:
        console.print(f"[green]downloaded[/] {escape(done.path.name)}, {done.fetched.size:,} bytes")
        typer.echo(done.path)
    else:
        console.print(f"[green]not changed[/] since {done.fetched.on}: {escape(done.path.name)}")


@contextmanager
def _bar(name: str) -> Iterator[Progress]:
    """A bar of bytes that takes (bytes so far, bytes in all or None)."""
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task(escape(name), total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
