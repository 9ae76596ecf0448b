"""What was known on a date: which publication speaks for each source, level, scope and month.

The unit of replacement is source x level x scope x month. Among the publications known on the date
the latest complete one wins; a partial one never displaces a complete one; a tie goes to the more
complete, then to the later receipt, then (so that the answer never depends on order) to the greater
hash. Levels are never mixed.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl
import pyarrow.parquet as pq

from bluelamp.evidence.kept_tally import SCHEMA, read_kept
from bluelamp.evidence.receipt import Receipt, only_latest
from bluelamp.evidence.source import Source
from bluelamp.evidence.store import Store
from bluelamp.periods import Month

# Two publications of one month differ by a few per cent at most (June 2023: 81,577 to 81,686). One
# with less than four fifths of another's total, where that total is 200 or more, is partial.
DISAGREES, ENOUGH_TO_DISAGREE = 0.8, 200
# ... unless the other is the odd one: far above the middle of what the remaining publications of
# the month and the months around it have (two such numbers at least; one alone settles nothing).
FAR_ABOVE, MONTHS_AROUND, ENOUGH_TO_TELL = 1 / DISAGREES, 3, 2
# Wards leave out crimes without a place (about 3% in June 2023): less than half of the borough
# file's total is no coverage of the month.
LEVEL_DISAGREES = 0.5
# A month under three quarters of the median of the twelve before it is shown, marked, not tested.
MERELY_LOW, MONTHS_BEFORE = 0.75, 12

UNIT = ["source", "level", "scope", "month"]
# What tells one thing that is counted from another.
KIND = ["scope", "category", "subcategory", "flag", "group"]


@dataclass(frozen=True)
class Known:
    """The evidence as known on a date.

    chosen   one row per unit: source, level, scope, month, receipt, published_on, total, state
             (`known`, `partial`, `being checked`), note, revised_from (the total of the
             publication before it that differed, or null), system.
    receipts every publication that was looked at, those too that speak for no month: what they
             held decides what is partial and what was revised, so a rebuild needs them.
    """

    on: date
    received_by: date | None
    chosen: pl.DataFrame
    receipts: Mapping[str, Receipt]
    store: Store

    @cached_property
    def _tallies(self) -> dict[tuple[str, str], pl.DataFrame]:
        return {}

    def tally(self, source: str, level: str) -> pl.DataFrame:
        """Rows in force of one source at one level: TALLY_SCHEMA columns plus `receipt`.

        Rows of partial months are left out (their months stand in `chosen`).
        """
        return self.coded(source, level).cast({pl.Categorical(): pl.String()})

    def coded(self, source: str, level: str) -> pl.DataFrame:
        """The rows of `tally`, their texts as categories (see `kept_tally`): for counting."""
        key = (source, level)
        if key not in self._tallies:
            units = self.chosen.filter(
                (pl.col("source") == source)
                & (pl.col("level") == level)
                & (pl.col("state") != "partial")
            )
            empty = SCHEMA.to_frame().with_columns(receipt=pl.lit("").cast(pl.Categorical))
            parts = [empty]
            for (receipt,), wanted in units.group_by("receipt", maintain_order=True):
                months = {
                    str(scope): its["month"].to_list()
                    for (scope,), its in wanted.group_by("scope", maintain_order=True)
                }
                rows = read_kept(self.store, self.receipts[str(receipt)].key, level, months)
                parts.append(rows.with_columns(receipt=pl.lit(receipt).cast(pl.Categorical)))
            self._tallies[key] = pl.concat(parts)
        return self._tallies[key]

    @cached_property
    def _spelt(self) -> dict[tuple[str, str], dict[str, list[str]]]:
        return {}

    def spelt(self, source: str, level: str) -> Mapping[str, list[str]]:
        """By each column of KIND, the texts that `coded` has in it: a few, for millions of rows."""
        key = (source, level)
        if key not in self._spelt:
            rows = self.coded(source, level)
            self._spelt[key] = {
                column: rows[column].unique().cast(pl.String).to_list() for column in KIND
            }
        return self._spelt[key]

    def months(self, source: str, level: str) -> pl.DataFrame:
        """`chosen` of one source and level, in order of scope and month."""
        return self.chosen.filter((pl.col("source") == source) & (pl.col("level") == level)).sort(
            "scope", "month"
        )


def as_known(
    store: Store,
    sources: Mapping[str, Source],
    *,
    on: date,
    received_by: date | None,
    only: frozenset[str] | None = None,
) -> Known:
    """The evidence published on or before `on` (and received on or before `received_by`, if given).

    `only` restricts it to these readings, by their keys (a rebuild uses exactly those of its
    release). Of several readings of the same bytes the last one speaks: of those made on or before
    `received_by`, if given.
    """
    receipts = _readings(store, sources, on, received_by, only)
    chosen = _choose(_judge_partial(_candidates(store, receipts), sources))
    chosen = _mark_low(chosen).sort(UNIT)
    return Known(on, received_by, chosen, receipts, store)


def publications(
    store: Store,
    sources: Mapping[str, Source],
    *,
    on: date,
    received_by: date | None,
    only: frozenset[str] | None = None,
) -> pl.DataFrame:
    """Every publication of every unit that `as_known` chooses from, in order of publication.

    source, level, scope, month, published_on, received_on, receipt, system, total, areas,
    categories, and partial ('' or why it may speak for no month).
    """
    receipts = _readings(store, sources, on, received_by, only)
    judged = _judge_partial(_candidates(store, receipts), sources)
    return judged.sort(*UNIT, "published_on", "received_on", "receipt")


def _readings(
    store: Store,
    sources: Mapping[str, Source],
    on: date,
    received_by: date | None,
    only: frozenset[str] | None,
) -> dict[str, Receipt]:
    """The receipts that are known, one for each file's bytes, by hash."""
    had = [
        receipt
        for receipt in store.receipts()
        if (received_by is None or receipt.day_read <= received_by.isoformat())
        and (only is None or receipt.key in only)
    ]
    return {
        sha256: receipt
        for sha256, receipt in only_latest(had).items()
        if receipt.counts and receipt.source in sources and receipt.published_on <= on.isoformat()
    }


