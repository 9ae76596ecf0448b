"""Where a download may go, what its file is called here, and how long to wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.evidence import publisher as p
from tests.unit.evidence.publisher import Publisher, Reply, Version, serving

from bluelamp.evidence.fetching.addresses import checked, file_name, harmless, onward
from bluelamp.evidence.fetching.asking import Asker, Pace
from bluelamp.evidence.fetching.problem import CannotFetch
from bluelamp.evidence.fetching.waiting import Patience, asked_to_wait, duration

# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("https://data.police.uk/data/archive/latest.zip", None),
        (" https://Example.org ", "https://Example.org/"),
        ("https://example.org/a b&c/é.csv?x=1 2#part", "https://example.org/a%20b&c/%C3%A9.csv?x=1%202"),
        ("https://example.org/a%20b.csv", None),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("http://127.0.0.1:8000/a.csv", None),
        ("http://localhost/a.csv", None),
        ("http://[::1]:80/a.csv", None),
    ],
)  # fmt: skip
def test_an_address_is_written_so_that_it_can_be_asked(address, asked):
    assert checked(address) == (asked or address)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://data.police.uk/x.zip", "is not https"),
        ("ftp://example.org/x", "is not https"),
        ("file:///etc/passwd", "is not an address"),
        ("https://me:secret@example.org/x", "is not an address"),
        ("https://example.org:notaport/x", "is not an address"),
        ("https:///x", "is not an address"),
        ("x.csv", "is not an address"),
        ("http://127.0.0.1.example.org/x", "is not https"),
        ("https://[::1/x", "is not an address"),
        ("https://a..b/x", "names no host"),
    ],
)
def test_what_is_not_asked(address, words):
    with pytest.raises(CannotFetch, match=words):
        checked(address)


@pytest.mark.parametrize(
    ("location", "there"),
    [
        ("/b.zip", "https://example.org/b.zip"),
        ("c.zip", "https://example.org/a/c.zip"),
        ("https://EXAMPLE.org/b.zip", "https://EXAMPLE.org/b.zip"),
        ("https://cloud.example/b.zip?key=1", "https://cloud.example/b.zip?key=1"),
        ("//cloud.example/b.zip", "https://cloud.example/b.zip"),
        ("https://elsewhere.example/b.zip", CannotFetch),
        ("http://example.org/b.zip", CannotFetch),
        ("http://127.0.0.1/b.zip", CannotFetch),
        ("https://127.0.0.1/b.zip", CannotFetch),
        ("https://cloud.example.evil.example/b", CannotFetch),
        ("javascript:alert(1)", CannotFetch),
        ("", CannotFetch),
        (None, CannotFetch),
    ],
)  # fmt: skip
def test_a_redirect_is_followed_to_named_hosts_only(location, there):
    here, hosts = "https://example.org/a/x.zip", ("example.org", "Cloud.example")
    if there is CannotFetch:
        with pytest.raises(CannotFetch):
            onward(here, location, hosts)
    else:
        assert onward(here, location, hosts) == there


def test_a_redirect_elsewhere_says_what_to_do():
    with pytest.raises(CannotFetch, match=r"another host, b.example.*write it under `hosts`"):
        onward("https://a.example/x", "https://b.example/x", ())


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://data.police.uk/data/archive/2026-04.zip?x=/y", "2026-04.zip"),
        ("https://e.org/d/id/MPS%20Borough%20Level%20Crime%20%28Historical%29.csv",
         "MPS Borough Level Crime (Historical).csv"),
        ("https://e.org/d/..%2F..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("https://e.org/d/..%5C..%5Cboot.ini", "boot.ini"),
        ("https://e.org/d/%2Ehidden.csv", "hidden.csv"),
        ("https://e.org/d/a%00b%0Ac.csv", "abc.csv"),
        ("https://e.org/d/%2E%2E", "e.org"),
        ("https://e.org/", "e.org"),
        ("https://e.org/d/folder/", "folder"),
        ("https://e.org/d/" + "x" * 300 + ".csv", "x" * 146 + ".csv"),
        ("https://e.org/d/" + "%C3%A9" * 200 + ".csv", "é" * 73 + ".csv"),
    ],
)  # fmt: skip
def test_a_file_is_called_by_the_end_of_its_address(address, name):
    assert file_name(address) == name


@given(st.text())
def test_no_name_leads_out_of_its_folder(text):
    name = harmless(text)
    assert "/" not in name
    assert "\\" not in name
    assert not name.startswith(".")
    assert len(name.encode("utf-8", "ignore")) <= 150
    assert name == "" or (Path("folder") / name).parent == Path("folder")


# --- waiting --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120), (" 0 ", 0), ("Wed, 01 Apr 2026 12:02:00 GMT", 120),
        ("Wed, 01 Apr 2026 11:00:00 GMT", 0), ("-5", None), ("1.5", None), ("soon", None),
        ("", None), (None, None), ("9" * 30, None), ("٣", None),
        ("Wed, 99 Apr 2026 12:02:00 GMT", None),
    ],
)  # fmt: skip
def test_how_long_a_server_asks_to_wait(header, seconds):
    assert asked_to_wait(header, datetime(2026, 4, 1, 12, tzinfo=UTC)) == seconds


def test_waits_double_up_to_a_minute_and_chance_takes_off_up_to_half():
    longest = [Patience(chance=lambda: 1.0).wait(n, None) for n in range(1, 9)]
    shortest = [Patience(chance=lambda: 0.0).wait(n, None) for n in range(1, 9)]
    assert longest == [1, 2, 4, 8, 16, 32, 60, 60]
    assert shortest == [wait / 2 for wait in longest]
    assert Patience().wait(10_000, None) <= 60
    assert Patience().wait(1, 45.0) == 45


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (0.4, "0 seconds"),
        (90, "90 seconds"),
        (300, "5 minutes"),
        (7200, "2 hours"),
    ],
)
def test_a_wait_in_words(seconds, words):
    assert duration(seconds) == words


# --- redirects, on the wire -----------------------------------------------------------------------

TABLE = b"a,b\n1,2\n"


@pytest.fixture
def site() -> Iterator[Publisher]:
    with serving(Publisher([Version(TABLE)])) as publisher:
        yield publisher


def asker() -> Asker:
    return Asker("BlueLamp/test", Pace(silence=5, between=0))


def leads_to(location: str, code: int = 302) -> p.Behaviour:
    return lambda publisher, asked: Reply(code, {"Location": location})


def arrive(site: Publisher, path: str, hosts: tuple[str, ...] = ()) -> str:
    with asker().ask(site.address + path, hosts=hosts) as answer:
        assert b"".join(answer.pieces()) == TABLE
        return answer.address


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(site, code):
    site.paths["/latest"] = leads_to("/2026-04.zip", code)
    assert arrive(site, "/latest") == f"{site.address}/2026-04.zip"


def test_to_another_host_only_where_it_is_named(site):
    port = site.address.rsplit(":", 1)[1]
    site.paths["/here"] = leads_to(f"http://localhost:{port}/there")
    with pytest.raises(CannotFetch, match="another host, localhost"):
        arrive(site, "/here")
    assert arrive(site, "/here", ("localhost",)) == f"http://localhost:{port}/there"
    site.paths["/there"] = leads_to(f"{site.address}/home")  # and back to where it began
    assert arrive(site, "/here", ("localhost",)) == f"{site.address}/home"


@pytest.mark.parametrize(
    ("locations", "words"),
    [
        ({"/a": "/b", "/b": "/a"}, "in a circle"),
        ({"/a": "/a"}, "in a circle"),
        ({f"/{'a' * n}": f"/{'a' * (n + 1)}" for n in range(1, 9)}, "more than 5 times"),
        ({"/a": "http://example.org/b"}, "is not https"),
        ({"/a": ""}, "does not say which"),
    ],
)
def test_redirects_that_lead_nowhere(site, locations, words):
    site.paths = {path: leads_to(location) for path, location in locations.items()}
    with pytest.raises(CannotFetch, match=words):
        arrive(site, "/a")
