"""# Which publication speaks for a month

Nothing received is overwritten. The unit of replacement is source x level x month x scope.
Each table: a publication per row (the number is of one kind of crime in one borough; a whole file
has 32 boroughs and 10 kinds, so London's total is 320 times as much).
"""

from __future__ import annotations

import polars as pl
import pytest

LONDON = "E23000001"


def total(door, month, known_on, received_by=None):
    chosen = door.known(known_on, received_by).months("mps-recorded-crime", "borough")
    row = chosen.filter(pl.col("month") == month)
    return None if row.is_empty() else (row["total"][0] / 320, row["state"][0])


def test_the_latest_publication_known_on_the_date_wins(door, drawn):
    for row in drawn(
        """published  | count
           ---------- + -----
           2023-08-01 |    10
           2023-11-01 |    12
           2024-02-01 |    11"""
    ):
        text = door.borough_file({"2023-06": int(row["count"])})
        door.receive(f"{row['published']}.csv", text, published=row["published"])
    for row in drawn(
        """known_on   | count
           ---------- + -----
           2023-08-01 |    10
           2023-10-31 |    10
           2023-11-01 |    12
           2024-01-31 |    12
           2026-01-01 |    11"""
    ):
        assert total(door, "2023-06", row["known_on"]) == (int(row["count"]), "known"), row
    assert total(door, "2023-06", "2023-07-31") is None


def test_received_by_selects_by_the_day_of_receipt(door):
    door.receive(
        "a.csv", door.borough_file({"2023-06": 10}), published="2023-08-01", on="2023-09-01"
    )
    door.receive(
        "b.csv", door.borough_file({"2023-06": 12}), published="2023-11-01", on="2024-06-01"
    )
    assert total(door, "2023-06", "2024-01-01") == (12, "known")
    assert total(door, "2023-06", "2024-01-01", received_by="2024-01-01") == (10, "known")


def test_a_month_that_a_later_file_leaves_out_stays_in_force(door):
    door.receive("a.csv", door.borough_file({"2023-05": 9, "2023-06": 10}), published="2023-08-01")
    door.receive("b.csv", door.borough_file({"2023-06": 12}), published="2023-11-01")
    assert total(door, "2023-05", "2024-01-01") == (9, "known")
    assert total(door, "2023-06", "2024-01-01") == (12, "known")


@pytest.mark.parametrize(
    ("what", "options"),
    [
        ("a borough is missing", {"leave_out": ("Barnet",)}),
        ("all crime, but only burglary in it", {"only": "BURGLARY"}),
    ],
)
def test_a_partial_month_never_displaces_a_complete_one(door, what, options):
    door.receive("whole.csv", door.borough_file({"2023-06": 10}), published="2023-08-01")
    part = door.borough_file({"2023-06": 11}, **options)
    door.receive("part.csv", part, published="2024-08-01")
    assert total(door, "2023-06", "2025-01-01") == (10, "known"), what


def test_a_partial_month_alone_is_withheld_with_its_reason(door):
    door.receive("part.csv", door.borough_file({"2023-06": 10}, leave_out=("Barnet", "Brent")),
                 published="2023-08-01")  # fmt: skip
    answer = door.figure("recorded-crime", LONDON, "2023-06", "2024-01-01")
    assert answer == (
        "the publisher's file is incomplete for this month (2 boroughs are missing from the file)"
    )


def test_disagreement_with_another_publication_is_evidence_of_a_partial_month(door):
    door.receive("whole.csv", door.borough_file({"2023-06": 10}), published="2023-08-01")
    door.receive("few.csv", door.borough_file({"2023-06": 7}), published="2024-08-01")
    assert total(door, "2023-06", "2025-01-01") == (10, "known")


