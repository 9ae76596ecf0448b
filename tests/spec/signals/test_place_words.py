"""What may be said of boroughs that were compared: drawn tables of sentences."""

from __future__ import annotations

import pytest

from bluelamp.places import Area
from bluelamp.signals.place_words import (
    GIVEN,
    allowance_sentence,
    left_out_sentence,
    ordinal,
    outside_sentence,
    place_sentence,
    rank_words,
)


def area(name: str) -> Area:
    return Area(f"code of {name}", name, "borough", "2023")


# higher | lower | how it begins | how it ends
OUTSIDE = """
 | | None of the 31 boroughs compared lies |
Camden | | One of the 31 boroughs compared lies | higher in Camden
 | Bexley | One of the 31 ... lies | lower in Bexley
Camden, Brent | Bexley | Three of the 31 ... lie | higher in Camden and Brent and lower in Bexley
City of Made | | One of the 31 boroughs compared lies | higher in the City of Made
"""


@pytest.mark.parametrize("row", OUTSIDE.strip("\n").splitlines())
def test_how_many_lie_outside(row: str) -> None:
    higher, lower, begins, ends = (part.strip() for part in row.split("|"))
    named = [[area(name) for name in part.split(", ") if name] for part in (higher, lower)]
    begins = begins.replace("...", "boroughs compared")
    where = f": the rate is {ends}." if ends else "."
    assert outside_sentence(31, *named) == f"{begins} outside {GIVEN}{where}"


# side | rate | range | ranks | has | range in words | is
ONE = """
within | 4.4 | 1.7 14 | 18 23 | 4.4 | within | 1.7 to 14.0 | between 18th and 23rd highest of 31
higher | 20 | 1.7 14 | 1 1 | 20.0 | higher than | 1.7 to 14.0 | the highest of 31, as far as chance
lower | 0.2 | 0.5 2 | 30 31 | 0.20 | lower than | 0.50 to 2.0 | between 30th and 31st highest of 31
within | 3 | 1 5 | 1 12 | 3.0 | within | 1.0 to 5.0 | between 1st and 12th highest of 31
"""


@pytest.mark.parametrize("row", ONE.strip().splitlines())
def test_what_is_said_of_one(row: str) -> None:
    side, rate, usual, ranks, has, is_, ends, rank = (part.strip() for part in row.split("|"))
    low, high = map(float, usual.split())
    first, last = map(int, ranks.split())
    told = place_sentence(area("Croydon"), side, float(rate), (low, high), (first, last), 31, 1_000)
    assert told.startswith(
        f"Croydon has {has} per 1,000 residents, {is_} {GIVEN} here ({ends}). Its rate is {rank}"
    )


def test_what_is_left_out_says_why() -> None:
    assert left_out_sentence(area("City of Made"), "few people live there") == (
        "The City of Made is left out, because few people live there."
    )


# areas | change | who | how many
ALLOWANCE = """
3 | -0.112 | The three boroughs with the highest rates together | 11% fewer
1 | -0.34 | The borough with the highest rate | 34% fewer
12 | -0.004 | The 12 boroughs with the highest rates together | less than 1% fewer
"""


@pytest.mark.parametrize("row", ALLOWANCE.strip().splitlines())
def test_what_the_worst_would_do_by_themselves(row: str) -> None:
    areas, change, who, fewer = (part.strip() for part in row.split("|"))
    assert allowance_sentence(int(areas), float(change)).startswith(
        f"{who} would be expected to have {fewer} next year if nothing changed, because"
    )


def test_without_an_allowance_nothing_is_said() -> None:
    assert allowance_sentence(3, None) == allowance_sentence(0, -0.1) == ""


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"),
     (21, "21st"), (22, "22nd"), (31, "31st"), (111, "111th")],
)  # fmt: skip
def test_ordinals(number: int, said: str) -> None:
    assert ordinal(number) == said


def test_a_rank_is_an_interval() -> None:
    assert rank_words(3, 14) == "between 3rd and 14th"
    assert rank_words(2, 2) == "2nd"
