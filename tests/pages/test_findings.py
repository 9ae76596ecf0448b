"""`/findings/`: everything that was tested, with what is unusual only when taken alone.

Each page that speaks of change says how many tests stand behind it.
"""

from __future__ import annotations

import csv
import io

from bluelamp.public.pages.findings import findings_page, only_alone, seldom
from bluelamp.public.pages.measure import measure_page


def test_the_numbers_of_the_page_are_those_of_the_findings(opened):
    page = findings_page(opened)
    tested = [f for f in opened.release.findings if f.p_value is not None]

    rows = {(row.question, row.level): row for row in page.tested}
    assert sum(int(row.tested.replace(",", "")) for row in rows.values()) == len(tested)
    assert sum(int(row.changed) for row in rows.values()) == len(page.changed)
    assert page.total == f"{opened.tested:,}"


def test_what_is_unusual_alone_is_listed_by_name_and_marked_as_no_change(client, opened):
    alone = [f for f in opened.release.findings if only_alone(f)]
    wide = [f for f in alone if opened.gazetteer[f.area].kind != "ward"]
    page = findings_page(opened)

    assert len(page.unadjusted) == len(wide)
    names = [row.measure.text for row in page.unadjusted]
    assert names == sorted(names)
    said = client.get("/findings/").content.decode()
    assert "These are not changes." in said or not wide


def test_how_seldom_chance_does_as_much():
    assert [seldom(p) for p in (0.04, 0.0021, 0.0)] == [
        "1 time in 25", "1 time in 476", "less than 1 time in 1,000",
    ]  # fmt: skip


def test_the_table_has_every_finding_and_its_p_value(client, opened):
    served = client.get("/data/findings.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(served)))

    assert len(rows) == len(opened.release.findings)
    for row, finding in zip(rows, opened.release.findings, strict=True):
        assert (row["measure"], row["area"], row["status"]) == (
            finding.measure, finding.area, finding.status,
        )  # fmt: skip
        assert (row["p_value"] == "") == (finding.p_value is None)


def test_a_page_says_how_many_tests_stand_behind_it(client, opened):
    measure = next(f.measure for f in opened.release.findings if f.p_value is not None)
    behind = measure_page(opened, measure).comparisons

    said = " ".join(client.get(f"/measures/{measure}/").content.decode().split())
    assert behind > 0
    assert f"rests on {behind:,} test" in said
