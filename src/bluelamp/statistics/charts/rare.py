"""Charts for events so rare that months of none are usual: what lies between two of them.

Here a column is an event, not a month, and a high value is a long time without one. Sources:
Benneyan (2001), "Number-between g-type statistical quality control charts"; Nelson (1994), "A
control chart for parts-per-million nonconforming items"; Montgomery (2009), example 7.6.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .individuals import i_chart
from .limits import SIGMAS, Limits, baseline_months, counts, mean_of, median_of, series

# Times between chance events are skewed; raised to one over this they are nearly normal.
NELSONS_POWER = 3.6


def g_chart(cases_between: ArrayLike, *, baseline: ArrayLike | None = None) -> Limits:
    """Cases without the event between two events (..., events), 0 or more.

    The centre is the median, since such numbers are skewed; the limits are those of a geometric
    number, cut off at 0. Raises ValueError for a number below 0 and a baseline that does not fit.
    """
    value = counts(cases_between, "number of cases")
    base = baseline_months(value.shape, baseline)
    mean = mean_of(value, base)
    reach = SIGMAS * np.sqrt(mean * (mean + 1))
    shape = value.shape
    return Limits(
        value,
        np.broadcast_to(median_of(value, base), shape),
        np.broadcast_to(np.maximum(mean - reach, 0.0), shape),
        np.broadcast_to(mean + reach, shape),
    )


def t_chart(time_between: ArrayLike, *, baseline: ArrayLike | None = None) -> Limits:
    """Time between events (..., events), in any unit, more than 0.

    An I chart of the times raised to 1/3.6, turned back; a lower limit below 0 is 0. Raises
    ValueError for a time of 0 or less: give the hours between two events of one day.
    """
    value = series(time_between, "time between events")
    if np.any(value <= 0):
        raise ValueError(
            "a time between two events is 0 or less; give finer times, such as hours between two "
            "events of one day"
        )
    chart = i_chart(value ** (1 / NELSONS_POWER), baseline=baseline)
    lower = np.maximum(chart.lower, 0.0)
    return Limits(value, *(end**NELSONS_POWER for end in (chart.centre, lower, chart.upper)))
