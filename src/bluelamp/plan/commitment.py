"""What an edition firmly says will be done: its text and its place in the plan.

Definitions own a commitment's id, text and place. Who owns it now, when it is due now and how it
stands belongs to the office; until the office says so, its statuses are "not checked".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Commitment:
    """One thing that an edition says will be done.

    number     where it stands among the edition's commitments, counted from 1; the edition's own
               list comes first, in its order.
    kind       `we commit to`: a point of a list that the plan prints under those words;
               `other promise`: a firm promise made elsewhere in its text.
    promise    what will be done, in our words; figures, names and dates exactly as printed.
    lead       who is to do it; where the text says only "we", the office that wrote the plan.
    place      where it stands in the plan: chapter and section.
    priority   id of the priority that it serves; '' for how the plan as a whole is delivered.
    block      heading of the list it is a point of; '' for an other promise.
    due        the last day by which the text says that it will be done; None without a date, and
               `due_words` has what the text says of time ("over the life of the plan").
    money      the sum stated, in pounds; `money_words` as the plan has it ("up to £50 million").
    check      how it could be checked whether it was done. This is ours, not the plan's.
    countable  whether a number could show it (false: only a yes or no, or milestones).
    lines      ids of lines of the edition that it should move; measures, ids of measures that
               bear on it directly.
    restates   ids of commitments of the same edition that say the same: never count them twice.
    """

    id: str
    number: int
    title: str
    kind: Literal["we commit to", "other promise"]
    promise: str
    lead: str
    place: str
    check: str
    priority: str = ""
    block: str = ""
    partners: tuple[str, ...] = ()
    due: date | None = None
    due_words: str = ""
    money: int | None = None
    money_words: str = ""
    countable: bool = True
    lines: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    restates: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if (self.kind == "we commit to") != bool(self.block):
            raise ValueError(
                "block: a point of a `we commit to` list names the heading of its list; "
                "an other promise has none"
            )
        if self.money is not None and not self.money_words:
            raise ValueError("money_words: say the sum as the plan prints it")
