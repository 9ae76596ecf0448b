"""Charts: what is drawn is what was given, the words are in it, and the bytes never differ."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import altair as alt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import ValidationError

from bluelamp.look import drawing
from bluelamp.look.charts import (
    AreaDot,
    ChartBreak,
    ChartPoint,
    area_dots,
    expected_range_chart,
)
from bluelamp.look.drawing import BAND, BLUE, MIDDLE, Drawing
from bluelamp.look.pen import ticks, wrapped
from bluelamp.periods import Month

FIRST = Month(2023, 4)
POINTS = [
    ChartPoint(FIRST + place, value, 100, 80, 120)
    for place, value in enumerate([90, 110, 100, 95, 105, 100, 130, 90, 100, 40, 60, 50])
]


def chart(points: list[ChartPoint] | None = None, **changes: object) -> Drawing:
    given = {
        "id": "c",
        "title": "Robberies by month",
        "description": "Lower than expected.",
        "unit": "Robberies a month",
    }
    return expected_range_chart(POINTS if points is None else points, **given | changes)  # type: ignore[arg-type] # a test's own shorthand


def paths(svg: str, **having: str) -> list[ET.Element]:
    return [
        e
        for e in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}path")
        if all(e.get(name.replace("_", "-")) == value for name, value in having.items())
    ]


def words_in(svg: str) -> str:
    return " ".join(" ".join(ET.fromstring(svg).itertext()).split())


def places(path: ET.Element) -> list[tuple[float, float]]:
    found = re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", path.get("d", ""))
    return [(float(x), float(y)) for x, y in found]


def lines(svg: str) -> list[list[tuple[float, float]]]:
    return [places(path) for path in paths(svg, stroke=BLUE, stroke_width="2.5")]


def test_the_line_goes_through_every_month_at_its_height() -> None:
    # The slow way by hand: 610 by 290 pixels, twelve months, and a scale from 0 to 150.
    expected = [((i + 0.5) * 610 / 12, 290 - p.value * 290 / 150) for i, p in enumerate(POINTS)]  # type: ignore[operator] # every value is there
    drawn = lines(chart().wide)
    assert len(drawn) == 1
    assert drawn[0] == [pytest.approx(place, abs=0.01) for place in expected]


def test_the_band_and_its_middle_are_drawn_where_something_was_expected() -> None:
    some = [replace(p, expected=None, lower=None, upper=None) if i < 6 else p
            for i, p in enumerate(POINTS)]  # fmt: skip
    band = [p for p in paths(chart(some).wide, fill=BAND) if p.get("d", "").count("L") > 4]
    assert len(band) == 1
    assert len(places(band[0])) == 2 * 6
    assert len(paths(chart(some).wide, stroke=MIDDLE)) == 1
    none = [replace(p, expected=None, lower=None, upper=None) for p in POINTS]
    assert paths(chart(none).wide, fill=BAND) == []
    assert "expected range" not in words_in(chart(none).wide)


def test_a_month_without_a_figure_breaks_the_line_and_is_no_nought() -> None:
    gap = [replace(p, value=None) if i == 5 else p for i, p in enumerate(POINTS)]
    assert [len(piece) for piece in lines(chart(gap).wide)] == [5, 6]


def test_a_declared_break_breaks_the_line_and_says_why() -> None:
    svg = chart(breaks=[ChartBreak(FIRST + 4, "New system")]).wide
    assert [len(piece) for piece in lines(svg)] == [4, 8]
    assert "New system" in words_in(svg)
    assert 'stroke-dasharray="5,4"' in svg


def test_a_month_that_is_only_marked_leaves_the_line_whole() -> None:
    svg = chart(breaks=[ChartBreak(FIRST + 4, "New system", parts=False)]).wide
    assert [len(piece) for piece in lines(svg)] == [12]
    assert "New system" in words_in(svg)


def test_breaks_whose_words_would_collide_stand_on_two_steps() -> None:
    near = [ChartBreak(FIRST + 4, "New recording system"), ChartBreak(FIRST + 5, "New rule")]
    tall = ET.fromstring(chart(breaks=near).wide).get("viewBox", "").split()[3]
    flat = ET.fromstring(chart(breaks=near[:1]).wide).get("viewBox", "").split()[3]
    assert float(tall) > float(flat)


def test_months_left_out_of_tests_are_open_circles_with_a_key() -> None:
    checked = [replace(p, left_out=i in (2, 3)) for i, p in enumerate(POINTS)]
    rings = [p for p in paths(chart(checked).wide, fill="white") if p.get("stroke") == BLUE]
    assert len(rings) == 3  # two months and the one in the key
    assert "left out of tests" in words_in(chart(checked).wide)
    assert "left out of tests" not in words_in(chart().wide)


def test_the_last_month_is_named_with_its_value() -> None:
    assert "50 Mar 2024" in words_in(chart().wide)
    early = [replace(p, value=None) if i == 11 else p for i, p in enumerate(POINTS)]
    assert "60 Feb 2024" in words_in(chart(early).wide)


def test_a_scale_that_does_not_start_at_nought_says_so() -> None:
    high = [replace(p, value=80_000 + i, expected=None, lower=None, upper=None)
            for i, p in enumerate(POINTS)]  # fmt: skip
    assert "does not start at nought" in words_in(chart(high).wide)
    assert "does not start at nought" not in words_in(chart().wide)


def test_it_is_one_image_with_a_name_and_the_finding() -> None:
    svg = ET.fromstring(chart(title="A & B <c>").wide)
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "c-wide-title c-wide-desc"
    assert svg[0].text == "A & B <c>"
    assert svg[1].text == "Lower than expected."
    rest = [name for e in svg.iter() if e is not svg for name in e.attrib]
    assert not {name for name in rest if name.startswith("aria") or name in {"role", "style"}}


def test_ids_differ_between_charts_and_between_the_two_drawings() -> None:
    one, two = chart(), chart(id="d")
    ids = re.findall(r'\bid="([^"]+)"', one.wide + one.narrow + two.wide + two.narrow)
    assert len(ids) == len(set(ids)) == 8


def test_nothing_is_fetched_and_markup_in_words_stays_words() -> None:
    svg = chart(unit="<script>", breaks=[ChartBreak(FIRST + 3, "<b>x</b>")]).wide
    assert "<script" not in svg
    assert "<b>" not in svg
    assert "<image" not in svg
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]


def test_altair_knows_every_specification_and_its_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Charts are plain dicts of Vega-Lite; the schema that Altair carries checks them."""
    drawn: list[dict[str, Any]] = []
    real = drawing.specification
    monkeypatch.setattr(
        drawing, "specification", lambda *given: drawn.append(real(*given)) or drawn[-1]
    )
    chart([replace(p, left_out=i > 9) for i, p in enumerate(POINTS)],
          breaks=[ChartBreak(FIRST + 4, "New system")])  # fmt: skip
    dots(AREAS)
    assert len(drawn) == 4
    for specification in drawn:
        alt.LayerChart.from_dict(specification, validate=True)
    with pytest.raises(ValidationError):  # so the check can fail
        alt.LayerChart.from_dict(drawn[0] | {"padding": "wide"}, validate=True)
    assert alt.SCHEMA_VERSION.startswith(f"v{drawing.VEGA_LITE}.")


