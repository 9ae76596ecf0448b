"""A release: what stands in it, that it can be made again to the byte, that it never changes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bluelamp.definitions import DefinitionFaults, read_office
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.store import Store
from bluelamp.releases.build import CannotBuild, Order, build, check_intact, rebuild
from bluelamp.releases.release import NotARelease, Release
from bluelamp.releases.shelf import next_folder, predecessor

SCRIPT = """
import sys
from datetime import date
from pathlib import Path
from bluelamp.evidence.store import Store
from bluelamp.releases.build import Order, build
definitions, store, out = map(Path, sys.argv[1:4])
if __name__ == "__main__":
    build(Store(store), Order(definitions, "london-2017", date(2026, 4, 30)), out)
"""
# As far from here as a process can be, without another machine.
ELSEWHERE = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "C",
    "LANG": "C",
    "PYTHONHASHSEED": "1",
    "POLARS_MAX_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def started(small_london, out: Path, **environment: str) -> subprocess.Popen[bytes]:
    """A build in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, small_london.definitions, small_london.store.root, out],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environment,
        stderr=subprocess.PIPE,
    )


@pytest.fixture
def copy(small_london, tmp_path) -> Release:
    """A release of one's own, to be spoiled."""
    shutil.copytree(small_london.release.folder, tmp_path / "release")
    return Release(tmp_path / "release")


def test_every_file_is_listed_with_its_hash(small_london):
    folder = small_london.release.folder
    listed = small_london.release.manifest.files
    found = bytes_of(folder)
    assert set(listed) == set(found) - {"release.json"}
    for name, sha256 in listed.items():
        assert hashlib.sha256(found[name]).hexdigest() == sha256
    assert {name.split("/")[0] for name in listed} == {
        "breaks.json", "charts", "corrections.json", "corrections.parquet", "coverage.json",
        "definitions", "figures", "findings.json", "gaps.json", "other-methods.json", "places.json",
        "quoted.json", "readings.json", "receipts.json", "targets.json",
    }  # fmt: skip


def test_every_receipt_is_of_a_file_that_was_received(small_london):
    originals = {
        hashlib.sha256(p.read_bytes()).hexdigest() for p in small_london.originals.rglob("*.csv")
    }
    receipts = small_london.release.receipts
    assert originals <= set(receipts)
    assert small_london.release.manifest.synthetic
    for sha256, receipt in receipts.items():
        kept = small_london.store.file(sha256).read_bytes()
        assert (hashlib.sha256(kept).hexdigest(), len(kept)) == (sha256, receipt.size)


def test_a_release_contains_no_clock_and_no_path_of_this_machine(small_london):
    for name, data in bytes_of(small_london.release.folder).items():
        if name.startswith("definitions/"):
            continue  # copied as they were written, review dates and all
        assert str(small_london.store.root).encode() not in data, name
        if name.endswith(".json"):
            assert not re.search(rb"\d\d:\d\d:\d\d", data), name


def test_a_rebuild_gives_the_same_bytes(small_london, tmp_path):
    found = rebuild(small_london.store, small_london.release, tmp_path / "again")
    assert found.identical, found
    assert bytes_of(tmp_path / "again") == bytes_of(small_london.release.folder)


def test_a_late_arrival_does_not_change_a_rebuild_but_a_new_build(small_london, tmp_path):
    store = Store(tmp_path / "store")
    shutil.copytree(small_london.store.root, store.root)
    original = next(small_london.originals.rglob("*borough*recent*.csv"))
    header, *lines = original.read_text().splitlines()
    later = [re.sub(r",(\d+)$", lambda m: f",{int(m[1]) + 3}", line) for line in lines]
    path = tmp_path / "later.csv"
    path.write_text("\n".join([header, *later]) + "\n")
    (outcome,) = receive(
        store, Desk(small_london.definitions), [path], on=date(2026, 4, 2),
        published=date(2026, 4, 2),
    )  # fmt: skip
    assert outcome.status == "kept"
    found = rebuild(store, small_london.release, tmp_path / "again")
    assert found.identical, found

    new = build(store, small_london.order(), tmp_path / "new")
    assert new.manifest.id != small_london.release.manifest.id
    assert (
        new.manifest.files["figures/burglary.parquet"]
        != (small_london.release.manifest.files["figures/burglary.parquet"])
    )
    earlier = build(store, small_london.order(received_by=date(2026, 4, 1)), tmp_path / "earlier")
    assert earlier.manifest.received_by == "2026-04-01"
    assert set(earlier.receipts) == set(small_london.release.receipts)
    for name, sha256 in earlier.manifest.files.items():
        assert small_london.release.manifest.files[name] == sha256


