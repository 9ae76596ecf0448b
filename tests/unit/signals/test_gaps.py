"""Gaps from the publishers' files to a reading: what was planted is found, within its interval.

A made-up year of searches in three boroughs, drawn from a fixed seed. In each borough Black people
are searched three times as often as White people and Asian people as often; but most Asian people
live where everybody is searched often, so that in the whole they seem to be searched more.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bluelamp.definitions import definitions_root, read_gazetteer, read_office
from bluelamp.evidence.known import as_known
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.source import read_sources
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context
from bluelamp.measures.gap import read_gaps
from bluelamp.periods import Month, months_between
from bluelamp.releases.build import Order, build, rebuild
from bluelamp.releases.release import Release
from bluelamp.signals.gap_reading import GapReading, GapResult
from bluelamp.signals.gaps import judge_gaps

FORCE, CAMDEN, CROYDON, BARNET = "E23000001", "E09000007", "E09000008", "E09000003"
GAP = "stop-and-search-by-ethnicity"
# Borough: where its searches are, searches of a White resident a year, residents of each group.
BOROUGHS = {
    CAMDEN: ((51.545, -0.155), 0.020, {"White": 40_000, "Black": 30_000, "Asian": 50_000}),
    CROYDON: ((51.37, -0.09), 0.004, {"White": 90_000, "Black": 20_000, "Asian": 10_000}),
    BARNET: ((51.615, -0.21), 0.004, {"White": 95_000, "Black": 9_000, "Asian": 9_000}),
}
SEARCHED = {"White": 1.0, "Black": 3.0, "Asian": 1.0}
ACTED_ON = {"White": 0.2, "Black": 0.2, "Asian": 0.3}
NOT_WRITTEN_DOWN = 0.05
FIRST, LAST = Month(2023, 3), Month(2024, 2)
BROAD = {
    "White": "White", "Asian": "Asian, Asian British or Asian Welsh",
    "Black": "Black, Black British, Black Welsh, Caribbean or African",
    "Mixed": "Mixed or Multiple ethnic groups", "Other": "Other ethnic group",
}  # fmt: skip
COLUMNS = (
    "Type", "Date", "Part of a policing operation", "Policing operation", "Latitude", "Longitude",
    "Gender", "Age range", "Self-defined ethnicity", "Officer-defined ethnicity", "Legislation",
    "Object of search", "Outcome", "Outcome linked to object of search",
    "Removal of more than just outer clothing",
)  # fmt: skip


def search(rng: np.random.Generator, month: Month, group: str, place: tuple[float, float]) -> dict:
    day, hour = int(rng.integers(1, month.days + 1)), int(rng.integers(6, 20))
    outcome = "A no further action disposal"
    if rng.random() < ACTED_ON[group]:
        outcome = "Arrest" if rng.random() < 0.5 else "Community resolution"
    return {
        "Type": "Person search", "Date": f"{month}-{day:02}T{hour:02}:00:00+00:00",
        "Latitude": f"{place[0]}", "Longitude": f"{place[1]}", "Gender": "Male",
        "Age range": "18-24", "Outcome": outcome,
        "Officer-defined ethnicity": "" if rng.random() < NOT_WRITTEN_DOWN else group,
        "Object of search": "Stolen goods" if rng.random() < 0.3 else "Controlled drugs",
    }  # fmt: skip


def write_files(folder: Path) -> None:
    """Twelve whole months of searches, one that ends on the 10th, and the census."""
    rng = np.random.default_rng(20_240_229)
    for month in months_between(FIRST, LAST + 1):
        rows = [
            search(rng, month, group, place)
            for place, rate, residents in BOROUGHS.values()
            for group, people in residents.items()
            for _ in range(int(rng.poisson(rate * SEARCHED[group] * people / 12)))
        ]
        # A vehicle without a person is nobody's search.
        rows += [rows[0] | {"Type": "Vehicle search"}] * 20
        if month > LAST:
            rows = [row for row in rows if row["Date"][8:10] <= "10"]
        with (folder / f"{month}-metropolitan-stop-and-search.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
    with (folder / "census.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ltla21_code", "ltla21_name", "ethnic_group", "value"])
        for area in read_gazetteer(definitions_root()).of_kind("borough"):
            # Hardly anybody lives in the others: a census without them would not be whole.
            residents = BOROUGHS[area.code][2] if area.code in BOROUGHS else {}
            for group, words in BROAD.items():
                writer.writerow([area.code, area.name, f"{words}: Any", residents.get(group, 10)])


@pytest.fixture(scope="module")
def store(made_once: Callable[..., Path]) -> Store:
    def make(folder: Path) -> None:
        (folder / "files").mkdir()
        write_files(folder / "files")
        desk = Desk(definitions_root())
        outcomes = receive(Store(folder / "s"), desk, [folder / "files"], on=date(2024, 6, 1))
        assert [o for o in outcomes if o.is_fault] == []

    return Store(made_once("a-year-of-searches", make) / "s")


@pytest.fixture(scope="module")
def judged(store) -> Callable[[str], GapResult]:
    def judge(on: str = "2026-04-30", only: frozenset[str] | None = None) -> GapResult:
        root = definitions_root()
        sources = read_sources(root)
        known = as_known(store, sources, on=date.fromisoformat(on), received_by=None, only=only)
        context = Context(known, sources, {}, read_gazetteer(root), read_office(root).force)
        (result,) = judge_gaps({GAP: read_gaps(root)[GAP]}, context, {FORCE: "London"})
        return result

    return judge


@pytest.fixture(scope="module")
def result(judged) -> GapResult:
    return judged()


def reading(result: GapResult, benchmark: str, group: str, **more: str) -> GapReading:
    wanted = {"area": FORCE, "kind": "", "benchmark": benchmark, "group": group} | more
    (found,) = [
        r for r in result.readings if all(getattr(r, name) == v for name, v in wanted.items())
    ]
    return found


def test_the_newest_twelve_complete_months_are_taken(result):
    assert (result.first, result.last) == ("2023-03", "2024-02")


@pytest.mark.parametrize("borough", BOROUGHS)
@pytest.mark.parametrize(("group", "planted"), [("black", 3.0), ("asian", 1.0)])
def test_the_planted_ratio_lies_in_the_interval_of_each_borough(result, borough, group, planted):
    found = reading(result, "residents", group, area=borough)
    assert found.lower <= planted <= found.upper


def test_like_with_like_finds_what_was_planted_and_the_whole_does_not(result):
    black, asian = (reading(result, "same-borough", group) for group in ("black", "asian"))
    assert black.lower <= 3.0 <= black.upper
    assert asian.lower <= 1.0 <= asian.upper
    # The whole: searches of Asian people by where they live, against the same of White people.
    rates = {
        g: sum(rate * people[g] for _, rate, people in BOROUGHS.values())
        / sum(people[g] for _, _, people in BOROUGHS.values())
        for g in ("Asian", "White")
    }
    assert rates["Asian"] / rates["White"] > 1.5
    assert asian.whole_lower <= rates["Asian"] / rates["White"] <= asian.whole_upper
    assert asian.check == "gone"
    assert "Taken apart, no clear gap is left." in asian.sentence
    assert black.check == "same"


@pytest.mark.parametrize(("group", "planted"), [("black", 1.0), ("asian", 1.5)])
def test_what_came_of_searches_is_found(result, group, planted):
    for benchmark in ("steps", "same-kind"):
        found = reading(result, benchmark, group, stage="acted-on")
        assert found.lower <= planted <= found.upper
    equal = reading(result, "steps", group, stage="arrested")
    assert equal.lower <= 1 <= equal.upper
    assert "so it may be luck" in equal.sentence


def test_the_steps_multiply_to_the_whole_way(result):
    steps = [
        reading(result, "residents", "asian").ratio,
        *(reading(result, "steps", "asian", stage=s).ratio for s in ("acted-on", "arrested")),
    ]
    whole = reading(result, "whole-way", "asian")
    assert whole.ratio == pytest.approx(np.prod(steps))
    arrests = whole.events / whole.among / (whole.reference_events / whole.reference_among)
    assert whole.ratio == pytest.approx(arrests)


def test_who_nobody_wrote_down_is_counted_and_bounds_the_ratio(result):
    found = reading(result, "residents", "black")
    assert found.unknown_share == pytest.approx(NOT_WRITTEN_DOWN, abs=0.01)
    assert found.bound_lower < found.lower < found.upper < found.bound_upper
    assert "there is no ethnic group written down" in found.sentence


def test_a_vehicle_without_a_person_is_nobody(store, result):
    found = [reading(result, "residents", g) for g in ("black", "asian", "other")]
    told = sum(r.events for r in found) + found[0].reference_events + found[0].unknown
    files = store.root.parent / "files"
    rows = sum(
        row["Type"] == "Person search"
        for path in files.glob("*-search.csv")
        if path.name < f"{LAST + 1}"
        for row in csv.DictReader(path.read_text().splitlines())
    )
    assert told == rows


def test_a_borough_that_the_files_do_not_list_has_a_reason(result):
    found = reading(result, "residents", "black", area="E09000002")
    assert found.ratio is None
    assert found.reason == "the publisher's file does not list this area"
    assert found.sentence.startswith("Black people and White people cannot be compared in Barking")


def test_no_sentence_gives_a_cause_or_a_verdict(result):
    words = ("bias", "racis", "discriminat", "because", "due to", "cause", "unfair", "profil")
    for each in result.readings:
        assert not [word for word in words if word in each.sentence.lower()]


def test_the_comparisons_are_counted(result):
    assert result.comparisons == sum(r.ratio is not None for r in result.readings) > 50


def test_nothing_is_said_where_too_little_was_published(judged, store):
    eleven = [r.key for r in store.receipts() if r.name > "2023-04"]
    early = judged(only=frozenset(eleven))
    assert early.reason == "there are no twelve complete months one after another"
    assert early.readings == ()
    assert judged("2022-01-01").reason == "nothing of it was published by this date"


def test_a_release_freezes_gaps_and_a_rebuild_gives_the_same_bytes(store, small_london, tmp_path):
    order = Order(small_london.definitions, "london-2017", date(2026, 4, 30))
    release = build(store, order, tmp_path / "release")
    assert release.gap_results[GAP].first == "2023-03"
    assert set(release.gap_results[GAP].receipts) <= set(release.receipts)
    assert rebuild(store, Release(tmp_path / "release"), tmp_path / "again").identical
