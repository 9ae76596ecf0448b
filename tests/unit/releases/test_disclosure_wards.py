"""Rounded wards: always the same way, adding up by period, and never telling more than rounding."""

from __future__ import annotations

import hashlib
import hmac
import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.definitions import definitions_root, read_gazetteer
from bluelamp.evidence.protection import Protection
from bluelamp.evidence.source import read_sources
from bluelamp.periods import Month, Period, months_between
from bluelamp.releases.disclosure.counted import Account, Level
from bluelamp.releases.disclosure.ledger import Kept
from bluelamp.releases.disclosure.pattern import protected
from bluelamp.releases.disclosure.tables import year_tables
from bluelamp.releases.disclosure.wards import quarters_of, rounded_wards
from bluelamp.releases.disclosure.words import protection_of
from bluelamp.statistics.disclosure.audit import intervals
from bluelamp.statistics.disclosure.tables import Axis, cross

FORCE, CAMDEN = "E23000001", "E09000007"
SECRET = b"a secret of sixteen bytes or more"
MONTHS = tuple(months_between(Month(2024, 4), Month(2025, 3)))
GAZETTEER = read_gazetteer(definitions_root())
WARDS = tuple(sorted(a.code for a in GAZETTEER.of_kind("ward") if a.parent == CAMDEN))[:4]
SOURCE = read_sources(definitions_root())["assault-attendances"]
THING = "all"


def account(counts: np.ndarray, **rule: int) -> Account:
    """One borough with its wards; counts (wards, months)."""
    known = np.ones((len(WARDS), len(MONTHS)), dtype=bool)
    wards = Level(WARDS, counts[np.newaxis].astype(float), {THING: known})
    whole = counts.sum(axis=0, dtype=float)[np.newaxis, np.newaxis]
    return Account(
        replace(SOURCE, protection=Protection(**rule)),
        MONTHS,
        (THING,),
        {THING: (THING,)},
        frozenset(),
        {
            "force": Level((FORCE,), whole, {THING: known[:1]}),
            "borough": Level((CAMDEN,), whole, {THING: known[:1]}),
            "ward": wards,
        },
    )


def kept(made: Account) -> tuple[Kept, ...]:
    return tuple(
        protected(year, protection_of(made.source), [], FORCE, lambda _: None)
        for year in year_tables(made, FORCE)
    )


def counts(mean: float, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, (len(WARDS), len(MONTHS)))


def test_every_count_is_a_multiple_next_to_the_true_one():
    made = account(counts(3.0))
    shown = rounded_wards(made, kept(made), GAZETTEER, SECRET).shown
    assert len(shown) == len(WARDS) * 4
    for (_, ward, quarter), value in shown.items():
        columns = [MONTHS.index(month) for month in Period.parse(quarter).months]
        true = made.levels["ward"].counts[0, WARDS.index(ward), columns].sum()
        assert value % 5 == 0
        assert abs(value - true) < 5


def test_the_same_cell_is_rounded_the_same_way_in_the_next_release():
    """Also where other cells have been put right since."""
    before = counts(3.0)
    after = before.copy()
    after[0, 0] += 4
    first, second = (
        rounded_wards(made, kept(made), GAZETTEER, SECRET).shown
        for made in map(account, (before, after))
    )
    other = {cell for cell in first if cell != (THING, WARDS[0], "2024-Q2")}
    assert {cell: first[cell] for cell in other} == {cell: second[cell] for cell in other}
    different = rounded_wards(account(before), (), GAZETTEER, SECRET[::-1]).shown
    assert different != first


def test_a_year_is_the_sum_of_its_rounded_quarters_and_a_month_is_not_given():
    made = account(counts(3.0))
    found = rounded_wards(made, kept(made), GAZETTEER, SECRET)
    year = found.total((THING,), WARDS[0], Period.parse("fy2024-25"))
    quarters = quarters_of(Period.parse("fy2024-25"))
    assert year == sum(found.shown[THING, WARDS[0], quarter] for quarter in quarters)
    assert found.total((THING,), WARDS[0], Period.parse("2024-05")) is None
    assert found.total((THING,), WARDS[0], Period.parse("r12-2025-02")) is None


