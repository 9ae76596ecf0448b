"""The sentences of a gap: how many times as often, how sure, and what it cannot show.

They give sizes. None of them says why a gap is there, and a test keeps the words for that out.
"""

from __future__ import annotations

from bluelamp.measures.gap import Benchmark, Gap, Stage
from bluelamp.signals.gap_reading import GapReading
from bluelamp.signals.wording import Places, percentage

# Above this share of events whose group nobody wrote down, the sentence says what they could do.
UNKNOWN_TOLD_ABOVE = 0.01

CHECKS = {
    "same": "Both say the same",
    "reversed": "Taken apart, the gap turns the other way",
    "gone": "Taken apart, no clear gap is left",
    "appears": "A clear gap shows only when they are taken apart",
}


def times(ratio: float) -> str:
    """A ratio with one decimal from 2 up, and with two below, where they matter."""
    return f"{ratio:,.1f}" if ratio >= 1.995 else f"{ratio:.2f}"


def likely(lower: float, upper: float) -> str:
    """The ends of an interval, told alike."""
    places = 1 if lower >= 1.995 else 2
    return f"likely between {lower:,.{places}f} and {upper:,.{places}f}"


def sentence(gap: Gap, benchmark: Benchmark, reading: GapReading, places: Places) -> str:
    """What a reading is entitled to say; its reason where it has no ratio."""
    where = places.where(reading.area)
    if reading.ratio is None or reading.lower is None or reading.upper is None:
        return f"{_subject(gap, reading)} cannot be compared {where}: {reading.reason}."
    said = {
        "residents": _of_residents,
        "step by step": _of_step,
        "whole way": _of_residents,
        "like with like": _like_with_like,
    }[benchmark.kind](gap, benchmark, reading, where)
    return " ".join(part for part in (said, _unknown(gap, reading), benchmark.caveat) if part)


def _subject(gap: Gap, reading: GapReading) -> str:
    words = f"{gap.group(reading.group).words} and {gap.group(reading.reference).words}"
    return words[0].upper() + words[1:]


def rate(value: float) -> str:
    """A rate with as many decimals as a small one needs."""
    places = 1 if value >= 1 else 2 if value >= 0.1 else 3
    return f"{value:,.{places}f}"


def _as_often(gap: Gap, reading: GapReading) -> str:
    return f"{times(reading.ratio or 0)} times as often as {gap.group(reading.reference).words}"


def _range(reading: GapReading) -> str:
    """ "(likely between 3.8 and 4.0)", and that it may be luck where the range holds 1."""
    lower, upper = reading.lower or 0.0, reading.upper or 0.0
    return f"({likely(lower, upper)}{', so it may be luck' if reading.may_be_luck else ''})"


def _stage(gap: Gap, reading: GapReading) -> Stage:
    return next(each for each in gap.stages if each.id == reading.stage)


def _before(gap: Gap, reading: GapReading) -> Stage:
    return gap.stages[[each.id for each in gap.stages].index(reading.stage) - 1]


def _only(reading: GapReading) -> str:
    """How a sentence about one kind begins."""
    return f"{reading.kind.capitalize()}: " if reading.kind else ""


def _of_residents(gap: Gap, benchmark: Benchmark, reading: GapReading, where: str) -> str:
    who = gap.group(reading.group).words
    begins = "All steps together, " if benchmark.kind == "whole way" else _only(reading)
    who = who if begins else who[0].upper() + who[1:]
    among, reference_among = reading.among or 1, reading.reference_among or 1
    ours = rate((reading.events or 0) / among * reading.per)
    theirs = rate((reading.reference_events or 0) / reference_among * reading.per)
    return (
        f"{begins}{who} {_stage(gap, reading).did} {_as_often(gap, reading)} for each "
        f"{reading.per:,} {gap.live} {where} {_range(reading)}. That is "
        f"{ours} against {theirs}."
    )


def _of_step(gap: Gap, benchmark: Benchmark, reading: GapReading, where: str) -> str:
    stage, before = _stage(gap, reading), _before(gap, reading)
    group, other = gap.group(reading.group).words, gap.group(reading.reference).words
    share = percentage((reading.events or 0) / (reading.among or 1))
    reference = percentage((reading.reference_events or 0) / (reading.reference_among or 1))
    begins = _only(reading)
    return (
        f"{begins}{'of' if begins else 'Of'} {group} who {before.did} {where}, {share} "
        f"{stage.did}, and of {other} {reference}: {times(reading.ratio or 0)} times as often "
        f"{_range(reading)}."
    )


def _like_with_like(gap: Gap, benchmark: Benchmark, reading: GapReading, where: str) -> str:
    group = gap.group(reading.group).words
    stage = _stage(gap, reading)
    if benchmark.over == "boroughs":
        alike, among = "Within the same borough", f" for each {reading.per:,} who live there"
    else:
        alike, among = f"Among {gap.things} for the same thing", ""
    together = ""
    if reading.whole is not None and reading.check:
        together = (
            f" All of them taken together give {times(reading.whole)}. {CHECKS[reading.check]}."
        )
    return (
        f"{alike} {where}, {group} {stage.did} {_as_often(gap, reading)}{among} "
        f"{_range(reading)}.{together}"
    )


def _unknown(gap: Gap, reading: GapReading) -> str:
    """What those whose group nobody wrote down could do, where they are many."""
    share, low, high = reading.unknown_share, reading.bound_lower, reading.bound_upper
    if share is None or low is None or high is None:
        return ""
    turned = reading.turned_by_unknown and not reading.may_be_luck
    if share <= UNKNOWN_TOLD_ABOVE and not turned:
        return ""
    cannot = ", so which way the gap goes cannot be told" if turned else ""
    return (
        f"For {percentage(share)} of {gap.things} there is {gap.unknown_words}: whoever those "
        f"people were, the ratio lies between {times(low)} and {times(high)}{cannot}."
    )
