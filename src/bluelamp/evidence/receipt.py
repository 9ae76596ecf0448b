"""The receipt of a file: what came in, when, and what was made of it. Written last, so that a
file without a receipt was never received and the call can be made again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """A row (or the whole file: line 0) that was not taken, and what to do about it."""

    line: int
    reason: str


@dataclass(frozen=True)
class Receipt:
    """One received file, known by the SHA-256 of its bytes.

    status        `kept` (every row), `partly refused`, `refused` (no row) or `not read` (no source
                  has this shape).
    name          file name as received; `container` the zip or folder it came in.
    published_on  ISO date; `published_inferred` says that the source's rule gave it.
    received_on   ISO date (UTC).
    months        first and last month covered, as 2023-06, or ''.
    system        the publisher's category system, where it has had several.
    refusals      at most the first 200, in line order; `rows_refused` counts them all.
    """

    sha256: str
    size: int
    name: str
    container: str
    status: str
    source: str
    publisher: str
    licence: str
    received_on: str
    published_on: str
    published_inferred: bool
    rows_read: int
    rows_kept: int
    rows_refused: int
    first_month: str = ""
    last_month: str = ""
    system: str = ""
    synthetic: bool = False
    refusals: tuple[Refusal, ...] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Receipt:
        refusals = tuple(Refusal(**refusal) for refusal in record.pop("refusals", ()))
        return cls(**record, refusals=refusals)
