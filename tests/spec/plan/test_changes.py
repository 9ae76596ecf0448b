"""What changed from one edition of a plan to the next. These tables are the rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bluelamp.plan.changes import Change, Changes, changes
from bluelamp.plan.commitment import Commitment
from bluelamp.plan.edition import Edition, Plan, Priority
from bluelamp.plan.line import Line, Part, Target
from bluelamp.plan.quoted import Quoted, Theme

Drawn = Callable[[str], list[dict[str, str]]]

# One measure in two editions. `lower!` has a target; `lower & higher` are the sides of one line, or
# two lines; nothing where no line names it.
MEASURE = """
    2013    | 2017           | kind                | what 2013 did                            | what 2017 did
    ------- + -------------- + ------------------- + ---------------------------------------- + ----------------------------------------
    lower   | lower          | same hope           | hoped it would be lower                  | hoped it would be lower
    lower!  | lower          | same hope           | hoped it would be lower, with a target (20% less) | hoped it would be lower, with no target
    lower   | lower!         | same hope           | hoped it would be lower, with no target  | hoped it would be lower, with a target (20% less)
    lower!  | neither        | another hope        | hoped it would be lower, with a target (20% less) | named it without hoping for more or less, with no target
    lower   | higher         | another hope        | hoped it would be lower                  | hoped it would be higher
    lower   | lower & higher | another hope        | hoped it would be lower                  | hoped it would be lower and hoped it would be higher
    higher & lower | lower & higher | same hope    | hoped it would be higher and hoped it would be lower | hoped it would be lower and hoped it would be higher
    narrower gap   | more representative | another hope | hoped the gap would be narrower     | hoped it would be more representative
    lower   |                | only in the earlier | hoped it would be lower                  | did not name it in any line
            | lower          | only in the later   | did not name it in any line              | hoped it would be lower
            | lower!         | only in the later   | did not name it in any line              | hoped it would be lower, with a target (20% less)
"""  # noqa: E501 - a table is read across

# The number that each edition sets for one measure, or for one line that names none.
TARGET = """
    2013 | 2017 | kind    | sentence
    ---- + ---- + ------- + --------------------------------------------------------
    -0.2 |      | gone    | 2013 set a target (20% less); 2017 set no target.
         | -0.2 | new     | 2013 set no target; 2017 set a target (20% less).
    -0.2 | -0.2 | kept    | 2013 set a target (20% less); 2017 set a target (20% less).
    -0.2 | -0.1 | changed | 2013 set a target (20% less); 2017 set a target (10% less).
"""

# Promises: how many of each kind 2013 and 2017 have. One that is made twice counts once.
COUNTS = """
    what                            | 2013 | 2017 | kind
    ------------------------------- + ---- + ---- + -------
    Promises, each counted once     | 2    | 3    | changed
    In a list headed “we commit to” | 0    | 2    | new
    Made elsewhere in the text      | 2    | 1    | changed
    With a last day                 | 1    | 1    | kept
    With a sum of money             | 1    | 0    | gone
