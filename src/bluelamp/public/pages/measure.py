"""`/measures/<id>/` and `/measures/<id>/<area>/`: is it going up or down, and more than chance?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bluelamp.evidence.source import Source
from bluelamp.figures import Figure
from bluelamp.look import words
from bluelamp.look.drawing import Drawing
from bluelamp.look.pieces import Link
from bluelamp.measures.definition import Measure
from bluelamp.places import Area
from bluelamp.public import addresses
from bluelamp.public.charting import Charted, areas_drawn, charted
from bluelamp.public.comparisons import comparisons
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.compared import Compared, compared
from bluelamp.public.pages.frame import HOME, Page, help_for
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.shown import ABSENT, Shown, Told, reading_id, shown, told

# --- every measure --------------------------------------------------------------------------------


@dataclass(frozen=True)
class MeasureEntry:
    """A measure as the list shows it: how it stands for the whole force."""

    link: Link
    description: str
    reading: str
    figure: Shown


@dataclass(frozen=True)
class MeasuresPage(Page):
    """`/measures/`: What is measured here?"""

    entries: tuple[MeasureEntry, ...]
    whole: str
    gaps: tuple[Link, ...]


def measures_page(opened: OpenRelease) -> MeasuresPage:
    return MeasuresPage(
        title="Measures",
        active=addresses.MEASURES,
        comparisons=comparisons(
            opened, (measure.id for measure in opened.own_measures), [opened.force.code]
        ),
        entries=tuple(measure_entry(opened, measure) for measure in opened.own_measures),
        whole=opened.called(opened.force),
        gaps=tuple(Link(g.title, addresses.gap(g.id)) for g in opened.release.gaps.values()),
    )


def measure_entry(opened: OpenRelease, measure: Measure) -> MeasureEntry:
    finding = opened.release.finding("watch", measure.id, opened.force.code)
    # Another force may well have one, so this does not say that there is none at all.
    none = replace(ABSENT, value=f"No figure for {opened.called(opened.force)} in this release")
    figure = opened.headline(measure.id).get(opened.force.code)
    return MeasureEntry(
        Link(measure.title, addresses.measure(measure.id)),
        measure.description,
        reading_id(finding.reading if finding else "not judged"),
        shown(measure, figure) if figure else none,
    )


# --- one measure ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class AreaRow:
    """One area in a measure's table. The areas stand in the order of the alphabet, never ranked."""

    area: Link
    figure: Shown
    rate: Shown | None
    reading: str


@dataclass(frozen=True)
class AreaTable:
    """The areas of one kind with their figures: the boroughs of a force or the wards of a borough.

    ranged   whether any of the figures has a range
    """

    kind: str
    within: str
    period: str
    unit: str
    rate_unit: str
    ranged: bool
    drawing: Drawing | None
    rows: tuple[AreaRow, ...]


@dataclass(frozen=True)
class YearRow:
    """One financial year: the count (or share) and, where there is one, the rate."""

    period: str
    figure: Shown
    rate: Shown | None


@dataclass(frozen=True)
class MeasurePage(Page):
    """`/measures/<id>/`: Is it going up or down, more than chance, and compared with whom?

    watch, edition   the two findings, None where the question was never asked here
    figure, rate     the newest 12 months here; rate None where people cannot be counted
    rate_base        whom the rate divides by
    caveats          what may not be concluded, of the measure, its rate and its source
    whole            the comparable figure for the whole force, None on the force's own page
    compared         how the boroughs compare by the rate, None where the release does not say
    receipts         links to the receipts of the files behind the newest 12 months
    """

    measure: Measure
    area: Area
    is_force: bool
    watch: Told | None
    edition: Told | None
    why_untested: str
    figure: Shown
    rate: Shown | None
    rate_link: Link | None
    rate_base: str
    caveats: tuple[str, ...]
    whole: Shown | None
    whole_name: str
    chart: Charted | None
    years: tuple[YearRow, ...]
    compared: Compared | None
    areas: AreaTable | None
    lines: tuple[Link, ...]
    boroughs: tuple[Link, ...]
    source: Source
    receipts: tuple[Link, ...]
    table: str
    trace: str


