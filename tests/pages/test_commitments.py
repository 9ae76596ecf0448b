"""`/commitments/` and its lists, and the page of one commitment, on commitments made up here."""

from __future__ import annotations

import gzip
import re
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

from bluelamp.public.opened import OpenRelease, open_release
from bluelamp.public.pages.commitment import commitment_page
from bluelamp.public.pages.commitment_filters import filters, slug, slugs_of
from bluelamp.public.pages.commitments import Count, commitments_by_page, commitments_page
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.publish import Address, every_address, made
from bluelamp.public.rendering import rendered

HATRED = "standing-together-against-hatred"
# The release is as known on 30 April 2026.
MADE_UP: list[dict[str, Any]] = [
    {
        "id": "safe-places", "title": "Name places of safety", "priority": HATRED,
        "block": "Standing with victims", "promise": "Fifty shops will be named as safe places.",
        "due": "2017-12-31", "due_words": "by the end of 2017", "lines": ["hate-crime-reports"],
        "partners": ["shops", "boroughs"], "place": "Chapter 7, page 90",
    },
    {
        "id": "online-team", "title": "A team for hatred online", "priority": HATRED,
        "block": "Standing with victims", "promise": "Five officers will work on hatred online.",
        "money": 1_700_000, "money_words": "£1.7 million", "lead": "The Met",
        "measures": ["positive-outcomes-hate-crime"], "countable": False, "note": "A pilot.",
    },
    {
        "id": "safe-places-again", "title": "Safe places, in the foreword", "priority": HATRED,
        "promise": "Places of safety will be named.", "restates": ["safe-places"],
        "place": "Foreword",
    },
    {
        "id": "report-yearly", "title": "Report each year",
        "promise": "A report will be published.", "lead": "the Met!", "due": "2026-06-30",
    },
    {
        "id": "long-view", "title": "A long view", "promise": "Trees & <b>benches</b> by 2040.",
        "due": "2040-01-01", "lead": "Mayor\u2019s Office & partners",
    },
]  # fmt: skip
DEFAULTS = {
    "lead": "The office", "place": "Chapter 2", "check": "Ask the office to show it.",
    "kind": "other promise",
}  # fmt: skip


def write_commitments(folder: Path, commitments: list[dict[str, Any]]) -> None:
    """The made-up commitments in place of all those of the release's definitions."""
    for plan in (folder / "definitions/plans").iterdir():
        shutil.rmtree(plan / "commitments", ignore_errors=True)
    to = folder / "definitions/plans/london-2017/commitments"
    to.mkdir()
    for number, given in enumerate(commitments, start=1):
        record = DEFAULTS | {"number": number} | given
        if "block" in record:
            record["kind"] = "we commit to"
        path = to / f"{record.pop('id')}.yaml"
        text = yaml.safe_dump(record, allow_unicode=True)
        path.write_text(re.sub(r"due: '([\d-]+)'", r"due: \1", text), encoding="utf-8")


