"""Chart, table, icon and sentence say one thing, because they come from one object.

What was found is a `Finding`, and the months of its chart come from the same judgement. Each test
here fails if one of the four is worked out anywhere else.
"""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

import bluelamp
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.area import area_page
from bluelamp.public.pages.measure import measure_page
from bluelamp.public.shown import reading_id
from bluelamp.releases.release import Release
from bluelamp.signals.finding import Finding

PAGES = ("public", "look")
# What a page may know of judgement: objects that are finished, and the words for their kinds.
WORKS_OUT = ("bluelamp.statistics", "bluelamp.signals.judge", "bluelamp.signals.judgement")


def judged(release: Release) -> list[Finding]:
    """Findings of the newest months that were tested, of which a chart is drawn."""
    return [
        finding
        for finding in release.findings
        if finding.question == "watch"
        and finding.p_value is not None
        and release.measures[finding.measure].kind in ("count", "share")
        and release.chart(finding.measure, finding.area)
    ]


def test_what_a_finding_says_is_the_mean_of_what_its_chart_shows(small_london):
    release = small_london.release
    found = judged(release)
    assert len(found) > 50

    for finding in found:
        months = [
            month
            for month in release.chart(finding.measure, finding.area)
            if (finding.since or finding.window_first) <= month.month <= finding.window_last
            and month.value is not None
            and month.expected is not None
        ]
        where = f"{finding.measure} {finding.area}"
        if release.measures[finding.measure].kind == "count":
            observed = np.mean([month.value for month in months])
            expected = np.mean([month.expected for month in months])
            assert observed == pytest.approx(finding.observed, rel=1e-3), where
            assert expected == pytest.approx(finding.expected, rel=1e-3), where
        else:  # shares are pooled by how many they are of, so the mean lies among the months
            assert min(m.value for m in months) <= finding.observed <= max(m.value for m in months)


def test_a_page_repeats_the_sentence_and_the_icon_of_its_finding(small_london):
    opened = OpenRelease(small_london.release)
    for finding in judged(opened.release):
        if finding.area == opened.force.code:
            page = measure_page(opened, finding.measure)
            assert page.watch is not None
            told = " ".join(part for part in (page.watch.sentence, page.watch.rest) if part)
            assert told == finding.sentence
            assert page.watch.reading == reading_id(finding.reading)


def test_the_table_of_an_area_has_the_icon_of_each_finding(small_london):
    opened = OpenRelease(small_london.release)
    borough = opened.boroughs[5].code
    icons = {row.measure.text: row.reading for row in area_page(opened, borough).rows}
    for finding in judged(opened.release):
        if finding.area == borough:
            title = opened.measures[finding.measure].title
            assert icons[title] == reading_id(finding.reading), title


@pytest.mark.parametrize("room", PAGES)
def test_no_page_and_no_picture_works_a_judgement_out(room):
    source = Path(bluelamp.__file__).parent / room
    for path in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert not node.module.startswith(WORKS_OUT), f"{path.name}: {node.module}"
            if isinstance(node, ast.Import):
                for alias in node.names:
                    assert not alias.name.startswith(WORKS_OUT), f"{path.name}: {alias.name}"
