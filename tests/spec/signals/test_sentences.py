"""What a finding may say, as tables: left what was found, right the whole sentence.

The measures, places and lines are made up here, so that a change of wording in the definitions
does not change what these tables say about the patterns.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bluelamp.measures.definition import Checked, Measure, Selection
from bluelamp.periods import Month
from bluelamp.places import Area, Gazetteer, gazetteer
from bluelamp.plan.edition import Plan
from bluelamp.plan.line import Line, Part
from bluelamp.signals.finding import Finding
from bluelamp.signals.reading import Stance
from bluelamp.signals.sentences import Teller
from bluelamp.signals.wording import Places

REVIEW = Checked("a", "b", date(2026, 1, 1), date(2027, 1, 1))
ALL = (Selection(),)
BURGLARY = Measure(
    "burglary", "Burglary", "burglaries", "d", "w", "count", "s", "offences", ("force",), REVIEW,
    numerator=ALL,
)  # fmt: skip
OUTCOMES = replace(BURGLARY, id="outcomes", kind="share", denominator=ALL)
OUTCOMES = replace(OUTCOMES, things="offences with a positive outcome")
TRUST = replace(BURGLARY, id="trust", things="people who trust the police", kind="published")
RATE = replace(BURGLARY, id="burglary-rate", kind="rate", rate_of="burglary")

PLACES: Gazetteer = gazetteer(
    [
        Area("E23000001", "Metropolitan Police", "force", "2020"),
        Area("E23000002", "Cumbria", "force", "2020"),
        Area("E09000001", "City of London", "borough", "2023"),
        Area("E09000002", "Barking and Dagenham", "borough", "2023", "E23000001"),
        Area("E09000008", "Croydon", "borough", "2023", "E23000001"),
        Area("E05000026", "Abbey", "ward", "2025", "E09000002"),
        Area("outside:airports", "Heathrow Airport", "borough", "2023"),
    ]
)
PLAN = Plan(
    "p", "Plan", "Plan", "over", date(2017, 3, 20), date(2022, 3, 23), "progress", "how", "safer",
    "source", called={"E23000001": "London"},
)  # fmt: skip
TELL = Teller(Places(PLACES, PLAN.called), PLAN, Month(2026, 4))

FEWER = Part("lower", "there are fewer burglaries", ("burglary",))
REPORTS = Part("higher", "more victims come forward", ("burglary",), proxy="It may be trust.")
AGAIN = Part("lower", "fewer are victims again", missing="repeat victims", holder="the police")
TWICE = replace(AGAIN, measures=("outcomes",), missing="", holder="")


def rows(table: str) -> list[tuple[str, ...]]:
    lines = [line for line in table.strip().splitlines() if "--- +" not in line]
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines[1:]]


def line(*parts: Part) -> Line:
    return Line("a-line", 1, "a-priority", "A line", "Do it.", parts, "Chapter 1")


def stance(hope: str, *parts: Part) -> Stance:
    return Stance(hope, line(*parts), parts[0])


FOUND = Finding(
    "watch", "burglary", "E09000008", "all", "changed", "lower", "", "changed", "2025-08",
    -40.4, -55.0, -25.1, 180.3, 220.7, "2025-04", "2026-03", "2020-04", "2025-03",
    0.001, 0.01, "", "",
)  # fmt: skip
STEADY = replace(
    FOUND, status="no clear change", direction="", reading="no clear change", since="",
    effect=None, effect_lower=None, effect_upper=None, p_value=0.5, q_value=0.8,
)  # fmt: skip
UNJUDGED = replace(STEADY, status="not judged", reason="The reason why.", observed=None)

BASE = "That is compared with April 2020 to March 2025, allowing for the time of year."


def test_a_change_says_what_where_since_when_how_much_and_compared_with_what() -> None:
    assert TELL.found(FOUND, BURGLARY) == (
        "The number of burglaries in Croydon has been lower than expected since August 2025 "
        "(figures to March 2026): about 40 fewer a month (likely between 25 and 55), 180 instead "
        f"of the 221 expected. {BASE}"
    )


@pytest.mark.parametrize(
    ("about", "direction", "ending"),
    [
        (Stance(), "lower", "No line of the plan says which way this should go."),
        (
            stance("lower", FEWER),
            "lower",
            "The plan hopes that there are fewer burglaries, and this is in line with that.",
        ),
        (
            stance("lower", FEWER),
            "higher",
            "The plan hopes that there are fewer burglaries, and this goes against that.",
        ),
        (
            stance("neither", replace(FEWER, hope="neither")),
            "higher",
            "The plan watches this and hopes for neither more nor less of it.",
        ),
        (
            stance("higher", REPORTS),
            "higher",
            "The plan hopes that more victims come forward. It may be trust. So a change either "
            "way is called neither better nor worse.",
        ),
        (
            stance("higher", REPORTS, AGAIN),
            "higher",
            "The plan hopes that more victims come forward and that fewer are victims again: this "
            "is one half of that, so a change either way is called neither better nor worse. "
            "It may be trust.",
        ),
    ],
)
def test_a_change_ends_with_what_the_plan_hopes(about: Stance, direction: str, ending: str) -> None:
    sign = 1 if direction == "higher" else -1
    found = replace(
        FOUND, direction=direction, hope=about.hope, effect=sign * 40.0, effect_lower=sign * 25.0,
        effect_upper=sign * 55.0,
    )  # fmt: skip
    assert TELL.finding(found, BURGLARY, about) == f"{TELL.found(found, BURGLARY)} {ending}"


TENSES = """
    known on | since   | told
    -------- + ------- + ----
    2026-04  | 2025-08 | has been lower than expected since August 2025 (figures to March 2026)
    2026-09  | 2025-08 | has been lower than expected since August 2025 (figures to March 2026)
    2026-10  | 2025-08 | was lower than expected from August 2025 to March 2026, the last month
    2026-04  | 2026-03 | was lower than expected in March 2026, the last month published
