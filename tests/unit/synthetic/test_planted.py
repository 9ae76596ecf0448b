"""The planted changes stand in the files, in the size that the truths say; nothing else moves.

Figures are added up from the files by hand here, by a way that shares no code with the room: a
step is the mean of the months after it less the mean of the same calendar months before it.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from math import sqrt
from statistics import fmean, variance

import polars as pl
import pytest

from bluelamp.periods import Month
from bluelamp.synthetic import PlantedTruth

from .conftest import London

FORCE = "E23000001"
NAMES = {
    "E09000003": "Barnet",
    "E09000007": "Camden",
    "E09000008": "Croydon",
    "E09000014": "Haringey",
    "E09000033": "Westminster",
}
MAJORS = {"burglary": "BURGLARY", "robbery": "ROBBERY", "sexual-offences": "SEXUAL OFFENCES"}
SUBTYPES = {"knife-crime": "Knife Crime", "hate-crime": "Hate crime", "gun-crime": "Gun Crime"}

Series = Mapping[Month, float]


def recorded(london: London, major: str, area: str) -> Series:
    """Offences by month, from the historical and recent tables by borough."""
    total: Counter[Month] = Counter()
    for name in ("historical", "recent"):
        path = london.file(f"synthetic-mps-recorded-crime-borough-{name}.csv")
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["MajorText"] == major and area in (FORCE, _code(row["BoroughName"])):
                    for column, count in row.items():
                        if column.isdigit():
                            total[Month.parse(column)] += int(count)
    return total


def _code(name: str) -> str:
    return next((code for code, known in NAMES.items() if known == name), "")


def on_dashboard(london: London, subtype: str, measure: str, area: str) -> Series:
    """Offences or positive outcomes by month, from the dashboard of all crime types."""
    rows = pl.read_parquet(london.file("synthetic-mps-monthly-dashboard.parquet")).filter(
        area_type="Borough", crime_subtype=subtype, measure=measure
    )
    if area != FORCE:
        rows = rows.filter(area_code=area)
    months = rows.group_by("month_year").agg(pl.col("count").sum()).iter_rows()
    return {Month(day.year, day.month): count for day, count in months}


def figures(london: London, measure: str, area: str) -> Series:
    if measure in MAJORS:
        return recorded(london, MAJORS[measure], area)
    if measure in SUBTYPES:
        return on_dashboard(london, SUBTYPES[measure], "Offences", area)
    assert measure == "positive-outcomes-knife-crime"
    offences = on_dashboard(london, "Knife Crime", "Offences", area)
    outcomes = on_dashboard(london, "Knife Crime", "Positive Outcomes", area)
    return {month: outcomes[month] / offences[month] for month in offences}


def step(series: Series, start: Month) -> tuple[float, float]:
    """Mean change at `start`, and its standard error, with each calendar month beside itself."""
    usual: dict[int, list[float]] = {}
    for month, value in series.items():
        if month < start:
            usual.setdefault(month.month, []).append(value)
    changes = [v - fmean(usual[m.month]) for m, v in series.items() if m >= start]
    noise = fmean(variance(values) for values in usual.values())
    years = fmean(len(values) for values in usual.values())
    # A step of years is compared with few years before it: both means have an error.
    return fmean(changes), sqrt(noise / len(changes) + noise / (12 * years))


def test_every_plant_is_told_with_its_place_and_first_month(london: London) -> None:
    told = {(t.measure, t.area): (t.start, t.ratio) for t in london.truths if t.start}
    assert told == {
        ("burglary", "E09000008"): (Month(2025, 3), 0.70),
        ("robbery", "E09000033"): (Month(2025, 5), 0.75),
        ("knife-crime", "E09000014"): (Month(2025, 6), 1.35),
        ("positive-outcomes-knife-crime", FORCE): (Month(2025, 4), 0.78),
        ("sexual-offences", FORCE): (Month(2017, 4), 1.20),
    }


def planted(london: London) -> list[PlantedTruth]:
    return [truth for truth in london.truths if truth.start]


def test_each_planted_change_is_there_in_the_size_told(london: London) -> None:
    for truth in planted(london):
        change, error = step(figures(london, truth.measure, truth.area), truth.start)
        assert abs(change - truth.per_month) < 3 * error, truth.what
        # Big enough that a test which looks must find it.
        assert abs(truth.per_month) > 4 * error, truth.what


def test_the_new_level_is_the_ratio_of_the_old(london: London) -> None:
    for truth in planted(london):
        series = figures(london, truth.measure, truth.area)
        change, error = step(series, truth.start)
        after = fmean(value for month, value in series.items() if month >= truth.start)
        before = after - change
        assert abs(after / before - truth.ratio) < 3 * error / before, truth.what


def test_what_was_left_alone_does_not_move(london: London) -> None:
    alone = [truth for truth in london.truths if not truth.start]
    assert len(alone) == 4
    for truth in alone:
        change, error = step(figures(london, truth.measure, truth.area), Month(2025, 3))
        assert abs(change) < 3 * error, truth.what
        assert (truth.per_month, truth.ratio) == (0.0, 1.0)


def test_a_london_without_plants_has_none(london: London, unchanging: London) -> None:
    assert [truth for truth in unchanging.truths if truth.start] == []
    for truth in planted(london):
        change, error = step(figures(unchanging, truth.measure, truth.area), truth.start)
        assert abs(change) < 3 * error, truth.what


@pytest.mark.parametrize(
    ("first", "kept"),
    [
        pytest.param(Month(2015, 4), 5, id="two years before the 2017 plan"),
        pytest.param(Month(2016, 5), 4, id="less than a year before the 2017 plan"),
        pytest.param(Month(2023, 3), 4, id="a small London"),
    ],
)
def test_a_plant_without_a_year_before_it_is_not_told(first: Month, kept: int) -> None:
    from bluelamp.synthetic.truths import plants_for

    assert len(plants_for(first, Month(2026, 2))) == kept


def test_a_plant_moves_its_wards_too(london: London) -> None:
    """Burglary in Croydon's wards, from the ward tables: down by about three in ten."""
    before, after = 0, 0
    for name in ("historical", "recent"):
        path = london.file(f"synthetic-mps-recorded-crime-ward-{name}.csv")
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["MajorText"] == "BURGLARY" and row["LookUp_BoroughName"] == "Croydon":
                    before += sum(int(row.get(f"{m.year}{m.month:02}", 0)) for m in YEAR_BEFORE)
                    after += sum(int(row.get(f"{m.year}{m.month:02}", 0)) for m in YEAR_AFTER)
    assert 0.6 < after / before < 0.8


# March 2024 is the first month that the recent ward table has whole.
YEAR_BEFORE = [Month(2024, 3) + i for i in range(12)]
YEAR_AFTER = [Month(2025, 3) + i for i in range(12)]
