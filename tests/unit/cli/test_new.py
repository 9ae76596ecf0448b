"""`bluelamp new` writes files that say what belongs into them, and `check` lists what is left."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bluelamp.cli import app
from bluelamp.cli.beginning import SKELETONS, begin_measure
from bluelamp.definitions import NOT_WRITTEN, TO_WRITE, Office, definitions_root
from bluelamp.measures.definition import Measure
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.edition import Plan, Priority
from bluelamp.plan.line import Line, Part, Target
from bluelamp.plan.quoted import Arithmetic, Quoted, Recompute, Theme

# skeleton: the values that it begins
TEACHES = {
    "office": (Office,),
    "plan": (Plan,),
    "priority": (Priority,),
    "line": (Line, Part, Target),
    "commitment": (Commitment,),
    "theme": (Theme, Quoted, Recompute, Arithmetic),
    "measure": (Measure,),
}
EDITION = ("new", "edition", "surrey-2028", "--starts", "2028-04-01", "--ends", "2032-03-31")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the shipped definitions, to write into."""
    shutil.copytree(definitions_root(), tmp_path / "definitions")
    return tmp_path / "definitions"


def run(*words: str, definitions: Path) -> Result:
    given = {"BLUELAMP_DEFINITIONS": str(definitions)}
    result = CliRunner().invoke(app, list(words), env=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("skeleton", TEACHES)
def test_a_skeleton_names_every_key_that_may_be_written(skeleton: str) -> None:
    text = (SKELETONS / f"{skeleton}.yaml").read_text(encoding="utf-8")
    for cls in TEACHES[skeleton]:
        for field in dataclasses.fields(cls):
            filled_in = field.name == "id" or field.metadata == NOT_WRITTEN
            assert filled_in or f"{field.name}:" in text, field.name


def test_every_skeleton_is_tested() -> None:
    assert {path.stem for path in SKELETONS.glob("*.yaml")} == set(TEACHES)


def test_all_that_is_wrong_with_a_new_edition_is_what_is_not_written_yet(own: Path) -> None:
    assert run(*EDITION, definitions=own).exit_code == 0
    folder = own / "plans/surrey-2028"
    left = [text for text in files(folder).values() for _ in range(text.count(TO_WRITE.encode()))]
    checked = run("check", definitions=own)
    named = [line for line in checked.output.splitlines() if "still to be written" in line]
    assert checked.exit_code == 2
    assert all("plans/surrey-2028/" in line for line in named)
    # plan.yaml says in a comment what the mark means
    assert len(named) == len(left) - 1
    assert f"{len(named)} faults" in checked.output


def test_an_edition_whose_words_are_written_has_no_fault(own: Path) -> None:
    run(*EDITION, definitions=own)
    for number, path in enumerate(sorted((own / "plans/surrey-2028").rglob("*.yaml"))):
        text = path.read_text(encoding="utf-8").replace(TO_WRITE, f"Words {number}:")
        path.write_text(text, encoding="utf-8")
    checked = run("check", definitions=own)
    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Surrey 2028", "--starts", "2028-04-01", "--ends", "2032-03-31"), "cannot be an address"),
        (("london-2017", "--starts", "2028-04-01", "--ends", "2032-03-31"), "exists already"),
        (("surrey-2028", "--starts", "2028-04-01", "--ends", "2028-04-01"), "is not after"),
        (("surrey-2028", "--starts", "soon", "--ends", "2032-03-31"), "'soon' is not a date"),
        (("../away", "--starts", "2028-04-01", "--ends", "2032-03-31"), "cannot be an address"),
    ],
)
def test_what_cannot_be_begun_is_refused_and_nothing_is_written(
    own: Path, words: tuple[str, ...], said: str
) -> None:
    before = files(own.parent)
    result = run("new", "edition", *words, definitions=own)
    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert files(own.parent) == before


def test_a_measure_is_one_file_and_names_a_source_that_is_there(own: Path) -> None:
    before = set(files(own))
    told = run("new", "measure", "arson", "--source", "mps-recorded-crime", definitions=own)
    assert told.exit_code == 0
    assert set(files(own)) - before == {own / "measures/arson.yaml"}
    for words in (("arson", "--source", "mps-recorded-crime"), ("fire", "--source", "nobody")):
        assert run("new", "measure", *words, definitions=own).exit_code == 2
    assert (
        "the sources are"
        in run("new", "measure", "fire", "--source", "nobody", definitions=own).output
    )


def test_a_measure_begun_on_a_leap_day_is_read_again_on_a_day_that_exists(own: Path) -> None:
    begun = begin_measure(own, "arson", "mps-recorded-crime", date(2028, 2, 29))
    assert "on: 2028-02-29, next: 2029-02-28" in begun.files[0].read_text(encoding="utf-8")


def test_another_office_begins_with_what_holds_for_every_force(tmp_path: Path) -> None:
    folder, shipped = tmp_path / "surrey", definitions_root()
    words = ("--force", "E23000031", "--name", "Surrey", "--plan", "surrey-2028")
    words += ("--address", "https://example.org/")
    assert run("new", "office", str(folder), *words, definitions=shipped).exit_code == 0
    kept = {path.relative_to(folder).as_posix() for path in files(folder)}
    assert {"office.yaml", "areas/forces.yaml", "sources/police-uk-street.yaml"} <= kept
    kept.remove("sources/ward-officer-postings.yaml")  # a template, which any office may fill in
    assert not any("mps" in name or "ward" in name or "borough" in name for name in kept)
    checked = run("check", definitions=folder)
    assert "begin it: bluelamp new edition surrey-2028" in " ".join(checked.output.split())
    again = run("new", "office", str(folder), *words, definitions=shipped)
    assert "is not empty; nothing was written" in " ".join(again.output.split())
    unknown = ("--force", "E99", *words[2:])
    assert run("new", "office", str(tmp_path / "x"), *unknown, definitions=shipped).exit_code == 2
