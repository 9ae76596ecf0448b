"""What was revised, against a slow twin: dicts and loops over the publishers' own files."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluelamp.definitions import definitions_root
from bluelamp.evidence.receive import Desk, receive
from bluelamp.evidence.revisions import changes, history, steps
from bluelamp.evidence.store import Store

SOURCE = "mps-recorded-crime"
AREAS = {"Barnet": "E09000003", "Brent": "E09000005", "Unknown": "outside:unknown"}
KINDS = {"BURGLARY": "DOMESTIC BURGLARY", "THEFT": "SHOPLIFTING", "ROBBERY": "ROBBERY"}
MONTHS = ("2023-05", "2023-06")
Cells = dict[tuple[str, str, str], int]  # (month, area, category) -> count


@st.composite
def publication(draw: st.DrawFn) -> str:
    """A borough table with some rows left out, of small numbers: none disagrees too much."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    months = draw(st.sampled_from([MONTHS, MONTHS[:1], MONTHS[1:]]))
    writer.writerow(
        ["MajorText", "MinorText", "BoroughName", *(m.replace("-", "") for m in months)]
    )
    rows = [(kind, area) for kind in KINDS for area in AREAS]
    for kind, area in draw(st.lists(st.sampled_from(rows), unique=True, min_size=1)):
        writer.writerow([kind, KINDS[kind], area, *(draw(st.integers(0, 9)) for _ in months)])
    return stream.getvalue()


def cells(text: str) -> tuple[list[str], Cells]:
    """What a table says, and which months it covers."""
    found: Cells = defaultdict(int)
    months: list[str] = []
    for row in csv.DictReader(io.StringIO(text)):
        months = [name for name in row if name.isdigit()]
        for month in months:
            key = (f"{month[:4]}-{month[4:]}", AREAS[row["BoroughName"]], row["MajorText"])
            found[key] += int(row[month])
    return [f"{month[:4]}-{month[4:]}" for month in months], found


def slow_history(texts: list[str]) -> dict[str, list[float]]:
    """month -> the total of each publication, in order."""
    totals: dict[str, list[float]] = defaultdict(list)
    for text in texts:
        months, found = cells(text)
        for month in months:
            totals[month].append(float(sum(n for key, n in found.items() if key[0] == month)))
    return dict(totals)


def slow_changes(texts: list[str]) -> set[tuple[Any, ...]]:
    """(month, area, category or '', which publication, before, after) of all that changed."""
    told: set[tuple[Any, ...]] = set()
    before: dict[str, Cells] = {}
    for number, text in enumerate(texts):
        months, found = cells(text)
        for month in months:
            now = {key: n for key, n in found.items() if key[0] == month}
            if month in before:
                for area in AREAS.values():
                    was = {k[2]: n for k, n in before[month].items() if k[1] == area}
                    here = {k[2]: n for k, n in now.items() if k[1] == area}
                    if sum(was.values()) != sum(here.values()):
                        told.add((month, area, "", number, sum(was.values()), sum(here.values())))
                    for kind in KINDS:
                        if was.get(kind, 0) != here.get(kind, 0):
                            told.add(
                                (month, area, kind, number, was.get(kind, 0), here.get(kind, 0))
                            )
            before[month] = now
    return told


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(definitions_root())


def publish(folder: Path, desk: Desk, texts: list[str]) -> Store:
    """Each text received as published a month after the one before it."""
    store = Store(folder / "store")
    for number, text in enumerate(texts):
        path = folder / f"{number}.csv"
        path.write_text(text)
        (outcome,) = receive(
            store, desk, [path], on=date(2025, 1, 1), published=date(2024, number + 1, 1)
        )
        assert outcome.status == "kept", outcome.reason
    return store


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(publication(), min_size=1, max_size=4, unique=True))
def test_the_same_months_areas_and_categories_changed(texts, desk, tmp_path_factory):
    store = publish(tmp_path_factory.mktemp("revised"), desk, texts)
    told = history(store, desk.sources, SOURCE, on=date(2025, 1, 1))
    # A borough file without all boroughs is partial; that is not what is looked at here.
    told = told.with_columns(partial=told["partial"].str.slice(0, 0))
    expected = slow_history(texts)
    assert {m: rows["total"].to_list() for (m,), rows in told.group_by("month")} == expected
    if not told.is_empty():
        found = {
            (r["month"], r["area"], r["category"], int(r["published_after"][5:7]) - 1,
             r["before"], r["after"])
            for r in changes(store, told).iter_rows(named=True)
        }  # fmt: skip
        assert found == slow_changes(texts)


def whole_file(number: int, boroughs: list[str], kinds: dict[str, str]) -> str:
    lines = ["MajorText,MinorText,BoroughName,202306"]
    lines += [
        f"{kind},{minor},{name},{number}" for kind, minor in kinds.items() for name in boroughs
    ]
    return "\n".join(lines) + "\n"


def test_size_and_share_are_of_the_whole_publication_before(tmp_path, desk):
    """One that is partial stands in the history with its reason; nothing is compared with it."""
    from bluelamp.definitions import read_gazetteer

    areas = read_gazetteer(desk.definitions).of_kind("borough")
    names = [area.name for area in areas if area.parent == "E23000001"]
    always = desk.sources[SOURCE].always
    kinds = {kind: f"{kind} OF A KIND" for kind in always}
    usual = len(names) * len(kinds)
    store = publish(
        tmp_path, desk,
        [whole_file(10, names, kinds), whole_file(11, names[1:], kinds),
         whole_file(12, names, kinds), whole_file(12, names[::-1], kinds),
         whole_file(9, names, kinds)],
    )  # fmt: skip
    told = history(store, desk.sources, SOURCE, on=date(2025, 1, 1))
    assert [bool(reason) for reason in told["partial"]] == [False, True, False, False, True]
    assert told["change"].to_list() == [None, None, 2.0 * usual, 0.0, None]
    assert told["share"].to_list()[2] == pytest.approx(0.2)
    assert steps(told)["total"].to_list() == [10.0 * usual, 12.0 * usual]
    assert history(store, desk.sources, SOURCE, on=date(2024, 2, 1)).height == 2
    assert history(store, desk.sources, SOURCE, on=date(2025, 1, 1), month="2023-05").is_empty()
    with pytest.raises(KeyError):
        history(store, desk.sources, "no-such-source", on=date(2025, 1, 1))


def test_between_two_category_systems_only_whole_areas_are_compared(tmp_path, desk):
    old = "MajorText,MinorText,BoroughName,202306\nBurglary,Domestic Burglary,Barnet,20\n"
    new = old.upper().replace("MAJORTEXT,MINORTEXT,BOROUGHNAME", "MajorText,MinorText,BoroughName")
    new = new.replace("BARNET,20", "Barnet,23")
    store = publish(tmp_path, desk, [old, new])
    told = history(store, desk.sources, SOURCE, on=date(2025, 1, 1))
    assert told["system"].n_unique() == 2, "the test wants two category systems"
    told = told.with_columns(partial=told["partial"].str.slice(0, 0))
    (row,) = changes(store, told).rows(named=True)
    assert (row["area"], row["category"], row["before"], row["after"]) == ("E09000003", "", 20, 23)
