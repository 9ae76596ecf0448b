"""How boroughs compare by a rate: the part of a measure's page, made of one comparison."""

from __future__ import annotations

from dataclasses import dataclass

from bluelamp.look import words
from bluelamp.look.drawing import Drawing
from bluelamp.look.funnel import AreaInRange, areas_in_range
from bluelamp.look.pieces import Link
from bluelamp.measures.definition import Measure
from bluelamp.periods import Period
from bluelamp.places import Area
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.shown import in_unit, range_words
from bluelamp.signals.place_words import rank_words
from bluelamp.signals.places_compared import PlaceCompared, PlacesCompared

SIDES = {
    "higher": "Higher than its range",
    "lower": "Lower than its range",
    "within": "Within its range",
    "not compared": "Not compared",
}


@dataclass(frozen=True)
class ComparedRow:
    """One area in words. outside: whether it lies outside its range; why: why it is not compared,
    '' where it is."""

    area: Link
    rate: str
    usual: str
    side: str
    rank: str
    outside: bool
    why: str


@dataclass(frozen=True)
class Compared:
    """The section "How boroughs compare".

    sentence     how many lie outside; on a borough's own page what is said of that borough
    left_out     why some are not compared, a sentence each
    usual        how far apart areas usually are, '' where nothing was compared
    drawing      None on a borough's own page, and where nothing was compared
    """

    sentence: str
    left_out: tuple[str, ...]
    usual: str
    allowance: str
    period: str
    unit: str
    drawing: Drawing | None
    rows: tuple[ComparedRow, ...]


def compared(
    opened: OpenRelease, measure: Measure, twin: Measure | None, area: Area
) -> Compared | None:
    """The comparison of a measure's rate, for the force with all areas, for a borough with its own
    sentence alone; None where the release has none for that area."""
    rate = twin or measure
    found = opened.release.places_compared.get(rate.id)
    if found is None:
        return None
    if area.kind == "borough":
        own = next((place for place in found.places if place.area == area.code), None)
        return _of_one(own) if own else None
    if area.code != opened.force.code:
        return None
    named = sorted(found.places, key=lambda place: opened.gazetteer[place.area].name.casefold())
    return Compared(
        sentence=found.sentence or found.why,
        left_out=tuple(place.sentence for place in named if place.side == "not compared"),
        usual=_usual(found),
        allowance=found.allowance_sentence,
        period=Period.parse(found.period).words if found.period else "",
        unit=f"per {rate.per:,} residents",
        drawing=_drawing(opened, rate, found, named) if found.compared else None,
        rows=tuple(_row(opened, rate, place) for place in named) if found.compared else (),
    )


def _of_one(place: PlaceCompared) -> Compared:
    return Compared(place.sentence, (), "", "", "", "", None, ())


def _usual(found: PlacesCompared) -> str:
    if found.usual is None:
        return ""
    if found.usual < 0.01:
        return "Chance alone is enough to explain how far apart the boroughs are."
    return (
        f"Leaving chance aside, boroughs usually differ from the middle one by about "
        f"{words.percent(found.usual)}, and the range of each is made from the other boroughs."
    )


def _row(opened: OpenRelease, rate: Measure, place: PlaceCompared) -> ComparedRow:
    area = opened.gazetteer[place.area]
    lower, upper = place.usual_lower, place.usual_upper
    ranked = place.rank_lower is not None and place.rank_upper is not None
    return ComparedRow(
        area=Link(area.name, _page_of(opened, rate.rate_of or rate.id, area)),
        rate=in_unit(rate, place.rate) if place.rate is not None else "not known",
        usual=range_words(rate, lower, upper) if lower is not None and upper is not None else "",
        side=SIDES[place.side],
        rank=rank_words(place.rank_lower or 0, place.rank_upper or 0) if ranked else "",
        outside=place.side in ("higher", "lower"),
        why=place.why,
    )


def _page_of(opened: OpenRelease, counted: str, area: Area) -> str:
    """The measure in that borough; the borough's own page where the measure has no figure there."""
    if area.code in opened.headline(counted):
        return addresses.measure_in(counted, area.code)
    return addresses.area(area.code)


def _drawing(
    opened: OpenRelease, rate: Measure, found: PlacesCompared, named: list[PlaceCompared]
) -> Drawing:
    period = Period.parse(found.period).words
    return areas_in_range(
        [
            AreaInRange(
                opened.gazetteer[place.area].name,
                place.rate,
                place.usual_lower,
                place.usual_upper,
                outside=place.side in ("higher", "lower"),
                why="not compared" if place.side == "not compared" else "",
            )
            for place in named
        ],
        id="compared",
        title=f"{rate.title}: each borough beside its usual range, {period}",
        description=(
            f"{found.sentence} Each borough's rate is a dot and its usual range a pale bar, in the "
            "order of the alphabet. The table that follows holds the same figures."
        ),
        unit=f"Per {rate.per:,} residents, {period}",
        in_words=lambda value: in_unit(rate, value),
    )
