"""The map of the site: every kind of page, its address, how it is made and how many there are.

To add a page, write a dataclass and a function in `pages/`, a template, and one entry here. The
server takes its addresses from this map and `publish` writes every page that it lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bluelamp.plan.edition import Edition
from bluelamp.public import tables
from bluelamp.public.explained import METHODS
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.area import area_page, areas_page
from bluelamp.public.pages.changes import changes_page
from bluelamp.public.pages.commitment import commitment_page
from bluelamp.public.pages.commitment_filters import filters
from bluelamp.public.pages.commitments import commitments_by_page, commitments_page
from bluelamp.public.pages.contents import contents_page
from bluelamp.public.pages.corrections import corrections_page
from bluelamp.public.pages.coverage import coverage_page
from bluelamp.public.pages.data import data_page, receipt_page, receipts_page
from bluelamp.public.pages.edition import edition_page
from bluelamp.public.pages.findings import findings_page
from bluelamp.public.pages.frame import Page
from bluelamp.public.pages.gaps import gap_page, gaps_page
from bluelamp.public.pages.home import home
from bluelamp.public.pages.line import line_page
from bluelamp.public.pages.local import local_page
from bluelamp.public.pages.measure import (
    boroughs_with,
    measure_in_area_page,
    measure_page,
    measures_page,
)
from bluelamp.public.pages.methods import method_page, methods_page
from bluelamp.public.pages.plans import before, plans_page
from bluelamp.public.pages.priority import priority_page
from bluelamp.public.pages.quoted import quoted_page
from bluelamp.public.pages.search import search_page
from bluelamp.public.pages.statements import accessibility_page

Names = dict[str, str]


def _once(opened: OpenRelease) -> Iterable[Names]:
    """A page of which there is one, whatever the release holds."""
    return [{}]


def _with_gaps(opened: OpenRelease) -> Iterable[Names]:
    """A page of which there is one, where the release compares groups."""
    return [{}] if opened.release.gaps else []


def _editions(opened: OpenRelease, having: Callable[[Edition], bool]) -> Iterable[Names]:
    """The editions that have what a page of theirs is about."""
    every = opened.release.editions.values()
    return [{"edition": edition.plan.id} for edition in every if having(edition)]


@dataclass(frozen=True)
class PageKind:
    """One kind of page.

    route     as Django writes it, without the first slash: "measures/<measure>/"
    make      the page from the release and the names in its route; raises NoSuchPage
    every     the names of every page of this kind that the release has
    """

    name: str
    route: str
    make: Callable[..., Page]
    template: str
    every: Callable[[OpenRelease], Iterable[Names]] = _once


@dataclass(frozen=True)
class TableKind:
    """One kind of CSV table; the fields are those of PageKind."""

    name: str
    route: str
    make: Callable[..., str]
    every: Callable[[OpenRelease], Iterable[Names]] = _once


PAGES = (
    PageKind("home", "", home, "home.html"),
    PageKind("plans", "plans/", plans_page, "plans.html"),
    PageKind(
        "edition", "plans/<edition>/", edition_page, "edition.html",
        lambda opened: [{"edition": edition} for edition in opened.release.editions],
    ),
    # What is fixed under an edition goes ahead of its priorities, which may be called anything.
    PageKind(
        "numbers of a plan", "plans/<edition>/figures/", quoted_page, "quoted.html",
        lambda opened: _editions(opened, lambda edition: bool(edition.quoted)),
    ),
    PageKind(
        "contents of a plan", "plans/<edition>/contents/", contents_page, "contents.html",
        lambda opened: _editions(
            opened, lambda edition: bool(edition.checklist and opened.release.statutory_contents)
        ),
    ),
    PageKind(
        "local priorities", "plans/<edition>/local-priorities/", local_page, "local.html",
        lambda opened: _editions(opened, lambda edition: edition.local is not None),
    ),
    PageKind(
        "changes", "plans/<edition>/changes-since/<earlier>/", changes_page, "changes.html",
        lambda opened: [
            {"edition": edition.plan.id, "earlier": earlier.plan.id}
            for edition in opened.release.editions.values()
            for earlier in before(opened, edition)
        ],
    ),
    PageKind(
        "line", "plans/<edition>/lines/<line>/", line_page, "line.html",
        lambda opened: [
            {"edition": edition.plan.id, "line": line.id}
            for edition in opened.release.editions.values()
            for line in edition.lines
        ],
    ),
    PageKind(
        "priority", "plans/<edition>/<priority>/", priority_page, "priority.html",
        lambda opened: [
            {"edition": edition.plan.id, "priority": priority.id}
            for edition in opened.release.editions.values()
            for priority in edition.priorities
        ],
    ),
    PageKind(
        "commitment", "plans/<edition>/commitments/<commitment>/", commitment_page,
        "commitment.html",
        lambda opened: [
            {"edition": edition.plan.id, "commitment": commitment.id}
            for edition in opened.release.editions.values()
            for commitment in edition.commitments
        ],
    ),
    PageKind("commitments", "commitments/", commitments_page, "commitments.html"),
    PageKind(
        "commitments by", "commitments/<by>/<value>/", commitments_by_page, "commitments-by.html",
        lambda opened: [
            {"by": each.by, "value": value.slug}
            for each in filters(opened).values()
            for value in each.values
        ],
    ),
    PageKind("measures", "measures/", measures_page, "measures.html"),
    PageKind(
        "measure", "measures/<measure>/", measure_page, "measure.html",
        lambda opened: [{"measure": measure} for measure in opened.measures],
    ),
    PageKind(
        "measure in an area", "measures/<measure>/<area>/", measure_in_area_page, "measure.html",
        lambda opened: [
            {"measure": measure, "area": borough.code}
            for measure in opened.measures
            for borough in boroughs_with(opened, measure)
        ],
    ),
    PageKind("gaps", "gaps/", gaps_page, "gaps.html", _with_gaps),
    PageKind(
        "gap", "gaps/<gap>/", gap_page, "gap.html",
        lambda opened: [{"gap": gap} for gap in opened.release.gaps],
    ),
    PageKind("areas", "areas/", areas_page, "areas.html"),
    PageKind(
        "area", "areas/<code>/", area_page, "area.html",
        lambda opened: [
            {"code": area.code} for area in (*opened.forces, *opened.boroughs, *opened.wards)
        ],
    ),
    PageKind("coverage", "coverage/", coverage_page, "coverage.html"),
    PageKind("findings", "findings/", findings_page, "findings.html"),
    PageKind("corrections", "corrections/", corrections_page, "corrections.html"),
    PageKind("methods", "methods/", methods_page, "methods.html"),
    PageKind(
        "method", "methods/<method>/", method_page, "method.html",
        lambda opened: [{"method": method} for method in METHODS],
    ),
    PageKind("data", "data/", data_page, "data.html"),
    PageKind("receipts", "data/receipts/", receipts_page, "receipts.html"),
    PageKind(
        "receipt", "data/receipts/<sha256>/", receipt_page, "receipt.html",
        lambda opened: [{"sha256": sha256} for sha256 in opened.release.receipts],
    ),
    PageKind("search", "search/", search_page, "search-page.html"),
    PageKind("accessibility", "accessibility/", accessibility_page, "accessibility.html"),
)  # fmt: skip

TABLES = (
    TableKind("table of areas", "data/areas.csv", tables.areas_csv),
    TableKind("table of findings", "data/findings.csv", tables.findings_csv),
    TableKind("table of corrections", "data/corrections.csv", tables.corrections_csv),
    TableKind("table of lines", "data/lines.csv", tables.lines_csv),
    TableKind("table of commitments", "data/commitments.csv", tables.commitments_csv),
    TableKind("table of gaps", "data/gaps.csv", tables.gaps_csv, _with_gaps),
    TableKind("table of targets", "data/targets.csv", tables.targets_csv),
    TableKind("table of quoted figures", "data/quoted-figures.csv", tables.quoted_csv),
    TableKind(
        "table of a measure", "data/<measure>.csv", tables.figures_csv,
        lambda opened: [{"measure": measure} for measure in opened.measures],
    ),
)  # fmt: skip


def address(route: str, names: Names) -> str:
    """The address of one page: `measures/<measure>/` with its names filled in."""
    for name, value in names.items():
        route = route.replace(f"<{name}>", value)
    return f"/{route}"
