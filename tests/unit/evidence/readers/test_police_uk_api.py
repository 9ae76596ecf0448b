"""The police API's answers by ward: a zip of JSON, the same crime in the answers of two wards."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import polars as pl
import pytest

BARKING, CITY = "E09000002", "E09000001"
# Barking and Dagenham's first two wards of 2014 to 2018, and its others.
ABBEY, ALIBON = "E05000026", "E05000027"
PAGE = "crime_month_2018_06_area_{}_{}.json"


def crime(number: int, **cells: Any) -> dict[str, Any]:
    return {
        "category": "violent-crime", "location_type": "Force",
        "location": {"latitude": "51.53", "street": {"id": 1, "name": "On or near A"},
                     "longitude": "0.08"},
        "context": "", "outcome_status": {"category": "Under investigation", "date": "2018-06"},
        "persistent_id": "f35a", "id": number, "location_subtype": "", "month": "2018-06", **cells,
    }  # fmt: skip


def zipped(pages: dict[str, Any]) -> bytes:
    to = io.BytesIO()
    with zipfile.ZipFile(to, "w") as archive:
        for name, content in pages.items():
            text = content if isinstance(content, str) else json.dumps(content)
            archive.writestr(name, text)
    return to.getvalue()


@pytest.fixture
def answers(take_in, desk):
    """answers({page: crimes}), with one crime in every other ward of the borough if `whole`."""

    def taken(pages: dict[str, Any], *, whole: bool = False) -> Any:
        if whole:
            boroughs = desk.places.lookups["wards-2014-2018"]
            wards = [ward for ward, borough in boroughs.items() if borough == BARKING]
            pages = {PAGE.format(w, 0): [crime(9_000 + i)] for i, w in enumerate(wards)} | pages
        return take_in("london_month_2018_06.zip", zipped(pages))

    return taken


def test_a_crime_on_the_border_of_two_wards_is_one_crime_and_both_are_told(answers):
    taken = answers(
        {PAGE.format(ALIBON, 0): [crime(1), crime(2)], PAGE.format(ABBEY, 0): [crime(1), crime(3)]}
    )
    assert taken.receipt.source == "police-uk-crimes-by-ward"
    assert (taken.receipt.rows_read, taken.receipt.rows_kept) == (4, 4)
    assert (taken.count(area=ABBEY), taken.count(area=ALIBON)) == (2, 1)
    assert set(taken.rows["placed"]) == {"by the publisher"}
    shared = taken.rows.filter(id="1", level="ward").sort("area")
    assert shared.select("area", "count", "counted_in").rows() == [
        (ABBEY, 1, ABBEY), (ALIBON, 0, ABBEY)
    ]  # fmt: skip
    assert taken.receipt.notes == (
        "1 rows are of a crime on the border of two wards, counted in the other",
    )


def test_a_borough_counts_each_crime_once_where_all_its_wards_answered(answers):
    taken = answers(
        {PAGE.format(ALIBON, 0): [crime(1)], PAGE.format(ABBEY, 0): [crime(1)]}, whole=True
    )
    assert taken.count(level="borough") == taken.count(level="ward") == 16
    assert taken.count(level="borough", area=BARKING) == 16


def test_a_borough_with_a_ward_that_did_not_answer_is_not_added_up(answers):
    taken = answers({PAGE.format(ABBEY, 0): [crime(1)], PAGE.format(ALIBON, 0): [crime(2)]})
    assert taken.rows["level"].unique().to_list() == ["ward"]
    assert taken.count(area=ABBEY) == 1


def test_boroughs_that_were_not_asked_leave_the_month_incomplete(answers):
    taken = answers({}, whole=True)
    tables = pl.read_parquet(taken.store.coverage(taken.receipt.key))
    words = dict(tables.select("level", "partial").iter_rows())
    assert words == {"borough": "31 boroughs are missing from the file", "ward": ""}


def test_a_ward_of_two_shapes_is_one_ward(answers):
    taken = answers({PAGE.format(ABBEY, 0): [crime(1)], PAGE.format(ABBEY, 1): [crime(2)]})
    assert taken.count(area=ABBEY) == 2


def test_an_empty_file_is_refused_by_name_and_an_empty_answer_is_no_fault(answers):
    taken = answers(
        {PAGE.format(ABBEY, 0): [crime(1)], PAGE.format(ABBEY, 1): [], PAGE.format(ALIBON, 0): ""}
    )
    assert (taken.receipt.rows_read, taken.receipt.rows_kept) == (2, 1)
    (refusal,) = taken.receipt.refusals
    assert refusal.reason.startswith(f"{PAGE.format(ALIBON, 0)}: the file is empty")
    assert taken.partial("2018-06") == "1 lines of the file were refused"


def test_an_id_that_is_empty_and_an_outcome_that_is_null_are_no_fault(answers):
    asb = crime(1, category="anti-social-behaviour", persistent_id="", outcome_status=None)
    taken = answers({PAGE.format(ABBEY, 0): [asb], PAGE.format(ALIBON, 0): [crime(2)]})
    assert taken.count(category="ANTI-SOCIAL BEHAVIOUR", flag="") == 1
    assert taken.count(category="VIOLENCE AND SEXUAL OFFENCES", flag="Under investigation") == 1
    assert taken.rows["latitude"].to_list() == ["51.53", "51.53"]


@pytest.mark.parametrize(
    ("page", "cells", "words"),
    [
        (PAGE.format("E05999999", 0), {}, "has no code of a London ward of 2014 to 2018"),
        (PAGE.format(ALIBON, 0), {"month": "June"}, "'June' is not a month"),
        (PAGE.format(ALIBON, 0), {"id": None}, "has no number of its own"),
        (PAGE.format(ABBEY, 1), {"id": 1}, "crime 1 stands in this ward's answers already"),
    ],
)
def test_a_record_that_cannot_be_counted_is_refused(answers, page, cells, words):
    taken = answers({PAGE.format(ABBEY, 0): [crime(1)], page: [crime(2, **cells)]})
    assert (taken.receipt.rows_read, taken.receipt.rows_refused) == (2, 1)
    assert words in taken.receipt.refusals[0].reason


def test_one_answer_by_itself_says_not_which_ward_it_is_of(take_in):
    taken = take_in(PAGE.format(ABBEY, 0), json.dumps([crime(1)]))
    assert taken.outcome.status == "refused"
    assert "put the answers of a month into one zip" in taken.outcome.reason


def test_a_page_cut_off_is_refused_and_the_others_are_kept(answers):
    taken = answers({PAGE.format(ABBEY, 0): [crime(1)], PAGE.format(ALIBON, 0): '[{"id": 2,'})
    assert (taken.receipt.rows_kept, taken.receipt.rows_refused) == (1, 1)
    assert "the JSON cannot be read" in taken.receipt.refusals[0].reason
