"""A release with the indexes that pages ask for, opened once per process.

`Release` reads; this remembers. Wards make a measure's table half a million rows long, so figures
are split by area once and turned into values only for the area of the page being made.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property, lru_cache
from pathlib import Path

import polars as pl

from bluelamp.definitions import Office
from bluelamp.figures import Figure
from bluelamp.measures.definition import Measure
from bluelamp.places import Area, Gazetteer
from bluelamp.plan.edition import Edition
from bluelamp.plan.line import Line, Part
from bluelamp.releases.release import ChartMonth, Manifest, Release, figure_of
from bluelamp.signals.finding import Finding

# The figure a table shows for a place: twelve months leave no season and no short month in it.
HEADLINE = "r12"


class OpenRelease:
    """One release and its indexes. Nothing in it changes after it is made."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.manifest: Manifest = release.manifest
        self.office: Office = release.office
        self.gazetteer: Gazetteer = release.gazetteer
        self.leading: Edition = release.leading
        self.measures: dict[str, Measure] = release.measures
        self._headlines: dict[str, dict[str, Figure]] = {}
        self._frames: dict[str, dict[str, pl.DataFrame]] = {}

    # --- places ---------------------------------------------------------------------------------

    @cached_property
    def force(self) -> Area:
        return self.gazetteer[self.office.force]

    @cached_property
    def forces(self) -> tuple[Area, ...]:
        """Every force of the territory, the office's own first."""
        codes = dict.fromkeys((self.office.force, *self.office.territory))
        return tuple(self.gazetteer[code] for code in codes)

    @cached_property
    def boroughs(self) -> tuple[Area, ...]:
        """The boroughs of the territory by name."""
        codes = {force.code for force in self.forces}
        found = (a for a in self.gazetteer.of_kind("borough") if a.parent in codes)
        return tuple(sorted(found, key=lambda area: area.name))

    @cached_property
    def wards(self) -> tuple[Area, ...]:
        """The wards of those boroughs by code."""
        codes = {borough.code for borough in self.boroughs}
        return tuple(a for a in self.gazetteer.of_kind("ward") if a.parent in codes)

    @cached_property
    def wards_by_borough(self) -> dict[str, tuple[Area, ...]]:
        """The wards of each borough by name."""
        found: dict[str, list[Area]] = defaultdict(list)
        for ward in sorted(self.wards, key=lambda area: area.name):
            found[ward.parent or ""].append(ward)
        return {code: tuple(wards) for code, wards in found.items()}

    @cached_property
    def outside(self) -> tuple[Area, ...]:
        """Named places that lie in no borough, by name."""
        places = self.gazetteer.of_kind("borough", outside=True)
        return tuple(sorted((a for a in places if a.outside), key=lambda area: area.name))

    def called(self, area: Area) -> str:
        """An area's name as the leading plan's sentences have it: "London" for its force."""
        return self.leading.plan.called.get(area.code, area.name)

    def rank(self, code: str) -> int:
        """0 for the force of the office, then other forces, boroughs, wards: widest areas first."""
        if code == self.force.code:
            return 0
        return {"force": 1, "borough": 2}.get(self.gazetteer[code].kind, 3)

    # --- measures -------------------------------------------------------------------------------

    @cached_property
    def rate_twins(self) -> dict[str, Measure]:
        """The rate that goes with a count, by the count's id."""
        return {m.rate_of: m for m in self.measures.values() if m.rate_of}

    @cached_property
    def own_measures(self) -> tuple[Measure, ...]:
        """Measures that stand by themselves, by title; a rate stands with its count."""
        found = (m for m in self.measures.values() if not m.rate_of)
        return tuple(sorted(found, key=lambda measure: measure.title.casefold()))

    @cached_property
    def lines_of_measure(self) -> dict[str, tuple[tuple[Line, Part], ...]]:
        """The lines of the leading edition that name a measure, with the part that names it."""
        found: dict[str, list[tuple[Line, Part]]] = defaultdict(list)
        for line in self.leading.lines:
            for part in line.parts:
                for measure in part.measures:
                    found[measure].append((line, part))
        return {measure: tuple(lines) for measure, lines in found.items()}

    # --- figures and charts ---------------------------------------------------------------------

    def headline(self, measure: str) -> dict[str, Figure]:
        """The newest 12-month figure of every area; {} where the release has none."""
        if measure not in self._headlines:
            known = self._has("figures", measure)
            self._headlines[measure] = self.release.latest(measure, HEADLINE) if known else {}
        return self._headlines[measure]

    def whole_frame(self, measure: str) -> pl.DataFrame | None:
        """All figures of a measure as a table, not kept; None where the release has none."""
        return self.release.figure_frame(measure) if self._has("figures", measure) else None

    def figure_frame(self, measure: str, area: str) -> pl.DataFrame | None:
        """A measure's figures in one area as a table; None where the release has none."""
        if measure not in self._frames:
            self._frames[measure] = {}
            if (frame := self.whole_frame(measure)) is not None:
                parts = frame.partition_by("area", as_dict=True)
                self._frames[measure] = {str(code): part for (code,), part in parts.items()}
        return self._frames[measure].get(area)

    def figures(self, measure: str, area: str, kind: str) -> list[Figure]:
        """A measure's figures in one area for one kind of period, oldest first; [] if none."""
        frame = self.figure_frame(measure, area)
        if frame is None:
            return []
        rows = frame.filter(pl.col("kind") == kind).iter_rows(named=True)
        return [figure_of(measure, row) for row in rows]

    def months(self, measure: str, area: str) -> list[ChartMonth]:
        """The chart of a measure in an area; [] where the release has none."""
        return self.release.chart(measure, area) if self._has("charts", measure) else []

    def _has(self, folder: str, measure: str) -> bool:
        return (self.release.folder / folder / f"{measure}.parquet").is_file()

    # --- findings -------------------------------------------------------------------------------

    @cached_property
    def findings_by_area(self) -> dict[str, tuple[Finding, ...]]:
        """Findings of each area in the release's order."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.release.findings:
            found[finding.area].append(finding)
        return {area: tuple(findings) for area, findings in found.items()}

    @cached_property
    def tested(self) -> int:
        """How many findings were tested, together, as one family."""
        return sum(finding.p_value is not None for finding in self.release.findings)

    def watched(self, area: str | None = None) -> list[Finding]:
        """The answers to "has it changed lately?", of one area or of all, in the release's order.

        A rate is left out: it would say again what is said of the count it is made from.
        """
        found = self.release.findings if area is None else self.findings_by_area.get(area, ())
        return [f for f in found if f.question == "watch" and not self.measures[f.measure].rate_of]


@lru_cache(maxsize=4)
def open_release(folder: Path) -> OpenRelease:
    """The release in a folder, opened once; raises NotARelease."""
    return OpenRelease(Release(folder))
