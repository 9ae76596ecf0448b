"""Rows -> counts on a grid, against a slow twin; and the tally against a Counter."""

from __future__ import annotations

import dataclasses
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.definitions import definitions_root, read_gazetteer
from bluelamp.evidence import engine
from bluelamp.evidence.known import Known
from bluelamp.evidence.reading import TALLY_SCHEMA
from bluelamp.evidence.source import Source, read_sources
from bluelamp.evidence.store import Store
from bluelamp.measures import counting
from bluelamp.measures.definition import Selection
from bluelamp.places import Area, gazetteer

FORCE = "E23000001"
BOROUGHS = ("E09000002", "E09000003")
OUTSIDE = "outside:unknown"
MONTHS = ("2023-05", "2023-06", "2023-08")  # a month of the grid that no publication has
SMALL = gazetteer(
    [Area(FORCE, "Met", "force", "x"), Area(OUTSIDE, "Unknown", "borough", "x", FORCE)]
    + [Area(code, code, "borough", "x", FORCE) for code in BOROUGHS]
)
ABSENT = {
    "zero": lambda listed: 0.0,
    "zero if the area is listed": lambda listed: 0.0 if listed else counting.AREA_NOT_LISTED,
    "unknown": lambda listed: counting.NO_FIGURE,
}

rows = st.lists(
    st.fixed_dictionaries(
        {
            "month": st.sampled_from(MONTHS[:2]),
            "area": st.sampled_from([*BOROUGHS, OUTSIDE]),
            "scope": st.sampled_from(["A", "B"]),
            "category": st.sampled_from(["BURGLARY", "ROBBERY"]),
            "subcategory": st.sampled_from(["", "HOME"]),
            "flag": st.sampled_from(["OFFENCES", "OUTCOMES"]),
            "group": st.sampled_from(["", "age=18-24"]),
            "count": st.integers(0, 9),
        }
    ),
    max_size=12,
)
words = {
    "scope": st.sets(st.sampled_from(["a", "B", "c"]), max_size=2),
    "category": st.sets(st.sampled_from(["Burglary", "ROBBERY", "THEFT"]), max_size=2),
    "subcategory": st.sets(st.sampled_from(["home"]), max_size=1),
    "flag": st.sets(st.sampled_from(["Offences"]), max_size=1),
}
selections = st.lists(
    st.builds(Selection, **{k: v.map(tuple) for k, v in words.items()}), min_size=1, max_size=2
)
units = st.lists(
    st.tuples(
        st.sampled_from(["A", "B"]), st.sampled_from(MONTHS),
        st.sampled_from(["known", "known", "known", "being checked", "partial"]),
    ),
    min_size=1, max_size=6, unique_by=lambda unit: unit[:2],
)  # fmt: skip


@pytest.fixture(scope="module")
def any_source() -> Source:
    return read_sources(definitions_root())["mps-recorded-crime"]


def known_of(drawn_units: list[Any], drawn_rows: list[dict[str, Any]]) -> Known:
    """What `as_known` would hand over: the rows of partial units are left out."""
    chosen = pl.DataFrame(
        [
            {"source": "s", "level": "borough", "scope": scope, "month": month, "receipt": scope,
             "published_on": "2024-01-01", "total": 1.0, "state": state, "note": "a note",
             "revised_from": None, "system": ""}
            for scope, month, state in drawn_units
        ]
    )  # fmt: skip
    in_force = {(scope, month) for scope, month, state in drawn_units if state != "partial"}
    kept = [
        {**row, "level": "borough", "within": FORCE, "value": None, "receipt": row["scope"]}
        for row in drawn_rows
        if (row["scope"], row["month"]) in in_force
    ]
    known = Known(date(2024, 1, 1), None, chosen, {}, Store(Path("nowhere")))
    tally = pl.DataFrame(kept, schema={**TALLY_SCHEMA, "receipt": pl.String})
    known._tallies[("s", "borough")] = tally
    return known


def takes(selection: Selection, row: Mapping[str, Any]) -> bool:
    return all(
        not (wanted := getattr(selection, column))
        or row[column].upper() in [value.upper() for value in wanted]
        for column in ("scope", "category", "subcategory", "flag")
    )


