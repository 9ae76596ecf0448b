"""What one file covers, month by month, and where its structure shows that a month is partial.

Only structure counts as evidence (absent areas, absent kinds of crime, refused rows). A month
that is merely low is not partial.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from statistics import median

import polars as pl

from bluelamp.evidence.source import Source

# In a table of many small areas a month with under four fifths of the usual number of areas is not
# all there, if those that it has do not have few each: with 5 a piece, chance leaves out 1 in 150.
MANY_AREAS, FEW_OF_THEM, ENOUGH_EACH = 200, 0.8, 5

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
    refused: Mapping[str, int],
    partial: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """One row per level, scope and month that the file covers (COVERAGE_SCHEMA), in that order.

    `refused` is month -> how many lines of it were refused (`refused_by_month`); `partial` is what
    the reader saw: month -> why it is not all there.
    """
    some = (pl.col("count") > 0) | pl.col("value").is_not_null()
    found = tally.group_by("level", "scope", "month").agg(
        total=pl.col("count").sum().cast(pl.Float64) + pl.col("value").is_not_null().sum(),
        areas=pl.col("area").filter(some).n_unique(),
        categories=pl.col("category").filter(some).unique(),
        boroughs=pl.col("area").filter(some & (pl.col("level") == "borough")).unique(),
    )
    there = {tuple(row[:3]): tuple(row[3:]) for row in found.iter_rows()}
    # Where nothing is listed as zero, a total of boroughs needs a row of every one.
    needs_all = source.force_from == "borough" and source.absent_means != "zero"
    expected = set(areas_expected) if needs_all else set()
    rows: list[tuple[object, ...]] = []
    for level, scope in sorted({(level, scope) for level, scope, _ in there}):
        usual = median(row[1] for unit, row in there.items() if unit[:2] == (level, scope))
        for month in sorted(months):
            if (level, scope, month) not in there and source.absent_means != "zero":
                continue  # a month without any row is then not covered at all
            total, areas, categories, boroughs = there.get((level, scope, month), (0.0, 0, (), ()))
            absent = len(expected - set(boroughs)) if level == "borough" else 0
            reasons = chain(
                _reasons(source, month, partial or {}, refused, categories, absent),
                _few_areas(areas, usual, total),
            )
            rows.append((level, scope, month, total, areas, len(categories), next(reasons, "")))
    return pl.DataFrame(rows, schema=COVERAGE_SCHEMA, orient="row")


def _reasons(
    source: Source,
    month: str,
    seen: Mapping[str, str],
    refused: Mapping[str, int],
    categories: Collection[str],
    absent_boroughs: int,
) -> Iterator[str]:
    """Why the month is partial, the plainest reason first."""
    if month in seen:
        yield seen[month]
    if lines := refused.get(month):
        yield f"{lines:,} lines of the file were refused"
    if absent := _always_in(month, source) - set(categories):
        yield f"the file has nothing under {', '.join(sorted(absent))}"
    if absent_boroughs == 1:
        yield "1 borough is missing from the file"
    elif absent_boroughs:
        yield f"{absent_boroughs} boroughs are missing from the file"


def _always_in(month: str, source: Source) -> set[str]:
    """The categories of which a complete month has some."""
    then = (some.categories for some in source.always_between if some.holds(month))
    return set(source.always).union(*then)


def _few_areas(areas: int, usual: float, total: float) -> Iterator[str]:
    """Why a month of which many areas have nothing is partial, though no list says which there are.

    areas, total  how many areas have anything in the month, and of what they have the sum.
    usual         the middle of the numbers of areas of the file's months.
    """
    if usual >= MANY_AREAS and areas < FEW_OF_THEM * usual and total >= ENOUGH_EACH * areas:
        yield f"{areas:,} areas have anything in this month, where {usual:,.0f} usually have"
