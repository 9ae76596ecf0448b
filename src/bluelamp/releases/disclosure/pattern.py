"""Which cells of a table are left out, with all that earlier releases have shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bluelamp.evidence.protection import Protection
from bluelamp.releases.disclosure.ledger import Kept
from bluelamp.releases.disclosure.tables import YearTable, three
from bluelamp.statistics.disclosure.differencing import successive
from bluelamp.statistics.disclosure.primary import below_threshold
from bluelamp.statistics.disclosure.suppression import CannotProtect, protect

DEARER = 5.0
"""How many cells of an area a total of the force is worth: most readers look at it first."""


def rule_of(protection: Protection) -> tuple[int, ...]:
    return (protection.threshold, protection.apart, int(protection.noughts))


def protected(
    year: YearTable,
    protection: Protection,
    earlier: Sequence[Kept],
    force: str,
    say: Callable[[str], None],
) -> Kept:
    """The table with its pattern. `earlier` are the same year's tables, the latest first.

    Where nothing has changed since the latest, its pattern stands. Where no choice protects what an
    earlier release has half given away, the whole table is left out, and `say` is told so.
    """
    table, rule = year.table, rule_of(protection)
    if earlier and earlier[0].is_of(table, year.hidden, rule):
        return earlier[0]
    joint = successive(table, [each.as_release() for each in _different(earlier)])
    size = table.size
    small = np.zeros(joint.table.size, dtype=bool)
    small[:size] = below_threshold(table.values, protection.threshold, zeros=protection.noughts)
    hidden = joint.hidden.copy()
    hidden[:size] |= year.hidden | (small[:size] & joint.given_away[:size])
    sensitive = (small | joint.sensitive) & ~joint.given_away
    hidden &= ~sensitive
    cost = np.ones(joint.table.size)
    cost[:size] = [DEARER if three(key)[1] == force else 1.0 for key in table.keys]
    left_out = small | joint.hidden | hidden | sensitive
    if sensitive.any():
        try:
            left_out = protect(
                joint.table, sensitive, protection.apart, hidden=hidden, cost=cost
            ).suppressed
        except CannotProtect as error:
            say(f"leaving out all of {year.source} in {year.year}: {error}")
            left_out = np.ones(joint.table.size, dtype=bool)
    return Kept(
        year.source, year.year, rule, table,
        left_out[:size] | year.hidden, year.hidden, sensitive[:size],
    )  # fmt: skip


def _different(earlier: Sequence[Kept]) -> list[Kept]:
    """Each pattern once, however many releases had it."""
    found: list[Kept] = []
    for each in earlier:
        if not any(each is one or _same(each, one) for one in found):
            found.append(each)
    return found


def _same(one: Kept, other: Kept) -> bool:
    return one.is_of(other.table, other.hidden, other.rule) and np.array_equal(
        one.suppressed, other.suppressed
    )