# Years that the table of years shows.
YEARS = 6


def measure_page(opened: OpenRelease, measure: str) -> MeasurePage:
    """The measure for the office's force, with its boroughs."""
    found = measure_of(opened, measure)
    code = opened.force.code
    if code not in opened.headline(measure):
        code = next((f.code for f in opened.forces if f.code in opened.headline(measure)), code)
    way = (HOME, Link("Measures", addresses.MEASURES))
    place = opened.gazetteer[code]
    title = found.title if place == opened.force else f"{found.title}: {place.name}"
    return _page(opened, found, place, title, way)


def measure_in_area_page(opened: OpenRelease, measure: str, area: str) -> MeasurePage:
    """The measure in one borough, with its wards; raises NoSuchPage where it has no figure."""
    found = measure_of(opened, measure)
    if area not in {b.code for b in boroughs_with(opened, measure)}:
        raise NoSuchPage(f"{found.title} has no figures for the borough '{area}'")
    place = opened.gazetteer[area]
    way = (
        HOME,
        Link("Measures", addresses.MEASURES),
        Link(found.title, addresses.measure(measure)),
    )
    return _page(opened, found, place, f"{found.title} in {place.name}", way)


def measure_of(opened: OpenRelease, measure: str) -> Measure:
    if measure not in opened.measures:
        raise NoSuchPage(f"this release has no measure '{measure}'")
    return opened.measures[measure]


def boroughs_with(opened: OpenRelease, measure: str) -> tuple[Area, ...]:
    """The boroughs in which a measure has a page, by name: those for which it has a figure.

    A rate has none, because it stands on the pages of the count that it is made from.
    """
    if opened.measures[measure].rate_of:
        return ()
    known = opened.headline(measure)
    return tuple(b for b in opened.boroughs if b.code in known)


def _page(
    opened: OpenRelease, measure: Measure, area: Area, title: str, way: tuple[Link, ...]
) -> MeasurePage:
    is_force = area.kind == "force"
    twin = opened.rate_twins.get(measure.id)
    figure = opened.headline(measure.id).get(area.code)
    rate = opened.headline(twin.id).get(area.code) if twin else None
    watch = opened.release.finding("watch", measure.id, area.code)
    edition = opened.release.finding("edition", measure.id, area.code)
    return MeasurePage(
        title=title,
        way=way,
        active=addresses.MEASURES,
        help=help_for(opened.office.help, sensitive=measure.sensitive),
        comparisons=comparisons(
            opened,
            [measure.id],
            [area.code, *(a.code for a in opened.gazetteer.children(area.code))],
        ),
        measure=measure,
        area=area,
        is_force=is_force,
        watch=told(opened, watch) if watch else None,
        edition=told(opened, edition) if edition else None,
        why_untested=why_untested(measure),
        figure=shown(measure, figure),
        rate=shown(twin, rate) if twin and rate else None,
        rate_link=Link(twin.title, addresses.measure(twin.id)) if twin else None,
        rate_base=twin.denominator_words if twin else "",
        caveats=caveats(opened, measure, twin),
        whole=None if is_force else whole_figure(opened, twin or measure),
        whole_name=opened.called(opened.force),
        chart=charted(opened, measure, area, watch),
        years=year_rows(opened, measure, twin, area),
        compared=compared(opened, measure, twin, area),
        areas=area_table(opened, measure, twin, area),
        lines=tuple(
            Link(line.title, addresses.line(opened.leading.plan.id, line.id))
            for line, _ in opened.lines_of_measure.get(measure.id, ())
        ),
        boroughs=tuple(
            Link(b.name, addresses.measure_in(measure.id, b.code))
            for b in (boroughs_with(opened, measure.id) if is_force else ())
        ),
        source=opened.release.sources[measure.source],
        receipts=receipt_links(opened, figure),
        table=addresses.table(measure.id),
        trace=trace_command(opened, measure, area, figure),
    )


