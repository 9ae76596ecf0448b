"""Areas: codes, parents and look-ups hang together."""

from __future__ import annotations

import csv
import re

import pytest
import yaml

from bluelamp.definitions import definitions_root, read_gazetteer, read_office

ROOT = definitions_root()
CODES = {"force": r"(E23|W15)\d{6}", "borough": r"E09\d{6}", "ward": r"E05\d{6}"}


@pytest.fixture(scope="module")
def areas():
    return read_gazetteer(ROOT)


def test_there_are_43_forces_33_boroughs_and_704_wards(areas):
    assert [len(areas.of_kind(kind)) for kind in CODES] == [43, 33, 704]


def test_every_code_has_the_form_of_its_kind(areas):
    for area in areas:
        if not area.outside:
            assert re.fullmatch(CODES[area.kind], area.code), area


def test_each_area_lies_in_one_of_the_kind_above_it(areas):
    above = {"borough": "force", "ward": "borough"}
    for area in areas:
        if area.kind in above and not area.outside:
            assert areas[area.parent].kind == above[area.kind], area


def test_the_met_has_32_boroughs_and_679_wards_and_the_city_its_own_force(areas):
    office = read_office(ROOT)
    boroughs = [a for a in areas.children(office.force) if a.kind == "borough" and not a.outside]
    assert len(boroughs) == 32
    assert sum(len(areas.children(b.code)) for b in boroughs) == 679
    assert [a.name for a in areas.children("E23000034") if not a.outside] == ["City of London"]


def test_every_lsoa_of_the_look_up_lies_in_a_ward_that_is_there(areas):
    with (ROOT / "areas/lookups/lsoa21-ward.csv").open(encoding="utf-8") as stream:
        rows = list(csv.reader(stream))[1:]
    assert len(rows) == len({lsoa for lsoa, _ in rows}) == 4_994
    assert all(re.fullmatch(r"E01\d{6}", lsoa) for lsoa, _ in rows)
    assert {areas[ward].kind for _, ward in rows} == {"ward"}
    reached = {ward for _, ward in rows}
    city = {a.code for a in areas.children("E09000001")}
    assert {a.code for a in areas.of_kind("ward")} - reached - city == set()


def test_every_file_of_areas_credits_its_publisher():
    for path in (ROOT / "areas").glob("*.yaml"):
        assert (
            "Open Government Licence" in yaml.safe_load(path.read_text(encoding="utf-8"))["credit"]
        )


def test_help_is_a_number_to_call_and_an_address():
    for link in read_office(ROOT).help:
        assert re.fullmatch(r"[\d ]{3,}", link.phone)
        assert link.address.startswith("https://")
        assert link.what
