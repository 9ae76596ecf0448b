"""`docs/vectors.md` names every file of the vectors, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/vectors.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| file"))
]
IN_CODE_TYPE = re.compile(r"`([^`]+)`")
NAMED = [name for row in ROWS for name in IN_CODE_TYPE.findall(row[0])]
each_row = pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])


def covers(name: str, file: str) -> bool:
    """Is the file, from the folder of the vectors on, the one named, or below or like it?"""
    return file.startswith(name) if name.endswith("/") else fnmatchcase(file, name)


def named_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@each_row
def test_a_row_has_files_and_a_test_or_a_reason(row: list[str]) -> None:
    assert len(row) == 4
    files, what, tests, reason = row
    assert IN_CODE_TYPE.findall(files)
    assert what
    assert tests or reason


@each_row
def test_a_test_that_is_named_is_there(row: list[str]) -> None:
    for name in IN_CODE_TYPE.findall(row[2]):
        path, _, test = name.partition("::")
        assert test.startswith("test_"), name
        assert (ROOT / path).is_file(), name
        assert test in named_in(path), name


def test_a_name_covers_itself_what_is_below_it_and_what_is_like_it() -> None:
    assert covers("cusum/a.txt", "cusum/a.txt")
    assert covers("cusum/", "cusum/deeper/a.txt")
    assert covers("sdc/tau*", "sdc/tau_1.txt")
    assert not covers("cusum/a.txt", "cusum/b.txt")
    assert not covers("cusum/", "cusums/a.txt")


def test_no_file_is_named_in_two_rows() -> None:
    assert sorted(set(NAMED)) == sorted(NAMED)


def test_every_file_of_the_vectors_is_named_and_every_name_is_a_file(shared: Path) -> None:
    folder = shared / "vectors"
    if not folder.is_dir():
        pytest.skip("this test needs the vectors of ../shared, which are not here")
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    files = [file for file in files if Path(file).name != "README.md"]
    assert files
    assert [file for file in files if not any(covers(name, file) for name in NAMED)] == []
    assert [name for name in NAMED if not any(covers(name, file) for file in files)] == []
