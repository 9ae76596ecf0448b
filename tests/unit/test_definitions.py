"""Definitions: every fault of a file is named at once, each with its line."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from bluelamp.definitions import (
    DefinitionFaults,
    definitions_root,
    line_of,
    read,
    read_folder,
    read_gazetteer,
    read_office,
)


@dataclass(frozen=True)
class Check:
    by: str
    on: date


@dataclass(frozen=True)
class Thing:
    id: str
    title: str
    size: int
    better: Literal["lower", "higher"]
    check: Check
    share: float = 0.5
    shown: bool = True
    tags: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    rate_of: str | None = None
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError(f"size: {self.size} is less than nothing")


GOOD = """title: A thing
size: 3
better: lower
check: {by: A person, on: 2026-11-21}
"""


def thing(tmp_path: Path, text: str | bytes) -> Thing:
    path = tmp_path / "thing.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read(Thing, path, id="thing")


@dataclass(frozen=True)
class Answer:
    met: Literal["yes", "partly", "no"]


def test_a_good_file_is_a_frozen_value(tmp_path):
    assert thing(tmp_path, GOOD) == Thing(
        "thing", "A thing", 3, "lower", Check("A person", date(2026, 11, 21))
    )


def test_values_are_read_as_they_are_meant(tmp_path):
    text = GOOD + (
        "share: 1\nshown: false\ntags: one\nrate-of: ~\nnames: {E09: Croydon}\n"
        "checks:\n  - {by: 'No', on: 2026-01-01}\n  - {by: no, on: 2026-01-02}\n"
    )
    found = thing(tmp_path, text)
    assert (found.share, found.shown, found.tags, found.rate_of) == (1, False, ("one",), None)
    assert found.names == {"E09": "Croydon"}
    assert [check.by for check in found.checks] == ["No", "no"]


# what is wrong, the file, the line of the fault, words it must say
FAULTS = [
    ("unknown key", GOOD + "titel: x\n", 5,
     "unknown key 'titel': did you mean 'title'? The keys are better, check"),
    ("like no key", GOOD + "qqq: x\n", 5, "unknown key 'qqq'. The keys are better, check"),
    ("much like a choice", GOOD.replace("lower", "lowr"), 3, "did you mean 'lower'?"),
    ("not written yet", GOOD.replace("A thing", '"WRITE: its name"'), 1,
     "title: still to be written: its name"),
    ("missing key", GOOD.replace("size: 3\n", ""), 1, "missing key 'size'"),
    ("missing inside", GOOD.replace("by: A person, ", ""), 4, "missing key 'by'"),
    ("unknown inside", GOOD.replace("by:", "who: x, by:"), 4, "unknown key 'who'"),
    ("twice", GOOD + "size: 4\n", 5, "the key 'size' stands twice"),
    ("twice in a mapping", GOOD + "names:\n  a: b\n  a: c\n", 7, "the key 'a' stands twice"),
    ("the id inside", GOOD + "id: other\n", 5, "'id' comes from the file's name; take it out"),
    ("bad literal", GOOD.replace("lower", "down"), 3, "'down' is not one of lower, higher"),
    ("list for a literal", GOOD.replace("lower", "[lower]"), 3, "is not one of lower, higher"),
    ("text for a number", GOOD.replace("3", "three"), 2, "expected a whole number, not 'three'"),
    ("fraction for a whole", GOOD.replace("3", "3.5"), 2, "expected a whole number, not '3.5'"),
    ("yes for a number", GOOD.replace("3", "yes"), 2, "expected a whole number, not 'yes'"),
    ("number for yes", GOOD + "shown: 1\n", 5, "expected true or false, not '1'"),
    ("text for a fraction", GOOD + "share: half\n", 5, "expected a number, not 'half'"),
    ("text for a date", GOOD.replace("2026-11-21", "soon"), 4, "2017-03-20, not 'soon'"),
    ("no such day", GOOD.replace("2026-11-21", "2026-02-30"), 4, "not '2026-02-30'"),
    ("a time for a date", GOOD.replace("2026-11-21", "2026-11-21 10:00:00"), 4, "expected a date"),
    ("nothing for text", GOOD.replace("A thing", ""), 1, "title: expected some text"),
    ("null for text", GOOD.replace("A thing", "~"), 1, "title: expected some text"),
    ("a list for text", GOOD.replace("A thing", "[a, b]"), 1, "expected some text"),
    ("keys for text", GOOD.replace("A thing", "{a: b}"), 1, "expected some text"),
    ("text for keys", GOOD.replace("{by: A person, on: 2026-11-21}", "me"), 4,
     "expected keys and values describing a Check"),
    ("keys for a list", GOOD + "tags: {a: b}\n", 5, "tags: expected a list"),
    ("text for a mapping", GOOD + "names: Croydon\n", 5, "names: expected keys and values"),
    ("its own rule", GOOD.replace("3", "-1"), 1, "size: -1 is less than nothing"),
    ("a foreign tag", GOOD.replace("3", "!secret 3"), 2, "expected a whole number"),
    ("a list, not keys", "- a\n- b\n", 1, "expected keys and values describing a Thing"),
    ("not YAML", "title: [A thing\nsize: 3\n", 2, "this is not YAML"),
    ("a tab", "title: x\n\tsize: 3\n", 2, "this is not YAML"),
    ("two documents", GOOD + "---\n" + GOOD, 5, "this is not YAML"),
    ("empty", "", 1, "the file is empty"),
    ("only a comment", "# to do\n", 1, "the file is empty"),
    ("another encoding", GOOD.replace("A thing", "Caf\xe9").encode("cp1252"), 1, "not UTF-8"),
    ("a control character", GOOD.replace("A thing", "A\x07thing"), 1, "this is not YAML"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "text", "line", "words"), FAULTS, ids=[f[0] for f in FAULTS])
def test_a_fault_is_named_with_its_line(tmp_path, what, text, line, words):
    with pytest.raises(DefinitionFaults) as found:
        thing(tmp_path, text)
    (fault,) = found.value.faults
    assert words in fault.message
    assert fault.line == line
    assert str(fault) == f"{tmp_path / 'thing.yaml'}:{line}: {fault.message}"


def test_yes_and_no_are_words_where_they_are_the_choice(tmp_path):
    path = tmp_path / "answer.yaml"
    for written, meant in (("yes", "yes"), ("'no'", "no"), ("partly", "partly")):
        path.write_text(f"met: {written}\n")
        assert read(Answer, path).met == meant


def test_all_faults_of_a_file_are_named_at_once(tmp_path):
    text = "titel: x\nsize: three\nbetter: down\ncheck: {by: A person, on: soon, at: x}\nsize: 2\n"
    with pytest.raises(DefinitionFaults) as found:
        thing(tmp_path, text)
    said = [
        (fault.line, fault.message.split(": did you")[0].split(". The")[0])
        for fault in found.value.faults
    ]
    assert said == [
        (1, "unknown key 'titel'"),
        (2, "size: expected a whole number, not 'three'"),
        (3, "better: 'down' is not one of lower, higher"),
        (4, "on: expected a date such as 2017-03-20, not 'soon'"),
        (4, "unknown key 'at'"),
        (5, "the key 'size' stands twice"),
        (1, "missing key 'title'"),
    ]


def test_all_faults_of_a_folder_are_named_at_once(tmp_path):
    (tmp_path / "b.yaml").write_text(GOOD + "x: 1\n")
    (tmp_path / "a.yaml").write_text(GOOD.replace("3", "three"))
    (tmp_path / "c.yaml").write_text(GOOD)
    with pytest.raises(DefinitionFaults) as found:
        read_folder(Thing, tmp_path)
    assert [(f.path.name, f.line) for f in found.value.faults] == [("a.yaml", 2), ("b.yaml", 5)]


def test_a_file_with_the_other_ending_is_not_passed_over_in_silence(tmp_path):
    (tmp_path / "a.yml").write_text(GOOD)
    with pytest.raises(DefinitionFaults, match=r"a\.yml:1: .*a\.yaml"):
        read_folder(Thing, tmp_path)


def test_a_folder_is_read_in_name_order_and_the_file_name_is_the_id(tmp_path):
    for name in ("b", "a", "c"):
        (tmp_path / f"{name}.yaml").write_text(GOOD)
    found = read_folder(Thing, tmp_path)
    assert list(found) == ["a", "b", "c"]
    assert [one.id for one in found.values()] == ["a", "b", "c"]


def test_definitions_are_the_chosen_the_named_or_the_shipped(tmp_path, monkeypatch):
    monkeypatch.delenv("BLUELAMP_DEFINITIONS", raising=False)
    assert (definitions_root() / "office.yaml").is_file()
    (tmp_path / "office.yaml").write_text("")
    monkeypatch.setenv("BLUELAMP_DEFINITIONS", str(tmp_path))
    assert definitions_root() == tmp_path
    with pytest.raises(FileNotFoundError, match=r"there is no office\.yaml in .*nowhere"):
        definitions_root(tmp_path / "nowhere")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The areas of the project, to be spoiled."""
    shutil.copytree(definitions_root() / "areas", tmp_path / "areas")
    return tmp_path


