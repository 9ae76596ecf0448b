"""Areas beside their usual ranges: what the picture holds, and what it refuses."""

from __future__ import annotations

import re

import pytest

from bluelamp.look.funnel import AreaInRange, areas_in_range

AREAS = [
    AreaInRange("Camden", 10.0, 2.0, 8.0, outside=True),
    AreaInRange("Barnet", 5.0, 2.1, 8.1),
    AreaInRange("Westminster", 40.0, None, None, why="not compared"),
]


def drawn(areas: list[AreaInRange]) -> str:
    return areas_in_range(
        areas, id="compared", title="Burglary", description="One lies outside.", unit="Per 1,000"
    ).wide


def test_names_stand_in_the_order_of_the_alphabet_and_one_outside_is_bold() -> None:
    words = re.findall(r"<text[^>]*?(font-weight=\"bold\")?[^>]*>([^<]+)</text>", drawn(AREAS))
    names = [(bool(bold), name) for bold, name in words if name in {a.name for a in AREAS}]
    assert {name for _, name in names} == {"Camden", "Barnet", "Westminster"}
    assert 'font-weight="bold"' in drawn(AREAS)
    assert 'font-weight="bold"' not in drawn(AREAS[1:])
    heights = {
        name: float(re.search(rf"translate\([^,]+,([\d.]+)\)[^>]*>{name}<", drawn(AREAS))[1])  # type: ignore[index] # each name is there
        for name in ("Barnet", "Camden", "Westminster")
    }
    assert sorted(heights, key=lambda name: heights[name]) == ["Barnet", "Camden", "Westminster"]


def test_an_area_not_compared_says_so_and_does_not_stretch_the_scale() -> None:
    assert "not compared" in drawn(AREAS)
    assert ">40<" not in drawn(AREAS)


def test_the_picture_is_named_and_described() -> None:
    svg = drawn(AREAS)
    assert 'role="img"' in svg
    assert "One lies outside." in svg
    assert "<script" not in svg


def test_the_same_areas_give_the_same_bytes_in_any_order() -> None:
    assert drawn(AREAS) == drawn(AREAS[::-1])


def test_what_cannot_be_drawn_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="each named once"):
        drawn([AREAS[0], AREAS[0]])
    with pytest.raises(ValueError, match="each named once"):
        drawn([])
    with pytest.raises(ValueError, match="Brent has no range; say why"):
        AreaInRange("Brent", 1.0, None, None)
