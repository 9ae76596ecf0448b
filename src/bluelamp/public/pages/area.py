"""`/areas/` and `/areas/<code>/`: what is it like here?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bluelamp.look import words
from bluelamp.look.pieces import Link
from bluelamp.look.sparklines import sparkline
from bluelamp.measures.definition import Measure
from bluelamp.places import Area, name_key
from bluelamp.public import addresses
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.frame import HOME, Page
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.plan import RECENT
from bluelamp.public.shown import ABSENT, Shown, Told, reading_id, shown, told

KIND_WORDS = {"force": "police force area", "borough": "borough", "ward": "ward"}


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
        forces=tuple(Link(f.name, addresses.area(f.code)) for f in opened.forces),
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
    """What kind of area it is and in which it lies: "ward in Croydon"."""
    kind = KIND_WORDS[area.kind]
    if area.parent is None:
        return kind
    return f"{kind} in {opened.gazetteer[area.parent].name}"


# --- one area -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MeasureRow:
    """One measure in this area and in the whole force.

    Where people can be counted, `rate` and `rate_all` are the rate per residents; a share is its
    own fair comparison and stands in `here` and `whole` alone.
    """

    measure: Link
    here: Shown
    rate: Shown | None
    whole: Shown
    course: str
    reading: str
    reading_word: str


@dataclass(frozen=True)
class AreaPage(Page):
    """`/areas/<code>/`: What is it like here, and what stands out?

    no_data    why there is no figure at all, '' where there are some.
    """

    area: Area
    lies_in: str
    whole: str
    is_force: bool
    no_data: str
    findings: tuple[Told, ...]
    summary: str
    periods: tuple[str, ...]
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
    findings = [f for f in opened.findings_by_area.get(code, ()) if f.question == "watch"]
    changed = sorted(
        (f for f in findings if f.status == "changed"),
        key=lambda f: (f.measure not in opened.lines_of_measure, f.q_value or 0.0, f.measure),
    )
    inside = areas_inside(opened, area)
    return AreaPage(
        title=area.name,
        active=addresses.AREAS,
        way=way_to(opened, area),
        area=area,
        lies_in=whereabouts(opened, area),
        whole=opened.force.name,
        is_force=area.code == opened.force.code,
        no_data="" if rows else why_no_data(opened, area),
        findings=tuple(told(opened, f) for f in changed[:MOST]),
        summary=summary_words(len(findings), len(changed)),
        periods=tuple(dict.fromkeys(r.here.period for r in rows if r.here.period)),
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


def summary_words(tested: int, changed: int) -> str:
    """How many series were looked at here and how many clearly changed."""
    if not tested:
        return "No series of figures for this area could be tested."
    if not changed:
        looked = words.counted(tested, "series of figures", "series of figures")
        return f"Nothing here has clearly changed: we looked at {looked} and found no clear change."
    return (
        f"{words.number(changed)} of {words.counted(tested, 'series', 'series')} of figures here "
        f"{'has' if changed == 1 else 'have'} clearly changed; the others show no clear change or "
        "could not be judged."
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
    months = opened.months(measure.id, area.code)[-RECENT:]
    return MeasureRow(
        measure=Link(measure.title, page_of(measure, area)),
        here=here,
        rate=shown(twin, rates.get(area.code)) if twin and area.code in rates else None,
        whole=shown(compared, rates[opened.force.code]) if opened.force.code in rates else ABSENT,
        course=sparkline(
            [m.value for m in months], [m.lower for m in months], [m.upper for m in months]
        ),
        reading=reading_id(finding.reading if finding else "not judged"),
        reading_word=finding.sentence if finding else "",
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
            f"does not police {borough.name}."
        )
    return "No file in this release gives figures for this area."


def outside_places(opened: OpenRelease) -> tuple[tuple[str, Shown], ...]:
    """Named places outside the boroughs with the figure that the first measure has for them."""
    found = []
    for place in opened.outside:
        for measure in opened.own_measures:
            figure = opened.headline(measure.id).get(place.code)
            if figure is not None:
                found.append((f"{place.name}: {measure.title}", shown(measure, figure)))
                break
        else:
            found.append((place.name, ABSENT))
    return tuple(found)