def spoil(root: Path, name: str, old: str, new: str) -> int:
    """Replace once; the number of the line that was changed."""
    path = root / "areas" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_faults_between_areas_have_file_and_line_too(copied):
    code = spoil(copied, "boroughs.yaml", '"outside:heathrow"', '"outside:airports"')
    spelling = spoil(copied, "boroughs.yaml", "name: Brent,", "name: Brent, spellings: [Camden],")
    parent = spoil(copied, "wards-2025.yaml", "Aldgate, parent: E09000001", "Aldgate, parent: E09")
    with pytest.raises(DefinitionFaults) as found:
        read_gazetteer(copied)
    said = {(f.path.name, f.line): f.message for f in found.value.faults}
    assert "outside:airports is given to two areas" in said[("boroughs.yaml", code)]
    assert "is a spelling of both" in said[("boroughs.yaml", spelling + 2)]  # Camden's own line
    assert "no area has the code 'E09'" in said[("wards-2025.yaml", parent)]
    assert len(said) == 3


def test_faults_inside_every_file_of_areas_are_named_at_once(copied):
    spoil(copied, "boroughs.yaml", "kind: borough", "kind: burgh")
    spoil(copied, "forces.yaml", "name: Cumbria", "nam: Cumbria")
    with pytest.raises(DefinitionFaults) as found:
        read_gazetteer(copied)
    assert {f.path.name for f in found.value.faults} == {"boroughs.yaml", "forces.yaml"}


def test_the_office_speaks_of_a_plan_and_of_forces_that_are_there():
    root = definitions_root()
    office, areas = read_office(root), read_gazetteer(root)
    assert (root / "plans" / office.plan / "plan.yaml").is_file()
    assert office.force in office.territory
    assert all(areas[code].kind == "force" for code in office.territory)


@pytest.mark.parametrize(
    ("value", "key", "line"),
    [
        ("b", "", 2),
        ("b", "names", 4),  # not the b of line 2, which stands elsewhere
        ("c", "names", 5),
        ("absent", "", 1),
        ("b", "absent", 1),
    ],
)
def test_the_line_of_a_value_is_found(tmp_path, value, key, line):
    path = tmp_path / "a.yaml"
    path.write_text("title: a\nother: b\nnames:\n  - b\n  - {deeper: c}\n")
    assert line_of(path, value, key) == line
