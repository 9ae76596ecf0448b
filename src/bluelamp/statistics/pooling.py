"""What series of one kind say together about how their months hang together.

One series of two to six years can barely tell whether its months are linked, or how spiky its
season is; thirty-two boroughs' series of one measure can. So the weights of the noise models are
learnt from all series that are judged together as one kind: the weights under which all of them
are likeliest, found by expectation and maximisation (nonparametric empirical Bayes: Laird 1978,
*JASA* 73), with the cautious weights of `noise` counted as `CAUTION` series more. What is learnt is
how links are *spread* over the areas, not one link for all: where half of the areas hang together
and half do not, both keep half of the weight, and each area's own months decide between them.

Few series teach too little: below `FEWEST` each is judged by itself, under the cautious weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bluelamp.statistics.noise import ROLLING, NoiseModel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# A series in no group is judged by itself.
ALONE = -1

# Series of a group needed to learn from; how many series the cautious weights count as; and rounds
# of the search, after which the weights hardly move.
FEWEST = 20
CAUTION = 1.0

# Where more of a group than this look like rolling figures, the rest are no company to learn from.
MOST_ROLLING = 0.2
ROUNDS = 100


def has_company(group: Ints) -> NDArray[np.bool_]:
    """(S,) whether a series' group (S,), `ALONE` for none, is large enough to learn from."""
    names, at, sizes = np.unique(group, return_inverse=True, return_counts=True)
    return np.asarray((sizes[at] >= FEWEST) & (names[at] != ALONE))


def learn(
    likelihood: Floats, members: tuple[NoiseModel, ...], cautious: Floats, group: Ints
) -> tuple[Floats, NDArray[np.bool_]]:
    """(S, G) the logarithmic weight of each of G members, and (S,) whether it was learnt.

    `likelihood` (S, G): logarithmic, up to a constant of each series; `cautious` (S, G): the
    logarithmic weights of a series judged by itself; `group` (S,) labels, `ALONE` for none.
    """
    prior = cautious.copy()
    together = has_company(group)
    rolling = np.array([member.correlation == ROLLING for member in members])
    for name in np.unique(group[together]):
        rows = np.flatnonzero(group == name)
        posterior = np.exp(
            likelihood[rows] + cautious[rows] - likelihood[rows].max(axis=1)[:, None]
        )
        smoothed = posterior[:, rolling].sum(axis=1) > posterior.sum(axis=1) / 2
        if smoothed.mean() > MOST_ROLLING:
            together[rows] = False
            continue
        usual = np.exp(cautious[rows]).mean(axis=0)
        weight = _likeliest_weights(likelihood[rows], members, usual / usual.sum())
        prior[rows] = np.log(np.maximum(weight, 1e-300))
    return prior, together


def _likeliest_weights(
    likelihood: Floats, members: tuple[NoiseModel, ...], usual: Floats
) -> Floats:
    """(G,) weights learnt from the series of one group; `usual` (G,) are the cautious ones.

    Each property of the members (correlation, irregularity, drift) has weights of its own, and a
    member has their product. Whether a series is a rolling figure is its own affair: those members
    keep their usual weight, whatever the neighbours are.
    """
    rolling = np.array([member.correlation == ROLLING for member in members])
    scaled = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    properties = [_numbered(members, name) for name in ("correlation", "irregularity", "drift")]
    caution = [CAUTION * np.bincount(number, usual * ~rolling) for number in properties]
    weight = np.where(rolling, usual, usual[~rolling].sum() / (~rolling).sum())
    for _ in range(ROUNDS):
        explained = (1 / (scaled @ weight)) @ scaled * weight * ~rolling
        product = (~rolling).astype(float)
        for number, believed in zip(properties, caution, strict=True):
            product *= (np.bincount(number, explained) + believed)[number]
        weight = np.where(rolling, usual, product * usual[~rolling].sum() / product.sum())
    return weight


def _numbered(members: tuple[NoiseModel, ...], name: str) -> Ints:
    """(G,) which of the distinct values of a property each member has."""
    values = np.array([getattr(member, name) for member in members])
    return np.unique(values, return_inverse=True)[1].astype(np.int64)
