"""One check reads every page: whatever a link leads to, from the first page on, must hold.

The pages are asked for as a browser asks, through Django's test client, on the small release.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from bluelamp.public.opened import OpenRelease
from bluelamp.public.publish import every_address, made

# No element of these has an end tag.
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# SVG's empty elements are written `<path .../>`, which the parser reports as start and end.
FIRST_VISIT = 150_000  # bytes, gzipped, stylesheet included


@dataclass(frozen=True)
class Element:
    tag: str
    attributes: dict[str, str]
    ancestors: tuple[str, ...]


class Reader(HTMLParser):
    """Elements with what they stand in, and the text of the elements by which they are known."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.faults: list[str] = []
        self.words: dict[str, list[str]] = {}
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{element.tag}> is never closed" for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {k: v or "" for k, v in attrs}, tuple(e.tag for e in self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {k: v or "" for k, v in attrs}, ()))

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
        else:
            self.faults.append(f"</{tag}> closes nothing that is open")

    def handle_data(self, data: str) -> None:
        for element in self._open:
            if element.tag in {"h1", "title", "a", "caption", "th", "td", "main"}:
                self.words.setdefault(element.tag, []).append(data)

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]


@dataclass(frozen=True)
class Visit:
    """One address, as it was answered."""

    address: str
    status: int
    headers: dict[str, str]
    body: bytes

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.body.decode())

    @property
    def is_page(self) -> bool:
        return self.headers["Content-Type"].startswith("text/html")


@pytest.fixture(scope="module")
def visits(client) -> dict[str, Visit]:
    """Every address that can be reached from the first page by links."""
    found: dict[str, Visit] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        response = client.get(address)
        found[address] = Visit(
            address, response.status_code, dict(response.items()), response.content
        )
        if found[address].is_page:
            waiting += local_links(found[address])
    return found


def links(visit: Visit) -> Iterator[str]:
    for element in visit.reader.all("a"):
        yield element.attributes["href"]


def local_links(visit: Visit) -> list[str]:
    """Addresses of this site that a page links to, without fragments."""
    whole = (urljoin(visit.address, link) for link in links(visit))
    parts = (urlsplit(link) for link in whole if not link.startswith(("tel:", "mailto:")))
    return [part.path for part in parts if not part.netloc]


@pytest.fixture(scope="module")
def pages(visits) -> list[Visit]:
    return [visit for visit in visits.values() if visit.is_page]


def expect_each(pages: list[Visit], check) -> None:
    """Fail naming every page at fault, not only the first."""
    faults = [f"{page.address}: {fault}" for page in pages for fault in check(page)]
    assert not faults, "\n".join(faults[:40])


def test_every_address_answers(visits):
    assert {v.address: v.status for v in visits.values() if v.status != 200} == {}


def test_every_address_of_the_map_can_be_reached_by_links(visits, opened):
    wanted = {made_address(opened, address) for address in every_address(opened)}
    assert wanted - set(visits) == set()


def made_address(opened, wanted) -> str:
    from bluelamp.public.site import PAGES, TABLES, address

    kind = next(kind for kind in (*PAGES, *TABLES) if kind.name == wanted.kind)
    return address(kind.route, dict(wanted.names))


def test_markup_is_whole(pages):
    expect_each(pages, lambda page: page.reader.faults)


def test_one_heading_of_the_first_rank_and_a_title_that_begins_with_it(pages):
    def check(page: Visit) -> Iterator[str]:
        if len(page.reader.all("h1")) != 1:
            yield f"{len(page.reader.all('h1'))} h1"
        heading = " ".join("".join(page.reader.words["h1"]).split())
        title = " ".join("".join(page.reader.words["title"]).split())
        if not heading or not title.startswith(heading):
            yield f"the title '{title}' does not begin with '{heading}'"

    expect_each(pages, check)


def test_titles_are_told_apart(pages):
    titles = Counter("".join(page.reader.words["title"]) for page in pages)
    assert [title for title, count in titles.items() if count > 1] == []


def test_language_and_ids(pages):
    def check(page: Visit) -> Iterator[str]:
        if page.reader.all("html")[0].attributes.get("lang") != "en-GB":
            yield "no language"
        ids = Counter(e.attributes["id"] for e in page.reader.elements if "id" in e.attributes)
        yield from (f"the id '{id}' stands {count} times" for id, count in ids.items() if count > 1)
        for element in page.reader.elements:
            for name in ("aria-labelledby", "aria-describedby", "for"):
                for target in element.attributes.get(name, "").split():
                    if target not in ids:
                        yield f"{name}='{target}' points nowhere"

    expect_each(pages, check)


