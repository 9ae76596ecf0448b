"""The list of homicide victims, a row each, spelt the way the publisher spells."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from bluelamp.synthetic.recorded_crime import RecordedCrime
from bluelamp.synthetic.setting import Setting

COLUMNS = (
    "Count of Victims",
    "Age Group",
    "Sex",
    "Method of Killing",
    "Domestic Abuse",
    "Recorded Date",
    "Homicide Offence Type",
    "Solved Status",
    "Borough",
    "Officer Observed Ethnicity",
)

# Not from `calendar`, whose names follow the locale.
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

# Column -> its values and how often each is drawn (rounded by us; they add to one).
CHANCES: dict[str, dict[str, float]] = {
    "Age Group": {
        "0 to 12": 0.05,
        "13 to19": 0.15,
        "20 to 24": 0.16,
        "25 to 34": 0.22,
        "35 to 44": 0.16,
        "45 to 54": 0.12,
        "55 to 64": 0.07,
        "65 and over": 0.07,
    },
    "Sex": {"Male": 0.76, "Female": 0.24},
    "Method of Killing": {
        "Knife or Sharp Implement": 0.52,
        "Other Methods of Killing": 0.14,
        "Shooting": 0.11,
        "Physical Assault, no weapon": 0.10,
        "Blunt Implement": 0.08,
        "Not known/Not Recorded": 0.05,
    },
    "Domestic Abuse": {"Not Domestic Abuse": 0.83, "Domestic Abuse": 0.17},
    "Homicide Offence Type": {"Murder": 0.94, "Manslaughter": 0.05, "Infanticide": 0.01},
    "Solved Status": {"Solved": 0.88, "Unsolved": 0.12},
    "Officer Observed Ethnicity": {
        "White": 0.46,
        "Black": 0.36,
        "Asian": 0.15,
        "Other": 0.02,
        "Unrecorded / Unknown": 0.01,
    },
}

# The publisher's trailing spaces: always on Ealing, now and then on two more.
ALWAYS_SPACED = {"Ealing"}
SOMETIMES_SPACED = {"Brent", "Harrow"}


def write_victims(setting: Setting, crime: RecordedCrime, folder: Path) -> None:
    """One victim to each homicide of the recorded crime tables."""
    rng = setting.stream("homicide victims")
    path = folder / "synthetic-mps-homicide-victims.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
        out.writeheader()
        for code in sorted(setting.police_boroughs, key=setting.name):
            for month, killed in zip(setting.months, crime.of("HOMICIDE", code), strict=True):
                for _ in range(killed):
                    date = f"{MONTHS[month.month - 1]}-{month.year % 100:02}"
                    out.writerow(
                        {
                            "Count of Victims": 1,
                            **{name: _pick(rng, chances) for name, chances in CHANCES.items()},
                            "Recorded Date": date,
                            "Borough": _spelling(rng, setting.name(code)),
                        }
                    )


def _pick(rng: np.random.Generator, chances: dict[str, float]) -> str:
    return str(rng.choice(list(chances), p=list(chances.values())))


def _spelling(rng: np.random.Generator, name: str) -> str:
    spelt = name.replace(" and ", " & ").replace(" upon ", " Upon ")
    spaced = name in ALWAYS_SPACED or (name in SOMETIMES_SPACED and rng.random() < 0.05)
    return f"{spelt} " if spaced else spelt
