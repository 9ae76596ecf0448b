"""The coverage table of a release: source x level x scope x month, in states and words."""

from __future__ import annotations

from collections.abc import Mapping

from bluelamp.evidence.known import Known
from bluelamp.evidence.source import Source
from bluelamp.periods import Month, months_between
from bluelamp.releases.release import Coverage

GAP = "no publication known on this date covers this month"


def coverage_rows(known: Known, sources: Mapping[str, Source]) -> list[Coverage]:
    """One row per unit; months between the first and the last of a unit that nothing covers are
    `missing` (for sources that are published monthly)."""
    rows: list[Coverage] = []
    grouped = known.chosen.sort("source", "level", "scope", "month").group_by(
        "source", "level", "scope", maintain_order=True
    )
    for (source, level, scope), units in grouped:
        months = {unit["month"]: unit for unit in units.iter_rows(named=True)}
        between = months_between(Month.parse(min(months)), Month.parse(max(months)))
        for month in map(str, between):
            key = (str(source), str(level), str(scope), month)
            if month in months:
                unit = months[month]
                rows.append(
                    Coverage(
                        *key,
                        unit["state"],
                        unit["total"],
                        unit["receipt"],
                        unit["published_on"],
                        unit["note"],
                        unit["revised_from"],
                    )
                )
            elif sources[str(source)].monthly:
                rows.append(Coverage(*key, "missing", None, "", "", GAP, None))
    return rows
