"""The words of the glossary are the words of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text().splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| word"))
]
CODE = "\n".join(path.read_text() for path in (ROOT / "src" / "bluelamp").rglob("*.py"))
MUST_HAVE = {"Finding", "Line", "Measure", "Figure", "Withheld", "Receipt", "Source", "Release"}


def words_of_code() -> set[str]:
    return {word for row in ROWS for word in re.findall(r"`(\w+)`", row[0])}


@pytest.mark.parametrize("word", sorted(words_of_code()))
def test_a_word_in_code_type_is_a_name_of_the_code(word: str) -> None:
    name = rf"^\s*(?:class|def) {word}\b|^\s*{word}\s*[:=]|\"{word}\""
    assert re.search(name, CODE, re.MULTILINE), f"no class, field or value is called {word}"


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_an_entry_has_a_meaning_and_its_source(row: list[str]) -> None:
    assert len(row) == 3
    assert all(row)
    assert row[1].endswith(".")
    assert row[1].count(". ") <= 3, "an entry is a few sentences, not an essay"


def test_no_word_stands_twice() -> None:
    words = [row[0].casefold() for row in ROWS]
    assert len(words) == len(set(words))


def test_the_shared_words_are_all_explained() -> None:
    assert words_of_code() >= MUST_HAVE
