"""Ward figures of a source whose wards are of another edition than those in force.

A measure names the join (`ward_join`) by which its source's rows are carried over; what the join
says of how that is done stands among the measure's caveats, and its receipts beside the others.
Where a ward in force is made of pieces of which the file lacks one, or where a look-up is not at
hand, there is no figure, and the reason says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl

from bluelamp.evidence.geography.editions import WrongEdition
from bluelamp.evidence.geography.joining import CannotJoin, Join
from bluelamp.evidence.geography.lookups import Lookups, NoLookup
from bluelamp.evidence.known import Known
from bluelamp.measures.counting import AREA_NOT_LISTED, NO_FIGURE
from bluelamp.measures.definition import Measure
from bluelamp.measures.series import Series

NO_LOOKUPS = "the look-ups from earlier wards are not at hand"
UNKNOWN_ABSENCE = (
    "the publisher does not say what a missing row means, so wards cannot be put together"
)

Make = Callable[[Measure, Known], Series | None]


@dataclass(frozen=True)
class Carried(Known):
    """The evidence, with wards carried into another edition.

    within          the borough of each ward of that edition.
    absent_is_zero  whether a ward without a row had none; else it is not covered, and no ward that
                    a part of it goes to is.
    """

    join: Join
    within: Mapping[str, str]
    absent_is_zero: bool

    @cached_property
    def _carried(self) -> dict[str, pl.DataFrame]:
        return {}

    def coded(self, source: str, level: str) -> pl.DataFrame:
        """Rows in force; of wards their counts, shared out. Raises WrongEdition, CannotJoin."""
        rows = super().coded(source, level)
        if level != "ward":
            return rows
        if source not in self._carried:
            self._carried[source] = self._over(rows)
        return self._carried[source]

    def _over(self, rows: pl.DataFrame) -> pl.DataFrame:
        counts = rows.filter(pl.col("count").is_not_null()).cast({pl.Categorical(): pl.String()})
        carried = self.join.carry(counts.drop("within", "value"))
        if not self.absent_is_zero:
            carried = carried.join(self._lacking(counts), on=["month", "area"], how="anti")
        return carried.with_columns(
            within=pl.col("area").replace_strict(self.within, default="", return_dtype=pl.String),
            value=pl.lit(None, dtype=pl.Float64),
        ).select(rows.columns)

    def _lacking(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Month and area, where a ward that a part of the area comes from has no row at all."""
        pieces = self.join.shares.select("from", area="to")
        wanted = rows.select("month").unique().join(pieces, how="cross")
        listed = rows.select("month", pl.col("area").alias("from")).unique()
        return (
            wanted.join(listed, on=["month", "from"], how="anti").select("month", "area").unique()
        )


def carried_to_wards(
    measure: Measure, known: Known, absent_means: str, lookups: Lookups | None, make: Make
) -> Series | None:
    """The series of a measure for the wards in force; `make` works it out from evidence.

    Withheld, with the reason, where the look-up is lacking or does not hold the source's wards.
    """
    plain = replace(measure, ward_join="")
    if lookups is None:
        return _withheld(make(plain, known), measure, NO_LOOKUPS)
    if absent_means == "unknown":
        return _withheld(make(plain, known), measure, UNKNOWN_ABSENCE)
    try:
        join = lookups.named(measure.ward_join)
        areas = lookups.editions.areas(join.to_edition)
        within = {code: area.parent or "" for code, area in areas.items()}
        base = (known.on, known.received_by, known.chosen, known.receipts, known.store)
        series = make(plain, Carried(*base, join, within, absent_means == "zero"))
    except (NoLookup, WrongEdition, CannotJoin) as error:
        return _withheld(make(plain, known), measure, str(error))
    if series is None:
        return None
    receipts = tuple(tuple(sorted({*month, *join.receipts})) for month in series.receipts)
    return replace(series, measure=measure, receipts=receipts)


def _withheld(series: Series | None, measure: Measure, reason: str) -> Series | None:
    if series is None:
        return None
    nothing = np.full_like(series.value, np.nan)
    # Whether its own wards are listed says nothing of those in force; that a month is lacking does.
    of_wards = np.isin(series.reasons, ("", AREA_NOT_LISTED, NO_FIGURE))
    return replace(
        series,
        measure=measure,
        numerator=nothing,
        denominator=None if series.denominator is None else nothing,
        value=nothing,
        reasons=np.where(of_wards, reason, series.reasons).astype(object),
    )
