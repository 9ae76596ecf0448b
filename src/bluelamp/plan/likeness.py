"""Which things of two editions are the same thing, by the words of their titles.

Editions are written afresh. Things with one id are one thing: whoever writes a definition says so
by its id. Else only words tie "Keeping children safe" to "Keep children and young people safe": two
titles are taken for one where they share more than half of all the words that bear meaning, so
that "knife crime reports" is not "hate crime reports". It is a coarse rule and an open one: whoever
reads the result sees both titles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar


class _WithId(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_WithId)

MORE_THAN = 0.5
"""The share of all different words of two titles that both must exceed to be taken for one."""

_BARE = frozenset(
    re.findall(
        r"\w+",
        "a an and are at be better by for from has have in into is it its more "
        "number of on or our than that the their them they this to we which who will with",
    )
)
_ENDINGS = ("ing", "ed", "es", "s")


def likeness(one: str, other: str) -> float:
    """Words that both have as a share of the words that either has, 0 to 1.

    Words without meaning of their own, numbers, case and common endings do not count.
    """
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)


def _words(text: str) -> frozenset[str]:
    found = re.findall(r"[^\W\d_]+", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    return frozenset(_stem(word) for word in found if word not in _BARE)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def matched(
    earlier: Sequence[T],
    later: Sequence[T],
    words: Callable[[T], str],
    alike: Callable[[T, T], bool] = lambda one, other: True,
) -> list[tuple[T | None, T | None]]:
    """Each thing once, with the one of the other edition that is most like it.

    Those with one id are joined first, then the likest pairs, earlier places first where two are as
    like. In the order of `later`, then what only `earlier` has. Things that are not `alike` are
    never joined.
    """
    scored = [
        (-2.0 if one.id == other.id else -likeness(words(one), words(other)), i, j)
        for i, one in enumerate(earlier)
        for j, other in enumerate(later)
        if alike(one, other)
    ]
    partner_of: dict[int, int] = {}
    taken: set[int] = set()
    for score, i, j in sorted(scored):
        if -score > MORE_THAN and i not in taken and j not in partner_of:
            partner_of[j] = i
            taken.add(i)
    pairs: list[tuple[T | None, T | None]] = [
        (earlier[partner_of[j]] if j in partner_of else None, other)
        for j, other in enumerate(later)
    ]
    return pairs + [(one, None) for i, one in enumerate(earlier) if i not in taken]
