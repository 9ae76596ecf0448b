"""What changed from an earlier edition of a plan to a later one, in words.

Two editions are laid side by side: how each judges, its priorities, what it hopes of each measure,
the numbers it sets, the lines nobody publishes figures for, its promises, and the numbers that
both give. Each sentence says what the one had and what the other has, and no more: a plan that no
longer names a thing may still have meant to do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from bluelamp.plan.commitment import Commitment
from bluelamp.plan.edition import Edition, Plan
from bluelamp.plan.likeness import matched
from bluelamp.plan.line import Line, Part, Target

T = TypeVar("T")
Kind = Literal[
    "kept", "changed", "new", "gone",
    "same hope", "another hope", "only in the earlier", "only in the later",
]  # fmt: skip

JUDGED = {
    "targets": "judged by targets: numbers to reach",
    "progress": "judged by progress: a direction hoped for, and no number to reach",
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
    unmeasured  lines that name no measure in at least one of the two.
    commitments   how many promises of each kind, with money and with a date.
    numbers     numbers that both give, as printed: targets of input lines and quoted figures.
    """

    earlier: str
    later: str
    judging: Change
    priorities: tuple[Change, ...]
    measures: tuple[Change, ...]
    targets: tuple[Change, ...]
    unmeasured: tuple[Change, ...]
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
    sides = _Sides(*_names(earlier.plan, later.plan))
    return Changes(
        earlier.plan.id,
        later.plan.id,
        _judging(sides, earlier.plan, later.plan),
        tuple(_priorities(sides, earlier, later)),
        tuple(_measures(sides, earlier, later, title_of)),
        tuple(_targets(sides, earlier, later, title_of)),
        tuple(_unmeasured(sides, earlier, later)),
        tuple(_commitments(sides, earlier.commitments, later.commitments)),
        tuple(_numbers(sides, earlier, later)),
    )


def _names(earlier: Plan, later: Plan) -> tuple[str, str]:
    """What sentences call the editions: their years, or their titles where the year is one."""
    if earlier.starts.year != later.starts.year:
        return str(earlier.starts.year), str(later.starts.year)
    return earlier.short_title, later.short_title


@dataclass(frozen=True)
class _Sides:
    """The names of the two editions in sentences."""

    earlier: str
    later: str

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
        one = f"set the priority “{before.title}”" if before else "had no such priority"
        other = f"set the priority “{after.title}”" if after else "had no such priority"
        named = _either(before, after)
        yield sides.change(named.id, named.title, _presence(before, after), one, other)


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
        words = [_hoped(parts, a_target) for parts in (before, after)]
        yield sides.change(measure, title_of[measure], kind, words[0], words[1])


def _in_order(later: Iterable[str], earlier: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*later, *earlier)))


def _hoped(parts: Sequence[Part], a_target: bool) -> str:
    """`a_target`: one of the two editions sets a number, so both say whether they do."""
    if not parts:
        return "did not name it in any line"
    words = " and ".join(dict.fromkeys(HOPED[part.hope] for part in parts))
    targets = [part.target.words for part in parts if part.target]
    if targets:
        return f"{words}, with a target ({'; '.join(targets)})"
    return f"{words}, with no target" if a_target else words


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
    """The first target that the edition sets for each measure."""
    found: dict[str, Target] = {}
    for line in edition.lines:
        for part in line.parts:
            if part.target and part.measures:
                found.setdefault(part.measures[0], part.target)
    return found


def _unmeasured_aims(edition: Edition) -> list[Line]:
    return [line for line in edition.lines if line.target and not line.parts[0].measures]


def _target(
    sides: _Sides, subject: str, title: str, before: Target | None, after: Target | None
) -> Change:
    kind = _presence(before, after)
    if before and after and _aim(before) != _aim(after):
        kind = "changed"
    one, other = (
        f"set a target ({each.words})" if each else "set no target" for each in (before, after)
    )
    return sides.change(subject, title, kind, one, other)


def _aim(target: Target) -> tuple[float | None, ...]:
    return target.change, target.at_least, target.at_most


def _unmeasured(sides: _Sides, earlier: Edition, later: Edition) -> Iterable[Change]:
    for before, after in matched(earlier.lines, later.lines, lambda each: each.title):
        if all(line is None or _is_measured(line) for line in (before, after)):
            continue
        named = _either(before, after)
        words = [_line(each) for each in (before, after)]
        yield sides.change(named.id, named.title, _presence(before, after), words[0], words[1])


def _is_measured(line: Line) -> bool:
    return any(part.measures for part in line.parts)


def _line(line: Line | None) -> str:
    if line is None:
        return "had no such line"
    return (
        f"set the line “{line.title}”"
        if _is_measured(line)
        else f"set the line “{line.title}”, for which we have no figures"
    )


# --- promises and numbers -------------------------------------------------------------------------

COUNTED: tuple[tuple[str, Callable[[Commitment], bool]], ...] = (
    ("Points of a “we commit to” list", lambda each: each.kind == "we commit to"),
    ("Other firm promises", lambda each: each.kind == "other promise"),
    ("Promises with a last day", lambda each: each.due is not None),
    ("Promises with a sum of money", lambda each: each.money is not None),
    ("Promises that say again what another says", lambda each: bool(each.restates)),
)


def _commitments(
    sides: _Sides, earlier: Sequence[Commitment], later: Sequence[Commitment]
) -> Iterable[Change]:
    for title, counts in COUNTED:
        before, after = (sum(map(counts, promises)) for promises in (earlier, later))
        kind: Kind = "kept" if before == after else "changed"
        if not before or not after:
            kind = "new" if after else "gone" if before else "kept"
        yield sides.change(title, title, kind, f"had {before:,}", f"had {after:,}")


def _numbers(sides: _Sides, earlier: Edition, later: Edition) -> Iterable[Change]:
    """Only where both give one; each says what its number counts, for that may differ."""
    lines = matched(
        [line for line in earlier.input_lines if line.target],
        [line for line in later.input_lines if line.target],
        lambda each: each.title,
    )
    for before, after in lines:
        if before and after and before.target and after.target:
            one, other = (f"said {each.target.words}" for each in (before, after) if each.target)
            kind: Kind = "kept" if _aim(before.target) == _aim(after.target) else "changed"
            yield sides.change(after.id, after.title, kind, one, other)
    figures = matched(
        list(earlier.quoted.values()),
        list(later.quoted.values()),
        lambda each: each.what,
        alike=lambda one, other: one.unit == other.unit,
    )
    for old, new in figures:
        if old and new:
            kind = "kept" if old.value == new.value else "changed"
            one, other = (f"said {each.printed} ({each.what})" for each in (old, new))
            yield sides.change(new.id, new.what, kind, one, other)
