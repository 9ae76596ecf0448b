"""Denominators as data: what is refused, and which words a measure gets from them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bluelamp.definitions import DefinitionFaults, definitions_root
from bluelamp.measures.definition import read_measures
from bluelamp.measures.denominators import read_denominators


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The measures, sources and denominators of the office, to be altered."""
    for folder in ("measures", "sources", "denominators"):
        shutil.copytree(definitions_root() / folder, tmp_path / folder)
    shutil.copy(definitions_root() / "office.yaml", tmp_path)
    return tmp_path


def alter(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def faults(reading, root: Path) -> str:
    with pytest.raises(DefinitionFaults) as found:
        reading(root)
    return str(found.value)


def test_a_rate_carries_the_words_of_its_denominator(root):
    measure = read_measures(root)["burglary-rate"]
    assert measure.base is not None
    assert measure.denominator_words == measure.base.words
    assert "rebased on Census 2021" in measure.denominator_words


def test_a_rate_among_a_group_says_which(root):
    new = "among: residents-by-ethnicity\nof_group: [ethnicity=Black, ethnicity=Mixed]"
    alter(root / "measures/burglary-rate.yaml", "among: residents", new)
    measure = read_measures(root)["burglary-rate"]
    assert measure.denominator_words == (
        "Residents by ethnic group: Census 2021 (only: Black, Mixed)"
    )


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("among: resident", "there is no denominator 'resident': did you mean 'residents'?"),
        ("among: visitors", "there is no denominator 'visitors'; add denominators/visitors.yaml"),
        ("among: households\ndenominator_words: Homes", "come from definitions/denominators/house"),
    ],
)
def test_a_rate_of_no_denominator_or_with_words_of_its_own_is_refused(root, new, words):
    alter(root / "measures/burglary-rate.yaml", "among: residents", new)
    assert words in faults(read_measures, root)


def test_one_series_cannot_stand_for_two_bases(root):
    """The 72,000 people between the two estimates of London in 2019 are never mixed up."""
    alter(root / "denominators/residents-by-age.yaml", "source: residents-age-borough",
          "source: ons-residents-borough")  # fmt: skip
    found = faults(read_denominators, root)
    assert "'ons-residents-borough' is on the base 'Census 2021' in" in found
    assert "bases are never mixed" in found


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("level: force", "level: borough", "a level is counted in one way only"),
        ("first_year: 2019", "first_year: 2019\nlast_year: 2011", "2011 is before 2019"),
        ("source: ons-residents-borough", "source: nobody", "there is no source 'nobody'"),
    ],
)
def test_a_denominator_that_cannot_be_used_is_named(root, old, new, words):
    alter(root / "denominators/residents.yaml", old, new)
    assert words in faults(read_denominators, root)
