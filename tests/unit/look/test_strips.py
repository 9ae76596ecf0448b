"""Strips of months: each month has its place, and its state shows in the height of its bar."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from bluelamp.look.strips import BARS, HEIGHT, strip


def bars(svg: str) -> list[tuple[float, float, float]]:
    """Of each bar where it begins, how wide it is and how tall; without ground and base line."""
    rects = list(ET.fromstring(svg).iter("rect"))[1:-1]
    return [(float(r.get("x", 0)), float(r.get("width", 0)), float(r.get("height", 0)))
            for r in rects]  # fmt: skip


def test_months_that_are_alike_are_one_bar_and_absent_ones_none():
    states = ["known", "known", "missing", "partial", "known"]
    found = bars(strip(states, width=100))
    assert [(x, wide) for x, wide, _ in found] == [(0, 40), (60, 20), (80, 20)]
    assert found[0][2] == found[2][2] == HEIGHT - 2
    assert 0 < found[1][2] < found[0][2]


def test_no_two_states_look_alike_in_grey():
    heights = [share for share, _ in BARS.values()]
    assert len(set(heights)) == len(BARS)


def test_it_is_silent_and_a_page_may_hold_many():
    svg = strip(["known"] * 200)
    assert 'aria-hidden="true"' in svg
    assert len(svg) < 500


def test_no_month_and_an_unheard_of_state_are_faults():
    with pytest.raises(ValueError, match="at least one month"):
        strip([])
    with pytest.raises(KeyError):
        strip(["lost"])
