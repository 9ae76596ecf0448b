"""# Killing the store's writers at any step

Whatever is under way when a process is killed (SIGKILL), the store stays whole, and the call made
again ends as if nothing had happened. The points are drawn by chance from all the steps of the
work: each file opened, renamed or taken away, each folder made, is one.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.backup import back_up, restore
from bluelamp.evidence.packing import pack
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store, StoreProblem
from bluelamp.evidence.verifying import verify

# Imports and reads the definitions once; then a fork of it does each piece of work, and dies.
NURSERY = """
import json, os, signal, sys, traceback
from datetime import date
from pathlib import Path
import ibis, pandera.polars
from bluelamp.definitions import definitions_root, read_gazetteer
from bluelamp.evidence import engine
from bluelamp.evidence.backup import back_up, restore
from bluelamp.evidence.packing import pack
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store

desk = Desk(definitions_root())
desk.sources, read_gazetteer(desk.definitions)
WORK = {
    "receive": lambda home, other: receive(Store(home), desk, [other], on=date(2026, 4, 1)),
    "pack": lambda home, other: pack(Store(home)),
    "backup": lambda home, other: back_up(Store(home), other),
    "restore": lambda home, other: restore(other, home),
}
STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}

def live(what, home, other, kill_at):
    steps = 0
    places = (home, other)
    def step(event, args):
        nonlocal steps
        if event in STEPS and str(args[0]).startswith(places):
            steps += 1
            if steps == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(step)
    WORK[what](Path(home), Path(other))
    return steps

for line in sys.stdin:
    job = json.loads(line)
    ear, mouth = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(mouth, str(live(**job)).encode())
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(3)
    os.close(mouth)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([status, os.read(ear, 20).decode()]), flush=True)
    os.close(ear)
"""


class Nursery:
    """Does work in processes of their own, and kills them at a step."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def steps(self, what: str, home: Path, other: Path) -> int:
        """Do the work to its end; how many steps it took."""
        status, steps = self._ask(what, home, other, 0)
        assert status == 0, f"{what} failed; see above"
        return int(steps)

    def kill(self, what: str, home: Path, other: Path, at: int) -> None:
        status, _ = self._ask(what, home, other, at)
        assert status == -signal.SIGKILL, f"{what} ended before step {at}"

    def _ask(self, what: str, home: Path, other: Path, kill_at: int) -> Any:
        job = {"what": what, "home": str(home), "other": str(other), "kill_at": kill_at}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        yield Nursery(process)


def contents(root: Path) -> dict[str, bytes]:
    """Everything under a folder but the lock, what is half-written included."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != "lock"
    }


def received(store: Store) -> dict[str, bytes]:
    """The bytes of every file of a receipt, wherever they stand."""
    return {receipt.key: store.read("files", receipt.sha256) for receipt in store.receipts()}


@dataclass
class Case:
    """A folder of publishers' files, the store of them, that store packed, a backup of it."""

    folder: Path
    desk: Desk
    files: Path
    store: Store
    packed: Store
    backup: Path
    number: Iterator[int]

    def fresh(self) -> Path:
        return self.folder / f"fresh-{next(self.number)}"

    def check(self, store: Store) -> None:
        """Nothing that has a receipt is damaged."""
        assert verify(store, self.desk).faults == []


def borough_file(year: int) -> str:
    lines = ["MajorText,MinorText,BoroughName," + ",".join(f"{year}{m:02}" for m in range(1, 4))]
    lines += [f"THEFT,SHOPLIFTING,{name},{year - 2000},2,3" for name in ("Barnet", "Brent")]
    return "\n".join([*lines, f"THEFT,SHOPLIFTING,Nowhere {year},1,1,1"]) + "\n"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("killed")
    files = folder / "files"
    files.mkdir()
    for year in range(2010, 2015):
        (files / f"{year}.csv").write_text(borough_file(year))
    desk = Desk(definitions_root())
    store, packed = Store(folder / "store"), Store(folder / "packed")
    for one in (store, packed):
        receive(one, desk, [files], on=date(2026, 4, 1))
    pack(packed)
    back_up(store, folder / "backup")
    return Case(folder, desk, files, store, packed, folder / "backup", itertools.count())


def copy_of(store: Store, to: Path) -> Store:
    for name, data in contents(store.root).items():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        (to / name).write_bytes(data)
    return Store(to)


# What is on the disk: after the kill and the call made again, and had nobody killed anything.
Disks = tuple[dict[str, bytes], dict[str, bytes]]


def receive_killed(case: Case, nursery: Nursery, dice: random.Random) -> Disks:
    steps = nursery.steps("receive", case.fresh(), case.files)
    home = case.fresh()
    nursery.kill("receive", home, case.files, dice.randint(1, steps))
    store = Store(home)
    case.check(store)
    assert received(store).items() <= received(case.store).items()
    receive(store, case.desk, [case.files], on=date(2026, 4, 1))
    return contents(home), contents(case.store.root)


def pack_killed(case: Case, nursery: Nursery, dice: random.Random) -> Disks:
    steps = nursery.steps("pack", copy_of(case.store, case.fresh()).root, case.files)
    store = copy_of(case.store, case.fresh())
    nursery.kill("pack", store.root, case.files, dice.randint(1, steps))
    case.check(store)
    assert received(store) == received(case.store)
    again = receive(store, case.desk, [case.files], on=date(2026, 4, 1))
    assert all(outcome.again for outcome in again)
    pack(store)
    return contents(store.root), contents(case.packed.root)


