"""`/data/` and its receipts: whose it is, and what became of each file."""

from __future__ import annotations

import html
from typing import Any

from bluelamp.measures.credits import credits_owed
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease


def receipts_of(opened: OpenRelease, status: str) -> list[str]:
    return [r.sha256 for r in opened.release.receipts.values() if r.status == status]


def test_the_page_of_a_file_tells_what_its_reader_noted(client: Any, opened: OpenRelease) -> None:
    (noted,), (plain,) = receipts_of(opened, "partly refused"), receipts_of(opened, "kept")
    page = client.get(addresses.receipt(noted)).content.decode()
    assert "Worth knowing of this file" in page
    assert "<li>3 rows stand twice</li>" in page
    assert "Worth knowing" not in client.get(addresses.receipt(plain)).content.decode()


def test_the_page_has_the_words_owed_for_the_files_of_the_release(
    client: Any, opened: OpenRelease
) -> None:
    page = html.unescape(client.get(addresses.DATA).content.decode())
    used = {r.source for r in opened.release.receipts.values() if r.rows_kept}
    owed = credits_owed(opened.release.definitions, used)
    assert used == {"mps-recorded-crime"}
    assert len(owed) > 1
    for one in owed:
        assert f"<strong>{one.words}</strong>" in page
        for title in one.of:
            assert f"<li>{title}</li>" in page
    unused = opened.release.sources["police-uk-street"]
    assert unused.title not in page
