"""What a publisher changed in what it had published before.

Publishers revise: the Met's total for June 2023 went 81,599, 81,577, 81,613 ... 81,682. `history`
has every publication of a month with what it changed; `changes` says where between two of them:
by area and category.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from bluelamp.evidence.known import UNIT, publications
from bluelamp.evidence.receipt import Receipt, only_latest
from bluelamp.evidence.source import Source
from bluelamp.evidence.store import Store

HISTORY_SCHEMA = {
    "source": pl.String,
    "level": pl.String,
    "scope": pl.String,
    "month": pl.String,
    "published_on": pl.String,  # ISO date
    "receipt": pl.String,  # SHA-256 of the file
    "system": pl.String,  # the publisher's category system
    "total": pl.Float64,  # sum of counts; of published values, how many there are
    "partial": pl.String,  # '' or why it speaks for no month; it then changes nothing
    "before": pl.Float64,  # the total of the whole publication before it; null for the first
    "change": pl.Float64,  # total - before; null for the first and for partial ones
    "share": pl.Float64,  # change / before; null where before is 0
}
CHANGES_SCHEMA = {
    "source": pl.String,
    "level": pl.String,
    "scope": pl.String,
    "month": pl.String,
    "area": pl.String,
    "category": pl.String,  # '' for all categories together
    "published_before": pl.String,
    "published_after": pl.String,
    "before": pl.Float64,  # 0 where the earlier publication had no row
    "after": pl.Float64,
    "change": pl.Float64,
    "share": pl.Float64,  # change / before; null where before is 0
}


def history(
    store: Store,
    sources: Mapping[str, Source],
    source: str,
    *,
    on: date,
    received_by: date | None = None,
    month: str | None = None,
    only: frozenset[str] | None = None,
) -> pl.DataFrame:
    """Every publication of every month of a source (HISTORY_SCHEMA), in order of publication.

    Known on the date `on`; of one `month` (2023-06) where given, and from these readings `only`, by
    their keys. Raises KeyError for a source that the definitions do not have.
    """
    chosen = {source: sources[source]}
    found = publications(store, chosen, on=on, received_by=received_by, only=only)
    if month is not None:
        found = found.filter(pl.col("month") == month)
    whole = pl.when(pl.col("partial") == "").then(pl.col("total"))
    before = whole.shift(1).forward_fill().over(UNIT)
    return (
        found.with_columns(before=pl.when(pl.col("partial") == "").then(before))
        .with_columns(change=pl.col("total") - pl.col("before"))
        .with_columns(share=_share("change", "before"))
        .select(pl.col(name).cast(dtype) for name, dtype in HISTORY_SCHEMA.items())
    )


def steps(told: pl.DataFrame) -> pl.DataFrame:
    """Of a `history` the whole publications, and of those that say the same in a row the first."""
    whole = told.filter(pl.col("partial") == "")
    return whole.filter(pl.col("change").is_null() | (pl.col("change") != 0))


def changes(
    store: Store,
    told: pl.DataFrame,
    *,
    only: frozenset[str] | None = None,
    by_area: bool = True,
    by_flag: bool = False,
) -> pl.DataFrame:
    """Where each whole publication of a `history` differs from the one before it (CHANGES_SCHEMA).

    A row per area with all categories together, and a row per area and category where both
    publications sort crimes by the same category system: between two systems a category's number
    changes without any crime being revised. Areas and categories that stayed are left out.

    Without `by_area` the counts of all areas are added up and their `area` is ''; published values
    cannot be, and keep theirs. With `by_flag` the flag of what is counted stands behind its
    category, for tables whose flags are not parts of one whole. `only` names the readings that
    `told` was made from, if not all.
    """
    whole = told.filter(pl.col("partial") == "")
    pairs = whole.with_columns(
        first=pl.col("receipt").shift(1).over(UNIT),
        published_before=pl.col("published_on").shift(1).over(UNIT),
        same_system=pl.col("system") == pl.col("system").shift(1).over(UNIT),
    ).filter(pl.col("first").is_not_null() & (pl.col("first") != pl.col("receipt")))
    wanted = pairs.select("level", "scope", "month").unique().lazy()
    receipts = only_latest([r for r in store.receipts() if only is None or r.key in only])
    numbers = {
        sha256: _numbers(store, receipts[sha256], wanted, by_area, by_flag)
        for sha256 in {*pairs["first"].to_list(), *pairs["receipt"].to_list()}
    }
    parts = [pl.DataFrame(schema=CHANGES_SCHEMA)]
    for (first, after), units in pairs.group_by("first", "receipt", maintain_order=True):
        parts.append(_between(units, numbers[str(first)], numbers[str(after)]))
    keys = [*UNIT, "published_after", "category", "area"]
    return pl.concat(parts).unique(maintain_order=True).sort(keys)


def _numbers(
    store: Store, receipt: Receipt, wanted: pl.LazyFrame, by_area: bool, by_flag: bool
) -> pl.DataFrame:
    """What one publication says of the units wanted: level, scope, month, area, category, number.

    Published values are not added up, so what they are of stands behind their category.
    """
    rows = store.rows("tally", receipt.key).join(wanted, on=["level", "scope", "month"], how="semi")
    counted, have = pl.col("value").is_null(), rows.collect_schema().names()
    finer = [pl.col(name) for name in ("subcategory", "flag", "group") if name in have]
    of_value = pl.concat_str(
        "category", *(pl.when(name != "").then(pl.lit(" / ") + name) for name in finer),
        ignore_nulls=True,
    )  # fmt: skip
    of_count = pl.format("{} / {}", "category", "flag") if by_flag else pl.col("category")
    return (
        rows.with_columns(
            area="area" if by_area else pl.when(counted).then(pl.lit("")).otherwise("area"),
            category=pl.when(counted).then(of_count).otherwise(of_value),
            number=pl.coalesce(pl.col("count").cast(pl.Float64), "value"),
            counted=counted,
        )
        .group_by("level", "scope", "month", "area", "category", "counted")
        .agg(pl.col("number").sum())
        .collect()
    )


def _between(units: pl.DataFrame, first: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The changes of the units that two publications share."""
    wanted = ["level", "scope", "month"]
    place = [*wanted, "area", "category"]
    first, after = (one.join(units, on=wanted, how="semi") for one in (first, after))
    both = first.join(after, on=[*place, "counted"], how="full", coalesce=True, suffix="_after")
    both = both.rename({"number": "before", "number_after": "after"}).join(units, on=wanted)
    together = (
        both.filter("counted")
        .group_by(*wanted, "area", maintain_order=True)
        .agg(
            pl.col("before", "after").sum(),
            pl.col("source", "published_before", "published_on").first(),
        )
        .with_columns(category=pl.lit(""))
    )
    apart = both.filter("same_system")
    names = [*place, "source", "published_before", "published_on", "before", "after"]
    return (
        pl.concat([together.select(names), apart.select(names)])
        .rename({"published_on": "published_after"})
        .with_columns(pl.col("before", "after").fill_null(0.0))
        .with_columns(change=pl.col("after") - pl.col("before"))
        .filter(pl.col("change") != 0)
        .with_columns(share=_share("change", "before"))
        .select(pl.col(name).cast(dtype) for name, dtype in CHANGES_SCHEMA.items())
    )


def _share(change: str, before: str) -> pl.Expr:
    return pl.when(pl.col(before) != 0).then(pl.col(change) / pl.col(before))
