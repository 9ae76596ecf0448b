"""What a page of a plan may not say: that more offences are hoped for, that a change after the
plan's time is its own, or of a harm without where to get help."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bluelamp.public.pages.line import BY_PROXY, is_named, outcome_words
from bluelamp.public.pages.plan import AFTERWARDS, progress_words, speaks_of_harm

PLAN = "london-2017"


@pytest.mark.parametrize(
    ("reading", "boroughs", "named"),
    [
        ("better", 32, True),
        ("missed", 26, True),
        ("no-clear-change", 1, False),
        ("not-judged", 1, True),
        ("not-judged", 3, True),
        ("not-judged", 4, False),
    ],
)
def test_which_groups_of_boroughs_are_named(reading, boroughs, named):
    assert is_named(reading, boroughs) is named


@pytest.mark.parametrize(
    ("proxy", "outcome", "words"),
    [
        ("", "as hoped", "It changed as the plan hopes."),
        ("It stands in.", "as hoped", BY_PROXY),
        ("It stands in.", "not as hoped", BY_PROXY),
        ("It stands in.", "mixed", BY_PROXY),
        ("It stands in.", "no clear change", "No clear change."),
        ("It stands in.", "", ""),
    ],
)
def test_more_recorded_offences_are_never_told_as_hoped_for(opened, proxy, outcome, words):
    part = replace(opened.release.editions[PLAN].line("sexual-violence").parts[0], proxy=proxy)
    assert outcome_words(part, outcome) == words


@pytest.mark.parametrize(
    ("words", "hard"),
    [
        ("Fund rape crisis centres", True),
        ("Act together on hate crime", True),
        ("Protect adults from criminal exploitation", True),
        ("Children who are exploited", True),
        ("A renewed strategy on VIOLENCE AGAINST WOMEN and girls", True),
        ("Drug abuse and knives", False),
        ("A grape harvest", False),
        ("Report each year", False),
    ],
)
def test_words_that_name_a_harm(words, hard):
    assert speaks_of_harm("A title", words) is hard


@pytest.mark.parametrize(
    ("told", "ends", "shown"),
    [
        ("positive progress lately", "2020-03-31", "positive progress lately" + AFTERWARDS),
        ("gone the other way lately", "2020-03-31", "gone the other way lately" + AFTERWARDS),
        ("positive progress lately", "2030-03-31", "positive progress lately"),
        ("positive progress", "2020-03-31", "positive progress"),
        ("no clear progress", "2020-03-31", "no clear progress"),
        ("", "2020-03-31", ""),
    ],
)
def test_progress_after_a_plan_has_ended_is_not_told_as_its_own(
    opened, monkeypatch, told, ends, shown
):
    edition = opened.release.editions[PLAN]
    ended = replace(edition, plan=replace(edition.plan, ends=date.fromisoformat(ends)))
    reading = replace(opened.release.reading(PLAN, "knife-crime", opened.force.code), progress=told)
    monkeypatch.setattr(type(opened.release), "reading", lambda *_: reading)
    assert progress_words(opened, ended, ended.line("knife-crime")) == shown
