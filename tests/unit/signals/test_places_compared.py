"""Boroughs compared: planted truths, who is left out, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bluelamp.definitions import DefinitionFaults, definitions_root, read_gazetteer, read_office
from bluelamp.measures.comparing import Comparing, LeftOut, read_comparing
from bluelamp.measures.definition import read_measures
from bluelamp.measures.series import Series
from bluelamp.periods import Month, months_between
from bluelamp.signals.places import compare_places
from bluelamp.signals.places_compared import PlacesCompared

MONTHS = tuple(months_between(Month(2024, 1), Month(2025, 12)))
ROOT = definitions_root()
GAZETTEER, FORCE = read_gazetteer(ROOT), read_office(ROOT).force
BOROUGHS = tuple(
    sorted(a.code for a in GAZETTEER.of_kind("borough") if a.parent == FORCE)
)  # fmt: skip
CITY, CAMDEN, BEXLEY = "E09000001", "E09000007", "E09000004"
LEFT_OUT = Comparing((LeftOut(CITY, "few people live there"),))


def made(factor: dict[str, float] | None = None, sd: float = 0.1) -> Series:
    """Two years of burglaries by borough: usual differences of 10%, some boroughs multiplied."""
    chance = np.random.default_rng(4)
    people = chance.uniform(150_000, 400_000, len(BOROUGHS))
    level = 0.0006 * np.exp(sd * chance.normal(size=len(BOROUGHS)))
    level *= [(factor or {}).get(code, 1.0) for code in BOROUGHS]
    events = chance.poisson(np.outer(people * level, np.ones(len(MONTHS)))).astype(float)
    residents = np.repeat(people[:, None], len(MONTHS), axis=1)
    return Series(
        read_measures(ROOT)["burglary-rate"], "borough", BOROUGHS, MONTHS, events, residents,
        events / residents * 1_000, np.full(events.shape, "", dtype=object),
        np.zeros(events.shape, bool), ((),) * len(MONTHS),
    )  # fmt: skip


def without(series: Series, code: str, month: int) -> Series:
    row = BOROUGHS.index(code)
    numerator, reasons = series.numerator.copy(), series.reasons.copy()
    numerator[row, month], reasons[row, month] = np.nan, "not published"
    return replace(series, numerator=numerator, reasons=reasons)


def compared(series: Series, comparing: Comparing = LEFT_OUT) -> PlacesCompared:
    (found,) = compare_places([series], comparing, GAZETTEER, FORCE)
    return found


def test_the_planted_outliers_are_named_and_no_other() -> None:
    found = compared(made({CAMDEN: 2.5, BEXLEY: 0.35}))
    sides = {place.area: place.side for place in found.places}
    assert (sides[CAMDEN], sides[BEXLEY]) == ("higher", "lower")
    assert found.outside == 2
    assert found.sentence.endswith("the rate is higher in Camden and lower in Bexley.")
    assert found.usual == pytest.approx(0.1, abs=0.05)
    assert (found.measure, found.counted, found.period) == (
        "burglary-rate", "burglary", "r12-2025-12",
    )  # fmt: skip


def test_usual_differences_are_no_news() -> None:
    found = compared(made(sd=0.3))
    assert found.outside == 0
    assert found.sentence.startswith("None of the 32 boroughs compared")


def test_picture_table_and_sentence_say_one_thing() -> None:
    """The side, the range and the ranks of each place agree, and so does what is counted."""
    found = compared(made({CAMDEN: 2.5, BEXLEY: 0.35}))
    for place in found.places:
        if place.side == "not compared":
            continue
        assert place.rate is not None
        assert place.usual_lower is not None
        assert place.usual_upper is not None
        inside = place.usual_lower <= place.rate <= place.usual_upper
        assert (place.side == "within") == inside
        assert place.rank_lower is not None
        assert 1 <= place.rank_lower <= (place.rank_upper or 0) <= found.compared
        assert place.events == pytest.approx(place.rate * (place.among or 0) / 1_000)
    assert found.outside == sum(p.side in ("higher", "lower") for p in found.places)


def test_a_place_left_out_takes_no_part_and_says_why() -> None:
    comparing = Comparing((*LEFT_OUT.left_out, LeftOut(CAMDEN, "many come from elsewhere")))
    with_it, series = compared(made()), made({CAMDEN: 40})
    found = compared(series, comparing)
    camden = next(place for place in found.places if place.area == CAMDEN)
    assert (camden.side, camden.rank_lower, camden.usual_upper) == ("not compared", None, None)
    assert camden.sentence == "Camden is left out, because many come from elsewhere."
    assert found.compared == with_it.compared - 1
    assert found.outside == 0


def test_a_place_left_out_that_has_no_figures_is_still_named() -> None:
    city = next(place for place in compared(made()).places if place.area == CITY)
    assert city.sentence == "The City of London is left out, because few people live there."
    assert city.events is None


def test_a_month_that_is_not_known_leaves_the_borough_out() -> None:
    found = compared(without(made(), CAMDEN, 20))
    camden = next(place for place in found.places if place.area == CAMDEN)
    assert camden.why == "the twelve months are not all known here"
    assert found.compared == 31


def test_a_last_month_that_most_lack_is_not_waited_for() -> None:
    series = made()
    for code in BOROUGHS[:20]:
        series = without(series, code, len(MONTHS) - 1)
    found = compared(series)
    assert found.period == "r12-2025-11"
    assert found.compared == 32


def test_with_few_boroughs_nothing_is_said() -> None:
    comparing = Comparing(tuple(LeftOut(code, "a test") for code in BOROUGHS[:26]))
    found = compared(made(), comparing)
    assert (found.compared, found.sentence, found.period) == (0, "", "")
    assert found.why.startswith("Fewer than 8 boroughs")
    assert all(place.side == "not compared" for place in found.places)


def test_without_twelve_months_nothing_is_said() -> None:
    series = made()
    for month in (3, 10, 17):
        for code in BOROUGHS:
            series = without(series, code, month)
    assert compared(series).compared == 0


def test_only_rates_among_residents_by_borough_are_compared() -> None:
    series = made()
    count = replace(series, measure=read_measures(ROOT)["burglary"], denominator=None)
    assert compare_places([count, replace(series, level="ward")], LEFT_OUT, GAZETTEER, FORCE) == ()


def test_the_same_series_gives_the_same_comparison() -> None:
    assert compared(made()) == compared(made())


# --- definitions/comparing.yaml -------------------------------------------------------------------


def test_the_projects_own_definition_leaves_out_the_two_cities() -> None:
    assert {each.area for each in read_comparing(ROOT).left_out} == {CITY, "E09000033"}


def test_without_the_file_every_area_is_compared(tmp_path: Path) -> None:
    assert read_comparing(tmp_path) == Comparing()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("left_out: [{area: E09999999, why: x}]", "there is no area 'E09999999'"),
        ("left_out: [{area: E09000001, why: x}, {area: E09000001, why: y}]", "named twice"),
        ("left_in: []", "left_in"),
    ],
)
def test_faults_are_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "areas").symlink_to(ROOT / "areas")
    (tmp_path / "comparing.yaml").write_text(text)
    with pytest.raises(DefinitionFaults, match=fault):
        read_comparing(tmp_path)
