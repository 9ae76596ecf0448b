"""The people of each area and month, against a slow twin that looks year after year."""

from __future__ import annotations

import dataclasses
import math
from datetime import date
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.evidence.known import Known
from bluelamp.evidence.reading import TALLY_SCHEMA
from bluelamp.evidence.store import Store
from bluelamp.measures.denominators import Counted, Denominator
from bluelamp.measures.residents import nobody, none_received, residents, why_not_in
from bluelamp.periods import Month

AREAS = ("E09000002", "E09000003", "E09000004")
PEOPLE = Denominator(
    id="residents", things="residents", words="Residents, made up", base="Census 2021",
    first_year=2019, counted=(Counted("borough", "estimates", "borough", "RESIDENTS"),),
)  # fmt: skip

estimates = st.lists(
    st.tuples(
        st.sampled_from(AREAS[:2]),
        st.sampled_from(["2017-06", "2019-03", "2019-06", "2021-03", "2023-06"]),
        st.integers(0, 3),
    ),
    max_size=8,
)
grids = st.lists(st.integers(2015, 2026), min_size=1, max_size=4, unique=True).map(
    lambda years: tuple(Month(year, month) for year in sorted(years) for month in (1, 12))
)


def slow(
    drawn: list[tuple[str, str, int]], area: str, month: Month, asked: Denominator
) -> float | str:
    """How many people, or why that cannot be said."""
    if not drawn:
        return none_received(asked)
    in_month: dict[str, int] = {}
    for place, when, people in drawn:
        if place == area:
            in_month[when] = in_month.get(when, 0) + people
    in_year = {int(when[:4]): in_month[when] for when in sorted(in_month)}
    if not in_year:
        return nobody(asked)
    if why_not_in(asked, month.year):
        return why_not_in(asked, month.year)
    year = month.year
    while year not in in_year and year > min(in_year):
        year -= 1
    return in_year[max(year, min(in_year))] or nobody(asked)


@settings(max_examples=150, deadline=None)
@given(drawn=estimates, months=grids, last_year=st.sampled_from([None, 2020]))
def test_the_people_of_every_area_and_month_are_those_of_the_slow_twin(drawn, months, last_year):
    known = Known(date(2026, 1, 1), None, pl.DataFrame(), {}, Store(Path("nowhere")))
    rows = [
        {"month": month, "level": "borough", "area": area, "within": "E23000001", "scope": "all",
         "category": "RESIDENTS", "subcategory": "", "flag": "", "group": "", "count": people,
         "value": None, "receipt": "aa"}
        for area, month, people in drawn
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema={**TALLY_SCHEMA, "receipt": pl.String})
    known._tallies[("estimates", "borough")] = frame
    asked = dataclasses.replace(PEOPLE, last_year=last_year)
    found = residents(known, asked, "borough", AREAS, months)
    for i, area in enumerate(AREAS):
        for j, month in enumerate(months):
            people, reason = found.people[i, j], found.reasons[i, j]
            assert math.isnan(people) == (reason != "")
            assert (reason or people) == slow(drawn, area, month, asked), (area, month)
