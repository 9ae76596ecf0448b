"""What one file covers, month by month, and where its structure shows that a month is partial.

Only structure counts as evidence (absent boroughs, absent kinds of crime, refused rows). A month
that is merely low is not partial.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from bluelamp.evidence.source import Source

COVERAGE_SCHEMA = {
    "level": pl.String,
    "scope": pl.String,
    "month": pl.String,
    "total": pl.Float64,  # sum of counts; for published values the number of them
    "areas": pl.Int64,  # areas with anything but zero
    "categories": pl.Int64,
    "partial": pl.String,  # '' or why
}


def coverage(
    tally: pl.DataFrame,
    source: Source,
    months: Sequence[str],
    areas_expected: Sequence[str],
    rows_refused: int,
    partial: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """One row per level, scope and month that the file covers (COVERAGE_SCHEMA).

    `partial` is what the reader saw: month -> why it is not all there.
    """
    some = (pl.col("count") > 0) | pl.col("value").is_not_null()
    units = tally.select("level", "scope").unique()
    grid = units.join(
        pl.DataFrame({"month": list(months)}, schema={"month": pl.String}), how="cross"
    )
    found = tally.group_by("level", "scope", "month").agg(
        total=pl.col("count").sum().cast(pl.Float64) + pl.col("value").is_not_null().sum(),
        areas=pl.col("area").filter(some).n_unique().cast(pl.Int64),
        categories=pl.col("category").filter(some).n_unique().cast(pl.Int64),
        _areas=pl.col("area").filter(some).unique(),
        _categories=pl.col("category").filter(some).unique(),
    )
    joined = grid.join(found, on=["level", "scope", "month"], how="left")
    if source.absent_means != "zero":  # a month without any row is then not covered at all
        joined = joined.filter(pl.col("total").is_not_null())
    checked = joined.with_columns(
        partial=_partial(source, areas_expected, rows_refused, partial or {})
    ).with_columns(pl.col("total", "areas", "categories").fill_null(0))
    return checked.select(pl.col(name).cast(dtype) for name, dtype in COVERAGE_SCHEMA.items()).sort(
        "level", "scope", "month"
    )


def _partial(
    source: Source, areas_expected: Sequence[str], rows_refused: int, seen: Mapping[str, str]
) -> pl.Expr:
    reasons: list[pl.Expr] = []
    if seen:
        reasons.append(
            pl.col("month").replace_strict(dict(seen), default=None, return_dtype=pl.String)
        )
    if rows_refused:
        words = f"{rows_refused:,} lines of the file were refused"
        reasons.append(pl.lit(words))
    if source.always:
        absent = (
            pl.lit(pl.Series([list(source.always)]))
            .list.set_difference(pl.col("_categories").fill_null([]))
            .list.sort()
        )
        reasons.append(
            pl.when(absent.list.len() > 0).then(
                pl.format("the file has nothing under {}", absent.list.join(", "))
            )
        )
    # Where nothing is listed as zero, a total of boroughs needs a row of every one.
    if source.force_from == "borough" and source.absent_means != "zero" and areas_expected:
        absent = pl.lit(pl.Series([list(areas_expected)])).list.set_difference(
            pl.col("_areas").fill_null([])
        )
        reasons.append(
            pl.when((pl.col("level") == "borough") & (absent.list.len() > 0)).then(
                pl.when(absent.list.len() == 1)
                .then(pl.lit("1 borough is missing from the file"))
                .otherwise(pl.format("{} boroughs are missing from the file", absent.list.len()))
            )
        )
    return pl.coalesce(*reasons, pl.lit("")) if reasons else pl.lit("")
