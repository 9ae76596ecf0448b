"""data.police.uk outcomes: a row per outcome, of one force and the month in which it was given.

A crime has as many rows as it had outcomes (charged, then sent to prison), and the same crime can
be in it twice with the same one. Every row is counted, so these are outcomes and not crimes.
"""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.geography.at_boroughs import with_boroughs
from bluelamp.evidence.readers.police_uk_street import KEPT_BESIDE, of_forces
from bluelamp.evidence.reading import Places, Reading, finish, in_order, refuse
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised

# What courts decided: published until May 2019.
BY_COURTS = (
    "COURT CASE UNABLE TO PROCEED", "DEFENDANT FOUND NOT GUILTY", "DEFENDANT SENT TO CROWN COURT",
    "OFFENDER DEPRIVED OF PROPERTY", "OFFENDER FINED", "OFFENDER GIVEN ABSOLUTE DISCHARGE",
    "OFFENDER GIVEN COMMUNITY SENTENCE", "OFFENDER GIVEN CONDITIONAL DISCHARGE",
    "OFFENDER GIVEN SUSPENDED PRISON SENTENCE", "OFFENDER ORDERED TO PAY COMPENSATION",
    "OFFENDER OTHERWISE DEALT WITH", "OFFENDER SENT TO PRISON",
)  # fmt: skip
# What the police settle themselves: seldom for a burglary, every day for all crime taken together.
OUT_OF_COURT = (
    "LOCAL RESOLUTION", "OFFENDER GIVEN A DRUGS POSSESSION WARNING",
    "OFFENDER GIVEN PENALTY NOTICE",
)  # fmt: skip
# The 14 whole months at hand settled 25 to 41% out of court, in seven to twenty kinds of outcome;
# the 60 months cut down to burglary at most 5%, and more than five kinds only with under 2%.
ENOUGH, FEW_SETTLED, FEW_KINDS = 50, 0.02, 5


def read(file: Recognised, places: Places) -> Reading:
    """One row per outcome, with force as area and scope, outcome as category, and its borough."""
    refusals: list[Refusal] = []
    rows = refuse(
        file.rows, pl.col("category").is_null(), "the row does not say which outcome", refusals
    )
    rows = of_forces(rows, places, refusals)
    name = pl.col("category").str.strip_chars().str.to_uppercase()
    typed = finish(rows.with_columns(count=pl.lit(1), category=name), level="force")
    kept = rows.select(name for name in KEPT_BESIDE if name in rows.columns)
    placed, notes = with_boroughs(typed.hstack(kept), rows, places)
    ids = rows["crime_id"].drop_nulls()
    again = len(ids) - ids.n_unique()
    if again:
        notes = (f"{again:,} rows are of a crime that has another row in the file", *notes)
    return Reading(
        placed,
        in_order(refusals),
        tuple(rows["month"].unique().sort().to_list()),
        partial=_cut_down(typed),
        notes=notes,
    )


def _cut_down(typed: pl.DataFrame) -> dict[str, str]:
    """Months that cannot be of all crime: next to nothing settled out of court, or few kinds."""
    category = pl.col("category")
    months = typed.group_by("month").agg(
        n=pl.len(),
        police=(~category.is_in(BY_COURTS)).sum(),
        settled=category.is_in(OUT_OF_COURT).sum(),
        kinds=category.n_unique(),
    )
    found = months.filter(
        (pl.col("police") >= ENOUGH)
        & ((pl.col("settled") < FEW_SETTLED * pl.col("police")) | (pl.col("kinds") <= FEW_KINDS))
    )
    return {
        month: f"{settled:,} of {police:,} outcomes were settled out of court, in {kinds} kinds of "
        "outcome in all: the file holds only some types of crime"
        for month, police, settled, kinds in found.select(
            "month", "police", "settled", "kinds"
        ).iter_rows()
    }
