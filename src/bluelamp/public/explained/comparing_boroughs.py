"""The worked example of the method page on comparing boroughs: one borough of the release."""

from __future__ import annotations

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.public import addresses
from bluelamp.public.explained.method import NOTHING, Example, Method
from bluelamp.public.opened import OpenRelease
from bluelamp.public.shown import in_unit
from bluelamp.signals.place_words import rank_words
from bluelamp.signals.places_compared import PlaceCompared, PlacesCompared

Steps = tuple[tuple[str, str], ...]


def comparison_example(opened: OpenRelease) -> Example:
    """A borough outside its range, or else the first compared; NOTHING where none is."""
    every = [
        (found, place)
        for found in opened.release.places_compared.values()
        for place in found.places
        if place.side != "not compared"
    ]
    if not every:
        return NOTHING
    found, place = next((pair for pair in every if pair[1].side != "within"), every[0])
    rate, area = opened.measures[found.measure], opened.gazetteer[place.area]
    return Example(
        f"{rate.title}, {area.name}.",
        _steps(opened, found, place),
        Link(rate.title, addresses.measure(found.counted)),
    )


def _steps(opened: OpenRelease, found: PlacesCompared, place: PlaceCompared) -> Steps:
    rate = opened.measures[found.measure]
    counted = opened.measures[found.counted]
    ends = [in_unit(rate, end) for end in (place.usual_lower or 0.0, place.usual_upper or 0.0)]
    return (
        (
            f"{counted.things.capitalize()} in the twelve months",
            f"{words.number(place.events or 0)} among {words.number(place.among or 0, 0)} "
            "residents",
        ),
        ("Rate", f"{in_unit(rate, place.rate or 0.0)} per {rate.per:,} residents"),
        ("How far boroughs usually lie from the middle one", words.percent(found.usual or 0.0)),
        ("Its range, made from the other boroughs", " to ".join(ends)),
        (
            "Its rank, as far as chance lets one tell",
            f"{rank_words(place.rank_lower or 0, place.rank_upper or 0)} of {found.compared}",
        ),
        ("So we say", place.sentence),
    )


METHOD = Method(
    id="comparing-boroughs",
    place=60,
    title="How do you compare boroughs?",
    short="Each beside what chance and the usual differences between boroughs would give.",
    example=comparison_example,
)
