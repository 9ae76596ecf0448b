"""Numbers, months and places as a finding's sentence says them."""

from __future__ import annotations

from collections.abc import Mapping

from bluelamp.periods import Month
from bluelamp.places import Gazetteer


class Places:
    """Says where, in mid-sentence: "in Croydon", "in Abbey ward, Barking and Dagenham".

    called   what the plan calls an area by its code, where that is not the area's own name.
    """

    def __init__(self, gazetteer: Gazetteer, called: Mapping[str, str]) -> None:
        self._gazetteer = gazetteer
        self._called = called

    def where(self, code: str) -> str:
        """Raises UnknownPlace for a code that is no area's."""
        area = self._gazetteer[code]
        if code in self._called:
            return f"in {self._called[code]}"
        if area.outside:
            return f"at {area.name}"
        if area.kind == "force":
            name = area.name if area.name.endswith("Police") else f"{area.name} police"
            return f"in the {name} area"
        if area.kind == "ward" and area.parent is not None:
            return f"in {area.name} ward, {self._gazetteer[area.parent].name}"
        return f"in {'the ' if area.name.startswith('City of') else ''}{area.name}"


def month(text: str) -> str:
    """`2025-03` as "March 2025"."""
    return Month.parse(text).words


def span(first: str, last: str) -> str:
    """Two months as "April 2020 to March 2025", one as itself."""
    return month(first) if first == last else f"{month(first)} to {month(last)}"


def approximate(value: float) -> str:
    """A size without false precision: whole below 100, two figures above ("1,200")."""
    value = abs(value)
    if value < 99.5:
        return f"{value:.0f}"
    step = 10 ** (len(str(int(value))) - 2)
    return f"{round(value / step) * step:,}"


def levels(observed: float, expected: float) -> tuple[str, str]:
    """Two levels told alike: whole, or with one decimal where the lesser is below 10.

    What is expected is an estimate: from 1,000 up it is told to three figures.
    """
    if min(observed, expected) < 9.95:
        return f"{observed:,.1f}", f"{expected:,.1f}"
    step = 10 ** max(0, len(str(int(expected))) - 3)
    return f"{observed:,.0f}", f"{round(expected / step) * step:,}"


def percentage(share: float) -> str:
    return f"{share * 100:.1f}%"


def count_change(
    effect: float, lower: float, upper: float, *, observed: float, expected: float
) -> str:
    """ "about 40 fewer a month (likely between 25 and 55), 180 instead of the 220 expected".

    All are means a month; where a month has less than one more or fewer, the year is told. The
    effect and its interval lie on one side of nought; raises ValueError otherwise.
    """
    near, far = _ends(effect, lower, upper)
    word = "fewer" if effect < 0 else "more"
    per, time = (1, "a month") if near >= 0.5 and abs(effect) >= 1 else (12, "a year")
    if abs(effect) * per < 0.5:
        words = f"less than 1 {word} {time}"
    else:
        words = f"about {approximate(effect * per)} {word} {time}"
    found, due = levels(observed * per, expected * per)
    bounds = _range(approximate(near * per), approximate(far * per))
    return f"{words}{bounds}, {found} instead of the {due} expected"


def share_change(
    effect: float, lower: float, upper: float, *, observed: float, expected: float
) -> str:
    """ "about 2.1 percentage points higher (likely between 1.2 and 3.0), 14.1% instead of ...".

    All are proportions. Raises ValueError as `count_change` does.
    """
    near, far = _ends(effect, lower, upper)
    word = "lower" if effect < 0 else "higher"
    if abs(effect) < 0.0005:
        words = f"less than 0.1 percentage points {word}"
    else:
        words = f"about {abs(effect) * 100:.1f} percentage points {word}"
    bounds = _range(f"{near * 100:.1f}", f"{far * 100:.1f}")
    found, due = percentage(observed), percentage(expected)
    return f"{words}{bounds}, {found} instead of the {due} expected"


def _ends(effect: float, lower: float, upper: float) -> tuple[float, float]:
    sizes = (effect, lower, upper)
    if not (all(size > 0 for size in sizes) or all(size < 0 for size in sizes)):
        raise ValueError(
            f"a change of {effect:g} with the interval {lower:g} to {upper:g} includes no change: "
            "it may not be called a change"
        )
    return min(abs(lower), abs(upper)), max(abs(lower), abs(upper))


def _range(near: str, far: str) -> str:
    if near == far:
        return ""
    if float(near.replace(",", "")) == 0:
        return f" (likely no more than {far})"
    return f" (likely between {near} and {far})"
