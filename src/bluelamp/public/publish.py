"""Writes the public site of a release as plain files: `bluelamp publish`.

Every address becomes a file (a page a folder with an `index.html`), so that any web server, or none
of ours, can serve it at the root of a host. The bytes are those that `bluelamp serve` sends, less
the search box and the API's description, which plain files cannot answer.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease, open_release
from bluelamp.public.rendering import not_found, rendered, static_folders
from bluelamp.public.site import PAGES, TABLES, Names, address

# The file by which an earlier publication is known, so that nothing else is ever overwritten.
MARK = "publication.json"
# Addresses handed to a process at once: enough that a measure's figures are read but once or twice.
BATCH = 40


class CannotPublish(ValueError):
    """The folder to be replaced holds something else; the message says what to do."""


@dataclass(frozen=True)
class Address:
    """One address to be written: the kind of page or table, and the names in its route."""

    kind: str
    names: tuple[tuple[str, str], ...]


def publish(
    release: Path,
    to: Path,
    progress: Callable[[int, int, str], None] | None = None,
    processes: int | None = None,
) -> int:
    """Write every page and table of a release into the folder `to`; returns how many.

    The site is written beside `to` and put in its place when it is whole. `progress` is told how
    many of how many are written. `processes` is how many work at once, by default one a core;
    0 works in this one.
    Raises NotARelease, and CannotPublish where `to` exists and is not an earlier publication.
    """
    opened = open_release(release.resolve())
    check_replaceable(to)
    to.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{to.name}-", dir=to.parent))
    try:
        written = _write(
            opened, beside, progress, os.cpu_count() or 1 if processes is None else processes
        )
        beside.chmod(0o755)  # mkdtemp's own 0700 would hide the site from a web server
        _put_in_place(beside, to)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return written


def check_replaceable(to: Path) -> None:
    """Raises CannotPublish where `to` holds anything but an earlier publication."""
    if to.is_dir() and not any(to.iterdir()):
        return
    if to.exists() and not (to / MARK).is_file():
        raise CannotPublish(
            f"{to} exists and is not an earlier publication (it has no {MARK}), so it is left as "
            "it is. Name another folder with --to, or remove it yourself."
        )


def every_address(opened: OpenRelease) -> Iterator[Address]:
    """Every page and table of the release, those of one kind together."""
    for kind in (*PAGES, *TABLES):
        for names in kind.every(opened):
            yield Address(kind.name, tuple(names.items()))


def _write(
    opened: OpenRelease,
    folder: Path,
    progress: Callable[[int, int, str], None] | None,
    processes: int,
) -> int:
    every = list(every_address(opened))
    batches = [every[i : i + BATCH] for i in range(0, len(every), BATCH)]
    written = 0
    for count in _batches_written(opened.release.folder, folder, batches, processes):
        written += count
        if progress:
            progress(written, len(every), "writing pages")
    for static in static_folders():
        shutil.copytree(static, folder / addresses.STATIC.strip("/"), dirs_exist_ok=True)
    missing = not_found(opened, "", static_files=True)
    (folder / "404.html").write_text(missing, encoding="utf-8")
    mark = {"release": opened.manifest.id, "known_on": opened.manifest.known_on, "written": written}
    (folder / MARK).write_text(json.dumps(mark, indent=1) + "\n", encoding="utf-8")
    return written


def _batches_written(
    release: Path, folder: Path, batches: Sequence[Sequence[Address]], processes: int
) -> Iterator[int]:
    """How many addresses each batch wrote, in order; 0 processes means this one."""
    if not processes:
        yield from (write_batch(release, folder, batch) for batch in batches)
        return
    # Not forked: Polars keeps threads, and a forked copy of a held lock is never released.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        yield from pool.map(partial(write_batch, release, folder), batches)


def write_batch(release: Path, folder: Path, batch: Sequence[Address]) -> int:
    """Write some addresses of a release under a folder; returns how many."""
    opened = open_release(release)
    for wanted in batch:
        route, content = made(opened, wanted)
        path = folder / route.lstrip("/")
        if route.endswith("/"):
            path /= "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return len(batch)


def made(opened: OpenRelease, wanted: Address) -> tuple[str, str]:
    """The address and the content of one page or table, as a plain file."""
    names: Names = dict(wanted.names)
    for page in PAGES:
        if page.name == wanted.kind:
            content = rendered(opened, page.make(opened, **names), page.template, static_files=True)
            return address(page.route, names), content
    table = next(table for table in TABLES if table.name == wanted.kind)
    return address(table.route, names), table.make(opened, **names)


def _put_in_place(beside: Path, to: Path) -> None:
    """Swap the finished folder in; the old one is moved aside first and removed last."""
    if not to.exists():
        beside.rename(to)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{to.name}-old-", dir=to.parent))
    to.rename(aside / "site")
    try:
        beside.rename(to)
    except OSError:
        (aside / "site").rename(to)
        raise
    shutil.rmtree(aside)
