"""Reads every target of every edition, area by area, from the figures known on a date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from bluelamp.measures.series import Series
from bluelamp.places import Gazetteer
from bluelamp.plan.edition import Edition
from bluelamp.signals.finding import TargetReading


def read_targets(
    series: Iterable[Series],
    editions: Mapping[str, Edition],
    gazetteer: Gazetteer,
    known_on: date,
) -> tuple[TargetReading, ...]:
    """By edition, line number, level and area."""
    return ()
