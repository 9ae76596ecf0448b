"""# Killing `receive` at any moment

The store stays readable and the call can be made again, with the same result as if nothing had
happened. The process is killed (SIGKILL) at moments spread over its whole run.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date

from bluelamp.evidence.receive import receive
from bluelamp.evidence.store import Store

SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from bluelamp.definitions import definitions_root
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store
store, desk = Store(Path(sys.argv[1])), Desk(definitions_root())
receive(store, desk, [Path(sys.argv[2])], on=date(2026, 4, 1))
"""


def run(door, folder, kill_at=None):
    """Run the script in a process of its own; kill it once the store holds `kill_at` files."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(door.store.root), str(folder)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        while kill_at is not None and process.poll() is None:
            if sum(1 for path in door.store.root.rglob("*") if path.is_file()) >= kill_at:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.001)
        process.wait()


def contents(store):
    return {
        path.relative_to(store.root).as_posix(): path.read_bytes()
        for path in store.root.rglob("*")
        if path.is_file() and not path.name.startswith(".writing-") and path.name != "lock"
    }


def test_killed_at_any_moment_the_store_is_readable_and_the_call_repeatable(door, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(12):
        months = {f"20{10 + number}-{m:02}": 10 + number for m in range(1, 13)}
        (folder / f"{number}.csv").write_text(door.borough_file(months))
    whole = Store(tmp_path / "whole")
    receive(whole, door.desk, [folder], on=date(2026, 4, 1))

    run(door, folder)
    assert contents(door.store) == contents(whole)

    dice = random.Random(2017)
    half_done = 0
    for number in range(6):
        door.store = Store(tmp_path / f"killed-{number}")
        run(door, folder, kill_at=dice.randint(3, 5 * 12 - 2))  # five files are written for each
        received = door.store.receipts()  # readable, whatever was under way
        half_done += 0 < len(received) < 12
        for receipt in received:
            assert door.store.tally(receipt.sha256).is_file()
            assert door.store.coverage(receipt.sha256).is_file()
        door.known("2026-04-30")
        receive(door.store, door.desk, [folder], on=date(2026, 4, 1))
        assert contents(door.store) == contents(whole)
    assert half_done, "no kill fell into the middle of the work: the test proved nothing"


def test_a_second_writer_is_told_who_holds_the_store(door):
    other = Store(door.store.root)
    with door.store.writing():
        outcome = None
        try:
            receive(other, door.desk, [door.folder], on=date(2026, 4, 1))
        except RuntimeError as error:
            outcome = str(error)
    assert outcome is not None
    assert f"process {os.getpid()} is writing to the store" in outcome