def _candidates(store: Store, receipts: Mapping[str, Receipt]) -> pl.DataFrame:
    covered = {key: store.find("coverage", receipts[key].key) for key in sorted(receipts)}
    files = {key: data for key, data in covered.items() if data is not None}
    if files:  # reference tables cover nothing
        return _published(files, receipts)
    texts = [
        "level",
        "scope",
        "month",
        "partial",
        "source",
        "receipt",
        "published_on",
        "received_on",
        "system",
    ]
    return pl.DataFrame(
        schema=dict.fromkeys(texts, pl.String)
        | {"total": pl.Float64, "areas": pl.Int64, "categories": pl.Int64}
    )


def _published(files: Mapping[str, bytes], receipts: Mapping[str, Receipt]) -> pl.DataFrame:
    """What each publication covers, with what its receipt says. The files are small and many, so
    that they are read as one; each has as many lines of the whole as it has rows."""
    lines = [pq.read_metadata(io.BytesIO(data)).num_rows for data in files.values()]
    of_receipts = pl.DataFrame(
        [
            {
                "source": receipts[key].source,
                "receipt": key,
                "published_on": receipts[key].published_on,
                "received_on": receipts[key].received_on,
                "system": receipts[key].system,
            }
            for key in files
        ]
    )
    of_lines = of_receipts.select(pl.all().repeat_by(pl.Series(lines)).explode())
    return pl.read_parquet(list(files.values())).hstack(of_lines)


def _judge_partial(candidates: pl.DataFrame, sources: Mapping[str, Source]) -> pl.DataFrame:
    """Add the evidence that only other publications and levels can give."""
    candidates = _mark_far_above(candidates)
    honest = pl.col("total").filter(~pl.col("far_above")).max()
    most = honest.over(UNIT)
    disagrees = (most >= ENOUGH_TO_DISAGREE) & (pl.col("total") < DISAGREES * most)
    lead = {source.id: source.force_from for source in sources.values()}
    force_level = pl.col("source").replace_strict(lead, default="none", return_dtype=pl.String)
    totals = (
        candidates.filter(pl.col("level") == force_level)
        .group_by("source", "scope", "month")
        .agg(lead_total=honest)
    )
    joined = candidates.join(totals, on=["source", "scope", "month"], how="left")
    far_below = (pl.col("lead_total") >= ENOUGH_TO_DISAGREE) & (
        pl.col("total") < LEVEL_DISAGREES * pl.col("lead_total")
    )
    return (
        joined.with_columns(most=most)
        .with_columns(
            partial=pl.when(pl.col("partial") != "")
            .then(pl.col("partial"))
            .when(disagrees)
            .then(
                pl.format(
                    "another publication has {} for this month and this one {}",
                    _number("most"),
                    _number("total"),
                )
            )
            .when(far_below.fill_null(value=False))
            .then(
                pl.format(
                    "the larger areas' file has {} for this month and this one {}",
                    _number("lead_total"),
                    _number("total"),
                )
            )
            .otherwise(pl.lit(""))
        )
        .drop("most", "far_above")
    )


