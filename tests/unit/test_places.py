"""Places: every spelling seen in publishers' files is one place, and no name is guessed."""

from __future__ import annotations

from collections import defaultdict

import pytest

from bluelamp.definitions import definitions_root, read_gazetteer
from bluelamp.places import Area, Gazetteer, UnknownPlace, gazetteer, name_key


@pytest.fixture(scope="module")
def london() -> Gazetteer:
    return read_gazetteer(definitions_root())


# As written in a publisher's file, and what it is.
SEEN = [
    ("Kingston Upon Thames", "E09000021"),
    ("Kingston upon Thames", "E09000021"),
    ("Richmond Upon Thames", "E09000027"),
    ("Richmond upon Thames", "E09000027"),
    ("Harrow ", "E09000015"),
    ("Ealing ", "E09000009"),
    ("Brent ", "E09000005"),
    ("Barking & Dagenham", "E09000002"),
    ("Barking and Dagenham", "E09000002"),
    ("Hammersmith & Fulham", "E09000013"),
    ("Kensington & Chelsea", "E09000020"),
    ("City of Westminster", "E09000033"),
    ("Westminster", "E09000033"),
    ("CROYDON", "E09000008"),
    ("London Heathrow and London City Airports", "outside:airports"),
    ("Heathrow ", "outside:heathrow"),
    ("Heathrow", "outside:heathrow"),
    ("Aviation Security (SO18)", "outside:aviation-security"),
    ("Aviation Security (SO18) (Legacy Only)", "outside:aviation-security"),
    ("Unknown", "outside:unknown"),
    ("Other / NK", "outside:unknown"),
    ("N/K (Legacy Only)", "outside:unknown"),
    ("NK", "outside:unknown"),
    ("Non MET police force", "outside:other-force"),
    ("NON ATHENA FORCE", "outside:other-force"),
]


@pytest.mark.parametrize(("written", "code"), SEEN)
def test_a_spelling_seen_in_the_data_is_its_place(london, written, code):
    assert london.named(written, "borough").code == code
    assert london.spellings("borough")[name_key(written)] == code


@pytest.mark.parametrize(
    ("written", "nearest"),
    [("Barnett", "Barnet"), ("CROIDON", "Croydon"), ("Hackny", "Hackney")],
)  # fmt: skip
def test_a_name_that_is_not_listed_is_refused_with_the_nearest(london, written, nearest):
    with pytest.raises(UnknownPlace) as refused:
        london.named(written, "borough")
    assert f"'{written}' is not a known borough; did you mean '{nearest}'?" in str(refused.value)
    assert "definitions/areas" in str(refused.value)


def test_a_name_like_no_other_gets_no_suggestion(london):
    with pytest.raises(UnknownPlace) as refused:
        london.named("Zzyzx", "borough")
    assert "did you mean" not in str(refused.value)


def test_a_borough_is_not_found_among_the_wards_nor_a_ward_without_its_borough(london):
    with pytest.raises(UnknownPlace):
        london.named("Croydon", "ward", within="E09000008")
    with pytest.raises(UnknownPlace):
        london.named("Barnet Vale", "ward")


def test_ward_names_that_occur_in_two_boroughs_are_told_apart_by_their_borough(london):
    boroughs: dict[str, list[Area]] = defaultdict(list)
    for ward in london.of_kind("ward"):
        boroughs[name_key(ward.name)].append(ward)
    twice = {name: wards for name, wards in boroughs.items() if len(wards) > 1}
    assert {"abbey", "belmont", "highgate"} <= set(twice)
    assert len(twice) >= 10
    for wards in twice.values():
        for ward in wards:
            assert london.named(ward.name, "ward", within=ward.parent) is ward


def test_what_lies_outside_is_asked_for_by_name_only(london):
    assert not any(area.outside for area in london.of_kind("borough"))
    assert len(london.of_kind("borough")) == 33
    outside = [a for a in london.of_kind("borough", outside=True) if a.outside]
    assert len(outside) == 6
    assert {area.parent for area in outside} == {"E23000001"}


def test_codes_are_found_with_surplus_space_and_refused_when_unknown(london):
    assert london[" E09000008 "].name == "Croydon"
    assert "E09000008 " in london
    assert 8 not in london
    with pytest.raises(UnknownPlace, match="no area has the code 'E09000099'"):
        london["E09000099"]


def test_two_areas_cannot_share_a_code_or_a_spelling():
    one = Area("E09000001", "One", "borough", "2023")
    with pytest.raises(ValueError, match="E09000001 is given to two areas"):
        gazetteer([one, Area("E09000001", "Two", "borough", "2023")])
    with pytest.raises(ValueError, match="'one ' is a spelling of both One"):
        gazetteer([one, Area("E09000002", "Two", "borough", "2023", spellings=("one ",))])


def test_the_same_areas_in_any_order_are_the_same_gazetteer(london):
    assert gazetteer(reversed(london.areas)) == london
    assert [a.code for a in london.children("E09000008")] == sorted(
        a.code for a in london if a.parent == "E09000008"
    )
