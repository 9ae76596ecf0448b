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
COMMITMENTS = "/commitments/"
SEARCH = "/search/"
COVERAGE = "/coverage/"
METHODS = "/methods/"
DATA = "/data/"
RECEIPTS = "/data/receipts/"
GAPS = "/gaps/"
GAPS_TABLE = "/data/gaps.csv"
FINDINGS = "/findings/"
FINDINGS_TABLE = "/data/findings.csv"
CORRECTIONS = "/corrections/"
CORRECTIONS_TABLE = "/data/corrections.csv"
AREA_TABLE = "/data/areas.csv"
ACCESSIBILITY = "/accessibility/"
API = "/api/v1/"


def edition(edition_id: str) -> str:
    return f"{PLANS}{edition_id}/"


def priority(edition_id: str, priority_id: str) -> str:
    return f"{PLANS}{edition_id}/{priority_id}/"


def line(edition_id: str, line_id: str) -> str:
    return f"{edition(edition_id)}lines/{line_id}/"


def quoted(edition_id: str) -> str:
    """The numbers that an edition quotes, each made again where that can be done."""
    return f"{edition(edition_id)}figures/"


def contents(edition_id: str) -> str:
    """Where an edition sets out what the law asks of it."""
    return f"{edition(edition_id)}contents/"


def local_priorities(edition_id: str) -> str:
    return f"{edition(edition_id)}local-priorities/"


def changes(edition_id: str, earlier_id: str) -> str:
    """What an edition changed against an earlier one."""
    return f"{edition(edition_id)}changes-since/{earlier_id}/"


def commitment(edition_id: str, commitment_id: str) -> str:
    return f"{edition(edition_id)}commitments/{commitment_id}/"


def commitments_by(what: str, value: str) -> str:
    """The commitments that share one value of a filter: `edition`, `priority`, `lead`..."""
    return f"{COMMITMENTS}{what}/{value}/"


def measure(measure_id: str) -> str:
    return f"{MEASURES}{measure_id}/"


def measure_in(measure_id: str, area: str) -> str:
    return f"{MEASURES}{measure_id}/{area}/"


def gap(gap_id: str) -> str:
    """A gap between groups of people."""
    return f"{GAPS}{gap_id}/"


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
