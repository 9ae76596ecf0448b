"""What may be said of areas that were compared, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from bluelamp.places import Area

GIVEN = "what chance and the usual differences between boroughs would give"
NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def outside_sentence(compared: int, higher: Sequence[Area], lower: Sequence[Area]) -> str:
    """How many lie outside, and which: names in the order of the alphabet, never a rank."""
    number = len(higher) + len(lower)
    if not number:
        return f"None of the {compared} boroughs compared lies outside {GIVEN}."
    named = [
        f"{side} in {_listed([_called(area) for area in areas])}"
        for side, areas in (("higher", higher), ("lower", lower))
        if areas
    ]
    lie = "lies" if number == 1 else "lie"
    return (
        f"{_in_words(number).capitalize()} of the {compared} boroughs compared {lie} outside "
        f"{GIVEN}: the rate is {' and '.join(named)}."
    )


def place_sentence(
    area: Area,
    side: str,
    rate: float | None,
    usual: tuple[float | None, float | None],
    ranks: tuple[float | None, float | None],
    compared: int,
    per: int,
) -> str:
    """One area's rate beside its range, and its rank as an interval."""
    where = _begins(_called(area))
    ends = f"{_rate(usual[0])} to {_rate(usual[1])}"
    is_ = {"higher": "higher than", "lower": "lower than", "within": "within"}[side]
    return (
        f"{where} has {_rate(rate)} per {per:,} residents, {is_} {GIVEN} here ({ends}). "
        f"{rank_sentence(ranks, compared)}"
    )


def rank_sentence(ranks: tuple[float | None, float | None], compared: int) -> str:
    """The rank as an interval: "between 3rd and 14th highest"."""
    first, last = (int(rank or 0) for rank in ranks)
    if first == last:
        return f"Its rate is the {_highest(first)} of {compared}, as far as chance lets one tell."
    return f"Its rate is between {ordinal(first)} and {_highest(last)} of {compared}."


def left_out_sentence(area: Area, why: str) -> str:
    return f"{_begins(_called(area))} is left out, because {why}."


def allowance_sentence(areas: int, change: float | None) -> str:
    """What the areas with the highest rates would do by themselves; '' where that is not known."""
    if change is None or not areas:
        return ""
    those = (
        "The borough with the highest rate"
        if areas == 1
        else f"The {_in_words(areas)} boroughs with the highest rates"
    )
    would = "would be expected to have" if areas == 1 else "together would be expected to have"
    size = f"{abs(change):.0%}" if abs(change) >= 0.01 else "less than 1%"
    fewer = "fewer" if change <= 0 else "more"
    return (
        f"{those} {would} {size} {fewer} next year if nothing changed, because part of a high "
        "rate is chance, which does not come again. Only a fall beyond that can be called an "
        "improvement."
    )


def rank_words(first: int, last: int) -> str:
    """A rank as an interval: "between 3rd and 14th", or "3rd" where there is but one."""
    return ordinal(first) if first == last else f"between {ordinal(first)} and {ordinal(last)}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    last = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{last}"


def _highest(rank: int) -> str:
    return "highest" if rank == 1 else f"{ordinal(rank)} highest"


def _rate(value: float | None) -> str:
    if value is None:
        return "not known"
    return f"{value:,.1f}" if value >= 0.95 else f"{value:.2f}"


def _called(area: Area) -> str:
    return f"the {area.name}" if area.name.startswith("City of") else area.name


def _begins(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _in_words(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else str(number)
