"""Which time a clause speaks of: that of a finding, or another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bluelamp.periods import Month
from bluelamp.signals.claims.mentions import Mention
from bluelamp.signals.claims.sentences import Word

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
YEAR = re.compile(r"(?:19|20)\d\d")
MONTH = rf"({'|'.join(MONTHS)}) ((?:19|20)\d\d)"
SINCE = re.compile(rf"\bsince {MONTH}")
UNTIL = re.compile(rf"\b(?:12|twelve) months to (?:the end of )?{MONTH}")
# A plan's or an act's year is its name, not the time of a change.
NAMES = re.compile(r"\b((?:19|20)\d\d) (?:plan|act|strategy|census|edition)\b")


@dataclass(frozen=True)
class Time:
    """words: 'lately', 'over the plan', or the words that name another time. since, until: months
    (2025-03), or ''."""

    words: str
    since: str = ""
    until: str = ""


def time_of(words: Sequence[Word], start: int, end: int, mentions: Sequence[Mention]) -> Time:
    """The time of the clause words[start:end], whose mentions are given.

    A date that belongs to "since March 2025" or "the 12 months to July 2025" is told as such, for
    the finding says whether it is its own; any other month, year or span is another time.
    """
    text = " ".join(word.key for word in words[start:end])
    if elsewhen := [m for m in mentions if m.kind == "elsewhen"]:
        return Time(" ".join(word.text for word in words[elsewhen[0].start : elsewhen[0].end]))
    since, until = _month(SINCE.search(text)), _month(UNTIL.search(text))
    left = NAMES.sub(" ", UNTIL.sub(" ", SINCE.sub(" ", text)))
    if year := YEAR.search(left):
        return Time(_round(left, year))
    if any(mention.kind == "over_the_plan" for mention in mentions):
        return Time("over the plan", since, until)
    if "since" in left.split() and not since:
        return Time("since " + left.partition("since ")[2][:30].strip())
    return Time("lately", since, until)


def _month(found: re.Match[str] | None) -> str:
    if found is None:
        return ""
    return str(Month(int(found[2]), MONTHS.index(found[1]) + 1))


def _round(text: str, year: re.Match[str]) -> str:
    """A year with the month or season before it, for the words of a refusal."""
    before = text[: year.start()].split()[-1:]
    return " ".join([*(word for word in before if word in MONTHS), year[0]]).capitalize()
