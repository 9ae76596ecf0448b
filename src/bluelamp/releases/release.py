"""One release, opened for reading: what public pages, packs, open data and the API are made of.

A release is a folder that never changes. `release.json` names every file with its SHA-256, the
receipts and definitions it was made from, and contains no clock.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from bluelamp.definitions import Office, read_gazetteer, read_office
from bluelamp.evidence.receipt import Receipt
from bluelamp.evidence.source import Source, read_sources
from bluelamp.figures import Figure, Withheld
from bluelamp.measures.definition import Measure, read_measures
from bluelamp.measures.gap import Gap, read_gaps
from bluelamp.places import Gazetteer
from bluelamp.plan.contents import StatutoryContents, read_statutory_contents
from bluelamp.plan.edition import Edition
from bluelamp.plan.reading import read_editions
from bluelamp.releases.corrections import CORRECTION_SCHEMA, Looked, SystemChange
from bluelamp.releases.disclosure.words import with_caveats
from bluelamp.releases.mistakes import Mistake, read_mistakes
from bluelamp.signals.finding import Finding, LineReading, QuotedReading, TargetPoint, TargetReading
from bluelamp.signals.gap_reading import GapReading, GapResult
from bluelamp.signals.other_methods import OtherReading
from bluelamp.signals.places_compared import PlaceCompared, PlacesCompared

# What later versions added is in files of its own, so a release without them still opens.
FORMAT = 1


class NotARelease(ValueError):
    """The folder is not a release that this version can read; the message says why."""


@dataclass(frozen=True)
class Manifest:
    """What the release is: `release.json`.

    family   how many findings were tested, and how many passed the false-discovery control.
    """

    format: int
    id: str
    plan: str
    known_on: str
    received_by: str | None
    synthetic: bool
    code_version: str
    predecessor: str | None
    family: dict[str, Any]
    files: dict[str, str]


@dataclass(frozen=True)
class ChartMonth:
    """One month of a chart: the value (None where withheld), and the expected range if judged."""

    month: str
    value: float | None
    expected: float | None
    lower: float | None
    upper: float | None
    being_checked: bool
    reason: str


@dataclass(frozen=True)
class ChartBreak:
    """From this month on the numbers are not comparable with those before it, and why.

    levels   at which (`force`, `borough`, `ward`); () in a release made before they were told
             apart: at all of them.
    """

    month: str
    words: str
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """What is known of one source, level and scope, month by month.

    state: `known`, `partial` (withheld), `being checked` (shown, not tested) or `missing`.
    receipt is the file in force; `revised_from` the total of the publication before it, or None.
    """

    source: str
    level: str
    scope: str
    month: str
    state: str
    total: float | None
    receipt: str
    published_on: str
    note: str
    revised_from: float | None


def last_changes(coverage: Iterable[Coverage]) -> pl.DataFrame:
    """The last change of each month's total, as coverage tells it (CORRECTION_SCHEMA)."""
    rows = [
        {
            "source": c.source, "level": c.level, "scope": c.scope, "month": c.month,
            "category": "", "area": "", "published_before": "", "published_after": c.published_on,
            "before": c.revised_from, "after": c.total, "change": c.total - c.revised_from,
            "share": (c.total - c.revised_from) / c.revised_from if c.revised_from else None,
            "new_system": False, "receipt_before": "", "receipt_after": c.receipt,
        }
        for c in coverage
        if c.revised_from is not None and c.total is not None and c.total != c.revised_from
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=CORRECTION_SCHEMA)


