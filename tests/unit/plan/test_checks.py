"""What `bluelamp check` says of an edition whose files do not fit together: line, fault, remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from bluelamp.definitions import DefinitionFaults
from bluelamp.plan.reading import read_edition

FILES = {
    "plans/p/plan.yaml": """
title: A plan
short_title: Plan
standing: In force.
starts: 2028-04-01
ends: 2032-03-31
judged_by: progress
how_judged: By progress.
ambition: Less harm
source: Made up
""",
    "plans/p/priorities/safety.yaml": """
number: 1
title: Safety
question: Is it safer?
summary: Less harm.
place: Chapter 1
""",
    "plans/p/lines/burglary.yaml": """
number: 1
priority: safety
title: Burglary
promise: Less burglary.
parts:
  - {hope: lower, what: there is less burglary, measures: [burglary]}
place: Chapter 1
""",
    "plans/p/commitments/patrols.yaml": """
number: 1
title: Patrols
kind: other promise
promise: More patrols.
lead: The police
place: Chapter 1
check: Duty records show them.
priority: safety
lines: [burglary]
measures: [burglary]
""",
    "plans/p/quoted/streets.yaml": """
number: 1
title: The streets
figures:
  - id: before
    what: Burglaries in 2027
    printed: "100"
    value: 100
    unit: offences
    place: Chapter 1
    recompute: {measure: burglary, first: 2027-01-01, last: 2027-12-31, statistic: total, within: 0}
  - id: twice
    what: Twice as many
    printed: "200"
    value: 200
    unit: offences
    place: Chapter 1
    arithmetic: {sum: "`before` * 2"}
""",
    "plans/p/contents.yaml": """
items:
  - {requirement: resources, met: yes, where: Chapter 2}
""",
    "statutory-contents.yaml": """
act: The Act
source: A list
requirements:
  - {id: resources, what: The money, law: The Act}
""",
}

LINE, PROMISE, QUOTED = "lines/burglary.yaml", "commitments/patrols.yaml", "quoted/streets.yaml"

# file, what is written there, what is put in its place; line of the fault, what is said
FAULTS = [
    (LINE, "measures: [burglary]", "measures: [burglry]", 7,
     "measures: there is no measure 'burglry': did you mean 'burglary'?"),
    (LINE, "priority: safety", "priority: order", 3,
     "priority: there is no priority 'order'; the ids are safety"),
    (PROMISE, "lines: [burglary]", "lines: [burglaries]", 10,
     "lines: there is no line 'burglaries': did you mean 'burglary'?"),
    (PROMISE, "lines: [burglary]", "restates: [patrols]", 10,
     "restates: a commitment cannot restate itself; take it out"),
    (PROMISE, "lines: [burglary]", "restates: [other]", 10,
     "restates: there is no commitment 'other'; the ids are patrols"),
    (PROMISE, "priority: safety", "priority: safty", 9, "did you mean 'safety'?"),
    (QUOTED, "measure: burglary", "measure: robbery", 11, "measure: there is no measure 'robbery'"),
    (QUOTED, "2027-12-31", "2027-12-30", 5,
     "'before': 2027-01-01 to 2027-12-30 is not whole months; write 2016-01-01 to 2016-12-31"),
    (QUOTED, "`before` * 2", "`befor` * 2", 12, "'twice'"),
    (QUOTED, "`before` * 2", "`twice` * 2", 12, "in a circle"),
    (QUOTED, "id: twice", "id: before", 5, "'before' stands in streets.yaml already"),
    ("contents.yaml", "requirement: resources", "requirement: money", 3,
     "requirement: there is no requirement of the law 'money'; the ids are resources"),
]  # fmt: skip


def written(root: Path, **changed: str) -> Path:
    for name, text in (FILES | changed).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def faults(root: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(DefinitionFaults) as error:
        read_edition(root, "p", {"burglary"})
    return [(fault.path.name, fault.line, fault.message) for fault in error.value.faults]


def test_an_edition_that_fits_together_has_no_fault(tmp_path: Path) -> None:
    edition = read_edition(written(tmp_path), "p", {"burglary"})
    assert list(edition.quoted) == ["before", "twice"]


@pytest.mark.parametrize(("name", "old", "new", "line", "words"), FAULTS)
def test_a_fault_between_files_stands_at_its_line_and_says_what_to_write(
    tmp_path: Path, name: str, old: str, new: str, line: int, words: str
) -> None:
    path = f"plans/p/{name}"
    assert old in FILES[path]
    found = faults(written(tmp_path, **{path: FILES[path].replace(old, new)}))
    assert any(
        (file, at) == (Path(name).name, line) and words in message for file, at, message in found
    ), found


def test_a_requirement_that_stands_twice_is_named(tmp_path: Path) -> None:
    twice = (
        FILES["plans/p/contents.yaml"]
        + "  - {requirement: resources, met: yes, where: Chapter 9}\n"
    )
    found = faults(written(tmp_path, **{"plans/p/contents.yaml": twice}))
    assert [(name, said) for name, _, said in found] == [
        ("contents.yaml", "'resources' stands here twice")
    ]


def test_a_requirement_left_out_is_missed(tmp_path: Path) -> None:
    law = FILES["statutory-contents.yaml"] + "  - {id: grants, what: Grants, law: The Act}\n"
    found = faults(written(tmp_path, **{"statutory-contents.yaml": law}))
    said = "items: 'grants' is missing; say where the plan sets it out"
    assert found == [("contents.yaml", 1, said)]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("figures", "a page of every edition is called 'figures': choose another name"),
        ("Street_Crime", "a file's name is its address: name it street-crime.yaml"),
    ],
)
def test_a_name_that_cannot_be_an_address_is_refused(tmp_path: Path, name: str, words: str) -> None:
    priority = FILES["plans/p/priorities/safety.yaml"].replace("1\n", "2\n", 1)
    found = faults(written(tmp_path, **{f"plans/p/priorities/{name}.yaml": priority}))
    assert (f"{name}.yaml", 1, words) in found


def test_a_number_taken_twice_says_which_is_free(tmp_path: Path) -> None:
    second = FILES["plans/p/lines/burglary.yaml"].replace("Burglary", "Robbery")
    found = faults(written(tmp_path, **{"plans/p/lines/robbery.yaml": second}))
    said = "number: 1 is the number of 'burglary' too; 2 is free"
    assert found == [("robbery.yaml", 2, said)]


def test_faults_of_every_kind_are_named_at_once(tmp_path: Path) -> None:
    """A fault inside one file hides neither those of the others nor those between them."""
    changed = {
        "plans/p/plan.yaml": ("title: A plan", "titel: A plan"),
        "plans/p/lines/burglary.yaml": ("measures: [burglary]", "measures: [burglry]"),
        "plans/p/commitments/patrols.yaml": ("check: Duty", "chek: Duty"),
        "plans/p/quoted/streets.yaml": ("measure: burglary", "measure: robbery"),
        "plans/p/contents.yaml": ("requirement: resources", "requirement: money"),
    }
    found = faults(
        written(tmp_path, **{name: FILES[name].replace(*words) for name, words in changed.items()})
    )
    assert {file for file, _, _ in found} == {Path(name).name for name in changed}


def test_a_file_with_a_fault_of_its_own_may_still_be_named(tmp_path: Path) -> None:
    line = FILES["plans/p/lines/burglary.yaml"].replace("hope: lower", "hope: down")
    found = faults(written(tmp_path, **{"plans/p/lines/burglary.yaml": line}))
    assert [file for file, _, _ in found] == ["burglary.yaml"]
