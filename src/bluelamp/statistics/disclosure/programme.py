"""The integer programme of which decisions to leave out, under the cuts found so far."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from bluelamp.statistics.disclosure.cuts import Cut
from bluelamp.statistics.disclosure.tables import Flags, Floats

INFEASIBLE = 2
OUT_OF_WORK = 1


@dataclass
class Programme:
    """Choose x (d,) of least cost. `least` and `most` (d,) say what must be 1 and what may be."""

    cost: Floats
    least: Flags
    most: Flags
    nodes: int
    cuts: list[Cut] = field(default_factory=list)
    known: set[tuple[int, bytes, bytes]] = field(default_factory=set)

    def add(self, cut: Cut) -> bool:
        """Whether the cut said something new."""
        name = (cut.owner, cut.decisions.tobytes(), np.round(cut.weights, 9).tobytes())
        if name in self.known or cut.weights @ self.least[cut.decisions] >= 1:
            return False
        self.known.add(name)
        self.cuts.append(cut)
        return True

    def solve(self, *, whole: bool) -> tuple[Floats | None, float]:
        """The cheapest choice (d,) and what none can be cheaper than; None where there is none.

        Raises RuntimeError where the solver gives up before it has a choice to show.
        """
        found = milp(
            self.cost,
            integrality=np.full(self.cost.size, int(whole)),
            bounds=Bounds(self.least.astype(float), self.most.astype(float)),
            constraints=[LinearConstraint(self._matrix(), 0, np.inf)] if self.cuts else [],
            options={"mip_rel_gap": 0, "node_limit": self.nodes},
        )
        if found.status == INFEASIBLE:
            return None, np.inf
        if found.x is None:
            raise RuntimeError(f"the choice of cells was not solved: {found.message}")
        choice = np.round(found.x) if whole else np.clip(found.x, 0, 1)
        choice[choice < 1e-7] = 0
        bound = found.mip_dual_bound if whole else found.fun
        return choice, float(bound if bound is not None else found.fun)

    def _matrix(self) -> sparse.csr_array:
        sizes = [cut.decisions.size + 1 for cut in self.cuts]
        rows = np.repeat(np.arange(len(self.cuts)), sizes)
        columns = np.concatenate([np.append(cut.decisions, cut.owner) for cut in self.cuts])
        weights = np.concatenate([np.append(cut.weights, -1.0) for cut in self.cuts])
        shape = (len(self.cuts), self.cost.size)
        return sparse.csr_array((weights, (rows, columns)), shape=shape)
