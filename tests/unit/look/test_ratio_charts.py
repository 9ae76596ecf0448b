"""Ratios drawn on a scale of logs: half and twice lie equally far from the rule at 1."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from bluelamp.look.ratio_charts import RatioDot, RatioGroup, ratio_dots

DOTS = (
    RatioDot("Half", 0.5, 0.4, 0.6),
    RatioDot("Twice", 2.0, 1.7, 2.4),
    RatioDot("Luck", 1.0, 0.9, 1.1, clear=False),
    RatioDot("Nobody", None, reason="nobody was counted"),
)
WORDS = {
    "id": "g", "title": "Gaps", "description": "Twice as often.", "unit": "Times as often",
    "reference": "as often as others",
}  # fmt: skip


def drawn(*dots: RatioDot):
    return ratio_dots([RatioGroup("A group", dots)], **WORDS)


def circles(svg: str) -> list[tuple[float, str]]:
    """How far across each dot stands, and what fills it."""
    found = []
    for path in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}path"):
        place = re.match(r"translate\(([\d.]+),", path.get("transform", ""))
        if place and "A" in path.get("d", ""):
            found.append((float(place[1]), path.get("fill", "")))
    return found


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_half_and_twice_are_equally_far_from_as_often(size):
    filled_half, filled_twice, luck = circles(getattr(drawn(*DOTS), size))
    assert luck[0] - filled_half[0] == pytest.approx(filled_twice[0] - luck[0], abs=0.05)


def test_what_is_not_clear_is_an_open_dot():
    *clear, luck = circles(drawn(*DOTS).wide)
    assert luck[1] == "white"
    assert {fill for _, fill in clear} != {"white"}


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_names_reasons_and_the_finding_are_in_the_drawing(size):
    svg = getattr(drawn(*DOTS), size)
    for words in ("A group", "Half", "Twice", "no figure", "as often as others", "Twice as often."):
        assert words in svg


def test_it_is_the_same_every_time():
    assert drawn(*DOTS) == drawn(*DOTS)


@pytest.mark.parametrize(
    ("dots", "words"),
    [
        ((), "has no comparisons"),
        ((RatioDot("x", None),), "x has no ratio and no reason"),
        ((RatioDot("x", 0.0, 0.0, 1.0),), "x is 0.0, which has no logarithm"),
    ],
)
def test_what_cannot_be_drawn_is_refused(dots, words):
    with pytest.raises(ValueError, match=words):
        drawn(*dots)
