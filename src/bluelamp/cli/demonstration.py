"""`bluelamp demo`: a made-up London through the front door, built into a release."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
from rich.console import Console

import bluelamp
from bluelamp.cli.progress import Bar, closing_table
from bluelamp.definitions import read_gazetteer, read_office
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store
from bluelamp.releases.build import Order, build
from bluelamp.synthetic import write_london

KNOWN_ON = date(2026, 4, 30)
RECEIVED_ON = date(2026, 4, 1)


def make(home: Path, definitions: Path, console: Console) -> Path:
    """The folder of the demo's release, made if it is not there. Raises StoreProblem.

    A demo made by another version, or half made, is made again from the start.
    """
    folder = home / "release"
    marker = home / "made-by"
    if folder.is_dir() and marker.is_file() and marker.read_text() == bluelamp.__version__:
        console.print(f"The demo is made already: {folder}")
        return folder
    shutil.rmtree(home, ignore_errors=True)
    store, desk = Store(home), Desk(definitions)
    with tempfile.TemporaryDirectory() as scratch:
        console.print("1. Making up a London: publisher-shaped files with planted changes")
        lookup = pl.read_csv(definitions / "areas/lookups/lsoa21-ward.csv", infer_schema=False)
        truths = write_london(
            Path(scratch),
            gazetteer=read_gazetteer(definitions),
            lsoa_to_ward=dict(lookup.iter_rows()),
        )
        console.print("2. Receiving them by the front door")
        with Bar(console) as bar:
            outcomes = receive(store, desk, [Path(scratch)], on=RECEIVED_ON, progress=bar.move)
        closing_table(console, outcomes)
    console.print(
        f"3. Building a release ({len(truths)} truths were planted, most of them 'no change')"
    )
    plan = read_office(definitions).plan
    with console.status("starting") as status:
        release = build(
            store, Order(definitions, plan, KNOWN_ON), folder, lambda words: status.update(words)
        )
    marker.write_text(bluelamp.__version__)
    console.print(f"   {release.manifest.id}: {release.manifest.family['changed']:,} changes found")
    return folder
