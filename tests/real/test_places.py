"""Places in time on the real files: counts of areas, joins, points and residents that are known.

Sums are taken from the publishers' files with the csv module, apart from every reader.
"""

from __future__ import annotations

import csv
import zipfile
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bluelamp.definitions import definitions_root
from bluelamp.evidence.geography.editions import WrongEdition, read_editions
from bluelamp.evidence.geography.joining import CannotJoin, then
from bluelamp.evidence.geography.lookups import Lookups, read_joins, reference
from bluelamp.evidence.geography.placing import locate
from bluelamp.evidence.geography.polygons import (
    BEYOND,
    DifferentExtents,
    boundaries_of,
    shares_by_area,
)
from bluelamp.evidence.known import Known, as_known
from bluelamp.evidence.receive import Desk, Outcome, receive
from bluelamp.evidence.store import Store
from bluelamp.measures.denominators import read_denominators
from bluelamp.measures.residents import residents
from bluelamp.periods import Month

ROOT = definitions_root()
EDITIONS = read_editions(ROOT)
MET = "E23000001"
FOLDERS = ("boundaries", "lookups", "population", "deprivation", "points", "odbl")
LEFT_ALONE = {
    "london_national_rail_stations.geojson", "london_osm_nightlife_culture_sport.geojson",
    "london_osm_pois.geojson", "london_osm_police.geojson",
}  # fmt: skip


@pytest.fixture(scope="module")
def places(real_data: Path) -> Path:
    return real_data / "places"


@pytest.fixture(scope="module")
def taken(places, tmp_path_factory) -> tuple[Store, list[Outcome]]:
    store = Store(tmp_path_factory.mktemp("places") / "store")
    paths = [places / folder for folder in FOLDERS]
    return store, receive(store, Desk(ROOT), paths, on=date(2026, 11, 21))


@pytest.fixture(scope="module")
def known(taken) -> Known:
    return as_known(taken[0], Desk(ROOT).sources, on=date(2026, 4, 30), received_by=None)


@pytest.fixture(scope="module")
def lookups(known) -> Lookups:
    return Lookups(ROOT, known)


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


# --- every file --------------------------------------------------------------------------------


def test_every_file_is_kept_whole_or_left_alone_for_its_licence(taken):
    outcomes = {outcome.name: outcome for outcome in taken[1]}
    assert len(outcomes) == 43
    assert {name for name, o in outcomes.items() if o.status == "not read"} == LEFT_ALONE
    for name in LEFT_ALONE:
        assert "share it under the same terms" in outcomes[name].reason
    others = {name: o.status for name, o in outcomes.items() if name not in LEFT_ALONE}
    assert set(others.values()) == {"kept"}


def test_no_row_of_a_csv_is_lost(taken, places):
    read = {o.name: o.receipt.rows_kept for o in taken[1] if o.receipt}
    for path in sorted(places.rglob("*.csv")):
        if path.name in read:
            assert read[path.name] == len(lines(path)), path.name


# --- editions and boundaries -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edition", "areas", "in_the_city"),
    [
        ("boroughs", 33, None),
        ("wards-2011-2014", 624 + 25, 25),
        ("wards-2014-2018", 629 + 25, 25),
        ("wards-2018-2022", 632 + 25, 25),
        ("wards-2025", 679 + 25, 25),
        ("lsoa-2011", 4_835, None),
        ("lsoa-2021", 4_994, None),
        ("msoa-2011", 983, None),
        ("msoa-2021", 1_002, None),
        ("forces", 43, None),
    ],
)
def test_how_many_polygons_an_edition_has(known, edition, areas, in_the_city):
    found = boundaries_of(known, EDITIONS, edition)
    assert len(found.codes) == len(set(found.codes)) == areas
    if in_the_city is not None:
        listed = EDITIONS.areas(edition)
        assert sum(listed[code].parent == "E09000001" for code in found.codes) == in_the_city


