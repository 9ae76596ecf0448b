"""Makes every number that an edition quotes again, where that can be done, and says what came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bluelamp.figures import Withheld
from bluelamp.measures.series import Series
from bluelamp.periods import Month
from bluelamp.places import Gazetteer
from bluelamp.plan.arithmetic import NotArithmetic, Sum, worked_out
from bluelamp.plan.edition import Edition
from bluelamp.plan.quoted import Arithmetic, Quoted, Recompute
from bluelamp.signals import quoted_words as words
from bluelamp.signals.finding import QuotedReading
from bluelamp.signals.level import OneArea
from bluelamp.signals.wording import Places

WHY_UNKNOWN = "We do not know why it differs."


def check_quoted(
    series: Iterable[Series], editions: Mapping[str, Edition], gazetteer: Gazetteer, force: str
) -> tuple[QuotedReading, ...]:
    """By edition, theme and place in it. `force` is the code of the office's own force.

    Percentages, and every `change`, are worked out in per cent, as plans print them. Raises
    UnknownPlace for a figure about an area that the gazetteer does not have, and NotArithmetic for
    a sum that cannot be done (`plan.arithmetic.arithmetic_faults` names those of an edition).
    """
    by_key = {(one.measure.id, one.level): one for one in series}
    readings: list[QuotedReading] = []
    for edition in sorted(editions.values(), key=lambda each: (each.plan.starts, each.plan.id)):
        checker = _Checker(edition, by_key, gazetteer, force)
        readings += [checker.read(figure) for figure in edition.quoted.values()]
    return tuple(readings)


@dataclass(frozen=True)
class _Made:
    """A figure made again, or why not; and what from."""

    ours: float | Withheld
    how: str
    within: float


class _Checker:
    """Checks the figures of one edition."""

    def __init__(
        self,
        edition: Edition,
        series: Mapping[tuple[str, str], Series],
        gazetteer: Gazetteer,
        force: str,
    ) -> None:
        self.edition = edition
        self.series = series
        self.gazetteer = gazetteer
        self.force = force
        self.places = Places(gazetteer, edition.plan.called)

    def read(self, figure: Quoted) -> QuotedReading:
        made = self._made(figure)
        plan = self.edition.plan
        if isinstance(made.ours, Withheld):
            reason = made.ours.reason.removesuffix(".") + "."
            sentence = words.cannot_be_checked(plan, figure, reason)
            return QuotedReading(
                plan.id, figure.id, "cannot be checked", None, made.how, reason, sentence
            )
        ours = _plain(made.ours)
        if agree(ours, figure.value, made.within):
            sentence = words.agrees(plan, figure, ours)
            return QuotedReading(plan.id, figure.id, "agrees", ours, made.how, "", sentence)
        sentence = words.differs(plan, figure, ours)
        reason = figure.explained or WHY_UNKNOWN
        return QuotedReading(plan.id, figure.id, "differs", ours, made.how, reason, sentence)

    def _made(self, figure: Quoted) -> _Made:
        if figure.recompute is not None:
            return self._recomputed(figure.recompute)
        if figure.arithmetic is not None:
            return self._worked_out(figure, figure.arithmetic)
        return _Made(Withheld(figure.unchecked), "", 0.0)

    def _worked_out(self, figure: Quoted, way: Arithmetic) -> _Made:
        try:
            ours = worked_out(self.edition, way)
        except NotArithmetic as error:
            where = f"plans/{self.edition.plan.id}, quoted figure '{figure.id}'"
            raise NotArithmetic(f"{where}: {error}") from error
        if way.table:
            rows, title = len(self.edition.tables[way.table]), way.table.replace("-", " ")
            column = way.column.replace("_", " ")
            how = (
                f"The {rows} rows of the column \u201c{column}\u201d in the table "
                f"\u201c{title}\u201d that the plan prints, added up."
            )
        else:
            quoted = self.edition.quoted.values()
            figures = {each.id: _in_a_sum(each.value) for each in quoted}
            how = f"From other figures that it gives: {Sum(way.sum).written(figures)}."
        return _Made(ours, how, way.within)

    def _recomputed(self, way: Recompute) -> _Made:
        code = way.area or self.force
        area = self.gazetteer[code]
        found = self.series.get((way.measure, area.kind))
        if found is None or code not in found.areas:
            nothing = (
                f"None of the files we hold has figures {self.places.where(code)} to make it from"
            )
            return _Made(Withheld(nothing), "", way.within)
        here = OneArea(found, code)
        ours = _statistic(here, way)
        how = "" if isinstance(ours, Withheld) else self._how(here, way)
        return _Made(ours, how, way.within)

    def _how(self, here: OneArea, way: Recompute) -> str:
        def made_from(first_and_last: tuple[Month, Month]) -> str:
            return words.of_period(
                here.series.measure,
                self.places.where(here.area),
                *first_and_last,
                whole=here.published_whole,
                total=way.statistic == "total",
            )

        now = made_from(way.months)
        if way.against is None:
            return f"{words.opening(now)}."
        start, end = way.against
        before = (
            f"the 12 months to {end.words}" if here.published_whole else words.months(start, end)
        )
        asked = "the change in per cent" if way.statistic == "change" else "one less the other"
        return f"{words.opening(now)}, compared with {before}: {asked}."


def agree(ours: float, printed: float, within: float) -> bool:
    """Whether ours lies within the tolerance, its ends included whatever the last binary digit."""
    return abs(ours - printed) <= within + 1e-9 * max(1.0, abs(printed))


def _plain(value: float) -> float:
    """Twelve figures: 74.4 and not 74.39999999999999, which is how a computer adds tenths."""
    return float(f"{value:.12g}")


def _in_a_sum(value: float) -> str:
    return f"{value:,.15g}" if value >= 0 else f"(\N{MINUS SIGN}{-value:,.15g})"


def _statistic(here: OneArea, way: Recompute) -> float | Withheld:
    """In the unit of the quoted figure: shares, and changes, in per cent."""
    scale = 100 if here.series.measure.is_percentage else 1
    level = here.total(*way.months) if way.statistic == "total" else here.level(*way.months)
    if isinstance(level, Withheld):
        return level
    if way.against is None:
        return level * scale
    earlier = here.level(*way.against)
    if isinstance(earlier, Withheld):
        return earlier
    if (moved := here.break_between(*_spanned(here, way))) is not None:
        return moved
    if way.statistic == "difference":
        return (level - earlier) * scale
    if earlier == 0:
        return Withheld("There was none in the earlier period to compare with")
    return (level / earlier - 1) * 100


def _spanned(here: OneArea, way: Recompute) -> tuple[Month, Month]:
    """The first and last month that a comparison bridges, whichever period is the earlier."""
    periods = [period for period in (way.months, way.against) if period is not None]
    firsts = [last if here.published_whole else first for first, last in periods]
    return min(firsts), max(last for _, last in periods)
