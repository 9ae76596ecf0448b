"""A release of records that are not public: what it gives, and what nobody can work out of it.

A made-up office counts assaults seen in A&E. Small numbers and one pair of telling large ones are
planted; two releases follow one another with a month revised. The attacker has both releases whole.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bluelamp.definitions import read_gazetteer
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store
from bluelamp.measures.definition import Measure
from bluelamp.periods import Month, Period, months_between
from bluelamp.releases.build import CannotBuild, Order, build, rebuild
from bluelamp.releases.disclosure import words
from bluelamp.releases.disclosure.counted import things_of
from bluelamp.releases.disclosure.ledger import Kept, Ledger, NoLedger
from bluelamp.releases.disclosure.tables import three
from bluelamp.releases.release import Release
from bluelamp.statistics.disclosure.audit import breaches, intervals
from bluelamp.statistics.disclosure.differencing import Release as Shown
from bluelamp.statistics.disclosure.differencing import Revision, successive
from bluelamp.statistics.disclosure.tables import Table, linked, table_of

FORCE, CAMDEN, CROYDON, BARNET = "E23000001", "E09000007", "E09000008", "E09000003"
THRESHOLD = 5
FIRST, SECOND = date(2026, 2, 28), date(2026, 4, 30)
MONTHS = months_between(Month(2024, 1), Month(2026, 3))
# Numbers that stand nowhere else: a month of a borough, and two large ones that must go with a 3.
SINGLE_MONTH, BESIDE_THE_SMALL, THE_OTHER = 71_933, 40_127, 51_849
MEASURES = {
    "assaults-seen": ("count", "numerator:\n  - {}"),
    "assaults-seen-knife": ("count", "numerator:\n  - {subcategory: [Knife]}"),
    "assaults-seen-knife-share": (
        "share", "numerator:\n  - {subcategory: [Knife]}\ndenominator:\n  - {}"),
    "assaults-seen-rate": ("rate", "rate_of: assaults-seen\nper: 1000\namong: residents"),
}  # fmt: skip
TEXT = """\
title: "{id} of a made-up office"
things: {id}
kind: {kind}
source: assault-attendances
levels: [force, borough]
unit: people
description: Made up.
why: Made up.
{rows}
review: {{author: A, checked_by: B, on: 2026-01-01, next: 2027-01-01}}
"""
HEADER = (
    "attendance_month,department_borough,assault_place,assault_weapon,assault_time,"
    "assault_attendances"
)


@dataclass(frozen=True)
class Office:
    """Two releases of one store, the second the successor of the first."""

    store: Store
    definitions: Path
    first: Release
    second: Release


def planted(names: list[str]) -> dict[tuple[str, str, str], int]:
    """How many by month, borough and weapon."""
    rng = np.random.default_rng(20_260_507)
    counts = {
        (str(month), name, weapon): int(rng.poisson(mean))
        for month in MONTHS
        for name in names
        for weapon, mean in (("Knife", 0.6), ("Body part", 9.0))
    }
    for name in names:  # a quarter in which one borough has 3 with a knife, and two have very many
        for month in ("2024-07", "2024-08", "2024-09"):
            counts[month, name, "Knife"] = 0
    counts["2024-08", "Camden", "Knife"] = 3
    counts["2024-08", "Croydon", "Knife"] = BESIDE_THE_SMALL
    counts["2024-08", "Barnet", "Knife"] = THE_OTHER
    counts["2025-02", "Croydon", "Body part"] = SINGLE_MONTH
    return counts


def file_of(path: Path, counts: dict[tuple[str, str, str], int], months: list[Month]) -> Path:
    told = {str(month) for month in months}
    lines = [
        f"{month},{name},Street,{weapon},20:00-23:59,{count}"
        for (month, name, weapon), count in counts.items()
        if count and month in told
    ]
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return path


def with_measures(definitions: Path) -> Path:
    for id, (kind, rows) in MEASURES.items():
        text = TEXT.format(id=id, kind=kind, rows=rows)
        (definitions / f"measures/{id}.yaml").write_text(text)
    return definitions


@pytest.fixture(scope="session")
def office(made_once: Callable[..., Path], small_london) -> Office:
    def make(folder: Path) -> None:
        definitions = folder / "definitions"
        shutil.copytree(small_london.definitions, definitions)
        with_measures(definitions)
        store = Store(folder / "store")
        shutil.copytree(small_london.store.root, store.root)
        names = [
            a.name for a in read_gazetteer(definitions).of_kind("borough") if a.parent == FORCE
        ]
        counts = planted(names)
        desk = Desk(definitions)

        def received(name: str, months: list[Month], day: date) -> None:
            (outcome,) = receive(
                store, desk, [file_of(folder / name, counts, months)], on=day, published=day
            )
            assert not outcome.is_fault, outcome

        received("first.csv", MONTHS[:24], date(2026, 2, 1))
        shelf = store.root / "releases"
        order = Order(definitions, "london-2017", FIRST)
        first = build(store, order, shelf / "with-small-1")
        # Two more were found in a month that has been published, and a new quarter has come.
        counts["2025-05", "Camden", "Knife"] += 2
        received("second.csv", MONTHS[16:17] + MONTHS[24:], date(2026, 4, 20))
        order = Order(definitions, "london-2017", SECOND, predecessor=first.manifest.id)
        build(store, order, shelf / "with-small-2")

    folder = made_once("office-with-small-numbers", make)
    store = Store(folder / "store")
    first, second = (Release(store.root / f"releases/with-small-{i}") for i in (1, 2))
    return Office(store, folder / "definitions", first, second)


# --- what a reader finds --------------------------------------------------------------------------


def figures(release: Release, measure: str, kind: str, area: str) -> dict[str, str | float]:
    return {
        f.period: f.status if f.status != "ok" else f.value
        for f in release.figures(measure, area=area, kind=kind)
    }


def test_a_large_number_is_given_and_a_small_one_is_not(office):
    assert figures(office.second, "assaults-seen", "quarter", CROYDON)["2025-Q1"] > SINGLE_MONTH
    left_out = figures(office.second, "assaults-seen-knife", "quarter", CAMDEN)["2024-Q3"]
    assert left_out == (
        "withheld to protect people: fewer than 5, or it would let a small number be worked out"
    )


def test_what_is_left_out_for_what_it_holds_and_beside_it_look_alike(office):
    found = [
        f
        for area in (CAMDEN, CROYDON, BARNET)
        for f in office.second.figures("assaults-seen-knife", area=area, kind="quarter")
        if f.period == "2024-Q3"
    ]
    left_out = [f for f in found if f.status != "ok"]
    assert len(left_out) >= 2  # Camden's 3 and at least one of the large ones
    assert len({f.status for f in left_out}) == 1
    for f in left_out:
        assert (f.numerator, f.denominator, f.lower, f.upper) == (None, None, None, None)


def test_months_are_given_of_the_force_only(office):
    of_force = figures(office.second, "assaults-seen", "month", FORCE)
    assert all(isinstance(value, float) for value in of_force.values())
    of_borough = figures(office.second, "assaults-seen", "month", CROYDON)
    assert set(of_borough.values()) == {words.MONTHS}


def test_a_share_is_given_only_where_both_its_counts_are(office):
    for area in (FORCE, CAMDEN, CROYDON):
        for kind in ("quarter", "fy", "year", "r12"):
            share = figures(office.second, "assaults-seen-knife-share", kind, area)
            top = figures(office.second, "assaults-seen-knife", kind, area)
            whole = figures(office.second, "assaults-seen", kind, area)
            for period, value in share.items():
                if isinstance(value, float):
                    assert value == pytest.approx(top[period] / whole[period])


def test_a_rate_goes_where_its_count_goes(office):
    for area in (FORCE, CAMDEN):
        for kind in ("month", "quarter", "fy", "r12"):
            rate = figures(office.second, "assaults-seen-rate", kind, area)
            count = figures(office.second, "assaults-seen", kind, area)
            assert rate.keys() == count.keys()
            for period, value in rate.items():
                if isinstance(count[period], str):
                    assert isinstance(value, str)


def test_boroughs_are_not_judged_and_the_force_is_by_what_is_given(office):
    asked = [f for f in office.second.findings if f.measure in MEASURES and f.area != FORCE]
    assert asked
    assert {(f.observed, f.expected, f.effect, f.p_value) for f in asked} == {(None,) * 4}
    for month in office.second.chart("assaults-seen", CROYDON):
        assert (month.value, month.expected, month.lower) == (None, None, None)


def test_coverage_says_which_months_are_known_and_not_how_many_people(office):
    rows = [c for c in office.second.coverage if c.source == "assault-attendances"]
    assert len(rows) == len(MONTHS)
    assert {(c.state, c.total, c.revised_from) for c in rows} >= {("known", None, None)}
    assert all(c.total is None and c.revised_from is None for c in rows)


def test_receipts_tell_no_number_of_rows(office):
    mine = [r for r in office.second.receipts.values() if r.source == "assault-attendances"]
    assert {(r.rows_kept % 1000, r.size % 100_000, r.refusals, r.notes) for r in mine} == {
        (0, 0, (), ())
    }


# --- what nobody can work out ---------------------------------------------------------------------


def every_number(folder: Path) -> Iterator[tuple[str, float]]:
    """Every number that stands in any file of a release, in digits or as a number."""
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name.startswith("definitions/"):
            continue  # written by hand before anything was counted
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
            for column, dtype in frame.schema.items():
                if dtype.is_numeric():
                    yield from ((name, float(v)) for v in frame[column].drop_nulls().unique())
                elif dtype == pl.String and column != "receipts":
                    for text in frame[column].drop_nulls().unique():
                        yield from ((name, n) for n in in_words(text))
        else:
            text = re.sub(r"\b[0-9a-f]{64}\b", "", path.read_text(encoding="utf-8"))
            yield from ((name, n) for n in in_words(text))


def in_words(text: str) -> list[float]:
    return [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def test_no_file_holds_a_planted_number(office):
    for release in (office.first, office.second):
        quarter = [
            f.period for f in release.figures("assaults-seen-knife", area=BARNET, kind="quarter")
            if f.status != "ok"
        ]  # fmt: skip
        assert "2024-Q3" in quarter or "2024-Q3" in [
            f.period for f in release.figures("assaults-seen-knife", area=CROYDON, kind="quarter")
            if f.status != "ok"
        ]  # fmt: skip
        found = list(every_number(release.folder))
        assert len(found) > 1000
        left_out = {
            value
            for kept in ledger(office, release)
            for value, out in zip(kept.table.values.tolist(), kept.suppressed, strict=True)
            if out and value > 10_000
        } | {float(SINGLE_MONTH), SINGLE_MONTH + 0.0}
        shown = {
            value
            for kept in ledger(office, release)
            for value, out in zip(kept.table.values.tolist(), kept.suppressed, strict=True)
            if not out
        }
        assert left_out
        assert [each for each in found if each[1] in left_out - shown] == []


def ledger(office: Office, release: Release) -> tuple[Kept, ...]:
    return Ledger(office.store).before(release.manifest.id)[0]


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


# --- all else -------------------------------------------------------------------------------------


def test_a_rebuild_gives_the_same_bytes(office, tmp_path):
    found = rebuild(office.store, office.second, tmp_path / "again")
    assert found.identical, found


def test_a_year_that_has_not_changed_keeps_its_pattern(office):
    old, new = ({k.year: k for k in ledger(office, r)} for r in (office.first, office.second))
    assert np.array_equal(old["fy2024-25"].suppressed, new["fy2024-25"].suppressed)
    assert old["fy2024-25"].table.keys == new["fy2024-25"].table.keys
    assert old["fy2025-26"].table.size < new["fy2025-26"].table.size


def test_what_was_public_at_source_is_left_alone(office, small_london):
    """The same bytes as in a release that has nothing to protect."""
    before, now = small_london.release.manifest.files, office.second.manifest.files
    for measure in small_london.release.measures:
        for name in (f"figures/{measure}.parquet", f"charts/{measure}.parquet"):
            assert before[name] == now[name]
    assert before["corrections.parquet"] == now["corrections.parquet"]
    public = [c for c in office.second.coverage if c.source != "assault-attendances"]
    assert public == list(small_london.release.coverage)
    assert set(small_london.release.receipts.values()) <= set(office.second.receipts.values())


def test_a_release_after_one_that_is_not_known_is_not_made(office, tmp_path):
    order = Order(office.definitions, "london-2017", SECOND, predecessor="london-2017-lost")
    with pytest.raises(NoLedger, match="what the release london-2017-lost showed"):
        build(office.store, order, tmp_path / "release")
    assert not (tmp_path / "release").exists()


def test_a_lost_ledger_is_missed_and_a_release_without_small_numbers_needs_none(
    office, small_london, tmp_path
):
    """The chain goes on behind a release that had nothing to protect."""
    store = Store(tmp_path / "store")
    shutil.copytree(office.store.root / "disclosure", store.root / "disclosure")
    for release in (office.first, office.second, small_london.release):
        shutil.copytree(release.folder, store.root / "releases" / release.manifest.id)
    public = store.root / "releases" / small_london.release.manifest.id / "release.json"
    record = json.loads(public.read_text()) | {"predecessor": office.first.manifest.id}
    public.write_text(json.dumps(record))
    (found,) = Ledger(store).before(small_london.release.manifest.id)
    assert [each.year for each in found] == ["fy2023-24", "fy2024-25", "fy2025-26"]
    (store.root / f"disclosure/{office.first.manifest.id}.json").unlink()
    with pytest.raises(NoLedger, match="bring back"):
        Ledger(store).before(office.second.manifest.id)


def test_records_of_people_never_enter_a_release(office, tmp_path):
    definitions = tmp_path / "definitions"
    shutil.copytree(office.definitions, definitions)
    path = definitions / "sources/mps-homicide-victims.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("sensitivity: public", "sensitivity: official"), encoding="utf-8")
    with pytest.raises(CannotBuild, match="is official and public-at-source"):
        build(office.store, Order(definitions, "london-2017", SECOND), tmp_path / "release")


def test_the_ledger_is_open_to_its_owner_alone_and_in_no_release(office):
    folder = office.store.root / "disclosure"
    assert {p.stat().st_mode & 0o077 for p in folder.iterdir()} == {0}
    for release in (office.first, office.second):
        assert not [p for p in release.folder.rglob("*") if "disclosure" in p.name]


def test_every_measure_of_it_says_how_people_are_protected(office):
    (words_said,) = office.second.measures["assaults-seen"].caveats
    assert words_said.startswith("Counts of fewer than 5 are left out to protect people")
    assert json.dumps(office.second.measures["burglary"].caveats).find("protect people") < 0
