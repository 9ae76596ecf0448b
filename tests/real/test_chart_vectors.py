"""Control charts held to what qicharts2 and NHSRplotthedots have printed.

The files are those of `../shared/vectors/spc`; `docs/vectors.md` has the table.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bluelamp.statistics.charts import four_rules, runs, xmr
from bluelamp.statistics.charts.attributes import c_chart, p_chart, u_chart
from bluelamp.statistics.charts.individuals import i_chart, mr_chart
from bluelamp.statistics.charts.limits import Limits
from bluelamp.statistics.charts.rare import t_chart
from bluelamp.statistics.charts.subgroups import s_chart, x_bar_chart

DIGITS = 1e-12  # the expected values are printed to 15 digits and more

Columns = dict[str, np.ndarray]
Read = Callable[[str], Columns]


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    folder = shared / "vectors"
    if not folder.is_dir():
        pytest.skip("this test needs the vectors of ../shared, which are not here")
    return folder


@pytest.fixture(scope="module")
def read(vectors: Path) -> Read:
    """read(name) -> the columns of a file of qicharts2; what is no number is NaN."""

    def number(text: str) -> float:
        try:
            return {"True": 1.0, "False": 0.0}.get(text) or float(text)
        except ValueError:
            return 0.0 if text == "False" else np.nan

    def columns(name: str) -> Columns:
        with (vectors / "spc/qicharts2" / f"{name}.csv").open() as file:
            rows = list(csv.DictReader(file))
        return {key: np.array([number(row[key]) for row in rows]) for key in rows[0]}

    return columns


def months(number: int, *, but: tuple[int, ...] = ()) -> np.ndarray:
    """Flags of all months but those given, counted from 1."""
    return ~np.isin(np.arange(1, number + 1), but)


def lines_match(chart: Limits, expected: Columns) -> None:
    for name, found in (("y", chart.value), ("cl", chart.centre)):
        np.testing.assert_allclose(found, expected[name], rtol=DIGITS, err_msg=name)
    known = np.isfinite(expected["lcl"])
    for name, found in (("lcl", chart.lower), ("ucl", chart.upper)):
        np.testing.assert_allclose(
            found[known], expected[name][known], rtol=DIGITS, atol=1e-15, err_msg=name
        )
        assert np.isnan(found[~known]).all(), name


def runs_match(chart: Limits, expected: Columns) -> None:
    """The runs of the months that qicharts2 includes, about its centre line."""
    included = expected["include"] == 1
    found = runs.anhoej(chart.value[included], chart.centre[included])
    names = {
        "useful": "n.useful",
        "longest": "longest.run",
        "longest_allowed": "longest.run.max",
        "crossings": "n.crossings",
        "crossings_needed": "n.crossings.min",
        "signal": "runs.signal",
    }
    for ours, theirs in names.items():
        assert set(expected[theirs]) == {float(getattr(found, ours))}, ours
    outside = (chart.outside != 0) & included
    assert outside.tolist() == ((expected["sigma.signal"] == 1) & included).tolist()


def groups(table: Columns) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, sample deviation and size of the measurements of each sample."""
    found = []
    for sample in np.unique(table["sample"][np.isfinite(table["sample"])]):
        obs = table["obs"][(table["sample"] == sample) & np.isfinite(table["obs"])]
        mean = obs.mean() if len(obs) else np.nan
        found.append((mean, obs.std(ddof=1) if len(obs) > 1 else np.nan, len(obs)))
    mean, deviation, size = np.array(found).T
    return mean, deviation, size


def x_bar(table: Columns) -> Limits:
    return x_bar_chart(*groups(table))


def s(table: Columns) -> Limits:
    return s_chart(*groups(table)[1:])


