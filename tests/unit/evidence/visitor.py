"""Somebody who downloads from a `publisher`, and the files that are downloaded."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from tests.unit.evidence.publisher import Publisher

from bluelamp.evidence.fetching.asking import Asker, Pace
from bluelamp.evidence.fetching.downloading import Download, Downloader
from bluelamp.evidence.fetching.memory import Fetched
from bluelamp.evidence.fetching.problem import CannotFetch
from bluelamp.evidence.fetching.waiting import Patience
from bluelamp.evidence.fetching.wanted import Wanted

TABLE = b"month,count\n" + b"".join(b"2025-%02d,%d\n" % (1 + n % 12, n) for n in range(4000))
QUICK = Pace(silence=5, window=60, least=0, between=0)
TODAY = date(2026, 4, 1)


def zipped(body: bytes = TABLE) -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:  # stored, so that it is worth packing
        archive.writestr(zipfile.ZipInfo("2025-01/2025-01-essex-street.csv"), body)
    return to.getvalue()


class Visitor:
    """Somebody who downloads one file into a folder, and writes down waits and words."""

    def __init__(self, folder: Path, name: str = "table.csv", pace: Pace = QUICK) -> None:
        self.folder, self.name, self.pace = folder, name, pace
        self.waits: list[float] = []
        self.words: list[str] = []
        self.sizes: list[tuple[int, int | None]] = []

    def downloader(self) -> Downloader:
        patience = Patience(tries=6, chance=lambda: 1.0, sleep=self.waits.append)
        asker = Asker("BlueLamp/test", self.pace)
        return Downloader(
            asker,
            TODAY,
            patience,
            self.words.append,
            lambda done, total: self.sizes.append((done, total)),
        )

    def get(self, site: Publisher, known: Fetched | None = None, path: str = "") -> Download:
        address = site.address + (path or f"/{self.name}")
        wanted = Wanted("some-source", address, self.name)
        return self.downloader().download(wanted, self.folder, known)

    def refused(self, site: Publisher, path: str = "") -> str:
        with pytest.raises(CannotFetch) as caught:
            self.get(site, path=path)
        assert not (self.folder / self.name).exists()
        return str(caught.value)

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    @property
    def bytes(self) -> bytes:
        return (self.folder / self.name).read_bytes()