def test_a_publication_that_is_far_too_high_does_not_make_the_honest_ones_partial(door):
    """Neighbouring months, or two publications that agree, tell which is the odd one."""
    usual = {f"2023-{month:02}": 10 for month in range(3, 10)}
    door.receive("twice.csv", door.borough_file(usual | {"2023-06": 20}), published="2023-11-01")
    door.receive("whole.csv", door.borough_file(usual), published="2024-02-01")
    assert total(door, "2023-06", "2025-01-01") == (10, "known")


def test_two_publications_that_agree_outweigh_one_that_is_far_too_high(door):
    door.receive("first.csv", door.borough_file({"2023-06": 10}), published="2023-08-01")
    door.receive("twice.csv", door.borough_file({"2023-06": 20}), published="2023-11-01")
    assert total(door, "2023-06", "2023-12-01") == (20, "known"), "one against one: cannot tell"
    door.receive("third.csv", door.borough_file({"2023-06": 11}), published="2024-02-01")
    assert total(door, "2023-06", "2025-01-01") == (11, "known")


def test_many_partial_publications_do_not_outvote_a_whole_one_that_fits_its_neighbours(door):
    usual = {f"2023-{month:02}": 10 for month in range(3, 10)}
    door.receive("whole.csv", door.borough_file(usual), published="2023-11-01")
    for day in ("2024-02-01", "2024-03-01", "2024-04-01"):
        door.receive(f"{day}.csv", door.borough_file({"2023-06": 4}) + f"THEFT,SHOPLIFTING,Unknown,"
                     f"{day[6]}\n", published=day)  # fmt: skip
    assert total(door, "2023-06", "2025-01-01") == (10, "known")


def test_a_revision_of_a_few_per_cent_is_none(door):
    door.receive("whole.csv", door.borough_file({"2023-06": 100}), published="2023-08-01")
    door.receive("fewer.csv", door.borough_file({"2023-06": 97}), published="2024-08-01")
    assert total(door, "2023-06", "2025-01-01") == (97, "known")


def test_a_merely_low_month_is_shown_and_marked_not_withheld(door):
    months = {f"2019-{m:02}": 20 for m in range(4, 13)} | {f"2020-{m:02}": 20 for m in range(1, 4)}
    door.receive("a.csv", door.borough_file(months | {"2020-04": 12}), published="2020-06-01")
    assert total(door, "2020-04", "2021-01-01") == (12, "being checked")
    assert door.figure("recorded-crime", LONDON, "2020-04", "2021-01-01") == 12 * 320


def test_a_tie_in_date_goes_to_the_more_complete_then_to_the_later_receipt(door):
    whole, fewer = door.borough_file({"2023-06": 10}), door.borough_file({"2023-06": 9})
    door.receive("a.csv", fewer, published="2023-08-01", on="2023-09-02")
    door.receive("b.csv", whole, published="2023-08-01", on="2023-09-01")
    assert total(door, "2023-06", "2024-01-01") == (10, "known")


def test_the_order_of_receiving_does_not_matter(door, tmp_path):
    answers = []
    for number, order in enumerate([(0, 1, 2), (2, 1, 0), (1, 2, 0)]):
        door = type(door)(tmp_path / str(number))
        files = [({"2023-06": 10}, "2023-08-01"), ({"2023-06": 12}, "2023-11-01"),
                 ({"2023-05": 8, "2023-06": 11}, "2023-11-01")]  # fmt: skip
        for index in order:
            months, published = files[index]
            door.receive(f"{index}.csv", door.borough_file(months), published=published)
        chosen = door.known("2024-01-01").chosen
        answers.append(chosen.select("month", "receipt", "total").rows())
    assert answers[0] == answers[1] == answers[2]


def dashboard(rows, refreshed):
    frame = pl.DataFrame(
        [
            {
                "month_year": f"{month}-01", "area_type": "Borough", "borough_snt": borough,
                "area_name": borough, "area_code": "", "crime_type": kind, "crime_subtype": kind,
                "measure": "Offences", "financial_year": "", "fy_fyindex": "", "count": count,
                "refresh_date": refreshed,
            }
            for month, borough, kind, count in rows
        ]
    )  # fmt: skip
    return frame.write_csv()


