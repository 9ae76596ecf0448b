"""The sample page as a reader meets it: wide, on a phone, by keyboard, on paper, and weighed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

SITE = "http://sample.test"
STATIC = Path("src/bluelamp/look/static")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(params=[1280, 320], ids=["desktop", "phone"])
def opened(
    request: pytest.FixtureRequest, browser: Any, sample_page: str, root: Path
) -> Iterator[tuple[Any, list[str]]]:
    """The sample page in Chromium, served from memory, with every address it asked for."""
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    asked: list[str] = []

    def answer(route: Any) -> None:
        address = route.request.url
        asked.append(address)
        path = address.removeprefix(SITE)
        if path == "/":
            route.fulfill(body=sample_page, content_type="text/html; charset=utf-8")
        elif path.startswith("/static/"):
            route.fulfill(path=root / STATIC / path.removeprefix("/static/"))
        else:
            route.abort()

    page.route("**/*", answer)
    page.goto(f"{SITE}/")
    yield page, asked
    page.close()


def test_axe_finds_nothing(opened: tuple[Any, list[str]], axe: str) -> None:
    page, _ = opened
    page.evaluate(axe)
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS
    )
    faults = [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
    assert faults == []
    assert len(found["passes"]) > 20


def test_nothing_is_wider_than_the_screen(opened: tuple[Any, list[str]]) -> None:
    page, _ = opened
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_one_of_the_two_drawings_is_shown_and_its_letters_are_large_enough(
    opened: tuple[Any, list[str]],
) -> None:
    page, _ = opened
    shown = page.evaluate(
        """() => [...document.querySelectorAll('.bl-chart svg')]
             .filter(svg => svg.getBoundingClientRect().width > 0)
             .map(svg => 12 * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"""
    )
    assert len(shown) == 2
    assert min(shown) > 11


def test_nothing_is_asked_of_another_host_and_nothing_is_stored(
    opened: tuple[Any, list[str]],
) -> None:
    page, asked = opened
    assert {re.match(r"\w+://[^/]+", address)[0] for address in asked} == {SITE}  # type: ignore[index] # every address has a host
    assert page.context.cookies() == []
    assert page.evaluate("document.scripts.length") == 0


def test_the_first_visit_weighs_less_than_150_kb(
    opened: tuple[Any, list[str]], sample_page: str, root: Path
) -> None:
    _, asked = opened
    files = [root / STATIC / address.split("/static/")[1] for address in asked[1:]]
    assert any(file.name == "bluelamp.css" for file in files)
    weight = sum(len(gzip.compress(body)) for body in
                 [sample_page.encode(), *(file.read_bytes() for file in files)])  # fmt: skip
    assert weight < 150_000


def test_the_stylesheet_holds_no_crown_no_typeface_and_no_address(root: Path) -> None:
    built = root / STATIC / "built/bluelamp.css"
    if not built.exists():
        pytest.fail("the stylesheet is not compiled: run `make setup`")
    css = built.read_text()
    assert "GDS Transport" not in css
    assert "url(" not in css
    assert "govuk-table" in css


def test_a_measure_page_prints_on_two_sheets(opened: tuple[Any, list[str]]) -> None:
    """The sample is longer than a measure page; what stands above "Other lines" is one."""
    page, _ = opened
    page.evaluate(
        """() => { const h2 = [...document.querySelectorAll('h2')]
                     .find(h => h.textContent.startsWith('Other lines'));
                   while (h2.nextElementSibling) h2.nextElementSibling.remove(); h2.remove(); }"""
    )
    pdf = page.pdf(prefer_css_page_size=True, print_background=False)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2


class Ids(HTMLParser):
    """The ids of a page, and the ids its parts refer to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.named: set[str] = set()
        self.headings: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = dict(attrs)
        if have.get("id"):
            self.ids.append(str(have["id"]))
        self.named.update(str(have.get("aria-labelledby") or "").split())
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)


def test_ids_are_unique_and_every_name_is_there(sample_page: str) -> None:
    page = Ids(sample_page)
    assert len(page.ids) == len(set(page.ids))
    assert page.named <= set(page.ids)
    assert page.headings.count("h1") == 1
