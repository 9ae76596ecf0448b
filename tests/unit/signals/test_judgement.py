"""The whole way in, with the real mathematics and truths that were planted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from bluelamp.measures.series import Break, Series
from bluelamp.periods import Month
from bluelamp.places import Area, Gazetteer, UnknownPlace, gazetteer
from bluelamp.plan.edition import Edition
from bluelamp.signals import Judgement, judge_all
from bluelamp.signals.finding import Finding
from bluelamp.signals.judge import settled
from bluelamp.statistics import change

Make = Callable[..., Series]
KNOWN_ON = date(2026, 4, 30)
MONTHS = 168  # April 2012 to March 2026
SEED = 20170320


def noise(areas: int, level: float, seed: int = SEED) -> Any:
    """(areas, MONTHS) counts with a season and twice the variance of Poisson's; nothing changes."""
    draw = np.random.default_rng(seed)
    season = 1 + 0.1 * np.sin(2 * np.pi * np.arange(MONTHS) / 12)
    return draw.negative_binomial(level * season, 0.5, size=(areas, MONTHS)).astype(float)


def judged(series: list[Series], plan: Edition, places: Gazetteer) -> Judgement:
    return judge_all(series, {"p": plan}, "p", places, KNOWN_ON, "E23000001")


def finding(judgement: Judgement, question: str, area: str, measure: str = "burglary") -> Finding:
    (found,) = [
        each
        for each in judgement.findings
        if (each.question, each.measure, each.area) == (question, measure, area)
    ]
    return found


@pytest.fixture(scope="module")
def planted(make_series: Make, plan: Edition, places: Gazetteer) -> Judgement:
    """Barnet changes in August 2025 and not in the plan's time, Croydon the other way about."""
    counts = noise(3, 100)
    counts[1, 160:] = np.round(counts[1, 160:] * 0.6)
    counts[2, 60:] = np.round(counts[2, 60:] * 1.4)
    return judged([make_series(counts, first="2012-04")], plan, places)


def test_a_planted_change_is_found_with_its_month_its_size_and_its_meaning(
    planted: Judgement,
) -> None:
    found = finding(planted, "watch", "E09000002")
    assert (found.status, found.direction, found.reading) == ("changed", "lower", "better")
    assert abs(Month.parse(found.since).index - Month(2025, 8).index) <= 1
    assert found.effect is not None
    assert found.effect_lower is not None
    assert found.effect_upper is not None
    assert found.effect_lower <= -40 <= found.effect_upper
    assert found.effect_lower < found.effect < found.effect_upper < 0
    assert found.observed == pytest.approx(60, rel=0.15)
    assert found.expected == pytest.approx(100, rel=0.15)
    assert found.effect == pytest.approx(found.observed - found.expected, rel=1e-6)
    assert (found.window_first, found.window_last) == ("2025-04", "2026-03")
    assert (found.baseline_first, found.baseline_last) == ("2020-04", "2025-03")
    assert found.q_value is not None
    assert found.q_value <= 0.05
    assert found.sentence.startswith("The number of burglaries in Barnet has been lower than expec")
    assert found.sentence.endswith("and this is in line with that.")


def test_the_two_questions_are_told_apart(planted: Judgement) -> None:
    assert finding(planted, "edition", "E09000002").status == "no clear change"
    assert finding(planted, "watch", "E09000003").status == "no clear change"
    during = finding(planted, "edition", "E09000003")
    assert (during.status, during.direction, during.reading) == ("changed", "higher", "worse")
    assert (during.window_first, during.window_last) == ("2017-04", "2022-02")
    assert (during.baseline_first, during.baseline_last) == ("2012-04", "2017-03")
    assert during.since == ""


def test_where_nothing_changed_it_says_so_first(planted: Judgement) -> None:
    for question in ("watch", "edition"):
        found = finding(planted, question, "E09000001")
        assert found.status == found.reading == "no clear change"
        assert found.sentence.startswith("No clear change in the number of burglaries in Aldgate")
        assert found.effect is None
        assert found.observed == pytest.approx(found.expected, rel=0.1)


