"""Compares the boroughs by every rate: who lies outside what chance and usual differences give.

The newest twelve months that most boroughs have are compared, each borough with a range made from
the others (`statistics.areas.outliers`). Ranks are intervals, never a table; how the worst would
improve by themselves is said beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bluelamp.measures.comparing import Comparing
from bluelamp.measures.series import Series
from bluelamp.periods import Period
from bluelamp.places import Area, Gazetteer
from bluelamp.signals.place_words import (
    allowance_sentence,
    left_out_sentence,
    outside_sentence,
    place_sentence,
)
from bluelamp.signals.places_compared import PlaceCompared, PlacesCompared, Side
from bluelamp.statistics.areas.outliers import FEWEST, event_range, usual
from bluelamp.statistics.areas.ranks import draws_of_rates, rank_intervals
from bluelamp.statistics.areas.regression_to_mean import expected_change, highest

Floats = NDArray[np.float64]

YEAR = 12
WORST = 0.1
NOT_KNOWN = "the twelve months are not all known here"
TOO_FEW = (
    f"Fewer than {FEWEST} boroughs can be compared by this rate, too few to say what is usual."
)


def compare_places(
    series: Iterable[Series], comparing: Comparing, gazetteer: Gazetteer, force: str
) -> tuple[PlacesCompared, ...]:
    """Every rate by borough, in the order of the measures' ids.

    series      as worked out and protected for the release; what is no rate by borough is passed by
    comparing   the areas that are never compared, with the reasons
    force       the code of the office's own force: others' boroughs stand among those left out, or
                have no figures in its tables.
    """
    rates = [one for one in series if one.level == "borough" and one.measure.kind == "rate"]
    left_out = {each.area: each.why for each in comparing.left_out}
    return tuple(
        _compare(one, left_out, gazetteer, force)
        for one in sorted(rates, key=lambda one: one.measure.id)
        if one.measure.among == "residents" and one.denominator is not None and one.monthly
    )


@dataclass(frozen=True)
class _Year:
    """Twelve months of every area: events and residents (areas,), NaN where a month is missing."""

    period: str
    codes: tuple[str, ...]
    events: Floats
    among: Floats


def _compare(
    series: Series, left_out: Mapping[str, str], gazetteer: Gazetteer, force: str
) -> PlacesCompared:
    year = _with_left_out(_newest_year(series, gazetteer), left_out)
    fair = np.array([gazetteer[c].parent == force and c not in left_out for c in year.codes], bool)
    events, among = np.where(fair, year.events, np.nan), np.where(fair, year.among, np.nan)
    others = usual(events, among)
    fewest, most = event_range(among, others)
    known = ~np.isnan(others.centre)
    ranks = rank_intervals(draws_of_rates(np.where(known, events, np.nan), among))
    per = float(series.measure.per)
    places = []
    for i, code in enumerate(year.codes):
        side, why = _side(events[i], fewest[i], most[i]), ""
        if side == "not compared":
            why = left_out.get(code) or NOT_KNOWN
        rate = year.events[i] / year.among[i] * per
        places.append(
            _place(
                gazetteer[code],
                side,
                why,
                int(known.sum()),
                per,
                events=_number(year.events[i]),
                among=_number(year.among[i]),
                rate=_number(rate),
                usual_lower=_number(fewest[i] / among[i] * per),
                usual_upper=_number(most[i] / among[i] * per),
                rank_lower=_whole(ranks.lower[i]),
                rank_upper=_whole(ranks.upper[i]),
            )
        )
    return _told(series, year, tuple(places), others.between, events, among, gazetteer)


def _newest_year(series: Series, gazetteer: Gazetteer) -> _Year:
    """The newest twelve months that at least half of the areas have that ever had twelve."""
    rows = sorted(
        (r for r, code in enumerate(series.areas) if not gazetteer[code].outside),
        key=lambda r: series.areas[r],
    )
    codes = tuple(series.areas[row] for row in rows)
    assert series.denominator is not None  # compare_places takes no series without
    events, among = series.numerator[rows], series.denominator[rows]
    known = ~np.isnan(events) & (among > 0) & (series.reasons[rows] == "")
    have = [
        (known[:, end - YEAR : end].all(axis=1)).sum() for end in range(YEAR, known.shape[1] + 1)
    ]
    wanted = max(1, max(have, default=0) / 2)
    ends = [end for end, number in enumerate(have, YEAR) if number >= wanted]
    if not ends:
        nothing = np.full(len(codes), np.nan)
        return _Year("", codes, nothing, nothing)
    window = slice(ends[-1] - YEAR, ends[-1])
    whole = known[:, window].all(axis=1)
    return _Year(
        str(Period("r12", series.months[ends[-1] - 1])),
        codes,
        np.where(whole, events[:, window].sum(axis=1), np.nan),
        np.where(whole, among[:, window].mean(axis=1), np.nan),
    )


def _with_left_out(year: _Year, left_out: Mapping[str, str]) -> _Year:
    """Also the areas left out that the series does not have: a reader looks for them."""
    more = tuple(code for code in left_out if code not in year.codes)
    nothing = np.full(len(more), np.nan)
    codes = (*year.codes, *more)
    order = sorted(range(len(codes)), key=lambda i: codes[i])
    return _Year(
        year.period,
        tuple(codes[i] for i in order),
        np.concatenate([year.events, nothing])[order],
        np.concatenate([year.among, nothing])[order],
    )


def _side(events: float, fewest: float, most: float) -> Side:
    if np.isnan(events) or np.isnan(fewest):
        return "not compared"
    return "lower" if events < fewest else "higher" if events > most else "within"


def _place(
    area: Area, side: Side, why: str, compared: int, per: float, **numbers: float | int | None
) -> PlaceCompared:
    ranks = numbers["rank_lower"], numbers["rank_upper"]
    ends = numbers["usual_lower"], numbers["usual_upper"]
    if side == "not compared":
        sentence = left_out_sentence(area, why)
    else:
        sentence = place_sentence(area, side, numbers["rate"], ends, ranks, compared, int(per))
    return PlaceCompared(area=area.code, side=side, why=why, sentence=sentence, **numbers)  # type: ignore[arg-type] # each number is what its name says


def _told(
    series: Series,
    year: _Year,
    places: tuple[PlaceCompared, ...],
    between: Floats,
    events: Floats,
    among: Floats,
    gazetteer: Gazetteer,
) -> PlacesCompared:
    compared = [place for place in places if place.side != "not compared"]
    sides = {
        side: [gazetteer[place.area] for place in compared if place.side == side]
        for side in ("higher", "lower")
    }
    chosen = highest(events, among, WORST) if compared else np.zeros(len(places), bool)
    change = _number(float(expected_change(events, among, chosen))) if compared else None
    return PlacesCompared(
        measure=series.measure.id,
        counted=series.measure.rate_of or series.measure.id,
        kind="borough",
        period=year.period if compared else "",
        compared=len(compared),
        outside=sum(map(len, sides.values())),
        usual=_number(float(np.sqrt(np.nanmedian(between)))) if compared else None,
        allowance=change,
        allowance_of=int(chosen.sum()),
        sentence=outside_sentence(len(compared), sides["higher"], sides["lower"])
        if compared
        else "",
        allowance_sentence=allowance_sentence(int(chosen.sum()), change),
        why="" if compared else TOO_FEW,
        places=places,
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