"""


@pytest.mark.parametrize(("known_on", "since", "told"), rows(TENSES))
def test_what_is_older_than_half_a_year_is_told_as_past(
    known_on: str, since: str, told: str
) -> None:
    teller = Teller(Places(PLACES, PLAN.called), PLAN, Month.parse(known_on))
    assert told in teller.found(replace(FOUND, since=since), BURGLARY)


# Twelve months of fewer than ten a month are told as their total, if all twelve are known.
STEADY_LEVELS = """
    in 12 months | expected | known | figure        | about
    ------------ + -------- + ----- + ------------- + -----
    2570         | 2645     | 12    | 214 a month   | 220
    78492        | 82819    | 12    | 6,541 a month | 6,900
    14           | 12       | 12    | 14            | 12
    1            | 1.2      | 12    | 1             | 1
    0            | 2.4      | 12    | none          | 2
    109          | 125.9    | 12    | 109           | 126
    14           | 12       | 11    | 1.2 a month   | 1.0
"""


@pytest.mark.parametrize("row", rows(STEADY_LEVELS))
def test_no_clear_change_says_so_first(row: tuple[str, ...]) -> None:
    total, expected, known, figure, about = row
    steady = replace(STEADY, observed=float(total) / 12, expected=float(expected) / 12)
    assert TELL.found(steady, BURGLARY, int(known)) == (
        f"No clear change in the number of burglaries in Croydon: {figure} in the 12 months to "
        f"March 2026, where about {about} would be expected."
    )


def test_where_hardly_anything_is_expected() -> None:
    told = TELL.found(replace(STEADY, observed=0.0, expected=0.03), BURGLARY)
    assert told.endswith(
        "none in the 12 months to March 2026, where fewer than 1 would be expected."
    )


def test_a_share_without_a_clear_change() -> None:
    steady = replace(STEADY, measure="outcomes", observed=0.121, expected=0.1236)
    assert TELL.found(steady, OUTCOMES) == (
        "No clear change in the share of offences with a positive outcome in Croydon: 12.1% in the "
        "12 months to March 2026, where about 12.4% would be expected."
    )


@pytest.mark.parametrize(
    ("p_value", "said"),
    [
        (0.06, ""),
        (0.04, "by chance 1 time in 25. So many"),
        (0.0021, "by chance 1 time in 480. So many"),
        (0.00001, "by chance less than 1 time in 1,000. So many"),
    ],
)
def test_a_difference_remarkable_by_itself_is_told_to_be_no_more_than_that(
    p_value: float, said: str
) -> None:
    told = TELL.found(replace(STEADY, p_value=p_value), BURGLARY)
    assert said in told
    assert told.endswith("and this one may be.") == bool(said)


@pytest.mark.parametrize(
    ("area", "where", "comma"),
    [
        ("E23000001", "in London", ""),
        ("E23000002", "in the Cumbria police area", ""),
        ("E09000008", "in Croydon", ""),
        ("E09000001", "in the City of London", ""),
        ("E05000026", "in Abbey ward, Barking and Dagenham", ","),
        ("outside:airports", "at Heathrow Airport", ""),
    ],
)
def test_where(area: str, where: str, comma: str) -> None:
    steady, changed = replace(STEADY, area=area), replace(FOUND, area=area)
    assert f"burglaries {where}: " in TELL.found(steady, BURGLARY)
    assert f"burglaries {where}{comma} has been lower" in TELL.found(changed, BURGLARY)


def test_a_force_goes_by_its_own_name_where_the_plan_has_no_other() -> None:
    assert Places(PLACES, {}).where("E23000001") == "in the Metropolitan Police area"


@pytest.mark.parametrize(
    ("measure", "subject"),
    [
        (BURGLARY, "the number of burglaries"),
        (OUTCOMES, "the share of offences with a positive outcome"),
        (TRUST, "the share of people who trust the police"),
        (RATE, "the rate of burglaries"),
        (replace(BURGLARY, kind="custom:repeat_victims"), "the figure of burglaries"),
    ],
)
def test_what_cannot_be_judged_says_why(measure: Measure, subject: str) -> None:
    assert TELL.found(UNJUDGED, measure) == (
        f"It cannot be judged whether {subject} in Croydon has changed. The reason why."
    )
    assert TELL.found(replace(UNJUDGED, question="edition"), measure) == (
        f"It cannot be judged whether {subject} in Croydon changed while the plan was in force. "
        "The reason why."
    )


def test_a_plan_still_in_force_is_not_told_as_past() -> None:
    teller = Teller(Places(PLACES, PLAN.called), PLAN, Month(2019, 4))
    assert teller.found(replace(UNJUDGED, question="edition"), BURGLARY) == (
        "It cannot be judged whether the number of burglaries in Croydon has changed under the "
        "plan. The reason why."
    )


IN_FORCE = replace(
    FOUND, question="edition", since="", window_first="2017-04", window_last="2022-02",
    baseline_first="2012-04", baseline_last="2017-03",
)  # fmt: skip


def test_a_change_in_the_plans_time_never_claims_the_plan_as_its_cause() -> None:
    assert TELL.found(IN_FORCE, BURGLARY) == (
        "The number of burglaries in Croydon was lower than expected while the plan was in force "
        "(April 2017 to February 2022): about 40 fewer a month (likely between 25 and 55), 180 "
        "instead of the 221 expected. That is compared with April 2012 to March 2017, allowing "
        "for the time of year. It does not show that the plan was the cause."
    )


PARTS_OF_THE_TIME = """
    known on | last    | told
    -------- + ------- + ----
    2026-04  | 2022-02 | while the plan was in force (April 2017 to February 2022)
    2026-04  | 2019-02 | in the part of the plan's time that can be compared (April 2017 to {last})
    2019-04  | 2019-02 | in the plan's time so far (April 2017 to {last})
