"""`/corrections/`: what publishers changed and what the office got wrong, and both honestly."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bluelamp.definitions import DefinitionFaults
from bluelamp.public.opened import OpenRelease, open_release
from bluelamp.public.pages.corrections import corrections_page
from bluelamp.public.publish import Address, made
from bluelamp.public.tables import corrections_csv
from bluelamp.releases.corrections import CORRECTION_SCHEMA
from bluelamp.releases.mistakes import read_mistakes

SYSTEM = {
    "before": "groups until 2024", "after": "groups since 2024", "published_on": "2024-11-01",
    "first_month": "2010-04", "last_month": "2024-01", "months": 166, "net": -24150.0,
}  # fmt: skip
MISTAKE = """on: 2026-05-04
wrong: The rate was per 100 residents.
now: It is per 1,000 residents.
pages: [/measures/burglary/, /measures/gone/]
"""


def row(month: str, category: str, before: float, after: float, **more: Any) -> dict[str, Any]:
    return {
        "source": "mps-recorded-crime", "level": "borough", "scope": "all", "month": month,
        "category": category, "area": "", "published_before": "2023-11-01",
        "published_after": "2024-02-01", "before": before, "after": after,
        "change": after - before, "share": (after - before) / before, "new_system": False,
        "receipt_before": "a", "receipt_after": "b",
    } | more  # fmt: skip


def looked(source: str, **more: Any) -> dict[str, Any]:
    level = "force" if source == "police-uk-street" else "borough"
    return {"source": source, "level": level, "scope": "all", "months": 12, "seen_again": 0,
            "systems": []} | more  # fmt: skip


@pytest.fixture
def with_log(small_release: Path, tmp_path: Path) -> Callable[..., OpenRelease]:
    """The small release with a corrections log, and with mistakes of the office."""

    def make(*mistakes: str) -> OpenRelease:
        folder = tmp_path / "release"
        shutil.copytree(small_release, folder)
        compared = [
            looked("mps-recorded-crime", seen_again=10, systems=[SYSTEM]),
            looked("mps-homicide-victims"),
            looked("police-uk-street", seen_again=4),
        ]
        (folder / "corrections.json").write_text(json.dumps(compared))
        rows = [
            row("2023-06", "", 81577.0, 81613.0),
            row("2021-11", "", 73309.0, 74316.0),
            row("2012-08", "", 67049.0, 66096.0, new_system=True),
            row("2021-11", "DRUG OFFENCES", 3720.0, 4060.0),
            row("2023-06", "", 79261.0, 99999.0, level="ward"),
        ]
        table = pl.DataFrame(rows, schema=CORRECTION_SCHEMA)
        table.write_parquet(folder / "corrections.parquet")
        for number, text in enumerate(mistakes):
            path = folder / "definitions/corrections" / f"2026-05-04-rate-{number}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return open_release(folder)

    return make


def words_of(opened: OpenRelease) -> str:
    _, html = made(opened, Address("corrections", ()))
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_the_largest_comes_first_and_says_who_changed_what(with_log):
    opened = with_log()
    said = words_of(opened)
    assert (
        "The largest: Metropolitan Police Service changed its November 2021 total from 73,309 "
        "(published by November 2023) to 74,316 (published by February 2024), 1,007 more, 1.4%."
    ) in said
    assert "10 months could be compared. 2 changes of a total: 2 up and 0 down." in said
    (source,) = corrections_page(opened).sources
    assert [each.month for each in source.totals] == ["November 2021", "June 2023"]
    assert [(each.what, each.change) for each in source.kinds] == [
        ("Drug offences", "+340 (+9.1%)")
    ]
    assert "99,999" not in said  # the wards' file holds the same crimes


def test_a_change_of_groups_is_told_apart_and_corrects_no_kind(with_log):
    opened = with_log()
    said = words_of(opened)
    assert (
        "By November 2024 the publisher had sorted April 2010 to January 2024 anew, 166 months, "
        "from “groups until 2024” to “groups since 2024”. Their totals together were 24,150 fewer."
    ) in said
    (source,) = corrections_page(opened).sources
    assert "August 2012" not in [each.month for each in (*source.totals, *source.kinds)]
    assert "August 2012" in [each.month for each in source.months]


def test_what_was_published_once_is_not_called_unchanged(with_log):
    page = corrections_page(with_log())
    assert page.once == ("Homicide victims",)
    assert page.unchanged == ("Street-level crime: 4 months could be compared",)


def test_no_mistake_on_record_is_said_and_is_no_boast(with_log):
    said = words_of(with_log())
    assert "No mistake of ours is on record yet. That does not mean that there is none." in said


def test_a_mistake_stands_first_and_only_pages_that_are_there_are_links(with_log):
    opened = with_log(MISTAKE)
    said = words_of(opened)
    assert "4 May 2026 Wrong: The rate was per 100 residents. Now: It is per 1,000" in said
    assert said.index("per 100 residents") < said.index("What publishers changed")
    (mistake,) = corrections_page(opened).mistakes
    assert [(link.text, link.href) for link in mistake.pages] == [
        ("/measures/burglary/", "/measures/burglary/"),
        ("/measures/gone/", ""),
    ]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("2026-05-05-rate", MISTAKE, "begins with another day than 2026-05-04"),
        ("2026-05-04-rate", MISTAKE.replace("/measures/gone/", "gone"), "'gone' is no address"),
        ("2026-05-04-rate", "on: 2026-05-04\nwrong: w\nnow: n\npages: []\n", "at least one page"),
    ],
)
def test_a_mistake_is_checked(tmp_path, name, text, fault):
    (tmp_path / "corrections").mkdir()
    (tmp_path / "corrections" / f"{name}.yaml").write_text(text)
    with pytest.raises(DefinitionFaults, match=fault):
        read_mistakes(tmp_path)


def test_an_office_without_mistakes_needs_no_folder(tmp_path):
    assert read_mistakes(tmp_path) == ()


def test_a_release_made_before_there_was_a_log_tells_what_it_knows(opened: OpenRelease):
    assert opened.release.compared is None
    said = words_of(opened)
    assert "It knows only the last change of each month" in said
    (source,) = corrections_page(opened).sources
    assert {each.published for each in source.totals} == {"by April 2026"}
    assert len(source.months) == 12  # those of 2023, which coverage says were changed


def test_the_table_holds_every_change(with_log):
    opened = with_log()
    rows = list(csv.DictReader(io.StringIO(corrections_csv(opened))))
    assert [r["month"] for r in rows] == opened.release.corrections["month"].to_list()
    assert rows[0]["before"] == "81577"
    assert list(rows[0]) == list(CORRECTION_SCHEMA)


def test_the_api_asks_the_same_table(client, opened: OpenRelease):
    said = client.get("/api/v1/corrections?level=borough&limit=3").json()
    at_level = opened.release.corrections.filter(level="borough")
    assert said["total"] == at_level.height
    sizes = [abs(item["change"]) for item in said["items"]]
    assert sizes == sorted(sizes, reverse=True)
    month = said["items"][0]["month"]
    of_month = client.get(f"/api/v1/corrections?month={month}").json()
    assert {item["month"] for item in of_month["items"]} == {month}
    assert client.get("/api/v1/corrections?source=nobody").status_code == 404
    assert client.get("/api/v1/corrections?month=June").status_code == 422
