"""What two methods in common use would say of the same months, beside what is said here.

A reader used to Making Data Count or to a CUSUM wants to see them; and whoever says that they
cry wolf should show it. Nothing rests on them: no finding, no icon, no order of a page.

Both judge the newest 12 months by limits from the 24 before, as they are used. Neither allows for
the time of year, for the length of a month or for how many series are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bluelamp.measures.series import Series
from bluelamp.periods import Month
from bluelamp.signals.refusals import WINDOW

BASELINE = 24
TESTED = ("count", "share")


@dataclass(frozen=True)
class OtherReading:
    """One measure for the whole force, by two other methods. Months are written 2025-03.

    mean, lower, upper   the centre and limits of the XmR chart of Making Data Count.
    flagged        months among the newest 12 with whose figures a rule of it was first met.
    alerts         months among them in which the CUSUM (slack 0.5 SD, threshold 5 SD) is alerting.
    """

    measure: str
    area: str
    first: str
    last: str
    mean: float
    lower: float
    upper: float
    flagged: tuple[str, ...]
    alerts: tuple[str, ...]


def by_other_methods(series: Iterable[Series], force: str) -> tuple[OtherReading, ...]:
    """Every monthly count and share of the force that has 36 known months in a row behind its last
    known one, in order of measure."""
    asked = (s for s in series if s.level == "force" and s.measure.kind in TESTED and s.monthly)
    readings = (_read(one, force) for one in asked if force in one.areas)
    return tuple(sorted((r for r in readings if r), key=lambda reading: reading.measure))


def _read(series: Series, force: str) -> OtherReading | None:
    values = np.asarray(series.value[series.areas.index(force)], dtype=float)
    known = np.flatnonzero(np.isfinite(values))
    if not known.size:
        return None
    last = int(known[-1])
    first = last - WINDOW - BASELINE + 1
    shown = values[max(first, 0) : last + 1]
    if first < 0 or not np.isfinite(shown).all() or not np.ptp(shown[:BASELINE]):
        return None
    months = series.months[first : last + 1]
    return _of_months(series.measure.id, force, months, shown)


def _of_months(
    measure: str, force: str, months: tuple[Month, ...], values: NDArray[np.float64]
) -> OtherReading:
    from bluelamp.statistics.charts import cusum, xmr

    chart = xmr.chart(values, fix_after_n_points=BASELINE)
    known = values[:BASELINE]
    sums = cusum.two_sided(values[BASELINE:], target=known.mean(), deviation=known.std(ddof=1))
    newest = months[BASELINE:]
    limits = chart.segments[-1]
    return OtherReading(
        measure=measure,
        area=force,
        first=str(months[0]),
        last=str(months[-1]),
        mean=_number(limits.mean),
        lower=_number(limits.lower),
        upper=_number(limits.upper),
        flagged=_where(newest, chart.met[BASELINE:] != 0),
        alerts=_where(newest, sums.alert != 0),
    )


def _where(months: tuple[Month, ...], marked: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(str(month) for month, each in zip(months, marked, strict=True) if each)


def _number(value: object) -> float:
    """To nine figures: those beyond differ from machine to machine, and a release must not."""
    return float(f"{float(np.asarray(value)):.9g}")
