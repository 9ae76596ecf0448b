"""A measure month by month for every area of one level: what figures and judgements are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bluelamp.evidence.sample import Sample
from bluelamp.measures.definition import Measure
from bluelamp.periods import Month

# Why a share cannot be formed although both counts are known: the counts still add up over time.
MORE_THAN_ALL = "more outcomes than offences in this period, so a share cannot be formed"
NONE_AT_ALL = "there was none to form a share of in this period"


@dataclass(frozen=True)
class Break:
    """From this month on the numbers are not comparable with those before it, and why."""

    month: Month
    words: str


@dataclass(frozen=True)
class Series:
    """One measure at one level. Arrays are (areas, months); months are contiguous.

    numerator    count, or NaN where it is not known (then `reasons` has the words)
    denominator  for shares the count it is a share of; for rates the residents; else None
    value        what is published: count, rate per `measure.per`, or proportion; NaN if withheld
    reasons      object array of str: '' where there is a value
    being_checked  bool (areas, months): shown, but marked and never tested (a suspiciously low
                   month, or one that its source declares exceptional)
    receipts     per month, hashes of the files it was made from
    own_receipts   the same for each area, where areas come in files of their own; else empty
    monthly      False for surveys, whose value is for the 12 months that end with the month
    sample       of published percentages: how many people they rest on, as far as is declared
    """

    measure: Measure
    level: str
    areas: tuple[str, ...]
    months: tuple[Month, ...]
    numerator: NDArray[np.float64]
    denominator: NDArray[np.float64] | None
    value: NDArray[np.float64]
    reasons: NDArray[np.object_]
    being_checked: NDArray[np.bool_]
    receipts: tuple[tuple[str, ...], ...]
    breaks: tuple[Break, ...] = ()
    monthly: bool = True
    own_receipts: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    sample: Sample | None = None