@pytest.mark.parametrize(
    ("period", "quarters"),
    [
        ("2024-05", ()),
        ("2024-Q2", ("2024-Q2",)),
        ("fy2024-25", ("2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1")),
        ("r12-2024-12", ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4")),
        ("r12-2024-11", ()),
    ],
)
def test_the_quarters_of_a_period(period, quarters):
    assert quarters_of(Period.parse(period)) == quarters


def drawn(secret: bytes, ward: str, quarter: str) -> float:
    """Between 0 and 1: what decides whether a count is rounded up."""
    name = "\0".join((SOURCE.id, THING, ward, quarter)).encode()
    return int.from_bytes(hmac.digest(secret, name, hashlib.sha256)[:4], "big") / 2**32


def test_nothing_is_given_of_wards_where_their_borough_would_tell_too_much():
    """Of 7 in the borough 1, 1, 1 and 4 are in its wards. Were all rounded up to 5, each would have
    one at least, so that none could have more than 4: too near."""
    told = np.zeros((len(WARDS), len(MONTHS)), dtype=int)
    told[:, 0] = 1, 1, 1, 4
    secrets = (f"secret number {number:06}".encode() for number in itertools.count())
    up = next(
        secret
        for secret in secrets
        if all(
            drawn(secret, ward, "2024-Q2") < n / 5
            for ward, n in zip(WARDS, told[:, 0], strict=True)
        )
    )
    made = account(told)
    assert rounded_wards(made, kept(made), GAZETTEER, up).shown == {}
    alone = replace(made, levels={"ward": made.levels["ward"]})
    shown = rounded_wards(alone, (), GAZETTEER, up).shown
    assert [shown[THING, ward, "2024-Q2"] for ward in WARDS] == [5, 5, 5, 5]


def test_a_base_of_nought_gives_nothing_of_wards():
    made = account(counts(30.0), ward_base=0)
    assert rounded_wards(made, kept(made), GAZETTEER, SECRET).shown == {}


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.4, 1.0, 3.0, 10.0]))
def test_a_small_count_of_a_ward_could_be_five_numbers_at_least(seed, mean):
    """The attacker's own table: rounded wards, and what is given of their borough."""
    made = account(counts(mean, seed))
    pattern = kept(made)
    found = rounded_wards(made, pattern, GAZETTEER, SECRET)
    for attacked, true in widths(made, pattern, found.shown):
        if 0 < true < 5:
            assert attacked >= 4


def widths(made: Account, pattern: tuple[Kept, ...], shown: dict) -> list[tuple[float, float]]:
    """(width, true count) of every ward and quarter: a plain linear programme of its own."""
    quarters = quarters_of(Period.parse("fy2024-25"))
    true = np.stack(
        [
            made.levels["ward"].counts[0][:, [MONTHS.index(m) for m in Period.parse(q).months]]
            .sum(axis=1)
            for q in quarters
        ],
        axis=1,
    )  # fmt: skip
    table = cross(true, [Axis(WARDS, {CAMDEN: WARDS}), Axis(quarters, {"fy2024-25": quarters})])
    (year,) = pattern
    given_of_it = {
        key[1:] for key, out in zip(year.table.keys, year.suppressed, strict=True) if not out
    }
    low, high = table.low.copy(), table.high.copy()
    for i, (area, period) in enumerate(table.keys):
        if (THING, area, period) in shown:
            low[i] = max(0, shown[THING, area, period] - 4)
            high[i] = shown[THING, area, period] + 4
    out = np.array([key not in given_of_it for key in table.keys])
    width = intervals(replace(table, low=low, high=high), out).width
    return [
        (width[i], table.values[i])
        for i, (area, period) in enumerate(table.keys)
        if area != CAMDEN and period in quarters
    ]


@pytest.mark.parametrize("wrong", [{"threshold": 1}, {"width": -1}, {"threshold": 10}])
def test_a_rule_that_protects_nobody_is_a_fault(wrong):
    with pytest.raises(ValueError, match=r"^(threshold|width|ward_base): "):
        Protection(**wrong)


def test_the_rule_goes_with_what_is_controlled():
    public = replace(SOURCE, disclosure="public-at-source", protection=None)
    with pytest.raises(ValueError, match="goes with `disclosure: controlled`"):
        replace(public, protection=Protection())
