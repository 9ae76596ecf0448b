"""The commitments of an edition counted once each, however often the edition makes them.

A plan says the same more than once: in its foreword, in a list, in a chapter. Counting every place
would make it look as if more had been promised than was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bluelamp.plan.commitment import Commitment
from bluelamp.plan.edition import Edition


@dataclass(frozen=True)
class Promise:
    """One commitment with the places at which its edition makes it again.

    first   where it stands by the edition's own order (its lists come first); `again`, the others.
    """

    first: Commitment
    again: tuple[Commitment, ...] = ()

    @property
    def stated_due(self) -> date | None:
        """The date where the promise is first made; without one there, the earliest that any other
        place states; None where no place states one."""
        others = (each.due for each in self.again if each.due is not None)
        return self.first.due or min(others, default=None)

    @property
    def stated_money(self) -> Commitment | None:
        """The first place that states a sum; None where no place does."""
        return next((each for each in (self.first, *self.again) if each.money is not None), None)


def promises(edition: Edition) -> tuple[Promise, ...]:
    """Every promise of an edition in its order, with what restates it.

    `restates` is read both ways, because which of two places names the other is the editor's
    choice. A place is a promise of its own unless it is joined to one that stands before it; it
    then belongs to whatever that one belongs to. A sentence that sums up two promises belongs to
    both, and does not make one of them.
    """
    joined: dict[str, set[str]] = {each.id: set(each.restates) for each in edition.commitments}
    for each in edition.commitments:
        for other in each.restates:
            joined[other].add(each.id)
    belongs: dict[str, tuple[str, ...]] = {}
    again: dict[str, list[Commitment]] = {}
    for each in edition.commitments:
        before = [belongs[other] for other in belongs if other in joined[each.id]]
        heads = dict.fromkeys(head for heads in before for head in heads)
        belongs[each.id] = tuple(heads) or (each.id,)
        for head in heads:
            again.setdefault(head, []).append(each)
    return tuple(
        Promise(each, tuple(again.get(each.id, ())))
        for each in edition.commitments
        if belongs[each.id] == (each.id,)
    )