def test_a_superseded_publication_stays_in_the_rebuild(small_london, tmp_path):
    """What was revised is said in the release, so the file that said otherwise belongs to it."""
    store, desk = Store(tmp_path / "store"), Desk(small_london.definitions)
    boroughs = [a for a in desk.places.gazetteer.of_kind("borough") if a.parent == "E23000001"]
    always = desk.sources["mps-recorded-crime"].always
    for number, published in (
        (10, date(2023, 8, 1)),
        (11, date(2023, 9, 1)),
        (12, date(2023, 10, 1)),
    ):
        lines = [f"{kind},{kind},{b.name},{number}" for kind in always for b in boroughs]
        path = tmp_path / f"{number}.csv"
        path.write_text("MajorText,MinorText,BoroughName,202306\n" + "\n".join(lines) + "\n")
        receive(store, desk, [path], on=date(2026, 4, 1), published=published)
    release = build(store, small_london.order(), tmp_path / "release")
    assert [c.revised_from for c in release.coverage] == [11 * 320]
    assert len(release.receipts) == 3
    assert rebuild(store, release, tmp_path / "again").identical


def test_another_process_elsewhere_gives_the_same_bytes(small_london, tmp_path):
    out = tmp_path / "another folder" / "relea se"
    with started(small_london, out, **ELSEWHERE) as process:
        _, said = process.communicate()
    assert process.returncode == 0, said.decode()
    assert bytes_of(out) == bytes_of(small_london.release.folder)


def test_killed_in_mid_build_leaves_no_half_release(small_london, tmp_path):
    shelf = tmp_path / "shelf"
    with started(small_london, shelf / "release") as process:
        deadline = time.monotonic() + 60
        while not list(shelf.glob(".building-*/figures/*.parquet")):
            assert process.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert [p.name.startswith(".building-") for p in shelf.iterdir()] == [True]
    assert predecessor(shelf, "london-2017", date(2027, 1, 1)) is None
    assert next_folder(shelf, "london-2017", date(2026, 4, 30)).name == "london-2017-2026-04-30"
    release = build(small_london.store, small_london.order(), shelf / "release")
    check_intact(release)
    assert bytes_of(release.folder) == bytes_of(small_london.release.folder)


def test_a_build_that_fails_leaves_nothing(small_london, tmp_path):
    with pytest.raises(FileNotFoundError, match="no plan edition 'london-1066'; the editions are"):
        build(small_london.store, Order(small_london.definitions, "london-1066", date(2026, 4, 30)),
              tmp_path / "shelf" / "release")  # fmt: skip
    assert list((tmp_path / "shelf").iterdir()) == []


def test_nothing_published_by_then_cannot_be_built(small_london, tmp_path):
    order = Order(small_london.definitions, "london-2017", date(2001, 1, 1))
    with pytest.raises(CannotBuild, match="was published by 2001-01-01; receive files first"):
        build(small_london.store, order, tmp_path / "release")


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        ("mps-homicide-victims", "sensitivity: public", "sensitivity: official"),
        # What a rate is formed with is published as it is; there is no way to protect it.
        ("ons-residents-borough", "disclosure: public-at-source", "disclosure: controlled"),
    ],
)
def test_what_cannot_be_protected_never_enters_a_release(small_london, tmp_path, source, old, new):
    definitions = tmp_path / "definitions"
    shutil.copytree(small_london.definitions, definitions)
    path = definitions / f"sources/{source}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    order = Order(definitions, "london-2017", date(2026, 4, 30))
    title = small_london.release.sources[source].title
    with pytest.raises(CannotBuild, match=rf"'{title}' is .*may not enter a release"):
        build(small_london.store, order, tmp_path / "release")


def test_a_release_lists_no_receipt_of_what_no_measure_asks_for(small_london, tmp_path):
    definitions = tmp_path / "definitions"
    shutil.copytree(small_london.definitions, definitions)
    (definitions / "measures/homicide.yaml").unlink()
    for line in definitions.glob("plans/*/lines/*.yaml"):
        if "[homicide]" in line.read_text(encoding="utf-8"):
            line.unlink()
    order = Order(definitions, "london-2017", date(2026, 4, 30))
    release = build(small_london.store, order, tmp_path / "release")
    used = {receipt.source for receipt in release.receipts.values()}
    before = {receipt.source for receipt in small_london.release.receipts.values()}
    assert before - used == {"mps-homicide-victims"}