def test_boundaries_to_mid_river_are_never_laid_over_those_at_the_waters_edge(known):
    small, wards = (boundaries_of(known, EDITIONS, e) for e in ("lsoa-2011", "wards-2014-2018"))
    with pytest.raises(DifferentExtents):
        shares_by_area(small, wards)


def test_extents_are_what_the_editions_say(known):
    """In square degrees, London's surface to mid-river is 1.2% to 1.4% larger than to the shore."""
    import shapely

    surface = {
        e: float(shapely.area(boundaries_of(known, EDITIONS, e).shapes).sum())
        for e in EDITIONS.by_id
        if e.startswith(("wards-", "lsoa-", "msoa-")) or e == "boroughs"
    }
    clipped = np.median([s for e, s in surface.items() if EDITIONS[e].extent == "clipped"])
    for edition, found in surface.items():
        larger = found / clipped - 1
        if EDITIONS[edition].extent == "mid-river":
            assert 0.012 < larger < 0.015, edition
        else:
            assert abs(larger) < 0.002, edition


# --- joins -------------------------------------------------------------------------------------


def test_the_best_fit_and_the_largest_share_of_the_surface_agree_for_99_57_percent(known, lookups):
    best = dict(lookups.between("lsoa-2011", "wards-2014-2018").shares.select("from", "to").rows())
    shared = lookups.between("lsoa-2011", "wards-2014-2018", kind="by area")
    largest = dict(
        shared.shares.sort("share", "to", descending=[True, False])
        .unique("from", keep="first", maintain_order=True)
        .select("from", "to")
        .rows()
    )
    assert len(best) == len(largest) == 4_835
    agree = sum(best[code] == largest[code] for code in best)
    assert round(100 * agree / len(best), 2) == 99.57
    listed = EDITIONS.areas("wards-2014-2018")
    reached = {listed[ward].parent == "E09000001": 0 for ward in best.values()}
    for ward in set(best.values()):
        reached[listed[ward].parent == "E09000001"] += 1
    assert reached == {False: 629, True: 5}


def test_the_middle_of_a_small_area_lies_in_the_ward_it_is_put_into(known, lookups):
    rows, _ = reference(known, "lsoa11-ward-msoa-borough")
    wards = boundaries_of(known, EDITIONS, "wards-2014-2018")
    placed = wards.place(rows["longitude"].to_list(), rows["latitude"].to_list())
    agree = sum(a == b for a, b in zip(placed.codes, rows["wards-2014-2018"], strict=True))
    assert placed.outside == {}
    assert agree / rows.height > 0.99


def test_every_join_of_the_definitions_works_and_its_shares_add_to_one(lookups):
    for join in read_joins(ROOT).values():
        made = lookups.between(join.from_edition, join.to_edition, join.kind)
        sums = made.shares.group_by("from").agg(pl.col("share").sum())["share"]
        assert float((sums - 1).abs().max()) < 1e-9, join.id
        assert made.words.endswith(".")


def test_residents_of_small_areas_add_to_the_same_london_in_every_edition(known, lookups, places):
    slow = defaultdict(int)
    for row in lines(places / "population/london_borough_age_bands_2017_2019_2020.csv"):
        slow[row["mid_year"]] += int(row["total"])
    people = known.tally("residents-age-lsoa", "lsoa").select("month", "area", "count")
    to_2021 = lookups.between("lsoa-2011", "lsoa-2021")
    ways = [
        lookups.between("lsoa-2011", "wards-2014-2018"),
        lookups.between("lsoa-2011", "wards-2014-2018", kind="by area"),
        lookups.between("lsoa-2011", "boroughs"),
        to_2021,
        then(to_2021, lookups.between("lsoa-2021", "wards-2025")),
    ]
    for way in ways:
        carried = way.carry(people).group_by("month").agg(pl.col("count").sum())
        sums = {month[:4]: n for month, n in carried.iter_rows()}
        assert sums == pytest.approx({"2017": 8_825_001, "2019": 8_961_989, "2020": 9_002_488})
        assert sums == pytest.approx(slow)


