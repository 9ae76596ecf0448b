"""Pages as Chromium shows them: axe finds nothing, and nothing is wider than a small phone.

The pages are those that `publish` writes, served from a folder as any web server would. Every kind
of page is looked at in `make test`; every page under the mark `slow`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bluelamp.public.opened import OpenRelease
from bluelamp.public.publish import Address, every_address
from bluelamp.public.site import PAGES, address

# Captions that begin or end outside the box in which their table scrolls.
CUT_CAPTIONS = """
[...document.querySelectorAll('.bl-scroll caption')].filter(caption => {
  const words = caption.getBoundingClientRect();
  const box = caption.closest('.bl-scroll').getBoundingClientRect();
  return words.left < box.left - 1 || words.right > box.right + 1;
}).map(caption => caption.textContent)
"""
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


class Quiet(SimpleHTTPRequestHandler):
    """The standard library's server of files, without a line for each request."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(published: Path) -> Iterator[str]:
    """The address under which the published small release is served."""
    handler = partial(Quiet, directory=str(published))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def look(browser: Any, axe: str, site: str):
    """Opens one page, all its details open, and tells what is wrong with it at both sizes."""
    page = browser.new_page(viewport=DESKTOP)

    def faults(page_address: str) -> Iterator[str]:
        page.goto(site + page_address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate(axe)
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > size["width"]:
                yield f"{page_address} is {width} wide at {size['width']}"
            for caption in page.evaluate(CUT_CAPTIONS):
                yield f"{page_address} at {size['width']} cuts off '{caption}'"
            found = page.evaluate("axe.run({resultTypes: ['violations']})")
            for violation in found["violations"]:
                targets = json.dumps([node["target"] for node in violation["nodes"][:3]])
                yield f"{page_address} at {size['width']}: {violation['help']} {targets}"

    yield faults
    page.close()


def page_addresses(opened: OpenRelease) -> list[tuple[Address, str]]:
    routes = {kind.name: kind.route for kind in PAGES}
    return [
        (wanted, address(routes[wanted.kind], dict(wanted.names)))
        for wanted in every_address(opened)
        if wanted.kind in routes
    ]


# Cases that differ within one kind: a hard subject, a survey, nothing known, a force, a borough.
ALSO = {
    "/measures/domestic-abuse/", "/measures/confidence-good-job/", "/measures/homicide/",
    "/areas/E09000001/", "/areas/E23000001/", "/areas/E09000008/",
}  # fmt: skip


def test_every_kind_of_page(opened: OpenRelease, look):
    every = page_addresses(opened)
    first_of_kind = {wanted.kind: page for wanted, page in reversed(every)}
    chosen = sorted({*first_of_kind.values(), *ALSO})
    assert {page for _, page in every} >= ALSO
    assert len(chosen) > len(PAGES)
    faults = [fault for page in chosen for fault in look(page)]
    assert not faults, "\n".join(faults)


@pytest.mark.slow
def test_every_page(opened: OpenRelease, look):
    faults = [fault for _, page in page_addresses(opened) for fault in look(page)]
    assert not faults, "\n".join(faults)


def test_a_measure_prints_on_two_sheets(browser: Any, site: str):
    """A measure of the whole force, with its table of boroughs, on A4."""
    page = browser.new_page(viewport=DESKTOP)
    page.goto(f"{site}/measures/burglary/")
    sheets = page.pdf(format="A4").count(b"/Type /Page\n")
    page.close()
    assert 1 <= sheets <= 2
