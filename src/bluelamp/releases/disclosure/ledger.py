"""What earlier releases showed and left out, kept in the store beside the receipts.

    disclosure/key              the secret from which the rounding of wards is drawn
    disclosure/<release>.json   each table of a release as it truly was, and its pattern

Both tell what a release leaves out, so that they lie in the store, open to its owner alone, and
never in a release. A rebuild reads those of the release's predecessors: it gives the same bytes.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from bluelamp.evidence.personal.private import write_private
from bluelamp.evidence.store import Store
from bluelamp.releases.disclosure.counted import Flags
from bluelamp.releases.disclosure.tables import three
from bluelamp.releases.release import Release
from bluelamp.statistics.disclosure.differencing import Release as Shown
from bluelamp.statistics.disclosure.tables import Table, table_of

FOLDER = "disclosure"


class NoLedger(LookupError):
    """It is not known what an earlier release showed; the message says what to do."""


@dataclass(frozen=True)
class Kept:
    """A table of one release: flags (n,) of what was not published for whatever reason, of what is
    in no figure, of what was sensitive; and the rule that it was protected by."""

    source: str
    year: str
    rule: tuple[int, ...]
    table: Table
    suppressed: Flags
    hidden: Flags
    sensitive: Flags

    def as_release(self) -> Shown:
        return Shown(self.table, self.suppressed, self.sensitive)

    def is_of(self, table: Table, hidden: Flags, rule: tuple[int, ...]) -> bool:
        """Whether the same was to be protected by the same rule: then the pattern stands."""
        return (
            self.rule == rule
            and self.table.keys == table.keys
            and np.array_equal(self.table.values, table.values)
            and np.array_equal(self.hidden, hidden)
            and not (self.table.relations != table.relations).nnz
        )


class Ledger:
    """The ledgers of a store."""

    def __init__(self, store: Store) -> None:
        self.folder = store.root / FOLDER
        self._releases = store.root / "releases"

    def before(self, release: str | None) -> list[tuple[Kept, ...]]:
        """What the release named and those before it kept, the latest first.

        Raises NoLedger where a release is not known to have had nothing to protect.
        """
        found = []
        while release is not None:
            path = self.folder / f"{release}.json"
            if not path.is_file():
                release = self._before_one_without(release)
                continue
            record = json.loads(path.read_text(encoding="utf-8"))
            found.append(tuple(_table_from(each) for each in record["tables"]))
            release = record["predecessor"]
        return found

    def _before_one_without(self, release: str) -> str | None:
        """The predecessor of a release that has no ledger, because it gave nothing controlled."""
        for path in sorted(self._releases.glob("[!.]*/release.json")):
            if json.loads(path.read_text(encoding="utf-8")).get("id") == release:
                opened = Release(path.parent)
                if not _gives_what_is_controlled(opened):
                    return opened.manifest.predecessor
        raise NoLedger(
            f"what the release {release} showed of small numbers is not in the store: bring back "
            f"{self.folder / release}.json, or the next release could be subtracted from it"
        )

    def write(self, release: str, predecessor: str | None, kept: tuple[Kept, ...]) -> None:
        record = {"predecessor": predecessor, "tables": [_record_of(each) for each in kept]}
        data = json.dumps(record, sort_keys=True).encode() + b"\n"
        write_private(self.folder / f"{release}.json", data)

    def secret(self) -> bytes:
        """The secret of the store, made when first asked for."""
        path = self.folder / "key"
        if not path.is_file():
            write_private(path, secrets.token_hex(32).encode() + b"\n")
        return bytes.fromhex(path.read_text(encoding="utf-8").strip())


def _gives_what_is_controlled(release: Release) -> bool:
    return any(
        release.sources[name].disclosure == "controlled" and release.figure_frame(measure.id).height
        for measure in release.measures.values()
        for name in {measure.source, release.measures[measure.rate_of or measure.id].source}
    )


def _record_of(kept: Kept) -> dict[str, Any]:
    relations = sparse.coo_array(kept.table.relations)
    flags = {
        name: np.flatnonzero(getattr(kept, name)).tolist()
        for name in ("suppressed", "hidden", "sensitive")
    }
    return {
        "source": kept.source,
        "year": kept.year,
        "rule": list(kept.rule),
        "keys": [list(three(key)) for key in kept.table.keys],
        "values": kept.table.values.tolist(),
        "relations": [relations.row.tolist(), relations.col.tolist(), relations.data.tolist()],
        "sums": relations.shape[0],
        **flags,
    }


def _table_from(record: dict[str, Any]) -> Kept:
    keys = [tuple(key) for key in record["keys"]]
    rows, columns, data = record["relations"]
    relations = sparse.coo_array((data, (rows, columns)), shape=(record["sums"], len(keys)))

    def flags(name: str) -> Flags:
        found = np.zeros(len(keys), dtype=bool)
        found[record[name]] = True
        return found

    return Kept(
        record["source"], record["year"], tuple(record["rule"]),
        table_of(keys, record["values"], relations),
        flags("suppressed"), flags("hidden"), flags("sensitive"),
    )  # fmt: skip


def ledger_of(path: Path) -> tuple[Kept, ...]:
    """The tables of one ledger file: for an audit of a release."""
    record = json.loads(path.read_text(encoding="utf-8"))
    return tuple(_table_from(each) for each in record["tables"])
