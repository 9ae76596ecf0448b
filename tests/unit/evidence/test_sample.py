"""What a survey's source declares of the people asked, and what it may not say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bluelamp.evidence.sample import Asked, Sample, doubt, effective_people
from bluelamp.evidence.source import read_sources

SAMPLE = Sample(
    (Asked("force", 12_800, "They say so."), Asked("borough", 400, "We assume so.")),
    months=12, design_effect=1.6, words="And so.", rounded_to=0.01,
)  # fmt: skip

KNOWN = [("force", 8_000, 1.1), ("borough", 250, 6.2)]


@pytest.mark.parametrize(("level", "effective", "points"), KNOWN)
def test_what_a_figure_of_a_level_rests_on(level: str, effective: float, points: float) -> None:
    assert effective_people(SAMPLE, level) == effective
    assert round(100 * (doubt(SAMPLE, level) or 0), 1) == points


def test_nothing_is_known_of_a_level_that_is_not_named() -> None:
    assert (SAMPLE.of("ward"), effective_people(SAMPLE, "ward"), doubt(SAMPLE, "ward")) == (
        None,
    ) * 3


FAULTS = [({"months": 3}, "12 `months`"), ({"design_effect": 0.8}, "`design_effect`"),
          ({"rounded_to": 1.0}, "`rounded_to`")]  # fmt: skip


@pytest.mark.parametrize(("given", "words"), FAULTS)
def test_what_is_refused(given: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        replace(SAMPLE, **given)  # type: ignore[arg-type]  # fields by name
    with pytest.raises(ValueError, match="at least 1"):
        Asked("force", 0, "Nobody.")


def test_the_public_attitude_survey_declares_what_its_plan_states(root: Path) -> None:
    source = read_sources(root / "definitions")["mopac-public-attitude-survey"]
    assert source.sample is not None
    force, borough = source.sample.of("force"), source.sample.of("borough")
    assert force is not None
    assert borough is not None
    assert (force.people, borough.people) == (12_800, 400)
    assert "MOPAC" in force.words
    assert "assume" in borough.words
    assert (source.sample.design_effect, source.sample.rounded_to) == (1.6, 0.01)
    assert "assume" in source.sample.words