def test_no_months_or_months_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="has no months"):
        chart([])
    with pytest.raises(ValueError, match="2023-06 does not follow 2023-04"):
        chart([POINTS[0], POINTS[2]])


def test_no_word_is_measured_so_a_machine_with_other_fonts_draws_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    breaks = [ChartBreak(FIRST + 4, "New system"), ChartBreak(FIRST + 9, "A new rule")]
    before = chart(breaks=breaks)
    monkeypatch.setattr(drawing, "FONT", "monospace")
    after = chart(breaks=breaks)
    assert "monospace" in after.wide
    assert after.wide.replace("monospace", "Arial, sans-serif") == before.wide
    assert after.narrow.replace("monospace", "Arial, sans-serif") == before.narrow


def test_the_bytes_are_the_same_in_another_time_zone_with_another_hash_seed() -> None:
    program = (
        "import hashlib, importlib.util\n"
        f"spec = importlib.util.spec_from_file_location('t', {str(Path(__file__))!r})\n"
        "t = importlib.util.module_from_spec(spec); spec.loader.exec_module(t)\n"
        "print(t.fingerprint())"
    )
    other = os.environ | {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    run = subprocess.run(
        [sys.executable, "-c", program], env=other, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == fingerprint()


def fingerprint() -> str:
    """The hash of both charts, each with everything on it."""
    checked = [replace(p, left_out=i > 9) for i, p in enumerate(POINTS)]
    one = chart(checked, breaks=[ChartBreak(FIRST + 4, "New system")])
    two = dots(AREAS)
    text = one.wide + one.narrow + two.wide + two.narrow
    return hashlib.sha256(text.encode()).hexdigest()


# From Python 3.12 a fork beside threads warns of just what is tested here.
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_fork_of_a_process_that_has_drawn_says_so_instead_of_waiting_for_ever() -> None:
    chart()
    child = os.fork()
    if child == 0:
        code = 0
        try:
            chart()
        except RuntimeError:
            code = 7
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


AREAS = [
    AreaDot("Croydon", 9.1, 8.0, 10.3, stands_out=True),
    AreaDot("barnet", 7.0, 6.2, 7.9),
    AreaDot("City of London", None, reason="too few residents"),
]


def dots(areas: list[AreaDot]) -> Drawing:
    return area_dots(
        areas, id="a", title="T", description="D", unit="Robberies per 1,000",
        reference=8.4, reference_words="London 8.4",
    )  # fmt: skip


def test_areas_stand_in_the_order_of_the_alphabet_whatever_their_figures() -> None:
    names = {"barnet", "City of London", "Croydon"}
    heights = {
        "".join(text.itertext()): float(re.findall(r"[\d.]+", text.get("transform", ""))[-1])
        for text in ET.fromstring(dots(AREAS).wide).iter("{http://www.w3.org/2000/svg}text")
        if "".join(text.itertext()) in names
    }
    assert sorted(heights, key=heights.__getitem__) == ["barnet", "City of London", "Croydon"]


def test_an_area_without_a_figure_keeps_its_place_and_says_why() -> None:
    assert "too few residents" in words_in(dots(AREAS).wide)
    assert "no figure" in words_in(dots([replace(AREAS[2], reason="because " * 30)]).narrow)


def test_areas_that_cannot_be_drawn_honestly_are_refused() -> None:
    with pytest.raises(ValueError, match="no figure and no reason"):
        dots([AreaDot("Barnet", None)])
    with pytest.raises(ValueError, match="each named once"):
        dots([AREAS[0], AREAS[0]])
    with pytest.raises(ValueError, match="each named once"):
        dots([])


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.integers(3, 8))
def test_ticks_are_even_and_hold_everything(one: float, two: float, about: int) -> None:
    low, high = sorted((one, two))
    scale = ticks(low, high, about)
    slack = 1e-6 * max(1.0, high)
    assert scale[0] <= low + slack
    assert scale[-1] >= high - slack
    steps = [b - a for a, b in pairwise(scale)]
    assert steps
    assert max(steps) - min(steps) <= slack
    assert len(scale) <= about + 3


def test_wrapped_words_fit() -> None:
    assert wrapped("Hammersmith and Fulham", 134) == ["Hammersmith and", "Fulham"]
    assert wrapped("", 100) == [""]
