"""How boroughs compare, on a measure's page: picture, table and sentence from one object."""

from __future__ import annotations

import re
import shutil

import pytest
from tests.pages.conftest import BARNET, CAMDEN, CITY
from tests.pages.made_places import ALLOWANCE, LEFT_OUT, SENTENCE

from bluelamp.public.explained.comparing_boroughs import comparison_example
from bluelamp.public.explained.method import NOTHING
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.measure import measure_in_area_page, measure_page
from bluelamp.releases.release import Release


@pytest.fixture(scope="module")
def page(opened):
    return measure_page(opened, "recorded-crime")


@pytest.fixture(scope="module")
def html(client) -> str:
    return client.get("/measures/recorded-crime/").content.decode()


def in_words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_sentences_are_those_of_the_comparison(html):
    said = in_words(html)
    for sentence in (SENTENCE, LEFT_OUT, ALLOWANCE):
        assert sentence in said
    assert "boroughs usually differ from the middle one by about 21%" in said


def test_the_picture_carries_the_sentence_and_every_name(opened, page):
    for drawing in (page.compared.drawing.wide, page.compared.drawing.narrow):
        assert SENTENCE in drawing
        for place in opened.release.places_compared["recorded-crime-rate"].places:
            assert opened.gazetteer[place.area].name in drawing.replace("</text><text", "")


def test_the_table_is_by_name_and_its_ranks_are_intervals(page):
    names = [row.area.text for row in page.compared.rows]
    assert names == sorted(names)
    by_name = {row.area.text: row for row in page.compared.rows}
    assert by_name["Barnet"].rank == "between 2nd and 3rd"
    assert by_name["Barnet"].usual.replace("\N{NO-BREAK SPACE}", " ") == "60.0 to 110.0"
    assert by_name["Camden"].side == "Higher than its range"
    assert by_name["Camden"].outside
    assert by_name["City of London"].side == "Not compared"
    assert by_name["City of London"].rank == by_name["City of London"].usual == ""


def test_each_name_leads_to_a_page_that_is_there(page):
    """The city has no figures of this measure, so its name leads to its own page."""
    links = {row.area.text: row.area.href for row in page.compared.rows}
    assert links["Camden"] == f"/measures/recorded-crime/{CAMDEN}/"
    assert links["City of London"] == f"/areas/{CITY}/"


def test_the_rates_own_page_has_it_too(opened):
    assert measure_page(opened, "recorded-crime-rate").compared.sentence == SENTENCE


def test_a_borough_has_its_own_sentence_and_no_picture(opened):
    found = measure_in_area_page(opened, "recorded-crime", CAMDEN).compared
    assert found.sentence == f"Said of {CAMDEN} beside the others."
    assert found.drawing is None
    assert found.rows == ()
    assert measure_in_area_page(opened, "recorded-crime", BARNET).compared is not None


def test_the_dots_are_drawn_once(page, opened):
    """The picture of areas side by side would show the same dots again; where boroughs are not
    compared it stands."""
    assert page.areas.drawing is None
    assert measure_page(opened, "burglary").areas.drawing is not None


def test_a_measure_without_a_comparison_says_nothing_of_it(opened, client):
    assert measure_page(opened, "burglary").compared is None
    assert "How boroughs compare" not in client.get("/measures/burglary/").content.decode()


def test_the_method_is_shown_with_a_borough_of_this_release(opened):
    example = comparison_example(opened)
    steps = dict(example.steps)
    assert "Camden" in example.introduction
    assert steps["Its range, made from the other boroughs"] == "60.0 to 110.0"
    assert steps["Its rank, as far as chance lets one tell"] == "1st of 3"


def test_a_release_made_before_boroughs_were_compared_still_serves(small_release, tmp_path):
    older = shutil.copytree(small_release, tmp_path / "older")
    (older / "places.json").unlink()
    opened = OpenRelease(Release(older))
    page = measure_page(opened, "recorded-crime")
    assert page.compared is None
    assert page.areas.drawing is not None
    assert comparison_example(opened) is NOTHING


def test_nobody_is_compared_who_was_left_out(opened):
    found = opened.release.places_compared["recorded-crime-rate"]
    city = next(place for place in found.places if place.area == CITY)
    assert city.usual_lower is None
    assert city.rank_lower is None
