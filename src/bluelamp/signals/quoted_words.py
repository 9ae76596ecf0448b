"""What is said of a number that a plan quotes: the only place where such sentences are made."""

from __future__ import annotations

import re

from bluelamp.measures.definition import Measure
from bluelamp.periods import Month
from bluelamp.plan.edition import Plan
from bluelamp.plan.quoted import Quoted

_NOUGHTS = re.compile(r"\.0+(?!\d)")

SAYS = {
    "whole plan": "The plan says",
    "consultation draft": "The draft plan says",
    "announcement": "The announcement says",
}


def months(first: Month, last: Month) -> str:
    """ "January to December 2016", "April 2015 to March 2016", "June 2016"."""
    if first == last:
        return last.words
    start = first.words.removesuffix(f" {first.year}") if first.year == last.year else first.words
    return f"{start} to {last.words}"


def opening(text: str) -> str:
    """The same words as the start of a sentence."""
    return text[:1].upper() + text[1:]


def of_period(
    measure: Measure, where: str, first: Month, last: Month, *, whole: bool, total: bool
) -> str:
    """What a level was made from, without a full stop.

    whole   the publisher's own value, for the twelve months that end with `last`.
    total   the count itself, also of a rate.
    """
    if whole:
        of = "published share of" if measure.is_percentage else "published figure for"
        return f"the {of} {measure.things} {where} in the 12 months to {last.words}"
    when = f"in {last.words}" if first == last else f"from {months(first, last)}"
    words = f"{measure.things} {where} {when}"
    if measure.kind == "share":
        return f"{words}, as a share {measure.unit}"
    if measure.kind == "rate" and not total:
        return f"{words}, {measure.unit}"
    return words if first == last else f"{words}, added up from the published months"


def value(number: float, quoted: Quoted, *, apart_from: str = "") -> str:
    """A number as the plan prints its own: "1,851", "62.4%", "£600 million".

    apart_from   words that it must not look like: ours, where it differs, is told finely enough to
                 be seen to differ.
    """
    shown = _written(number, quoted, None)
    for decimals in (1, 2, 3, 4):
        if _NOUGHTS.sub("", shown) != apart_from:
            break
        shown = _written(number, quoted, decimals)
    return shown


def _written(number: float, quoted: Quoted, decimals: int | None) -> str:
    sign, size, scale = ("\N{MINUS SIGN}" if number < 0 else ""), abs(number), ""
    pounds = "\N{POUND SIGN}" in quoted.printed
    if pounds:
        for name, unit in (("billion", 1e9), ("million", 1e6)):
            if size >= unit:
                size, scale = size / unit, f" {name}"
                break
    if decimals is None:
        decimals = _decimals(size)
    percent = "%" in quoted.printed or quoted.unit.lower().startswith(("%", "per cent", "percent"))
    mark = "%" if percent and "points" not in quoted.unit else ""
    pound = "\N{POUND SIGN}" if pounds else ""
    return f"{sign}{pound}{size:,.{decimals}f}{mark}{scale}"


def _decimals(size: float) -> int:
    """None for whole numbers and from 1,000 up; one from 10; else two."""
    if abs(size - round(size)) < 1e-9 or size >= 1000:
        return 0
    return 1 if size >= 10 else 2


def _says(plan: Plan, quoted: Quoted) -> str:
    """A whole plan and the announcement of it differ at times, so it is said which has a number."""
    document = "announcement" if quoted.announced else plan.document
    return f"{SAYS[document]} {quoted.printed}"


def agrees(plan: Plan, quoted: Quoted, ours: float) -> str:
    found = value(ours, quoted)
    said = f"{_says(plan, quoted)}."
    if found == value(quoted.value, quoted):
        return f"{said} We find the same."
    return f"{said} We find {found}, which agrees."


def differs(plan: Plan, quoted: Quoted, ours: float) -> str:
    """With the reason that the edition's author found, or that we do not know it."""
    printed = value(quoted.value, quoted)
    found = value(ours, quoted, apart_from=printed)
    said = f"{_says(plan, quoted)}. We find {found}, which differs"
    return f"{said}. {quoted.explained}" if quoted.explained else f"{said}, and we do not know why."


def cannot_be_checked(plan: Plan, quoted: Quoted, reason: str) -> str:
    """`reason` is a sentence, with or without its full stop."""
    said = f"{_says(plan, quoted)}."
    if quoted.unchecked:
        return f"{said} This cannot be checked. {quoted.unchecked}"
    return f"{said} {reason.removesuffix('.')}, so this cannot be checked."
