"""The Metropolitan Police's list of searches that exposed intimate parts or removed more than outer
clothing ("More Thorough" and "strip" searches): a row per search, without an ID.

The table as it is passed on stacks several releases, each with its own spelling of the outcome's
column, so that a month can stand in it two, three or four times. Which rows are the same
search cannot be told, so such a month is marked and not counted.
"""

from __future__ import annotations

import polars as pl

from bluelamp.evidence.reading import (
    FileRefused,
    Places,
    Reading,
    finish,
    groups,
    in_order,
    refuse,
    refuse_cell,
    refuse_unplaced,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised

OUTCOMES = ("outcome", "outcome_misspelt", "outcome_misspelt_again")
# A list without copies has some equal rows: two searches alike in one borough on one day. In the
# one month at hand of which there is a single copy, 5% of rows are equal to an earlier one.
MOST_EQUAL = 0.2
AGES = {"18 or older": "18 or over", "18 or over": "18 or over", "Under 18": "Under 18"}
SEXES = {"M": "Male", "Male": "Male", "F": "Female", "Female": "Female"}
ETHNICITIES = {name: name for name in ("Asian", "Black", "Other", "White")}
REASONS = {
    "drugs": "DRUGS", "weapons": "WEAPONS, POINTS AND BLADES", "s.60": "WEAPONS (SECTION 60)",
    "firearms": "FIREARMS", "all other": "ALL OTHER SEARCHES",
}  # fmt: skip
FOUND = {
    "possession": "DRUGS (POSSESSION ONLY)", "drugs": "DRUGS",
    "weapons": "WEAPONS, POINTS AND BLADES", "all other": "ALL OTHER REASONS",
    "not applicable": "NOT APPLICABLE",
}  # fmt: skip


def read(file: Recognised, places: Places) -> Reading:
    """Searches by month, borough, reason, what was found, outcome, and age, ethnicity and sex.

    Raises FileRefused where no column tells the outcome.
    """
    refusals: list[Refusal] = []
    texts = [name for name in file.rows.columns if name != "line"]
    rows = file.rows.with_columns(pl.col(texts).str.strip_chars().replace(["", "#N/A"], None))
    here = [name for name in OUTCOMES if name in rows.columns]
    if not here:
        raise FileRefused(
            "no column says whether the outcome was positive; if the publisher renamed it, add its "
            f"new name to known_as in definitions/sources/{file.source.id}.yaml"
        )
    day = pl.col("date").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    rows = rows.with_columns(
        day=day,
        found=pl.coalesce(here).str.to_uppercase(),
        release=pl.concat_list(
            pl.when(pl.col(name).is_not_null()).then(pl.lit(name)) for name in here
        ).list.drop_nulls().list.join(", "),
        borough=pl.col("borough").fill_null("Unknown"),
    ).with_columns(area=places.code_of("borough", places.boroughs))  # fmt: skip
    rows = refuse_cell(
        rows, pl.col("day").is_null(), "date", "a day; days are written 2024-05-17", refusals
    )
    rows = refuse(
        rows,
        ~pl.col("found").is_in(["YES", "NO"]),
        pl.format(
            "'{}' does not say whether the outcome was positive (Yes or No)",
            pl.col("found").fill_null(""),
        ),
        refusals,
    )
    rows = refuse_unplaced(rows, places, refusals, code="area", name="borough")
    rows = _in_one_coding(rows).with_columns(
        month=pl.col("day").dt.strftime("%Y-%m"),
        within=pl.col("area").replace_strict(places.parents(), default=places.force),
        count=pl.lit(1),
        flag=pl.col("found").replace_strict(
            {"YES": "POSITIVE OUTCOME", "NO": "NO POSITIVE OUTCOME"}
        ),
        group=groups(age="age_now", ethnicity="ethnicity_now", sex="sex_now"),
    )
    return Reading(
        finish(rows, level="borough", scope="all").hstack(
            rows.select("day", "release", "age", "sex", "ethnicity", "reason", "outcome_reason")
        ),
        in_order(refusals),
        tuple(rows["month"].unique().sort().to_list()),
        partial=_stacked(rows),
    )


def _in_one_coding(rows: pl.DataFrame) -> pl.DataFrame:
    """Groups, reasons and finds in one list of words; those published are left beside them."""

    def of(column: str, known: dict[str, str]) -> pl.Expr:
        return pl.col(column).replace_strict(known, default="Not known")

    def holding(column: str, words: dict[str, str]) -> pl.Expr:
        text = pl.col(column).fill_null("").str.to_lowercase()
        found = pl.lit("NOT RECORDED")
        for part, name in reversed(list(words.items())):
            found = (
                pl.when(text.str.contains(part, literal=True)).then(pl.lit(name)).otherwise(found)
            )
        return found

    section = {"s.60": REASONS["s.60"], **REASONS}  # "s.60 CJPO Weapons" is not "Weapons, Point"
    return rows.with_columns(
        age_now=of("age", AGES),
        sex_now=of("sex", SEXES),
        ethnicity_now=of("ethnicity", ETHNICITIES),
        category=holding("reason", section),
        subcategory=holding("outcome_reason", FOUND),
    )


def _stacked(rows: pl.DataFrame) -> dict[str, str]:
    """Months that stand in the table more than once, and how that is seen."""
    alike = ["day", "area", "group", "category", "subcategory", "flag"]
    months = rows.group_by("month").agg(
        n=pl.len(), different=pl.struct(alike).n_unique(), releases=pl.col("release").n_unique()
    )
    many = (pl.col("releases") > 1) | (pl.col("n") - pl.col("different") > MOST_EQUAL * pl.col("n"))
    return {
        month: f"the table holds the month more than once ({different:,} of {n:,} rows differ)"
        for month, n, different, _ in months.filter(many).iter_rows()
    }
