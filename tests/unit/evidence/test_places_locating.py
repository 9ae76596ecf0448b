"""The area of a record: by its small area, else by its point, else outside with the reason."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import shapely

from bluelamp.evidence.geography import placing
from bluelamp.evidence.geography.editions import Edition
from bluelamp.evidence.geography.joining import Join
from bluelamp.evidence.geography.lookups import NoLookup
from bluelamp.evidence.geography.placing import locate
from bluelamp.evidence.geography.polygons import BEYOND, IMPOSSIBLE, NO_COORDINATES, Boundaries

WARDS = Edition("wards", "ward", "wards", "clipped", "made up")
POLYGONS = Boundaries(
    WARDS,
    ("E05000001", "E05000002"),
    np.array([shapely.box(0, 51, 0.5, 52), shapely.box(0.5, 51, 1, 52)], dtype=object),
    ("polygons",),
)


def join(start: str, pairs: dict[str, str], kind="best fit") -> Join:
    shares = pl.DataFrame({"from": list(pairs), "to": list(pairs.values())})
    return Join(start, "wards", kind, "made up", f"By {start}.",
                shares.with_columns(share=pl.lit(1.0)), (start,))  # fmt: skip


class MadeUp:
    """Look-ups from small areas of both editions to wards; E01000001 is the same in both."""

    known = editions = None

    def __init__(self, joins: list[Join]) -> None:
        self.joins = {join.from_edition: join for join in joins}

    def between(self, start: str, end: str) -> Join:
        if start not in self.joins:
            raise NoLookup(f"no look-up leads from {start} to {end}")
        return self.joins[start]


OF_2011 = join("lsoa-2011", {"E01000001": "E05000001", "E01000011": "E05000001"})
OF_2021 = join("lsoa-2021", {"E01000001": "E05000001", "E01000021": "E05000002"})
BOTH = MadeUp([OF_2011, OF_2021])


@pytest.fixture(autouse=True)
def polygons(monkeypatch):
    monkeypatch.setattr(placing, "boundaries_of", lambda known, editions, edition: POLYGONS)


def records(*cells: tuple[str | None, str | None, str | None]) -> pl.DataFrame:
    schema = dict.fromkeys(["lsoa", "longitude", "latitude"], pl.String)
    return pl.DataFrame(cells, schema=schema, orient="row")


RECORDS = [
    # small area    longitude  latitude   area          how
    ("E01000001",   "0.7",     "51.5",    "E05000001",  "lsoa-2021"),    # its point is not asked
    ("E01000011",   None,      None,      "E05000001",  "lsoa-2011"),
    ("E01000021",   None,      None,      "E05000002",  "lsoa-2021"),
    ("E01099999",   "0.7",     "51.5",    "E05000002",  "by its point"), # of no look-up
    (None,          "0.2",     "51.5",    "E05000001",  "by its point"),
    (None,          "0.5",     "51.5",    "E05000001",  "by its point"), # on the edge
    ("E01099999",   "9",       "51.5",    BEYOND,       BEYOND),
    (None,          None,      None,      NO_COORDINATES, NO_COORDINATES),
    (None,          "530000",  "180000",  IMPOSSIBLE,   IMPOSSIBLE),
    (None,          "unknown", "51.5",    NO_COORDINATES, NO_COORDINATES),
]  # fmt: skip


@pytest.mark.parametrize(("lsoa", "longitude", "latitude", "area", "how"), RECORDS)
def test_where_a_record_is(lsoa, longitude, latitude, area, how):
    found = locate(records((lsoa, longitude, latitude)), "wards", BOTH)
    assert found.areas.to_list() == [area]
    assert found.how == {how: 1}


def test_every_record_is_counted_in_the_way_it_was_placed():
    found = locate(records(*((a, x, y) for a, x, y, _, _ in RECORDS)), "wards", BOTH)
    assert found.areas.to_list() == [area for *_, area, _ in RECORDS]
    assert sum(found.how.values()) == len(RECORDS)
    assert found.how[NO_COORDINATES] == 2
    assert found.receipts == ("lsoa-2011", "lsoa-2021", "polygons")
    assert found.words[:2] == ("By lsoa-2021.", "By lsoa-2011.")


def test_what_was_not_used_is_not_said():
    found = locate(records(("E01000021", None, None)), "wards", BOTH)
    assert found.words == ("By lsoa-2021.",)
    assert found.receipts == ("lsoa-2021",)


def test_a_record_is_never_divided():
    divided = MadeUp([join("lsoa-2011", {"E01000001": "E05000002"}, "by area"), OF_2021])
    found = locate(records(("E01000001", None, None)), "wards", divided)
    assert found.how == {"lsoa-2021": 1}


def test_without_any_look_up_that_is_said():
    with pytest.raises(
        NoLookup, match="no look-up leads from lsoa-2021 to wards; no look-up leads"
    ):
        locate(records(("E01000001", None, None)), "wards", MadeUp([]))