def _mark_far_above(candidates: pl.DataFrame) -> pl.DataFrame:
    """Add `far_above`: whether a publication's total lies far above the median of the others'
    totals for the month and of the usual totals of the months around it.

    Only whole publications bear witness. Where all publications of a month agree, none is.
    """
    numbered = _with_month_index(candidates.with_row_index("n"))
    least = pl.col("total").min().over(UNIT)
    doubtful = numbered.filter(pl.col("total").max().over(UNIT) > FAR_ABOVE * least)
    whole = numbered.filter(pl.col("partial") == "")
    others = (
        doubtful.select("n", *UNIT)
        .join(whole.select(*UNIT, other="n", beside="total"), on=UNIT)
        .filter(pl.col("n") != pl.col("other"))
        .select("n", "beside")
    )
    series = [name for name in UNIT if name != "month"]
    usual = whole.group_by(*series, "i").agg(beside=pl.col("total").median())
    offsets = [k for k in range(-MONTHS_AROUND, MONTHS_AROUND + 1) if k]
    around = (
        doubtful.select("n", *series, "i")
        .join(pl.DataFrame({"offset": offsets}, schema={"offset": pl.Int64}), how="cross")
        .with_columns(pl.col("i") + pl.col("offset"))
        .join(usual, on=[*series, "i"])
        .select("n", "beside")
    )
    middles = (
        pl.concat([others, around])
        .group_by("n")
        .agg(middle=pl.col("beside").median(), told=pl.len())
    )
    far = (pl.col("told") >= ENOUGH_TO_TELL) & (pl.col("total") > FAR_ABOVE * pl.col("middle"))
    return (
        numbered.join(middles, on="n", how="left", maintain_order="left")
        .with_columns(far_above=far.fill_null(value=False))
        .drop("n", "i", "middle", "told")
    )


def _with_month_index(frame: pl.DataFrame) -> pl.DataFrame:
    """With a column `i` that counts months, so that they can be added to."""
    months = frame["month"].unique().to_list()
    index = pl.DataFrame(
        {"month": months, "i": [Month.parse(month).index for month in months]},
        schema={"month": pl.String, "i": pl.Int64},
    )
    return frame.join(index, on="month", how="left", maintain_order="left")


def _choose(candidates: pl.DataFrame) -> pl.DataFrame:
    ranked = candidates.with_columns(complete=pl.col("partial") == "").sort(
        *UNIT, "complete", "published_on", "areas", "categories", "total", "received_on", "receipt"
    )
    different = pl.col("total") != pl.col("total").last().over(UNIT)
    before = (
        ranked.filter(different & pl.col("complete"))
        .group_by(UNIT, maintain_order=True)
        .agg(revised_from=pl.col("total").last())
    )
    last = ranked.group_by(UNIT, maintain_order=True).last()
    return (
        last.join(before, on=UNIT, how="left")
        .with_columns(
            state=pl.when(pl.col("complete")).then(pl.lit("known")).otherwise(pl.lit("partial")),
            note=pl.col("partial"),
        )
        .select(
            *UNIT, "receipt", "published_on", "total", "state", "note", "revised_from", "system"
        )
    )


def _number(column: str) -> pl.Expr:
    """A count as people write it: 48,671."""
    return pl.col(column).map_elements(lambda n: f"{n:,.0f}", return_dtype=pl.String)


def _mark_low(chosen: pl.DataFrame) -> pl.DataFrame:
    """Mark months that are merely low: shown as "being checked", kept out of every test."""
    if chosen.is_empty():
        return chosen
    known = _with_month_index(chosen.filter(pl.col("state") == "known")).sort(
        "source", "level", "scope", "i"
    )
    medians = (
        known.select("source", "level", "scope", "month", "i", "total")
        .rolling(
            index_column="i",
            period=f"{MONTHS_BEFORE}i",
            offset=f"-{MONTHS_BEFORE + 1}i",
            closed="right",
            group_by=["source", "level", "scope"],
        )
        .agg(usual=pl.col("total").median(), n=pl.len())
    )
    months = known.select("i", "month").unique()
    medians = medians.join(months, on="i").drop("i")
    joined = chosen.join(medians, on=["source", "level", "scope", "month"], how="left")
    low = (
        (pl.col("state") == "known")
        & (pl.col("n") >= MONTHS_BEFORE)
        & (pl.col("usual") >= ENOUGH_TO_DISAGREE)
        & (pl.col("total") < MERELY_LOW * pl.col("usual"))
    ).fill_null(value=False)
    return joined.with_columns(
        state=pl.when(low).then(pl.lit("being checked")).otherwise(pl.col("state")),
        note=pl.when(low)
        .then(
            pl.format(
                "{}, where the usual month of the year before had {}",
                _number("total"),
                _number("usual"),
            )
        )
        .otherwise(pl.col("note")),
    ).drop("usual", "n")
