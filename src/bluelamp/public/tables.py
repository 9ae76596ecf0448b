"""Open data: the tables of `/data/` as CSV, one way of writing numbers for all of them."""

from __future__ import annotations

import polars as pl

from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.coverage import revisions, size

COLUMNS = (
    "measure", "area", "group", "period", "numerator", "denominator", "value", "lower", "upper",
    "status",
)  # fmt: skip


def figures_csv(opened: OpenRelease, measure: str) -> str:
    """Every figure of a measure; only the heading row where the release has none."""
    frame = opened.whole_frame(measure)
    if frame is None:
        return ",".join(COLUMNS) + "\n"
    numbers = [
        plain_number(name) for name in ("numerator", "denominator", "value", "lower", "upper")
    ]
    return (
        frame.with_columns(pl.lit(measure).alias("measure"), *numbers).select(COLUMNS).write_csv()
    )


def plain_number(column: str) -> pl.Expr:
    """A whole number without its `.0`; six decimals are finer than any interval here."""
    value = pl.col(column).cast(pl.Float64).round(6)
    whole = value.cast(pl.Int64, strict=False)
    return (
        pl.when(value == whole)
        .then(whole.cast(pl.String))
        .otherwise(value.cast(pl.String))
        .alias(column)
    )


def areas_csv(opened: OpenRelease) -> str:
    """Every area of the territory and every named place outside the boroughs."""
    areas = (*opened.forces, *opened.boroughs, *opened.wards, *opened.outside)
    rows = {
        "code": [a.code for a in areas],
        "name": [a.name for a in areas],
        "kind": ["place outside the boroughs" if a.outside else a.kind for a in areas],
        "boundaries": [a.edition for a in areas],
        "lies_in": [a.parent for a in areas],
    }
    return pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String)).write_csv()


def corrections_csv(opened: OpenRelease) -> str:
    """Every month whose total a later publication changed, the largest change first."""
    revised = revisions(opened.release.coverage)
    rows = {
        "source": [r.source for r in revised],
        "level": [r.level for r in revised],
        "scope": [r.scope for r in revised],
        "month": [r.month for r in revised],
        "before": [r.revised_from for r in revised],
        "after": [r.total for r in revised],
        "change": [size(r) for r in revised],
        "published_on": [r.published_on for r in revised],
        "receipt": [r.receipt for r in revised],
    }
    numbers = {"before", "after", "change"}
    schema = {name: pl.Float64 if name in numbers else pl.String for name in rows}
    frame = pl.DataFrame(rows, schema=schema)
    return frame.with_columns(plain_number(name) for name in sorted(numbers)).write_csv()