def test_wards_added_from_small_areas_are_those_of_the_derived_table(known, lookups, places):
    people = known.tally("residents-age-lsoa", "lsoa").select("month", "area", "count")
    carried = lookups.between("lsoa-2011", "wards-2014-2018").carry(people)
    slow = {
        (f"{row['mid_year']}-06", row["ward17_code"]): int(row["total"])
        for row in lines(places / "population/london_ward17_age_bands_2017_2019_2020.csv")
    }
    assert {(m, a): n for m, a, n in carried.iter_rows()} == slow


def test_small_areas_that_did_not_change_keep_all_their_people(lookups):
    there = lookups.between("lsoa-2011", "lsoa-2021")
    back = lookups.between("lsoa-2021", "lsoa-2011")
    unchanged = set(there.shares.filter(pl.col("from") == pl.col("to"))["from"])
    assert len(unchanged) == 4_659
    people = pl.DataFrame({"area": sorted(unchanged), "count": [7.0] * len(unchanged)})
    assert back.carry(there.carry(people)).equals(people)


def test_police_force_areas_hold_every_district_of_england_and_wales(lookups):
    for year, districts in ((2016, 348), (2024, 318)):
        join = lookups.between(f"districts-{year}", "forces")
        assert join.shares.height == districts
        assert join.shares["to"].n_unique() == 43
    partnerships = lookups.between("districts-2016", "csp-2016")
    assert then(partnerships, lookups.between("csp-2016", "forces")).shares.equals(
        lookups.between("districts-2016", "forces").shares
    )


def test_a_district_with_several_partnerships_cannot_be_put_into_one(lookups, places):
    join = lookups.between("districts-2024", "csp-2024")
    found = defaultdict(set)
    for row in lines(places / "lookups/ew_lad24_csp24_pfa24.csv"):
        found[row["ltla24_code"]].add(row["csp24_code"])
    whole = {code: csps for code, csps in found.items() if len(csps) == 1}
    assert {a: {b} for a, b in join.shares.select("from", "to").iter_rows()} == whole
    assert (len(whole), set(join.left_out)) == (311, set(found) - set(whole))
    with pytest.raises(CannotJoin, match=r"^E06000060: each lies in several of csp-2024"):
        join.carry(pl.DataFrame({"area": ["E09000002", "E06000060"], "count": [1, 1]}))
    with pytest.raises(CannotJoin):
        lookups.between("boroughs", "command-2019").reversed()


def test_wards_of_2014_lead_to_those_of_2025_by_where_people_live(lookups, places):
    """Every ward is reached and left; small groups of people arrive where they are counted."""
    join = lookups.between("wards-2014-2018", "wards-2025")
    old, new = (EDITIONS.areas(edition) for edition in (join.from_edition, join.to_edition))
    assert (set(join.shares["from"]), set(join.shares["to"])) == (set(old), set(new))
    assert len(join.receipts) == 5
    strays = join.shares.filter(
        pl.col("from").replace_strict({a.code: a.parent for a in old.values()})
        != pl.col("to").replace_strict({a.code: a.parent for a in new.values()})
    )
    # Since 2014 a few streets changed borough, or a small area lies across the line.
    assert float(strays["share"].sum()) < 0.5


