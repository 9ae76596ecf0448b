"""Sparklines: right places, honest gaps, and cheap enough for hundreds on one page."""

from __future__ import annotations

import re
import time
from xml.etree import ElementTree as ET

import pytest

from bluelamp.look.sparklines import HEIGHT, MARGIN, WIDTH, sparkline


def points(path: str) -> list[list[tuple[float, float]]]:
    """A path's pieces as lists of places."""
    pieces = [piece for piece in path.split("M") if piece]
    return [[(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", p)] for p in pieces]


def drawn(svg: str) -> tuple[str, str]:
    band, line = (path.get("d", "") for path in ET.fromstring(svg).iter("path"))
    return band, line


def test_the_least_stands_at_the_foot_and_the_greatest_at_the_head() -> None:
    _, line = drawn(sparkline([10, 30, 20]))
    assert points(line) == [
        [(MARGIN, HEIGHT - MARGIN), (WIDTH / 2, MARGIN), (WIDTH - MARGIN, HEIGHT / 2)]
    ]


def test_a_month_without_a_figure_breaks_the_line() -> None:
    _, line = drawn(sparkline([1, 2, None, 4, 5]))
    assert [len(piece) for piece in points(line)] == [2, 2]


def test_the_band_goes_along_the_lower_and_back_along_the_upper_side() -> None:
    band, _ = drawn(sparkline([5, 5], lower=[0, 0], upper=[10, 10]))
    low, high = HEIGHT - MARGIN, MARGIN
    assert points(band) == [[(3, low), (117, low), (117, high), (3, high)]]


def test_the_dot_marks_the_last_figure_there_is() -> None:
    dot = next(ET.fromstring(sparkline([1, 9, None])).iter("circle"))
    assert (float(dot.get("cx", "")), float(dot.get("cy", ""))) == (WIDTH / 2, MARGIN)


def test_nothing_to_show_gives_nothing() -> None:
    assert sparkline([]) == ""
    assert sparkline([None, None]) == ""


def test_a_level_series_does_not_divide_by_nought() -> None:
    assert "nan" not in sparkline([7, 7, 7])


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="3 values has 2 lower"):
        sparkline([1, 2, 3], lower=[0, 0], upper=[1, 1, 1])


def test_one_costs_less_than_a_millisecond() -> None:
    values = [float(n % 13) for n in range(84)]
    best = min(_cost(values) for _ in range(5))  # the best of five: other work shares the machine
    assert best < 0.001


def _cost(values: list[float]) -> float:
    start = time.perf_counter()
    for _ in range(50):
        sparkline(values, [v - 1 for v in values], [v + 1 for v in values])
    return (time.perf_counter() - start) / 50
