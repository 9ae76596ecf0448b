"""A publisher that lies: the right bytes in the end, or a sentence.

Never wrong bytes, never a part under the file's name, never two versions glued together.
"""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.evidence import publisher as p
from tests.unit.evidence.publisher import Publisher, Version, serving
from tests.unit.evidence.visitor import TABLE, Visitor, zipped

from bluelamp.evidence.fetching.problem import CannotFetch

pytestmark = pytest.mark.usefixtures("no_power_cut")


# --- the file changes in mid-download -------------------------------------------------------------


@pytest.mark.parametrize("how", [p.changes, p.goes_on_with_another, p.changes_unnamed])
def test_two_versions_are_never_glued_together(site, visitor, how):
    site.script.extend([p.cut(0.5), how])
    visitor.get(site)
    assert visitor.bytes == site.now.body != TABLE
    told = " ".join(visitor.words)
    assert any(words in told for words in ("another version", "was changed", "not follow"))


def test_a_file_that_changes_whenever_it_is_asked_for_ends_in_a_sentence(site, visitor):
    site.script.extend([p.cut(0.5), *[p.goes_on_with_another, p.cut(0.5)] * 10])
    words = visitor.refused(site)
    assert "times in a row" in words
    assert f"{site.address}/table.csv" in words


# --- lies about lengths and ranges ----------------------------------------------------------------

ONCE = [
    p.cut(0.0), p.cut(0.7), p.says_longer(1), p.says_longer(5000), p.says_longer(-1),
    p.says_longer(-3000), p.ignores_range, p.ignores_range_in_chunks, p.in_chunks,
    p.in_chunks_and_cuts, p.hangs_up,
    p.babbles, p.nothing, p.status(500), p.status(503), p.status(416), p.status(206),
    p.status(304), p.packed, p.says_packed, p.changes,
]  # fmt: skip


@pytest.mark.parametrize("first", [None, p.cut(0.5)], ids=["from the beginning", "in mid-file"])
@pytest.mark.parametrize(
    "behaviour", [*ONCE, p.starts_elsewhere, p.starts_earlier, p.lies_about_range]
)
def test_one_misbehaviour_is_got_over(site, visitor, behaviour, first):
    site.script.extend([first, behaviour] if first else [behaviour])
    visitor.get(site)
    assert visitor.bytes == site.now.body
    assert visitor.files == ["table.csv"]


@pytest.mark.parametrize("by", [1, 500, -1, -500])
def test_a_length_that_is_always_wrong_ends_in_a_sentence(site, visitor, by):
    site.script.extend([p.says_longer(by)] * 50)
    words = visitor.refused(site)
    assert ("as the server said at first" if by > 0 else "goes on after") in words


def test_a_table_of_no_stated_length_is_not_believed(site, visitor):
    site.script.append(p.says_no_length_and_cuts)
    assert "nobody can tell whether all of it came" in visitor.refused(site)
    site.script.append(p.says_no_length)
    assert "nobody can tell whether all of it came" in visitor.refused(site)


def test_unless_a_check_sum_proves_it(site, visitor):
    digest = base64.b64encode(hashlib.sha256(TABLE).digest()).decode()
    site.extra = {"Repr-Digest": f"sha-256=:{digest}:"}
    site.script.extend([p.says_no_length_and_cuts, p.says_no_length])
    visitor.get(site)
    assert visitor.bytes == TABLE
    assert "does not have the sha256" in visitor.words[0]


def test_a_zip_proves_itself_whole(site, tmp_path):
    site.versions = [Version(zipped())]
    visitor = Visitor(tmp_path, "2025-01.zip")
    site.script.extend([p.says_no_length_and_cuts, p.says_no_length])
    visitor.get(site)
    assert visitor.bytes == zipped()
    assert "damaged or cut off" in visitor.words[0]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Repr-Digest", "sha-256=:{sha256}:"),
        ("Repr-Digest", "unixsum=:AAAA:, sha-512=:{sha512}:"),
        ("Digest", "SHA-256={sha256}"),
        ("Content-Digest", "sha-256=:{sha256}:"),
        ("Content-MD5", "{md5}"),
    ],
)
@pytest.mark.parametrize("right", [True, False])
def test_a_check_sum_is_held_to(site, visitor, header, value, right):
    body = TABLE if right else TABLE + b"x"
    sums = {
        name: base64.b64encode(hashlib.new(name, body).digest()).decode()
        for name in ("sha256", "sha512", "md5")
    }
    site.extra = {header: value.format(**sums)}
    if right:
        visitor.get(site)
        assert visitor.bytes == TABLE
    else:
        assert "that its server gives for it" in visitor.refused(site)


