"""# No oddity is without a test

The real data has a list of oddities, numbered 1 to 23. Each is a sentence here, has a test on a
file made up here, and one on the publisher's file.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from tests.spec.evidence.oddities.index import ODDITIES, numbers_tested

HERE = Path(__file__).parent
ALL = list(range(1, 24))


def modules(folder: Path, pattern: str):
    package = ".".join(folder.relative_to(HERE.parent.parent.parent.parent).parts)
    return [importlib.import_module(f"{package}.{path.stem}") for path in folder.glob(pattern)]


def test_each_of_the_23_is_one_plain_sentence():
    assert list(ODDITIES) == ALL
    for words in ODDITIES.values():
        assert re.fullmatch(r"[A-Z][^.]+\.", words), words
        assert len(words.split()) >= 8, words


def test_each_has_a_test_on_a_file_of_its_shape():
    assert sorted(set(numbers_tested(modules(HERE, "test_*.py")))) == ALL


def test_each_has_a_test_on_the_publishers_file():
    real = HERE.parent.parent.parent / "real"
    assert sorted(set(numbers_tested(modules(real, "test_oddities*.py")))) == ALL


def test_the_list_beside_the_real_data_has_no_more(shared):
    text = (shared / "data/README.md").read_text(encoding="utf-8")
    listed = text.split("## Oddities")[1].split("\n## ")[0]
    assert [int(n) for n in re.findall(r"^(\d+)\. ", listed, re.MULTILINE)] == ALL
