"""Disclosure control held to what sdcTable and tau-Argus have printed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from benchmarks.disclosure_rivals import gauss

from bluelamp.statistics.disclosure.audit import intervals
from bluelamp.statistics.disclosure.p_tables import p_table, read_p_table
from bluelamp.statistics.disclosure.primary import below_threshold
from bluelamp.statistics.disclosure.suppression import protect
from bluelamp.statistics.disclosure.tables import Axis, Table, cross

REGIONS, SEXES = ("A", "B", "C", "D"), ("male", "female")


@pytest.fixture(scope="module")
def vectors(shared: Path) -> Path:
    folder = shared / "vectors" / "sdc"
    if not folder.is_dir():
        pytest.skip("this test needs the vectors of ../shared, which are not here")
    return folder


@pytest.fixture(scope="module")
def expected(vectors: Path) -> dict[str, object]:
    return dict(json.loads((vectors / "sdcTable_expected.json").read_text()))


@pytest.fixture(scope="module")
def people(vectors: Path) -> Table:
    """sdcTable's microdata1, counted by region and sex."""
    with (vectors / "sdcTable_microdata1.csv").open() as file:
        rows = list(csv.DictReader(file))
    counts = np.zeros((len(REGIONS), len(SEXES)))
    for row in rows:
        counts[REGIONS.index(row["region"]), SEXES.index(row["gender"])] += 1
    return cross(counts, [Axis(REGIONS, {"total": REGIONS}), Axis(SEXES, {"total": SEXES})])


def rows_of(table: Table, flags: np.ndarray, expected: dict[str, object]) -> list[int]:
    """The row numbers that sdcTable gives to the cells flagged."""
    number = {(region, sex): row for row, region, sex, _ in expected["table"]}  # type: ignore[attr-defined] # a list of rows
    return sorted(number[table.keys[i]] for i in np.flatnonzero(flags))


def test_the_table_counts_what_sdctable_counts(people: Table, expected: dict[str, object]) -> None:
    rows = expected["table"]
    assert {(region, sex): count for _, region, sex, count in rows} == dict(  # type: ignore[attr-defined] # a list of rows
        zip(people.keys, people.values.tolist(), strict=True)
    )


def test_the_optimum_of_sdctable(people: Table, expected: dict[str, object]) -> None:
    """OPT, HYPERCUBE and HITAS leave out rows 5, 6, 11 and 12; each cell costs its count."""
    sensitive = below_threshold(people.values, 10, zeros=False)
    assert rows_of(people, sensitive, expected) == [6]
    found = protect(people, sensitive, 10, cost=people.values)
    assert (
        rows_of(people, found.suppressed, expected)
        == (expected["suppressed_rows_OPT_HYPERCUBE_HITAS"])
    )
    assert found.proven
    assert found.cost == 18 + 2 + 12 + 10
    assert int((~found.suppressed).sum()) == expected["n_publishable"]
    assert int((found.suppressed & ~sensitive).sum()) == expected["n_secondary"]
    assert (intervals(people, found.suppressed).width[found.suppressed] >= 10).all()


def test_the_rival_of_the_benchmark_is_the_gaussian_elimination_that_sdctable_knows(
    people: Table, expected: dict[str, object]
) -> None:
    sensitive = people.where([("A", "female")])
    assert rows_of(people, gauss(people, sensitive), expected) == expected["suppressed_rows_GAUSS"]


# file -> largest move, variance, chance to stay, printed digits
P_TABLES = {
    "tauargus_ptab_freq.txt": (5, 3.0, 0.5, 7),
    "tauargus_tau_testW_ptable.txt": (7, 4.0, None, 8),
    "tauargus_szenario_5a_ptable.txt": (5, 2.001, None, 7),  # it prints 6.13E-05
}
FLOOR = 1e-7
"""What the makers of the third lifted its smallest chances to."""


@pytest.mark.parametrize("name", P_TABLES)
def test_a_p_table_of_tau_argus_has_the_properties_that_make_it_safe(
    vectors: Path, name: str
) -> None:
    read = read_p_table((vectors / name).read_text())
    assert np.allclose(read.chances.sum(axis=1), 1, atol=1e-6)
    assert np.abs(read.mean).max() < 1e-6
    assert np.allclose(read.variance[1:], P_TABLES[name][1], atol=1e-5)
    assert read.outcomes()[0] == {0}
    assert not any(shown & {1, 2} for shown in read.outcomes())


@pytest.mark.parametrize("name", P_TABLES)
def test_a_p_table_of_tau_argus_is_made_again_to_its_printed_digits(
    vectors: Path, name: str
) -> None:
    largest, variance, stay, digits = P_TABLES[name]
    read = read_p_table((vectors / name).read_text())
    made = p_table(largest=largest, variance=variance, never=2, stay=stay)
    assert made.chances.shape == read.chances.shape
    # The files' last digits also carry their own solver's tolerance: 0.04675981 and 0.04675979
    # stand on the two sides of one symmetric row.
    lifted = (read.chances == FLOOR).any(axis=1)
    assert lifted.sum() == (2 if "szenario" in name else 0)
    assert np.abs(made.chances - read.chances)[~lifted].max() < 2 * 10.0**-digits
    assert (
        np.abs(made.chances - read.chances)[lifted].max(initial=0) < 20 * FLOOR
    )  # its neighbours pay for it
    if stay is not None:
        assert (made.chances[3:, largest] == stay).all()
