"""The text of every plan edition is ours: names and figures carry over, sentences do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bluelamp.definitions import definitions_root

ROOT = definitions_root()
FILES = [*sorted((ROOT / "plans").rglob("*.yaml")), ROOT / "statutory-contents.yaml"]

IN_A_ROW = 8
# These say where something stands, and how it is printed there: in the words of the document.
QUOTING = {"place", "where", "printed", "source"}
# Longer than eight words, and no sentence of anybody's.
NAMES = (
    "Action Plan for Transparency, Accountability and Trust in Policing",
    "section 143 of the Antisocial Behaviour, Crime and Policing Act 2014",
)


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub(r"['\u2019]", "", text.lower()))


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every eight words in a row, without case and punctuation."""
    words = words_of(text)
    return zip(*(words[start:] for start in range(IN_A_ROW)), strict=False)


def texts(value: Any, key: str = "") -> Iterator[str]:
    """Every text of a definition, however deep, save where it quotes."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, key)
    elif isinstance(value, str) and key not in QUOTING:
        yield value


@pytest.fixture(scope="module")
def theirs(shared: Path) -> set[tuple[str, ...]]:
    seeds = sorted((shared / "reference" / "seed-documents").glob("*.txt"))
    assert len(seeds) == 5
    found = {run for seed in seeds for run in runs(seed.read_text(encoding="utf-8"))}
    return found - {run for name in NAMES for run in runs(name)}


def test_a_sentence_of_the_plan_would_be_found(theirs: set[tuple[str, ...]]) -> None:
    taken = "We will not set any fixed, numerical, crime reduction targets for the MPS."
    assert set(runs(taken)) <= theirs


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_no_eight_words_in_a_row_are_theirs(path: Path, theirs: set[tuple[str, ...]]) -> None:
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    shared = [" ".join(run) for text in texts(read) for run in runs(text) if run in theirs]
    assert shared == []
