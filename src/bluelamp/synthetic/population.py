"""Residents: by borough and year, and by LSOA on census day."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from bluelamp.synthetic.boroughs import PROFILES
from bluelamp.synthetic.setting import Setting

FIRST_YEAR = 2019
CENSUS_YEAR = 2021
LAG_YEARS = 2  # a mid-year estimate comes out a year or more after its year
GROWTH = 0.006

GROUPS = {
    "Asian, Asian British or Asian Welsh": 0.21,
    "Black, Black British, Black Welsh, Caribbean or African": 0.13,
    "Mixed or Multiple ethnic groups": 0.06,
    "Other ethnic group": 0.06,
    "White": 0.54,
}


def residents(setting: Setting) -> dict[str, int]:
    """People of each borough in the census year, about its profile's thousands."""
    rng = setting.stream("residents")
    jitter = rng.integers(-400, 400, len(PROFILES))
    return {
        code: profile.thousands * 1000 + int(off)
        for (code, profile), off in zip(PROFILES.items(), jitter, strict=True)
    }


def write_residents(setting: Setting, folder: Path) -> None:
    """Both files; the LSOAs of a borough add to its residents of the census year."""
    people = residents(setting)
    _write_boroughs(setting, people, folder)
    _write_lsoas(setting, people, folder)


def _write_boroughs(setting: Setting, people: dict[str, int], folder: Path) -> None:
    path = folder / "synthetic-borough-population.csv"
    last_year = max(setting.months[-1].year - LAG_YEARS, CENSUS_YEAR)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["borough_code", "borough", "year", "population"])
        for code in sorted(PROFILES, key=setting.name):
            for year in range(FIRST_YEAR, last_year + 1):
                grown = people[code] * (1 + GROWTH) ** (year - CENSUS_YEAR)
                out.writerow([code, setting.name(code), year, round(grown)])


def _write_lsoas(setting: Setting, people: dict[str, int], folder: Path) -> None:
    rng = setting.stream("residents by LSOA")
    mixture = np.array(list(GROUPS.values()))
    rows: list[tuple[str, np.ndarray]] = []
    for code, lsoas in setting.lsoas.items():
        sizes = rng.multinomial(people[code], rng.dirichlet(np.full(len(lsoas), 60.0)))
        local = rng.dirichlet(12 * mixture, len(lsoas))
        rows += zip(lsoas, rng.multinomial(sizes, local), strict=True)
    path = folder / "synthetic-lsoa21-residents.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["lsoa21_code", "total_residents", *GROUPS])
        for lsoa, groups in sorted(rows, key=lambda row: row[0]):
            # The publisher's extract writes whole people as 1474.0.
            out.writerow([lsoa, f"{groups.sum()}.0", *(f"{n}.0" for n in groups)])
