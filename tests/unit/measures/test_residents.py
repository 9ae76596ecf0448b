"""Residents: which year a rate is formed with, on which base, and when there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.known import Known
from bluelamp.evidence.reading import TALLY_SCHEMA
from bluelamp.evidence.store import Store
from bluelamp.measures.denominators import Counted, Denominator, read_denominators
from bluelamp.measures.residents import residents
from bluelamp.periods import Month

FORCE, BARNET, BEXLEY = "E23000001", "E09000003", "E09000004"
WARD = "E05013628"

PEOPLE = Denominator(
    id="residents",
    things="residents",
    words="Residents, estimates of a made-up office",
    base="Census 2021",
    first_year=2019,
    counted=(
        Counted("force", "estimates", "borough", "RESIDENTS"),
        Counted("borough", "estimates", "borough", "RESIDENTS"),
        Counted("ward", "census", "ward", "RESIDENTS"),
    ),
)


def known(rows: list[tuple[str, str, int]], level: str = "borough", group: str = "") -> Known:
    """Evidence that holds these (area, month, people) and nothing else."""
    found = Known(date(2026, 1, 1), None, pl.DataFrame(), {}, Store(Path("nowhere")))
    full = [
        {"month": month, "level": level, "area": area, "within": FORCE, "scope": "all",
         "category": "RESIDENTS", "subcategory": "", "flag": "", "group": group, "count": n,
         "value": None, "receipt": "aa"}
        for area, month, n in rows
    ]  # fmt: skip
    source = "census" if level == "ward" else "estimates"
    found._tallies[(source, level)] = pl.DataFrame(full, {**TALLY_SCHEMA, "receipt": pl.String})
    return found


def asked(evidence, area, month, denominator=PEOPLE, level="borough", groups=()):
    """People and reason of one area and month."""
    found = residents(evidence, denominator, level, (area,), (Month.parse(month),), groups)
    return found.people[0, 0], found.reasons[0, 0]


ESTIMATES = [(BARNET, "2019-06", 100), (BARNET, "2021-06", 120), (BEXLEY, "2019-06", 50)]


@pytest.mark.parametrize(
    ("month", "people"),
    [("2019-01", 100), ("2019-12", 100), ("2020-06", 100), ("2021-01", 120), ("2025-12", 120)],
)
def test_the_estimate_of_the_months_own_year_or_the_last_before_it(month, people):
    assert asked(known(ESTIMATES), BARNET, month) == (people, "")


def test_before_the_base_begins_there_are_none():
    people, reason = asked(known(ESTIMATES), BARNET, "2018-12")
    assert np.isnan(people)
    assert reason == ("residents on the Census 2021 base begin in 2019, so there is no rate before")


def test_after_a_base_that_has_ended_there_are_none_rather_than_old_ones():
    ended = replace(PEOPLE, base="Census 2011", last_year=2020)
    assert asked(known(ESTIMATES), BARNET, "2020-12", ended) == (100, "")
    people, reason = asked(known(ESTIMATES), BARNET, "2021-01", ended)
    assert np.isnan(people)
    assert reason == "residents on the Census 2011 base end in 2020, so there is no rate after"


def test_the_force_has_the_sum_of_its_boroughs():
    assert asked(known(ESTIMATES), FORCE, "2019-06", level="force") == (150, "")


@pytest.mark.parametrize("rows", [[], [(BARNET, "2021-06", 0)]])
def test_where_nobody_is_counted_there_are_words(rows):
    people, reason = asked(known([*rows, (BEXLEY, "2021-06", 7)]), BARNET, "2021-06")
    assert np.isnan(people)
    assert reason == "no residents are counted for this place, so a rate cannot be formed"


def test_wards_have_the_census_for_every_month():
    months = (Month(2019, 1), Month(2025, 1))
    found = residents(known([(WARD, "2021-03", 15_000)], "ward"), PEOPLE, "ward", (WARD,), months)
    assert found.people.tolist() == [[15_000, 15_000]]
    assert found.base == "Census 2021"


def test_no_file_at_all_is_said():
    found = residents(known([]), PEOPLE, "borough", (BARNET,), (Month(2021, 6),))
    assert found.reasons[0, 0] == (
        "no file with residents was received that was published by this date"
    )
    assert found.receipts == ()


def test_a_level_at_which_they_are_not_counted_is_said():
    households = replace(PEOPLE, things="households", counted=PEOPLE.counted[:2])
    _, reason = asked(known([]), WARD, "2021-06", households, level="ward")
    assert reason == "households on the Census 2021 base are not known by ward"


def test_a_rate_among_a_group_is_formed_with_that_group_alone():
    evidence = known([(BARNET, "2021-06", 90)], group="age=10-17")
    older = known([(BARNET, "2021-06", 30)], group="age=18-24")
    both = pl.concat([e.tally("estimates", "borough") for e in (evidence, older)])
    evidence._tallies[("estimates", "borough")] = both
    assert asked(evidence, BARNET, "2021-06", groups=["age=10-17"]) == (90, "")
    assert asked(evidence, BARNET, "2021-06", groups=["age=10-17", "age=18-24"]) == (120, "")
    assert asked(evidence, BARNET, "2021-06") == (120, "")


def test_rows_of_another_category_or_series_of_the_same_file_are_not_counted():
    evidence = known(ESTIMATES)
    rows = evidence.tally("estimates", "borough")
    again = rows.with_columns(category=pl.lit("RESIDENTS BY AGE"))
    projected = rows.with_columns(flag=pl.lit("projection"), count=pl.col("count") * 7)
    evidence._tallies[("estimates", "borough")] = pl.concat([rows, again, projected])
    series = Counted("borough", "estimates", "borough", "RESIDENTS", flag="projection")
    assert asked(evidence, BARNET, "2019-06", replace(PEOPLE, counted=(series,))) == (700, "")


def test_every_denominator_of_the_office_rests_on_one_base_and_no_series_on_two():
    found = read_denominators(definitions_root())
    bases: dict[tuple[str, str], set[str]] = {}
    for denominator in found.values():
        for part in denominator.counted:
            bases.setdefault((part.source, part.flag), set()).add(denominator.base)
    assert bases
    assert all(len(names) == 1 for names in bases.values())
    assert {found["residents"].base, found["residents-by-age"].base} == {
        "Census 2021", "Census 2011"
    }  # fmt: skip
