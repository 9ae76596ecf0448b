"""Measures: each selects something, says what and why, and is due to be looked at again."""

from __future__ import annotations

import importlib
import shutil
from collections import Counter

import numpy as np
import polars as pl
import pytest

from bluelamp.definitions import DefinitionFaults, definitions_root
from bluelamp.evidence.source import read_sources
from bluelamp.measures.compute import series_of
from bluelamp.measures.counting import matches, source_level
from bluelamp.measures.definition import read_measures

MEASURES = read_measures(definitions_root())
SOURCES = read_sources(definitions_root())
each_measure = pytest.mark.parametrize("measure", MEASURES.values(), ids=list(MEASURES))


@each_measure
def test_its_source_answers_for_each_of_its_levels(measure):
    source = SOURCES[measure.source]
    for level in measure.levels:
        assert source_level(source, level), f"{source.id} has nothing by {level}"


@each_measure
def test_its_words_are_filled(measure):
    for words in (measure.title, measure.things, measure.description, measure.why, measure.unit):
        assert len(words.strip()) > 3
    assert measure.caveats
    assert measure.numerator_words
    assert bool(measure.denominator_words) == (measure.kind in ("rate", "share"))
    assert measure.review.author
    assert measure.review.checked_by != measure.review.author
    assert measure.review.next > measure.review.on


@pytest.mark.parametrize("words", ["title", "description"])
def test_no_two_share_their_words(words):
    used = Counter(getattr(measure, words) for measure in MEASURES.values())
    assert [text for text, times in used.items() if times > 1] == []


@each_measure
def test_a_custom_kind_has_its_module(measure):
    if measure.kind.startswith("custom:"):
        name = measure.kind.removeprefix("custom:")
        assert importlib.import_module(f"bluelamp.measures.custom.{name}").series


@pytest.mark.parametrize("kind", ["made_up", "real"])
@each_measure
def test_it_selects_something(measure, kind, request):
    context = request.getfixturevalue(kind)
    for selections in (measure.numerator, measure.denominator):
        if selections:
            levels = SOURCES[measure.source].levels
            known = [(context.known, measure.source, level) for level in levels]
            wanted = [matches(selections, k.spelt(source, level)) for k, source, level in known]
            rows = [k.tally(source, level) for k, source, level in known]
            assert any(r.filter(w).height for r, w in zip(rows, wanted, strict=True)), selections


@pytest.mark.parametrize("kind", ["made_up", "real"])
@each_measure
def test_each_value_it_names_is_one_that_the_publisher_writes(measure, kind, request):
    """A misspelt group among several would be left out in silence."""
    context = request.getfixturevalue(kind)
    seen: set[str] = set()
    for level in SOURCES[measure.source].levels:
        tally = context.known.tally(measure.source, level)
        for column in ("scope", "category", "subcategory", "flag"):
            seen |= set(tally[column].str.to_uppercase().unique())
    for selection in (*measure.numerator, *measure.denominator):
        for column in ("scope", "category", "flag"):
            values = getattr(selection, column)
            assert not values or seen & {v.upper() for v in values}, f"{column} {values}"
        # Groups were renamed by the publisher: at least one name of each must be there.
        assert not selection.subcategory or seen & {v.upper() for v in selection.subcategory}


@pytest.mark.parametrize("kind", ["made_up", "real"])
@each_measure
def test_it_has_a_number_for_somebody_at_each_level(measure, kind, request):
    made = series_of(measure, request.getfixturevalue(kind))
    assert [series.level for series in made] == [
        level for level in ("force", "borough", "ward") if level in measure.levels
    ]
    for series in made:
        known = np.isfinite(series.value)
        assert known.any(), series.level
        assert (known == (series.reasons == "")).all(), "a number or words, never both or neither"


def spoilt(tmp_path, name, old, new):
    shutil.copytree(definitions_root(), tmp_path / "d")
    path = tmp_path / "d/measures" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return tmp_path / "d"


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("burglary-rate.yaml", "rate_of: burglary", "rate_of: burglaries",
         "there is no measure 'burglaries'"),
        ("burglary-rate.yaml", "rate_of: burglary", "rate_of: positive-outcomes-hate-crime",
         "'positive-outcomes-hate-crime' is a share; a rate is of a count"),
        ("burglary.yaml", "source: mps-recorded-crime", "source: mps-crime",
         "there is no source 'mps-crime'"),
        ("burglary.yaml", "kind: count", "kind: number", "'number' is not one of count, rate"),
        ("burglary-rate.yaml", "rate_of: burglary\n", "", "must name the count measure"),
        ("burglary.yaml", "next: 2027-11-21", "next: 2026-11-21", "not after it was checked"),
    ],
)  # fmt: skip
def test_a_measure_that_leads_nowhere_is_a_fault_with_its_file(tmp_path, name, old, new, words):
    with pytest.raises(DefinitionFaults) as found:
        read_measures(spoilt(tmp_path, name, old, new))
    assert [(f.path.name, words in f.message) for f in found.value.faults] == [(name, True)]


def test_the_tally_that_measures_select_from_has_no_empty_words(made_up):
    for source in SOURCES.values():
        for level in source.levels:
            tally = made_up.known.tally(source.id, level)
            assert tally.filter(pl.col("area") == "").is_empty()