# expected file -> input file, the chart as the package's own tests draw it
CHARTS: dict[str, tuple[str, Callable[[Columns], Limits]]] = {
    "expected_ex_6.3_1": ("input_tbl_06.03", x_bar),
    "expected_ex_6.3_2": ("input_tbl_06.03", s),
    "expected_ex_6.4_1": ("input_tbl_06.04", x_bar),
    "expected_ex_6.4_2": ("input_tbl_06.04", s),
    "expected_ex_6.5_3": (
        "input_tbl_06.07",
        lambda t: i_chart(t["cost"], baseline=np.arange(40) < 20),
    ),
    "expected_ex_6.5_4": (
        "input_tbl_06.07",
        lambda t: mr_chart(t["cost"], baseline=np.arange(40) < 20),
    ),
    "expected_ex_7.3_3": (
        "input_tbl_07.08",
        lambda t: c_chart(t["count"], baseline=months(46, but=(6, 20, *range(27, 47)))),
    ),
    "expected_tbl_7.4_1": ("input_tbl_07.04", lambda t: p_chart(t["count"], t["size"])),
    "expected_ex_7.4_1": ("input_tbl_07.10", lambda t: u_chart(t["count"], t["size"])),
    "expected_ex_7.5_1": ("input_tbl_07.11", lambda t: u_chart(t["count"], t["meters"], per=50)),
    "expected_ex_7.6_1": ("input_tbl_07.14", lambda t: t_chart(t["hours"])),
}


@pytest.mark.parametrize("name", CHARTS)
def test_montgomerys_charts_as_qicharts2_draws_them(name: str, read: Read) -> None:
    source, draw = CHARTS[name]
    expected, chart = read(name), draw(read(source))
    lines_match(chart, expected)
    runs_match(chart, expected)


def test_an_empty_sample_takes_no_freedom_away(read: Read) -> None:
    """Of the sample that is empty qicharts2 counts -1 degrees of freedom, which we hold for a slip.

    With it its limits are reproduced to the last digit; ours are narrower by the square root of
    the degrees of freedom less one over themselves. Centre, values and runs are the same.
    """
    table, expected = read("input_NA_test"), read("expected_NA_test")
    chart, size = x_bar(table), groups(table)[2]
    assert (size == 0).sum() == 1
    freedom = (size[size > 0] - 1).sum()
    reach = (chart.upper - chart.centre) * np.sqrt(freedom / (freedom - 1))
    as_theirs = Limits(chart.value, chart.centre, chart.centre - reach, chart.centre + reach)
    lines_match(as_theirs, expected)
    runs_match(chart, expected)


def test_a_p_chart_in_two_parts_with_two_months_left_out(read: Read) -> None:
    """Montgomery's example 7.1: the process changed after 30 samples; 15 and 23 had causes."""
    table, expected = read("input_tbl_07.03"), read("expected_ex_7.1_5")
    first = np.arange(len(table["count"])) < 30
    for part, flags in ((first, months(30, but=(15, 23))), (~first, None)):
        chart = p_chart(table["count"][part], table["size"][part], baseline=flags)
        of_part = {name: column[part] for name, column in expected.items()}
        lines_match(chart, of_part)
        runs_match(chart, of_part)


# expected file -> columns that make a panel, what makes a point, from which month, per
INFECTIONS = {
    "expected_hai_1": ((), "month", 0, 1),
    "expected_hai_2": (("infection",), "month", 0, 1),
    "expected_hai_3": (("hospital", "infection"), "month", 0, 1),
    "expected_hai_4": (("infection",), "hospital", 16983, 10000),  # days since 1970: 1 July 2016
}