def caveats(opened: OpenRelease, measure: Measure, twin: Measure | None) -> tuple[str, ...]:
    """What may not be concluded, each said once."""
    of_rate = twin.caveats if twin else ()
    of_source = opened.release.sources[measure.source].caveats
    return tuple(dict.fromkeys((*measure.caveats, *of_rate, *of_source)))


def why_untested(measure: Measure) -> str:
    """Why a measure has no finding, in words."""
    if measure.rate_of:
        return (
            "This rate is not tested by itself. The count it is made from is tested, so that the "
            "same change is never found twice."
        )
    return "This release does not test this series, so it says nothing of whether it has changed."


def whole_figure(opened: OpenRelease, measure: Measure) -> Shown | None:
    """The measure for the whole force, to compare with; None for a bare count, which cannot be."""
    if measure.kind == "count" or opened.force.code not in opened.headline(measure.id):
        return None
    return shown(measure, opened.headline(measure.id)[opened.force.code])


def year_rows(
    opened: OpenRelease, measure: Measure, twin: Measure | None, area: Area
) -> tuple[YearRow, ...]:
    """The last financial years, newest first."""
    figures = opened.figures(measure.id, area.code, "fy")[-YEARS:]
    rates = {f.period: f for f in opened.figures(twin.id, area.code, "fy")} if twin else {}
    rows = []
    for figure in reversed(figures):
        rate = rates.get(figure.period)
        rows.append(
            YearRow(
                words.period(figure.period),
                shown(measure, figure),
                shown(twin, rate) if twin and rate else None,
            )
        )
    return tuple(rows)


def area_table(
    opened: OpenRelease, measure: Measure, twin: Measure | None, area: Area
) -> AreaTable | None:
    """The boroughs of the force, or the wards of a borough; None where the measure has none."""
    known = opened.headline(measure.id)
    inside = opened.boroughs if area.kind == "force" else opened.wards_by_borough.get(area.code, ())
    places = [place for place in inside if place.code in known]
    if not places:
        return None
    rates = opened.headline(twin.id) if twin else {}
    rows = tuple(
        AreaRow(
            area=Link(place.name, area_link(measure, place)),
            figure=shown(measure, known[place.code]),
            rate=shown(twin, rates.get(place.code)) if twin else None,
            reading=area_reading(opened, measure, place),
        )
        for place in places
    )
    periods = [row.figure.period for row in rows if not row.figure.withheld]
    # Seven hundred borough pages with a second drawing would take twice as long to publish.
    # Where boroughs are compared, that picture has these dots already.
    drawn = None
    if area.kind == "force" and (twin or measure).id not in opened.release.places_compared:
        drawn = areas_drawn(opened, twin or measure, places)
    return AreaTable(
        kind="Borough" if area.kind == "force" else "Ward",
        within=opened.called(area),
        period=max(periods, key=periods.count) if periods else "",
        unit=measure.unit,
        rate_unit=f"per {twin.per:,} residents" if twin else "",
        ranged=any(row.figure.ranged for row in rows),
        drawing=drawn,
        rows=rows,
    )


def area_link(measure: Measure, place: Area) -> str:
    if place.kind == "borough":
        return addresses.measure_in(measure.rate_of or measure.id, place.code)
    return addresses.area(place.code)


def area_reading(opened: OpenRelease, measure: Measure, place: Area) -> str:
    finding = opened.release.finding("watch", measure.id, place.code)
    return reading_id(finding.reading if finding else "not judged")


def receipt_links(opened: OpenRelease, figure: Figure | None) -> tuple[Link, ...]:
    """The receipts of the files a figure was made from, in the order it names them."""
    known = opened.release.receipts
    named = figure.receipts if figure else ()
    return tuple(
        Link(known[sha].name if sha in known else sha, addresses.receipt(sha)) for sha in named
    )


def trace_command(opened: OpenRelease, measure: Measure, area: Area, figure: Figure | None) -> str:
    """The command that prints the way from the newest figure to its files."""
    period = figure.period if figure else "PERIOD"
    return f"bluelamp trace {opened.manifest.id} {measure.id} {area.code} {period}"
