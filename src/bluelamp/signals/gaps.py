"""Judges the gaps between groups: each comparison with its interval, its bounds and its sentence.

The sizes of gaps are told, not tested: nothing here is called a change, and how many comparisons
there are is said beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from bluelamp.figures import Withheld
from bluelamp.measures.compute import Context
from bluelamp.measures.gap import Benchmark, Gap, Group
from bluelamp.measures.gap_counts import GapCounts, Window, count_gap, newest_year, residents_of
from bluelamp.signals.gap_reading import Check, GapReading, GapResult
from bluelamp.signals.gap_words import sentence
from bluelamp.signals.wording import Places
from bluelamp.statistics import gaps as ratios
from bluelamp.statistics.gaps import Estimate, Floats
from bluelamp.statistics.strata import mantel_haenszel, simpson

Texts = NDArray[np.object_]
NONE_TO_COMPARE = "nobody of the group compared with is counted, so there is nothing to compare"
PER_CENT = 100


def judge_gaps(
    gaps: Mapping[str, Gap], context: Context, called: Mapping[str, str]
) -> tuple[GapResult, ...]:
    """Every gap in order of its id. `called` is what the leading plan calls an area by its code."""
    places = Places(context.gazetteer, called)
    return tuple(_judge(gaps[name], context, places) for name in sorted(gaps))


def _judge(gap: Gap, context: Context, places: Places) -> GapResult:
    window = newest_year(gap, context)
    if isinstance(window, Withheld):
        return GapResult(gap.id, "", "", 0, 0, None, (), window.reason, (), ())
    force = count_gap(gap, context, "force", window)
    if force is None:
        return GapResult(gap.id, "", "", 0, 0, None, (), "nothing was published of it", (), ())
    boroughs = count_gap(gap, context, "borough", window)
    judge = _Judge(gap, context, places, window)
    readings = [*judge.whole(force, "force"), *judge.kinds(force)]
    if boroughs is not None:
        readings += [*judge.same_borough(force, boroughs), *judge.whole(boroughs, "borough")]
    unplaced = None
    if boroughs is not None and not any(boroughs.reasons):
        unplaced = float(force.events[..., 0].sum() - boroughs.events[..., 0].sum())
    return GapResult(
        gap.id,
        str(window.first),
        str(window.last),
        window.checked,
        sum(reading.ratio is not None for reading in readings),
        unplaced,
        tuple(f"“{code}” ({count:,})" for code, count in force.strange),
        "",
        tuple(sorted({*force.receipts, *judge.receipts})),
        tuple(readings),
    )


@dataclass(frozen=True)
class _Sides:
    """Two groups compared in n cases: events and what they are among, all arrays of n.

    unknown, of_unknown   those of a group that nobody wrote down at this stage and the stage
                          before; the latter None where residents are what events are among.
    every   the events of all groups and of none that those unknown are a part of.
    """

    a: Floats
    among_a: Floats
    b: Floats
    among_b: Floats
    unknown: Floats
    of_unknown: Floats | None
    every: Floats
    reasons: Texts

    def ratio(self) -> Estimate:
        ratio = ratios.rate_ratio if self.of_unknown is None else ratios.relative_rate_index
        return ratio(self.a, self.among_a, self.b, self.among_b)

    def difference(self) -> Estimate:
        gap = ratios.rate_difference if self.of_unknown is None else ratios.share_difference
        return gap(self.a, self.among_a, self.b, self.among_b)

    def unknown_share(self) -> Floats:
        unknown = self.unknown if self.of_unknown is None else self.of_unknown
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(unknown / self.every)

    def bounds(self) -> tuple[Floats, Floats]:
        four = (self.a, self.among_a, self.b, self.among_b)
        if self.of_unknown is None:
            return ratios.rate_bounds(*four, self.unknown)
        return ratios.share_bounds(*four, self.unknown, self.of_unknown)


@dataclass(frozen=True)
class _Whole:
    """What the same events taken together say, beside like with like."""

    ratio: Estimate
    check: Texts


class _Judge:
    """Makes the readings of one gap."""

    def __init__(self, gap: Gap, context: Context, places: Places, window: Window) -> None:
        self.gap, self.context, self.places, self.window = gap, context, places, window
        self.receipts: set[str] = set()
        self._number = {group.id: i for i, group in enumerate(gap.groups)}

    # --- the comparisons --------------------------------------------------------------------------

    def whole(self, counts: GapCounts, level: str) -> Iterator[GapReading]:
        """Of every area, all kinds together: residents, step by step, the whole way."""
        events = counts.events.sum(axis=2)
        for group in self.gap.compared:
            for benchmark in self.gap.benchmarks:
                if benchmark.kind == "residents":
                    sides = self._of_residents(counts, level, benchmark, group, events[..., 0])
                    yield from self._readings(benchmark, group, 0, counts.areas, sides)
                elif benchmark.kind == "step by step":
                    for stage in range(1, len(self.gap.stages)):
                        sides = self._of_stage(group, events, stage, counts.reasons)
                        yield from self._readings(benchmark, group, stage, counts.areas, sides)
                elif benchmark.kind == "whole way":
                    yield from self._whole_way(counts, level, benchmark, group, events)

    def kinds(self, counts: GapCounts) -> Iterator[GapReading]:
        """Of the force by kind: residents and step by step for each, and like kinds with like."""
        events = counts.events[0, :, :-1].swapaxes(0, 1)  # kinds, groups + 1, stages
        areas = (counts.areas[0],) * len(counts.kinds)
        reasons = np.full(len(areas), counts.reasons[0], dtype=object)
        for group in self.gap.compared:
            for benchmark in self.gap.of_kind("residents")[:1]:
                sides = self._of_residents(counts, "force", benchmark, group, events[..., 0])
                yield from self._readings(benchmark, group, 0, areas, sides, kinds=counts.kinds)
            for stage in range(1, len(self.gap.stages)):
                sides = self._of_stage(group, events, stage, reasons)
                for benchmark in self.gap.of_kind("step by step"):
                    yield from self._readings(
                        benchmark, group, stage, areas, sides, kinds=counts.kinds
                    )
                for benchmark in self._like_with_like("kinds"):
                    yield from self._together(benchmark, group, stage, counts.areas[:1], sides)

    def same_borough(self, force: GapCounts, boroughs: GapCounts) -> Iterator[GapReading]:
        """Of the force, its boroughs compared one by one and then put together."""
        events = boroughs.events.sum(axis=2)[..., 0]
        for benchmark in self._like_with_like("boroughs"):
            for group in self.gap.compared:
                sides = self._of_residents(boroughs, "borough", benchmark, group, events)
                yield from self._together(benchmark, group, 0, force.areas[:1], sides)

    def _like_with_like(self, over: str) -> list[Benchmark]:
        return [each for each in self.gap.of_kind("like with like") if each.over == over]

    # --- their numbers ----------------------------------------------------------------------------

    def _of_residents(
        self, counts: GapCounts, level: str, benchmark: Benchmark, group: Group, events: Floats
    ) -> _Sides:
        """`events` (cases, groups + 1); one area's residents serve all of its kinds."""
        people, reasons = [], counts.reasons
        for name in (group.id, self.gap.reference):
            number, why, receipts = residents_of(
                benchmark, name, self.context, level, counts, self.window.last
            )
            people.append(np.broadcast_to(number, len(events)))
            reasons = np.where(reasons == "", why, reasons)
            self.receipts.update(receipts)
        a, b = self._number[group.id], self._number[self.gap.reference]
        return _Sides(
            events[:, a], people[0], events[:, b], people[1], events[:, -1], None,
            events.sum(axis=1), np.broadcast_to(reasons, len(events)).copy(),
        )  # fmt: skip

    def _of_stage(self, group: Group, events: Floats, stage: int, reasons: Texts) -> _Sides:
        """`events` (cases, groups + 1, stages): a stage among those of the stage before."""
        a, b = self._number[group.id], self._number[self.gap.reference]
        now, before = events[..., stage], events[..., stage - 1]
        return _Sides(
            now[:, a], before[:, a], now[:, b], before[:, b], now[:, -1], before[:, -1],
            before.sum(axis=1), reasons,
        )  # fmt: skip

    def _whole_way(
        self, counts: GapCounts, level: str, benchmark: Benchmark, group: Group, events: Floats
    ) -> Iterator[GapReading]:
        first = self._of_residents(counts, level, benchmark, group, events[..., 0])
        last = self._of_residents(counts, level, benchmark, group, events[..., -1])
        steps = [
            self._of_stage(group, events, stage, counts.reasons).ratio()
            for stage in range(1, len(self.gap.stages))
        ]
        ratio = ratios.product([first.ratio(), *steps])
        stage = len(self.gap.stages) - 1
        yield from self._readings(benchmark, group, stage, counts.areas, last, ratio=ratio)

    def _together(
        self,
        benchmark: Benchmark,
        group: Group,
        stage: int,
        areas: tuple[str, ...],
        sides: _Sides,
    ) -> Iterator[GapReading]:
        """Cases that are alike within, put together; those with a reason are left out."""
        kept = _each(sides, lambda values: values[sides.reasons == ""])
        four = (kept.a, kept.among_a, kept.b, kept.among_b)
        ratio = _row(mantel_haenszel(*four, "rate" if kept.of_unknown is None else "risk"))
        none = not len(kept.reasons)
        total = _each(
            replace(kept, reasons=np.array([], dtype=object)),
            lambda values: values.sum(keepdims=True),
        )
        total = replace(total, reasons=np.array([NONE_TO_COMPARE if none else ""], dtype=object))
        whole = total.ratio()
        bounds = _bounds_together(kept)
        yield from self._readings(
            benchmark, group, stage, areas, total, ratio=ratio, bounds=bounds,
            whole=_Whole(whole, simpson(whole, ratio)),
        )  # fmt: skip

    # --- and what is said of them -----------------------------------------------------------------

    def _readings(
        self,
        benchmark: Benchmark,
        group: Group,
        stage: int,
        areas: Sequence[str],
        sides: _Sides,
        *,
        kinds: Sequence[str] = (),
        ratio: Estimate | None = None,
        bounds: tuple[Floats, Floats] | None = None,
        whole: _Whole | None = None,
    ) -> Iterator[GapReading]:
        ratio = ratio or sides.ratio()
        difference = sides.difference()
        more = ratios.excess(difference, sides.among_a)
        low, high = bounds or sides.bounds()
        per = self.gap.per if sides.of_unknown is None else PER_CENT
        shares = sides.unknown_share()
        for i, area in enumerate(areas):
            reason = str(sides.reasons[i])
            if (
                not reason
                and not np.isfinite([ratio.value[i], ratio.lower[i], ratio.upper[i]]).all()
            ):
                reason = NONE_TO_COMPARE
            numbers: dict[str, float | None] = {
                "events": sides.a[i], "among": sides.among_a[i],
                "reference_events": sides.b[i], "reference_among": sides.among_b[i],
                "ratio": ratio.value[i], "lower": ratio.lower[i], "upper": ratio.upper[i],
                "difference": difference.value[i] * per,
                "difference_lower": difference.lower[i] * per,
                "difference_upper": difference.upper[i] * per,
                "excess": more.value[i], "excess_lower": more.lower[i],
                "excess_upper": more.upper[i], "unknown": sides.unknown[i],
                "unknown_share": shares[i], "bound_lower": low[i], "bound_upper": high[i],
                "whole": whole.ratio.value[i] if whole else None,
                "whole_lower": whole.ratio.lower[i] if whole else None,
                "whole_upper": whole.ratio.upper[i] if whole else None,
            }  # fmt: skip
            reading = GapReading(
                area=area, benchmark=benchmark.id, stage=self.gap.stages[stage].id,
                kind=kinds[i] if kinds else "", group=group.id, reference=self.gap.reference,
                per=per, check=cast(Check, whole.check[i]) if whole and not reason else "",
                reason=reason, sentence="", **_stated(numbers, reason),
            )  # fmt: skip
            yield replace(reading, sentence=sentence(self.gap, benchmark, reading, self.places))


