"""# Where figures before and after cannot be compared

A source declares a break: from a month on it counts something else, or in another way. The break
says what it concerns. A measure that counts something else is left alone; one that is concerned is
never compared across the month, so that the change of counting is not read as a change of crime.
"""

from __future__ import annotations

import shutil
from datetime import date

import numpy as np
import pytest
import yaml

from bluelamp.definitions import definitions_root, read_office
from bluelamp.evidence.source import DeclaredBreak
from bluelamp.measures.definition import Selection
from bluelamp.periods import Month
from bluelamp.plan.reading import read_editions
from bluelamp.signals.judgement import judge_all

LONDON, CAMDEN = "E23000001", "E09000007"
STEP = Month(2025, 3)
SELECTIONS = {
    "everything": Selection(),
    "burglary": Selection(category=("BURGLARY",)),
    "burglary of homes": Selection(category=("BURGLARY",), subcategory=("DOMESTIC BURGLARY",)),
    "fraud": Selection(category=("FRAUD AND FORGERY",)),
    "hate crime": Selection(scope=("HATE CRIME",), flag=("OFFENCES",)),
    "searches of Black people": Selection(group=("age=18-24; ethnicity=Black",)),
    "searches of women": Selection(group=("sex=Female",)),
}
BREAKS = {
    "all": DeclaredBreak("2024-03", "w"),
    "wards": DeclaredBreak("2024-03", "w", levels=("ward",)),
    "fraud": DeclaredBreak("2024-03", "w", categories=("Fraud and forgery",)),
    "fraud moved": DeclaredBreak(
        "2024-03", "w", categories=("FRAUD AND FORGERY",), total_stays=True
    ),
    "homes moved": DeclaredBreak(
        "2024-03", "w", categories=("BURGLARY",), subcategories=("DOMESTIC BURGLARY",),
        total_stays=True,
    ),
    "any minor kind": DeclaredBreak("2024-03", "w", subcategories=("*",), total_stays=True),
    "hate crime": DeclaredBreak("2024-03", "w", scopes=("HATE CRIME",)),
    "ethnicity": DeclaredBreak("2024-03", "w", groups=("ethnicity",), total_stays=True),
}  # fmt: skip


def test_a_break_concerns_what_counts_any_of_it(drawn):
    for row in drawn(
        """break          | measure                  | level   | concerned
           -------------- + ------------------------ + ------- + ---------
           all            | everything               | force   | yes
           all            | burglary                 | ward    | yes
           wards          | burglary                 | ward    | yes
           wards          | burglary                 | borough | no
           fraud          | fraud                    | force   | yes
           fraud          | burglary                 | force   | no
           fraud          | everything               | force   | yes
           fraud moved    | everything               | force   | no
           fraud moved    | fraud                    | force   | yes
           homes moved    | burglary                 | force   | no
           homes moved    | burglary of homes        | force   | yes
           homes moved    | everything               | force   | no
           any minor kind | burglary of homes        | force   | yes
           any minor kind | burglary                 | force   | no
           hate crime     | hate crime               | ward    | yes
           hate crime     | burglary                 | ward    | yes
           ethnicity      | searches of Black people | force   | yes
           ethnicity      | searches of women        | force   | no
           ethnicity      | everything               | force   | no"""
    ):
        concerned = BREAKS[row["break"]].concerns(row["level"], [SELECTIONS[row["measure"]]])
        assert concerned == (row["concerned"] == "yes"), row


def test_a_measure_of_its_own_making_is_concerned_unless_the_total_stays():
    assert BREAKS["fraud"].concerns("force", [])
    assert not BREAKS["fraud moved"].concerns("force", [])


def test_one_that_leaves_the_total_says_what_it_is_about():
    with pytest.raises(ValueError, match="say by categories, flags or groups what it is about"):
        DeclaredBreak("2024-03", "w", total_stays=True)


# --- never read as change -------------------------------------------------------------------------


def findings(door, breaks: list[dict]) -> dict[tuple[str, str, str], object]:
    """What is found of burglary and robbery where the source declares these breaks, by question,
    measure and area."""
    shutil.rmtree(door.folder / "definitions", ignore_errors=True)
    door.definitions = shutil.copytree(definitions_root(), door.folder / "definitions")
    path = door.definitions / "sources" / "mps-recorded-crime.yaml"
    source = yaml.safe_load(path.read_text(encoding="utf-8")) | {"breaks": breaks}
    path.write_text(yaml.safe_dump(source, allow_unicode=True), encoding="utf-8")
    names = ("burglary", "robbery")
    series = [one for name in names for one in door.series(name, "2026-04-30")]
    known = {path.stem for path in (door.definitions / "measures").glob("*.yaml")}
    editions, force = read_editions(door.definitions, known), read_office(door.definitions).force
    judged = judge_all(series, editions, "london-2017", door.gazetteer, date(2026, 4, 30), force)
    return {(f.question, f.measure, f.area): f for f in judged.findings}


def planted_step(door) -> None:
    """Seven years of every kind of crime in every borough; from March 2025 half as much again."""
    rng = np.random.default_rng(20_250_301)
    months = [Month(2019, 3) + step for step in range(84)]
    usual = {m: int(rng.poisson(40)) for m in months}
    text = door.borough_file({str(m): n + (20 if m >= STEP else 0) for m, n in usual.items()})
    door.receive("planted.csv", text, published="2026-04-01")


@pytest.fixture
def told(door):
    planted_step(door)
    return lambda *breaks: findings(door, list(breaks))


def test_a_step_is_found_and_at_a_break_it_is_none(told):
    blind = told()
    for area in (LONDON, CAMDEN):
        assert blind["watch", "burglary", area].status == "changed", area
    broken = told({"month": str(STEP), "words": "counted in a new way"})
    assert {f.status for f in broken.values()} == {"not judged"}
    said = broken["watch", "burglary", CAMDEN].sentence
    assert "cannot be compared with earlier ones (counted in a new way)" in said


def test_a_break_of_one_kind_or_level_leaves_the_others_judged(told):
    said = {"month": str(STEP), "words": "counted in a new way"}
    kind = told(said | {"categories": ["BURGLARY"]})
    assert kind["watch", "burglary", LONDON].status == "not judged"
    assert kind["watch", "robbery", LONDON].status == "changed"
    level = told(said | {"levels": ["borough"]})
    assert level["watch", "burglary", CAMDEN].status == "not judged"
    assert level["watch", "burglary", LONDON].status == "changed"


def test_what_the_publisher_calls_comparable_is_judged_across(told):
    marked = told({"month": str(STEP), "words": "a new computer system", "comparable": True})
    assert marked["watch", "burglary", LONDON].status == "changed"
