"""Which things of two editions are taken for one, by their ids and the words of their titles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bluelamp.plan.edition import Priority
from bluelamp.plan.likeness import likeness, matched

# Titles taken for one thing: more than half of the words that bear meaning are in both.
ALIKE = """
    one                              | other                                  | alike
    -------------------------------- + -------------------------------------- + -----
    Keeping children safe            | Keep children and young people safe    | yes
    A better police service          | A Better Police Service for London     | yes
    Tackling hate crime              | Hate crime                             | yes
    Crime prevention                 | Preventing crime                       | no
    Justice and resettlement         | A better criminal justice service      | no
    Victim satisfaction              | Satisfaction of victims                | yes
    Knife crime reports              | Hate crime reports                     | no
    Victim satisfaction with police  | Victim satisfaction with courts        | no
    32,000 officers                  | Officers: 31,000                       | yes
    The and of                       | The and of                             | no
                                     |                                        | no
"""


def test_what_is_taken_for_one_thing(drawn: Callable[[str], list[dict[str, str]]]) -> None:
    for row in drawn(ALIKE):
        found = likeness(row["one"], row["other"])
        assert (found > 0.5) is (row["alike"] == "yes"), (row, found)
        assert found == likeness(row["other"], row["one"])


titles = st.lists(
    st.lists(st.sampled_from(["crime", "court", "knife", "hate", "police"]), min_size=1).map(
        " ".join
    ),
    max_size=6,
)


def priorities_of(titles: list[str], edition: str) -> list[Priority]:
    """Priorities whose ids are their own; the first of each edition is `first` in both."""
    return [
        Priority(f"{edition}-{i}" if i else "first", i, title, "Well?", "s", "p")
        for i, title in enumerate(titles)
    ]


def alike(one: Priority, other: Priority) -> bool:
    return one.id == other.id or likeness(one.title, other.title) > 0.5


@given(titles, titles)
def test_each_thing_is_matched_once_and_none_is_lost(earlier: list[str], later: list[str]) -> None:
    one, other = priorities_of(earlier, "a"), priorities_of(later, "b")
    pairs = matched(one, other, lambda each: each.title)
    assert [pair[1] for pair in pairs if pair[1]] == other
    found = [pair[0] for pair in pairs if pair[0]]
    assert sorted(found, key=lambda each: each.number) == one
    assert all(alike(before, after) for before, after in pairs if before and after)
    # Nothing that is left over on both sides could still have been joined.
    for before in (pair[0] for pair in pairs if pair[0] and not pair[1]):
        for after in (pair[1] for pair in pairs if pair[1] and not pair[0]):
            assert not alike(before, after)


def test_the_likest_are_joined_first_and_one_id_before_all_words() -> None:
    def titled(*titles: str) -> list[Priority]:
        return [Priority(title, i, title, "Well?", "s", "p") for i, title in enumerate(titles)]

    def told(earlier: list[Priority], later: list[Priority]) -> list[tuple[str | None, ...]]:
        pairs = matched(earlier, later, lambda each: each.title)
        return [tuple(each and each.title for each in pair) for pair in pairs]

    reports, crime, late = titled("hate crime reports", "hate crime", "tackling hate crime")
    assert told([reports, crime], [late]) == [
        ("hate crime", "tackling hate crime"), ("hate crime reports", None),
    ]  # fmt: skip
    assert told([replace(reports, id=late.id), crime], [late]) == [
        ("hate crime reports", "tackling hate crime"), ("hate crime", None),
    ]  # fmt: skip
