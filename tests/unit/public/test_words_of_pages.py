"""The small decisions of public pages: what stands first, how a figure and a gap are put."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from types import SimpleNamespace
from typing import get_args

import pytest

from bluelamp.evidence.source import Exceptional
from bluelamp.figures import Figure, Withheld
from bluelamp.look.readings import READINGS
from bluelamp.measures.definition import Checked, Measure, Selection
from bluelamp.periods import Month
from bluelamp.plan.line import Line, Part
from bluelamp.public.charting import left_out
from bluelamp.public.explained.tested import chance
from bluelamp.public.pages.area import summary_words
from bluelamp.public.pages.coverage import (
    coverage_words,
    exceptional_words,
    grid,
    kinds_words,
    named_months,
    together,
    whole_states,
)
from bluelamp.public.pages.home import leading_findings
from bluelamp.public.shown import opening, reading_id, shown
from bluelamp.public.site import PAGES, TABLES, address
from bluelamp.releases.release import ChartMonth
from bluelamp.signals.finding import Finding, TargetStatus
from bluelamp.signals.reading import line_reading

BURGLARY = Measure(
    "burglary", "Burglary", "burglaries", "", "", "count", "source", "offences",
    ("force", "borough"), Checked("a", "b", date(2026, 1, 1), date(2027, 1, 1)), (Selection(),),
)  # fmt: skip
PART = Part("lower", "fewer are burgled", ("burglary",))
LINE = Line("line", 1, "priority", "Burglary", "Fewer burglaries.", (PART,), "page 1")
OUTCOMES = ("as hoped", "not as hoped", "mixed", "changed", "no clear change", "not judged")
SHARE = replace(BURGLARY, kind="share", unit="of offences", denominator=(Selection(),))
RATE = replace(BURGLARY, kind="rate", rate_of="burglary", per=1000)
PUBLISHED = replace(BURGLARY, kind="published", unit="of people asked")


def figure(value: float | Withheld, lower: float | None = None, upper: float | None = None):
    return Figure("burglary", "E1", "all", "r12-2026-03", None, None, value, lower, upper)


@pytest.mark.parametrize(
    ("measure", "given", "number", "note"),
    [
        (BURGLARY, figure(1204, 1137, 1274), "1,204 offences", "range 1,137 to 1,274"),
        (BURGLARY, figure(1, 0, 6), "1 offence", "range 0 to 6"),
        (BURGLARY, figure(0, 0, 4), "0 offences", "range 0 to 4"),
        (SHARE, figure(0.0776, 0.07, 0.085), "7.8% of offences", "range 7.0% to 8.5%"),
        (RATE, figure(5.28, 5.21, 5.33), "5.3 per 1,000 residents", "range 5.2 to 5.3"),
        (RATE, figure(1.491, 1.466, 1.516), "1.5 per 1,000 residents", "range 1.47 to 1.52"),
        (PUBLISHED, figure(0.47), "47% of people asked", "no range can be stated"),
        (BURGLARY, figure(Withheld("not published")), "not published", ""),
    ],
)
def test_a_figure_in_words(measure, given, number, note):
    told = shown(measure, given)
    assert told.number == number
    parts = ["the 12 months to March 2026", *([note] if note else [])]
    assert told.note.replace("\N{NO-BREAK SPACE}", " ") == "; ".join(parts)


def test_no_figure_is_said_to_be_none():
    assert shown(BURGLARY, None).number == "No figure in this release"


@pytest.mark.parametrize(
    ("words", "first", "rest"),
    [
        ("Lower since May: about 2.0 fewer. Compared with 2020.",
         "Lower since May: about 2.0 fewer.", "Compared with 2020."),
        ("One sentence only.", "One sentence only.", ""),
        ("It was 69% (from 62%). 62% is what it prints.",
         "It was 69% (from 62%).", "62% is what it prints."),
        ("About 7.4% instead of 9.4% (likely 1.8 to 2.3). The plan hopes so. It is.",
         "About 7.4% instead of 9.4% (likely 1.8 to 2.3).", "The plan hopes so. It is."),
    ],
)  # fmt: skip
def test_the_first_sentence_stands_apart(words, first, rest):
    assert opening(words) == (first, rest)


def test_every_reading_of_a_line_has_its_icon_and_no_icon_is_never_used():
    """All that `signals` can say, of one part and of two, by way of its own truth table, and of a
    target."""
    said = {
        line_reading(made, outcomes)
        for made in (LINE, replace(LINE, parts=(PART, PART)))
        for outcomes in product(OUTCOMES, repeat=len(made.parts))
    }
    of_targets = set(get_args(TargetStatus)) - {"not judged"}
    assert {reading_id(reading) for reading in said | of_targets} == set(READINGS)
    assert {reading_id(reading) for reading in of_targets} == {
        reading.id for reading in READINGS.values() if reading.of_target
    }


# --- which findings stand on the first page -------------------------------------------------------


def finding(measure: str, area: str, q: float, status: str = "changed", question: str = "watch"):
    return Finding(
        question, measure, area, "all", status, "lower", "", "changed", "", None, None, None, None,
        None, "2025-04", "2026-03", "2020-04", "2025-03", q / 10, q, "", "",
    )  # fmt: skip


def release_of(*findings: Finding, named: tuple[str, ...] = ()) -> SimpleNamespace:
    """What `leading_findings` asks of an open release."""
    return SimpleNamespace(
        watched=lambda: [f for f in findings if f.question == "watch"],
        rank={"force": 0, "borough": 2, "ward": 3}.__getitem__,
        lines_of_measure=dict.fromkeys(named, ()),
    )


@pytest.mark.parametrize(
    ("why", "findings", "named", "expected"),
    [
        ("only what changed",
         [finding("a", "force", 0.01, "no clear change"), finding("b", "ward", 0.04)], (),
         [("b", "ward")]),
        ("one for each measure, the widest area",
         [finding("a", "ward", 0.001), finding("a", "borough", 0.03)], (), [("a", "borough")]),
        ("wider areas first, however sure the narrower",
         [finding("a", "ward", 0.001), finding("b", "force", 0.04)], (),
         [("b", "force"), ("a", "ward")]),
        ("within a kind of area, what the plan names",
         [finding("a", "force", 0.001), finding("b", "force", 0.04)], ("b",),
         [("b", "force"), ("a", "force")]),
        ("then the surer",
         [finding("a", "force", 0.04), finding("b", "force", 0.001)], (),
         [("b", "force"), ("a", "force")]),
        ("one for each borough or ward, which may show one event in several measures",
         [finding("a", "ward", 0.01), finding("b", "ward", 0.001), finding("c", "force", 0.01)], (),
         [("c", "force"), ("b", "ward")]),
        ("at most seven",
         [finding(name, "force", 0.01) for name in "abcdefghi"], (),
         [(name, "force") for name in "abcdefg"]),
    ],
)  # fmt: skip
def test_what_stands_first_on_the_first_page(why, findings, named, expected):
    chosen = leading_findings(release_of(*findings, named=named))
    assert [(f.measure, f.area) for f in chosen] == expected, why


# --- months left out of tests -----------------------------------------------------------------


RESTRICTED = SimpleNamespace(exceptional=(Exceptional("2020-03", "2020-05", "restrictions"),))


def chart_months(first: str, marks: str) -> list[ChartMonth]:
    """Consecutive months; x marks one that was left out of tests."""
    return [
        ChartMonth(str(Month.parse(first) + i), 1.0, None, None, None, mark == "x", "")
        for i, mark in enumerate(marks)
    ]


@pytest.mark.parametrize(
    ("first", "marks", "said"),
    [
        ("2020-01", "......", ""),
        ("2020-01", "..xxx.", "March 2020 to May 2020 (restrictions)"),
        ("2020-04", "xx.x", "April 2020 to May 2020 (restrictions); "
         "July 2020 (being checked, because it is unusually low)"),
        ("2021-01", "x.x", "January 2021 and March 2021 "
         "(being checked, because it is unusually low)"),
    ],
)  # fmt: skip
def test_months_left_out_of_tests_are_named_with_the_reason(first, marks, said):
    words = left_out(RESTRICTED, chart_months(first, marks))
    assert words == (
        f"Open circles are months that are shown, but left out of every test: {said}."
        if said
        else ""
    )


def test_coverage_names_the_exceptional_months_that_a_source_holds():
    known = {Month(2020, 4): "known"}
    assert exceptional_words(RESTRICTED, known) == [
        "March 2020 to May 2020: restrictions. These months are shown, but left out of every test."
    ]
    assert exceptional_words(RESTRICTED, {Month(2021, 4): "known"}) == []


# --- coverage -------------------------------------------------------------------------------------


def states_of(**months: str) -> dict[Month, str]:
    """`m2025_03="known"` and so on."""
    return {Month.parse(name[1:].replace("_", "-")): state for name, state in months.items()}


def test_a_gap_is_missing_and_what_is_partial_is_named():
    found = states_of(m2025_01="partial", m2025_03="known")
    states = whole_states(found, monthly=True)
    assert [states[Month(2025, m)] for m in (1, 2, 3)] == ["partial", "missing", "known"]
    assert coverage_words(states, "month") == (
        "January 2025 to March 2025: 3 months; nothing received in February 2025; "
        "only part received, so no figure is given, in January 2025."
    )


def test_what_ends_before_the_newest_month_is_said_to_end():
    states = whole_states(states_of(m2025_06="known", m2025_07="known"), monthly=True)
    said = coverage_words(states, "month", Month(2026, 2))
    assert said == ("June 2025 to July 2025: 2 months, each complete. Nothing after July 2025.")
    assert "Nothing after" not in coverage_words(states, "month", Month(2025, 7))
    newest, last = grid(states, Month(2026, 2))
    assert newest.cells == ("no", "no", *[""] * 10)
    assert last.cells == (*[""] * 5, "yes", "yes", *["no"] * 5)


def test_months_between_quarters_of_a_survey_are_not_missing():
    states = whole_states(states_of(m2025_03="known", m2025_06="known"), monthly=False)
    assert coverage_words(states, "date") == "March 2025 to June 2025: 2 dates, each complete."


def test_a_single_date_is_said_once():
    states = whole_states(states_of(m2021_03="known"), monthly=False)
    assert coverage_words(states, "date") == "March 2021: 1 date, complete."


def test_what_stands_alike_is_told_together():
    long, short = states_of(m2025_01="known", m2025_02="known"), states_of(m2025_01="known")
    whole = {
        ("MET", "GUN CRIME", "borough"): short,
        ("MET", "KNIFE CRIME", "borough"): long,
        ("MET", "HATE CRIME", "borough"): short,
        ("MET", "GUN CRIME", "ward"): short,
        ("MET", "KNIFE CRIME", "ward"): short,
        ("MET", "HATE CRIME", "ward"): short,
        ("CITY", "", "force"): short,
    }
    assert list(together(whole)) == [
        (("MET", ("borough", "ward")), ("GUN CRIME", "HATE CRIME")),
        (("MET", ("borough",)), ("KNIFE CRIME",)),
        (("MET", ("ward",)), ("KNIFE CRIME",)),
        (("CITY", ("force",)), ("",)),
    ]
    assert kinds_words(("GUN CRIME", "HATE CRIME")) == "Gun crime and hate crime"
    assert (kinds_words(("",)), kinds_words(("", "ethnicity"))) == ("", "All and ethnicity")


@pytest.mark.parametrize(
    ("looked", "tested", "changed", "said"),
    [
        (1, 1, 0, "One measure has figures here. It showed no clear change."),
        (1, 0, 0, "One measure has figures here. It could not be tested."),
        (9, 0, 0, "Nothing can be said of change here: none of 9 measures could be tested."),
        (9, 1, 0, "Nothing here has clearly changed. Of 9 measures, 1 could be tested, and it "
                  "showed no clear change."),
        (9, 8, 0, "Nothing here has clearly changed. Of 9 measures, 8 could be tested, and none of "
                  "them showed a clear change."),
        (9, 8, 1, "Of 9 measures, 8 could be tested and 1 has clearly changed."),
    ],
)  # fmt: skip
def test_what_is_said_of_all_measures_of_an_area(looked, tested, changed, said):
    assert summary_words(looked, tested, changed) == said


def test_the_grid_runs_from_the_newest_year_and_is_blank_outside_the_source():
    years = grid({Month(2024, 12): "known", Month(2025, 1): "being checked"})
    assert [year.year for year in years] == ["2025", "2024"]
    assert years[0].cells == ("low", *[""] * 11)
    assert years[1].cells == (*[""] * 11, "yes")


def test_many_months_are_counted_not_listed():
    months = [Month(2020, m) for m in range(1, 10)]
    assert named_months(months[:2]) == "January 2020 and February 2020"
    assert named_months(months) == "9 months between January 2020 and September 2020"


# --- the map --------------------------------------------------------------------------------------


def test_addresses_of_the_map_are_folders_and_tables_are_files():
    assert all(not kind.route or kind.route.endswith("/") for kind in PAGES)
    assert all(kind.route.endswith(".csv") for kind in TABLES)
    names = [kind.name for kind in (*PAGES, *TABLES)]
    assert len(set(names)) == len(names)
    assert address("measures/<measure>/<area>/", {"measure": "m", "area": "a"}) == "/measures/m/a/"


def test_every_kind_of_page_says_its_address_and_its_question():
    """The docstring of a page's dataclass begins with its address and asks what it answers."""
    import typing

    for kind in PAGES:
        page = typing.get_type_hints(kind.make)["return"]
        first = (page.__doc__ or "").splitlines()[0]
        assert first.startswith("`/"), page
        assert "?" in first, page


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "not worked out"),
        (0.00009, "less than 1 in 10,000"),
        (0.0001, "0.0001 (less than 0.1 in 100)"),
        (0.0019, "0.0019 (about 0.2 in 100)"),
        (0.5, "0.5 (about 50 in 100)"),
    ],
)
def test_a_chance_is_never_told_as_nought(value, words):
    assert chance(value).replace("0.5000", "0.5").replace("50.0", "50") == words
