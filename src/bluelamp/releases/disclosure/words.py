"""Why a figure of a controlled source is not published: the same words for whatever is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bluelamp.evidence.protection import Protection
from bluelamp.evidence.source import Source
from bluelamp.measures.definition import Measure

MONTHS = (
    "withheld to protect people: single months are given for the whole police force area only, "
    "and for smaller areas a quarter is the shortest"
)
WARDS = "withheld to protect people: wards are given by quarter, rounded, and never by month"
NO_SHARE = "withheld to protect people: rounded counts of wards make no share worth giving"
NOT_COVERED = (
    "withheld to protect people: there is no safe way yet to give a figure of this kind from "
    "records that are not public"
)
INCOMPLETE = "the publisher's file is incomplete for this month"


def protection_of(source: Source) -> Protection:
    """How small counts of a controlled source are protected."""
    return source.protection or Protection()


def left_out(protection: Protection) -> str:
    """Of a count that is small, or that would let a small one be worked out: never which."""
    return (
        f"withheld to protect people: fewer than {protection.threshold}, or it would let a small "
        "number be worked out"
    )


def caveats(source: Source) -> tuple[str, ...]:
    """What a page says of every measure of a controlled source; () of any other."""
    if source.disclosure != "controlled":
        return ()
    protection = protection_of(source)
    wards = (
        f" Counts of wards are rounded to multiples of {protection.ward_base}, up or down by "
        "chance, so they do not add up exactly to those of their borough."
        if protection.ward_base and "ward" in source.levels
        else ""
    )
    return (
        f"Counts of fewer than {protection.threshold} are left out to protect people, and so is "
        f"any other figure from which one could be worked out.{wards}",
    )


def with_caveats(measure: Measure, sources: Mapping[str, Source]) -> Measure:
    """The measure with what is done to its small counts among its caveats."""
    source = sources.get(measure.source)
    if source is None:
        return measure
    return replace(measure, caveats=(*measure.caveats, *caveats(source)))