def _each(sides: _Sides, change: Callable[[NDArray[Any]], NDArray[Any]]) -> _Sides:
    """The sides with every array changed alike."""
    changed = {
        field.name: change(value)
        for field in fields(sides)
        if (value := getattr(sides, field.name)) is not None
    }
    return replace(sides, **changed)


def _row(estimate: Estimate) -> Estimate:
    return Estimate(*(np.atleast_1d(end) for end in vars(estimate).values()))


def _bounds_together(sides: _Sides) -> tuple[Floats, Floats]:
    """`rate_bounds` and `share_bounds` in every case at once, put together again."""
    a, of_a, b, of_b = sides.a, sides.among_a, sides.b, sides.among_b
    came = sides.unknown
    if sides.of_unknown is None:
        least = mantel_haenszel(a, of_a, b + came, of_b, "rate")
        greatest = mantel_haenszel(a + came, of_a, b, of_b, "rate")
    else:
        stayed = sides.of_unknown - came
        least = mantel_haenszel(a, of_a + stayed, b + came, of_b + came, "risk")
        greatest = mantel_haenszel(a + came, of_a + came, b, of_b + stayed, "risk")
    return np.atleast_1d(least.value), np.atleast_1d(greatest.value)


def _stated(numbers: Mapping[str, float | None], reason: str) -> dict[str, Any]:
    """Numbers as JSON holds them; none of them where there is a reason."""
    return {
        name: None if reason or value is None or not np.isfinite(value) else float(value)
        for name, value in numbers.items()
    }
