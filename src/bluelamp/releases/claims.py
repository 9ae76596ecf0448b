"""What a release knows, for a check of claims: findings, and the arithmetic of two years."""

from __future__ import annotations

from pathlib import Path

from bluelamp.measures.definition import Measure
from bluelamp.releases.release import Release
from bluelamp.signals.claims.checking import Checker
from bluelamp.signals.claims.verdicts import years_to
from bluelamp.signals.claims.words import read_claim_words
from bluelamp.signals.finding import Finding


class ReleaseEvidence:
    """One release as `signals.claims.verdicts.Evidence`."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._years: dict[str, dict[tuple[str, str], float]] = {}

    def measure(self, measure: str) -> Measure:
        return self._release.measures[measure]

    def finding(self, question: str, measure: str, area: str) -> Finding | None:
        return self._release.finding(question, measure, area)

    def plan_began(self) -> str:
        return str(self._release.leading.plan.first_month)

    def area_name(self, area: str) -> str:
        called = self._release.leading.plan.called
        found = self._release.gazetteer[area]
        if found.kind == "ward" and found.parent:
            return f"{found.name} ward, {self.area_name(found.parent)}"
        return called.get(area) or found.name

    def year_on_year(self, measure: str, area: str) -> tuple[float, float, str] | None:
        finding = self.finding("watch", measure, area)
        if finding is None or not finding.window_last:
            return None
        figures = self._of(measure)
        now, before = (figures.get((area, year)) for year in years_to(finding.window_last))
        return None if now is None or before is None else (now, before, finding.window_last)

    def _of(self, measure: str) -> dict[tuple[str, str], float]:
        """Values of the rolling years of a measure by area and period."""
        if measure not in self._years:
            figures = self._release.figures(measure, kind="r12")
            self._years[measure] = {
                (f.area, f.period): f.value for f in figures if isinstance(f.value, float | int)
            }
        return self._years[measure]


def checker(release: Release, definitions: Path) -> Checker:
    """Reads texts by the words of `definitions` and holds them against a release.

    Raises DefinitionFaults or FileNotFoundError where the words cannot be read.
    """
    return Checker(
        read_claim_words(definitions),
        release.measures,
        release.gazetteer,
        release.leading.plan.called,
        release.office.force,
        ReleaseEvidence(release),
    )
