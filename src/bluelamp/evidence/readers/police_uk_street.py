"""data.police.uk street-level files: a row per record, of one force and month.

Rows without a Crime ID (antisocial behaviour, British Transport Police, before December 2011) and
without a place are records like the others; one ID can have several rows. All are counted.
"""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.geography.at_boroughs import with_boroughs
from bluelamp.evidence.reading import Places, Reading, finish, in_order, refuse, refuse_cell
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised

KEPT_BESIDE = ("crime_id", "lsoa", "location", "longitude", "latitude")


def read(file: Recognised, places: Places) -> Reading:
    """One row per record, with the force it falls within as area and scope, and its borough."""
    refusals: list[Refusal] = []
    rows = refuse(
        file.rows, pl.col("category").is_null(), "the row does not say which crime it is", refusals
    )
    rows = of_forces(rows, places, refusals)
    typed = finish(
        rows.with_columns(
            count=pl.lit(1),
            category=pl.col("category").str.strip_chars().str.to_uppercase(),
            flag=pl.col("flag").str.strip_chars(),
        ),
        level="force",
    )
    kept = [name for name in KEPT_BESIDE if name in rows.columns]
    placed, notes = with_boroughs(typed.hstack(rows.select(kept)), rows, places)
    return Reading(
        placed, in_order(refusals), tuple(rows["month"].unique().sort().to_list()), notes=notes
    )


def of_forces(rows: pl.DataFrame, places: Places, refusals: list[Refusal]) -> pl.DataFrame:
    """Rows with a month, of a force of this office, with the force as `area`, `within`, `scope`."""
    rows = refuse_cell(
        rows,
        ~pl.col("month").str.contains(r"^\d{4}-(0[1-9]|1[0-2])$"),
        "month",
        "a month; months are written 2024-04",
        refusals,
    )
    rows = rows.with_columns(area=places.code_of("force", places.forces))
    rows = refuse(
        rows,
        pl.col("area").is_null() | pl.col("area").str.starts_with("outside:"),
        pl.format(
            "'{}' is not a police force with an area of its own (definitions/areas/forces.yaml "
            "lists those that have one); its records count in no force's total",
            pl.col("force").fill_null(""),
        ),
        refusals,
    )
    rows = refuse(
        rows,
        ~pl.col("area").is_in(list(places.territory)),
        pl.format(
            "{} is not one of this office's forces; to receive its files add {} to territory in "
            "definitions/office.yaml",
            pl.col("force"),
            pl.col("area"),
        ),
        refusals,
    )
    return rows.with_columns(within=pl.col("area"), scope=pl.col("area"))
