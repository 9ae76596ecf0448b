"""What the sentences of a gap say: sizes, ranges, luck, and what nobody wrote down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bluelamp.definitions import definitions_root
from bluelamp.measures.gap import read_gaps
from bluelamp.places import Area, gazetteer
from bluelamp.signals.gap_reading import GapReading
from bluelamp.signals.gap_words import likely, sentence, times
from bluelamp.signals.wording import Places

GAP = read_gaps(definitions_root())["stop-and-search-by-ethnicity"]
PLACES = Places(gazetteer([Area("E1", "Camden", "borough", "2025")]), {})
RESIDENTS = GapReading(
    area="E1", benchmark="residents", stage="searched", kind="", group="black", reference="white",
    events=540, among=13_000, reference_events=900, reference_among=60_000, per=1_000,
    ratio=2.769, lower=2.489, upper=3.081, difference=26.5, difference_lower=22.9,
    difference_upper=30.3, excess=345, excess_lower=297, excess_upper=394, unknown=10,
    unknown_share=0.007, bound_lower=2.74, bound_upper=2.82, whole=None, whole_lower=None,
    whole_upper=None, check="", reason="", sentence="",
)  # fmt: skip


def said(benchmark: str, **changes: object) -> str:
    chosen = next(each for each in GAP.benchmarks if each.id == benchmark)
    reading = replace(RESIDENTS, benchmark=benchmark, **changes)  # type: ignore[arg-type]  # a test's own shorthand
    words = sentence(GAP, chosen, reading, PLACES)
    assert words.endswith(chosen.caveat) or reading.ratio is None
    return words.removesuffix(chosen.caveat).strip()


def test_residents():
    assert said("residents") == (
        "Black people were searched 2.8 times as often as White people for each 1,000 who live in "
        "Camden (likely between 2.5 and 3.1). That is 41.5 against 15.0."
    )


def test_a_range_that_holds_one_may_be_luck():
    words = said("residents", ratio=1.04, lower=0.97, upper=1.11)
    assert "1.04 times as often as White people" in words
    assert "(likely between 0.97 and 1.11, so it may be luck)" in words


def test_many_whose_group_nobody_wrote_down_are_told():
    words = said("residents", unknown_share=0.031, bound_lower=2.51, bound_upper=3.42)
    assert words.endswith(
        "For 3.1% of searches there is no ethnic group written down: whoever those people were, "
        "the ratio lies between 2.5 and 3.4."
    )


@pytest.mark.parametrize(("share", "told"), [(0.01, False), (0.0101, True), (0.02, True)])
def test_bounds_are_told_above_one_in_a_hundred(share, told):
    assert ("written down" in said("residents", unknown_share=share)) == told


@pytest.mark.parametrize("share", [0.004, 0.03])
def test_where_the_unknown_could_turn_the_gap_round_it_cannot_be_told(share):
    changes = {"ratio": 0.95, "lower": 0.94, "upper": 0.97, "unknown_share": share}
    words = said("residents", **changes, bound_lower=0.91, bound_upper=1.09)
    assert words.endswith("between 0.91 and 1.09, so which way the gap goes cannot be told.")
    assert not replace(RESIDENTS, **changes, bound_lower=0.91, bound_upper=1.09).clear


@pytest.mark.parametrize(
    ("lower", "upper", "low", "high", "clear"),
    [
        (1.1, 1.3, 1.05, 1.4, True),
        (0.6, 0.8, 0.5, 0.9, True),
        (0.9, 1.3, 1.05, 1.4, False),
        (1.1, 1.3, 0.9, 1.4, False),
        (None, None, None, None, False),
    ],
)
def test_a_gap_is_clear_where_neither_luck_nor_the_unknown_can_turn_it(
    lower, upper, low, high, clear
):
    ratio = None if lower is None else (lower + upper) / 2
    changed = {"ratio": ratio, "lower": lower, "upper": upper}
    assert replace(RESIDENTS, **changed, bound_lower=low, bound_upper=high).clear == clear


def test_one_kind():
    assert said("residents", kind="CONTROLLED DRUGS").startswith(
        "Controlled drugs: Black people were searched 2.8 times as often"
    )


def test_a_stage_among_those_of_the_stage_before():
    words = said(
        "steps", stage="acted-on", events=40, among=200, reference_events=100,
        reference_among=1000, ratio=2.0, lower=1.432, upper=2.792,
    )  # fmt: skip
    assert words == (
        "Of Black people who were searched in Camden, 20.0% had something come of the search, and "
        "of White people 10.0%: 2.0 times as often (likely between 1.43 and 2.79)."
    )


def test_the_whole_way():
    words = said("whole-way", stage="arrested")
    assert words.startswith("All steps together, Black people were arrested 2.8 times as often")


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("same", "Both say the same."),
        ("gone", "Taken apart, no clear gap is left."),
        ("reversed", "Taken apart, the gap turns the other way."),
        ("appears", "A clear gap shows only when they are taken apart."),
    ],
)
def test_like_with_like_says_what_taking_apart_does(check, words):
    found = said("same-borough", check=check, whole=3.4)
    assert found.startswith("Within the same borough in Camden, Black people were searched 2.8 ")
    assert found.endswith(f"All of them taken together give 3.4. {words}")
    assert said("same-kind", stage="arrested", check=check, whole=3.4).startswith(
        "Among searches for the same thing in Camden, Black people were arrested 2.8 "
    )


def test_what_cannot_be_compared_says_why():
    words = said("residents", ratio=None, lower=None, upper=None, reason="nobody lives there")
    assert (
        words == "Black people and White people cannot be compared in Camden: nobody lives there."
    )


@pytest.mark.parametrize(
    ("ratio", "words"), [(0.957, "0.96"), (1.994, "1.99"), (1.996, "2.0"), (4.021, "4.0")]
)
def test_a_ratio_has_the_decimals_that_matter(ratio, words):
    assert times(ratio) == words


def test_both_ends_of_a_range_are_told_alike():
    assert likely(1.9, 2.31) == "likely between 1.90 and 2.31"
    assert likely(3.97, 4.07) == "likely between 4.0 and 4.1"
