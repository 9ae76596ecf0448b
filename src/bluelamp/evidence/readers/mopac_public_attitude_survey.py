"""The Public Attitude Survey as MOPAC publishes it: a proportion per borough, question and quarter
end, with decimal commas; the force's own proportion stands beside it or in a file of its own."""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.reading import (
    Places,
    Reading,
    finish,
    in_order,
    refuse,
    refuse_cell,
    refuse_unplaced,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised


def read(file: Recognised, places: Places) -> Reading:
    """Published proportions by month (the last of 12), borough or force, and question (scope)."""
    refusals: list[Refusal] = []
    rows = file.rows.with_columns(
        month=pl.col("date")
        .str.strip_chars()
        .str.to_date("%d/%m/%Y", strict=False)
        .dt.strftime("%Y-%m"),
        share=_number("proportion"),
        question=pl.col("question").str.strip_chars().str.replace_all('"', ""),
    )
    rows = refuse_cell(
        rows, pl.col("month").is_null(), "date", "a date such as 31/12/2023", refusals
    )
    rows = refuse_cell(
        rows,
        pl.col("share").is_null() | ~pl.col("share").is_between(0, 1),
        "proportion",
        "a proportion between 0 and 1",
        refusals,
    )
    rows = rows.with_columns(
        area=pl.when(pl.col("borough").str.strip_chars() == "MPS")
        .then(pl.lit(places.force))
        .otherwise(places.code_of("borough", places.boroughs))
    )
    rows = refuse_unplaced(rows, places, refusals, code="area", name="borough")
    placed, refused = rows.height, len(refusals)
    rows = _agreeing(rows, refusals)
    again = placed - rows.height - (len(refusals) - refused)
    stacked = _with_force(rows, places.force)
    parents = places.parents()
    stacked = stacked.with_columns(
        level=pl.when(pl.col("area") == places.force)
        .then(pl.lit("force"))
        .otherwise(pl.lit("borough")),
        within=pl.col("area").replace_strict(parents, default=places.force),
        scope=pl.col("question").str.to_uppercase(),
        category=pl.col("question").str.to_uppercase(),
        value=pl.col("share"),
    )
    months = tuple(stacked["month"].unique().sort().to_list())
    return Reading(
        finish(stacked),
        in_order(refusals),
        months,
        notes=(f"{again:,} rows stand twice with the same proportion and count once",)
        if again
        else (),
    )


def _number(column: str) -> pl.Expr:
    return (
        pl.col(column)
        .str.strip_chars()
        .str.replace(",", ".", literal=True)
        .cast(pl.Float64, strict=False)
    )


def _agreeing(rows: pl.DataFrame, refusals: list[Refusal]) -> pl.DataFrame:
    """One borough under two spellings in one quarter is taken once; if the two differ, neither."""
    key = ["month", "area", "question"]
    rows = refuse(
        rows,
        pl.col("share").n_unique().over(key) > 1,
        pl.format(
            "{} has two different proportions for '{}' in {}; neither is taken",
            pl.col("borough"),
            pl.col("question"),
            pl.col("month"),
        ),
        refusals,
    )
    return rows.unique(key, keep="first", maintain_order=True)


def _with_force(rows: pl.DataFrame, force: str) -> pl.DataFrame:
    """Add the force's own proportion, which borough files repeat on every row."""
    plain = rows.select("line", "month", "area", "question", "share")
    if "force_proportion" not in rows.columns:
        return plain
    beside = rows.select(
        "line",
        "month",
        pl.lit(force).alias("area"),
        "question",
        _number("force_proportion").alias("share"),
    ).filter(pl.col("share").is_between(0, 1))
    beside = beside.unique(["month", "question"], keep="first", maintain_order=True)
    # Where the force also has a row of its own, that row speaks for it.
    both = pl.concat([plain, beside])
    return both.unique(["month", "area", "question"], keep="first", maintain_order=True)
