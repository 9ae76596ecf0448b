"""Each macro on its own: what it prints, and what it refuses to leave blank."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from bluelamp.figures import Withheld
from bluelamp.look.environment import environment
from bluelamp.look.pieces import Column, Frame, Help, Link
from bluelamp.look.readings import READINGS


class Words(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.found += data.split()


def words(html: str) -> str:
    return " ".join(Words(html).found)


@pytest.fixture
def call(jinja: Environment) -> Any:
    def render(macro: str, *args: object, **options: object) -> str:
        text = f'{{% from "look/macros.html" import {macro} %}}{{{{ {macro}(*args, **options) }}}}'
        return jinja.from_string(text).render(args=args, options=options)

    return render


@pytest.mark.parametrize("reading", READINGS.values(), ids=lambda r: r.id)
def test_a_reading_is_always_a_word_and_the_picture_is_silent(call: Any, reading: Any) -> None:
    html = call("finding", reading.id, "Robbery is lower.")
    assert words(html) == f"{reading.word} Robbery is lower."
    assert 'aria-hidden="true"' in reading.icon


def test_each_reading_has_a_picture_and_a_word_of_its_own() -> None:
    assert len({reading.icon for reading in READINGS.values()}) == len(READINGS) == 11
    assert len({reading.word for reading in READINGS.values()}) == 11


def test_only_better_and_worse_and_met_and_missed_have_a_colour(root: Path) -> None:
    scss = (root / "src/bluelamp/look/scss/bluelamp.scss").read_text()
    rules = re.findall(r"([^{}]*bl-(?:reading|finding)--[^{}]*)\{([^}]*)\}", scss)
    coloured = {
        reading
        for selectors, rule in rules
        if "color:" in rule
        for reading in re.findall(r"--([a-z-]+)", selectors)
    }
    assert coloured - {"lead"} == {"better", "worse", "met", "missed"}


def test_the_key_tells_what_a_measure_may_be_or_only_what_a_page_shows(call: Any) -> None:
    of_measures = words(call("reading_key"))
    assert "No clear change" in of_measures
    assert "Target" not in of_measures
    some = words(call("reading_key", only=["met", "worse"]))
    assert "Target met the number set was reached in time Worse" in some
    assert "No clear change" not in some


def test_an_unknown_reading_is_an_error(call: Any) -> None:
    with pytest.raises(UndefinedError, match="good"):
        call("finding", "good", "Robbery is lower.")


def test_a_finding_links_and_says_what_was_promised(call: Any) -> None:
    html = call("finding", "worse", "A <b>.", promise="fewer.", href="/m/", note="N.", heading=2)
    assert '<a class="govuk-link govuk-link--no-visited-state" href="/m/">A &lt;b&gt;.</a>' in html
    assert words(html) == "Worse A <b>. Promised: fewer. N."
    assert '<h2 class="bl-finding__sentence">' in html


def test_a_table_says_its_scope_its_units_and_why_a_figure_is_missing(call: Any) -> None:
    html = call(
        "figure_table",
        "Robberies",
        [Column("Borough"), Column("Per 1,000", numeric=True, places=1), Column("Link")],
        [
            ["Barnet", 7, Markup('<a href="/b/">more</a>')],
            ["City", Withheld("too few residents"), "<i>"],
        ],
        note="Year to March 2026.",
    )
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 2
    assert re.search(r"<caption[^>]*>Robberies</caption>", html)
    assert 'govuk-table__cell--numeric">7.0</td>' in html
    assert '<span class="bl-withheld">too few residents</span>' in html
    assert '<a href="/b/">more</a>' in html
    assert "&lt;i&gt;" in html
    assert words(html).endswith("Year to March 2026.")
    assert 'role="region" aria-label="Robberies" tabindex="0"' in html


def test_help_is_a_telephone_link_and_leaving_is_a_plain_link(call: Any) -> None:
    html = call("where_to_get_help", [Help("Refuge", "For women.", "0808 2000 247", "https://r/")])
    assert 'href="tel:08082000247"' in html
    assert words(html).endswith("Refuge , 0808 2000 247 . For women.")
    assert html.count("tel:") == 1
    left = call("quick_exit")
    assert 'href="https://www.bbc.co.uk/weather"' in left
    assert "does not clear your browser history" in left


def test_no_telephone_number_stands_in_a_template_or_in_code(root: Path) -> None:
    """Numbers are the office's to give, in office.yaml, and so are given once."""
    number = re.compile(r"tel:\s*\+?\d|>\s*\d{3,}\s*</a>|\b0[38]\d\d[ \d]{6,}")
    rooms = [root / "src/bluelamp" / room for room in ("look/templates", "look", "public")]
    files = {file for room in rooms for kind in ("*.html", "*.py") for file in room.rglob(kind)}
    assert [str(f) for f in sorted(files) if number.search(f.read_text(encoding="utf-8"))] == []


def test_names_stand_under_their_letters(call: Any) -> None:
    links = [Link("Barnet", "/1/"), Link("Bexley", "/2/"), Link("Camden", "/3/")]
    html = call("a_to_z", links)
    assert re.findall(r'id="letter-(\w)"', html) == ["b", "c"]
    assert re.findall(r'href="#letter-(\w)"', html) == ["b", "c"]
    assert words(html) == "B C B Barnet Bexley C Camden"


def test_the_crumbs_end_with_the_page_itself(call: Any) -> None:
    html = call("crumbs", [Link("Home", "/")], "Robbery")
    assert words(html) == "Home Robbery"
    assert html.count("<a ") == 1


def test_the_frame_says_what_the_data_are_and_which_edition(sample_page: str) -> None:
    said = words(sample_page)
    assert "Made-up data." in said
    assert "Police and Crime Plan 2017-2021. This plan is no longer in force." in said
    assert "As known on 30 April 2026; next release on 29 May 2026." in said
    assert "Sampleton Police" in said
    assert said.index("Skip to main content") < said.index("Measures")


def test_real_data_carry_no_made_up_banner(
    jinja: Environment, sample_context: dict[str, Any]
) -> None:
    frame: Frame = replace(sample_context["frame"], synthetic=False, draft=True, next_on=None)
    said = words(jinja.get_template("sample.html").render(sample_context | {"frame": frame}))
    assert "Made-up data" not in said
    assert "Draft." in said
    assert "As known on 30 April 2026." in said


@pytest.mark.parametrize("template", ["{{ nowhere }}", "{{ frame.nothing }}", "{{ {}.nothing }}"])
def test_a_template_may_not_print_what_is_not_there(
    jinja: Environment, sample_context: dict[str, Any], template: str
) -> None:
    with pytest.raises(UndefinedError):
        jinja.from_string(template).render(sample_context)


def test_django_options_do_not_weaken_the_environment() -> None:
    made = environment(autoescape=False, undefined=None, auto_reload=False)
    assert made.from_string("{{ '<' }}").render() == "&lt;"
    with pytest.raises(UndefinedError):
        made.from_string("{{ nowhere }}").render()