def test_a_publication_of_one_crime_type_leaves_the_others(door):
    door.receive("all.csv", dashboard(
        [("2023-06", "Barnet", "Hate crime", 30), ("2023-06", "Barnet", "Knife Crime", 5)],
        "2023-08-21"))  # fmt: skip
    door.receive("knife.csv", dashboard([("2023-06", "Barnet", "Knife Crime", 6)], "2026-03-18"))
    assert door.figure("hate-crime", "E09000003", "2023-06", "2026-04-30") == 30
    assert door.figure("knife-crime", "E09000003", "2023-06", "2026-04-30") == 6
    assert door.figure("knife-crime", "E09000003", "2023-06", "2025-04-30") == 5


def test_no_row_means_zero_where_the_source_says_so(door):
    door.receive("all.csv", dashboard(
        [("2023-06", "Barnet", "Lethal Barrel Discharge", 2),
         ("2023-07", "Barnet", "Knife Crime", 9)], "2023-08-21"))  # fmt: skip
    expected = {
        ("E09000003", "2023-06"): 2, ("E09000003", "2023-07"): 0, ("E09000004", "2023-06"): 0,
        ("E23000001", "2023-06"): 2, ("E09000003", "2023-08"): None,
    }  # fmt: skip
    for (area, month), value in expected.items():
        assert door.figure("gun-discharges", area, month, "2026-04-30") == value, (area, month)


def street(force, months):
    lines = ["Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
             "LSOA name,Crime type,Last outcome category,Context"]  # fmt: skip
    for month, count in months.items():
        for kind in ("Violence and sexual offences", "Other theft", "Public order"):
            lines += [f",{month},{force},{force},,,No Location,,,{kind},,"] * count
    return "\n".join(lines) + "\n"


def test_each_force_stands_by_its_own_files_alone(door):
    """A later file of one force leaves the other's months, receipts and doubts as they are."""
    usual = {f"2022-{month:02}": 100 for month in range(1, 13)}
    met = door.receive("met.csv", street("Metropolitan Police Service", usual | {"2023-01": 100}))
    low = usual | {"2023-01": 60}
    city = door.receive("city.csv", street("City of London Police", low), published="2024-01-01")
    (series,) = door.series("street-crime", "2025-01-01")
    last = series.months.index(max(series.months))
    answers = {
        area: (
            series.value[i, last],
            bool(series.being_checked[i, last]),
            series.own_receipts[area][last],
        )
        for i, area in enumerate(series.areas)
    }
    assert answers == {
        "E23000001": (300, False, (met.receipt.sha256,)),
        "E23000034": (180, True, (city.receipt.sha256,)),
    }


def test_wards_and_boroughs_are_never_mixed(door):
    door.receive("boroughs.csv", door.borough_file({"2023-06": 10}), published="2023-08-01")
    ward = ("MajorText,MinorText,WardName,WardCode,LookUp_BoroughName,202306\n"
            "BURGLARY,DOMESTIC BURGLARY,Barnet Vale,E05013628,Barnet,400\n")  # fmt: skip
    door.receive("wards.csv", ward, published="2023-09-01")
    assert door.figure("burglary", "E09000003", "2023-06", "2024-01-01") == 10


def test_named_places_outside_the_boroughs_count_in_the_force_alone(door):
    text = door.borough_file({"2023-06": 10})
    text += "BURGLARY,DOMESTIC BURGLARY,Unknown,7\n"
    text += "BURGLARY,DOMESTIC BURGLARY,Aviation Security (SO18),3\n"
    door.receive("a.csv", text, published="2023-08-01")
    assert door.figure("burglary", LONDON, "2023-06", "2024-01-01") == 32 * 10 + 7 + 3
    assert door.figure("burglary", "outside:unknown", "2023-06", "2024-01-01") == 7
    assert door.figure("burglary", "E09000003", "2023-06", "2024-01-01") == 10
