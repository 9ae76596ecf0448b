"""The Metropolitan Police's list of people charged or summonsed for a homicide: a row per person,
no zero rows."""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.readers.mps_homicide_victims import people_by_month
from bluelamp.evidence.reading import Places, Reading, groups
from bluelamp.evidence.recognise import Recognised


def read(file: Recognised, places: Places) -> Reading:
    """People by month of the proceedings, borough, offence type, what came of it, and groups."""
    return people_by_month(
        file,
        places,
        "people",
        category=pl.col("category").str.strip_chars().str.to_uppercase(),
        flag=pl.col("flag").str.strip_chars().str.to_uppercase(),
        group=groups(age="age", ethnicity="ethnicity", sex="sex"),
    )
