"""Releases with little to say: pages that say so in whole sentences, and leave no gap."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bluelamp.public.opened import OpenRelease, open_release
from bluelamp.public.publish import Address, every_address, made
from bluelamp.releases.release import Release


@pytest.fixture
def altered(small_release: Path, tmp_path: Path) -> Callable[..., OpenRelease]:
    """The small release again, with some of its records changed by the functions given."""

    def make(**changes: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> OpenRelease:
        folder = tmp_path / "release"
        shutil.copytree(small_release, folder)
        for name, change in changes.items():
            path = folder / f"{name}.json"
            path.write_text(json.dumps(change(json.loads(path.read_text()))))
        return open_release(folder)

    return make


def emptied(opened: OpenRelease) -> OpenRelease:
    """The same release without a figure or a chart."""
    for name in ("figures", "charts"):
        for table in (opened.release.folder / name).iterdir():
            table.unlink()
    return opened


def words_of(opened: OpenRelease, kind: str, **names: str) -> str:
    """The words between the main element's tags."""
    _, html = made(opened, Address(kind, tuple(names.items())))
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def unchanged(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    same = {"status": "no clear change", "reading": "no clear change", "direction": "", "since": ""}
    return [f | (same if f["status"] == "changed" else {}) for f in findings]


def nothing(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return []


def test_home_where_nothing_has_changed(altered):
    said = words_of(altered(findings=unchanged), "home")
    assert (
        "What has changed Nothing has clearly changed. That is the usual answer: most ups and "
        "downs are no more than chance would bring. "
    ) in said
    assert re.search(
        r"\d+ sets of figures were tested, each for one measure in one area; none has clearly "
        r"changed\. Most are judged over April 2025 to March 2026\. What stands here is chosen by "
        r"a rule : only what chance would hardly have brought\.",
        said,
    )


def test_home_where_something_has(opened: OpenRelease):
    said = words_of(opened, "home")
    assert "Nothing has clearly changed" not in said
    assert "4 have clearly changed." in said
    assert "at most seven, one for each measure and for each place below the force, widest" in said


def test_home_where_nothing_could_be_tested(altered):
    said = words_of(emptied(altered(findings=nothing, readings=nothing)), "home")
    assert "It cannot be said what has changed: no figures in this release could be tested." in said
    assert "21 lines : no figures that could tell a change from chance" in said
    assert "What stands here" not in said
    assert "sets of figures" not in said


def test_every_kind_of_page_is_there_without_a_figure(altered):
    bare = emptied(altered(findings=nothing, readings=nothing, coverage=nothing))
    for wanted in {w.kind: w for w in every_address(bare)}.values():
        address, content = made(bare, wanted)
        assert content.strip(), address
    assert "This release does not test this series" in words_of(bare, "measure", measure="burglary")
    assert "No figure for London in this release" in words_of(bare, "measures")
    assert "No file in this release gives figures" in words_of(bare, "area", code="E09000003")
    assert "This release records no coverage." in words_of(bare, "coverage")


def test_a_plan_without_lines_leads_without_a_gap(altered):
    folder = altered().release.folder
    for part in ("lines", "commitments"):  # a commitment may name the line that it should move
        for file in (folder / "definitions/plans/london-2017" / part).iterdir():
            file.unlink()
    bare = OpenRelease(Release(folder))
    assert "The plan, line by line This release holds no lines of this plan." in words_of(
        bare, "home"
    )
    assert "The lines of this edition are not in this release." in words_of(
        bare, "edition", edition="london-2017"
    )


def test_a_finding_about_a_ward_leads_to_the_page_of_the_ward(altered, opened: OpenRelease):
    ward = next(f.area for f in opened.watched() if opened.rank(f.area) == 3)

    def only_in_a_ward(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
        here = {"status": "changed", "reading": "changed", "direction": "higher"}
        return [f | (here if f["area"] == ward else {}) for f in unchanged(findings)]

    _, html = made(altered(findings=only_in_a_ward), Address("home", ()))
    leads = re.findall(r'href="([^"]+)">[^<]*: the chart and figures', html)
    assert leads
    assert set(leads) == {f"/areas/{ward}/"}
