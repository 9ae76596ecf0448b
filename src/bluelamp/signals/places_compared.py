"""How the areas of one kind compare by one measure: picture, table and sentence are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["higher", "lower", "within", "not compared"]


@dataclass(frozen=True)
class PlaceCompared:
    """One area among the others.

    events, among    what was counted over the twelve months, and of how many residents
    rate             events per `per` residents; None where not known
    usual_lower, usual_upper   the rates that chance and the usual differences between areas would
                     give here: from the other areas alone; None where not compared
    side             where the rate lies, `within` for most
    rank_lower, rank_upper   between which ranks of all compared it lies (1 has the highest rate),
                     with 95% confidence; None where not compared
    why              why it is not compared, '' where it is
    sentence         what may be said of it
    """

    area: str
    events: float | None
    among: float | None
    rate: float | None
    usual_lower: float | None
    usual_upper: float | None
    side: Side
    rank_lower: int | None
    rank_upper: int | None
    why: str
    sentence: str


@dataclass(frozen=True)
class PlacesCompared:
    """One rate in all areas of a kind, over twelve months.

    measure     the rate's id; `counted` the id of the count that it is a rate of
    kind        of the areas: `borough`
    period      the twelve months, as `Period` writes them; '' where none could be compared
    compared, outside   how many areas were compared, and how many lie outside their range
    usual       by what share the true rates of areas usually differ from the middle (their
                standard deviation), the median over the areas; None where none was compared
    allowance   the change that the areas with the highest rates would have next year if nothing
                changed, as a share (-0.04 is 4% fewer): to be taken off before anyone says that
                the worst have improved; `allowance_of` is how many areas that is
    sentence    how many lie outside, and which
    allowance_sentence   the allowance in words, '' without one
    why         why nothing was compared, '' where something was
    places      by code
    """

    measure: str
    counted: str
    kind: str
    period: str
    compared: int
    outside: int
    usual: float | None
    allowance: float | None
    allowance_of: int
    sentence: str
    allowance_sentence: str
    why: str
    places: tuple[PlaceCompared, ...]
