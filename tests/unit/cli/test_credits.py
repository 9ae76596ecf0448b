"""`bluelamp credits`: the words owed, for all that is defined or for one release."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bluelamp.cli import app

POLICE_UK = "Source: Home Office, data.police.uk"
OF_AREAS = "- Codes and names of areas: "


def said(*words: object) -> str:
    result = CliRunner().invoke(app, ["credits", *map(str, words)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_of_the_definitions_every_publisher_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("BLUELAMP_DEFINITIONS", raising=False)
    blocks = said().strip().split("\n\n")
    words, titles = blocks[0::2], blocks[1::2]
    assert words == sorted(set(words))
    assert all(line.startswith("- ") for block in titles for line in block.splitlines())
    assert any(line.endswith(POLICE_UK) for line in words)
    assert any(OF_AREAS in block for block in titles)


def test_of_a_release_those_whose_files_it_was_made_from(small_london):
    words = said(small_london.release.folder)
    sources = small_london.release.sources
    used = {r.source for r in small_london.release.receipts.values() if r.rows_kept}
    for source in sources.values():
        lines = words.splitlines()
        assert (f"- {source.title}" in lines) == (source.id in used), source.id
    assert OF_AREAS in words


def test_a_folder_that_is_no_release_is_refused(tmp_path: Path):
    result = CliRunner().invoke(app, ["credits", str(tmp_path)])
    assert result.exit_code == 2
    assert "is not a release" in result.output
