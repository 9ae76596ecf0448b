"""The receipt of a reading: what came in, when, and what was made of it. Written last, so that a
file without a receipt was never received and the call can be made again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """A row (or the whole file: line 0) that was not taken, and what to do about it."""

    line: int
    reason: str


@dataclass(frozen=True)
class Receipt:
    """One reading of one received file, which is known by the SHA-256 of its bytes.

    status        `kept` (every row), `partly refused`, `refused` (no row) or `not read` (no source
                  has this shape).
    name          file name as received; `container` the zip or folder it came in.
    published_on  ISO date; `published_inferred` says that the source's rule gave it.
    received_on   ISO date (UTC) on which the bytes came in.
    months        first and last month covered, as 2023-06, or ''.
    system        the publisher's category system, where it has had several.
    refusals      at most the first 200, in line order; `rows_refused` counts them all, and the
                  store's quarantine holds them all.
    definitions   fingerprint of the definitions that the file was read by ('' in receipts older
                  than the store's format 2).
    reading       1, then 2, 3 ... for each later reading of the same bytes that came to something
                  else, because a definition had changed. None is overwritten.
    read_on       ISO date (UTC) of a later reading; '' for the first, read when it was received.
    remark        what should be known of the dates, or ''.
    notes         what its reader says should be known of the file.
    personal      it held, or may have held, records about people: the store has no bytes of it and
                  no typed rows, and the receipt does not tell the file's own name.
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
    definitions: str = ""
    reading: int = 1
    read_on: str = ""
    remark: str = ""
    notes: tuple[str, ...] = ()
    personal: bool = False

    @property
    def key(self) -> str:
        """What the store keeps this reading under: the hash, and from the second on its number."""
        return reading_key(self.sha256, self.reading)

    @property
    def day_read(self) -> str:
        """ISO date (UTC) from which the office had this reading."""
        return self.read_on or self.received_on

    @property
    def counts(self) -> bool:
        """Whether there are rows to count."""
        return self.status in ("kept", "partly refused")

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it. What format 1 did not have is left out where there is nothing to say,
        so that an old receipt is written in the bytes it had."""
        return {
            name: value
            for name, value in asdict(self).items()
            if name not in LATER or value != LATER[name]
        }

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> Receipt:
        refusals = tuple(Refusal(**refusal) for refusal in record.get("refusals", ()))
        notes = tuple(record.get("notes", ()))
        return cls(**{**record, "refusals": refusals, "notes": notes})


# The fields that receipts of format 1 do not have.
LATER = {
    field.name: field.default
    for field in fields(Receipt)
    if field.name in ("definitions", "reading", "read_on", "remark", "notes", "personal")
}


def reading_key(sha256: str, reading: int) -> str:
    return sha256 if reading == 1 else f"{sha256}-{reading}"


def only_latest(receipts: list[Receipt]) -> dict[str, Receipt]:
    """By hash, the last reading of each file's bytes."""
    latest: dict[str, Receipt] = {}
    for receipt in sorted(receipts, key=lambda r: (r.sha256, r.reading)):
        latest[receipt.sha256] = receipt
    return latest
