"""What receiving needs to know: sources, places and readers, read once from the definitions."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast

import polars as pl

from bluelamp.definitions import read_gazetteer, read_office
from bluelamp.evidence.engine import Engine, engine_at
from bluelamp.evidence.opening import Table
from bluelamp.evidence.reading import Places, Reader
from bluelamp.evidence.recognise import (
    Fits,
    NotRecognised,
    Recognised,
    WrongColumns,
    fits,
    recognise,
)
from bluelamp.evidence.source import Source, read_sources


@dataclass(frozen=True)
class Desk:
    """The place where files are read: it has the definitions at hand, and the engine that adds up
    what was read."""

    definitions: Path
    engine: Engine = field(default_factory=engine_at)

    @cached_property
    def sources(self) -> dict[str, Source]:
        return read_sources(self.definitions)

    @cached_property
    def places(self) -> Places:
        office = read_office(self.definitions)
        lookups = {
            path.stem: dict(pl.read_csv(path, infer_schema=False, columns=[0, 1]).iter_rows())
            for folder in ("editions", "lookups")  # an edition lists code, area above, name
            for path in sorted((self.definitions / "areas" / folder).glob("*.csv"))
        }
        return Places(read_gazetteer(self.definitions), office.force, office.territory, lookups)

    @cached_property
    def separators(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(s for source in self.sources.values() for s in source.separators)
        )

    def knows(self, header: tuple[str, ...]) -> bool:
        """Whether a table with these columns would be recognised."""
        rows = pl.DataFrame(schema={"line": pl.UInt32, **dict.fromkeys(header, pl.String)})
        try:
            self.recognise(Table(header, rows, (), ""))
        except (NotRecognised, WrongColumns):
            return False
        return True

    def recognise(self, table: Table) -> Recognised:
        """The source that a table is of. Raises NotRecognised, WrongColumns."""
        if table.header not in self._fits:
            self._fits[table.header] = fits(table.header, self.sources)
        return recognise(table, self.sources, self._fits[table.header])

    @cached_property
    def _fits(self) -> dict[tuple[str, ...], Fits]:
        return {}

    def reader(self, source: Source) -> Reader:
        """The module `evidence/readers/<source.reader>.py`; raises ModuleNotFoundError."""
        return cast(Reader, importlib.import_module(f"bluelamp.evidence.readers.{source.reader}"))

    def fingerprint(self, source: str) -> str:
        """Of the definitions that decide how a file of this source is read: the source's own, the
        areas with their spellings and look-ups, and the office. '' where there is no such source.

        Sixteen hexadecimal digits of SHA-256 over paths and bytes.
        """
        if source not in self.sources:
            return ""
        if source not in self._fingerprints:
            own = self.definitions / "sources" / f"{source}.yaml"
            self._fingerprints[source] = _digest(self.definitions, [own, *self._of_places])
        return self._fingerprints[source]

    @cached_property
    def _fingerprints(self) -> dict[str, str]:
        return {}

    @cached_property
    def _of_places(self) -> list[Path]:
        areas = (self.definitions / "areas").rglob("*")
        return [
            self.definitions / "office.yaml",
            *sorted(path for path in areas if path.suffix in (".yaml", ".csv")),
        ]


def _digest(root: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:16]
