"""The Metropolitan Police's tables of violence against women and girls: offences, and victims.

One file stacks two or three views of the same offences or victims: by place, by type, by age, by
ethnicity. Each view is a scope of its own, so that no total counts one twice; a month in which the
views do not come to the same is marked as incomplete. The month is that of recording. When the
offence was committed, up to a lifetime earlier, is kept beside it.
"""

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
    whole_number,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised
from bluelamp.places import name_key

UNKNOWN_WARD = "outside:ward-unknown"
PLACED = "by place"
# The column that only one view fills, what the view is called, and the group that it tells of.
VIEWS = {
    "subcategory": ("by type", ""),
    "age": ("by age", "age"),
    "ethnicity": ("by ethnicity", "ethnicity"),
}


def read(file: Recognised, places: Places) -> Reading:
    """Counts by month: at borough and ward level by place, at force level every view."""
    refusals: list[Refusal] = []
    rows = _typed(file.rows, refusals)
    views = [name for name in VIEWS if name in rows.columns]
    scope = pl.coalesce(
        pl.when(pl.col("borough").is_not_null()).then(pl.lit(PLACED)),
        *(pl.when(pl.col(name).is_not_null()).then(pl.lit(VIEWS[name][0])) for name in views),
    )
    rows = refuse(
        rows.with_columns(scope=scope),
        pl.col("scope").is_null(),
        "the row says neither where nor what nor whom it counts",
        refusals,
    )
    placed = _boroughs(rows.filter(pl.col("scope") == PLACED), places, refusals)
    told = rows.filter(pl.col("scope") != PLACED)
    parts = [
        *(_at(placed, level, places) for level in ("borough", "ward", "force")),
        _told(told, views).with_columns(
            level=pl.lit("force"), area=pl.lit(places.force), within=pl.lit(places.force)
        ),
    ]
    columns = ["line", "month", "level", "area", "within", "scope", "category", "subcategory",
               "group", "count", "committed"]  # fmt: skip
    both = pl.concat([part.select(columns) for part in parts])
    return Reading(
        finish(both).hstack(both.select("committed")),
        in_order(refusals),
        tuple(both["month"].unique().sort().to_list()),
        partial=_unequal(both),
    )


def _typed(rows: pl.DataFrame, refusals: list[Refusal]) -> pl.DataFrame:
    texts = [name for name in rows.columns if name != "line"]
    rows = rows.with_columns(pl.col(texts).str.strip_chars().replace("", None))
    rows = rows.with_columns(
        n=whole_number("count"),
        month=pl.col("month").str.slice(0, 7),
        committed=pl.col("committed").str.slice(0, 7),
    )
    rows = refuse_cell(
        rows,
        ~pl.col("month").str.contains(r"^\d{4}-(0[1-9]|1[0-2])$"),
        "month",
        "a month",
        refusals,
    )
    rows = refuse_cell(rows, pl.col("n").is_null(), "count", "a count", refusals)
    return rows.with_columns(count=pl.col("n"))


def _boroughs(rows: pl.DataFrame, places: Places, refusals: list[Refusal]) -> pl.DataFrame:
    names = rows.select("borough", "ward").unique()
    wards = {
        (a.parent or "", name_key(name)): a.code
        for a in places.gazetteer
        if a.kind == "ward"
        for name in (a.name, *a.spellings)
    }
    known = names.with_columns(borough_code=places.code_of("borough", places.boroughs))
    codes = [
        wards.get((borough or "", name_key(ward or "")), UNKNOWN_WARD)
        for borough, ward in known.select("borough_code", "ward").iter_rows()
    ]
    known = known.with_columns(ward_code=pl.Series(codes, dtype=pl.String))
    rows = rows.join(
        known, on=["borough", "ward"], how="left", nulls_equal=True, maintain_order="left"
    )
    return refuse_unplaced(rows, places, refusals, code="borough_code", name="borough")


def _at(placed: pl.DataFrame, level: str, places: Places) -> pl.DataFrame:
    """The rows by place, counted at one level."""
    borough = pl.col("borough_code")
    area, within = {
        "borough": (borough, borough.replace_strict(places.parents(), default=places.force)),
        "ward": (pl.col("ward_code"), borough),
        "force": (pl.lit(places.force), pl.lit(places.force)),
    }[level]
    return placed.with_columns(
        level=pl.lit(level), area=area, within=within, category=pl.lit("ALL"),
        subcategory=pl.lit(""), group=pl.lit(""),
    )  # fmt: skip


def _told(rows: pl.DataFrame, views: list[str]) -> pl.DataFrame:
    """The rows of the other views: by type of offence, or by group of people."""
    typed = "subcategory" in views
    groups = [
        pl.when(pl.col(name).is_not_null()).then(f"{key}=" + pl.col(name))
        for name in views
        if (key := VIEWS[name][1])
    ]
    upper = {name: pl.col(name).str.to_uppercase() for name in ("category", "subcategory")}
    return rows.with_columns(
        category=upper["category"] if typed else pl.lit("ALL"),
        subcategory=upper["subcategory"] if typed else pl.lit(""),
        group=pl.coalesce(*groups, pl.lit("")) if groups else pl.lit(""),
    )


def _unequal(rows: pl.DataFrame) -> dict[str, str]:
    """Months in which the views do not come to the same."""
    totals = (
        rows.filter(pl.col("level") == "force")
        .group_by("month", "scope")
        .agg(pl.col("count").sum())
        .sort("month", "scope")
    )
    scopes = totals["scope"].n_unique()
    months = totals.group_by("month", maintain_order=True).agg("scope", "count")
    return {
        month: "the table's views do not come to the same: "
        + ", ".join(f"{n:,} {scope}" for scope, n in zip(names, counts, strict=True))
        for month, names, counts in months.iter_rows()
        if len(set(counts)) > 1 or len(counts) < scopes
    }
