"""What is said of a survey's finding: left what was found, right the whole sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bluelamp.evidence.sample import Asked, Sample
from bluelamp.signals import survey_words
from bluelamp.signals.finding import Finding

SAMPLE = Sample(
    (
        Asked("force", 12_800, "MOPAC says that it asks 12,800 Londoners a year."),
        Asked("borough", 400, "We assume that about 400 people are asked here in a year."),
    ),
    months=12, design_effect=1.6, words="We also assume that 8 of them tell as much as 5.",
)  # fmt: skip

BOROUGH = survey_words.assumed(SAMPLE, "borough", 0.0801)
FINDING = Finding(
    question="watch", measure="trust", area="E09000008", group="all", status="changed",
    direction="lower", hope="higher", reading="worse", since="2023-01", effect=-0.12,
    effect_lower=-0.2, effect_upper=-0.04, observed=0.61, expected=0.73, window_first="2023-01",
    window_last="2023-12", baseline_first="2021-01", baseline_last="2022-12", p_value=0.003,
    q_value=0.02, reason="", sentence="", assumed=BOROUGH,
)  # fmt: skip
PEOPLE = "people who trust the police in Croydon"


def test_who_was_asked_and_what_can_come_by_chance() -> None:
    assert BOROUGH == (
        "We assume that about 400 people are asked here in a year. We also assume that 8 of them "
        "tell as much as 5. So a difference of up to about 9 percentage points can come by chance."
    )
    force = survey_words.assumed(SAMPLE, "force", 0.02)
    assert force.startswith("MOPAC says that it asks 12,800 Londoners a year. ")
    assert "about 2 percentage points" in force
    with pytest.raises(ValueError, match="nothing is declared"):
        survey_words.assumed(SAMPLE, "ward", 0.1)


def test_a_change() -> None:
    assert survey_words.changed(FINDING, f"The share of {PEOPLE}", "") == (
        f"The share of {PEOPLE} was lower than before in the 12 months to December 2023: about "
        "12.0 percentage points lower (likely between 4.0 and 20.0), 61.0% instead of 73.0%. "
        f"That is compared with the mean of January 2021 to December 2022. {BOROUGH}"
    )


def test_a_change_while_a_plan_was_in_force() -> None:
    finding = replace(FINDING, question="edition", since="")
    when = "in the plan's time so far (January 2023 to December 2023)"
    told = survey_words.changed(finding, f"The share of {PEOPLE}", when)
    assert f"was lower than before {when}: about 12.0" in told
    assert told.endswith("by chance. It does not show that the plan was the cause.")


def test_no_clear_change_says_so_first() -> None:
    finding = replace(FINDING, status="no clear change", observed=0.69, expected=0.735)
    told = survey_words.no_clear_change(finding, f"the share of {PEOPLE}", "")
    assert told == (
        f"No clear change in the share of {PEOPLE} in the 12 months to December 2023: 69%, where "
        f"it was 73.5% on average in the years before (January 2021 to December 2022). {BOROUGH}"
    )


def test_a_judged_finding_has_its_figures() -> None:
    with pytest.raises(ValueError, match="must carry its size"):
        survey_words.changed(replace(FINDING, effect=None), "The share", "")


def test_what_a_survey_sentence_says_of_time_is_its_own_twelve_months_alone() -> None:
    """The checker of claims takes any other date outside brackets for the time of the change."""
    finding = replace(FINDING, status="no clear change")
    told = survey_words.no_clear_change(finding, f"the share of {PEOPLE}", "")
    said = told.partition(". ")[0].partition(" (")
    assert said[0].count("20") == 1, "only December 2023"
    assert "the 12 months to December 2023" in said[0]
