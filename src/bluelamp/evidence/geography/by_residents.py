"""Sharing areas out by the people who live in each piece.

Two editions of wards are not made of each other, but both are made, nearly, of small areas, and
people are counted in those. Of a ward, the part that goes to another is the part of its residents.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from bluelamp.evidence.geography.joining import CannotJoin, Join


def shares_by_residents(
    people: pl.DataFrame, there: Join, here: Join, unchanged: Collection[str] = ()
) -> pl.DataFrame:
    """Of each area of one edition, which part of its residents each area of another has.

    `people` has `area` (a small area) and `residents`; `there` and `here` lead from the small areas
    to the editions that are left and reached. `unchanged` are codes of both editions: a code
    changes with the boundary, so each goes to itself, whole. Columns `from`, `to`, `share`; areas
    without residents are not among them. Raises CannotJoin where `there` divides small areas, and
    WrongEdition where people live in one that a join does not hold.
    """
    if there.divides:
        raise CannotJoin(
            f"the join from {there.from_edition} to {there.to_edition} divides small areas, so it "
            "does not say which of them an area is made of; a best fit is needed"
        )
    lived_in = people.filter(pl.col("residents") > 0).select(
        "area", pl.col("residents").cast(pl.Float64)
    )
    there.carry(lived_in, ["residents"])  # raises for a small area that the look-up does not hold
    of = there.shares.select(area="from", of="to")
    pieces = here.carry(lived_in.join(of, on="area"), ["residents"])
    shares = (
        pieces.rename({"of": "from", "area": "to"})
        .select("from", "to", share=pl.col("residents") / pl.col("residents").sum().over("from"))
        .filter(~pl.col("from").is_in(list(unchanged)))
    )
    same = sorted(unchanged)
    whole = pl.DataFrame(
        {"from": same, "to": same, "share": [1.0] * len(same)}, schema=shares.schema
    )
    return pl.concat([whole, shares]).sort("from", "to")