class Release:
    """A release opened for reading. Raises NotARelease, saying what is missing or too new."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        path = folder / "release.json"
        if not path.is_file():
            raise NotARelease(
                f"{folder} is not a release: it has no release.json. "
                "Make one with `bluelamp build --plan ... --known-on ...`."
            )
        try:
            record = dict(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise NotARelease(f"{path} is damaged ({error}); take the release anew") from error
        if record.get("format") != FORMAT:
            raise NotARelease(
                f"{folder} has release format {record.get('format')}; this version reads {FORMAT}. "
                "Use the version of Blue Lamp named in its release.json."
            )
        try:
            self.manifest = Manifest(**record)
        except TypeError as error:
            raise NotARelease(f"{path} is not the manifest of a release ({error})") from error

    @cached_property
    def definitions(self) -> Path:
        return self.folder / "definitions"

    @cached_property
    def office(self) -> Office:
        return read_office(self.definitions)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return read_gazetteer(self.definitions)

    @cached_property
    def measures(self) -> dict[str, Measure]:
        """By id; what is done to protect people in small counts stands among the caveats."""
        return {
            name: with_caveats(measure, self.sources)
            for name, measure in read_measures(self.definitions).items()
        }

    @cached_property
    def sources(self) -> dict[str, Source]:
        return read_sources(self.definitions)

    @cached_property
    def editions(self) -> dict[str, Edition]:
        return read_editions(self.definitions, set(self.measures))

    @property
    def leading(self) -> Edition:
        """The edition that leads this release (`build --plan`)."""
        return self.editions[self.manifest.plan]

    @cached_property
    def receipts(self) -> dict[str, Receipt]:
        """Receipt by SHA-256 of every file the release was made from."""
        records = json.loads((self.folder / "receipts.json").read_text(encoding="utf-8"))
        return {record["sha256"]: Receipt.from_dict(record) for record in records}

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        records = json.loads((self.folder / "findings.json").read_text(encoding="utf-8"))
        return tuple(Finding(**record) for record in records)

    @cached_property
    def _finding_index(self) -> dict[tuple[str, str, str], Finding]:
        return {(f.question, f.measure, f.area): f for f in self.findings}

    def finding(self, question: str, measure: str, area: str) -> Finding | None:
        """The answer to `watch` or `edition` for a measure in an area; None if never asked."""
        return self._finding_index.get((question, measure, area))

    @cached_property
    def readings(self) -> tuple[LineReading, ...]:
        records = json.loads((self.folder / "readings.json").read_text(encoding="utf-8"))
        return tuple(LineReading(**r | {"parts": tuple(r["parts"])}) for r in records)

    def reading(self, edition: str, line: str, area: str) -> LineReading | None:
        return self._reading_index.get((edition, line, area))

    @cached_property
    def _reading_index(self) -> dict[tuple[str, str, str], LineReading]:
        return {(r.edition, r.line, r.area): r for r in self.readings}

    @cached_property
    def targets(self) -> tuple[TargetReading, ...]:
        """What is said of every target; () in a release made before targets were read."""
        return tuple(
            TargetReading(**r | {"points": tuple(TargetPoint(**p) for p in r["points"])})
            for r in self._records("targets.json")
        )

    def target(self, edition: str, line: str, area: str) -> TargetReading | None:
        return self._target_index.get((edition, line, area))

    @cached_property
    def _target_index(self) -> dict[tuple[str, str, str], TargetReading]:
        return {(r.edition, r.line, r.area): r for r in self.targets}

    @cached_property
    def gaps(self) -> dict[str, Gap]:
        """The gaps between groups that this release has results of, by id."""
        found = read_gaps(self.definitions)
        return {name: gap for name, gap in found.items() if name in self.gap_results}

    @cached_property
    def gap_results(self) -> dict[str, GapResult]:
        """What is said of each gap, by its id; {} in a release made before gaps were looked at."""
        return {
            record["gap"]: GapResult(
                **record
                | {name: tuple(record[name]) for name in ("strange", "receipts")}
                | {"readings": tuple(GapReading(**reading) for reading in record["readings"])}
            )
            for record in self._records("gaps.json")
        }

    @cached_property
    def quoted(self) -> dict[tuple[str, str], QuotedReading]:
        """What is said of every number that an edition quotes, by edition and figure; {} in a
        release made before they were checked."""
        found = (QuotedReading(**record) for record in self._records("quoted.json"))
        return {(each.edition, each.figure): each for each in found}

    @cached_property
    def other_methods(self) -> tuple[OtherReading, ...]:
        """What two methods in common use say of the force's measures; () in an older release."""
        lists = ("flagged", "alerts")
        return tuple(
            OtherReading(**r | {name: tuple(r[name]) for name in lists})
            for r in self._records("other-methods.json")
        )

    @cached_property
    def places_compared(self) -> dict[str, PlacesCompared]:
        """How the boroughs compare, by rate; {} in a release made before they were compared."""
        found = (
            PlacesCompared(**r | {"places": tuple(PlaceCompared(**p) for p in r["places"])})
            for r in self._records("places.json")
        )
        return {each.measure: each for each in found}

    def _records(self, name: str) -> list[dict[str, Any]]:
        """The records of a file that releases of an earlier version do not have."""
        path = self.folder / name
        return list(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else []

    @cached_property
    def statutory_contents(self) -> StatutoryContents | None:
        return read_statutory_contents(self.definitions)

    @cached_property
    def coverage(self) -> tuple[Coverage, ...]:
        records = json.loads((self.folder / "coverage.json").read_text(encoding="utf-8"))
        return tuple(Coverage(**record) for record in records)

    @cached_property
    def compared(self) -> tuple[Looked, ...] | None:
        """How much of each source was published more than once; None in a release made before
        publications were compared."""
        if not (self.folder / "corrections.json").is_file():
            return None
        return tuple(
            Looked(**r | {"systems": tuple(SystemChange(**s) for s in r["systems"])})
            for r in self._records("corrections.json")
        )

    @cached_property
    def corrections(self) -> pl.DataFrame:
        """Every change between two publications of a month (CORRECTION_SCHEMA). A release made
        before they were compared knows the last change of each month's total only."""
        path = self.folder / "corrections.parquet"
        return pl.read_parquet(path) if path.is_file() else last_changes(self.coverage)

    @cached_property
    def mistakes(self) -> tuple[Mistake, ...]:
        """What the office itself put right, the latest first."""
        return read_mistakes(self.definitions)

    @cached_property
    def breaks(self) -> dict[str, tuple[ChartBreak, ...]]:
        """Declared breaks in series by measure."""
        records = json.loads((self.folder / "breaks.json").read_text(encoding="utf-8"))
        return {
            measure: tuple(
                ChartBreak(b["month"], b["words"], tuple(b.get("levels", ()))) for b in breaks
            )
            for measure, breaks in records.items()
        }

    def figure_frame(self, measure: str) -> pl.DataFrame:
        """All figures of a measure, the columns as in `Figure` plus `kind`, sorted by kind, area
        and time. `receipts` is one text: the hashes joined by spaces."""
        return pl.read_parquet(self.folder / "figures" / f"{measure}.parquet")

    def figures(
        self, measure: str, *, area: str | None = None, kind: str | None = None
    ) -> list[Figure]:
        """Figures of one measure in order of area and time, filtered by area and period kind."""
        frame = self.figure_frame(measure)
        if area is not None:
            frame = frame.filter(pl.col("area") == area)
        if kind is not None:
            frame = frame.filter(pl.col("kind") == kind)
        return [figure_of(measure, row) for row in frame.iter_rows(named=True)]

    def latest(self, measure: str, kind: str) -> dict[str, Figure]:
        """For each area the newest figure of a kind that has a value, else the newest withheld."""
        frame = self.figure_frame(measure).filter(pl.col("kind") == kind)
        frame = frame.with_columns(known=pl.col("status") == "ok", row=pl.int_range(pl.len()))
        frame = frame.sort("known", "row").group_by("area", maintain_order=True).last()
        rows = frame.sort("area").iter_rows(named=True)
        return {row["area"]: figure_of(measure, row) for row in rows}

    @cached_property
    def _charts(self) -> dict[str, dict[str, list[ChartMonth]]]:
        return {}

    def chart(self, measure: str, area: str) -> list[ChartMonth]:
        """Month by month values with the expected range; [] where the measure has no such area."""
        if measure not in self._charts:
            by_area: dict[str, list[ChartMonth]] = defaultdict(list)
            frame = pl.read_parquet(self.folder / "charts" / f"{measure}.parquet")
            for row in frame.iter_rows(named=True):
                by_area[row.pop("area")].append(ChartMonth(**row))
            self._charts[measure] = by_area
        return self._charts[measure].get(area, [])


def figure_of(measure: str, row: dict[str, Any]) -> Figure:
    """The figure of one row of `Release.figure_frame`."""
    value = row["value"] if row["status"] == "ok" else Withheld(row["status"])
    return Figure(
        measure,
        row["area"],
        row["group"],
        row["period"],
        row["numerator"],
        row["denominator"],
        value,
        row["lower"],
        row["upper"],
        tuple(row["receipts"].split()),
    )
