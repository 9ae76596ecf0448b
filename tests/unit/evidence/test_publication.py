"""When a file was published, where nobody says: each source's rule, always a first of a month."""

from __future__ import annotations

import polars as pl
import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.publication import infer, latest_month_named
from bluelamp.evidence.source import read_sources
from bluelamp.periods import Month, months_between

SOURCES = read_sources(definitions_root())


def run_of(first: str, count: int) -> list[str]:
    start = Month.parse(first)
    return [str(month) for month in months_between(start, start + (count - 1))]


# source, months covered, last month named beside it, inferred date
RULES = [
    ("mps-recorded-crime", run_of("2023-07", 24), "", "2025-07-01"),
    ("mps-recorded-crime", run_of("2023-07", 26), "", "2025-09-01"),
    ("mps-recorded-crime", run_of("2010-04", 160), "", "2025-08-01"),
    ("mps-recorded-crime", ["2023-06"], "", "2023-07-01"),
    ("police-uk-street", ["2023-06"], "", "2023-08-01"),
    ("police-uk-street", ["2023-06"], "2024-08", "2024-10-01"),
    ("police-uk-street", ["2023-06"], "2022-01", "2023-08-01"),
    ("mopac-public-attitude-survey", ["2023-09", "2023-12"], "", "2024-03-01"),
    ("ons-residents-borough", ["2019-06", "2024-06"], "", "2025-07-01"),
    ("mps-homicide-victims", run_of("2023-01", 12), "", "2024-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "months", "beside", "expected"), RULES)
def test_each_rule(source, months, beside, expected):
    assert infer(SOURCES[source], months, pl.DataFrame(), beside).isoformat() == expected


def test_the_dashboard_says_when_it_was_refreshed_and_the_latest_counts():
    rows = pl.DataFrame({"refresh_date": ["2025-07-21", None, "2025-08-18 00:00:00"]})
    found = infer(SOURCES["mps-crime-dashboard"], ["2025-07"], rows, "")
    assert found.isoformat() == "2025-08-01"


@pytest.mark.parametrize("written", [None, "", "August 2025", "2025-13-01"])
def test_a_refresh_date_that_is_none_is_asked_for(written):
    rows = pl.DataFrame({"refresh_date": [written]}, schema={"refresh_date": pl.String})
    with pytest.raises(ValueError, match="give it with --published"):
        infer(SOURCES["mps-crime-dashboard"], ["2025-07"], rows, "")


def test_only_names_that_begin_with_a_month_count():
    names = ["2024-04-essex-street.csv", "2024-13-x.csv", "2025-01.csv", "notes-2026-01-x.csv"]
    assert latest_month_named(names) == "2024-04"
    assert latest_month_named([]) == ""