def test_a_planted_change_in_a_share(make_series: Make, plan: Edition, places: Gazetteer) -> None:
    offences = noise(2, 300)
    draw = np.random.default_rng(SEED)
    chance = np.full(offences.shape, 0.12)
    chance[0, 158:] = 0.20
    positive = draw.binomial(offences.astype(int), chance).astype(float)
    series = make_series(positive, kind="share", denominator=offences, first="2012-04")
    judgement = judged([series], plan, places)
    found = finding(judgement, "watch", "E09000001", "outcomes")
    assert (found.direction, found.hope, found.reading) == ("higher", "", "changed")
    assert found.effect == pytest.approx(0.08, abs=0.03)
    assert "percentage points higher" in found.sentence
    assert finding(judgement, "watch", "E09000002", "outcomes").status == "no clear change"
    expected = judgement.expected["outcomes", "borough"]
    assert np.nanmax(expected.upper) <= 1
    assert np.nanmean(expected.expected) == pytest.approx(0.12, abs=0.02)


def test_of_many_series_without_change_hardly_any_is_called_changed(
    make_series: Make, plan: Edition
) -> None:
    names = [f"E09{i:06}" for i in range(300)]
    here = gazetteer(Area(code, code, "borough", "2023") for code in names)
    series = make_series(noise(300, 40), first="2012-04", areas=tuple(names))
    judgement = judged([series], plan, here)
    assert judgement.family.tested == 600
    # Were each of the 600 told at p <= 0.05 on its own, about 30 would be called changed.
    assert judgement.family.changed <= 2


# --- the family -----------------------------------------------------------------------------------


def test_everything_tested_is_one_family(
    make_series: Make, plan: Edition, places: Gazetteer, mathematics: Any
) -> None:
    counts = np.full((3, MONTHS), 50.0)
    counts[:, -12:] = 80
    counts[:, 60:119] = 80
    mathematics.direction, mathematics.p_value = 1, 0.04
    late = make_series(counts, first="2019-04", measure=replace(_measure(make_series), id="late"))
    judgement = judged([make_series(counts, first="2012-04"), late], plan, places)
    told = judgement.family.as_dict()
    assert (told["asked"], told["tested"], told["changed"], told["rate"]) == (12, 9, 9, 0.05)
    assert told["tallies"] == (
        {"question": "watch", "level": "borough", "asked": 6, "tested": 6, "changed": 6},
        {"question": "edition", "level": "borough", "asked": 6, "tested": 3, "changed": 3},
    )
    json.dumps(told)


def _measure(make_series: Make) -> Any:
    return make_series(np.ones((1, 1))).measure


@pytest.mark.parametrize(
    ("p_value", "of_a_year", "status"),
    [
        (0.05, 0.05, "changed"),
        (0.0501, 0.05, "no clear change"),
        (0.0001, 0.0501, "no clear change"),  # it would come and go in a year of looks
    ],
)
def test_a_change_needs_a_q_value_of_at_most_5_percent_and_to_be_seldom_in_a_year(
    make_series: Make,
    plan: Edition,
    places: Gazetteer,
    mathematics: Any,
    p_value: float,
    of_a_year: float,
    status: str,
) -> None:
    counts = np.full((1, 72), 50.0)
    counts[:, -12:] = 80
    mathematics.direction, mathematics.p_value = 1, p_value
    mathematics.year_p_value = of_a_year
    judgement = judged([make_series(counts, first="2020-04")], plan, places)
    found = finding(judgement, "watch", "E09000001")
    assert (found.status, found.q_value) == (status, p_value)


@pytest.mark.parametrize("direction", [0, -1])
def test_a_size_that_does_not_bear_out_its_direction_is_no_change(
    make_series: Make, plan: Edition, places: Gazetteer, mathematics: Any, direction: int
) -> None:
    counts = np.full((1, 72), 50.0)
    counts[:, -12:] = 80  # higher, whatever the direction says
    mathematics.direction, mathematics.p_value = direction, 0.0001
    judgement = judged([make_series(counts, first="2020-04")], plan, places)
    assert finding(judgement, "watch", "E09000001").status == "no clear change"
    assert judgement.family.changed == 0


