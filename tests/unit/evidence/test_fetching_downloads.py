"""Downloading: going on where it stopped, asking again, waiting, and what a disk can do to it."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, formatdate

import pytest
from tests.unit.evidence import publisher as p
from tests.unit.evidence.publisher import Publisher, Version, serving
from tests.unit.evidence.visitor import QUICK, TABLE, Visitor

from bluelamp.evidence.fetching import part as part_module
from bluelamp.evidence.fetching.asking import Asker, Pace
from bluelamp.evidence.fetching.memory import Fetched
from bluelamp.evidence.fetching.part import Part
from bluelamp.evidence.fetching.problem import CannotFetch
from bluelamp.evidence.fetching.wanted import Wanted

pytestmark = pytest.mark.usefixtures("no_power_cut")


# --- the straight way -----------------------------------------------------------------------------


def test_a_file_arrives_whole_and_leaves_nothing_beside_it(site, visitor):
    done = visitor.get(site)
    assert visitor.bytes == TABLE
    assert visitor.files == ["table.csv"]
    assert done.changed
    assert done.fetched == Fetched(
        "table.csv",
        len(TABLE),
        hashlib.sha256(TABLE).hexdigest(),
        "2026-04-01",
        site.now.etag,
        site.now.modified,
    )
    assert visitor.sizes[0] == (0, len(TABLE))
    assert visitor.sizes[-1] == (len(TABLE), len(TABLE))
    assert visitor.waits == []


def test_we_say_who_we_are_and_ask_for_the_bytes_as_they_are_kept(site, visitor):
    visitor.get(site)
    headers = site.asked[0].headers
    assert headers["user-agent"] == "BlueLamp/test"
    assert headers["accept-encoding"] == "identity"
    assert headers["connection"] == "close"
    assert not {"cookie", "range", "if-none-match", "referer"} & set(headers)


def test_two_requests_to_one_host_leave_it_time_to_breathe():
    slept: list[float] = []
    with serving(Publisher([Version(TABLE)])) as site:
        asker = Asker("BlueLamp/test", replace(QUICK, between=0.5), sleep=slept.append)
        for _ in range(3):
            with asker.ask(site.address + "/a.csv") as answer:
                assert answer.status == 200
    assert len(slept) == 2
    assert all(0.4 < seconds <= 0.5 for seconds in slept)


# --- going on where it stopped --------------------------------------------------------------------


def test_a_broken_download_goes_on_where_it_stopped(site, visitor):
    site.script.extend([p.cut(0.5), p.cut(0.5)])
    visitor.get(site)
    assert visitor.bytes == TABLE
    half, quarter = len(TABLE) // 2, len(TABLE) - len(TABLE) // 2
    asked = [request.headers.get("range") for request in site.asked]
    assert asked == [None, f"bytes={half}-", f"bytes={half + quarter // 2}-"]
    assert site.asked[1].headers["if-range"] == '"v1"'
    assert len(visitor.waits) == 2
    assert f"broke off after {half:,} of {len(TABLE):,} bytes" in visitor.words[0]


def test_the_next_call_goes_on_where_the_last_one_stopped(site, visitor):
    site.script.extend([p.cut(0.4), *[p.hangs_up] * 5])
    assert "are kept" in visitor.refused(site)
    assert visitor.files == [".table.csv.part-of", "table.csv.part"]
    site.asked.clear()
    visitor.get(site)
    assert visitor.bytes == TABLE
    assert site.asked[0].first == int(len(TABLE) * 0.4)
    assert visitor.files == ["table.csv"]


def test_ctrl_c_leaves_a_part_that_can_be_gone_on_with(site, visitor):
    def stop(done: int, total: int | None) -> None:
        if done > 20_000:
            raise KeyboardInterrupt

    site.versions = [Version(TABLE * 10)]
    downloader = visitor.downloader()
    downloader.progress = stop
    with pytest.raises(KeyboardInterrupt):
        downloader.download(Wanted("s", site.address + "/table.csv", "table.csv"), visitor.folder)
    assert visitor.files == [".table.csv.part-of", "table.csv.part"]
    visitor.get(site)
    assert site.asked[-1].first > 0
    assert visitor.bytes == TABLE * 10


@pytest.mark.parametrize(
    ("etag", "modified", "resumes_with"),
    [
        ('"strong"', "Wed, 01 Oct 2025 10:00:00 GMT", '"strong"'),
        ("", "Wed, 01 Oct 2025 10:00:00 GMT", "Wed, 01 Oct 2025 10:00:00 GMT"),
        ("", "now", None),  # may change again within this second
        ('W/"weak"', "Wed, 01 Oct 2025 10:00:00 GMT", None),  # the publisher says: about the same
        ("", "yesterday", None),
        ("", "", None),
    ],
)
def test_only_a_strong_name_of_the_version_lets_it_go_on(
    site, visitor, etag, modified, resumes_with
):
    if modified == "now":  # of the test, not of the minute in which tests were collected
        modified = formatdate(usegmt=True)
    site.versions = [Version(TABLE, etag, modified)]
    site.script.append(p.cut(0.5))
    visitor.get(site)
    assert visitor.bytes == TABLE
    assert site.asked[1].headers.get("if-range") == resumes_with
    assert ("range" in site.asked[1].headers) == (resumes_with is not None)


def test_what_a_power_cut_may_have_spoilt_is_downloaded_again(site, visitor):
    site.script.extend([p.cut(0.5), *[p.hangs_up] * 5])
    visitor.refused(site)
    with (visitor.folder / "table.csv.part").open("ab") as part:
        part.write(bytes(500))  # the file grew, and what was in it never reached the disk
    visitor.get(site)
    assert site.asked[-1].first == len(TABLE) // 2
    assert visitor.bytes == TABLE


def test_what_came_is_settled_from_time_to_time(site, visitor, monkeypatch):
    monkeypatch.setattr(part_module, "SETTLE_EVERY", 10_000)
    settled: list[int] = []
    real = Part.settle
    monkeypatch.setattr(Part, "settle", lambda self: (settled.append(self.size), real(self))[1])
    site.versions = [Version(TABLE * 10)]
    visitor.get(site)
    assert settled == sorted(settled)
    assert len(settled) >= 3
    assert settled[-1] == len(TABLE) * 10
    assert visitor.bytes == TABLE * 10


def test_what_the_server_calls_the_file_is_not_listened_to(site, visitor):
    site.extra = {"Content-Disposition": 'attachment; filename="../../../etc/passwd"'}
    done = visitor.get(site)
    assert done.path == visitor.folder / "table.csv"
    assert visitor.files == ["table.csv"]


def test_a_part_of_another_address_is_not_gone_on_with(site, visitor):
    site.script.extend([p.cut(0.5), *[p.hangs_up] * 5])
    visitor.refused(site, path="/old/table.csv")
    visitor.get(site, path="/new/table.csv")
    assert "range" not in site.asked[-1].headers
    assert visitor.bytes == TABLE


def test_a_part_without_its_notes_is_begun_anew(site, visitor):
    visitor.folder.mkdir()
    (visitor.folder / "table.csv.part").write_bytes(b"somebody else's bytes")
    visitor.get(site)
    assert visitor.bytes == TABLE


# --- statuses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (401, "asks for a password"), (403, "does not hand this file out"),
        (404, "has no file there"), (410, "gone for good"), (400, "does not give the file"),
        (501, "does not give the file"), (451, "by law"),
    ],
)  # fmt: skip
def test_a_closed_door_is_told_at_once(site, visitor, code, words):
    site.script.append(p.status(code))
    told = visitor.refused(site)
    assert words in told
    assert f"status {code}" in told
    assert "`downloads`" in told
    assert len(site.asked) == 1


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_more_and_more_seldom(site, visitor, code):
    site.script.extend([p.status(code)] * 5)
    visitor.get(site)
    assert visitor.waits == [1, 2, 4, 8, 16]
    assert f"status {code}" in visitor.words[0]
    assert "trying again in 1 second (1 of 6)" in visitor.words[0]


def test_a_server_that_stays_busy_is_left_in_peace(site, visitor):
    site.script.extend([p.status(503)] * 50)
    assert "6 times in a row; call again later" in visitor.refused(site)
    assert len(site.asked) == 6


def test_a_server_that_says_how_long_is_obeyed(site, visitor):
    moment = datetime.now(UTC) + timedelta(seconds=100)
    site.script.extend(
        [
            p.status(429, Retry_After="30"),
            p.status(503, Retry_After=format_datetime(moment, usegmt=True)),
            p.status(429, Retry_After="0"),
            p.status(429, Retry_After="soon"),
        ]
    )
    visitor.get(site)
    assert visitor.waits[0] == 30
    assert 95 <= visitor.waits[1] <= 100
    assert visitor.waits[2:] == [4, 8]


def test_nobody_waits_for_an_hour(site, visitor):
    site.script.append(p.status(503, Retry_After="7200"))
    assert "asks to wait 2 hours. Call again then" in visitor.refused(site)
    assert visitor.waits == []


# --- not changed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("etag", ['"v1"', ""])
def test_a_file_that_has_not_changed_is_not_downloaded_again(site, visitor, etag):
    site.versions = [Version(TABLE, etag)]
    first = visitor.get(site)
    again = visitor.get(site, first.fetched)
    assert (first.changed, again.changed) == (True, False)
    assert again.fetched == first.fetched
    assert visitor.files == ["table.csv"]
    asked = site.asked[1].headers
    assert asked.get("if-none-match", asked.get("if-modified-since")) in ('"v1"', site.now.modified)


def test_one_that_has_changed_takes_its_place_and_the_older_is_kept(site, visitor):
    first = visitor.get(site)
    site.change()
    again = visitor.get(site, first.fetched)
    assert again.changed
    assert visitor.bytes == site.now.body
    older = [name for name in visitor.files if name != "table.csv"]
    assert [name.split(" (fetched ")[0] for name in older] == ["table"]
    assert (visitor.folder / older[0]).read_bytes() == TABLE


@pytest.mark.parametrize("damage", ["gone", "altered"])
def test_a_file_that_is_no_longer_there_is_downloaded_whatever_is_remembered(site, visitor, damage):
    first = visitor.get(site)
    if damage == "gone":
        first.path.unlink()
    else:
        first.path.write_bytes(TABLE.replace(b"1", b"2"))
    assert visitor.get(site, first.fetched).changed
    assert visitor.bytes == TABLE


# --- slow, silent, elsewhere ----------------------------------------------------------------------


def test_a_slow_drip_is_given_up_and_gone_on_with(site, tmp_path):
    pace = Pace(silence=5, window=0.1, least=1000, between=0)
    visitor = Visitor(tmp_path, pace=pace)
    site.script.append(p.drips(0.01))
    visitor.get(site)
    assert visitor.bytes == TABLE
    assert "bytes came in 0 seconds" in visitor.words[0]
    assert site.asked[1].first > 0


def test_a_silent_server_is_not_waited_for(site, tmp_path):
    visitor = Visitor(tmp_path, pace=Pace(silence=0.2, between=0))
    site.script.append(p.drips(1.0))
    visitor.get(site)
    assert "sent nothing" in visitor.words[0]
    assert visitor.bytes == TABLE


def test_nobody_at_home(tmp_path):
    with serving(Publisher([Version(TABLE)])) as site:
        pass
    words = Visitor(tmp_path).refused(site)
    assert "127.0.0.1 takes no connection" in words


# --- the disk -------------------------------------------------------------------------------------


def test_a_disk_without_room_is_told_before_the_download(site, visitor, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=100)
    monkeypatch.setattr(part_module.shutil, "disk_usage", lambda path: usage)
    words = visitor.refused(site)
    assert f"the disk has 100 bytes left and {len(TABLE):,} are to come" in words
    assert "--to" in words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "cannot be written to (Read-only file system)"),
        (errno.EACCES, "cannot be written to (Permission denied)"),
    ],
)
def test_a_disk_that_gives_up_is_told_and_the_part_is_kept(
    site, visitor, monkeypatch, number, words
):
    real = Part.write

    def write(self: Part, piece: bytes) -> None:
        if self.size:
            with part_module.in_words(self.path):
                raise OSError(number, os.strerror(number))
        real(self, piece[:1000])

    monkeypatch.setattr(Part, "write", write)
    assert words in visitor.refused(site)
    monkeypatch.undo()
    visitor.get(site)
    assert site.asked[-1].first == 1000
    assert visitor.bytes == TABLE


def test_a_folder_that_is_a_file_is_told(site, tmp_path):
    (tmp_path / "taken").write_text("x")
    with pytest.raises(CannotFetch, match="cannot be written to"):
        Visitor(tmp_path / "taken").get(site)


def test_two_calls_do_not_write_into_one_part(site, visitor):
    with Part(visitor.folder, "table.csv", site.address + "/table.csv"):
        assert "another call is downloading table.csv.part" in visitor.refused(site)
