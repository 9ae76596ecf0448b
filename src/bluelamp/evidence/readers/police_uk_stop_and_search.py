"""data.police.uk stop and search: a row per search, of one force and month, without an ID.

The force stands nowhere but in the file's name. Dates are UTC; the month is London's. The lists of
codes changed in April 2017 (ethnicity) and January 2018 (outcome): both are brought to the later
list, and the words as published are kept beside it. Rows that are equal in everything are kept:
whether they are one search or two nobody can tell. The file names no small area: the borough of a
search is that in which its point lies.
"""

from __future__ import annotations

import re

import polars as pl

from bluelamp.evidence.absent_days import absent_days
from bluelamp.evidence.geography.at_boroughs import with_boroughs
from bluelamp.evidence.reading import (
    FileRefused,
    Places,
    Reading,
    finish,
    in_order,
    refuse,
    refuse_cell,
)
from bluelamp.evidence.receipt import Refusal
from bluelamp.evidence.recognise import Recognised
from bluelamp.places import name_key

NAMED = re.compile(r"\d{4}-\d{2}-(?P<force>[a-z-]+?)-stop-and-search")
TYPES = ("Person search", "Vehicle search", "Person and Vehicle search")
LATER_OUTCOMES = {
    "Nothing found - no further action": "A no further action disposal",
    "Suspect arrested": "Arrest",
    "Offender given drugs possession warning": "Khat or Cannabis warning",
    "Local resolution": "Community resolution",
    "Offender given penalty notice": "Penalty Notice for Disorder",
    "Suspect summonsed to court": "Summons / charged by post",
    "Offender cautioned": "Caution (simple or conditional)",
}
_WHITE, _MIXED, _OTHER = "White", "Mixed/Multiple ethnic groups", "Other ethnic group"
_ASIAN, _BLACK = "Asian/Asian British", "Black/African/Caribbean/Black British"
# By the code at the end of the earlier words: "White - White British (W1)".
LATER_ETHNICITIES = {
    "A1": f"{_ASIAN} - Indian",
    "A2": f"{_ASIAN} - Pakistani",
    "A3": f"{_ASIAN} - Bangladeshi",
    "A9": f"{_ASIAN} - Any other Asian background",
    "B1": f"{_BLACK} - Caribbean",
    "B2": f"{_BLACK} - African",
    "B9": f"{_BLACK} - Any other Black/African/Caribbean background",
    "M1": f"{_MIXED} - White and Black Caribbean",
    "M2": f"{_MIXED} - White and Black African",
    "M3": f"{_MIXED} - White and Asian",
    "M9": f"{_MIXED} - Any other Mixed/Multiple ethnic background",
    "O1": f"{_ASIAN} - Chinese",
    "O9": f"{_OTHER} - Any other ethnic group",
    "NS": f"{_OTHER} - Not stated",
    "W1": f"{_WHITE} - English/Welsh/Scottish/Northern Irish/British",
    "W2": f"{_WHITE} - Irish",
    "W9": f"{_WHITE} - Any other White background",
}
UTC = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\+00:00|Z)$"


def read(file: Recognised, places: Places) -> Reading:
    """Searches by month in London, force, object, outcome, link of the two, and people's groups.

    Raises FileRefused where the file's name names no force of this office.
    """
    force = force_named(file.name, places)
    refusals: list[Refusal] = []
    texts = [name for name in file.rows.columns if name != "line"]
    rows = file.rows.with_columns(pl.col(texts).str.strip_chars().replace("", None))
    equal = rows.height - rows.select(texts).unique().height
    rows = _in_london(rows, refusals)
    rows = refuse_cell(rows, ~pl.col("type").is_in(TYPES), "type", "a type of search", refusals)
    rows = rows.with_columns(
        count=pl.lit(1),
        category=pl.col("object").fill_null("Not stated").str.to_uppercase(),
        subcategory=pl.col("outcome").replace(LATER_OUTCOMES).fill_null("Not stated")
        .str.to_uppercase(),
        flag=pl.format("{} / {}", pl.col("type"), linked()).str.to_uppercase(),
        group=_groups(),
    )  # fmt: skip
    typed = finish(rows, level="force", area=force, within=force, scope=force)
    beside = rows.select(
        "latitude",
        "longitude",
        "legislation",
        searched_at="at",
        self_defined=later_ethnicity(),
        self_defined_published="self_defined",
        outcome_published="outcome",
        clothing_removed="clothing",
    )
    placed, notes = with_boroughs(typed.hstack(beside), rows, places)
    if equal:
        notes = (f"{equal:,} rows are equal to another in everything; all are counted", *notes)
    return Reading(
        placed,
        in_order(refusals),
        tuple(rows["month"].unique().sort().to_list()),
        partial=absent_days(rows["at"].dt.date()),
        notes=notes,
    )


def force_named(name: str, places: Places) -> str:
    """Code of the force in a name like 2024-04-metropolitan-stop-and-search.csv.

    Raises FileRefused where there is none, or it is not this office's.
    """
    match = NAMED.search(name)
    if match is None:
        raise FileRefused(
            "only the file's name tells which force searched, and this one does not; give it the "
            "name it has at data.police.uk, like 2024-04-metropolitan-stop-and-search.csv"
        )
    slug = match["force"]
    slugs = {_slug(spelling): code for spelling, code in places.forces.items()}
    code = slugs.get(slug) or slugs.get(f"{slug}-police")
    if code is None or code.startswith("outside:"):
        raise FileRefused(
            f"'{slug}' in the file's name is not a police force with an area of its own "
            "(definitions/areas/forces.yaml lists them)"
        )
    if code not in places.territory:
        raise FileRefused(
            f"{slug} is not one of this office's forces; to receive its files add {code} to "
            "territory in definitions/office.yaml"
        )
    return code


def _slug(spelling: str) -> str:
    return re.sub(r"[^a-z]+", "-", name_key(spelling)).strip("-")


def _in_london(rows: pl.DataFrame, refusals: list[Refusal]) -> pl.DataFrame:
    """With `at`, the time of the search in London, and its `month`."""
    at = (
        pl.when(pl.col("date").str.contains(UTC))
        .then(pl.col("date").str.slice(0, 19))
        .str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us")
        .dt.replace_time_zone("UTC")
        .dt.convert_time_zone("Europe/London")
    )
    rows = refuse(
        rows.with_columns(at=at),
        pl.col("at").is_null(),
        pl.format(
            "'{}' is not a time in UTC; they are written 2024-04-01T12:30:00+00:00",
            pl.col("date").fill_null(""),
        ),
        refusals,
    )
    return rows.with_columns(month=pl.col("at").dt.strftime("%Y-%m"))


def linked() -> pl.Expr:
    """What the row says of outcome and object, in words."""
    return (
        pl.col("linked")
        .str.to_lowercase()
        .replace_strict({"true": "linked", "false": "not linked"}, default="link not stated")
    )


def later_ethnicity() -> pl.Expr:
    """Self-defined ethnicity in the words used since April 2017; others stay as they are."""
    text = pl.col("self_defined")
    return pl.coalesce(
        text.str.extract(r"\((\w\w)\)$").replace_strict(LATER_ETHNICITIES, default=None), text
    )


def _groups() -> pl.Expr:
    def of(key: str, column: str) -> pl.Expr:
        return pl.format("{}={}", pl.lit(key), pl.col(column).fill_null("Not stated"))

    return pl.concat_str(
        of("age", "age"), of("ethnicity", "officer_defined"), of("sex", "gender"), separator="; "
    )
