"""Look-ups: which area of one edition goes with which of another, a line per pair.

A column that holds codes is named for its edition ("lsoa-2011"); others end in "name", or are those
named below. What a look-up may be used for, `definitions/areas/joins` says.
"""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.reading import Places, Reading, in_order, refuse
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised

CODE = r"^[EWSN]\d{8}$"
NUMBERS = ("longitude", "latitude", "easting", "northing", "hectares", "share", "largest share")
TEXTS = ("change", "largest ward")


def read(file: Recognised, places: Places) -> Reading:
    """The columns as they are, numbers as numbers; a pair that stands twice is refused."""
    refusals: list[Refusal] = []
    columns = [name for name in file.rows.columns if name != "line"]
    numbers = [name for name in columns if name in NUMBERS]
    texts = [name for name in columns if name in TEXTS or name.endswith("name")]
    codes = [name for name in columns if name not in (*numbers, *texts)]
    rows = file.rows
    for name in codes:
        rows = refuse(
            rows,
            ~pl.col(name).str.contains(CODE),
            pl.format("'{}' is no code of an area ({})", pl.col(name).fill_null(""), pl.lit(name)),
            refusals,
        )
    for name in numbers:
        number = pl.col(name).cast(pl.Float64, strict=False)
        right = number.is_between(0, 1, closed="right") if name == "share" else number.is_finite()
        words = "is no share between 0 and 1" if name == "share" else f"is no number ({name})"
        rows = refuse(
            rows, ~right, pl.format("'{}' {}", pl.col(name).fill_null(""), pl.lit(words)), refusals
        ).with_columns(number.alias(name))
    rows = refuse(
        rows,
        pl.len().over(codes) > 1,
        pl.format("{} stands twice with the same areas", pl.col(codes[0])),
        refusals,
    )
    return Reading(rows, in_order(refusals))
