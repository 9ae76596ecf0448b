"""Ward figures carried from earlier wards: drawn, and every reason why there is none."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bluelamp.definitions import DefinitionFaults, definitions_root
from bluelamp.evidence.geography.joining import CannotJoin, Join, shares_of
from bluelamp.evidence.geography.lookups import Lookups, NoLookup, read_joins, sources_behind
from bluelamp.evidence.known import Known
from bluelamp.evidence.reading import TALLY_SCHEMA
from bluelamp.evidence.store import Store
from bluelamp.measures.carried import NO_LOOKUPS, UNKNOWN_ABSENCE, Carried, carried_to_wards
from bluelamp.measures.definition import read_measures
from bluelamp.measures.series import Series
from bluelamp.periods import Month

ROOT = definitions_root()
JOIN = "wards-2014-2018-to-wards-2025"
#  earlier wards   |---- A ----|---- B ----|- C -|
#  wards in force  |-- X --|------ Y ------|- Z -|
PAIRS = [("A", "X", 0.75), ("A", "Y", 0.25), ("B", "Y", 1.0), ("C", "Z", 1.0)]


def join() -> Join:
    table = pl.DataFrame(PAIRS, schema=["from", "to", "share"], orient="row")
    shares, _ = shares_of(table, "by residents", 0.0, {"from": "old", "to": "new"})
    return Join("old", "new", "by residents", "made up", "In words.", shares, ("look-up",))


def tally(*cells: tuple[str, str, int | None]) -> pl.DataFrame:
    """Rows of (month, ward, count)."""
    rows = pl.DataFrame(cells, schema=["month", "area", "count"], orient="row")
    constants = {"level": "ward", "within": "old borough", "receipt": "file"}
    return rows.with_columns(
        pl.lit(constants.get(name, "")).alias(name) if name != "value" else pl.lit(None).alias(name)
        for name in (*TALLY_SCHEMA, "receipt")
        if name not in rows.columns
    ).select(*(pl.col(name).cast(kind) for name, kind in TALLY_SCHEMA.items()), "receipt")


@pytest.fixture
def nothing(tmp_path: Path) -> Known:
    return Known(date(2026, 1, 1), None, pl.DataFrame(), {}, Store(tmp_path / "store"))


def carried(known: Known, rows: pl.DataFrame, monkeypatch, *, zero: bool = False) -> Carried:
    monkeypatch.setattr(Known, "coded", lambda self, source, level: rows)
    base = (known.on, known.received_by, known.chosen, known.receipts, known.store)
    return Carried(*base, join(), {"X": "P", "Y": "P", "Z": "Q"}, zero)


MONTHS = [
    # crimes of the earlier wards   absence is zero   those of the wards in force
    ({"A": 100, "B": 10, "C": 1},   False,            {"X": 75.0, "Y": 35.0, "Z": 1.0}),
    ({"A": 100, "C": 1},            False,            {"X": 75.0, "Z": 1.0}),  # B: not covered
    ({"A": 100, "C": 1},            True,             {"X": 75.0, "Y": 25.0, "Z": 1.0}),
    ({"B": 10},                     False,            {}),
    ({"B": 10, "A": 0},             False,            {"X": 0.0, "Y": 10.0}),
]  # fmt: skip


@pytest.mark.parametrize(("before", "zero", "now"), MONTHS)
def test_crimes_of_a_month(nothing, monkeypatch, before, zero, now):
    rows = tally(*(("2018-06", ward, n) for ward, n in before.items()))
    found = carried(nothing, rows, monkeypatch, zero=zero).tally("source", "ward")
    assert dict(found.select("area", "count").iter_rows()) == now
    assert found.columns == rows.columns
    assert set(found["receipt"]) <= {"file"}


def test_a_ward_lies_in_the_borough_that_it_has_now(nothing, monkeypatch):
    found = carried(nothing, tally(("2018-06", "C", 1)), monkeypatch).tally("source", "ward")
    assert found["within"].to_list() == ["Q"]


def test_a_ward_covered_in_one_month_is_not_thereby_covered_in_another(nothing, monkeypatch):
    rows = tally(("2018-05", "A", 8), ("2018-05", "B", 1), ("2018-06", "A", 4))
    found = carried(nothing, rows, monkeypatch).tally("source", "ward")
    assert found.select("month", "area", "count").sort("month", "area").rows() == [
        ("2018-05", "X", 6.0), ("2018-05", "Y", 3.0), ("2018-06", "X", 3.0)
    ]  # fmt: skip


def test_other_levels_stay_as_they_are(nothing, monkeypatch):
    rows = tally(("2018-06", "E09000002", 7))
    assert carried(nothing, rows, monkeypatch).tally("source", "borough").equals(rows)


# --- the reason why there is none -----------------------------------------------------------------

MEASURE = replace(read_measures(ROOT)["burglary"], ward_join=JOIN)


def made(measure, known) -> Series:
    """What a measure comes to where nothing is carried: one month known, one not."""
    value = np.array([[3.0, np.nan]])
    reasons = np.array([["", "not published for this month"]], dtype=object)
    months = (Month(2018, 5), Month(2018, 6))
    return Series(measure, "ward", ("X",), months, value, None, value, reasons,
                  np.zeros((1, 2), dtype=bool), (("file",), ()))  # fmt: skip


class LookUps(Lookups):
    """Look-ups whose join is made up, or fails."""

    def named(self, name: str) -> Join:
        if name == "lacking":
            raise NoLookup("receive a file of the source")
        return join()


@pytest.mark.parametrize(
    ("name", "absent", "lookups", "reason"),
    [
        (JOIN, "zero", False, NO_LOOKUPS),
        (JOIN, "unknown", True, UNKNOWN_ABSENCE),
        ("lacking", "zero", True, "receive a file of the source"),
    ],
)
def test_what_cannot_be_carried_is_withheld_in_words(nothing, name, absent, lookups, reason):
    at_hand = LookUps(ROOT, nothing) if lookups else None
    measure = replace(MEASURE, ward_join=name)
    series = carried_to_wards(measure, nothing, absent, at_hand, made)
    assert series.measure is measure
    assert np.isnan(series.value).all()
    assert series.reasons.tolist() == [[reason, "not published for this month"]]


@pytest.fixture
def with_wards(monkeypatch):
    monkeypatch.setattr(
        "bluelamp.evidence.geography.editions.Editions.areas", lambda self, edition: {}
    )


def test_wards_of_another_edition_than_said_are_withheld_in_words(nothing, with_wards):
    def wrong(measure, known):
        if isinstance(known, Carried):
            raise CannotJoin("W: each lies in several")
        return made(measure, known)

    series = carried_to_wards(MEASURE, nothing, "zero", LookUps(ROOT, nothing), wrong)
    assert series.reasons[0, 0] == "W: each lies in several"


def test_a_figure_has_the_receipts_of_its_look_up_beside_its_own(nothing, with_wards):
    series = carried_to_wards(MEASURE, nothing, "zero", LookUps(ROOT, nothing), made)
    assert series.receipts == (("file", "look-up"), ("look-up",))
    assert series.value[0, 0] == 3.0


# --- definitions ----------------------------------------------------------------------------------


def test_a_measure_tells_how_its_wards_were_carried_over(tmp_path):
    root = tmp_path / "definitions"
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns("plans"))
    path = root / "measures/burglary.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}ward_join: {JOIN}\n", encoding="utf-8")
    caveat = read_measures(root)["burglary"].caveats[-1]
    assert caveat.startswith("Figures of wards are carried over from earlier wards. A ward whose")
    assert caveat.endswith(read_joins(root)[JOIN].words)
    path.write_text(f"{text}ward_join: wards-2014-2018-to-wards-2026\n", encoding="utf-8")
    with pytest.raises(DefinitionFaults, match=f"did you mean '{JOIN}'"):
        read_measures(root)


def test_a_published_percentage_is_not_shared_out_among_wards():
    with pytest.raises(ValueError, match="counts are carried to other wards, and not a published"):
        replace(MEASURE, kind="published")


def test_the_tables_behind_a_join_are_those_of_every_step():
    joins = read_joins(ROOT)
    assert sources_behind(joins[JOIN], joins) == {
        "residents-age-lsoa", "lsoa11-ward-msoa-borough", "lsoa11-ward-shares", "lsoa11-lsoa21"
    }  # fmt: skip
