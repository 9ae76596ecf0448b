"""Sources: each has its reader, its rules fit its rows, and its words are there."""

from __future__ import annotations

import inspect

import polars as pl
import pytest

from bluelamp.definitions import DefinitionFaults, definitions_root, read
from bluelamp.evidence.receive import Desk
from bluelamp.evidence.source import Source, read_sources
from bluelamp.periods import Month

SOURCES = read_sources(definitions_root())
# A template is filled in by an office; nobody publishes what could be received here.
PUBLISHED = {id: source for id, source in SOURCES.items() if not source.is_template}
each_source = pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))


@each_source
def test_it_has_a_reader(source):
    reader = Desk(definitions_root()).reader(source)
    assert list(inspect.signature(reader.read).parameters) == ["file", "places"]
    assert (reader.__doc__ or "").strip()


def test_every_reader_is_the_reader_of_a_source(root):
    modules = {p.stem for p in (root / "src/bluelamp/evidence/readers").glob("[!_]*.py")}
    assert modules == {source.reader for source in SOURCES.values()}


@each_source
def test_its_words_are_there(source):
    assert source.caveats
    assert source.address.startswith("https://")
    assert source.covers
    assert source.licence


@each_source
def test_its_rules_fit_each_other(source):
    assert source.force_from in (*source.levels, "none")
    names = [column.name for column in source.columns]
    spellings = [s.casefold() for column in source.columns for s in column.known_as]
    assert len(set(names)) == len(names)
    assert len(set(spellings)) == len(spellings)
    rule = source.published_on
    assert (rule.rule == "refresh-date") == bool(rule.column)
    assert not rule.column or rule.column in names
    assert (rule.rule == "recent-or-historical") == bool(rule.recent_months)
    for exceptional in source.exceptional:
        assert Month.parse(exceptional.first) <= Month.parse(exceptional.last)


@each_source
def test_no_two_share_a_title(source):
    twins = [s.id for s in SOURCES.values() if (s.title, s.covers) == (source.title, source.covers)]
    assert twins == [source.id]


@pytest.mark.parametrize("kind", ["made_up", "real"])
def test_rows_are_at_the_levels_a_source_names_and_its_always_is_always(kind, request):
    known = request.getfixturevalue(kind).known
    received = {receipt.source for receipt in known.receipts.values()}
    counted = [s for s in PUBLISHED.values() if s.id in received and s.holds == "counts"]
    assert {"mps-recorded-crime", "ons-residents-borough"} <= {source.id for source in counted}
    for source in counted:
        units = known.chosen.filter(pl.col("source") == source.id)
        assert set(units["level"]) == set(source.levels), source.id
        if source.scope == "all":
            assert set(units["scope"]) == {"all"}, source.id
        for level in source.levels:
            categories = set(known.tally(source.id, level)["category"].unique())
            assert set(source.always) <= categories, source.id


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('first: "2020-03"', 'first: "2020-13"', "'2020-13' is not a month"),
        ('first: "2020-03"', 'first: "2022-03"', "ends in 2021-06, before it begins in 2022-03"),
        ("breaks:\n", "breaks:\n  - {month: May 2020, words: x}\n",
         "'May 2020' is not a month"),
    ],
)  # fmt: skip
def test_a_month_that_is_none_is_named_when_the_source_is_read(tmp_path, old, new, words):
    text = (definitions_root() / "sources/mps-recorded-crime.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "s.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionFaults) as found:
        read(Source, path, id="s")
    (fault,) = found.value.faults
    assert words in fault.message
    assert fault.line > 30
