"""What the police API answered for each ward of one month: a zip with a JSON file per ward.

The ward stands nowhere but in the file's name. A point on a border is in both wards' answers: it is
one crime, counted in the ward whose code comes first, and kept in the other with a count of none.
"""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.geography.at_boroughs import BY_PUBLISHER
from bluelamp.evidence.reading import (
    FileRefused,
    Places,
    Reading,
    finish,
    in_order,
    refuse,
    refuse_cell,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised

# The API's names and those of the street-level files.
NAMES = {
    "violent-crime": "VIOLENCE AND SEXUAL OFFENCES",
    "criminal-damage-arson": "CRIMINAL DAMAGE AND ARSON",
    "anti-social-behaviour": "ANTI-SOCIAL BEHAVIOUR",
}
# The edition of the wards, whose list gives the borough of each.
EDITION = "wards-2014-2018"


def read(file: Recognised, places: Places) -> Reading:
    """Crimes by ward, and by borough where every ward of it was answered for.

    Raises FileRefused for one answer by itself: it does not say which ward it is of.
    """
    if "page" not in file.rows.columns:
        raise FileRefused(
            "one answer of the police API does not say which ward it is of; put the answers of a "
            "month into one zip, each file's name with its ward's code (E05000026)"
        )
    boroughs = dict(places.lookups[EDITION])
    refusals: list[Refusal] = []
    rows = _wards(file.rows, boroughs, refusals)
    counted_in = pl.col("area").min().over("id")
    rows = rows.with_columns(
        count=(pl.col("area") == counted_in).cast(pl.Int64),
        counted_in=counted_in,
        category=pl.col("category").replace_strict(
            NAMES, default=pl.col("category").str.replace_all("-", " ").str.to_uppercase()
        ),
        flag=pl.col("outcome") if "outcome" in rows.columns else pl.lit(""),
    )
    whole = _whole_boroughs(rows, boroughs)
    by_borough = rows.filter((pl.col("count") == 1) & pl.col("within").is_in(whole)).with_columns(
        level=pl.lit("borough"),
        area=pl.col("within"),
        within=pl.col("within").replace_strict(places.parents(), default=places.force),
    )
    both = pl.concat([rows.with_columns(level=pl.lit("ward")), by_borough])
    kept = ("id", "crime_id", "location_type", "street", "latitude", "longitude", "counted_in")
    again = int((rows["count"] == 0).sum())
    return Reading(
        finish(both, scope="all").hstack(both.select(*kept, placed=pl.lit(BY_PUBLISHER))),
        in_order(refusals),
        tuple(rows["month"].unique().sort().to_list()),
        notes=(f"{again:,} rows are of a crime on the border of two wards, counted in the other",)
        if again
        else (),
    )


def _wards(rows: pl.DataFrame, boroughs: dict[str, str], refusals: list[Refusal]) -> pl.DataFrame:
    """Rows with ward and borough, once for each crime and ward: a ward can be of two shapes."""
    rows = rows.with_columns(area=pl.col("page").str.extract(r"(E05\d{6})"))
    rows = refuse(
        rows,
        ~pl.col("area").is_in(list(boroughs)),
        pl.format(
            "the file's name '{}' has no code of a London ward of 2014 to 2018", pl.col("page")
        ),
        refusals,
    )
    rows = refuse_cell(
        rows,
        ~pl.col("month").str.contains(r"^\d{4}-(0[1-9]|1[0-2])$"),
        "month",
        "a month; months are written 2018-06",
        refusals,
    )
    rows = refuse(
        rows,
        pl.any_horizontal(pl.col("id", "category").is_null()),
        "the record has no number of its own or does not say which crime it is",
        refusals,
    )
    rows = refuse(
        rows,
        ~pl.struct("id", "area").is_first_distinct(),
        pl.format("crime {} stands in this ward's answers already", pl.col("id")),
        refusals,
    )
    return rows.with_columns(within=pl.col("area").replace_strict(boroughs, default=""))


def _whole_boroughs(rows: pl.DataFrame, boroughs: dict[str, str]) -> list[str]:
    """Boroughs of which every ward has a crime in the file: the others cannot be added up."""
    found = set(rows["area"].unique())
    return sorted(set(boroughs.values()) - {boroughs[w] for w in boroughs if w not in found})
