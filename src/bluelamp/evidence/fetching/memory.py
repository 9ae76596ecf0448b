"""What was fetched before, so as to ask a server only for what has changed since.

One small file beside the store, `fetched.json`: by address, what came, when, and how the server
named that version. Losing it costs a download and nothing else.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from bluelamp.evidence.fetching.contents import digest_of
from bluelamp.evidence.fetching.waiting import http_date
from bluelamp.evidence.store import write_atomically


@dataclass(frozen=True)
class Fetched:
    """One file as it was fetched. `on` and `received` are ISO dates; `received` is '' until
    `bluelamp receive` has had it."""

    name: str
    size: int
    sha256: str
    on: str
    etag: str = ""
    modified: str = ""
    received: str = ""

    @property
    def published(self) -> date | None:
        """The day of the server's Last-Modified, in London; None where it gave none."""
        moment = http_date(self.modified)
        return moment.astimezone(ZoneInfo("Europe/London")).date() if moment else None

    def still_at(self, folder: Path) -> bool:
        """Whether the very bytes are still there: only then may a server say "not changed"."""
        path = folder / self.name
        return (
            path.is_file() and path.stat().st_size == self.size and digest_of(path) == self.sha256
        )


class Memory:
    """The fetched files by address, in `fetched.json` of a store's folder."""

    def __init__(self, root: Path) -> None:
        self._path = root / "fetched.json"

    def _all(self) -> dict[str, Fetched]:
        try:
            records = json.loads(self._path.read_text(encoding="utf-8"))
            return {address: Fetched(**record) for address, record in records.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def of(self, address: str) -> Fetched | None:
        return self._all().get(address)

    def keep(self, address: str, fetched: Fetched) -> None:
        """Remember; raises OSError where the folder cannot be written to."""
        records = {known: asdict(record) for known, record in self._all().items()}
        records[address] = asdict(fetched)
        text = json.dumps(records, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        write_atomically(self._path, text.encode())

    def mark_received(self, address: str, on: str) -> None:
        known = self.of(address)
        if known:
            self.keep(address, replace(known, received=on))