"""

TITLES = {"robbery": "Robbery", "burglary": "Burglary"}


def target(change: float = -0.2) -> Target:
    return Target(f"{-change:.0%} less", change=change, baseline=100)


def part(hope: str, measure: str = "robbery", aim: Target | None = None) -> Part:
    unknown = {"missing": "figures", "holder": "somebody"}
    named: dict[str, Any] = {"measures": (measure,)} if measure else unknown
    return Part(hope, "it is so", target=aim, **named)  # type: ignore[arg-type]  # a table's word


def line(title: str, *parts: Part, number: int = 1, **given: Any) -> Line:
    name = title.casefold().replace(" ", "-")
    return Line(name, number, "p", title, "Do it.", parts, "Chapter 1", **given)


def edition(year: int, *lines: Line, judged_by: Any = "progress", **given: Any) -> Edition:
    starts, ends = date(year, 4, 1), date(year + 3, 3, 31)
    plan = Plan(
        f"p-{year}", f"Plan of {year}", f"{year} plan", "s", starts, ends, judged_by, "h", "a", "s"
    )
    return Edition(plan, **{"priorities": ()} | given, lines=lines)


def between(earlier: Edition, later: Edition) -> Changes:
    return changes(earlier, later, TITLES)


def hoping(year: int, words: str) -> Edition:
    """An edition whose lines hope of robbery what a cell of the table says."""
    parts = [
        part(hope.strip().removesuffix("!"), aim=target() if hope.strip().endswith("!") else None)
        for hope in words.split("&")
        if hope.strip()
    ]
    return edition(year, *([line("Robbery line", *parts)] if parts else []))


def test_what_each_hoped_of_a_measure(drawn: Drawn) -> None:
    for row in drawn(MEASURE):
        (change,) = between(hoping(2013, row["2013"]), hoping(2017, row["2017"])).measures
        assert (change.subject, change.kind) == ("robbery", row["kind"]), row
        assert (change.earlier, change.later) == (row["what 2013 did"], row["what 2017 did"])
        assert change.sentence == f"Robbery: 2013 {change.earlier}; 2017 {change.later}."


def test_a_measure_that_only_stands_in_is_told_by_its_hope() -> None:
    """Never that a plan hoped for more offences: it hoped that more victims come forward."""
    forward = replace(part("higher"), what="more victims come forward", proxy="It stands in.")
    (change,) = between(hoping(2013, "lower"), edition(2017, line("Reports", forward))).measures
    assert change.later == "hoped that more victims come forward"
    assert change.kind == "another hope"


def aiming(year: int, change: str, measure: str) -> Edition:
    aim = target(float(change)) if change else None
    return edition(year, line("Robbery", part("lower", measure, aim)))


@pytest.mark.parametrize("measure", ["robbery", ""])
def test_the_numbers_that_each_set(drawn: Drawn, measure: str) -> None:
    for row in drawn(TARGET):
        one, other = (aiming(year, row[str(year)], measure) for year in (2013, 2017))
        (change,) = between(one, other).targets
        assert (change.subject, change.kind) == ("robbery", row["kind"]), row
        assert change.sentence == f"Robbery: {row['sentence']}"


def test_no_target_is_no_change() -> None:
    assert between(aiming(2013, "", "robbery"), aiming(2017, "", "robbery")).targets == ()


# --- how it is judged, priorities -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "kind", "sentence"),
    [
        (
            "targets", "progress", "changed",
            "How the plan is judged: 2013 was judged by targets: numbers to reach; 2017 was judged "
            "by progress: a direction hoped for, not a number to reach.",
        ),
        (
            "progress", "not stated", "changed",
            "How the plan is judged: 2013 was judged by progress: a direction hoped for, not a "
            "number to reach; 2017 did not say, in what we have of it, how it would be judged.",
        ),
        (
            "targets", "targets", "kept",
            "How the plan is judged: 2013 was judged by targets: numbers to reach; 2017 was judged "
            "by targets: numbers to reach.",
        ),
    ],
)  # fmt: skip
def test_how_each_judges(before: str, after: str, kind: str, sentence: str) -> None:
    found = between(edition(2013, judged_by=before), edition(2017, judged_by=after)).judging
    assert (found.kind, found.sentence) == (kind, sentence)


def priorities(*titles: str) -> dict[str, Any]:
    return {
        "priorities": tuple(
            Priority(title.casefold(), i, title, "Well?", "s", "Chapter 1")
            for i, title in enumerate(titles)
        )
    }


def test_priorities_are_kept_new_or_gone_in_the_order_of_the_later() -> None:
    earlier = edition(2013, **priorities("Crime prevention", "Keeping children safe"))
    later = edition(2017, **priorities("Hatred", "Keep children and young people safe"))
    assert [(each.kind, each.sentence) for each in between(earlier, later).priorities] == [
        ("new", "Hatred: 2013 had no such priority; 2017 set the priority “Hatred”."),
        (
            "kept",
            "Keep children and young people safe: 2013 set the priority “Keeping children safe”; "
            "2017 set the priority “Keep children and young people safe”.",
        ),
        (
            "gone",
            "Crime prevention: 2013 set the priority “Crime prevention”; 2017 had no such "
            "priority.",
        ),
    ]


# --- lines without a measure, promises, numbers ---------------------------------------------------


def test_lines_that_nothing_published_measures() -> None:
    unmeasured, measured = part("lower", ""), part("lower")
    earlier = edition(
        2013, line("Court delays", unmeasured), line("Robbery", measured, number=2),
        line("Knife crime", unmeasured, number=3),
    )  # fmt: skip
    later = edition(
        2017, line("Reoffending", unmeasured), line("Robbery", measured, number=2),
        line("Tackling knife crime", measured, number=3),
    )  # fmt: skip
    assert [(each.subject, each.kind) for each in between(earlier, later).unmeasured] == [
        ("reoffending", "new"), ("tackling-knife-crime", "kept"), ("court-delays", "gone"),
    ]  # fmt: skip
    kept = between(earlier, later).unmeasured[1]
    assert kept.earlier == "set the line “Knife crime”, for which we have no figures"
    assert kept.later == "set the line “Tackling knife crime”"


def commitment(name: str, kind: Any, **given: Any) -> Commitment:
    block = "We commit to" if kind == "we commit to" else ""
    rest = {"lead": "the office", "place": "p", "check": "Ask.", "block": block}
    return Commitment(name, 1, "A promise", kind, "Do it.", **rest | given)  # type: ignore[arg-type]  # by name


def test_promises_are_counted_by_kind(drawn: Drawn) -> None:
    earlier = (
        commitment("a", "other promise", due=date(2014, 3, 31)),
        commitment("b", "other promise", money=1, money_words="£1"),
    )
    later = (
        commitment("a", "we commit to", due=date(2017, 12, 31)),
        commitment("b", "we commit to"),
        commitment("c", "other promise"),
        commitment("d", "other promise", restates=("a",), due=date(2018, 1, 1)),
    )
    found = between(edition(2013, commitments=earlier), edition(2017, commitments=later))
    for row, change in zip(drawn(COUNTS), found.commitments, strict=True):
        assert (change.title, change.kind) == (row["what"], row["kind"])
        assert change.sentence == f"{row['what']}: 2013 had {row['2013']}; 2017 had {row['2017']}."


def quoting(year: int, *figures: tuple[str, str, float, str]) -> Edition:
    made = tuple(
        Quoted(f"{year}-{i}", what, printed, value, unit, "page 1", unchecked="Ours.")
        for i, (what, printed, value, unit) in enumerate(figures)
    )
    return edition(year, themes=(Theme("t", 1, "T", made),))


def test_numbers_stand_side_by_side_only_where_both_give_one() -> None:
    earlier = quoting(
        2013,
        ("Police officers in London in 2013", "32,000", 32000, "officers"),
        ("Savings made by 2015", "£500m", 500e6, "pounds"),
        ("Police stations", "136", 136, "stations"),
    )
    later = quoting(
        2017,
        ("Savings made by 2020", "£400m", 400e6, "pounds"),
        ("Savings made by 2020", "20%", 20, "per cent"),
        ("Police officers in London", "32,000", 32000, "officers"),
    )
    assert [(each.kind, each.sentence) for each in between(earlier, later).numbers] == [
        (
            "changed",
            "Savings made by 2020: 2013 said £500m (Savings made by 2015); 2017 said £400m "
            "(Savings made by 2020).",
        ),
        (
            "kept",
            "Police officers in London: 2013 said 32,000 (Police officers in London in 2013); 2017 "
            "said 32,000 (Police officers in London).",
        ),
    ]


# What is put in: one input line of the title `Police officers` with the number set, `-` without.
INPUT = """
    2013   | 2017   | kind    | sentence
    ------ + ------ + ------- + --------------------------------------------------------
    32,000 | 32,000 | kept    | 2013 set a number (32,000 officers); 2017 set a number (32,000 officers).
    32,000 | 31,000 | changed | 2013 set a number (32,000 officers); 2017 set a number (31,000 officers).
    32,000 | -      | changed | 2013 set a number (32,000 officers); 2017 set no number.
    -      | -      | kept    | 2013 set no number; 2017 set no number.
           | 32,000 | new     | 2013 had no such line; 2017 set a number (32,000 officers).
    -      |        | gone    | 2013 set no number; 2017 had no such line.
