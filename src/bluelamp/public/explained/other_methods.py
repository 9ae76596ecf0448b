"""What other methods would say: Making Data Count and a CUSUM beside our own findings."""

from __future__ import annotations

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.periods import Month
from bluelamp.public import addresses
from bluelamp.public.explained.method import NOTHING, Example, Method
from bluelamp.public.opened import OpenRelease
from bluelamp.signals.finding import Finding
from bluelamp.signals.other_methods import OtherReading


def beside_ours(opened: OpenRelease) -> Example:
    """Every measure of the force that all three can judge, in the order of their titles."""
    readings = sorted(opened.release.other_methods, key=lambda r: opened.measures[r.measure].title)
    if not readings:
        return NOTHING
    flagged = sum(bool(reading.flagged) for reading in readings)
    alerts = sum(bool(reading.alerts) for reading in readings)
    ours = sum(_ours(opened, reading).startswith("changed") for reading in readings)
    of = words.counted(len(readings), "measure", "measures")
    return Example(
        f"{of} of {opened.called(opened.force)}, the newest 12 months of each. Making Data Count "
        f"marks at least one month of {flagged}, the CUSUM of {alerts}; here {ours} "
        f"{'is' if ours == 1 else 'are'} shown as changed.",
        tuple((opened.measures[r.measure].title, _row(opened, r)) for r in readings),
        Link("Everything that was tested", addresses.FINDINGS),
    )


def _row(opened: OpenRelease, reading: OtherReading) -> str:
    count = _months("Making Data Count", reading.flagged)
    return f"{count}. {_months('CUSUM', reading.alerts)}. Here: {_ours(opened, reading)}."


def _months(method: str, months: tuple[str, ...]) -> str:
    if not months:
        return f"{method}: nothing"
    first = Month.parse(months[0]).words
    if len(months) == 1:
        return f"{method}: marks {first}"
    return f"{method}: marks {len(months)} months, {first} the first"


def _ours(opened: OpenRelease, reading: OtherReading) -> str:
    finding = opened.release.finding("watch", reading.measure, reading.area)
    return "not judged" if finding is None else _words(finding)


def _words(finding: Finding) -> str:
    if finding.status != "changed":
        return finding.status
    return f"changed, {finding.direction} than expected since {Month.parse(finding.since).words}"


METHOD = Method(
    id="other-methods",
    place=75,
    title="What would other methods say?",
    short="Making Data Count and a CUSUM on the same months, and how often each errs.",
    example=beside_ours,
)