def test_headings_go_down_one_rank_at_a_time(pages):
    def check(page: Visit) -> Iterator[str]:
        before = 0
        for element in page.reader.elements:
            if re.fullmatch(r"h[1-6]", element.tag) and "main" in element.ancestors:
                rank = int(element.tag[1])
                if rank > before + 1:
                    yield f"{element.tag} follows h{before}"
                before = rank

    expect_each(pages, check)


def test_every_picture_is_named_or_silent(pages):
    def check(page: Visit) -> Iterator[str]:
        for element in page.reader.elements:
            attributes = element.attributes
            if element.tag == "img" and "alt" not in attributes:
                yield "img without alt"
            named = {"aria-label", "aria-labelledby"} & set(attributes)
            if element.tag == "svg" and attributes.get("aria-hidden") != "true" and not named:
                yield "svg neither named nor hidden"

    expect_each(pages, check)


def test_every_table_has_a_caption_and_headed_rows(pages):
    def check(page: Visit) -> Iterator[str]:
        tables, captions = page.reader.all("table"), page.reader.all("caption")
        if len(tables) != len(captions):
            yield f"{len(tables)} tables, {len(captions)} captions"
        if any("scope" not in e.attributes for e in page.reader.all("th")):
            yield "th without scope"

    expect_each(pages, check)


def test_every_table_of_figures_says_for_when(pages):
    """A page with a table of figures names a month or a year in it."""
    when = re.compile(r"\b(January|February|March|April|May|June|July|August|September|October|"
                      r"November|December) \d{4}\b")  # fmt: skip

    def check(page: Visit) -> Iterator[str]:
        figures = page.address.startswith(("/measures/", "/areas/E"))
        said = " ".join(
            word for tag in ("caption", "th", "td") for word in page.reader.words.get(tag, [])
        )
        if figures and page.reader.all("table") and not when.search(said):
            yield "a table without a period"

    expect_each(pages, check)


# What pages may link to outside the site: publishers, the office, places of help, the quick exit.
@pytest.fixture(scope="module")
def outside(opened: OpenRelease) -> set[str]:
    named = [opened.office.address, *(h.address for h in opened.office.help)]
    named += [source.address for source in opened.release.sources.values()]
    named += ["https://www.bbc.co.uk/weather", "https://www.equalityadvisoryservice.com/"]
    return set(named)


def test_no_link_leaves_the_site_but_those_named(pages, outside):
    def check(page: Visit) -> Iterator[str]:
        for link in links(page):
            if urlsplit(link).netloc and link not in outside:
                yield f"links to {link}"

    expect_each(pages, check)


def test_every_fragment_is_there(pages, visits):
    ids = {page.address: {e.attributes.get("id") for e in page.reader.elements} for page in pages}

    def check(page: Visit) -> Iterator[str]:
        for link in links(page):
            parts = urlsplit(urljoin(page.address, link))
            if parts.fragment and not parts.netloc and parts.fragment not in ids[parts.path]:
                yield f"{link} points nowhere"

    expect_each(pages, check)


def test_no_script_no_style_no_cookie_and_nothing_from_elsewhere(pages):
    def check(page: Visit) -> Iterator[str]:
        for element in page.reader.elements:
            if element.tag in {"script", "iframe", "object", "embed", "style"}:
                yield f"<{element.tag}>"
            if "style" in element.attributes:
                yield f"style on <{element.tag}>"
            if any(name.startswith("on") for name in element.attributes):
                yield f"an event handler on <{element.tag}>"
            source = element.attributes.get("src", "")
            if element.tag == "link":
                source = element.attributes["href"]
            if urlsplit(source).netloc:
                yield f"loads {source}"
        if "Set-Cookie" in page.headers:
            yield "sets a cookie"

    expect_each(pages, check)


def test_security_headers(pages):
    def check(page: Visit) -> Iterator[str]:
        policy = page.headers["Content-Security-Policy"]
        for wanted in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
            if wanted not in policy:
                yield f"no {wanted}"
        if "unsafe" in policy or page.headers["X-Content-Type-Options"] != "nosniff":
            yield "unsafe"
        if page.headers["Referrer-Policy"] != "no-referrer":
            yield "tells where it was"

    expect_each(pages, check)


