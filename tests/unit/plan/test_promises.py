"""A promise is counted once, however often its plan makes it. The tables are the rule."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.plan.commitment import Commitment
from bluelamp.plan.promises import promises


def commitment(id: str, number: int, restates: tuple[str, ...] = (), **more) -> Commitment:
    return Commitment(
        id, number, id, "other promise", "Something will be done.", "the office", "p. 1", "Ask.",
        restates=restates, **more,
    )  # fmt: skip


def edition(*commitments: Commitment) -> SimpleNamespace:
    """All that counting asks of an edition."""
    return SimpleNamespace(commitments=commitments)


# In the edition's order: each commitment, "=" and what it restates. Then: promise < places again.
CASES = {
    "nothing twice": ("a b c", "a b c"),
    "the later names the earlier": ("a b=a c", "a<b c"),
    "the earlier names the later": ("a=b b c", "a<b c"),
    "each names the other": ("a=b b=a c", "a<b c"),
    "three places in a chain": ("a b=a c=b", "a<bc"),
    "a sentence that sums up two promises stays under both": ("a b c=a,b d", "a<c b<c d"),
    "said again of what sums up two": ("a b c=a,b d=c", "a<cd b<cd"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_counted(case: str) -> None:
    given_as, wanted = CASES[case]
    made = []
    for number, text in enumerate(given_as.split(), start=1):
        id, _, restates = text.partition("=")
        made.append(commitment(id, number, tuple(restates.replace(",", ""))))
    found = promises(edition(*made))
    said = [
        p.first.id + ("<" + "".join(each.id for each in p.again) if p.again else "") for p in found
    ]
    assert said == wanted.split()


@given(st.lists(st.sets(st.integers(0, 7)), min_size=1, max_size=8))
def test_every_commitment_stands_somewhere_and_no_promise_restates_another(edges) -> None:
    ids = [f"c{n}" for n in range(len(edges))]
    made = [
        commitment(ids[n], n + 1, tuple(ids[m] for m in sorted(others) if m < len(ids) and m != n))
        for n, others in enumerate(edges)
    ]
    found = promises(edition(*made))
    heads = {p.first.id for p in found}
    again = {each.id for p in found for each in p.again}
    assert heads | again == set(ids)
    assert heads.isdisjoint(again)
    by_id = {each.id: each for each in made}
    for one in heads:
        assert not heads & set(by_id[one].restates)


@pytest.mark.parametrize(
    ("first", "second", "third", "wanted"),
    [
        (date(2018, 1, 1), date(2017, 1, 1), None, date(2018, 1, 1)),  # the first place's own
        (None, date(2019, 1, 1), date(2018, 6, 1), date(2018, 6, 1)),  # else the earliest
        (None, None, date(2018, 6, 1), date(2018, 6, 1)),
        (None, None, None, None),
    ],
)
def test_the_date_of_a_promise(first, second, third, wanted) -> None:
    made = edition(
        commitment("a", 1, due=first),
        commitment("b", 2, ("a",), due=second),
        commitment("c", 3, ("a",), due=third),
    )
    assert [p.stated_due for p in promises(made)] == [wanted]


def test_the_sum_of_a_promise_is_the_first_one_stated() -> None:
    made = edition(
        commitment("a", 1),
        commitment("b", 2, ("a",), money=72_000_000, money_words="£72 million"),
        commitment("c", 3, ("a",), money=1, money_words="£1"),
        commitment("d", 4),
    )
    stated = [p.stated_money for p in promises(made)]
    assert [each and each.money_words for each in stated] == ["£72 million", None]
