"""The house: which room may import which, checked twice.

import-linter reads the contract in `pyproject.toml`; the slow, obvious twin here reads the same
table from this page and the imports from the source text. Neither has a list of exceptions.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SHARED_WORDS = ("places", "periods", "figures", "definitions", "statistics")
TO_THE_RIGHT_OF_WORDS = ("evidence", "measures", "plan", "signals", "releases", "look")
APPS = ("office", "public", "packs")
WAY = (*SHARED_WORDS, *TO_THE_RIGHT_OF_WORDS)

# room -> what it may import of ours, beside itself
MAY_IMPORT = (
    {room: set(SHARED_WORDS) for room in SHARED_WORDS}
    | {room: set(WAY[: WAY.index(room)]) for room in TO_THE_RIGHT_OF_WORDS}
    | {room: set(WAY) for room in APPS}
    | {"synthetic": {"places", "periods"}}
    | {"web": {*WAY, *APPS, "synthetic"}, "cli": {*WAY, *APPS, "synthetic", "web"}}
)
WEB_LIBRARIES = {"django", "ninja", "whitenoise", "csp", "allauth", "axes", "import_export"}
MAY_USE_DJANGO = {"look", *APPS, "web", "cli"}
HOARDERS = {"utils", "util", "helpers", "helper", "core", "common", "manager", "services", "misc"}


def imported(path: Path, package: str) -> Iterator[str]:
    """Dotted names that a file imports, at any depth of its functions, relative ones resolved."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = parts[: len(parts) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def faults(source: Path) -> list[str]:
    """Every import under `source`/bluelamp that the table does not allow, in words."""
    found = []
    for path in sorted((source / "bluelamp").rglob("*.py")):
        inside = path.relative_to(source).with_suffix("").parts
        if inside == ("bluelamp", "__init__"):
            room = None
        else:
            room = inside[1]
            if room not in MAY_IMPORT:
                found.append(f"{'/'.join(inside)}: '{room}' is not a room of the house")
                continue
        for name in imported(path, ".".join(inside[:-1])):
            first, *rest = name.split(".")
            if first in WEB_LIBRARIES and room not in MAY_USE_DJANGO:
                found.append(f"{'/'.join(inside)} imports {name}: Django only from look rightwards")
            if first == "bluelamp" and rest and rest[0] in MAY_IMPORT:
                allowed = MAY_IMPORT[room] | {room} if room else set()
                if rest[0] not in allowed:
                    found.append(f"{'/'.join(inside)} imports {name}: it stands to the right")
    return found


def test_each_room_imports_only_what_stands_to_its_left(root: Path) -> None:
    assert faults(root / "src") == []


def test_import_linter_says_the_same(root: Path) -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [lint, "--no-cache", "--no-logo"], cwd=root, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("room", "line", "fault"),
    [
        ("evidence/keep.py", "from bluelamp.measures import Measure", "stands to the right"),
        ("evidence/keep.py", "from ..measures.figures import count", "stands to the right"),
        ("statistics/funnel.py", "def f():\n    import django.utils", "Django only from look"),
        ("public/pages.py", "from bluelamp import packs", "stands to the right"),
        ("synthetic/files.py", "from bluelamp.figures import Rate", "stands to the right"),
        ("__init__.py", "from bluelamp import cli", "stands to the right"),
        ("services/x.py", "", "is not a room"),
        ("measures/rates.py", "from bluelamp.evidence import tally", None),
        ("web/urls.py", "from bluelamp.public import pages\nimport django", None),
        ("evidence/keep.py", "from . import receipts", None),
    ],
)
def test_the_twin_sees_a_planted_fault(
    tmp_path: Path, room: str, line: str, fault: str | None
) -> None:
    planted = tmp_path / "bluelamp" / room
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(line)
    found = faults(tmp_path)
    assert (fault is None) == (found == [])
    if fault:
        assert fault in found[0]


def test_no_drawer_for_everything_and_no_file_too_long_to_read(root: Path) -> None:
    ours = [
        *root.glob("src/**/*.py"),
        *root.glob("tests/**/*.py"),
        *root.glob("benchmarks/**/*.py"),
    ]
    hoarders = [str(p) for p in ours if HOARDERS & set(p.relative_to(root).with_suffix("").parts)]
    long = [f"{p}: {n} lines" for p in ours if (n := p.read_text().count("\n")) > 450]
    assert hoarders == []
    assert long == []