"""


@pytest.mark.parametrize(("known_on", "last", "told"), rows(PARTS_OF_THE_TIME))
def test_which_part_of_the_plans_time(known_on: str, last: str, told: str) -> None:
    told = told.format(last=Month.parse(last).words)
    teller = Teller(Places(PLACES, PLAN.called), PLAN, Month.parse(known_on))
    assert told in teller.found(replace(IN_FORCE, window_last=last), BURGLARY)
    steady = replace(STEADY, question="edition", window_first="2017-04", window_last=last)
    assert teller.found(steady, BURGLARY) == (
        f"No clear change in the number of burglaries in Croydon {told}: 180 a month, where about "
        "221 would be expected."
    )


# --- lines ----------------------------------------------------------------------------------------

BOTH = line(REPORTS, TWICE)
TWO_SIDED = [
    ("better", ("as hoped", "as hoped"), ": both are so."),
    ("worse", ("not as hoped", "not as hoped"), ": neither is so."),
    ("mixed", ("as hoped", "not as hoped"), ": one goes with it and the other against it."),
    (
        "changed",
        ("as hoped", "no clear change"),
        ": only one half has clearly changed, so the two are not called better or worse.",
    ),
]


@pytest.mark.parametrize(("reading", "outcomes", "ending"), TWO_SIDED)
def test_a_two_sided_line_says_both_halves_and_then_one_reading(
    reading: str, outcomes: tuple[str, str], ending: str
) -> None:
    other = replace(
        FOUND, measure="outcomes", effect=-0.02, effect_lower=-0.03, effect_upper=-0.01,
        observed=0.1, expected=0.12,
    )  # fmt: skip
    figures = [(FOUND, BURGLARY, 12), (other, OUTCOMES, 12)]
    assert TELL.line(BOTH, "E09000008", reading, outcomes, figures) == (
        f"{TELL.found(FOUND, BURGLARY)} {TELL.found(other, OUTCOMES)} "
        f"The plan hopes that more victims come forward and that fewer are victims again{ending}"
    )


def test_half_of_a_two_sided_line_is_no_verdict() -> None:
    half = line(REPORTS, AGAIN)
    told = TELL.line(
        half, "E09000008", "not judged", ("as hoped", "not judged"), [(FOUND, BURGLARY, 12)]
    )
    assert told == (
        f"{TELL.found(FOUND, BURGLARY)} The plan hopes that more victims come forward and that "
        "fewer are victims again: only the two together can be read. It may be trust. This site "
        "has no figures on whether fewer are victims again. It would need repeat victims (held "
        "by the police)."
    )


@pytest.mark.parametrize(
    ("parts", "figures", "sentence"),
    [
        (
            (AGAIN,),
            [],
            "This site has no figures on whether fewer are victims again. It would need "
            "repeat victims (held by the police).",
        ),
        ((FEWER,), [], "No figures are published for this in Croydon."),
        ((FEWER,), [(STEADY, BURGLARY, 12)], TELL.found(STEADY, BURGLARY)),
        ((FEWER,), [(UNJUDGED, BURGLARY, 0)], TELL.found(UNJUDGED, BURGLARY)),
    ],
)
def test_a_line_without_a_change_has_no_verdict_but_is_never_left_out(
    parts: tuple[Part, ...], figures: list[tuple[Finding, Measure, int]], sentence: str
) -> None:
    outcomes = (figures[0][0].status if figures else "not judged",)
    assert TELL.line(line(*parts), "E09000008", outcomes[0], outcomes, figures) == sentence


def test_words_that_no_sentence_uses() -> None:
    told = " ".join(
        TELL.found(each, BURGLARY) for each in (FOUND, STEADY, UNJUDGED, IN_FORCE)
    ).casefold()
    for word in ("rise", "rose", "fall", "fell", "rank", "worst", "best", "trend", "significant"):
        assert word not in told.split()
