"""A change is told from chance months after it began; both dates are told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bluelamp.measures.series import Series
from bluelamp.periods import Month
from bluelamp.signals.detection import NOT_FOUND, first_told, limits, until
from bluelamp.signals.family import control
from bluelamp.signals.judge import judge

PERIOD = (Month(2017, 4), Month(2022, 2))
MONTHS = 84
BEGINS = 76  # the ninth month of the newest twelve back


@pytest.fixture(scope="module")
def planted(make_series: Callable[..., Series]) -> Series:
    """Twelve boroughs of about 200 a month; in the first a step of a third, at BEGINS."""
    rng = np.random.default_rng(8)
    mean = np.full((12, MONTHS), 200.0)
    mean[0, BEGINS:] *= 0.66
    return make_series(rng.poisson(mean), first="2016-01")


def test_the_first_date_is_the_one_at_which_a_release_would_have_told_it(planted: Series) -> None:
    judged = judge(planted, PERIOD)
    ((verdict, other),), family = control([judged])
    limit = limits([judged], [(verdict, other)])["borough"]
    # One of all that was tested passes: the limit of a single discovery at one level.
    assert limit == pytest.approx(0.05 * family.changed / family.tested)
    assert verdict.changed.tolist() == [True] + [False] * 11

    told = first_told(judged, verdict, limit, PERIOD, ())

    assert told[1:].tolist() == [NOT_FOUND] * 11
    start = planted.months[0].index
    assert start + BEGINS <= told[0] <= start + MONTHS - 1
    # The obvious twin: the releases one after another, until one calls it a change.
    for month in range(int(judged.watch.onset[0]), start + MONTHS):
        then = judge(until(planted, month), PERIOD).watch
        if then.p_value[0] <= limit and then.year_p_value[0] <= 0.05 and then.direction[0] == -1:
            assert told[0] == month
            break


def test_a_change_that_is_plain_is_told_before_the_last_month(planted: Series) -> None:
    judged = judge(planted, PERIOD)
    (pair,), _family = control([judged])
    told = first_told(judged, pair[0], limits([judged], [pair])["borough"], PERIOD, ())
    assert told[0] < planted.months[-1].index


def test_where_nothing_changed_nothing_is_told(make_series: Callable[..., Series]) -> None:
    judged = judge(make_series(np.full((3, MONTHS), 50.0), first="2016-01"), PERIOD)
    ((verdict, _),), _family = control([judged])
    assert (first_told(judged, verdict, 0.05, PERIOD, ()) == NOT_FOUND).all()


def test_a_series_until_a_month_has_that_month_as_its_last(planted: Series) -> None:
    cut = until(planted, Month(2020, 6).index)
    assert cut.months[-1] == Month(2020, 6)
    assert cut.numerator.shape == cut.value.shape == (12, len(cut.months))
    assert len(cut.receipts) == len(cut.months)
