"""What an attacker makes of two releases: everything that their files give, and no more.

It reads the published files, not the pattern, and has both releases whole.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.releases.office_with_small_numbers import (
    BARNET,
    CAMDEN,
    CROYDON,
    FORCE,
    MEASURES,
    THRESHOLD,
    Office,
    ledger,
)

from bluelamp.measures.definition import Measure
from bluelamp.periods import Period
from bluelamp.releases.disclosure.counted import things_of
from bluelamp.releases.disclosure.tables import three
from bluelamp.releases.release import Release
from bluelamp.statistics.disclosure.audit import breaches, intervals
from bluelamp.statistics.disclosure.differencing import Release as Shown
from bluelamp.statistics.disclosure.differencing import Revision, successive
from bluelamp.statistics.disclosure.tables import Table, linked, table_of


def read_back(office: Office, release: Release) -> tuple[Table, np.ndarray]:
    """The true table of a release with everything that any of its files tells, and what it leaves
    out: read from the published files, and not from the pattern."""
    kept = ledger(office, release)
    truth = {
        key: value
        for each in kept
        for key, value in zip(each.table.keys, each.table.values.tolist(), strict=True)
    }
    told: set[tuple[str, str, str]] = set()
    sums: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for id in MEASURES:
        measure: Measure = release.measures[id]
        for row in release.figure_frame(id).iter_rows(named=True):
            if row["status"] != "ok":
                continue
            for thing in things_of(measure, release.measures):
                key = (thing, row["area"], row["period"])
                told.add(key)
                if key not in truth:
                    sums[key] = parts_of(Period.parse(row["period"]), row["area"])
        for area in (FORCE, CAMDEN, CROYDON):
            for month in release.chart(id, area):
                if month.value is not None:
                    told |= {(t, area, month.month) for t in things_of(measure, release.measures)}
    tables = [each.table for each in kept]
    for (thing, area, period), parts in sums.items():
        keys = [(thing, area, part) for part in parts]
        values = [truth[key] for key in keys]
        relation = np.array([[*np.ones(len(keys)), -1.0]])
        tables.append(table_of([*keys, (thing, area, period)], [*values, sum(values)], relation))
    table = linked(tables)
    return table, np.array([key not in told for key in table.keys])


def parts_of(period: Period, area: str) -> tuple[str, ...]:
    if period.last.month % 3 == 0:
        return tuple(str(Period("quarter", m)) for m in period.months if m.month % 3 == 0)
    assert area == FORCE, "a figure of a borough that is not made of whole quarters"
    return tuple(map(str, period.months))


@pytest.fixture(scope="module")
def attack(office: Office) -> tuple[Table, np.ndarray, np.ndarray]:
    """Both releases as one table: what is left out, and between what each cell must stay."""
    old, old_out = read_back(office, office.first)
    new, new_out = read_back(office, office.second)
    small = (old.values > 0) & (old.values < THRESHOLD) & old_out
    joint = successive(new, [Shown(old, old_out, small)])
    out = joint.hidden.copy()
    out[: new.size] |= new_out
    hidden = {
        key
        for release in (office.first, office.second)
        for kept in ledger(office, release)
        for key, unseen in zip(kept.table.keys, kept.hidden, strict=True)
        if unseen
    }
    values = joint.table.values
    # What was put right since is the difference of two figures that are both given.
    revisions = np.array([isinstance(key, Revision) for key in joint.table.keys])
    asked = ~revisions & out & (values > 0) & (values < THRESHOLD) & joint.table.counted
    mine = np.array([key not in hidden for key in joint.table.keys[: new.size]])
    asked[: new.size] |= new_out & mine
    asked |= joint.sensitive
    return joint.table, out, np.where(asked, float(THRESHOLD), 0.0)


def test_the_attacker_puts_no_number_left_out_into_less_than_the_threshold(attack):
    table, out, width = attack
    assert (width > 0).sum() > 50
    assert not breaches(table, out, width).any()


def test_the_attacker_would_have_found_it(attack):
    """The same attack on the same releases with the secondary cells given."""
    table, out, width = attack
    small = (table.values > 0) & (table.values < THRESHOLD)
    large = np.array([isinstance(k, tuple) and k[1] in (CROYDON, BARNET) for k in table.keys])
    naive = out & ~(large & ~small & (width > 0))
    assert naive.sum() < out.sum()
    assert breaches(table, naive, width).any()


def test_camdens_three_lies_between_numbers_far_enough_apart(attack):
    table, out, _ = attack
    (cell,) = [
        i
        for i, key in enumerate(table.keys)
        if isinstance(key, tuple) and "KNIFE" in key[0] and three(key)[1:] == (CAMDEN, "2024-Q3")
    ]
    assert table.values[cell] == 3
    assert intervals(table, out).width[cell] >= THRESHOLD
