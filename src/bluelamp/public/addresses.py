"""Where everything stands on the public site. Every link of every page is made here.

Addresses start at the root and end in a slash, so that a page is a folder with an `index.html`
when the site is published as plain files.
"""

from __future__ import annotations

from bluelamp.places import Area

STATIC = "/static/"

HOME = "/"
PLANS = "/plans/"
MEASURES = "/measures/"
AREAS = "/areas/"
COVERAGE = "/coverage/"
METHODS = "/methods/"
DATA = "/data/"
RECEIPTS = "/data/receipts/"
CORRECTIONS = "/data/corrections.csv"
AREA_TABLE = "/data/areas.csv"
ACCESSIBILITY = "/accessibility/"
API = "/api/v1/"


def edition(edition_id: str) -> str:
    return f"{PLANS}{edition_id}/"


def priority(edition_id: str, priority_id: str) -> str:
    return f"{PLANS}{edition_id}/{priority_id}/"


def line(edition_id: str, priority_id: str, line_id: str) -> str:
    """A line has no page of its own: it stands on its priority's."""
    return f"{priority(edition_id, priority_id)}#line-{line_id}"


def measure(measure_id: str) -> str:
    return f"{MEASURES}{measure_id}/"


def measure_in(measure_id: str, area: str) -> str:
    return f"{MEASURES}{measure_id}/{area}/"


def area(code: str) -> str:
    return f"{AREAS}{code}/"


def area_or_none(place: Area) -> str:
    """The page of a place, or '' for one that has none (a named place outside the boroughs)."""
    return "" if place.outside else area(place.code)


def method(method_id: str) -> str:
    return f"{METHODS}{method_id}/"


def table(measure_id: str) -> str:
    return f"{DATA}{measure_id}.csv"


def receipt(sha256: str) -> str:
    return f"{RECEIPTS}{sha256}/"
