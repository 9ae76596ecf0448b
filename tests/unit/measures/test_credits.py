"""Whose the facts are: made from the definitions, with the words that each publisher asks for."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bluelamp.definitions import definitions_root, read_area_sets
from bluelamp.evidence.geography.editions import read_editions
from bluelamp.evidence.source import read_sources
from bluelamp.measures.credits import credit_of, credits_owed
from bluelamp.measures.denominators import read_denominators

ROOT = definitions_root()
SOURCES = read_sources(ROOT)
ONS = "Source: Office for National Statistics licensed under the Open Government Licence v.3.0"
OS = "Contains OS data © Crown copyright and database right"


@pytest.mark.parametrize(
    ("attribution", "licence", "words"),
    [
        ("", "Open Government Licence v3.0",
         "Contains public sector information licensed under the Open Government Licence v3.0. "
         "Source: Barsetshire Council"),
        ("", "Open Government Licence v2.0",
         "Contains public sector information licensed under the Open Government Licence v2.0. "
         "Source: Barsetshire Council"),
        ("", "By leave", "Source: Barsetshire Council. Licence: By leave"),
        ("© Barsetshire", "Open Government Licence v3.0", "© Barsetshire"),
    ],
)  # fmt: skip
def test_the_words_are_the_publishers_own_else_those_of_the_licence(attribution, licence, words):
    source = replace(
        SOURCES["police-uk-street"],
        publisher="Barsetshire Council",
        licence=licence,
        attribution=attribution,
    )
    assert credit_of(source) == words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("ons-residents-borough", ONS),
        ("csew-prevalence", ONS),
        ("lsoa-2021-boundaries", f"{ONS}. {OS}"),
        ("lsoa21-ward-borough", f"{ONS}. {OS}"),
        ("mps-recorded-crime",
         "Contains public sector information licensed under the Open Government Licence v3.0. "
         "Source: Metropolitan Police Service, through the London Datastore"),
        ("openstreetmap-places",
         "Contains information from OpenStreetMap, which is made available here under the Open "
         "Database License (ODbL). © OpenStreetMap contributors"),
    ],
)  # fmt: skip
def test_each_publisher_is_credited_in_the_words_it_asks_for(source, words):
    assert credit_of(SOURCES[source]) == words


def test_no_file_of_the_statistics_office_or_with_boundaries_lacks_its_words():
    for source in SOURCES.values():
        if source.publisher.startswith("Office for National Statistics"):
            assert credit_of(source).startswith(ONS), source.id
        if source.reader == "area_boundaries":
            assert "© Crown copyright and database right" in credit_of(source), source.id
        if "ODbL" in source.licence:
            assert "(ODbL)" in credit_of(source), source.id


def test_every_source_area_and_denominator_is_credited():
    owed = {title: one.words for one in credits_owed(ROOT) for title in one.of}
    for source in SOURCES.values():
        assert (source.title in owed) or source.is_template, source.id
    for area_set in read_area_sets(ROOT).values():
        assert owed[f"Codes and names of areas: {area_set.edition}"] == area_set.credit
    for edition in read_editions(ROOT).by_id.values():
        assert owed[f"Codes and boundaries of areas: {edition.words}"] == edition.credit
    for denominator in read_denominators(ROOT).values():
        assert f"What rates are formed with: {denominator.words}" in owed


def test_of_a_release_only_the_files_that_it_was_made_from_are_credited():
    titles = {title for one in credits_owed(ROOT, {"mps-homicide-victims"}) for title in one.of}
    files = {source.title for source in SOURCES.values()} & titles
    assert files == {SOURCES["mps-homicide-victims"].title}
    assert not [title for title in titles if title.startswith("What rates")]


def test_a_new_source_is_credited_by_its_own_file_alone(tmp_path: Path):
    shutil.copytree(ROOT, tmp_path / "definitions")
    old = tmp_path / "definitions/sources/mps-homicide-victims.yaml"
    text = old.read_text(encoding="utf-8").replace(
        SOURCES["mps-homicide-victims"].publisher, "Barsetshire Constabulary"
    )
    lines = ["title: A new list" if x.startswith("title:") else x for x in text.splitlines()]
    (old.parent / "barsetshire-homicides.yaml").write_text("\n".join(lines), encoding="utf-8")
    (new,) = (one for one in credits_owed(tmp_path / "definitions") if "A new list" in one.of)
    assert new.words.endswith("Source: Barsetshire Constabulary")
