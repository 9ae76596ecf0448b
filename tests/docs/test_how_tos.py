"""Each how-to works when it is followed from top to bottom, and asks for no more than it says."""

from __future__ import annotations

import shutil
import subprocess
import sys
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
        "definitions/sources/complaints-by-force.yaml",  # a plain table: no reader
    }


def test_an_edition_of_another_force_is_a_folder_of_its_own(
    root: Path, newcomer, street_level: Path
) -> None:
    shutil.copytree(street_level, newcomer.checkout / "downloads")
    before = newcomer.files()
    newcomer.follow(root / "docs/how-to/add-an-edition.md")
    assert newcomer.files() == before


def test_a_store_is_checked_backed_up_lost_and_brought_back(root: Path, newcomer) -> None:
    before = newcomer.files()
    newcomer.follow(root / "docs/how-to/look-after-the-store.md")
    assert newcomer.files() == before


def test_a_press_note_is_held_against_the_findings(
    root: Path, newcomer, small_london: Path
) -> None:
    shutil.copytree(small_london, newcomer.checkout / "var/demo")
    before = newcomer.files()
    newcomer.follow(root / "docs/how-to/check-a-press-note.md")
    assert newcomer.files() == before


def test_what_an_office_has_comes_in_by_a_template(root: Path, newcomer) -> None:
    before = newcomer.files()
    newcomer.follow(root / "docs/how-to/bring-your-own-data.md")
    assert newcomer.files() - before == {"definitions/measures/immediate-calls.yaml"}


def test_records_about_people_are_kept_read_and_erased(root: Path, newcomer) -> None:
    newcomer.follow(root / "docs/how-to/keep-personal-data.md")
    (newcomer.checkout / "cohort.csv").unlink()  # as the page asks
    for path in newcomer.checkout.rglob("*"):
        assert path.is_dir() or b"Quillfeather" not in path.read_bytes(), path


# What the pages' own tests need beside the code.
BESIDE_THE_CODE = ("pyproject.toml", "tests/conftest.py", "tests/pages")


def test_a_page_is_a_dataclass_a_template_and_an_entry_on_the_map(root: Path, newcomer) -> None:
    """In a copy of the code, because a checkout that others are using must not be edited."""
    no_caches = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "src", newcomer.checkout / "src", ignore=no_caches)
    (newcomer.checkout / "tests").mkdir()
    for name in BESIDE_THE_CODE:
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, newcomer.checkout / name)
    before = newcomer.files()
    newcomer.follow(root / "docs/how-to/add-a-page.md")
    assert newcomer.files() - before == {
        "src/bluelamp/public/pages/reviews.py",
        "src/bluelamp/public/templates/public/reviews.html",
        "tests/pages/test_reviews.py",
    }


@pytest.mark.parametrize("name", ["add-a-source", "add-a-page"])
def test_the_code_that_a_page_teaches_is_in_the_style_of_the_house(
    root: Path, blocks_of, name: str
) -> None:
    taught = [b for b in blocks_of(root / f"docs/how-to/{name}.md") if b.language == "python"]
    assert taught
    for block in taught:
        for verb in (["check"], ["format", "--diff"]):
            ruff = subprocess.run(
                [sys.executable, "-m", "ruff", *verb, "--stdin-filename", block.title, "-"],
                cwd=root,
                input=block.text,
                capture_output=True,
                text=True,
                check=False,
            )
            assert ruff.returncode == 0, f"{name}.md:{block.line}\n{ruff.stdout}{ruff.stderr}"
