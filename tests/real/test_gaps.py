"""Stop and search by ethnic group, on the real files, beside a slow count that shares no code."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bluelamp.definitions import definitions_root, read_gazetteer, read_office
from bluelamp.evidence.known import Known, as_known
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.source import read_sources
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context
from bluelamp.measures.gap import read_gaps
from bluelamp.signals.gap_reading import GapReading, GapResult
from bluelamp.signals.gaps import judge_gaps
from bluelamp.statistics.gaps import rate_ratio, relative_rate_index
from bluelamp.statistics.strata import mantel_haenszel

LONDON = "E23000001"
GAP, SOURCE = "stop-and-search-by-ethnicity", "police-uk-stop-and-search"
SEARCHES = "police-uk/metropolitan-stop-and-search"
CENSUS = "places/population/london_borough_ethnicity_census2021.csv"
# Every search that the Metropolitan Police sent in, in the months that are whole.
ALL_SEARCHES = 1_129_919


@pytest.fixture(scope="module")
def known(real_data: Path, made_once: Callable[..., Path]) -> Known:
    def make(folder: Path) -> None:
        paths = [real_data / SEARCHES, real_data / CENSUS]
        receive(Store(folder / "s"), Desk(definitions_root()), paths, on=date(2026, 4, 20))

    store = Store(made_once("searches-and-census", make) / "s")
    sources = read_sources(definitions_root())
    return as_known(store, sources, on=date(2026, 4, 30), received_by=None)


@pytest.fixture(scope="module")
def result(known: Known) -> GapResult:
    root = definitions_root()
    force = read_office(root).force
    context = Context(known, read_sources(root), {}, read_gazetteer(root), force)
    (found,) = judge_gaps({GAP: read_gaps(root)[GAP]}, context, {LONDON: "London"})
    return found


@pytest.fixture(scope="module")
def rows(real_data: Path, result: GapResult) -> list[dict[str, str]]:
    """The rows of the twelve months, out of the publisher's zips by the csv module."""
    found = []
    for path in sorted((real_data / SEARCHES).glob("metropolitan-stop-and-search-202[34].zip")):
        with zipfile.ZipFile(path) as bundle:
            for name in bundle.namelist():
                if result.first <= Path(name).name[:7] <= result.last:
                    with bundle.open(name) as stream:
                        found += list(csv.DictReader(io.TextIOWrapper(stream, "utf-8-sig")))
    return [row for row in found if row["Type"] != "Vehicle search"]


def reading(result: GapResult, benchmark: str, group: str, stage: str) -> GapReading:
    (found,) = [
        r for r in result.readings
        if (r.area, r.benchmark, r.group, r.stage, r.kind)
        == (LONDON, benchmark, group, stage, "")
    ]  # fmt: skip
    return found


def test_every_search_of_the_whole_months_is_known(known: Known):
    total = known.tally(SOURCE, "force")["count"].sum()
    assert total == ALL_SEARCHES
    # December 2022 breaks off on the 17th, and speaks for nothing.
    assert known.tally(SOURCE, "force").filter(month="2022-12").is_empty()


def test_the_newest_twelve_complete_months(result: GapResult):
    assert (result.first, result.last) == ("2023-09", "2024-08")
    assert result.strange == ()


def test_searches_and_arrests_of_each_group_are_those_of_the_slow_count(result, rows):
    searched = Counter(row["Officer-defined ethnicity"] or "unknown" for row in rows)
    arrested = Counter(
        row["Officer-defined ethnicity"] for row in rows if row["Outcome"] == "Arrest"
    )
    for group, word in (("black", "Black"), ("asian", "Asian"), ("other", "Other")):
        found = reading(result, "residents", group, "searched")
        assert found.events == searched[word]
        assert found.reference_events == searched["White"]
        assert found.unknown == searched["unknown"]
        assert reading(result, "whole-way", group, "arrested").events == arrested[word]


def test_the_ratio_for_london(result, real_data):
    """By hand from the census file and the counts: 45,696 of 1.19 m against 45,198 of 4.73 m."""
    residents = Counter()
    with (real_data / CENSUS).open(encoding="utf-8-sig") as stream:
        for row in csv.DictReader(stream):
            if row["ltla21_name"] != "City of London":
                residents[row["ethnic_group"].split(":")[0]] += int(row["value"])
    black = next(n for words, n in residents.items() if words.startswith("Black"))
    found = reading(result, "residents", "black", "searched")
    assert (found.among, found.reference_among) == (black, residents["White"])
    assert found.ratio == pytest.approx(45_696 / black / (45_198 / residents["White"]))
    assert [round(n, 2) for n in (found.ratio, found.lower, found.upper)] == [4.02, 3.97, 4.07]
    assert [round(n, 2) for n in (found.bound_lower, found.bound_upper)] == [3.83, 4.22]


def test_a_search_that_is_in_no_borough_is_not_lost(result):
    force = sum(reading(result, "residents", g, "searched").events for g in ("black", "asian"))
    boroughs = sum(
        r.events
        for r in result.readings
        if r.area != LONDON and r.benchmark == "residents" and r.group in ("black", "asian")
    )
    assert 0 < force - boroughs < result.unplaced


def test_the_worked_numbers_of_the_reference_vectors(shared: Path):
    path = shared / "vectors" / "disproportionality" / "examples.json"
    if not path.is_file():
        pytest.skip("this test needs the vectors of ../shared, which are not here")
    vectors = json.loads(path.read_text())
    rri = vectors["rri_conditional"]["example"]
    made = relative_rate_index(rri["a"], rri["A"], rri["b"], rri["B"])
    assert [float(made.value), float(made.lower), float(made.upper)] == pytest.approx(
        rri["out"], rel=1e-6
    )
    rate = vectors["rate_ratio_population"]["example"]
    ratio = rate_ratio(rate["a"], rate["pop_a"], rate["b"], rate["pop_b"])
    assert [float(ratio.value), float(ratio.lower), float(ratio.upper)] == pytest.approx(
        rate["out"], rel=1e-6
    )
    simpson = vectors["simpson_UCBAdmissions"]
    table = np.array(simpson["table_male_adm_rej_female_adm_rej"])
    men, women = table[:, :2], table[:, 2:]
    common = mantel_haenszel(men[:, 0], men.sum(1), women[:, 0], women.sum(1), "odds")
    assert float(common.value) == pytest.approx(simpson["mantel_haenszel_OR"], rel=1e-9)
    # Worked out there with 1.96 for the normal quantile.
    ends = [float(common.lower), float(common.upper)]
    assert ends == pytest.approx(simpson["ci95"], rel=1e-5)
    whole = table.sum(0)
    assert whole[0] * whole[3] / whole[1] / whole[2] == pytest.approx(simpson["crude_OR"])