@pytest.fixture(scope="module")
def promising(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> OpenRelease:
    folder = tmp_path_factory.mktemp("promising") / "release"
    shutil.copytree(small_release, folder)
    write_commitments(folder, MADE_UP)
    return open_release(folder)


@pytest.fixture
def without(small_release: Path, tmp_path: Path) -> OpenRelease:
    """A release without a commitment."""
    shutil.copytree(small_release, tmp_path / "release")
    write_commitments(tmp_path / "release", [])
    return open_release(tmp_path / "release")


def words_of(opened: OpenRelease, kind: str, **names: str) -> str:
    """The words of a page's main part."""
    _, html = made(opened, Address(kind, tuple(names.items())))
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


# --- the first page -------------------------------------------------------------------------------


def test_the_first_page_counts_promises_and_not_places(promising):
    page = commitments_page(promising)
    assert page.counts == (
        Count("4", "commitments"),
        Count("1", "with a date that has passed", "/commitments/calendar/date-passed/"),
        Count("1", "with a sum of money stated", "/commitments/money/with-a-sum/"),
    )
    assert [(e.link.text, e.count) for e in page.editions] == [
        (promising.leading.plan.short_title, "4 commitments")
    ]
    assert page.again.startswith("One of them is made again at another place")


def test_the_first_page_says_that_nothing_was_checked_before_any_list(promising):
    said = words_of(promising, "commitments")
    assert said.index("“Not checked” is not “no”.") < said.index("Find a commitment")


def test_a_release_without_commitments_says_so(without):
    assert "This release holds no commitments." in words_of(without, "commitments")
    assert not any(a.kind in {"commitment", "commitments by"} for a in every_address(without))


# --- lists ----------------------------------------------------------------------------------------

# Filter and value, as in the address; then the promises listed, in order.
LISTS = {
    ("priority", "london-2017-standing-together-against-hatred"): (
        "safe-places", "online-team",
    ),
    ("priority", "london-2017-the-plan-as-a-whole"): (
        "report-yearly", "long-view",
    ),
    ("lead", "the-office"): ("safe-places",),
    ("lead", "the-met"): ("online-team",),
    ("lead", "the-met-2"): ("report-yearly",),
    ("lead", "mayors-office-partners"): ("long-view",),
    ("kind", "we-commit-to"): ("safe-places", "online-team"),
    ("kind", "other-promise"): ("report-yearly", "long-view"),
    ("year", "2017"): ("safe-places",),
    ("year", "2026"): ("report-yearly",),
    ("year", "2040"): ("long-view",),
    ("year", "no-date"): ("online-team",),
    ("money", "with-a-sum"): ("online-team",),
    ("money", "no-sum"): ("safe-places", "report-yearly", "long-view"),
    ("calendar", "date-passed"): ("safe-places",),
    ("calendar", "due-within-3-months"): ("report-yearly",),
    ("calendar", "due-later"): ("long-view",),
    ("calendar", "no-date"): ("online-team",),
}  # fmt: skip


def test_the_lists(promising):
    found = {
        (each.by, value.slug): tuple(placed.promise.first.id for placed in value.promises)
        for each in filters(promising).values()
        for value in each.values
        if each.by != "edition"
    }
    assert found == LISTS


def test_every_filter_holds_every_promise_once(promising):
    for each in filters(promising).values():
        listed = [p.promise.first.id for value in each.values for p in value.promises]
        assert sorted(listed) == ["long-view", "online-team", "report-yearly", "safe-places"]


def test_a_list_shows_what_who_when_how_much_and_what_is_said_again(promising):
    said = words_of(promising, "commitments by", by="priority", value=f"london-2017-{HATRED}")
    assert (
        "Name places of safety Fifty shops will be named as safe places. Led by The office. "
        "The date has passed: it was 31 December 2017. Owner: not checked. Evidence: not checked. "
        "Made again: Safe places, in the foreword (Foreword)"
    ) in said
    assert "Led by The Met. Money: £1.7 million. No date; the plan ran to" in said
    assert said.count("Safe places, in the foreword") == 1


def test_points_of_a_list_stand_under_its_heading_and_the_others_under_elsewhere(promising):
    page = commitments_by_page(promising, "edition", "london-2017")
    found = [
        (group.heading, [(block.heading, len(block.entries)) for block in group.blocks])
        for group in page.groups
    ]
    title = next(p.title for p in promising.leading.priorities if p.id == HATRED)
    assert found == [(title, [("Standing with victims", 2)]), ("The plan as a whole", [("", 2)])]


def test_a_list_across_plans_names_the_plan_of_each_group(promising):
    [group] = commitments_by_page(promising, "year", "2017").groups
    assert group.heading.startswith(f"{promising.leading.plan.short_title}: ")
    [group] = commitments_by_page(promising, "priority", f"london-2017-{HATRED}").groups
    assert promising.leading.plan.short_title not in group.heading


@pytest.mark.parametrize(
    ("by", "value"), [("colour", "blue"), ("year", "1999"), ("lead", "THE-OFFICE")]
)
def test_other_lists_are_not_there(promising, by, value):
    with pytest.raises(NoSuchPage, match="commitments"):
        commitments_by_page(promising, by, value)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("MOPAC", "mopac"),
        ("Mayor\u2019s Office & the Met's boroughs", "mayors-office-the-mets-boroughs"),
        ("Crédit 2017\u201321", "credit-2017-21"),
        ("£72 million / 30%", "72-million-30"),
        ("…", "unnamed"),
        ("../../etc", "etc"),
        ("x" * 90, "x" * 60),
        ("word " * 30, "-".join(["word"] * 12)),
    ],
)
def test_an_address_is_made_from_words(words, wanted):
    assert slug(words) == wanted


def test_no_two_values_share_an_address():
    assert slugs_of(["The Met", "the Met!", "the met 2", "…", "?"]) == [
        "the-met", "the-met-2", "the-met-2-2", "unnamed", "unnamed-2",
    ]  # fmt: skip