@pytest.mark.parametrize(("group", "at_most"), [("age=65+", 0.022), ("age=0-9", 0.014)])
def test_how_many_people_the_join_of_wards_puts_into_the_wrong_ward(known, lookups, group, at_most):
    """Against the same people carried from their small areas, which nearly all lie in one ward."""
    people = known.tally("residents-age-lsoa", "lsoa").filter(month="2020-06", group=group)
    people = people.select("area", "count")
    straight = then(
        lookups.between("lsoa-2011", "lsoa-2021"), lookups.between("lsoa-2021", "wards-2025")
    ).carry(people)
    by_wards = lookups.between("wards-2014-2018", "wards-2025").carry(
        lookups.between("lsoa-2011", "wards-2014-2018").carry(people)
    )
    both = straight.join(by_wards, on="area", how="full", coalesce=True).fill_null(0)
    assert both["count"].sum() == pytest.approx(both["count_right"].sum())
    misplaced = (both["count"] - both["count_right"]).abs().sum() / 2 / both["count"].sum()
    assert 0.005 < misplaced < at_most


def test_small_areas_of_2021_are_not_taken_for_those_of_2011(known, lookups):
    """A crime file's LSOAs change edition without a word (from E01033746 at most to E01035722)."""
    crimes = pl.DataFrame({"area": ["E01000001", "E01035722"], "count": [1, 1]})
    with pytest.raises(WrongEdition, match=r"^E01035722: not in the look-up from lsoa-2011"):
        lookups.between("lsoa-2011", "wards-2014-2018").carry(crimes)


# --- points ------------------------------------------------------------------------------------


def test_two_schools_lie_outside_every_borough_and_the_others_where_they_say(known):
    rows, _ = reference(known, "schools")
    boroughs = boundaries_of(known, EDITIONS, "boroughs")
    placed = boroughs.place(rows["longitude"].to_list(), rows["latitude"].to_list())
    assert placed.outside == {BEYOND: 2}
    told = zip(placed.codes, rows["borough code"], strict=True)
    assert sum(here == there for here, there in told) == 2_235


def test_points_agree_with_a_slow_search_through_every_ward(known):
    import shapely

    rows, _ = reference(known, "underground-stations")
    wards = boundaries_of(known, EDITIONS, "wards-2025")
    rows = rows.head(40)
    x, y = rows["longitude"].to_list(), rows["latitude"].to_list()
    slow = [
        next((c for c, s in zip(wards.codes, wards.shapes, strict=True) if s.intersects(p)), BEYOND)
        for p in (shapely.Point(at) for at in zip(x, y, strict=True))
    ]
    assert list(wards.place(x, y).codes) == slow


def test_a_station_without_coordinates_is_kept(known):
    rows, _ = reference(known, "police-stations")
    assert (rows.height, rows["longitude"].count()) == (22, 5)


# --- denominators ------------------------------------------------------------------------------


def london(known: Known, denominator: str, month: str, groups=()) -> float:
    """The Metropolitan Police's boroughs and the City, added up."""
    boroughs = tuple(sorted(EDITIONS.areas("boroughs")))
    found = residents(
        known,
        read_denominators(ROOT)[denominator],
        "borough",
        boroughs,
        (Month.parse(month),),
        groups,
    )
    assert set(found.reasons.ravel()) == {""}
    return float(found.people.sum())


def test_the_two_londons_of_2019_differ_by_72_000_and_are_never_mixed(known):
    rebased = london(known, "residents", "2019-06")
    rolled_forward = london(known, "residents-by-age", "2019-06")
    assert (rebased, rolled_forward) == (8_889_743, 8_961_989)
    found = read_denominators(ROOT)
    assert found["residents"].base != found["residents-by-age"].base


@pytest.mark.parametrize(
    ("denominator", "month", "people"),
    [
        ("residents", "2021-06", 8_804_769),
        ("residents", "2024-06", 9_089_736),
        ("residents-by-age", "2017-06", 8_825_001),
        ("residents-by-age", "2020-06", 9_002_488),
        ("residents-by-ethnicity", "2021-03", 8_799_736),
    ],
)
def test_london_by_base_and_year(known, denominator, month, people):
    assert london(known, denominator, month) == people


