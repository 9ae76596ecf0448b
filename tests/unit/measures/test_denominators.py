"""Denominators as data: what is refused, and which words a measure gets from them."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bluelamp.definitions import DefinitionFaults, definitions_root
from bluelamp.evidence.known import Known
from bluelamp.evidence.reading import TALLY_SCHEMA
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context, series_of
from bluelamp.measures.definition import read_measures
from bluelamp.measures.denominators import read_denominators
from bluelamp.measures.series import Series
from bluelamp.periods import Month
from bluelamp.places import gazetteer


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


def test_every_rate_of_the_office_says_of_which_year_and_base_its_denominator_is():
    rates = [m for m in read_measures(definitions_root()).values() if m.kind == "rate"]
    assert rates
    for measure in rates:
        assert measure.base is not None
        assert measure.base.base in measure.denominator_words, measure.id
        assert re.search(r"\b20\d\d\b", measure.denominator_words), measure.id


def test_a_rate_per_households_needs_data_alone(root):
    """A scratch measure, one file long: burglaries for every 1,000 homes."""
    text = (root / "measures/burglary-rate.yaml").read_text(encoding="utf-8")
    homes = text.replace("among: residents", "among: households")
    (root / "measures/burglary-of-homes.yaml").write_text(homes, encoding="utf-8")
    measures = read_measures(root)
    rate, burglary = measures["burglary-of-homes"], measures["burglary"]
    assert rate.denominator_words == "Households: Census 2021, rounded to hundreds"
    barnet, source = "E09000003", "census-2021-households-borough"
    row = {"month": "2021-03", "level": "borough", "area": barnet, "within": "E23000001",
           "scope": "all", "category": "HOUSEHOLDS", "subcategory": "", "flag": "", "group": "",
           "count": 150_000, "value": None, "receipt": "census"}  # fmt: skip
    known = Known(date(2026, 1, 1), None, pl.DataFrame(), {}, Store(root / "store"))
    known._tallies[(source, "borough")] = pl.DataFrame(
        [row], schema={**TALLY_SCHEMA, "receipt": pl.String}
    )
    context = Context(known, {}, measures, gazetteer([]), "E23000001")
    burglaries = np.array([[300.0]])
    context.worked_out[burglary, "borough"] = Series(
        burglary, "borough", (barnet,), (Month(2025, 6),), burglaries, None, burglaries,
        np.array([[""]], dtype=object), np.array([[False]]), (("crimes",),),
    )  # fmt: skip
    (series,) = series_of(replace(rate, levels=("borough",)), context)
    assert series.denominator is not None
    assert (series.denominator[0, 0], series.value[0, 0]) == (150_000, 2.0)
    assert series.receipts == (("census", "crimes"),)


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