def test_a_first_visit_is_light(pages, root: Path):
    names = (
        "look/static/built/bluelamp.css",
        "look/static/look/lamp.svg",
        "public/static/public/public.css",
    )
    extra = sum(len(gzip.compress((root / "src/bluelamp" / name).read_bytes())) for name in names)

    def check(page: Visit) -> Iterator[str]:
        weight = len(gzip.compress(page.body)) + extra
        if weight > FIRST_VISIT:
            yield f"{weight:,} bytes"

    expect_each(pages, check)


def test_made_up_data_is_said_to_be_made_up_on_every_page(pages):
    expect_each(pages, lambda page: [] if b"Made-up data." in page.body else ["no banner"])


def test_hard_subjects_begin_with_help_and_a_way_out(pages, opened: OpenRelease):
    def check(page: Visit) -> Iterator[str]:
        match = re.match(r"/measures/([^/]+)/", page.address)
        if not match:
            return
        text = page.body.decode()
        if opened.measures[match[1]].sensitive:
            help_at, exit_at, heading = (
                text.find(what) for what in ("Where to get help", "Exit this page", "<h1")
            )
            if not (0 < help_at < heading and 0 < exit_at < heading):
                yield "no help before the heading"
            for phone in (link.phone for link in opened.office.help):
                if text.count(f">{phone}</a>") != 1:
                    yield f"{phone} stands there {text.count(f'>{phone}</a>')} times"
        elif "Where to get help" in text:
            yield "help on a page that is not about a hard subject"

    expect_each(pages, check)


def test_a_ward_has_small_charts_of_its_own_figures_and_no_expected_range(visits, opened):
    known = {finding.area for finding in opened.release.findings}
    ward = next(ward.code for ward in opened.wards if ward.code in known)
    text = visits[f"/areas/{ward}/"].body.decode()
    sparks = re.findall(
        r'bl-spark__band" d="([^"]*)"/><path class="bl-spark__line" d="([^"]*)"', text
    )
    assert len(sparks) == text.count("<tr") - 1  # one in each row, under the heading row
    assert {band for band, _ in sparks} == {""}
    months = opened.figures("burglary", ward, "month")
    assert any(line.count("L") + line.count("M") == len(months) - 1 for _, line in sparks)  # a gap


def test_a_chart_says_which_months_no_test_used_and_where_it_is_broken(visits):
    text = visits["/measures/recorded-crime/"].body.decode()
    assert "left out of every test: June 2022 (being checked, because it is unusually low)." in text
    assert "From January 2023 the figures are not comparable with those before: counted" in text
    assert "not comparable" not in visits["/measures/burglary/"].body.decode()


def test_nothing_unfinished_is_printed(pages):
    unfinished = re.compile(r"\bNone\b|\bnan\b|Undefined|Withheld\(|dataclass| ,|\.\.(?!\.)|\{\{")

    def check(page: Visit) -> Iterator[str]:
        text = " ".join("".join(page.reader.words["main"]).split())
        yield from (f"prints '{found.group()}'" for found in unfinished.finditer(text))

    expect_each(pages, check)


# --- served and published are the same ------------------------------------------------------------


def without_the_box_of_every_page(html: str) -> str:
    return re.sub(r'<form [^>]*class="bl-search".*?</form>\n', "", html, flags=re.DOTALL)


def without_search(html: str) -> str:
    html = re.sub(r"<form .*?</form>\n", "", html, flags=re.DOTALL)
    return re.sub(
        r'<h2 class="govuk-heading-l">For programs</h2>\n.*?</p>\n', "", html, flags=re.DOTALL
    )


def test_published_pages_are_the_served_ones_less_the_search_box(visits, opened):
    """One address of each kind: the last, because the first is what a mistake is tried on."""
    last_of_kind = {wanted.kind: wanted for wanted in every_address(opened)}.values()
    differ = set()
    for wanted in last_of_kind:
        address, content = made(opened, wanted)
        served = visits[address].body.decode()
        assert content == without_search(served), address
        if content != without_the_box_of_every_page(served):
            differ.add(address)
    assert differ == {"/", "/areas/", "/data/", "/search/"}
