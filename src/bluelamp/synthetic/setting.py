"""The stage that every file is written on: places, months, chance and what is planted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bluelamp.periods import Month
from bluelamp.places import Area, Gazetteer
from bluelamp.synthetic.boroughs import CITY_OF_LONDON, PROFILES
from bluelamp.synthetic.draws import LONDON_SHOCK, Floats, shocks, stream
from bluelamp.synthetic.truths import Plant


@dataclass(frozen=True)
class Setting:
    """Everything the writers share. `months` run without a gap."""

    gazetteer: Gazetteer
    lsoa_to_ward: Mapping[str, str]
    seed: int
    months: tuple[Month, ...]
    plants: tuple[Plant, ...]

    def stream(self, name: str) -> np.random.Generator:
        return stream(self.seed, name)

    @cached_property
    def police_boroughs(self) -> tuple[str, ...]:
        """The 32 boroughs of the Metropolitan Police, in code order: the City has its own force."""
        return tuple(code for code in PROFILES if code != CITY_OF_LONDON)

    @cached_property
    def london_shock(self) -> Floats:
        return shocks(self.stream("london"), (len(self.months),), LONDON_SHOCK)

    def name(self, code: str) -> str:
        return self.gazetteer[code].name

    def wards(self, borough: str) -> list[Area]:
        return [area for area in self.gazetteer.children(borough) if area.kind == "ward"]

    @cached_property
    def ward_weights(self) -> dict[str, Floats]:
        """Each borough's wards by how much of its crime they have: a few town centres have most."""
        rng = self.stream("wards")
        return {
            code: rng.gamma(3.0, 1.0, len(self.wards(code))) + 0.5 for code in self.police_boroughs
        }

    @cached_property
    def lsoas(self) -> dict[str, list[str]]:
        """The LSOAs of each borough in code order."""
        found: dict[str, list[str]] = {code: [] for code in PROFILES}
        for lsoa in sorted(self.lsoa_to_ward):
            parent = self.gazetteer[self.lsoa_to_ward[lsoa]].parent
            if parent in found:
                found[parent].append(lsoa)
        return found

    def borough_weights(self, spread: float) -> Floats:
        """How a category is shared among the boroughs of the Met; they add to one.

        spread   0 follows residents, 1 follows bustle, 2 is what crowds bring, such as theft from
                 the person.
        """
        profiles = [PROFILES[code] for code in self.police_boroughs]
        weights = np.array([p.thousands * p.bustle**spread for p in profiles])
        return np.asarray(weights / weights.sum(), dtype=np.float64)
