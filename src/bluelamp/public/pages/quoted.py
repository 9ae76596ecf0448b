"""`/plans/<edition>/figures/`: are the numbers in the plan right, as far as anybody can check?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bluelamp.look import words
from bluelamp.look.pieces import Column
from bluelamp.plan.edition import Edition
from bluelamp.plan.quoted import Quoted
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.plan import PlanPage, edition_of, way_to
from bluelamp.public.shown import decimals

VERDICTS = {
    "agrees": "Agrees",
    "differs": "Differs",
    "cannot be checked": "Cannot be checked",
}
COUNTED = {
    "agrees": "agree with what we find",
    "differs": "differ from what we find",
    "cannot be checked": "cannot be checked",
}
POUNDS = ("£", "pounds", "GBP")
PERCENT = ("%", "percent", "per cent")


@dataclass(frozen=True)
class QuotedShown:
    """A number of the plan beside ours.

    place    where it stands; `announced`: in the announcement of the plan and not in the plan
    ours     '' where it cannot be made again; how, reason: '' where there is nothing to say
    """

    id: str
    printed: str
    what: str
    place: str
    announced: bool
    verdict: str
    ours: str
    how: str
    reason: str


@dataclass(frozen=True)
class ThemeShown:
    """The numbers of one theme. count: "12 numbers"."""

    id: str
    title: str
    count: str
    figures: tuple[QuotedShown, ...]


@dataclass(frozen=True)
class PrintedTable:
    """A table as the plan prints it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class QuotedPage(PlanPage):
    """`/plans/<edition>/figures/`: Are the numbers in the plan right?

    counts   pairs of a verdict in words and how many numbers have it
    again    those that could be worked out again, those that differ first: few among many
    """

    summary: str
    counts: tuple[tuple[str, str], ...]
    again: tuple[QuotedShown, ...]
    themes: tuple[ThemeShown, ...]
    tables: tuple[PrintedTable, ...]


def quoted_page(opened: OpenRelease, edition: str) -> QuotedPage:
    found = edition_of(opened, edition)
    if not found.quoted:
        raise NoSuchPage(f"no numbers that the edition {edition} quotes are in this release")
    verdicts = Counter(verdict_of(opened, edition, figure) for figure in found.quoted)
    every = [quoted_shown(opened, edition, figure) for figure in found.quoted.values()]
    return QuotedPage(
        title="The numbers in the plan, checked",
        way=way_to(found.plan),
        active=addresses.PLANS,
        plan=found.plan,
        summary=summary(len(found.quoted), verdicts),
        counts=tuple((COUNTED[v], words.number(verdicts[v])) for v in VERDICTS if verdicts[v]),
        again=tuple(
            figure
            for verdict in ("differs", "agrees")
            for figure in every
            if figure.verdict == VERDICTS[verdict]
        ),
        themes=tuple(
            ThemeShown(
                theme.id,
                theme.title,
                words.counted(len(theme.figures), "number"),
                tuple(quoted_shown(opened, edition, figure) for figure in theme.figures),
            )
            for theme in found.themes
        ),
        tables=printed_tables(found),
    )


def verdict_of(opened: OpenRelease, edition: str, figure: str) -> str:
    """What is said of a number; a release that did not check it says that it cannot tell."""
    reading = opened.release.quoted.get((edition, figure))
    return reading.verdict if reading else "cannot be checked"


def summary(every: int, verdicts: Counter[str]) -> str:
    """ "41 of the 120 numbers can be made again; 38 agree." """
    again = verdicts["agrees"] + verdicts["differs"]
    said = words.counted(every, "number that the plan quotes", "numbers that the plan quotes")
    if not again:
        return f"Not one of the {said} can be worked out again from what is published."
    agree = words.number(verdicts["agrees"]) if verdicts["agrees"] else "none"
    if verdicts["agrees"] == again > 1:
        agree = "all"
    return (
        f"{words.number(again)} of the {said} can be worked out again; {agree} of them "
        f"{'agrees' if verdicts['agrees'] == 1 else 'agree'} with what we find."
    )


def quoted_shown(opened: OpenRelease, edition: str, figure: Quoted) -> QuotedShown:
    reading = opened.release.quoted.get((edition, figure.id))
    return QuotedShown(
        id=figure.id,
        printed=figure.printed,
        what=figure.what,
        place=figure.place,
        announced=figure.announced,
        verdict=VERDICTS[reading.verdict if reading else "cannot be checked"],
        ours="" if reading is None or reading.ours is None else ours(figure, reading.ours),
        how=reading.how if reading else "",
        reason=reading.reason if reading else unread(figure),
    )


def unread(figure: Quoted) -> str:
    return figure.unchecked or "This release did not check it."


def ours(figure: Quoted, value: float) -> str:
    """Our value in the figure's unit, as fine as the printed one or one place finer."""
    fine = decimals(figure.value)
    if abs(value - round(value, fine)) > 10**-9 and abs(value) < 1000:
        fine += 1
    if (rest := after(figure.unit, POUNDS)) is not None:
        return f"{pounds(value, fine)} {rest}".strip()
    if (rest := after(figure.unit, PERCENT)) is not None:
        return f"{words.number(value, fine)}% {rest}".strip()
    return f"{words.number(value, fine)} {figure.unit}"


def after(unit: str, signs: tuple[str, ...]) -> str | None:
    """What follows the word for a sign in a unit ("a year" in "pounds a year"); None without it."""
    for sign in signs:
        if unit == sign or unit.startswith(f"{sign} "):
            return unit[len(sign) :].strip()
    return None


def pounds(value: float, fine: int) -> str:
    """A sum as a plan prints it: "£172m", "£1bn", "£500,000"."""
    minus = words.MINUS if value < 0 else ""
    for size, letters in ((1_000_000_000, "bn"), (1_000_000, "m")):
        if abs(value) >= size:
            parts = round(abs(value) / size, 3)
            return f"{minus}£{words.number(parts, decimals(parts))}{letters}"
    return f"{minus}£{words.number(abs(value), fine)}"


def printed_tables(edition: Edition) -> tuple[PrintedTable, ...]:
    return tuple(
        PrintedTable(
            title=name.replace("-", " ").capitalize(),
            columns=tuple(Column(heading.replace("_", " ").capitalize()) for heading in rows[0]),
            rows=tuple(tuple(row.values()) for row in rows),
        )
        for name, rows in edition.tables.items()
        if rows
    )
