"""What an office writes into a column of a template, and what becomes of it on receipt.

A template is a source whose columns are ours: it is for what nobody publishes and an office has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bluelamp.evidence.source import Source

# What the tally may be told by records about people: words that we listed, a month, a place.
TOLD_OF_PEOPLE = ("choice", "month", "day", "borough", "force", "ward")


@dataclass(frozen=True)
class Fill:
    """One column of a template.

    kind        `month` (2026-04), `day` (2026-04-30), `borough` or `force` (a name or code),
                `ward` (a code), `count` (a whole number, 0 or more), `amount` (any number),
                `weight` (a number over 0), `choice` (one of `choices`), `text`, `identifier` (what
                tells one person from all others).
    words       what belongs there, for whoever fills it in.
    example     something that may stand there.
    becomes     the column of the tally that it fills; `group`: the key is the column's name; a
                `day` may become its month. '': it is not tallied.
    identifier  what happens to it on receipt: `drop` (gone), `hash` (a keyed hash takes its place).
    """

    kind: Literal[
        "month", "day", "borough", "force", "ward", "count", "amount", "weight", "choice", "text",
        "identifier",
    ]  # fmt: skip
    words: str
    example: str
    choices: tuple[str, ...] = ()
    becomes: Literal[
        "", "month", "area", "category", "subcategory", "flag", "group", "count", "value"
    ] = ""
    identifier: Literal["", "drop", "hash"] = ""

    def __post_init__(self) -> None:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("fill: the kind `choice` goes with `choices`, and only that one")
        if (self.kind == "identifier") != bool(self.identifier):
            raise ValueError("fill: the kind `identifier` goes with `identifier: drop` or `hash`")
        if self.identifier and self.becomes:
            raise ValueError("fill: what tells a person apart may become nothing in the tally")


def check_fills(source: Source) -> None:
    """Raises ValueError where a source's columns do not make a template, or where records about
    people would be kept longer, or told further, than they may."""
    fills = [column.fill for column in source.columns if column.fill]
    personal = source.sensitivity == "personal"
    if personal and not fills:
        raise ValueError("a personal source is a template: each column needs a `fill`")
    if personal != (source.retain_months > 0):
        raise ValueError("`retain_months` goes with `sensitivity: personal`, and only with that")
    if not fills:
        return
    if len(fills) != len(source.columns):
        raise ValueError("a template says of every column what belongs there (`fill`)")
    if not personal and any(fill.identifier for fill in fills):
        raise ValueError("a column that tells people apart needs `sensitivity: personal`")
    _check_tally(fills, source.counts, personal=personal)
    if personal:
        _check_people(fills, source)


def _check_tally(fills: Sequence[Fill], counts: str, *, personal: bool) -> None:
    becomes = [fill.becomes for fill in fills if fill.becomes]
    if any(becomes.count(name) > 1 for name in becomes if name != "group"):
        raise ValueError("two columns of the template become the same column of the tally")
    if "month" not in becomes:
        raise ValueError("no column of the template becomes the month")
    if bool(counts) == ("category" in becomes):
        raise ValueError("a column becomes the category, or `counts` names it: one of the two")
    if not personal and ("count" in becomes) == ("value" in becomes):
        raise ValueError("one column of the template becomes the count or the value")


def _check_people(fills: Sequence[Fill], source: Source) -> None:
    if source.disclosure != "controlled":
        raise ValueError("counts of records about people are `disclosure: controlled`")
    if not any(fill.identifier for fill in fills):
        raise ValueError("say of at least one column that it is an identifier (drop or hash)")
    told = [fill for fill in fills if fill.becomes]
    if any(fill.kind not in TOLD_OF_PEOPLE for fill in told):
        raise ValueError("of records about people only listed words, months and places are tallied")
    if sum(fill.becomes == "group" for fill in told) > 1:
        raise ValueError(
            "records about people are tallied by one group at most: two together can point at one"
        )
