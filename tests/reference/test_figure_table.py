"""Figures of every kind of period, against a slow twin that adds month after month."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bluelamp.definitions import definitions_root
from bluelamp.measures.compute import share
from bluelamp.measures.definition import Measure, read_measures
from bluelamp.measures.series import MORE_THAN_ALL, NONE_AT_ALL, Series
from bluelamp.measures.tables import figure_table
from bluelamp.periods import KINDS, Month, Period
from bluelamp.statistics.intervals import poisson_interval, wilson

MEASURES = {m.kind: m for m in read_measures(definitions_root()).values()}
REASONS = ("not published for this month", "the publisher's file does not list this area")
AREAS = ("E09000002", "E09000003")


@st.composite
def series(draw: st.DrawFn) -> Series:
    kind = draw(st.sampled_from(["count", "rate", "share", "published"]))
    start = Month(2022, draw(st.integers(1, 12)))
    length = draw(st.integers(1, 27))
    months = tuple(start + i for i in range(length))
    shape = (len(AREAS), length)

    def grid(values: st.SearchStrategy[Any]) -> np.ndarray:
        cells = st.lists(values, min_size=math.prod(shape), max_size=math.prod(shape))
        return np.array(draw(cells), dtype=float).reshape(shape)

    missing = draw(st.sampled_from([0, 0, 1, 8]))
    reasons = np.full(shape, "", dtype=object)
    for _ in range(missing):
        i, j = draw(st.integers(0, 1)), draw(st.integers(0, length - 1))
        reasons[i, j] = draw(st.sampled_from(REASONS))
    numerator, denominator = grid(st.integers(0, 40)), None
    if kind == "share":
        denominator = grid(st.sampled_from([0, 0, 5, 30, 50]))
    if kind == "rate":
        denominator = grid(st.integers(900, 1_100))
        denominator[reasons != ""] = np.nan  # residents are not known either
    numerator[reasons != ""] = np.nan
    measure: Measure = MEASURES[kind]
    if kind == "published":
        value = np.where(reasons == "", grid(st.sampled_from([0.0, 0.25, 1.0])), np.nan)
        numerator = np.full(shape, np.nan)
    elif kind == "share":
        value, reasons = share(numerator, denominator, reasons)
    elif kind == "rate":
        value = numerator / denominator * measure.per
    else:
        value = numerator
    receipts = tuple((draw(st.sampled_from(["aa", "bb"])), "cc") for _ in months)
    return Series(
        measure, "borough", AREAS, months, numerator, denominator, value, reasons,
        np.zeros(shape, dtype=bool), receipts, monthly=kind != "published",
    )  # fmt: skip


def periods_of(one: Series, kind: str) -> list[Period]:
    """Every period of a kind that lies inside; of a survey, the months anybody was told of."""
    if not one.monthly:
        told = [m for j, m in enumerate(one.months) if any(one.reasons[:, j] == "")]
        return [Period("r12", month) for month in told] if kind == "r12" else []
    found = []
    for month in one.months:
        period = Period.containing(kind, month)
        if period.last == month and all(m in one.months for m in period.months):
            found.append(period)
    return found


def slow(one: Series, kind: str) -> list[dict[str, Any]]:
    answer = []
    for i, area in enumerate(one.areas):
        for period in periods_of(one, kind):
            months = period.months if one.monthly else [period.last]
            columns = [one.months.index(month) for month in months]
            row = {
                "kind": kind, "area": area, "group": "all", "period": str(period),
                "numerator": None, "denominator": None, "value": None, "lower": None,
                "upper": None, "status": "ok",
                "receipts": " ".join(sorted({r for j in columns for r in one.receipts[j]})),
            }  # fmt: skip
            answer.append(row)
            why = [one.reasons[i, j] for j in columns if one.reasons[i, j]]
            if one.measure.kind == "share":  # such a month still has its two counts
                why = [w for w in why if w not in (MORE_THAN_ALL, NONE_AT_ALL)]
            if why:
                several = f"{len(why)} of {len(columns)} months are missing: {why[0]}"
                row["status"] = several if len(columns) > 1 else why[0]
                continue
            if one.measure.kind == "published":
                row["value"] = float(one.value[i, columns[0]])
                continue
            n = sum(float(one.numerator[i, j]) for j in columns)
            row["numerator"] = n
            if one.measure.kind == "count":
                row["value"] = n
                row["lower"], row["upper"] = map(float, poisson_interval(n))
                continue
            d = sum(float(one.denominator[i, j]) for j in columns)
            if one.measure.kind == "rate":
                people = d / len(columns)
                row["denominator"] = people
                row["value"] = n / people * one.measure.per
                bounds = map(float, poisson_interval(n))
                row["lower"], row["upper"] = (b / people * one.measure.per for b in bounds)
                continue
            row["denominator"] = d
            if d == 0:
                row["status"] = NONE_AT_ALL
            elif n > d:
                row["status"] = MORE_THAN_ALL
            else:
                row["value"] = n / d
                row["lower"], row["upper"] = map(float, wilson(n, d))
    return answer


def assert_alike(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """The same words, and numbers that differ in the last digits at most."""
    assert list(ours) == list(theirs)
    for name, value in theirs.items():
        if isinstance(value, float):
            assert ours[name] == pytest.approx(value, rel=1e-9, abs=1e-12), (name, ours, theirs)
        else:
            assert ours[name] == value, (name, ours, theirs)


@settings(max_examples=150, deadline=None)
@given(one=series())
def test_every_figure_is_that_of_the_slow_twin(one):
    event(one.measure.kind)
    table = figure_table(one)
    assert table["kind"].unique().sort().to_list() == sorted(
        kind for kind in KINDS if periods_of(one, kind)
    )
    for kind in KINDS:
        found = [row for row in table.iter_rows(named=True) if row["kind"] == kind]
        expected = slow(one, kind)
        assert len(found) == len(expected)
        for ours, theirs in zip(found, expected, strict=True):
            assert_alike(ours, theirs)


@settings(max_examples=30, deadline=None)
@given(one=series(), kind=st.sampled_from(KINDS))
def test_asking_for_one_kind_gives_the_same_rows(one, kind):
    whole = figure_table(one)
    part = figure_table(one, [kind])
    assert part.equals(whole.filter(whole["kind"] == kind))


@settings(max_examples=30, deadline=None)
@given(one=series(), cut=st.integers(1, 26))
def test_figures_of_the_past_do_not_hang_on_later_months(one, cut):
    length = min(cut, len(one.months))
    earlier = dataclasses.replace(
        one, months=one.months[:length], numerator=one.numerator[:, :length],
        denominator=None if one.denominator is None else one.denominator[:, :length],
        value=one.value[:, :length], reasons=one.reasons[:, :length],
        being_checked=one.being_checked[:, :length], receipts=one.receipts[:length],
    )  # fmt: skip
    whole = {
        (r["kind"], r["area"], r["period"]): r for r in figure_table(one).iter_rows(named=True)
    }
    for row in figure_table(earlier).iter_rows(named=True):
        assert_alike(row, whole[row["kind"], row["area"], row["period"]])