def slow(
    absent_means: str,
    scopes: set[str],
    level: str,
    chosen: list[Any],
    drawn: list[dict[str, Any]],
    wanted: list[Selection],
) -> dict[tuple[str, str], float | str]:
    """(area, month) -> the count, or why there is none."""
    relevant = [u for u in chosen if not scopes or u[0] in scopes]
    needed = scopes or {u[0] for u in relevant}
    first, last = min(u[1] for u in relevant), max(u[1] for u in relevant)
    months = [m for m in ("2023-05", "2023-06", "2023-07", "2023-08") if first <= m <= last]
    state = {(scope, month): state for scope, month, state in chosen}
    in_force = [r for r in drawn if state.get((r["scope"], r["month"]), "partial") != "partial"]
    outside = sorted({r["area"] for r in in_force if r["area"] == OUTSIDE})
    areas = [FORCE] if level == "force" else [*BOROUGHS, *outside]
    answer: dict[tuple[str, str], float | str] = {}
    for area in areas:
        for month in months:
            states = [state.get((scope, month), "missing") for scope in sorted(needed)]
            here = [
                r
                for r in in_force
                if r["month"] == month and (level == "force" or r["area"] == area)
            ]
            counted = [r["count"] for r in here if any(takes(one, r) for one in wanted)]
            if "partial" in states:
                answer[area, month] = "the publisher's file is incomplete for this month (a note)"
            elif "missing" in states:
                answer[area, month] = counting.NOT_PUBLISHED
            elif counted:
                answer[area, month] = float(sum(counted))
            else:
                answer[area, month] = ABSENT[absent_means](bool(here))
    return answer


@settings(max_examples=200, deadline=None)
@given(
    absent_means=st.sampled_from(sorted(ABSENT)),
    scopes=st.sampled_from([set(), {"A"}, {"A", "B"}, {"A", "C"}]),
    level=st.sampled_from(["force", "borough"]),
    chosen=units,
    drawn=rows,
    wanted=selections,
)
def test_counts_and_reasons_are_those_of_the_slow_twin(
    absent_means, scopes, level, chosen, drawn, wanted, any_source
):
    source = dataclasses.replace(any_source, id="s", absent_means=absent_means, scope="scope")
    known = known_of(chosen, drawn)
    grid = counting.make_grid(known, source, level, frozenset(scopes), SMALL, FORCE)
    if not any(not scopes or unit[0] in scopes for unit in chosen):
        assert grid is None
        return
    values, reasons = counting.count(known, source, grid, wanted)
    assert (np.isnan(values) == (reasons != "")).all()
    found = {
        (area, str(month)): reasons[i, j] or float(values[i, j])
        for i, area in enumerate(grid.areas)
        for j, month in enumerate(grid.months)
    }
    assert found == slow(absent_means, scopes, level, chosen, drawn, wanted)
    # A scope that is an area speaks for that area alone; any other for all areas of the level.
    doubted = [(scope, month) for scope, month, state in chosen
               if state == "being checked" and (not scopes or scope in scopes)]  # fmt: skip
    alone = {scope for scope, _, _ in chosen if not scopes or scope in scopes} <= set(grid.areas)
    assert {
        (area, str(month))
        for i, area in enumerate(grid.areas)
        for j, month in enumerate(grid.months)
        if grid.aside[i, j]
    } == {(area, month) for scope, month in doubted for area in grid.areas
          if not alone or scope == area}  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(drawn=rows)
def test_the_tally_is_a_counter(drawn):
    full = [{**row, "level": "borough", "within": FORCE, "value": None} for row in drawn]
    keys = [name for name in TALLY_SCHEMA if name not in ("count", "value")]
    counted: Counter[tuple[str, ...]] = Counter()
    for row in full:
        counted[tuple(row[key] for key in keys)] += row["count"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "typed.parquet"
        pl.DataFrame(full, schema=TALLY_SCHEMA).write_parquet(path)
        tally = engine.engine_at().tally([path])
    assert tally.schema == pl.Schema(TALLY_SCHEMA)
    found = {tuple(row[key] for key in keys): row["count"] for row in tally.iter_rows(named=True)}
    assert found == dict.fromkeys((tuple(r[k] for k in keys) for r in full), 0) | dict(counted)
    assert tally.equals(tally.sort(keys))


def test_the_boroughs_of_the_small_gazetteer_are_boroughs():
    real = read_gazetteer(definitions_root())
    assert all(real[area.code].kind == area.kind for area in SMALL)