def test_residents_of_an_age_and_of_a_group_are_those_of_the_file(known, places):
    slow = sum(
        int(row["age_10_17"]) + int(row["age_18_24"])
        for row in lines(places / "population/london_borough_age_bands_2017_2019_2020.csv")
        if row["mid_year"] == "2020"
    )
    groups = ("age=10-17", "age=18-24")
    assert london(known, "residents-by-age", "2020-06", groups) == slow
    slow = sum(
        int(row["value"])
        for row in lines(places / "population/london_borough_ethnicity_census2021.csv")
        if row["ethnic_group"].startswith("Black")
    )
    assert london(known, "residents-by-ethnicity", "2021-03", ("ethnicity=Black",)) == slow


def test_households_are_those_of_the_file(known, places):
    rows = lines(places / "population/london_borough_households_census2021.csv")
    assert london(known, "households", "2021-03") == sum(float(row["households"]) for row in rows)


def test_residents_by_age_after_the_rebasing_are_withheld_with_the_reason(known):
    found = residents(
        known, read_denominators(ROOT)["residents-by-age"], "force", (MET,), (Month(2021, 6),)
    )
    assert found.reasons[0, 0] == (
        "residents on the Census 2011 base end in 2020, so there is no rate after"
    )


def test_estimates_and_projections_of_the_greater_london_authority_stay_apart(known):
    rows = known.tally("gla-residents-borough", "borough")
    in_2011 = rows.filter(
        (pl.col("month") == "2011-06") & pl.col("area").is_in(EDITIONS.areas("boroughs"))
    )
    # Each borough is rounded by itself: they add to two people more than London's own row.
    whole = known.tally("gla-residents-borough", "country").filter(
        (pl.col("month") == "2011-06") & (pl.col("area") == "E12000007")
    )
    assert whole["count"].to_list() == [8_217_475]
    assert in_2011["count"].sum() == 8_217_477
    assert set(in_2011["flag"]) == {"GLA Population Projections"}
    wards = known.tally("gla-residents-ward", "ward")
    sums = dict(wards.group_by("month").agg(pl.col("count").sum()).iter_rows())
    assert (sums["2011-06"], sums["2016-06"]) == (8_210_073, 8_791_549)
    codes = set(wards["area"])
    assert len(codes) == 624
    assert len(codes & set(EDITIONS.areas("wards-2014-2018"))) == 570
    with pytest.raises(WrongEdition, match="not among the wards of May 2014 to May 2018; 54 of"):
        EDITIONS.check("wards-2014-2018", codes)


# --- records ---------------------------------------------------------------------------------


def test_every_burglary_of_a_month_is_in_a_ward_or_outside_with_a_reason(lookups, known, real_data):
    """Small areas are of 2021 by then; 74 burglaries lie in one that 2011 did not have."""
    archive = real_data / "police-uk/metropolitan-burglary/metropolitan-street-burglary-2023.zip"
    with zipfile.ZipFile(archive) as zipped:
        text = zipped.read("2023-01-metropolitan-street.csv").decode("utf-8")
    names = {"LSOA code": "lsoa", "Longitude": "longitude", "Latitude": "latitude"}
    rows = pl.read_csv(text.encode(), infer_schema=False).rename(names)
    found = locate(rows, "wards-2014-2018", lookups)
    assert found.how == {
        "lsoa-2011": 4_905,
        "by its point": 74,
        "outside:beyond the boundaries": 5,
        "outside:no coordinates": 159,
    }
    records = list(csv.DictReader(text.splitlines()))
    assert sum(found.how.values()) == len(records)
    best = dict(lookups.between("lsoa-2011", "wards-2014-2018").shares.select("from", "to").rows())
    wards = boundaries_of(known, EDITIONS, "wards-2014-2018")
    slow = [
        best.get(record["LSOA code"])
        or wards.place(
            [float(record["Longitude"] or "nan")], [float(record["Latitude"] or "nan")]
        ).codes[0]
        for record in records
    ]
    assert found.areas.to_list() == slow
