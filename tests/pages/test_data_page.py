"""`/data/` and its receipts: whose it is, and what became of each file."""

from __future__ import annotations

from typing import Any

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
