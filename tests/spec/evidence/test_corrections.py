"""# What publishers changed

A later publication of a month that says another number is a correction, and is told: from, to,
when, by how much. Not told as corrections of a kind of crime are numbers of two systems of
categories; and what holds only part of a month corrects nothing.
(A whole file has 32 boroughs and 10 kinds of crime, so London's total is 320 times the number.)
"""

from __future__ import annotations

import polars as pl
from polars.testing import assert_frame_equal

from bluelamp.evidence.known import as_known
from bluelamp.measures.definition import read_measures
from bluelamp.releases.corrections import Corrections, corrections_of

KINDS = 10


def corrections(door, known_on: str, only: frozenset[str] | None = None) -> Corrections:
    sources = {"mps-recorded-crime": door.desk.sources["mps-recorded-crime"]}
    known = door.known(known_on)
    if only is not None:
        known = as_known(door.store, sources, on=known.on, received_by=None, only=only)
    return corrections_of(known, sources, read_measures(door.definitions).values())


def told(found: Corrections, **wanted: object) -> list[tuple[object, ...]]:
    rows = found.table.filter(**wanted).sort("published_after", "category")
    return rows.select("published_before", "published_after", "before", "after").rows()


def old_groups(text: str) -> str:
    """The same table as it was written until 2024: names in Title Case."""
    head, *rows = text.splitlines()
    titled = [",".join([*(cell.title() for cell in row.split(",")[:2]), *row.split(",")[2:]])
              for row in rows]  # fmt: skip
    return "\n".join([head, *titled]) + "\n"


def publish(door, drawn_rows, write=lambda row, text: text) -> None:
    for row in drawn_rows:
        text = door.borough_file({"2023-06": int(row["count"])})
        door.receive(f"{row['published']}.csv", write(row, text), published=row["published"])


def test_each_publication_that_says_another_number_is_a_correction(door, drawn):
    line_ends = ("\n", "\r\n")  # the same numbers in other bytes are a publication too
    publish(
        door,
        drawn(
            """published  | count
           ---------- + -----
           2023-08-01 |    10
           2023-11-01 |    12
           2023-12-01 |    12
           2024-02-01 |    11"""
        ),
        lambda row, text: text.replace("\n", line_ends[row["published"][:7] == "2023-12"]),
    )
    found = corrections(door, "2026-01-01")
    assert told(found, category="") == [
        ("2023-08-01", "2023-11-01", 3200.0, 3840.0),
        ("2023-12-01", "2024-02-01", 3840.0, 3520.0),
    ]
    assert told(found, category="THEFT") == [
        ("2023-08-01", "2023-11-01", 320.0, 384.0),
        ("2023-12-01", "2024-02-01", 384.0, 352.0),
    ]
    assert found.table.height == 2 + 2 * KINDS
    (looked,) = found.looked
    assert (looked.level, looked.months, looked.seen_again, looked.systems) == ("borough", 1, 1, ())
    assert told(corrections(door, "2023-11-30"), category="") == [
        ("2023-08-01", "2023-11-01", 3200.0, 3840.0)
    ]


def test_a_new_system_of_categories_corrects_no_category(door, drawn):
    publish(door, drawn(
        """published  | count | groups
           ---------- + ----- + ------
           2023-08-01 |    20 | old
           2024-11-01 |    22 | new
           2025-08-01 |    23 | new"""
    ), lambda row, text: old_groups(text) if row["groups"] == "old" else text)  # fmt: skip
    found = corrections(door, "2026-01-01")
    assert told(found, category="", new_system=True) == [
        ("2023-08-01", "2024-11-01", 6400.0, 7040.0)
    ]
    by_kind = found.table.filter(pl.col("category") != "")
    assert by_kind.height == KINDS
    assert by_kind["published_after"].unique().to_list() == ["2025-08-01"]
    (change,) = found.looked[0].systems
    assert (change.before, change.after) == ("groups until 2024", "groups since 2024")
    assert (change.published_on, change.first_month, change.months) == ("2024-11-01", "2023-06", 1)
    assert change.net == 640.0


def test_what_holds_part_of_a_month_corrects_nothing(door):
    whole = door.borough_file({"2023-06": 10})
    door.receive("a.csv", whole, published="2023-08-01")
    part = door.borough_file({"2023-06": 10}, leave_out=("Camden", "Barnet"))
    door.receive("b.csv", part, published="2023-11-01")
    found = corrections(door, "2026-01-01")
    assert found.table.is_empty()
    assert found.looked[0].seen_again == 0


def test_the_same_file_passed_on_twice_was_published_once(door):
    whole = door.borough_file({"2023-06": 10})
    door.receive("a.csv", whole, published="2023-08-01")
    door.receive("b.csv", whole.replace("\n", "\r\n"), published="2023-08-01")
    assert corrections(door, "2026-01-01").looked[0].seen_again == 0


def test_a_rebuild_sees_only_the_files_of_its_release(door):
    door.receive("a.csv", door.borough_file({"2023-06": 10}), published="2023-08-01")
    door.receive("b.csv", door.borough_file({"2023-06": 12}), published="2023-11-01")
    before = corrections(door, "2026-01-01")
    only = frozenset(r.key for r in door.known("2026-01-01").receipts.values())
    door.receive("late.csv", door.borough_file({"2023-06": 11}), published="2023-10-01")
    assert corrections(door, "2026-01-01").table.height > before.table.height
    again = corrections(door, "2026-01-01", only)
    assert_frame_equal(again.table, before.table)
    assert again.looked == before.looked
