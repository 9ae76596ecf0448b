"""A zip of data.police.uk street-level files: all of the City of London's records, and a small
sample of the Metropolitan Police's.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bluelamp.periods import Month
from bluelamp.synthetic.boroughs import CITY_OF_LONDON, PROFILES
from bluelamp.synthetic.draws import calendar_shape, counts
from bluelamp.synthetic.setting import Setting

MONTHS = 24
HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context"
)

ANTISOCIAL = "Anti-social behaviour"
CRIME_TYPES = {
    ANTISOCIAL: 0.16,
    "Bicycle theft": 0.02,
    "Burglary": 0.06,
    "Criminal damage and arson": 0.06,
    "Drugs": 0.05,
    "Other crime": 0.02,
    "Other theft": 0.13,
    "Possession of weapons": 0.01,
    "Public order": 0.07,
    "Robbery": 0.03,
    "Shoplifting": 0.08,
    "Theft from the person": 0.07,
    "Vehicle crime": 0.10,
    "Violence and sexual offences": 0.14,
}
OUTCOMES = {
    "Under investigation": 0.46,
    "Investigation complete; no suspect identified": 0.33,
    "Unable to prosecute suspect": 0.12,
    "Awaiting court outcome": 0.05,
    "Local resolution": 0.02,
    "Offender given a caution": 0.02,
}
PLACES = (
    "On or near Shopping Area",
    "On or near Supermarket",
    "On or near Park/Open Space",
    "On or near Parking Area",
    "On or near High Street",
    "On or near Station Road",
    "On or near Church Lane",
    "On or near Made-Up Street",
)
NOWHERE = 0.03  # share of records that name no place
REPEATED = 0.01  # share of records whose Crime ID is that of the record before


@dataclass(frozen=True)
class Force:
    """slug: in file names. records: in an average month. at_home: share inside its own area."""

    slug: str
    name: str
    records: float
    boroughs: tuple[str, ...]


def write_street_zip(setting: Setting, folder: Path) -> None:
    """Both forces, the last 24 months, a member per force and month."""
    forces = (
        Force("city-of-london", "City of London Police", 750, (CITY_OF_LONDON,)),
        Force("metropolitan", "Metropolitan Police Service", 1_500, setting.police_boroughs),
    )
    months = setting.months[-MONTHS:]
    level = np.array([[force.records] for force in forces]) * calendar_shape(months, 7, 0.04)
    sizes = counts(setting.stream("street records"), level)
    path = folder / "synthetic-police-uk-street.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for t, month in enumerate(months):
            for f, force in enumerate(forces):
                lines = _records(setting, force, month, int(sizes[f, t]))
                text = "\n".join([HEADER, *lines, ""])
                # A member's time is fixed, so that the zip has the same bytes whenever written.
                member = zipfile.ZipInfo(f"{month}-{force.slug}-street.csv", (1980, 1, 1, 0, 0, 0))
                member.compress_type = zipfile.ZIP_DEFLATED
                member.external_attr = 0o644 << 16
                member.create_system = 3
                archive.writestr(member, text.encode())


def _records(setting: Setting, force: Force, month: Month, size: int) -> list[str]:
    """The lines of one member, without the header."""
    rng = setting.stream(f"street {force.slug} {month}")
    crime_types = _choose(rng, CRIME_TYPES, size)
    outcomes = _choose(rng, OUTCOMES, size)
    weights = np.array([PROFILES[c].thousands * PROFILES[c].bustle for c in force.boroughs])
    boroughs = rng.choice(force.boroughs, size, p=weights / weights.sum())
    places = rng.choice(PLACES, size)
    nowhere = rng.random(size) < NOWHERE
    repeated = rng.random(size) < REPEATED
    which = rng.random(size)
    offsets = rng.normal(0.0, 0.008, (size, 2))
    lines: list[str] = []
    crime_id = ""
    for i in range(size):
        antisocial = crime_types[i] == ANTISOCIAL
        if not (repeated[i] and crime_id):
            crime_id = _crime_id(setting.seed, force.slug, month, i)
        where = "No Location,,"
        lon = lat = ""
        if not nowhere[i]:
            profile = PROFILES[boroughs[i]]
            lon, lat = f"{profile.lon + offsets[i, 0]:.6f}", f"{profile.lat + offsets[i, 1]:.6f}"
            where = f"{places[i]},{_lsoa(setting, boroughs[i], which[i])}"
        lines.append(
            ",".join(
                [
                    "" if antisocial else crime_id,
                    str(month),
                    force.name,
                    force.name,
                    lon,
                    lat,
                    where,
                    crime_types[i],
                    "" if antisocial else outcomes[i],
                    "",
                ]
            )
        )
    return lines


def _choose(rng: np.random.Generator, chances: dict[str, float], size: int) -> Sequence[str]:
    weights = np.array(list(chances.values()))
    return [str(x) for x in rng.choice(list(chances), size, p=weights / weights.sum())]


def _crime_id(seed: int, slug: str, month: Month, number: int) -> str:
    return hashlib.sha256(f"synthetic {seed} {slug} {month} {number}".encode()).hexdigest()


def _lsoa(setting: Setting, borough: str, which: float) -> str:
    """An LSOA of the borough with a name of the publisher's form, such as Croydon 012C."""
    lsoas = setting.lsoas[borough]
    index = int(which * len(lsoas))
    return f"{lsoas[index]},{setting.name(borough)} {index // 5 + 1:03}{'ABCDE'[index % 5]}"
