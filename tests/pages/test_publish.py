"""`publish` writes a whole site or none, and never over anything but an earlier publication."""

from __future__ import annotations

from pathlib import Path

import pytest

from bluelamp.public import publish as publishing
from bluelamp.public.opened import OpenRelease
from bluelamp.public.publish import MARK, CannotPublish, every_address, publish
from bluelamp.public.site import PageKind


@pytest.fixture
def one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the pages that are drawn in no time, so that each case takes none."""
    quick = {"home", "measures", "areas", "method", "not found"}
    monkeypatch.setattr(publishing, "PAGES", [k for k in publishing.PAGES if k.name in quick])
    monkeypatch.setattr(publishing, "TABLES", ())


def test_every_address_becomes_a_file(small_release: Path, opened: OpenRelease, tmp_path, one_page):
    told: list[tuple[int, int, str]] = []
    count = publish(small_release, tmp_path / "site", lambda *step: told.append(step), processes=0)
    assert count == len(list(every_address(opened)))
    assert (tmp_path / "site/index.html").read_text().startswith("<!DOCTYPE html>")
    assert (tmp_path / "site/methods/watch/index.html").is_file()
    assert (tmp_path / "site/404.html").is_file()
    assert (tmp_path / "site/static/built/bluelamp.css").is_file()
    assert told[-1][:2] == (count, count)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]  # nothing is left beside it


def test_an_earlier_publication_is_replaced(small_release: Path, tmp_path: Path, one_page):
    publish(small_release, tmp_path / "site", processes=0)
    (tmp_path / "site/old.html").write_text("from last month")
    publish(small_release, tmp_path / "site", processes=0)
    assert not (tmp_path / "site/old.html").exists()


def test_an_empty_folder_may_be_filled(small_release: Path, tmp_path: Path, one_page):
    (tmp_path / "site").mkdir()
    publish(small_release, tmp_path / "site", processes=0)
    assert (tmp_path / "site" / MARK).is_file()


def test_anything_else_is_left_as_it_is(small_release: Path, tmp_path: Path, one_page):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/thesis.txt").write_text("years of work")
    with pytest.raises(CannotPublish, match="not an earlier publication"):
        publish(small_release, tmp_path / "site", processes=0)
    assert (tmp_path / "site/thesis.txt").read_text() == "years of work"


def test_a_failure_leaves_the_earlier_publication(
    small_release: Path, tmp_path: Path, one_page, monkeypatch: pytest.MonkeyPatch
):
    publish(small_release, tmp_path / "site", processes=0)

    def full(*_: object) -> str:
        raise OSError("no space left")

    monkeypatch.setattr(publishing, "PAGES", [PageKind("home", "", full, "home.html")])
    with pytest.raises(OSError, match="no space left"):
        publish(small_release, tmp_path / "site", processes=0)
    assert (tmp_path / "site/index.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_several_processes_write_what_one_does(published: Path, opened: OpenRelease):
    """The whole small release by two processes; one address of each kind is compared."""
    for wanted in {w.kind: w for w in every_address(opened)}.values():
        address, content = publishing.made(opened, wanted)
        path = published / address.lstrip("/")
        path = path / "index.html" if address.endswith("/") else path
        assert path.read_text(encoding="utf-8") == content
