"""Residents: which year a rate is formed with, and when there is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bluelamp.evidence.known import Known
from bluelamp.evidence.reading import TALLY_SCHEMA
from bluelamp.evidence.store import Store
from bluelamp.measures import residents
from bluelamp.periods import Month

FORCE, BARNET, BEXLEY = "E23000001", "E09000003", "E09000004"


def known(rows: list[tuple[str, str, int]], level: str = "borough") -> Known:
    """Evidence that holds these (area, month, people) and nothing else."""
    found = Known(date(2026, 1, 1), None, pl.DataFrame(), {}, Store(Path("nowhere")))
    source = residents.WARD_SOURCE if level == "ward" else residents.BOROUGH_SOURCE
    full = [
        {"month": month, "level": level, "area": area, "within": FORCE, "scope": "all",
         "category": "RESIDENTS", "subcategory": "", "flag": "", "count": n, "value": None,
         "receipt": "aa"}
        for area, month, n in rows
    ]  # fmt: skip
    found._tallies[(source, level)] = pl.DataFrame(full, {**TALLY_SCHEMA, "receipt": pl.String})
    return found


ESTIMATES = [(BARNET, "2019-06", 100), (BARNET, "2021-06", 120), (BEXLEY, "2019-06", 50)]


@pytest.mark.parametrize(
    ("month", "people"),
    [("2019-01", 100), ("2019-12", 100), ("2020-06", 100), ("2021-01", 120), ("2025-12", 120)],
)
def test_the_estimate_of_the_months_own_year_or_the_last_before_it(month, people):
    found = residents.residents(
        known(ESTIMATES), "borough", (BARNET,), (Month.parse(month),), FORCE
    )
    assert (found.people[0, 0], found.reasons[0, 0]) == (people, "")


def test_before_the_base_begins_there_are_none():
    found = residents.residents(known(ESTIMATES), "borough", (BARNET,), (Month(2018, 12),), FORCE)
    assert np.isnan(found.people[0, 0])
    assert "begin in 2019" in found.reasons[0, 0]


def test_the_force_has_the_sum_of_its_boroughs():
    found = residents.residents(known(ESTIMATES), "force", (FORCE,), (Month(2019, 6),), FORCE)
    assert found.people[0, 0] == 150


@pytest.mark.parametrize("rows", [[], [(BARNET, "2021-06", 0)]])
def test_where_nobody_is_counted_there_are_words(rows):
    both = [*rows, (BEXLEY, "2021-06", 7)]
    found = residents.residents(known(both), "borough", (BARNET,), (Month(2021, 6),), FORCE)
    assert np.isnan(found.people[0, 0])
    assert found.reasons[0, 0] == residents.NOBODY


def test_wards_have_the_census_for_every_month():
    rows = [("E05013628", "2021-03", 15_000)]
    months = (Month(2019, 1), Month(2025, 1))
    found = residents.residents(known(rows, "ward"), "ward", ("E05013628",), months, FORCE)
    assert found.people.tolist() == [[15_000, 15_000]]


def test_no_file_at_all_is_said():
    found = residents.residents(known([]), "borough", (BARNET,), (Month(2021, 6),), FORCE)
    assert found.reasons[0, 0] == residents.NO_RESIDENTS
    assert found.receipts == ()
