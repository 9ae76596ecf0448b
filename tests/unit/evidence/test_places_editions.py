"""Editions: a code or a name means an area only together with its edition."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bluelamp.definitions import DefinitionFaults, definitions_root
from bluelamp.evidence.geography.editions import WrongEdition, read_editions
from bluelamp.evidence.geography.lookups import Lookups, NoLookup, read_joins
from bluelamp.evidence.known import Known
from bluelamp.evidence.store import Store
from bluelamp.places import UnknownPlace

ROOT = definitions_root()
EDITIONS = read_editions(ROOT)


@pytest.fixture
def lookups(tmp_path) -> Lookups:
    """The office's joins, and a store that nothing was received into."""
    nothing = Known(date(2026, 1, 1), None, pl.DataFrame(), {}, Store(tmp_path / "store"))
    return Lookups(ROOT, nothing)


@pytest.mark.parametrize(
    ("edition", "areas", "of_the_city"),
    [
        ("wards-2011-2014", 649, 25),
        ("wards-2014-2018", 654, 25),
        ("wards-2018-2022", 657, 25),
        ("wards-2025", 704, 25),
        ("command-2017", 29, 0),
        ("command-2019", 12, 0),
        ("forces", 43, 0),
        ("boroughs", 33, 0),
    ],
)
def test_how_many_areas_an_edition_has(edition, areas, of_the_city):
    found = EDITIONS.areas(edition)
    assert len(found) == areas
    assert sum(area.parent == "E09000001" for area in found.values()) == of_the_city


def test_every_edition_has_words_and_a_credit():
    for edition in EDITIONS.by_id.values():
        assert edition.words[0].islower() or edition.words[0].isdigit()
        assert "Open Government Licence" in edition.credit


def test_every_edition_is_led_to_or_from_by_a_join():
    joined = {e for j in read_joins(ROOT).values() for e in (j.from_edition, j.to_edition)}
    # Nothing is published that leads from middle-sized areas of 2021; their boundaries are.
    assert set(EDITIONS.by_id) - joined == {"msoa-2021"}


# E05000026 (Abbey, Barking) was a ward until 2022; E05013500 is one of 2022.
OF = [
    ("wards-2014-2018", "E05000026", True),
    ("wards-2025", "E05000026", False),
    ("wards-2025", "E05013500", True),
    ("wards-2014-2018", "E05013500", False),
    ("lsoa-2011", "E01000001", True),
    ("lsoa-2011", "E02000001", False),
    ("command-2017", "command:barnet", True),
    ("command-2019", "command:barnet", False),
]


@pytest.mark.parametrize(("edition", "code", "is_of_it"), OF)
def test_which_edition_a_code_is_of(edition, code, is_of_it):
    assert EDITIONS.holds(edition, code) == is_of_it


def test_a_code_in_the_wrong_edition_is_named_with_the_one_it_is_of():
    with pytest.raises(WrongEdition) as found:
        EDITIONS.check("wards-2025", ["E05000026", "outside:unknown", "E05013500"])
    assert str(found.value).startswith("E05000026: not among the wards of May 2025; 1 of the 1")


def test_an_equal_name_in_another_edition_is_another_area():
    then, now = (
        EDITIONS.named(edition, "Abbey", within="E09000002")
        for edition in ("wards-2014-2018", "wards-2025")
    )
    assert then.name == now.name
    assert then.code != now.code
    with pytest.raises(WrongEdition):
        EDITIONS.area("wards-2025", then.code)


def test_a_name_that_several_wards_have_needs_its_borough():
    with pytest.raises(
        UnknownPlace, match="2 areas are called 'Abbey' among the wards of May 2014"
    ):
        EDITIONS.named("wards-2014-2018", "Abbey")


def test_there_is_no_such_edition():
    with pytest.raises(KeyError, match="there is no boundary edition 'wards-1999'"):
        EDITIONS["wards-1999"]


# --- joins ------------------------------------------------------------------------------------


def test_the_pathfinders_of_2017_are_three_boroughs_and_two(lookups):
    join = lookups.between("boroughs", "command-2017")
    units = (
        join.shares.group_by("to").agg(pl.col("from").sort()).filter(pl.col("from").list.len() > 1)
    )
    assert dict(units.sort("to").iter_rows()) == {
        "command:central-north": ["E09000007", "E09000019"],
        "command:east": ["E09000002", "E09000016", "E09000026"],
    }
    assert "whole" not in join.words
    assert "Each other borough had its own" in join.words


def test_the_twelve_command_units_hold_every_borough_once(lookups):
    join = lookups.between("boroughs", "command-2019")
    assert join.shares.height == 32
    assert join.kind == "exact"
    crimes = pl.DataFrame({"area": ["E09000007", "E09000019"], "count": [3, 4]})
    assert join.carry(crimes).rows() == [("command:central-north", 7)]


def test_a_join_that_there_is_not_is_named(lookups):
    with pytest.raises(NoLookup) as found:
        lookups.between("wards-2014-2018", "wards-2011-2014")
    assert str(found.value) == (
        "no look-up leads from the wards of May 2014 to May 2018 to the wards of 2011 to May 2014; "
        "those from there lead to boroughs, wards-2025. Add one as definitions/areas/joins/"
        "wards-2014-2018-to-wards-2011-2014.yaml"
    )


def test_a_look_up_that_was_not_received_is_named_with_its_source(lookups):
    with pytest.raises(NoLookup, match="receive a file of the source 'lsoa11-ward-msoa-borough'"):
        lookups.between("lsoa-2011", "wards-2014-2018")


def test_the_surest_way_is_taken_unless_another_is_asked_for(lookups):
    with pytest.raises(NoLookup, match="'lsoa11-ward-shares'"):
        lookups.between("lsoa-2011", "wards-2014-2018", kind="by area")
    with pytest.raises(NoLookup, match=r"no look-up \(exact\) leads from"):
        lookups.between("lsoa-2011", "wards-2014-2018", kind="exact")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("to_edition: command-2019", "to_edition: command-1999", "there is no boundary edition"),
        ("table: borough-command-2019", "table: nothing", "there is no areas/lookups/nothing.csv"),
        ("table: borough-command-2019", "source: nobody", "there is no source 'nobody'"),
        ("table: borough-command-2019\n", "", "only shares by area are measured without one"),
        ("kind: exact", "kind: guessed", "'guessed' is not one of exact, best fit, by residents"),
        ("kind: exact", "kind: by residents", "a join by residents says through which small areas"),
        ("kind: exact", "kind: exact\nthrough: [lsoa-2011]", "no other join does"),
        ("kind: exact", "kind: by area\ndivided: left out", "divides areas and leaves none out"),
        (
            "kind: exact\ntable: borough-command-2019",
            "kind: by residents\nthrough: [lsoa-1999]\nresidents: nobody",
            "(?s)no boundary edition 'lsoa-1999'.*residents: there is no source 'nobody'",
        ),
    ],
)  # fmt: skip
def test_a_join_that_leads_nowhere_is_a_fault(tmp_path, old, new, words):
    root = tmp_path / "definitions"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("plans"))
    path: Path = root / "areas/joins/boroughs-to-command-2019.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionFaults, match=words):
        read_joins(root)


def test_a_join_keeps_apart_what_its_table_has_of_other_countries():
    join = read_joins(ROOT)["districts-2016-to-districts-2024"]
    assert join.countries == ("E", "W")
    with pytest.raises(ValueError, match="a table here or a received one, not both"):
        replace(join, table="borough-command-2019")
