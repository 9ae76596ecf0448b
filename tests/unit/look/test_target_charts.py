"""The chart of a target: the line, the way and the goal stand where the reading puts them."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import altair as alt
import pytest

from bluelamp.look import drawing
from bluelamp.look.drawing import BLUE, MIDDLE, Drawing
from bluelamp.look.target_charts import TargetMonth, target_chart
from bluelamp.periods import Month

FIRST = Month(2012, 3)
# A fall from 100 towards a goal of 80 in four years, by quarters; nothing known of one of them.
POINTS = [
    TargetMonth(FIRST + 3 * step, value, 100 - 20 * step / 16)
    for step, value in enumerate([100, 98, 97, None, 93, 90, 88])
]


def chart(points: list[TargetMonth] = POINTS, goal: float = 80) -> Drawing:
    return target_chart(
        points, goal=goal, id="t", title="Burglaries", description="Too close to call.",
        unit="offences in 12 months",
    )  # fmt: skip


def lines(svg: str, stroke: str, **having: str) -> list[list[tuple[float, float]]]:
    wanted = {name.replace("_", "-"): value for name, value in having.items()}
    return [
        [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+),(-?[\d.]+)", e.get("d", ""))]
        for e in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}path")
        if e.get("stroke") == stroke and all(e.get(k) == v for k, v in wanted.items())
    ]


def words_in(svg: str) -> str:
    return " ".join(" ".join(ET.fromstring(svg).itertext()).split())


def test_line_and_way_stand_at_their_heights_and_the_gap_is_a_gap() -> None:
    # By hand: 600 by 270 pixels, 19 months across, and a scale from 70 to 100.
    def place(point: TargetMonth, value: float) -> tuple[float, float]:
        x = (point.month.index - FIRST.index + 0.5) * 600 / 19
        return pytest.approx((x, 270 - (value - 70) / 30 * 270), abs=0.02)  # type: ignore[no-any-return]  # pytest's own

    found = lines(chart().wide, BLUE, stroke_width="2.5")
    assert [len(line) for line in found] == [3, 3]
    known = [p for p in POINTS if p.value is not None]
    assert [xy for line in found for xy in line] == [place(p, p.value or 0) for p in known]
    (way,) = lines(chart().wide, MIDDLE, stroke_dasharray="6,4")
    assert way == [place(p, p.way or 0) for p in POINTS]


def test_the_goal_and_the_newest_value_are_named_and_the_cut_scale_is_told() -> None:
    for svg in (chart().wide, chart().narrow):
        assert "88 Sep 2013" in words_in(svg)
        assert "goal 80" in words_in(svg)
        assert "start at nought" in words_in(svg)
    from_nought = [replace(p, value=(p.value or 50) / 2, way=None) for p in POINTS]
    assert "nought" not in words_in(chart(from_nought, goal=10).wide)


@pytest.mark.parametrize("goal", [88, 87.9, 88.5])
def test_the_goal_is_never_written_over_the_newest_value(goal: float) -> None:
    def height(word: str) -> float:
        text = next(
            e for e in ET.fromstring(chart(goal=goal).wide).iter("{http://www.w3.org/2000/svg}text")
            if "".join(e.itertext()).startswith(word)
        )  # fmt: skip
        (y,) = re.findall(r"translate\([\d.-]+,([\d.-]+)\)", text.get("transform", ""))
        return float(y)

    assert abs(height("goal") - height("88")) >= 28


def test_a_target_without_a_value_is_drawn_with_its_way_alone() -> None:
    bare = chart([replace(p, value=None) for p in POINTS])
    assert lines(bare.wide, BLUE, stroke_width="2.5") == []
    assert "goal 80" in words_in(bare.wide)


def test_no_points_and_points_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="has no points"):
        chart([])
    with pytest.raises(ValueError, match="2012-03 does not come after 2012-06"):
        chart([POINTS[1], POINTS[0]])


def test_altair_finds_nothing_wrong_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    whole = drawing.specification
    monkeypatch.setattr(
        drawing, "specification", lambda *given: seen.append(whole(*given)) or whole(*given)
    )
    chart()
    assert len(seen) == 2
    for specification in seen:
        alt.Chart.from_dict(specification)
