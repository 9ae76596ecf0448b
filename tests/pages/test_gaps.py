"""`/gaps/` and a page for each gap: every yardstick with what it cannot show, and no verdict."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil

import pytest
from tests.pages.conftest import CAMDEN, FORCE
from tests.pages.made_gaps import REFUSED

from bluelamp.public.explained.gaps import gap_example
from bluelamp.public.explained.method import NOTHING
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.data import data_page
from bluelamp.public.pages.gaps import gap_page, gaps_page
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.site import PAGES, TABLES
from bluelamp.releases.release import Release

GAP = "stop-and-search-by-ethnicity"


@pytest.fixture(scope="module")
def said(client) -> str:
    html = client.get(f"/gaps/{GAP}/").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture(scope="module")
def page(opened):
    return gap_page(opened, GAP)


def test_every_yardstick_stands_on_the_page_with_what_it_cannot_show(opened, said):
    for benchmark in opened.release.gaps[GAP].benchmarks:
        assert benchmark.caveat.replace("'", "&#39;") in said


def test_the_sentences_are_those_of_the_readings(opened, said):
    readings = opened.release.gap_results[GAP].readings
    for reading in readings:
        if reading.area == FORCE and not reading.kind:
            assert reading.sentence.partition(".")[0] in said


def test_the_first_yardstick_is_told_of_every_group_at_the_top(opened, page):
    gap = opened.release.gaps[GAP]
    assert len(page.first.sentences) == len(gap.compared)
    assert all(gap.benchmarks[0].title in sentence for sentence in page.first.sentences)


def test_the_picture_says_in_words_what_it_shows(page):
    for drawing in (page.drawing.wide, page.drawing.narrow):
        assert page.first.sentences[0] in drawing
        assert "as often as White people" in drawing


def test_a_borough_that_cannot_be_compared_says_why(page, said):
    row = next(row for row in page.boroughs.rows if row[0] == "Croydon")
    assert {cell.reason for cell in row[1:]} == {REFUSED}
    assert REFUSED in said


def test_boroughs_stand_in_order_of_their_names(page):
    names = [row[0] for row in page.boroughs.rows]
    assert names == sorted(names)
    assert len(names) == 3


def test_the_page_says_how_many_comparisons_it_rests_on(opened, said):
    count = opened.release.gap_results[GAP].comparisons
    assert f"rests on {count:,} comparisons" in said
    assert "So do not pick out one borough." in said


def test_what_is_odd_in_this_release_is_said(said):
    assert "1,234 searches lie in no borough here" in said
    assert "1 month of the twelve is unusually low" in said
    assert "Martian" in said


def test_a_gap_that_is_none_is_not_found(client, opened):
    assert client.get("/gaps/guess/").status_code == 404
    with pytest.raises(NoSuchPage, match="there is no gap 'guess'"):
        gap_page(opened, "guess")


def test_the_table_has_every_comparison(client, opened):
    rows = list(csv.DictReader(io.StringIO(client.get("/data/gaps.csv").content.decode())))
    readings = opened.release.gap_results[GAP].readings
    assert [row["sentence"] for row in rows] == [reading.sentence for reading in readings]
    assert {row["first"] for row in rows} == {"2025-04"}
    refused = [row for row in rows if row["reason"]]
    assert refused
    assert {row["ratio"] for row in refused} == {""}


def test_the_api_gives_the_same_comparisons(client, opened):
    (gap,) = client.get("/api/v1/gaps").json()
    assert gap["comparisons"] == opened.release.gap_results[GAP].comparisons
    assert gap["groups"] == ["white", "black", "asian", "other"]
    asked = f"/api/v1/gap-readings?gap={GAP}&area={CAMDEN}&group=black&benchmark=residents"
    found = client.get(asked).json()
    assert found["total"] == 1
    assert found["items"][0]["area"] == CAMDEN
    wrong = client.get("/api/v1/gap-readings?gap=guess")
    assert wrong.status_code == 404
    assert wrong.json()["detail"] == "there is no gap 'guess'; /api/v1/gaps lists them"


def test_the_method_page_works_the_first_comparison(client, opened):
    steps = dict(gap_example(opened).steps)
    assert steps["Searches of Black people"] == "540 for 13,000 residents"
    assert "540 for 13,000 residents" in client.get("/methods/gaps/").content.decode()


def test_a_search_for_searches_finds_the_page(client):
    assert f"/gaps/{GAP}/" in client.get("/search/?q=stop+and+search").content.decode()


def without_gaps(small_release, tmp_path, change) -> OpenRelease:
    folder = tmp_path / "release"
    shutil.copytree(small_release, folder)
    change(folder / "gaps.json")
    return OpenRelease(Release(folder))


def test_a_release_of_before_there_were_gaps_has_no_page_of_them(small_release, tmp_path):
    old = without_gaps(small_release, tmp_path, lambda path: path.unlink())
    kinds = {kind.name: kind for kind in (*PAGES, *TABLES)}
    for name in ("gaps", "gap", "table of gaps"):
        assert list(kinds[name].every(old)) == []
    assert data_page(old).gaps is None
    assert gap_example(old) == NOTHING


def test_a_gap_of_which_nothing_was_published_says_so(small_release, tmp_path):
    def nothing(path):
        result = json.loads(path.read_text())[0]
        result |= {"first": "", "last": "", "reason": "nothing of it was published", "readings": []}
        path.write_text(json.dumps([result | {"comparisons": 0, "unplaced": None}]))

    opened = without_gaps(small_release, tmp_path, nothing)
    page = gap_page(opened, GAP)
    assert page.withheld == "Nothing of it was published."
    assert page.drawing is None
    assert gaps_page(opened).entries[0].sentences == ("Nothing of it was published.",)