def test_a_check_sum_of_an_unknown_kind_says_nothing(site, visitor):
    site.extra = {"Repr-Digest": "crc32c=:AAAAAA==:, sha-256=:not base64:", "Content-MD5": "AAAA"}
    visitor.get(site)
    assert visitor.bytes == TABLE


# --- packed ---------------------------------------------------------------------------------------


def test_a_zip_that_is_packed_once_more_is_unpacked(site, tmp_path):
    site.versions = [Version(zipped())]
    visitor = Visitor(tmp_path, "2025-01.zip")
    site.script.append(p.packed)
    visitor.get(site)
    assert visitor.bytes == zipped()
    assert visitor.files == ["2025-01.zip"]


def test_a_file_that_is_only_said_to_be_packed_is_taken_as_it_is(site, visitor):
    site.script.append(p.says_packed)
    visitor.get(site)
    assert visitor.bytes == TABLE
    assert len(site.asked) == 1


def test_a_packed_file_that_broke_off_goes_on_packed(site, visitor):
    def packed_in_two(publisher: Publisher, asked: p.Asked) -> p.Reply:
        whole = p.packed(publisher, asked)
        if not asked.first:
            whole.cut = len(whole.body) // 2
            return whole
        return p.partial(Version(whole.body, '"packed"'), whole.headers, asked.first)

    site.script.extend([packed_in_two, packed_in_two])
    visitor.get(site)
    assert site.asked[1].first > 0
    assert visitor.bytes == TABLE


def test_a_packing_that_we_did_not_ask_for_and_cannot_open_is_told(site, visitor):
    site.extra = {"Content-Encoding": "br"}
    assert "packed as 'br'" in visitor.refused(site)


# --- what came is not what was promised -----------------------------------------------------------


def test_a_page_that_says_sorry_is_not_a_table(site, visitor):
    site.script.append(p.page)
    words = visitor.refused(site)
    assert "a web page ('We will be back') and not the file table.csv" in words
    assert visitor.files == []
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\xef\xbb\xbf  <html><body>no</body></html>", "a web page and not"),
        (b"<!-- x -->\n<!DOCTYPE html><title> Too\nbusy </title>", "('Too busy')"),
        (b'{"error": "no such file"}', "a message and not the table table.csv: {"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "AccessDenied"),
        (b" \n \n", "sent nothing"),
    ],
)
def test_what_is_no_table_is_told(site, visitor, body, words):
    site.versions = [Version(body)]
    assert words in visitor.refused(site)


@pytest.mark.parametrize("name", ["a.zip", "a.xlsx", "a.ods", "a.parquet"])
def test_a_damaged_file_is_told(site, tmp_path, name):
    site.versions = [Version(zipped()[:-30])]
    words = Visitor(tmp_path, name).refused(site)
    assert "damaged or cut off" in words or "not a whole Parquet file" in words


# --- any sequence of these ------------------------------------------------------------------------

ANYTHING = [
    *ONCE, p.starts_elsewhere, p.starts_earlier, p.lies_about_range,
    p.goes_on_with_another, p.says_no_length,
    p.says_no_length_and_cuts, p.page, p.status(404), p.cut(0.3), p.cut(0.9), p.says_longer(-20),
]  # fmt: skip
KINDS = {
    "table.csv": TABLE[:3000],
    "table.zip": zipped(TABLE[:3000]),
}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(ANYTHING), max_size=9),
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(['"v1"', "", 'W/"v1"']),
)
def test_whatever_a_publisher_does_the_bytes_are_right_or_there_is_a_sentence(
    tmp_path_factory, script, name, etag
):
    visitor = Visitor(tmp_path_factory.mktemp("any"), name)
    body = KINDS[name]
    with serving(Publisher([Version(body, etag)])) as site:
        # A zip cannot be changed as text is: what changes is a zip of another table.
        site.change = lambda: site.versions.append(_next(site, name))  # type: ignore[method-assign]  # a stand-in
        site.script.extend(script)
        try:
            visitor.get(site)
        except CannotFetch:
            assert not (visitor.folder / name).exists()
        else:
            assert visitor.bytes in [version.body for version in site.versions]
            assert visitor.files == [name]


def _next(site: Publisher, name: str) -> Version:
    number = len(site.versions) + 1
    table = TABLE[: 2500 + 100 * number].replace(b"2025", b"20%02d" % (30 + number))
    return Version(zipped(table) if name.endswith(".zip") else table, f'"v{number}"', "")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(ONCE), max_size=4))
def test_four_misbehaviours_in_a_row_are_got_over(tmp_path_factory, script):
    visitor = Visitor(tmp_path_factory.mktemp("four"))
    with serving(Publisher([Version(TABLE)])) as site:
        site.script.extend(script)
        visitor.get(site)
        assert visitor.bytes in [version.body for version in site.versions]
