"""Crimes of 2018 by ward of 2014, asked for by ward of 2025: by a definition alone."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bluelamp.definitions import definitions_root, read_gazetteer
from bluelamp.evidence.geography.lookups import Lookups
from bluelamp.evidence.known import as_known
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context, series_of
from bluelamp.measures.counting import AREA_NOT_LISTED
from bluelamp.measures.definition import read_measures
from bluelamp.measures.series import Series
from bluelamp.measures.tables import figure_table

JOIN = "wards-2014-2018-to-wards-2025"
NEEDED = (
    "places/lookups", "places/boundaries/london_lsoa_2011.geojson",
    "places/boundaries/london_lsoa_2021.geojson",
    "places/population/london_lsoa11_single_year_age_2017_2019_2020.parquet",
)  # fmt: skip
MEASURE = f"""
title: Records by ward
things: street-level records
description: Records of crime in 2018, by ward.
why: The wards were drawn anew.
kind: count
source: police-uk-crimes-by-ward
levels: [ward]
unit: records
numerator:
  - {{}}
numerator_words: Records of the month
ward_join: {JOIN}
review: {{author: A, checked_by: B, on: 2026-01-01, next: 2027-01-01}}
"""


@pytest.fixture(scope="module")
def definitions(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("carried") / "definitions"
    shutil.copytree(definitions_root(), root, ignore=shutil.ignore_patterns("plans"))
    (root / "measures/records-by-ward.yaml").write_text(MEASURE, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def answers(real_data: Path) -> Path:
    return real_data / "police-uk/metropolitan-api-by-ward/london_month_2018_06.zip"


def series(definitions: Path, store: Store) -> tuple[Series, Lookups]:
    desk = Desk(definitions)
    known = as_known(store, desk.sources, on=date(2026, 4, 30), received_by=None)
    lookups, measures = Lookups(definitions, known), read_measures(definitions)
    context = Context(
        known, desk.sources, measures, read_gazetteer(definitions), "E23000001", lookups
    )
    (found,) = series_of(measures["records-by-ward"], context)
    return found, lookups


def test_every_ward_of_2025_has_its_part_or_the_reason(definitions, answers, real_data, tmp_path):
    store = Store(tmp_path / "store")
    paths = [answers, *(real_data / needed for needed in NEEDED)]
    receive(store, Desk(definitions), paths, on=date(2026, 11, 21))
    found, lookups = series(definitions, store)
    wards: dict[str, set[int]] = defaultdict(set)
    with zipfile.ZipFile(answers) as archive:
        for name in archive.namelist():
            if code := re.search(r"E05\d{6}", name):
                wards[code[0]] |= {crime["id"] for crime in json.loads(archive.read(name))}
    once: dict[str, int] = {}
    seen: set[int] = set()
    for ward in sorted(wards):  # a crime on a border counts where the code comes first
        once[ward] = len(wards[ward] - seen)
        seen |= wards[ward]
    slow: dict[str, float] = defaultdict(float)
    without: set[str] = set()
    for old, new, share in lookups.named(JOIN).shares.iter_rows():
        slow[new] += share * once.get(old, 0)
        if not wards.get(old):
            without.add(new)
    assert found.value.shape[1] == 1
    ours = dict(zip(found.areas, found.value[:, 0], strict=True))
    reasons = dict(zip(found.areas, found.reasons[:, 0], strict=True))
    assert len(ours) > 600
    for ward, value in ours.items():
        if ward in without or ward not in slow:
            assert (np.isnan(value), reasons[ward]) == (True, AREA_NOT_LISTED), ward
        else:
            assert value == pytest.approx(slow[ward]), ward
    assert 200 < sum(reason == "" for reason in reasons.values()) < 600
    # What the look-up was made of stands beside the file, and its words beside the figure.
    assert len(found.receipts[0]) == 1 + 5
    assert "how many of their people live in each new ward" in found.measure.caveats[-1]
    table = figure_table(found, ["month"])
    told = table.filter(pl.col("value").is_not_null())["receipts"]
    assert set(told.str.count_matches(r"[0-9a-f]{8,}")) == {6}


def test_without_the_look_up_no_ward_has_a_figure_and_each_says_why(definitions, answers, tmp_path):
    store = Store(tmp_path / "store")
    receive(store, Desk(definitions), [answers], on=date(2026, 11, 21))
    found, _ = series(definitions, store)
    assert np.isnan(found.value).all()
    told = set(found.reasons.ravel())
    assert len(told) == 1
    assert "receive a file of the source 'lsoa11-ward-msoa-borough'" in told.pop()
