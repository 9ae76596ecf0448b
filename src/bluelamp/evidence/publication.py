"""Infers when a file was published, by the rule that its source declares (a first of a
month, unless the source states the day; always marked as inferred)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

from bluelamp.evidence.source import Source
from bluelamp.periods import Month


def infer(source: Source, months: Sequence[str], rows: pl.DataFrame, latest_beside: str) -> date:
    """The inferred date. `months` are those the file covers, `rows` its rows as recognised, and
    `latest_beside` the last month named by the files of the same zip or folder, or ''."""
    rule = source.published_on
    if rule.day is not None:
        return rule.day
    if not months:
        raise ValueError(
            "the file names no month, so the date of publication cannot be told; "
            "give it with --published"
        )
    last = Month.parse(max(months))
    if rule.rule == "recent-or-historical":
        lag = 1 if len(months) <= rule.recent_months else 1 + rule.lag_months
        return (last + lag).first_day
    if rule.rule == "refresh-date":
        greatest = rows[rule.column].cast(pl.String).max()
        if not isinstance(greatest, str) or not re.match(r"\d{4}-(0[1-9]|1[0-2])", greatest):
            raise ValueError(
                f"{greatest!r} in {rule.column} is not a date, so the date of "
                "publication cannot be told; give it with --published"
            )
        return Month.parse(greatest[:7]).first_day
    if rule.rule == "after-last-month" and latest_beside:
        last = max(last, Month.parse(latest_beside))
    return (last + rule.lag_months).first_day


def latest_month_named(names: Iterable[str]) -> str:
    """The last month among file names such as `2024-04-essex-street.csv`, or ''."""
    found = [match[1] for name in names if (match := re.match(r"(\d{4}-(?:0[1-9]|1[0-2]))-", name))]
    return max(found, default="")
