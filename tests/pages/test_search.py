"""`/search/` as it is served, and as a plain file."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from bluelamp.public.pages import search
from bluelamp.public.pages.search import search_page
from bluelamp.public.publish import Address, made
from bluelamp.public.searchable import KINDS, documents, word_index
from bluelamp.public.word_index import NoFullTextSearch


def asked(client, words: str) -> str:
    response = client.get(f"/search/?q={quote(words)}")
    assert response.status_code == 200
    return response.content.decode()


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def said(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main_of(html))).split())


# --- what can be found ----------------------------------------------------------------------------


def test_every_page_that_can_be_found_is_there(client, opened):
    kinds = [document.kind for document in documents(opened)]
    assert set(kinds) <= set(KINDS)
    assert {"plan", "priority", "line", "measure", "area", "method"} <= set(kinds)
    every = [document.address for document in documents(opened)]
    assert len(every) == len(set(every))
    last_of_kind = {document.kind: document.address for document in documents(opened)}
    assert {a: client.get(a).status_code for a in last_of_kind.values()} == dict.fromkeys(
        last_of_kind.values(), 200
    )


def test_every_title_finds_its_page(opened):
    """As typed into the box: at most 80 letters."""
    for document in documents(opened):
        found = word_index(opened).find(document.title[:80], most_of_a_kind=10_000)
        assert document in [hit.document for hit in found.hits], document.title


def test_a_stranger_finds_what_was_promised_on_hate_crime(client, opened):
    lines = [
        line for line in opened.leading.lines if "hate crime" in f"{line.title} {line.promise}"
    ]
    html = asked(client, "what was promised on hate crime")
    assert lines
    for line in lines[:3]:
        assert f'href="/plans/london-2017/lines/{line.id}/"' in html
    assert opened.leading.plan.short_title in said(html)


def test_what_was_found_stands_by_kind_with_its_number_and_the_best_kind_first(client, opened):
    html = asked(client, "Croydon")
    area = next(a for a in opened.boroughs if a.name == "Croydon")
    first = re.search(r'<h2[^>]* id="(\w+)">(.*?)</h2>', main_of(html))
    found = word_index(opened).find("Croydon")
    assert first
    assert (first[1], first[2]) == ("area", f"{found.counts['area']} areas")
    hits = re.findall(r'<a class="govuk-link govuk-!-font-weight-bold" href="([^"]+)"', html)
    assert hits[0] == f"/areas/{area.code}/"


# --- what people type -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["<script>alert(1)</script>", "\" onfocus='x' autofocus \"", "</title><b>x", "{{7*7}} {%x%}"],
)
def test_what_is_typed_is_text(client, typed):
    """It stands in the heading as it was typed, and brings no element and no attribute."""
    found = Elements()
    found.feed(asked(client, typed))
    assert {"script", "b"}.isdisjoint(found.tags)
    assert {"onfocus", "autofocus"}.isdisjoint(found.attributes)
    assert f"Search results for “{' '.join(typed.split())}”" in found.text


class Elements(HTMLParser):
    """The names of all elements and attributes of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_only_eighty_letters_are_looked_at(client):
    html = asked(client, "hate " * 40)
    box = re.search(r'id="search"[^>]* value="([^"]*)"', html)
    assert box
    assert len(box[1]) == 79  # the eightieth is a space


def test_a_misspelt_search_shows_what_was_meant(client):
    shown = said(asked(client, "burglry"))
    assert "No page has “burglry”. These are the pages for “burglary”." in shown
    assert asked(client, "burglry").count('<a class="govuk-link govuk-!-font-weight-bold"') >= 1


def test_postcodes_are_said_not_to_be_covered(client):
    for typed in ("CR0 1AB", "sw1a1aa", "N1"):
        assert "Postcodes cannot be searched here." in said(asked(client, typed)), typed
    assert "Postcodes cannot be searched here." not in said(asked(client, "Croydon"))


def test_nothing_found_says_what_to_try(client):
    html = asked(client, "zzyzx")
    assert "Nothing was found. What to try Check the spelling" in said(html)
    assert 'href="/search/">everything from A to Z</a>' in html


@pytest.mark.parametrize("typed", ["", "   ", "?!", "…"])
def test_no_word_gives_everything_from_a_to_z(client, typed):
    assert said(asked(client, typed)).startswith("Search, and everything from A to Z")


def test_results_are_kept_out_of_other_search_engines(client):
    assert client.get("/search/?q=knife")["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/search/").headers


def test_a_server_without_the_engine_shows_everything_from_a_to_z(opened, monkeypatch, caplog):
    def broken(_):
        raise NoFullTextSearch("no FTS5; use another Python")

    monkeypatch.setattr(search, "word_index", broken)
    page = search_page(opened, "knife")
    assert page.note.startswith("This server cannot search.")
    assert page.letters
    assert not page.groups
    assert "use another Python" in caplog.text


# --- from A to Z ----------------------------------------------------------------------------------


def test_a_to_z_has_every_page_once_in_order(opened):
    letters = search_page(opened).letters
    entries = [(letter.letter, entry) for letter in letters for entry in letter.entries]
    assert sorted(entry.link.href for _, entry in entries) == sorted(
        document.address for document in documents(opened)
    )
    assert [letter.letter for letter in letters] == sorted(letter.letter for letter in letters)
    for letter, entry in entries:
        title = re.sub(r"^(A|An|The) (?=.)", "", entry.link.text)
        assert letter == "0 to 9" or title[0].upper() == letter, entry


def test_pages_of_one_name_are_told_apart(opened):
    seen = [
        (entry.link.text, entry.what)
        for letter in search_page(opened).letters
        for entry in letter.entries
    ]
    assert len(seen) == len(set(seen))


def test_as_a_plain_file_it_has_no_dead_form_and_every_letter_leads_somewhere(opened):
    address, html = made(opened, Address("search", ()))
    assert address == "/search/"
    assert "<form" not in html
    assert set(re.findall(r'href="#(letter-\w)"', html)) == set(
        re.findall(r'id="(letter-\w)"', html)
    )


def test_every_served_page_has_the_box(client):
    for address in ("/", "/measures/burglary/", "/commitments/", "/no-such-page/"):
        html = client.get(address).content.decode()
        assert html.count('<form action="/search/" method="get"') == 1, address
    assert client.get("/search/").content.decode().count('action="/search/"') == 1
