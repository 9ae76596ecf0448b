"""Makes every number that an edition quotes again, where that can be done, and says what came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bluelamp.measures.series import Series
from bluelamp.places import Gazetteer
from bluelamp.plan.edition import Edition
from bluelamp.signals.finding import QuotedReading


def check_quoted(
    series: Iterable[Series], editions: Mapping[str, Edition], gazetteer: Gazetteer, force: str
) -> tuple[QuotedReading, ...]:
    """By edition, theme and place in it. `force` is the code of the office's own force."""
    return ()
