"""`/areas/` and `/areas/<code>/`: what is it like here?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bluelamp.figures import Withheld
from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.measures.definition import Measure
from bluelamp.places import Area, name_key
from bluelamp.public import addresses
from bluelamp.public.comparisons import comparisons
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import HOME, Page
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.plan import course
from bluelamp.public.shown import ABSENT, Shown, Told, reading_id, shown, told

KIND_WORDS = {"borough": "borough", "ward": "ward"}


# --- every area -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Letter:
    """The boroughs that begin with a letter."""

    letter: str
    areas: tuple[Link, ...]


@dataclass(frozen=True)
class AreasPage(Page):
    """`/areas/`: Which areas are there, and where is mine?

    asked    what was looked for, '' if nothing was; found is then what matches.
    """

    forces: tuple[Link, ...]
    letters: tuple[Letter, ...]
    asked: str
    found: tuple[tuple[Link, str], ...]
    found_words: str


def areas_page(opened: OpenRelease, asked: str = "") -> AreasPage:
    found = areas_named(opened, asked)
    return AreasPage(
        title="Find your area",
        active=addresses.AREAS,
        forces=tuple(Link(opened.called(f), addresses.area(f.code)) for f in opened.forces),
        letters=by_letter(opened.boroughs),
        asked=asked,
        found=tuple((Link(a.name, addresses.area(a.code)), whereabouts(opened, a)) for a in found),
        found_words=(
            f"{words.counted(len(found), 'area matches', 'areas match').capitalize()} “{asked}”."
        ),
    )


def by_letter(areas: Iterable[Area]) -> tuple[Letter, ...]:
    letters: dict[str, list[Link]] = {}
    for area in areas:
        letters.setdefault(area.name[0].upper(), []).append(
            Link(area.name, addresses.area(area.code))
        )
    return tuple(Letter(letter, tuple(links)) for letter, links in letters.items())


def areas_named(opened: OpenRelease, asked: str) -> list[Area]:
    """Forces, boroughs and wards whose name holds every word asked for, widest areas first."""
    wanted = name_key(asked).split()
    if not wanted:
        return []
    everywhere = (*opened.forces, *opened.boroughs, *opened.wards)
    found = [a for a in everywhere if all(word in name_key(a.name) for word in wanted)]
    return sorted(found, key=lambda a: (opened.rank(a.code), a.name, a.code))


def whereabouts(opened: OpenRelease, area: Area) -> str:
    """What kind of area it is and in which it lies: "ward in Croydon", "borough in London"."""
    if area.parent is None:
        return f"the police force area of the {area.name}"
    kind = KIND_WORDS[area.kind]
    parent = opened.gazetteer[area.parent]
    if parent.kind == "force" and parent.code != opened.force.code:
        return f"{kind} with a police force of its own"
    return f"{kind} in {opened.called(parent)}"


# --- one area -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MeasureRow:
    """One measure in this area and in the whole force. ends: the last month of the figure.

    Where people can be counted, `rate` and `rate_all` are the rate per residents; a share is its
    own fair comparison and stands in `here` and `whole` alone.
    """

    measure: Link
    here: Shown
    ends: str
    rate: Shown | None
    whole: Shown
    course: str
    reading: str


@dataclass(frozen=True)
class AreaPage(Page):
    """`/areas/<code>/`: What is it like here, and what stands out?

    no_data    why there is no figure at all, '' where there are some
    own_force  the force of a borough that the office's force does not police
    courses    whether any row has a small chart
    """

    area: Area
    lies_in: str
    whole: str
    is_force: bool
    no_data: str
    own_force: Link | None
    findings: tuple[Told, ...]
    summary: str
    courses: bool
    rows: tuple[MeasureRow, ...]
    absent: tuple[str, ...]
    inside: tuple[Link, ...]
    inside_kind: str
    outside: tuple[tuple[str, Shown], ...]


# "What stands out" is two or three sentences; the rest stands in the table.
MOST = 3


def area_page(opened: OpenRelease, code: str) -> AreaPage:
    area = area_of(opened, code)
    rows = tuple(measure_rows(opened, area))
    findings = opened.watched(code)
    tested = [f for f in findings if f.status != "not judged"]
    changed = sorted(
        (f for f in findings if f.status == "changed"),
        key=lambda f: (f.measure not in opened.lines_of_measure, f.q_value or 0.0, f.measure),
    )
    inside = areas_inside(opened, area)
    return AreaPage(
        title=opened.called(area),
        active=addresses.AREAS,
        way=way_to(opened, area),
        comparisons=comparisons(opened, opened.measures, [area.code]),
        area=area,
        lies_in=whereabouts(opened, area),
        whole=opened.called(opened.force),
        is_force=area.kind == "force",
        no_data="" if rows else why_no_data(opened, area),
        own_force=own_force(opened, area),
        findings=tuple(told(opened, f) for f in changed[:MOST]),
        summary=summary_words(len(findings), len(tested), len(changed)),
        courses=any(row.course for row in rows),
        rows=rows,
        absent=tuple(m.title for m in opened.own_measures if area.kind not in m.levels),
        inside=tuple(Link(a.name, addresses.area(a.code)) for a in inside),
        inside_kind="boroughs" if area.kind == "force" else "wards",
        outside=outside_places(opened) if area.code == opened.force.code else (),
    )


def area_of(opened: OpenRelease, code: str) -> Area:
    """A force, borough or ward of the territory; raises NoSuchPage."""
    if code not in {a.code for a in (*opened.forces, *opened.boroughs, *opened.wards)}:
        raise NoSuchPage(f"this release has no area '{code}'")
    return opened.gazetteer[code]


def way_to(opened: OpenRelease, area: Area) -> tuple[Link, ...]:
    way = [HOME, Link("Areas", addresses.AREAS)]
    if area.kind == "ward" and area.parent:
        way.append(Link(opened.gazetteer[area.parent].name, addresses.area(area.parent)))
    return tuple(way)


def areas_inside(opened: OpenRelease, area: Area) -> tuple[Area, ...]:
    if area.kind == "force":
        return tuple(b for b in opened.boroughs if b.parent == area.code)
    return opened.wards_by_borough.get(area.code, ())


def summary_words(looked: int, tested: int, changed: int) -> str:
    """How many measures were looked at here, could be tested, and had clearly changed."""
    measures = words.counted(looked, "measure")
    if looked == 1 and not changed:
        said = "It showed no clear change." if tested else "It could not be tested."
        return f"One measure has figures here. {said}"
    if not tested:
        return f"Nothing can be said of change here: none of {measures} could be tested."
    if not changed:
        return (
            f"Nothing here has clearly changed. Of {measures}, {words.number(tested)} could be "
            f"tested, and {'it' if tested == 1 else 'none of them'} showed "
            f"{'no' if tested == 1 else 'a'} clear change."
        )
    return (
        f"Of {measures}, {words.number(tested)} could be tested and {words.number(changed)} "
        f"{'has' if changed == 1 else 'have'} clearly changed."
    )


def measure_rows(opened: OpenRelease, area: Area) -> Iterable[MeasureRow]:
    """A row for each measure that has a figure here, by title."""
    for measure in opened.own_measures:
        here = opened.headline(measure.id).get(area.code)
        if here is not None:
            yield measure_row(opened, measure, area)


def measure_row(opened: OpenRelease, measure: Measure, area: Area) -> MeasureRow:
    here = shown(measure, opened.headline(measure.id).get(area.code))
    twin = opened.rate_twins.get(measure.id)
    compared = twin or measure
    rates = opened.headline(compared.id)
    finding = opened.release.finding("watch", measure.id, area.code)
    return MeasureRow(
        measure=Link(measure.title, page_of(measure, area)),
        here=here,
        ends=here.period.removeprefix("the 12 months to "),
        rate=shown(twin, rates.get(area.code)) if twin and area.code in rates else None,
        whole=shown(compared, rates[opened.force.code]) if opened.force.code in rates else ABSENT,
        course=course(opened, measure, area.code),
        reading=reading_id(finding.reading if finding else "not judged"),
    )


def page_of(measure: Measure, area: Area) -> str:
    if area.kind == "borough":
        return addresses.measure_in(measure.id, area.code)
    return addresses.measure(measure.id)


def why_no_data(opened: OpenRelease, area: Area) -> str:
    """Why an area has no figure at all, in words."""
    borough = opened.gazetteer[area.parent] if area.kind == "ward" and area.parent else area
    force = opened.gazetteer[borough.parent] if borough.parent else area
    if force.code != opened.force.code:
        return (
            f"{borough.name} has a police force of its own ({force.name}). The files in this "
            f"release that are given by {area.kind} are those of the {opened.force.name}, which "
            "does not police it."
        )
    return "No file in this release gives figures for this area."


def own_force(opened: OpenRelease, area: Area) -> Link | None:
    """The page of another force that polices a borough, None where the office's own does."""
    if area.kind != "borough" or area.parent is None or area.parent == opened.force.code:
        return None
    force = opened.gazetteer[area.parent]
    return Link(force.name, addresses.area(force.code))


def outside_places(opened: OpenRelease) -> tuple[tuple[str, Shown], ...]:
    """Named places outside the boroughs, each with the measure of which it has most, if any."""
    found = []
    for place in opened.outside:
        figures = [
            (figure.value, measure.title, shown(measure, figure))
            for measure in opened.own_measures
            if (figure := opened.headline(measure.id).get(place.code)) is not None
            and not isinstance(figure.value, Withheld)
            and measure.kind == "count"
            and figure.value
        ]
        if figures:
            _, title, most = max(figures, key=lambda item: item[0])
            found.append((f"{place.name}. {title}", most))
        else:
            found.append((place.name, ABSENT))
    return tuple(found)
