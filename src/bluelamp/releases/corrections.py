"""What publishers changed in what they had published: the corrections log that a release freezes.

A later publication of a month is a correction where it sorts crimes as the one before it did. Where
it sorts them by another system of categories, the difference of a category says nothing about any
crime: only the totals are compared, and the change of system is told as what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from bluelamp.evidence.known import UNIT, Known
from bluelamp.evidence.revisions import changes, history
from bluelamp.evidence.source import Source
from bluelamp.measures.definition import Measure

CORRECTION_SCHEMA = {
    "source": pl.String,
    "level": pl.String,
    "scope": pl.String,
    "month": pl.String,
    "category": pl.String,  # '' for all of them together; with its flag where those overlap
    "area": pl.String,  # '' for all of them together; an area's code for published values
    "published_before": pl.String,  # ISO date; '' where it is not known
    "published_after": pl.String,
    "before": pl.Float64,
    "after": pl.Float64,
    "change": pl.Float64,
    "share": pl.Float64,  # change / before; null where before is 0
    "new_system": pl.Boolean,  # the later publication has another system of categories
    "receipt_before": pl.String,  # SHA-256; '' where it is not known
    "receipt_after": pl.String,
}
_PAIR = [*UNIT, "published_before", "published_after"]


@dataclass(frozen=True)
class SystemChange:
    """A publication that sorts months anew: first to last month, how many, and by how much their
    totals differ from before, added up."""

    before: str
    after: str
    published_on: str
    first_month: str
    last_month: str
    months: int
    net: float


@dataclass(frozen=True)
class Looked:
    """How much of a source could be compared: of `months` that were published whole,
    `seen_again` were so at two dates at least. Only in those can a change be seen."""

    source: str
    level: str
    scope: str
    months: int
    seen_again: int
    systems: tuple[SystemChange, ...]


@dataclass(frozen=True)
class Corrections:
    """What was looked at, and every change (CORRECTION_SCHEMA), in order of source and month."""

    looked: tuple[Looked, ...]
    table: pl.DataFrame


def corrections_of(
    known: Known, sources: Mapping[str, Source], measures: Iterable[Measure]
) -> Corrections:
    """What changed between the publications that a release knows, source by source.

    Of a source whose measures tell rows apart by their flag (offences, positive outcomes), a sum
    over all flags is the number of nothing: its changes are told by flag, and it has no total.
    """
    by_flag = {
        measure.source
        for measure in measures
        for selection in (*measure.numerator, *measure.denominator)
        if selection.flag
    }
    only = frozenset(receipt.key for receipt in known.receipts.values())
    looked: list[Looked] = []
    tables = [pl.DataFrame(schema=CORRECTION_SCHEMA)]
    for source in sorted({receipt.source for receipt in known.receipts.values()}):
        told = history(
            known.store, sources, source, on=known.on, received_by=known.received_by, only=only
        )
        pairs = _pairs(told)
        apart = source in by_flag
        changed = changes(known.store, told, only=only, by_area=False, by_flag=apart)
        if apart:
            changed = changed.filter(pl.col("category") != "")
        table = changed.join(pairs, on=_PAIR, how="left", maintain_order="left")
        tables.append(table.select(pl.col(n).cast(t) for n, t in CORRECTION_SCHEMA.items()))
        looked += _looked(told, pairs)
    return Corrections(tuple(looked), pl.concat(tables))


def _pairs(told: pl.DataFrame) -> pl.DataFrame:
    """Each whole publication of a unit beside the whole one before it."""

    def before(name: str) -> pl.Expr:
        return pl.col(name).shift(1).over(UNIT)

    return (
        told.filter(pl.col("partial") == "")
        .with_columns(
            published_before=before("published_on"),
            published_after="published_on",
            receipt_before=before("receipt"),
            receipt_after="receipt",
            system_before=before("system"),
            new_system=pl.col("system") != before("system"),
        )
        .filter(pl.col("receipt_before").is_not_null())
        .unique(_PAIR, keep="last", maintain_order=True)
        .select(
            *_PAIR, "receipt_before", "receipt_after", "new_system", "system_before", "system",
            net="change",
        )
    )  # fmt: skip


def _looked(told: pl.DataFrame, pairs: pl.DataFrame) -> Iterator[Looked]:
    whole = told.filter(pl.col("partial") == "")
    series = [name for name in UNIT if name != "month"]
    published = whole.group_by(*UNIT).agg(times=pl.col("published_on").n_unique())
    counted = (
        published.group_by(series)
        .agg(months=pl.len(), seen_again=(pl.col("times") > 1).sum())
        .sort(series)
    )
    for row in counted.iter_rows(named=True):
        of_it = pairs.filter(*(pl.col(name) == row[name] for name in series))
        yield Looked(**row, systems=tuple(_system_changes(of_it)))


def _system_changes(pairs: pl.DataFrame) -> Iterator[SystemChange]:
    told = pairs.filter("new_system").sort("published_after", "month")
    by = ["system_before", "system", "published_after"]
    for (before, after, published), months in told.group_by(by, maintain_order=True):
        names = months["month"].to_list()
        net = float(months["net"].sum())
        yield SystemChange(
            str(before), str(after), str(published), names[0], names[-1], len(names), net
        )
