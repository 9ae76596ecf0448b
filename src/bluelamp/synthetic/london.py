"""Writes the whole made-up London into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bluelamp.periods import Month, months_between
from bluelamp.places import Gazetteer
from bluelamp.synthetic import (
    dashboard,
    homicide,
    population,
    recorded_crime,
    street_level,
    survey,
)
from bluelamp.synthetic.boroughs import PROFILES
from bluelamp.synthetic.setting import Setting
from bluelamp.synthetic.truths import LEFT_ALONE, PlantedTruth, plants_for

# Before the 24 recent months: enough for the publication of three months earlier, and a history.
FEWEST_MONTHS = 30
SMALL_MONTHS = 36
# The historical ward table has a month or more before the recent 24.
EARLIEST_LAST_MONTH = recorded_crime.WARD_FIRST_MONTH + recorded_crime.RECENT_MONTHS
NOTICE = "SYNTHETIC.txt"

FIRST_MONTH = Month(2015, 4)
LAST_MONTH = Month(2026, 2)


def write_london(
    to: Path,
    *,
    gazetteer: Gazetteer,
    lsoa_to_ward: Mapping[str, str],
    seed: int = 2017,
    last_month: Month = LAST_MONTH,
    first_month: Month = FIRST_MONTH,
    small: bool = False,
    planted: bool = True,
) -> tuple[PlantedTruth, ...]:
    """Write publisher-shaped files of a made-up London into the folder `to`; say what is in them.

    gazetteer     London's boroughs with the wards of the edition that the tables use.
    lsoa_to_ward  LSOA code -> ward code; every borough needs at least one LSOA.
    small         the last 36 months only, for tests of other rooms; `first_month` is not used.
    planted       False for a London in which nothing changes, so that every finding is false.

    The same arguments write the same bytes. Raises ValueError where there are too few months, the
    last is before April 2023 or a borough has no LSOA, and UnknownPlace where the gazetteer lacks
    a borough or ward of London.
    """
    first = last_month - (SMALL_MONTHS - 1) if small else first_month
    months = tuple(months_between(first, last_month))
    if len(months) < FEWEST_MONTHS:
        raise ValueError(
            f"{first} to {last_month} is {len(months)} months; a made-up London needs "
            f"{FEWEST_MONTHS} or more: choose an earlier first_month"
        )
    if last_month < EARLIEST_LAST_MONTH:
        raise ValueError(
            f"the ward tables and the dashboard start too late for a London that ends in "
            f"{last_month.words}: choose a last_month of {EARLIEST_LAST_MONTH} or later"
        )
    plants = plants_for(first, last_month) if planted else ()
    setting = Setting(gazetteer, lsoa_to_ward, seed, months, plants)
    _check_small_areas(setting)
    folders = {name: to / name for name in ("mps", "surveys", "police-uk", "places/population")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)

    # The notice comes first, so that a half-written folder says what it is.
    (to / NOTICE).write_text(_notice(setting), encoding="utf-8")
    crime = recorded_crime.draw(setting)
    recorded_crime.write_borough_tables(setting, crime, folders["mps"])
    recorded_crime.write_ward_tables(setting, crime, folders["mps"])
    homicide.write_victims(setting, crime, folders["mps"])
    board = dashboard.draw(setting)
    dashboard.write_dashboards(setting, board, folders["mps"])
    survey.write_surveys(setting, folders["surveys"])
    street_level.write_street_zip(setting, folders["police-uk"])
    population.write_residents(setting, folders["places/population"])
    return (
        *recorded_crime.truths(setting, crime),
        *dashboard.truths(setting, board),
        *LEFT_ALONE,
    )


def _check_small_areas(setting: Setting) -> None:
    without_lsoa = [setting.name(code) for code in PROFILES if not setting.lsoas[code]]
    if without_lsoa:
        raise ValueError(
            f"lsoa_to_ward has no LSOA in {', '.join(without_lsoa)}: every borough needs one"
        )


def _notice(setting: Setting) -> str:
    planted = [f"  - {plant.what}, from {plant.start.words}." for plant in setting.plants]
    listed = "\n".join(planted or ["  - Nothing: in this London no level changes."])
    first, last = setting.months[0], setting.months[-1]
    return f"""SYNTHETIC DATA: A MADE-UP LONDON

Every number in this folder was drawn by chance by Blue Lamp (seed {setting.seed}). None of it is
about real people, crimes or answers. Names and codes of places, and the layout of the files, are
those that the publishers use; levels are round numbers of ours. Do not quote a figure from here.

Months: {first.words} to {last.words}. There is no lockdown in this London.
The Metropolitan Police's street-level records are a small sample.

What was planted, so that one can see whether it is found:
{listed}

Everything else is noise: season, length of the month, shared shocks, chance.
"""
