"""The pages of a plan: what was promised, how it stands, and what is not known, each said once."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bluelamp.look.pieces import Link
from bluelamp.plan.edition import Edition
from bluelamp.plan.promises import promises
from bluelamp.plan.quoted import Quoted
from bluelamp.public.explained.positive_progress import READ, progress_rules
from bluelamp.public.opened import OpenRelease
from bluelamp.public.pages.changes import changes_page
from bluelamp.public.pages.contents import contents_page
from bluelamp.public.pages.edition import PROGRESS, edition_page, sums
from bluelamp.public.pages.home import TargetTally, home, targets_said
from bluelamp.public.pages.line import line_page
from bluelamp.public.pages.local import local_page
from bluelamp.public.pages.missing import NoSuchPage
from bluelamp.public.pages.plans import plans_page
from bluelamp.public.pages.priority import priority_page
from bluelamp.public.pages.quoted import ours, quoted_page, summary
from bluelamp.public.target import chance, distance
from bluelamp.releases.release import Release
from bluelamp.signals.progress import progress
from bluelamp.signals.targets import LIKELY, UNLIKELY

PLAN, DRAFT, ANNOUNCED = "london-2017", "london-2013", "london-2022"


@pytest.fixture
def editions(opened: OpenRelease) -> list[Edition]:
    return list(opened.release.editions.values())


@pytest.fixture
def led_by(small_release: Path, tmp_path: Path) -> Callable[[str], OpenRelease]:
    """The small release again, led by another edition."""

    def make(edition: str) -> OpenRelease:
        folder = tmp_path / edition
        shutil.copytree(small_release, folder)
        path = folder / "release.json"
        manifest = json.loads(path.read_text())
        path.write_text(json.dumps(manifest | {"plan": edition}))
        return OpenRelease(Release(folder))

    return make


def words_of(client: Any, address: str) -> str:
    html = client.get(address).content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


# --- every page of an edition ---------------------------------------------------------------------


def test_every_page_of_a_plan_that_is_not_known_whole_says_so(client, opened, editions):
    labels = {"consultation draft": "Consultation draft", "announcement": "announcement only"}
    for edition in editions:
        plan = edition.plan
        label = labels.get(plan.document, "")
        pages = [f"/plans/{plan.id}/", f"/plans/{plan.id}/{edition.priorities[0].id}/",
                 f"/plans/{plan.id}/lines/{edition.lines[0].id}/"]  # fmt: skip
        pages += [f"/plans/{plan.id}/figures/"] if edition.quoted else []
        pages += [f"/plans/{plan.id}/contents/"] if edition.checklist else []
        for page in pages:
            said = words_of(client, page)
            if label:
                assert said.count(label) == 1, page
                assert plan.known_by in said, page
            else:
                assert not any(other in said for other in labels.values()), page


def test_the_list_of_plans_has_each_once_and_each_change_between_two(opened, editions):
    page = plans_page(opened)
    assert [entry.plan.id for entry in page.entries] == [e.plan.id for e in editions]
    assert [entry.leads for entry in page.entries] == [e.plan.id == PLAN for e in editions]
    pairs = len(editions) * (len(editions) - 1) // 2
    assert sum(len(entry.changes) for entry in page.entries) == pairs


@pytest.mark.parametrize(
    "make",
    [
        lambda o: edition_page(o, "paris-2017"),
        lambda o: priority_page(o, PLAN, "none"),
        lambda o: line_page(o, PLAN, "none"),
        lambda o: line_page(o, PLAN, "burglary"),  # a line of another edition
        lambda o: local_page(o, DRAFT),
        lambda o: changes_page(o, DRAFT, PLAN),
        lambda o: changes_page(o, PLAN, PLAN),
    ],
)
def test_what_is_not_there_is_no_page(opened, make):
    with pytest.raises(NoSuchPage):
        make(opened)


# --- one edition ----------------------------------------------------------------------------------


def test_every_outcome_line_stands_in_one_group_and_every_input_line_apart(opened, editions):
    for edition in editions:
        page = edition_page(opened, edition.plan.id)
        grouped = [line.id for group in page.groups for line in group.lines]
        assert sorted(grouped) == sorted(line.id for line in edition.outcome_lines)
        assert [each.link.text for each in page.inputs] == [e.title for e in edition.input_lines]


def test_what_is_said_of_targets_comes_first(opened):
    readings = [group.reading for group in edition_page(opened, DRAFT).groups]
    assert readings[0] == "met"
    assert readings[-1] == "not-judged"
    assert readings.index("missed") < readings.index("not-judged")


def test_a_promise_made_again_counts_once(opened, editions):
    for edition in editions:
        counted = sum(int(number) for number, _ in edition_page(opened, edition.plan.id).promised)
        assert counted == len(promises(edition)) <= len(edition.commitments)


def test_the_largest_sums_come_first(editions):
    for edition in editions:
        stated = [e.stated_money for e in promises(edition) if e.stated_money]
        stated.sort(key=lambda each: each.money, reverse=True)
        shown = sums(edition)
        assert [each.words for each in shown] == [each.money_words for each in stated[:5]]
        assert all(each.promise.href.startswith(f"/plans/{edition.plan.id}/") for each in shown)
    assert len(sums(next(e for e in editions if e.plan.id == PLAN))) == 5


def test_the_page_of_an_edition_shows_the_whole_of_its_plan(client, editions):
    for edition in editions:
        plan = edition.plan
        said = words_of(client, f"/plans/{plan.id}/")
        wanted = [plan.ambition, plan.standing, plan.how_judged, plan.source, plan.mission]
        wanted += [*plan.ambitions, *plan.principles, *plan.accountable]
        if plan.consultation:
            wanted += [plan.consultation.name, *plan.consultation.asked, *plan.consultation.heard]
        missing = [each for each in wanted if " ".join(each.split()) not in said]
        assert missing == [], plan.id


def test_every_word_on_progress_has_its_place_and_every_line_asked_stands_under_one(opened):
    words = {progress(lately, over) for lately in READ for over in READ}
    assert words == set(PROGRESS)
    page = edition_page(opened, PLAN)
    told = [link.text for tally in page.progress for link in tally.lines]
    asked = [
        line.title
        for line in opened.release.editions[PLAN].outcome_lines
        if opened.release.reading(PLAN, line.id, opened.force.code).progress
    ]
    assert sorted(told) == sorted(asked)
    assert edition_page(opened, DRAFT).progress == ()


def test_the_rule_of_progress_is_drawn_whole_from_the_code(client):
    table = progress_rules()
    drawn = {
        (lately, over): together
        for over_words, lately_words, together in table.rows
        for over in re.split(", | or ", over_words.lower())
        for lately in re.split(", | or ", lately_words.lower())
    }
    assert {key: word.lower() for key, word in drawn.items()} == {
        (lately, over): progress(lately, over) for lately in READ for over in READ
    }
    assert len(table.rows) < len(READ) ** 2
    assert "What the two come to" in words_of(client, "/methods/positive-progress/")


def test_the_page_about_targets_names_the_limits_of_the_code(client):
    said = words_of(client, "/methods/targets/")
    assert f"at least {LIKELY * 100:.0f} times in 100" in said
    assert f"no more than {UNLIKELY * 100:.0f} times" in said


# --- one priority ---------------------------------------------------------------------------------


def test_a_priority_shows_its_lines_and_promises_and_not_checked_once(client, opened, editions):
    for edition in editions:
        for priority in edition.priorities:
            page = priority_page(opened, edition.plan.id, priority.id)
            lines = edition.lines_of(priority.id)
            shown = [line.link.text for line in (*page.lines, *page.inputs)]
            assert sorted(shown) == sorted(line.title for line in lines)
            kept = [each for _, promised in page.promises for each in promised]
            mine = [p for p in promises(edition) if p.first.priority == priority.id]
            assert len(kept) == len(mine)
            said = words_of(client, f"/plans/{edition.plan.id}/{priority.id}/")
            assert said.count("not checked") == (1 if kept else 0)


# --- one line -------------------------------------------------------------------------------------


def test_a_line_about_hate_crime_says_what_was_promised_and_what_can_be_said(client, opened):
    line = opened.release.editions[PLAN].line("hate-crime-reports")
    said = words_of(client, f"/plans/{PLAN}/lines/{line.id}/")
    promised = said.index(f"Promised: {line.promise}")
    found = said.index(f"Found about “{line.title}” in the year to March 2026.")
    assert promised < found < said.index("What is measured")
    assert line.parts[0].holder in said
    assert line.parts[0].proxy in said
    assert line.note in said
    html = client.get(f"/plans/{PLAN}/lines/{line.id}/").content.decode()
    assert html.index("Where to get help") < html.index("<h1")


def test_a_line_that_nothing_measures_is_as_hard_a_subject_as_its_neighbours(client, opened):
    line = opened.release.editions[PLAN].line("hate-crime-repeat-victims")
    assert not any(part.measures for part in line.parts)
    assert "Exit this page" in client.get(f"/plans/{PLAN}/lines/{line.id}/").content.decode()


def test_boroughs_are_counted_and_only_those_that_changed_are_named(opened):
    groups = {group.reading: group for group in line_page(opened, PLAN, "knife-crime").boroughs}
    assert [link.text for link in groups["better"].named] == ["Barnet"]
    assert groups["no-clear-change"].count == "2 boroughs"
    assert groups["no-clear-change"].named == ()
    counted = sum(int(group.count.split()[0]) for group in groups.values())
    assert counted == len(opened.boroughs)


def test_a_line_without_figures_has_no_boroughs(opened, client):
    page = line_page(opened, PLAN, "hate-crime-repeat-victims")
    assert page.boroughs == ()
    assert "Borough by borough" not in words_of(client, f"/plans/{PLAN}/lines/{page.line.id}/")


def test_a_target_shows_its_chart_its_numbers_and_the_chance_year_by_year(client, opened):
    page = line_page(opened, DRAFT, "burglary")
    target = page.target
    assert target.chart is not None
    facts = dict(target.facts)
    assert facts["Starting point"] == "1,000 offences, April 2024 to March 2025"
    assert facts["Goal"] == "800 or fewer"
    assert facts["To be reached by"] == "31 December 2016"
    assert facts["12 months to March 2026"] == "904 offences"
    assert facts["Distance from the goal"] == "104 offences above it"
    assert facts["Chance of reaching it in time"] == "about 62 in 100"
    assert [row.chance for row in target.rows if row.chance] == ["about 62 in 100"] * 2
    assert target.rows[0].month == "March 2026"
    assert any(row.value == "not all 12 months are known" for row in target.rows)
    said = words_of(client, f"/plans/{DRAFT}/lines/burglary/")
    assert "Said of the target of “Burglary" in said
    assert page.target.note in said


def test_a_target_that_has_no_start_and_no_date_says_so(opened):
    facts = dict(line_page(opened, DRAFT, "cadets").target.facts)
    assert facts["Starting point"] == "none is stated"
    assert facts["To be reached by"] == "no date is set"
    assert facts["Goal"] == "cannot be worked out"


def test_a_level_without_a_measure_is_told_in_the_words_of_the_target(opened):
    facts = dict(line_page(opened, DRAFT, "borough-officers").target.facts)
    assert facts["Starting point"] == "18,103 officers in boroughs"
    assert facts["Goal"] == "at least 19,285 officers in boroughs"
    assert facts["To be reached by"] == "31 December 2015"


def test_the_same_measure_in_other_plans_says_what_they_hoped(opened):
    others = line_page(opened, DRAFT, "confidence-in-the-police").elsewhere
    assert {each.line.href.split("/")[2] for each in others} <= {PLAN, ANNOUNCED}
    back = line_page(opened, PLAN, "public-perceptions-of-the-police").elsewhere
    target = opened.release.editions[DRAFT].line("confidence-in-the-police").target
    assert any(target.words in each.words and "set a target" in each.words for each in back)


# --- numbers, contents, local priorities, changes -------------------------------------------------


def test_every_quoted_number_is_shown_once_with_its_verdict_and_the_counts_add_up(opened, editions):
    for edition in editions:
        if not edition.quoted:
            continue
        page = quoted_page(opened, edition.plan.id)
        shown = [figure for theme in page.themes for figure in theme.figures]
        assert [figure.id for figure in shown] == list(edition.quoted)
        assert sum(int(number) for _, number in page.counts) == len(shown)
        assert {f.verdict for f in shown} <= {"Agrees", "Differs", "Cannot be checked"}
        assert len(page.tables) == len(edition.tables)
        checked = [f for f in shown if f.verdict != "Cannot be checked"]
        assert sorted(f.id for f in page.again) == sorted(f.id for f in checked)
        verdicts = [f.verdict for f in page.again]
        assert verdicts == sorted(verdicts, reverse=True)  # "Differs" before "Agrees"


def test_a_plan_without_quoted_numbers_has_no_page_of_them(opened):
    edition = opened.release.editions[PLAN]
    bare = OpenRelease(opened.release)
    bare.release = Release(opened.release.folder)
    bare.release.__dict__["editions"] = {PLAN: replace(edition, themes=())}
    with pytest.raises(NoSuchPage, match="no numbers"):
        quoted_page(bare, PLAN)


def test_numbers_counted_in_a_sentence():
    assert summary(120, Counter({"agrees": 38, "differs": 3, "cannot be checked": 79})) == (
        "41 of the 120 numbers that the plan quotes can be worked out again; 38 of them agree with "
        "what we find."
    )
    assert summary(2, Counter({"cannot be checked": 2})) == (
        "Not one of the 2 numbers that the plan quotes can be worked out again from what is "
        "published."
    )
    assert "; all of them agree with" in summary(9, Counter({"agrees": 8, "cannot be checked": 1}))
    assert "none of them agree with" in summary(3, Counter({"differs": 1, "cannot be checked": 2}))


@pytest.mark.parametrize(
    ("unit", "printed", "value", "words"),
    [
        ("people", 1844.0, 1850.0, "1,850 people"),
        ("percent", 88.0, 87.4, "87.4%"),
        ("percent", 88.0, 88.0, "88%"),
        ("%", 12.5, 12.46, "12.46%"),
        ("GBP", 72000000.0, 71900000.0, "£71.9m"),
        ("pounds a year", 172000000.0, 172000000.0, "£172m a year"),
        ("pounds", 1e9, 1e9, "£1bn"),
        ("pounds", 500000.0, -500000.0, "\N{MINUS SIGN}£500,000"),
        ("per cent of the guns", 40.0, 38.0, "38% of the guns"),
        ("percentage points", 10.0, 9.6, "9.6 percentage points"),
        ("offences", 402257.0, 402257.4, "402,257 offences"),
    ],
)
def test_our_number_is_as_fine_as_the_printed_one_or_one_place_finer(unit, printed, value, words):
    figure = Quoted("f", "f", "f", printed, unit, "p", unchecked="Nobody holds it.")
    assert ours(figure, value) == words


def test_every_requirement_of_the_law_is_answered(opened, editions):
    for edition in editions:
        if edition.checklist:
            page = contents_page(opened, edition.plan.id)
            asked = [r.what for r in opened.release.statutory_contents.requirements]
            assert sorted(item.what for item in page.items) == sorted(asked)
            assert sum(int(number) for _, number in page.counts) == len(asked)


def test_local_priorities_show_every_shared_concern_and_what_is_not_known(client, opened):
    local = opened.release.editions[PLAN].local
    page = local_page(opened, PLAN)
    shown = [each.shared.id for _, concerns in page.groups for each in concerns]
    assert sorted(shown) == sorted(each.id for each in local.shared)
    said = words_of(client, f"/plans/{PLAN}/local-priorities/")
    for wanted in (local.unknown, local.held_to_account, local.refreshed, *local.agreed_by):
        assert " ".join(wanted.split()) in said


def test_changes_lead_to_measures_and_show_both_sides(opened, client):
    page = changes_page(opened, PLAN, DRAFT)
    rows = [row for section in page.sections for row in section.rows]
    assert any(row.href.startswith("/measures/") for row in rows)
    assert all(row.earlier and row.later for row in rows)
    said = words_of(client, f"/plans/{PLAN}/changes-since/{DRAFT}/")
    assert "Consultation draft" in said
    assert "was judged by targets" in said


# --- the first page -------------------------------------------------------------------------------


def test_a_plan_of_targets_that_leads_has_them_first_and_by_name(led_by, opened):
    assert home(opened).targets == ()
    page = home(led_by(DRAFT))
    named = [link.text for tally in page.targets for link in tally.lines]
    edition = opened.release.editions[DRAFT]
    assert sorted(named) == sorted(line.title for line in edition.outcome_lines if line.target)
    assert [tally.reading for tally in page.targets][:2] == ["met", "missed"]
    assert re.match(
        r"Of the plan's \d+ targets, \d+ w\w+ met and \d+ w\w+ missed\.", page.targets_said
    )


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, ""),
        ({"met": 1, "missed": 2}, "Of the plan's 3 targets, 1 was met and 2 were missed."),
        ({"missed": 2}, "Of the plan's 2 targets, 2 were missed."),
        ({"not-judged": 2},
         "It cannot be said yet of any of the plan's 2 targets that it was met or missed."),
    ],
)  # fmt: skip
def test_targets_in_a_sentence(counts, words):
    tallies = tuple(TargetTally(r, "", (Link("", ""),) * n) for r, n in counts.items())
    assert targets_said(tallies) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.0, "less than 1 in 100"), (0.004, "less than 1 in 100"), (0.5, "about 50 in 100"),
     (0.991, "more than 99 in 100"), (1.0, "more than 99 in 100")],
)  # fmt: skip
def test_a_chance_is_never_nought_or_certain(value, words):
    assert chance(value) == words


def test_a_distance_says_on_which_side(opened):
    count, share = opened.measures["burglary"], opened.measures["confidence-good-job"]
    assert distance(count, 104) == "104 offences above it"
    assert distance(count, -1) == "1 offence below it"
    assert distance(count, 0) == "none"
    assert distance(share, -0.128) == "12.8 percentage points below it"
