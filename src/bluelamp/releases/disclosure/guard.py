"""The gate of a release: figures and series of a controlled source pass here, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from bluelamp.evidence.source import Source
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context, series_of
from bluelamp.measures.definition import Measure
from bluelamp.measures.series import Series
from bluelamp.periods import Period
from bluelamp.releases.disclosure import words
from bluelamp.releases.disclosure.counted import Account, account_of, things_of
from bluelamp.releases.disclosure.ledger import Kept, Ledger
from bluelamp.releases.disclosure.masking import masked_figures, masked_series, rounded_figures
from bluelamp.releases.disclosure.pattern import protected
from bluelamp.releases.disclosure.tables import year_tables
from bluelamp.releases.disclosure.wards import Rounded, quarters_of, rounded_wards
from bluelamp.statistics.disclosure.tables import Key

Progress = Callable[[str], None]
COVERED = ("count", "share", "rate")


@dataclass(frozen=True)
class _Published:
    """What of one source is published: `shown` names cells; of wards what they are rounded to."""

    account: Account
    kept: tuple[Kept, ...]
    shown: frozenset[Key]
    wards: Rounded


@dataclass(frozen=True)
class Guard:
    """Which figures of controlled sources a release may hold.

    controlled   ids of the sources that are protected.
    kept         every table with its pattern, for the ledger.
    """

    context: Context
    controlled: frozenset[str]
    kept: tuple[Kept, ...] = ()
    _by_source: dict[str, _Published] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, context: Context, predecessor: str | None, say: Progress) -> Guard:
        """Choose what to leave out, beside all that the releases before have shown.

        Raises NoLedger where that is not known, DoesNotAddUp where a measure cannot be protected.
        """
        controlled = frozenset(
            name for name, source in context.sources.items() if source.disclosure == "controlled"
        )
        used = sorted({source_of(m, context).id for m in context.measures.values()} & controlled)
        if not used:
            return cls(context, controlled)
        ledger = Ledger(store)
        earlier = ledger.before(predecessor)
        found = {}
        for number, name in enumerate(used, 1):
            source = context.sources[name]
            say(f"protecting small numbers of {source.title} ({number} of {len(used)})")
            published = _published(source, context, ledger, earlier, say)
            if published:
                found[name] = published
        kept = tuple(each for published in found.values() for each in published.kept)
        return cls(context, controlled, kept, found)

    def protects(self, measure: Measure) -> bool:
        return source_of(measure, self.context).id in self.controlled

    def passed(
        self, made: list[Series], tables: list[pl.DataFrame]
    ) -> tuple[list[Series], list[pl.DataFrame]]:
        """Series and figures of one measure, level by level, without what is not published."""
        if not made or not self.protects(made[0].measure):
            return made, tables
        figures = [self._figures(one, table) for one, table in zip(made, tables, strict=True)]
        return [masked_series(one, self._why(one)) for one in made], figures

    def _figures(self, series: Series, table: pl.DataFrame) -> pl.DataFrame:
        published = self._of(series)
        if published is None or series.level != "ward":
            return masked_figures(table, self._why(series))
        measure = series.measure
        if measure.kind == "share":
            return masked_figures(table, lambda area, period: words.NO_SHARE)
        (thing,) = things_of(measure, self.context.measures)
        parts = published.account.made_of[thing]

        def total(area: str, period: str) -> float | None:
            return published.wards.total(parts, area, Period.parse(period))

        per = measure.per if measure.kind == "rate" else None
        return rounded_figures(table, total, per, words.WARDS)

    def _of(self, series: Series) -> _Published | None:
        measure = series.measure
        if measure.kind not in COVERED or (series.level == "ward" and measure.ward_join):
            return None
        return self._by_source.get(source_of(measure, self.context).id)

    def _why(self, series: Series) -> Callable[[str, str], str]:
        published = self._of(series)
        if published is None:
            return lambda area, period: words.NOT_COVERED
        if series.level == "ward":
            return lambda area, period: words.WARDS
        things = things_of(series.measure, self.context.measures)
        left_out = words.left_out(words.protection_of(published.account.source))
        finer = series.level != "force"

        def why(area: str, period: str) -> str:
            if all(_is_shown(published.shown, thing, area, period) for thing in things):
                return ""
            parsed = Period.parse(period)
            whole = not series.monthly or parsed.kind == "quarter" or quarters_of(parsed)
            return left_out if whole or not finer else words.MONTHS

        return why


def source_of(measure: Measure, context: Context) -> Source:
    """The source of what it counts: of a rate, that of its count."""
    base = context.measures[measure.rate_of] if measure.rate_of else measure
    own = context.sources[base.source]
    written = context.sources[measure.source]
    return written if written.disclosure == "controlled" else own


def _published(
    source: Source, context: Context, ledger: Ledger, earlier: list[tuple[Kept, ...]], say: Progress
) -> _Published | None:
    series = [
        one
        for measure in context.measures.values()
        if source_of(measure, context).id == source.id and measure.kind in COVERED
        for one in series_of(measure, context)
        if not (one.level == "ward" and measure.ward_join)
    ]
    account = account_of(source, series, context)
    if account is None:
        return None
    protection, kept = words.protection_of(source), []
    for year in year_tables(account, context.force):
        before = [
            each
            for release in earlier
            for each in release
            if (each.source, each.year) == (year.source, year.year)
        ]
        kept.append(protected(year, protection, before, context.force, say))
    shown = frozenset(
        key
        for each in kept
        for key, out in zip(each.table.keys, each.suppressed, strict=True)
        if not out
    )
    has_wards = "ward" in account.levels and protection.ward_base
    secret = ledger.secret() if has_wards else b""
    wards = rounded_wards(account, tuple(kept), context.gazetteer, secret)
    return _Published(account, tuple(kept), shown, wards)


def _is_shown(shown: frozenset[Key], thing: str, area: str, period: str) -> bool:
    """Whether a figure is a cell that is published, or made of nothing else."""
    if (thing, area, period) in shown:
        return True
    parsed = Period.parse(period)
    if parsed.kind in ("month", "quarter", "fy"):
        return False
    # A year to March is the financial year, which is a cell; where that is left out, so is this.
    if parsed.last.month == 3:
        return (thing, area, str(Period("fy", parsed.last))) in shown
    quarters = quarters_of(parsed)
    if quarters and all((thing, area, quarter) in shown for quarter in quarters):
        return True
    return all((thing, area, str(month)) in shown for month in parsed.months)
