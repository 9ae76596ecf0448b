"""Which boroughs are alike by the profiles of 2017, and which has no peer."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from bluelamp.statistics.areas.peers import distances, peers, standard_scores, why_alike

VARIABLES = {
    "residents for each hectare": "Population_density_(per_hectare)_2017",
    "mean age": "Average_Age,_2017",
    "people born abroad": "%_of_resident_population_born_abroad_(2015)",
    "jobs for each resident of working age": "Jobs_Density,_2015",
    "social housing": "Rented_from_Local_Authority_or_Housing_Association,_(2014)_%",
    "private renting": "Rented_from_Private_landlord,_(2014)_%",
    "income": "Modelled_Household_median_income_estimates_2012/13",
    "public transport": "Average_Public_Transport_Accessibility_score,_2014",
}


def number(text: str) -> float:
    try:
        return float(text.replace(",", "").replace("£", ""))
    except ValueError:
        return float("nan")  # the City's small numbers are not published


@pytest.fixture(scope="module")
def profiles(shared: Path) -> tuple[list[str], np.ndarray]:
    path = shared / "data" / "places" / "context" / "gla_london_borough_profiles.csv"
    if not path.is_file():
        pytest.skip("this test needs the borough profiles of ../shared, which are not here")
    with path.open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["Code"].startswith("E09")]
    values = [[number(row[column]) for column in VARIABLES.values()] for row in rows]
    return [row["Area_name"] for row in rows], standard_scores(values)


def alike(profiles: tuple[list[str], np.ndarray], name: str) -> set[str]:
    names, scores = profiles
    return {names[p.area] for p in peers(distances(scores), names.index(name)).peers}


def test_westminster_and_the_city_have_no_peer(profiles: tuple[list[str], np.ndarray]) -> None:
    names, scores = profiles
    apart = distances(scores)
    refused = peers(apart, names.index("Westminster"))
    assert refused.peers == ()
    assert refused.why.startswith("no fair comparison: no other area lies within")
    assert "too little is known" in peers(apart, names.index("City of London")).why


def test_boroughs_that_londoners_would_call_alike(
    profiles: tuple[list[str], np.ndarray],
) -> None:
    assert {"Havering", "Bromley"} <= alike(profiles, "Bexley")
    assert {"Hackney", "Southwark"} & alike(profiles, "Islington")
    assert "Tower Hamlets" not in alike(profiles, "Bromley")


def test_nobody_has_westminster_as_a_peer(profiles: tuple[list[str], np.ndarray]) -> None:
    assert all("Westminster" not in alike(profiles, name) for name in profiles[0])


def test_the_reason_names_what_they_share(profiles: tuple[list[str], np.ndarray]) -> None:
    names, scores = profiles
    said = why_alike(scores, names.index("Croydon"), names.index("Enfield"), list(VARIABLES))
    assert said.startswith("alike in ")
    assert "jobs for each resident of working age" in said