def test_a_release_is_never_overwritten(small_london, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(FileExistsError, match="a release is never overwritten"):
        build(small_london.store, small_london.order(), tmp_path / "taken")


def test_a_rebuild_without_one_of_its_files_says_which(small_london, tmp_path):
    store = Store(tmp_path / "store")
    shutil.copytree(small_london.store.root, store.root)
    lost = min(small_london.release.receipts)
    store.receipt_path(lost).unlink()
    with pytest.raises(CannotBuild, match=f"1 of the files .* SHA-256 {lost}; receive them again"):
        rebuild(store, small_london.release, tmp_path / "again")


@pytest.mark.parametrize(
    "name",
    ["figures/burglary.parquet", "findings.json", "receipts.json", "definitions/office.yaml",
     "release.json"],
)  # fmt: skip
def test_a_changed_byte_is_named(small_london, copy, name):
    check_intact(copy)
    path = copy.folder / name
    data = bytearray(path.read_bytes())
    where = data.index(b"2026-04-30") if name == "release.json" else len(data) // 2
    data[where + 3] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(NotARelease, match=re.escape(name)):
        check_intact(Release(copy.folder))


def test_a_file_added_or_taken_away_is_named(copy):
    (copy.folder / "figures" / "extra.parquet").write_bytes(b"x")
    with pytest.raises(NotARelease, match=r"figures/extra\.parquet"):
        check_intact(copy)
    (copy.folder / "figures" / "extra.parquet").unlink()
    (copy.folder / "breaks.json").unlink()
    with pytest.raises(NotARelease, match=r"breaks\.json is not as the release was made"):
        check_intact(copy)


def rewrite(release: Release, **changes: object) -> None:
    path = release.folder / "release.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_a_release_of_a_future_format_is_refused(copy):
    rewrite(copy, format=99)
    with pytest.raises(NotARelease, match="has release format 99; this version reads 1"):
        Release(copy.folder)


KEYS_OF_ANOTHER_VERSION = {
    "office.yaml": "motto: Keep the lamp lit\n",
    "measures/burglary.yaml": "colour: blue\n",
    "plans/london-2017/plan.yaml": "paper: recycled\n",
}


def test_a_release_with_keys_that_nobody_reads_any_more_still_opens(copy, small_london):
    for name, line in KEYS_OF_ANOTHER_VERSION.items():
        path = copy.definitions / name
        path.write_text(path.read_text() + line)
    again = Release(copy.folder)
    assert again.office == small_london.release.office
    assert again.measures == small_london.release.measures
    assert again.leading.plan == small_london.release.leading.plan


def test_the_same_keys_in_definitions_that_can_be_edited_are_faults(copy, tmp_path):
    shutil.copytree(copy.definitions, tmp_path / "editable")
    path = tmp_path / "editable" / "office.yaml"
    path.write_text(path.read_text() + KEYS_OF_ANOTHER_VERSION["office.yaml"])
    with pytest.raises(DefinitionFaults, match="unknown key 'motto'"):
        read_office(tmp_path / "editable")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 1}', '{"format": 1, "surprise": 2}'])
def test_what_is_no_manifest_is_refused_in_words(copy, text):
    (copy.folder / "release.json").write_text(text)
    with pytest.raises(NotARelease, match="release"):
        Release(copy.folder)


def test_a_folder_without_a_manifest_is_no_release(tmp_path):
    with pytest.raises(NotARelease, match=r"has no release\.json.*bluelamp build"):
        Release(tmp_path)


def test_the_predecessor_is_the_latest_earlier_one_of_the_same_plan(tmp_path):
    for folder, plan, known_on in (
        ("a", "london-2017", "2026-01-31"), ("b", "london-2017", "2026-02-28"),
        ("c", "london-2017", "2026-04-30"), ("d", "london-2013", "2026-03-31"),
        (".building-x", "london-2017", "2026-03-31"),
    ):  # fmt: skip
        (tmp_path / folder).mkdir()
        manifest = {"plan": plan, "known_on": known_on, "id": f"{plan}-{known_on}-{folder}"}
        (tmp_path / folder / "release.json").write_text(json.dumps(manifest))
    found = predecessor(tmp_path, "london-2017", date(2026, 4, 30))
    assert found == "london-2017-2026-02-28-b"
    assert predecessor(tmp_path, "london-2017", date(2026, 1, 31)) is None
    assert predecessor(tmp_path / "nowhere", "london-2017", date(2026, 1, 31)) is None


def test_a_folder_that_is_taken_is_numbered(tmp_path):
    day = date(2026, 4, 30)
    for name in ("p-2026-04-30", "p-2026-04-30-2", "p-2026-04-30-3"):
        assert next_folder(tmp_path, "p", day).name == name
        (tmp_path / name).mkdir()


def test_the_predecessor_is_written_in_the_release_and_kept_by_its_rebuild(small_london, tmp_path):
    release = build(small_london.store, small_london.order(predecessor="before"), tmp_path / "r")
    assert release.manifest.predecessor == "before"
    assert release.manifest.files == small_london.release.manifest.files
    rebuild(small_london.store, release, tmp_path / "again")
    assert Release(tmp_path / "again").manifest == release.manifest


def test_figures_have_words_or_a_number_and_never_nan(small_london):
    for measure in small_london.release.measures:
        frame = small_london.release.figure_frame(measure)
        assert frame.height
        ok = pl.col("status") == "ok"
        assert frame.filter(ok & pl.col("value").is_null()).is_empty()
        assert frame.filter(~ok & pl.col("value").is_not_null()).is_empty()
        assert frame.filter(pl.col("status").str.strip_chars() == "").is_empty()
        for name in ("value", "lower", "upper", "numerator", "denominator"):
            assert frame.filter(pl.col(name).is_nan() | pl.col(name).is_infinite()).is_empty()
        inside = pl.col("value").is_between(pl.col("lower"), pl.col("upper"))
        assert frame.filter(pl.col("lower").is_not_null() & ~inside).is_empty()
        assert frame.group_by("kind", "area", "group", "period").len()["len"].max() == 1
