"""The same seed gives the same bytes, whatever machine and mood the process is in."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bluelamp.places import Gazetteer
from bluelamp.synthetic import write_london

WRITE = """
import json, sys
from pathlib import Path
from bluelamp.definitions import definitions_root, read_gazetteer
from bluelamp.synthetic import write_london
folder, lsoa_to_ward = Path(sys.argv[1]), json.loads(sys.argv[2])
gazetteer = read_gazetteer(definitions_root())
write_london(folder, gazetteer=gazetteer, lsoa_to_ward=lsoa_to_ward, small=True)
"""

MOODS = {
    "here": {
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "POLARS_MAX_THREADS": "1",
    },
    "there": {
        "TZ": "America/Adak",
        "PYTHONHASHSEED": "11",
        "LC_ALL": "C.UTF-8",
        "POLARS_MAX_THREADS": "2",
    },
}


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def one_lsoa_each(lsoa_to_ward: dict[str, str], gazetteer: Gazetteer) -> dict[str, str]:
    """One LSOA in each borough: the least that is taken."""
    first = {gazetteer[ward].parent: (lsoa, ward) for lsoa, ward in lsoa_to_ward.items()}
    return dict(first.values())


def test_two_processes_that_differ_in_every_setting_write_the_same_bytes(
    tmp_path: Path, one_lsoa_each: dict[str, str]
) -> None:
    for name, mood in MOODS.items():
        subprocess.run(
            [sys.executable, "-c", WRITE, str(tmp_path / name), json.dumps(one_lsoa_each)],
            env={**os.environ, **mood},
            check=True,
        )
    here = digests(tmp_path / "here")
    assert len(here) == 14
    assert here == digests(tmp_path / "there")


def test_another_seed_writes_another_london(
    tmp_path: Path, gazetteer: Gazetteer, one_lsoa_each: dict[str, str]
) -> None:
    for seed in (1, 2):
        write_london(
            tmp_path / str(seed),
            gazetteer=gazetteer,
            lsoa_to_ward=one_lsoa_each,
            seed=seed,
            small=True,
        )
    first, second = digests(tmp_path / "1"), digests(tmp_path / "2")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] == second[name]] == []