def test_nothing_to_judge_is_an_empty_judgement(plan: Edition, places: Gazetteer) -> None:
    judgement = judged([], plan, places)
    assert (judgement.findings, judgement.readings, judgement.expected) == ((), (), {})
    assert judgement.family.tested == 0


# --- the same input, the same output --------------------------------------------------------------


def test_the_order_of_the_input_does_not_matter(
    make_series: Make, plan: Edition, places: Gazetteer
) -> None:
    counts, force = noise(3, 60), noise(1, 200, seed=1)
    straight = [
        make_series(counts, first="2012-04"),
        make_series(force, first="2012-04", level="force", areas=("E23000001",)),
    ]
    areas = ("E09000003", "E09000001", "E09000002")
    turned = [straight[1], make_series(counts[[2, 0, 1]], first="2012-04", areas=areas)]
    one, other = judged(straight, plan, places), judged(turned, plan, places)
    assert [asdict(f) for f in one.findings] == [asdict(f) for f in other.findings]
    assert one.readings == other.readings
    assert one.family == other.family
    band, turned_band = (each.expected["burglary", "borough"] for each in (one, other))
    assert turned_band.areas == areas
    assert np.array_equal(turned_band.lower, band.lower[[2, 0, 1]], equal_nan=True)
    keys = [(f.measure, f.area, f.question) for f in one.findings]
    assert keys[:2] == [("burglary", "E23000001", "watch"), ("burglary", "E23000001", "edition")]


def test_findings_and_readings_are_plain_values(planted: Judgement) -> None:
    told = json.dumps([asdict(each) for each in (*planted.findings, *planted.readings)])
    assert "NaN" not in told


def test_a_measure_given_twice_at_a_level_is_refused(
    make_series: Make, plan: Edition, places: Gazetteer
) -> None:
    series = make_series(noise(1, 60))
    with pytest.raises(ValueError, match="'burglary' is given twice for the level 'borough'"):
        judged([series, series], plan, places)


def test_an_area_without_a_name_is_refused(make_series: Make, plan: Edition) -> None:
    with pytest.raises(UnknownPlace, match="E09000001"):
        judged([make_series(noise(1, 60))], plan, gazetteer([]))


def test_figures_beyond_the_ninth_are_not_told(planted: Judgement) -> None:
    """They differ from machine to machine, and a release must not."""
    numbers = [each.effect for each in planted.findings] + [e.p_value for e in planted.findings]
    assert all(number == float(f"{number:.9g}") for number in numbers if number is not None)
    band = planted.expected["burglary", "borough"].expected
    known = band[np.isfinite(band)]
    assert known == pytest.approx([float(f"{value:.9g}") for value in known], rel=1e-14)


def test_settling_leaves_what_is_not_known() -> None:
    assert np.isnan(settled(np.array([np.nan, 1.0]))).tolist() == [True, False]


# --- what the band of a chart is -----------------------------------------------------------------


def test_the_band_of_the_chart_comes_from_the_same_object(planted: Judgement) -> None:
    band = planted.expected["burglary", "borough"]
    assert band.expected.shape == (3, MONTHS) == (len(band.areas), len(band.months))
    known = np.isfinite(band.expected)
    assert known[:, -72:].all()
    assert not known[:, :-72].any()
    assert (band.lower[known] < band.expected[known]).all()
    assert (band.upper[known] > band.expected[known]).all()


# --- refusals by the mathematics ------------------------------------------------------------------


def test_every_refusal_of_the_mathematics_has_words_for_readers() -> None:
    from bluelamp.signals.refusals import IN_WORDS

    codes = {value for name, value in vars(change).items() if name.isupper() and _is_text(value)}
    assert len(codes) >= 5
    assert set(IN_WORDS) == codes


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def test_too_few_to_say(make_series: Make, plan: Edition, places: Gazetteer) -> None:
    counts = np.zeros((1, 72))
    counts[0, [5, 65]] = 1
    found = finding(judged([make_series(counts)], plan, places), "watch", "E09000001")
    assert found.status == found.reading == "not judged"
    assert found.sentence == (
        "It cannot be judged whether the number of burglaries in Aldgate has changed. There are "
        "so few in all the months looked at that chance alone could explain any difference."
    )


