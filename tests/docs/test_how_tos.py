"""Each how-to works when it is followed from top to bottom, and asks for no more than it says."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bluelamp.evidence.readers
from bluelamp.cli import app


def test_a_measure_is_one_file_and_a_minute_later_a_page(
    root: Path, newcomer, small_london: Path
) -> None:
    shutil.copytree(small_london, newcomer.checkout / "var/demo")
    before = newcomer.files()
    newcomer.follow(root / "docs/how-to/add-a-measure.md")
    assert newcomer.files() - before == {"definitions/measures/shoplifting.yaml"}


def test_a_slip_in_a_measure_is_named_as_the_page_shows(root: Path, newcomer, blocks_of) -> None:
    page = blocks_of(root / "docs/how-to/add-a-measure.md")
    (measure,) = [block for block in page if block.language == "yaml"]
    (shown,) = [block for block in page if block.language == "text" and not block.title]
    path = newcomer.checkout / measure.title
    path.write_text(measure.text.replace("kind: count", "kindd: count"), encoding="utf-8")
    result = CliRunner().invoke(
        app, ["check", "--definitions", str(newcomer.checkout / "definitions")]
    )
    assert result.exit_code == 2
    assert shown.text.removesuffix(", ...\n") in result.output


def test_a_source_is_its_definition_and_its_reader(
    root: Path, newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = "src/bluelamp/evidence/readers"
    here = [*bluelamp.evidence.readers.__path__, str(newcomer.checkout / readers)]
    monkeypatch.setattr(bluelamp.evidence.readers, "__path__", here)
    before = newcomer.files()
    newcomer.follow(root / "docs/how-to/add-a-source.md")
    assert newcomer.files() - before == {
        "definitions/sources/emergency-calls.yaml",
        f"{readers}/emergency_calls.py",
        "definitions/measures/emergency-calls.yaml",
    }