"""  # noqa: E501 - a table is read across


def putting_in(year: int, number: str) -> Edition:
    if not number:
        return edition(year)
    level = None if number == "-" else float(number.replace(",", ""))
    aim = None if level is None else Target(f"{number} officers", at_least=level, unit="officers")
    title = "Police officers" if year == 2013 else "The number of police officers"
    return edition(year, line(title, part("higher", "", aim), kind="input"))


def test_what_is_put_in(drawn: Drawn) -> None:
    for row in drawn(INPUT):
        found = between(putting_in(2013, row["2013"]), putting_in(2017, row["2017"]))
        (change,) = found.inputs
        assert change.kind == row["kind"], row
        assert change.sentence == f"{change.title}: {row['sentence']}"
        # A number of officers is no target that crime is judged by.
        assert (found.targets, found.unmeasured) == ((), ())


# --- the whole ------------------------------------------------------------------------------------


def test_editions_are_given_the_earlier_first() -> None:
    with pytest.raises(ValueError, match="'p-2017' does not start before 'p-2013'"):
        between(edition(2017), edition(2013))
    with pytest.raises(ValueError, match="give the earlier first"):
        between(edition(2017), edition(2017))


def test_editions_of_one_year_are_called_by_their_titles() -> None:
    one, other = edition(2017), edition(2017)
    other = replace(other, plan=replace(other.plan, id="q", short_title="Second plan"))
    assert "2017 plan was judged" in between(one, other).judging.sentence
    assert "Second plan was judged" in between(one, other).judging.sentence


def test_what_an_announcement_leaves_out_is_not_called_gone_without_a_word() -> None:
    later = edition(2022)
    told = replace(later.plan, document="announcement", known_by="Only the news.")
    found = between(
        edition(2017, line("Robbery", part("lower", aim=target()))), replace(later, plan=told)
    )
    (measure,), (aim,) = found.measures, found.targets
    assert measure.later == "did not name it in any line, in what we have of it"
    assert aim.later == "set no target, in what we have of it"
    assert found.commitments[0].later == "had 0, in what we have of it"
    assert measure.earlier == "hoped it would be lower, with a target (20% less)"


def test_a_change_says_everything_in_one_sentence() -> None:
    found = between(hoping(2013, "lower!"), hoping(2017, "neither"))
    every: list[Change] = [found.judging, *found.measures, *found.targets, *found.commitments]
    for change in every:
        assert change.sentence == f"{change.title}: 2013 {change.earlier}; 2017 {change.later}."