def test_a_share_above_the_whole_is_not_tested(
    make_series: Make, plan: Edition, places: Gazetteer
) -> None:
    offences = noise(2, 50)
    positive = np.random.default_rng(SEED).binomial(offences.astype(int), 0.2).astype(float)
    positive[0, 150] = 900
    series = make_series(positive, kind="share", denominator=offences, first="2012-04")
    judgement = judged([series], plan, places)
    refused = finding(judgement, "watch", "E09000001", "outcomes")
    assert refused.reason.startswith("In some months more of these were recorded")
    assert finding(judgement, "watch", "E09000002", "outcomes").reason == ""


def test_what_lies_in_no_borough_is_counted_in_the_force_and_judged_there(
    make_series: Make, plan: Edition, places: Gazetteer
) -> None:
    counts = noise(2, 60)
    counts[1, 160:] = 900
    areas = ("E09000001", "outside:unknown")
    judgement = judged([make_series(counts, first="2012-04", areas=areas)], plan, places)
    assert finding(judgement, "watch", "outside:unknown").reason.startswith("This is no single pla")
    assert judgement.family.tested == 2
    assert {reading.area for reading in judgement.readings} == {"E09000001"}


# --- lines ----------------------------------------------------------------------------------------


def test_every_line_is_read_for_the_force_and_the_boroughs(planted: Judgement) -> None:
    read = {(each.area, each.line): each for each in planted.readings}
    assert set(read) == {
        (f"E0900000{i}", line) for i in (1, 2, 3) for line in ("burglary", "content")
    }
    assert read["E09000002", "burglary"].reading == "better"
    assert read["E09000001", "burglary"].reading == "no clear change"
    assert read["E09000001", "content"].reading == "not judged"
    assert read["E09000001", "content"].sentence == (
        "This site has no figures on whether people are content. It would need a survey "
        "(held by the office)."
    )


def test_a_line_is_read_for_a_ward_where_it_has_a_figure_there(
    make_series: Make, plan: Edition, places: Gazetteer
) -> None:
    series = make_series(noise(1, 30), first="2012-04", level="ward", areas=("E05000001",))
    readings = judged([series], plan, places).readings
    assert [(each.line, each.area) for each in readings] == [("burglary", "E05000001")]
    assert "in Abbey ward, Aldgate" in readings[0].sentence


def test_other_editions_read_the_same_findings_by_their_own_hopes(
    make_series: Make, plan: Edition, places: Gazetteer
) -> None:
    counts = noise(1, 100)
    counts[0, 160:] = np.round(counts[0, 160:] * 0.5)
    line = plan.lines[0]
    against = replace(line, parts=(replace(line.parts[0], hope="higher", what="there are more"),))
    other = replace(plan, plan=replace(plan.plan, id="q"), lines=(against,))
    judgement = judge_all(
        [make_series(counts, first="2012-04")], {"q": other, "p": plan}, "p", places, KNOWN_ON, ""
    )
    read = {(each.edition, each.line): each.reading for each in judgement.readings}
    assert read == {
        ("p", "burglary"): "better",
        ("p", "content"): "not judged",
        ("q", "burglary"): "worse",
    }
    assert finding(judgement, "watch", "E09000001").hope == "lower"


def test_a_declared_break_is_no_change(make_series: Make, plan: Edition, places: Gazetteer) -> None:
    counts = noise(1, 100)
    counts[0, 130:] = np.round(counts[0, 130:] * 0.4)  # from February 2023
    blind = judged([make_series(counts, first="2012-04")], plan, places)
    new = Break(Month(2023, 2), "offences were put into new categories")
    told = judged([make_series(counts, first="2012-04", breaks=(new,))], plan, places)
    assert finding(told, "watch", "E09000001").status == "no clear change"
    assert finding(told, "watch", "E09000001").baseline_first == "2023-02"
    assert finding(blind, "watch", "E09000001").baseline_first == "2020-04"
