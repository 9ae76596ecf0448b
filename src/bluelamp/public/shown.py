"""A figure and a finding as a page shows them: already in words, so that templates only loop.

Numbers are put into words by `bluelamp.look.words`; sentences come from findings and are passed
through untouched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bluelamp.figures import Figure, Withheld
from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.measures.definition import Measure
from bluelamp.periods import Period
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.signals.finding import Finding

# A range is one thing: it must not be broken over two lines of a table's cell.
NARROW = "\N{NO-BREAK SPACE}"
_END_OF_SENTENCE = re.compile(r"(?<=[a-z0-9)%][.?!]) (?=[A-Z0-9])")


@dataclass(frozen=True)
class Shown:
    """One figure in words. Where `withheld`, `value` is the reason and `interval` is ''.

    lower, middle, upper are the same figure as numbers in the measure's unit, for pictures; None
    where withheld or without an interval.
    """

    value: str
    interval: str
    period: str
    unit: str
    withheld: bool
    middle: float | None = None
    lower: float | None = None
    upper: float | None = None

    @property
    def ranged(self) -> bool:
        """Whether a range can be stated."""
        return self.lower is not None

    @property
    def note(self) -> str:
        """The period and the range: "the 12 months to March 2026; range 212 to 271"."""
        if self.withheld:
            return self.period
        return f"{self.period}; {'range ' if self.ranged else ''}{self.interval}"

    @property
    def number(self) -> str:
        """The value with its unit, as a sentence says it."""
        return self.value if self.withheld or not self.unit else f"{self.value} {self.unit}"


ABSENT = Shown("No figure in this release", "", "", "", True)


def in_unit(measure: Measure, value: float, finer: int = 0) -> str:
    """A value of a measure as a table shows it: "1,204", "8.4", "7.8%"; `finer` adds decimals."""
    if measure.is_percentage:
        # A survey's own percentages are published whole; a share of recorded crimes is not.
        return words.percent(value, finer + (0 if measure.kind == "published" else 1))
    return words.number(value, finer + (1 if measure.kind == "rate" else 0))


def decimals(value: float) -> int:
    """How many decimals a value has as it was written down: 2 of 0.62, none of 19,285."""
    text = repr(float(value))
    return 0 if float(value).is_integer() or "e" in text else len(text.split(".")[1])


def range_words(measure: Measure, lower: float, upper: float) -> str:
    """The range of a figure, unbroken; finer than the figure where both ends would look alike."""
    ends = [in_unit(measure, end) for end in (lower, upper)]
    if ends[0] == ends[1] and measure.kind != "count":
        ends = [in_unit(measure, end, finer=1) for end in (lower, upper)]
    return " to ".join(ends).replace(" ", NARROW)


def unit_words(measure: Measure, value: float | None = None) -> str:
    """What follows the number: "offences" ("offence" after 1), "per 1,000 residents"."""
    if measure.kind == "count" and value == 1 and measure.unit.endswith("s"):
        return measure.unit[:-1]
    return f"per {measure.per:,} residents" if measure.kind == "rate" else measure.unit


def shown(measure: Measure, figure: Figure | None) -> Shown:
    """A figure in words; ABSENT where there is none."""
    if figure is None:
        return ABSENT
    period = Period.parse(figure.period).words
    if isinstance(figure.value, Withheld):
        return Shown(figure.value.reason, "", period, "", True)
    lower, upper = figure.lower, figure.upper
    interval = "no range can be stated"
    if lower is not None and upper is not None:
        interval = range_words(measure, lower, upper)
    return Shown(
        in_unit(measure, figure.value), interval, period, unit_words(measure, figure.value), False,
        figure.value, lower, upper,
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A finding as a page tells it: its reading (for the icon), its words, where it leads.

    sentence   what was found; `rest` what it is compared with and what the plan hopes for
    """

    reading: str
    sentence: str
    rest: str
    measure: Link
    area: Link
    reason: str = ""
    promise: str = ""
    promised_in: Link | None = None


def opening(words: str) -> tuple[str, str]:
    """The first sentence of some words, to be set in large type, and the others."""
    first, *others = _END_OF_SENTENCE.split(words, maxsplit=1)
    return first, others[0] if others else ""


def capital(text: str) -> str:
    """Some words with which a sentence or a cell begins."""
    return f"{text[0].upper()}{text[1:]}"


def reading_id(reading: str) -> str:
    """The id under which `look` keeps the icon of a reading."""
    return reading.replace(" ", "-")


def told(opened: OpenRelease, finding: Finding) -> Told:
    """A finding with its links, and the promise of the leading edition that it bears on."""
    measure = opened.measures[finding.measure]
    place = opened.gazetteer[finding.area]
    lines = opened.lines_of_measure.get(finding.measure, ())
    line = lines[0][0] if lines else None
    first, rest = opening(finding.sentence)
    return Told(
        reading=reading_id(finding.reading),
        sentence=first,
        rest=rest,
        measure=Link(measure.title, measure_address(opened, finding)),
        area=Link(opened.called(place), addresses.area_or_none(place)),
        reason=finding.reason,
        promise=line.promise if line else "",
        promised_in=Link(line.title, addresses.line(opened.leading.plan.id, line.id))
        if line
        else None,
    )


def measure_address(opened: OpenRelease, finding: Finding) -> str:
    """The page on which a finding can be checked: for a borough its own page of the measure, for a
    ward the page of the ward, for a force the measure's."""
    if opened.gazetteer[finding.area].kind == "ward":
        return addresses.area(finding.area)
    if opened.gazetteer[finding.area].kind == "borough":
        count = opened.measures[finding.measure].rate_of or finding.measure
        return addresses.measure_in(count, finding.area)
    return addresses.measure(finding.measure)
