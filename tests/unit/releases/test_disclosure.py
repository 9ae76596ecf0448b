"""A release of records that are not public: what it gives, and what nobody can work out of it.

A made-up office counts assaults seen in A&E. Small numbers and one pair of telling large ones are
planted; two releases follow one another with a month revised. The attacker has both releases whole.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.unit.releases.office_with_small_numbers import (
    BARNET,
    CAMDEN,
    CROYDON,
    FORCE,
    MEASURES,
    MONTHS,
    SECOND,
    SINGLE_MONTH,
    ledger,
)

from bluelamp.evidence.store import Store
from bluelamp.releases.build import CannotBuild, Order, build, rebuild
from bluelamp.releases.disclosure import words
from bluelamp.releases.disclosure.ledger import Ledger, NoLedger
from bluelamp.releases.release import Release

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
