"""Figures: rates pool, and what has no number has words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.figures import Figure, Rate, Withheld

counts = st.integers(0, 10**6)
rates = st.builds(Rate, counts, counts)


def test_rates_are_pooled_and_never_averaged():
    assert Rate(3, 100) + Rate(1, 300) == Rate(4, 400)
    assert (Rate(3, 100) + Rate(1, 300)).value == 10


@given(st.lists(rates, min_size=1))
def test_the_order_of_adding_does_not_matter(parts):
    total = sum(parts, start=Rate(0, 0))
    assert total == sum(reversed(parts), start=Rate(0, 0))
    assert total.numerator == sum(part.numerator for part in parts)


def test_rates_of_different_bases_do_not_add():
    with pytest.raises(ValueError, match=r"per 1,000 cannot be added to one per 100,000"):
        Rate(1, 2) + Rate(1, 2, per=100_000)


@pytest.mark.parametrize("nobody", [0, -1, float("nan")])
def test_among_nobody_there_is_no_rate_but_words(nobody):
    value = Rate(3, nobody).value
    assert isinstance(value, Withheld)
    assert "nobody is counted" in str(value)


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_withheld_must_say_why(reason):
    with pytest.raises(ValueError, match="must say why"):
        Withheld(reason)


def test_the_status_of_a_figure_is_ok_or_the_reason():
    def figure(value: float | Withheld) -> Figure:
        return Figure("burglary", "E09000008", "all", "2023-06", 0, None, value)

    assert figure(0.0).status == "ok"
    assert figure(Withheld("not published for this month")).status == "not published for this month"
