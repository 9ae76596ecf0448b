"""What was planted, and how a draw asks by how much it must move.

A plant is a step that stays: from its first month the expected figure is `ratio` times what it
would have been. Steps that stay leave one clean level in the sixty months before the last twelve,
so that a finding about any other place is a false one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bluelamp.periods import Month

METROPOLITAN = "E23000001"
CITY_OF_LONDON_POLICE = "E23000034"

EDITION_2017_FIRST_MONTH = Month(2017, 4)


@dataclass(frozen=True)
class Plant:
    """A step asked for: which measure, where, from when, and how many times the former level."""

    measure: str
    area: str
    what: str
    start: Month
    ratio: float
    also_moves: tuple[str, ...] = ()

    def reaches(self, area: str) -> bool:
        """A plant at the force reaches every place that the force's figures are made of."""
        return self.area in (area, METROPOLITAN)


@dataclass(frozen=True)
class PlantedTruth:
    """What is known to be true of the made-up London, and what a finding may be held to.

    measure     the id of a measure definition.
    area        GSS code of the borough or force.
    start       the first month of the new level; None where nothing was planted and the place is
                named as one to leave alone.
    per_month   the expected change of the figure in an average month from `start` to the last
                month: offences, or for a share the difference of two proportions (-0.02 is two
                percentage points fewer). Zero where start is None.
    ratio       the new level as a multiple of the old one. One where start is None.
    also_moves  measures of the same place that count the same offences and move a little with it.
                The wards inside the place move in proportion; the force moves by `per_month`.
    """

    measure: str
    area: str
    what: str
    start: Month | None
    per_month: float
    ratio: float = 1.0
    also_moves: tuple[str, ...] = ()


def plants_for(first: Month, last: Month) -> tuple[Plant, ...]:
    """The steps that fall inside the months written, with a year of months before each."""
    planned = (
        Plant(
            measure="burglary",
            area="E09000008",
            what="Burglary in Croydon falls by three in ten and stays down",
            start=last - 11,
            ratio=0.70,
            also_moves=("mopac-7", "recorded-crime"),
        ),
        Plant(
            measure="robbery",
            area="E09000033",
            what="Robbery in Westminster falls by a quarter and stays down",
            start=last - 9,
            ratio=0.75,
            also_moves=("mopac-7", "recorded-crime"),
        ),
        Plant(
            measure="knife-crime",
            area="E09000014",
            what="Knife crime in Haringey rises by a third and stays up",
            start=last - 8,
            ratio=1.35,
            also_moves=("knife-injury-victims-under-25",),
        ),
        Plant(
            measure="positive-outcomes-knife-crime",
            area=METROPOLITAN,
            what="A smaller share of knife crime offences has a positive outcome, everywhere",
            start=last - 10,
            ratio=0.78,
        ),
        Plant(
            measure="sexual-offences",
            area=METROPOLITAN,
            what="More sexual offences are recorded, everywhere, from the start of the 2017 plan",
            start=EDITION_2017_FIRST_MONTH,
            ratio=1.20,
            also_moves=("recorded-crime",),
        ),
    )
    return tuple(plant for plant in planned if first + 12 <= plant.start <= last)


LEFT_ALONE = (
    PlantedTruth("burglary", "E09000003", "Burglary in Barnet: only noise", None, 0.0),
    PlantedTruth("knife-crime", "E09000007", "Knife crime in Camden: only noise", None, 0.0),
    PlantedTruth("hate-crime", METROPOLITAN, "Hate crime in London: only noise", None, 0.0),
    PlantedTruth("gun-crime", METROPOLITAN, "Gun crime in London: only noise", None, 0.0),
)


def ratios(
    plants: Sequence[Plant], measure: str, areas: Sequence[str], months: Sequence[Month]
) -> NDArray[np.float64]:
    """By how much each area's expected figure is multiplied, an array of area x month."""
    found = np.ones((len(areas), len(months)))
    for plant in plants:
        if plant.measure != measure:
            continue
        reached = np.array([plant.reaches(area) for area in areas])
        begun = np.array([month >= plant.start for month in months])
        found[np.ix_(reached, begun)] *= plant.ratio
    return found


def truth_of(
    plant: Plant, areas: Sequence[str], months: Sequence[Month], unplanted: NDArray[np.float64]
) -> PlantedTruth:
    """The plant with its size, from the expected figures (area x month) there would have been.

    Figures of several areas are added: pass the one row of a share.
    """
    reached = np.array([plant.reaches(area) for area in areas])
    begun = np.array([month >= plant.start for month in months])
    usual = float(unplanted[np.ix_(reached, begun)].sum(axis=0).mean())
    return PlantedTruth(
        plant.measure,
        plant.area,
        plant.what,
        plant.start,
        usual * (plant.ratio - 1.0),
        plant.ratio,
        plant.also_moves,
    )