@pytest.mark.parametrize("name", INFECTIONS)
def test_hospital_infections_as_qicharts2_sums_them_up(name: str, vectors: Path) -> None:
    """u charts of all hospitals, by infection, by both, and a funnel of hospitals by size."""
    by, point, since, per = INFECTIONS[name]
    folder = vectors / "spc/qicharts2"
    with (folder / "data_hospital_infections.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if float(row["month"]) >= since]
    with (folder / f"{name}.csv").open() as file:
        expected = list(csv.DictReader(file))
    panels = sorted({tuple(row[column] for column in by) for row in rows})
    assert len(panels) == len(expected)
    for panel, told in zip(panels, expected, strict=True):
        totals: dict[str, list[float]] = {}
        for row in rows:
            if tuple(row[column] for column in by) == panel:
                total = totals.setdefault(row[point], [0.0, 0.0])
                total[0] += float(row["n"])
                total[1] += float(row["days"])
        points = sorted(totals.values(), key=lambda t: t[1]) if point == "hospital" else None
        count, days = np.array(points or [totals[key] for key in sorted(totals)]).T
        chart = u_chart(count, days, per=per)
        summed = (chart.lower.mean(), chart.centre[0], chart.upper.mean())
        lines = [float(told[key]) for key in ("aLCL", "CL", "aUCL")]
        np.testing.assert_allclose(summed, lines, rtol=DIGITS)
        found = runs.anhoej(chart.value, chart.centre)
        assert [int(part) for part in (found.useful, found.longest, found.crossings)] == [
            int(float(told[key])) for key in ("n.useful", "longest.run", "n.crossings")
        ]
        assert int(found.longest_allowed) == float(told["longest.run.max"])
        assert int(found.crossings_needed) == float(told["n.crossings.min"])
        assert int(found.signal) == int(told["runs.signal"])
        assert int((chart.outside != 0).any()) == int(told["sigma.signal"])


@pytest.fixture(scope="module")
def nhs(vectors: Path) -> dict[str, Any]:
    path = vectors / "spc/nhsr/nhsrplotthedots_vectors.json"
    return dict(json.loads(path.read_text()))


@pytest.mark.parametrize("screen", [True, False])
def test_the_limits_of_plot_the_dots_with_and_without_the_screen(
    nhs: dict[str, Any], screen: bool
) -> None:
    told = nhs["outlier_screen"]
    [limits] = xmr.chart(told["data"], screen=screen).segments
    expected = told["screen_true" if screen else "screen_false"]
    found = {"upl": limits.upper, "mean": limits.mean, "lpl": limits.lower}
    assert {name: round(float(value), told["rounded"]) for name, value in found.items()} == expected


def test_the_constants_of_plot_the_dots(nhs: dict[str, Any]) -> None:
    told = nhs["constants"]
    assert told["limit"] == xmr.LIMIT
    assert f"{xmr.CLOSE:.10f}" == str(told["close"])
    assert told["screen"] == xmr.LARGEST_RANGE


# twenty normal values drawn by R with seed 123, to the eight decimals in which they are kept
RNORM = "peers/NHSRplotthedots/vectors.json"


def test_the_limits_of_rs_twenty_normal_values(vectors: Path, nhs: dict[str, Any]) -> None:
    told = nhs["rnorm20_R_seed123"]
    kept = {case["name"]: case for case in json.loads((vectors / RNORM).read_text())["limits"]}
    expected = {
        "r1": told,
        "r2_outlier_screened": told["with_y15_10_screened"],
        "r3_outlier_unscreened": told["with_y15_10_unscreened"],
    }
    for name, lines in expected.items():
        case = kept[name]
        [limits] = xmr.chart(case["y"], screen=case["screen_outliers"]).segments
        for line, found in (("mean", limits.mean), ("lpl", limits.lower), ("upl", limits.upper)):
            assert float(found) == pytest.approx(lines[line], rel=5e-6), (name, line)
            assert case[line] == lines[line]
    for name in ("facet0", "facet1"):
        case = kept[name]
        [limits] = xmr.chart(case["y"], screen=case["screen_outliers"]).segments
        for line, found in (("mean", limits.mean), ("lpl", limits.lower), ("upl", limits.upper)):
            assert float(f"{float(found):.3g}") == case[f"{line}_3sf"], (name, line)


def test_seven_points_on_one_side_and_seven_in_a_trend(nhs: dict[str, Any]) -> None:
    for case in nhs["shift7"]:
        assert np.abs(four_rules.shift(case["in"]).now).tolist() == case["out"]
    for case in nhs["trend7"]:
        assert four_rules.trend(case["in"]).now.tolist() == case["out"]


def test_two_of_three_points_close_to_a_limit(nhs: dict[str, Any]) -> None:
    """`window`: all points of a window in which the rule is met; `part`: the close ones of them."""
    for case in nhs["two_in_three"]:
        met = four_rules.two_of_three(case["close"], case["side"])
        if "part" in case:
            assert np.abs(met.marked).tolist() == case["part"]
        if "window" in case:
            now = np.abs(met.now)
            window = now | four_rules.later(now, -1) | four_rules.later(now, -2)
            assert window.tolist() == case["window"]


def test_the_rules_case_by_case(vectors: Path) -> None:
    """The longer list, which also tells which of seven points take part."""
    rules = json.loads((vectors / "peers/NHSRplotthedots/vectors.json").read_text())["rules"]
    for case in rules["seven_point_one_side_mean"]:
        assert np.abs(four_rules.shift(case["x"]).now).tolist() == case["expect"]
    for case in rules["seven_point_trend"]:
        assert four_rules.trend(case["x"]).now.tolist() == case["expect"]
    for case in rules["part_of_seven_trend"]:
        # The rule is met where x is not 0; seven points on that side, and no more, meet it there.
        sides = np.array(case["expect"]) * (-1 if min(case["x"]) < 0 else 1)
        met = four_rules.shift(sides)
        assert met.now.tolist() == case["x"]
        assert np.abs(met.marked).tolist() == case["expect"]
    for case in rules["two_in_three"]:
        now = np.abs(four_rules.two_of_three(case["close"], case["side"]).now)
        window = now | four_rules.later(now, -1) | four_rules.later(now, -2)
        assert window.tolist() == case["expect"]
    for case in rules["part_of_two_in_three"]:
        met = four_rules.two_of_three(case["close"], case["side"])
        assert np.abs(met.marked).tolist() == case["expect"]
    told = rules["opposite_side_not_flagged"]
    assert xmr.chart(told["y"]).point_type[-2:].tolist() == told["expect_last_two"]
    for case in rules["assurance"]:
        wanted = {"increase": 1, "decrease": -1, "neutral": 0}[case["improvement"]]
        icons = xmr.assurance(case["lpl"], case["upl"], case["target"], wanted)
        assert [str(icon) or None for icon in icons] == case["expect"]


def test_the_copies_among_the_peers_say_the_same(vectors: Path) -> None:
    """What is reproduced from one folder is so for the other: the expected numbers are the same.

    Of the series themselves only the spelling of the dates differs; they are not compared.
    """
    copies = [
        path
        for path in (vectors / "peers/qicharts2").glob("*.csv")
        if not path.name.startswith("data_")
    ]
    assert copies
    for copy in copies:
        original = vectors / "spc/qicharts2" / f"expected_{copy.name}"
        assert numbers(copy) == numbers(original), copy.name


def numbers(path: Path) -> list[list[str]]:
    """The cells of a table, numbers in one spelling, to the digits in which they agree."""

    def cell(text: str) -> str:
        try:
            return f"{float(text):.12g}"
        except ValueError:
            return text

    with path.open() as file:
        return [[cell(text) for text in row] for row in csv.reader(file)]


def test_two_far_points_on_opposite_sides_are_common_cause(nhs: dict[str, Any]) -> None:
    told = nhs["opposite_sides"]
    assert xmr.chart(told["data"]).point_type[-2:].tolist() == told["last_two"]


def test_rules_take_precedence_in_the_order_of_plot_the_dots(nhs: dict[str, Any]) -> None:
    names = {
        "outside limits": four_rules.Rule.OUTSIDE,
        "7 point trend": four_rules.Rule.TREND,
        "2 in 3": four_rules.Rule.TWO_OF_THREE,
        "7 points one side": four_rules.Rule.SHIFT,
        "common cause": four_rules.Rule.NONE,
    }
    marks = {rule: four_rules.outside([int(rule != 0)]) for rule in four_rules.Rule}
    order = []
    while any(met.marked.any() for met in marks.values()):
        first = four_rules.Rule(four_rules.first_in_order(marks, lambda met: met.marked)[0])
        order.append(first)
        marks[first] = four_rules.outside([0])
    assert [*order, four_rules.Rule.NONE] == [names[name] for name in nhs["precedence"]]


def test_the_assurance_icons_of_plot_the_dots(nhs: dict[str, Any]) -> None:
    for case in nhs["assurance"]:
        for direction, word in ((1, "increase"), (-1, "decrease")):
            icon = xmr.assurance(case["lpl"], case["upl"], case["target"], direction)
            assert str(icon) == case[word]