def backup_killed(case: Case, nursery: Nursery, dice: random.Random) -> Disks:
    """Into a backup that is half there: of the store as it was before it was packed."""
    store = copy_of(case.packed, case.fresh())
    steps = nursery.steps("backup", store.root, copy_of(Store(case.backup), case.fresh()).root)
    to = copy_of(Store(case.backup), case.fresh()).root
    nursery.kill("backup", store.root, to, dice.randint(1, steps))
    case.check(Store(to))
    assert received(Store(to)) == received(case.store)
    back_up(store, to)
    whole = case.fresh()
    back_up(store, whole)
    assert contents(store.root) == contents(case.packed.root)
    return contents(to), contents(whole)


def restore_killed(case: Case, nursery: Nursery, dice: random.Random) -> Disks:
    steps = nursery.steps("restore", case.fresh(), case.backup)
    home = case.fresh()
    nursery.kill("restore", home, case.backup, dice.randint(1, steps))
    if home.exists():
        assert contents(home) == contents(case.store.root), "a store is there whole or not at all"
    else:
        restore(case.backup, home)
    assert received(Store(home)) == received(case.store)
    return contents(home), contents(case.store.root)


WORK = {
    "receive": receive_killed,
    "pack": pack_killed,
    "backup": backup_killed,
    "restore": restore_killed,
}


@pytest.mark.parametrize("what", WORK)
@pytest.mark.parametrize("seed", range(3))
def test_killed_at_a_random_step_the_store_is_whole_and_the_call_repeatable(
    case, nursery, what, seed
):
    found, undisturbed = WORK[what](case, nursery, random.Random(f"{what} {seed}"))
    assert found == undisturbed


@pytest.mark.slow
@pytest.mark.parametrize("what", WORK)
def test_killed_at_a_hundred_random_steps(case, nursery, what):
    for seed in range(3, 103):
        found, undisturbed = WORK[what](case, nursery, random.Random(f"{what} {seed}"))
        assert found == undisturbed, seed


# --- one writer, many readers ---------------------------------------------------------------------

HOLDER = """
import sys, time
from pathlib import Path
from bluelamp.evidence.store import Store
with Store(Path(sys.argv[1])).writing("receiving files into the store"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(door) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the store for writing."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(door.store.root)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_holds_the_store_and_since_when(door, holder):
    with pytest.raises(StoreProblem) as raised, door.store.writing():
        pass
    words = str(raised.value)
    assert f"process {holder.pid} is receiving files into the store at {door.store.root}" in words
    assert f", since {datetime.now(UTC):%Y-%m-%d}" in words
    assert "--wait SECONDS" in words


def test_a_second_writer_waits_as_long_as_it_is_told_to(door, holder):
    said: list[str] = []
    threading.Timer(0.3, holder.terminate).start()
    with door.store.writing(wait=30, say=said.append):
        pass
    assert len(said) == 1
    assert f"process {holder.pid} is receiving files" in said[0]
    assert "waiting up to 30 seconds" in said[0]


def test_the_lock_of_a_dead_process_is_none_and_what_it_left_half_written_is_swept(door, holder):
    half = door.store.root / "typed" / ".writing-1-abc.parquet"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    holder.kill()
    holder.wait()
    assert verify(door.store, door.desk).orphans == ["typed/.writing-1-abc.parquet"]
    with door.store.writing():
        assert not half.exists()
    assert (door.store.root / "lock").read_text() == ""


def test_within_one_process_two_writers_are_two_as_well(door):
    with (
        door.store.writing(),
        pytest.raises(StoreProblem, match=f"process {os.getpid()} is writing to the store"),
        Store(door.store.root).writing(),
    ):
        pass


READER = """
import sys
from datetime import date
from pathlib import Path
from bluelamp.definitions import definitions_root
from bluelamp.evidence.known import as_known
from bluelamp.evidence.source import read_sources
from bluelamp.evidence.store import Store
sources = read_sources(definitions_root())
looks, most = 0, 0
print("ready", flush=True)
over = False
while not over or looks < 3:
    over = Path(sys.argv[2]).exists()  # before the look: the last one comes after the last file
    store = Store(Path(sys.argv[1]))
    receipts = store.receipts()
    assert len(receipts) >= most, "a receipt was seen and is gone"
    most = len(receipts)
    for receipt in receipts:
        assert len(store.read("files", receipt.sha256)) == receipt.size
    known = as_known(store, sources, on=date(2026, 4, 30), received_by=None)
    assert len(known.receipts) == most or len(known.receipts) >= len(receipts)
    for level in ("borough", "ward"):
        known.tally("mps-recorded-crime", level)
    looks += 1
print(looks, most, flush=True)
"""


def test_readers_never_see_anything_half_written(door, tmp_path):
    """Two processes read without pause while files are received, packed and backed up."""
    done = tmp_path / "done"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(door.store.root), str(done)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout
        assert reader.stdout.readline() == "ready\n"
    for number in range(12):
        months = {f"{2005 + number}-{m:02}": 10 + number for m in range(1, 7)}
        door.receive(f"{number}.csv", door.borough_file(months))
        if number % 3 == 2:
            pack(door.store)
        if number % 4 == 3:
            back_up(door.store, tmp_path / "backup")
    done.touch()
    for reader in readers:
        with reader:
            assert reader.stdout
            looks, most = reader.stdout.read().split()
        assert reader.returncode == 0
        assert (int(looks) >= 3, int(most)) == (True, 12)
