"""Drawn tables: what was received, and what is then known. They enter by the front door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bluelamp.definitions import definitions_root, read_gazetteer, read_office
from bluelamp.evidence.known import Known, as_known
from bluelamp.evidence.receive import Desk, Outcome, receive
from bluelamp.evidence.source import read_sources
from bluelamp.evidence.store import Store
from bluelamp.measures.compute import Context, series_of
from bluelamp.measures.definition import read_measures
from bluelamp.measures.series import Series
from bluelamp.measures.tables import figure_table

CATEGORIES = {
    "ARSON AND CRIMINAL DAMAGE": "CRIMINAL DAMAGE",
    "BURGLARY": "DOMESTIC BURGLARY",
    "DRUG OFFENCES": "POSSESSION OF DRUGS",
    "POSSESSION OF WEAPONS": "POSSESSION OF WEAPONS",
    "PUBLIC ORDER OFFENCES": "VIOLENT DISORDER",
    "ROBBERY": "ROBBERY OF PERSONAL PROPERTY",
    "SEXUAL OFFENCES": "RAPE",
    "THEFT": "SHOPLIFTING",
    "VEHICLE OFFENCES": "THEFT FROM A VEHICLE",
    "VIOLENCE AGAINST THE PERSON": "VIOLENCE WITH INJURY",
}


def table(text: str) -> list[dict[str, str]]:
    """Read a drawn table: columns between bars, a rule under the header."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    header = [cell.strip() for cell in lines[0].split("|")]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines[2:]]
    return [dict(zip(header, row, strict=True)) for row in rows]


class FrontDoor:
    """A store of its own, filled by `receive` alone, and asked as releases ask it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "store")
        self.definitions = definitions_root()
        self.desk = Desk(self.definitions)
        self.gazetteer = read_gazetteer(self.definitions)

    def receive(
        self, name: str, text: str | bytes, *, on: str = "2026-04-01", published: str | None = None
    ) -> Outcome:
        path = self.folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return receive(
            self.store,
            self.desk,
            [path],
            on=date.fromisoformat(on),
            published=date.fromisoformat(published) if published else None,
        )[0]

    def boroughs(self) -> list[str]:
        return [a.name for a in self.gazetteer.of_kind("borough") if a.parent == "E23000001"]

    def borough_file(
        self, months: dict[str, int], *, leave_out: tuple[str, ...] = (), only: str = ""
    ) -> str:
        """A whole borough table: each borough and kind of crime has the month's number."""
        lines = ["MajorText,MinorText,BoroughName," + ",".join(m.replace("-", "") for m in months)]
        for major, minor in CATEGORIES.items():
            if only and major != only:
                continue
            for borough in self.boroughs():
                if borough not in leave_out:
                    counts = ",".join(str(n) for n in months.values())
                    lines.append(f"{major},{minor},{borough},{counts}")
        return "\n".join(lines) + "\n"

    def known(self, on: str, received_by: str | None = None) -> Known:
        return as_known(
            self.store,
            read_sources(self.definitions),
            on=date.fromisoformat(on),
            received_by=date.fromisoformat(received_by) if received_by else None,
        )

    def series(self, measure: str, known_on: str) -> list[Series]:
        """The measure's series, one per level, from the evidence as known on the date."""
        measures = read_measures(self.definitions)
        context = Context(
            self.known(known_on),
            read_sources(self.definitions),
            measures,
            self.gazetteer,
            read_office(self.definitions).force,
        )
        return series_of(measures[measure], context)

    def figure(self, measure: str, area: str, period: str, known_on: str) -> float | str | None:
        """The value, the reason why there is none, or None where no row answers."""
        for series in self.series(measure, known_on):
            for row in figure_table(series).iter_rows(named=True):
                if (row["area"], row["period"]) == (area, period):
                    return row["value"] if row["status"] == "ok" else row["status"]
        return None


@pytest.fixture
def door(tmp_path: Path) -> FrontDoor:
    return FrontDoor(tmp_path)


@pytest.fixture
def drawn() -> Callable[[str], list[dict[str, str]]]:
    return table
