"""Which files a source stands for: one, one for each month, or those of a publisher's list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from tests.unit.evidence import publisher as p
from tests.unit.evidence.publisher import Asked, Publisher, Reply, Version, serving

from bluelamp.definitions import DefinitionFaults, definitions_root, read
from bluelamp.evidence.fetching.addresses import checked
from bluelamp.evidence.fetching.asking import Asker, Pace
from bluelamp.evidence.fetching.problem import CannotFetch
from bluelamp.evidence.fetching.waiting import Patience
from bluelamp.evidence.fetching.wanted import Planner, Wanted
from bluelamp.evidence.source import Download, Source, read_sources
from bluelamp.periods import Month

TABLE = b"a,b\n1,2\n"


@pytest.fixture
def site() -> Iterator[Publisher]:
    with serving(Publisher([Version(TABLE)])) as publisher:
        yield publisher


def asker() -> Asker:
    return Asker("BlueLamp/test", Pace(silence=5, between=0))


def leads_to(location: str, code: int = 302) -> p.Behaviour:
    return lambda publisher, asked: Reply(code, {"Location": location})


# --- which files a source stands for --------------------------------------------------------------


def source(*downloads: Download) -> Source:
    street = read_sources(definitions_root())["police-uk-street"]
    return Source(**{**vars(street), "id": "calls", "downloads": downloads})


class Told:
    def __init__(self) -> None:
        self.words: list[str] = []
        patience = Patience(tries=3, sleep=lambda seconds: None)
        self.planner = Planner(asker(), patience, self.words.append)

    def names(self, source: Source, since: str | None = None) -> list[str]:
        month = Month.parse(since) if since else None
        return [wanted.name for wanted in self.planner.wanted(source, month)]


def test_a_source_without_downloads_says_where_to_get_it_by_hand():
    with pytest.raises(CannotFetch, match=r"by hand from https://data.police.uk/data/"):
        Told().planner.wanted(source())


def test_one_address_is_one_file(site):
    download = Download(f"{site.address}/a b.csv", hosts=("x.example",), published="last-modified")
    told = Told()
    assert told.planner.wanted(source(download), Month(2026, 1)) == [
        Wanted("calls", f"{site.address}/a%20b.csv", "a b.csv", ("x.example",), True)
    ]
    assert "--since changes nothing" in told.words[0]
    assert site.asked == []


def archive(site: Publisher, holds: int = 36, first: str = "2013-12") -> Source:
    site.paths["/latest.zip"] = leads_to("/2026-07.zip")
    return source(
        Download(
            f"{site.address}/{{month}}.zip",
            latest=f"{site.address}/latest.zip",
            holds_months=holds,
            first=first,
        )
    )


@pytest.mark.parametrize(
    ("since", "holds", "months"),
    [
        (None, 36, ["2026-07"]),
        ("2026-07", 36, ["2026-07"]),
        ("2023-08", 36, ["2026-07"]),  # the 36 months from August 2023
        ("2023-07", 36, ["2023-07", "2026-07"]),
        ("2018-01", 36, ["2020-07", "2023-07", "2026-07"]),
        ("2010-12", 36, ["2013-12", "2014-07", "2017-07", "2020-07", "2023-07", "2026-07"]),
        ("2026-05", 1, ["2026-05", "2026-06", "2026-07"]),
        ("2026-08", 36, []),
    ],
)  # fmt: skip
def test_months_are_covered_by_as_few_files_as_hold_them(site, since, holds, months):
    told = Told()
    assert told.names(archive(site, holds), since) == [f"{month}.zip" for month in months]
    if not months:
        assert told.words == ["there is nothing since 2026-08 yet; the newest month is 2026-07"]


def test_a_newest_file_that_does_not_tell_its_month(site):
    wanted = archive(site)
    site.paths["/latest.zip"] = p.honest
    with pytest.raises(CannotFetch, match=r"leads to 'latest.zip', which does not tell"):
        Told().names(wanted)
    site.paths["/latest.zip"] = p.status(404)
    with pytest.raises(CannotFetch, match=r"there is nothing at .*status 404"):
        Told().names(wanted)


def entry(name: str, stamp: str = "", where: str = "") -> dict[str, str]:
    return {"url": f"{where}/download/{name}", "title": "x", "check_timestamp": stamp}


def listing(site: Publisher, *entries: object, globs: tuple[str, ...] = ("MPS Borough*.csv",)):
    resources = {f"id{n}": one for n, one in enumerate(entries)}
    text = json.dumps({"id": "x", "resources": resources}).encode()
    site.paths["/api/dataset/x"] = lambda publisher, asked: Reply(200, {}, text)
    return source(Download(f"{site.address}/api/dataset/x", files=globs))


def test_the_files_of_a_list_are_found_by_their_names(site):
    wanted = listing(
        site,
        entry("MPS%20Borough%20Level%20Crime%20%28Historical%29.csv", where=site.address),
        entry("mps borough level crime.csv", where=site.address),
        entry("MPS%20Ward%20Level%20Crime.csv", where=site.address),
        entry("MPS%20Borough%20Level%20Crime.xlsx", where=site.address),
        {"title": "a resource without an address"},
    )
    assert Told().names(wanted) == [
        "MPS Borough Level Crime (Historical).csv",
        "mps borough level crime.csv",
    ]


def test_a_page_of_gov_uk_is_a_list_of_files_too(site):
    wanted = listing(site, globs=("open-data-table-police-workforce-[0-9]*.ods",))
    attachments = [
        {"url": f"{site.address}/media/1/open-data-table-police-workforce-280126.ods"},
        {"url": f"{site.address}/media/2/open-data-table-police-workforce-functions-280126.ods"},
        {"title": "a page, and no file"},
    ]
    text = json.dumps({"title": "x", "details": {"attachments": attachments}}).encode()
    site.paths["/api/dataset/x"] = lambda publisher, asked: Reply(200, {}, text)
    assert Told().names(wanted) == ["open-data-table-police-workforce-280126.ods"]


def test_of_two_files_with_one_name_the_newer_is_meant(site):
    files = [
        entry("1/MPS Borough.csv", "2026-01-02T00:00:00", site.address),
        entry("2/MPS Borough.csv", "2026-03-02T00:00:00", site.address),
        entry("3/MPS Borough.csv", "2025-12-02T00:00:00", site.address),
    ]
    found = Told().planner.wanted(listing(site, *files))
    assert [wanted.address for wanted in found] == [f"{site.address}/download/2/MPS%20Borough.csv"]


def test_and_where_nobody_says_which_is_newer_there_is_a_sentence(site):
    files = [entry(f"{n}/MPS Borough.csv", where=site.address) for n in (1, 2)]
    with pytest.raises(CannotFetch, match=r"2 files called 'MPS Borough.csv' and does not say"):
        Told().names(listing(site, *files))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"<html>sorry</html>", "is not a list of files"),
        (b"[1, 2]", "is not a list of files"),
        (b'{"resources": 5}', "is not a list of files"),
        (b'{"resources": {"a": 5}}', "is not a list of files"),
        (b"[" * 100_000, "is not a list of files"),
        (b'{"details": {}}', "is not a list of files"),
        (
            b'{"resources": {}, "details": {"attachments": []}}',
            "has no file called 'MPS Borough\\*.csv'",
        ),
        (b'{"resources": [{"url": "http://example.org/MPS Borough.csv"}]}', "is not https"),
        (b'{"resources": [{"url": "https://example.org/MPS Borough.csv"}]}', "another host"),
    ],
)
def test_a_list_that_is_none(site, text, words):
    wanted = listing(site)
    site.paths["/api/dataset/x"] = lambda publisher, asked: Reply(200, {}, text)
    with pytest.raises(CannotFetch, match=words):
        Told().names(wanted)


def test_a_list_is_asked_for_again_where_the_server_is_busy_or_breaks_off(site):
    wanted = listing(site, entry("MPS Borough.csv", where=site.address))
    good = site.paths.pop("/api/dataset/x")

    def breaks_off(publisher: Publisher, asked: Asked) -> Reply:
        reply = good(publisher, asked)
        reply.cut = 5
        return reply

    site.script.extend([p.status(503), breaks_off, good])
    told = Told()
    assert told.names(wanted) == ["MPS Borough.csv"]
    assert [re.split(";", words)[0] for words in told.words] == [
        "the server is busy (status 503)",
        "the connection broke off",
    ]


def test_two_files_of_one_name_get_two_names(site):
    files = [Download(f"{site.address}/{n}/table.csv") for n in (1, 2, 3)]
    assert Told().names(source(*files)) == ["table.csv", "table 2.csv", "table 3.csv"]


# --- the definitions ------------------------------------------------------------------------------


def test_every_download_of_the_definitions_could_be_asked():
    found = [d for s in read_sources(definitions_root()).values() for d in s.downloads]
    assert found
    for download in found:
        assert checked(download.address.replace("{month}", "2026-04")).startswith("https://")
        assert not download.latest or checked(download.latest).startswith("https://")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("address: https://e.org/{month}.zip", "goes with `latest`"),
        ("address: https://e.org/x.zip\n    latest: https://e.org/y", "goes with `latest`"),
        (
            "address: https://e.org/{month}\n    latest: https://e.org/y\n    files: [a]",
            "no months",
        ),
        ("address: https://e.org/a\n    holds_months: 0", "at least 1"),
        ("address: https://e.org/a\n    first: 2013", "first: expected some text|is not a month"),
        ("address: https://e.org/a\n    published: today", "is not one of"),
        ("address: https://e.org/a\n    host: b", "did you mean 'hosts'"),
    ],
)
def test_a_fault_in_downloads_is_told_at_its_line(tmp_path, lines, words):
    text = (definitions_root() / "sources/mps-homicide-victims.yaml").read_text(encoding="utf-8")
    start, end = text.index("downloads:"), text.index("how_often:")
    path = tmp_path / "calls.yaml"
    path.write_text(text[:start] + f"downloads:\n  - {lines}\n" + text[end:], encoding="utf-8")
    with pytest.raises(DefinitionFaults, match=words) as caught:
        read(Source, path, id="calls")
    assert {fault.line for fault in caught.value.faults} <= {6, 7, 8}