# --- one commitment -------------------------------------------------------------------------------


def test_the_three_statuses_are_kept_apart_and_nothing_is_said_to_be_done(promising):
    said = words_of(promising, "commitment", edition="london-2017", commitment="safe-places")
    assert (
        "The owner says Not checked. The office has not yet said how this stands. "
        "The evidence says Not checked. Nobody has yet shown whether this was done. "
        "The calendar says The date has passed: it was 31 December 2017."
    ) in said
    assert "Nothing has been recorded yet." in said
    assert "Promised: Fifty shops will be named as safe places." in said
    assert "Chapter 7, page 90" in said
    assert "shops; boroughs" in said


def test_figures_that_bear_on_it_come_from_the_release_with_a_warning(promising):
    page = commitment_page(promising, "london-2017", "safe-places")
    reading = promising.release.reading("london-2017", "hate-crime-reports", promising.force.code)
    assert [line.sentence for line in page.lines] == [reading.sentence]
    said = words_of(promising, "commitment", edition="london-2017", commitment="safe-places")
    assert said.index("A figure does not show that this was done.") < said.index(reading.sentence)
    measured = commitment_page(promising, "london-2017", "online-team").measures
    headline = promising.headline("positive-outcomes-hate-crime")[promising.force.code]
    assert [m.figure.middle for m in measured] == [headline.value]


def test_a_hard_subject_begins_with_help(promising):
    helped = {
        id: bool(commitment_page(promising, "london-2017", id).help)
        for id in ("safe-places", "online-team", "report-yearly")
    }
    assert helped == {"safe-places": True, "online-team": True, "report-yearly": False}


def test_restated_promises_lead_to_one_another_and_share_the_date(promising):
    first = commitment_page(promising, "london-2017", "safe-places")
    again = commitment_page(promising, "london-2017", "safe-places-again")
    assert [e.link.text for e in first.repeated] == ["Safe places, in the foreword"]
    assert [(e.link.text, e.more) for e in again.repeats] == [
        ("Name places of safety", "By 31 December 2017 (the plan says: by the end of 2017)")
    ]
    assert (first.repeats, again.repeated) == ((), ())
    assert again.statuses.calendar == first.statuses.calendar
    assert (again.due, first.due_from) == ("", "")
    assert "at another place" in again.due_from


def test_before_and_after_are_of_the_same_list(promising):
    pages = {c["id"]: commitment_page(promising, "london-2017", c["id"]) for c in MADE_UP}
    beside = {id: (p.before and p.before.text, p.after and p.after.text) for id, p in pages.items()}
    assert beside["safe-places"] == (None, "A team for hatred online")
    assert beside["online-team"] == ("Name places of safety", None)
    assert beside["report-yearly"] == ("Safe places, in the foreword", "A long view")


def test_words_of_a_plan_are_text_and_never_markup(promising):
    _, html = made(
        promising, Address("commitment", (("edition", "london-2017"), ("commitment", "long-view")))
    )
    assert "Trees &amp; &lt;b&gt;benches&lt;/b&gt; by 2040." in html


@pytest.mark.parametrize(
    ("edition", "id"), [("london-2017", "no-such"), ("london-1984", "safe-places")]
)
def test_other_commitments_are_not_there(promising, edition, id):
    with pytest.raises(NoSuchPage, match="no commitment"):
        commitment_page(promising, edition, id)


# --- many -----------------------------------------------------------------------------------------


def test_the_largest_list_is_light(small_release: Path, tmp_path: Path, root: Path):
    """Three hundred promises of forty different words each, in one list."""
    shutil.copytree(small_release, tmp_path / "release")
    many = [
        {
            "id": f"promise-{n}", "title": f"Promise number {n}", "priority": HATRED,
            "promise": " ".join(f"{n * 7919 % 997 + word * n:x}" for word in range(40)),
        }
        for n in range(1, 301)
    ]  # fmt: skip
    write_commitments(tmp_path / "release", many)
    opened = open_release(tmp_path / "release")
    page = commitments_by_page(opened, "edition", "london-2017")
    html = rendered(opened, page, "commitments-by.html", static_files=True)
    css = (root / "src/bluelamp/look/static/built/bluelamp.css").read_bytes()
    assert len(gzip.compress(html.encode())) + len(gzip.compress(css)) < 150_000
