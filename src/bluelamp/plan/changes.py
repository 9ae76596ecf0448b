"""What changed from an earlier edition of a plan to a later one, in words.

Two editions are laid side by side: how each judges, its priorities, what it hopes of each measure,
the numbers it sets, the lines nobody publishes figures for, its promises, and the numbers that
both give. Each sentence says what the one had and what the other has, and no more: a plan that no
longer names a thing may still have meant to do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

from bluelamp.plan.edition import Edition, Plan
from bluelamp.plan.likeness import matched
from bluelamp.plan.line import Line, Part, Target
from bluelamp.plan.promises import Promise, promises

T = TypeVar("T")
Kind = Literal[
    "kept", "changed", "new", "gone",
    "same hope", "another hope", "only in the earlier", "only in the later",
]  # fmt: skip

JUDGED = {
    "targets": "judged by targets: numbers to reach",
    "progress": "judged by progress: a direction hoped for, not a number to reach",
    "not stated": "did not say, in what we have of it, how it would be judged",
}
HOPED = {
    "lower": "hoped it would be lower",
    "higher": "hoped it would be higher",
    "narrower gap": "hoped the gap would be narrower",
    "more representative": "hoped it would be more representative",
    "neither": "named it without hoping for more or less",
}


@dataclass(frozen=True)
class Change:
    """One thing in an earlier edition beside the same thing in a later one.

    subject    what it is about: the id of a measure, a priority, a line or a quoted figure (of the
               later edition where it has one); for commitments the words of what is counted.
    kind       `kept`, `changed`, `new`, `gone`; of measures `same hope`, `another hope`, `only in
               the earlier`, `only in the later`.
    earlier, later   what each edition said, in words that follow its name.
    sentence   all of it: "Robbery: 2013 hoped ...; 2017 hoped ...".
    """

    subject: str
    title: str
    kind: Kind
    earlier: str
    later: str
    sentence: str


@dataclass(frozen=True)
class Changes:
    """What changed between two editions, by id; each tuple in the order of the later edition, then
    what only the earlier one had.

    judging     how each said it would be judged: one Change.
    targets     numbers to reach that an outcome line sets in at least one of the two.
    unmeasured  outcome lines that name no measure in at least one of the two.
    inputs      lines about what is put in (officers, money), with the number where one is set.
    commitments   how many promises of each kind, with money and with a date.
    numbers     figures that both quote, as printed; each says what its own counts.
    """

    earlier: str
    later: str
    judging: Change
    priorities: tuple[Change, ...]
    measures: tuple[Change, ...]
    targets: tuple[Change, ...]
    unmeasured: tuple[Change, ...]
    inputs: tuple[Change, ...]
    commitments: tuple[Change, ...]
    numbers: tuple[Change, ...]


def changes(earlier: Edition, later: Edition, title_of: Mapping[str, str]) -> Changes:
    """`title_of` has the title of every measure that the editions name, by id.

    Raises ValueError where the editions are given the wrong way round.
    """
    if (later.plan.starts, later.plan.id) <= (earlier.plan.starts, earlier.plan.id):
        raise ValueError(
            f"'{earlier.plan.id}' does not start before '{later.plan.id}': give the earlier first"
        )
    sides = _Sides(*_names(earlier.plan, later.plan), _known(earlier.plan), _known(later.plan))
    return Changes(
        earlier.plan.id,
        later.plan.id,
        _judging(sides, earlier.plan, later.plan),
        tuple(_priorities(sides, earlier, later)),
        tuple(_measures(sides, earlier, later, title_of)),
        tuple(_targets(sides, earlier, later, title_of)),
        tuple(_unmeasured(sides, earlier, later)),
        tuple(_inputs(sides, earlier, later)),
        tuple(_commitments(sides, earlier, later)),
        tuple(_numbers(sides, earlier, later)),
    )


def _names(earlier: Plan, later: Plan) -> tuple[str, str]:
    """What sentences call the editions: their years, or their titles where the year is one."""
    if earlier.starts.year != later.starts.year:
        return str(earlier.starts.year), str(later.starts.year)
    return earlier.short_title, later.short_title


def _known(plan: Plan) -> str:
    """An announcement leaves things out that the plan may well have."""
    return ", in what we have of it" if plan.document == "announcement" else ""


@dataclass(frozen=True)
class _Sides:
    """The names of the two editions in sentences; `known` follows what one seems not to have."""

    earlier: str
    later: str
    earlier_known: str
    later_known: str

    def words(
        self, before: T | None, after: T | None, say: Callable[[T], str], absent: str
    ) -> tuple[str, str]:
        """What each edition said of a thing, or that it had none."""
        one = f"{absent}{self.earlier_known}" if before is None else say(before)
        return one, f"{absent}{self.later_known}" if after is None else say(after)

    def change(self, subject: str, title: str, kind: Kind, earlier: str, later: str) -> Change:
        words = f"{title}: {self.earlier} {earlier}; {self.later} {later}."
        return Change(subject, title, kind, earlier, later, words)


def _judging(sides: _Sides, earlier: Plan, later: Plan) -> Change:
    kind: Kind = "kept" if earlier.judged_by == later.judged_by else "changed"
    before, after = (_judged(plan) for plan in (earlier, later))
    return sides.change("judged-by", "How the plan is judged", kind, before, after)


def _judged(plan: Plan) -> str:
    words = JUDGED[plan.judged_by]
    return words if plan.judged_by == "not stated" else f"was {words}"


def _priorities(sides: _Sides, earlier: Edition, later: Edition) -> Iterable[Change]:
    pairs = matched(earlier.priorities, later.priorities, lambda each: each.title)
    for before, after in pairs:
        named = _either(before, after)
        words = sides.words(
            before, after, lambda each: f"set the priority “{each.title}”", "had no such priority"
        )
        yield sides.change(named.id, named.title, _presence(before, after), *words)


def _either(before: T | None, after: T | None) -> T:
    named = before if after is None else after
    assert named is not None  # a pair has at least one of the two
    return named


def _presence(before: object | None, after: object | None) -> Kind:
    if before is None:
        return "new"
    return "gone" if after is None else "kept"


# --- measures and targets -------------------------------------------------------------------------


def _measures(
    sides: _Sides, earlier: Edition, later: Edition, title_of: Mapping[str, str]
) -> Iterable[Change]:
    for measure in _in_order(later.measures, earlier.measures):
        before = [part for _, part in earlier.parts_about(measure)]
        after = [part for _, part in later.parts_about(measure)]
        hopes = tuple({part.hope for part in parts} for parts in (before, after))
        kind: Kind = "same hope" if hopes[0] == hopes[1] else "another hope"
        if not before or not after:
            kind = "only in the earlier" if before else "only in the later"
        a_target = any(part.target for part in (*before, *after))
        words = sides.words(
            before or None, after or None, partial(_hoped, a_target), "did not name it in any line"
        )
        yield sides.change(measure, title_of[measure], kind, *words)


def _in_order(later: Iterable[str], earlier: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*later, *earlier)))


def _hoped(a_target: bool, parts: Sequence[Part]) -> str:
    """`a_target`: one of the two editions sets a number, so both say whether they do."""
    words = " and ".join(dict.fromkeys(map(_hope, parts)))
    targets = [part.target.words for part in parts if part.target]
    if targets:
        return f"{words}, with a target ({'; '.join(targets)})"
    return f"{words}, with no target" if a_target else words


def _hope(part: Part) -> str:
    """Of a measure that only stands in for a hope, the hope itself: that victims come forward, and
    not that there are more offences."""
    return f"hoped that {part.what}" if part.proxy else HOPED[part.hope]


def _targets(
    sides: _Sides, earlier: Edition, later: Edition, title_of: Mapping[str, str]
) -> Iterable[Change]:
    """By measure where the part has one; else by line, matched by its title."""
    before, after = _by_measure(earlier), _by_measure(later)
    for measure in _in_order(after, before):
        one, other = before.get(measure), after.get(measure)
        yield _target(sides, measure, title_of[measure], one, other)
    lines = matched(_unmeasured_aims(earlier), _unmeasured_aims(later), lambda each: each.title)
    for line, new in lines:
        named = _either(line, new)
        one, other = (each.target if each else None for each in (line, new))
        yield _target(sides, named.id, named.title, one, other)


def _by_measure(edition: Edition) -> dict[str, Target]:
    """The first target that an outcome line sets for each measure."""
    found: dict[str, Target] = {}
    for line in edition.outcome_lines:
        for part in line.parts:
            if part.target and part.measures:
                found.setdefault(part.measures[0], part.target)
    return found


def _unmeasured_aims(edition: Edition) -> list[Line]:
    return [line for line in edition.outcome_lines if line.target and not line.parts[0].measures]


def _target(
    sides: _Sides, subject: str, title: str, before: Target | None, after: Target | None
) -> Change:
    kind = _presence(before, after)
    if before and after and _aim(before) != _aim(after):
        kind = "changed"
    words = sides.words(before, after, lambda each: f"set a target ({each.words})", "set no target")
    return sides.change(subject, title, kind, *words)


def _aim(target: Target) -> tuple[float | None, ...]:
    return target.change, target.at_least, target.at_most


def _unmeasured(sides: _Sides, earlier: Edition, later: Edition) -> Iterable[Change]:
    for before, after in matched(
        earlier.outcome_lines, later.outcome_lines, lambda each: each.title
    ):
        if all(line is None or _is_measured(line) for line in (before, after)):
            continue
        named = _either(before, after)
        words = sides.words(before, after, _line, "had no such line")
        yield sides.change(named.id, named.title, _presence(before, after), *words)


def _is_measured(line: Line) -> bool:
    return any(part.measures for part in line.parts)


def _line(line: Line) -> str:
    return (
        f"set the line “{line.title}”"
        if _is_measured(line)
        else f"set the line “{line.title}”, for which we have no figures"
    )


# --- what is put in, promises, numbers ------------------------------------------------------------


def _inputs(sides: _Sides, earlier: Edition, later: Edition) -> Iterable[Change]:
    for before, after in matched(earlier.input_lines, later.input_lines, lambda each: each.title):
        named, kind = _either(before, after), _presence(before, after)
        if before and after and _number(before) != _number(after):
            kind = "changed"
        words = sides.words(before, after, _put_in, "had no such line")
        yield sides.change(named.id, named.title, kind, *words)


def _number(line: Line) -> tuple[float | None, ...] | None:
    return _aim(line.target) if line.target else None


def _put_in(line: Line) -> str:
    return f"set a number ({line.target.words})" if line.target else "set no number"


COUNTED: tuple[tuple[str, Callable[[Promise], bool]], ...] = (
    ("Promises, each counted once", lambda each: True),
    ("In a list headed “we commit to”", lambda each: each.first.kind == "we commit to"),
    ("Made elsewhere in the text", lambda each: each.first.kind == "other promise"),
    ("With a last day", lambda each: each.stated_due is not None),
    ("With a sum of money", lambda each: each.stated_money is not None),
)


def _commitments(sides: _Sides, earlier: Edition, later: Edition) -> Iterable[Change]:
    for title, counts in COUNTED:
        before, after = (sum(map(counts, promises(each))) for each in (earlier, later))
        kind: Kind = "kept" if before == after else "changed"
        if not before or not after:
            kind = "new" if after else "gone" if before else "kept"
        words = f"had {before:,}{sides.earlier_known}", f"had {after:,}{sides.later_known}"
        yield sides.change(title, title, kind, *words)


def _numbers(sides: _Sides, earlier: Edition, later: Edition) -> Iterable[Change]:
    """Only where both quote one in the same unit."""
    figures = matched(
        list(earlier.quoted.values()),
        list(later.quoted.values()),
        lambda each: each.what,
        alike=lambda one, other: one.unit == other.unit,
    )
    for old, new in figures:
        if old and new:
            kind: Kind = "kept" if old.value == new.value else "changed"
            one, other = (f"said {each.printed} ({each.what})" for each in (old, new))
            yield sides.change(new.id, new.what, kind, one, other)
